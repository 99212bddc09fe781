//! CORS headers that code or a list of header rules sets by hand.

use crate::eval::{How, Kind, Place, Step, Value, comes_from_caller};
use crate::libraries::web::headers::{Group, groups};
use crate::reading::bench::Reading;
use crate::settings::cors;
use crate::syntax::code::{ExprKind, Module, visit};
use crate::syntax::{FileId, Span};
use std::sync::Arc;

const ORIGIN: &str = "Access-Control-Allow-Origin";
const CREDENTIALS: &str = "Access-Control-Allow-Credentials";

/// Parts of addresses whose content is meant for everybody.
const PUBLIC: &[&str] = &[
    "openapi",
    "docs",
    ".well-known",
    "swagger",
    "reference",
    "rss",
    "feed",
    "sitemap",
    "robots",
    "static",
    "assets",
    "fonts",
    "images",
    "og",
    "embed",
    "widget",
    "public",
    "health",
    "healthz",
    "status",
    "badge",
    "icon",
    "manifest",
    "schema",
];

/// Words by which code asks who is there.
const ASKS_WHO: &[&str] =
    &["session", "authoriz", "authenticate", "requireuser", "currentuser", "getuser", "cookies", "auth("];

/// One policy for each group of hand-set headers in some files. `address` gives the address that a file answers to,
/// where it answers to one.
pub(crate) fn read(reading: &mut Reading<'_>, files: &[FileId], address: &dyn Fn(FileId) -> Option<Arc<str>>) {
    for file in reading.documents.project.mentioning(files, &[ORIGIN, "access-control-allow-origin"]) {
        let Some(module) = reading.documents.module_of(file) else { continue };
        let path = address(file);
        let public = path.as_ref().is_some_and(|path| is_public(path) || !asks_who(reading, file));
        let name = path.unwrap_or_else(|| reading.documents.project.file(file).path.clone());
        of_module(reading, file, &module, &name, public);
    }
}

fn of_module(reading: &mut Reading<'_>, file: FileId, module: &Module, name: &str, public: bool) {
    let groups = groups(module, &[ORIGIN, CREDENTIALS]);
    let mut seen = 0;
    for group in &groups {
        let Some(origin) = group.header(ORIGIN) else { continue };
        if !reading.evaluator.runs(file, &origin.guards) {
            continue;
        }
        if is_overwritten(reading, file, module, origin.value.span) {
            continue;
        }
        let place = Place::File(file, origin.value.span);
        let credentials = group.header(CREDENTIALS).or_else(|| beside(&groups, group)).map(|header| header.value);
        let credentials = match credentials {
            Some(expr) => is_on(&reading.evaluator.expression_at(file, expr)),
            None => reading.stated(Kind::Bool(false), place),
        };
        let echoes = reading.evaluator.echoes(file, origin.value, &origin.guards);
        let origins = if echoes {
            Value::new(Kind::Bool(true), &Step::start(place, How::Written))
        } else {
            let value = reading.evaluator.expression_at(file, origin.value);
            // Something holds the asking origin against a list before it is named.
            let arms = if let Kind::Choice(_, arms) = &value.kind { arms.as_ref() } else { &[] };
            if comes_from_caller(&value) || arms.iter().any(comes_from_caller) {
                continue;
            }
            as_list(&value)
        };
        let single =
            !group.function.is_some_and(|function| hands_on(module, function) && !answers_a_path(module, function));
        policy(reading, &numbered(name, seen), place, origins, credentials, (public, single));
        seen += 1;
    }
}

/// Whether a middleware below in the same file, in front of every path, writes its one origin over what is set by hand.
fn is_overwritten(reading: &Reading<'_>, file: FileId, module: &Module, by_hand: Span) -> bool {
    let always = reading.model.resources.iter().filter(|resource| resource.kind.name == cors::KIND.name);
    let spans =
        always.filter(|resource| resource.value(cors::origins).is_some_and(is_one_text)).filter_map(|resource| {
            resource
                .place
                .in_file()
                .filter(|(own, span)| *own == file && span.start > by_hand.end)
                .map(|(_, span)| span)
        });
    let spans: Vec<Span> = spans.collect();
    if spans.is_empty() {
        return false;
    }
    let mut mounted = false;
    visit(&module.body, &mut |expr, guards| {
        let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
        let is_mount = matches!(&callee.kind, ExprKind::Member { property, .. } if &**property == "use");
        let first = arguments.first().map(|argument| argument.value.span);
        mounted |= is_mount && guards.is_empty() && first.is_some_and(|first| spans.contains(&first));
    });
    mounted
}

/// Whether origins are one text, which is sent whoever asks; a list of one is held against the asking origin.
fn is_one_text(origins: &Value) -> bool {
    match origins.as_list() {
        Some([one]) => one.as_text().is_some() && one.trail.primary() == origins.trail.primary(),
        _ => false,
    }
}

