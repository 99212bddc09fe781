//! What the path of a file says it is there for, where that is not the deployed app.

use memchr::memrchr;

/// Folders of tests and of what stands in for something in them.
fn is_test_folder(name: &[u8]) -> bool {
    matches!(
        name,
        b"__fixtures__"
            | b"__mocks__"
            | b"__tests__"
            | b"e2e"
            | b"fixtures"
            | b"mocks"
            | b"spec"
            | b"test"
            | b"testing"
            | b"tests"
    )
}

/// Folders and parts of names of code that shows or measures something.
fn is_sample(name: &[u8]) -> bool {
    matches!(name, b"bench" | b"benchmarks" | b"example" | b"examples" | b"stories")
}

/// Further parts of paths behind which values are made up, or made by a program.
fn holds_made_up(name: &[u8]) -> bool {
    matches!(
        name,
        b"__snapshots__"
            | b"benchmark"
            | b"build"
            | b"conftest"
            | b"coverage"
            | b"cypress"
            | b"demo"
            | b"demos"
            | b"dist"
            | b"doc"
            | b"docs"
            | b"documentation"
            | b"fixture"
            | b"generated"
            | b"i18n"
            | b"locale"
            | b"locales"
            | b"migrations"
            | b"mock"
            | b"out"
            | b"playground"
            | b"playwright"
            | b"sample"
            | b"samples"
            | b"seeds"
            | b"snapshots"
            | b"specs"
            | b"storybook"
            | b"testdata"
            | b"testing-library"
            | b"third_party"
            | b"translations"
            | b"tutorial"
            | b"tutorials"
            | b"vendor"
            | b"vendored"
    )
}

/// The folders of a path and the name of its file. Bytes are taken apart much quicker than characters, and every file is
/// asked about.
fn parts(path: &str) -> (impl Iterator<Item = &[u8]> + Clone, &[u8]) {
    let path = path.as_bytes();
    let name = memrchr(b'/', path).map_or(0, |slash| slash + 1);
    (path[..name.saturating_sub(1)].split(|byte| *byte == b'/'), &path[name..])
}

/// What stands between the dots of a name, behind the first.
fn suffixes(name: &[u8]) -> impl Iterator<Item = &[u8]> {
    name.split(|byte| *byte == b'.').skip(1)
}

/// Whether a path says that its file is a test, a story, or stands in for something in one.
pub(crate) fn is_test(path: &str) -> bool {
    let (mut folders, name) = parts(path);
    suffixes(name).any(|part| matches!(part, b"test" | b"spec" | b"stories" | b"e2e" | b"e2e-spec"))
        || name.ends_with(b".py")
            && (name.starts_with(b"test_") || name.ends_with(b"_test.py") || name == b"conftest.py")
        || folders.any(is_test_folder)
}

/// Whether a path says that no deployed app runs its file: a test, an example, a measurement.
pub(crate) fn is_never_deployed(path: &str) -> bool {
    let (mut folders, name) = parts(path);
    is_test(path) || folders.any(is_sample) || suffixes(name).any(is_sample)
}

/// Whether a path says that its file sets up a developer's own machine: a dev container, a work tree of one's own.
pub(crate) fn is_for_developers(path: &str) -> bool {
    let (mut folders, _) = parts(path);
    folders.any(|folder| folder == b".devcontainer" || folder.starts_with(b".worktree"))
}

/// Whether a path says that what is written there is made up, or made by a program: in a test, a sample, a
/// translation, a bundle.
pub(crate) fn is_made_up(path: &str) -> bool {
    let is_word = |word: &[u8]| {
        matches!(
            word,
            b"test"
                | b"tests"
                | b"spec"
                | b"mock"
                | b"fixture"
                | b"fixtures"
                | b"stories"
                | b"example"
                | b"sample"
                | b"e2e"
                | b"lock"
        )
    };
    let is_part = |part: &[u8]| {
        is_test_folder(part)
            || is_sample(part)
            || holds_made_up(part)
            || part.split(|byte| matches!(byte, b'.' | b'_' | b'-')).any(is_word)
    };
    let lower = path.to_ascii_lowercase();
    let (mut folders, name) = parts(&lower);
    is_part(name) || folders.any(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sets_up_a_developers_machine_is_told_by_its_folder() {
        for path in [".devcontainer/backend.env", "api/.devcontainer/compose.yaml", ".worktree-container/compose.yaml"]
        {
            assert!(is_for_developers(path), "{path}");
        }
        for path in ["devcontainer/compose.yaml", "deploy/backend.env", "src/.devcontainer.ts", "worktree/compose.yaml"]
        {
            assert!(!is_for_developers(path), "{path}");
        }
    }

    #[test]
    fn a_path_says_what_its_file_is_for() {
        for (path, test, never_deployed, made_up) in [
            ("src/main.ts", false, false, false),
            ("src/main.e2e-spec.ts", true, true, true),
            ("src/__mocks__/mail.ts", true, true, true),
            ("app/test_login.py", true, true, true),
            ("app/test_login.ts", false, false, true),
            ("examples/shop/config.ts", false, true, true),
            ("src/Button.stories.tsx", true, true, true),
            ("docs/config.md", false, false, true),
            ("src/contest.ts", false, false, false),
            ("src/test.ts", false, false, true),
        ] {
            assert_eq!(
                (is_test(path), is_never_deployed(path), is_made_up(path)),
                (test, never_deployed, made_up),
                "{path}"
            );
        }
    }
}
