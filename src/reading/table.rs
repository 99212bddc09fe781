//! A framework as a table of facts: which key is which setting, how it is read, what its absence means.
//!
//! A row serves every question about a key: its value in a scan, its place in messages and fixes, its default in
//! `explain`, and whether the installed version reads it at all.

use super::shapes::{self, Shape};
use crate::eval::{Because, Evaluator, How, Kind, Place, Question, Step, Trail, Unknown, Value};
use crate::project::Version;
use crate::reading::version::Versions;
use crate::settings::{Home, Key, Resource};
use crate::text::Text;
use std::sync::Arc;

/// One setting of a framework.
#[derive(Debug)]
pub struct Row {
    /// The word of the vocabulary.
    pub setting: Key,
    /// Where users write it; the first place that has something counts.
    pub places: &'static [Spot],
    /// How its text or value is read.
    pub reader: Reader,
    /// What its absence means.
    pub default: Preset,
    /// Where the default is documented or set in the framework's source.
    pub reference: &'static str,
}

/// One place where a setting is written.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    /// The path of keys from the table's root: `config.auth.guard.enabled`; empty for the root itself.
    pub path: &'static str,
    /// What the path begins at.
    pub root: Root,
    /// The versions that read it.
    pub versions: Versions,
    /// Whether those versions read it. What is written where they do not counts for nothing: the setting has its
    /// effective value, and what is said of it points here.
    pub effect: Effect,
}

/// What a path begins at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// The options, or the configuration, that the table is about.
    Options,
    /// Another argument of the same call.
    Argument(usize),
    /// The environment: the path is the name of a variable that the library reads by itself.
    Environment,
    /// The configuration object of the app's host: the path is a key in it.
    Configuration,
}

/// What a written key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The framework reads it.
    Read,
    /// The framework ignores it.
    Ignored,
    /// The framework refuses to start with it: it is judged as its author meant it, beside the refusal.
    Refused,
    /// The framework does not take what is written, at the time when it is used.
    Unfit,
}

/// A place that every known version reads.
pub(crate) const fn at(path: &'static str) -> Spot {
    Spot { path, root: Root::Options, versions: Versions::ALL, effect: Effect::Read }
}

/// A place that users write and no known version reads.
pub(crate) const fn ignored(path: &'static str) -> Spot {
    Spot { path, root: Root::Options, versions: Versions::ALL, effect: Effect::Ignored }
}

/// A place that makes the framework refuse to start.
pub(crate) const fn refused(path: &'static str) -> Spot {
    Spot { path, root: Root::Options, versions: Versions::ALL, effect: Effect::Refused }
}

impl Spot {
    /// The place, read from this version on.
    pub const fn since(mut self, major: u64, minor: u64) -> Spot {
        self.versions.since = Some((major, minor));
        self
    }

    /// The place, read before this version.
    pub const fn until(mut self, major: u64, minor: u64) -> Spot {
        self.versions.until = Some((major, minor));
        self
    }
}

