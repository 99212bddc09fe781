//! `prodcheck mcp`: the server of tools for coding agents, over standard input and output.

use super::arguments::Mcp;
use super::{Done, Failure, explain, output};
use crate::ScanOptions;
use crate::mcp::{Inside, Tools, serve};
use crate::report::Ending;
use std::io;

/// Serves until the client is gone.
pub(super) fn run(arguments: &Mcp) -> Done {
    let inside = Inside::of(&arguments.path).map_err(|message| Failure { message, ..Failure::default() })?;
    // A server can outlive the day.
    let base = Box::new(|| ScanOptions { today: Some(output::today()), ..ScanOptions::default() });
    let tools = Tools { inside, base, explain: Box::new(explain::for_agent) };
    serve(io::stdin().lock(), io::stdout().lock(), &tools)?;
    Ok(Ending::Clean)
}
