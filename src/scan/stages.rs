//! The stages of a scan, told to whoever waits for it.

use std::fmt;
use std::sync::Arc;

/// A part of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The folder is walked, manifests and git's files are read.
    Files,
    /// Files are parsed until it is known which apps there are.
    Apps,
    /// The settings of these many apps are computed.
    Settings(usize),
    /// The settings of one app are there.
    AppDone,
    /// The rules are applied, and findings made and waived.
    Rules,
    /// The report is made.
    Report,
}

/// Somebody who waits for a scan.
#[derive(Clone, Default)]
pub struct Waiting(Option<Arc<dyn Fn(Stage) + Send + Sync>>);

impl Waiting {
    /// Somebody who is told of each stage as it begins, on whatever thread that is.
    pub fn told(tell: impl Fn(Stage) + Send + Sync + 'static) -> Waiting {
        Waiting(Some(Arc::new(tell)))
    }

    /// A stage begins.
    pub(crate) fn tell(&self, stage: Stage) {
        if let Some(tell) = &self.0 {
            tell(stage);
        }
    }
}

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Waiting({})", self.0.is_some())
    }
}
