//! Where tokens, sessions and counters are kept: in memory, in a file, in Redis.

use crate::eval::{Because, Kind, Unknown, Value};
use crate::frameworks::frontmcp::shapes::Server;
use crate::frameworks::frontmcp::words::{
    as_written, both, default, either, holds_text, is_one_of, is_seen, is_there, never, word, yes_no,
};
use crate::frameworks::frontmcp::{keys::table, scope::Scope, tables};
use crate::machines::is_own;
use crate::reading::bench::Reading;
use crate::reading::bench::SecretFacts;
use crate::settings::{endpoint, redis, storage, token_store};
use crate::syntax::data::NodeKind;

/// The stores of an `auth` block.
pub(super) fn of_scope(reading: &mut Reading<'_>, scope: &Scope) {
    let signs = scope.signs();
    if never(&signs) {
        return;
    }
    let present = both(&signs, &scope.listens);
    if !never(&present) {
        let name = format!("the token storage of {}", scope.label);
        let resource = table(reading, token_store::KIND, &name, tables::TOKENS, &scope.options, &scope.label)
            .set(token_store::holds, word("tokens", &scope.mode))
            .only_if(present.clone());
        reading.add(resource);
    }
    let block = scope.options.field("auth");
    for store in ["tokenStorage", "secureStore"] {
        let options = block.field(store);
        // In the dialect of 0.x the connection stands under `config`.
        let connection = options.field("redis").or_default(&|_| options.field("config"));
        let name = crate::frameworks::frontmcp::words::named(&format!("auth.{store}.redis"), &scope.label);
        connection_of(reading, &name, &connection, "tokens", &present);
    }
    sqlite(reading, "auth.tokenStorage.sqlite", &block.path("tokenStorage.sqlite"), &scope.label);
    let key = block.path("secureStore.sqlite.encryption.secret");
    if is_seen(&key) {
        let name = crate::frameworks::frontmcp::words::named("auth.secureStore.sqlite.encryption.secret", &scope.label);
        reading.secret(&name, &key, SecretFacts::of("encryption"));
    }
    let pepper = block.path("secureStore.encryption.pepper");
    if is_seen(&pepper) {
        let key = crate::frameworks::frontmcp::words::named("auth.secureStore.encryption.pepper", &scope.label);
        reading.secret(&key, &pepper, SecretFacts::of("encryption"));
    }
}

/// The stores of a server beside `auth`.
pub(super) fn of_server(reading: &mut Reading<'_>, server: &Server) {
    sessions(reading, server);
    let always = yes_no(true, &server.options);
    for (path, holds) in [
        ("redis", "sessions"),
        ("transport.persistence.redis", "sessions"),
        ("transport.eventStore.redis", "sessions"),
        ("pubsub", "other"),
        ("elicitation.redis", "other"),
        ("jobs.store.redis", "queue"),
        ("tasks.redis", "queue"),
        ("throttle.storage.redis", "other"),
    ] {
        let name = crate::frameworks::frontmcp::words::named(path, &server.label);
        connection_of(reading, &name, &server.options.path(path), holds, &always);
    }
    for path in ["sqlite", "transport.persistence.sqlite"] {
        let secret = server.options.path(path).path("encryption.secret");
        if is_seen(&secret) {
            let key = crate::frameworks::frontmcp::words::named(&format!("{path}.encryption.secret"), &server.label);
            reading.secret(&key, &secret, SecretFacts::of("encryption"));
        }
    }
}

