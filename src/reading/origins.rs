//! Whom a list of origins, or a function that is asked about one, lets in.

use crate::eval::{Because, Evaluator, How, Kind, LetsIn, Question, Step, Unknown, Value};
use std::sync::Arc;

/// A function that says yes whatever it is asked is `true`; one that looks the asking origin up lets in nobody by itself, but
/// for those that it takes for what they only look like.
pub(crate) fn asked(evaluator: &Evaluator<'_>, origins: &Value) -> Value {
    origins.each(&mut |origins| match origins.kind {
        Kind::Function(_) => let_in_by(evaluator, origins),
        _ => origins.clone(),
    })
}

fn let_in_by(evaluator: &Evaluator<'_>, function: &Value) -> Value {
    let everybody = || Value::new(Kind::Bool(true), &function.trail);
    let listed = || {
        let items = evaluator.lets_lookalikes_in(function).into();
        Value::new(Kind::List { items, open: None }, &function.trail)
    };
    let anything = Value::unknown(Because::Undecided, &function.trail);
    match evaluator.call(function, vec![anything]).kind {
        Kind::Bool(true) => everybody(),
        Kind::Bool(false) => nobody(function),
        // Whoever holds the asking origin against something does not let everybody in.
        _ => match evaluator.lets_origin_in(function) {
            Some(LetsIn::Everybody) => everybody(),
            Some(LetsIn::Nobody) => listed(),
            Some(LetsIn::EverybodyWithout(variable, read)) => {
                let before = vec![function.trail.clone(), read.trail.clone()];
                let fallback = Step::of(function.trail.place, How::Fallback, before);
                let arms = vec![Value::new(Kind::Bool(true), &fallback), listed()];
                Value::choice(Question::IsSet(variable), arms, &read.trail)
            }
            None => Value::unknown(Because::Undecided, &function.trail),
        },
    }
}

/// An empty list.
pub(crate) fn nobody(value: &Value) -> Value {
    Value::new(Kind::List { items: Arc::new([]), open: None }, &value.trail)
}

/// The regular expressions among origins.
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
        _ => nobody(origins),
    })
}

/// Whether something is unknown because it is the text of a variable, which is no regular expression.
fn is_variable(unknown: &Unknown) -> bool {
    matches!(unknown.because, Because::Variable(_))
}
