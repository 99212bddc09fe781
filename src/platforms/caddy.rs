//! Caddy: TLS and redirects come by themselves for the names of sites; headers, limits and listings are written.
//! <https://caddyserver.com/docs/caddyfile>

use crate::eval::{Because, How, Kind, Place, Step, Value};
use crate::platforms::edge::{Edge, Headers, headers_of};
use crate::platforms::reach;
use crate::project::{FileKind, FilesOf, Pattern, lies_in};
use crate::reading::bench::Reading;
use crate::settings::{devtools, endpoint, proxy, response_headers, static_files};
use crate::syntax::FileId;
use crate::syntax::data::caddyfile::{Directive, read as parse};
use crate::syntax::data::comment_lines;
use crate::text::Text;
use std::sync::Arc;

/// Caddyfiles.
pub(crate) static FILES: FilesOf = FilesOf {
    name: "caddy",
    patterns: &[Pattern::Named("Caddyfile"), Pattern::Begins("Caddyfile."), Pattern::Told(ends_so)],
    medium: "manifest",
    comments: Some(comment_lines),
};

/// Their kind.
pub(crate) const KIND: FileKind = FileKind::Platform(&FILES);

fn ends_so(_folder: &str, name: &str) -> bool {
    matches!(name.rsplit_once('.'), Some((_, "Caddyfile" | "caddy")))
}

/// `import` is followed this deep.
const MOST_IMPORTS: usize = 4;

/// What Caddy does in front of the app; none where no reachable file configures one.
pub(crate) fn read(reading: &mut Reading<'_>) -> Option<Edge> {
    let project = reading.documents.project;
    let root = reading.found.root.clone();
    let is_own = |file: &FileId| {
        let path = &project.file(*file).path;
        lies_in(path, &root) && reach::is_for_production(path, &root)
    };
    let all = project.of_kind(&KIND).iter().copied();
    let files: Vec<FileId> = all.filter(is_own).filter(|file| reach::is_used(reading, *file)).collect();
    let mut edge = Edge::default();
    for file in files {
        let Ok(text) = project.text(file) else { continue };
        of_file(reading, file, &parse(text), &mut edge);
    }
    edge.visible.then_some(edge)
}

fn of_file(reading: &mut Reading<'_>, file: FileId, top: &[Directive], edge: &mut Edge) {
    let (mut off, mut keeps_plain) = (false, false);
    if let Some(global) = top.first().filter(|own| own.words.is_empty()) {
        off =
            global.inner().iter().any(|own| own.is("auto_https") && own.argument(0).is_some_and(|word| word.is("off")));
        let disables =
            |own: &&Directive| own.is("auto_https") && own.argument(0).is_some_and(|word| word.is("disable_redirects"));
        keeps_plain = off || global.inner().iter().any(|own| disables(&own));
        administration(reading, file, global);
    }
    let sites = top.iter().filter(|own| own.block.is_some() && !own.words.is_empty());
    for site in sites.filter(|own| !own.words[0].0.test(|word| word.starts_with('('))) {
        let own = expanded(top, site.inner(), MOST_IMPORTS);
        of_site(reading, file, site, &own, (off, keeps_plain), edge);
    }
    // A file of one site needs no braces.
    let bare = top.iter().position(|own| own.block.is_none() && !own.words.is_empty() && !own.is("import"));
    if let Some(at) = bare.filter(|at| top[..*at].iter().all(|own| own.words.is_empty())) {
        let own = expanded(top, &top[at + 1..], MOST_IMPORTS);
        of_site(reading, file, &top[at], &own, (off, keeps_plain), edge);
    }
}

/// The directives of a site, with those of the snippets that it imports.
fn expanded(top: &[Directive], list: &[Directive], depth: usize) -> Vec<Directive> {
    let mut all = Vec::new();
    for own in list {
        let name = own.is("import").then(|| own.argument(0)).flatten();
        let snippet = name.and_then(|name| {
            let wanted = name.map(|name| format!("({name})"));
            top.iter().find(|own| own.block.is_some() && own.words.first().is_some_and(|(word, _)| *word == wanted))
        });
        match snippet.filter(|_| depth > 0) {
            Some(snippet) => all.extend(expanded(top, snippet.inner(), depth - 1)),
            // `handle`, `route` and their like hold what holds for the site as well where they name no address.
            None if own.block.is_some()
                && own.words.len() == 1
                && (own.is("handle") || own.is("route"))
                && depth > 0 =>
            {
                all.extend(expanded(top, own.inner(), depth - 1));
            }
            None => all.push(own.clone()),
        }
    }
    all
}

