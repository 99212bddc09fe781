//! What `aksara.conf.settings` is while the program runs: the environment when Aksara is imported, then each call of
//! `configure`, in the program's order.

use crate::eval::{Because, Evaluator, How, Kind, Made, Outside, Place, Step, Under, Value};
use crate::frameworks::aksara::fields::{FIELDS, Field, Merge, OTHER_KEYWORDS, field};
use crate::frameworks::aksara::logic::{all, any, not, or_false, truthy};
use crate::frameworks::aksara::parsers::Parser;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Names under which `aksara.conf.settings` is imported.
const SETTINGS: &[&str] = &["aksara.conf.settings", "aksara.settings"];

/// The settings of one app, and what else its program was seen to do.
pub(super) struct Settings {
    /// Where values without a place of their own point.
    place: Place,
    /// Variables that some file of the project names: of those a host is likely to set.
    declared: BTreeSet<&'static str>,
    /// The variables when Aksara was imported.
    variables: RefCell<Option<BTreeMap<&'static str, Value>>>,
    /// What `configure` set, by keyword.
    configured: RefCell<BTreeMap<Arc<str>, Value>>,
    /// Calls that make an app, in order.
    made: RefCell<Vec<Made>>,
    /// Keywords that no version knows.
    refused: RefCell<Vec<(Arc<str>, Value)>>,
    /// Calls of `configure` whose arguments could not be followed.
    opaque: RefCell<Vec<Value>>,
    /// Objects `Settings(…)`: each switches Studio on and reads its token by itself.
    studio_by_object: RefCell<Option<Value>>,
}

impl Settings {
    pub(super) fn new(place: Place, declared: BTreeSet<&'static str>) -> Settings {
        Settings {
            place,
            declared,
            variables: RefCell::default(),
            configured: RefCell::default(),
            made: RefCell::default(),
            refused: RefCell::default(),
            opaque: RefCell::default(),
            studio_by_object: RefCell::default(),
        }
    }

    /// The calls of the program that make an app.
    pub(super) fn made(&self) -> Vec<Made> {
        self.made.borrow().clone()
    }

    /// Keywords of `configure` that make it throw.
    pub(super) fn refused(&self) -> Vec<(Arc<str>, Value)> {
        self.refused.borrow().clone()
    }

    /// Arguments of `configure` that could not be followed.
    pub(super) fn opaque(&self) -> Vec<Value> {
        self.opaque.borrow().clone()
    }

    /// Whether an object `Settings(…)` switches Studio on.
    pub(super) fn studio_by_object(&self) -> Option<Value> {
        self.studio_by_object.borrow().clone()
    }

    /// What `configure` set of a field; absent where it left the field alone.
    pub(super) fn configured(&self, keyword: &str) -> Value {
        let found = self.configured.borrow().get(keyword).cloned();
        found.unwrap_or_else(|| Value::written(Kind::Absent, self.place))
    }

    /// The variables when Aksara was imported, as they are written.
    pub(super) fn variable(&self, evaluator: &Evaluator<'_>, name: &str) -> Value {
        self.read_environment(evaluator);
        let found = self.variables.borrow().as_ref().and_then(|variables| variables.get(name).cloned());
        found.unwrap_or_else(|| evaluator.peek(name, self.place))
    }

    fn read_environment(&self, evaluator: &Evaluator<'_>) {
        if self.variables.borrow().is_some() {
            return;
        }
        let read = |name| (name, evaluator.peek(name, self.place));
        *self.variables.borrow_mut() = Some(crate::frameworks::aksara::fields::variables().map(read).collect());
    }

    /// A variable whose absence is decided: what a host does not set has the default, unless something in the project
    /// names the variable, so that the host is likely to set it. A text that only the host knows stays unknown.
    pub(super) fn settled(&self, evaluator: &Evaluator<'_>, parser: Parser, name: &str) -> Value {
        let value = self.variable(evaluator, name);
        if parser == Parser::Text || self.declared.contains(name) {
            value
        } else {
            crate::frameworks::aksara::parsers::decided(&value)
        }
    }

