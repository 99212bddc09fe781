//! The readers that a file of facts can name: how what is written becomes a setting's value.

mod auth;
mod better_auth;
mod headers;
mod limits;
mod mcp;
mod python;
mod starlette;
mod tokens;
mod units;

use super::secrets::source_of_key;
use crate::eval::{Because, Kind, Value};
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
    ("bare_origins", Reader::Asking(bare_origins)),
    ("session_secure", Reader::Asking(session_secure)),
    ("helmet", Reader::Own(headers::helmet)),
    ("lusca", Reader::Own(headers::lusca)),
    ("span_or_date", Reader::Own(span_or_date)),
    ("narrow_pattern", Reader::Own(narrow_pattern)),
    ("cookie_purpose", Reader::Own(cookie_purpose)),
    ("cookie_prefix", Reader::Own(cookie_prefix)),
    ("exact_origins", Reader::Asking(exact_origins)),
    ("dead_origins", Reader::Own(dead_origins)),
    ("helmet_hsts", Reader::Own(headers::helmet_hsts)),
    ("hono_headers", Reader::Own(headers::hono)),
    ("talisman_headers", Reader::Own(headers::talisman)),
    ("hsts_text", Reader::Own(headers::hsts_text)),
    ("limit_key", Reader::Asking(limits::key)),
    ("never_skips", Reader::Asking(limits::never_skips)),
    ("token_end", Reader::Own(token_end)),
    ("key_of_others", Reader::Own(tokens::key_of_others)),
    ("names_sender_alone", Reader::Own(tokens::names_sender_alone)),
    ("throttler_window", Reader::Asking(limits::throttler_window)),
    ("starlette_origins", Reader::Own(starlette::starlette_origins)),
    ("full_patterns", Reader::Own(starlette::full_patterns)),
    ("flask_origins", Reader::Own(python::flask_origins)),
    ("flask_patterns", Reader::Own(python::flask_patterns)),
    ("limits_store", Reader::Own(python::limits_store)),
    ("begun_patterns", Reader::Own(python::begun_patterns)),
    ("cors_headers_origins", Reader::Own(python::cors_headers_origins)),
    ("rest_permissions", Reader::Own(python::rest_permissions)),
    ("secure_or_address", Reader::Own(auth::secure_or_address)),
    ("secure_or_base_url", Reader::Asking(better_auth::secure_or_base_url)),
    ("cookie_cache", Reader::Own(better_auth::cookie_cache)),
    ("sensitive_actions", Reader::Own(better_auth::sensitive_actions)),
    ("own_hashing", Reader::Asking(better_auth::own_hashing)),
    ("spans", Reader::Own(units::spans)),
    ("signed_span", Reader::Own(units::signed_span)),
    ("size_limit", Reader::Own(units::size_limit)),
    ("allowed_types", Reader::Own(units::allowed_types)),
    ("rebinding_check", Reader::Own(mcp::rebinding_check)),
    ("first_scheme", Reader::Own(python::first_scheme)),
    ("database_address", Reader::Own(python::database_address)),
    ("nest_levels", Reader::Own(nest_levels)),
    ("salt_rounds", Reader::Own(auth::salt_rounds)),
    ("key_source", Reader::Own(key_source)),
    ("unseen", Reader::Own(|value| Value::unknown(Because::Undecided, &value.trail))),
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

/// Whether a key is made anew at each start, always or where its variable is not set; what else there is counts as given.
fn key_source(value: &Value) -> Value {
    let configured = |value: &Value| Value::new(Kind::Text(Text::new("configured")), &value.trail);
    source_of_key(value).map_or_else(
        || configured(value),
        |source| {
            source.each(&mut |value| match &value.kind {
                Kind::Text(_) => value.clone(),
                Kind::Unknown(unknown) if matches!(unknown.because, Because::Undecided) => value.clone(),
                _ => configured(value),
            })
        },
    )
}

