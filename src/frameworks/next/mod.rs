//! Next.js as a host of its own: what `next.config` says, what is sent with every page, what reaches browsers.

mod config;
mod exposed;
mod headers;
mod recognise;

use crate::libraries::{auth_js, better_auth, next, routes, scheduled, web};
use crate::reading::bench::Reading;
use crate::reading::found::Framework;
use crate::reading::uses;
use crate::reading::version::Versions;
use crate::settings::runtime;

/// Next.js, as of 16.4.
pub(super) static NEXT: Framework = Framework {
    name: "next",
    title: "Next.js",
    packages: &["next"],
    known: Versions { since: Some((12, 0)), until: Some((17, 0)) },
    recognise: recognise::recognise,
    read,
    unasked: &[],
    speaks_for: &[],
    tables: &[],
};

fn read(reading: &mut Reading<'_>) {
    let written = next::configuration(reading).and_then(|config| config.trail.primary_place());
    reading.anchor = written.filter(|place| place.is_text());
    let place = reading.place();
    let name = reading.evaluator.variable("NODE_ENV", place);
    let resource = reading.resource(runtime::KIND, runtime::KIND.name, place);
    reading.add(resource.set_at(runtime::environment_name, name, "NODE_ENV"));
    let files = uses::scripts(reading);
    let handlers = routes::handlers(reading);
    next::read(reading);
    headers::read(reading);
    config::read(reading);
    exposed::read(reading, &files);
    better_auth::read(reading, &files);
    auth_js::read(reading);
    let address = |file| handlers.iter().find(|route| route.file == file).map(|route| route.path.clone());
    web::cors::read(reading, &files, &address);
    web::cookies::read(reading, &files);
    scheduled::read(reading, &handlers, scheduled::Made::default());
}
