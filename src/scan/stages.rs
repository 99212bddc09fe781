//! The stages of a scan, told to whoever waits for it and may not want it any more.

use super::ScanError;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

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

/// With it a scan is called off, from whatever thread.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Calls off every scan that waits with it. They end with [`ScanError::Stopped`] before their next part.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Somebody who waits for a scan.
#[derive(Clone, Default)]
pub struct Waiting {
    told: Option<Arc<dyn Fn(Stage) + Send + Sync>>,
    stop: Stop,
}

impl Waiting {
    /// Somebody who is told of each stage as it begins, on whatever thread that is.
    pub fn told(tell: impl Fn(Stage) + Send + Sync + 'static) -> Waiting {
        Waiting { told: Some(Arc::new(tell)), stop: Stop::default() }
    }

    /// Somebody who can call the scan off.
    pub fn until(stop: &Stop) -> Waiting {
        Waiting { told: None, stop: stop.clone() }
    }

    /// A stage begins, if the scan is still wanted.
    pub(crate) fn tell(&self, stage: Stage) -> Result<(), ScanError> {
        if let Some(tell) = &self.told {
            tell(stage);
        }
        if self.stop.0.load(Ordering::Relaxed) { Err(ScanError::Stopped) } else { Ok(()) }
    }
}

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Waiting({})", self.told.is_some())
    }
}
