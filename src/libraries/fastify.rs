//! What Fastify's facts cannot say: the environment that `@fastify/env` puts onto the app.

use crate::eval::{Kind, Way};
use crate::facts;
use crate::reading::bench::Reading;
use crate::text::Text;

const ENV: &str = "@fastify/env";

/// Puts what the plugin reads beside the facts of the app, as `app.config` or under the name that it is told.
pub(crate) fn configure(reading: &Reading<'_>) {
    let project = reading.documents.project;
    let files = facts::files_of(project, reading.found);
    let importing = project.mentioning(&files, &[ENV, "fastify-env"]);
    if importing.is_empty() {
        return;
    }
    let evaluator = reading.evaluator;
    let is_meant = |module: &str| module == ENV || module == "fastify-env";
    let uses = evaluator.uses(&importing, &files, &is_meant);
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
