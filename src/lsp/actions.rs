//! What can be done about a finding: its fix, and an ignore to which the user adds the reason. Both are offered only after
//! a scan of the edited project agrees.

use super::folder::{Known, Place};
use super::lines::Lines;
use super::uri::uri_of;
use crate::findings::Finding;
use crate::scan::{Allowed, View};
use crate::suppress::WORD;
use gen_lsp_types::{
    CodeAction, CodeActionKind, CreateFile, DocumentChange, Edit, OptionalVersionedTextDocumentIdentifier, Range,
    TextDocumentEdit, TextDocumentIdentifier, TextEdit, Uri, WorkspaceEdit,
};
use similar::{DiffOp, TextDiff};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

/// The most findings of one place whose edits are tried: each costs scans.
const MOST_FINDINGS: usize = 8;
/// With this reason it is tried whether an ignore would hold; it is not what is written.
const SOME_REASON: &str = "to see whether it holds";

/// What the client can do with edits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Abilities {
    /// It knows edits of a version of a file.
    pub(super) versions: bool,
    /// It makes files.
    pub(super) creates: bool,
}

/// An edit that holds.
#[derive(Clone, Debug)]
pub(super) struct Tried {
    title: String,
    is_fix: bool,
    /// Whether nothing that users rely on changes.
    is_safe: bool,
    files: Vec<Changed>,
}

/// One file of it.
#[derive(Clone, Debug)]
struct Changed {
    path: String,
    is_new: bool,
    edits: Vec<TextEdit>,
}

/// What can be done about the findings that meet a range of a file.
pub(super) fn at(known: &Known, path: &str, range: Range) -> Vec<(String, Arc<Vec<Tried>>)> {
    let Some(text) = known.view.text(path) else { return Vec::new() };
    let lines = Lines::new(&text);
    let report = known.view.report();
    let meets = |finding: &&Finding| {
        finding.location.as_ref().is_some_and(|at| {
            let own = lines.range(at.offset, at.end_offset);
            *at.file == *path && own.start <= range.end && range.start <= own.end
        })
    };
    let all = report.findings.iter().chain(&report.unverified).filter(meets).take(MOST_FINDINGS);
    all.map(|finding| (finding.fingerprint.clone(), tried(known, finding, &text))).collect()
}

/// The edits of a finding, tried once a scan.
fn tried(known: &Known, finding: &Finding, text: &str) -> Arc<Vec<Tried>> {
    let all = || known.tried.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(tried) = all().get(&finding.fingerprint) {
        return tried.clone();
    }
    // Nothing is held while scans run.
    let edits = fix(&known.view, finding).into_iter().chain(ignore(&known.view, finding, text));
    let edits = Arc::new(edits.collect::<Vec<_>>());
    all().insert(finding.fingerprint.clone(), edits.clone());
    edits
}

fn fix(view: &View, finding: &Finding) -> Option<Tried> {
    let repair = finding.repair.as_ref()?;
    let fixed = view.fix(Allowed::Unsafe, Some(&finding.fingerprint)).ok()?;
    let files: Vec<Changed> = fixed
        .patches()
        .iter()
        .map(|patch| {
            let before = patch.before.as_deref().unwrap_or_default();
            Changed { path: patch.path.to_string(), is_new: patch.before.is_none(), edits: edits(before, &patch.after) }
        })
        .collect();
    // What is moved stood in the file before, and may be a secret: it is for `--fix` to move.
    let shows = files.iter().flat_map(|file| &file.edits).any(|edit| view.hides(&edit.new_text));
    if fixed.rules.is_empty() || files.is_empty() || shows {
        return None;
    }
    let warning = if repair.safe { "" } else { " (users may notice)" };
    Some(Tried { title: format!("Fix {}{warning}", finding.rule), is_fix: true, is_safe: repair.safe, files })
}

/// The comment that ignores a finding, without the reason, which is the user's to write: until then the finding stays.
fn ignore(view: &View, finding: &Finding, text: &str) -> Option<Tried> {
    let at = finding.location.as_ref().filter(|at| at.end_offset > 0)?;
    let start = text.get(..at.offset as usize)?.rfind('\n').map_or(0, |end| end + 1);
    let line = text[start..].split('\n').next().unwrap_or_default();
    let indent = &line[..line.len() - line.trim_start().len()];
    let ending = if line.ends_with('\r') { "\r\n" } else { "\n" };
    let mark = view.comment_before(&at.file)?;
    let written = |reason: &str| format!("{indent}{mark} {WORD}-next-line {} -- {reason}{ending}", finding.rule);
    let with_reason = format!("{}{}{}", &text[..start], written(SOME_REASON), &text[start..]);
    if !view.would_go(&finding.fingerprint, &at.file, &with_reason).unwrap_or(false) {
        return None;
    }
    let lines = Lines::new(text);
    let place = lines.position(super::lines::small(start));
    let edit = TextEdit { range: Range { start: place, end: place }, new_text: written("") };
    let file = Changed { path: at.file.to_string(), is_new: false, edits: vec![edit] };
    let title = format!("Ignore {} here: write the reason behind `--`", finding.rule);
    Some(Tried { title, is_fix: false, is_safe: false, files: vec![file] })
}

