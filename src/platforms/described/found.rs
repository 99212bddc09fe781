//! A target with what its files say, on its way to an environment; and how many of them can be judged.

use crate::environment::files::Files;
use crate::environment::stack::Described;

/// How many variables a target is told, and the services beside it.
fn told(described: &Described) -> usize {
    let own: usize = described.layers.iter().map(|layer| layer.entries.len()).sum();
    own + described.target.services.iter().map(|service| 1 + service.variables.len()).sum::<usize>()
}

/// What a platform's reader has found, with one target more at most than can be judged, so that it is noticed.
#[derive(Default)]
pub(crate) struct Targets {
    pub(crate) found: Vec<Described>,
    pub(crate) told: usize,
}

impl Targets {
    pub(crate) fn add(&mut self, found: Option<Described>) {
        self.told += found.as_ref().map_or(0, told);
        self.found.extend(found);
    }

    /// Whether another one could not be judged.
    pub(crate) fn is_full(&self) -> bool {
        self.told > MOST_TOLD || self.found.len() > MOST_TARGETS
    }
}

/// Targets of one app beyond this are not judged.
pub(crate) const MOST_TARGETS: usize = 64;

/// Variables that the targets of one app are told at most, those of the services beside them among them. Each target
/// is judged with all of them, so that a file with a thousand services would make a million secrets.
pub(crate) const MOST_TOLD: usize = 20_000;

/// How many of some targets can be judged.
pub(crate) fn most_of(found: &[Described], files: &Files) -> usize {
    let own: usize = files.layers.iter().map(|layer| layer.entries.len()).sum();
    let mut all = 0;
    let fits = |found: &&Described| {
        all += own + told(found);
        all <= MOST_TOLD
    };
    found.iter().take(MOST_TARGETS).take_while(fits).count().max(1)
}
