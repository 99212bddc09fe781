//! `yarn.lock`, classic and berry: blocks headed by the ranges that a version answers.

use super::{Entry, Question, agreed};

/// The version that answers the package's range; without a range, the one that is there.
pub(super) fn ask(text: &str, question: &Question<'_>) -> Option<Entry> {
    let mut all = Vec::new();
    let mut lines = text.lines();
    while let Some(head) = lines.next() {
        if head.starts_with([' ', '#']) || !head.contains(question.name) {
            continue;
        }
        let ranges = ranges_of(head, question.name);
        if ranges.is_empty() {
            continue;
        }
        let version = lines.by_ref().take_while(|line| line.starts_with(' ')).find_map(version_line);
        let folder = ranges.iter().find_map(|range| range.strip_prefix("workspace:"));
        let entry = match (folder, version) {
            (Some(folder), _) => Entry::Folder(folder.to_owned()),
            (None, Some(version)) => Entry::Version(version.to_owned()),
            (None, None) => continue,
        };
        if ranges.contains(&question.range) {
            return Some(entry);
        }
        all.push(entry);
    }
    agreed(all)
}

/// The ranges of `name` in a head such as `"a@^1, b@npm:^2":`, without `npm:`.
fn ranges_of<'h>(head: &'h str, name: &str) -> Vec<&'h str> {
    let specs = head.trim_end_matches(':').split(',').map(|spec| spec.trim().trim_matches('"'));
    let ranges = specs.filter_map(|spec| spec.strip_prefix(name)?.strip_prefix('@'));
    ranges.map(|range| range.strip_prefix("npm:").unwrap_or(range)).collect()
}

fn version_line(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("  version")?;
    Some(rest.trim_start_matches(':').trim().trim_matches('"'))
}
