//! `.dockerignore`: which files of its folder a build does not see.
//! <https://docs.docker.com/build/concepts/context/#dockerignore-files>

use crate::project::inside;
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The ignore rules of one build.
pub(crate) struct DockerIgnore(Gitignore);

impl DockerIgnore {
    /// The rules beside a Dockerfile that carry its name, else those of the folder that the build sees.
    pub(crate) fn of(reading: &Reading<'_>, dockerfile: FileId, context: &str) -> DockerIgnore {
        let project = reading.documents.project;
        let own = format!("{}.dockerignore", project.file(dockerfile).path);
        let file = project.find(&own).or_else(|| project.find(&inside(context, ".dockerignore")));
        let text = file.and_then(|file| project.text(file).ok());
        let mut builder = GitignoreBuilder::new("/");
        for line in text.map(|text| text.lines()).into_iter().flatten() {
            // Unlike git's, these patterns always begin at the folder.
            if let Some(line) = rooted(line) {
                let _ = builder.add_line(None, &line);
            }
        }
        DockerIgnore(builder.build().unwrap_or_else(|_| Gitignore::empty()))
    }

    /// Whether a path relative to the folder is left out.
    pub(crate) fn covers(&self, path: &str) -> bool {
        self.0.matched_path_or_any_parents(format!("/{path}"), false).is_ignore()
    }
}

fn rooted(line: &str) -> Option<String> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let (sign, pattern) = line.strip_prefix('!').map_or(("", line), |pattern| ("!", pattern.trim()));
    let pattern = pattern.trim_start_matches("./").trim_start_matches('/');
    (!pattern.is_empty()).then(|| format!("{sign}/{pattern}"))
}

#[cfg(test)]
mod tests {
    use super::rooted;

    #[test]
    fn patterns_begin_at_the_folder() {
        for (line, expected) in [
            (".env*", Some("/.env*")),
            ("!.env.example", Some("!/.env.example")),
            ("./.env", Some("/.env")),
            ("**/.env", Some("/**/.env")),
            ("# .env", None),
        ] {
            assert_eq!(rooted(line).as_deref(), expected, "{line}");
        }
    }
}