/// Where the sessions of a server are kept that runs several times: what nothing persists is in the memory of one
/// process, and the next request may reach another.
fn sessions(reading: &mut Reading<'_>, server: &Server) {
    let options = &server.options;
    let distributed = options.path("transport.distributedMode");
    let modes = ["transport.sessionMode", "auth.sessionMode"].map(|path| options.path(path));
    let stateful = modes.iter().find(|mode| mode.as_text().is_some_and(|text| text.is("stateful")));
    let stateful = stateful.filter(|_| runs_several_times(reading));
    let Some(written) = Some(&distributed).filter(|own| own.as_bool() == Some(true)).or(stateful) else { return };
    let tokens = tables::store_kind(&options.path("auth.tokenStorage"));
    let shared = ["redis", "transport.persistence.redis"].map(|path| is_there(&options.path(path)));
    let shared = shared.iter().fold(is_one_of(&tokens, &["shared"]), |any, one| either(&any, one));
    let in_file = ["sqlite", "transport.persistence.sqlite"].map(|path| is_there(&options.path(path)));
    let in_file = either(&in_file[0], &in_file[1]);
    let kind = shared.each(&mut |shared| match shared.as_bool() {
        Some(true) => word("shared", shared),
        Some(false) => in_file.each(&mut |in_file| match in_file.as_bool() {
            Some(true) => word("local_file", in_file),
            Some(false) => word("memory", written),
            None => in_file.clone(),
        }),
        None => shared.clone(),
    });
    let name = crate::frameworks::frontmcp::words::named("the sessions", &server.label);
    let resource = reading
        .resource(token_store::KIND, name, reading.place_of(written))
        .set_at(token_store::kind, kind, "redis")
        .set(token_store::holds, word("sessions", written))
        .only_if(server.listens.clone());
    reading.add(resource);
}

/// Whether the deployment says that there are several instances.
fn runs_several_times(reading: &Reading<'_>) -> bool {
    let Some(target) = &reading.environment.target else { return false };
    let counts: [&[&str]; 3] = [&["deploy", "replicas"], &["scale"], &["spec", "replicas"]];
    counts.iter().filter_map(|path| target.at(path)).any(|(_, node)| match node.kind {
        NodeKind::Number(number, _) => number > 1.0,
        _ => false,
    })
}

/// A SQLite file with tokens: its key, and whether it has one.
fn sqlite(reading: &mut Reading<'_>, path: &str, options: &Value, label: &str) {
    // A file that stands beside another store under a condition is the other setting's matter.
    if !matches!(options.kind, Kind::Object { .. }) {
        return;
    }
    let secret = options.path("encryption.secret");
    let key = format!("{path}.encryption.secret");
    let encrypted = secret.each(&mut |secret| match &secret.kind {
        Kind::Absent | Kind::Null => default(Kind::Bool(false), "auth.tokenStorage.sqlite.encryption.secret", options),
        Kind::Text(text) => yes_no(!text.is_blank(), secret),
        // The key comes from a variable: it is wanted, and whether it has a value is another question.
        _ => yes_no(true, secret),
    });
    let place = reading.place_of(options);
    let resource = reading
        .resource(storage::KIND, crate::frameworks::frontmcp::words::named(path, label), place)
        .set(storage::kind, word("local", options))
        .set_at(storage::encrypted, encrypted, &*key)
        .set(storage::holds_sensitive, yes_no(true, options));
    reading.add(resource);
    if is_seen(&secret) {
        reading.secret(&crate::frameworks::frontmcp::words::named(&key, label), &secret, SecretFacts::of("encryption"));
    }
}

/// One Redis connection: TLS, password, host.
pub(super) fn connection_of(reading: &mut Reading<'_>, name: &str, options: &Value, holds: &str, present: &Value) {
    let mut is_connection = false;
    options.each(&mut |options| {
        is_connection |= matches!(options.kind, Kind::Object { .. });
        options.clone()
    });
    if !is_connection {
        return;
    }
    let here = options.each(&mut |options| yes_no(matches!(options.kind, Kind::Object { .. }), options));
    let present = both(present, &here);
    let url = options.field("url");
    let host = options.field("host").or_default(&|_| url.clone());
    let tls = options.each(&mut |options| tls(options));
    let password = options.each(&mut |options| password(options));
    let place = reading.place_of(options);
    let resource = reading
        .resource(redis::KIND, name, place)
        .set_at(redis::tls, tls, format!("{name}.tls"))
        .set_at(redis::password, password.clone(), format!("{name}.password"))
        .set(redis::holds, word(holds, options))
        .set(redis::local, host.each(&mut |host| host_is(host, &is_local)))
        .set(redis::private_network, host.each(&mut |host| host_is(host, &is_service_name)))
        .only_if(present.clone());
    reading.add(resource);
    let written = options.field("password").or_default(&|_| options.field("token"));
    if holds_text(&written) {
        let key = if options.field("password").is_absent() { "token" } else { "password" };
        reading.secret_if(&format!("{name}.{key}"), &written, SecretFacts::of("datastore"), present.clone());
    }
    if url.as_text().is_some_and(|text| text.test(has_password)) {
        reading.secret_if(&format!("{name}.url"), &url, SecretFacts::of("datastore"), present.clone());
    }
    if !host.is_absent() {
        let key = if options.field("host").is_absent() { "url" } else { "host" };
        let resource = reading
            .resource(endpoint::KIND, name, reading.place_of(&host))
            .set(endpoint::role, word("datastore", &host))
            .set_at(endpoint::url, seen(&host), format!("{name}.{key}"))
            .only_if(present);
        reading.add(resource);
    }
}

