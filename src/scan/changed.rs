//! Holds a scan against a revision: only what the revision does not have is reported.

use super::open::with_config;
use super::{Looked, ScanError, ScanOptions, baseline, gate, look, narrow, waive, weighed};
use crate::config::FILE_NAME;
use crate::findings::{Finding, Judged, Means, Subject, Subjects, Suppressed, collect};
use crate::project::{Problem, Project, Revision, RevisionError, lies_in, problem_id};
use crate::report::{SinceNote, is_upkeep};
use crate::rules::judge;
use crate::syntax::FileId;
use crate::text::Text;
use hashbrown::HashMap;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The revision to hold a scan against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Since {
    /// Where HEAD left the default branch, else HEAD.
    Base,
    /// This one.
    Revision(String),
}

/// Takes out of the findings what the revision has, too.
pub(super) fn hold_against(looked: &mut Looked, options: &ScanOptions) -> Result<(), ScanError> {
    let Some(since) = &options.since else { return Ok(()) };
    let name = match since {
        Since::Base => None,
        Since::Revision(name) => Some(&**name),
    };
    let revision = looked.opened.project.revision(name)?;
    let note = SinceNote { name: revision.name.clone(), commit: revision.short() };
    if let Some((past, as_it_was)) = past(looked, &revision, options)? {
        if as_it_was && !looked.opened.is_tried && is_the_same(&looked.opened.project, &past.opened.project) {
            return Err(ScanError::Revision(RevisionError::nothing_changed(&note.name, &note.commit)));
        }
        looked.waived.problems.extend(damaged(&past.opened.project, &note));
        take_out(looked, &past, &format!("{} ({}) has it, too", note.name, note.commit));
        weakened(looked, &past, options);
    }
    looked.since = Some(note);
    Ok(())
}

/// The findings of the revision, and whether it was taken with its own `prodcheck.toml`; none where it does not have what
/// is asked for.
fn past(looked: &Looked, revision: &Revision, options: &ScanOptions) -> Result<Option<(Looked, bool)>, ScanError> {
    let now = &looked.opened;
    let mut opened = with_config(now.project.at(revision, |_| false)?, options);
    let as_it_was = !matches!(opened, Err(ScanError::Config(_)));
    if !as_it_was {
        // A mistake of the past is mended by now: what the project says of itself today holds for both.
        let folders = [now.config.rules_folder.as_deref(), now.config.facts_folder.as_deref()];
        let own = |path: &str| path == FILE_NAME || folders.iter().flatten().any(|folder| lies_in(path, folder));
        opened = with_config(now.project.at(revision, own)?, options);
    }
    let mut past = match opened.and_then(|opened| look(opened, options)) {
        Err(ScanError::Target { .. }) => return Ok(None),
        past => past?,
    };
    match baseline::hold_against(&mut past, options) {
        Err(ScanError::Config(_)) => {}
        held => held?,
    }
    Ok(Some((past, as_it_was)))
}

/// The files of the revision that git itself cannot give: what they say is not known, and so not what is new.
fn damaged(past: &Project, note: &SinceNote) -> Vec<Problem> {
    let unread = past.problems().into_iter().filter(|problem| problem.id == problem_id::NOT_IN_GIT);
    unread
        .map(|problem| Problem::new(problem.id, format!("{} ({}): {}", note.name, note.commit, problem.message)))
        .collect()
}

/// Whether two looks at a project see the same files with the same texts.
fn is_the_same(now: &Project, past: &Project) -> bool {
    let text = |project: &Project, file: FileId| project.text(file).ok().cloned();
    now.files().len() == past.files().len()
        && now.ids().all(|file| {
            let before = past.find(&now.file(file).path);
            before.is_some_and(|before| text(now, file) == text(past, before))
        })
}

