//! Code that answers requests and that nobody here reads: said, so that a report does not vouch for it.

use crate::documents::Documents;
use crate::facts;
use crate::project::aside::{is_beside_the_product, is_never_deployed};
use crate::project::{Ecosystem, Package, Project, Section, lies_in};
use crate::reading::found::Found;
use crate::syntax::FileId;
use std::collections::BTreeMap;
use std::sync::Arc;

const MCP: &str = "MCP";

/// Packages by which code answers requests, with the name that people know them by.
const NPM: &[(&str, &str)] = &[
    ("express", "Express"),
    ("fastify", "Fastify"),
    ("hono", "Hono"),
    ("elysia", "Elysia"),
    ("koa", "Koa"),
    ("@hapi/hapi", "hapi"),
    ("restify", "Restify"),
    ("sails", "Sails"),
    ("@adonisjs/core", "AdonisJS"),
    ("@feathersjs/feathers", "Feathers"),
    ("@loopback/core", "LoopBack"),
    ("@strapi/strapi", "Strapi"),
    ("h3", "h3"),
    ("nuxt", "Nuxt"),
    ("nitropack", "Nitro"),
    ("@sveltejs/kit", "SvelteKit"),
    ("@remix-run/node", "Remix"),
    ("@react-router/node", "React Router"),
    ("@tanstack/react-start", "TanStack Start"),
    ("astro", "Astro"),
    ("@apollo/server", "Apollo Server"),
    ("graphql-yoga", "GraphQL Yoga"),
    ("@trpc/server", "tRPC"),
    ("@modelcontextprotocol/sdk", MCP),
    ("socket.io", "Socket.IO"),
];

const PYTHON: &[(&str, &str)] = &[
    ("django", "Django"),
    ("fastapi", "FastAPI"),
    ("starlette", "Starlette"),
    ("flask", "Flask"),
    ("litestar", "Litestar"),
    ("sanic", "Sanic"),
    ("tornado", "Tornado"),
    ("aiohttp", "aiohttp"),
    ("quart", "Quart"),
    ("bottle", "Bottle"),
    ("falcon", "Falcon"),
    ("pyramid", "Pyramid"),
    ("robyn", "Robyn"),
    ("fastmcp", "FastMCP"),
    ("mcp", MCP),
    ("streamlit", "Streamlit"),
    ("gradio", "Gradio"),
];

/// Other languages: the name or ending of their manifests, and what in one says that the code answers requests.
const LANGUAGES: &[(&str, &str, &[&str])] = &[
    ("go.mod", "Go", &["gin-gonic/gin", "labstack/echo", "gofiber/fiber", "go-chi/chi", "gorilla/mux", "grpc"]),
    ("Gemfile", "Ruby", &["rails", "sinatra", "hanami", "grape", "puma"]),
    ("composer.json", "PHP", &["laravel/", "symfony/", "slim/slim", "laminas/", "cakephp/", "codeigniter"]),
    ("pom.xml", "Java", &["spring-boot", "quarkus", "micronaut", "jakarta.", "dropwizard", "javalin"]),
    ("build.gradle", "Java", &["org.springframework", "quarkus", "micronaut", "ktor", "javalin"]),
    ("build.gradle.kts", "Kotlin", &["org.springframework", "quarkus", "micronaut", "ktor", "javalin"]),
    ("mix.exs", "Elixir", &[":phoenix", ":plug", ":bandit"]),
    ("Cargo.toml", "Rust", &["axum", "actix-web", "rocket", "warp", "poem", "salvo"]),
    (".csproj", "C#", &["Microsoft.NET.Sdk.Web", "AspNetCore"]),
];

/// What answers requests without any package: the manifest's language, the ending of its code, and what such code says.
const OF_THE_LANGUAGE: &[(&str, &str, &[&str])] =
    &[("Go", ".go", &["http.ListenAndServe", "http.Serve(", ".ListenAndServe("])];

/// Files of one language that are searched for that at most.
const MOST_SEARCHED: usize = 400;

