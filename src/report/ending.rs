//! The ways a run can end, and their exit codes.

use super::Report;

/// How a run ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ending {
    /// Nothing blocks.
    #[default]
    Clean,
    /// Something blocks, or `--fail-on` names it.
    Blocked,
    /// prodcheck could not do its work.
    Failed,
    /// No supported project was found.
    NothingChecked,
}

impl Ending {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Ending::Clean => 0,
            Ending::Blocked => 1,
            Ending::Failed => 2,
            Ending::NothingChecked => 3,
        }
    }
}

/// What else than a blocking finding fails a scan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FailOn {
    /// Warnings.
    pub warning: bool,
    /// Findings that could not be verified.
    pub unverified: bool,
    /// Problems.
    pub problem: bool,
    /// Open items of the checklist.
    pub checklist: bool,
}

impl FailOn {
    /// `--strict`: all that prodcheck itself can settle.
    pub const STRICT: FailOn = FailOn { warning: true, unverified: true, problem: true, checklist: false };

    /// What either of two names.
    pub fn and(self, other: FailOn) -> FailOn {
        FailOn {
            warning: self.warning || other.warning,
            unverified: self.unverified || other.unverified,
            problem: self.problem || other.problem,
            checklist: self.checklist || other.checklist,
        }
    }
}

impl Report {
    /// How the scan ends. What blocks comes before "nothing was checked".
    pub fn judge(&self, fail_on: FailOn, allow_empty: bool) -> Ending {
        let counts = self.summary();
        let blocked = counts.blocking > 0
            || self.problems.iter().any(|problem| problem.blocking)
            || (fail_on.warning && counts.warnings > 0)
            || (fail_on.unverified && counts.unverified > 0)
            || (fail_on.problem && counts.problems > 0)
            || (fail_on.checklist && counts.checklist > 0);
        match (blocked, self.is_empty() && !allow_empty) {
            (true, _) => Ending::Blocked,
            (false, true) => Ending::NothingChecked,
            (false, false) => Ending::Clean,
        }
    }
}
