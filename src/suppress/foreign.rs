//! Findings that the project accepted already, in a comment for another linter on that very line.

use super::stand_alone;
use crate::findings::{Finding, Findings, Means, Suppressed};
use crate::project::{LineIndex, Project};
use hashbrown::HashMap;
use std::sync::Arc;

/// One linter's way to accept what stands on a line.
struct Marker {
    /// How the comment begins.
    text: &'static str,
    /// Whose it is.
    linter: &'static str,
    /// The rules that say what that linter would say: ids, or beginnings of ids.
    rules: &'static [&'static str],
    /// It stands alone on the line above what it is about.
    above: bool,
}

const SECRETS: &[&str] = &["secrets/"];
/// What bandit looks for, as far as a rule says the same: secrets, debuggers, unchecked certificates, open sockets.
const OF_BANDIT: &[&str] =
    &["secrets/", "mode/debug-enabled", "transport/tls-verification-disabled", "transport/bind-all-interfaces"];
const ROOT: &[&str] = &["container/root-user"];

/// Who is told in plain words that something protects nothing.
const READERS: &str = "whoever reads it";

/// The comments as the linters' manuals give them. One that names a check is taken for the rule of that check alone.
const MARKERS: &[Marker] = &[
    on_line("gitleaks:allow", "gitleaks", SECRETS),
    on_line("betterleaks:allow", "betterleaks", SECRETS),
    on_line("pragma: allowlist secret", "detect-secrets", SECRETS),
    on_line("pragma: whitelist secret", "detect-secrets", SECRETS),
    above("pragma: allowlist nextline secret", "detect-secrets", SECRETS),
    on_line("trufflehog:ignore", "TruffleHog", SECRETS),
    on_line("ggignore", "ggshield", SECRETS),
    on_line("secretlint-disable-line", "secretlint", SECRETS),
    above("secretlint-disable-next-line", "secretlint", SECRETS),
    on_line("nosec", "bandit", OF_BANDIT),
    on_line("noqa: S105", "ruff", SECRETS),
    on_line("noqa: S106", "ruff", SECRETS),
    on_line("noqa: S107", "ruff", SECRETS),
    on_line("noqa: S104", "ruff", &["transport/bind-all-interfaces"]),
    on_line("noqa: S201", "ruff", &["mode/debug-enabled"]),
    on_line("noqa: S501", "ruff", &["transport/tls-verification-disabled"]),
    above("hadolint ignore=DL3002", "hadolint", ROOT),
    on_line("checkov:skip=CKV_SECRET", "checkov", SECRETS),
    above("checkov:skip=CKV_SECRET", "checkov", SECRETS),
    on_line("checkov:skip=CKV_DOCKER_3", "checkov", ROOT),
    above("checkov:skip=CKV_DOCKER_3", "checkov", ROOT),
    above("checkov:skip=CKV_DOCKER_8", "checkov", ROOT),
    above("not a secret", READERS, SECRETS),
    above("not actually a secret", READERS, SECRETS),
    above("not really a secret", READERS, SECRETS),
    above("not a real secret", READERS, SECRETS),
    on_line("not a secret", READERS, SECRETS),
    on_line("not actually a secret", READERS, SECRETS),
];

const fn on_line(text: &'static str, linter: &'static str, rules: &'static [&'static str]) -> Marker {
    Marker { text, linter, rules, above: false }
}

const fn above(text: &'static str, linter: &'static str, rules: &'static [&'static str]) -> Marker {
    Marker { text, linter, rules, above: true }
}

/// Takes out what another linter was told to accept where it stands. Only the files of findings are looked at.
pub fn accepted_elsewhere(found: &mut Findings, project: &Project) -> Vec<Suppressed> {
    let mut files: HashMap<Arc<str>, Option<LineIndex>> = HashMap::new();
    let mut suppressed = Vec::new();
    for list in [&mut found.findings, &mut found.unverified] {
        for finding in std::mem::take(list) {
            match marker(&finding, project, &mut files) {
                Some(marker) => {
                    let reason = format!("accepted for {}: `{}`", marker.linter, marker.text);
                    suppressed.push(Suppressed { finding, reason, means: Means::Comment });
                }
                None => list.push(finding),
            }
        }
    }
    stand_alone(found, &suppressed);
    suppressed
}

/// The comment that accepts a finding.
fn marker(
    finding: &Finding,
    project: &Project,
    files: &mut HashMap<Arc<str>, Option<LineIndex>>,
) -> Option<&'static Marker> {
    let speaks_of = |marker: &&Marker| marker.rules.iter().any(|rule| finding.rule.starts_with(rule));
    let candidates: Vec<&Marker> = MARKERS.iter().filter(speaks_of).collect();
    let at = finding.location.as_ref().filter(|_| !candidates.is_empty())?;
    let text = project.text(project.find(&at.file)?).ok()?;
    let index = files.entry(at.file.clone()).or_insert_with(|| Some(LineIndex::new(text.clone()))).as_ref()?;
    let line = |number: u32| index.range_of(number).and_then(|range| text.get(range)).unwrap_or_default();
    let (own, before) = (line(at.line), line(at.line.saturating_sub(1)));
    candidates.into_iter().find(|marker| match marker.above {
        true => is_comment(before.trim_start()) && holds(before, marker.text),
        false => holds(own, marker.text),
    })
}

/// How comments begin in the languages that are read.
const SIGNS: &[&str] = &["#", "//", "/*", "<!--", "--", ";"];

fn is_comment(line: &str) -> bool {
    SIGNS.iter().any(|sign| line.starts_with(sign))
}

/// Whether a comment on the line says so: a sign of one stands before the words, and no longer word goes on with them.
fn holds(line: &str, words: &str) -> bool {
    line.match_indices(words).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + words.len()..]);
        let alone = !before.ends_with(|c: char| c.is_ascii_alphanumeric())
            && !after.starts_with(|c: char| c.is_ascii_alphanumeric() && !words.ends_with("SECRET"));
        alone && SIGNS.iter().any(|sign| before.contains(sign))
    })
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn only_a_comment_accepts() {
        assert!(holds("token = 'a'  # gitleaks:allow", "gitleaks:allow"));
        assert!(holds("const a = 'b' // pragma: allowlist secret (sample)", "pragma: allowlist secret"));
        assert!(holds("a = 1 # nosec B105", "nosec"));
        assert!(holds("# checkov:skip=CKV_SECRET_6:sample", "checkov:skip=CKV_SECRET"));
        assert!(!holds("token = 'gitleaks:allow'", "gitleaks:allow"));
        assert!(!holds("a = 1 # nosection", "nosec"));
        assert!(!holds("# hadolint ignore=DL30021", "hadolint ignore=DL3002"));
        assert!(!holds("# checkov:skip=CKV_DOCKER_31", "checkov:skip=CKV_DOCKER_3"));
    }
}
