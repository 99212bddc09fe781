//! Where an app of Node listens: the address as the listen call has it, whatever a helper was told.

use super::states::{both, either, reaches_beyond};
use crate::eval::{Because, How, Kind, Place, Step, Use, Value, Way};
use crate::reading::bench::Reading;
use crate::syntax::code::{ExprKind, Statement, visit};
use crate::syntax::{FileId, Span};

/// Whether the app is reached from other machines; unknown where nothing in it listens.
pub(super) fn beyond(reading: &Reading<'_>, uses: &[Use]) -> Value {
    let mut doors: Vec<Value> = uses.iter().filter_map(door).collect();
    doors.extend(by_runtime(reading, uses));
    let nowhere = || Value::unknown(Because::Undecided, &Step::start(reading.place(), How::Derived));
    doors.into_iter().reduce(|one, other| either(&one, &other)).unwrap_or_else(nowhere)
}

/// Whether one use opens a door to other machines; none where it opens none at all.
fn door(one: &Use) -> Option<Value> {
    let trail = Step::start(one.place, How::Written);
    let asked = match &one.way {
        Way::Method { name, of } if &**name == "listen" => {
            // Fastify stays on this machine where nobody names a host.
            let everywhere = !is_fastify(&of.module);
            let first = one.argument(0);
            match &first.kind {
                Kind::Object { .. } => reaches_beyond(&first.field("host"), everywhere),
                _ => reaches_beyond(&one.argument(1), everywhere),
            }
        }
        Way::Called if &*one.module == "@hono/node-server" && &*one.export == "serve" => {
            reaches_beyond(&one.argument(0).field("hostname"), true)
        }
        _ => return None,
    };
    let asked = Value::new(asked.kind.clone(), &Step::after(one.place, How::Derived, &asked.trail));
    let present = Value::new(one.present.kind.clone(), &trail);
    Some(both(&present, &asked))
}

/// What Bun, Deno and workers serve: the default export, and what is handed to `Bun.serve`.
fn by_runtime(reading: &Reading<'_>, uses: &[Use]) -> Vec<Value> {
    let mut files: Vec<FileId> = uses.iter().map(|one| one.file).collect();
    files.sort_unstable();
    files.dedup();
    let mut doors = Vec::new();
    for file in files {
        let Some(module) = reading.documents.module_of(file) else { continue };
        let exports = module.body.iter().any(|statement| matches!(statement, Statement::ExportDefault { .. }));
        if exports && is_served(&reading.evaluator.export(file, "default")) {
            doors.push(Value::written(Kind::Bool(true), Place::File(file, Span::default())));
        }
        visit(&module.body, &mut |expr, guards| {
            let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
            let ExprKind::Member { object, property, .. } = &callee.kind else { return };
            let is_runtime = matches!(&object.kind, ExprKind::Name(name) if matches!(&**name, "Bun" | "Deno"));
            if !is_runtime || &**property != "serve" || !reading.evaluator.runs(file, guards) {
                return;
            }
            if let Some(options) = arguments.first() {
                let host = reading.evaluator.expression_at(file, &options.value).field("hostname");
                doors.push(reaches_beyond(&host, true));
            }
        });
    }
    doors
}

/// Whether a default export is an app that its runtime serves.
fn is_served(exported: &Value) -> bool {
    match &exported.kind {
        Kind::Call(call) => call.origin().is_some_and(|(module, _)| module == "hono" || module.starts_with("hono/")),
        Kind::Object { .. } => !exported.field("fetch").is_absent(),
        _ => false,
    }
}

fn is_fastify(module: &str) -> bool {
    matches!(module, "fastify" | "@modelcontextprotocol/fastify")
}
