//! Scheduled and operational routes that Beignet makes.

use crate::eval::{Because, Guard, Kind, Use, Value};
use crate::frameworks::beignet::app::App;
use crate::libraries::middleware;
use crate::libraries::scheduled;
use crate::libraries::scheduled::Made;
use crate::reading::bench::Reading;
use crate::reading::bench::SecretFacts;
use std::sync::Arc;

/// Functions that make a route which compares its secret and refuses while that is not set.
const MAKERS: &[&str] = &["createOutboxDrainRoute", "createScheduleRoute", "createTaskRoute", "createCommandRoute"];

pub(super) fn read(reading: &mut Reading<'_>, app: &App) {
    let mut made = Made::default();
    let calls: Vec<Use> = app.calls.iter().filter(|call| MAKERS.contains(&&*call.export)).cloned().collect();
    for call in &calls {
        let path = app.path_of(call.file).unwrap_or_else(|| call.export.clone());
        let variable = own_route(reading, call, &path);
        made.secrets.insert(path, variable);
        made.files.push(call.file);
    }
    scheduled::read(reading, &app.routes, made);
}

/// A route that Beignet made: without the option nothing is compared, with it an unset secret refuses everybody.
fn own_route(reading: &mut Reading<'_>, call: &Use, path: &Arc<str>) -> Option<Arc<str>> {
    let options = call.argument(0);
    let secret = options.field("secret");
    let is_written = !secret.is_absent() || options.fields().iter().any(|(key, _)| &**key == "secret");
    let refused_before = |reading: &Reading<'_>| {
        let in_front = middleware::in_front_of(reading, path);
        in_front.filter(|front| front.guarded.guard == Some(Guard::Compares)).map(|front| front.place)
    };
    let guard = match &options.kind {
        Kind::Object { open: None, .. } if !is_written => match refused_before(reading) {
            Some(front) => reading.word("compares", front),
            None => reading.word("none", call.place),
        },
        Kind::Object { .. } if is_written => reading.word("compares", call.place),
        _ => Value::unknown(Because::Undecided, &options.trail),
    };
    let variable = reading.variable_of(&secret);
    let literal = secret.as_text().is_some() && variable.is_none();
    if literal {
        reading.secret(&format!("{}({{ secret }})", call.export), &secret, SecretFacts::of("cron"));
    }
    let secret = if is_written { Some(secret) } else { None };
    scheduled::add(reading, path, call.place, guard, secret, "secret");
    variable
}
