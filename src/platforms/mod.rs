//! What descriptions of deployments say: the targets of an app and what they are told, and, besides variables,
//! containers, datastores, proxies, schedules, pipelines.
//!
//! One file or folder for each platform. Each gives facts in words of the vocabulary and judges nothing.

mod aws;
mod bought;
mod caddy;
mod cloud_run;
mod command;
pub(crate) mod commands;
mod compose;
mod container;
mod describing;
mod digital_ocean;
mod dockerfile;
pub(crate) mod edge;
mod fly;
mod hosting;
mod image;
mod kubernetes;
mod listed;
mod migrations;
mod netlify;
mod nginx;
pub(crate) mod pipelines;
mod platform;
mod procfile;
mod questions;
mod railway;
mod reach;
mod render;
pub(crate) mod schedule;
mod start;
mod targets;
#[cfg(test)]
mod tests;
mod unread;
mod vercel;
mod words;
mod wrangler;

use crate::environment::files::Files;
use crate::environment::request::Request;
use crate::environment::target::Target;
use crate::project::{FilesOf, Known, Problem};
use crate::reading::bench::Reading;
use crate::syntax::data::Format;
pub(crate) use compose::redis_survives;
pub(crate) use hosting::Hosting;
use platform::Platform;
pub(crate) use questions::{
    adds_headers, dashboard_in_sight, datastore_published, disk_survives, has_proxy, is_of_proxy, is_telling,
    loader_in, worker,
};
pub(crate) use targets::Deployments;

/// Every platform, in the order in which they describe targets: what is built for a host is built by nobody else.
pub(crate) static PLATFORMS: &[&Platform] = &[
    &wrangler::PLATFORM,
    &vercel::PLATFORM,
    &netlify::PLATFORM,
    &fly::PLATFORM,
    &render::PLATFORM,
    &railway::PLATFORM,
    &procfile::PLATFORM,
    &digital_ocean::PLATFORM,
    &cloud_run::PLATFORM,
    &aws::app_runner::PLATFORM,
    &aws::ecs::PLATFORM,
    &aws::sam::PLATFORM,
    &kubernetes::PLATFORM,
    &compose::PLATFORM,
    &dockerfile::PLATFORM,
];

/// The files of what stands in front of apps, and of what builds and deploys them.
static OTHERS: &[&FilesOf] = &[&pipelines::FILES, &caddy::FILES, &nginx::FILES];

/// Every file that is known here by its name, for whoever opens a project.
pub(crate) static FILES: Known = Known(&ALL_FILES);

static ALL_FILES: [&FilesOf; PLATFORMS.len() + OTHERS.len()] = {
    let mut all = [&pipelines::FILES; PLATFORMS.len() + OTHERS.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < PLATFORMS.len() { &PLATFORMS[at].files } else { OTHERS[at - PLATFORMS.len()] };
        at += 1;
    }
    all
};

/// The deployments of an app.
pub(crate) fn of_app(request: &Request<'_>, files: &Files, problems: &mut Vec<Problem>) -> Deployments {
    targets::of_app(PLATFORMS, request, files, problems)
}

/// The platform of a target.
fn of_target(target: &Target) -> Option<&'static Platform> {
    PLATFORMS.iter().copied().find(|platform| platform.nature == *target.nature)
}

/// Reads what the target of the environment says.
pub(crate) fn read(reading: &mut Reading<'_>) -> Hosting {
    let target = reading.environment.target.as_ref();
    let mut hosting = match target.and_then(|target| Some((target, of_target(target)?))) {
        Some((target, platform)) => questions::answered(reading, target, platform),
        None => Hosting::default(),
    };
    // A platform has a proxy of its own.
    let own_proxy = hosting.edge_is_its_own || target.is_some_and(|target| target.nature.dashboard);
    if !own_proxy && let Some(edge) = nginx::read(reading).or_else(|| caddy::read(reading)) {
        hosting.edge = edge;
    }
    hosting
}

/// A platform that has nothing to say beside its hosting.
fn nothing(_: &mut Reading<'_>, _: &Target, _: &mut Hosting) {}

/// The format of a file of a platform, as the ending of its name tells.
fn format_of(name: &str) -> Option<Format> {
    match name.rsplit_once('.')?.1 {
        "toml" => Some(Format::Toml),
        "yaml" | "yml" => Some(Format::Yaml),
        "json" | "jsonc" => Some(Format::JsonComments),
        _ => None,
    }
}
