//! The limiter that Better Auth has of its own.

use crate::eval::{How, Kind, Step, Value};
use crate::reading::bench::Reading;
use crate::settings::rate_limit;
use crate::text::Text;

/// The library's own limiter: on in production, its counters in memory unless they are put elsewhere.
pub(super) fn read(reading: &mut Reading<'_>, options: &Value) {
    let limit = options.field("rateLimit");
    let place = reading.place_of(if limit.is_absent() { options } else { &limit });
    let default = |value: Kind| Value::new(value, &Step::start(place, How::Default));
    let enabled = limit.field("enabled").or_default(&|_| default(Kind::Bool(true)));
    // Who is not told apart by an address is not counted at all.
    let untracked = options.path("advanced.ipAddress.disableIpTracking");
    let enabled = match untracked.as_bool() {
        Some(true) => Value::new(Kind::Bool(false), &untracked.trail),
        _ => enabled,
    };
    let word = |word: &str, at: &Value| Value::new(Kind::Text(Text::new(word)), &at.trail);
    let stored = [options.field("secondaryStorage"), limit.field("customStorage"), limit.field("customStore")];
    let store = match stored.iter().find(|value| !value.is_absent()) {
        Some(store) => store.each(&mut |store| match store.kind {
            Kind::Absent | Kind::Null => word("memory", store),
            Kind::Unknown(_) => store.clone(),
            _ => word("shared", store),
        }),
        None => limit.field("storage").each(&mut |storage| match &storage.kind {
            Kind::Text(text) if text.is("memory") => word("memory", storage),
            Kind::Text(_) => word("shared", storage),
            Kind::Absent => default(Kind::Text(Text::new("memory"))),
            _ => storage.clone(),
        }),
    };
    // Where the limiter is off, where its counters lie means nothing.
    let store = enabled.each(&mut |enabled| match enabled.kind {
        Kind::Bool(false) => word("shared", enabled),
        _ => store.clone(),
    });
    let resource = reading
        .resource(rate_limit::KIND, "better-auth", place)
        .set_at(rate_limit::enabled, enabled, "rateLimit.enabled")
        .set_at(rate_limit::store, store, "rateLimit.storage")
        .written_at(rate_limit::enabled, options, "rateLimit.enabled");
    reading.add(resource);
}
