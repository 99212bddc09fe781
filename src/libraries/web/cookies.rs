//! Cookies that handlers set through the request's or the response's jar. What packages give functions for is told by
//! their facts.

use super::set_cookie;
use crate::eval::{How, Kind, Place, Step, Value};
use crate::reading::bench::Reading;
use crate::reading::cookies::{is_removal, purpose};
use crate::reading::table::Reader;
use crate::settings::cookie;
use crate::syntax::FileId;
use crate::syntax::code::{Expr, ExprKind, visit};
use crate::text::Text;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Each cookie that is set in some files, with what is written about it: what is not written is not judged here.
pub(crate) fn read(reading: &mut Reading<'_>, files: &[FileId]) {
    let mut seen: BTreeSet<Arc<str>> = BTreeSet::new();
    let mut found = kept(reading, files);
    found.sort_by_key(|set| set.place);
    for Set { name, options, place, by_next, says_one_thing } in found {
        let name = name.as_text().map_or_else(|| COMPUTED.into(), Text::as_name);
        if matches!(options.kind, Kind::Object { .. }) && !is_removal(&options) && seen.insert(name.clone()) {
            let carries = match purpose(&name) {
                "other" if says_one_thing => "preference",
                purpose => purpose,
            };
            one(reading, &name, (place, carries), &options, by_next);
        }
    }
    set_cookie::read(reading, files, &mut seen);
}

/// What a cookie is called whose name is made while the app runs.
const COMPUTED: &str = "(computed)";

/// A cookie that is set.
struct Set {
    name: Value,
    options: Value,
    place: Place,
    /// Whether it is set on an answer of Next.js, which sends no attribute that is not written.
    by_next: bool,
    /// Whether its value is a text of the code, the same for every visitor: it knows nobody again.
    says_one_thing: bool,
}

/// Those that are put into a jar.
fn kept(reading: &Reading<'_>, files: &[FileId]) -> Vec<Set> {
    let mut found: Vec<Set> = Vec::new();
    for file in reading.documents.project.mentioning(files, &["cookies"]) {
        let Some(module) = reading.documents.module_of(file) else { continue };
        visit(&module.body, &mut |expr, guards| {
            let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
            let Some(by_next) = set_on(reading, file, callee) else { return };
            if !reading.evaluator.runs(file, guards) {
                return;
            }
            let evaluated = arguments.iter().map(|argument| reading.evaluator.expression_at(file, &argument.value));
            found.extend(set_by(&evaluated.collect::<Vec<_>>(), Place::File(file, expr.span), by_next));
        });
    }
    found
}

/// What a call with these arguments sets: `({ name, … })`, or `(…, name, value, options)`, the options left out where
/// nobody needs any.
fn set_by(arguments: &[Value], place: Place, by_next: bool) -> Option<Set> {
    let nothing = || Value::written(Kind::Object { fields: [].into(), open: None }, place);
    let (name, value, options) = match arguments {
        [only] => (only.field("name"), only.field("value"), only.clone()),
        [name, value] if by_next => (name.clone(), value.clone(), nothing()),
        [.., name, value, options] => (name.clone(), value.clone(), options.clone()),
        _ => return None,
    };
    let says_one_thing = matches!(value.kind, Kind::Text(_) | Kind::Bool(_) | Kind::Number(_));
    Some(Set { name, options, place, by_next, says_one_thing })
}

/// Whether a call sets a cookie, and then whether on an answer of Next.js: `response.cookies.set`, `jar.set` where `jar` is
/// what `cookies()` gave.
fn set_on(reading: &Reading<'_>, file: FileId, callee: &Expr) -> Option<bool> {
    let ExprKind::Member { object, property, .. } = &callee.kind else { return None };
    if &**property != "set" {
        return None;
    }
    match &object.kind {
        // What is set on a request goes on to the app's own code alone.
        ExprKind::Member { object, property, .. } => (&**property == "cookies").then(|| {
            let is_answer = matches!(&object.kind, ExprKind::Name(name) if ANSWERS.contains(&&**name));
            is_answer && reading.found.framework_name() == "next"
        }),
        ExprKind::Name(_) | ExprKind::Call { .. } | ExprKind::Unary(..) => {
            let jar = reading.evaluator.expression_at(file, object);
            jar.as_call().is_some_and(|call| call.external() == Some(("next/headers", "cookies"))).then_some(true)
        }
        _ => None,
    }
}

/// What code calls an answer.
const ANSWERS: &[&str] = &["res", "response", "nextResponse", "resp"];

/// What a cookie carries by which somebody is known again.
const KNOWN_BY: &[&str] = &["session", "token"];

fn one(
    reading: &mut Reading<'_>,
    name: &Arc<str>,
    (place, carries): (Place, &'static str),
    options: &Value,
    by_next: bool,
) {
    let mut resource =
        reading.resource(cookie::KIND, name.clone(), place).set(cookie::purpose, reading.word(carries, place));
    let same_site = Reader::Words(&[("strict", "strict"), ("lax", "lax"), ("none", "none")]);
    for (key, setting) in [("secure", cookie::secure), ("httpOnly", cookie::http_only), ("maxAge", cookie::max_age)] {
        let written = options.field(key);
        if !written.is_absent() {
            resource = resource.set_at(setting, written, key);
        } else if by_next && key != "maxAge" && KNOWN_BY.contains(&purpose(name)) {
            let left_out = Value::new(Kind::Bool(false), &Step::after(place, How::Default, &written.trail));
            resource = resource.set_at(setting, left_out, key);
        }
    }
    let written = options.field("sameSite");
    if matches!(written.kind, Kind::Text(_) | Kind::Choice(..)) {
        resource = resource.set_at(cookie::same_site, same_site.apply(&written), "sameSite");
    }
    for prefix in ["__Host-", "__Secure-"] {
        if name.starts_with(prefix) {
            resource = resource.set(cookie::name_prefix, reading.word(prefix, place));
        }
    }
    reading.add(resource);
}
