//! Amazon's three ways to run an app that a repository describes: App Runner, ECS, Lambda by SAM.

pub(super) mod app_runner;
pub(super) mod ecs;
pub(super) mod sam;