/// How a written value becomes the setting's value.
#[derive(Clone, Copy, Debug)]
pub enum Reader {
    /// As it is written.
    AsIs,
    /// Truthiness, as JavaScript or Python has it.
    Truthy,
    /// A boolean, and what is not one reads as its presence: `{ … }` switches the feature on.
    Presence,
    /// Seconds as a number, or a duration such as `7d`.
    Seconds,
    /// Milliseconds as a number, or a duration such as `7d`.
    Milliseconds,
    /// Bytes as a number, or a size such as `10mb`.
    Bytes,
    /// A list of texts; one text is a list of one, split at commas.
    CommaList,
    /// A list; what is none is a list of one.
    List,
    /// The opposite of [`Reader::Truthy`].
    Negated,
    /// Whether a list, or a text, has this in it.
    Contains(&'static str),
    /// The same; an item that is added belongs before the first of these.
    ContainsBefore(&'static str, &'static [&'static str]),
    /// What stands for a shape: pairs of what is written and the value.
    Shapes(&'static [(Shape, Plain)]),
    /// What has one of these shapes counts as not written.
    Without(&'static [Shape]),
    /// A variable that is not set leaves the default, which is then its fallback.
    UnsetIsDefault,
    /// A variable that is known not to be set stands for this, and not for the default.
    UnsetIs(&'static Plain),
    /// A variable that is known not to be set makes the library refuse its work: nobody knows what would hold.
    UnsetIsRefused,
    /// One after the other.
    Then(&'static [Reader]),
    /// A text of any case that names one of the vocabulary's words: pairs of what is written and the word.
    Words(&'static [(&'static str, &'static str)]),
    /// A reader of the framework's own.
    Own(fn(&Value) -> Value),
    /// One that asks the evaluator what functions do, or hangs on other facts of the app.
    Asking(fn(&Asking<'_>, &Value) -> Value),
}

/// Whom a reader can ask.
#[derive(Clone, Copy)]
pub struct Asking<'a> {
    /// The evaluator; none where a value is only tried, as for a fix.
    pub evaluator: Option<&'a Evaluator<'a>>,
    /// What is known of the app.
    pub facts: &'a Facts,
}

/// What the places of a row are looked up in: the options, and what stands beside them.
#[derive(Clone, Copy)]
pub struct Looked<'a> {
    /// The options, or the configuration.
    pub options: &'a Value,
    /// The arguments of the call that the options are one of.
    pub arguments: &'a [Value],
    /// The evaluator, where variables and functions can be asked.
    pub evaluator: Option<&'a Evaluator<'a>>,
    /// The configuration object of the app's host, where it has one.
    pub config: Option<&'a Value>,
}

impl<'a> Looked<'a> {
    /// Nothing but options.
    pub fn of(options: &'a Value) -> Looked<'a> {
        Looked { options, arguments: &[], evaluator: None, config: None }
    }

    /// What is written at a place.
    pub fn at(&self, spot: &Spot) -> Value {
        match spot.root {
            Root::Options => under(self.options, spot.path),
            Root::Argument(index) => match self.arguments.get(index) {
                Some(argument) => under(argument, spot.path),
                None => Value::new(Kind::Absent, &self.options.trail),
            },
            Root::Configuration => match self.config {
                Some(config) => config.field(spot.path),
                None => Value::new(Kind::Absent, &self.options.trail),
            },
            Root::Environment => match self.evaluator {
                Some(evaluator) => evaluator.variable(spot.path, self.options.trail.place),
                None => Value::new(Kind::Absent, &self.options.trail),
            },
        }
    }

    /// What is certainly written at a place, even where its value is not known.
    fn written(&self, spot: &Spot) -> Option<Value> {
        if spot.root == Root::Options && !spot.path.is_empty() {
            return self.options.written_at(spot.path);
        }
        Some(self.at(spot)).filter(|value| !matches!(value.kind, Kind::Absent | Kind::Unknown(_) | Kind::Choice(..)))
    }
}

/// The value under a path; the value itself under an empty one.
fn under(value: &Value, path: &str) -> Value {
    if path.is_empty() { value.clone() } else { value.path(path) }
}

/// What the absence of a key means.
#[derive(Clone, Copy, Debug)]
pub enum Preset {
    /// It is simply not there.
    Absent,
    /// The framework's default.
    Default(Plain),
    /// The framework fixes it, whatever is written.
    Fixed(Plain),
    /// Nobody documents what happens.
    Undocumented,
    /// The framework has no such setting.
    NotHere,
    /// It depends on the version or on other facts of the app.
    Depends(fn(&Facts) -> Preset),
    /// The first of several whose condition holds; nothing is set by default where none does.
    Chosen(&'static [(When, Preset)]),
}

/// What a default can hang on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct When {
    /// The versions for which it holds.
    pub versions: Versions,
    /// The host that the app has.
    pub host: Option<&'static str>,
    /// A mark that the app has.
    pub mark: Option<&'static str>,
}

impl When {
    /// It always holds.
    pub const ALWAYS: When = When { versions: Versions::ALL, host: None, mark: None };

    /// Whether it holds; none where the version is not known and decides.
    fn holds(&self, facts: &Facts) -> Option<bool> {
        let host = self.host.is_none_or(|host| facts.hosts.iter().any(|own| **own == *host));
        if !host || self.mark.is_some_and(|mark| !facts.has(mark)) {
            return Some(false);
        }
        match &facts.version {
            _ if self.versions == Versions::ALL => Some(true),
            Some(version) => Some(self.versions.hold(version)),
            None => None,
        }
    }
}

/// A plain value in a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Plain {
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(&'static str),
    /// A list of texts.
    Texts(&'static [&'static str]),
}

/// What a default can depend on.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The framework's resolved version.
    pub version: Option<Version>,
    /// Why the facts of that version are not known, where they are not.
    pub beyond: Option<Because>,
    /// Blocks of keys that are written where the version does not look, each with the place of it that is read.
    pub dead_blocks: Vec<(&'static str, &'static str)>,
    /// Marks that the adapter sets by name, such as a mode.
    pub marks: Vec<&'static str>,
    /// The hosts of the app: `npm/express`.
    pub hosts: Vec<Arc<str>>,
    /// What the configuration object of the app's host holds, where it has one.
    pub config: Option<Value>,
    /// The host whose configuration object that is, by the path of its facts.
    pub config_of: Option<&'static str>,
    /// Where the app is made.
    pub made: Option<Place>,
    /// What that object names by its path in Python: the middleware and the parts of the app.
    pub named: Vec<Arc<str>>,
}

impl Facts {
    /// Whether the adapter set this mark.
    pub fn has(&self, mark: &str) -> bool {
        self.marks.contains(&mark)
    }

    /// What is written in a dead block for a path that is read: the key itself, else the block that it is missing in.
    fn in_dead_block(&self, root: &Value, path: &str) -> Option<Value> {
        let beside = |(dead, read): &(&'static str, &'static str)| {
            let rest = path.strip_prefix(read)?;
            (rest.is_empty() || rest.starts_with('.')).then_some((*dead, rest.to_owned()))
        };
        let blocks: Vec<(&str, String)> = self.dead_blocks.iter().filter_map(beside).collect();
        let key = blocks.iter().find_map(|(dead, rest)| root.written_at(&format!("{dead}{rest}")));
        key.or_else(|| blocks.iter().find_map(|(dead, _)| root.written_at(dead)))
    }

    /// What the version reads at a path. What stands in a dead block instead is not there, and its trail says so.
    pub fn read_at(&self, root: &Value, path: &'static str) -> Value {
        let written = root.path(path);
        let dead = if written.is_absent() { self.in_dead_block(root, path) } else { None };
        match (dead, &self.beyond) {
            (None, _) => written,
            (Some(dead), Some(because)) => Value::unknown(because.clone(), &dead.trail),
            (Some(dead), None) => Value::new(Kind::Absent, &unread_trail(&dead, Some(path))),
        }
    }

    /// Whether the version is known and at least this one.
    pub fn at_least(&self, major: u64, minor: u64) -> Option<bool> {
        self.version.as_ref().map(|version| *version >= Version::new(major, minor, 0))
    }
}

impl Plain {
    fn in_words(self) -> String {
        match self {
            Plain::Bool(value) => value.to_string(),
            Plain::Number(number) => number.to_string(),
            Plain::Text(text) => format!("\"{text}\""),
            Plain::Texts(texts) => format!("{texts:?}"),
        }
    }

    pub(crate) fn kind(self, trail: &Trail) -> Kind {
        match self {
            Plain::Bool(value) => Kind::Bool(value),
            Plain::Number(value) => Kind::Number(value),
            Plain::Text(text) => Kind::Text(Text::new(text)),
            Plain::Texts(texts) => {
                let item = |text: &&str| Value::new(Kind::Text(Text::new(*text)), trail);
                Kind::List { items: texts.iter().map(item).collect(), open: None }
            }
        }
    }
}

/// A written key that the framework does not read, or refuses.
#[derive(Clone, Debug)]
pub struct Ineffective {
    /// The key as it is written.
    pub written: &'static str,
    /// The key that the framework reads instead, where there is one.
    pub instead: Option<&'static str>,
    /// What it does.
    pub effect: Effect,
    /// What is written there.
    pub value: Value,
}

/// Reads every row of a table from a root object into a resource.
pub(crate) fn fill(resource: Resource, table: &'static [Row], root: &Value, facts: &Facts) -> Resource {
    fill_from(resource, table, &Looked::of(root), facts)
}

/// Reads every row of a table into a resource.
pub(crate) fn fill_from(mut resource: Resource, table: &'static [Row], looked: &Looked<'_>, facts: &Facts) -> Resource {
    for row in table {
        resource = match row.default.settled(facts) {
            Preset::NotHere => resource.not_here(row.setting),
            // What nobody can write is no key of anybody's.
            Preset::Fixed(_) if row.places.is_empty() => resource.set(row.setting, row.read_from(looked, facts)),
            preset => {
                let value = row.read_from(looked, facts);
                // What has no name that a user would look for is told under no name.
                let resource = match row.has_name(looked, facts) {
                    true => resource.set_at(row.setting, value, row.key_in(looked, facts)),
                    false => resource.set(row.setting, value),
                };
                match row.home(looked, facts) {
                    Some(spot) if let Reader::ContainsBefore(item, before) = row.reader => {
                        let list = looked.options.path(spot);
                        resource.with_home(row.setting, Home::Item { list, item, before })
                    }
                    Some(spot) if !matches!(preset, Preset::Fixed(_)) => {
                        let reader = row.reader;
                        resource.read_at(row.setting, looked.options, spot, move |value| reader.apply(value))
                    }
                    _ => resource,
                }
            }
        };
    }
    resource
}

/// The keys of a table that are written where the framework does not read them.
pub(crate) fn ineffective(table: &'static [Row], root: &Value, facts: &Facts) -> Vec<Ineffective> {
    ineffective_in(table, &Looked::of(root), facts)
}

/// The keys of a table that are written where they have no effect.
pub(crate) fn ineffective_in(table: &'static [Row], looked: &Looked<'_>, facts: &Facts) -> Vec<Ineffective> {
    let mut found = Vec::new();
    for row in table {
        for spot in row.places {
            let effect = spot.effect_in(facts);
            if effect != Effect::Read
                && let Some(value) = looked.written(spot)
                && !(effect == Effect::Ignored && row.changes_nothing(&value, facts))
            {
                found.push(Ineffective { written: spot.path, instead: row.read_at(facts), effect, value });
            }
        }
    }
    found
}

impl Spot {
    fn effect_in(&self, facts: &Facts) -> Effect {
        match &facts.version {
            Some(version) if self.effect == Effect::Read && !self.versions.hold(version) => Effect::Ignored,
            _ => self.effect,
        }
    }
}

impl Row {
    /// The effective value of the setting.
    pub fn read(&self, root: &Value, facts: &Facts) -> Value {
        self.read_from(&Looked::of(root), facts)
    }

    /// The effective value of the setting, wherever its places lie.
    pub fn read_from(&self, looked: &Looked<'_>, facts: &Facts) -> Value {
        let root = looked.options;
        let preset = self.default.settled(facts);
        if let Preset::Fixed(plain) = preset {
            return self.preset_value(plain, How::Fixed, self.absence(root, None, facts));
        }
        let unread = self.unread(looked, facts);
        let mut written: Option<Value> = None;
        for (index, spot) in self.places.iter().enumerate() {
            if spot.effect_in(facts) == Effect::Ignored {
                continue;
            }
            let here = self.reader.without(looked.at(spot));
            // What a variable that is not set stands for keeps the other places from being asked.
            let here = if index + 1 < self.places.len() { self.reader.unset(&here) } else { here };
            written = Some(match written {
                None => here,
                Some(before) => before.or_default(&|_| here.clone()),
            });
        }
        let written = written.unwrap_or_else(|| Value::new(Kind::Absent, &root.trail));
        let read = self.reader.apply_in(&written, &Asking { evaluator: looked.evaluator, facts });
        // Where nobody knows whether the version reads it there, nobody knows what holds.
        if let (Some(unread), Some(because)) = (&unread, &facts.beyond) {
            return switched(&read.or_default(&|_| Value::unknown(because.clone(), &unread.trail)));
        }
        let absence = || self.absence(root, unread.as_ref(), facts);
        let value = match preset {
            Preset::Default(plain) => read.or_default(&|absent| match absent.trail.how {
                // Whoever wrote the variable decided for the default, too.
                How::Fallback => Value::new(plain.kind(&absent.trail), &absent.trail),
                _ => self.preset_value(plain, How::Default, absence()),
            }),
            Preset::Undocumented => read.or_default(&|_| Value::unknown(Because::UndocumentedDefault, &absence())),
            _ => read.or_default(&|_| Value::new(Kind::Absent, &absence())),
        };
        switched(&value)
    }

    fn preset_value(&self, plain: Plain, how: How, absence: Trail) -> Value {
        let place = Place::Framework(self.places.first().map_or(self.setting.name, |spot| self.name_of(spot)));
        // What nobody can write has no place where it is missing.
        let before = if self.places.is_empty() { Vec::new() } else { vec![absence] };
        let trail = Step::of(place, how, before);
        Value::new(plain.kind(&trail), &trail)
    }

    /// What is written where the installed version does not look.
    fn unread(&self, looked: &Looked<'_>, facts: &Facts) -> Option<Value> {
        let mut dead = self.places.iter().filter(|spot| spot.effect_in(facts) == Effect::Ignored);
        let own = dead.find_map(|spot| looked.written(spot));
        let mut read = self.places.iter().filter(|spot| spot.root == Root::Options);
        own.or_else(|| read.find_map(|spot| facts.in_dead_block(looked.options, spot.path)))
    }

    /// Whether a value says what holds anyway.
    fn changes_nothing(&self, value: &Value, facts: &Facts) -> bool {
        let (Preset::Default(plain) | Preset::Fixed(plain)) = self.default.settled(facts) else { return false };
        self.reader.apply(value).same_as(&Value::new(plain.kind(&value.trail), &value.trail)) == Some(true)
    }

    /// The path that the installed version reads.
    fn read_at(&self, facts: &Facts) -> Option<&'static str> {
        self.places.iter().find(|spot| spot.effect_in(facts) == Effect::Read).map(|spot| spot.path)
    }

    /// Where a key is missing: at what is written where nobody reads it, else at the smallest thing that exists around.
    fn absence(&self, root: &Value, unread: Option<&Value>, facts: &Facts) -> Trail {
        if let Some(unread) = unread {
            return unread_trail(unread, self.read_at(facts));
        }
        let Some(spot) = self.places.first().filter(|spot| spot.root == Root::Options) else {
            return root.trail.clone();
        };
        let mut around = root.clone();
        for key in spot.path.split('.') {
            let inner = around.field(key);
            if !matches!(inner.kind, Kind::Object { .. }) || is_made_elsewhere(&inner, &around) {
                break;
            }
            around = inner;
        }
        around.trail
    }

    /// The place to write the setting at: where the framework reads it from now, else the first place that it reads.
    fn home(&self, looked: &Looked<'_>, facts: &Facts) -> Option<&'static str> {
        let is_read = |spot: &&Spot| spot.effect_in(facts) == Effect::Read && spot.root == Root::Options;
        let mut read = self.places.iter().filter(is_read);
        let first = read.next();
        let written = |spot: &&Spot| !looked.at(spot).is_absent();
        first.into_iter().chain(read).find(written).or(first).map(|spot| spot.path)
    }

    /// The key that a user would look for: where it is written and counts, else where it belongs.
    pub fn key_in(&self, looked: &Looked<'_>, facts: &Facts) -> &'static str {
        self.looked_for(looked, facts).map_or(self.setting.name, |spot| self.name_of(spot))
    }

    /// Whether the key that [`Row::key_in`] gives is one that users write.
    fn has_name(&self, looked: &Looked<'_>, facts: &Facts) -> bool {
        self.looked_for(looked, facts).is_some_and(|spot| !spot.path.is_empty())
    }

    /// The place that a user would look for.
    fn looked_for(&self, looked: &Looked<'_>, facts: &Facts) -> Option<&'static Spot> {
        let counts = || self.places.iter().filter(|spot| spot.effect_in(facts) != Effect::Ignored);
        let written = counts().find(|spot| !matches!(looked.at(spot).kind, Kind::Absent | Kind::Unknown(_)));
        written.or_else(|| counts().next()).or(self.places.first())
    }

    /// How a place is called: by its path, and what has none by the setting.
    pub(crate) fn name_of(&self, spot: &Spot) -> &'static str {
        if spot.path.is_empty() { self.setting.name } else { spot.path }
    }
}

/// Whether a call made an object: the literal stands in the code that was called, which serves other callers, too.
fn is_made_elsewhere(inner: &Value, around: &Value) -> bool {
    let literal = matches!(inner.trail.how, How::Written) && inner.trail.before.is_empty();
    let (Some((file, span)), Some((of, outer))) = (inner.trail.primary(), around.trail.primary()) else { return false };
    literal && !(file == of && outer.holds(span))
}

/// The trail of what is not there for the version, because it is written where the version does not look.
pub(crate) fn unread_trail(written: &Value, reads: Option<&'static str>) -> Trail {
    Step::after(written.trail.place, How::Unread { reads }, &written.trail)
}

/// A switch that only a variable nobody settles turns on or off is unknown, not "possibly on": whether the branch is
/// written as a comparison or as an assignment under a condition, it says the same.
fn switched(value: &Value) -> Value {
    let Kind::Choice(question, arms) = &value.kind else { return value.clone() };
    if arms.iter().any(|arm| matches!(arm.kind, Kind::Choice(..))) {
        return Value::choice(question.clone(), arms.iter().map(switched).collect(), &value.trail);
    }
    let (Question::IsSet(variable) | Question::Equals(variable, _)) = question else { return value.clone() };
    let [Kind::Bool(no), Kind::Bool(yes)] = [&arms[0].kind, &arms[arms.len() - 1].kind] else { return value.clone() };
    if arms.len() != 2 || no == yes || arms.iter().any(|arm| matches!(arm.trail.how, How::Fallback)) {
        return value.clone();
    }
    let mut unknown: Unknown = Because::Variable(variable.clone()).into();
    unknown.unset_with = None;
    unknown.answers = Some(Arc::new((question.clone(), *yes)));
    let written = arms.iter().find(|arm| !arm.trail.is_default()).unwrap_or(value);
    Value::new(Kind::Unknown(unknown), &written.trail)
}

impl Preset {
    /// The preset as a sentence says it: `by default "*"`.
    pub fn in_words(self) -> String {
        match self {
            Preset::Absent => "not set by default".into(),
            Preset::Default(value) => format!("by default {}", value.in_words()),
            Preset::Fixed(value) => format!("always {}", value.in_words()),
            Preset::Undocumented => "its default is not documented".into(),
            Preset::NotHere => "the framework has no such setting".into(),
            Preset::Depends(_) | Preset::Chosen(_) => "its default depends on the version and on other settings".into(),
        }
    }

    /// The preset for these facts, with what it depends on decided.
    pub fn settled(self, facts: &Facts) -> Preset {
        match self {
            Preset::Depends(decide) => decide(facts).settled(facts),
            Preset::Chosen(steps) => {
                for (when, preset) in steps {
                    match when.holds(facts) {
                        Some(true) => return preset.settled(facts),
                        Some(false) => {}
                        // Nobody knows which of them it is.
                        None => return Preset::Undocumented,
                    }
                }
                Preset::Absent
            }
            other => other,
        }
    }
}

/// Whether a call looks something up by a name: `cookie.get("domain")`, `options.getOrDefault(…)`.
fn looks_up(call: &crate::eval::Call) -> bool {
    let name = match &call.callee.kind {
        Kind::External { path, .. } => path.rsplit('.').next().unwrap_or(path),
        _ => return false,
    };
    !call.is_new && matches!(name, "get" | "getItem" | "getenv" | "pop")
}

impl Reader {
    /// The value where its first stage says what a variable stands for that is not set.
    fn unset(self, value: &Value) -> Value {
        match self {
            Reader::UnsetIs(_) | Reader::UnsetIsRefused => self.apply(value),
            Reader::Then(stages) => stages.first().map_or_else(|| value.clone(), |first| first.unset(value)),
            _ => value.clone(),
        }
    }

    /// The value as the setting has it; what does not fit the reader stays, and is of the wrong type.
    pub fn apply(self, value: &Value) -> Value {
        self.apply_in(value, &Asking { evaluator: None, facts: &Facts::default() })
    }

    /// What is written at one of several places, as far as it counts as written.
    fn without(self, value: Value) -> Value {
        let first = match self {
            Reader::Then(readers) => readers.first().copied(),
            one => Some(one),
        };
        match first {
            Some(Reader::Without(shapes)) => shapes::without(&value, shapes),
            _ => value,
        }
    }

    /// The value as the setting has it, for a reader that can ask.
    pub fn apply_in(self, value: &Value, asking: &Asking<'_>) -> Value {
        match self {
            Reader::List => shapes::list(value),
            Reader::Negated => Reader::Truthy.apply(value).read(&|value| match &value.kind {
                Kind::Bool(value) => Kind::Bool(!value),
                other => other.clone(),
            }),
            Reader::Contains(item) | Reader::ContainsBefore(item, _) => shapes::contains(value, item),
            Reader::Shapes(table) => shapes::of_table(value, table),
            Reader::Without(shapes) => shapes::without(value, shapes),
            Reader::UnsetIsDefault => shapes::unset_is_default(value),
            Reader::UnsetIs(plain) => shapes::unset_is(value, &|trail| plain.kind(trail)),
            Reader::UnsetIsRefused => shapes::unset_is(value, &|_| Kind::Unknown(Because::Undecided.into())),
            Reader::Then(readers) => {
                readers.iter().fold(value.clone(), |value, reader| reader.apply_in(&value, asking))
            }
            Reader::Asking(read) => read(asking, value),
            Reader::AsIs => value.clone(),
            Reader::Truthy => value.read(&|value| match &value.kind {
                Kind::Null | Kind::Bool(false) => Kind::Bool(false),
                Kind::Text(text) => Kind::Bool(!text.is_empty()),
                Kind::Number(number) => Kind::Bool(*number != 0.0),
                Kind::Call(call) if !call.is_new => Kind::Unknown(crate::eval::call_reason(call).into_plain()),
                _ => Kind::Bool(true),
            }),
            Reader::Presence => value.read(&|value| match &value.kind {
                Kind::Bool(value) => Kind::Bool(*value),
                Kind::Null => Kind::Bool(false),
                // What is looked up somewhere may be there or not.
                Kind::Call(call) if looks_up(call) => Kind::Unknown(crate::eval::call_reason(call).into_plain()),
                _ => Kind::Bool(true),
            }),
            Reader::Seconds => value.read(&|value| duration(&value.kind, 1.0)),
            Reader::Milliseconds => value.read(&|value| duration(&value.kind, 0.001)),
            Reader::Bytes => value.read(&|value| match &value.kind {
                Kind::Text(text) => text.number(crate::units::bytes).map_or_else(|| value.kind.clone(), Kind::Number),
                other => other.clone(),
            }),
            Reader::CommaList => value.each(&mut |value| match &value.kind {
                Kind::Text(text) => {
                    let items = text
                        .split(",")
                        .into_iter()
                        .map(|part| part.map(|part| part.trim().to_owned()))
                        .filter(|part| !part.is_empty());
                    let items = items.map(|part| Value::new(Kind::Text(part), &value.trail)).collect();
                    Value::new(Kind::List { items, open: None }, &value.trail)
                }
                _ => value.clone(),
            }),
            Reader::Words(pairs) => value.read(&|value| match &value.kind {
                Kind::Text(text) => pairs
                    .iter()
                    .find(|(written, _)| text.test(|text| text.eq_ignore_ascii_case(written)))
                    .map_or_else(|| value.kind.clone(), |(_, word)| Kind::Text(Text::new(*word))),
                other => other.clone(),
            }),
            Reader::Own(read) => read(value),
        }
    }
}

fn duration(kind: &Kind, unit: f64) -> Kind {
    match kind {
        Kind::Number(number) => Kind::Number(number * unit),
        Kind::Text(text) => text.number(crate::units::seconds).map_or_else(|| kind.clone(), Kind::Number),
        Kind::Call(call) => crate::eval::seconds_of_span(call).map_or_else(|| kind.clone(), Kind::Number),
        other => other.clone(),
    }
}
