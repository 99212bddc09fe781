//! Descriptions of deployments: what each platform's file says the app's variables are there.

mod bought;
mod compose;
pub(crate) mod context;
mod dockerfile;
mod fly;
pub(crate) mod found;
mod image;
mod kubernetes;
mod kustomize;
mod netlify;
mod procfile;
mod railway;
mod render;
mod service;
mod told;
mod vercel;
mod words;
mod workflow;
mod wrangler;

use crate::environment::files::Files;
use crate::environment::layer::{Layer, SourceFile};
use crate::environment::request::Request;
use crate::environment::stack::Described;
use crate::project::{Problem, Project, problem_id};
use crate::syntax::FileId;
use context::Context;
use found::most_of;
use hashbrown::HashMap;

/// Files and packages of platforms that set variables where no file shows them.
const DASHBOARDS: &[&str] = &[
    "vercel.json",
    "vercel.ts",
    "netlify.toml",
    "fly.toml",
    "render.yaml",
    "render.yml",
    "railway.toml",
    "railway.json",
    "app.json",
    "app.yaml",
    "heroku.yml",
    "Procfile",
    "amplify.yml",
    "apprunner.yaml",
    "firebase.json",
    "serverless.yml",
    "sst.config.ts",
    "wrangler.toml",
    "wrangler.json",
    "wrangler.jsonc",
];

/// Whether a platform with a dashboard hosts what lies in the app's folder or in one above it.
pub(crate) fn dashboard_in_sight(project: &Project, app_dir: &str) -> bool {
    crate::project::upward(app_dir)
        .any(|folder| DASHBOARDS.iter().any(|name| project.find(&crate::project::inside(folder, name)).is_some()))
}

/// What describes deployments of an app.
pub(crate) struct Deployments {
    /// The targets, in the order of their names.
    pub(crate) found: Vec<Described>,
    /// What pipelines hand to builds and deploy commands.
    pub(crate) pipelines: Vec<(Layer, SourceFile)>,
}

/// The deployments of an app.
pub(crate) fn of_app(request: &Request<'_>, files: &Files, problems: &mut Vec<Problem>) -> Deployments {
    let mut context = Context { request, files, problems, parsed: HashMap::new() };
    let platforms =
        [wrangler::find, vercel::find, netlify::find, fly::find, render::find, railway::find, procfile::find];
    let mut found: Vec<Described> = platforms.iter().flat_map(|find| find(&mut context)).collect();
    // Beside a platform's own file, a compose file that is not named for production is how developers run the app.
    let developers = !found.is_empty();
    found.extend(kubernetes::find(&mut context));
    found.extend(compose::find(&mut context, developers));
    let built: Vec<FileId> = found.iter().flat_map(|found| found.target.images.clone()).collect();
    found.extend(dockerfile::find(&mut context).into_iter().filter(|image| !built.contains(&image.target.file)));
    found.sort_by(|a, b| a.target.name.cmp(&b.target.name));
    let most = most_of(&found, files);
    if let Some(first) = found.get(most) {
        let message = format!("an app has more deployment targets than are looked at, which are the first {most}");
        context.problems.push(Problem::new(problem_id::TOO_LARGE, message).in_file(first.target.file));
        found.truncate(most);
    }
    let mut pipelines = told::layers(&context);
    pipelines.extend(workflow::layers(&mut context));
    Deployments { found, pipelines }
}
