//! What containers hand to code that asks for it by a class: `inject: [ConfigService]`, `constructor(config: ConfigService)`,
//! `app.get(ConfigService)`. Of the services that are known, what a method of one gives.

use super::calls::with_fallback;
use super::scope::Closure;
use super::{Because, Call, Evaluator, How, Kind, Place, Step, Trail, Unknown, Value};
use crate::syntax::FileId;
use crate::syntax::code::{Class, Expr, ExprKind, Module, Param, Pattern, Statement};
use crate::text::Text;
use std::sync::Arc;

/// Services whose methods are known: their module and class.
const SERVICES: &[(&str, &str)] = &[("@nestjs/config", "ConfigService")];

/// Names that an app has in its plugins.
const APPS: &[&str] = &["app", "fastify", "server", "instance", "api", "f"];

/// What the services of an app give besides variables.
#[derive(Debug, Default)]
pub(super) struct Services {
    /// The objects that configuration is loaded from, the last one first in what it says; under a name where they have one.
    loaded: Vec<(Option<Arc<str>>, Value)>,
    /// What a schema makes of the environment.
    validated: Option<Value>,
    /// What plugins put onto an app under a name: `fastify.config`.
    decorations: Vec<(Arc<str>, Value)>,
}

impl Evaluator<'_> {
    /// Lets the service that hands out configuration know an object of it, under its name where it has one.
    pub fn load_configuration(&self, name: Option<Arc<str>>, object: Value) {
        self.services.borrow_mut().loaded.push((name, object));
    }

    /// Lets code know that an app has an object under a name.
    pub fn decorate_app(&self, name: Arc<str>, object: Value) {
        self.services.borrow_mut().decorations.push((name, object));
    }

    /// What was put onto an app under a name, where something is one by its name and by what is known of it.
    pub(super) fn decoration(&self, app: &Expr, of: &Value, name: &str) -> Option<Value> {
        let services = self.services.borrow();
        let (_, object) = services.decorations.iter().find(|(own, _)| **own == *name)?;
        let (ExprKind::Name(own) | ExprKind::Member { property: own, .. }) = &app.kind else { return None };
        let can_be = matches!(of.kind, Kind::Unknown(_) | Kind::External { .. } | Kind::Call(_));
        (APPS.contains(&&**own) && can_be).then(|| object.clone())
    }

    /// Lets that service know what a schema makes of the environment; the first one counts.
    pub fn validate_configuration(&self, validated: Value) {
        self.services.borrow_mut().validated.get_or_insert(validated);
    }

    /// What a call that names a part of the configuration gives: its name, and the object.
    pub fn named_configuration(&self, call: &Value) -> Option<(Arc<str>, Value)> {
        let Kind::Call(made) = &call.kind else { return None };
        let (("@nestjs/config", "registerAs"), [name, factory]) = (made.external()?, made.arguments.as_slice()) else {
            return None;
        };
        Some((name.as_text()?.as_name(), self.call(factory, Vec::new())))
    }

    /// What stands for a token that is injected: the named part of the configuration that it is the token of.
    fn configured_by(&self, token: &Value) -> Value {
        match self.named_configuration(token) {
            Some((_, object)) => object,
            None => Value::unknown(Because::Undecided, &token.trail),
        }
    }

    /// What the service that hands out configuration gives for a key: of what was loaded, else of what the schema made,
    /// else the variable; a default where there is none of these.
    fn configured(&self, positional: &[Value], or_throw: bool, place: Place) -> Value {
        let trail = Step::start(place, How::Written);
        let Some(key) = positional.first().and_then(Value::as_text).map(Text::as_name) else {
            return Value::unknown(Because::Undecided, &trail);
        };
        let loaded = self.loaded(&key, &trail);
        let validated = self.services.borrow().validated.as_ref().map(|validated| validated.field(&key));
        let is_there =
            |value: &Value| !matches!(&value.kind, Kind::Unknown(unknown) if unknown.because == Because::Undecided);
        let found = loaded.or_default(&|absent| match &validated {
            Some(validated) if is_there(validated) => validated.clone(),
            _ if key.contains('.') => absent.clone(),
            // the name of a part of the configuration that was not followed, and of no variable
            _ if !key.contains(|letter: char| letter.is_ascii_uppercase()) => {
                Value::unknown(Because::Undecided, &trail)
            }
            _ => self.read_variable(&key, place),
        });
        let default = positional.get(1).filter(|default| !is_options(default));
        if default.is_some() {
            self.note_fallback(&found);
        }
        let found = with_fallback(found, default);
        match or_throw {
            true => found.each(&mut |found| match &found.kind {
                Kind::Unknown(unknown) => {
                    let there = Unknown { present: true, unset_with: None, ..unknown.clone() };
                    Value::new(Kind::Unknown(there), &found.trail)
                }
                _ => found.clone(),
            }),
            false => found,
        }
    }

    /// What the loaded objects have under a key.
    fn loaded(&self, key: &str, trail: &Trail) -> Value {
        let services = self.services.borrow();
        let absent = Value::new(Kind::Absent, trail);
        services.loaded.iter().rev().fold(absent, |found, (name, object)| {
            found.or_default(&|absent| match name.as_deref() {
                None => object.path(key),
                Some(name) if key == name => object.clone(),
                Some(name) => match key.strip_prefix(name).and_then(|rest| rest.strip_prefix('.')) {
                    Some(rest) => object.path(rest),
                    None => absent.clone(),
                },
            })
        })
    }

    /// What a factory gives for the services that are injected into it.
    pub fn made_by_factory(&self, factory: &Value, inject: &Value) -> Value {
        let items = inject.as_list().unwrap_or_default();
        let arguments = items
            .iter()
            .map(|item| instance(item).or_else(|| self.own_service(item)).unwrap_or_else(|| self.configured_by(item)))
            .collect();
        self.call(factory, arguments)
    }

    /// What a class gives whose method makes options of the services that its constructor asks for:
    /// `class Config implements GqlOptionsFactory { createGqlOptions() { .. } }`.
    pub fn made_by_class(&self, class: &Value) -> Option<Value> {
        let Kind::Class(class) = &class.kind else { return None };
        let makes = |name: &str| name.starts_with("create") && name.ends_with("Options");
        let member = class.class.members.iter().find(|member| makes(&member.name))?;
        let made = self.expr(member.value.as_ref()?, &self.class_frame(class));
        let Kind::Function(closure) = &made.kind else { return None };
        let fields = self.injected_fields(class.file, &*self.module(class.file)?);
        let this = Some(self.this_of(class.file, fields));
        let method = Kind::Function(Arc::new(Closure { this, ..(**closure).clone() }));
        Some(self.call(&Value::new(method, &made.trail), Vec::new()))
    }

    /// A service of the project's own, with what its constructor asks for: `class ApiConfig { constructor(config: ConfigService) {} }`.
    fn own_service(&self, class: &Value) -> Option<Value> {
        let Kind::Class(own) = &class.kind else { return None };
        let is_service = own.class.decorators.iter().any(|decorator| {
            let ExprKind::Call { callee, .. } = &decorator.kind else { return false };
            matches!(&callee.kind, ExprKind::Name(name) if &**name == "Injectable")
        });
        let _depth = self.enter().filter(|_| is_service)?;
        let fields = self.injected_fields(own.file, &*self.module(own.file)?);
        let made = self.instance(own, &class.trail);
        Some(fields.into_iter().fold(made, |made, (name, value)| super::objects::with_field(&made, &name, value)))
    }

    /// A service that a parameter asks for by its written type.
    pub(super) fn injected(&self, param: &Param, file: FileId) -> Option<Value> {
        if let Some(token) = param.decorators.iter().find_map(injects) {
            let token = self.expression(file, token);
            return self.named_configuration(&token).map(|(_, object)| object);
        }
        if let Some(depended) = self.depended_on(param, file) {
            return Some(depended);
        }
        let annotation = param.annotation.as_ref()?;
        let ExprKind::Name(name) = &annotation.kind else { return None };
        if !SERVICES.iter().any(|(_, class)| **name == **class) {
            return None;
        }
        instance(&self.expression(file, annotation))
    }

    /// Settings that a parameter of FastAPI depends on: `settings: Settings = Depends(get_settings)`,
    /// `Annotated[Settings, Depends(get_settings)]`. What else it can depend on is the request's.
    fn depended_on(&self, param: &Param, file: FileId) -> Option<Value> {
        let depends = param.default.as_ref().and_then(dependency).or_else(|| {
            let mut found = None;
            crate::syntax::code::visit_expr(param.annotation.as_ref()?, &mut |inner, _| {
                found = found.or_else(|| dependency(inner));
            });
            found
        })?;
        let maker = self.expression(file, depends);
        let made = match &maker.kind {
            Kind::Function(closure) if closure.function.params.is_empty() && !closure.function.is_generator => {
                self.call(&maker, Vec::new())
            }
            Kind::Class(_) => self.call(&maker, Vec::new()),
            _ => return None,
        };
        matches!(made.kind, Kind::Object { .. }).then_some(made)
    }

    /// The fields that the constructors of a file's classes fill with services: `private readonly config: ConfigService`.
    pub(super) fn injected_fields(&self, file: FileId, module: &Module) -> Vec<(Arc<str>, Value)> {
        let mut found = Vec::new();
        for class in module.body.iter().filter_map(class_of) {
            let constructor = class.members.iter().find(|member| &*member.name == "constructor");
            let Some(ExprKind::Function(function)) =
                constructor.and_then(|member| member.value.as_ref()).map(|value| &value.kind)
            else {
                continue;
            };
            for param in &function.params {
                if let (Pattern::Name(name, _), Some(service)) = (&param.pattern, self.injected(param, file)) {
                    found.push((name.clone(), service));
                }
            }
        }
        found
    }

    /// A method of a service, or one that gives a service; none where it is neither.
    pub(super) fn service_method(
        &self,
        receiver: &Value,
        name: &str,
        positional: &[Value],
        place: Place,
    ) -> Option<Value> {
        if let ("get" | "resolve", [class]) = (name, positional)
            && matches!(receiver.kind, Kind::Call(_) | Kind::External { .. } | Kind::Unknown(_))
        {
            let named = || self.named_configuration(class).map(|(_, object)| object);
            if let Some(service) = instance(class).or_else(named).or_else(|| self.own_service(class)) {
                return Some(service);
            }
        }
        if let ("getEnvs", []) = (name, positional) {
            return self.services.borrow().decorations.first().map(|(_, object)| object.clone());
        }
        let Kind::Call(call) = &receiver.kind else { return None };
        match (call.external()?, name) {
            (("@nestjs/config", "ConfigService"), "get" | "getOrThrow") if call.is_new => {
                Some(self.configured(positional, name == "getOrThrow", place))
            }
            _ => None,
        }
    }
}