/// What is written of an address; what the host alone knows of it is no matter of the project.
fn seen(address: &Value) -> Value {
    if is_seen(address) { as_written(address) } else { Value::new(Kind::Absent, &address.trail) }
}

/// Redis over HTTPS has neither a host nor `tls`.
fn is_http_store(options: &Value) -> bool {
    options.field("provider").as_text().is_some_and(|text| !text.is("redis"))
}

fn tls(options: &Value) -> Value {
    if is_http_store(options) {
        return yes_no(true, options);
    }
    let url = options.field("url");
    options.field("tls").each(&mut |tls| match &tls.kind {
        Kind::Object { .. } => yes_no(true, tls),
        Kind::Absent => url.each(&mut |url| match &url.kind {
            Kind::Text(text) => yes_no(text.test(|text| text.starts_with("rediss://")), url),
            // Of an address with a password in it the beginning is known.
            Kind::Unknown(Unknown { prefix: Some(prefix), .. }) if prefix.test(|text| text.contains("://")) => {
                yes_no(prefix.test(|text| text.starts_with("rediss://")), url)
            }
            Kind::Unknown(_) => url.clone(),
            _ => default(Kind::Bool(false), "redis.tls", options),
        }),
        _ => tls.clone(),
    })
}

fn password(options: &Value) -> Value {
    if is_http_store(options) {
        let held = Unknown { present: true, ..Because::Call("the provider".into()).into_plain() };
        return Value::new(Kind::Unknown(held), &options.trail);
    }
    let url = options.field("url");
    options.field("password").each(&mut |password| match &password.kind {
        Kind::Absent if !url.is_absent() => url.each(&mut |url| match &url.kind {
            Kind::Text(text) if text.test(has_password) => url.clone(),
            Kind::Unknown(_) => url.clone(),
            _ => default(Kind::Absent, "redis.password", options),
        }),
        Kind::Absent if password.trail.primary() == options.trail.primary() => {
            default(Kind::Absent, "redis.password", options)
        }
        _ => password.clone(),
    })
}

fn has_password(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split_once('@')
        .is_some_and(|(login, _)| login.split_once(':').is_some_and(|(_, password)| !password.is_empty()))
}

fn host_is(host: &Value, question: &dyn Fn(&str) -> bool) -> Value {
    match &host.kind {
        Kind::Text(text) => yes_no(text.test(|text| question(host_in(text))), host),
        Kind::Absent => yes_no(false, host),
        Kind::Unknown(_) => host.clone(),
        _ => Value::unknown(Because::WrongType, &host.trail),
    }
}

/// The host of an address, or the text itself where it is a host.
fn host_in(text: &str) -> &str {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    if rest.starts_with('[') {
        return rest.split(']').next().unwrap_or(rest).trim_start_matches('[');
    }
    if text.starts_with('/') || rest.matches(':').count() > 1 {
        return text;
    }
    rest.split(['/', ':', '?']).next().unwrap_or(rest)
}

fn is_local(host: &str) -> bool {
    is_own(host) || host.starts_with('/')
}

/// A name without dots is a service of the same compose file or cluster.
fn is_service_name(host: &str) -> bool {
    !host.is_empty()
        && !is_local(host)
        && (!host.contains(['.', ':'])
            || host.ends_with(".svc")
            || host.ends_with(".svc.cluster.local")
            || host.ends_with(".internal"))
}
