//! The facts of a table: which key is which setting, how it is read, what its absence means.

use super::asking::Asking;
use super::facts::Facts;
use crate::eval::{Kind, Trail, Value};
use crate::reading::shapes::Shape;
use crate::reading::version::Versions;
use crate::settings::Key;
use crate::text::Text;

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

impl Plain {
    pub(super) fn in_words(self) -> String {
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

impl Preset {
    /// The preset as a sentence says it: ``by default `"*"` ``.
    pub fn in_words(self) -> String {
        match self {
            Preset::Absent => "not set by default".into(),
            Preset::Default(value) => format!("by default `{}`", value.in_words()),
            Preset::Fixed(value) => format!("always `{}`", value.in_words()),
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
