//! Where a rule's settings live in each framework and library, and what their absence means there.

use crate::facts::Catalogue;
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
    let frameworks = FRAMEWORKS.iter().map(|framework| {
        let rows: Vec<&Row> = framework.tables.iter().flat_map(|(_, rows)| rows.iter()).collect();
        (framework.title, rows)
    });
    let catalogue = Catalogue::builtin();
    let libraries = catalogue.libraries().map(|library| {
        let rows: Vec<&Row> = library.gives.iter().flat_map(|gives| gives.rows).collect();
        (library.host.as_ref().map_or_else(|| title_of(library.name), |host| host.title), rows)
    });
    for (title, rows) in frameworks.chain(libraries) {
        let told: BTreeSet<String> =
            rows.into_iter().filter(|row| keys.contains(&row.setting)).filter_map(line).collect();
        if told.is_empty() {
            continue;
        }
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{title}");
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

/// A package as its authors write it, where it is a framework's.
fn title_of(package: &'static str) -> &'static str {
    FRAMEWORKS.iter().find(|framework| framework.packages.contains(&package)).map_or(package, |own| own.title)
}

/// The settings of the rule's own kind that it looks at.
fn keys(rule: &Rule) -> Vec<Key> {
    let tested = crate::cli::explain::tests(rule).into_iter().map(|(key, _)| key);
    tested.chain(rule.report.at).filter(|key| key.kind == rule.resource.name).collect()
}

/// `origins: config.server.cors.origin; by default ["*"]`.
fn line(row: &Row) -> Option<String> {
    let places: Vec<&str> =
        row.places.iter().filter(|spot| spot.effect == Effect::Read).map(|spot| row.name_of(spot)).collect();
    let place = if places.is_empty() { None } else { Some(places.join(" or ")) };
    let default = row.default.in_words();
    match place {
        Some(place) => Some(format!("{}: {place}; {default}", row.setting.name)),
        None if matches!(row.default, Preset::Fixed(_)) => Some(format!("{}: {default}", row.setting.name)),
        None => None,
    }
}
