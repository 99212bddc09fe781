//! Reads `requirements.txt` and the requirement lines that all Python manifests share.

use super::{ManifestText, Package, Section};
use crate::syntax::Span;

/// Adds the requirements of a `requirements*.txt`, one a line.
///
/// Every such file of the project is read for its own folder, so `-r other.txt` need not be followed: what it names
/// lies in the same package as a rule.
pub(super) fn read(package: &mut Package, manifest: &ManifestText<'_>) {
    let name = manifest.path.rsplit('/').next().unwrap_or(manifest.path);
    let development = ["dev", "test", "lint", "doc", "ci", "local"].iter().any(|word| name.contains(word));
    let section = if development { Section::Dev } else { Section::Normal };
    let mut offset = 0;
    for line in manifest.text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let kept = without_comment(line);
        let trimmed = kept.trim().trim_end_matches('\\').trim_end();
        let bare = trimmed.split(" --").next().unwrap_or(trimmed);
        let Some((name, range)) = requirement(bare) else { continue };
        let at = start + (kept.len() - kept.trim_start().len());
        package.add(name, manifest.dependency(range, section, span(at, at + bare.len())));
    }
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with('#') {
        return "";
    }
    line.split(" #").next().unwrap_or(line)
}

fn span(start: usize, end: usize) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(start), offset(end))
}

/// The normalised name and the range of one requirement: `Foo_Bar[extra]>=1,<2; python_version > "3"`.
pub(super) fn requirement(text: &str) -> Option<(String, &str)> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-' | '_')).unwrap_or(text.len());
    let (name, mut rest) = text.split_at(end);
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    rest = rest.trim_start();
    if let Some(extras) = rest.strip_prefix('[') {
        rest = extras.split_once(']')?.1.trim_start();
    }
    // A path, an address or an option is no requirement by name.
    if !(rest.is_empty() || rest.starts_with(['=', '<', '>', '!', '~', ';', '(', '@'])) {
        return None;
    }
    let range = rest.split(';').next().unwrap_or(rest).trim().trim_matches(['(', ')']).trim();
    Some((normalised(name), if range.is_empty() { "*" } else { range }))
}

/// A name as PyPI compares it (PEP 503).
pub(in crate::project) fn normalised(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.trim().chars() {
        match c {
            '-' | '_' | '.' if out.ends_with('-') => {}
            '-' | '_' | '.' => out.push('-'),
            c => out.push(c.to_ascii_lowercase()),
        }
    }
    out
}
