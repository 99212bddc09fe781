//! Which of the files that configure an app are what runs: the one that a deployment starts or puts in place; all of them
//! where nothing tells.

use crate::documents::Documents;
use crate::platforms::{placed, start_lines};
use crate::project::aside::{is_never_deployed, is_test};
use crate::project::inside;
use crate::syntax::FileId;

/// An app's candidates.
pub(super) struct Candidates<'c> {
    /// The app's folder.
    pub(super) folder: &'c str,
    /// The file of a name that the framework looks for.
    pub(super) config: Option<FileId>,
    /// The names that it looks for.
    pub(super) names: &'static [&'static str],
    /// Files that start the app with a configuration of their own.
    pub(super) starting: Vec<FileId>,
    /// The program that reads the file by its name, and its subcommands.
    pub(super) program: (&'static str, &'static [&'static str]),
}

/// Entries of one app beyond this are not judged.
const MOST_ENTRIES: usize = 8;

impl Candidates<'_> {
    /// The files to judge, each as an app of its own.
    pub(super) fn that_run(self, documents: &Documents<'_>) -> Vec<FileId> {
        let project = documents.project;
        let placed = placed(documents, self.folder, self.names);
        let lines = start_lines(documents, self.folder);
        let texts: Vec<std::sync::Arc<str>> = lines.iter().map(|command| command.line.as_name()).collect();
        let words: Vec<Vec<&str>> = texts.iter().map(|line| words(line)).collect();
        let by_program: Vec<&Vec<&str>> = words.iter().filter(|words| self.is_started_by_program(words)).collect();
        let mut configs = Vec::new();
        let told = by_program.iter().filter_map(|words| option(words));
        let told: Vec<FileId> =
            told.filter_map(|path| project.find(&inside(self.folder, path.trim_start_matches("./")))).collect();
        if by_program.iter().any(|words| option(words).is_none()) || told.is_empty() {
            // What is put in its place runs instead.
            configs.extend(if placed.is_empty() { self.config.into_iter().collect() } else { placed });
        }
        configs.extend(told.into_iter().filter(|file| !configs.contains(file)).collect::<Vec<_>>());
        let is_own = |file: &FileId| {
            let path = &project.file(*file).path[self.folder.len()..];
            !configs.contains(file) && !is_test(path) && !is_never_deployed(path)
        };
        let starting: Vec<FileId> = self.starting.iter().copied().filter(is_own).collect();
        let named = |file: &FileId| words.iter().any(|words| names(words, &project.file(*file).path, self.folder));
        let started: Vec<FileId> = starting.iter().copied().filter(named).collect();
        let mut found = match (started.is_empty(), by_program.is_empty()) {
            (false, true) => started,
            (false, false) => configs.into_iter().chain(started).collect(),
            (true, false) if !configs.is_empty() => configs,
            (true, _) => configs.into_iter().chain(starting).collect::<Vec<_>>(),
        };
        found.truncate(MOST_ENTRIES);
        found
    }

    fn is_started_by_program(&self, words: &[&str]) -> bool {
        let (program, verbs) = self.program;
        let is_program = |word: &str| {
            let name = word.rsplit('/').next().unwrap_or(word);
            name == program || name.strip_prefix(program).is_some_and(|rest| rest.starts_with('@'))
        };
        words.windows(2).any(|pair| is_program(pair[0]) && verbs.contains(&pair[1]))
    }
}

/// The words of a line, signs of a shell and of JSON taken off.
fn words(line: &str) -> Vec<&str> {
    let sign = |c: char| c.is_whitespace() || "\"'[],;&|()".contains(c);
    line.split(sign).filter(|word| !word.is_empty()).collect()
}

/// `--config FILE`
fn option<'w>(words: &[&'w str]) -> Option<&'w str> {
    words.iter().enumerate().find_map(|(at, word)| match word.split_once('=') {
        Some(("--config", path)) => Some(path),
        _ if matches!(*word, "--config" | "-c") => words.get(at + 1).copied(),
        _ => None,
    })
}

/// Whether a line names a file, itself or as what a build makes of it: `src/index.ts` is `dist/index.js`.
fn names(words: &[&str], path: &str, folder: &str) -> bool {
    let bare = |path: &str| {
        let path = path.trim_start_matches("./");
        let path = path.rsplit_once('.').filter(|(_, ending)| ENDINGS.contains(ending)).map_or(path, |(stem, _)| stem);
        let inner = OUTPUTS.iter().find_map(|output| path.strip_prefix(output)?.strip_prefix('/'));
        inner.unwrap_or(path).to_owned()
    };
    let own = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/');
    let wanted = bare(own);
    words.iter().any(|word| {
        let is_file = word.contains('/') || word.contains('.') || word == &own;
        let word = word.trim_start_matches("/app/").trim_start_matches("/usr/src/app/");
        is_file && (bare(word) == wanted || bare(&bare(word)) == wanted)
    })
}

const ENDINGS: &[&str] = &["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"];
const OUTPUTS: &[&str] = &["src", "dist", "build", "out", "lib", ".output/server"];

#[cfg(test)]
mod tests {
    use super::{names, option, words};

    #[test]
    fn a_line_names_a_file_itself_or_what_is_built_of_it() {
        for (line, path, named) in [
            ("bun index.ts", "index.ts", true),
            ("node dist/index.js", "src/index.ts", true),
            ("node dist/src/index.js", "src/index.ts", true),
            ("[\"node\", \"/app/dist/server.js\"]", "server.ts", true),
            ("node other.js", "index.ts", false),
            ("index", "index.ts", false),
        ] {
            assert_eq!(names(&words(line), path, ""), named, "{line}");
        }
        assert!(names(&words("tsx src/main.ts"), "apps/api/src/main.ts", "apps/api"));
    }

    #[test]
    fn a_program_is_told_its_file() {
        assert_eq!(option(&words("npx bknd run --config deploy/x.ts")), Some("deploy/x.ts"));
        assert_eq!(option(&words("npx bknd run --config=x.ts")), Some("x.ts"));
        assert_eq!(option(&words("npx bknd run")), None);
    }
}
