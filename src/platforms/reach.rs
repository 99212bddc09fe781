//! Which configuration files of proxies anything uses: what nothing mounts or copies decides nothing.

use crate::platforms::{compose, dockerfile, nginx, pipelines};
use crate::project::{FileKind, folder_of};
use crate::reading::bench::Reading;
use crate::stages::{is_for_developers, is_shown, is_staging};
use crate::syntax::FileId;

/// Whether a word in the name of a file or folder keeps it out of production.
fn is_elsewhere(word: &str) -> bool {
    is_for_developers(word) || is_staging(word) || is_shown(word) || matches!(word, "demo" | "devcontainer" | "vagrant")
}

/// Whether the path of a file says that it is for production, or does not say otherwise.
pub(crate) fn is_for_production(path: &str, root: &str) -> bool {
    let own = path.strip_prefix(root).unwrap_or(path);
    !own.split(['/', '.', '-', '_']).any(is_elsewhere)
}

/// Whether a file that builds, starts or deploys something names a configuration file or the folder it lies in. Where
/// a project has no such files, somebody copies the file by hand.
pub(crate) fn is_used(reading: &Reading<'_>, file: FileId) -> bool {
    let project = reading.documents.project;
    let path = &project.file(file).path;
    let name = project.file(file).name();
    let folder = folder_of(path).rsplit('/').next().unwrap_or_default();
    let mut any = false;
    let packing = |kind: &FileKind| *kind == compose::PLATFORM.kind() || *kind == dockerfile::PLATFORM.kind();
    let telling =
        |kind: &FileKind| *kind == pipelines::KIND || *kind == nginx::KIND || *kind == FileKind::Yaml || packing(kind);
    let readable = |kind: &FileKind| telling(kind) || *kind == FileKind::Other;
    for other in project.of_kinds(readable) {
        let own = project.file(other);
        let packs = packing(&own.kind);
        let tells = telling(&own.kind) || own.path.ends_with(".sh") || own.name() == "Makefile";
        if other == file || !tells {
            continue;
        }
        any |= packs;
        let named = project.mentions(other, &[name]);
        let by_folder = packs
            && !folder.is_empty()
            && project.mentions(other, &[folder])
            && project.text(other).is_ok_and(|text| takes_folder(text, folder));
        if (named || by_folder) && (packs || own.kind != FileKind::Yaml || named) {
            return true;
        }
    }
    !any
}

/// Whether a text mounts or copies a folder as a whole: `./nginx:/etc/nginx`, `COPY nginx/ /etc/nginx/`.
fn takes_folder(text: &str, folder: &str) -> bool {
    text.match_indices(folder).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let rest = text[at + folder.len()..].trim_start_matches(['/', '*', '.']);
        matches!(before, Some('/' | ' ' | '"' | '\''))
            && rest.starts_with([':', ' ', '"', '\''])
            && !text[..at].ends_with("etc/")
            && !text[..at].ends_with("image: ")
    })
}

#[cfg(test)]
mod tests {
    use super::takes_folder;

    #[test]
    fn a_folder_is_taken_as_a_whole() {
        for text in
            ["- ./deploy/nginx:/etc/nginx/conf.d:ro", "COPY nginx/ /etc/nginx/", "COPY deploy/nginx/* /etc/nginx/"]
        {
            assert!(takes_folder(text, "nginx"), "{text}");
        }
        for text in [
            "- ./deploy/nginx/shop.conf:/etc/nginx/conf.d/default.conf",
            "image: nginx:1.29",
            "FROM nginx-unprivileged",
        ] {
            assert!(!takes_folder(text, "nginx"), "{text}");
        }
    }
}
