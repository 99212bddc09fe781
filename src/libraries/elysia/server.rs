//! `new Elysia({ … })`: the server's own switches and limits.

use crate::eval::{Kind, Value, Way};
use crate::reading::bench::Reading;
use crate::reading::uses::scripts_with;
use crate::settings::{debug, errors};

/// The package.
const PACKAGE: &str = "elysia";

/// Options that production hands to the server.
pub(crate) struct Options {
    /// What is written.
    given: Value,
    /// Whether they are those of `new Elysia` rather than of `listen`, in which the server's own have no `serve` before them.
    is_new: bool,
}

impl Options {
    /// An option of the server itself, by its name in `new Elysia`, with the name that it has here.
    fn server(&self, key: &'static str) -> (&'static str, Value) {
        let key = if self.is_new { key } else { key.trim_start_matches("serve.") };
        (key, self.given.path(key))
    }

    /// What `new Elysia` says of cookies.
    pub(super) fn cookie(&self) -> Value {
        self.given.field("cookie")
    }
}

/// The options of each `new Elysia` and each `listen` of production.
pub(super) fn instances(reading: &Reading<'_>) -> Vec<Options> {
    let own = scripts_with(reading, &[PACKAGE]);
    let uses = reading.evaluator.uses(&own, &[], &|module| module == PACKAGE);
    let options = uses.iter().filter_map(|found| {
        let is_new = match &found.way {
            Way::Called => matches!(&*found.export, "Elysia" | "default"),
            Way::Method { name, .. } if &**name == "listen" => false,
            _ => return None,
        };
        let given = found.argument(0);
        // What `listen` takes is a port mostly.
        (is_new || matches!(given.kind, Kind::Object { .. })).then_some(Options { given, is_new })
    });
    options.collect()
}

/// Debug switches.
pub(super) fn read(reading: &mut Reading<'_>, made: &[Options]) {
    for options in made {
        let (key, development) = options.server("serve.development");
        if !development.is_absent() {
            let place = reading.place_of(&development);
            let resource = reading
                .resource(debug::KIND, key, place)
                .set_at(debug::enabled, development, key)
                .set(debug::effect, reading.word("application", place))
                .written_at(debug::enabled, &options.given, key);
            reading.add(resource);
        }
        let details = options.given.field("allowUnsafeValidationDetails");
        if !details.is_absent() {
            let resource = reading
                .resource(errors::KIND, "validation", reading.place_of(&details))
                .set_at(errors::exposes_internals, details, "allowUnsafeValidationDetails")
                .written_at(errors::exposes_internals, &options.given, "allowUnsafeValidationDetails");
            reading.add(resource);
        }
    }
}

/// The smallest known limit to the size of a request's body, where one is written.
pub(crate) fn body_limit(reading: &Reading<'_>) -> Option<Value> {
    let made = instances(reading);
    let limits = made.iter().map(|options| options.server("serve.maxRequestBodySize").1);
    let known = limits.filter(|limit| matches!(limit.kind, Kind::Number(_)));
    known.min_by(|a, b| a.as_number().partial_cmp(&b.as_number()).unwrap_or(std::cmp::Ordering::Equal))
}
