//! One coverage-guided fuzzer with a target for each way into prodcheck. `PRODCHECK_FUZZ` names the target; see `run`.

#![no_main]

mod readers;
mod scans;

use libfuzzer_sys::{Corpus, fuzz_target};
use std::sync::OnceLock;

/// What a target does with one input. Text that is no UTF-8 reaches the readers as the project layer would give it.
type Target = fn(&[u8]);

const TARGETS: &[(&str, Target)] = &[
    ("typescript", readers::typescript),
    ("python", readers::python),
    ("data", readers::data),
    ("dockerfile", readers::dockerfile),
    ("nginx", readers::nginx),
    ("rule", readers::rule),
    ("config", readers::config),
    ("evaluate-typescript", scans::evaluate_typescript),
    ("evaluate-python", scans::evaluate_python),
    ("tree", scans::tree),
];

fn chosen() -> Target {
    static CHOSEN: OnceLock<Target> = OnceLock::new();
    *CHOSEN.get_or_init(|| {
        let name = std::env::var("PRODCHECK_FUZZ").unwrap_or_default();
        let found = TARGETS.iter().find(|(known, _)| *known == name);
        let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
        found.unwrap_or_else(|| panic!("PRODCHECK_FUZZ is none of {}", names.join(", "))).1
    })
}

fuzz_target!(|data: &[u8]| -> Corpus {
    chosen()(data);
    Corpus::Keep
});
