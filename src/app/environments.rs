//! The environments of an app: its own env files under what each of its targets is told.

#[cfg(test)]
mod tests;

use super::read::looked_at;
use crate::documents::Documents;
use crate::environment::files;
use crate::environment::layer;
use crate::environment::scripts;
use crate::environment::stack::Described;
use crate::environment::target::Runs;
use crate::environment::{Environment, Request, Role, SourceFile, env_files_in_code, loader_for};
use crate::platforms;
use crate::platforms::Started;
use crate::reading::bench::Shared;
use crate::reading::found::Found;
use crate::syntax::FileId;
use crate::syntax::data::Dialect;
use crate::text::Text;
use std::collections::BTreeMap;

/// What the user says of the environment.
#[derive(Clone, Debug, Default)]
pub struct Deployment<'a> {
    /// Its name: `production`.
    pub name: &'a str,
    /// The variables of prodcheck's own process, where they count.
    pub process: Option<&'a BTreeMap<String, Text>>,
    /// Variables that the host is said to provide.
    pub provided: &'a [String],
    /// The one target to look at.
    pub target: Option<&'a str>,
}

/// The environments of an app, one for each target, or one without; those of a folder in which no app is read are the
/// environments of all that its files deploy.
pub fn environments_of(found: &Found, documents: &Documents<'_>, deployment: &Deployment<'_>) -> Vec<Environment> {
    let in_code = env_files_in_code(documents, &found.root);
    let mut all = environments(&request(found, documents, deployment, &in_code));
    let shared = Shared::default();
    for environment in &mut all {
        let started = looked_at(found, documents, environment, &shared, platforms::started);
        if let Started::By(layer) = started {
            environment.start_with(layer, documents.project);
        }
        let loader = request(found, documents, deployment, &in_code).loader;
        if !loader.left_out_by.is_empty()
            && let Some(served) = looked_at(found, documents, environment, &shared, platforms::served)
            && loader.left_out_by.contains(&&*served.program)
        {
            environment.forget(&loader.names(deployment.name), documents.project);
        }
    }
    all
}

/// What a folder's own env files say, whatever is deployed from it. What the user says of the host is about what is deployed.
pub fn environment_without_target(
    found: &Found,
    documents: &Documents<'_>,
    deployment: &Deployment<'_>,
) -> Environment {
    let in_code = env_files_in_code(documents, &found.root);
    let own = Deployment { process: None, provided: &[], ..deployment.clone() };
    let request = Request { env_files: &[], ..request(found, documents, &own, &in_code) };
    let files = files::of_app(&request);
    let closes = files.closes;
    files.into_environment(&request, None, closes)
}

fn request<'a>(
    found: &'a Found,
    documents: &'a Documents<'_>,
    deployment: &Deployment<'a>,
    in_code: &'a [(FileId, Dialect)],
) -> Request<'a> {
    let project = documents.project;
    Request {
        in_code,
        everything: found.framework.is_none(),
        project,
        app_dir: &found.root,
        loader: loader_for(project, &found.root, found.entry, platforms::loader_in(project, &found.root)),
        environment_name: deployment.name,
        env_files: project.env_files(),
        process: deployment.process,
        provided: deployment.provided,
        target: deployment.target,
    }
}

/// The environments of an app: one for each target, exactly one when there is no target. None at all when a target
/// is asked for by name and the app has no such target.
pub(crate) fn environments(request: &Request<'_>) -> Vec<Environment> {
    let mut files = files::of_app(request);
    let mut problems = Vec::new();
    let platforms::Deployments { found, pipelines } = platforms::of_app(request, &files, &mut problems);
    let dashboard = found.iter().any(|target| target.target.nature.dashboard)
        || platforms::dashboard_in_sight(request.project, request.app_dir);
    if let Some((file, layer)) = scripts::started(request.project, request.app_dir) {
        let git = request.project.file(file).git;
        files.layers.push(layer);
        files.sources.push(SourceFile { file, git, role: Role::Loaded });
    }
    for (layer, source) in pipelines {
        files.layers.push(layer);
        files.sources.push(source);
    }
    let mut environments: Vec<Environment> = if found.is_empty() {
        vec![files.clone().into_environment(request, None, files.closes && !dashboard)]
    } else {
        let environment = |found: Described| {
            let known = found.target.runs != Runs::Unknown;
            let closed = found.closed || (files.closes && !dashboard && known);
            files.clone().into_environment(request, Some(found), closed)
        };
        found.into_iter().map(environment).collect()
    };
    let targets = environments.len();
    if let Some(name) = request.target {
        environments.retain(|environment| environment.target.as_ref().is_some_and(|target| &*target.name == name));
    }
    for environment in &mut environments {
        environment.problems.clone_from(&problems);
        environment.problems.extend(layer::cuts(&environment.layers, request.project));
        environment.targets = targets;
    }
    environments
}
