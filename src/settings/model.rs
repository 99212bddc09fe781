//! The normalized settings model: what each app would really run with in one environment.

use super::kinds::vocabulary;
use super::vocabulary::{Count, Key, ResourceKind, Type};
use crate::eval::{Because, How, Kind, Place, Step, Unknown, Value};
use litemap::LiteMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One app, by its place in the model's list of apps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AppId(pub usize);

/// Whose settings are read in one go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// What belongs to no single app: pipelines, policies, literals beside all apps. It is read once a scan.
    Repository,
    /// A deployment that runs no app that is understood.
    Target,
    /// An app, on one of its targets.
    App,
}

/// One part of what an app is made of: a host, or a library whose facts are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Whether it answers requests.
    pub is_host: bool,
    /// Its name: the framework's, or the package's.
    pub name: Arc<str>,
    /// Its version as resolved, where it is known.
    pub version: Option<Arc<str>>,
}

/// An app in which a framework was recognised; or a deployment or the repository, which stand for themselves.
#[derive(Clone, Debug)]
pub struct App {
    /// Which of them it is.
    pub scope: Scope,
    /// Its id in reports: its folder, and where several apps share one, the framework or the entry too.
    pub id: Arc<str>,
    /// Its folder, relative to the root; unique in a scan together with the framework.
    pub root: Arc<str>,
    /// The framework's name; empty where it is no app.
    pub framework: &'static str,
    /// The framework's name as its authors write it; empty where it is no app.
    pub title: &'static str,
    /// The framework's version as resolved, where it is known.
    pub version: Option<Arc<str>>,
    /// What it is made of, as far as that is read: the framework, then other hosts, then libraries, by their names.
    pub stack: Vec<Member>,
    /// The place that stands for the app: its entry point, else its manifest.
    pub entry: Place,
}

/// What an adapter says of one setting.
#[derive(Clone, Debug)]
pub enum State {
    /// It has this value (set, defaulted, or unknown).
    Value(Value),
    /// The framework has no such setting for this resource.
    NotHere,
}

/// Where a setting lives in the framework's own words, for messages, `explain` and `--fix`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The key as a user of the framework knows it: `config.server.cors.origin`, `AKSARA_SECRET_KEY`.
    pub key: Arc<str>,
}

/// Where a setting is written or belongs, so that another value can be put there.
#[derive(Clone, Debug)]
pub enum Home {
    /// Under a path of keys in a piece of configuration, which means what this reading makes of it.
    Key {
        /// The configuration as it was evaluated.
        root: Value,
        /// The keys from there, with dots between; none where it is the value itself.
        path: &'static str,
        /// What a value written there means.
        read: Reading,
    },
    /// As an item of a list, before the first of some others, else at its end.
    Item {
        /// The list as it was evaluated.
        list: Value,
        /// The item whose being there means yes.
        item: &'static str,
        /// Items that have to stand behind it.
        before: &'static [&'static str],
    },
    /// As a rule of an ignore file for this path.
    IgnoreRule(Arc<str>),
    /// Under another path of keys than the one where it is written and not read.
    Elsewhere {
        /// The configuration as it was evaluated.
        root: Value,
        /// The keys that are written.
        from: Arc<str>,
        /// The keys that are read.
        to: Arc<str>,
    },
}

/// What a written value means to the framework.
#[derive(Clone)]
pub struct Reading(Arc<dyn Fn(&Value) -> Value + Send + Sync>);

impl Reading {
    /// The reading that a function is.
    pub fn new(read: impl Fn(&Value) -> Value + Send + Sync + 'static) -> Reading {
        Reading(Arc::new(read))
    }

    /// The meaning of a value.
    pub fn of(&self, value: &Value) -> Value {
        (self.0)(value)
    }
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reading")
    }
}

/// One thing that a rule can speak of.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Its kind.
    pub kind: &'static ResourceKind,
    /// The app it belongs to.
    pub app: AppId,
    /// Its name: unique among the app's resources of the kind, stable when lines move.
    pub name: Arc<str>,
    /// The smallest thing that exists and stands for it; where a finding about something absent points.
    pub place: Place,
    /// Whether it exists in this world; none means certainly.
    pub present: Option<Value>,
    /// The key that does what this one does not, where there is one.
    pub instead: Option<Arc<str>>,
    /// By the places of the settings.
    settings: Vec<Option<State>>,
    spots: LiteMap<usize, Spot>,
    homes: LiteMap<usize, Home>,
    fixes: LiteMap<usize, Arc<str>>,
}

