//! Where a rule's settings live in each framework, and what their absence means there.

use crate::frameworks::FRAMEWORKS;
use crate::reading::table::{Effect, Preset, Row};
use crate::rules::Rule;
use crate::settings::Key;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The section of the page; nothing where no framework's table has one of the settings.
pub(super) fn of(rule: &Rule) -> String {
    let keys = keys(rule);
    let mut text = String::new();
    for framework in FRAMEWORKS {
        let rows = framework.tables.iter().flat_map(|(_, rows)| rows.iter());
        let mut told = BTreeSet::new();
        for row in rows.filter(|row| keys.contains(&row.setting)) {
            told.extend(line(row));
        }
        if told.is_empty() {
            continue;
        }
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", framework.title);
        for line in told {
            let _ = writeln!(text, "  {line}");
        }
    }
    let mut out = String::new();
    if !text.is_empty() {
        crate::cli::explain::section(&mut out, "Where", &text);
    }
    out
}

/// The settings of the rule's own kind that it looks at.
fn keys(rule: &Rule) -> Vec<Key> {
    let tested = crate::cli::explain::tests(rule).into_iter().map(|(key, _)| key);
    tested.chain(rule.report.at).filter(|key| key.kind == rule.resource.name).collect()
}

/// `origins: config.server.cors.origin; by default ["*"]`.
fn line(row: &Row) -> Option<String> {
    let places: Vec<&str> =
        row.places.iter().filter(|spot| spot.effect == Effect::Read).map(|spot| spot.path).collect();
    let place = if places.is_empty() { None } else { Some(places.join(" or ")) };
    let default = row.default.in_words();
    match place {
        Some(place) => Some(format!("{}: {place}; {default}", row.setting.name)),
        None if matches!(row.default, Preset::Fixed(_)) => Some(format!("{}: {default}", row.setting.name)),
        None => None,
    }
}
