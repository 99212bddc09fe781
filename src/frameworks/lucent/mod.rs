//! Lucent: an Elysia plugin with one configuration object and collections; its defaults are mostly undocumented.

mod addresses;
mod collections;
mod deploys;
mod files;
mod handed;
mod protection;
mod queues;
mod shapes;

use crate::eval::{Because, Kind, Place, Value};
use crate::libraries::elysia;
use crate::reading::bench::Reading;
use crate::reading::found::Framework;
use crate::reading::taken;
use crate::reading::version::Versions;
use crate::settings::{logging, openapi, runtime};
use crate::text::Text;

/// Lucent, as its documentation describes it. The documents name no version: those before 2 are taken for what they speak of.
pub(super) static LUCENT: Framework = Framework {
    name: "lucent",
    title: "Lucent",
    packages: &["@codesordinatestudio/lucent", "@codesordinatestudio/lucent-core"],
    known: Versions { since: None, until: Some((2, 0)) },
    recognise: shapes::recognise,
    read,
    unasked: &[],
    speaks_for: &[],
    carried: false,
    tables: &[],
};

fn read(reading: &mut Reading<'_>) {
    let root = shapes::config(reading);
    let object = root.trail.primary().filter(|_| !root.is_unknown());
    reading.anchor = object.map(|(file, span)| Place::File(file, span));
    reading.source("lucent.config", &content(&root), true);
    protection::read(reading, &root);
    deploys::read(reading);
    handed::hand_on(reading, "config", reading.place_of(&root), vec![root.clone()]);
    files::read(reading, &root);
    addresses::read(reading, &root);
    collections::read(reading, &root);
    queues::read(reading, &root);
    unlisted(reading, &root);
    process(reading);
    descriptions(reading);
    reading.anchor = None;
    elysia::read(reading);
}

/// Options that are called as a protection is, and that no document names: nobody knows whether anything reads them.
fn unlisted(reading: &mut Reading<'_>, root: &Value) {
    for (at, documented) in [("", &[][..]), ("api", &["cors"][..]), ("auth", &[][..])] {
        for (key, value) in taken::beside(root, at, &[documented]) {
            let own = key.rsplit('.').next().unwrap_or(&key);
            if taken::is_a_protection(own) {
                reading.unlisted_key(&key, &value, (own == "cors").then_some("api.cors"));
            }
        }
    }
}

/// What stands for the whole configuration: unknown as soon as a telling piece of it is.
fn content(root: &Value) -> Value {
    for piece in [root.clone(), root.field("auth"), root.field("api")] {
        if piece.is_unknown() {
            return piece;
        }
    }
    Value::new(Kind::Bool(true), &root.trail)
}

/// What the process is told: its environment's name and how much it logs.
fn process(reading: &mut Reading<'_>) {
    let place = reading.place();
    let environment = reading.evaluator.variable("NODE_ENV", place);
    let resource =
        reading.resource(runtime::KIND, "app", place).set_at(runtime::environment_name, environment, "NODE_ENV");
    reading.add(resource);
    for name in ["LUCENT_LOG_LEVEL", "LOG_LEVEL"] {
        let level = reading.evaluator.variable(name, place);
        let Some(text) = level.as_text() else { continue };
        let word = text.map(str::to_ascii_lowercase);
        let word = word.one_of(&["trace", "debug", "info", "warn", "error", "fatal", "silent"]);
        let kind = word.map_or(Kind::Unknown(Because::WrongType.into()), |word| Kind::Text(Text::new(word)));
        let resource = reading.resource(logging::KIND, "lucent", place).set_at(
            logging::level,
            Value::new(kind, &level.trail),
            name,
        );
        reading.add(resource);
        return;
    }
}

/// `/api/docs` is served when the app starts, and no switch for it is documented.
fn descriptions(reading: &mut Reading<'_>) {
    let place = reading.place();
    let resource = reading
        .resource(openapi::KIND, "lucent", place)
        .set_at(openapi::served, reading.stated(Kind::Bool(true), place), "/api/docs")
        .set(openapi::protected, reading.stated(Kind::Bool(false), place));
    reading.add(resource);
}
