//! One Aksara app while it is read.

use super::settings::Settings;
use super::{apps, models};
use crate::eval::Value;
use crate::reading::bench::Reading;
use crate::reading::table::Row;
use std::rc::Rc;

/// One app while it is read.
pub(super) struct App {
    /// What its program made of the settings.
    pub(super) settings: Rc<Settings>,
    /// The root of the tables: what `configure` set by keyword, and the variables.
    pub(super) root: Value,
    /// The apps that its program makes.
    pub(super) apps: Vec<apps::Made>,
    /// Where middleware finds out tenants.
    pub(super) tenants: Vec<Value>,
    /// What its models say.
    pub(super) models: models::Models,
}

impl App {
    /// A resource of the tables. Where `configure` says nothing, the variable is the key that a user would look for.
    pub(super) fn table(
        &self,
        reading: &mut Reading<'_>,
        kind: &'static crate::settings::ResourceKind,
        name: &str,
        rows: &'static [Row],
    ) -> crate::settings::Resource {
        rows.iter().fold(reading.table(kind, name, rows, &self.root), |resource, row| match row.places {
            [configured, .., variable] if self.root.field(configured.path).is_absent() => {
                let reader = row.reader;
                resource.spot_at(row.setting, variable.path).read_at(
                    row.setting,
                    &self.root,
                    variable.path,
                    move |value| reader.apply(value),
                )
            }
            _ => resource,
        })
    }
}