/// Adds what the project demands less of the scan than at the revision. What that weighs the revision says, and nothing in
/// the project waives it.
fn weakened(looked: &mut Looked, past: &Looked, options: &ScanOptions) {
    if !narrow::asks_for(&options.only, WEAKENED) {
        return;
    }
    let own = gate::weakenings(&looked.opened, options, &looked.waived.suppressed);
    let before = gate::weakenings(&past.opened, options, &past.waived.suppressed);
    let weaker = gate::since((&looked.opened, &own), (&past.opened, &before));
    if weaker.is_empty() {
        return;
    }
    let opened = &looked.opened;
    let model = gate::model(&weaker);
    let judgements = judge(&model, &opened.catalogue, &opened.config.limits(opened.environment));
    let judgements = weighed(judgements, &past.opened.config, options);
    let told = collect(&[Judged { model: &model, target: None, judgements }], &opened.project, &looked.masker);
    waive::put_back(&mut looked.found, told);
}

/// The rule that speaks of it.
const WEAKENED: &str = "config/gate-weakened";

fn take_out(looked: &mut Looked, past: &Looked, reason: &str) {
    let known = Known::of(past);
    let mut found = std::mem::take(&mut looked.found);
    let mut suppressed = Vec::new();
    let subjects = Subjects::of(looked.models());
    for list in [&mut found.findings, &mut found.unverified, &mut found.checklist] {
        for finding in std::mem::take(list) {
            if known.covers(&finding, &subjects.secrets_of(&finding)) {
                suppressed.push(Suppressed { finding, reason: reason.to_owned(), means: Means::Revision });
            } else {
                list.push(finding);
            }
        }
    }
    crate::suppress::stand_alone(&mut found, &suppressed);
    looked.found = found;
    looked.waived.suppressed.extend(suppressed);
    let then: BTreeSet<_> = past.waived.problems.iter().map(|problem| told(problem, &past.opened.project)).collect();
    let project = &looked.opened.project;
    // What could not be read limits this scan, whoever left it so.
    looked.waived.problems.retain(|problem| !is_upkeep(problem.id) || !then.contains(&told(problem, project)));
}

/// A problem without its line.
fn told(problem: &Problem, project: &Project) -> (&'static str, String, Option<Arc<str>>) {
    (problem.id, problem.message.clone(), problem.file.map(|file| project.file(file).path.clone()))
}

/// What a revision has: the findings of each rule on each subject, and those of each rule about each secret.
struct Known<'p> {
    on: HashMap<(&'p str, About<'p>), Vec<&'p Finding>>,
    about: HashMap<(&'p str, Text), Vec<&'p Finding>>,
}

/// A subject without the framework's key, which can be written elsewhere and mean the same setting.
type About<'p> = (&'p str, &'static str, &'p str, Option<&'p str>);

fn about(subject: &Subject) -> About<'_> {
    (&subject.app, subject.kind, &subject.name, subject.setting.as_deref())
}

impl<'p> Known<'p> {
    fn of(past: &'p Looked) -> Known<'p> {
        let found = &past.found;
        let subjects = Subjects::of(past.models());
        let mut known = Known { on: HashMap::new(), about: HashMap::new() };
        for finding in found.all() {
            for subject in &finding.subjects {
                known.on.entry((&finding.rule, about(subject))).or_default().push(finding);
            }
            for secret in subjects.secrets_of(finding) {
                known.about.entry((&finding.rule, secret)).or_default().push(finding);
            }
        }
        known
    }

    /// Whether all that a finding is about was known, weighed as much, on the same targets and with the same secrets.
    fn covers(&self, finding: &Finding, secrets: &BTreeSet<Text>) -> bool {
        let alike = |known: &&Finding| known.severity <= finding.severity && on_targets_of(known, finding);
        let any = |known: Option<&Vec<&Finding>>| known.is_some_and(|known| known.iter().any(&alike));
        let rule = &*finding.rule;
        finding.subjects.iter().all(|subject| any(self.on.get(&(rule, about(subject)))))
            && secrets.iter().all(|secret| any(self.about.get(&(rule, secret.clone()))))
    }
}

/// A finding without targets holds on all of them.
fn on_targets_of(known: &Finding, finding: &Finding) -> bool {
    let none_is_new = finding.targets.iter().all(|target| known.targets.contains(target));
    known.targets.is_empty() || (!finding.targets.is_empty() && none_is_new)
}
