//! The readers that a file of facts can name: how what is written becomes a setting's value.

use crate::eval::{Because, How, Kind, Parts, Step, Unknown, Value};
use crate::reading::table::{Asking, Reader};
use crate::text::Text;

/// Readers of plain values, and those in code, by their names.
static READERS: &[(&str, Reader)] = &[
    ("truthy", Reader::Truthy),
    ("presence", Reader::Presence),
    ("seconds", Reader::Seconds),
    ("milliseconds", Reader::Milliseconds),
    ("bytes", Reader::Bytes),
    ("list", Reader::List),
    ("comma_list", Reader::CommaList),
    ("negated", Reader::Negated),
    ("origins", Reader::Asking(origins)),
    ("patterns", Reader::Asking(patterns)),
    ("session_secure", Reader::Asking(session_secure)),
    ("helmet", Reader::Asking(helmet)),
    ("span_or_date", Reader::Own(span_or_date)),
];

/// The reader of a name; `contains:ITEM` stands for one of every item.
pub(super) fn named(name: &'static str) -> Option<Reader> {
    if let Some(item) = name.strip_prefix("contains:") {
        return (!item.is_empty()).then_some(Reader::Contains(item));
    }
    READERS.iter().find(|(own, _)| *own == name).map(|(_, reader)| *reader)
}

/// The names of all readers.
pub(super) fn names() -> impl Iterator<Item = &'static str> + Clone {
    READERS.iter().map(|(name, _)| *name).chain(["contains:ITEM"])
}

/// Origins as CORS libraries of JavaScript take them: one or a list, `true` for whichever asks, nothing for none, and a
/// function, which is asked whom it lets in.
fn origins(asking: &Asking<'_>, value: &Value) -> Value {
    value.each(&mut |value| match &value.kind {
        Kind::Text(text) if text.is_empty() => nobody(value),
        Kind::Text(_) | Kind::Pattern { .. } => one(value),
        Kind::Bool(false) | Kind::Null => nobody(value),
        Kind::Function(_) => let_in_by(asking, value),
        _ => value.clone(),
    })
}

/// Whom a function lets in: everybody where it says yes whatever it is asked; nobody by itself where it looks the
/// asking origin up.
fn let_in_by(asking: &Asking<'_>, function: &Value) -> Value {
    let everybody = || Value::new(Kind::Bool(true), &function.trail);
    let Some(evaluator) = asking.evaluator else { return Value::unknown(Because::Undecided, &function.trail) };
    let anything = Value::unknown(Because::Undecided, &function.trail);
    match evaluator.call(function, vec![anything]).kind {
        Kind::Bool(true) => everybody(),
        Kind::Bool(false) => nobody(function),
        // Whoever holds the asking origin against something does not let everybody in.
        _ => match evaluator.lets_origin_in(function) {
            Some(true) => everybody(),
            Some(false) => nobody(function),
            None => Value::unknown(Because::Undecided, &function.trail),
        },
    }
}

fn one(value: &Value) -> Value {
    Value::new(Kind::List { items: [value.clone()].into(), open: None }, &value.trail)
}

fn nobody(value: &Value) -> Value {
    Value::new(Kind::List { items: Parts::from([]), open: None }, &value.trail)
}

/// The regular expressions among origins.
fn patterns(asking: &Asking<'_>, value: &Value) -> Value {
    origins(asking, value).each(&mut |origins| match &origins.kind {
        Kind::List { items, open } => {
            let patterns = items.iter().filter(|item| matches!(item.kind, Kind::Pattern { .. })).cloned().collect();
            let open = open.clone().filter(|open| !is_variable(open));
            Value::new(Kind::List { items: patterns, open }, &origins.trail)
        }
        Kind::Unknown(unknown) if !is_variable(unknown) => origins.clone(),
        Kind::Call(_) | Kind::Absent => origins.clone(),
        _ => nobody(origins),
    })
}

/// Whether something is unknown because it is the text of a variable, which is no regular expression.
fn is_variable(unknown: &Unknown) -> bool {
    matches!(unknown.because, Because::Variable(_))
}

/// The mark of an app that believes what its proxy says of the scheme.
pub(super) const TRUSTS_PROXY: &str = "trusts_proxy";

/// `secure` of a session's cookie: `"auto"` is https as the app sees it, which hangs on whether it believes its proxy.
fn session_secure(asking: &Asking<'_>, value: &Value) -> Value {
    value.each(&mut |value| match &value.kind {
        Kind::Text(text) if text.test(|text| text.eq_ignore_ascii_case("auto")) => {
            if asking.facts.has(TRUSTS_PROXY) {
                Value::new(Kind::Bool(true), &value.trail)
            } else {
                Value::unknown(Because::Undecided, &value.trail)
            }
        }
        _ => Reader::Truthy.apply(value),
    })
}

/// What Helmet's options are called, and the protection that each switches off where it is `false`.
const HELMET: &[(&[&str], &str)] = &[
    (&["xContentTypeOptions", "noSniff"], "nosniff"),
    (&["xFrameOptions", "frameguard"], "frame_protection"),
    (&["contentSecurityPolicy", "csp"], "content_policy"),
    (&["referrerPolicy"], "referrer_policy"),
    (&["strictTransportSecurity", "hsts"], "hsts"),
];

/// The protections that Helmet sends with these options; without options it sends all.
fn helmet(_: &Asking<'_>, value: &Value) -> Value {
    value.each(&mut |options| {
        let trail = match options.kind {
            Kind::Absent => Step::after(options.trail.place, How::Default, &options.trail),
            Kind::Object { open: None, .. } => options.trail.clone(),
            Kind::Unknown(_) => return options.clone(),
            _ => return Value::unknown(Because::Undecided, &options.trail),
        };
        let is_off = |keys: &[&str]| keys.iter().any(|key| options.field(key).as_bool() == Some(false));
        let sent = HELMET.iter().filter(|(keys, _)| !is_off(keys));
        let items = sent.map(|(_, word)| Value::new(Kind::Text(Text::new(*word)), &trail)).collect();
        Value::new(Kind::List { items, open: None }, &trail)
    })
}

/// A lifetime where a text is a duration and a number is a point in time, which no file tells.
fn span_or_date(value: &Value) -> Value {
    value.each(&mut |value| match value.kind {
        Kind::Number(_) => Value::unknown(Because::Undecided, &value.trail),
        _ => Reader::Seconds.apply(value),
    })
}
