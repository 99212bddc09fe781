//! Cookies that the host app sets: Elysia adds neither `Secure` nor `HttpOnly` nor `SameSite` by itself.

use crate::eval::{How, Kind, Place, Step, Value};
use crate::libraries::elysia::server::Options;
use crate::reading::bench::Reading;
use crate::reading::bench::SecretFacts;
use crate::reading::cookies::{is_removal, purpose};
use crate::reading::table::Reader;
use crate::settings::cookie;
use crate::syntax::FileId;
use crate::syntax::code::{Argument, Expr, ExprKind, Function, Module, Pattern, visit};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The options that `cookie.name.set({ … })` takes, by which such a call is known.
const OPTIONS: &[&str] = &["value", "httpOnly", "secure", "sameSite", "maxAge", "expires", "path", "domain"];

/// Each cookie that production sets, and the defaults of all.
pub(super) fn read(reading: &mut Reading<'_>, files: &[FileId], made: &[Options]) {
    let defaults = made.iter().map(Options::cookie).find(|cookie| matches!(cookie.kind, Kind::Object { .. }));
    if let Some(defaults) = &defaults {
        signing(reading, defaults);
    }
    let mut seen: BTreeSet<Arc<str>> = BTreeSet::new();
    for file in files {
        let Some(module) = reading.documents.module_of(*file) else { continue };
        let routes = route_defaults(reading, *file, &module);
        for set in sets(&module) {
            let options = match set.call {
                Some((call, arguments)) => argument(reading, *file, call, arguments, 0),
                None => assigned(reading, *file, &set),
            };
            if !OPTIONS.iter().any(|name| !options.field(name).is_absent()) || is_removal(&options) {
                continue;
            }
            let layers: Vec<&Value> = [&options].into_iter().chain(&routes).chain(defaults.as_ref()).collect();
            if seen.insert(set.name.clone()) {
                let place = reading.place_of(&options);
                one(reading, &set.name, place, &layers);
            }
        }
    }
}

/// One cookie: the first layer that says something counts.
fn one(reading: &mut Reading<'_>, name: &Arc<str>, place: Place, layers: &[&Value]) {
    let option = |key: &str, otherwise: Kind| {
        let absent = Value::new(Kind::Absent, &Step::start(place, How::Written));
        let written = layers.iter().fold(absent, |value, layer| value.or_default(&|_| layer.field(key)));
        written.or_default(&|_| Value::new(otherwise.clone(), &Step::start(place, How::Default)))
    };
    let same_site = Reader::Words(&[("strict", "strict"), ("lax", "lax"), ("none", "none")])
        .apply(&option("sameSite", Kind::Absent));
    // `true` is strict; `false` sends nothing.
    let same_site = same_site.read(&|value| match &value.kind {
        Kind::Bool(true) => Kind::Text("strict".into()),
        Kind::Bool(false) => Kind::Absent,
        other => other.clone(),
    });
    let word = purpose(name);
    let mut resource = reading
        .resource(cookie::KIND, name.clone(), place)
        .set_at(cookie::secure, option("secure", Kind::Bool(false)), "secure")
        .set_at(cookie::http_only, option("httpOnly", Kind::Bool(false)), "httpOnly")
        .set_at(cookie::same_site, same_site, "sameSite")
        .set_at(cookie::max_age, option("maxAge", Kind::Absent), "maxAge")
        .set(cookie::purpose, reading.word(word, place));
    if let Some(own) = layers.first() {
        // What the call itself says comes before all defaults.
        resource = resource
            .written_at(cookie::secure, own, "secure")
            .written_at(cookie::http_only, own, "httpOnly")
            .written_at(cookie::same_site, own, "sameSite")
            .written_at(cookie::max_age, own, "maxAge");
    }
    for prefix in ["__Host-", "__Secure-"] {
        if name.starts_with(prefix) {
            resource = resource.set(cookie::name_prefix, reading.word(prefix, place));
        }
    }
    reading.add(resource);
}

/// The second arguments of `t.Cookie(…)` in a file: options for the cookies of its routes.
fn route_defaults(reading: &Reading<'_>, file: FileId, module: &Module) -> Vec<Value> {
    let mut found = Vec::new();
    visit(&module.body, &mut |expr, _| {
        let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
        let ExprKind::Member { property, .. } = &callee.kind else { return };
        if &**property == "Cookie" && arguments.len() > 1 {
            found.push(argument(reading, file, expr, arguments, 1));
        }
    });
    found
}

/// An argument of a call; absent at the call's place where there is none.
fn argument(reading: &Reading<'_>, file: FileId, call: &Expr, arguments: &[Argument], index: usize) -> Value {
    match arguments.get(index) {
        Some(argument) => reading.evaluator.expression_at(file, &argument.value),
        None => Value::written(Kind::Absent, Place::File(file, call.span)),
    }
}

