//! How many findings are useful, of how many: blocking ones and all, for a project, a rule, a framework.

use super::held::{Held, Known};
use super::record::{Severity, Untuned, Verdict};
use std::collections::BTreeMap;
use std::fmt;

/// Useful ones of so many.
#[derive(Clone, Copy, Default)]
struct Share {
    useful: usize,
    wrong: usize,
    all: usize,
}

impl Share {
    fn add(&mut self, verdict: Verdict) {
        self.all += 1;
        self.useful += usize::from(verdict == Verdict::Useful);
        self.wrong += usize::from(verdict == Verdict::False);
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { useful, wrong, all } = self;
        match all {
            0 => f.pad("-"),
            _ => f.pad(&format!("{useful}/{all} ({} %, {wrong} false)", useful * 100 / all)),
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Pair {
    blocking: Share,
    all: Share,
}

impl Pair {
    fn add(&mut self, known: &Known) {
        self.all.add(known.verdict);
        if known.finding.severity == Severity::Blocking {
            self.blocking.add(known.verdict);
        }
    }
}

/// The figures of all projects that were scanned.
#[derive(Default)]
pub(super) struct Figures {
    total: Pair,
    untuned: Pair,
    by_project: BTreeMap<String, Pair>,
    by_rule: BTreeMap<String, Pair>,
    by_framework: BTreeMap<String, Pair>,
}

impl Figures {
    pub(super) fn add(&mut self, project: &str, untuned: &Untuned, held: &Held) {
        let first = |useful, all| Share { useful, wrong: 0, all };
        let sum =
            |one: Share, other: Share| Share { useful: one.useful + other.useful, wrong: 0, all: one.all + other.all };
        self.untuned.blocking = sum(self.untuned.blocking, first(untuned.blocking_useful, untuned.blocking));
        self.untuned.all = sum(self.untuned.all, first(untuned.all_useful, untuned.all));
        let own = self.by_project.entry(project.to_owned()).or_default();
        for known in &held.known {
            own.add(known);
            self.total.add(known);
            self.by_rule.entry(known.finding.rule.clone()).or_default().add(known);
            self.by_framework.entry(known.finding.framework.clone()).or_default().add(known);
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut row = |name: &str, blocking: &dyn fmt::Display, all: &dyn fmt::Display| {
            writeln!(f, "{name:<48}{blocking:<26}{all}")
        };
        for (title, pairs) in
            [("project", &self.by_project), ("rule", &self.by_rule), ("framework", &self.by_framework)]
        {
            row(&format!("by {title}"), &"blocking", &"all")?;
            for (name, pair) in pairs {
                row(name, &pair.blocking, &pair.all)?;
            }
            row("", &"", &"")?;
        }
        row("today", &self.total.blocking, &self.total.all)?;
        let first = |share: Share| format!("{}/{}", share.useful, share.all);
        row("the first run of each", &first(self.untuned.blocking), &first(self.untuned.all))
    }
}
