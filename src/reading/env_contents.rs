//! What an env file holds: whether secrets are in it, and whether all of them are placeholders.

use crate::project::FileKind;
use crate::project::aside::is_for_developers;
use crate::reading::bench::Reading;
use crate::reading::refused::is_refused;
use crate::reading::secret_text::{is_dummy, secret_part};
use crate::secrets::{is_for_client, is_inert, provider};
use crate::stages::{DEVELOPMENT, is_development, is_test};
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
    let own = project.file(file);
    let thrown_away = is_named(&own.kind, is_test) || is_for_developers(&own.path);
    let for_development = is_named(&own.kind, |word| DEVELOPMENT.contains(&word));
    let mut contents = Contents { first_secret: None, only_dummies: true };
    let entries = dotenv::read(text, reading.environment.loader.dialect).entries;
    let says_so = entries.iter().any(|entry| {
        let told = entry.value.as_ref().is_some_and(|value| value.test(is_development));
        told && SAYING.contains(&&*entry.name)
    });
    for entry in entries {
        let Some((secret, _)) = entry.value.as_ref().and_then(|value| secret_part(&entry.name, value)) else {
            continue;
        };
        let issued = provider(&secret).is_some();
        // What tests run with is thrown away, and what a bundle shows to everybody is no secret of git, unless a
        // provider issued it.
        if !issued && (thrown_away || is_for_client(&entry.name)) {
            continue;
        }
        if secret.test(asks_to_be_filled) || secret.test(is_inert) {
            continue;
        }
        let dummy = !issued && for_development || is_dummy(&secret);
        // An app that does not start with a stand-in cannot be deployed with it.
        if dummy && is_refused(reading, &secret) {
            continue;
        }
        if contents.first_secret.is_none() || (contents.only_dummies && !dummy) {
            contents.first_secret = Some(entry.span);
        }
        contents.only_dummies &= dummy;
    }
    // What says that it is for development, and holds what anybody would take for it, is no secret of git.
    let is_named = matches!(own.kind, FileKind::EnvFile { environment: Some(_), .. });
    if says_so && is_named && contents.only_dummies {
        contents.first_secret = None;
    }
    contents
}

/// `<INSERT_PASSWORD>`, `your_key`: whoever wrote it put no value there.
pub(crate) fn asks_to_be_filled(text: &str) -> bool {
    let text = text.trim();
    let yours = text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("your"));
    yours && !text[4..].starts_with(|c: char| c.is_ascii_lowercase())
        || [("<", ">"), ("[", "]"), ("__", "__")]
            .iter()
            .any(|(open, close)| text.starts_with(open) && text.ends_with(close))
}

/// Variables by which a file says which environment it is for, and what it says for development.
const SAYING: &[&str] =
    &["NODE_ENV", "APP_ENV", "ENV", "ENV_TYPE", "ENVIRONMENT", "APP_ENVIRONMENT", "DJANGO_ENV", "FLASK_ENV"];

fn is_named(kind: &FileKind, says: impl Fn(&str) -> bool) -> bool {
    let FileKind::EnvFile { environment: Some(name), .. } = kind else { return false };
    name.split(['.', '-', '_']).any(says)
}
