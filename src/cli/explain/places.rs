//! Where a rule's settings live in each framework and library, and what their absence means there.

use crate::facts::{Catalogue, Gives, Library};
use crate::frameworks::FRAMEWORKS;
use crate::reading::table::{Effect, Preset, Row, Spot};
use crate::rules::Rule;
use crate::settings::Key;
use schemars::JsonSchema;
use serde::Serialize;

/// Where one framework or library has the settings.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(in crate::cli) struct Place {
    /// Its name as its authors write it.
    pub(in crate::cli) title: &'static str,
    /// The settings.
    pub(in crate::cli) settings: Vec<Written>,
}

/// Where one setting is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub(in crate::cli) struct Written {
    /// The setting, by its name in the vocabulary.
    pub(in crate::cli) setting: &'static str,
    /// The keys under which it is written, or which arguments they are; none where it cannot be.
    pub(in crate::cli) keys: Vec<String>,
    /// What its absence means, in words.
    pub(in crate::cli) absent: String,
}

impl Written {
    /// What a row of a framework's table says; nothing where it is neither written nor always the same.
    pub(in crate::cli) fn of(row: &'static Row) -> Option<Written> {
        Written::named(row, |spot| row.name_of(spot).to_owned())
    }

    /// The same of a row of what a library gives.
    pub(in crate::cli) fn given(gives: &Gives, row: &'static Row) -> Option<Written> {
        Written::named(row, |spot| gives.key_of(row, spot))
    }

    fn named(row: &'static Row, name: impl Fn(&'static Spot) -> String) -> Option<Written> {
        let read = row.places.iter().filter(|spot| spot.effect == Effect::Read);
        let mut keys: Vec<String> = Vec::new();
        for key in read.map(name) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let told = !keys.is_empty() || matches!(row.default, Preset::Fixed(_));
        told.then(|| Written { setting: row.setting.name, keys, absent: row.default.in_words() })
    }

    /// `origins: config.server.cors.origin; by default ["*"]`.
    fn line(&self) -> String {
        if self.keys.is_empty() {
            return format!("{}: {}", self.setting, self.absent);
        }
        format!("{}: {}; {}", self.setting, self.keys.join(" or "), self.absent)
    }
}

/// The settings of the rule's own kind that it looks at, in every framework and library whose table has one of them.
pub(super) fn of(rule: &Rule) -> Vec<Place> {
    let keys = keys(rule);
    let told = tables().filter_map(|(title, rows)| {
        let wanted = rows.into_iter().filter(|(row, _)| keys.contains(&row.setting));
        let mut settings: Vec<Written> = wanted.filter_map(|(_, written)| written).collect();
        settings.sort();
        settings.dedup();
        (!settings.is_empty()).then_some(Place { title, settings })
    });
    told.collect()
}

/// The section of the page; nothing where no table has one of the settings.
pub(super) fn section(places: &[Place]) -> String {
    let mut text = String::new();
    for place in places {
        text.extend([place.title, "\n"]);
        place.settings.iter().for_each(|written| text.extend(["  ", &*written.line(), "\n"]));
    }
    let mut out = String::new();
    if !text.is_empty() {
        super::section(&mut out, "Where", &text);
    }
    out
}

/// A row with what it says.
type Told = (&'static Row, Option<Written>);

/// The rows of every framework, then of every library.
fn tables() -> impl Iterator<Item = (&'static str, Vec<Told>)> {
    let frameworks = FRAMEWORKS.iter().map(|framework| {
        let rows = framework.tables.iter().flat_map(|(_, rows)| rows.iter());
        (framework.title, rows.map(|row| (row, Written::of(row))).collect::<Vec<Told>>())
    });
    let libraries: Vec<&'static Library> = Catalogue::builtin().libraries().collect();
    let libraries = libraries.into_iter().map(|library| {
        let rows = library.gives.iter().flat_map(|gives| gives.rows.iter().map(move |row| (gives, row)));
        (title_of(library), rows.map(|(gives, row)| (row, Written::given(gives, row))).collect())
    });
    frameworks.chain(libraries)
}

/// A library as its authors write it.
pub(in crate::cli) fn title_of(library: &Library) -> &'static str {
    let host = library.host.as_ref().map(|host| host.title);
    let framework = FRAMEWORKS.iter().find(|framework| framework.packages.contains(&library.name));
    host.or(framework.map(|own| own.title)).unwrap_or(library.name)
}

/// The settings of the rule's own kind that it looks at.
pub(in crate::cli) fn keys(rule: &Rule) -> Vec<Key> {
    let tested = super::tests(rule).into_iter().map(|(key, _)| key);
    tested.chain(rule.report.at).filter(|key| key.kind == rule.resource.name).collect()
}

/// What a reader calls the setting that a rule's fix speaks of: the one key that it has everywhere, else where all of them
/// are listed.
pub(super) fn named(rule: &Rule, places: &[Place]) -> Option<String> {
    let at = rule.report.at?;
    let mut keys: Vec<&str> = Vec::new();
    for written in places.iter().flat_map(|place| &place.settings).filter(|written| written.setting == at.name) {
        keys.extend(written.keys.iter().map(String::as_str));
    }
    keys.sort_unstable();
    keys.dedup();
    match keys[..] {
        [] => None,
        [key] if !key.contains(' ') => Some(format!("`{key}`")),
        _ => Some("the setting (see Where)".to_owned()),
    }
}
