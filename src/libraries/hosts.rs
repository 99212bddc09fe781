//! What apps of hosts set by hand, and what the facts of a host cannot say.

use super::{elysia, web};
use crate::facts;
use crate::reading::bench::Reading;

/// Reads the code of an app whose host is data.
pub(crate) fn read(reading: &mut Reading<'_>) {
    if reading.facts.hosts.iter().any(|host| &**host == "npm/elysia") {
        return elysia::read(reading);
    }
    let files = facts::files_of(reading.documents.project, reading.found);
    web::cors::read(reading, &files, &|_| None);
    web::cookies::read(reading, &files);
}
