//! Methods of lists.

use super::Callback;
use crate::eval::{Because, How, Kind, Step, Unknown, Value};
use crate::text::Text;

/// The result of a list's method; none where it is not followed.
pub(super) fn method(
    receiver: &Value,
    items: &[Value],
    open: Option<&Unknown>,
    name: &str,
    arguments: &[Value],
    call: Callback,
) -> Option<Value> {
    let list =
        |items: Vec<Value>| Some(Value::new(Kind::List { items: items.into(), open: open.cloned() }, &receiver.trail));
    match name {
        "map" => {
            let function = arguments.first()?;
            let given = |(index, item): (usize, &Value)| match function.kind {
                Kind::Function(_) => vec![item.clone(), Value::new(Kind::Number(index as f64), &item.trail)],
                _ => vec![item.clone()],
            };
            list(items.iter().enumerate().map(|item| call(function, given(item))).collect())
        }
        "filter" => filtered(receiver, items, open, arguments.first()?, call),
        "concat" => {
            let mut all = items.to_vec();
            let mut open = open.cloned();
            for argument in arguments {
                match &argument.kind {
                    Kind::List { .. } | Kind::Unknown(_) | Kind::Choice(..) => {
                        crate::eval::expressions::spread_items(argument, &mut all, &mut open);
                    }
                    _ => all.push(argument.clone()),
                }
            }
            Some(Value::new(Kind::List { items: all.into(), open }, &receiver.trail))
        }
        "join" => {
            let separator = arguments.first().and_then(Value::as_text).cloned().unwrap_or_else(|| Text::new(","));
            let texts: Option<Vec<&Text>> = items.iter().map(Value::as_text).collect();
            let (Some(texts), None) = (texts, open) else {
                let before = items.iter().map(|item| item.trail.clone()).collect();
                let trail = Step::of(receiver.trail.place, How::Joined, before);
                return Some(Value::unknown(unknown_item(items, open), &trail));
            };
            Some(super::texts::joined(&texts, &separator, receiver))
        }
        "includes" | "has" => {
            let wanted = arguments.first()?;
            let answers: Vec<Option<bool>> = items.iter().map(|item| item.same_as(wanted)).collect();
            if answers.contains(&Some(true)) {
                return Some(Value::new(Kind::Bool(true), &receiver.trail));
            }
            if open.is_none() && answers.iter().all(|answer| *answer == Some(false)) {
                return Some(Value::new(Kind::Bool(false), &receiver.trail));
            }
            let because = match &wanted.kind {
                Kind::Unknown(unknown) => unknown.because.clone(),
                _ => Because::Undecided,
            };
            Some(Value::new(Kind::Unknown(because.into_plain()), &receiver.trail))
        }
        "slice" if arguments.is_empty() => list(items.to_vec()),
        "flat" if arguments.is_empty() => {
            let (mut all, mut open) = (Vec::new(), open.cloned());
            for item in items {
                match &item.kind {
                    Kind::List { .. } | Kind::Unknown(_) | Kind::Choice(..) => {
                        crate::eval::expressions::spread_items(item, &mut all, &mut open);
                    }
                    _ => all.push(item.clone()),
                }
            }
            Some(Value::new(Kind::List { items: all.into(), open }, &receiver.trail))
        }
        // `index` throws where there is none, so that nobody goes on with its -1.
        "indexOf" | "index" => position(receiver, items, open, |item| item.same_as(arguments.first()?)),
        "lastIndexOf" if arguments.len() == 1 => {
            let turned: Vec<Value> = items.iter().rev().cloned().collect();
            let at = position(receiver, &turned, open, |item| item.same_as(&arguments[0]))?;
            Some(at.read(&|at| match at.as_number() {
                Some(at) if at >= 0.0 => Kind::Number(items.len() as f64 - 1.0 - at),
                _ => at.kind.clone(),
            }))
        }
        "findIndex" => {
            let function = arguments.first()?;
            position(receiver, items, open, |item| plain_truth(&call(function, vec![item.clone()])))
        }
        "find" => {
            let function = arguments.first()?;
            let at = position(receiver, items, open, |item| plain_truth(&call(function, vec![item.clone()])))?;
            let found = at.as_number().filter(|at| *at >= 0.0).and_then(|at| items.get(at as usize));
            Some(found.cloned().unwrap_or_else(|| Value::new(Kind::Absent, &receiver.trail)))
        }
        "some" | "every" => {
            let function = arguments.first()?;
            let ends = name == "some";
            let answers: Vec<Option<bool>> =
                items.iter().map(|item| plain_truth(&call(function, vec![item.clone()]))).collect();
            let answer = match answers.contains(&Some(ends)) {
                true => Kind::Bool(ends),
                false if open.is_none() && answers.iter().all(|answer| *answer == Some(!ends)) => Kind::Bool(!ends),
                false => Kind::Unknown(Because::Undecided.into()),
            };
            Some(Value::new(answer, &receiver.trail))
        }
        "reduce" if open.is_none() && arguments.len() > 1 => {
            let (function, first) = (arguments.first()?, arguments.get(1)?);
            Some(items.iter().fold(first.clone(), |so_far, item| call(function, vec![so_far, item.clone()])))
        }
        _ => None,
    }
}

