//! Readers of options that say which protections a library sends with each answer.

use crate::eval::{Because, How, Kind, Step, Value};
use crate::text::Text;

/// What an option is called, the protection that it switches, and whether that is on by itself.
type Switch = (&'static [&'static str], &'static str, bool);

const HELMET: &[Switch] = &[
    (&["xContentTypeOptions", "noSniff"], "nosniff", true),
    (&["xFrameOptions", "frameguard"], "frame_protection", true),
    (&["contentSecurityPolicy", "csp"], "content_policy", true),
    (&["referrerPolicy"], "referrer_policy", true),
    (&["strictTransportSecurity", "hsts"], "hsts", true),
];

const HONO: &[Switch] = &[
    (&["xContentTypeOptions"], "nosniff", true),
    (&["xFrameOptions"], "frame_protection", true),
    (&["contentSecurityPolicy"], "content_policy", false),
    (&["referrerPolicy"], "referrer_policy", true),
    (&["permissionsPolicy"], "permissions_policy", false),
    (&["strictTransportSecurity"], "hsts", true),
];

const TALISMAN: &[Switch] = &[
    (&["x_content_type_options"], "nosniff", true),
    (&["frame_options"], "frame_protection", true),
    (&["content_security_policy"], "content_policy", true),
    (&["referrer_policy"], "referrer_policy", true),
    (&["permissions_policy"], "permissions_policy", true),
    (&["strict_transport_security"], "hsts", true),
];

const LUSCA: &[Switch] = &[
    (&["nosniff"], "nosniff", false),
    (&["xframe"], "frame_protection", false),
    (&["csp"], "content_policy", false),
    (&["referrerPolicy"], "referrer_policy", false),
    (&["hsts"], "hsts", false),
];

/// The protections that Helmet sends with these options; without options it sends all.
pub(super) fn helmet(options: &Value) -> Value {
    sent(options, HELMET)
}

/// The protections that Hono's `secureHeaders` sends.
pub(super) fn hono(options: &Value) -> Value {
    sent(options, HONO)
}

/// The protections that Flask-Talisman sends.
pub(super) fn talisman(options: &Value) -> Value {
    sent(options, TALISMAN)
}

/// The protections that Lusca sends: those that the options name.
pub(super) fn lusca(options: &Value) -> Value {
    sent(options, LUSCA)
}

fn sent(options: &Value, switches: &[Switch]) -> Value {
    options.each(&mut |options| {
        let trail = match options.kind {
            Kind::Absent => Step::after(options.trail.place, How::Default, &options.trail),
            Kind::Object { open: None, .. } => options.trail.clone(),
            Kind::Unknown(_) => return options.clone(),
            _ => return Value::unknown(Because::Undecided, &options.trail),
        };
        let none = Value::new(Kind::List { items: [].into(), open: None }, &trail);
        switches.iter().fold(none, |sent, (keys, word, is_on)| {
            let switch = written(options, keys);
            if switch.is_absent() {
                return if *is_on { with(&sent, word) } else { sent };
            }
            switch.each(&mut |switch| match &switch.kind {
                Kind::Bool(false) | Kind::Null => sent.clone(),
                Kind::Absent if !is_on => sent.clone(),
                Kind::Unknown(unknown) => opened(&sent, unknown.because.clone().into_plain()),
                _ => with(&sent, word),
            })
        })
    })
}

/// What is written under the first of some names.
fn written(options: &Value, keys: &[&str]) -> Value {
    let nothing = Value::new(Kind::Absent, &options.trail);
    keys.iter().fold(nothing, |before, key| before.or_default(&|_| options.field(key)))
}

fn with(list: &Value, word: &'static str) -> Value {
    list.each(&mut |list| match &list.kind {
        Kind::List { items, open } => {
            let new = Value::new(Kind::Text(Text::new(word)), &list.trail);
            let items = items.iter().cloned().chain([new]).collect();
            Value::new(Kind::List { items, open: open.clone() }, &list.trail)
        }
        _ => list.clone(),
    })
}

fn opened(list: &Value, unknown: crate::eval::Unknown) -> Value {
    list.each(&mut |list| match &list.kind {
        Kind::List { items, .. } => {
            Value::new(Kind::List { items: items.clone(), open: Some(unknown.clone()) }, &list.trail)
        }
        _ => list.clone(),
    })
}

/// How long Helmet's options promise https: nothing where it is switched off, absent where the default holds.
pub(super) fn helmet_hsts(options: &Value) -> Value {
    options.each(&mut |options| match options.kind {
        Kind::Object { .. } => {
            let switch = written(options, &["strictTransportSecurity", "hsts"]);
            switch.each(&mut |switch| match &switch.kind {
                Kind::Bool(false) => Value::new(Kind::Number(0.0), &switch.trail),
                Kind::Object { .. } => switch.field("maxAge"),
                Kind::Unknown(_) => switch.clone(),
                _ => Value::new(Kind::Absent, &switch.trail),
            })
        }
        Kind::Unknown(_) => options.clone(),
        _ => Value::new(Kind::Absent, &options.trail),
    })
}

/// The seconds in the text of the header: `max-age=31536000; includeSubDomains`.
pub(super) fn hsts_text(value: &Value) -> Value {
    value.read(&|value| match &value.kind {
        Kind::Text(text) => text.number(max_age).map_or(Kind::Unknown(Because::Undecided.into()), Kind::Number),
        other => other.clone(),
    })
}

fn max_age(text: &str) -> Option<f64> {
    let directive = text.split(';').map(str::trim).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("max-age").then(|| value.trim().trim_matches('"'))
    });
    directive?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Place;

    fn written(kind: Kind) -> Value {
        Value::written(kind, Place::Process)
    }

    fn words(value: &Value) -> Vec<String> {
        let items = value.as_list().expect("a list");
        items.iter().filter_map(|item| Some(item.as_text()?.as_name().to_string())).collect()
    }

    fn options(fields: Vec<(&str, Kind)>) -> Value {
        let fields = fields.into_iter().map(|(key, kind)| (key.into(), written(kind))).collect();
        written(Kind::Object { fields, open: None })
    }

    #[test]
    fn what_is_off_by_itself_has_to_be_written() {
        assert!(!words(&hono(&written(Kind::Absent))).contains(&"content_policy".into()));
        let policy = Kind::Object { fields: [].into(), open: None };
        assert!(words(&hono(&options(vec![("contentSecurityPolicy", policy)]))).contains(&"content_policy".into()));
    }

    #[test]
    fn a_switch_that_nobody_knows_leaves_the_list_open() {
        let sent = helmet(&options(vec![("hsts", Kind::Unknown(Because::Undecided.into()))]));
        assert!(matches!(sent.kind, Kind::List { open: Some(_), .. }));
        assert!(!words(&sent).contains(&"hsts".into()));
    }

    #[test]
    fn the_header_says_its_seconds() {
        let read = |text: &str| hsts_text(&written(Kind::Text(Text::new(text)))).as_number();
        assert_eq!(read("max-age=60; includeSubDomains"), Some(60.0));
        assert_eq!(read("includeSubDomains; Max-Age=\"120\""), Some(120.0));
        assert_eq!(read("nonsense"), None);
    }
}
