//! What exists once an app of a host, even where nothing is written: the headers of its answers, a limit to how often it
//! is asked. Libraries that are mounted on it fill it.

use super::code::is_export;
use super::library::Library;
use crate::eval::{Because, How, Kind, Place, Step, Trail, Value};
use crate::platforms::adds_headers;
use crate::reading::bench::Reading;
use crate::settings::{Resource, ResourceKind, rate_limit, response_headers};
use crate::syntax::code::{Expr, ExprKind, Property, visit};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::sync::Arc;

/// What the surfaces of an app are called.
const NAME: &str = "the app's own routes";

/// Paths that only say whether the app lives.
const HEALTH: &[&str] = &["/health", "/healthz", "/ready", "/readyz", "/live", "/livez", "/ping", "/status", "/up"];

/// Names that clients have, whose methods are called like those that add routes.
const CLIENTS: &[&str] = &[
    "axios", "client", "api", "treaty", "ky", "http", "fetch", "eden", "cache", "redis", "map", "session", "requests",
];

/// Response headers and the protection that each is.
const HEADERS: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "frame_protection"),
    ("content-security-policy", "content_policy"),
    ("referrer-policy", "referrer_policy"),
    ("permissions-policy", "permissions_policy"),
    ("strict-transport-security", "hsts"),
];

/// The surfaces of the app's hosts, filled by what uses of libraries gave.
pub(super) fn read(reading: &Reading<'_>, hosts: &[&'static Library], files: &[FileId], given: &mut Vec<Resource>) {
    let Some((host, file, span)) = hosts.iter().find_map(|host| {
        let (file, span) = files.iter().find_map(|file| Some((*file, first_route(reading, host, *file)?)))?;
        Some((*host, file, span))
    }) else {
        return;
    };
    let surfaces = host.host.as_ref().map_or(&[][..], |host| &host.surfaces);
    let route = Route { file, span, place: Place::File(file, span) };
    if has(surfaces, response_headers::KIND) {
        headers(reading, files, &route, given);
    }
    if has(surfaces, rate_limit::KIND) {
        limits(reading, &route, given);
    }
}

