//! The rules that results are of, each described once.

use super::model::{Configuration, Help, Rule, Tags, Text};
use crate::findings::Finding;
use crate::report::{Report, RuleNote};
use std::borrow::Cow;
use std::fmt::Write;

/// The rules that were met, in that order.
#[derive(Default)]
pub(super) struct Rules<'r> {
    ids: Vec<&'r str>,
}

impl<'r> Rules<'r> {
    /// The place of a finding's rule in the list.
    pub(super) fn index_of(&mut self, finding: &'r Finding) -> usize {
        let id: &str = &finding.rule;
        self.ids.iter().position(|known| *known == id).unwrap_or_else(|| {
            self.ids.push(id);
            self.ids.len() - 1
        })
    }

    /// What each rule says of itself.
    pub(super) fn described(self, report: &'r Report) -> Vec<Rule<'r>> {
        let unknown: &'static RuleNote = &NOBODY;
        let rule = |id: &'r str| describe(id, report.rules.get(id).unwrap_or(unknown));
        self.ids.into_iter().map(rule).collect()
    }
}

/// A rule of which the report knows no more than its id.
static NOBODY: RuleNote = RuleNote {
    summary: String::new(),
    why: String::new(),
    fix: String::new(),
    blocks: false,
    owner: "app",
    severity: "warning",
    standards: Vec::new(),
    references: Vec::new(),
    page: None,
};

fn describe<'r>(id: &'r str, note: &'r RuleNote) -> Rule<'r> {
    let or_id = |text: &str| Text { text: if text.is_empty() { id.to_owned() } else { text.to_owned() } };
    let category = id.split('/').next().unwrap_or(id);
    Rule {
        id,
        short_description: or_id(&note.summary),
        full_description: or_id(&note.why),
        help: help(id, note),
        help_uri: note.link(),
        default_configuration: Configuration { level: if note.blocks { "error" } else { "warning" } },
        properties: properties(category, note),
    }
}

/// How severe code scanning shows a rule that a standard of security has a clause for, by its weight: high, medium, low.
const SECURITY_SEVERITY: [(&str, &str); 3] = [("blocking", "8.0"), ("warning", "5.0"), ("checklist", "2.0")];

/// Its category, whose it is, and what it answers to. A rule that is no matter of security, such as one about lost jobs, has
/// no clause, and neither the tag nor a severity as such.
fn properties<'r>(category: &'r str, note: &'r RuleNote) -> Tags<'r> {
    let mut tags: Vec<Cow<'r, str>> = vec![category.into(), note.owner.into()];
    if note.standards.is_empty() {
        return Tags { tags, security_severity: None };
    }
    tags.push("security".into());
    tags.extend(note.standards.iter().map(|clause| Cow::Owned(clause.tag())));
    let severity = SECURITY_SEVERITY.iter().find(|(severity, _)| *severity == note.severity);
    Tags { tags, security_severity: severity.map(|(_, shown)| *shown) }
}

/// Why it matters, what to do and where to read on.
fn help(id: &str, note: &RuleNote) -> Help {
    let mut markdown = format!("# {id}\n\n**{}**\n\n## Why\n\n{}\n\n## Fix\n\n{}\n", note.summary, note.why, note.fix);
    if !note.references.is_empty() {
        markdown.push_str("\n## References\n\n");
        // Writing to a string cannot fail.
        note.references.iter().for_each(|reference| _ = writeln!(markdown, "- <{reference}>"));
    }
    let _ = writeln!(markdown, "\n`prodcheck explain {id}` shows where each framework has the setting.");
    let references = note.references.join("\n");
    Help { text: format!("{}.\n\n{}\n\n{}\n\n{references}", note.summary, note.why, note.fix), markdown }
}
