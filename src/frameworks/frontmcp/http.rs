//! What a server shows to the network: CORS, its listener, rate limits, routes of its own.

use crate::eval::{Because, How, Kind, Step, Value};
use crate::frameworks::frontmcp::shapes::Server;
use crate::frameworks::frontmcp::words::{default, is_there, never, word};
use crate::frameworks::frontmcp::{keys::table, tables, words::named};
use crate::platforms::{has_proxy, nginx_in_front};
use crate::reading::bench::Reading;
use crate::reading::bench::SERVERLESS;
use crate::settings::{access_guard, cors, endpoint, rate_limit, response_headers};
use crate::text::Text;

pub(super) fn read(reading: &mut Reading<'_>, server: &Server) {
    if never(&server.listens) {
        return;
    }
    reading.facts.marks.retain(|mark| !matches!(*mark, tables::WORKER | tables::STRICT));
    if server.worker {
        reading.facts.marks.push(tables::WORKER);
    }
    if server.options.path("http.security.strict").as_bool() == Some(true) {
        reading.facts.marks.push(tables::STRICT);
    }
    cross_origin(reading, server);
    listener(reading, server);
    headers(reading, server);
    limits(reading, server);
    routes(reading, server);
}

fn cross_origin(reading: &mut Reading<'_>, server: &Server) {
    let place = reading.place_of(&server.options);
    let factory = server.options.path("http.hostFactory");
    if !factory.is_absent() {
        // The project's own host decides; the framework applies none of its settings to it.
        let because = Because::Call("hostFactory".into());
        let at = Step::start(factory.trail.place, How::Written);
        reading.source(&named("http.hostFactory", &server.label), &Value::unknown(because.clone(), &at), true);
        reading.unseen(cors::KIND, because);
        return;
    }
    let resource = table(reading, cors::KIND, &server.label, tables::CORS, &server.options, &server.label)
        .set(cors::wildcard_effect, reading.word("reflected", place))
        .only_if(server.listens.clone());
    reading.add(resource);
}

/// Whether the framework's own host serves: no Worker, no platform, nothing of the project's.
pub(super) fn has_own_host(reading: &Reading<'_>, server: &Server) -> bool {
    let custom = !server.options.path("http.hostFactory").is_absent();
    !server.worker && !custom && !reading.facts.has(SERVERLESS)
}

fn listener(reading: &mut Reading<'_>, server: &Server) {
    if !has_own_host(reading, server) {
        return;
    }
    let name = named("listener", &server.label);
    let resource = table(reading, endpoint::KIND, &name, tables::LISTENER, &server.options, &server.label)
        .set(endpoint::role, word("listener", &server.options))
        .only_if(server.listens.clone());
    reading.add(resource);
}

/// The SDK sends no protecting headers. Where the tree has the nginx in front of it, somebody decided what that sends, and
/// what is missing there too is missing; of other proxies, their files tell.
fn headers(reading: &mut Reading<'_>, server: &Server) {
    if !has_own_host(reading, server) {
        return;
    }
    let name = named("the server", &server.label);
    if let Some((listens, plain)) = nginx_in_front(reading) {
        let nothing = reading.stated(Kind::List { items: [].into(), open: None }, listens);
        let resource = reading
            .resource(response_headers::KIND, name, reading.place_of(&server.options))
            .set(response_headers::present_headers, nothing)
            .only_if(server.listens.clone());
        reading.add(resource);
        if plain && reading.environment.target.is_none() {
            let url = reading.stated(Kind::Text(Text::new("http://0.0.0.0:80")), listens);
            let resource = reading
                .resource(endpoint::KIND, named("nginx", &server.label), listens)
                .set(endpoint::role, reading.word("listener", listens))
                .set_at(endpoint::url, url, "listen")
                .only_if(server.listens.clone());
            reading.add(resource);
        }
        return;
    }
    if has_proxy(reading) {
        return;
    }
    let nothing = default(Kind::List { items: [].into(), open: None }, "response headers", &server.options);
    let resource = reading
        .resource(response_headers::KIND, name, reading.place_of(&server.options))
        .set(response_headers::present_headers, nothing)
        .set(response_headers::hsts_max_age, default(Kind::Absent, "response headers", &server.options))
        .only_if(server.listens.clone());
    reading.add(resource);
}

