//! nginx: TLS, redirects, headers with their inheritance, limits, what is handed to the app.
//! <https://nginx.org/en/docs/>

mod blocks;
mod files;
mod way;

use crate::eval::{Kind, Place, Value};
use crate::machines::{host_of, is_loopback};
use crate::platforms::edge::Edge;
use crate::platforms::reach;
use crate::project::{FileKind, Project};
use crate::reading::bench::Reading;
use crate::settings::{cors, devtools, endpoint, proxy, rate_limit, response_headers, static_files};
use crate::syntax::FileId;
use blocks::{Location, Own, Reader, Server, is_for_certificates, locations};
pub(crate) use files::{FILES, KIND};

/// Parts of paths behind which surfaces for operators lie.
const SURFACES: &[&str] = &[
    "metrics",
    "actuator",
    "phpmyadmin",
    "adminer",
    "pgadmin",
    "flower",
    "server-status",
    "nginx_status",
    "stub_status",
    "basic_status",
    "pprof",
    "debug",
    "_profiler",
    "telescope",
    "horizon",
    "bull-board",
    "queues-admin",
];

/// What nginx does in front of the app; none where no reachable file configures one.
pub(crate) fn read(reading: &mut Reading<'_>) -> Option<Edge> {
    let project = reading.documents.project;
    let files: Vec<FileId> = project
        .within(&reading.found.root)
        .filter(|file| is_configuration(project, *file))
        .filter(|file| {
            reach::is_for_production(&project.file(*file).path, &reading.found.root) && reach::is_used(reading, *file)
        })
        .collect();
    let servers = {
        let reader = Reader::new(reading);
        let found: Vec<(FileId, Vec<Server>)> = files.into_iter().map(|file| (file, reader.servers(file))).collect();
        // What another file includes is read there, with all that holds around it.
        let tops = found.into_iter().filter(|(file, _)| !reader.is_included(*file));
        tops.flat_map(|(_, servers)| servers).collect::<Vec<Server>>()
    };
    if servers.is_empty() {
        return None;
    }
    let mut edge = Edge { visible: true, ..Edge::default() };
    let any_tls = servers.iter().any(Server::speaks_tls);
    for server in &servers {
        server_facts(reading, server, &servers, any_tls, &mut edge);
    }
    Some(edge)
}

/// Whether a file configures nginx: by its name, or by what it says under a name that leaves it open.
fn is_configuration(project: &Project, file: FileId) -> bool {
    let own = project.file(file);
    let named = own.name().ends_with(".conf") || own.name().ends_with(".conf.template");
    own.kind == KIND
        || (own.kind == FileKind::Other
            && named
            && project.mentions(file, &["proxy_pass", "server_name"])
            && project.mentions(file, &["server {", "server{"]))
}

/// Whether the servers of some files hand requests on, all of them in plain http.
pub(crate) fn proxies_in_plain(reading: &Reading<'_>, files: &[FileId]) -> bool {
    let reader = Reader::new(reading);
    let own = files.iter().filter(|file| is_configuration(reading.documents.project, **file));
    let servers: Vec<Server> = own.flat_map(|file| reader.servers(*file)).collect();
    let proxies = |server: &Server| {
        let inner = locations(server).iter().any(|(_, _, own, _)| own.iter().any(|own| own.is("proxy_pass")));
        inner || server.own().iter().any(|own| own.is("proxy_pass"))
    };
    !servers.iter().any(Server::speaks_tls) && servers.iter().any(proxies)
}

fn server_facts(reading: &mut Reading<'_>, server: &Server, all: &[Server], any_tls: bool, edge: &mut Edge) {
    let name = server.name(reading);
    transport(reading, server, all, any_tls, &name);
    if server.speaks_tls() {
        edge.tls.get_or_insert(server.place);
    }
    let redirects = !server.speaks_tls() && server.redirects().is_some();
    if redirects {
        return;
    }
    let outer: Vec<&[Own]> = server.levels.iter().map(|level| &**level).collect();
    let written = locations(server);
    let mut places: Vec<Location<'_>> = written
        .iter()
        .map(|(path, place, own, inner)| {
            let mut levels = outer.clone();
            levels.push(own);
            Location { path: path.clone(), place: *place, levels, inner: inner.clone() }
        })
        .collect();
    if places.is_empty() {
        places.push(Location { path: "/".into(), place: server.place, levels: outer.clone(), inner: Vec::new() });
    }
    let whole = Location { path: "/".into(), place: server.place, levels: outer, inner: Vec::new() };
    for location in &places {
        location_facts(reading, &name, server, location);
    }
    headers(reading, &name, server, &whole, &places);
    way::of_app(reading.documents.project, &places, server, edge);
}

