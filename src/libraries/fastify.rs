//! What Fastify's facts cannot say: the environment that `@fastify/env` puts onto the app, and limits of single routes.

use crate::eval::{Kind, Value, Way};
use crate::facts;
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use crate::syntax::code::{ExprKind, visit};
use crate::text::Text;

const ENV: &str = "@fastify/env";

/// Methods that add a route.
const ROUTES: &[&str] = &["get", "post", "put", "patch", "delete", "all", "route"];

/// The mark of an app whose routes for signing in, or where there are none, some others, ask for a limit by themselves.
const LIMITS_ROUTES: &str = "limits_routes";

/// Puts what plugins read beside the facts of the app.
pub(crate) fn configure(reading: &mut Reading<'_>) {
    let files = facts::files_of(reading.documents.project, reading.found);
    environment(reading, &files);
    if limits_routes(reading, &files) {
        reading.facts.marks.push(LIMITS_ROUTES);
    }
}

/// Whether routes have a limit in their own options: `{ config: { rateLimit: { max: 5 } } }`.
fn limits_routes(reading: &Reading<'_>, files: &[FileId]) -> bool {
    let project = reading.documents.project;
    if project.mentioning(files, &["@fastify/rate-limit"]).is_empty() {
        return false;
    }
    let (mut sign_ins, mut others) = (Vec::new(), Vec::new());
    for file in project.mentioning(files, &["rateLimit"]) {
        let Some(module) = reading.documents.module_of(file) else { continue };
        visit(&module.body, &mut |expr, _| {
            let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
            let ExprKind::Member { property, .. } = &callee.kind else { return };
            if !ROUTES.contains(&&**property) {
                return;
            }
            let options = arguments.iter().find(|argument| matches!(argument.value.kind, ExprKind::Object(_)));
            let options = options.map(|options| reading.evaluator.expression_at(file, &options.value));
            let limit = options.as_ref().map(|options| options.path("config.rateLimit"));
            let limited = limit.is_some_and(|limit| !matches!(limit.kind, Kind::Absent | Kind::Bool(false)));
            let first = arguments.first().map(|first| reading.evaluator.expression_at(file, &first.value));
            let path = if &**property == "route" { options.map(|options| options.field("url")) } else { first };
            let is_sign_in = path.as_ref().and_then(Value::as_text).is_some_and(|path| path.test(facts::is_login_path));
            if is_sign_in { sign_ins.push(limited) } else { others.push(limited) }
        });
    }
    if sign_ins.is_empty() { others.contains(&true) } else { sign_ins.contains(&true) }
}

/// Puts what `@fastify/env` reads beside the facts of the app, as `app.config` or under the name that it is told.
fn environment(reading: &Reading<'_>, files: &[FileId]) {
    let project = reading.documents.project;
    let importing = project.mentioning(files, &[ENV, "fastify-env"]);
    if importing.is_empty() {
        return;
    }
    let evaluator = reading.evaluator;
    let is_meant = |module: &str| module == ENV || module == "fastify-env";
    let uses = evaluator.uses(&importing, files, &is_meant);
    let registered = uses.iter().filter(|one| matches!(&one.way, Way::Handed { to, .. } if &**to == "register"));
    let mut options: Vec<_> = registered.map(|one| one.argument(0)).collect();
    // `@fastify/autoload` registers what a file exports, with the options beside it.
    for file in importing {
        let exported = evaluator.export(file, "default");
        if matches!(&exported.kind, Kind::External { module, .. } if is_meant(module)) {
            options.push(evaluator.export(file, "autoConfig"));
        }
    }
    for options in options {
        let name = options.field("confKey").as_text().map_or_else(|| "config".into(), Text::as_name);
        evaluator.decorate_app(name, evaluator.environment_by_json_schema(&options));
    }
}
