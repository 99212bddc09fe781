//! Cookies that handlers set through the request's or the response's jar.

use crate::eval::{Kind, Place, Value};
use crate::reading::bench::Reading;
use crate::reading::calls;
use crate::reading::calls::imports;
use crate::reading::cookies::{is_removal, purpose};
use crate::reading::table::Reader;
use crate::settings::cookie;
use crate::syntax::FileId;
use crate::syntax::code::{Expr, ExprKind, visit};
use crate::text::Text;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Packages whose function of a name takes a cookie's name, its value and its options.
const SERIALIZERS: &[(&str, &str)] =
    &[("cookie", "serialize"), ("hono/cookie", "setCookie"), ("cookies-next", "setCookie")];

/// Each cookie that is set in some files, with what is written about it: what is not written is not judged here.
pub(crate) fn read(reading: &mut Reading<'_>, files: &[FileId]) {
    let mut seen: BTreeSet<Arc<str>> = BTreeSet::new();
    for file in reading.documents.project.mentioning(files, &["cookies", "cookie", "Cookie"]) {
        let Some(module) = reading.documents.module_of(file) else { continue };
        let packages: Vec<&str> = SERIALIZERS.iter().map(|(package, _)| *package).collect();
        let imported = imports(&module, &packages);
        let mut found: Vec<(Value, Value, Place)> = Vec::new();
        visit(&module.body, &mut |expr, guards| {
            let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
            let jar = is_set(reading, file, callee);
            let function = calls::callee_of(callee, &imported)
                .is_some_and(|(_, name)| SERIALIZERS.iter().any(|(_, known)| *known == &*name));
            if !(jar || function) || !reading.evaluator.runs(file, guards) {
                return;
            }
            let values: Vec<Value> =
                arguments.iter().map(|argument| reading.evaluator.expression_at(file, &argument.value)).collect();
            let place = Place::File(file, expr.span);
            let texts = values.iter().position(|value| value.as_text().is_some());
            match values.as_slice() {
                [only] => found.push((only.field("name"), only.clone(), place)),
                [.., options] if texts.is_some() && values.len() > 2 => {
                    found.push((values[texts.unwrap_or_default()].clone(), options.clone(), place));
                }
                _ => {}
            }
        });
        for (name, options, place) in found {
            let Some(name) = name.as_text().map(Text::as_name) else { continue };
            if matches!(options.kind, Kind::Object { .. }) && !is_removal(&options) && seen.insert(name.clone()) {
                one(reading, &name, place, &options);
            }
        }
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
