//! What the way to the app has on it: limits, headers and what the app is told of the visitor.

use crate::eval::Place;
use crate::platforms::edge::Edge;
use crate::platforms::nginx::blocks::{Location, Own, Server};
use crate::project::Project;
use crate::text::Text;

/// Bodies are cut off at this size where nothing is written. <https://nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size>
const DEFAULT_BODY_LIMIT: f64 = 1_048_576.0;

/// What the way to the app has: the location of `/`, or else every location that leads to it.
pub(crate) fn of_app(project: &Project, all: &[Location<'_>], server: &Server, edge: &mut Edge) {
    let proxied: Vec<&Location<'_>> = all.iter().filter(|location| location.proxied().is_some()).collect();
    let Some(main) = proxied.iter().find(|location| location.path == "/").or_else(|| proxied.first()) else { return };
    if let Some(place) = limit_of(&proxied) {
        edge.rate_limits.get_or_insert(place);
    }
    let limit = main.effective("client_max_body_size").first().map_or(Some((DEFAULT_BODY_LIMIT, main.place)), |own| {
        let size = own.arg(0)?.number(crate::units::bytes)?;
        Some((size, own.place()))
    });
    if let Some(limit) = limit {
        edge.body_limit.get_or_insert(limit);
    }
    for (word, place) in main.headers().present {
        if !edge.headers.has(word) {
            edge.headers.present.push((word, place));
        }
    }
    if edge.headers.hsts.is_none() {
        edge.headers.hsts = main.headers().hsts;
    }
    let sets = main.effective("proxy_set_header");
    let named = |wanted: &[&str]| {
        sets.iter().find(|own| {
            own.arg(0)
                .is_some_and(|name| name.test(|name| wanted.iter().any(|wanted| name.eq_ignore_ascii_case(wanted))))
        })
    };
    if let Some(own) = named(&["X-Forwarded-For", "X-Real-IP"]) {
        let appends = own.arg(1).is_some_and(|value| value.test(|value| value.contains("add_x_forwarded_for")));
        edge.rewrites_client_ip.get_or_insert((!appends, own.place()));
    }
    edge.leads.push(server.place);
    edge.is_believed |= main.proxied().is_some_and(|own| is_believed(project, own));
    let pass = main.proxied().filter(|own| own.is("proxy_pass"));
    let scheme = named(&["X-Forwarded-Proto", "X-Forwarded-Scheme", "X-Forwarded-Ssl", "X-Scheme", "Forwarded"]);
    let by_file = main.levels.iter().flat_map(|level| level.iter()).any(|own| own.is("include"));
    if let Some(own) = pass.filter(|_| scheme.is_none() && !by_file && server.speaks_tls()) {
        edge.hides_scheme.get_or_insert(own.place());
    }
    let cors = main.effective("add_header").into_iter().find(|own| {
        own.arg(0).is_some_and(|name| name.test(|name| name.eq_ignore_ascii_case("Access-Control-Allow-Origin")))
    });
    if let Some(own) = cors {
        edge.cors.get_or_insert(own.place());
    }
}

/// Whether the app's server believes what it is told this way: it does so on its own machine, where nothing else is written,
/// and where the protocol has the scheme in it.
fn is_believed(project: &Project, pass: &Own) -> bool {
    if !pass.is("proxy_pass") {
        return true;
    }
    let Some(to) = pass.arg(0).map(Text::as_name) else { return true };
    let host = to.split_once("://").map_or(&*to, |(_, host)| host);
    let name = host.split(['/', ':']).next().unwrap_or(host);
    let servers = project.text(pass.file).ok().and_then(|text| {
        let own = text
            .split("upstream ")
            .skip(1)
            .find(|own| own.trim_start().split([' ', '{', '\n']).next() == Some(name))?;
        own.split_once('}').map(|(own, _)| own)
    });
    let is_here = |text: &str| ["127.0.0.1", "localhost", "unix:", "[::1]"].iter().any(|own| text.contains(own));
    is_here(host) || servers.is_some_and(is_here) || host.starts_with('$')
}

/// Where the rate is limited: of everything, or of the locations that take passwords and give tokens.
fn limit_of(proxied: &[&Location<'_>]) -> Option<Place> {
    let first_of = |locations: &mut dyn Iterator<Item = &&Location<'_>>| {
        let limit = |location: &&Location<'_>| location.effective("limit_req").first().map(|own| own.place());
        let limits: Option<Vec<Place>> = locations.map(limit).collect();
        limits.and_then(|limits| limits.first().copied())
    };
    let takes_credentials = |location: &&&Location<'_>| {
        let path = location.path.to_ascii_lowercase();
        ["token", "login", "signin", "sign-in", "oauth"].iter().any(|word| path.contains(word))
    };
    first_of(&mut proxied.iter()).or_else(|| first_of(&mut proxied.iter().filter(takes_credentials)))
}
