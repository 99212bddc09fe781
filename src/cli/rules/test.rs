//! `prodcheck rules test`: the cases and examples of a team's own rules.

use super::super::output::{Colour, Output};
use super::super::{Done, Failure};
use crate::TestedRule;
use crate::report::{Ending, Style, mistakes};
use std::fmt::Write;
use std::path::Path;

/// Runs them and says which are not so.
pub(in crate::cli) fn run(folder: Option<&Path>, built_in: bool, colour: Colour) -> Done {
    let named = match folder {
        Some(folder) => Some(folder.to_owned()),
        None => crate::rules_folder_of(Path::new("."))?,
    };
    let help =
        || Some("name the folder, as in `prodcheck rules test checks`, or set rules_folder in prodcheck.toml".into());
    let Some(folder) = named else {
        let message = "there is no folder of rules to test".into();
        return Err(Failure { message, help: help(), ..Failure::default() });
    };
    let tested = crate::test_rules(&folder, built_in)?;
    if tested.is_empty() {
        let message = format!("there is no rule in `{}`", folder.display());
        let help = Some("a rule is a file such as `checks/team/no-beta-flags.toml`".into());
        return Err(Failure { message, help, ..Failure::default() });
    }
    let output = Output::new(None, colour);
    let style = Style { colour: output.colour(), width: output.width(), ..Style::default() };
    output.write(&text(&tested, style))?;
    let failed = tested.iter().any(|rule| rule.failures.is_some());
    Ok(if failed { Ending::Blocked } else { Ending::Clean })
}

/// A line for each rule, a frame for each failure, the counts. What failed comes last.
fn text(tested: &[TestedRule], style: Style) -> String {
    let mut out = String::new();
    let count = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    for rule in tested {
        let state = if rule.failures.is_some() { "FAILED" } else { "ok" };
        let example = if rule.example { " and the example" } else { "" };
        // Writing to a string cannot fail.
        let _ =
            writeln!(out, "{state:6}  {}  {}{example}", crate::mask::printable(&rule.id), count(rule.cases, "case"));
    }
    for failures in tested.iter().filter_map(|rule| rule.failures.as_ref()) {
        let _ = write!(out, "\n{}", mistakes(failures, style));
    }
    let failures: usize = tested.iter().filter_map(|rule| Some(rule.failures.as_ref()?.mistakes.len())).sum();
    let cases = tested.iter().map(|rule| rule.cases).sum();
    let _ = writeln!(
        out,
        "\n{}, {}, {}",
        count(tested.len(), "rule"),
        count(cases, "case"),
        if failures == 0 { "none failed".to_owned() } else { format!("{failures} failed") }
    );
    out
}