    /// What the environment says of a field; absent where its default counts.
    pub(super) fn by_environment(&self, evaluator: &Evaluator<'_>, field: &Field) -> Value {
        let mut value = Value::written(Kind::Absent, self.place);
        for name in field.variables {
            let own = field.parser.read(&self.settled(evaluator, field.parser, name));
            // An empty text falls through to the next name.
            let last = field.variables.last() == Some(name);
            value = value.or_default(&|_| match &own.kind {
                Kind::Text(text) if text.is_empty() && !last => Value::new(Kind::Absent, &own.trail),
                _ => own.clone(),
            });
        }
        if field.keyword == "enable_studio" {
            let disabled = Parser::Switch.read(&self.settled(evaluator, Parser::Switch, "AKSARA_STUDIO_DISABLED"));
            return all(&[&value, &not(&or_false(&disabled))]);
        }
        value
    }

    /// What a field is at this point of the program.
    fn effective(&self, evaluator: &Evaluator<'_>, field: &Field, place: Place) -> Value {
        let configured = self.configured(field.keyword);
        let configured = if field.parser == Parser::Switch { truthy(&configured) } else { configured };
        let value = configured.or_default(&|_| self.by_environment(evaluator, field));
        value.or_default(&|_| {
            let trail = Step::start(place, How::Default);
            Value::new(field.default.map_or(Kind::Null, |default| default.kind(&trail)), &trail)
        })
    }

    fn configure(&self, evaluator: &Evaluator<'_>, made: &Made) {
        let (call, under) = (&made.call, &made.under);
        let object = call.arguments.first().or_else(|| keyword(&call.keywords, "new_settings"));
        if let Some(object) = object {
            self.replace(object, under);
            return;
        }
        self.read_environment(evaluator);
        for (name, value) in &call.keywords {
            self.set(name, value, under);
        }
    }

    /// `configure(Settings(…))`: every field is the object's.
    fn replace(&self, object: &Value, under: &Under) {
        for field in FIELDS {
            let value = object.field(field.keyword);
            let old = self.configured(field.keyword);
            self.configured.borrow_mut().insert(field.keyword.into(), under.choose(value, &old));
        }
        if !matches!(object.kind, Kind::Object { .. } | Kind::Choice(..)) {
            self.opaque.borrow_mut().push(object.clone());
        }
    }

    fn set(&self, name: &Arc<str>, value: &Value, under: &Under) {
        if &**name == "**" {
            // What is spread in here can hold every keyword.
            self.opaque.borrow_mut().push(value.clone());
            let unknown = Value::unknown(Because::Undecided, &value.trail).without_question();
            for field in FIELDS {
                self.configured.borrow_mut().insert(field.keyword.into(), unknown.clone());
            }
            return;
        }
        if FIELDS.iter().any(|field| field.keyword == &**name) {
            let old = self.configured(name);
            self.configured.borrow_mut().insert(name.clone(), under.choose(value.clone(), &old));
        } else if !OTHER_KEYWORDS.contains(&&**name) {
            self.refused.borrow_mut().push((name.clone(), value.clone()));
        }
    }

    /// `Settings(…)`: the keywords together with the environment, on the unsafe side.
    fn object(&self, evaluator: &Evaluator<'_>, made: &Made) -> Value {
        self.read_environment(evaluator);
        let call = &made.call;
        let mut fields: Vec<(Arc<str>, Value)> = Vec::new();
        for own in FIELDS {
            let environment = self.by_environment(evaluator, own);
            let value = match keyword(&call.keywords, own.keyword) {
                Some(written) => merged(own, written, &environment),
                None => environment,
            };
            fields.push((own.keyword.into(), value));
        }
        for (name, value) in &call.keywords {
            if &**name != "**" && field(name).is_none() && !OTHER_KEYWORDS.contains(&&**name) {
                self.refused.borrow_mut().push((name.clone(), value.clone()));
            }
        }
        if let Some((_, studio)) = fields.iter().find(|(name, _)| &**name == "enable_studio") {
            *self.studio_by_object.borrow_mut() = Some(or_false(studio));
        }
        let spread = keyword(&call.keywords, "**").is_some();
        let open = spread.then(|| Because::Undecided.into_plain());
        let trail = Step::start(made.place, How::Written);
        if spread {
            fields.clear();
        }
        Value::new(Kind::Object { fields: fields.into(), open }, &trail)
    }
}

