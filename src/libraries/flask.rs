//! The configuration of a Flask app: what is written into `app.config`, in the order in which it is written.

mod debug;

use crate::eval::{Because, How, Kind, Place, Question, Step, Value, data_value};
use crate::facts::{self, Catalogue};
use crate::libraries::factories;
use crate::reading::bench::Reading;
use crate::syntax::code::{
    Argument, BinaryOp, Expr, ExprKind, Guard, Imported, Module, Spread, Statement, UnaryOp, visit,
};
use crate::syntax::data::Format;
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::sync::Arc;

/// The mark of an app that keeps something in Flask's session.
const USES_SESSION: &str = "uses_session";

/// The mark of an app that remembers its users beyond a session.
const REMEMBERS: &str = "remembers_users";

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

/// What an app is called where nothing tells what a name stands for.
const APPS: &[&str] = &["app", "application", "flask_app"];

/// Names of the app's own attributes, and the keys that they set.
const ATTRIBUTES: &[(&str, &str)] = &[("secret_key", "SECRET_KEY"), ("debug", "DEBUG"), ("testing", "TESTING")];

/// Keys that Flask's configuration has from the start, with its own defaults, so that `setdefault` leaves them alone.
const OWN_KEYS: &[&str] = &[
    "DEBUG",
    "TESTING",
    "PROPAGATE_EXCEPTIONS",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "PERMANENT_SESSION_LIFETIME",
    "USE_X_SENDFILE",
    "TRUSTED_HOSTS",
    "SERVER_NAME",
    "APPLICATION_ROOT",
    "SESSION_COOKIE_NAME",
    "SESSION_COOKIE_DOMAIN",
    "SESSION_COOKIE_PATH",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SECURE",
    "SESSION_COOKIE_PARTITIONED",
    "SESSION_COOKIE_SAMESITE",
    "SESSION_REFRESH_EACH_REQUEST",
    "MAX_CONTENT_LENGTH",
    "PREFERRED_URL_SCHEME",
    "TEMPLATES_AUTO_RELOAD",
];

/// The folder beside the code in which an app with `instance_relative_config` keeps its files.
const INSTANCE: &str = "instance";

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
    }
    let wanted = libraries.configuration_keys("pypi");
    let mut config = Config { reading, wanted: &wanted, fields: Vec::new(), open: false, apps: Vec::new() };
    config.debug_variable(&flask);
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
    let trail = Step::start(made(reading, &flask).unwrap_or_else(|| reading.place()), How::Written);
    reading.facts.config_of = Some("pypi/flask");
    reading.facts.config = Some(Value::new(Kind::Object { fields: fields.into(), open }, &trail));
}

/// Where the app is made.
fn made(reading: &Reading<'_>, files: &[FileId]) -> Option<Place> {
    for file in files {
        let module = reading.documents.module_of(*file)?;
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

/// The configuration while it is put together.
struct Config<'r, 'a> {
    reading: &'r Reading<'a>,
    wanted: &'r [&'static str],
    fields: Vec<(Arc<str>, Value)>,
    /// Something is put in that cannot be read.
    open: bool,
    /// The classes of the file that is read which are Flask apps.
    apps: Vec<Span>,
}

/// One place where something is put into the configuration.
struct Written<'t> {
    file: FileId,
    span: Span,
    /// Whether it stands under a condition that nobody knows.
    is_asked: bool,
    what: What<'t>,
}

