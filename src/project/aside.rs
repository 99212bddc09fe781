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
            | b"evals"
            | b"fixtures"
            | b"mocks"
            | b"spec"
            | b"test"
            | b"testing"
            | b"tests"
            | b"unittest"
            | b"unittests"
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
            | b"translations"
            | b"tutorial"
            | b"tutorials"
    ) || is_third_party_folder(name)
}

/// Folders of other people's code that is committed as it was got.
fn is_third_party_folder(name: &[u8]) -> bool {
    matches!(
        name,
        b"3rdparty"
            | b"bower_components"
            | b"extern"
            | b"site-packages"
            | b"third-party"
            | b"third_party"
            | b"thirdparty"
            | b"vendor"
            | b"vendored"
    )
}

/// Folders of what people who work on the product run: machines to work on, checks of the whole, tools.
fn is_workshop(name: &[u8]) -> bool {
    matches!(
        name,
        b".ci"
            | b".devcontainer"
            | b"devcontainer"
            | b"integration-tests"
            | b"integration_tests"
            | b"test-utils"
            | b"test_utils"
            | b"testutil"
            | b"testutils"
    ) || name.starts_with(b".worktree")
}

/// Folders that are a workshop where they lie at the top, and often a part of the product further down.
fn is_workshop_at_the_top(name: &[u8]) -> bool {
    matches!(name, b"ci" | b"contrib" | b"extras" | b"tools")
}

/// Folders of code that only a developer's machine runs.
fn is_development(name: &[u8]) -> bool {
    matches!(name, b"dev" | b"development" | b"factories" | b"local-dev" | b"localdev" | b"sandbox" | b"seeders")
        || name.starts_with(b"dev-")
        || name.ends_with(b"-dev")
}

/// Names of files of such code: `server-dev.ts`, `dev-server.ts`, `main.dev.ts`, `seed.ts`, `values.dev.yaml`.
fn is_named_for_development(name: &[u8]) -> bool {
    // The names of env files say of which environment they are, and are read where that is asked.
    if name.starts_with(b".env") || name.ends_with(b".env") {
        return false;
    }
    let end = memrchr(b'.', name).unwrap_or(name.len());
    let mut parts = name[..end].split(|byte| *byte == b'.');
    let stem = parts.next().unwrap_or_default();
    let begins = stem.split(|byte| matches!(byte, b'-' | b'_')).next();
    let ends = stem.split(|byte| matches!(byte, b'-' | b'_')).next_back();
    let of_values = stem.starts_with(b"values") || stem.starts_with(b"docker-compose") || stem.starts_with(b"compose");
    let is_dev = |word: Option<&[u8]>| matches!(word, Some(b"dev" | b"development"));
    matches!(stem, b"seed" | b"seeds" | b"seeder")
        || is_dev(begins)
        || is_dev(ends)
        || (of_values && ends == Some(b"local"))
        || (of_values && parts.clone().any(|part| matches!(part, b"build" | b"integration" | b"test" | b"e2e" | b"ci")))
        || parts.any(|part| matches!(part, b"dev" | b"development" | b"local" | b"seed" | b"factory" | b"story"))
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
    suffixes(name).any(|part| matches!(part, b"test" | b"spec" | b"stories" | b"story" | b"e2e" | b"e2e-spec"))
        || name.ends_with(b".py")
            && (name.starts_with(b"test_")
                || name.ends_with(b"_test.py")
                || matches!(name, b"conftest.py" | b"test.py" | b"tests.py"))
        || folders.any(is_test_folder)
}

/// Whether a path says that no deployed app runs its file: a test, an example, a measurement.
pub(crate) fn is_never_deployed(path: &str) -> bool {
    let (mut folders, name) = parts(path);
    is_test(path) || is_shown(folders.clone()) || folders.any(is_sample) || suffixes(name).any(is_sample)
}

