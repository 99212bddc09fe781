//! What a file says of a setting under the framework's own key: the one way in which a message or a label names a value.
//!
//! A value of the vocabulary is what a reader made of the text; under the user's own key it can be untrue (`disableChecks: true`
//! is read as "not checked"). So a value is told only where it is seen to stand there, and else nothing is.

use super::code::code;
use super::locate::Locator;
use super::{Cause, words};
use crate::eval::{How, Kind, Place, Trail, Value, World};
use crate::mask::{HIDDEN, Masker};
use crate::settings::{Home, Key, Reading, Resource, Setting, Type};
use crate::syntax::{FileId, Span};
use crate::text::Text;

/// The longest literal that is told.
const LONGEST: usize = 80;
/// The most steps that are looked through for a literal.
const MOST_STEPS: usize = 8;

/// Where values are told: the files, what may be shown, and the world that is told.
pub(super) struct Telling<'a, 's> {
    pub(super) locator: &'a Locator<'s>,
    pub(super) masker: &'a Masker,
    pub(super) world: &'a World,
    /// Whether the app's language spells `True`.
    pub(super) is_python: bool,
}

impl Telling<'_, '_> {
    /// `` `session.freshAge` is 0``, `` `auth.mode` is not set``; nothing where that cannot be seen.
    pub(super) fn state(&self, resource: &Resource, setting: Key, value: &Value) -> Option<String> {
        let key = &*resource.spot(setting)?.key;
        if setting.ty == Type::Secret && !value.is_absent() {
            return None;
        }
        let told = match resource.home(setting) {
            Some(Home::Key { root, path, read }) => self.at_home(key, root, path, read, value),
            _ => None,
        };
        told.or_else(|| self.where_it_stands(key, value))
    }

    /// What stands under the path that the adapter names, where that is what decides.
    fn at_home(&self, key: &str, root: &Value, path: &str, read: &Reading, value: &Value) -> Option<String> {
        let written = if path.is_empty() { root.clone() } else { root.path(path) };
        let written = written.within(self.world);
        if written.is_absent() {
            let unset = matches!(words::cause(value), Cause::Default | Cause::Absent);
            return unset.then(|| format!("{} is not set{}", code(key), self.default(read, value)));
        }
        if value.within(self.world).same_as(&read.of(&written)) == Some(false) {
            return None;
        }
        // What a variable holds stands under the variable's name, and is told under it.
        if written.trail.walk(MOST_STEPS).iter().any(|step| matches!(step.how, How::Sets { .. })) {
            return None;
        }
        let shown = self.literal(key, &written)?;
        if is_no_as_text(&written)
            && matches!(value.kind, Kind::Bool(true))
            && matches!(means(read, &written), Some(true))
        {
            return Some(format!("{} is the text {shown}, {COUNTS_AS_TRUE}", code(key)));
        }
        Some(format!("{} is {shown}", code(key)))
    }

    /// The default of a switch, where the key means what it says.
    fn default(&self, read: &Reading, value: &Value) -> String {
        let Kind::Bool(default) = value.kind else { return String::new() };
        let means = read.of(&Value::written(Kind::Bool(default), Place::Process)).kind;
        let is_plain = matches!(means, Kind::Bool(read) if read == default);
        if is_plain && words::cause(value) == Cause::Default {
            return format!(" (default: {})", self.word(if default { "true" } else { "false" }));
        }
        String::new()
    }

    /// What the newest step shows: a literal behind the key's last name, a line of an env file, a default, nothing.
    fn where_it_stands(&self, key: &str, value: &Value) -> Option<String> {
        for step in value.trail.walk(MOST_STEPS) {
            match &step.how {
                How::Named { .. } | How::Reads { .. } | How::Fallback => {}
                How::Default => return Some(format!("{} is not set", code(key))),
                How::NotSet { variable } => return Some(format!("{} is not set", code(variable))),
                How::Sets { variable } => {
                    let shown = self.source(variable, step.place.in_file()?)?;
                    return Some(format!("{} is {shown}", code(variable)));
                }
                How::Written if value.is_absent() => return Some(format!("{} is not set", code(key))),
                How::Written => {
                    let place = step.place.in_file()?;
                    let stands = follows(self.locator, key, place) && is_alone(&value.trail);
                    let shown = self.source(key, place).filter(|_| stands)?;
                    return Some(format!("{} is {shown}", code(key)));
                }
                _ => return None,
            }
        }
        None
    }

