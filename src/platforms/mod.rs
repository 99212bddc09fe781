//! What descriptions of deployments say: the targets of an app and what they are told, and, besides variables,
//! containers, datastores, proxies, schedules, pipelines.
//!
//! One file or folder for each platform. Each gives facts in words of the vocabulary and judges nothing.

mod aws;
mod bought;
mod branches;
mod caddy;
mod cloud_run;
mod command;
pub(crate) mod commands;
mod compose;
mod container;
mod defined;
mod describing;
mod digital_ocean;
mod dockerfile;
pub(crate) mod edge;
mod fly;
mod forwarded;
mod hosting;
mod image;
mod kubernetes;
mod line;
mod list;
mod listed;
mod loopback;
mod migrations;
mod netlify;
mod nginx;
mod own;
pub(crate) mod pipelines;
mod placed;
mod platform;
mod platform_sh;
mod procfile;
mod questions;
mod railway;
mod reach;
mod render;
mod runs;
pub(crate) mod schedule;
mod servers;
mod serves;
mod start;
mod start_scripts;
mod starting;
mod targets;
#[cfg(test)]
mod tests;
mod unread;
pub(crate) mod uwsgi;
mod vercel;
mod words;
mod wrangler;

use crate::environment::files::Files;
use crate::environment::request::Request;
use crate::project::Problem;
use crate::reading::bench::Reading;
pub(crate) use compose::redis_survives;
pub(crate) use hosting::Hosting;
pub(crate) use list::FILES;
use list::{PLATFORMS, of_target};
pub(crate) use placed::{placed, start_lines};
pub(crate) use questions::{
    Started, adds_headers, dashboard_in_sight, datastore_published, disk_survives, has_proxy, is_of_proxy, is_telling,
    loader_in, nginx_in_front, served, started, starts_module, worker,
};
pub(crate) use serves::Served;
pub(crate) use targets::Deployments;

/// The deployments of an app.
pub(crate) fn of_app(request: &Request<'_>, files: &Files, problems: &mut Vec<Problem>) -> Deployments {
    targets::of_app(PLATFORMS, request, files, problems)
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