/// The edits between two texts: one for each run of lines that differ, without what is the same at its ends.
fn edits(before: &str, after: &str) -> Vec<TextEdit> {
    let lines = Lines::new(before);
    let diff = TextDiff::from_lines(before, after);
    let starts = |parts: &[&str]| {
        let mut at = 0;
        let mut starts = vec![0];
        starts.extend(parts.iter().map(|part| {
            at += part.len();
            at
        }));
        starts
    };
    let (old, new) = (starts(diff.old_slices()), starts(diff.new_slices()));
    let one = |op: &DiffOp| {
        let (from, to) = (op.old_range(), op.new_range());
        let (start, end) = (old[from.start], old[from.end]);
        let (was, is) = (&before[start..end], &after[new[to.start]..new[to.end]]);
        let head = common(was.chars(), is.chars());
        let tail = common(was[head..].chars().rev(), is[head..].chars().rev());
        let byte = super::lines::small;
        TextEdit {
            range: lines.range(byte(start + head), byte(end - tail)),
            new_text: is[head..is.len() - tail].to_owned(),
        }
    };
    diff.ops().iter().filter(|op| !matches!(op, DiffOp::Equal { .. })).map(one).collect()
}

/// The bytes that two texts have in common from one end.
fn common(a: impl Iterator<Item = char>, b: impl Iterator<Item = char>) -> usize {
    a.zip(b).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}

impl Tried {
    /// As an action on a diagnostic; none where the client cannot make its edit.
    pub(super) fn action(
        &self,
        place: &Place,
        abilities: Abilities,
        version_of: &dyn Fn(&PathBuf) -> Option<(Uri, i32)>,
    ) -> Option<CodeAction> {
        if self.files.iter().any(|file| file.is_new) && !(abilities.creates && abilities.versions) {
            return None;
        }
        let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
        let mut versioned = Vec::new();
        for file in &self.files {
            let path = place.outer(&file.path);
            let (uri, version) =
                version_of(&path).map_or_else(|| (uri_of(&path), None), |(uri, version)| (uri, Some(version)));
            if file.is_new {
                versioned.push(DocumentChange::CreateFile(CreateFile::new(uri.clone(), None, None)));
            }
            versioned.push(DocumentChange::TextDocumentEdit(TextDocumentEdit {
                text_document: OptionalVersionedTextDocumentIdentifier {
                    version,
                    text_document_identifier: TextDocumentIdentifier { uri: uri.clone() },
                },
                edits: file.edits.iter().cloned().map(Edit::TextEdit).collect(),
            }));
            changes.entry(uri).or_default().extend(file.edits.iter().cloned());
        }
        let edit = match abilities.versions {
            true => WorkspaceEdit { document_changes: Some(versioned), ..WorkspaceEdit::default() },
            false => WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() },
        };
        Some(CodeAction {
            title: self.title.clone(),
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: None,
            is_preferred: (self.is_fix && self.is_safe).then_some(true),
            disabled: None,
            edit: Some(edit),
            command: None,
            data: None,
            tags: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(before: &str, edits: &[TextEdit]) -> String {
        let lines = Lines::new(before);
        let mut text = before.to_owned();
        for edit in edits.iter().rev() {
            text.replace_range(lines.offset(edit.range.start)..lines.offset(edit.range.end), &edit.new_text);
        }
        text
    }

    #[test]
    fn edits_make_one_text_the_other_and_touch_no_more() {
        let before = "a\nguard: { enabled: false },\nsecret: \"x\",\nsecure: false\n";
        let after = "a\nguard: { enabled: true },\nsecret: \"x\",\nsecure: true,\nnew\n";
        let made = edits(before, after);
        assert_eq!(applied(before, &made), after);
        assert_eq!(made.len(), 2);
        assert!(made.iter().all(|edit| !edit.new_text.contains("secret")), "{made:?}");
        assert_eq!(applied("", &edits("", "x\n")), "x\n");
        assert_eq!(edits("same", "same"), []);
    }
}
