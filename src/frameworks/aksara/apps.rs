//! The apps that a program makes: `Aksara(…)` with its arguments, and the middleware that is added to it.

use crate::eval::{Call, How, Kind, Place, Step, Value};
use crate::frameworks::aksara::App;
use crate::frameworks::aksara::settings::{Settings, full_name, is_app_class};
use crate::reading::bench::Reading;
use crate::reading::starlette::{full_patterns, matches_all, star, starlette_origins};
use crate::reading::table::Effect;
use crate::settings::{cors, debug, openapi};
use crate::text::Text;
use std::sync::Arc;

/// An app that the program makes.
pub(super) struct Made {
    call: Arc<Call>,
    place: Place,
    present: Value,
    /// Its own debug mode, which has nothing to do with that of the settings.
    pub(super) debug: Value,
    /// Whether some middleware finds out a tenant.
    pub(super) tenants: Vec<Value>,
    /// The middleware it gets: the class, its keywords, whether it gets it at all.
    middleware: Vec<Middleware>,
}

struct Middleware {
    class: Option<String>,
    keywords: Vec<(Arc<str>, Value)>,
    place: Value,
    present: Value,
}

impl Middleware {
    fn keyword(&self, name: &str) -> Value {
        let found = self.keywords.iter().rev().find(|(own, _)| &**own == name).map(|(_, value)| value.clone());
        found.unwrap_or_else(|| match self.keywords.iter().find(|(own, _)| &**own == "**") {
            Some((_, spread)) => spread.field(name),
            None => Value::new(Kind::Absent, &self.place.trail),
        })
    }

    fn is(&self, name: &str) -> bool {
        self.class.as_ref().is_some_and(|class| class.rsplit('.').next() == Some(name))
    }
}

/// The apps of the program, each with its middleware.
pub(super) fn made(settings: &Settings) -> Vec<Made> {
    let calls = settings.made();
    let mut apps: Vec<Made> = Vec::new();
    for made in &calls {
        let trail = Step::start(made.place, How::Written);
        if made.method.is_some() {
            continue;
        }
        let argument = |name: &str| argument(&made.call, name, &trail);
        let debug = crate::frameworks::aksara::logic::truthy(&argument("debug"));
        let debug =
            debug.or_default(&|_| Value::new(Kind::Bool(false), &Step::after(made.place, How::Default, &trail)));
        let present = made.under.holds(&trail);
        let debug = crate::frameworks::aksara::logic::all(&[&debug, &present]);
        let mut app = Made {
            call: made.call.clone(),
            place: made.place,
            present,
            debug,
            tenants: Vec::new(),
            middleware: Vec::new(),
        };
        app.take_list(&argument("middlewares"));
        app.take_list(&argument("middleware"));
        apps.push(app);
    }
    for made in calls.iter().filter(|made| made.method.as_deref() == Some("add_middleware")) {
        let receiver = made.call.callee.as_call().cloned();
        let is_app = receiver.as_ref().and_then(|call| full_name(&call.callee)).is_some_and(|name| is_app_class(&name));
        let Some(app) = apps
            .iter_mut()
            .find(|app| {
                receiver.as_ref().is_some_and(|call| Arc::ptr_eq(call, &app.call) || same_call(call, &app.call))
            })
            .filter(|_| is_app)
        else {
            continue;
        };
        let trail = Step::start(made.place, How::Written);
        let class = made.call.arguments.first().or_else(|| keyword(&made.call, "middleware_class"));
        app.middleware.push(Middleware {
            class: class.and_then(class_name),
            keywords: made.call.keywords.clone(),
            place: Value::new(Kind::Null, &trail),
            present: made.under.holds(&trail),
        });
    }
    for app in &mut apps {
        let tenants = app.middleware.iter().filter(|middleware| middleware.is("TenantMiddleware"));
        app.tenants = tenants
            .map(|middleware| {
                middleware.present.each(&mut |present| Value::new(present.kind.clone(), &middleware.place.trail))
            })
            .collect();
    }
    apps
}

/// The same call, evaluated again.
fn same_call(left: &Call, right: &Call) -> bool {
    left.callee.trail.place == right.callee.trail.place && left.keywords.len() == right.keywords.len()
}

fn keyword<'c>(call: &'c Call, name: &str) -> Option<&'c Value> {
    call.keywords.iter().find(|(own, _)| &**own == name).map(|(_, value)| value)
}

fn argument(call: &Call, name: &str, trail: &crate::eval::Trail) -> Value {
    if let Some(value) = keyword(call, name) {
        return value.clone();
    }
    match keyword(call, "**") {
        Some(spread) => spread.field(name),
        None => Value::new(Kind::Absent, trail),
    }
}

