//! Cookies that handlers set through the request's or the response's jar. What packages give functions for is told by
//! their facts.

use crate::eval::{Kind, Place, Value};
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
    found.sort_by_key(|(_, _, place)| *place);
    for (name, options, place) in found {
        let name = name.as_text().map_or_else(|| COMPUTED.into(), Text::as_name);
        if matches!(options.kind, Kind::Object { .. }) && !is_removal(&options) && seen.insert(name.clone()) {
            one(reading, &name, place, &options);
        }
    }
}

/// What a cookie is called whose name is made while the app runs.
const COMPUTED: &str = "(computed)";

/// A cookie: its name, its options, and where it is set.
type Set = (Value, Value, Place);

/// Those that are put into a jar.
fn kept(reading: &Reading<'_>, files: &[FileId]) -> Vec<Set> {
    let mut found: Vec<Set> = Vec::new();
    for file in reading.documents.project.mentioning(files, &["cookies"]) {
        let Some(module) = reading.documents.module_of(file) else { continue };
        visit(&module.body, &mut |expr, guards| {
            let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
            if !is_set(reading, file, callee) || !reading.evaluator.runs(file, guards) {
                return;
            }
            let evaluated = arguments.iter().map(|argument| reading.evaluator.expression_at(file, &argument.value));
            found.extend(set_by(&evaluated.collect::<Vec<_>>(), Place::File(file, expr.span)));
        });
    }
    found
}

/// What a call with these arguments sets: `({ name, … })`, or `(…, name, value, options)`.
fn set_by(arguments: &[Value], place: Place) -> Option<Set> {
    match arguments {
        [only] => Some((only.field("name"), only.clone(), place)),
        [.., name, _, options] => Some((name.clone(), options.clone(), place)),
        _ => None,
    }
}

/// `response.cookies.set`, `jar.set` where `jar` is what `cookies()` gave.
fn is_set(reading: &Reading<'_>, file: FileId, callee: &Expr) -> bool {
    let ExprKind::Member { object, property, .. } = &callee.kind else { return false };
    if &**property != "set" {
        return false;
    }
    match &object.kind {
        ExprKind::Member { property, .. } => &**property == "cookies",
        ExprKind::Name(_) | ExprKind::Call { .. } | ExprKind::Unary(..) => {
            let jar = reading.evaluator.expression_at(file, object);
            jar.as_call().is_some_and(|call| call.external() == Some(("next/headers", "cookies")))
        }
        _ => false,
    }
}

fn one(reading: &mut Reading<'_>, name: &Arc<str>, place: Place, options: &Value) {
    let mut resource =
        reading.resource(cookie::KIND, name.clone(), place).set(cookie::purpose, reading.word(purpose(name), place));
    let same_site = Reader::Words(&[("strict", "strict"), ("lax", "lax"), ("none", "none")]);
    for (key, setting) in [("secure", cookie::secure), ("httpOnly", cookie::http_only), ("maxAge", cookie::max_age)] {
        let written = options.field(key);
        if !written.is_absent() {
            resource = resource.set_at(setting, written, key);
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
