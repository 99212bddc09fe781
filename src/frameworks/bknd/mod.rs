//! Bknd: one configuration object, or the framework's defaults where there is none.

mod app;
mod authentication;
mod hosting;
mod hybrid;
mod mode;
mod refusals;
mod refused;
mod roles;
mod running;
mod seeds;
mod shapes;
mod strategies;
mod tables;

use crate::eval::{Kind, Place, Value};
use crate::reading::bench::Reading;
use crate::reading::found::Framework;
use crate::reading::table::Effect;
use crate::reading::version::Versions;
use crate::settings::{access_guard, auth, cookie, cors, jwt, mcp_server, password_policy, registration};
use app::App;

/// Bknd, as of 0.21.0-rc.1.
pub(super) static BKND: Framework = Framework {
    name: "bknd",
    title: "Bknd",
    packages: &["bknd"],
    known: Versions { since: None, until: Some((0, 22)) },
    recognise: shapes::recognise,
    read,
    unasked: &[],
    speaks_for: &[],
    carried: true,
    tables: &[
        (auth::KIND, tables::AUTH),
        (access_guard::KIND, tables::GUARD),
        (jwt::KIND, tables::JWT),
        (cookie::KIND, tables::COOKIE),
        (password_policy::KIND, tables::PASSWORDS),
        (registration::KIND, tables::REGISTRATION),
        (cors::KIND, tables::CORS),
        (mcp_server::KIND, tables::MCP),
    ],
};

fn read(reading: &mut Reading<'_>) {
    let config = shapes::read(reading.documents, reading.evaluator, reading.found);
    let root = config.root.clone();
    reading.anchor = root.trail.primary().map(|(file, span)| Place::File(file, span));
    reading.source("config", &content(&root), !config.invented);
    for (block, instead) in tables::DEAD_BLOCKS {
        reading.dead_block(&root, block, instead);
    }
    if reading.facts.at_least(0, 18) != Some(false) && !config.legacy {
        reading.dead_block(&root, "initialConfig", "config");
    }
    if let Some(written) = &config.replaced {
        reading.written_key("config", written, Effect::Ignored, Some("the file at configFilePath"));
    }
    if config.helper == Some("hybrid") && root.field("reader").is_absent() {
        reading.refused_key(
            "hybrid()",
            &root,
            "a reader of the file at configFilePath, such as (path) => Bun.file(path).json()",
        );
    }
    let mode = mode::read(&root, config.helper);
    if config.helper.is_none() {
        ignored_switches(reading, &root);
    }
    let auth_on = tables::AUTH[0].read(&root, &reading.facts);
    let guard_on = tables::GUARD[0].read(&root, &reading.facts);
    let app = App { root, auth_on, guard_on, mode };
    authentication::read(reading, &app);
    roles::read(reading, &app);
    running::read(reading, &app);
    hosting::read(reading, &app);
    seeds::read(reading, &app);
    dead_keys(reading, &app.root);
    refusals::read(reading, &app.root);
}

/// `isProduction` is read by the helpers alone.
fn ignored_switches(reading: &mut Reading<'_>, root: &Value) {
    if let Some(switch) = root.written_at("isProduction") {
        reading.written_key("isProduction", &switch, Effect::Ignored, Some("options.mode"));
    }
}

/// What stands for the whole configuration: unknown as soon as a telling piece of it is.
fn content(root: &Value) -> Value {
    for piece in [root.clone(), root.field("config"), root.path("config.auth")] {
        if piece.is_unknown() {
            return piece;
        }
    }
    Value::new(Kind::Bool(true), &root.trail)
}

/// Keys of no setting that are written in a place that is not read, or refused.
fn dead_keys(reading: &mut Reading<'_>, root: &Value) {
    for (key, instead, effect) in tables::DEAD_KEYS {
        if let Some(value) = root.written_at(key) {
            reading.written_key(key, &value, *effect, Some(instead));
        }
    }
}
