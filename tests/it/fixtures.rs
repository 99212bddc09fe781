//! Every fixture project reports exactly what is written beside its lines: nothing less, nothing more.
//!
//! An expectation is a comment `expect: RULE SEVERITY` on the line that raises the finding, or on a line of its own
//! right above it; files without comments have theirs in `expect.toml` (`[[expect]]` with file, line, rule, severity).
//! A fixture is copied to a folder of its own and put under git there, so that its `.gitignore` counts.

use crate::support::{Expectation, actual, expected, fixtures, lay_out};
use std::collections::BTreeSet;

#[test]
fn every_fixture_reports_what_is_written_beside_its_lines() {
    let mut failures = Vec::new();
    let mut checked = 0;
    for fixture in fixtures() {
        let project = lay_out(&fixture);
        let wanted: BTreeSet<Expectation> = expected(&fixture);
        let mut found: BTreeSet<Expectation> = actual(project.path());
        if fixture.parent().is_some_and(|stack| stack.ends_with("deployment")) {
            // These are about what is deployed: that nobody reads the code which it runs is beside the point.
            found.retain(|found| found.rule != "project/code-not-judged");
        }
        let name = fixture.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(&fixture).display().to_string();
        for missing in wanted.difference(&found) {
            failures.push(format!("{name}: missing    {missing}"));
        }
        for extra in found.difference(&wanted) {
            failures.push(format!("{name}: unexpected {extra}"));
        }
        checked += 1;
    }
    assert!(checked > 0, "no fixture was found");
    assert!(failures.is_empty(), "{} disagreements:\n{}", failures.len(), failures.join("\n"));
}