/// Redirect and TLS versions.
fn transport(reading: &mut Reading<'_>, server: &Server, all: &[Server], any_tls: bool, name: &str) {
    let plain = server.listens.iter().find(|(_, port, tls)| !tls && port.is_none_or(|port| port == 80));
    let bool = |reading: &Reading<'_>, value, place| reading.stated(Kind::Bool(value), place);
    let mut resource = reading.resource(proxy::KIND, name, server.place);
    let mut says = false;
    if let Some((place, ..)) = plain {
        // The one of the same name that speaks TLS; a server without a name stands for all.
        let twin = all.iter().any(|other| {
            other.speaks_tls()
                && (other.names == server.names
                    || other.names.iter().any(|name| server.names.contains(name))
                    || server.names.is_empty()
                    || server.names.iter().any(|name| name == "_"))
        });
        let redirect = server.redirects();
        let answers = server.own().iter().any(|own| own.is("location") && !is_for_certificates(own))
            || server.own().iter().any(|own| own.is("root") || own.is("proxy_pass"));
        if any_tls && twin && (answers || redirect.is_some()) {
            let redirected = redirect.map_or_else(
                || Value::written(Kind::Bool(false), *place),
                |place| Value::written(Kind::Bool(true), place),
            );
            resource = resource
                .set(proxy::serves_http, bool(reading, true, *place))
                .set(proxy::serves_tls, bool(reading, true, *place))
                .set(proxy::redirects_to_https, redirected);
            says = true;
        }
    }
    if server.speaks_tls() {
        let versions = server.levels.iter().rev().find_map(|level| level.iter().find(|own| own.is("ssl_protocols")));
        if let Some(own) = versions {
            let items = own.directive.args.iter().map(|argument| {
                Value::written(Kind::Text(argument.text.clone()), Place::File(own.file, argument.span))
            });
            let list = Value::written(Kind::List { items: items.collect(), open: None }, own.place());
            resource = resource.set_at(proxy::tls_versions, list, "ssl_protocols");
            says = true;
        }
    }
    if says {
        reading.add(resource);
    }
}

/// What a location opens, whatever the app is.
fn location_facts(reading: &mut Reading<'_>, server_name: &str, server: &Server, location: &Location<'_>) {
    let name = format!("{server_name} {}", location.path);
    let stub = location.own().iter().find(|own| own.is("stub_status"));
    let lower = location.path.to_ascii_lowercase();
    let named = SURFACES
        .iter()
        .any(|surface| lower.split(['/', '^', '$', '(', ')', '|', '\\', '.']).any(|part| part == *surface));
    let public = server.listens.iter().all(|(place, ..)| place.in_file().is_some())
        && !server.own().iter().any(|own| own.is("listen") && own.arg(0).is_some_and(|text| text.test(is_local)));
    if public && (stub.is_some() || (named && location.proxied().is_some())) && !location.is_guarded() {
        let place = stub.map_or(location.place, Own::place);
        let resource = reading
            .resource(devtools::KIND, name.as_str(), place)
            .set(devtools::enabled, reading.stated(Kind::Bool(true), place))
            .set(devtools::authorized, reading.stated(Kind::Bool(false), place))
            .set(devtools::found_by_name, reading.stated(Kind::Bool(true), place));
        reading.add(resource);
    }
    if let Some(own) = location.effective("autoindex").first().filter(|own| own.says("on")) {
        let resource = reading
            .resource(static_files::KIND, name.as_str(), own.place())
            .set(static_files::listing, Value::written(Kind::Bool(!location.is_guarded()), own.place()))
            .with_fix(static_files::listing, "Remove `autoindex on;`.");
        reading.add(resource);
    }
    if let Some(own) = location.effective("limit_req_dry_run").first().filter(|own| own.says("on")) {
        let place = own.place();
        let resource = reading
            .resource(rate_limit::KIND, name.as_str(), place)
            .set(rate_limit::enabled, Value::written(Kind::Bool(false), place))
            .set(rate_limit::installed, reading.stated(Kind::Bool(true), place));
        reading.add(resource);
    }
    if let Some(own) = location.proxied().filter(|own| own.is("proxy_pass"))
        && let Some(url) = own.arg(0)
        && url.test(is_public_http)
    {
        let resource = reading
            .resource(endpoint::KIND, name.as_str(), own.place())
            .set_at(endpoint::url, Value::written(Kind::Text(url.clone()), own.place()), "proxy_pass")
            .set(endpoint::role, reading.word("upstream", own.place()))
            .set(endpoint::behind_tls, reading.stated(Kind::Bool(false), own.place()))
            .set(endpoint::private_network, reading.stated(Kind::Bool(false), own.place()));
        reading.add(resource);
    }
    cross_origin(reading, &name, location);
}

