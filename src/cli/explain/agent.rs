//! The page of a rule for a coding agent that asks a server: plain text, or what there is instead.

use super::{example, nearest, page};
use crate::report::Style;
use crate::rules::Catalogue;
use std::path::Path;

/// The page of a rule, built-in or of the project at a path; a category gives the ids in it.
pub(in crate::cli) fn for_agent(id: &str, project: &Path) -> Result<String, String> {
    let mut catalogue = Catalogue::builtin();
    if catalogue.rule(id).is_none() {
        catalogue = crate::rules_of(project).map_err(|error| error.to_string())?;
    }
    if let Some(rule) = catalogue.rule(id) {
        let own = catalogue.text(&rule.id);
        let style = Style { checklist: true, ..Style::default() };
        let example = catalogue.example(&rule.id).map(|example| example::of(&rule.id, &example, own, style));
        return Ok(page(rule, &example.unwrap_or_default()));
    }
    let category = format!("{}/", id.trim_end_matches('/'));
    let of_it = catalogue.rules_for(|id, _| id.starts_with(&category));
    let rows: Vec<[String; 3]> =
        of_it.map(|rule| [rule.id.to_string(), rule.severity.name().to_owned(), rule.summary.clone()]).collect();
    if !rows.is_empty() {
        return Ok(crate::report::table(rows.into_iter()));
    }
    let meant = nearest(&catalogue, id).map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
    Err(format!("there is no rule `{id}`{meant}"))
}
