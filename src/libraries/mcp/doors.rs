//! Where an app of Node listens: the address as the listen call has it, whatever a helper was told.

use super::states::{both, either, reaches_beyond};
use crate::eval::{Because, How, Kind, Step, Use, Value, Way};
use crate::reading::bench::Reading;

/// Whether the app is reached from other machines; unknown where nothing in it listens.
pub(super) fn beyond(reading: &Reading<'_>, uses: &[Use]) -> Value {
    let doors: Vec<Value> = uses.iter().filter_map(door).collect();
    let nowhere = || Value::unknown(Because::Undecided, &Step::start(reading.place(), How::Derived));
    doors.into_iter().reduce(|one, other| either(&one, &other)).unwrap_or_else(nowhere)
}

/// Whether one use opens a door to other machines; none where it opens none at all.
fn door(one: &Use) -> Option<Value> {
    let trail = Step::start(one.place, How::Written);
    let asked = match &one.way {
        Way::Method { name, of } if &**name == "listen" => {
            // Fastify stays on this machine where nobody names a host.
            let everywhere = !is_fastify(&of.module);
            let first = one.argument(0);
            match &first.kind {
                Kind::Object { .. } => reaches_beyond(&first.field("host"), everywhere),
                _ => reaches_beyond(&one.argument(1), everywhere),
            }
        }
        Way::Called if &*one.module == "@hono/node-server" && &*one.export == "serve" => {
            reaches_beyond(&one.argument(0).field("hostname"), true)
        }
        _ => return None,
    };
    let asked = Value::new(asked.kind.clone(), &Step::after(one.place, How::Derived, &asked.trail));
    let present = Value::new(one.present.kind.clone(), &trail);
    Some(both(&present, &asked))
}

fn is_fastify(module: &str) -> bool {
    matches!(module, "fastify" | "@modelcontextprotocol/fastify")
}