/// The credentials header of the same function, in an object or a call of its own.
fn beside<'g, 't>(
    groups: &'g [Group<'t>],
    group: &Group<'t>,
) -> Option<&'g crate::libraries::web::headers::Header<'t>> {
    let mut others = groups.iter().filter(|other| other.function == group.function && other.header(ORIGIN).is_none());
    others.find_map(|other| other.header(CREDENTIALS))
}

/// Header rules as hosts and frameworks take them: a list of `{ key, value }` for a pattern of addresses.
pub(crate) fn rule(reading: &mut Reading<'_>, name: &str, source: &Value, headers: &Value) {
    let find = |name: &str| {
        let headers = headers.as_list().unwrap_or_default();
        let is_meant = |header: &&Value| {
            header.field("key").as_text().is_some_and(|key| key.test(|key| key.eq_ignore_ascii_case(name)))
        };
        headers.iter().find(is_meant).map(|header| header.field("value"))
    };
    let Some(origin) = find(ORIGIN) else { return };
    let place = reading.place_of(&origin);
    let credentials = find(CREDENTIALS).map_or_else(|| reading.stated(Kind::Bool(false), place), |value| is_on(&value));
    let public = source.as_text().is_some_and(|text| text.test(is_public));
    policy(reading, name, place, as_list(&origin), credentials, (public, false));
}

/// Whether a function hands the request on to whoever comes behind it: what it sets is set for all of them.
fn hands_on(module: &Module, function: Span) -> bool {
    let mut found = false;
    visit(&module.body, &mut |expr, _| {
        let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
        let hands_on = match &callee.kind {
            // With an argument it hands an error on.
            ExprKind::Name(name) if &**name == "next" => arguments.is_empty(),
            ExprKind::Name(name) => &**name == "call_next",
            _ => false,
        };
        found |= hands_on && function.holds(expr.span);
    });
    found
}

/// Methods by which an app is told who answers a path.
const ANSWERING: &[&str] = &["get", "post", "put", "patch", "delete"];

/// Whether a function answers one path, and hands on what is not its own: `app.get("/export/:type", (req, res, next) => ..)`.
fn answers_a_path(module: &Module, function: Span) -> bool {
    let mut found = false;
    visit(&module.body, &mut |expr, _| {
        let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
        let answers = matches!(&callee.kind, ExprKind::Member { property, .. } if ANSWERING.contains(&&**property));
        let [path, behind @ ..] = &arguments[..] else { return };
        let one = matches!(&path.value.kind, ExprKind::Text(path) if path.test(|path| path.starts_with('/') && !path.starts_with("/*")));
        found |= answers && one && behind.iter().any(|argument| argument.value.span.holds(function));
    });
    found
}

/// `public` where what is answered is for everybody, `single` where it is said at single answers.
fn policy(
    reading: &mut Reading<'_>,
    name: &str,
    place: Place,
    origins: Value,
    credentials: Value,
    (public, single): (bool, bool),
) {
    let is_everyone =
        origins.as_list().is_some_and(|items| items.iter().any(|item| item.as_text().is_some_and(|text| text.is("*"))));
    if public && is_everyone && credentials.as_bool() == Some(false) {
        return;
    }
    // Browsers take `*` with credentials by its letter and refuse it; whoever wrote it will echo the origin next.
    let resource = reading
        .resource(cors::KIND, name, place)
        .set_at(cors::origins, origins, ORIGIN)
        .set_at(cors::credentials, credentials, CREDENTIALS)
        .set(cors::at_single_answers, reading.stated(Kind::Bool(single), place))
        .set(cors::wildcard_effect, reading.word("literal", place));
    reading.add(resource);
}

fn is_public(path: &str) -> bool {
    path.split(['/', '-', '(', ')', ':', '*'])
        .any(|part| PUBLIC.contains(&part.to_ascii_lowercase().trim_end_matches(".json")))
}

/// Whether the code of a file cares who asks.
fn asks_who(reading: &Reading<'_>, file: FileId) -> bool {
    let Ok(text) = reading.documents.project.text(file) else { return false };
    let text = text.to_ascii_lowercase();
    ASKS_WHO.iter().any(|word| text.contains(word))
}

fn is_on(value: &Value) -> Value {
    value.read(&|value| match &value.kind {
        Kind::Text(text) => Kind::Bool(text.test(|text| text.eq_ignore_ascii_case("true"))),
        Kind::Bool(on) => Kind::Bool(*on),
        Kind::Absent | Kind::Null => Kind::Bool(false),
        other => other.clone(),
    })
}

fn as_list(value: &Value) -> Value {
    value.each(&mut |value| match &value.kind {
        Kind::Text(text) if !text.is_empty() => {
            Value::new(Kind::List { items: [value.clone()].into(), open: None }, &value.trail)
        }
        Kind::Text(_) | Kind::Absent | Kind::Null => {
            Value::new(Kind::List { items: [].into(), open: None }, &value.trail)
        }
        _ => value.clone(),
    })
}

fn numbered(name: &str, index: usize) -> String {
    if index == 0 { name.to_owned() } else { format!("{name} {}", index + 1) }
}
