//! The secrets that a scan met: their texts, and the places where they are written.

use super::Finding;
use crate::eval::{How, Kind, Place, Trail, Value};
use crate::mask::{is_common, secret_name};
use crate::settings::{Model, Resource, State, Type, variable};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The most steps of a secret's trail that are searched for its places.
const MOST_STEPS: usize = 64;

/// What must not be shown.
#[derive(Debug, Default)]
pub struct Secrets {
    /// The texts.
    pub texts: BTreeSet<Text>,
    /// Where they are written.
    pub places: BTreeMap<FileId, Vec<Span>>,
}

/// Every secret in the models: what the vocabulary says is one, and what hangs on a secret's name.
pub fn known_secrets<'m>(models: impl IntoIterator<Item = &'m Model>) -> Secrets {
    let mut secrets = Secrets::default();
    models.into_iter().flat_map(|model| &model.resources).for_each(|resource| secrets.take(resource));
    secrets
}

/// The resources of all models by app, kind and name: what findings are about.
pub(crate) struct Subjects<'m>(HashMap<(&'m str, &'static str, &'m str), Vec<&'m Resource>>);

impl<'m> Subjects<'m> {
    /// Those of these models.
    pub(crate) fn of(models: impl IntoIterator<Item = &'m Model>) -> Self {
        let mut all: HashMap<_, Vec<&Resource>> = HashMap::new();
        for model in models {
            for resource in &model.resources {
                let app = &*model.apps[resource.app.0].id;
                all.entry((app, resource.kind.name, &*resource.name)).or_default().push(resource);
            }
        }
        Subjects(all)
    }

    /// The secrets that a finding is about.
    pub(crate) fn secrets_of(&self, finding: &Finding) -> BTreeSet<Text> {
        let mut secrets = Secrets::default();
        for subject in &finding.subjects {
            let meant = self.0.get(&(&*subject.app, subject.kind, &*subject.name));
            meant.into_iter().flatten().for_each(|resource| secrets.take(resource));
        }
        secrets.texts
    }
}

impl Secrets {
    /// Takes in what is secret of a resource.
    fn take(&mut self, resource: &Resource) {
        for setting in resource.kind.settings {
            let declared = setting.ty == Type::Secret;
            let named =
                matches!(setting.ty, Type::Text | Type::Any) && setting.name == "value" && secret_name(&resource.name);
            if !declared && !named {
                continue;
            }
            let Some(State::Value(value)) = resource.state(setting) else { continue };
            // Every variable's value is declared secret; `NODE_ENV=production` is none all the same.
            let public = resource.kind.name == variable::KIND.name
                && !secret_name(&resource.name)
                && value.as_text().is_some_and(is_common);
            if !public {
                self.add(value);
            }
        }
    }

    fn add(&mut self, value: &Value) {
        match &value.kind {
            Kind::Text(text) => {
                self.texts.insert(text.clone());
                self.add_places(&value.trail);
            }
            Kind::Choice(_, arms) => arms.iter().for_each(|arm| self.add(arm)),
            Kind::List { items, .. } => items.iter().for_each(|item| self.add(item)),
            // What is read and not known can still have a fallback beside it.
            _ => self.add_fallbacks(&value.trail),
        }
    }

    /// The places where a secret's text stands.
    fn add_places(&mut self, trail: &Trail) {
        for step in trail.walk(MOST_STEPS) {
            let written = matches!(step.how, How::Written | How::Sets { .. } | How::Fallback | How::Intended { .. });
            if let (true, Place::File(file, span)) = (written, step.place) {
                self.places.entry(file).or_default().push(span);
            }
        }
        self.add_fallbacks(trail);
    }

    /// The fallbacks that stand beside its reads, taken or not.
    fn add_fallbacks(&mut self, trail: &Trail) {
        for step in trail.walk(MOST_STEPS) {
            if let How::Reads { fallback: Some(fallback), .. } = &step.how
                && let Kind::Text(text) = &fallback.kind
            {
                self.texts.insert(text.clone());
                if let Some((file, span)) = fallback.trail.primary() {
                    self.places.entry(file).or_default().push(span);
                }
            }
        }
    }
}
