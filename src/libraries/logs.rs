//! What code hands to a logger as it came: headers, cookies, bodies, the whole environment.

use crate::eval::{How, Kind, Place, Step, Value};
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use crate::syntax::code::{Argument, Expr, ExprKind, Item, Property, visit};
use crate::text::Text;

/// Methods that write a record.
const WRITES: &[&str] = &["trace", "debug", "info", "warn", "error", "fatal", "log", "record", "audit", "child"];

/// Names of things that hold secrets as they came.
const RAW: &[&str] = &["headers", "cookies", "rawBody", "env"];

/// Each thing that is given to a logger without one of the functions that mask: its name, at its place.
pub(crate) fn raw_fields(reading: &Reading<'_>, files: &[FileId], masks: &[&str]) -> Vec<Value> {
    let mut found = Vec::new();
    for file in reading.documents.project.mentioning(files, &["log", "audit", "devtools"]) {
        let Some(module) = reading.documents.module_of(file) else { continue };
        visit(&module.body, &mut |expr, guards| {
            let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
            if !is_logger(callee) || !reading.evaluator.runs(file, guards) {
                return;
            }
            for Argument { value, .. } in arguments {
                raw_in(value, masks, &mut |name, expr| {
                    let trail = Step::start(Place::File(file, expr.span), How::Written);
                    found.push(Value::new(Kind::Text(Text::new(name)), &trail));
                });
            }
        });
    }
    found
}

/// `logger.info`, `ctx.ports.logger.warn`, `log.error`, `audit.record`.
fn is_logger(callee: &Expr) -> bool {
    let ExprKind::Member { object, property, .. } = &callee.kind else { return false };
    let name = match &object.kind {
        ExprKind::Name(name) => name,
        ExprKind::Member { property, .. } => property,
        _ => return false,
    };
    let name = name.to_ascii_lowercase();
    let is_log = ["logger", "log", "audit", "auditlog", "devtools"].contains(&&*name) || name.ends_with("logger");
    is_log && WRITES.contains(&&**property)
}

/// The raw things in an argument: as it is, as a field, or spread.
fn raw_in(expr: &Expr, masks: &[&str], found: &mut dyn FnMut(&str, &Expr)) {
    match &expr.kind {
        ExprKind::Object(properties) => properties.iter().for_each(|property| match property {
            Property::Field { value, .. } | Property::Computed { value, .. } | Property::Spread(value) => {
                raw_in(value, masks, found);
            }
            Property::Getter { .. } => {}
        }),
        ExprKind::List(items) => items.iter().for_each(|item| match item {
            Item::One(value) | Item::Spread(value) => raw_in(value, masks, found),
        }),
        ExprKind::Call { callee, arguments, .. } => {
            let name = match &callee.kind {
                ExprKind::Name(name) => &**name,
                ExprKind::Member { property, .. } => &**property,
                _ => return,
            };
            // `Object.fromEntries(request.headers)`, `JSON.stringify(process.env)` change the form and not the content.
            if !masks.contains(&name) && ["fromEntries", "stringify", "entries", "getAll", "assign"].contains(&name) {
                arguments.iter().for_each(|argument| raw_in(&argument.value, masks, found));
                if let ExprKind::Member { object, .. } = &callee.kind {
                    raw_in(object, masks, found);
                }
            }
        }
        ExprKind::Member { object, property, .. } => {
            let of_request =
                matches!(&object.kind, ExprKind::Name(name) if ["request", "req", "process"].contains(&&**name));
            if of_request && (RAW.contains(&&**property) || &**property == "body") {
                found(property, expr);
            }
        }
        _ => {}
    }
}
