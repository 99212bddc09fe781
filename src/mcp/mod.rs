//! A server of tools for coding agents (Model Context Protocol over lines of JSON): they read, and none of them writes.

mod inside;
mod protocol;
mod tools;

pub(crate) use inside::Inside;
pub(crate) use protocol::serve;
pub(crate) use tools::Tools;
