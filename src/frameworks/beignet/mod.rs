//! Beignet: REST apps on Next.js, whose settings stand in calls of its functions and not in one configuration object.

mod app;
mod authorize;
mod cron;
mod devtools;
mod hooks;
mod providers;
mod schema;
mod server;
mod uploads;

use crate::documents::Documents;
use crate::libraries::routes;
use crate::libraries::{better_auth, next, web};
use crate::project::aside::is_test;
use crate::project::{Ecosystem, PackageId, Project};
use crate::reading::bench::Reading;
use crate::reading::found::{Found, Framework};
use crate::reading::uses;
use crate::reading::version::Versions;
use crate::settings::{cors, devtools as devtools_kind, upload};
use crate::syntax::FileId;
use app::{App, SCOPE};

/// Beignet, as of 0.0.56.
pub(super) static BEIGNET: Framework = Framework {
    name: "beignet",
    title: "Beignet",
    packages: &["@beignet/core", "@beignet/next", "@beignet/web"],
    known: Versions { since: None, until: Some((0, 1)) },
    recognise,
    read,
    unasked: &[],
    speaks_for: &[],
    carried: false,
    tables: &[(cors::KIND, hooks::CORS), (devtools_kind::KIND, devtools::ROUTE), (upload::KIND, uploads::UPLOAD)],
};

/// Packages by which an app serves requests.
const HOSTS: &[&str] = &["@beignet/next", "@beignet/web", "next"];

/// Functions that make the server; their options hold hooks and providers.
const SERVERS: &[&str] = &["createNextServer", "createServer", "createWebServer", "createNextServerOptions"];

/// Each package that depends on Beignet, is none of its own, and serves something; one that only shares schemas or
/// contracts is a part of those that import it.
fn recognise(framework: &'static Framework, documents: &Documents<'_>) -> Vec<Found> {
    let project = documents.project;
    let mut apps = Vec::new();
    for id in project.package_ids() {
        let package = project.package(id);
        let depends = package.dependencies.keys().any(|name| name.starts_with(SCOPE));
        let is_own = package.name.as_ref().is_some_and(|name| name.starts_with(SCOPE));
        if package.ecosystem != Ecosystem::Npm || is_own {
            continue;
        }
        let entry = entry(project, id);
        // Where a workspace's root has the dependency the file that makes the server tells.
        if !depends && !entry.is_some_and(|file| project.mentions(file, &[SCOPE])) {
            continue;
        }
        let serves = HOSTS.iter().any(|host| package.dependencies.contains_key(*host));
        if serves || entry.is_some() {
            apps.push(Found::in_package(framework, documents, id, entry));
        }
    }
    apps
}

/// The file that makes the server.
fn entry(project: &Project, package: PackageId) -> Option<FileId> {
    let own: Vec<FileId> = project
        .within(&project.package(package).dir)
        .filter(|file| project.file(*file).kind.is_script() && !is_test(&project.file(*file).path))
        .filter(|file| project.nearest_package(*file) == Some(package))
        .collect();
    let made = project.mentioning(&own, SERVERS);
    let is_server = |file: &&FileId| project.file(**file).path.contains("server/");
    made.iter().find(is_server).or(made.first()).copied()
}

fn read(reading: &mut Reading<'_>) {
    let files = uses::scripts(reading);
    let found = uses::calls_of(reading, &files, &[SCOPE]);
    let mut servers = found.iter().filter(|call| SERVERS.contains(&&*call.export));
    let server =
        servers.clone().find(|call| !call.argument(0).field("hooks").is_absent()).or_else(|| servers.next()).cloned();
    let app = App { routes: routes::handlers(reading), files, calls: found, server };
    reading.anchor = app.server.as_ref().map(|server| server.place);
    schema::read(reading, &app);
    let signs_in = better_auth::read(reading, &app.files);
    server::read(reading, &app);
    hooks::read(reading, &app, signs_in.as_ref());
    devtools::read(reading, &app);
    cron::read(reading, &app);
    uploads::read(reading, &app);
    providers::read(reading, &app);
    next::read(reading);
    web::cors::read(reading, &app.files, &|file| app.path_of(file));
    web::cookies::read(reading, &app.files);
}