/// Some code that answers requests and was not judged.
pub struct Unjudged {
    /// Its folder; empty for the root.
    pub folder: Arc<str>,
    /// Its manifest.
    pub manifest: FileId,
    /// What it is written with.
    pub with: Vec<&'static str>,
}

/// The code below the folder that was asked for that answers requests and belongs to none of the apps.
pub fn unjudged(documents: &Documents<'_>, apps: &[Found]) -> Vec<Unjudged> {
    let project = documents.project;
    let mut found: BTreeMap<Arc<str>, Unjudged> = BTreeMap::new();
    let mut note = |folder: &Arc<str>, manifest: FileId, with| {
        // What carries an app that only speaks a protocol answers more than that, unless it is read where it is.
        let reads = |app: &&Found| with == MCP || facts::reads(with) || !app.framework.is_some_and(facts::is_carried);
        let mut reading = apps.iter().filter(reads);
        let is_read = reading.any(|app| *app.root == **folder || covers(project, app, folder));
        let path = project.path_below_selection(manifest);
        // What somebody else wrote is a part of the code that uses it, and that is said.
        let aside = is_never_deployed(path) || is_beside_the_product(path);
        if is_read || !project.selected(folder) || aside {
            return;
        }
        let known = found.entry(folder.clone());
        known.or_insert_with(|| Unjudged { folder: folder.clone(), manifest, with: Vec::new() }).with.push(with);
    };
    for id in project.package_ids() {
        let package = project.package(id);
        // Whoever imports it answers requests; that is judged where it is.
        let imported = |app: &Found| {
            let needs = app.package.map(|own| &project.package(own).dependencies);
            package.name.as_ref().zip(needs).is_some_and(|(name, needs)| needs.contains_key(name))
        };
        // What an app imports answers as a part of it.
        if package.script("start").is_none() && apps.iter().any(imported) {
            continue;
        }
        if package.library && !package.dir.is_empty() && *package.dir != *project.selection() {
            continue;
        }
        let table = if package.ecosystem == Ecosystem::Npm { NPM } else { PYTHON };
        for (name, title) in table {
            let needed = package.dependencies.get(*name).is_some_and(|needed| needed.section == Section::Normal);
            if needed && !(facts::reads(title) && is_a_part(project, package, apps)) {
                note(&package.dir, package.file, *title);
            }
        }
    }
    for file in project.ids() {
        let own = project.file(file);
        let language = LANGUAGES
            .iter()
            .find(|(name, ..)| own.name() == *name || (name.starts_with('.') && own.name().ends_with(name)));
        let answers = |(_, title, telling): &&(&str, &str, &[&str])| {
            project.mentions(file, telling) || answers_by_itself(project, title, own.folder())
        };
        if let Some((_, title, _)) = language.filter(answers) {
            note(&own.folder().into(), file, *title);
        }
    }
    found.into_values().collect()
}

/// Whether code of a language below a folder answers requests by what the language itself brings.
fn answers_by_itself(project: &Project, language: &str, folder: &str) -> bool {
    let Some((_, ending, telling)) = OF_THE_LANGUAGE.iter().find(|(name, ..)| *name == language) else { return false };
    let own = |file: &FileId| {
        let file = project.file(*file);
        file.name().ends_with(ending) && !file.name().ends_with("_test.go") && lies_in(file.folder(), folder)
    };
    project.ids().filter(own).take(MOST_SEARCHED).any(|file| project.mentions(file, telling))
}

/// Whether a package is a part of an app that is judged: what the app imports from it is read there.
fn is_a_part(project: &Project, package: &Package, apps: &[Found]) -> bool {
    let needs = |app: &Found, name: &str| {
        let own = app.package.map(|own| project.package(own));
        own.is_some_and(|own| own.ecosystem == Ecosystem::Npm && own.dependencies.contains_key(name))
    };
    package.name.as_deref().is_some_and(|name| apps.iter().any(|app| needs(app, name)))
}

/// Whether an app whose folder holds this one reads its code, too: it lies in the app's own package.
fn covers(project: &Project, app: &Found, folder: &str) -> bool {
    lies_in(folder, &app.root) && app.package.is_some() && project.package_above(folder, None) == app.package
}
