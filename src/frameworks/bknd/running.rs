//! What hangs on Bknd's mode: production, migrations, plugins for developers, levels of logs.

use crate::eval::{Because, How, Kind, Step, Value};
use crate::frameworks::bknd::app::App;
use crate::reading::bench::Reading;
use crate::reading::table::Facts;
use crate::settings::{debug, devtools, logging, migration, runtime};
use crate::text::Text;

/// Plugins of Bknd that are for developers; on unless `enabled` says otherwise.
const DEVELOPER_PLUGINS: &[&str] = &["showRoutes", "syncConfig", "syncTypes", "syncSecrets"];

/// The settings that hang on the mode.
pub(super) fn read(reading: &mut Reading<'_>, app: &App) {
    let place = reading.place_of(&app.root);
    let environment = reading.evaluator.variable("NODE_ENV", place);
    let key = if app.mode.helper.is_some() { "isProduction" } else { "options.mode" };
    let fix = match app.mode.helper {
        Some(_) => "Set {key} to `true` when the app is deployed, such as `process.env.NODE_ENV === \"production\"`.",
        None => "Set {key} to `\"code\"` when the app is deployed.",
    };
    let resource = reading
        .resource(runtime::KIND, "app", place)
        .with_fix(runtime::production_mode, fix)
        .set_at(runtime::environment_name, environment, "NODE_ENV")
        .set_at(runtime::production_mode, app.mode.production.clone(), key);
    let resource = match app.mode.helper {
        Some(_) => resource,
        None => resource.with_fix(runtime::production_mode, way_to_production(&reading.facts)),
    };
    reading.add(resource);
    migrations(reading, app);
    plugins(reading, app);
    levels(reading);
}

/// `options.mode` came with 0.18, the helpers with 0.19.
fn way_to_production(facts: &Facts) -> &'static str {
    if facts.at_least(0, 18) == Some(false) {
        return "Upgrade to Bknd 0.18 or later, and set `options.mode` to \"code\".";
    }
    if facts.at_least(0, 19) == Some(false) {
        return "Set `options.mode` to \"code\".";
    }
    "Set `options.mode` to \"code\", or wrap the configuration in `code()` of `bknd/modes`."
}

fn migrations(reading: &mut Reading<'_>, app: &App) {
    let word = |text: &str, like: &Value| Value::new(Kind::Text(Text::new(text)), &like.trail);
    let (auto_sync, drops, key) = match app.mode.helper {
        Some(_) => {
            let written = app.root.field("syncSchema");
            let force = app.mode.is_production.each(&mut |production| match production.kind {
                Kind::Bool(true) => Value::new(Kind::Bool(false), &written.trail),
                Kind::Bool(false) => written.each(&mut |written| {
                    Value::new(Kind::Bool(!matches!(written.kind, Kind::Bool(false))), &written.trail)
                }),
                _ if matches!(written.kind, Kind::Bool(false)) => written.clone(),
                _ => with_place_of(production, &written),
            });
            let drops = app.mode.is_production.each(&mut |production| match production.kind {
                Kind::Bool(true) => word("none", &written),
                Kind::Bool(false) => dropped(&written, &app.root),
                _ if dropped(&written, &app.root).as_text().is_some_and(|text| text.is("none")) => {
                    word("none", &written)
                }
                _ => with_place_of(production, &written.field("drop").or_default(&|_| written.clone())),
            });
            (force, drops, "syncSchema")
        }
        None => {
            let sync = app.root.path("buildConfig.sync");
            let auto = sync.each(&mut |sync| match sync.kind {
                Kind::Absent => {
                    Value::new(Kind::Bool(false), &Step::after(sync.trail.place, How::Default, &sync.trail))
                }
                _ => sync.clone(),
            });
            let auto = app.mode.code.each(&mut |code| match code.kind {
                Kind::Bool(true) => Value::new(Kind::Bool(false), &code.trail),
                _ => auto.clone(),
            });
            if matches!(app.mode.code.kind, Kind::Bool(true)) && matches!(sync.kind, Kind::Bool(true)) {
                reading.written_key("buildConfig.sync", &sync, crate::reading::table::Effect::Ignored, None);
            }
            let none = word("none", &auto);
            (auto, none, "buildConfig.sync")
        }
    };
    let place = reading.place_of(&auto_sync);
    let resource = reading
        .resource(migration::KIND, "schema", place)
        .set_at(migration::auto_sync, auto_sync, key)
        .set_at(migration::drops, drops, key);
    reading.add(resource);
}

