//! `prodcheck rules`: the catalogue as a list.

mod test;

use super::Done;
use super::arguments::{Rules, RulesAction};
use super::output::{Colour, Output};
use crate::report::{Ending, TableFormat, table};
use crate::rules::Listed;
use std::path::Path;

/// Prints the list.
pub(super) fn run(arguments: &Rules) -> Done {
    if let Some(RulesAction::Test { folder, color }) = &arguments.action {
        return test::run(folder.as_deref(), *color);
    }
    let catalogue = crate::rules_of(Path::new("."))?;
    let list: Vec<Listed<'_>> = catalogue.list().collect();
    let text = match arguments.format {
        TableFormat::Human => {
            let summary = |rule: &Listed<'_>| match rule.fed {
                true => rule.summary.to_owned(),
                false => format!("{} (nothing is read so far that it could judge)", rule.summary),
            };
            let summaries: Vec<String> = list.iter().map(summary).collect();
            let rows = list.iter().zip(&summaries);
            table(rows.map(|(rule, summary)| [rule.id, rule.severity, rule.owner, summary.as_str()]))
        }
        TableFormat::Json => {
            serde_json::to_string_pretty(&list).expect("internal error: a rule has no odd keys") + "\n"
        }
    };
    Output::new(None, Colour::Never).write(&text)?;
    Ok(Ending::Clean)
}
