//! `prodcheck rules`: the catalogue as a list, and by the clauses of a standard.

mod test;

use super::Done;
use super::arguments::{Rules, RulesAction};
use super::explain::Page;
use super::output::{Colour, Output};
use crate::report::{Clauses, Ending, TableFormat, table};
use crate::rules::{Catalogue, Listed};
use std::path::Path;

/// Prints the list.
pub(super) fn run(arguments: &Rules) -> Done {
    if let Some(RulesAction::Test { folder, built_in, color }) = &arguments.action {
        return test::run(folder.as_deref(), *built_in, *color);
    }
    let catalogue = crate::rules_of(Path::new("."))?;
    let text = match (arguments.standard, arguments.format) {
        (Some(standard), format) => Clauses::of(standard.into(), catalogue.rules()).render(format),
        (None, TableFormat::Human) => human(&catalogue),
        (None, TableFormat::Json) => json(&catalogue),
    };
    Output::new(None, Colour::Never).write(&text)?;
    Ok(Ending::Clean)
}

/// A line for each rule, for which none is read.
fn human(catalogue: &Catalogue) -> String {
    let list: Vec<Listed<'_>> = catalogue.list().collect();
    let summary = |rule: &Listed<'_>| match rule.fed {
        true => rule.summary.to_owned(),
        false => format!("{} (nothing is read so far that it could judge)", rule.summary),
    };
    let summaries: Vec<String> = list.iter().map(summary).collect();
    let rows = list.iter().zip(&summaries);
    table(rows.map(|(rule, summary)| [rule.id, rule.severity, rule.owner, summary.as_str()]))
}

/// All that each rule says of itself but its example.
fn json(catalogue: &Catalogue) -> String {
    let fed = catalogue.list().map(|listed| listed.fed);
    let pages: Vec<Page> = catalogue.rules().zip(fed).map(|(rule, fed)| Page::listed(rule, fed)).collect();
    let json = serde_json::to_string_pretty(&pages).expect("internal error: a rule has no odd keys") + "\n";
    crate::mask::json_safe(&json).into_owned()
}
