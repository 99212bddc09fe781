//! Truth: when a condition holds, when it does not, and which question decides it otherwise.

use super::{Evaluator, Kind, Place, Question, Value};
use std::sync::Arc;

/// Whether a plain value counts as true.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Truth {
    Yes,
    No,
    /// Open: true exactly when the answer to the question is this one.
    Ask(Question, bool),
}

/// Whether a value that is no choice counts as true in JavaScript and Python alike; an open question stands for
/// itself, or for the place.
pub(super) fn truth(value: &Value, python: bool, place: Place) -> Truth {
    let known = |holds| if holds { Truth::Yes } else { Truth::No };
    match &value.kind {
        Kind::Absent | Kind::Null => Truth::No,
        Kind::Bool(value) => known(*value),
        Kind::Number(number) => known(*number != 0.0 && !number.is_nan()),
        Kind::Text(text) => known(!text.is_empty()),
        Kind::List { items, open: None } => known(!python || !items.is_empty()),
        Kind::Object { fields, open: None } => known(!python || !fields.is_empty()),
        Kind::List { .. } | Kind::Object { .. } if python => ask_place(value, place),
        // What a function outside of the project returns can be anything; what a constructor makes is there.
        Kind::Call(call) if !call.is_new && call.external().is_none_or(|(_, path)| !is_constructor(path)) => {
            ask_place(value, place)
        }
        Kind::Unknown(unknown) => match (unknown.answers.as_deref(), &unknown.unset_with) {
            (Some((question, as_asked)), _) => Truth::Ask(question.clone(), *as_asked),
            (None, Some(variable)) => Truth::Ask(Question::IsSet(variable.clone()), true),
            (None, None) if unknown.present => Truth::Yes,
            (None, None) => ask_place(value, place),
        },
        Kind::External { module, .. } if &**module == super::trial::CALLER => ask_place(value, place),
        _ => Truth::Yes,
    }
}

/// Whether a value holds or not, where that hangs on nothing.
pub(super) fn settled(value: &Value, python: bool, place: Place) -> Option<bool> {
    if let Kind::Choice(_, arms) = &value.kind {
        let first = settled(arms.first()?, python, place)?;
        return arms.iter().all(|arm| settled(arm, python, place) == Some(first)).then_some(first);
    }
    match truth(value, python, place) {
        Truth::Yes => Some(true),
        Truth::No => Some(false),
        Truth::Ask(..) => None,
    }
}

/// Whether a name is that of a class, as both languages write them.
fn is_constructor(path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or_default();
    // Python has them by the hand in small letters, too; a span of no time is nothing that anybody writes.
    matches!(name, "timedelta" | "datetime") || name.starts_with(|first: char| first.is_ascii_uppercase())
}

fn ask_place(value: &Value, place: Place) -> Truth {
    // The value's own place: two tests of one unknown value ask the same question.
    let place = value.trail.primary().map_or(place, |(file, span)| Place::File(file, span));
    match place {
        Place::File(file, span) => Truth::Ask(Question::Condition(file, span), true),
        Place::Whole(_) | Place::Process | Place::Framework(_) => {
            Truth::Ask(Question::OneOf("an undecided condition".into()), true)
        }
    }
}

impl Evaluator<'_> {
    /// What a branch gives: one side where the test is decided, a choice where a question decides it.
    pub(super) fn branch(&self, test: &Value, place: Place, side: &mut dyn FnMut(bool) -> Value) -> Value {
        self.note_fallback(test);
        let python = self.is_python(place);
        let mut yes = None;
        let mut no = None;
        let mut take = |answer: bool| -> Value {
            let slot = if answer { &mut yes } else { &mut no };
            slot.get_or_insert_with(|| side(answer)).clone()
        };
        test.each(&mut |test| match truth(test, python, place) {
            Truth::Yes => take(true),
            Truth::No => take(false),
            Truth::Ask(question, as_asked) => {
                let (when_no, when_yes) = (take(!as_asked), take(as_asked));
                two_sided(question, when_no, when_yes, test)
            }
        })
    }

    pub(super) fn is_python(&self, place: Place) -> bool {
        place.in_file().is_some_and(|(file, _)| self.language(file) == crate::syntax::code::Language::Python)
    }
}

/// A choice between two sides, or, where both are plain booleans, the answer itself: a switch that hangs on an
/// unknown is unknown, not "possibly off".
pub(super) fn two_sided(question: Question, no: Value, yes: Value, test: &Value) -> Value {
    if let (Some(no), Some(yes)) = (no.as_bool(), yes.as_bool())
        && no != yes
        && let Kind::Unknown(unknown) = &test.kind
    {
        let mut answer = unknown.clone();
        answer.answers = Some(Arc::new((question, yes)));
        answer.unset_with = None;
        return Value::new(Kind::Unknown(answer), &test.trail);
    }
    Value::choice(question, vec![no, yes], &test.trail)
}
