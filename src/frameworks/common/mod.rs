//! What holds for every app whatever its framework: its deployment, its env files, the variables it reads.

mod deployment;
mod env_files;
mod secrets;
mod variables;

use super::Reading;

/// Reads what no framework is needed for; comes after the framework, which has read the app's variables.
pub(super) fn read(reading: &mut Reading<'_>) {
    deployment::read(reading);
    env_files::read(reading);
    secrets::read(reading);
    variables::read(reading);
    secrets::compare(reading);
}
