//! What pipelines and scripts check by themselves, as evidence for items of the checklist.

use crate::eval::Kind;
use crate::platforms::commands::commands;
use crate::reading::bench::Reading;
use crate::reading::checks::{Checks, RELEASE_GATES};
use crate::reading::commands::{Command, RunsIn};
use crate::settings::{Key, ci};

/// One resource for all that runs by itself.
pub(crate) fn read(reading: &mut Reading<'_>) {
    let own = reading.found.framework_name();
    let first = |in_pipeline: bool, fits: &dyn Fn(&Checks) -> bool| {
        commands(reading).find(|command| {
            (!in_pipeline || command.runs_in == RunsIn::Pipeline)
                && command.checks.get_or_init(|| Checks::of(&command.line).map(Box::new)).as_deref().is_some_and(fits)
        })
    };
    let gates = (0..RELEASE_GATES.len()).map(|gate| first(true, &|checks| checks.gates.contains(&gate)));
    let gates = gates.collect::<Option<Vec<_>>>().and_then(|gates| gates.first().copied());
    let facts: [(Key, Option<&Command>); 3] = [
        (ci::runs_audit, first(false, &|checks| checks.audits)),
        (ci::runs_framework_check, first(false, &|checks| checks.framework == Some(own))),
        (ci::runs_release_gates, gates),
    ];
    let mut resource = reading.resource(ci::KIND, "checks", reading.place());
    for (key, command) in facts {
        let place = command.map_or(resource.place, |command| command.place_of(reading, ""));
        resource = resource.set(key, reading.stated(Kind::Bool(command.is_some()), place));
    }
    reading.add(resource);
}