fn merged(field: &Field, written: &Value, environment: &Value) -> Value {
    match field.merge {
        Merge::Either => any(&[&truthy(written), &or_false(environment)]),
        Merge::Both => {
            let environment = environment.or_default(&|absent| Value::new(Kind::Bool(true), &absent.trail));
            all(&[&truthy(written), &environment])
        }
        Merge::Keyword => written.each(&mut |written| match written.kind {
            Kind::Null | Kind::Absent => environment.clone(),
            _ => written.clone(),
        }),
        Merge::Environment => environment.or_default(&|_| written.clone()),
    }
}

fn keyword<'c>(keywords: &'c [(Arc<str>, Value)], name: &str) -> Option<&'c Value> {
    keywords.iter().find(|(own, _)| &**own == name).map(|(_, value)| value)
}

/// The dotted name of something outside: `aksara.conf.configure`.
pub(super) fn full_name(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::External { module, path } => Some(dotted(module, path)),
        _ => None,
    }
}

fn dotted(module: &str, path: &str) -> String {
    let module = module.replace('/', ".");
    if path.is_empty() { module } else { format!("{module}.{path}") }
}

/// The attribute of `settings` that a name is.
fn attribute(name: &str) -> Option<&str> {
    SETTINGS.iter().find_map(|settings| name.strip_prefix(settings)?.strip_prefix('.'))
}

/// Whether a name is the application class.
fn is_app_class(name: &str) -> bool {
    matches!(name, "aksara.Aksara" | "aksara.app.Aksara" | "aksara.apps.Aksara")
}

impl Outside for Settings {
    fn value(&self, evaluator: &Evaluator<'_>, module: &str, path: &str, place: Place) -> Option<Value> {
        let name = dotted(module, path);
        let attribute = attribute(&name)?;
        if let Some(field) = field(attribute) {
            let value = self.effective(evaluator, field, place);
            return Some(value.each(&mut |value| value.step(place, How::Named { name: attribute.into() })));
        }
        let known = OTHER_KEYWORDS.contains(&attribute.to_ascii_lowercase().as_str());
        known.then(|| Value::unknown(Because::Undecided, &Step::start(place, How::Written)))
    }

    fn called(&self, evaluator: &Evaluator<'_>, made: &Made) -> Option<Value> {
        if made.method.is_some() {
            return None;
        }
        match full_name(&made.call.callee)?.as_str() {
            "aksara.configure" | "aksara.conf.configure" => {
                self.configure(evaluator, made);
                let (module, path) = ("aksara/conf".into(), "settings".into());
                Some(Value::written(Kind::External { module, path }, made.place))
            }
            "aksara.Settings" | "aksara.conf.Settings" => Some(self.object(evaluator, made)),
            "aksara.conf.reset_settings" => {
                self.configured.borrow_mut().clear();
                None
            }
            name if is_app_class(name) => {
                self.made.borrow_mut().push(made.clone());
                // Its first half runs before the first request: what throws there stops the start.
                if let Some(lifespan) = keyword(&made.call.keywords, "lifespan") {
                    evaluator.call(lifespan, vec![Value::unknown(Because::Undecided, &lifespan.trail)]);
                }
                None
            }
            _ => None,
        }
    }

    fn assigned(&self, _: &Evaluator<'_>, module: &str, path: &str, value: &Value, under: &Under) {
        if let Some(field) = attribute(&dotted(module, path)).and_then(field) {
            self.set(&field.keyword.into(), value, under);
        }
    }

    fn imported(&self, evaluator: &Evaluator<'_>, module: &str) {
        if module == "aksara" || module.starts_with("aksara/") {
            self.read_environment(evaluator);
        }
    }
}
