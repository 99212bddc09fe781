//! What command lines check by themselves: dependencies, the framework's own doctor, the gates of a release.

use crate::needles::Needles;
use crate::syntax::shell::pipelines;
use crate::text::Text;
use std::sync::LazyLock;

/// Commands and actions that audit dependencies.
const AUDITS: &[&str] = &[
    "npm audit",
    "pnpm audit",
    "yarn audit",
    "yarn npm audit",
    "bun audit",
    "deno audit",
    "audit-ci",
    "better-npm-audit",
    "pip-audit",
    "uv audit",
    "safety check",
    "safety scan",
    "osv-scanner",
    "snyk test",
    "trivy fs",
    "grype",
    "dependency-review-action",
];

/// Frameworks' own checks, in the form that fails on what it finds.
const FRAMEWORK_CHECKS: &[(&str, &[&str])] = &[
    ("aksara", &["aksara doctor production-check"]),
    ("beignet", &["beignet doctor --strict", "beignet check"]),
    ("frontmcp", &["frontmcp doctor"]),
];

/// What a release passes: one of each.
pub(crate) const RELEASE_GATES: &[&[&str]] = &[
    &["pytest", "npm test", "npm run test", "pnpm test", "bun test", "vitest", "tox", "nox"],
    &["codeql", "semgrep", "bandit", "mypy", "ruff check", "eslint", "biome check", "oxlint", "pyright", "tsc"],
    &["gitleaks", "trufflehog", "detect-secrets", "ggshield", "secret-scan"],
    &["sbom", "cyclonedx", "syft"],
];

/// The last words of all of these: most lines hold none and need not be taken apart.
static LAST_WORDS: LazyLock<Needles<'static>> = LazyLock::new(|| {
    let frameworks = FRAMEWORK_CHECKS.iter().flat_map(|(_, tools)| tools.iter());
    let tools = AUDITS.iter().chain(frameworks).chain(RELEASE_GATES.iter().copied().flatten());
    Needles::new(&tools.map(|tool| tool.rsplit(' ').next().unwrap_or(tool)).collect::<Vec<_>>())
});

/// What a command line checks.
#[derive(Clone, Debug)]
pub(crate) struct Checks {
    /// The dependencies, against known vulnerabilities.
    pub(crate) audits: bool,
    /// The framework whose own check it runs.
    pub(crate) framework: Option<&'static str>,
    /// Which of the gates of a release it is.
    pub(crate) gates: Vec<usize>,
}

impl Checks {
    /// What a line checks, if anything.
    pub(crate) fn of(line: &Text) -> Option<Checks> {
        if !line.test(|line| LAST_WORDS.stand_in(line.as_bytes())) {
            return None;
        }
        let runs = |tools: &[&str]| line.test(|line| tools.iter().any(|tool| names(line, tool)));
        Some(Checks {
            audits: runs(AUDITS),
            framework: FRAMEWORK_CHECKS.iter().find(|(_, tools)| runs(tools)).map(|(name, _)| *name),
            gates: (0..RELEASE_GATES.len()).filter(|gate| runs(RELEASE_GATES[*gate])).collect(),
        })
    }
}

/// Whether a tool is named in a line as words of their own; options between its words do not matter.
fn names(line: &str, tool: &str) -> bool {
    // Most lines hold no word of it: say so before they are taken apart.
    if !tool.split(' ').all(|word| line.contains(word)) {
        return false;
    }
    pipelines(line).iter().flat_map(|pipeline| &pipeline.commands).any(|command| {
        // A quoted word can be a command line of its own.
        let parts = |word| str::split(word, |c: char| c.is_whitespace() || ['/', '@'].contains(&c));
        let mut words = command.words.iter().flat_map(|word| parts(&word.text));
        tool.split(' ')
            .all(|wanted| words.any(|word| word == wanted || word.split([':', '-']).any(|part| part == wanted)))
    })
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_tool_is_named_by_words_of_their_own() {
        for line in ["bun audit", "cd api && bun audit --audit-level=high", "npx --yes audit-ci", "set -e\nbun audit"] {
            assert!(super::AUDITS.iter().any(|tool| names(line, tool)), "{line}");
        }
        for line in ["bun run auditor", "# bun audit later", "echo bundle && audit.sh", "bunx auditlog"] {
            assert!(!super::AUDITS.iter().any(|tool| names(line, tool)), "{line}");
        }
        assert!(names("actions/dependency-review-action@v4", "dependency-review-action"));
    }
}
