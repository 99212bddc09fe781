//! Files of uWSGI's own format: what the server tells the app, and whom it goes on as.

use crate::project::Project;
use crate::syntax::{FileId, Span};
use std::sync::Arc;

/// The section that uWSGI reads.
const SECTION: &str = "[uwsgi]";

/// The files below a folder that uWSGI could be started with.
pub(crate) fn files(project: &Project, root: &str) -> Vec<FileId> {
    let is_meant = |file: &FileId| project.file(*file).name().ends_with(".ini") && project.mentions(*file, &[SECTION]);
    project.within(root).filter(is_meant).collect()
}

/// What a file says under a key, each time that it says it.
fn said<'t>(text: &'t str, key: &'t str) -> impl Iterator<Item = &'t str> {
    let mut inside = false;
    text.lines().filter_map(move |line| {
        let line = line.trim();
        if line.starts_with('[') {
            inside = line == SECTION;
        }
        let (own, value) = line.split_once('=').filter(|_| inside && !line.starts_with(['#', ';']))?;
        (own.trim() == key).then(|| value.trim())
    })
}

/// Each key of a file with what it says and where, as far as nothing has to be put into it.
pub(super) fn pairs(project: &Project, file: FileId) -> Vec<(&str, &str, Span)> {
    let Ok(text) = project.text(file) else { return Vec::new() };
    let mut inside = false;
    let mut start = 0;
    let mut all = Vec::new();
    for whole in text.split_inclusive('\n') {
        let line = whole.trim();
        let fit = |n: usize| u32::try_from(n).unwrap_or(0);
        let span = Span::new(fit(start), fit(start + whole.trim_end().len()));
        start += whole.len();
        if line.starts_with('[') {
            inside = line == SECTION;
        }
        let pair = line.split_once('=').filter(|_| inside && !line.starts_with(['#', ';']));
        let plain = pair.filter(|(_, value)| !value.contains("%(") && !value.contains("$("));
        all.extend(plain.map(|(key, value)| (key.trim(), value.trim(), span)));
    }
    all
}

/// A variable that the server sets for the app: `env = NAME=value`. The last one counts.
pub(crate) fn variable(project: &Project, file: FileId, name: &str) -> Option<Arc<str>> {
    let text = project.text(file).ok()?;
    let found = said(text, "env").filter_map(|pair| pair.split_once('=')).filter(|(own, _)| own.trim() == name).last();
    found.map(|(_, value)| value.trim().into())
}

/// Whether the server goes on as somebody else than root.
pub(crate) fn drops_root(project: &Project, file: FileId) -> bool {
    project.text(file).is_ok_and(|text| said(text, "uid").last().is_some_and(|user| !matches!(user, "root" | "0" | "")))
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn only_the_servers_own_section_counts() {
        let text = "[other]\nuid = app\n[uwsgi]\n# uid = www\nenv = A=1\nenv = B = 2\nuid=root\n";
        assert_eq!(said(text, "uid").collect::<Vec<_>>(), ["root"]);
        assert_eq!(said(text, "env").collect::<Vec<_>>(), ["A=1", "B = 2"]);
    }
}
