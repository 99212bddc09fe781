//! What is written, by its shape: `true`, a function, a list, one of some texts.

use super::table::Plain;
use crate::eval::{Because, How, Kind, Question, Step, Trail, Unknown, Value, call_reason, comes_from_caller};

/// A shape of what is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// This text, in any case.
    Word(&'static str),
    /// `true`.
    True,
    /// `false`.
    False,
    /// `null`, `None`.
    Null,
    /// An object, a dictionary, an instance.
    Object,
    /// A list, a tuple.
    List,
    /// A function or a class.
    Function,
    /// A number.
    Number,
    /// The empty text.
    Empty,
    /// Any other text.
    Text,
    /// Anything else.
    Other,
}

impl Shape {
    /// The shapes that have a name, as facts are written.
    pub const NAMED: &'static [(&'static str, Shape)] = &[
        ("true", Shape::True),
        ("false", Shape::False),
        ("null", Shape::Null),
        ("object", Shape::Object),
        ("list", Shape::List),
        ("function", Shape::Function),
        ("number", Shape::Number),
        ("empty", Shape::Empty),
        ("text", Shape::Text),
        ("other", Shape::Other),
    ];

    /// Whether a value has this shape and is not only something else than all others.
    fn fits(self, kind: &Kind) -> bool {
        match (self, kind) {
            (Shape::Word(word), Kind::Text(text)) => text.test(|text| text.eq_ignore_ascii_case(word)),
            (Shape::True, Kind::Bool(value)) => *value,
            (Shape::False, Kind::Bool(value)) => !*value,
            (Shape::Null, Kind::Null) => true,
            (Shape::Object, Kind::Object { .. }) => true,
            (Shape::Object, Kind::Call(call)) => call.is_new,
            (Shape::List, Kind::List { .. }) => true,
            (Shape::Function, Kind::Function(_) | Kind::Class(_)) => true,
            (Shape::Number, Kind::Number(_)) => true,
            (Shape::Empty, Kind::Text(text)) => text.is_empty(),
            _ => false,
        }
    }
}

/// The value that a table has for what is written; what it has nothing for stays.
pub(crate) fn of_table(value: &Value, table: &[(Shape, Plain)]) -> Value {
    let find = |shape: Shape| table.iter().find(|(own, _)| *own == shape).map(|(_, plain)| *plain);
    let only_other = table.iter().all(|(shape, _)| *shape == Shape::Other);
    value.each(&mut |value| {
        let fitting = || table.iter().find(|(shape, _)| shape.fits(&value.kind)).map(|(_, plain)| *plain);
        let plain = match &value.kind {
            Kind::Absent => None,
            Kind::Unknown(unknown) => of_unknown(unknown, table),
            // What an opaque call gives can have any shape.
            Kind::Call(call) if !call.is_new && !only_other => {
                return Value::unknown(call_reason(call), &value.trail);
            }
            Kind::External { .. } if !only_other && comes_from_caller(value) => {
                return Value::unknown(Because::Undecided, &value.trail);
            }
            Kind::Text(_) => fitting().or(find(Shape::Text)).or(find(Shape::Other)),
            _ => fitting().or(find(Shape::Other)),
        };
        plain.map_or_else(|| value.clone(), |plain| Value::new(plain.kind(&value.trail), &value.trail))
    })
}

/// What a variable holds is a text, or a list of some; which one decides only where the table tells texts apart. One that is
/// set to nothing is what nobody means.
fn of_unknown(unknown: &Unknown, table: &[(Shape, Plain)]) -> Option<Plain> {
    let tells_texts = |shape: &Shape| matches!(shape, Shape::Word(_) | Shape::Text);
    let is_text = matches!(unknown.because, Because::Variable(_)) && unknown.answers.is_none();
    if !is_text || table.iter().any(|(shape, _)| tells_texts(shape)) {
        return None;
    }
    table.iter().find(|(shape, _)| *shape == Shape::Other).map(|(_, plain)| *plain)
}

/// The value, absent where it has one of some shapes.
pub(crate) fn without(value: &Value, shapes: &[Shape]) -> Value {
    value.read(&|value| match shapes.iter().any(|shape| shape.fits(&value.kind)) {
        true => Kind::Absent,
        false => value.kind.clone(),
    })
}

/// A list; what is none is a list of one.
pub(crate) fn list(value: &Value) -> Value {
    value.each(&mut |value| match &value.kind {
        Kind::Text(_) | Kind::Pattern { .. } | Kind::Number(_) => {
            Value::new(Kind::List { items: [value.clone()].into(), open: None }, &value.trail)
        }
        Kind::Null | Kind::Bool(false) => Value::new(Kind::List { items: [].into(), open: None }, &value.trail),
        _ => value.clone(),
    })
}

