//! What libraries do that apps of several frameworks use, as far as code has to say it.

pub(crate) mod auth_js;
pub(crate) mod better_auth;
pub(crate) mod django;
pub(crate) mod elysia;
pub(crate) mod errors;
mod factories;
pub(crate) mod fastify;
pub(crate) mod flask;
pub(crate) mod hosts;
mod kept;
pub(crate) mod logs;
pub(crate) mod mcp;
pub(crate) mod middleware;
pub(crate) mod nest;
pub(crate) mod next;
pub(crate) mod rest_views;
pub(crate) mod routes;
pub(crate) mod scheduled;
pub(crate) mod schemas;
mod throttler;
pub(crate) mod web;
