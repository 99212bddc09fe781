//! What each framework is known to do: files and values in, settings out.
//!
//! One folder for each: how it is recognised, a table of its keys and defaults, and the few shapes that no table can
//! say. None of them judges.

mod aksara;
mod beignet;
mod bknd;
mod django;
mod entries;
mod frontmcp;
mod lucent;
mod next;

use crate::reading::found::Framework;

/// Every framework, in the order in which they are tried.
pub static FRAMEWORKS: &[&Framework] = &[
    &aksara::AKSARA,
    &beignet::BEIGNET,
    &bknd::BKND,
    &django::DJANGO,
    &frontmcp::FRONTMCP,
    &lucent::LUCENT,
    &next::NEXT,
];

/// Packages whose behaviour the adapters know: their source is never followed, not even in their own repository.
pub static KNOWN_PACKAGES: &[&str] =
    &["bknd", "@codesordinatestudio/", "@bknd/", "@frontmcp/", "@beignet/", "zod", "@t3-oss/"];