/// Whether a list or a text has something in it; unknown where an open list does not show it.
pub(crate) fn contains(value: &Value, item: &str) -> Value {
    value.each(&mut |value| {
        let kind = match &value.kind {
            Kind::Text(text) => Kind::Bool(text.test(|text| text.contains(item))),
            Kind::List { items, open } => {
                let here = items.iter().any(|own| own.as_text().is_some_and(|text| text.is(item)));
                let unclear = items.iter().find(|own| !matches!(own.kind, Kind::Text(_)) && can_be_text(own));
                match (here, open, unclear) {
                    (true, ..) => Kind::Bool(true),
                    (false, Some(open), _) => Kind::Unknown(open.because.clone().into_plain()),
                    (false, None, Some(_)) => Kind::Unknown(Because::Undecided.into()),
                    (false, None, None) => Kind::Bool(false),
                }
            }
            Kind::Null => Kind::Bool(false),
            other => other.clone(),
        };
        Value::new(kind, &value.trail)
    })
}

fn can_be_text(value: &Value) -> bool {
    matches!(value.kind, Kind::Unknown(_) | Kind::Choice(..) | Kind::External { .. } | Kind::Call(_))
}

/// A variable that nothing sets is a choice: what the host sets, or nothing, which whoever wrote it left to the default.
pub(crate) fn unset_is_default(value: &Value) -> Value {
    value.each(&mut |value| match &value.kind {
        Kind::Unknown(unknown) if matches!(unknown.because, Because::Variable(_)) && !unknown.present => {
            let Some(variable) = unknown.unset_with.clone() else { return value.clone() };
            let step = Step::after(value.trail.place, How::Fallback, &value.trail);
            let unset = Value::new(Kind::Absent, &step);
            Value::choice(Question::IsSet(variable), vec![unset, value.clone()], &value.trail)
        }
        _ => value.clone(),
    })
}

/// What a variable stands for that is known not to be set.
pub(crate) fn unset_is(value: &Value, stands_for: &dyn Fn(&Trail) -> Kind) -> Value {
    value.each(&mut |value| {
        let unset = value.is_absent() && value.trail.walk(8).iter().any(|step| matches!(step.how, How::NotSet { .. }));
        if unset { Value::new(stands_for(&value.trail), &value.trail) } else { value.clone() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Place;
    use crate::text::Text;

    fn written(kind: Kind) -> Value {
        Value::written(kind, Place::Process)
    }

    fn texts(items: &[&str], open: Option<Unknown>) -> Value {
        let items = items.iter().map(|item| written(Kind::Text(Text::new(*item)))).collect();
        written(Kind::List { items, open })
    }

    const SAME_SITE: &[(Shape, Plain)] = &[
        (Shape::True, Plain::Text("strict")),
        (Shape::Word("lax"), Plain::Text("lax")),
        (Shape::Function, Plain::Text("lax")),
    ];

    #[test]
    fn a_table_reads_shapes_and_texts_of_any_case() {
        let read = |kind: Kind| of_table(&written(kind), SAME_SITE).as_text().map(Text::as_name);
        assert_eq!(read(Kind::Bool(true)).as_deref(), Some("strict"));
        assert_eq!(read(Kind::Text(Text::new("LAX"))).as_deref(), Some("lax"));
        assert_eq!(read(Kind::Text(Text::new("odd"))).as_deref(), Some("odd"));
        assert_eq!(read(Kind::Bool(false)), None);
    }

    #[test]
    fn a_variable_is_a_text_where_the_table_does_not_tell_texts_apart() {
        let variable = written(Kind::Unknown(Because::Variable("X".into()).into()));
        let shapes = &[(Shape::True, Plain::Text("reflected")), (Shape::Other, Plain::Text("literal"))];
        assert!(of_table(&variable, shapes).as_text().is_some_and(|text| text.is("literal")));
        assert!(of_table(&variable, SAME_SITE).is_unknown());
    }

    #[test]
    fn an_open_list_that_does_not_show_an_item_may_have_it() {
        assert_eq!(contains(&texts(&["a", "b"], None), "b").as_bool(), Some(true));
        assert_eq!(contains(&texts(&["a"], None), "b").as_bool(), Some(false));
        assert!(contains(&texts(&["a"], Some(Because::Undecided.into())), "b").is_unknown());
        assert_eq!(contains(&written(Kind::Text(Text::new("a b"))), "b").as_bool(), Some(true));
    }

    #[test]
    fn what_counts_as_not_written_is_absent() {
        let shapes = &[Shape::Null, Shape::Empty];
        assert!(without(&written(Kind::Null), shapes).is_absent());
        assert!(without(&written(Kind::Text(Text::new(""))), shapes).is_absent());
        assert_eq!(without(&written(Kind::Bool(false)), shapes).as_bool(), Some(false));
    }

    #[test]
    fn one_is_a_list_of_one() {
        assert_eq!(list(&written(Kind::Text(Text::new("x")))).as_list().map(<[_]>::len), Some(1));
        assert_eq!(list(&written(Kind::Null)).as_list().map(<[_]>::len), Some(0));
    }

    #[test]
    fn a_variable_that_is_not_set_leaves_the_default() {
        let variable = written(Kind::Unknown(Because::Variable("X".into()).into()));
        let Kind::Choice(_, arms) = unset_is_default(&variable).kind else { panic!("a choice") };
        assert!(arms[0].is_absent() && arms[1].is_unknown());
    }
}
