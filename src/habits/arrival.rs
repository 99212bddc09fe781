//! Variables of env files that do not arrive as they are written: cut, emptied, quoted, or under another name.

use crate::environment::Role;
use crate::eval::{Kind, Place};
use crate::reading::bench::Reading;
use crate::settings::env_entry;
use crate::syntax::FileId;
use crate::syntax::data::dotenv::{self, Alteration, Altered, Dialect};
use crate::text::Text;
use std::sync::Arc;

/// Each variable that the app's loader, or whoever hands a file to a container, changes on its way.
pub(crate) fn read(reading: &mut Reading<'_>) {
    let files: Vec<(FileId, Dialect, Role)> = reading.environment.env_files_read().collect();
    for (file, dialect, role) in files {
        if role != Role::Loaded {
            continue;
        }
        let Ok(text) = reading.documents.project.text(file) else { continue };
        for altered in dotenv::altered(text, &dotenv::read(text, dialect), dialect) {
            add(reading, file, &altered);
        }
    }
}

fn add(reading: &mut Reading<'_>, file: FileId, altered: &Altered) {
    let Some((loss, arrives_as)) = told(reading, altered) else { return };
    let place = Place::File(file, altered.span);
    let text = |text: Text| reading.stated(Kind::Text(text), place);
    let resource = reading
        .resource(env_entry::KIND, altered.name.clone(), place)
        .set(env_entry::name, text(Text::new(altered.name.clone())))
        .set(env_entry::loss, reading.word(loss, place))
        .set(env_entry::arrives_as, text(Text::new(arrives_as)));
    reading.add(resource);
}

/// What becomes of it, in words that show no character of it; none where it is what the author means.
fn told(reading: &Reading<'_>, altered: &Altered) -> Option<(&'static str, String)> {
    Some(match &altered.how {
        Alteration::CutAtHash { kept, written } => {
            ("cut", format!("its first {kept} of {written} characters: the rest, from `#` on, is read as a comment"))
        }
        // in anything but a secret `$NAME` is as a rule meant as a variable
        Alteration::Expanded { names } => {
            let is_unknown = |name: &Arc<str>| reading.environment.declared(name).is_empty();
            if !is_secret(&altered.name) || !names.iter().any(is_unknown) {
                return None;
            }
            (
                "expanded",
                "less than is written: a `$` and the word behind it are taken for a variable that nothing sets".into(),
            )
        }
        Alteration::QuotesKept => ("quoted", "more than is meant: the quotes around it are a part of it".into()),
        Alteration::CommentKept => ("quoted", "more than is meant: the comment behind it is a part of it".into()),
        Alteration::NameLost => ("renamed", "nothing: the file's byte order mark is read as a part of its name".into()),
    })
}

fn is_secret(name: &str) -> bool {
    crate::secrets::is_secret_name(name)
}