/// Where the first item stands that is the wanted one; -1 where there is none.
fn position(
    receiver: &Value,
    items: &[Value],
    open: Option<&Unknown>,
    mut is_wanted: impl FnMut(&Value) -> Option<bool>,
) -> Option<Value> {
    for (index, item) in items.iter().enumerate() {
        match is_wanted(item) {
            Some(true) => return Some(Value::new(Kind::Number(index as f64), &receiver.trail)),
            Some(false) => {}
            None => return None,
        }
    }
    open.is_none().then(|| Value::new(Kind::Number(-1.0), &receiver.trail))
}

/// Whether a function said yes; none where it said something that is not known.
fn plain_truth(answer: &Value) -> Option<bool> {
    match &answer.kind {
        Kind::Bool(yes) => Some(*yes),
        Kind::Absent | Kind::Null => Some(false),
        _ => None,
    }
}

/// Why a list cannot be put into one text: the first of its items that is not known.
fn unknown_item(items: &[Value], open: Option<&Unknown>) -> Because {
    let unknown = items.iter().find_map(|item| match &item.kind {
        Kind::Unknown(unknown) => Some(unknown),
        _ => None,
    });
    unknown.or(open).map_or(Because::Undecided, |unknown| unknown.because.clone())
}

/// Keeps what the function says yes to; `filter(Boolean)` drops what is empty. What cannot be decided stays, in a list
/// that says so.
pub(super) fn filtered(
    receiver: &Value,
    items: &[Value],
    open: Option<&Unknown>,
    function: &Value,
    call: Callback,
) -> Option<Value> {
    let mut kept = Vec::new();
    let mut open = open.cloned();
    for item in items {
        let answer = call(function, vec![item.clone()]);
        match &answer.kind {
            Kind::Bool(false) | Kind::Absent | Kind::Null => {}
            Kind::Text(text) if text.is_empty() => {}
            Kind::Unknown(unknown) => {
                open = Some(unknown.clone());
                kept.push(item.clone());
            }
            Kind::Choice(question, arms) => {
                let arms = arms
                    .iter()
                    .enumerate()
                    .map(|(index, arm)| match arm.kind {
                        Kind::Bool(false) | Kind::Absent | Kind::Null => Value::new(Kind::Absent, &arm.trail),
                        _ => item.given(question, index),
                    })
                    .collect();
                kept.push(Value::choice(question.clone(), arms, &item.trail));
            }
            _ => kept.push(item.clone()),
        }
    }
    Some(Value::new(Kind::List { items: kept.into(), open }, &receiver.trail))
}
