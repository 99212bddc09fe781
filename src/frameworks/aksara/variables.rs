//! Variables whose text Aksara cannot read: it throws, or takes the default and says nothing.

use crate::eval::{Kind, Value};
use crate::frameworks::aksara::app::App;
use crate::frameworks::aksara::fields::{LISTS, SWITCHES, UNGUARDED_FLOAT};
use crate::frameworks::aksara::parsers::{is_float, is_list, switch};
use crate::reading::bench::Reading;
use crate::settings::variable;
use crate::text::Text;

pub(super) fn read(reading: &mut Reading<'_>, app: &App) {
    let number = app.settings.variable(reading.evaluator, UNGUARDED_FLOAT);
    malformed(reading, UNGUARDED_FLOAT, &number, &|text| !is_float(text));
    for name in LISTS {
        let list = app.settings.variable(reading.evaluator, name);
        malformed(reading, name, &list, &|text| !is_list(text));
    }
    for name in SWITCHES {
        let value = app.settings.variable(reading.evaluator, name);
        let unread = judged(&value, &|text| !text.is_empty() && switch(text).is_none());
        if holds_somewhere(&unread) {
            let resource = reading.resource(variable::KIND, *name, reading.place_of(&value)).set_at(
                variable::unrecognized_boolean,
                unread,
                *name,
            );
            reading.add(resource);
        }
    }
}

fn malformed(reading: &mut Reading<'_>, name: &str, value: &Value, is_bad: &dyn Fn(&Text) -> bool) {
    let bad = judged(value, is_bad);
    if holds_somewhere(&bad) {
        let resource =
            reading.resource(variable::KIND, name, reading.place_of(value)).set_at(variable::parse_error, bad, name);
        reading.add(resource);
    }
}

fn judged(value: &Value, is_bad: &dyn Fn(&Text) -> bool) -> Value {
    value.each(&mut |value| {
        let bad = matches!(&value.kind, Kind::Text(text) if is_bad(text));
        Value::new(Kind::Bool(bad), &value.trail)
    })
}

/// Whether it is true in some world.
fn holds_somewhere(value: &Value) -> bool {
    match &value.kind {
        Kind::Bool(value) => *value,
        Kind::Choice(_, arms) => arms.iter().any(holds_somewhere),
        _ => false,
    }
}
