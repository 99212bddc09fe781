//! What identifies a finding from scan to scan: no line, no path of a file, no value.

use super::Subject;
use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::Hasher;

/// The fingerprint of a rule's finding on a subject, on one target or on all of them.
pub(super) fn of(rule: &str, subject: &Subject, target: Option<&str>) -> String {
    let mut hasher = SipHasher13::new();
    let parts = [
        rule,
        &subject.app,
        subject.kind,
        &subject.name,
        subject.setting.as_deref().unwrap_or_default(),
        target.unwrap_or_default(),
    ];
    for part in parts {
        hasher.write(part.as_bytes());
        // A byte that is in no UTF-8 text keeps "a" + "bc" and "ab" + "c" apart.
        hasher.write(&[0xff]);
    }
    format!("v1:{:032x}", hasher.finish128().as_u128())
}

/// The fingerprint of a list of names: another name makes it another finding.
pub(super) fn of_list(rule: &str, subjects: &[Subject]) -> String {
    let mut whole = subjects[0].clone();
    let names: Vec<&str> = subjects.iter().map(|subject| &*subject.name).collect();
    whole.name = names.join("\n").into();
    of(rule, &whole, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_never_changes() {
        let subject = Subject {
            app: "apps/api".into(),
            kind: "cors",
            name: "server".into(),
            setting: Some("origins".into()),
            key: Some("config.server.cors.origin".into()),
        };
        assert_eq!(of("cors/wildcard", &subject, None), "v1:66c1d784c2559cf9351811c696c8e14e");
        assert_ne!(of("cors/wildcard", &subject, None), of("cors/wildcard", &subject, Some("compose.yaml:api")));
    }
}