/// What `Depends(maker)` names.
fn dependency(expr: &Expr) -> Option<&Expr> {
    let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return None };
    let (ExprKind::Name(name) | ExprKind::Member { property: name, .. }) = &callee.kind else { return None };
    match (&**name, arguments.as_slice()) {
        ("Depends" | "Security", [maker, ..]) if maker.name.is_none() => Some(&maker.value),
        _ => None,
    }
}

/// What `@Inject(token)` names.
fn injects(decorator: &Expr) -> Option<&Expr> {
    let ExprKind::Call { callee, arguments, .. } = &decorator.kind else { return None };
    match (&callee.kind, arguments.as_slice()) {
        (ExprKind::Name(name), [token]) if &**name == "Inject" => Some(&token.value),
        _ => None,
    }
}

/// `config.get("PORT", { infer: true })`: no default.
fn is_options(value: &Value) -> bool {
    matches!(&value.kind, Kind::Object { fields, .. } if fields.iter().any(|(key, _)| &**key == "infer"))
}

fn class_of(statement: &Statement) -> Option<&Arc<Class>> {
    match statement {
        Statement::Class { class, .. } => Some(class),
        _ => None,
    }
}

/// A service, where a value is the class of one.
fn instance(class: &Value) -> Option<Value> {
    let Kind::External { module, path } = &class.kind else { return None };
    let is_one = SERVICES.iter().any(|(own, name)| **module == **own && **path == **name);
    let made = || {
        let call = Call { callee: class.clone(), is_new: true, arguments: Vec::new(), keywords: Vec::new() };
        Value::new(Kind::Call(Arc::new(call)), &Step::start(class.trail.place, How::Written))
    };
    is_one.then(made)
}
