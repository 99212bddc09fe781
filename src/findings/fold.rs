//! Consequences fold under the finding that causes them.

use super::{Cause, Finding};

/// Rules whose findings have consequences: what they point at, other values hang on.
const CAUSES: &[&str] = &["env/not-production", "mode/not-production", "mode/dev-server"];

/// The rule on configuration that cannot be read: whatever is written there, other settings hang on it.
const UNREAD: &str = "config/unresolved-import";

/// Notes on each finding whose trail leads through the place of a cause, which cause that is.
pub(super) fn fold_consequences(findings: &mut [Finding]) {
    let causes: Vec<Finding> = findings.iter().filter(|finding| CAUSES.contains(&&*finding.rule)).cloned().collect();
    for finding in findings.iter_mut().filter(|finding| !CAUSES.contains(&&*finding.rule)) {
        finding.because_of =
            causes.iter().find(|cause| is_consequence(finding, cause)).map(|cause| cause.fingerprint.clone());
    }
}

/// Notes on each open point that hangs on a piece of configuration that cannot be read, which piece that is.
pub(super) fn fold_unread(unverified: &mut [Finding]) {
    let unread: Vec<Finding> = unverified.iter().filter(|finding| &*finding.rule == UNREAD).cloned().collect();
    for finding in unverified.iter_mut().filter(|finding| &*finding.rule != UNREAD) {
        let of = |cause: &&Finding| {
            (cause.location == finding.location || is_about_one_file(finding, cause)) && shares_app(finding, cause)
        };
        finding.because_of = unread.iter().find(of).map(|cause| cause.fingerprint.clone());
    }
}

/// Whether both are unknown for one file that is not in the tree.
fn is_about_one_file(finding: &Finding, cause: &Finding) -> bool {
    let missing = |finding: &Finding| {
        let unknown = finding.unknown.as_ref().filter(|unknown| unknown.because == "missing-file")?;
        unknown.name.clone()
    };
    missing(finding).is_some() && missing(finding) == missing(cause)
}

fn shares_app(finding: &Finding, cause: &Finding) -> bool {
    finding.subjects.iter().any(|subject| cause.subjects.iter().any(|other| other.app == subject.app))
}

fn is_consequence(finding: &Finding, cause: &Finding) -> bool {
    // A heavier finding is never hidden under a lighter one.
    // What is absent points at the thing around it, and shares that place with everything else that is absent there.
    let points_at_nothing = |finding: &Finding| matches!(finding.cause, Cause::Default | Cause::Absent);
    if points_at_nothing(cause) || points_at_nothing(finding) {
        return false;
    }
    let Some(place) = cause.location.as_ref().filter(|_| cause.severity <= finding.severity) else { return false };
    shares_app(finding, cause) && finding.trail.iter().filter_map(|step| step.location.as_ref()).any(|at| at == place)
}