    /// A value as the file's language spells it, where it is plain and may be shown.
    fn literal(&self, key: &str, value: &Value) -> Option<String> {
        let ty = match &value.kind {
            Kind::Bool(yes) => return Some(self.word(if *yes { "true" } else { "false" })),
            Kind::Null => return Some(self.word("null")),
            Kind::Number(_) => Type::Number,
            Kind::Text(_) => Type::Text,
            Kind::List { items, open: None } if items.iter().all(|item| item.as_text().is_some()) => Type::Texts,
            _ => return None,
        };
        self.shown(self.masker.value(ty, key, value))
    }

    /// The literal in a file's text, as it is written there.
    fn source(&self, key: &str, (file, span): (FileId, Span)) -> Option<String> {
        let text = self.locator.text(file)?;
        let raw = text.get(span.start as usize..span.end as usize)?.trim();
        let is_word = |word: &&str| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        };
        let inner = match raw.as_bytes() {
            [open @ (b'"' | b'\''), .., close] if open == close => &raw[1..raw.len() - 1],
            _ => return Some(raw).filter(is_word).and_then(|raw| self.plain(key, raw)),
        };
        if inner.contains(['"', '\'', '\\', '\n', '$', '{']) {
            return None;
        }
        self.shown(self.masker.value(Type::Text, key, &Value::written(Kind::Text(Text::new(inner)), Place::Process)))
    }

    /// A word without quotes: a switch, a number, a value of an env file.
    fn plain(&self, key: &str, raw: &str) -> Option<String> {
        let shown = self.masker.value(Type::Text, key, &Value::written(Kind::Text(Text::new(raw)), Place::Process));
        self.shown(shown).map(|shown| shown.trim_matches('"').to_owned()).filter(|shown| !shown.is_empty())
    }

    fn shown(&self, shown: String) -> Option<String> {
        (!shown.contains(HIDDEN) && shown.chars().count() <= LONGEST).then_some(shown)
    }

    fn word(&self, word: &str) -> String {
        spelled(word, self.is_python).to_owned()
    }
}

/// Whether the last name of a key stands right before a place: `secure: false`, `SECURE = False`, `"secure": false`.
pub(super) fn follows(locator: &Locator<'_>, key: &str, (file, span): (FileId, Span)) -> bool {
    let Some(text) = locator.text(file) else { return false };
    let before = text.get(..span.start as usize).unwrap_or_default().trim_end();
    let Some(before) = before.strip_suffix([':', '=']) else { return false };
    let before = before.trim_end().trim_end_matches(['"', '\'']);
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '$');
    let last = key.trim_end_matches(|c| !is_name(c)).rsplit(|c| !is_name(c)).next().unwrap_or_default();
    !last.is_empty() && before.strip_suffix(last).is_some_and(|rest| !rest.ends_with(is_name))
}

/// A switch as the language spells it.
pub(super) fn spelled(word: &str, is_python: bool) -> &str {
    match word {
        "true" if is_python => "True",
        "false" if is_python => "False",
        "null" if is_python => "None",
        word => word,
    }
}

/// The phrase of a setting's state, where the vocabulary has one.
pub(super) fn phrase(setting: &Setting, value: &Value, masker: &Masker) -> Option<String> {
    let said = match (&value.kind, setting.ty) {
        (Kind::Bool(yes), Type::Bool) => setting.phrases.get(usize::from(*yes))?,
        (Kind::Text(text), Type::Word(words)) => setting.phrases.get(words.iter().position(|word| text.is(word))?)?,
        (Kind::List { items, .. }, Type::Texts) => {
            let mut names: Vec<String> =
                items.iter().filter_map(|item| Some(code(&masker.name(&item.as_text()?.as_name())))).collect();
            names.dedup();
            let shown = names.join(" and ");
            return setting.phrases.first().map(|said| said.replace("{}", &shown)).filter(|_| !shown.is_empty());
        }
        (Kind::Number(_) | Kind::Text(_), _) => {
            let shown = masker.value(setting.ty, setting.name, value);
            return setting.phrases.first().map(|said| said.replace("{}", &shown));
        }
        _ => return None,
    };
    (!said.is_empty()).then(|| (*said).to_owned())
}

/// What is said of a text that its author meant as a no.
pub(super) const COUNTS_AS_TRUE: &str = "which counts as true";

/// Whether a text says no, which no language takes for one.
fn is_no_as_text(value: &Value) -> bool {
    let is_no = |text: &str| ["false", "0", "no", "off"].contains(&text.to_ascii_lowercase().as_str());
    value.as_text().is_some_and(|text| text.test(is_no))
}

/// What a switch makes of a value.
fn means(read: &Reading, value: &Value) -> Option<bool> {
    read.of(value).as_bool()
}

/// Whether nothing was combined or computed on the way to a literal.
fn is_alone(trail: &Trail) -> bool {
    trail.walk(MOST_STEPS).iter().all(|step| !matches!(step.how, How::Joined | How::Derived | How::Fixed))
}
