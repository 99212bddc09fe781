//! What a report says of a gate that demands less than prodcheck does by itself.

use super::Report;
use super::words::plural;
use crate::findings::Location;
use crate::mask::printable;
use std::sync::Arc;

/// In which way less is demanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GateKind {
    /// A rule is off.
    Off,
    /// A rule that blocks only warns.
    Lowered,
    /// A rule is held against another number.
    Limit,
    /// Findings are ignored.
    Ignored,
    /// Findings are in a baseline.
    Baseline,
    /// Variables are taken from a file that somebody says is the host's.
    EnvFile,
    /// Something is not reported at all.
    LeftOut,
    /// It is judged for another environment than production.
    Environment,
}

impl GateKind {
    /// Its name in every machine format.
    pub fn name(self) -> &'static str {
        match self {
            GateKind::Off => "off",
            GateKind::Lowered => "lowered",
            GateKind::Limit => "limit",
            GateKind::Ignored => "ignored",
            GateKind::Baseline => "baseline",
            GateKind::EnvFile => "env-file",
            GateKind::LeftOut => "left-out",
            GateKind::Environment => "environment",
        }
    }

    /// Its id among the problems and rules of other tools.
    pub(super) fn id(self) -> &'static str {
        match self {
            GateKind::Off => "gate/off",
            GateKind::Lowered => "gate/lowered",
            GateKind::Limit => "gate/limit",
            GateKind::Ignored => "gate/ignored",
            GateKind::Baseline => "gate/baseline",
            GateKind::EnvFile => "gate/env-file",
            GateKind::LeftOut => "gate/left-out",
            GateKind::Environment => "gate/environment",
        }
    }

    /// So many of it, in words.
    fn counted(self, count: usize) -> String {
        match self {
            GateKind::Off => plural(count, "rule off", "rules off"),
            GateKind::Lowered => format!("{count} lowered"),
            GateKind::Limit => plural(count, "limit changed", "limits changed"),
            GateKind::Ignored => plural(count, "finding ignored", "findings ignored"),
            GateKind::Baseline => plural(count, "finding in the baseline", "findings in the baseline"),
            GateKind::EnvFile => plural(count, "env file taken for the host's", "env files taken for the host's"),
            GateKind::LeftOut => plural(count, "part left out", "parts left out"),
            GateKind::Environment => "not judged for production".into(),
        }
    }
}

/// One way in which less is demanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateNote {
    /// Which.
    pub kind: GateKind,
    /// The rule that it is about, where it is about one.
    pub rule: Option<Arc<str>>,
    /// How many findings or settings it stands for.
    pub count: usize,
    /// What it is, in one sentence.
    pub message: String,
    /// Why, as the project says.
    pub reason: Option<String>,
    /// Where it is written.
    pub location: Option<Location>,
    /// `prodcheck.toml`, `comments`, `the command line`.
    pub source: &'static str,
}

impl GateNote {
    /// What it is and why.
    pub fn told(&self) -> String {
        let wants_reason = matches!(self.kind, GateKind::Off | GateKind::Lowered | GateKind::Ignored);
        match (&self.reason, &self.location) {
            (Some(reason), _) => format!("{}: {reason}", self.message),
            (None, Some(_)) if wants_reason => format!("{}, and no reason is given", self.message),
            (None, Some(_)) => self.message.clone(),
            (None, None) => format!("{}, by {}", self.message, self.source),
        }
    }
}

/// `2 rules off, 1 lowered, 3 findings ignored in prodcheck.toml`; nothing where nothing is weaker.
pub(super) fn counts(report: &Report) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut sources: Vec<&'static str> = report.gate.iter().map(|note| note.source).collect();
    sources.sort_by_key(|source| source != &"prodcheck.toml");
    sources.dedup();
    for source in sources {
        let of_source = || report.gate.iter().filter(|note| note.source == source);
        let mut kinds: Vec<GateKind> = of_source().map(|note| note.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let counted = kinds
            .into_iter()
            .map(|kind| kind.counted(of_source().filter(|note| note.kind == kind).map(|note| note.count).sum()));
        let place = if source == "the command line" { "by" } else { "in" };
        parts.push(format!("{} {place} {source}", counted.collect::<Vec<_>>().join(", ")));
    }
    (!parts.is_empty()).then(|| printable(&parts.join("; ")).into_owned())
}