fn is_local(address: &str) -> bool {
    is_loopback(host_of(address)) || address.starts_with("unix:")
}

/// Whether an address leads over plain http to a host that is no neighbour.
pub(crate) fn is_public_http(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else { return false };
    let host = rest.split(['/', ':', '?']).next().unwrap_or(rest);
    let private = [".local", ".internal", ".svc", ".localhost", ".lan", ".docker", ".home", ".test", ".cluster"];
    let numeric = host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    host.contains('.')
        && !host.contains(['$', '{', '_'])
        && !numeric
        && !private.iter().any(|end| host.ends_with(end) || host.contains(&format!("{end}.")))
}

/// CORS headers that the proxy adds by itself.
fn cross_origin(reading: &mut Reading<'_>, name: &str, location: &Location<'_>) {
    let conditional = location.inner.iter().filter(|own| own.is("add_header"));
    let own = location.effective("add_header");
    let header = |list: &[&Own], wanted: &str| -> Option<Own> {
        let fits = |own: &&&Own| own.arg(0).is_some_and(|name| name.test(|name| name.eq_ignore_ascii_case(wanted)));
        list.iter().find(fits).map(|own| (*own).clone())
    };
    // A header under a condition is one that somebody thought about.
    let all: Vec<&Own> =
        own.into_iter().filter(|own| !conditional.clone().any(|other| other.place() == own.place())).collect();
    let Some(origin) = header(&all, "Access-Control-Allow-Origin") else { return };
    let Some(value) = origin.arg(1) else { return };
    let place = origin.place();
    let credentials = header(&all, "Access-Control-Allow-Credentials");
    let with_credentials = credentials.as_ref().is_some_and(|own| own.arg(1).is_some_and(|text| text.is("true")));
    if location.proxied().is_none() && !with_credentials {
        return;
    }
    let origins = if value.is("$http_origin") {
        Value::written(Kind::Bool(true), place)
    } else if value.test(|text| text.contains('$')) {
        return;
    } else {
        let item = Value::written(Kind::Text(value.clone()), place);
        Value::written(Kind::List { items: [item].into(), open: None }, place)
    };
    let credentials = credentials.map_or(place, |own| own.place());
    let resource = reading
        .resource(cors::KIND, name, place)
        .set_at(cors::origins, origins, "add_header Access-Control-Allow-Origin")
        .set_at(
            cors::credentials,
            Value::written(Kind::Bool(with_credentials), credentials),
            "add_header Access-Control-Allow-Credentials",
        )
        .set(cors::wildcard_effect, reading.word("literal", place));
    reading.add(resource);
}

/// Headers: what the server sends, and what a location of it loses.
fn headers(reading: &mut Reading<'_>, name: &str, server: &Server, whole: &Location<'_>, all: &[Location<'_>]) {
    let sent = whole.headers();
    let tls = server.speaks_tls();
    let merges = whole.effective("add_header_inherit").iter().any(|own| own.says("merge"));
    if tls {
        let first = all.iter().find(|location| location.path == "/").filter(|location| !location.serves_nothing());
        let mut shown = sent.clone();
        if shown.hsts.is_none()
            && let Some(location) = first
        {
            shown.hsts = location.headers().hsts;
        }
        let age = shown.promise(server.place);
        let answers = all.iter().any(|location| !location.serves_nothing());
        let returns = server.own().iter().any(|own| own.is("return"));
        if answers && !returns {
            let resource = reading.resource(response_headers::KIND, name, server.place).set_at(
                response_headers::hsts_max_age,
                age,
                "add_header Strict-Transport-Security",
            );
            reading.add(resource);
        }
    }
    if merges {
        return;
    }
    for location in all.iter().filter(|location| !location.serves_nothing()) {
        let own = location.headers();
        let defines = location.own().iter().any(|own| own.is("add_header"));
        let lost =
            ["nosniff", "frame_protection", "content_policy"].iter().any(|word| sent.has(word) && !own.has(word));
        // A browser keeps the promise for the whole host: only where every visit begins is it missed.
        let promise_lost = tls && location.path == "/" && sent.has("hsts") && !own.has("hsts");
        if !defines || !(lost || promise_lost) {
            continue;
        }
        let first = location.own().iter().find(|own| own.is("add_header"));
        let place = first.map_or(location.place, Own::place);
        let name = format!("{name} {}", location.path);
        let mut resource = if lost {
            own.resource(reading, &name, place)
        } else {
            reading.resource(response_headers::KIND, name, place)
        };
        if promise_lost {
            let age = own.promise(place);
            resource = resource.set_at(response_headers::hsts_max_age, age, "add_header Strict-Transport-Security");
        }
        reading.add(resource);
    }
}