/// Its own interface is for this machine alone unless another address is written.
fn administration(reading: &mut Reading<'_>, file: FileId, global: &Directive) {
    let Some(own) = global.inner().iter().find(|own| own.is("admin")) else { return };
    let open = own.argument(0).is_some_and(|address| {
        address
            .test(|address| address.starts_with("0.0.0.0") || address.starts_with(':') || address.starts_with("[::]"))
    });
    if !open {
        return;
    }
    let place = Place::File(file, own.span);
    let resource = reading
        .resource(devtools::KIND, "Caddy's administration", place)
        .set(devtools::enabled, reading.stated(Kind::Bool(true), place))
        .set(devtools::authorized, reading.stated(Kind::Bool(false), place))
        .set(devtools::found_by_name, reading.stated(Kind::Bool(true), place))
        .with_fix(
            devtools::enabled,
            "Write `admin off`, or `admin localhost:2019`: its port lets anyone change Caddy's configuration.",
        );
    reading.add(resource);
}

/// How a site is reached.
enum Scheme {
    /// A public name, for which Caddy gets certificates.
    Tls,
    /// A public name on plain http.
    Plain,
    /// A port or a name of a private network: something else stands in front.
    Inside,
}

fn scheme(site: &Directive, off: bool) -> Scheme {
    let mut plain = false;
    for (word, _) in &site.words {
        let mut host = String::new();
        word.test(|word| {
            word.trim_end_matches(',').clone_into(&mut host);
            true
        });
        let http = host.starts_with("http://") || off;
        let name = host.trim_start_matches("http://").trim_start_matches("https://");
        let port = name.rsplit_once(':').map(|(_, port)| port);
        let name = name.split([':', '/']).next().unwrap_or(name);
        let inside = [".local", ".internal", ".localhost", ".lan", ".test"].iter().any(|end| name.ends_with(end));
        let variable = name.starts_with("{$") || name.starts_with("{env");
        if !(name.contains('.') || variable) || inside || name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        {
            continue;
        }
        if !http && port != Some("80") {
            return Scheme::Tls;
        }
        plain |= !variable;
    }
    if plain { Scheme::Plain } else { Scheme::Inside }
}

fn of_site(
    reading: &mut Reading<'_>,
    file: FileId,
    site: &Directive,
    own: &[Directive],
    (off, keeps_plain): (bool, bool),
    edge: &mut Edge,
) {
    let place = Place::File(file, site.span);
    let path = reading.documents.project.file(file).path.clone();
    let name: Arc<str> = format!("{path} {}", site.words[0].0.as_name().trim_end_matches(',')).into();
    edge.visible = true;
    let scheme = scheme(site, off);
    let tls = matches!(scheme, Scheme::Tls) || own.iter().any(|own| own.is("tls"));
    if tls {
        edge.tls.get_or_insert(place);
    }
    if matches!(scheme, Scheme::Plain) && !tls {
        plain_listener(reading, &name, site, place);
    }
    let headers = written_headers(file, own);
    let leads_to_app = own.iter().any(|own| own.is("reverse_proxy"));
    if leads_to_app {
        edge.leads.push(place);
        edge.is_believed |= own.iter().filter(|own| own.is("reverse_proxy")).any(is_beside);
    }
    if matches!(scheme, Scheme::Tls) && leads_to_app {
        // For the names of its sites Caddy answers on both, and sends plain http on by itself.
        let stated = |value| Value::written(Kind::Bool(value), place);
        let resource = reading
            .resource(proxy::KIND, name.clone(), place)
            .set(proxy::serves_http, stated(true))
            .set(proxy::serves_tls, stated(true))
            .set(proxy::redirects_to_https, stated(!keeps_plain))
            .with_fix(proxy::redirects_to_https, "Remove the site for plain http: Caddy then redirects it by itself.");
        reading.add(resource);
    }
    headers_of(reading, &name, &headers, leads_to_app.then_some(&mut *edge));
    if tls
        && own
            .iter()
            .any(|own| ["reverse_proxy", "file_server", "php_fastcgi", "respond"].iter().any(|name| own.is(name)))
    {
        let mut sent = Headers::default();
        headers.iter().for_each(|(name, value, place)| sent.add(name, Some(value), *place));
        let age = sent.promise(place);
        let resource = reading.resource(response_headers::KIND, name.clone(), place).set_at(
            response_headers::hsts_max_age,
            age,
            "header Strict-Transport-Security",
        );
        reading.add(resource);
    }
    limits(file, own, edge);
    if let Some(listing) = own.iter().find(|own| own.is("file_server") && browses(own)) {
        let guarded = own.iter().any(|own| own.is("basic_auth") || own.is("basicauth") || own.is("forward_auth"));
        let place = Place::File(file, listing.span);
        let resource = reading
            .resource(static_files::KIND, name, place)
            .set(static_files::listing, Value::written(Kind::Bool(!guarded), place))
            .with_fix(static_files::listing, "Remove `browse` from `file_server`.");
        reading.add(resource);
    }
}

