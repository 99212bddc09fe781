//! What Elysia's facts cannot say: cookies that handlers set through its jar, and switches of `new Elysia` and `listen`.

mod cookies;
mod server;

pub(crate) use server::body_limit;

use crate::libraries::web;
use crate::reading::bench::Reading;
use crate::reading::source::{SourceFile, sources};
use crate::syntax::FileId;

/// Reads the Elysia code of the app's package.
pub(crate) fn read(reading: &mut Reading<'_>) {
    let files = sources(reading, &["elysia"]);
    let files: Vec<SourceFile> =
        files.into_iter().filter(|file| !file.imports(&|module| is_elysia(module)).is_empty()).collect();
    cookies::read(reading, &files);
    server::read(reading, &files);
    let own: Vec<FileId> = files.iter().map(|file| file.id).collect();
    web::cors::read(reading, &own, &|_| None);
}

/// Whether a module is Elysia or a plugin of it.
fn is_elysia(module: &str) -> bool {
    module == "elysia"
        || module.starts_with("@elysiajs/")
        || module.starts_with("@elysia/")
        || module.contains("elysia-")
}

/// The name of the `index`-th of several alike.
fn numbered(name: &str, index: usize) -> String {
    if index == 0 { name.to_owned() } else { format!("{name} {}", index + 1) }
}
