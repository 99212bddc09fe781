//! Aksara: settings from the environment and from calls of `configure`, an app made in code, and checks that believe
//! what variables attest.

mod app;
mod apps;
mod fields;
mod logic;
mod matrix;
mod models;
mod parsers;
mod recognise;
mod secrets;
mod settings;
mod surfaces;
mod tables;
mod variables;

use crate::eval::{How, Kind, Step, Value};
use crate::reading::bench::Reading;
use crate::reading::found::Framework;
use crate::reading::version::Versions;
use crate::settings::{ai_surface, cookie, csrf, debug, devtools, mcp_server, rate_limit, security_matrix, tenancy};
use app::App;
use settings::Settings;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

/// Aksara, as of 0.7.
pub(super) static AKSARA: Framework = Framework {
    name: "aksara",
    title: "Aksara",
    packages: &["aksara-framework"],
    known: Versions { since: None, until: Some((0, 8)) },
    recognise: recognise::recognise,
    read,
    unasked: &[],
    speaks_for: &["pypi/fastapi"],
    carried: false,
    tables: &[
        (debug::KIND, tables::DEBUG),
        (cookie::KIND, tables::COOKIE),
        (csrf::KIND, tables::CSRF),
        (rate_limit::KIND, tables::RATE_LIMIT),
        (devtools::KIND, tables::STUDIO),
        (devtools::KIND, tables::CONSOLE),
        (mcp_server::KIND, tables::MCP),
        (ai_surface::KIND, tables::AI),
        (tenancy::KIND, tables::TENANCY),
        (security_matrix::KIND, tables::MATRIX),
    ],
};

fn read(reading: &mut Reading<'_>) {
    let names: BTreeSet<&'static str> = fields::variables().collect();
    let files = recognise::app_files(reading.documents, &reading.found.root);
    reading.anchor = recognise::anchor(reading, &files);
    let place = reading.place();
    let declared = names.iter().copied().filter(|name| !reading.environment.declared(name).is_empty()).collect();
    let settings = Rc::new(Settings::new(place, declared));
    reading.evaluator.attach(settings.clone());
    reading.evaluator.run_program(&recognise::program(reading.documents, reading.found, &files));
    let root = root(reading, &settings, &names);
    let apps = apps::made(&settings);
    let tenants = apps::tenants(reading, &files, &apps);
    let models = models::read(reading, &files);
    let app = App { settings, root, apps, tenants, models };
    for file in recognise::unread(reading.documents, reading.found, &files) {
        reading.unread(file);
    }
    for value in app.settings.opaque() {
        reading.source("configure", &value, true);
    }
    for (name, value) in app.settings.refused() {
        reading.refused_key(&format!("configure({name})"), &value, "fields of Settings alone");
    }
    surfaces::read(reading, &app);
    apps::read(reading, &app.apps);
    secrets::read(reading, &app, &files);
    matrix::read(reading, &app);
    variables::read(reading, &app);
    reading.spoken_for.extend(names.into_iter().map(Arc::from));
}

/// What the tables read from.
fn root(reading: &Reading<'_>, settings: &Settings, names: &BTreeSet<&'static str>) -> Value {
    let mut keys: Vec<(Arc<str>, Value)> = Vec::new();
    for field in fields::FIELDS {
        let value = settings.configured(field.keyword);
        let value = if field.parser == parsers::Parser::Switch { logic::truthy(&value) } else { value };
        keys.push((format!("configure({})", field.keyword).into(), value));
    }
    for name in names {
        let field = fields::FIELDS.iter().find(|field| field.variables.contains(name));
        let decided = !fields::ATTESTATIONS.contains(name) || fields::DECIDED_BY_DEFAULT.contains(name);
        let parser = field.map_or(parsers::Parser::Attested, |field| field.parser);
        let value = if decided {
            settings.settled(reading.evaluator, parser, name)
        } else {
            settings.variable(reading.evaluator, name)
        };
        keys.push(((*name).into(), reading.evaluator.guarded(value)));
    }
    let trail = Step::start(reading.place(), How::Written);
    Value::new(Kind::Object { fields: keys.into(), open: None }, &trail)
}