/// What a handler assigns to the parts of a cookie, as the options that they are.
fn assigned(reading: &Reading<'_>, file: FileId, set: &Set<'_>) -> Value {
    let field = |(name, value): &(Arc<str>, &Expr)| (name.clone(), reading.evaluator.expression_at(file, value));
    let fields = set.parts.iter().map(field).collect();
    let place = set.parts.first().map_or(reading.place(), |(_, value)| Place::File(file, value.span));
    Value::written(Kind::Object { fields, open: None }, place)
}

/// The secrets that sign cookies; `null` among several lets unsigned cookies pass. Without any, a cookie that is to be
/// signed ends each request that writes it.
fn signing(reading: &mut Reading<'_>, defaults: &Value) {
    let secrets = defaults.field("secrets");
    let signs = defaults.field("sign");
    let is_needed = matches!(&signs.kind, Kind::Bool(true)) || signs.as_list().is_some_and(|names| !names.is_empty());
    let facts = SecretFacts { required: Some(is_needed), ..SecretFacts::of("session") };
    match &secrets.kind {
        Kind::Absent if is_needed => reading.secret("cookie.secrets", &secrets, facts),
        Kind::Absent => {}
        Kind::List { items, .. } => {
            for (index, item) in items.iter().enumerate() {
                match item.kind {
                    Kind::Null => {
                        let place = reading.place_of(item);
                        let resource = reading.resource(cookie::KIND, "signed cookies", place).set_at(
                            cookie::unsigned_accepted,
                            reading.stated(Kind::Bool(true), place),
                            "cookie.secrets",
                        );
                        reading.add(resource);
                    }
                    _ => reading.secret(&numbered("cookie.secrets", index), item, facts),
                }
            }
        }
        _ => reading.secret("cookie.secrets", &secrets, facts),
    }
}

/// A call of `cookie.name.set(…)`, or what is assigned to the cookie: `cookie.name.value = …`.
struct Set<'t> {
    name: Arc<str>,
    call: Option<(&'t Expr, &'t [Argument])>,
    parts: Vec<(Arc<str>, &'t Expr)>,
}

fn sets(module: &Module) -> Vec<Set<'_>> {
    let mut names: BTreeSet<Arc<str>> = BTreeSet::new();
    visit(&module.body, &mut |expr, _| {
        if let ExprKind::Function(function) = &expr.kind {
            names.extend(destructured(function).into_iter().flatten());
        }
    });
    let mut found: Vec<Set<'_>> = Vec::new();
    let cookie = |expr: &Expr| match &expr.kind {
        ExprKind::Name(name) if names.contains(name) => Some(name.clone()),
        ExprKind::Member { object, property, .. } if is_cookie_jar(object) => Some(property.clone()),
        ExprKind::Index { object, index, .. } if is_cookie_jar(object) => match &index.kind {
            ExprKind::Text(text) => Some(text.as_name()),
            _ => None,
        },
        _ => None,
    };
    let mut parts: Vec<Set<'_>> = Vec::new();
    visit(&module.body, &mut |expr, _| match &expr.kind {
        ExprKind::Call { callee, arguments, .. } => {
            let ExprKind::Member { object, property, .. } = &callee.kind else { return };
            if let Some(name) = cookie(object).filter(|_| &**property == "set") {
                found.push(Set { name, call: Some((expr, arguments)), parts: Vec::new() });
            }
        }
        ExprKind::Assign { target, value, op: None } => {
            let ExprKind::Member { object, property, .. } = &target.kind else { return };
            let Some(name) = cookie(object).filter(|_| OPTIONS.contains(&&**property)) else { return };
            let part = (property.clone(), &**value);
            match parts.iter_mut().find(|known| known.name == name) {
                Some(known) => known.parts.push(part),
                None => parts.push(Set { name, call: None, parts: vec![part] }),
            }
        }
        _ => {}
    });
    // A cookie that is set by a call has its options there.
    parts.retain(|set| found.iter().all(|known| known.name != set.name));
    found.extend(parts);
    found
}

/// `cookie`, `context.cookie`.
fn is_cookie_jar(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Name(name) => &**name == "cookie",
        ExprKind::Member { property, .. } => &**property == "cookie",
        _ => false,
    }
}

/// The cookies that a handler takes apart: `({ cookie: { session } }) => …`; none where it takes no `cookie`.
fn destructured(function: &Function) -> Option<Vec<Arc<str>>> {
    let Pattern::Object { fields, .. } = &function.params.first()?.pattern else { return None };
    let field = fields.iter().find(|field| &*field.key == "cookie")?;
    let Pattern::Object { fields, .. } = &field.pattern else { return Some(Vec::new()) };
    let names = fields.iter().filter_map(|field| match &field.pattern {
        Pattern::Name(name, _) => Some(name.clone()),
        _ => None,
    });
    Some(names.collect())
}

/// The name of the `index`-th of several alike.
fn numbered(name: &str, index: usize) -> String {
    if index == 0 { name.to_owned() } else { format!("{name} {}", index + 1) }
}
