//! The apps that a program makes: `Aksara(…)` with its arguments, and the middleware that is added to it.
//!
//! What middleware of Starlette does is told by its facts, as for every app that takes it; here stand the shapes in which
//! Aksara alone takes it, and the middleware that finds out a tenant.

use crate::eval::{Call, Given, How, Kind, Place, Step, Trail, Use, Value, Way};
use crate::frameworks::aksara::fields::{FIELDS, Field};
use crate::frameworks::aksara::logic::{all, truthy};
use crate::frameworks::aksara::settings::Settings;
use crate::reading::bench::Reading;
use crate::reading::table::Effect;
use crate::reading::taken;
use crate::settings::{debug, openapi};
use crate::syntax::FileId;
use std::sync::Arc;

/// The middleware that finds out a tenant, of Aksara's own or by its name.
const TENANTS: &str = "TenantMiddleware";

/// Fields of the settings that `Aksara(…)` takes as well (`app.py`).
const TAKEN: &[&str] = &["debug", "database_url"];

/// An app that the program makes.
pub(super) struct Made {
    call: Arc<Call>,
    place: Place,
    present: Value,
    /// Its own debug mode, which has nothing to do with that of the settings.
    pub(super) debug: Value,
}

/// The apps of the program.
pub(super) fn made(settings: &Settings) -> Vec<Made> {
    let app = |made: &crate::eval::Made| {
        let trail = Step::start(made.place, How::Written);
        let debug = truthy(&argument(&made.call, "debug", &trail));
        let debug =
            debug.or_default(&|_| Value::new(Kind::Bool(false), &Step::after(made.place, How::Default, &trail)));
        let present = made.under.holds(&trail);
        let debug = all(&[&debug, &present]);
        Made { call: made.call.clone(), place: made.place, present, debug }
    };
    settings.made().iter().map(app).collect()
}

fn keyword<'c>(call: &'c Call, name: &str) -> Option<&'c Value> {
    call.keywords.iter().find(|(own, _)| &**own == name).map(|(_, value)| value)
}

fn argument(call: &Call, name: &str, trail: &Trail) -> Value {
    if let Some(value) = keyword(call, name) {
        return value.clone();
    }
    match keyword(call, "**") {
        Some(spread) => spread.field(name),
        None => Value::new(Kind::Absent, trail),
    }
}

/// Where tenants are found out: by middleware that some call adds, or that the list of an app holds.
pub(super) fn tenants(reading: &Reading<'_>, files: &[FileId], apps: &[Made]) -> Vec<Value> {
    let importing = reading.documents.project.mentioning(files, &["aksara"]);
    let is_meant = |module: &str| module == "aksara" || module.starts_with("aksara.") || module.starts_with("aksara/");
    let uses = reading.evaluator.uses(&importing, files, &is_meant);
    let added = uses.iter().filter_map(|one| match &one.way {
        Way::Method { name, of } if &**name == "add_middleware" && &*of.export == "Aksara" => {
            let class = one.given.arguments.first().cloned().unwrap_or_else(|| one.keyword("middleware_class"));
            is_tenants(&class).then(|| at(&one.present, one.place))
        }
        _ => None,
    });
    let listed = apps.iter().flat_map(|made| {
        listed(made).into_iter().filter(|(class, _, _)| is_tenants(class)).map(|(class, _, _)| {
            let certain = Value::new(Kind::Bool(true), &class.trail);
            at(&certain, reading.place_of(&class))
        })
    });
    added.chain(listed).collect()
}

fn at(present: &Value, place: Place) -> Value {
    present.each(&mut |present| Value::written(present.kind.clone(), place))
}

/// Whether a class finds out tenants, in the project or outside of it.
fn is_tenants(class: &Value) -> bool {
    let name = match &class.kind {
        Kind::Class(class) => class.class.name.clone(),
        Kind::External { path, .. } => path.rsplit('.').next().map(Arc::from),
        _ => None,
    };
    name.is_some_and(|name| &*name == TENANTS)
}

/// The classes in the lists of an app, each with its keywords, and whether a function of Starlette's holds it together:
/// `middlewares=[(Class, {…})]`, `middleware=[Middleware(Class, …)]`.
fn listed(made: &Made) -> Vec<(Value, Given, bool)> {
    let trail = Step::start(made.place, How::Written);
    let mut found = Vec::new();
    for name in ["middlewares", "middleware"] {
        for item in argument(&made.call, name, &trail).as_list().unwrap_or_default() {
            if let Some([class, keywords]) = item.as_list() {
                let given = Given { keywords: keywords.fields().to_vec(), ..Given::default() };
                found.push((class.clone(), given, false));
            } else if let Some(call) = item.as_call()
                && let Some(class) = call.arguments.first()
            {
                found.push((class.clone(), Given { keywords: call.keywords.clone(), ..Given::default() }, true));
            }
        }
    }
    found
}

/// The middleware that stands beside its keywords, a pair that only Aksara takes, as what it is: handed to the app.
fn pairs(made: &Made) -> Vec<Use> {
    let handed = |(class, given, is_call): (Value, Given, bool)| {
        let (Kind::External { module, path }, false) = (&class.kind, is_call) else { return None };
        let (file, span) = class.trail.primary()?;
        Some(Use {
            module: module.replace('/', ".").into(),
            export: path.clone(),
            way: Way::Handed { to: "Middleware".into(), of: None },
            given,
            decorates: None,
            file,
            place: Place::File(file, span),
            present: made.present.clone(),
            entered: false,
            as_loaded: false,
            call: class,
        })
    };
    listed(made).into_iter().filter_map(handed).collect()
}

pub(super) fn read(reading: &mut Reading<'_>, apps: &[Made]) {
    for (index, made) in apps.iter().enumerate() {
        let name = if index == 0 { "app".to_owned() } else { format!("app {}", index + 1) };
        application(reading, made, &name);
        reading.handed.extend(pairs(made));
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
    // Nor are the fields of its settings read from its keywords.
    for (keyword, value) in &made.call.keywords {
        let field = FIELDS.iter().find(|field| field.keyword == &**keyword && !TAKEN.contains(&field.keyword));
        let changes_nothing = |field: &Field| {
            let holds = field.default.map(|plain| Value::new(plain.kind(&value.trail), &value.trail));
            holds.is_some_and(|holds| value.same_as(&holds) == Some(true))
        };
        if field.is_some_and(|field| !changes_nothing(field)) {
            let instead = format!("configure({keyword})");
            reading.written_key(&format!("Aksara({keyword})"), value, Effect::Ignored, Some(&instead));
        }
    }
    // FastAPI keeps what it does not know for whoever looks into `extra`, and does nothing with it.
    for (keyword, value) in made.call.keywords.iter().filter(|(keyword, _)| taken::is_a_protection(keyword)) {
        reading.dropped_key(&format!("Aksara({keyword})"), value, None);
    }
}
