//! Findings: judgements turned into what a person is told, each cause once, in an order that never changes.

mod code;
mod draft;
mod finding;
mod fingerprint;
mod fold;
mod group;
mod locate;
mod repair;
mod secrets;
mod settle;
mod state;
mod supersede;
mod template;
mod words;

pub(crate) use code::code;
pub(crate) use finding::cause_name;
pub use finding::{
    Also, Cause, Certainty, Finding, Findings, Judged, Means, Severity, Subject, Suppressed, TrailStep, Unsettled,
};
pub(crate) use group::uncapitalised;
pub(crate) use locate::Locator;
pub use locate::{Location, Sources};
pub use repair::{Edit, Patch, Repair, merge};
pub(crate) use secrets::Subjects;
pub use secrets::{Secrets, known_secrets};
pub(crate) use settle::unsettled_of;
pub(crate) use words::{cause as cause_of, trail as trail_in_words, world as in_words};

use crate::mask::Masker;
use rayon::prelude::*;

/// Turns the judgements on every app and target into findings.
pub fn collect(runs: &[Judged<'_>], sources: &dyn Sources, masker: &Masker) -> Findings {
    let locator = locate::Locator::new(sources);
    let drafts = supersede::without_superseded(draft::drafts(runs));
    let mut all = Findings::default();
    let targets = group::all_targets(runs);
    let tell = |group: &Vec<draft::Draft<'_>>| group::finding(group, runs, &targets, &locator, masker);
    let told: Vec<Finding> = group::groups(drafts, &locator).par_iter().map(tell).collect();
    for finding in told {
        match finding.severity {
            Severity::Blocking | Severity::Warning => all.findings.push(finding),
            Severity::Unverified => all.unverified.push(finding),
            Severity::Checklist => all.checklist.push(finding),
        }
    }
    fold::fold_consequences(&mut all.findings);
    fold::fold_unread(&mut all.unverified);
    for list in [&mut all.findings, &mut all.unverified, &mut all.checklist] {
        list.sort_by_cached_key(Finding::order);
    }
    all
}

#[cfg(test)]
pub(crate) mod scene;
#[cfg(test)]
mod tests;
