//! Consequences fold under the finding that causes them.

use super::{Cause, Finding, Location, Severity};
use hashbrown::HashMap;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Rules whose findings have consequences: what they point at, other values hang on.
const CAUSES: &[&str] = &["env/not-production", "mode/not-production", "mode/dev-server"];

/// The rule on configuration that cannot be read: whatever is written there, other settings hang on it.
const UNREAD: &str = "config/unresolved-import";

/// Notes on each finding whose trail leads through the place of a cause, which cause that is.
pub(super) fn fold_consequences(findings: &mut [Finding]) {
    // What is absent points at the thing around it, and shares that place with everything else that is absent there.
    let mut causes: HashMap<Location, Vec<CauseHere>> = HashMap::new();
    for (order, cause) in findings.iter().enumerate().filter(|(_, finding)| CAUSES.contains(&&*finding.rule)) {
        if let Some(place) = cause.location.as_ref().filter(|_| !points_at_nothing(cause)) {
            causes.entry(place.clone()).or_default().push(CauseHere::new(order, cause));
        }
    }
    if causes.is_empty() {
        return;
    }
    for finding in findings.iter_mut().filter(|finding| !CAUSES.contains(&&*finding.rule)) {
        if points_at_nothing(finding) {
            continue;
        }
        let apps = apps_of(finding);
        let steps = finding.trail.iter().filter_map(|step| step.location.as_ref());
        let here = steps.filter_map(|place| causes.get(place)).flatten();
        // A heavier finding is never hidden under a lighter one.
        let fits = |cause: &&CauseHere| cause.severity <= finding.severity && !cause.apps.is_disjoint(&apps);
        let first = here.filter(fits).min_by_key(|cause| cause.order);
        finding.because_of = first.map(|cause| cause.fingerprint.clone());
    }
}

/// Notes on each open point that hangs on a piece of configuration that cannot be read, which piece that is.
pub(super) fn fold_unread(unverified: &mut [Finding]) {
    let mut by_place: HashMap<Option<Location>, Vec<CauseHere>> = HashMap::new();
    let mut by_file: HashMap<Arc<str>, Vec<CauseHere>> = HashMap::new();
    let mut newer: Vec<CauseHere> = Vec::new();
    for (order, cause) in unverified.iter().enumerate().filter(|(_, finding)| &*finding.rule == UNREAD) {
        if is_newer(cause) {
            newer.push(CauseHere::new(order, cause));
            continue;
        }
        by_place.entry(cause.location.clone()).or_default().push(CauseHere::new(order, cause));
        if let Some(file) = missing_file(cause) {
            by_file.entry(file.clone()).or_default().push(CauseHere::new(order, cause));
        }
    }
    for finding in unverified.iter_mut().filter(|finding| &*finding.rule != UNREAD) {
        let apps = apps_of(finding);
        let here = by_place.get(&finding.location).into_iter();
        let of_file = missing_file(finding).and_then(|file| by_file.get(file)).into_iter();
        let of_version = Some(&newer).filter(|_| is_newer(finding)).into_iter();
        let causes = here.chain(of_file).chain(of_version).flatten().filter(|cause| !cause.apps.is_disjoint(&apps));
        finding.because_of = causes.min_by_key(|cause| cause.order).map(|cause| cause.fingerprint.clone());
    }
}

/// A finding that has consequences, by the place or the file that they have in common.
struct CauseHere {
    /// Its place in the list: of several the first one counts.
    order: usize,
    severity: Severity,
    apps: BTreeSet<Arc<str>>,
    fingerprint: String,
}

impl CauseHere {
    fn new(order: usize, cause: &Finding) -> CauseHere {
        CauseHere { order, severity: cause.severity, apps: apps_of(cause), fingerprint: cause.fingerprint.clone() }
    }
}

fn apps_of(finding: &Finding) -> BTreeSet<Arc<str>> {
    finding.subjects.iter().map(|subject| subject.app.clone()).collect()
}

/// The file that is not in the tree and for which a finding is unknown.
fn missing_file(finding: &Finding) -> Option<&Arc<str>> {
    let unknown = finding.unknown.as_ref().filter(|unknown| unknown.because == "missing-file")?;
    unknown.name.as_ref()
}

/// Whether nothing is known of it because the app's version is newer than what is known.
fn is_newer(finding: &Finding) -> bool {
    finding.unknown.as_ref().is_some_and(|unknown| unknown.because == "newer-version")
}

fn points_at_nothing(finding: &Finding) -> bool {
    matches!(finding.cause, Cause::Default | Cause::Absent)
}