enum What<'t> {
    Key(Arc<str>, &'t Expr),
    /// `app.config |= {..}`.
    Merged(&'t Expr),
    Call(&'t str, &'t [Argument]),
}

impl Config<'_, '_> {
    /// `FLASK_DEBUG`, which Flask reads when the app is made, is there before all else.
    fn debug_variable(&mut self, files: &[FileId]) {
        let value = self.reading.evaluator.variable(debug::VARIABLE, self.reading.place());
        let made = made(self.reading, files).and_then(|place| place.in_file());
        let value = debug::set_before(self.reading, files, made, value);
        let debugs = value.each(&mut |value| match &value.kind {
            Kind::Text(text) => {
                let is_off =
                    text.test(|text| ["0", "false", "no", ""].iter().any(|off| text.eq_ignore_ascii_case(off)));
                Value::new(Kind::Bool(!is_off), &value.trail)
            }
            _ => value.clone(),
        });
        if debugs.as_bool().is_some() || matches!(debugs.kind, Kind::Choice(..)) {
            self.put("DEBUG", debugs);
        }
    }

    fn read(&mut self, file: FileId, module: &Module) {
        self.apps = module.body.iter().filter_map(|statement| self.own_app(file, statement)).collect();
        let mut all: Vec<Written<'_>> = Vec::new();
        visit(&module.body, &mut |expr, guards| {
            let what = match &expr.kind {
                ExprKind::Assign { target, value, op: None } => {
                    self.assigned(file, target).map(|key| What::Key(key, value))
                }
                ExprKind::Assign { target, value, op: Some(BinaryOp::Or) } if self.is_config(file, target) => {
                    Some(What::Merged(value))
                }
                ExprKind::Call { callee, arguments, .. } => match &callee.kind {
                    ExprKind::Member { object, property, .. } if self.is_config(file, object) => {
                        Some(What::Call(property, arguments))
                    }
                    _ => None,
                },
                _ => None,
            };
            let runs = || {
                self.reading.evaluator.runs(file, guards) && !guards.iter().any(|guard| self.is_for_tests(file, guard))
            };
            if let Some(what) = what.filter(|_| runs()) {
                all.push(Written { file, span: expr.span, is_asked: self.is_asked(file, guards), what });
            }
        });
        all.sort_by_key(|written| written.span.start);
        all.iter().for_each(|written| self.written(written));
    }

    /// Whether a condition holds in tests alone: `if app.config["TESTING"]`, `if app.testing`, where nothing said so far
    /// that the app is tested.
    fn is_for_tests(&self, file: FileId, guard: &Guard<'_>) -> bool {
        let asked = match &guard.test.kind {
            ExprKind::Call { callee, arguments, .. } => match &callee.kind {
                ExprKind::Member { object, property, .. } if &**property == "get" && self.is_config(file, object) => {
                    arguments.first().and_then(|argument| {
                        let key = self.reading.evaluator.expression_at(file, &argument.value);
                        key.as_text().map(Text::as_name)
                    })
                }
                _ => None,
            },
            _ => self.assigned(file, guard.test),
        };
        let is_said = self.fields.iter().any(|(key, value)| &**key == "TESTING" && value.as_bool() != Some(false));
        guard.holds && asked.as_deref() == Some("TESTING") && !is_said
    }

    /// The key that an assignment sets: `app.config["KEY"]`, `app.secret_key`.
    fn assigned(&self, file: FileId, target: &Expr) -> Option<Arc<str>> {
        match &target.kind {
            ExprKind::Index { object, index, .. } if self.is_config(file, object) => {
                let key = self.reading.evaluator.expression_at(file, index);
                key.as_text().map(Text::as_name)
            }
            ExprKind::Member { object, property, .. } if self.is_app(file, object) => {
                ATTRIBUTES.iter().find(|(name, _)| *name == &**property).map(|(_, key)| (*key).into())
            }
            _ => None,
        }
    }

    fn is_config(&self, file: FileId, expr: &Expr) -> bool {
        matches!(&expr.kind, ExprKind::Member { object, property, .. } if &**property == "config" && self.is_app(file, object))
    }

    /// Where a class stands that is an app: `class Shop(Flask)`.
    fn own_app(&self, file: FileId, statement: &Statement) -> Option<Span> {
        let Statement::Class { class, .. } = statement else { return None };
        let is_flask = |base: &Expr| {
            let base = self.reading.evaluator.expression_at(file, base);
            matches!(&base.kind, Kind::External { module, path } if &**module == "flask" && &**path == "Flask")
        };
        class.bases.iter().any(is_flask).then_some(class.span)
    }

    fn is_app(&self, file: FileId, expr: &Expr) -> bool {
        let within = |class: &Span| class.start <= expr.span.start && expr.span.end <= class.end;
        let named = match &expr.kind {
            ExprKind::Name(name) if &**name == "self" => return self.apps.iter().any(within),
            ExprKind::Name(name) | ExprKind::Member { property: name, .. } => APPS.contains(&&**name),
            _ => return false,
        };
        named
            || self.reading.evaluator.expression_at(file, expr).as_call().is_some_and(|call| {
                matches!(call.origin(), Some((module, path)) if module.starts_with("flask") && path.ends_with("Flask"))
            })
    }

    fn is_asked(&self, file: FileId, guards: &[Guard<'_>]) -> bool {
        guards.iter().any(|guard| self.reading.evaluator.expression_at(file, guard.test).as_bool().is_none())
    }

    fn written(&mut self, written: &Written<'_>) {
        let evaluator = self.reading.evaluator;
        match &written.what {
            What::Key(key, value) => {
                let value = self.of_app(written.file, value);
                let value = if written.is_asked { self.perhaps(key, value) } else { value };
                self.put(key, value);
            }
            What::Merged(value) => {
                let value = evaluator.expression_at(written.file, value);
                self.merge(written, &value, false);
            }
            What::Call(method, arguments) => {
                let given = factories::called_with(self.reading, written.file, written.span);
                let value = |argument: &Argument| evaluator.expression_given(written.file, &argument.value, &given);
                let values: Vec<Value> = arguments.iter().map(value).collect();
                match *method {
                    "update" => self.mapping(written, arguments, &values, false),
                    "from_mapping" => self.mapping(written, arguments, &values, true),
                    "from_object" => self.object(written, values.first()),
                    "from_prefixed_env" => {
                        let prefix = values.first().and_then(Value::as_text).map(Text::as_name);
                        self.prefixed(prefix.as_deref().unwrap_or("FLASK"), written);
                    }
                    "from_pyfile" | "from_file" | "from_json" | "from_envvar" => {
                        let is_silent = arguments.iter().zip(&values).any(|(argument, value)| {
                            argument.name.as_ref().is_some_and(|(name, _)| &**name == "silent")
                                && value.as_bool() == Some(true)
                        });
                        let named = values.first().map(|value| match *method {
                            "from_envvar" => self.told_by(written, value),
                            _ => value.clone(),
                        });
                        self.file(written, named.as_ref(), is_silent);
                    }
                    "setdefault" => {
                        if let [key, value] = values.as_slice()
                            && let Some(key) = key.as_text().map(Text::as_name)
                            && !OWN_KEYS.contains(&&*key)
                            && !self.fields.iter().any(|(known, _)| **known == *key)
                        {
                            self.put(&key, value.clone());
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// Keywords, and dictionaries; `only_upper` leaves keys out that are not written in capitals.
    fn mapping(&mut self, written: &Written<'_>, arguments: &[Argument], values: &[Value], only_upper: bool) {
        for (argument, value) in arguments.iter().zip(values) {
            match (&argument.name, argument.spread) {
                (Some((name, _)), Spread::No) => self.put_if(name, value.clone(), only_upper),
                _ => self.merge(written, value, only_upper),
            }
        }
    }

    fn merge(&mut self, written: &Written<'_>, value: &Value, only_upper: bool) {
        match &value.kind {
            Kind::Object { fields, open } => {
                for (name, value) in fields.iter() {
                    self.put_if(name, value.clone(), only_upper);
                }
                self.open |= open.is_some();
            }
            // What a test hands over, under a question, is not production's.
            _ => self.open |= !written.is_asked,
        }
    }

    /// What is written, where it can hang on whether the app debugs: `not app.debug`.
    fn of_app(&self, file: FileId, expr: &Expr) -> Value {
        match &expr.kind {
            ExprKind::Unary(UnaryOp::Not, inner) if self.is_debug(file, inner) => self.debug().each(&mut |debug| {
                let kind = debug.as_bool().map_or_else(|| debug.kind.clone(), |debug| Kind::Bool(!debug));
                Value::new(kind, &debug.trail)
            }),
            _ if self.is_debug(file, expr) => self.debug(),
            _ => self.reading.evaluator.expression_at(file, expr),
        }
    }

    /// `app.debug`, `app.config["DEBUG"]`.
    fn is_debug(&self, file: FileId, expr: &Expr) -> bool {
        matches!(&expr.kind, ExprKind::Member { .. } | ExprKind::Index { .. })
            && self.assigned(file, expr).as_deref() == Some("DEBUG")
    }

    /// Whether the app debugs, as far as it was said so far: Flask's own answer is no.
    fn debug(&self) -> Value {
        let no = || Value::new(Kind::Bool(false), &Step::start(self.reading.place(), How::Default));
        let unknown = || Value::unknown(Because::Undecided, &no().trail);
        let said = self.fields.iter().rev().find(|(key, _)| &**key == "DEBUG").map(|(_, value)| value.clone());
        said.unwrap_or_else(|| if self.open { unknown() } else { no() })
    }

    fn put_if(&mut self, name: &str, value: Value, only_upper: bool) {
        if !only_upper || is_upper(name) {
            self.put(name, value);
        }
    }

    /// A class, a module, an instance, or the name of one: its names in capitals.
    fn object(&mut self, written: &Written<'_>, object: Option<&Value>) {
        let Some(object) = object else { return };
        let object = object.each(&mut |object| match &object.kind {
            Kind::Text(text) => self.named(written, &text.as_name()),
            _ => object.clone(),
        });
        if !can_be_read(&object) {
            self.open |= !written.is_asked;
            return;
        }
        for key in self.wanted {
            let value = self.named_in(&object, key);
            if !value.is_absent() {
                let before =
                    self.fields.iter().rev().find(|(known, _)| **known == **key).map(|(_, value)| value.clone());
                self.put(key, value.or_default(&|absent| before.clone().unwrap_or_else(|| absent.clone())));
            }
        }
    }

    /// A name of an object, in any of its forms. A module that can be read has no name that it does not give.
    fn named_in(&self, object: &Value, key: &str) -> Value {
        let evaluator = self.reading.evaluator;
        object.each(&mut |object| match object.kind {
            Kind::Module(file) if evaluator.unseen_names().is_empty() => {
                evaluator.own_name(file, key).unwrap_or_else(|| Value::new(Kind::Absent, &object.trail))
            }
            _ => evaluator.field(object, key),
        })
    }

    /// `config.Production`: a module of the project, and a name in it.
    fn named(&self, written: &Written<'_>, name: &str) -> Value {
        let place = Place::File(written.file, written.span);
        let unknown = || Value::written(Kind::Unknown(Because::Undecided.into()), place);
        let module = |path: &str| self.module(written.file, path);
        if let Some(file) = module(name) {
            return Value::written(Kind::Module(file), place);
        }
        let Some((path, inside)) = name.rsplit_once('.') else { return unknown() };
        module(path).map_or_else(unknown, |file| self.reading.evaluator.export(file, inside))
    }

    fn module(&self, from: FileId, name: &str) -> Option<FileId> {
        let project = self.reading.documents.project;
        let path = name.replace('.', "/");
        let root = &self.reading.found.root;
        let folders = [&**root, project.file(from).folder()];
        folders.into_iter().find_map(|folder| {
            let at = |rest: &str| project.find(&crate::project::inside(folder, rest));
            at(&format!("{path}.py")).or_else(|| at(&format!("{path}/__init__.py")))
        })
    }

    /// What the variable of a name holds.
    fn told_by(&self, written: &Written<'_>, name: &Value) -> Value {
        match name.as_text() {
            Some(name) => self.reading.evaluator.variable(&name.as_name(), Place::File(written.file, written.span)),
            None => name.clone(),
        }
    }

    /// A file by its path, as it stands in the tree or as an image has it below a folder of its own.
    fn found(&self, from: FileId, name: &str) -> Option<FileId> {
        let project = self.reading.documents.project;
        let root = &self.reading.found.root;
        let instance = crate::project::inside(root, INSTANCE);
        let folders = [project.file(from).folder(), root, &*instance];
        let at = |name: &str| folders.iter().find_map(|folder| project.find(&crate::project::inside(folder, name)));
        let is_whole = name.starts_with('/');
        at(name).or_else(|| {
            let parts = name.match_indices('/').map(|(at, _)| &name[at + 1..]);
            parts.filter(|_| is_whole).find_map(at)
        })
    }

    /// A file of Python: its names in capitals. One that is not in the tree can hold anything, unless that is fine.
    fn file(&mut self, written: &Written<'_>, path: Option<&Value>, is_silent: bool) {
        let project = self.reading.documents.project;
        let name = path.and_then(Value::as_text).map(Text::as_name);
        let file = name.and_then(|name| self.found(written.file, &name));
        let read = file.and_then(|file| {
            let is_module = project.file(file).kind.is_python() || self.reading.documents.module_of(file).is_some();
            match is_module {
                true => Some(Value::written(Kind::Module(file), Place::File(written.file, written.span))),
                false => self.data(file),
            }
        });
        match read {
            Some(module) if matches!(module.kind, Kind::Module(_)) => self.object(written, Some(&module)),
            Some(object) => self.merge(written, &object, true),
            None => self.open |= !is_silent,
        }
    }

    /// What a file of JSON or TOML holds.
    fn data(&self, file: FileId) -> Option<Value> {
        let path = &self.reading.documents.project.file(file).path;
        let format = match path.rsplit('.').next()? {
            "json" => Format::Json,
            "toml" => Format::Toml,
            _ => return None,
        };
        let document = self.reading.documents.data_of(file, format)?;
        Some(data_value(document.root(), file))
    }

    /// Variables of a prefix: JSON, and what is none stays a text. One that is not set leaves what was there.
    fn prefixed(&mut self, prefix: &str, written: &Written<'_>) {
        let place = Place::File(written.file, written.span);
        for key in self.wanted {
            let variable: Arc<str> = format!("{prefix}_{key}").into();
            let before = self.fields.iter().rev().find(|(known, _)| **known == **key).map(|(_, value)| value.clone());
            let value = self.reading.evaluator.variable(&variable, place).each(&mut |value| match &value.kind {
                Kind::Text(text) => Value::new(of_json(text), &value.trail),
                _ => value.clone(),
            });
            match (&value.kind, before) {
                (Kind::Absent, _) => {}
                (Kind::Unknown(_), Some(before)) => {
                    let step = Step::after(before.trail.place, How::Fallback, &before.trail);
                    let unset = Value::new(before.kind.clone(), &step);
                    self.put(key, Value::choice(Question::IsSet(variable), vec![unset, value.clone()], &value.trail));
                }
                // Nobody wrote that this key comes from a variable.
                (Kind::Unknown(_), None) => {}
                _ => self.put(key, value),
            }
        }
    }

    /// A switch that is written under a condition which nobody knows is not known itself, unless it was the same before.
    fn perhaps(&self, key: &str, value: Value) -> Value {
        let before = self.fields.iter().rev().find(|(known, _)| **known == *key).map(|(_, value)| value);
        let is_same = before.is_some_and(|before| before.as_bool() == value.as_bool());
        match value.as_bool() {
            Some(_) if !is_same => Value::unknown(Because::Undecided, &value.trail),
            _ => value,
        }
    }

    fn put(&mut self, key: &str, value: Value) {
        self.fields.push((key.into(), value));
    }
}

/// Whether every form that a value can have shows its names.
fn can_be_read(value: &Value) -> bool {
    match &value.kind {
        Kind::Choice(_, arms) => arms.iter().all(can_be_read),
        Kind::Class(_) | Kind::Module(_) | Kind::Object { .. } => true,
        _ => false,
    }
}

fn is_upper(name: &str) -> bool {
    !name.chars().any(char::is_lowercase)
}

/// A text as JSON, where it is a boolean, a number or nothing.
fn of_json(text: &Text) -> Kind {
    if text.is("true") || text.is("false") {
        return Kind::Bool(text.is("true"));
    }
    if text.is("null") {
        return Kind::Null;
    }
    text.number(|text| text.parse().ok()).map_or_else(|| Kind::Text(text.clone()), Kind::Number)
}
