//! `@elysiajs/cors`: without options it echoes every origin and allows credentials.

use crate::eval::{Because, How, Kind, Parts, Question, Step, Unknown, Value};
use crate::libraries::elysia::{is_plugin, numbered};
use crate::reading::bench::Reading;
use crate::reading::source::SourceFile;
use crate::reading::table::{Plain, Preset, Reader, Row, at};
use crate::settings::cors;

/// The plugin's options.
pub(crate) static TABLE: &[Row] = &[
    Row {
        setting: cors::origins,
        places: &[at("origin")],
        reader: Reader::Own(origins),
        default: Preset::Default(Plain::Bool(true)),
        reference: "elysia-cors 1.4: src/index.ts",
    },
    Row {
        setting: cors::credentials,
        places: &[at("credentials")],
        reader: Reader::AsIs,
        default: Preset::Default(Plain::Bool(true)),
        reference: "elysia-cors 1.4: src/index.ts",
    },
];

/// Each use of the plugin that production runs.
pub(crate) fn read(reading: &mut Reading<'_>, files: &[SourceFile]) {
    let mut seen = 0;
    for file in files {
        for call in file.running_calls(reading, &|module| is_plugin(module, "cors")) {
            let options = file.argument(reading, call.expr, call.arguments, 0);
            let mut resource = reading.table(cors::KIND, &numbered("elysia", seen), TABLE, &options);
            resource.place = file.place(call.expr.span);
            let origins = asked(reading, &TABLE[0].read(&options, &reading.facts));
            let literal = reading.word("literal", resource.place);
            let reflected = reading.word("reflected", resource.place);
            let effect = origins.each(&mut |origins| {
                if matches!(origins.kind, Kind::Bool(true)) { reflected.clone() } else { literal.clone() }
            });
            let resource = resource
                .set_at(cors::origin_patterns, patterns(&origins), "origin")
                .set(cors::wildcard_effect, effect)
                .set_at(cors::origins, origins, "origin");
            reading.add(resource);
            seen += 1;
        }
    }
}

/// The origins as a list; a variable that is not set leaves the plugin's default, which is every origin.
fn origins(value: &Value) -> Value {
    value.each(&mut |value| match &value.kind {
        Kind::Text(_) | Kind::Pattern { .. } => list(value),
        Kind::Bool(false) => Value::new(Kind::List { items: Parts::from([]), open: None }, &value.trail),
        Kind::Unknown(unknown) if matches!(unknown.because, Because::Variable(_)) && !unknown.present => {
            let Some(variable) = unknown.unset_with.clone() else { return value.clone() };
            let step = Step::after(value.trail.place, How::Fallback, &value.trail);
            let every = Value::new(Kind::Bool(true), &step);
            Value::choice(Question::IsSet(variable), vec![every, value.clone()], &value.trail)
        }
        _ => value.clone(),
    })
}

fn list(value: &Value) -> Value {
    Value::new(Kind::List { items: [value.clone()].into(), open: None }, &value.trail)
}

/// A function that says yes whatever it is asked is `true`.
pub(crate) fn asked(reading: &Reading<'_>, origins: &Value) -> Value {
    origins.each(&mut |origins| match origins.kind {
        Kind::Function(_) => {
            let anything = Value::unknown(Because::Undecided, &origins.trail);
            let answer = reading.evaluator.call(origins, vec![anything]);
            match answer.kind {
                Kind::Bool(true) => Value::new(Kind::Bool(true), &origins.trail),
                Kind::Bool(false) => Value::new(Kind::List { items: Parts::from([]), open: None }, &origins.trail),
                // Whoever holds the asking origin against something does not let everybody in.
                _ => match reading.evaluator.lets_origin_in(origins) {
                    Some(true) => Value::new(Kind::Bool(true), &origins.trail),
                    Some(false) => Value::new(Kind::List { items: Parts::from([]), open: None }, &origins.trail),
                    None => Value::unknown(Because::Undecided, &origins.trail),
                },
            }
        }
        _ => origins.clone(),
    })
}

/// The regular expressions among the origins.
pub(crate) fn patterns(origins: &Value) -> Value {
    origins.each(&mut |origins| match &origins.kind {
        Kind::List { items, open } => {
            let patterns = items.iter().filter(|item| matches!(item.kind, Kind::Pattern { .. })).cloned().collect();
            let open = open.clone().filter(|open| !is_variable(open));
            Value::new(Kind::List { items: patterns, open }, &origins.trail)
        }
        // One open question is enough where nobody knows the default.
        Kind::Unknown(unknown) if !is_variable(unknown) && unknown.because != Because::UndocumentedDefault => {
            origins.clone()
        }
        Kind::Call(_) => origins.clone(),
        _ => Value::new(Kind::List { items: Parts::from([]), open: None }, &origins.trail),
    })
}

/// Whether something is unknown because it is the text of a variable, which is no regular expression.
fn is_variable(unknown: &Unknown) -> bool {
    matches!(unknown.because, Because::Variable(_))
}
