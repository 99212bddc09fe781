//! The readers that a file of facts can name: how what is written becomes a setting's value.

use crate::eval::{Because, How, Kind, Step, Value};
use crate::reading::cookies;
use crate::reading::origins;
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
    ("cookie_purpose", Reader::Own(cookie_purpose)),
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
        Kind::Text(text) if text.is_empty() => origins::nobody(value),
        Kind::Text(_) | Kind::Pattern { .. } => one(value),
        Kind::Bool(false) | Kind::Null => origins::nobody(value),
        Kind::Function(_) => match asking.evaluator {
            Some(evaluator) => origins::asked(evaluator, value),
            None => Value::unknown(Because::Undecided, &value.trail),
        },
        _ => value.clone(),
    })
}

fn one(value: &Value) -> Value {
    Value::new(Kind::List { items: [value.clone()].into(), open: None }, &value.trail)
}

/// The regular expressions among origins.
fn patterns(asking: &Asking<'_>, value: &Value) -> Value {
    origins(asking, value).each(&mut |origins| match origins.kind {
        Kind::Absent => origins.clone(),
        _ => origins::patterns(origins),
    })
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

/// What a cookie carries, as its name says.
fn cookie_purpose(name: &Value) -> Value {
    name.read(&|name| match &name.kind {
        Kind::Text(text) => Kind::Text(Text::new(cookies::purpose(&text.as_name()))),
        _ => Kind::Unknown(Because::Undecided.into()),
    })
}

/// A lifetime where a text is a duration and a number is a point in time, which no file tells.
fn span_or_date(value: &Value) -> Value {
    value.each(&mut |value| match value.kind {
        Kind::Number(_) => Value::unknown(Because::Undecided, &value.trail),
        _ => Reader::Seconds.apply(value),
    })
}
