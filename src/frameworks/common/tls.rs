//! Whether the certificates of other servers are checked: switches of the whole process, and options in code.
//! <https://nodejs.org/api/cli.html#node_tls_reject_unauthorizedvalue>

use crate::eval::{Kind, Place, Value, Variables};
use crate::frameworks::Reading;
use crate::frameworks::calls::is_test;
use crate::literals::is_made_up;
use crate::project::{FileKind, lies_in};
use crate::settings::endpoint;
use crate::syntax::FileId;
use crate::syntax::code::{Argument, Expr, ExprKind, Property, visit};
use std::sync::Arc;

/// Variables by which a runtime stops checking when they are exactly `0`.
const SWITCHES: &[&str] = &["NODE_TLS_REJECT_UNAUTHORIZED", "PYTHONHTTPSVERIFY"];

/// Texts without which no code switches the check off.
const NEEDLES: &[&str] = &[
    "rejectUnauthorized",
    "NODE_TLS_REJECT_UNAUTHORIZED",
    "verify=False",
    "verify = False",
    "CERT_NONE",
    "_create_unverified_context",
];

/// Functions of HTTP clients in Python that take `verify`.
const CLIENTS: &[&str] = &[
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "head",
    "options",
    "request",
    "stream",
    "Client",
    "AsyncClient",
    "Session",
];

/// One endpoint for each place that switches the check off.
pub(super) fn read(reading: &mut Reading<'_>) {
    by_variable(reading);
    let project = reading.documents.project;
    let may_switch_off = || {
        let is_code = |file: &FileId| {
            let own = project.file(*file);
            matches!(own.kind, FileKind::Source(_)) && !is_test(&own.path) && !is_made_up(&own.path)
        };
        let code: Vec<FileId> = project.ids().filter(is_code).collect();
        project.mentioning(&code, NEEDLES).into()
    };
    for file in reading.shared.unchecked.of((), may_switch_off).iter().copied() {
        if is_own(reading, file) {
            by_code(reading, file);
        }
    }
}

/// Whether a file belongs to the app.
fn is_own(reading: &Reading<'_>, file: FileId) -> bool {
    let project = reading.documents.project;
    let (own, root) = (project.file(file), &reading.found.root);
    let package = project.package_above(own.folder(), None).map(|id| &project.package(id).dir);
    // What belongs to a package inside the app's folder is another app's.
    lies_in(&own.path, root) && package.is_none_or(|package| lies_in(root, package) || root.is_empty())
}

fn by_variable(reading: &mut Reading<'_>) {
    for name in SWITCHES {
        let place = reading.place();
        let value = reading.environment.read(name, place);
        if value.is_absent() || value.is_unknown() {
            continue;
        }
        let checked = value.each(&mut |value| match &value.kind {
            Kind::Text(text) => Value::new(Kind::Bool(!text.is("0")), &value.trail),
            Kind::Absent => Value::new(Kind::Bool(true), &value.trail),
            _ => value.clone(),
        });
        add(reading, name, checked, name);
    }
}

fn add(reading: &mut Reading<'_>, name: &str, checked: Value, key: &str) {
    let place = reading.place_of(&checked);
    let resource = reading
        .resource(endpoint::KIND, name, place)
        .set(endpoint::role, reading.word("upstream", place))
        .set_at(endpoint::verifies_certificate, checked, key);
    reading.add(resource);
}

fn by_code(reading: &mut Reading<'_>, file: FileId) {
    let Some(module) = reading.documents.module_of(file) else { return };
    let mut found: Vec<(&'static str, Value)> = Vec::new();
    visit(&module.body, &mut |expr, guards| {
        let Some((key, value)) = switched_off(reading, file, expr) else { return };
        if reading.evaluator.runs(file, guards) {
            found.push((key, value));
        }
    });
    let path = reading.documents.project.file(file).path.clone();
    for (number, (key, value)) in found.into_iter().enumerate() {
        let name: Arc<str> =
            if number == 0 { format!("{path}:{key}").into() } else { format!("{path}:{key}#{}", number + 1).into() };
        add(reading, &name, value, key);
    }
}

/// The key and whether certificates are checked, where an expression says something of it.
fn switched_off(reading: &Reading<'_>, file: FileId, expr: &Expr) -> Option<(&'static str, Value)> {
    let off = |expr: &Expr| Value::written(Kind::Bool(false), Place::File(file, expr.span));
    let as_bool = |expr: &Expr| {
        let value = reading.evaluator.expression_at(file, expr);
        // What somebody else decides is not switched off here.
        let is_off = |value: &Value| matches!(value.kind, Kind::Bool(false) | Kind::Choice(..));
        is_off(&value).then_some(value)
    };
    match &expr.kind {
        ExprKind::Object(properties) => properties.iter().find_map(|property| match property {
            Property::Field { key, value, .. } if &**key == "rejectUnauthorized" => {
                Some(("rejectUnauthorized", as_bool(value)?))
            }
            _ => None,
        }),
        ExprKind::Assign { target, value, .. } => match &target.kind {
            ExprKind::Member { property, .. } if &**property == "NODE_TLS_REJECT_UNAUTHORIZED" => {
                let zero = match &value.kind {
                    ExprKind::Text(text) => text.is("0"),
                    ExprKind::Number(number) => *number == 0.0,
                    _ => false,
                };
                zero.then(|| ("NODE_TLS_REJECT_UNAUTHORIZED", off(expr)))
            }
            ExprKind::Member { property, .. } if &**property == "verify_mode" && ends_in(value, "CERT_NONE") => {
                Some(("verify_mode", off(value)))
            }
            _ => None,
        },
        ExprKind::Call { callee, arguments, .. } => {
            let argument = |name: &str| {
                let named = |own: &&Argument| own.name.as_ref().is_some_and(|(own, _)| &**own == name);
                arguments.iter().find(named).map(|argument| &argument.value)
            };
            let client = CLIENTS.iter().any(|name| ends_in(callee, name));
            if let Some(value) = argument("verify").filter(|_| client) {
                return Some(("verify", as_bool(value)?));
            }
            if let Some(value) = argument("cert_reqs").filter(|value| ends_in(value, "CERT_NONE")) {
                return Some(("cert_reqs", off(value)));
            }
            ends_in(callee, "_create_unverified_context").then(|| ("_create_unverified_context", off(expr)))
        }
        _ => None,
    }
}

/// Whether an expression is a name, or ends in a member of that name.
fn ends_in(expr: &Expr, name: &str) -> bool {
    match &expr.kind {
        ExprKind::Name(own) => &**own == name,
        ExprKind::Member { property, .. } => &**property == name,
        _ => false,
    }
}
