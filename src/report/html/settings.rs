//! The settings that were judged, as a table to search in.

use super::escaped;
use crate::report::SettingRow;
use std::fmt::Write;

/// The section; nothing where the report has no settings.
pub(super) fn section(rows: &[SettingRow]) -> String {
    let told: Vec<&SettingRow> = rows.iter().filter(|row| row.is_told()).collect();
    if told.is_empty() {
        return String::new();
    }
    let has_apps = told.iter().any(|row| row.app != told[0].app || row.target != told[0].target);
    let head = if has_apps { "<th>App</th>" } else { "" };
    let mut out = format!(
        "<section id=settings>\n<details><summary><h2>Effective settings <small>{}</small></h2></summary>\n\
         <p>What the project would run with, and where each value comes from.</p>\n\
         <p><label id=search hidden>Search <input type=search autocomplete=off></label></p>\n<div class=wide><table>\n\
         <thead><tr>{head}<th>Resource</th><th>Setting</th><th>Value</th><th>Known as</th><th>From</th></tr></thead>\n<tbody>\n",
        told.len()
    );
    told.iter().for_each(|row| push(row, has_apps, &mut out));
    out.push_str("</tbody>\n</table></div>\n</details>\n</section>\n");
    out
}

fn push(row: &SettingRow, has_apps: bool, out: &mut String) {
    out.push_str("<tr>");
    if has_apps {
        let app = if row.app.is_empty() { "." } else { &row.app };
        let target = row.target.as_ref().map_or(String::new(), |target| format!(" on {}", escaped(target)));
        // Writing to a string cannot fail.
        let _ = write!(out, "<td>{}{target}</td>", escaped(app));
    }
    let key = row.key.as_ref().map_or(String::new(), |key| format!("<br><code>{}</code>", escaped(key)));
    let from = row.from.as_ref().map_or(String::new(), |from| format!("<code>{}</code>", escaped(from)));
    let _ = writeln!(
        out,
        "<td>{}</td><td>{}.{}{key}</td><td><code>{}</code></td><td>{}</td><td>{from}</td></tr>",
        escaped(&row.resource),
        row.kind,
        row.setting,
        escaped(row.value.as_deref().unwrap_or_default()),
        row.state
    );
}
