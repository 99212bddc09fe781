//! `bun.lock`: an array for each package, headed by `name@version`.

use super::{Entry, Question, values_of_key};

/// A package that one package alone gets stands under that package's name.
pub(super) fn ask(text: &str, question: &Question<'_>) -> Option<Entry> {
    let own = question.package.map(|package| format!("{package}/{}", question.name));
    let keys = own.into_iter().chain([question.name.to_owned()]);
    keys.flat_map(|key| values_of_key(text, &key).filter_map(|value| entry(value, question.name)).next()).next()
}

fn entry(value: &str, name: &str) -> Option<Entry> {
    let head = value.strip_prefix('[')?.trim_start().strip_prefix('"')?;
    let chosen = head.split('"').next()?.strip_prefix(name)?.strip_prefix('@')?;
    match chosen.split_once(':') {
        Some(("workspace" | "file" | "link" | "root", folder)) => Some(Entry::Folder(folder.to_owned())),
        Some(_) => None,
        None => Some(Entry::Version(chosen.to_owned())),
    }
}
