//! `new Elysia({ … })`: the server's own switches and limits.

use crate::eval::{Kind, Value};
use crate::reading::bench::Reading;
use crate::reading::source::SourceFile;
use crate::settings::{debug, errors};
use crate::syntax::code::{ExprKind, visit};

/// The options of each Elysia instance that production makes, and whether they are those of `new` rather than of `listen`.
pub(crate) fn instances(reading: &Reading<'_>, file: &SourceFile) -> Vec<(Value, bool)> {
    let made = file.running_calls(reading, &|module| module == "elysia");
    let mut found: Vec<(Value, bool)> = made
        .iter()
        .filter(|call| &*call.name == "Elysia" || &*call.name == "default")
        .map(|call| (file.argument(reading, call.expr, call.arguments, 0), true))
        .collect();
    visit(&file.module.body, &mut |expr, guards| {
        let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
        let ExprKind::Member { property, .. } = &callee.kind else { return };
        if &**property == "listen" && reading.evaluator.runs(file.id, guards) {
            let options = file.argument(reading, expr, arguments, 0);
            // Mostly it is the port.
            if matches!(options.kind, Kind::Object { .. }) {
                found.push((options, false));
            }
        }
    });
    found
}

/// Debug switches.
pub(crate) fn read(reading: &mut Reading<'_>, files: &[SourceFile]) {
    for file in files {
        for (options, is_new) in instances(reading, file) {
            let key = if is_new { "serve.development" } else { "development" };
            let development = options.path(key);
            if !development.is_absent() {
                let place = reading.place_of(&development);
                let resource = reading
                    .resource(debug::KIND, key, place)
                    .set_at(debug::enabled, development, key)
                    .set(debug::effect, reading.word("application", place))
                    .written_at(debug::enabled, &options, key);
                reading.add(resource);
            }
            let details = options.field("allowUnsafeValidationDetails");
            if !details.is_absent() {
                let resource = reading
                    .resource(errors::KIND, "validation", reading.place_of(&details))
                    .set_at(errors::exposes_internals, details, "allowUnsafeValidationDetails")
                    .written_at(errors::exposes_internals, &options, "allowUnsafeValidationDetails");
                reading.add(resource);
            }
        }
    }
}

/// The smallest known limit to the size of a request's body, where one is written.
pub(crate) fn body_limit(reading: &Reading<'_>, files: &[SourceFile]) -> Option<Value> {
    let limits = files
        .iter()
        .flat_map(|file| instances(reading, file))
        .map(|(options, is_new)| options.path(if is_new { "serve.maxRequestBodySize" } else { "maxRequestBodySize" }));
    let known = limits.filter(|limit| matches!(limit.kind, Kind::Number(_)));
    known.min_by(|a, b| a.as_number().partial_cmp(&b.as_number()).unwrap_or(std::cmp::Ordering::Equal))
}
