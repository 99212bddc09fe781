//! Validators of pydantic's classes: the functions of the project that a field goes through before and after its type.

use super::records::coerced;
use super::scope::{ClassValue, Closure};
use super::{Because, Evaluator, Kind, Step, Value};
use crate::syntax::code::{Argument, Expr, ExprKind, Member};
use crate::text::Text;
use std::sync::Arc;

/// Base classes are followed this far.
const MOST_BASES: usize = 12;

/// What a type says by which a list is not read as JSON.
const UNDECODED: &str = "NoDecode";

/// When a validator comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Before,
    After,
}

/// A validator of a field.
struct Validator {
    turn: Turn,
    function: Value,
    /// Whether it sees the default as well.
    sees_default: bool,
}

/// The validators of one field of settings.
#[derive(Default)]
pub(super) struct Validators(Vec<Validator>);

impl Evaluator<'_> {
    /// The validators of a field: those of the class and its bases, and those that its type names.
    pub(super) fn validators(&self, class: &Arc<ClassValue>, field: &str, annotation: Option<&Text>) -> Validators {
        let mut found = Validators::default();
        for (word, turn) in [("BeforeValidator(", Turn::Before), ("AfterValidator(", Turn::After)] {
            let name = annotation.and_then(|annotation| named_behind(annotation, word));
            let function = name.and_then(|name| self.own_name(class.file, &name));
            let function = function.filter(|function| matches!(function.kind, Kind::Function(_)));
            found.0.extend(function.map(|function| Validator { turn, function, sees_default: true }));
        }
        self.declared_validators(class, field, &mut found.0, 0);
        found
    }

    fn declared_validators(&self, class: &Arc<ClassValue>, field: &str, into: &mut Vec<Validator>, depth: usize) {
        if depth > MOST_BASES {
            return;
        }
        let frame = self.class_frame(class);
        for base in &class.class.bases {
            if let Kind::Class(base) = self.expr(base, &frame).kind {
                self.declared_validators(&base, field, into, depth + 1);
            }
        }
        for member in &class.class.members {
            let Some((turn, sees_default)) = member.decorators.iter().find_map(|own| validates(own, field)) else {
                continue;
            };
            let Some(ExprKind::Function(function)) = member.value.as_ref().map(|value| &value.kind) else { continue };
            let this =
                is_bound(member).then(|| Value::new(Kind::Class(class.clone()), &self.start(function.span, &frame)));
            let closure = Closure { function: function.clone(), file: class.file, scope: frame.capture(), this };
            let function = Value::new(Kind::Function(Arc::new(closure)), &self.start(function.span, &frame));
            into.push(Validator { turn, function, sees_default });
        }
    }

    fn start(&self, span: crate::syntax::Span, frame: &super::scope::Frame) -> super::Trail {
        Step::start(self.here(span, frame), super::How::Written)
    }

    /// The text of a variable, as the type of a field and its validators make it.
    pub(super) fn taken_as(&self, read: &Value, annotation: Option<&Text>, validators: &Validators) -> Value {
        if validators.0.is_empty() {
            return coerced(read, annotation);
        }
        let is_raw = annotation.is_some_and(|annotation| annotation.test(|text| text.contains(UNDECODED)));
        let first = match is_list(annotation) && !is_raw {
            true => decoded(read, annotation),
            false => read.clone(),
        };
        let before = self.through(first, validators, Turn::Before, false);
        let typed = before.each(&mut |before| match &before.kind {
            Kind::Text(_) if !is_list(annotation) => coerced(before, annotation),
            _ => before.clone(),
        });
        self.through(typed, validators, Turn::After, false)
    }

    /// The default of a field, as its validators make it.
    pub(super) fn default_as(&self, default: &Value, validators: &Validators) -> Value {
        let before = self.through(default.clone(), validators, Turn::Before, true);
        self.through(before, validators, Turn::After, true)
    }

    fn through(&self, value: Value, validators: &Validators, turn: Turn, is_default: bool) -> Value {
        let own = validators.0.iter().filter(|own| own.turn == turn && (own.sees_default || !is_default));
        own.fold(value, |value, validator| {
            value.each(&mut |value| match &value.kind {
                // What nobody knows stays so, and what is not there is nobody's to look at.
                Kind::Unknown(_) | Kind::Absent => value.clone(),
                _ => {
                    let rest = Value::unknown(Because::Undecided, &value.trail);
                    let made = self.call(&validator.function, vec![value.clone(), rest]);
                    if made.same_as(value) == Some(true) { value.clone() } else { made }
                }
            })
        })
    }
}

/// The turn of a validator that a decorator makes of a function, where it is one of the field, and whether it sees defaults.
fn validates(decorator: &Expr, field: &str) -> Option<(Turn, bool)> {
    let ExprKind::Call { callee, arguments, .. } = &decorator.kind else { return None };
    let (ExprKind::Name(name) | ExprKind::Member { property: name, .. }) = &callee.kind else { return None };
    let option = |name: &str| arguments.iter().find(|own| own.name.as_ref().is_some_and(|(own, _)| &**own == name));
    let says = |argument: Option<&Argument>, word: &str| matches!(argument.map(|own| &own.value.kind), Some(ExprKind::Text(text)) if text.is(word));
    let is_on = |argument: Option<&Argument>| matches!(argument.map(|own| &own.value.kind), Some(ExprKind::Bool(true)));
    let names = |argument: &Argument| {
        argument.name.is_none()
            && matches!(&argument.value.kind, ExprKind::Text(text) if text.is(field) || text.is("*"))
    };
    if !arguments.iter().any(names) {
        return None;
    }
    match &**name {
        "field_validator" if says(option("mode"), "before") || says(option("mode"), "plain") => {
            Some((Turn::Before, true))
        }
        "field_validator" if says(option("mode"), "wrap") => None,
        "field_validator" => Some((Turn::After, true)),
        "validator" if is_on(option("pre")) => Some((Turn::Before, is_on(option("always")))),
        "validator" => Some((Turn::After, is_on(option("always")))),
        _ => None,
    }
}

/// Whether a validator takes the class first.
fn is_bound(member: &Member) -> bool {
    !member.decorators.iter().any(|own| matches!(&own.kind, ExprKind::Name(name) if &**name == "staticmethod"))
}

/// The name that stands in a type behind a word.
fn named_behind(annotation: &Text, word: &str) -> Option<Arc<str>> {
    let text = annotation.as_name();
    let rest = text.split_once(word)?.1;
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
    Some(rest[..end].into()).filter(|name: &Arc<str>| !name.is_empty())
}

/// Whether a type is that of several.
fn is_list(annotation: Option<&Text>) -> bool {
    let words = ["list", "List", "set", "Set", "tuple", "Tuple", "Sequence"];
    annotation.is_some_and(|annotation| {
        annotation
            .test(|text| text.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|part| words.contains(&part)))
    })
}

/// A text as JSON; where the type is one text as well, what is no JSON stays the text that it is.
fn decoded(read: &Value, annotation: Option<&Text>) -> Value {
    let or_text = annotation.is_some_and(|own| own.test(|text| text.contains("| str") || text.contains("str |")));
    let made = coerced(read, annotation);
    match (&read.kind, &made.kind) {
        (Kind::Text(_), Kind::Unknown(_)) if or_text => read.clone(),
        _ => made,
    }
}
