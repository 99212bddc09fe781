//! The list of platforms, and of the files that are known by their names.

use super::platform::Platform;
use super::{
    aws, caddy, cloud_run, compose, digital_ocean, dockerfile, fly, kubernetes, netlify, nginx, pipelines, platform_sh,
    procfile, railway, render, vercel, wrangler,
};
use crate::environment::target::Target;
use crate::project::{FilesOf, Known};

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
    &platform_sh::PLATFORM,
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

/// The platform of a target.
pub(super) fn of_target(target: &Target) -> Option<&'static Platform> {
    PLATFORMS.iter().copied().find(|platform| platform.nature == *target.nature)
}
