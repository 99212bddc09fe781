//! A weaker rule is silent where a stronger one spoke of the same thing.

use super::draft::Draft;
use super::{Certainty, Severity};
use crate::settings::config_key;
use crate::syntax::{FileId, Span};
use hashbrown::HashMap;
use std::sync::Arc;

/// The drafts without those that a stronger rule makes superfluous.
///
/// What is not known speaks for what is not known either: one unknown secret is one line, not four.
/// A warning never silences what blocks: the stronger rule must weigh at least as much.
pub(super) fn without_superseded(drafts: Vec<Draft<'_>>) -> Vec<Draft<'_>> {
    let mut spoken = Spoken::default();
    for stronger in &drafts {
        for id in &stronger.rule.supersedes {
            spoken.note(id, stronger);
        }
    }
    let silent: Vec<bool> = drafts.iter().map(|draft| spoken.silences(draft)).collect();
    drafts.into_iter().zip(silent).filter(|(_, silent)| !silent).map(|(draft, _)| draft).collect()
}

/// What stronger rules have said, by the weaker rule that they speak for and by what they speak of.
#[derive(Default)]
struct Spoken(HashMap<Silenced, Weights>);

/// A weaker rule, the target, and what both speak of.
type Silenced = (Arc<str>, Option<Arc<str>>, About);

/// What two drafts that are compared have in common.
#[derive(PartialEq, Eq, Hash)]
enum About {
    /// The resource: its app, its kind, its name.
    Resource(Arc<str>, &'static str, Arc<str>),
    /// The text that they point at.
    Place(FileId, Span),
    /// A variable of an app, which one of them is named after and the other reads.
    Variable(Arc<str>, Arc<str>),
    /// A key of a file: one speaks of the key as such, the other of what is set by it.
    Key(FileId, Arc<str>),
}

/// The heaviest that was said, of what is known and of what is not.
#[derive(Default)]
struct Weights {
    known: Option<Severity>,
    unverified: Option<Severity>,
}

impl Spoken {
    fn note(&mut self, weaker: &Arc<str>, stronger: &Draft<'_>) {
        for about in about(stronger, false) {
            let weights = self.0.entry((weaker.clone(), stronger.target.clone(), about)).or_default();
            let weight = match stronger.verdict {
                Certainty::Unverified => &mut weights.unverified,
                _ => &mut weights.known,
            };
            *weight = Some(weight.map_or(stronger.severity, |known| known.min(stronger.severity)));
        }
    }

    fn silences(&self, weaker: &Draft<'_>) -> bool {
        let weighs_enough = |weight: Option<Severity>| weight.is_some_and(|weight| weight <= weaker.severity);
        about(weaker, true).into_iter().any(|about| {
            let Some(said) = self.0.get(&(weaker.rule.id.clone(), weaker.target.clone(), about)) else { return false };
            weighs_enough(said.known) || (weaker.verdict == Certainty::Unverified && weighs_enough(said.unverified))
        })
    }
}

/// What a draft speaks of; of a key only what speaks of it as such, and whatever can be silenced by that.
fn about(draft: &Draft<'_>, may_be_of_a_key: bool) -> Vec<About> {
    let subject = &draft.subject;
    let resource = About::Resource(subject.app.clone(), subject.kind, subject.name.clone());
    let place = draft.primary.map(|(file, span)| About::Place(file, span));
    let is_variable = |name: &&Arc<str>| {
        name.contains('_') && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    };
    let names = [Some(&subject.name), subject.key.as_ref()].into_iter().flatten();
    let variables = names.filter(is_variable).map(|name| About::Variable(subject.app.clone(), name.clone()));
    let key = subject.key.as_ref().zip(draft.primary).map(|(key, (file, _))| About::Key(file, key.clone()));
    let key = key.filter(|_| may_be_of_a_key || subject.kind == config_key::KIND.name);
    std::iter::once(resource).chain(place).chain(variables).chain(key).collect()
}