/// The name of a middleware's class: outside the project, or of the project's own.
fn class_name(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Class(class) => class.class.name.as_ref().map(|name| name.to_string()),
        _ => full_name(value),
    }
}

impl Made {
    /// `middlewares=[(Class, {…})]`, `middleware=[Middleware(Class, …)]`.
    fn take_list(&mut self, list: &Value) {
        for item in list.as_list().unwrap_or_default() {
            let certain = Value::new(Kind::Bool(true), &item.trail);
            let place = Value::new(Kind::Null, &item.trail);
            if let Some([class, keywords]) = item.as_list() {
                let keywords = keywords.fields().to_vec();
                self.middleware.push(Middleware { class: class_name(class), keywords, place, present: certain });
            } else if let Some(call) = item.as_call() {
                let class = call.arguments.first().and_then(class_name);
                let keywords = match call.arguments.get(1) {
                    Some(options) => options.fields().to_vec(),
                    None => call.keywords.clone(),
                };
                self.middleware.push(Middleware { class, keywords, place, present: certain });
            }
        }
    }
}

pub(super) fn read(reading: &mut Reading<'_>, app: &App) {
    for (index, made) in app.apps.iter().enumerate() {
        let name = if index == 0 { "app".to_owned() } else { format!("app {}", index + 1) };
        application(reading, made, &name);
        let policies = made.middleware.iter().filter(|middleware| middleware.is("CORSMiddleware"));
        for (at, middleware) in policies.enumerate() {
            let number = if at == 0 { String::new() } else { format!(" {}", at + 1) };
            cross_origin(reading, middleware, &format!("{name} CORSMiddleware{number}"));
        }
    }
}

fn application(reading: &mut Reading<'_>, made: &Made, name: &str) {
    let trail = Step::start(made.place, How::Written);
    let resource = reading
        .resource(debug::KIND, name, made.place)
        .set_at(debug::enabled, made.debug.clone(), "Aksara(debug)")
        .written_at(debug::enabled, &made.debug, "")
        .set(debug::effect, reading.word("application", made.place));
    reading.add(resource);
    let address = argument(&made.call, "openapi_url", &trail);
    let served = address.each(&mut |address| match &address.kind {
        Kind::Absent => Value::new(Kind::Bool(true), &Step::after(made.place, How::Default, &trail)),
        Kind::Null => Value::new(Kind::Bool(false), &address.trail),
        Kind::Text(text) => Value::new(Kind::Bool(!text.is_empty()), &address.trail),
        _ => address.clone(),
    });
    let resource = reading
        .resource(openapi::KIND, name, made.place)
        .set_at(openapi::served, served, "Aksara(openapi_url)")
        .only_if(made.present.clone());
    reading.add(resource);
    if let Some(value) = keyword(&made.call, "settings") {
        reading.written_key("Aksara(settings)", value, Effect::Ignored, Some("configure(…)"));
    }
}

/// What Starlette's middleware does. With credentials it answers `*` with the origin that asked.
fn cross_origin(reading: &mut Reading<'_>, middleware: &Middleware, name: &str) {
    let place = reading.place_of(&middleware.place);
    let none = || {
        Value::new(
            Kind::List { items: [].into(), open: None },
            &Step::after(place, How::Default, &middleware.place.trail),
        )
    };
    let regex = middleware.keyword("allow_origin_regex");
    let listed = middleware.keyword("allow_origins").each(&mut |origins| match &origins.kind {
        Kind::Null => Value::new(Kind::Absent, &origins.trail),
        _ => starlette_origins(origins),
    });
    let origins = listed.or_default(&|_| none());
    let lets_all_in = pattern(&regex).is_some_and(|text| text.test(matches_all));
    let origins = if lets_all_in { star(&regex) } else { origins };
    let credentials = crate::frameworks::aksara::logic::truthy(&middleware.keyword("allow_credentials"))
        .or_default(&|_| Value::new(Kind::Bool(false), &Step::after(place, How::Default, &middleware.place.trail)));
    let mut resource = reading
        .resource(cors::KIND, name, place)
        .set_at(cors::origins, origins, "allow_origins")
        .set_at(cors::credentials, credentials, "allow_credentials")
        .set(cors::wildcard_effect, reading.word("reflected", place))
        .only_if(middleware.present.clone());
    if pattern(&regex).is_some() && !lets_all_in {
        resource = resource.set_at(cors::origin_patterns, full_patterns(&regex), "allow_origin_regex");
    }
    reading.add(resource);
}

fn pattern(regex: &Value) -> Option<&Text> {
    match &regex.kind {
        Kind::Text(text) => Some(text),
        Kind::Pattern { source, .. } => Some(source),
        _ => None,
    }
}
