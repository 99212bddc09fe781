//! Consequences fold under the finding that causes them.

use super::Finding;

/// Rules whose findings have consequences: what they point at, other values hang on.
const CAUSES: &[&str] = &["env/not-production", "mode/not-production", "mode/dev-server"];

/// Notes on each finding whose trail leads through the place of a cause, which cause that is.
pub(super) fn fold_consequences(findings: &mut [Finding]) {
    let causes: Vec<Finding> = findings.iter().filter(|finding| CAUSES.contains(&&*finding.rule)).cloned().collect();
    for finding in findings.iter_mut().filter(|finding| !CAUSES.contains(&&*finding.rule)) {
        finding.because_of =
            causes.iter().find(|cause| is_consequence(finding, cause)).map(|cause| cause.fingerprint.clone());
    }
}

fn is_consequence(finding: &Finding, cause: &Finding) -> bool {
    // A heavier finding is never hidden under a lighter one.
    let Some(place) = cause.location.as_ref().filter(|_| cause.severity <= finding.severity) else { return false };
    let same_app = finding.subjects.iter().any(|subject| cause.subjects.iter().any(|other| other.app == subject.app));
    same_app && finding.trail.iter().filter_map(|step| step.location.as_ref()).any(|at| at == place)
}
