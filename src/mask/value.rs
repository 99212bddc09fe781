//! Values in words, as far as they may be shown.

use super::{HIDDEN, Masker, looks, reveal};
use crate::eval::{Because, Kind, Question, Value};
use crate::rules::{Quantity, Unit};
use crate::settings::Type;
use crate::text::Text;

/// The most items of a list that are spelled out.
const MOST_ITEMS: usize = 8;
/// The most characters of one text that are shown.
const MOST_CHARS: usize = 120;

impl Masker {
    /// A value in a few words. `name` is the key or variable that holds it, which can make it secret.
    pub fn value(&self, ty: Type, name: &str, value: &Value) -> String {
        match &value.kind {
            Kind::Absent => "not set".into(),
            Kind::Null => "null".into(),
            Kind::Bool(value) => value.to_string(),
            Kind::Number(_) if hides_all(ty, name) => HIDDEN.into(),
            Kind::Number(number) => with_unit(ty, *number),
            Kind::Text(text) => self.text(ty, name, text),
            Kind::Pattern { source, .. } => self.text(Type::Text, name, source),
            Kind::List { items, open } => self.list(ty, name, items, open.is_some()),
            Kind::Object { .. } => "{…}".into(),
            Kind::Function(_) => "a function".into(),
            Kind::Class(_) => "a class".into(),
            Kind::Module(_) => "a module".into(),
            Kind::Call(call) => call.external().map_or("a call".into(), |(_, path)| format!("{path}(…)")),
            Kind::External { path, .. } => path.to_string(),
            Kind::Schema(_) => "a schema".into(),
            Kind::Environment => "the environment".into(),
            Kind::Choice(_, arms) => {
                let mut shown: Vec<String> = arms.iter().map(|arm| self.value(ty, name, arm)).collect();
                shown.dedup();
                shown.join(" or ")
            }
            Kind::Unknown(unknown) => format!("unknown ({})", because(&unknown.because)),
        }
    }

    /// A text in quotes, or the sign that it is hidden.
    fn text(&self, ty: Type, name: &str, text: &Text) -> String {
        let raw = reveal(text);
        match ty {
            Type::Secret => return HIDDEN.into(),
            // A word of the vocabulary is ours, not the project's.
            Type::Word(_) | Type::Words(_) => return raw.into(),
            _ => {}
        }
        if self.may_show(name, raw) { quoted(raw) } else { HIDDEN.into() }
    }

    /// Whether a text that hangs on this name may be shown.
    fn may_show(&self, name: &str, raw: &str) -> bool {
        // An origin is what frames show, too: `https://app.example.com`.
        let is_origin = looks::is_plain_address(raw) && raw.matches('/').count() == 2;
        if looks::openly(raw) || is_origin && self.known_in(raw).is_empty() {
            return true;
        }
        !looks::secret_name(name)
            && self.known_in(raw).is_empty()
            && looks::secret_ranges(raw).is_empty()
            && looks::told(raw).is_empty()
    }

    /// A text that an open question names: shown only where it is an everyday word.
    pub fn asked_text(&self, name: &str, text: &Text) -> Option<String> {
        let raw = reveal(text);
        let plain = looks::harmless(raw) || (raw.len() <= 16 && raw.bytes().all(|byte| byte.is_ascii_lowercase()));
        (plain && self.may_show(name, raw)).then(|| quoted(raw))
    }

    fn list(&self, ty: Type, name: &str, items: &[Value], open: bool) -> String {
        let mut shown: Vec<String> = items.iter().take(MOST_ITEMS).map(|item| self.value(ty, name, item)).collect();
        if open || items.len() > MOST_ITEMS {
            shown.push("…".into());
        }
        format!("[{}]", shown.join(", "))
    }
}

fn hides_all(ty: Type, name: &str) -> bool {
    ty == Type::Secret || (ty == Type::Any && looks::secret_name(name))
}

fn quoted(raw: &str) -> String {
    let mut shown: String = raw.chars().take(MOST_CHARS).collect();
    if raw.chars().nth(MOST_CHARS).is_some() {
        shown.push('…');
    }
    format!("\"{shown}\"")
}

/// A number with its unit, as people write it.
fn with_unit(ty: Type, amount: f64) -> String {
    let unit = match ty {
        Type::Seconds => Unit::Seconds,
        Type::Bytes => Unit::Bytes,
        _ => Unit::Plain,
    };
    Quantity { amount, unit }.to_string()
}

/// Why something is not known, in a few words.
pub(crate) fn because(because: &Because) -> String {
    match because {
        Because::Variable(name) => format!("no file sets {name}"),
        Because::Call(name) => format!("prodcheck does not follow {name}()"),
        Because::MissingFile(path) => format!("{path} is not in the tree"),
        Because::Unreadable(_) => "the file cannot be read".into(),
        Because::UndocumentedDefault => "the framework does not document its default".into(),
        Because::WrongType => "it has another type than the framework reads".into(),
        Because::UnknownVersion => "prodcheck does not know this version of the framework".into(),
        Because::NewerVersion(versions) => {
            format!("{} is newer than what prodcheck knows ({})", versions[0], versions[1])
        }
        Because::UnlistedOption => "no document of the framework names such an option".into(),
        Because::UnknownUnit => "the framework does not document what the number counts".into(),
        Because::Undecided => "the files do not tell".into(),
        Because::Changed => "code may change it, and when is not known".into(),
        Because::TooComplex => "it is too complex to follow".into(),
    }
}

/// An answer to an open question, in words: `ORIGINS is not set`.
pub(crate) fn answer(masker: &Masker, question: &Question, answer: usize, place: &str) -> String {
    match (question, answer) {
        (Question::IsSet(name), 0) => format!("`{name}` is not set"),
        (Question::IsSet(name), _) => format!("`{name}` is set"),
        (Question::Equals(name, text), answer) => {
            let is = if answer == 0 { "is not" } else { "is" };
            match masker.asked_text(name, text) {
                Some(text) => format!("`{name}` {is} {text}"),
                None => format!("`{name}` {is} the text that it is compared with"),
            }
        }
        (Question::Condition(..), 0) => format!("the condition {place} is false"),
        (Question::Condition(..), _) => format!("the condition {place} is true"),
        (Question::Told(name, ..), 0) => format!("`{name}` makes the condition {place} false"),
        (Question::Told(name, ..), _) => format!("`{name}` makes the condition {place} true"),
        (Question::Loads(path), 0) => format!("the deployed app does not load {path}"),
        (Question::Loads(path), _) => format!("the deployed app loads {path}"),
        (Question::OneOf(name), answer) => format!("{name} is way {}", answer + 1),
    }
}
