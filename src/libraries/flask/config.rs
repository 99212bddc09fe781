//! What is written into `app.config`, in the order in which it is written.

use super::debug;
use crate::eval::{Because, How, Kind, Place, Step, Value};
use crate::libraries::factories;
use crate::reading::bench::Reading;
use crate::syntax::code::{Argument, BinaryOp, Expr, ExprKind, Guard, Module, Spread, Statement, UnaryOp, visit};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::sync::Arc;

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

/// The configuration while it is put together.
pub(super) struct Config<'r, 'a> {
    pub(super) reading: &'r Reading<'a>,
    pub(super) wanted: &'r [&'static str],
    pub(super) fields: Vec<(Arc<str>, Value)>,
    /// Something is put in that cannot be read.
    pub(super) open: bool,
    /// The classes of the file that is read which are Flask apps.
    apps: Vec<Span>,
}

/// One place where something is put into the configuration.
pub(super) struct Written<'t> {
    pub(super) file: FileId,
    pub(super) span: Span,
    /// Whether it stands under a condition that nobody knows.
    pub(super) is_asked: bool,
    what: What<'t>,
}

pub(super) enum What<'t> {
    Key(Arc<str>, &'t Expr),
    /// `app.config |= {..}`.
    Merged(&'t Expr),
    Call(&'t str, &'t [Argument]),
}

impl<'r, 'a> Config<'r, 'a> {
    pub(super) fn new(reading: &'r Reading<'a>, wanted: &'r [&'static str]) -> Self {
        Config { reading, wanted, fields: Vec::new(), open: false, apps: Vec::new() }
    }

    /// `FLASK_DEBUG`, which Flask reads when the app is made, is there before all else.
    pub(super) fn debug_variable(&mut self, files: &[FileId], made: Option<Place>) {
        let value = self.reading.evaluator.variable(debug::VARIABLE, self.reading.place());
        let made = made.and_then(Place::in_file);
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

    pub(super) fn read(&mut self, file: FileId, module: &Module) {
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

    pub(super) fn merge(&mut self, written: &Written<'_>, value: &Value, only_upper: bool) {
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

    /// A switch that is written under a condition which nobody knows is not known itself, unless it was the same before.
    fn perhaps(&self, key: &str, value: Value) -> Value {
        let before = self.fields.iter().rev().find(|(known, _)| **known == *key).map(|(_, value)| value);
        let is_same = before.is_some_and(|before| before.as_bool() == value.as_bool());
        match value.as_bool() {
            Some(_) if !is_same => Value::unknown(Because::Undecided, &value.trail),
            _ => value,
        }
    }

    pub(super) fn put(&mut self, key: &str, value: Value) {
        self.fields.push((key.into(), value));
    }
}

fn is_upper(name: &str) -> bool {
    !name.chars().any(char::is_lowercase)
}
