//! The baseline: what a project already had, by fingerprint. A secret that changed, or a finding that weighs more, comes back.

use crate::findings::{Finding, Findings, Means, Severity, Suppressed};
use crate::text::Text;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The version of the file's format.
const VERSION: u32 = 1;

/// What makes the hashes of one baseline unlike those of all others, so that nobody can look secrets up in a table.
pub type Salt = [u8; 16];

/// What a project had when the baseline was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    version: u32,
    salt: String,
    /// By fingerprint: no line and no path, so that moved code stays known.
    findings: BTreeMap<String, Entry>,
}

/// One finding of the baseline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    rule: String,
    severity: Level,
    app: String,
    about: String,
    /// The salted hash of the secrets that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Blocking,
    Warning,
    Unverified,
}

impl Baseline {
    /// Reads the file; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Baseline, String> {
        let baseline: Baseline = serde_json::from_str(text).map_err(|error| {
            // The reader's words can quote the file.
            format!("it is not a baseline (line {}, column {})", error.line(), error.column())
        })?;
        if baseline.version != VERSION {
            return Err(format!("it is of version {}, this prodcheck reads version {VERSION}", baseline.version));
        }
        if baseline.salt().is_none() {
            return Err("its salt is damaged".into());
        }
        Ok(baseline)
    }

    /// A baseline of what was found; `secrets` are the texts that a finding is about.
    pub fn of(found: &Findings, salt: Salt, secrets: impl Fn(&Finding) -> BTreeSet<Text>) -> Baseline {
        let entry = |finding: &Finding| {
            let about = finding.subject();
            let entry = Entry {
                rule: finding.rule.to_string(),
                severity: level(finding.severity),
                app: about.app.to_string(),
                about: format!("{} {}", about.kind, about.name),
                secret: hash(&salt, &secrets(finding)),
            };
            (finding.fingerprint.clone(), entry)
        };
        let findings = found.findings.iter().chain(&found.unverified).map(entry).collect();
        Baseline { version: VERSION, salt: hex(&salt), findings }
    }

    /// The file's text, with a line end.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).expect("internal error: a baseline has no odd keys") + "\n"
    }

    /// How many findings it holds.
    pub fn len(&self) -> usize {
        self.findings.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Its salt, for the next baseline of the same project: hashes that did not change stay.
    pub fn salt(&self) -> Option<Salt> {
        let byte = |at: usize| u8::from_str_radix(self.salt.get(at * 2..at * 2 + 2)?, 16).ok();
        let bytes: Vec<u8> = (0..16).map(byte).collect::<Option<_>>()?;
        (self.salt.len() == 32).then(|| bytes.try_into().ok()).flatten()
    }

    /// Takes out what the baseline knows; gives the rules of those entries that nothing matches any more, too.
    pub fn apply(
        &self,
        found: &mut Findings,
        secrets: impl Fn(&Finding) -> BTreeSet<Text>,
    ) -> (Vec<Suppressed>, Vec<&str>) {
        let salt = self.salt().unwrap_or_default();
        let mut suppressed = Vec::new();
        let mut seen = BTreeSet::new();
        for list in [&mut found.findings, &mut found.unverified] {
            for finding in std::mem::take(list) {
                let entry = self.findings.get(&finding.fingerprint);
                seen.extend(entry.map(|_| finding.fingerprint.clone()));
                let known = |entry: &Entry| {
                    entry.severity <= level(finding.severity) && entry.secret == hash(&salt, &secrets(&finding))
                };
                if entry.is_some_and(known) {
                    let reason = "it stands in the baseline".to_owned();
                    suppressed.push(Suppressed { finding, reason, means: Means::Baseline });
                } else {
                    list.push(finding);
                }
            }
        }
        crate::suppress::stand_alone(found, &suppressed);
        let stale = self.findings.iter().filter(|(fingerprint, _)| !seen.contains(*fingerprint));
        (suppressed, stale.map(|(_, entry)| &*entry.rule).collect())
    }
}

fn level(severity: Severity) -> Level {
    match severity {
        Severity::Blocking => Level::Blocking,
        Severity::Warning => Level::Warning,
        Severity::Unverified | Severity::Checklist => Level::Unverified,
    }
}

/// The salted hash of texts; none of none.
fn hash(salt: &Salt, texts: &BTreeSet<Text>) -> Option<String> {
    if texts.is_empty() {
        return None;
    }
    let mut hasher = Sha256::new();
    hasher.update(salt);
    for text in texts {
        // The length in front keeps "a" + "bc" and "ab" + "c" apart.
        hasher.update((text.len() as u64).to_le_bytes());
        text.test(|text| {
            hasher.update(text.as_bytes());
            true
        });
    }
    Some(hex(&hasher.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
