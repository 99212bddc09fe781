//! Background jobs: on Redis through BullMQ, or in the built-in SQLite queue.

use crate::eval::{Because, Kind, Place, Value};
use crate::frameworks::lucent::protection::has_scheme;
use crate::machines::leads_here;
use crate::platforms::{disk_survives, redis_survives, worker};
use crate::reading::bench::Reading;
use crate::reading::uses::scripts_with;
use crate::settings::{queue, redis};

/// Keys under which a configuration speaks of jobs; none is documented.
const KEYS: &[&str] = &["queue", "queues", "jobs"];

pub(super) fn read(reading: &mut Reading<'_>, root: &Value) {
    let package = reading.found.package.map(|id| reading.documents.project.package(id));
    let bullmq = package.and_then(|package| package.dependencies.get("bullmq").or(package.dependencies.get("bull")));
    let written = KEYS.iter().map(|key| root.field(key)).find(|value| !value.is_absent() && !value.is_unknown());
    let (place, survives) = match (bullmq, &written) {
        (Some(dependency), _) => (Place::File(dependency.file, dependency.span), redis_survives(reading)),
        (None, Some(written)) => (reading.place_of(written), disk_survives(reading)),
        (None, None) => return,
    };
    let used = reading.stated(Kind::Bool(true), place);
    let used = match &written {
        Some(value) if value.as_bool() == Some(false) => return,
        _ => used,
    };
    let survives = survives.unwrap_or_else(|| Value::unknown(Because::Undecided, &used.trail));
    let in_process = !scripts_with(reading, &["new Worker("]).is_empty();
    let declared = worker(reading);
    let worker = match declared {
        Some(place) => reading.stated(Kind::Bool(true), place),
        None => reading.stated(Kind::Bool(in_process), place),
    };
    let resource = reading
        .resource(queue::KIND, "jobs", place)
        .set(queue::used, used)
        .set(queue::durable, survives)
        .set(queue::worker_declared, worker);
    reading.add(resource);
    if bullmq.is_some() {
        connection(reading, place);
    }
}

/// The Redis that the queue lives in, where its address can be seen.
fn connection(reading: &mut Reading<'_>, place: Place) {
    let url = reading.evaluator.variable("REDIS_URL", place);
    let Some(text) = url.as_text() else { return };
    let place = reading.place_of(&url);
    let password = text.test(|text| {
        authority(text)
            .rsplit_once('@')
            .is_some_and(|(user, _)| user.split_once(':').is_some_and(|(_, password)| !password.is_empty()))
    });
    let host = |test: &dyn Fn(&str) -> bool| text.test(|text| test(host_of(authority(text))));
    let local = text.test(leads_here);
    let private = host(&|host| !host.contains('.') || host.ends_with(".internal"));
    // Between the services of one host nothing passes by.
    if private || local {
        return;
    }
    let bool = |value| Value::new(Kind::Bool(value), &url.trail);
    let secret =
        if password { Value::unknown(Because::Undecided, &url.trail) } else { Value::new(Kind::Absent, &url.trail) };
    let secret = match secret.kind {
        Kind::Unknown(unknown) => {
            Value::new(Kind::Unknown(crate::eval::Unknown { present: true, at_least_chars: 1, ..unknown }), &url.trail)
        }
        _ => secret,
    };
    let resource = reading
        .resource(redis::KIND, "queue", place)
        .set_at(redis::tls, bool(has_scheme(text, "rediss")), "TLS in REDIS_URL")
        .set_at(redis::password, secret, "the password in REDIS_URL")
        .set(redis::holds, reading.word("queue", place))
        .set(redis::local, bool(false))
        .set(redis::private_network, bool(false));
    reading.add(resource);
}

fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

fn host_of(authority: &str) -> &str {
    let host = authority.rsplit('@').next().unwrap_or_default();
    host.rsplit_once(':').map_or(host, |(host, _)| host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    #[test]
    fn the_host_of_an_address_is_what_stands_between_credentials_and_port() {
        assert_eq!(host_of(authority("redis://user:pw@redis.example.com:6379/0")), "redis.example.com");
        assert_eq!(host_of(authority("redis://redis:6379")), "redis");
        assert!(has_scheme(&Text::new("REDISS://x"), "rediss"));
    }
}