/// What a schema sync of a helper removes: orphans too, unless `drop` says otherwise.
fn dropped(sync: &Value, root: &Value) -> Value {
    sync.each(&mut |sync| {
        let keeps = match &sync.kind {
            Kind::Bool(false) => true,
            Kind::Object { .. } => matches!(sync.field("drop").kind, Kind::Bool(false)),
            _ => false,
        };
        let trail = if sync.is_absent() { &root.trail } else { &sync.trail };
        Value::new(Kind::Text(Text::new(if keeps { "none" } else { "any" })), trail)
    })
}

/// An unknown that hangs on one value and is written at another.
fn with_place_of(unknown: &Value, at: &Value) -> Value {
    let kind = match &unknown.kind {
        Kind::Unknown(reason) => Kind::Unknown(reason.because.clone().into_plain()),
        _ => Kind::Unknown(Because::Undecided.into()),
    };
    if at.is_absent() { Value::new(kind, &unknown.trail) } else { Value::new(kind, &at.trail) }
}

fn plugins(reading: &mut Reading<'_>, app: &App) {
    let plugins = app.root.path("options.plugins");
    let items: Vec<Value> = plugins.as_list().map(<[Value]>::to_vec).unwrap_or_default();
    for item in items {
        let Some(call) = item.as_call().cloned() else { continue };
        let Some((module, path)) = call.external() else { continue };
        if module != "bknd/plugins" && module != "bknd" {
            continue;
        }
        let options = call.argument(0, &item.trail);
        if DEVELOPER_PLUGINS.contains(&path) {
            let on = options.field("enabled").or_default(&|_| Value::new(Kind::Bool(true), &item.trail));
            let secrets = options
                .field("includeSecrets")
                .or_default(&|_| Value::new(Kind::Bool(path == "syncSecrets"), &item.trail));
            let resource = reading
                .resource(devtools::KIND, format!("plugin {path}"), reading.place_of(&item))
                .set_at(devtools::enabled, on, format!("options.plugins: {path}({{ enabled }})"))
                .set(devtools::writes_secrets, secrets)
                .written_at(devtools::enabled, &options, "enabled");
            reading.add(resource);
        }
        if path == "emailOTP" {
            let shown = options.field("showActualErrors").or_default(&|_| Value::new(Kind::Bool(false), &item.trail));
            let resource = reading
                .resource(crate::settings::errors::KIND, "plugin emailOTP", reading.place_of(&item))
                .set_at(crate::settings::errors::exposes_internals, shown, "showActualErrors")
                .written_at(crate::settings::errors::exposes_internals, &options, "showActualErrors");
            reading.add(resource);
        }
    }
    for (key, name) in
        [("adminOptions.forceDev", "admin forceDev"), ("adminOptions.debugRerenders", "admin debugRerenders")]
    {
        let on = app.root.path(key);
        if !on.is_absent() {
            let resource = reading
                .resource(devtools::KIND, name, reading.place_of(&on))
                .set_at(devtools::enabled, on, key)
                .written_at(devtools::enabled, &app.root, key);
            reading.add(resource);
        }
    }
}

/// Switches of the CLI that the environment holds.
fn levels(reading: &mut Reading<'_>) {
    let place = reading.place();
    let level = reading.evaluator.variable("BKND_CLI_LOG_LEVEL", place);
    if level.as_text().is_some() {
        let level = level.read(&|value| match value
            .as_text()
            .and_then(|text| text.one_of(&["debug", "info", "warn", "error"]))
        {
            Some(word) => Kind::Text(Text::new(word)),
            None => Kind::Text(Text::new("info")),
        });
        let resource =
            reading.resource(logging::KIND, "cli", place).set_at(logging::level, level, "BKND_CLI_LOG_LEVEL");
        reading.add(resource);
    }
    let modules = reading.evaluator.variable("BKND_MODULES_DEBUG", place);
    if let Some(text) = modules.as_text() {
        let on = Value::new(Kind::Bool(!text.is_empty() && !text.is("0") && !text.is("false")), &modules.trail);
        let resource = reading
            .resource(debug::KIND, "modules", place)
            .set_at(debug::enabled, on, "BKND_MODULES_DEBUG")
            .set(debug::effect, reading.word("diagnostics", place));
        reading.add(resource);
    }
}
