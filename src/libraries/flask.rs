//! A Flask app: where it is made, what it keeps in its session, and what its configuration comes to.

mod config;
mod debug;
mod sources;

use crate::eval::{Because, How, Kind, Place, Step, Value};
use crate::facts::{self, Catalogue};
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use crate::syntax::code::{Argument, ExprKind, Imported, Module, Statement, visit};
use config::Config;

/// The mark of an app that keeps something in Flask's session.
const USES_SESSION: &str = "uses_session";

/// The mark of an app that remembers its users beyond a session.
const REMEMBERS: &str = "remembers_users";

/// The mark of an app that takes files.
const TAKES_FILES: &str = "takes_files";

/// Extensions that keep something in the session by themselves.
const SESSION_USERS: &[&str] = &[
    "flask_login",
    "flask_wtf",
    "flask_dance",
    "flask_security",
    "flask_session",
    "flask_principal",
    "flask_user",
    "flask_seasurf",
    "flask_oauthlib",
    "flask_pyoidc",
    "flask_saml2",
];

/// What the beginning of a configured key tells: somebody thought of the session.
const SESSION_KEYS: &[&str] = &["SESSION_", "PERMANENT_SESSION_"];

/// Puts what the configuration holds, and what it is used for, beside the facts of the app.
pub(crate) fn configure(reading: &mut Reading<'_>, libraries: &Catalogue) {
    if reading.facts.config.is_some() {
        return;
    }
    let project = reading.documents.project;
    let files = facts::files_of(project, reading.found);
    let flask: Vec<FileId> = project.mentioning(&files, &["from flask", "import flask"]);
    let is_python = |file: &&FileId| project.file(**file).kind.is_python();
    let flask: Vec<FileId> = flask.iter().filter(is_python).copied().collect();
    if !flask.iter().any(|file| reading.documents.module_of(*file).is_some_and(|module| imports(&module, "flask"))) {
        return;
    }
    for file in &flask {
        let Some(module) = reading.documents.module_of(*file) else { continue };
        if keeps_session(&module) {
            reading.facts.marks.push(USES_SESSION);
        }
        if remembers(&module) {
            reading.facts.marks.push(REMEMBERS);
        }
        if takes_files(&module) {
            reading.facts.marks.push(TAKES_FILES);
        }
    }
    let wanted = libraries.configuration_keys("pypi");
    let made = made(reading, &flask);
    let mut config = Config::new(reading, &wanted);
    config.debug_variable(&flask, made);
    for file in project.mentioning(&files, &[".config", ".secret_key", ".debug"]) {
        if let Some(module) = reading.documents.module_of(file).filter(|_| project.file(file).kind.is_python()) {
            config.read(file, &module);
        }
    }
    let Config { fields, open, .. } = config;
    if fields.iter().any(|(key, _)| SESSION_KEYS.iter().any(|start| key.starts_with(start))) {
        reading.facts.marks.push(USES_SESSION);
    }
    let open = open.then(|| Because::Undecided.into());
    let trail = Step::start(made.unwrap_or_else(|| reading.place()), How::Written);
    reading.facts.config_of = Some("pypi/flask");
    reading.facts.config_name = Some(("flask", "current_app.config."));
    reading.facts.config = Some(Value::new(Kind::Object { fields: fields.into(), open }, &trail));
}

/// Where the app is made.
fn made(reading: &Reading<'_>, files: &[FileId]) -> Option<Place> {
    for file in files {
        let Some(module) = reading.documents.module_of(*file) else { continue };
        let mut found = None;
        visit(&module.body, &mut |expr, _| {
            let ExprKind::Call { callee, .. } = &expr.kind else { return };
            if found.is_some() || !matches!(&callee.kind, ExprKind::Name(_) | ExprKind::Member { .. }) {
                return;
            }
            let is_flask = |(module, path): (&str, &str)| module == "flask" && path == "Flask";
            let is_one = match &reading.evaluator.expression_at(*file, callee).kind {
                Kind::External { module, path } => is_flask((module, path)),
                // A class of the project's own that is built on it.
                Kind::Class(_) => {
                    let made = reading.evaluator.expression_at(*file, expr);
                    made.as_call().and_then(|call| call.origin()).is_some_and(is_flask)
                }
                _ => false,
            };
            if is_one {
                found = Some(Place::File(*file, expr.span));
            }
        });
        if found.is_some() {
            return found;
        }
    }
    None
}

fn imports(module: &Module, package: &str) -> bool {
    module.body.iter().any(|statement| match statement {
        Statement::Import(import) => import.module.split('.').next() == Some(package),
        _ => false,
    })
}

/// Whether a file takes the session, or an extension that uses it.
fn keeps_session(module: &Module) -> bool {
    let is_taken = |name: &str| matches!(name, "session" | "flash");
    let takes = |name: &Imported| matches!(name, Imported::Named(name) if is_taken(name));
    let imports = module.body.iter().any(|statement| match statement {
        Statement::Import(import) if &*import.module == "flask" => import.names.iter().any(|name| takes(&name.what)),
        Statement::Import(import) => SESSION_USERS.contains(&import.module.split('.').next().unwrap_or_default()),
        _ => false,
    });
    if imports {
        return true;
    }
    let mut found = false;
    visit(&module.body, &mut |expr, _| {
        let ExprKind::Member { object, property, .. } = &expr.kind else { return };
        found |= is_taken(property) && matches!(&object.kind, ExprKind::Name(name) if &**name == "flask");
    });
    found
}

/// Whether a file reads what a request uploads: `request.files`.
fn takes_files(module: &Module) -> bool {
    let mut found = false;
    visit(&module.body, &mut |expr, _| {
        let ExprKind::Member { object, property, .. } = &expr.kind else { return };
        let is_request = match &object.kind {
            ExprKind::Name(name) | ExprKind::Member { property: name, .. } => &**name == "request",
            _ => false,
        };
        found |= is_request && &**property == "files";
    });
    found
}

/// Whether somebody is signed in with a cookie that outlives the session.
fn remembers(module: &Module) -> bool {
    let mut found = false;
    visit(&module.body, &mut |expr, _| {
        let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
        let name = match &callee.kind {
            ExprKind::Name(name) | ExprKind::Member { property: name, .. } => name,
            _ => return,
        };
        let remember = arguments.iter().enumerate().find(|(index, argument)| match &argument.name {
            Some((name, _)) => &**name == "remember",
            None => *index == 1,
        });
        let is_off = |argument: &Argument| matches!(argument.value.kind, ExprKind::Bool(false));
        found |= &**name == "login_user" && remember.is_some_and(|(_, argument)| !is_off(argument));
    });
    found
}
