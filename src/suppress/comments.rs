//! Finds the directives in the comments of a project's files, each in the syntax of its language.

use super::directive::{Directive, Scope, WORD, directives};
use super::{INVALID, NO_REASON, Reach, Waiver};
use crate::config::nearest;
use crate::findings::Means;
use crate::project::{FileKind, FilesOf, LineIndex, Manifest, Problem, Project};
use crate::rules::Catalogue;
use crate::syntax::code::{self, SourceKind};
use crate::syntax::data::{self, Dialect, Format};
use crate::syntax::{FileId, Span};
use std::sync::Arc;

/// The waivers in the comments of the files that were looked at, and what is wrong with those that cannot count. Code
/// is looked at when it was `parsed`: a finding can stand in no other.
pub fn in_comments(project: &Project, catalogue: &Catalogue, parsed: &[FileId]) -> (Vec<Waiver>, Vec<Problem>) {
    let can_hold = |id: &FileId| {
        let kind = &project.file(*id).kind;
        has_comments(kind) && (!(kind.is_script() || kind.is_python()) || parsed.binary_search(id).is_ok())
    };
    let files: Vec<FileId> = project.ids().filter(can_hold).collect();
    let mut found = Found { catalogue, waivers: Vec::new(), problems: Vec::new() };
    for file in project.mentioning(&files, &[WORD]) {
        let Ok(text) = project.text(file) else { continue };
        let comments = comments(project, file, text);
        let lines = Lines { text, comments: &comments, index: LineIndex::new(text.clone()) };
        for comment in &comments {
            let span = comment.start as usize..comment.end as usize;
            for directive in directives(text.get(span.clone()).unwrap_or_default(), span.start) {
                let meant = lines.meant(&directive, *comment);
                found.take(directive, file, &project.file(file).path, meant);
            }
        }
    }
    (found.waivers, found.problems)
}

/// What was found so far.
struct Found<'c> {
    catalogue: &'c Catalogue,
    waivers: Vec<Waiver>,
    problems: Vec<Problem>,
}

impl Found<'_> {
    fn take(&mut self, directive: Directive, file: FileId, path: &Arc<str>, (first, last): (u32, u32)) {
        let span = directive.span;
        let mut refuse = |id, message: String| self.problems.push(Problem::new(id, message).in_file(file).at(span));
        if directive.rules.is_empty() {
            return refuse(INVALID, format!("name the rule: `{WORD} cors/wildcard -- reason`"));
        }
        let Some(reason) = directive.reason else {
            return refuse(NO_REASON, format!("an ignore needs a reason: `{WORD} {} -- reason`", directive.rules[0]));
        };
        let until = match directive.until {
            Ok(until) => until,
            Err(text) => return refuse(INVALID, format!("`{text}` is not a date; write it as 2027-01-31")),
        };
        for id in &directive.rules {
            let Some(rule) = self.catalogue.rule(id) else {
                let meant = nearest(id, self.catalogue.ids()).map(|id| format!(", did you mean `{id}`?"));
                refuse(INVALID, format!("there is no rule `{id}`{}", meant.unwrap_or_default()));
                continue;
            };
            let reach = match directive.scope {
                Scope::File => Reach::File(path.clone()),
                Scope::Here | Scope::NextLine => Reach::Lines(path.clone(), first, last),
            };
            let (rule, reason) = (rule.id.clone(), reason.clone());
            self.waivers.push(Waiver { rule, reach, reason, until, place: (file, span), means: Means::Comment });
        }
    }
}

/// The lines of a file with comments.
struct Lines<'f> {
    text: &'f str,
    comments: &'f [Span],
    index: LineIndex,
}

impl Lines<'_> {
    /// The lines that a directive is about. What points at the beginning of a file points at a comment that stands there.
    fn meant(&self, directive: &Directive, comment: Span) -> (u32, u32) {
        let own = self.index.position(directive.span.start).line;
        let last = self.index.position(comment.end.saturating_sub(1)).line;
        let shares_its_line = self.has_code(self.index.position(comment.start).line) || self.has_code(last);
        if directive.scope == Scope::Here && shares_its_line {
            return (own, own);
        }
        let next = (last + 1..=self.index.lines()).find(|line| self.has_code(*line)).unwrap_or(last + 1);
        (if shares_its_line { next } else { own }, next)
    }

    /// Whether something else than a comment stands on a line.
    fn has_code(&self, line: u32) -> bool {
        let Some(range) = self.index.range_of(line) else { return false };
        let outside = |at: usize| {
            !self.comments.iter().any(|comment| (comment.start as usize..comment.end as usize).contains(&at))
        };
        let start = range.start;
        self.text[range].char_indices().any(|(at, c)| !c.is_whitespace() && outside(start + at))
    }
}

fn has_comments(kind: &FileKind) -> bool {
    !matches!(kind, FileKind::Other | FileKind::Lockfile(_) | FileKind::Manifest(Manifest::PackageJson))
}

/// The comments of a file; none where it cannot be parsed, which is a problem of its own.
fn comments(project: &Project, file: FileId, text: &str) -> Vec<Span> {
    let file = project.file(file);
    if let Some(kind) = SourceKind::from_path(&file.path) {
        return code::parse_file(&file.path, text, kind).map(|module| module.comments).unwrap_or_default();
    }
    match &file.kind {
        FileKind::Platform(FilesOf { comments: Some(comments), .. }) => comments(text),
        FileKind::IgnoreFile | FileKind::Manifest(Manifest::Requirements | Manifest::SetupCfg) => {
            data::comment_lines(text)
        }
        kind => match format(kind, file.name()) {
            Some(format) => data::parse(text, format).map(|document| document.comments).unwrap_or_default(),
            None => Vec::new(),
        },
    }
}

fn format(kind: &FileKind, name: &str) -> Option<Format> {
    if matches!(kind, FileKind::EnvFile { .. }) {
        return Some(Format::Dotenv(Dialect::Node));
    }
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("toml") => Some(Format::Toml),
        Some("tf" | "tofu") => Some(Format::Hcl),
        Some("yaml" | "yml") => Some(Format::Yaml),
        Some("json" | "jsonc") => Some(Format::JsonComments),
        _ if name == "Pipfile" => Some(Format::Toml),
        _ => None,
    }
}
