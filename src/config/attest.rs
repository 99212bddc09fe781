//! What people vouch for: items of the checklist that they have checked, with a name and a date.

use super::{Config, Day};
use crate::eval::{Kind, Place, Value};
use crate::project::Problem;
use crate::rules::{Catalogue, Judgement, Severity};
use crate::settings::{Model, attestation};
use crate::syntax::{FileId, Span};
use std::sync::Arc;

/// An attestation that has ended.
pub(crate) const EXPIRED: &str = "attest/expired";
/// An attestation of something that no app is asked for.
pub(crate) const UNUSED: &str = "attest/unused";

/// One item of the checklist that somebody vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// The rule's id.
    pub rule: Arc<str>,
    /// The one app it holds for, by its id; all of them where none is named.
    pub app: Option<String>,
    /// Who.
    pub by: String,
    /// When it was checked.
    pub on: Day,
    /// The last day on which it holds.
    pub until: Option<Day>,
    /// What was done.
    pub note: Option<String>,
    /// Where it stands in `prodcheck.toml`.
    pub span: Span,
}

impl Attestation {
    /// Whether it has ended; nothing ends where no day is given.
    pub fn is_over(&self, today: Option<Day>) -> bool {
        self.until.zip(today).is_some_and(|(until, today)| until < today)
    }

    /// Who, when and until when, in words.
    pub fn in_words(&self) -> String {
        let until = self.until.map_or_else(String::new, |until| format!(" until {until}"));
        let note = self.note.as_ref().map_or_else(String::new, |note| format!(": {note}"));
        format!("{} on {}{until}{note}", self.by, self.on)
    }

    fn is_for(&self, rule: &str, app: &str) -> bool {
        *self.rule == *rule && self.app.as_deref().is_none_or(|wanted| super::is_app(wanted, app))
    }
}

impl Config {
    /// What people vouch for today.
    pub fn attested(&self, today: Option<Day>) -> impl Iterator<Item = &Attestation> {
        self.attestations.iter().filter(move |known| !known.is_over(today))
    }

    /// Closes the items of the checklist that are attested today. `file` is the project's `prodcheck.toml`.
    pub fn attest(&self, model: &mut Model, file: FileId, today: Option<Day>) {
        for resource in model.resources.iter_mut().filter(|resource| resource.kind.name == attestation::KIND.name) {
            let app = &model.apps[resource.app.0].id;
            let holds = |known: &&Attestation| known.is_for(&resource.name, app) && !known.is_over(today);
            if let Some(known) = self.attestations.iter().find(holds) {
                let value = Value::written(Kind::Bool(true), Place::File(file, known.span));
                resource.put(attestation::attested, value);
            }
        }
    }

    /// Leaves out what a person vouches for today, of the rules that ask for one about more than an item of its own.
    pub(crate) fn without_attested<'r>(
        &self,
        judgements: Vec<Judgement<'r>>,
        model: &Model,
        today: Option<Day>,
    ) -> Vec<Judgement<'r>> {
        let vouched = |judgement: &Judgement<'_>| {
            let app = &model.apps[judgement.app.0].id;
            let holds = |known: &Attestation| known.is_for(&judgement.rule.id, app) && !known.is_over(today);
            let is_item = [judgement.rule.severity, judgement.severity].contains(&Severity::Checklist);
            is_item && self.attestations.iter().any(holds)
        };
        judgements.into_iter().filter(|judgement| !vouched(judgement)).collect()
    }

    /// The attestations that have ended, and those that no app is asked for.
    pub(crate) fn idle_attestations<'m>(
        &self,
        models: impl IntoIterator<Item = &'m Model>,
        catalogue: &Catalogue,
        file: FileId,
        today: Option<Day>,
    ) -> Vec<Problem> {
        let mut asked = Vec::new();
        for model in models {
            for resource in &model.resources {
                let app = &model.apps[resource.app.0].id;
                if resource.kind.name == attestation::KIND.name {
                    asked.push((resource.name.clone(), app.clone()));
                    continue;
                }
                // A rule about things of another kind asks where there is such a thing.
                let about_it = |rule: &&Arc<str>| {
                    catalogue.rule(rule).is_some_and(|rule| rule.resource.name == resource.kind.name)
                };
                let named = self.attestations.iter().map(|known| &known.rule).filter(about_it);
                asked.extend(named.map(|rule| (rule.clone(), app.clone())));
            }
        }
        let problem = |known: &Attestation| {
            let (id, message) = if known.is_over(today) {
                let day = known.until.map(|day| day.to_string()).unwrap_or_default();
                (EXPIRED, format!("the attestation of {} ended on {day}", known.rule))
            } else if asked.iter().any(|(rule, app)| known.is_for(rule, app)) {
                return None;
            } else {
                (UNUSED, format!("nothing here asks for an attestation of {}", known.rule))
            };
            Some(Problem::new(id, message).in_file(file).at(known.span))
        };
        self.attestations.iter().filter_map(problem).collect()
    }
}
