//! `prodcheck lsp`: the language server, over standard input and output.

use super::arguments::Lsp;
use super::{Done, Failure, output};
use crate::ScanOptions;
use crate::report::Ending;

/// Serves until the client leaves.
pub(super) fn run(_: &Lsp) -> Done {
    // A server can outlive the day.
    let base = || ScanOptions { today: Some(output::today()), ..ScanOptions::default() };
    let failed = |message| Failure { message, ..Failure::default() };
    match crate::lsp::serve_stdio(Box::new(base)).map_err(failed)? {
        true => Ok(Ending::Clean),
        false => Err(failed("the editor left without saying so".into())),
    }
}
