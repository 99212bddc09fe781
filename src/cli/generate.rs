//! `prodcheck generate`: the files of this repository that are made from its declarations.

use super::arguments::Generate;
use super::{Done, Failure, completions, explain, site, traceability};
use crate::config;
use crate::report::{Ending, json, jsonl};
use std::fs;
use std::path::Path;

/// Writes every generated file below the repository's root, or the documentation into a folder of its own.
pub(super) fn run(arguments: &Generate) -> Done {
    match &arguments.site {
        Some(folder) => write(folder, site::files(&arguments.root)?),
        None => write(&arguments.root, files(&arguments.root)),
    }
}

fn write(root: &Path, files: Vec<(String, String)>) -> Done {
    for (path, text) in files {
        let path = root.join(path);
        let folder = path.parent().unwrap_or(Path::new("."));
        let failed =
            |error| Failure { message: format!("cannot write `{}`: {error}", path.display()), ..Failure::default() };
        fs::create_dir_all(folder).map_err(failed)?;
        fs::write(&path, text).map_err(failed)?;
    }
    Ok(Ending::Clean)
}

/// The generated files with their text.
pub(crate) fn files(root: &Path) -> Vec<(String, String)> {
    let mut files = vec![
        ("schema/report.schema.json".to_owned(), json::schema()),
        ("schema/report-line.schema.json".to_owned(), jsonl::schema()),
        ("schema/rule.schema.json".to_owned(), explain::schema()),
        ("schema/prodcheck.schema.json".to_owned(), config::schema()),
        ("schema/policy.schema.json".to_owned(), config::policy_schema()),
        ("rules/README.md".to_owned(), traceability::readme(root)),
        ("src/cli/explain/told.toml".to_owned(), explain::told()),
    ];
    files.extend(completions::manual().into_iter().map(|(name, page)| (format!("man/{name}"), page)));
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_files_are_fresh() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for (path, text) in files(root) {
            let stored = fs::read_to_string(root.join(&path)).unwrap_or_default();
            assert!(stored == text, "{path} is stale: run `cargo run -- generate`");
        }
    }
}
