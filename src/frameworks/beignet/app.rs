//! One Beignet app: the calls of Beignet's functions that configure it.

use crate::eval::{Because, Kind, Use, Value};
use crate::libraries::routes::RouteFile;
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use std::sync::Arc;

/// The scope of its packages.
pub(super) const SCOPE: &str = "@beignet/";

/// One Beignet app, with the calls that configure it.
pub(super) struct App {
    /// Its scripts that are no tests.
    pub(super) files: Vec<FileId>,
    /// Its calls of Beignet's functions.
    pub(super) calls: Vec<Use>,
    /// The files that answer requests by themselves.
    pub(super) routes: Vec<RouteFile>,
    /// The call that makes the server.
    pub(super) server: Option<Use>,
}

impl App {
    /// The calls of a function.
    pub(super) fn calls_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Use> {
        self.calls.iter().filter(move |call| &*call.export == name)
    }

    /// An option of the server; unknown where the server is not seen.
    pub(super) fn option(&self, reading: &Reading<'_>, key: &str) -> Value {
        match &self.server {
            Some(server) => server.argument(0).field(key),
            None => Value::unknown(Because::Undecided, &reading.stated(Kind::Absent, reading.place()).trail),
        }
    }

    /// The address of a route's file.
    pub(super) fn path_of(&self, file: FileId) -> Option<Arc<str>> {
        self.routes.iter().find(|route| route.file == file).map(|route| route.path.clone())
    }
}