/// Whether folders say that their code is shown or copied by somebody, not run: `docs/guides/…`, `cli/template/…`.
fn is_shown<'p>(mut folders: impl Iterator<Item = &'p [u8]> + Clone) -> bool {
    let first = folders.clone().next().unwrap_or_default();
    let in_documentation = matches!(first, b"doc" | b"docs" | b"documentation")
        && folders
            .clone()
            .any(|folder| matches!(folder, b"guide" | b"guides" | b"snippets" | b"tutorials" | b"samples"));
    // Below the folders of an app's own code they are its views and mails.
    let is_code = |folder: &[u8]| matches!(folder, b"src" | b"app" | b"lib" | b"server" | b"api");
    in_documentation
        || folders
            .find(|folder| is_code(folder) || matches!(*folder, b"template" | b"templates" | b"_template"))
            .is_some_and(|folder| !is_code(folder))
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
                | b"story"
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

/// Whether a path says that its file belongs to no deployment of the product: other people's code, a workshop.
pub(crate) fn is_beside_the_product(path: &str) -> bool {
    let (mut folders, _) = parts(path);
    let first = folders.clone().next().unwrap_or_default();
    // `extras/docker/production`
    let is_for_production = folders.clone().any(|folder| matches!(folder, b"production" | b"prod"));
    (is_workshop_at_the_top(first) && !is_for_production)
        || folders.any(|folder| is_third_party_folder(folder) || is_workshop(folder))
}

/// Whether a path says that only those who work on the product run or read its file.
pub(crate) fn is_for_developers(path: &str) -> bool {
    let (mut folders, name) = parts(path);
    is_beside_the_product(path) || is_named_for_development(name) || folders.any(is_development)
}

/// What the head of a file says that is not for production.
const DISCLAIMERS: &[&str] = &[
    "not use in prod",
    "not use this in prod",
    "not use it in prod",
    "not use this file in prod",
    "not for prod",
    "not meant for prod",
    "not intended for prod",
    "not suitable for prod",
    "not recommended for prod",
    "development only",
    "for local development",
    "for development purposes",
    "for demonstration",
    "for testing purposes",
    "for local testing",
    "for internal testing",
    "for integration tests",
];

/// So many lines of a comment are the head of a file.
const MOST_HEAD: usize = 12;

/// Whether a file of commands or data says at its head that it is not for production.
pub(crate) fn disclaims_production(text: &str) -> bool {
    let head = text.lines().map(str::trim).take(MOST_HEAD).take_while(|line| line.is_empty() || line.starts_with('#'));
    let lines: Vec<String> = head.map(|line| line.trim_matches(['#', ' ', '.', '!']).to_ascii_lowercase()).collect();
    let words: Vec<&str> = lines.iter().flat_map(|line| line.split_whitespace()).collect();
    let said = words.join(" ");
    // It deploys with a change, or serves both.
    let both = ["without", "and production", "or production", "deploy a", "and prod ", "to production"];
    let named = lines.iter().any(|line| line.ends_with(" development"));
    !both.iter().any(|words| said.contains(words)) && (named || DISCLAIMERS.iter().any(|words| said.contains(words)))
}

/// Whether a path says that its file describes an interface with sample values in it: OpenAPI, Postman, recorded calls.
pub(crate) fn is_description(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let (mut folders, name) = parts(&lower);
    let name = std::str::from_utf8(name).unwrap_or_default();
    ["openapi", "swagger", "asyncapi", "insomnia", "api-docs", "apidocs"].iter().any(|word| name.starts_with(word))
        || [".openapi.", ".swagger.", "-openapi.", "_openapi.", ".postman_", "postman_collection", "postman-collection"]
            .iter()
            .any(|word| name.contains(word))
        || name.ends_with(".har")
        || folders.any(|folder| matches!(folder, b"openapi" | b"swagger" | b"postman" | b"cassettes" | b"bruno"))
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
            ("app/tests.py", true, true, true),
            ("app/test_login.ts", false, false, true),
            ("examples/shop/config.ts", false, true, true),
            ("src/Button.stories.tsx", true, true, true),
            ("docs/config.md", false, false, true),
            ("src/contest.ts", false, false, false),
            ("src/test.ts", false, false, true),
            ("unittests/scans/a.json", true, true, true),
            ("docs/guides/logger/app.js", false, true, true),
            ("docs/app/page.tsx", false, false, true),
            ("cli/template/base/next.config.js", false, true, false),
            ("src/templates/mail.ts", false, false, false),
        ] {
            assert_eq!(
                (is_test(path), is_never_deployed(path), is_made_up(path)),
                (test, never_deployed, made_up),
                "{path}"
            );
        }
    }

    #[test]
    fn a_path_says_whose_its_file_is() {
        for (path, beside, developers) in [
            ("src/main.ts", false, false),
            ("src/tools/search.ts", false, false),
            ("src/ci/badge.ts", false, false),
            ("tools/release.ts", true, true),
            (".ci/compose.yaml", true, true),
            ("ci/docker-compose.yml", true, true),
            (".devcontainer/compose.yaml", true, true),
            (".worktree-container/docker-compose.yml", true, true),
            ("integration-tests/compose.yaml", true, true),
            ("inc/lib/vendor/acme/compose.yml", true, true),
            ("third_party/acme/a.ts", true, true),
            ("src/server-dev.ts", false, true),
            ("src/dev-server.ts", false, true),
            ("src/main.dev.ts", false, true),
            ("prisma/seed.ts", false, true),
            ("prisma/seed-phrase.ts", false, false),
            ("src/factories/user.ts", false, true),
            ("src/sandbox/a.ts", false, true),
            ("pkg/testutil/a.py", true, true),
            ("scripts/dev/call.ts", false, true),
            ("scripts/deploy.sh", false, false),
            ("dev-setup/a.sh", false, true),
            ("chart/values.dev.yaml", false, true),
            ("chart/values-local.yaml", false, true),
            ("chart/values.yaml", false, false),
            ("docker-compose.integration.yml", false, true),
            ("extras/import/compose.yml", true, true),
            ("extras/docker/production/compose.yml", false, false),
            ("src/devices.ts", false, false),
            ("src/develop.ts", false, false),
            ("src/localization.ts", false, false),
            ("src/Key.story.tsx", false, true),
        ] {
            assert_eq!((is_beside_the_product(path), is_for_developers(path)), (beside, developers), "{path}");
        }
    }

    #[test]
    fn a_head_says_that_a_file_is_not_for_production() {
        for text in [
            "# For demonstration only, do not use in prod.\nservices:\n",
            "# Compose file of Acme development.\n#\n# It needs version 2.\nservices:\n",
            "# This is meant for local\n# development. Do not use this in production.\n",
            "# NOT FOR YOU!\n# Image that is used for internal testing\n",
        ] {
            assert!(disclaims_production(text), "{text}");
        }
        for text in [
            "services:\n  # for local development only\n",
            "# for local development and production\n",
            "# It is not intended for production use without changes.\n",
            "# The services of Acme.\nservices:\n",
        ] {
            assert!(!disclaims_production(text), "{text}");
        }
    }

    #[test]
    fn descriptions_of_interfaces_are_told_by_their_names() {
        for path in [
            "data/web/api/openapi.yaml",
            "openapi-v1.json",
            "swagger.json",
            "api/acme.postman_collection.json",
            "acme.openapi.yml",
            "postman/calls.json",
        ] {
            assert!(is_description(path), "{path}");
        }
        for path in ["src/openapi.config.ts.bak/a.yaml", "config/app.yaml", "src/api.json"] {
            assert!(!is_description(path), "{path}");
        }
    }
}
