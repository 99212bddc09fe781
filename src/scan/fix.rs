//! Fixes what can be fixed: the edited project is scanned before anything of it is written.

use super::open::{open, open_with};
use super::{Looked, ScanError, ScanOptions, held, report, report_of};
use crate::findings::{Finding, Patch, Repair, Severity, Sources, merge};
use crate::mask::Masked;
use crate::project::{Given, Problem};
use crate::report::{Report, unified};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Scans after which nothing more is tried: edits of one object are made one after the other.
const MOST_ROUNDS: usize = 64;

/// Which fixes may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// Those that change nothing that users rely on.
    Safe,
    /// Every one.
    Unsafe,
}

/// A project with its fixes, nothing of it written yet.
pub struct Fixed {
    /// What a scan says of the project with the fixes.
    pub report: Report,
    /// The rules whose findings are gone, one for each finding.
    pub rules: Vec<Arc<str>>,
    /// The files that change.
    patches: Vec<Patch>,
    /// What changes, as a unified diff in which secrets are masked.
    pub diff: String,
    before: Arc<Looked>,
}

/// Which findings are to be made go.
pub(super) struct Wanted {
    pub(super) allowed: Allowed,
    /// The one of this fingerprint alone.
    pub(super) finding: Option<String>,
}

/// Makes every fix that is allowed, as far as a scan of the result agrees: the findings are gone, and nothing is new.
pub fn fix(options: &ScanOptions, allowed: Allowed) -> Result<Fixed, ScanError> {
    let before = held(open(options)?, options)?;
    fix_of(Arc::new(before), options, Wanted { allowed, finding: None })
}

pub(super) fn fix_of(before: Arc<Looked>, options: &ScanOptions, wanted: Wanted) -> Result<Fixed, ScanError> {
    let mut work =
        Work { options, wanted, now: None, patches: BTreeMap::new(), refused: BTreeSet::new(), rules: Vec::new() };
    let mut together = true;
    for _ in 0..MOST_ROUNDS {
        match work.round(&before, together)? {
            Round::Made => {}
            // Somewhere among many is one that does not hold: then each has to show for itself.
            Round::Refused if together => together = false,
            Round::Refused => {}
            Round::Nothing => break,
        }
    }
    let Work { now, patches, rules, refused, .. } = work;
    let patches: Vec<Patch> = patches.into_values().collect();
    let diff = patches.iter().map(|patch| shown(patch, &before, now.as_ref())).collect();
    let mut after = match now {
        Some(after) => report(after, options)?,
        None => report_of(&before, options)?,
    };
    // What a scan does not confirm is no fix.
    for finding in after.findings.iter_mut().filter(|finding| refused.contains(&finding.fingerprint)) {
        finding.repair = None;
    }
    Ok(Fixed { report: after, rules, patches, diff, before })
}

impl Fixed {
    /// The files that change, with their texts: not for show, for what stands beside a change is as it is.
    pub fn patches(&self) -> &[Patch] {
        &self.patches
    }

    /// How many files change.
    pub fn files(&self) -> usize {
        self.patches.len()
    }

    /// Writes the files; gives those that could not be written, with the reason.
    pub fn write(&self) -> Vec<(Arc<str>, String)> {
        let project = &self.before.opened.project;
        let write = |patch: &Patch| {
            let written = project.rewrite(&patch.path, patch.before.as_deref(), &patch.after);
            written.err().map(|why| (patch.path.clone(), why))
        };
        self.patches.iter().filter_map(write).collect()
    }
}

/// What became of a round of fixes.
enum Round {
    Made,
    Refused,
    Nothing,
}

/// The fixes so far.
struct Work<'o> {
    options: &'o ScanOptions,
    wanted: Wanted,
    /// What a scan says of the project with them; none before the first.
    now: Option<Looked>,
    patches: BTreeMap<Arc<str>, Patch>,
    /// Fingerprints of findings whose fix did not hold.
    refused: BTreeSet<String>,
    rules: Vec<Arc<str>>,
}

