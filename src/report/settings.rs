//! The settings that were computed, as a table: what each is, and where it comes from.

use super::table;
use crate::eval::{How, Kind, Value};
use crate::findings::{Locator, Sources, cause_name, cause_of};
use crate::mask::{Masker, json_safe, secret_name};
use crate::settings::{Key, Model, Resource, State};
use serde::Serialize;
use std::sync::Arc;

/// How a table is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum TableFormat {
    /// For people.
    #[default]
    Human,
    /// JSON.
    Json,
}

/// One setting of one resource.
#[derive(Clone, Debug, Serialize)]
pub struct SettingRow {
    /// The app's id.
    pub app: String,
    /// The deployment target, where the app has any.
    pub target: Option<String>,
    /// The kind of resource.
    pub kind: &'static str,
    /// The resource's name.
    pub resource: String,
    /// The setting.
    pub setting: &'static str,
    /// The framework's own name of it.
    pub key: Option<String>,
    /// Its value as far as it may be shown; none where the framework has no such setting.
    pub value: Option<String>,
    /// How it is known: `written`, `environment`, `fallback`, `default`, `fixed`, `absent`, `unknown`, `choice`,
    /// `derived`, `not-applicable`.
    pub state: &'static str,
    /// The file and line it comes from.
    pub from: Option<String>,
}

impl SettingRow {
    /// Whether a person would look it up before a release: what follows from others is left out.
    pub(super) fn is_told(&self) -> bool {
        !matches!(self.state, "derived" | "fixed" | "not-applicable")
    }
}

/// Every setting of a model in the order of apps, kinds, resources and settings.
pub fn setting_rows(
    model: &Model,
    target: Option<&Arc<str>>,
    sources: &dyn Sources,
    masker: &Masker,
) -> Vec<SettingRow> {
    let locator = Locator::new(sources);
    let mut rows = Vec::new();
    for resource in &model.resources {
        let app = model.apps[resource.app.0].id.clone();
        for setting in resource.kind.settings {
            let Some(state) = resource.state(setting) else { continue };
            rows.push(row(&app, target, resource, setting, state, &locator, masker));
        }
    }
    rows.sort_by(|a, b| (&a.app, &a.target, a.kind, &a.resource).cmp(&(&b.app, &b.target, b.kind, &b.resource)));
    rows
}

fn row(
    app: &str,
    target: Option<&Arc<str>>,
    resource: &Resource,
    setting: Key,
    state: &State,
    locator: &Locator<'_>,
    masker: &Masker,
) -> SettingRow {
    let key = resource.spot(setting).map(|spot| spot.key.to_string());
    let value = match state {
        State::Value(value) => Some(value),
        _ => None,
    };
    // The resource's name tells what its value is, and nothing of its other settings.
    let named = setting.name == "value" && secret_name(&resource.name);
    let hint = if named { &*resource.name } else { key.as_deref().unwrap_or(setting.name) };
    SettingRow {
        app: app.to_owned(),
        target: target.map(|target| target.to_string()),
        kind: resource.kind.name,
        resource: masker.words(&resource.name),
        setting: setting.name,
        value: value.map(|value| masker.value(setting.ty, hint, value)),
        state: value.map_or("not-applicable", state_name),
        from: value.and_then(|value| value.trail.primary().map(|(file, span)| locator.short(file, span))),
        key,
    }
}

pub(super) fn state_name(value: &Value) -> &'static str {
    match value.kind {
        Kind::Choice(..) => "choice",
        Kind::Unknown(_) => "unknown",
        _ if matches!(value.trail.how, How::Derived | How::Joined) => "derived",
        _ => cause_name(cause_of(value)),
    }
}

impl TableFormat {
    /// The rows in this format, ready to be written out.
    pub fn render(self, rows: &[SettingRow]) -> String {
        match self {
            TableFormat::Human => human(rows),
            TableFormat::Json => {
                let json = serde_json::to_string_pretty(rows).expect("internal error: a setting has no odd keys");
                json_safe(&(json + "\n")).into_owned()
            }
        }
    }
}

/// A table for each app and target. What a framework does not have is left out.
fn human(rows: &[SettingRow]) -> String {
    let mut out = String::new();
    let rows: Vec<&SettingRow> = rows.iter().filter(|row| row.state != "not-applicable").collect();
    for group in rows.chunk_by(|a, b| a.app == b.app && a.target == b.target) {
        let target = group[0].target.as_ref().map_or(String::new(), |target| format!(" on {target}"));
        out.push_str(&crate::mask::printable(&format!("{}{target}", group[0].app)));
        out.push('\n');
        out.push_str(&table(group.iter().map(|row| {
            let name = format!("{}.{}", row.kind, row.setting);
            let (value, from) = (row.value.as_deref().unwrap_or_default(), row.from.as_deref().unwrap_or_default());
            ["  ", &*row.resource, &*name, value, row.state, from].map(str::to_owned)
        })));
        out.push('\n');
    }
    out
}
