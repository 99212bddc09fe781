//! What could not be known, grouped by what would settle it: one unknown variable is told once.

use super::super::Style;
use super::{painted, plural, strong, warning};
use crate::findings::{Finding, Unsettled};
use crate::mask::printable;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

/// The most reasons that are told without `-v`.
const MOST_REASONS: usize = 10;
/// The most rules that one reason lists without `-v`.
const MOST_RULES: usize = 5;

/// The reasons with the rules that wait for them; nothing where all is known.
pub(super) fn render(unverified: &[Finding], style: Style) -> String {
    let mut reasons: BTreeMap<(Arc<str>, &Unsettled), Vec<&Finding>> = BTreeMap::new();
    for finding in unverified {
        let Some(unknown) = &finding.unknown else { continue };
        reasons.entry((finding.subject().app.clone(), unknown)).or_default().push(finding);
    }
    if reasons.is_empty() {
        return String::new();
    }
    let apps = reasons.keys().map(|(app, _)| app).collect::<std::collections::BTreeSet<_>>().len();
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    // The reason that most rules wait for comes first.
    reasons.sort_by_key(|(_, findings)| std::cmp::Reverse(findings.len()));
    let most = if style.detail > 0 { usize::MAX } else { MOST_REASONS };
    let mut out = format!("{}\n", painted("Not verified, for it cannot be known from the files:", warning(), style));
    for ((app, unknown), findings) in reasons.iter().take(most) {
        let app = if apps > 1 { format!("{app}: ") } else { String::new() };
        let place = findings.iter().find_map(|finding| finding.location.as_ref());
        let place = place.map_or(String::new(), |at| format!(" ({}:{})", at.file, at.line));
        // Writing to a string cannot fail.
        let _ =
            writeln!(out, "  {}{}{}", printable(&app), painted(&unknown.reason, strong(), style), printable(&place));
        let _ = writeln!(out, "      leaves open: {}", rules(findings, style));
        let _ = writeln!(out, "      settle with: {}", printable(&unknown.settle.join(", or ")));
    }
    let more = reasons.len().saturating_sub(most);
    if more > 0 {
        let _ = writeln!(out, "  and {} (-v shows all)", plural(more, "other reason", "other reasons"));
    }
    out.push('\n');
    out
}

fn rules(findings: &[&Finding], style: Style) -> String {
    let mut rules: Vec<&str> = findings.iter().map(|finding| &*finding.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    let more = if style.detail > 0 { 0 } else { rules.len().saturating_sub(MOST_RULES) };
    rules.truncate(rules.len() - more);
    let listed = rules.join(", ");
    if more == 0 { listed } else { format!("{listed}, and {more} more") }
}
