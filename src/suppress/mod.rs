//! What a project waives, and why: comments beside the code and `[[ignore]]` in `prodcheck.toml`.
//!
//! A waiver needs a reason. One that has ended, or that nothing needs, is a problem: it would hide the next finding.

mod apply;
mod comments;
mod directive;
mod foreign;
mod written;

pub(crate) use apply::stand_alone;
pub use apply::{apply, weigh_by_path};
pub use comments::in_comments;
pub(crate) use directive::WORD;
pub use foreign::accepted_elsewhere;
pub use written::comment_before;

use crate::config::{Day, is_app};
use crate::findings::{Finding, Means, Subject};
use crate::project::Problem;
use crate::syntax::{FileId, Span};
use globset::GlobMatcher;
use std::sync::Arc;

/// A waiver that nothing needs.
const UNUSED: &str = "suppress/unused";
/// A waiver that has ended.
const EXPIRED: &str = "suppress/expired";
/// A waiver that does not say why.
const NO_REASON: &str = "suppress/no-reason";
/// A waiver that cannot be understood.
const INVALID: &str = "suppress/invalid";

/// One thing that the project waives.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// The rule's id.
    pub rule: Arc<str>,
    /// Which of its findings.
    pub reach: Reach,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub until: Option<Day>,
    /// Where it is written.
    pub place: (FileId, Span),
    /// How it is written.
    pub means: Means,
}

/// Which findings of a rule are waived.
#[derive(Clone, Debug)]
pub enum Reach {
    /// Those on lines of a file, from the first to the last.
    Lines(Arc<str>, u32, u32),
    /// Those in a file.
    File(Arc<str>),
    /// Those that match all that is given.
    Where {
        /// The app's id.
        app: Option<String>,
        /// The resource's name, or the framework's key of the setting.
        subject: Option<String>,
        /// The files.
        path: Option<GlobMatcher>,
    },
}

impl Waiver {
    /// Whether it has ended; nothing ends where no day is given.
    fn is_over(&self, today: Option<Day>) -> bool {
        self.until.zip(today).is_some_and(|(until, today)| until < today)
    }

    /// Whether it waives a finding as far as it is about one of its subjects.
    fn covers(&self, finding: &Finding, about: &Subject) -> bool {
        if self.rule != finding.rule {
            return false;
        }
        let at = finding.location.as_ref();
        match &self.reach {
            Reach::Lines(file, first, last) => {
                at.is_some_and(|at| at.file == *file && (*first..=*last).contains(&at.line))
            }
            Reach::File(file) => at.is_some_and(|at| at.file == *file),
            Reach::Where { app, subject, path } => {
                let named = |name: &String| *about.name == **name || about.key.as_deref() == Some(name);
                app.as_ref().is_none_or(|app| is_app(app, &about.app))
                    && subject.as_ref().is_none_or(named)
                    && path.as_ref().is_none_or(|glob| at.is_some_and(|at| glob.is_match(&*at.file)))
            }
        }
    }

    fn problem(&self, id: &'static str, message: String) -> Problem {
        Problem::new(id, message).in_file(self.place.0).at(self.place.1)
    }
}