/// Whether it asks an app on its own machine.
fn is_beside(own: &Directive) -> bool {
    let here = ["localhost", "127.0.0.1", "unix/", "http://localhost", "http://127.0.0.1", ":"];
    own.words.iter().skip(1).any(|(word, _)| word.test(|word| here.iter().any(|start| word.starts_with(start))))
}

fn browses(own: &Directive) -> bool {
    own.words.iter().any(|(word, _)| word.is("browse")) || own.inner().iter().any(|own| own.is("browse"))
}

fn plain_listener(reading: &mut Reading<'_>, name: &Arc<str>, site: &Directive, place: Place) {
    let unseen = Value::unknown(Because::Undecided, &Step::start(place, How::Written));
    let url = site.words[0].0.map(|word| {
        let word = word.trim_end_matches(',');
        if word.contains("://") { word.to_owned() } else { format!("http://{word}") }
    });
    let resource = reading
        .resource(endpoint::KIND, name.clone(), place)
        .set_at(endpoint::url, Value::written(Kind::Text(url), place), "the site's address")
        .set(endpoint::role, reading.word("listener", place))
        .set(endpoint::behind_tls, unseen)
        .set(endpoint::private_network, reading.stated(Kind::Bool(false), place));
    reading.add(resource);
}

/// `header` of the whole site: one a line, or several in a block. What is removed is not sent.
fn written_headers(file: FileId, own: &[Directive]) -> Vec<(Text, Text, Place)> {
    let mut all = Vec::new();
    for header in own.iter().filter(|own| own.is("header")) {
        let mut words: &[(Text, crate::syntax::Span)] = &header.words[1..];
        if words.first().is_some_and(|(word, _)| word.is("*") || word.is("/*")) {
            words = &words[1..];
        } else if words.first().is_some_and(|(word, _)| word.test(|word| word.starts_with(['/', '@']))) {
            continue;
        }
        let lines = std::iter::once(words).filter(|words| !words.is_empty());
        let inner = header.inner().iter().map(|line| line.words.as_slice());
        for words in lines.chain(inner) {
            if let [(name, _), (value, span), ..] = words
                && !name.test(|name| name.starts_with('-'))
            {
                let name = name.map(|name| name.trim_start_matches(['+', '?', '>']).to_owned());
                all.push((name, value.clone(), Place::File(file, *span)));
            }
        }
    }
    all
}

fn limits(file: FileId, own: &[Directive], edge: &mut Edge) {
    if let Some(limit) = own.iter().find(|own| own.is("rate_limit")) {
        edge.rate_limits.get_or_insert(Place::File(file, limit.span));
    }
    let size = own.iter().filter(|own| own.is("request_body")).flat_map(Directive::inner);
    if let Some(size) = size.into_iter().find(|own| own.is("max_size"))
        && let Some(bytes) = size.argument(0).and_then(|size| size.number(crate::units::bytes))
    {
        edge.body_limit.get_or_insert((bytes, Place::File(file, size.span)));
    }
    if let Some(proxy) = own.iter().find(|own| own.is("reverse_proxy")) {
        // Caddy replaces what clients say of themselves.
        edge.rewrites_client_ip.get_or_insert((true, Place::File(file, proxy.span)));
    }
}
