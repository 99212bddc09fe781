//! States of an endpoint that are put together from several values, world by world.

use crate::eval::{Because, Kind, Trail, Value};
use crate::machines;
use crate::text::Text;

/// The words of `mcp_server.authentication`.
pub(super) const SOME: &str = "some";
pub(super) const NONE: &str = "none";

/// A word.
pub(super) fn word(word: &str, trail: &Trail) -> Value {
    Value::new(Kind::Text(Text::new(word)), trail)
}

/// Whether a value is this word in every world.
pub(super) fn is(value: &Value, word: &str) -> bool {
    value.as_text().is_some_and(|text| text.is(word))
}

/// What two guards in a row are together: some, as soon as one is.
pub(super) fn stronger(one: &Value, other: &Value) -> Value {
    one.each(&mut |one| match &one.kind {
        _ if is(one, SOME) => one.clone(),
        _ => other.each(&mut |other| if is(other, NONE) { one.clone() } else { other.clone() }),
    })
}

/// What the guards of two ways to one thing are together: none, as soon as one is.
pub(super) fn weaker(one: &Value, other: &Value) -> Value {
    one.each(&mut |one| match &one.kind {
        _ if is(one, NONE) => one.clone(),
        _ => other.each(&mut |other| if is(other, SOME) && !is(one, SOME) { one.clone() } else { other.clone() }),
    })
}

/// Whether one of two things holds.
pub(super) fn either(one: &Value, other: &Value) -> Value {
    one.each(&mut |one| match one.as_bool() {
        Some(true) => one.clone(),
        Some(false) => other.clone(),
        None => other.each(&mut |other| if other.as_bool() == Some(true) { other.clone() } else { one.clone() }),
    })
}

/// Whether both of two things hold.
pub(super) fn both(one: &Value, other: &Value) -> Value {
    one.each(&mut |one| match one.as_bool() {
        Some(false) => one.clone(),
        Some(true) => other.clone(),
        None => other.each(&mut |other| if other.as_bool() == Some(false) { other.clone() } else { one.clone() }),
    })
}

/// Whether Host headers are checked where nothing says so: they are where the server is told to stay on this machine.
pub(super) fn checks_by_host(host: &Value) -> Value {
    host.each(&mut |host| {
        let kind = match &host.kind {
            Kind::Absent => Kind::Bool(true),
            Kind::Text(text) => Kind::Bool(is_loopback(text)),
            Kind::Unknown(unknown) => Kind::Unknown(unknown.clone()),
            _ => Kind::Unknown(Because::Undecided.into()),
        };
        Value::new(kind, &host.trail)
    })
}

/// Whether somebody on another machine reaches what listens at a host; `otherwise` is the answer where none is named.
pub(super) fn reaches_beyond(host: &Value, otherwise: bool) -> Value {
    host.each(&mut |host| {
        let kind = match &host.kind {
            Kind::Text(text) if text.is_empty() => Kind::Bool(true),
            Kind::Text(text) => Kind::Bool(!is_loopback(text)),
            Kind::Absent | Kind::Null | Kind::Function(_) | Kind::Number(_) => Kind::Bool(otherwise),
            Kind::Unknown(unknown) => Kind::Unknown(unknown.clone()),
            _ => Kind::Unknown(Because::Undecided.into()),
        };
        Value::new(kind, &host.trail)
    })
}

/// Whether a host is reached from this machine alone.
pub(super) fn is_loopback(host: &Text) -> bool {
    host.test(machines::is_loopback)
}

#[cfg(test)]
mod tests {
    use super::{NONE, SOME, both, either, is, is_loopback, reaches_beyond, stronger, weaker, word};
    use crate::eval::{Because, How, Kind, Place, Step, Trail, Value};
    use crate::text::Text;

    fn trail() -> Trail {
        Step::start(Place::Process, How::Written)
    }

    fn unknown() -> Value {
        Value::unknown(Because::Undecided, &trail())
    }

    #[test]
    fn one_guard_in_a_row_is_enough_and_one_open_way_too() {
        let (some, none) = (word(SOME, &trail()), word(NONE, &trail()));
        assert!(is(&stronger(&none, &some), SOME) && is(&stronger(&unknown(), &some), SOME));
        assert!(stronger(&unknown(), &none).is_unknown() && is(&stronger(&none, &none), NONE));
        assert!(is(&weaker(&some, &none), NONE) && is(&weaker(&unknown(), &none), NONE));
        assert!(weaker(&unknown(), &some).is_unknown() && is(&weaker(&some, &some), SOME));
    }

    #[test]
    fn what_is_not_known_decides_nothing() {
        let truth = |value| Value::new(Kind::Bool(value), &trail());
        assert_eq!(either(&unknown(), &truth(true)).as_bool(), Some(true));
        assert!(either(&unknown(), &truth(false)).is_unknown());
        assert_eq!(both(&unknown(), &truth(false)).as_bool(), Some(false));
        assert!(both(&truth(true), &unknown()).is_unknown());
    }

    #[test]
    fn a_host_that_is_not_named_is_what_the_server_takes() {
        assert!(["localhost", "127.0.0.1", "127.8.8.8", "::1"].iter().all(|host| is_loopback(&Text::new(*host))));
        assert!(["0.0.0.0", "::", "mcp.example.com"].iter().all(|host| !is_loopback(&Text::new(*host))));
        let absent = Value::new(Kind::Absent, &trail());
        assert_eq!(reaches_beyond(&absent, true).as_bool(), Some(true));
        assert!(reaches_beyond(&unknown(), false).is_unknown());
    }
}
