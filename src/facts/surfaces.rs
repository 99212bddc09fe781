//! What exists once an app of a host, even where nothing is written: the headers of its answers, a limit to how often it
//! is asked. Libraries that are mounted on it fill it.

use super::code::is_export;
use super::library::Library;
use super::mounts::Mounts;
use super::routes::Routes;
use super::scopes::{Scopes, keeps_plugins_apart};
use crate::eval::{Because, How, Kind, Place, Step, Trail, Use, Value, Way};
use crate::platforms::adds_headers;
use crate::reading::bench::Reading;
use crate::reading::protections::HEADERS;
use crate::reading::visitors::{LIMITING, MODELS, SIGNING_IN, TOKENS, knows_visitors, shows_examples, speaks_of};
use crate::settings::{Resource, ResourceKind, rate_limit, response_headers};
use crate::syntax::FileId;
use crate::syntax::code::{Expr, ExprKind, Property, visit};
use crate::text::Text;
use std::sync::Arc;

/// What the surfaces of an app are called.
const NAME: &str = "the app's own routes";

/// The surfaces of the app's hosts, filled by what `uses` of libraries gave; says where the app is made. `awaited` are those that hold for the routes
/// alone that are added after they were awaited.
pub(super) fn read(
    reading: &Reading<'_>,
    hosts: &[&'static Library],
    files: &[FileId],
    (uses, awaited): (&[Use], &[Place]),
    given: &mut Vec<Resource>,
) -> Option<Place> {
    let found = hosts.iter().find_map(|host| {
        let routes = files.iter().filter_map(|file| Routes::of_file(reading, host, *file));
        let routes: Vec<Routes> = routes.collect();
        (!routes.is_empty()).then_some((*host, routes))
    });
    let (host, all) = found?;
    let is_limit = |resource: &Resource| resource.kind.name == rate_limit::KIND.name;
    // A limit that is read and misses the routes is none; what nobody reads may be one.
    let read = given.iter().any(is_limit) || speaks_of(reading, files, &[&["@nestjs/throttler"]]);
    // Where nobody sees on what something is mounted, the order of the text decides.
    let mounts = Mounts::of(uses, host);
    let known = |place| mounts.as_ref().filter(|mounts| mounts.know(place));
    let text = |misses: &dyn Fn(&Routes) -> bool| all.iter().any(misses);
    retain(
        given,
        &|place| match known(place) {
            Some(mounts) => mounts.headers_miss(place),
            None => text(&|routes| routes.begin_before(place)),
        },
        &|place| match known(place) {
            Some(mounts) => mounts.limit_misses(place),
            None => text(&|routes| routes.are_missed_by(reading, place, awaited.contains(&place))),
        },
    );
    if keeps_plugins_apart(host) && given.iter().any(is_surface) {
        let scopes = Scopes::of(reading, files);
        retain(given, &|place| scopes.headers_miss(place, &all), &|place| scopes.limit_misses(place, &all));
    }
    let made = made(reading, host, uses);
    let place = made.or_else(|| all.first().map(Routes::first))?;
    let surfaces = host.host.as_ref().map_or(&[][..], |host| &host.surfaces);
    let is_carrier = reading.found.framework.is_some_and(|framework| framework.carried);
    if has(surfaces, response_headers::KIND) && !is_carrier {
        headers(reading, files, place, given);
    }
    if has(surfaces, rate_limit::KIND) {
        limits(reading, files, host, (place, !read && speaks_of(reading, files, &[LIMITING])), given);
    }
    Some(place)
}

/// Where the app is made: what is missing from all of its answers is added there. In the entry, where it makes one.
fn made(reading: &Reading<'_>, library: &Library, uses: &[Use]) -> Option<Place> {
    let host = library.host.as_ref()?;
    let registry = library.id.split('/').next()?;
    let makes = |one: &&Use| {
        matches!(one.way, Way::Called) && is_export(registry, &host.modules, &host.made_by, &one.module, &one.export)
    };
    let in_entry = uses.iter().filter(makes).find(|one| Some(one.file) == reading.found.entry);
    in_entry.or_else(|| uses.iter().find(makes)).map(|one| one.place)
}

fn is_surface(resource: &Resource) -> bool {
    [response_headers::KIND.name, rate_limit::KIND.name].contains(&resource.kind.name)
}

/// Keeps the headers and limits that do not miss what they are for.
fn retain(given: &mut Vec<Resource>, headers_miss: &dyn Fn(Place) -> bool, limit_misses: &dyn Fn(Place) -> bool) {
    given.retain(|resource| match resource.kind.name {
        name if name == response_headers::KIND.name => !headers_miss(resource.place),
        name if name == rate_limit::KIND.name => !limit_misses(resource.place),
        _ => true,
    });
}

fn has(surfaces: &[&'static ResourceKind], kind: &ResourceKind) -> bool {
    surfaces.iter().any(|own| own.name == kind.name)
}

/// The headers that the app sends: those of a library, and those that code sets.
fn headers(reading: &Reading<'_>, files: &[FileId], place: Place, given: &mut Vec<Resource>) {
    let trail = Step::start(place, How::Written);
    let by_hand = by_hand(reading, files);
    let knows = reading.stated(Kind::Bool(knows_visitors(reading, files)), place);
    let at_edge = adds_headers(reading.documents.project, &["X-Content-Type-Options", "x-content-type-options"]);
    let at_edge = at_edge || sets_by_data(reading, files);
    let mut sent = given.iter_mut().filter(|resource| resource.kind.name == response_headers::KIND.name);
    let Some(first) = sent.next() else {
        let present = with(&Value::new(empty(), &trail), &by_hand, at_edge, &trail);
        let resource = reading.resource(response_headers::KIND, NAME, place);
        let resource = resource.set(response_headers::present_headers, present);
        return given.push(resource.set(response_headers::knows_visitors, knows));
    };
    first.name = NAME.into();
    first.put(response_headers::knows_visitors, knows);
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
    // What a policy says of frames is what the older header says.
    if speaks_of(reading, files, &[&["frame-ancestors", "frameAncestors"]]) {
        present.push("frame_protection");
    }
    present.sort_unstable();
    present.dedup();
    present
}

/// Whether code sets headers whose names stand in data: `response.headers[name] = value`, `res.setHeader(name, value)`.
fn sets_by_data(reading: &Reading<'_>, files: &[FileId]) -> bool {
    let mut found = false;
    for file in reading.documents.project.mentioning(files, &[".headers[", "setHeader("]) {
        let Some(module) = reading.documents.module_of(file) else { continue };
        visit(&module.body, &mut |expr, _| match &expr.kind {
            ExprKind::Assign { target, .. } => {
                if let ExprKind::Index { object, index, .. } = &target.kind {
                    found |= is_called(object, "headers") && matches!(index.kind, ExprKind::Name(_));
                }
            }
            ExprKind::Call { callee, arguments, .. } => {
                let is_name = |expr: &Expr| matches!(expr.kind, ExprKind::Name(_));
                let named = arguments.first().is_some_and(|argument| is_name(&argument.value));
                found |= is_called(callee, "setHeader") && arguments.len() == 2 && named;
            }
            _ => {}
        });
    }
    found
}

fn is_called(expr: &Expr, name: &str) -> bool {
    matches!(&expr.kind, ExprKind::Member { property, .. } if &**property == name)
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

/// What there is where nothing limits how often the app is asked.
fn limits(
    reading: &Reading<'_>,
    files: &[FileId],
    host: &Library,
    (place, unread): (Place, bool),
    given: &mut Vec<Resource>,
) {
    let is_known = reading.model.of(reading.app, rate_limit::KIND).next().is_some();
    if is_known || given.iter().any(|resource| resource.kind.name == rate_limit::KIND.name) {
        return;
    }
    let stated = |value| reading.stated(Kind::Bool(value), place);
    let unfollowed = Value::unknown(Because::Undecided, &stated(true).trail);
    let mut resource = reading
        .resource(rate_limit::KIND, NAME, place)
        .set(rate_limit::installed, if unread { unfollowed } else { stated(false) })
        .set(rate_limit::offered, stated(true))
        .set(rate_limit::serves_requests, stated(true))
        .set(rate_limit::signs_in, stated(signs_in(reading, files)))
        .set(rate_limit::asks_models, stated(asks_models(reading, files)));
    for (key, fix) in host.host.iter().flat_map(|host| &host.fixes) {
        resource = resource.with_fix(key, *fix);
    }
    given.push(resource);
}

/// Whether the code of an app speaks of signing in: then guesses are what a limit keeps out.
fn signs_in(reading: &Reading<'_>, files: &[FileId]) -> bool {
    speaks_of(reading, files, &[SIGNING_IN, TOKENS]) && !shows_examples(reading)
}

/// Whether requests cost the call of a model, which somebody pays for.
fn asks_models(reading: &Reading<'_>, files: &[FileId]) -> bool {
    speaks_of(reading, files, &[MODELS])
}