impl Resource {
    /// The same resource of another app.
    pub fn of_app(self, app: AppId) -> Self {
        Resource { app, ..self }
    }

    /// A resource without settings yet.
    pub fn new(kind: &'static ResourceKind, app: AppId, name: impl Into<Arc<str>>, place: Place) -> Self {
        Resource {
            kind,
            app,
            name: name.into(),
            place: place.settled(),
            present: None,
            instead: None,
            settings: vec![None; kind.settings.len()],
            spots: LiteMap::new(),
            homes: LiteMap::new(),
            fixes: LiteMap::new(),
        }
    }

    /// Sets a setting; a value of another type than the vocabulary declares becomes unknown (wrong type).
    pub fn set(mut self, key: Key, value: Value) -> Self {
        self.put(key, value);
        self
    }

    /// As [`Resource::set`], with the framework's own name of the place.
    pub fn set_at(mut self, key: Key, value: Value, spot: impl Into<Arc<str>>) -> Self {
        self.spots.insert(key.place, Spot { key: spot.into() });
        self.put(key, value);
        self
    }

    /// Names the place of a setting without touching its value.
    pub fn spot_at(mut self, key: Key, spot: impl Into<Arc<str>>) -> Self {
        self.spots.insert(key.place, Spot { key: spot.into() });
        self
    }

    /// Says in a sentence how this library wants a setting to be set right; placeholders are those of a rule's fix.
    pub fn with_fix(mut self, key: Key, fix: impl Into<Arc<str>>) -> Self {
        self.fixes.insert(key.place, fix.into());
        self
    }

    /// How this library wants a setting to be set right, where that needs words of its own.
    pub fn fix(&self, key: Key) -> Option<&str> {
        if key.kind == self.kind.name { self.fixes.get(&key.place).map(|fix| &**fix) } else { None }
    }

    /// Says where a setting can be written.
    pub fn with_home(mut self, key: Key, home: Home) -> Self {
        self.homes.insert(key.place, home);
        self
    }

    /// Says that a setting is written under a path of keys in a piece of configuration, as it is.
    pub fn written_at(self, key: Key, root: &Value, path: &'static str) -> Self {
        self.read_at(key, root, path, Value::clone)
    }

    /// Says that a setting is written under a path of keys in a piece of configuration, and what a value there means.
    pub fn read_at(
        self,
        key: Key,
        root: &Value,
        path: &'static str,
        read: impl Fn(&Value) -> Value + Send + Sync + 'static,
    ) -> Self {
        self.with_home(key, Home::Key { root: root.clone(), path, read: Reading::new(read) })
    }

    /// Where a setting can be written, as far as the adapter says.
    pub fn home(&self, key: Key) -> Option<&Home> {
        self.homes.get(&key.place)
    }

    /// Sets a setting in place.
    pub fn put(&mut self, key: Key, value: Value) {
        debug_assert_eq!(key.kind, self.kind.name, "internal error: a setting of another kind");
        let value = value.each(&mut |value| checked(key.ty, value));
        self.settings[key.place] = Some(State::Value(value));
    }

    /// Takes a setting out again that turns out to be no question here.
    pub fn decline(&mut self, key: Key) {
        self.settings[key.place] = Some(State::NotHere);
    }

    /// Says that the framework has no such setting for this resource.
    pub fn not_here(mut self, key: Key) -> Self {
        self.settings[key.place] = Some(State::NotHere);
        self
    }

    /// Declines every setting that was not set: each adapter says this last, where the rest truly has no meaning.
    pub fn rest_not_here(mut self) -> Self {
        for state in &mut self.settings {
            state.get_or_insert(State::NotHere);
        }
        self
    }

    /// The same resource, where what stood at one place stands at another.
    pub fn moved(mut self, from: Place, to: Place) -> Self {
        let at_other = |value: &Value| Value::new(value.kind.clone(), &value.trail.moved(from, to));
        for state in self.settings.iter_mut().flatten() {
            if let State::Value(value) = state {
                *value = value.each(&mut |value| at_other(value));
            }
        }
        if self.place == from.settled() {
            self.place = to;
        }
        self
    }

