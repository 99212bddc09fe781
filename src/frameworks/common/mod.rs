//! What holds for every app whatever its framework: its deployment, its env files, the variables it reads.

pub(super) mod checklist;
pub(super) mod commands;
mod deployment;
pub(super) mod env_files;
pub(super) mod interpolated;
mod literals;
mod pipelines;
mod policies;
pub(super) mod secrets;
pub(super) mod stores;
mod tls;
pub(super) mod told;
pub(super) mod unread;
mod variables;

use super::{Reading, Shared};
use crate::documents::Documents;
use crate::project::FileKind;
use crate::settings::{runtime, tenancy};
use crate::syntax::data::Format;

/// Reads what no framework is needed for; comes after the framework, which has read the app's variables.
pub(super) fn read(reading: &mut Reading<'_>) {
    decline_unspoken(reading);
    checklist::read(reading);
    let hosting = super::platforms::read(reading);
    deployment::read(reading, &hosting);
    env_files::read(reading);
    pipelines::read(reading);
    super::pipelines::read(reading);
    policies::read(reading);
    tls::read(reading);
    secrets::read(reading);
    variables::read(reading);
    literals::read(reading);
    secrets::compare(reading);
    unread::read(reading);
    super::derive::read(reading, &hosting);
}

/// What every app asks for, looked for side by side before the first one asks: of two that ask at once, both would look.
pub(super) fn shared(documents: &Documents<'_>) -> Shared {
    let project = documents.project;
    let of_code = || rayon::join(|| literals::private_keys(project), || tls::unchecked_code(project));
    let pipelines = || documents.read_ahead(project.of_kind(&FileKind::Workflow), Format::Yaml);
    let ((), (keys, unchecked)) = rayon::join(pipelines, of_code);
    Shared { keys, unchecked, ..Shared::default() }
}

/// What only a framework can have, and this one did not speak of, the app does not have.
fn decline_unspoken(reading: &mut Reading<'_>) {
    for kind in [runtime::KIND, tenancy::KIND] {
        if reading.model.one(reading.app, kind).is_none() {
            let place = reading.place();
            reading.add(reading.resource(kind, kind.name, place));
        }
    }
}
