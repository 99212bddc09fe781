//! Elysia: the app that a framework plugs into, with its own CORS, tokens, cookies, headers and limits.
//!
//! Defaults are those of Elysia 1.4 and its plugins, which moved from `@elysiajs/*` to `@elysia/*`.

mod cookies;
mod cors;
mod server;
mod surface;
mod tokens;

pub(crate) use cors::{TABLE as CORS, asked, patterns};
pub(crate) use server::body_limit;
pub(crate) use tokens::TABLE as TOKENS;

use crate::libraries::web;
use crate::reading::bench::Reading;
use crate::reading::source::{SourceFile, sources};
use crate::syntax::FileId;

/// Reads the Elysia code of the app's package.
pub(crate) fn read(reading: &mut Reading<'_>) {
    let files = sources(reading, &["elysia"]);
    let files: Vec<SourceFile> =
        files.into_iter().filter(|file| !file.imports(&|module| is_elysia(module)).is_empty()).collect();
    cors::read(reading, &files);
    tokens::read(reading, &files);
    cookies::read(reading, &files);
    server::read(reading, &files);
    surface::read(reading, &files);
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

/// Whether a module is the plugin of this name, under either of its scopes.
fn is_plugin(module: &str, name: &str) -> bool {
    module.strip_prefix("@elysiajs/").or_else(|| module.strip_prefix("@elysia/")).is_some_and(|plugin| plugin == name)
}

/// The name of the `index`-th of several alike.
fn numbered(name: &str, index: usize) -> String {
    if index == 0 { name.to_owned() } else { format!("{name} {}", index + 1) }
}
