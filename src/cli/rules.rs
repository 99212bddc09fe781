//! `prodcheck rules`: the catalogue as a list.

mod test;

use super::Done;
use super::arguments::{Rules, RulesAction};
use super::output::{Colour, Output};
use crate::report::{Ending, TableFormat, table};
use crate::rules::Rule;
use serde::Serialize;
use std::path::Path;

#[derive(Serialize)]
struct Entry<'r> {
    id: &'r str,
    severity: &'static str,
    summary: &'r str,
    owner: &'static str,
}

/// Prints the list.
pub(super) fn run(arguments: &Rules) -> Done {
    if let Some(RulesAction::Test { folder, color }) = &arguments.action {
        return test::run(folder.as_deref(), *color);
    }
    let catalogue = crate::rules_of(Path::new("."))?;
    let entries: Vec<Entry<'_>> = catalogue.rules().map(entry).collect();
    let text = match arguments.format {
        TableFormat::Human => table(entries.iter().map(|entry| [entry.id, entry.severity, entry.owner, entry.summary])),
        TableFormat::Json => {
            serde_json::to_string_pretty(&entries).expect("internal error: a rule has no odd keys") + "\n"
        }
    };
    Output::new(None, Colour::Never).write(&text)?;
    Ok(Ending::Clean)
}

fn entry(rule: &Rule) -> Entry<'_> {
    Entry { id: &rule.id, severity: rule.severity.name(), summary: &rule.summary, owner: rule.owner.name() }
}
