//! `prodcheck facts`: the libraries whose facts are known, and the cases of a team's own.

use super::arguments::{Facts, FactsAction};
use super::output::{Colour, Output};
use super::{Done, Failure};
use crate::TestedFacts;
use crate::facts::Library;
use crate::report::{Ending, Style, TableFormat, mistakes, table};
use std::fmt::Write;
use std::path::Path;

/// What a list says of a library.
#[derive(serde::Serialize)]
struct Listed {
    id: &'static str,
    gives: Vec<&'static str>,
    source: &'static str,
}

impl Listed {
    fn of(library: &'static Library) -> Listed {
        let mut gives: Vec<&'static str> = library.gives.iter().map(|gives| gives.kind.name).collect();
        gives.sort_unstable();
        gives.dedup();
        Listed { id: library.id, gives, source: library.source }
    }
}

/// Prints the list, or runs the cases.
pub(super) fn run(arguments: &Facts) -> Done {
    if let Some(FactsAction::Test { folder, built_in, color }) = &arguments.action {
        return test(folder.as_deref(), *built_in, *color);
    }
    let catalogue = crate::facts_of(Path::new("."))?;
    let list: Vec<Listed> = catalogue.libraries().map(Listed::of).collect();
    let text = match arguments.format {
        TableFormat::Human => {
            let rows: Vec<[String; 3]> =
                list.iter().map(|row| [row.id.into(), row.gives.join(", "), row.source.into()]).collect();
            table(rows.iter().map(|[id, gives, source]| [&**id, &**gives, &**source]))
        }
        TableFormat::Json => {
            serde_json::to_string_pretty(&list).expect("internal error: a library has no odd keys") + "\n"
        }
    };
    Output::new(None, Colour::Never).write(&text)?;
    Ok(Ending::Clean)
}

/// Runs the cases of a folder of facts and says which are not so.
fn test(folder: Option<&Path>, built_in: bool, colour: Colour) -> Done {
    let named = match folder {
        Some(folder) => Some(folder.to_owned()),
        None => crate::facts_folder_of(Path::new("."))?,
    };
    let Some(folder) = named else {
        let message = "there is no folder of facts to test".into();
        let help = "name the folder, as in `prodcheck facts test facts`, or set facts_folder in prodcheck.toml";
        return Err(Failure { message, help: Some(help.into()), ..Failure::default() });
    };
    let tested = crate::test_facts_in(&folder, built_in)?;
    if tested.is_empty() {
        let message = format!("there are no facts in `{}`", folder.display());
        let help = Some("facts are a file for each package, such as `facts/npm/@acme/secure-app.toml`".into());
        return Err(Failure { message, help, ..Failure::default() });
    }
    let output = Output::new(None, colour);
    let style = Style { colour: output.colour(), width: output.width(), ..Style::default() };
    output.write(&text(&tested, style))?;
    let failed = tested.iter().any(|facts| facts.failures.is_some());
    Ok(if failed { Ending::Blocked } else { Ending::Clean })
}

/// A line for each library, a frame for each failure, the counts. What failed comes last.
fn text(tested: &[TestedFacts], style: Style) -> String {
    let mut out = String::new();
    let count = |count: usize, one: &str, more: &str| format!("{count} {}", if count == 1 { one } else { more });
    for facts in tested {
        let state = if facts.failures.is_some() { "FAILED" } else { "ok" };
        let cases = count(facts.cases, "case", "cases");
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{state:6}  {}  {cases}", crate::mask::printable(&facts.id));
    }
    for failures in tested.iter().filter_map(|facts| facts.failures.as_ref()) {
        let _ = write!(out, "\n{}", mistakes(failures, style));
    }
    let failures: usize = tested.iter().filter_map(|facts| Some(facts.failures.as_ref()?.mistakes.len())).sum();
    let _ = writeln!(
        out,
        "\n{}, {}, {}",
        count(tested.len(), "library", "libraries"),
        count(tested.iter().map(|facts| facts.cases).sum(), "case", "cases"),
        if failures == 0 { "none failed".to_owned() } else { format!("{failures} failed") }
    );
    out
}