fn limits(reading: &mut Reading<'_>, server: &Server) {
    let place = reading.place_of(&server.options);
    // The guard came with 1.0.
    let offered = reading.facts.at_least(1, 0) != Some(false);
    let mut resource =
        table(reading, rate_limit::KIND, &server.label, tables::THROTTLE, &server.options, &server.label)
            .set(rate_limit::offered, reading.stated(Kind::Bool(offered), place))
            .set_at(rate_limit::serves_requests, server.listens.clone(), "throttle");
    let installed = resource.value(rate_limit::installed).and_then(Value::as_bool) == Some(true);
    if installed {
        let partition = partition(&server.options.field("throttle"));
        resource = resource.set_at(rate_limit::partition, partition, "throttle.global.partitionBy");
        resource = resource.with_fix(
            rate_limit::partition,
            "Set {key} to `\"ip\"` or `\"userId\"`, and keep a limit for all clients together only beside it.",
        );
    }
    // In one lasting process the default store will do, and how many there are is seldom written.
    let written = server.options.written_at("throttle.storage").is_some();
    if !installed || (!written && !reading.facts.has(SERVERLESS)) {
        resource = resource.not_here(rate_limit::store);
    }
    reading.add(resource);
}

/// Who shares a bucket: everybody, unless one of the limits counts by client.
fn partition(throttle: &Value) -> Value {
    let mut last = None;
    for limit in ["global", "defaultRateLimit"] {
        let options = throttle.field(limit);
        if options.is_absent() {
            continue;
        }
        let written = options.field("partitionBy").each(&mut |by| match &by.kind {
            Kind::Text(text) => word(if text.is("global") { "global" } else { "client" }, by),
            Kind::Absent => default(Kind::Text(Text::new("global")), "throttle.global.partitionBy", &options),
            Kind::Function(_) => word("client", by),
            _ => by.clone(),
        });
        if written.as_text().is_none_or(|text| text.is("client")) {
            return written;
        }
        last = Some(written);
    }
    last.unwrap_or_else(|| Value::unknown(Because::Undecided, &throttle.trail))
}

/// Routes of the project beside MCP: public unless they say `auth: true`. Those that only read status are left out.
fn routes(reading: &mut Reading<'_>, server: &Server) {
    let routes = server.options.path("http.routes");
    for route in routes.as_list().unwrap_or_default() {
        let method = route.field("method");
        let path = route.field("path");
        let acts = method.as_text().is_some_and(|text| {
            text.test(|text| !matches!(text.to_ascii_uppercase().as_str(), "GET" | "HEAD" | "OPTIONS"))
        });
        let handles_credentials = path.as_text().is_some_and(|text| {
            let words = ["admin", "token", "credential", "secret", "internal", "config", "user"];
            text.test(|text| words.iter().any(|word| text.to_ascii_lowercase().contains(word)))
        });
        if !acts && !handles_credentials {
            continue;
        }
        let auth = route.field("auth");
        let enabled = auth.each(&mut |auth| match &auth.kind {
            Kind::Absent => default(Kind::Bool(false), "http.routes[].auth", route),
            Kind::Bool(_) | Kind::Unknown(_) => auth.clone(),
            _ => is_there(auth),
        });
        let shown = path.as_text().map_or_else(|| "a computed path".into(), Text::as_name);
        let resource = reading
            .resource(access_guard::KIND, named(&format!("the route {shown}"), &server.label), reading.place_of(route))
            .set_at(access_guard::enabled, enabled, "http.routes[].auth")
            .set(access_guard::scope, word("route", route))
            .only_if(server.listens.clone());
        reading.add(resource);
    }
}
