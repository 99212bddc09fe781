//! What a scan shows of one rule, as the scan shows it.

use super::super::{Report, Style};
use super::{by_weight, checklist, finding, unverified};
use crate::findings::Finding;

/// Every entry of a rule: an open item, what is not verified, the findings; nothing where the rule says nothing.
pub fn of_rule(report: &Report, rule: &str, style: Style) -> String {
    let of = |entries: &[Finding]| -> Vec<Finding> {
        entries.iter().filter(|entry| *entry.rule == *rule).cloned().collect()
    };
    let mut out = String::new();
    let items = Report { checklist: of(&report.checklist), ..Report::default() };
    out.push_str(&checklist(&items, style));
    out.push_str(&unverified::render(&of(&report.unverified), report, style));
    for found in by_weight(&of(&report.findings)) {
        out.push_str(&finding::render(found, report, style));
    }
    out
}
