//! What apps of hosts set by hand, and what the facts of a host cannot say.

use super::{auth_js, better_auth, django, elysia, fastify, flask, mcp, nest, throttler, web};
use crate::eval::Kind;
use crate::facts::{self, Catalogue};
use crate::reading::bench::Reading;
use crate::reading::uses;
use crate::settings::runtime;

/// What has to be known of an app before the facts of its libraries are read: the configuration object of its host, and a
/// library whose limiter stands before the app's routes.
pub(crate) fn configure(reading: &mut Reading<'_>, libraries: &Catalogue) {
    // An app of another framework has no settings of Django's.
    let can_be = reading.found.framework.is_none_or(|framework| framework.name == "django");
    if can_be && reading.facts.config.is_none() {
        django::configure(reading);
    }
    flask::configure(reading, libraries);
    nest::configure(reading);
    fastify::configure(reading);
    if reading.found.framework.is_some_and(facts::is_host) {
        let files = uses::scripts(reading);
        better_auth::read(reading, &files);
    }
}

/// Reads the code of an app whose host is data.
pub(crate) fn read(reading: &mut Reading<'_>) {
    if reading.facts.hosts.iter().any(|host| host.starts_with("npm/")) {
        mode(reading);
    }
    mcp::read(reading);
    auth_js::read(reading);
    if reading.facts.hosts.iter().any(|host| &**host == "npm/elysia") {
        return elysia::read(reading);
    }
    let files = facts::files_of(reading.documents.project, reading.found);
    nest::strategies(reading, &files);
    nest::validation(reading);
    throttler::exceptions(reading, &files);
    web::cors::read(reading, &files, &|_| None);
    web::cookies::read(reading, &files);
}

/// Completes what the facts gave of an app of another framework.
pub(crate) fn complete(reading: &mut Reading<'_>) {
    if reading.found.framework_name() == "next" {
        mcp::read(reading);
    }
}

/// What the process is told to be, where anything tells it: hosts of Node go by it.
fn mode(reading: &mut Reading<'_>) {
    let value = reading.evaluator.variable("NODE_ENV", reading.place());
    if !matches!(value.kind, Kind::Unknown(_)) {
        let place = reading.place_of(&value);
        let resource = reading.resource(runtime::KIND, runtime::KIND.name, place);
        reading.add(resource.set_at(runtime::environment_name, value, "NODE_ENV"));
    }
}
