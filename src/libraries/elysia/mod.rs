//! What Elysia's facts cannot say: cookies that handlers set through its jar, and switches of `new Elysia` and `listen`.

mod cookies;
mod server;

pub(crate) use server::body_limit;

use crate::libraries::web;
use crate::reading::bench::Reading;
use crate::reading::uses::scripts_with;

/// Reads the Elysia code of the app's package.
pub(crate) fn read(reading: &mut Reading<'_>) {
    let files = scripts_with(reading, &["elysia"]);
    let made = server::instances(reading);
    cookies::read(reading, &files, &made);
    server::read(reading, &made);
    web::cors::read(reading, &files, &|_| None);
}
