//! `frontmcp.config.*`: where the server is deployed, and what of that file nothing reads.

use crate::eval::{Kind, Source, Value, data_value};
use crate::frameworks::frontmcp::shapes::{CONFIG_NAMES, at};
use crate::reading::bench::Reading;
use crate::reading::bench::{SERVERLESS, SecretFacts};
use crate::reading::table::Effect;
use crate::secrets::{is_secret_name, purpose};

/// Targets without a process that lasts.
const WITHOUT_PROCESS: &[&str] = &["vercel", "lambda", "cloudflare", "netlify"];

/// The deployment file's content, where there is one.
fn config(reading: &Reading<'_>) -> Option<Value> {
    let project = reading.documents.project;
    let file = CONFIG_NAMES.iter().find_map(|name| project.find(&at(&reading.found.root, name)))?;
    if project.file(file).path.ends_with(".json") {
        return reading.documents.data(file).map(|node| data_value(&node, file));
    }
    let value = reading.evaluator.export(file, "default");
    Some(match value.as_call() {
        Some(call) => call.argument(0, &value.trail),
        None => value,
    })
}

/// `NODE_ENV` as the file sets it for a deployment, or for every shipped build.
pub(super) fn node_env(reading: &Reading<'_>) -> Option<Value> {
    let config = config(reading)?;
    let deployments = config.field("deployments");
    let of_deployments = deployments.as_list().unwrap_or_default().iter().map(|own| own.path("env.NODE_ENV"));
    let of_stages = ["env.ship.NODE_ENV", "env.shared.NODE_ENV"].iter().map(|path| config.path(path));
    of_deployments.chain(of_stages).find(|value| matches!(value.kind, Kind::Text(_)))
}

/// Whether the only target is a Worker, whose host is the fetch handler: what Express does by default, nobody does there.
pub(super) fn is_worker(reading: &Reading<'_>) -> bool {
    let target = reading.environment.target.as_ref();
    if target.is_some_and(|target| target.nature.name == "Cloudflare Workers") {
        return true;
    }
    let Some(config) = config(reading) else { return false };
    let deployments = config.field("deployments");
    let [only] = deployments.as_list().unwrap_or_default() else { return false };
    only.field("target").as_text().is_some_and(|text| text.is("cloudflare"))
}

pub(super) fn read(reading: &mut Reading<'_>) {
    let Some(config) = config(reading) else { return };
    if config.is_unknown() {
        reading.source("frontmcp.config", &config, true);
    }
    crate::frameworks::frontmcp::refusals::of_config(reading, &config);
    let deployments = config.field("deployments");
    for (index, deployment) in deployments.as_list().unwrap_or_default().iter().enumerate() {
        let target = deployment.field("target");
        if target.as_text().is_some_and(|text| text.one_of(WITHOUT_PROCESS).is_some())
            && deployments.as_list().is_some_and(|all| all.len() == 1)
        {
            reading.facts.marks.push(SERVERLESS);
        }
        for key in ["server.csp", "server.headers"] {
            let value = deployment.path(key);
            if matches!(value.kind, Kind::Object { .. } | Kind::Text(_) | Kind::Bool(true)) {
                let name = format!("deployments[{index}].{key}");
                reading.written_key(&name, &value, Effect::Ignored, Some("a proxy in front of the server"));
            }
        }
        secrets(reading, &format!("deployments[{index}].env"), &deployment.field("env"));
    }
    for stage in ["shared", "ship"] {
        secrets(reading, &format!("env.{stage}"), &config.path("env").field(stage));
    }
}

/// Secrets written beside the names of their variables.
fn secrets(reading: &mut Reading<'_>, around: &str, block: &Value) {
    for (name, value) in block.fields() {
        if is_secret_name(name) && matches!(value.kind, Kind::Text(_) | Kind::Choice(..)) {
            reading.secret(&format!("{around}.{name}"), value, SecretFacts::of(purpose(name)));
        }
    }
}
