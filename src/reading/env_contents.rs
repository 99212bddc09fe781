//! What an env file holds: whether secrets are in it, and whether all of them are placeholders.

use crate::project::FileKind;
use crate::project::aside::is_for_developers;
use crate::reading::bench::Reading;
use crate::reading::secret_text::{is_dummy, secret_part};
use crate::secrets::provider;
use crate::syntax::data::dotenv;
use crate::syntax::{FileId, Span};

/// What the secrets of a file are.
pub(crate) struct Contents {
    /// Where the first of them stands.
    pub(crate) first_secret: Option<Span>,
    /// All of them are placeholders.
    pub(crate) only_dummies: bool,
}

/// Whether an env file holds a secret that is no placeholder.
pub(crate) fn holds_real_secrets(reading: &Reading<'_>, file: FileId) -> bool {
    let contents = contents(reading, file);
    contents.first_secret.is_some() && !contents.only_dummies
}

/// What the secrets of an env file are.
pub(crate) fn contents(reading: &Reading<'_>, file: FileId) -> Contents {
    let project = reading.documents.project;
    let Ok(text) = project.text(file) else {
        return Contents { first_secret: None, only_dummies: false };
    };
    let mut contents = Contents { first_secret: None, only_dummies: true };
    for entry in dotenv::read(text, reading.environment.loader.dialect).entries {
        let Some((secret, _)) = entry.value.as_ref().and_then(|value| secret_part(&entry.name, value)) else {
            continue;
        };
        // What tests and developers' containers run with is thrown away, unless a provider issued it.
        let thrown_away = is_for_tests(&project.file(file).kind) || is_for_developers(&project.file(file).path);
        if thrown_away && provider(&secret).is_none() {
            continue;
        }
        if secret.test(asks_to_be_filled) {
            continue;
        }
        let dummy = is_dummy(&secret);
        if contents.first_secret.is_none() || (contents.only_dummies && !dummy) {
            contents.first_secret = Some(entry.span);
        }
        contents.only_dummies &= dummy;
    }
    contents
}

/// `<INSERT_PASSWORD>`: whoever wrote it put no value there.
fn asks_to_be_filled(text: &str) -> bool {
    let text = text.trim();
    [("<", ">"), ("[", "]"), ("__", "__")].iter().any(|(open, close)| text.starts_with(open) && text.ends_with(close))
}

fn is_for_tests(kind: &FileKind) -> bool {
    let FileKind::EnvFile { environment: Some(name), .. } = kind else { return false };
    name.split(['.', '-', '_']).any(|word| matches!(word, "test" | "tests" | "testing" | "ci" | "e2e"))
}
