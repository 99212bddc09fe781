//! `pnpm-lock.yaml`, formats 5 to 9: for each importer, what its dependencies became.

use super::{Entry, Question};
use crate::project::file::{inside, normalized};

/// What the importer of the question's folder got.
pub(super) fn ask(text: &str, question: &Question<'_>) -> Option<Entry> {
    let importer = if question.dir.is_empty() { "." } else { question.dir };
    let mut found = None;
    each_scalar(text, |path, value| {
        let inner = match path {
            ["importers", here, inner @ ..] if *here == importer => inner,
            // A project that is no workspace has no importers.
            inner if importer == "." => inner,
            _ => return true,
        };
        let is_ours = match inner {
            [section, name] | [section, name, "version"] => is_section(section) && *name == question.name,
            _ => false,
        };
        if is_ours {
            found = entry(value, question.dir);
        }
        // The packages themselves come last; nothing about importers follows.
        found.is_none() && !matches!(path, ["packages" | "snapshots", ..])
    });
    found
}

/// The range that a catalog of `pnpm-workspace.yaml` gives for a name; the catalog `""` is the default one.
pub(super) fn catalogued(text: &str, catalog: &str, name: &str) -> Option<String> {
    let mut found = None;
    each_scalar(text, |path, value| {
        let matches = match path {
            ["catalog", key] => matches!(catalog, "" | "default") && *key == name,
            ["catalogs", this, key] => *this == if catalog.is_empty() { "default" } else { catalog } && *key == name,
            _ => false,
        };
        if matches {
            found = Some(value.to_owned());
        }
        !matches
    });
    found
}

/// The patterns of `packages:` in `pnpm-workspace.yaml`.
pub(in crate::project) fn workspace_patterns(text: &str) -> Vec<String> {
    let (mut inside_list, mut patterns) = (false, Vec::new());
    for line in text.lines() {
        let trimmed = line.trim();
        match trimmed.strip_prefix('-') {
            Some(item) if inside_list => patterns.push(unquoted(without_comment(item)).to_owned()),
            _ if trimmed.is_empty() || trimmed.starts_with('#') => {}
            _ if line.starts_with([' ', '-']) => {}
            _ => inside_list = trimmed.starts_with("packages:"),
        }
    }
    patterns
}

fn is_section(name: &str) -> bool {
    matches!(name, "dependencies" | "devDependencies" | "optionalDependencies")
}

fn entry(value: &str, dir: &str) -> Option<Entry> {
    if let Some(folder) = value.strip_prefix("link:") {
        return normalized(&inside(dir, folder)).map(Entry::Folder);
    }
    if let Some(folder) = value.strip_prefix("file:") {
        return Some(Entry::Folder(folder.split('(').next().unwrap_or(folder).to_owned()));
    }
    // `1.2.3(react@18.0.0)` and, before format 6, `1.2.3_react@18.0.0` name the peers that were chosen.
    let version = value.split(['(', '_']).next().unwrap_or(value);
    let version = version.rsplit_once('@').map_or(version, |(_alias, version)| version);
    version.starts_with(|c: char| c.is_ascii_digit()).then(|| Entry::Version(version.to_owned()))
}

/// Calls `visit` with the path of keys to each scalar of block-style YAML, until it says stop.
fn each_scalar(text: &str, mut visit: impl FnMut(&[&str], &str) -> bool) {
    let mut indents: Vec<usize> = Vec::new();
    let mut path: Vec<&str> = Vec::new();
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', '-']) {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        while indents.last().is_some_and(|above| *above >= indent) {
            indents.pop();
            path.pop();
        }
        let Some((key, value)) = key_and_value(trimmed) else { continue };
        indents.push(indent);
        path.push(key);
        let value = unquoted(without_comment(value));
        // A key alone opens a block; it is visited too, so that the end of a search is seen.
        if !visit(&path, value) {
            return;
        }
    }
}

fn key_and_value(line: &str) -> Option<(&str, &str)> {
    for quote in ['\'', '"'] {
        if let Some(rest) = line.strip_prefix(quote) {
            let (key, rest) = rest.split_once(quote)?;
            return Some((key, rest.trim_start().strip_prefix(':')?.trim()));
        }
    }
    match line.split_once(": ") {
        Some((key, value)) => Some((key, value.trim())),
        None => Some((line.strip_suffix(':')?, "")),
    }
}

fn without_comment(value: &str) -> &str {
    value.split(" #").next().unwrap_or(value).trim()
}

fn unquoted(value: &str) -> &str {
    let strip = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    strip('\'').or_else(|| strip('"')).unwrap_or(value)
}