/// The least level that the logger of NestJS writes, of a list of those that it writes.
fn nest_levels(value: &Value) -> Value {
    value.each(&mut |value| {
        let word = |word: &str| Value::new(Kind::Text(Text::new(word)), &value.trail);
        match &value.kind {
            Kind::List { items, open } => {
                let has = |level: &str| items.iter().any(|item| item.as_text().is_some_and(|text| text.is(level)));
                let is_unread = open.is_some() || items.iter().any(|item| item.as_text().is_none());
                let levels = [("verbose", "verbose"), ("debug", "debug"), ("log", "info"), ("warn", "warn")];
                match levels.iter().find(|(level, _)| has(level)) {
                    Some((_, level)) if !is_unread || matches!(*level, "verbose" | "debug") => word(level),
                    _ if is_unread => Value::unknown(Because::Undecided, &value.trail),
                    _ => word("error"),
                }
            }
            Kind::Bool(false) => word("silent"),
            Kind::Unknown(unknown) if matches!(unknown.because, Because::Variable(_)) => value.clone(),
            // A logger of one's own, or one that is there already.
            _ => Value::new(Kind::Absent, &value.trail),
        }
    })
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

/// Origins where a text without a scheme stands for both: plain http is one of them.
fn bare_origins(asking: &Asking<'_>, value: &Value) -> Value {
    origins(asking, value).each(&mut |origins| {
        let Kind::List { items, open } = &origins.kind else { return origins.clone() };
        let plain = |item: &Value| match &item.kind {
            Kind::Text(text) if !text.test(|text| text.contains("://") || text.contains('*') || text.is_empty()) => {
                Value::new(Kind::Text(text.map(|text| format!("http://{text}"))), &item.trail)
            }
            _ => item.clone(),
        };
        let items = items.iter().map(plain).collect();
        Value::new(Kind::List { items, open: open.clone() }, &origins.trail)
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

/// Whether a regular expression of addresses names some of them: it has a word in it.
fn narrow_pattern(pattern: &Value) -> Value {
    pattern.read(&|pattern| match &pattern.kind {
        Kind::Text(text) => Kind::Bool(text.test(|text| text.contains(|c: char| c.is_ascii_alphabetic()))),
        _ => Kind::Unknown(Because::Undecided.into()),
    })
}

/// What a cookie carries, as its name says.
fn cookie_purpose(name: &Value) -> Value {
    name.read(&|name| match &name.kind {
        Kind::Text(text) => Kind::Text(Text::new(cookies::purpose(&text.as_name()))),
        _ => Kind::Unknown(Because::Undecided.into()),
    })
}

/// `__Host-` or `__Secure-` at the start of a cookie's name.
fn cookie_prefix(name: &Value) -> Value {
    name.read(&|name| match &name.kind {
        Kind::Text(text) => ["__Host-", "__Secure-"]
            .into_iter()
            .find(|prefix| text.test(|text| text.starts_with(prefix)))
            .map_or(Kind::Absent, |prefix| Kind::Text(Text::new(prefix))),
        _ => Kind::Unknown(Because::Undecided.into()),
    })
}

/// Origins where `*` lets everybody in only by itself: in a list it is held against the asking origin, letter by letter.
fn exact_origins(asking: &Asking<'_>, value: &Value) -> Value {
    origins(asking, &value.each(&mut |value| without_stars(value, false)))
}

/// The items of a list of origins that nobody has.
fn dead_origins(value: &Value) -> Value {
    value.each(&mut |value| match value.kind {
        Kind::List { .. } => without_stars(value, true),
        Kind::Absent => value.clone(),
        _ => origins::nobody(value),
    })
}

/// The items of a list that are no `*`; those that are one where `wanted`.
fn without_stars(value: &Value, wanted: bool) -> Value {
    let Kind::List { items, open } = &value.kind else { return value.clone() };
    let is_star = |item: &&Value| item.as_text().is_some_and(|text| text.is("*"));
    let items = items.iter().filter(|item| is_star(item) == wanted).cloned().collect();
    Value::new(Kind::List { items, open: open.clone().filter(|_| !wanted) }, &value.trail)
}

/// Seconds since 1970 on which tokens were signed long ago: what is larger is a point in time.
const POINT_IN_TIME: f64 = 1_000_000_000.0;

/// How long a token lives: seconds, or a text with a unit. A point in time says it, too, in a way that no file tells.
fn token_end(value: &Value) -> Value {
    Reader::Seconds.apply(value).read(&|value| match value.kind {
        Kind::Number(seconds) if seconds < POINT_IN_TIME => Kind::Number(seconds),
        Kind::Number(_) => Kind::Unknown(Because::Undecided.into()),
        ref other => other.clone(),
    })
}

/// A lifetime where a text is a duration and a number is a point in time, which no file tells.
fn span_or_date(value: &Value) -> Value {
    value.each(&mut |value| match value.kind {
        Kind::Number(_) => Value::unknown(Because::Undecided, &value.trail),
        _ => Reader::Seconds.apply(value),
    })
}
