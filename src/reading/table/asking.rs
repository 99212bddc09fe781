//! Whom readers ask, and where the places of a row are looked up.

use super::facts::Facts;
use super::row::{Root, Spot};
use crate::eval::{Evaluator, Kind, Value};

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
    /// What code calls that object: the module that it takes it of, and the beginning of each key's path there.
    pub config_name: Option<(&'a str, &'a str)>,
}

impl<'a> Looked<'a> {
    /// Nothing but options.
    pub fn of(options: &'a Value) -> Looked<'a> {
        Looked { options, arguments: &[], evaluator: None, config: None, config_name: None }
    }

    /// What is written at a place.
    pub fn at(&self, spot: &Spot) -> Value {
        match spot.root {
            Root::Options => self.of_host(under(self.options, spot.path)),
            Root::Argument(index) => match self.arguments.get(index) {
                Some(argument) => self.of_host(under(argument, spot.path)),
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

    /// What stands under a key of the host's configuration, where a value names one: `settings.SECRET_KEY`. What the
    /// configuration does not say, its host may have by itself.
    fn of_host(&self, value: Value) -> Value {
        let (Some(config), Some((of, before))) = (self.config, self.config_name) else { return value };
        value.each(&mut |value| {
            let Kind::External { module, path } = &value.kind else { return value.clone() };
            let key = path.strip_prefix(before).filter(|key| &**module == of && !key.contains('.'));
            let found = key.map(|key| config.field(key)).filter(|found| !found.is_absent());
            found.unwrap_or_else(|| value.clone())
        })
    }

    /// What is certainly written at a place, even where its value is not known.
    pub(super) fn written(&self, spot: &Spot) -> Option<Value> {
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
