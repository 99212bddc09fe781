//! The check that the options of a call name.

use crate::eval::{Evaluator, Kind, Use, Value};

/// The check that the options of a call name, found again: a trial evaluates the call's file afresh.
pub(super) fn authorize_of(call: &Use) -> impl Fn(&Evaluator<'_>) -> Value + '_ {
    move |evaluator| {
        let uses = evaluator.uses(&[call.file], &[], &|module| *module == *call.module);
        let same = uses.iter().find(|found| found.place == call.place && found.export == call.export);
        let checks = same.iter().flat_map(|found| &found.given.arguments);
        let mut checks = checks.map(|options| evaluator.field(options, "authorize"));
        let function = checks.find(|check| matches!(check.kind, Kind::Function(_)));
        function.unwrap_or_else(|| Value::written(Kind::Absent, call.place))
    }
}
