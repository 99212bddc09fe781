//! Findings as diagnostics: each file's, with the way of the value as related information.

use super::folder::Place;
use super::lines::Lines;
use super::settings::Settings;
use super::uri::uri_of;
use crate::config::ConfigError;
use crate::findings::{Finding, Location, Severity};
use crate::mask::printable;
use crate::report::{ProblemNote, Report, RuleNote};
use crate::scan::View;
use gen_lsp_types::{
    Code, CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location as Placed, Range,
};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The diagnostics of each file, by its path relative to the root.
pub(super) type ByFile = BTreeMap<String, Vec<Diagnostic>>;

/// The most places that are told beside a finding's own.
const MOST_RELATED: usize = 8;

/// All that is to be shown of a project.
pub(super) fn of_view(view: &View, settings: &Settings, place: &Place) -> ByFile {
    let report = view.report();
    let shown = Shown { view, report, place, texts: RefCell::default() };
    let mut all = ByFile::new();
    let unverified = report.unverified.iter().filter(|_| settings.unverified);
    for finding in report.findings.iter().chain(unverified) {
        let file = shown.file_of(finding);
        all.entry(file).or_default().push(shown.finding(finding));
    }
    for problem in &report.problems {
        let file = problem.location.as_ref().map_or_else(String::new, |at| at.file.to_string());
        all.entry(file).or_default().push(shown.problem(problem));
    }
    all
}

/// What is wrong in a file that the user wrote for prodcheck.
pub(super) fn mistakes(error: &ConfigError) -> Vec<Diagnostic> {
    let lines = Lines::new(&error.text);
    let of = |mistake: &crate::config::Mistake| {
        let help = mistake.help.as_ref().map_or(String::new(), |help| format!("; {help}"));
        Diagnostic {
            severity: Some(DiagnosticSeverity::Error),
            code: Some(Code::String("config/invalid".into())),
            ..plain(lines.range(mistake.span.start, mistake.span.end), format!("{}{help}", mistake.message))
        }
    };
    error.mistakes.iter().map(of).collect()
}

fn plain(range: Range, message: String) -> Diagnostic {
    Diagnostic {
        range,
        severity: None,
        code: None,
        code_description: None,
        source: Some("prodcheck".into()),
        message: message.into(),
        tags: None,
        related_information: None,
        data: None,
    }
}

/// Makes the diagnostics of one scan.
struct Shown<'v> {
    view: &'v View,
    report: &'v Report,
    place: &'v Place,
    /// The files that were shown so far.
    texts: RefCell<BTreeMap<Arc<str>, Option<Arc<str>>>>,
}

impl Shown<'_> {
    fn finding(&self, finding: &Finding) -> Diagnostic {
        let when =
            if finding.when.is_empty() { String::new() } else { format!(" (when {})", finding.when.join(" and ")) };
        let fix = if finding.fix.is_empty() { String::new() } else { format!(".\n{}", printable(&finding.fix)) };
        let severity = match finding.severity {
            Severity::Blocking => DiagnosticSeverity::Error,
            Severity::Warning => DiagnosticSeverity::Warning,
            Severity::Unverified | Severity::Checklist => DiagnosticSeverity::Information,
        };
        let page = self.report.rules.get(&finding.rule).and_then(RuleNote::link);
        let related = self.related(finding);
        Diagnostic {
            severity: Some(severity),
            code: Some(Code::String(finding.rule.to_string())),
            code_description: page.map(|page| CodeDescription { href: page.into() }),
            related_information: (!related.is_empty()).then_some(related),
            data: Some(finding.fingerprint.as_str().into()),
            ..plain(
                self.range(finding.location.as_ref()),
                format!("{}{fix}", printable(&(finding.message.clone() + &when))),
            )
        }
    }

    fn problem(&self, problem: &ProblemNote) -> Diagnostic {
        let severity = if problem.blocking { DiagnosticSeverity::Error } else { DiagnosticSeverity::Warning };
        Diagnostic {
            severity: Some(severity),
            code: Some(Code::String(problem.id.into())),
            ..plain(self.range(problem.location.as_ref()), printable(&problem.message).into_owned())
        }
    }

    /// The file that a finding is shown in: where no file is at fault, the one that stands for its app, else the folder.
    fn file_of(&self, finding: &Finding) -> String {
        if let Some(at) = &finding.location {
            return at.file.to_string();
        }
        let app = self.report.apps.iter().find(|app| app.id == finding.subject().app);
        app.and_then(|app| app.entry.as_deref()).unwrap_or_default().to_owned()
    }

    /// How the value came about, newest first, and what else took part.
    fn related(&self, finding: &Finding) -> Vec<DiagnosticRelatedInformation> {
        let steps = finding.trail.iter().filter_map(|step| Some((step.location.as_ref()?, &step.note)));
        let also = finding.also.iter().filter_map(|also| Some((also.location.as_ref()?, &also.note)));
        let mut seen = BTreeSet::new();
        let told = steps.chain(also).filter(|(at, note)| {
            !note.is_empty() && Some(*at) != finding.location.as_ref() && seen.insert((*at, note.as_str()))
        });
        let one = |(at, note): (&Location, &String)| DiagnosticRelatedInformation {
            location: Placed { uri: uri_of(&self.place.outer(&at.file)), range: self.range(Some(at)) },
            message: printable(note).into_owned(),
        };
        told.take(MOST_RELATED).map(one).collect()
    }

    /// The range of a place; the beginning of the file where it names no text.
    fn range(&self, at: Option<&Location>) -> Range {
        let Some(at) = at else { return Range::default() };
        let text = self.texts.borrow_mut().entry(at.file.clone()).or_insert_with(|| self.view.text(&at.file)).clone();
        text.map_or_else(Range::default, |text| Lines::new(&text).range(at.offset, at.end_offset))
    }
}
