//! What every app asks for, found once a project.

use super::{literals, tls};
use crate::documents::Documents;
use crate::platforms::pipelines::KIND;
use crate::reading::bench::Shared;
use crate::syntax::data::Format;

/// What every app asks for, looked for side by side before the first one asks: of two that ask at once, both would look.
pub(crate) fn shared(documents: &Documents<'_>) -> Shared {
    let project = documents.project;
    let of_code = || rayon::join(|| literals::private_keys(project), || tls::unchecked_code(project));
    let pipelines = || documents.read_ahead(project.of_kind(&KIND), Format::Yaml);
    let ((), (keys, unchecked)) = rayon::join(pipelines, of_code);
    Shared { keys, unchecked, ..Shared::default() }
}
