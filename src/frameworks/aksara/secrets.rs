//! Aksara's secrets, and those that the app's own modules take from the environment.

use crate::eval::{Kind, Value};
use crate::frameworks::aksara::app::App;
use crate::reading::bench::Reading;
use crate::reading::bench::SecretFacts;
use crate::secrets::{is_secret_name, purpose};
use crate::syntax::FileId;
use crate::syntax::code::{Pattern, Statement};
use std::collections::BTreeSet;
use std::sync::Arc;

const fn facts(purpose: &'static str, required: bool) -> SecretFacts {
    SecretFacts { purpose, required: Some(required), min_random_bytes: None, from_environment: true }
}

/// Secrets of the settings: keyword, variable, what they protect.
const FIELDS: &[(&str, &str, &str)] = &[
    ("mcp_approval_secret", "AKSARA_MCP_APPROVAL_SECRET", "signing"),
    ("media_s3_secret_key", "AKSARA_MEDIA_S3_SECRET_KEY", "api_key"),
    ("email_host_password", "AKSARA_EMAIL_HOST_PASSWORD", "password"),
];

pub(super) fn read(reading: &mut Reading<'_>, app: &App, files: &[FileId]) {
    secret_key(reading, app);
    studio(reading, app);
    for (keyword, variable, purpose) in FIELDS {
        let (value, key) = written(app, keyword, variable);
        if is_there(&value) {
            reading.secret(&key, &value, facts(purpose, false));
        }
    }
    let (token, key) = written(app, "ai_agent_token", "AKSARA_AI_AGENT_TOKEN");
    if key.starts_with("configure") && is_there(&token) {
        reading.secret(&key, &token, facts("other", false));
    }
    in_modules(reading, files);
}

/// The first of two variables with a text.
fn secret_key(reading: &mut Reading<'_>, app: &App) {
    let first = app.root.field("AKSARA_SECRET_KEY");
    let second = app.root.field("SECRET_KEY");
    let value = first.each(&mut |first| match &first.kind {
        Kind::Text(text) if !text.is_empty() => first.clone(),
        Kind::Text(_) | Kind::Absent | Kind::Null => or_first(&second, first),
        // What is written counts before what the host alone can know.
        Kind::Unknown(unknown) if !unknown.present => or_first(&second, first),
        _ => first.clone(),
    });
    let is_second = value.trail.place == second.trail.place && first.trail.place != second.trail.place;
    let key = if is_second { "SECRET_KEY" } else { "AKSARA_SECRET_KEY" };
    reading.secret(key, &value, facts("signing", true));
}

fn or_first(second: &Value, first: &Value) -> Value {
    second.each(&mut |second| match &second.kind {
        Kind::Text(text) if text.is_empty() => first.clone(),
        Kind::Absent | Kind::Null | Kind::Unknown(_) => first.clone(),
        _ => second.clone(),
    })
}

/// Studio's own token, without which the import of Aksara throws, and the one that opens it.
fn studio(reading: &mut Reading<'_>, app: &App) {
    let field =
        crate::frameworks::aksara::fields::field("enable_studio").expect("internal error: a field of the settings");
    let mut on = crate::frameworks::aksara::logic::or_false(&app.settings.by_environment(reading.evaluator, field));
    if let Some(object) = app.settings.studio_by_object() {
        on = crate::frameworks::aksara::logic::any(&[&on, &object]);
    }
    let (token, key) = written(app, "studio_secret_token", "AKSARA_STUDIO_SECRET_TOKEN");
    let resource = reading.secret_resource(&key, &token, facts("api_key", true)).only_if(on.clone());
    reading.add(reading.of_feature(resource, &on));
    let (token, key) = written(app, "studio_auth_token", "AKSARA_STUDIO_AUTH_TOKEN");
    if is_there(&token) {
        reading.secret_if(&key, &token, facts("agent", false), on);
    }
}

/// What a field gets: the keyword, else the variable.
fn written(app: &App, keyword: &str, variable: &str) -> (Value, String) {
    let key = format!("configure({keyword})");
    let configured = app.root.field(&key);
    let from_variable = app.root.field(variable);
    if configured.is_absent() { (from_variable, variable.to_owned()) } else { (configured, key) }
}

fn is_there(value: &Value) -> bool {
    match &value.kind {
        Kind::Text(text) => !text.is_blank(),
        Kind::Choice(_, arms) => arms.iter().any(is_there),
        _ => false,
    }
}

/// Module-level names that say secret: `BLOG_API_KEY = os.getenv("BLOG_API_KEY", "…")`.
fn in_modules(reading: &mut Reading<'_>, files: &[FileId]) {
    let run = reading.evaluator.modules_run();
    for file in files.iter().filter(|file| run.binary_search(file).is_ok()) {
        let Some(module) = reading.documents.module_of(*file) else { continue };
        let mut names: BTreeSet<&Arc<str>> = BTreeSet::new();
        declared(&module.body, &mut names);
        for name in names.into_iter().filter(|name| is_secret_name(name)) {
            let value = reading.evaluator.name(*file, name);
            if is_there(&value) {
                reading.secret(name, &value, facts(purpose(name), false));
            }
        }
    }
}

/// The names that a module gives a value, under conditions and in `try` too.
fn declared<'m>(body: &'m [Statement], into: &mut BTreeSet<&'m Arc<str>>) {
    for statement in body {
        match statement {
            Statement::Declare { pattern: Pattern::Name(name, _), value: Some(_), .. } => {
                into.insert(name);
            }
            Statement::If { then, otherwise, .. } => {
                declared(then, into);
                declared(otherwise, into);
            }
            Statement::Try { body, handlers, .. } => {
                declared(body, into);
                handlers.iter().for_each(|handler| declared(handler, into));
            }
            Statement::Block(body) => declared(body, into),
            _ => {}
        }
    }
}
