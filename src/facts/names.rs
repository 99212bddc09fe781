//! By which modules code imports a library. The build script asks it, too, so that a scan looks for names without decoding
//! any facts; this file therefore knows nothing of the project but the nodes of a file.

use crate::rules::node::{Node, Plain};

/// The modules that the facts of `npm/cors` or `pypi/flask-cors` speak of: those of the file, of its host and of its gives.
pub(crate) fn modules(id: &str, file: &Node<'_>) -> Vec<String> {
    let of_file = own(id, file);
    let mut all = of_file;
    for part in parts(file) {
        all.extend(texts(part, "from").map(str::to_owned));
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// The modules of a file as such: what its `from` says, else the package's name.
pub(crate) fn own(id: &str, file: &Node<'_>) -> Vec<String> {
    let written: Vec<String> = texts(file, "from").map(str::to_owned).collect();
    if written.is_empty() { vec![default_module(id)] } else { written }
}

/// The module that a package's name stands for.
pub(crate) fn default_module(id: &str) -> String {
    match id.split_once('/') {
        Some(("pypi", package)) => package.to_ascii_lowercase().replace(['-', '.'], "_"),
        Some((_, package)) => package.to_owned(),
        None => id.to_owned(),
    }
}

/// The host of a file and each of its gives.
fn parts<'n, 't>(file: &'n Node<'t>) -> impl Iterator<Item = &'n Node<'t>> {
    let gives = match entry(file, "gives").map(|node| &node.value) {
        Some(Plain::List(items)) => items.as_slice(),
        _ => &[],
    };
    entry(file, "host").into_iter().chain(gives)
}

/// The texts behind a key: the one that it is, or the items of its list.
pub(crate) fn texts<'n>(node: &'n Node<'_>, key: &str) -> impl Iterator<Item = &'n str> {
    let items = match entry(node, key) {
        Some(Node { value: Plain::List(items), .. }) => items.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    items.iter().filter_map(|item| match &item.value {
        Plain::Text(text) => Some(text.as_ref()),
        _ => None,
    })
}

/// What stands under a key of a table.
pub(crate) fn entry<'n, 't>(node: &'n Node<'t>, key: &str) -> Option<&'n Node<'t>> {
    let Plain::Table(entries) = &node.value else { return None };
    entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
}

/// Whether what code imports is one of a library's modules: in JavaScript by the letter, in Python with all that lies in it.
#[allow(dead_code, reason = "the build script does not ask")]
pub(crate) fn is_module(registry: &str, own: &str, imported: &str) -> bool {
    let rest = imported.strip_prefix(own);
    rest.is_some_and(|rest| rest.is_empty() || registry == "pypi" && rest.starts_with('.'))
}
