//! What the path of a file says it is there for, where that is not the deployed app.

/// Folders of tests and of what stands in for something in them.
fn is_test_folder(name: &str) -> bool {
    matches!(
        name,
        "__fixtures__"
            | "__mocks__"
            | "__tests__"
            | "e2e"
            | "fixtures"
            | "mocks"
            | "spec"
            | "test"
            | "testing"
            | "tests"
    )
}

/// Folders and parts of names of code that shows or measures something.
fn is_sample(name: &str) -> bool {
    matches!(name, "bench" | "benchmarks" | "example" | "examples" | "stories")
}

/// Further parts of paths behind which values are made up, or made by a program.
fn holds_made_up(name: &str) -> bool {
    matches!(
        name,
        "__snapshots__"
            | "benchmark"
            | "build"
            | "conftest"
            | "coverage"
            | "cypress"
            | "demo"
            | "demos"
            | "dist"
            | "doc"
            | "docs"
            | "documentation"
            | "fixture"
            | "generated"
            | "i18n"
            | "locale"
            | "locales"
            | "migrations"
            | "mock"
            | "out"
            | "playground"
            | "playwright"
            | "sample"
            | "samples"
            | "seeds"
            | "snapshots"
            | "specs"
            | "storybook"
            | "testdata"
            | "testing-library"
            | "third_party"
            | "translations"
            | "tutorial"
            | "tutorials"
            | "vendor"
            | "vendored"
    )
}

/// Whether a path says that its file is a test, a story, or stands in for something in one.
pub(crate) fn is_test(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut parts = name.split('.').skip(1);
    parts.any(|part| matches!(part, "test" | "spec" | "stories" | "e2e" | "e2e-spec"))
        || name.ends_with(".py") && (name.starts_with("test_") || name.ends_with("_test.py") || name == "conftest.py")
        || folders.split('/').any(is_test_folder)
}

/// Whether a path says that no deployed app runs its file: a test, an example, a measurement.
pub(crate) fn is_never_deployed(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    is_test(path) || folders.split('/').any(is_sample) || name.split('.').skip(1).any(is_sample)
}

/// Whether a path says that what is written there is made up, or made by a program: in a test, a sample, a
/// translation, a bundle.
pub(crate) fn is_made_up(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    lower.split('/').any(|part| {
        is_test_folder(part)
            || is_sample(part)
            || holds_made_up(part)
            || part.split(['.', '_', '-']).any(|word| {
                matches!(
                    word,
                    "test"
                        | "tests"
                        | "spec"
                        | "mock"
                        | "fixture"
                        | "fixtures"
                        | "stories"
                        | "example"
                        | "sample"
                        | "e2e"
                        | "lock"
                )
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