    /// The same resource, in which nothing is a fact that only a default says.
    pub fn without_defaults(mut self, because: &Because) -> Self {
        let blank = |value: &Value| match value.trail.how {
            How::Default => Value::unknown(because.clone(), &value.trail),
            _ => value.clone(),
        };
        for state in self.settings.iter_mut().flatten() {
            if let State::Value(value) = state {
                *value = value.each(&mut |value| blank(value));
            }
        }
        self
    }

    /// Names the key to use instead.
    pub fn instead(mut self, key: impl Into<Arc<str>>) -> Self {
        self.instead = Some(key.into());
        self
    }

    /// Says that the resource exists only where this value is true.
    pub fn only_if(mut self, present: Value) -> Self {
        self.present = Some(present);
        self
    }

    /// What is said of a setting; nothing of one of another kind.
    pub fn state(&self, key: Key) -> Option<&State> {
        if key.kind == self.kind.name { self.settings.get(key.place)?.as_ref() } else { None }
    }

    /// The value of a setting, where it has one.
    pub fn value(&self, key: Key) -> Option<&Value> {
        match self.state(key) {
            Some(State::Value(value)) => Some(value),
            _ => None,
        }
    }

    /// Where a setting lives in the framework.
    pub fn spot(&self, key: Key) -> Option<&Spot> {
        if key.kind == self.kind.name { self.spots.get(&key.place) } else { None }
    }

    /// The settings that nobody set or declined: a mistake of the adapter.
    pub fn forgotten(&self) -> Vec<&'static str> {
        self.kind.settings.iter().filter(|setting| self.state(setting).is_none()).map(|setting| setting.name).collect()
    }
}

/// Turns a value of the wrong type into an unknown one.
fn checked(ty: Type, value: &Value) -> Value {
    let fits = match (&value.kind, ty) {
        (Kind::Unknown(_) | Kind::Absent | Kind::Null | Kind::Call(_) | Kind::Choice(..), _) | (_, Type::Any) => true,
        (Kind::Bool(_), Type::Bool | Type::Texts) => true,
        (Kind::Text(_), Type::Text | Type::Secret) => true,
        (Kind::Number(_), Type::Number | Type::Seconds | Type::Bytes) => true,
        (Kind::Text(text), Type::Word(words)) => text.one_of(words).is_some(),
        (Kind::List { .. }, Type::Texts) => true,
        (Kind::List { items, .. }, Type::Words(words)) => {
            items.iter().all(|item| item.as_text().is_none_or(|text| text.one_of(words).is_some()))
        }
        _ => false,
    };
    match &value.kind {
        _ if fits => value.clone(),
        // A constant of a package that is not in the tree.
        Kind::External { module, .. } if !matches!(&**module, "global" | "the caller") => {
            Value::unknown(Because::MissingFile(module.clone()), &value.trail)
        }
        Kind::External { .. } => Value::unknown(Because::Undecided, &value.trail),
        _ => Value::unknown(Because::WrongType, &value.trail),
    }
}

/// What every app of a scan would run with, in one environment and on one target.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// The apps.
    pub apps: Vec<App>,
    /// Their resources.
    pub resources: Vec<Resource>,
    /// Kinds of which an app may have more than were seen, and why.
    pub unseen: BTreeMap<(AppId, &'static str), Unknown>,
}

impl Model {
    /// The resources of a kind in an app.
    pub fn of(&self, app: AppId, kind: &'static ResourceKind) -> impl Iterator<Item = &Resource> {
        self.resources.iter().filter(move |resource| resource.app == app && resource.kind.name == kind.name)
    }

    /// The one resource of a kind that exists once an app.
    pub fn one(&self, app: AppId, kind: &'static ResourceKind) -> Option<&Resource> {
        self.of(app, kind).next()
    }

    /// Adds every kind that exists once an app and that no adapter spoke of, with all its settings unknown:
    /// absence has somebody to speak for it.
    pub fn complete(&mut self) {
        for index in 0..self.apps.len() {
            // Only an app has something in everything that an app has.
            if self.apps[index].scope == Scope::Repository {
                continue;
            }
            let app = AppId(index);
            for kind in vocabulary().filter(|kind| kind.count == Count::One) {
                if self.one(app, kind).is_some() {
                    continue;
                }
                let place = self.apps[index].entry;
                let trail = Step::start(place, How::Derived);
                let mut resource = Resource::new(kind, app, kind.name, place);
                for setting in kind.settings {
                    resource.put(setting, Value::unknown(Because::Undecided, &trail));
                }
                self.resources.push(resource);
            }
        }
    }
}
