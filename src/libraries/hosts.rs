//! What apps of hosts set by hand, and what the facts of a host cannot say.

use super::{elysia, flask, nest, web};
use crate::eval::Kind;
use crate::facts::{self, Catalogue};
use crate::reading::bench::Reading;
use crate::settings::runtime;

/// What has to be known of an app before the facts of its libraries are read: the configuration object of its host.
pub(crate) fn configure(reading: &mut Reading<'_>, libraries: &Catalogue) {
    flask::configure(reading, libraries);
    nest::configure(reading);
}

/// Reads the code of an app whose host is data.
pub(crate) fn read(reading: &mut Reading<'_>) {
    if reading.facts.hosts.iter().any(|host| host.starts_with("npm/")) {
        mode(reading);
    }
    if reading.facts.hosts.iter().any(|host| &**host == "npm/elysia") {
        return elysia::read(reading);
    }
    let files = facts::files_of(reading.documents.project, reading.found);
    nest::strategies(reading, &files);
    web::cors::read(reading, &files, &|_| None);
    web::cookies::read(reading, &files);
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
