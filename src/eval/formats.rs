//! Python's ways to put values into a text: `"%s" % x`, `"{}".format(x)`.

use super::calls::keyword;
use super::{Evaluator, How, Kind, Place, Step, Value};
use crate::syntax::code::Language;
use crate::text::Text;
use std::sync::Arc;

/// A text taken apart: what is written, and what comes from outside.
enum Piece {
    Written(String),
    Given(Value),
}

impl Evaluator<'_> {
    /// `template % values`; none for what is more than a plain `%s` or `%d`.
    pub(super) fn percent(&self, template: &Text, values: &Value, place: Place) -> Option<Value> {
        let pieces = taken_apart(template, &|template| percent_pieces(template, values))?;
        Some(self.filled(pieces, place))
    }

    /// `template.format(…)`; none where a hole asks for more than a value.
    pub(super) fn formatted(
        &self,
        template: &Text,
        positional: &[Value],
        keywords: &[(Arc<str>, Value)],
        place: Place,
    ) -> Option<Value> {
        let pieces = taken_apart(template, &|template| format_pieces(template, positional, keywords))?;
        Some(self.filled(pieces, place))
    }

    fn filled(&self, pieces: Vec<Piece>, place: Place) -> Value {
        let text = |text: String| Value::written(Kind::Text(Text::new(text)), place);
        let whole = pieces.into_iter().fold(text(String::new()), |whole, piece| {
            let next = match piece {
                Piece::Written(written) => text(written),
                Piece::Given(value) => value,
            };
            self.concatenate(&whole, &next, Language::Python)
        });
        whole.each(&mut |value| {
            Value::new(value.kind.clone(), &Step::of(place, How::Joined, value.trail.before.clone()))
        })
    }
}

fn taken_apart(template: &Text, how: &dyn Fn(&str) -> Option<Vec<Piece>>) -> Option<Vec<Piece>> {
    let mut pieces = None;
    template.test(|template| {
        pieces = how(template);
        true
    });
    pieces
}

fn percent_pieces(template: &str, values: &Value) -> Option<Vec<Piece>> {
    let alone = [values.clone()];
    let given = values.as_list().unwrap_or(&alone);
    let mut next = given.iter();
    let mut pieces = Vec::new();
    let mut rest = template;
    let mut by_name = false;
    while let Some((before, after)) = rest.split_once('%') {
        pieces.push(Piece::Written(before.to_owned()));
        let (value, after) = match after.strip_prefix('(') {
            Some(named) => {
                let (name, after) = named.split_once(')')?;
                by_name = true;
                (Some(values.field(name)).filter(|value| !value.is_absent()), after)
            }
            None if after.starts_with('%') => {
                pieces.push(Piece::Written("%".to_owned()));
                rest = &after[1..];
                continue;
            }
            None => (next.next().cloned(), after),
        };
        rest = after.strip_prefix(['s', 'd'])?;
        let is_number = after.starts_with('d');
        let value = value?;
        if is_number && value.as_number().is_none_or(|number| number.fract() != 0.0) {
            return None;
        }
        pieces.push(Piece::Given(value));
    }
    pieces.push(Piece::Written(rest.to_owned()));
    (by_name || next.next().is_none()).then_some(pieces)
}

fn format_pieces(template: &str, positional: &[Value], keywords: &[(Arc<str>, Value)]) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut next = 0;
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, after) = rest.split_at(at);
        pieces.push(Piece::Written(before.to_owned()));
        let brace = &after[..1];
        if let Some(after) = after[1..].strip_prefix(brace) {
            pieces.push(Piece::Written(brace.to_owned()));
            rest = after;
            continue;
        }
        let (hole, after) = after.strip_prefix('{')?.split_once('}')?;
        let value = if hole.is_empty() {
            next += 1;
            positional.get(next - 1)?
        } else if hole.bytes().all(|byte| byte.is_ascii_digit()) {
            positional.get(hole.parse::<usize>().ok()?)?
        } else {
            keyword(keywords, hole)?
        };
        pieces.push(Piece::Given(value.clone()));
        rest = after;
    }
    pieces.push(Piece::Written(rest.to_owned()));
    Some(pieces)
}
