//! `prodcheck scan --fix` and `--diff`.

use super::arguments::Scan;
use super::output::{self, Output};
use super::{Done, options, scan_failure};
use crate::report::{Ending, Report};
use crate::{Allowed, ScanError, ScanOptions};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Shows what would change, and writes nothing.
pub(super) fn show(arguments: &Scan) -> Done {
    let fixed = crate::fix(&options(arguments)?, allowed(arguments)).map_err(|error| scan_failure(error, arguments))?;
    Output::new(None, arguments.color).write(&fixed.diff)?;
    if !fixed.rules.is_empty() {
        output::message(&format!("--fix would fix {}", in_words(&fixed.rules, fixed.files())));
        let risky = if arguments.unsafe_fixes { " --unsafe-fixes" } else { "" };
        output::message(&format!("next: `prodcheck scan --fix{risky}` writes it"));
        return Ok(Ending::Blocked);
    }
    output::message("nothing to fix");
    let empty = fixed.report.is_empty() && !arguments.allow_empty;
    Ok(if empty { Ending::NothingChecked } else { Ending::Clean })
}

/// Writes the fixes, and gives the report of what remains.
pub(super) fn apply(arguments: &Scan, options: &ScanOptions) -> Result<Report, ScanError> {
    let fixed = crate::fix(options, allowed(arguments))?;
    let failed = fixed.write();
    if !fixed.rules.is_empty() && failed.len() < fixed.files() {
        output::message(&format!("fixed {}", in_words(&fixed.rules, fixed.files() - failed.len())));
    }
    if fixed.rules.is_empty() {
        output::message("nothing to fix: what is left needs a person");
    } else if failed.is_empty() {
        output::message("next: read the change with `git diff`, and run your tests");
    }
    if failed.is_empty() {
        return Ok(Report { fixed: Some(fixed.rules.len()), ..fixed.report });
    }
    for (path, why) in &failed {
        output::message(&format!("`{path}` was not written: {why}"));
    }
    crate::scan(options)
}

fn allowed(arguments: &Scan) -> Allowed {
    if arguments.unsafe_fixes { Allowed::Unsafe } else { Allowed::Safe }
}

/// `3 findings in 2 files: auth/guard-disabled (2), cookies/not-secure`.
fn in_words(rules: &[Arc<str>], files: usize) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    rules.iter().for_each(|rule| *counts.entry(rule).or_default() += 1);
    let one =
        |(rule, count): (&&str, &usize)| if *count == 1 { (*rule).to_owned() } else { format!("{rule} ({count})") };
    let names: Vec<String> = counts.iter().map(one).collect();
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    format!("{} finding{} in {files} file{}: {}", rules.len(), plural(rules.len()), plural(files), names.join(", "))
}