impl Work<'_> {
    /// Makes the fixes of all findings that have one, or of the first, and keeps them if they hold.
    fn round(&mut self, before: &Looked, together: bool) -> Result<Round, ScanError> {
        let now = self.now.as_ref().unwrap_or(before);
        let offered = self.offered(now, together);
        let repairs: Vec<&Repair> = offered.iter().filter_map(|finding| finding.repair.as_ref()).collect();
        let project = &now.opened.project;
        let text = |path: &str| project.find(path).and_then(|file| Sources::text(project, file));
        let (patches, chosen) = merge(&repairs, &text);
        if chosen.is_empty() {
            let fingerprints: Vec<String> = offered.iter().map(|finding| finding.fingerprint.clone()).collect();
            let none = fingerprints.is_empty();
            self.refused.extend(fingerprints);
            return Ok(if none { Round::Nothing } else { Round::Refused });
        }
        let wanted: Vec<&Finding> = chosen.iter().map(|index| offered[*index]).collect();
        let mut all = self.patches.clone();
        for patch in patches {
            let first =
                before.opened.project.find(&patch.path).and_then(|file| Sources::text(&before.opened.project, file));
            all.insert(patch.path.clone(), Patch { before: first, ..patch });
        }
        let instead = all.values().map(|patch| Given::new(&*patch.path, patch.after.clone())).collect();
        let tried = held(open_with(self.options, instead)?, self.options)?;
        if !agrees(now, &tried, &wanted) {
            if !together || wanted.len() == 1 {
                let fingerprints: Vec<String> = wanted.iter().map(|finding| finding.fingerprint.clone()).collect();
                self.refused.extend(fingerprints);
            }
            return Ok(Round::Refused);
        }
        let rules: Vec<Arc<str>> = wanted.iter().map(|finding| finding.rule.clone()).collect();
        self.rules.extend(rules);
        self.patches = all;
        self.now = Some(tried);
        Ok(Round::Made)
    }

    fn offered<'l>(&self, now: &'l Looked, together: bool) -> Vec<&'l Finding> {
        let project = &now.opened.project;
        let fits = |finding: &&Finding| {
            finding.repair.as_ref().is_some_and(|repair| {
                (repair.safe || self.wanted.allowed == Allowed::Unsafe)
                    && self.wanted.finding.as_ref().is_none_or(|one| *one == finding.fingerprint)
                    && !self.refused.contains(&finding.fingerprint)
                    && repair.edits.iter().all(|edit| project.is_editable(&edit.location.file))
            })
        };
        let fitting = || now.found.findings.iter().filter(fits);
        // What is moved comes by itself, the block that holds most first: the others find their place in it.
        let moves = fitting().filter_map(|finding| Some((finding, finding.repair.as_ref()?)));
        let size = |repair: &Repair| repair.edits.iter().map(|edit| edit.text.len()).max();
        let widest = moves.filter(|(_, repair)| repair.reveals).max_by_key(|(_, repair)| size(repair));
        if let Some((finding, _)) = widest {
            return vec![finding];
        }
        fitting().take(if together { usize::MAX } else { 1 }).collect()
    }
}

/// Whether the findings are gone, and nothing else has come: no finding, nothing unverified, no problem, no lost app.
pub(super) fn agrees(now: &Looked, tried: &Looked, wanted: &[&Finding]) -> bool {
    // The next env file by convention comes to light when one is ignored, the cookie of a check with the check, and is
    // for the next round. Places move with the edits.
    let goes_on = |finding: &Finding| {
        let file = |finding: &Finding| finding.location.as_ref().map(|at| at.file.clone());
        let same = |other: &&Finding| other.rule == finding.rule && file(other) == file(finding);
        finding.repair.is_some() && wanted.iter().copied().any(|wanted| same(&wanted))
    };
    let listed = |looked: &Looked| -> BTreeSet<String> {
        let found = &looked.found;
        found.findings.iter().chain(&found.unverified).map(|finding| finding.fingerprint.clone()).collect()
    };
    let (known, left) = (listed(now), listed(tried));
    let told = |looked: &Looked| -> BTreeSet<(&'static str, String)> {
        let problems = looked.evaluated.problems.iter().chain(&looked.waived.problems);
        problems.map(|problem: &Problem| (problem.id, problem.message.clone())).collect()
    };
    let before: BTreeSet<String> =
        now.waived.suppressed.iter().map(|waived| waived.finding.fingerprint.clone()).collect();
    // What is moved to where it counts can have findings of its own, as long as none of them is worse than a warning.
    let reveals = wanted.iter().any(|finding| finding.repair.as_ref().is_some_and(|repair| repair.reveals));
    let blocks = |fingerprint: &String| {
        let mut findings = tried.found.findings.iter();
        findings.any(|new| new.fingerprint == *fingerprint && new.severity == Severity::Blocking)
    };
    wanted.iter().all(|finding| !left.contains(&finding.fingerprint))
        && left.iter().all(|fingerprint| {
            let is_known = known.contains(fingerprint) || before.contains(fingerprint);
            is_known
                || reveals && !blocks(fingerprint)
                || tried.found.findings.iter().any(|new| new.fingerprint == *fingerprint && goes_on(new))
        })
        && told(tried).is_subset(&told(now))
        && now.evaluated.apps.len() == tried.evaluated.apps.len()
}

/// One file's part of the diff.
fn shown(patch: &Patch, before: &Looked, now: Option<&Looked>) -> String {
    let masked = |looked: &Looked, text: &str| {
        let file = looked.opened.project.find(&patch.path);
        let hidden = file.and_then(|file| looked.secrets.places.get(&file)).map_or(&[][..], Vec::as_slice);
        let shape = file.map_or(crate::mask::Shape::Hash, |file| Sources::shape(&looked.opened.project, file));
        Masked::new(&looked.masker, text, shape, hidden)
    };
    let old = patch.before.as_deref().unwrap_or_default();
    let lines = (masked(before, old), masked(now.unwrap_or(before), &patch.after));
    unified(&patch.path, patch.before.as_deref(), &patch.after, &lines.0, &lines.1)
}
