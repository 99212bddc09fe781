//! What is told while a scan runs, on standard error: a line of progress in a terminal, and how long each stage took.

use super::output;
use crate::{Stage, Waiting};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// A scan shorter than this shows no progress.
const PATIENCE: Duration = Duration::from_millis(400);
/// How often the line is drawn.
const STEP: Duration = Duration::from_millis(120);
const SPINNER: [char; 10] = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/// Somebody who waits for a scan at a terminal.
pub(super) struct Watch {
    shared: Arc<Shared>,
    drawer: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    over: Condvar,
}

#[derive(Default)]
struct State {
    began: Vec<(Stage, Instant)>,
    apps: (usize, usize),
    over: bool,
}

impl Shared {
    /// A scan that panicked ends soon; what was seen of it stays true.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watch {
    /// Begins to wait. The line of progress is for terminals alone, and for scans that take long.
    pub(super) fn begin(quiet: bool) -> Watch {
        let shared = Arc::new(Shared::default());
        let drawer = (!quiet && output::shows_progress()).then(|| {
            let shared = shared.clone();
            thread::spawn(move || draw(&shared))
        });
        Watch { shared, drawer }
    }

    /// What the scan tells.
    pub(super) fn waiting(&self) -> Waiting {
        let shared = self.shared.clone();
        Waiting::told(move |stage| {
            let mut state = shared.state();
            match stage {
                Stage::AppDone => state.apps.0 += 1,
                Stage::Settings(apps) => state.apps = (0, apps),
                _ => {}
            }
            if stage != Stage::AppDone {
                state.began.push((stage, Instant::now()));
            }
        })
    }

    /// The scan is over: the line goes. Says how long each stage took.
    pub(super) fn end(mut self) -> String {
        self.stop();
        let state = self.shared.state();
        let ends = state.began.iter().skip(1).map(|(_, at)| *at).chain(std::iter::once(Instant::now()));
        let took = |((stage, began), end): (&(Stage, Instant), Instant)| {
            format!("{} {:.1} ms", name(*stage), (end - *began).as_secs_f64() * 1000.0)
        };
        let stages: Vec<String> = state.began.iter().zip(ends).map(took).collect();
        format!("took {}", stages.join(", "))
    }

    fn stop(&mut self) {
        self.shared.state().over = true;
        self.shared.over.notify_all();
        if let Some(drawer) = self.drawer.take() {
            // It only draws; that it failed costs nothing.
            let _ = drawer.join();
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop();
    }
}

fn name(stage: Stage) -> &'static str {
    match stage {
        Stage::Files => "files",
        Stage::Apps => "apps",
        Stage::Settings(_) | Stage::AppDone => "settings",
        Stage::Rules => "rules",
        Stage::Report => "report",
    }
}

/// Draws until the scan is over, then wipes the line.
fn draw(shared: &Shared) {
    let mut wait = PATIENCE;
    let mut drawn = 0;
    loop {
        let state = shared.state();
        let waited = shared.over.wait_timeout_while(state, wait, |state| !state.over);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if state.over {
            break;
        }
        let line = line(&state);
        drop(state);
        output::progress(&format!("{} {line}", SPINNER[drawn % SPINNER.len()]));
        drawn += 1;
        wait = STEP;
    }
    if drawn > 0 {
        output::progress("");
    }
}

fn line(state: &State) -> String {
    match state.began.last().map(|(stage, _)| *stage) {
        None | Some(Stage::Files) => "reading files".into(),
        Some(Stage::Apps) => "looking for apps".into(),
        Some(Stage::Settings(_) | Stage::AppDone) => {
            format!("computing settings: {} of {} apps", state.apps.0, state.apps.1)
        }
        Some(Stage::Rules) => "applying rules".into(),
        Some(Stage::Report) => "making the report".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stage_is_told_with_its_time() {
        let watch = Watch::begin(true);
        let waiting = watch.waiting();
        for stage in [Stage::Files, Stage::Apps, Stage::Settings(1), Stage::AppDone, Stage::Rules, Stage::Report] {
            assert!(waiting.tell(stage).is_ok());
        }
        let told = watch.end();
        let stages: Vec<&str> = told.split(", ").map(|part| part.trim_start_matches("took ")).collect();
        let names: Vec<&str> = stages.iter().filter_map(|stage| stage.split(' ').next()).collect();
        assert_eq!(names, ["files", "apps", "settings", "rules", "report"], "{told}");
        assert!(stages.iter().all(|stage| stage.ends_with(" ms")), "{told}");
    }
}
