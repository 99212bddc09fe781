//! A weaker rule is silent where a stronger one spoke of the same thing.

use super::Certainty;
use super::draft::Draft;
use std::collections::HashSet;

/// The drafts without those that a stronger rule makes superfluous.
///
/// What is not known speaks for what is not known either: one unknown secret is one line, not four.
/// A warning never silences what blocks: the stronger rule must weigh at least as much.
pub(super) fn without_superseded(drafts: Vec<Draft<'_>>) -> Vec<Draft<'_>> {
    let silent: HashSet<usize> = drafts
        .iter()
        .filter(|stronger| !stronger.rule.supersedes.is_empty())
        .flat_map(|stronger| drafts.iter().enumerate().filter(|(_, weaker)| silences(stronger, weaker)))
        .map(|(index, _)| index)
        .collect();
    drafts.into_iter().enumerate().filter(|(index, _)| !silent.contains(index)).map(|(_, draft)| draft).collect()
}

fn silences(stronger: &Draft<'_>, weaker: &Draft<'_>) -> bool {
    (stronger.verdict != Certainty::Unverified || weaker.verdict == Certainty::Unverified)
        && stronger.severity <= weaker.severity
        && stronger.rule.supersedes.iter().any(|id| **id == *weaker.rule.id)
        && stronger.target == weaker.target
        && (same_resource(stronger, weaker) || (stronger.primary.is_some() && stronger.primary == weaker.primary))
}

fn same_resource(a: &Draft<'_>, b: &Draft<'_>) -> bool {
    a.subject.app == b.subject.app && a.subject.kind == b.subject.kind && a.subject.name == b.subject.name
}