fn has(surfaces: &[&'static ResourceKind], kind: &ResourceKind) -> bool {
    surfaces.iter().any(|own| own.name == kind.name)
}

/// The first route of an app.
struct Route {
    file: FileId,
    span: Span,
    place: Place,
}

impl Route {
    /// Whether what stands at a place is mounted too late to serve the route: below it in the same file.
    fn comes_before(&self, place: Place) -> bool {
        place.in_file().is_some_and(|(file, span)| file == self.file && span.start > self.span.start)
    }
}

/// The headers that the app sends: those of a library that is mounted before its routes, and those that code sets.
fn headers(reading: &Reading<'_>, files: &[FileId], route: &Route, given: &mut Vec<Resource>) {
    given.retain(|resource| resource.kind.name != response_headers::KIND.name || !route.comes_before(resource.place));
    let trail = Step::start(route.place, How::Written);
    let by_hand = by_hand(reading, files);
    let at_edge = adds_headers(reading.documents.project, &["X-Content-Type-Options", "x-content-type-options"]);
    let mut sent = given.iter_mut().filter(|resource| resource.kind.name == response_headers::KIND.name);
    let Some(first) = sent.next() else {
        let present = with(&Value::new(empty(), &trail), &by_hand, at_edge, &trail);
        let resource = reading.resource(response_headers::KIND, NAME, route.place);
        return given.push(resource.set(response_headers::present_headers, present));
    };
    first.name = NAME.into();
    if let Some(present) = first.value(response_headers::present_headers).cloned() {
        first.put(response_headers::present_headers, with(&present, &by_hand, at_edge, &trail));
    }
}

fn empty() -> Kind {
    Kind::List { items: [].into(), open: None }
}

/// A list of protections, and more.
fn with(present: &Value, words: &[&'static str], open: bool, trail: &Trail) -> Value {
    present.each(&mut |present| match &present.kind {
        Kind::List { items, open: unseen } => {
            let new = words.iter().map(|word| Value::new(Kind::Text(Text::new(*word)), trail));
            let items: Arc<[Value]> = items.iter().cloned().chain(new).collect();
            // What the proxy adds is not told apart by route here.
            let unseen = unseen.clone().or(open.then(|| Because::Undecided.into()));
            Value::new(Kind::List { items, open: unseen }, &present.trail)
        }
        _ => present.clone(),
    })
}

/// The protections whose headers stand in the app's code.
fn by_hand(reading: &Reading<'_>, files: &[FileId]) -> Vec<&'static str> {
    let mut present: Vec<&'static str> = Vec::new();
    let names: Vec<&str> = HEADERS.iter().map(|(header, _)| *header).collect();
    let titled: Vec<String> = names.iter().map(|name| titled(name)).collect();
    let words: Vec<&str> = names.into_iter().chain(titled.iter().map(String::as_str)).collect();
    for file in reading.documents.project.mentioning(files, &words) {
        let Some(module) = reading.documents.module_of(file) else { continue };
        visit(&module.body, &mut |expr, _| match &expr.kind {
            ExprKind::Text(text) => present.extend(protection(text)),
            ExprKind::Object(properties) => {
                for property in properties {
                    if let Property::Field { key, .. } = property {
                        present.extend(protection(&Text::new(key.clone())));
                    }
                }
            }
            _ => {}
        });
    }
    present.sort_unstable();
    present.dedup();
    present
}

/// `X-Frame-Options`.
fn titled(header: &str) -> String {
    let part = |part: &str| part[..1].to_ascii_uppercase() + &part[1..];
    header.split('-').map(part).collect::<Vec<_>>().join("-")
}

fn protection(name: &Text) -> Option<&'static str> {
    let fits = |header: &str| name.test(|name| name.eq_ignore_ascii_case(header));
    HEADERS.iter().find(|(header, _)| fits(header)).map(|(_, word)| *word)
}

/// The limits to how often the app is asked; one that stands behind the routes limits nothing.
fn limits(reading: &Reading<'_>, route: &Route, given: &mut Vec<Resource>) {
    given.retain(|resource| resource.kind.name != rate_limit::KIND.name || !route.comes_before(resource.place));
    let is_known = reading.model.of(reading.app, rate_limit::KIND).next().is_some();
    if is_known || given.iter().any(|resource| resource.kind.name == rate_limit::KIND.name) {
        return;
    }
    let stated = |value| reading.stated(Kind::Bool(value), route.place);
    let resource = reading
        .resource(rate_limit::KIND, NAME, route.place)
        .set(rate_limit::installed, stated(false))
        .set(rate_limit::offered, stated(true))
        .set(rate_limit::serves_requests, stated(true));
    given.push(resource);
}

/// Where the first route of a file stands that does more than say that the app lives.
fn first_route(reading: &Reading<'_>, library: &Library, file: FileId) -> Option<Span> {
    let host = library.host.as_ref()?;
    let registry = library.id.split('/').next()?;
    if super::code::registry_of(reading.documents.project, file) != Some(registry) {
        return None;
    }
    let calls: Vec<String> = host.routes.iter().map(|route| format!(".{route}(")).collect();
    let words: Vec<&str> = calls.iter().map(String::as_str).collect();
    if !reading.documents.project.mentions(file, &words) {
        return None;
    }
    let module = reading.documents.module_of(file)?;
    let imported = super::code::imported(&module);
    if !imported.iter().any(|name| host.modules.iter().any(|own| super::names::is_module(registry, own, name))) {
        return None;
    }
    let makers = super::code::locals(&module, &|name| {
        host.modules.iter().any(|own| super::names::is_module(registry, own, name))
    });
    let makes = |callee: &Expr| match &callee.kind {
        ExprKind::Name(name) => makers
            .get(name)
            .is_some_and(|(module, name)| is_export(registry, &host.modules, &host.made_by, module, name)),
        _ => false,
    };
    let mut first: Option<Span> = None;
    visit(&module.body, &mut |expr, guards| {
        let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
        let ExprKind::Member { object, property, property_span, .. } = &callee.kind else { return };
        let path = arguments.first().map(|argument| &argument.value.kind);
        let Some(ExprKind::Text(path)) = path else { return };
        let is_path = path.test(|path| path.is_empty() || path.starts_with('/') || path == "*");
        let is_health = path.test(|path| HEALTH.iter().any(|health| path.trim_end_matches('/') == *health));
        let has_handler = registry == "pypi" || arguments.len() > 1;
        if !host.routes.contains(&&**property) || !is_path || is_health || !has_handler || !is_app(object, &makes) {
            return;
        }
        let before = first.is_none_or(|first| property_span.start < first.start);
        if before && reading.evaluator.runs(file, guards) {
            first = Some(*property_span);
        }
    });
    first
}

/// Whether a chain of calls begins with something that can be an app, and not with a client: the call that makes one, a
/// parameter, or a name.
fn is_app(object: &Expr, makes: &dyn Fn(&Expr) -> bool) -> bool {
    let mut object = object;
    loop {
        match &object.kind {
            ExprKind::Call { callee, .. } if makes(callee) => return true,
            ExprKind::Call { is_new: true, .. } => return false,
            ExprKind::Call { callee, is_new: false, .. } => object = callee,
            ExprKind::Member { object: inner, .. } => object = inner,
            ExprKind::Name(name) => return !CLIENTS.contains(&&**name),
            _ => return false,
        }
    }
}
