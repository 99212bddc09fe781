//! What the evaluator makes of the changes: a part that may be changed where it does not come by is not known.

use super::graph::Change;
use super::look::Look;
use super::{ANY, MODULE};
use crate::eval::{Because, ClassValue, Evaluator, How, Kind, Place, Step, Unknown, Value};
use crate::syntax::code::Language;
use crate::syntax::{FileId, Span};
use std::sync::Arc;

impl Evaluator<'_> {
    /// Whether a read of a name may see another value than the one it has in the end.
    pub(in crate::eval) fn is_uncertain_read(&self, file: FileId, span: Span, name: &str) -> bool {
        if !self.looks(file) || self.effects.is_quiet(self.source, file, name) {
            return false;
        }
        self.effects.is_read_uncertain(&self.look(), file, span)
    }

    /// Whether a read sees what the evaluator gives for a name, although that has another value in the end.
    pub(in crate::eval) fn is_certain_read(&self, file: FileId, span: Span, name: &str) -> bool {
        self.looks(file)
            && !self.effects.is_quiet(self.source, file, name)
            && self.effects.is_read_certain(&self.look(), file, span)
    }

    /// Whether a module is looked at. A program that is described by whoever knows its packages is followed in its order,
    /// and of one whose modules run one after the other the module that is started is.
    fn looks(&self, file: FileId) -> bool {
        self.outside().is_none()
            && (!self.runs_a_program() || self.is_entry(file) || self.language(file) != Language::Python)
    }

    fn look(&self) -> Look<'_> {
        Look { source: self.source, is_run: self.runs_a_program(), has_run: Box::new(|file| self.has_run(file)) }
    }

    fn changes_at(&self, file: FileId, span: Span) -> Vec<Change> {
        if self.looks(file) { self.effects.changes(&self.look(), file, span) } else { Vec::new() }
    }

    /// A value that is set at a place, as far as that is what stays there.
    pub(in crate::eval) fn as_stored(&self, value: Value, file: FileId, span: Span) -> Value {
        if self.looks(file) && self.effects.is_overwritten(&self.look(), file, span) {
            changed_at(Place::File(file, span))
        } else {
            value
        }
    }

    /// A whole object that is changed by a call at a place, as far as that is what stays there.
    pub(in crate::eval) fn as_changed(&self, value: Value, file: FileId, span: Span) -> Value {
        if !self.looks(file) {
            return value;
        }
        let changes = self.effects.changes_of_stored(&self.look(), file, span);
        value.each(&mut |value| changes.iter().fold(value.clone(), |value, change| opened_by(&value, change)))
    }

    /// A module's name that is changed where the evaluator does not come by.
    pub(in crate::eval) fn changed_name(&self, file: FileId, name: &str) -> Option<Value> {
        if !self.looks(file) {
            return None;
        }
        let is_quiet = self.effects.is_quiet(self.source, file, name);
        if !is_quiet && self.effects.is_name_changed(&self.look(), file, name) {
            return Some(changed_at(Place::File(file, Span::default())));
        }
        if !self.is_set_from_outside(file, name) {
            return None;
        }
        let changes = self.changes_at(file, MODULE);
        let change = changes.iter().find(|change| change.touches(name))?;
        Some(changed_at(Place::File(change.file, change.span)))
    }

    /// Whether another module may set a name of a module. What ES modules export is theirs alone to set.
    fn is_set_from_outside(&self, file: FileId, name: &str) -> bool {
        let can_be_set = self.language(file) == Language::Python || self.source.mentions(file, "exports");
        can_be_set && self.source.sets_name(file, name)
    }

    /// A part of a class that is set again somewhere.
    pub(in crate::eval) fn changed_member(&self, class: &ClassValue, name: &str) -> Option<Value> {
        if !self.looks(class.file) || !self.effects.is_part_set(&self.look(), class.file, name) {
            return None;
        }
        let changes = self.changes_at(class.file, class.class.span);
        let change = changes.iter().find(|change| change.touches(name))?;
        Some(changed_at(Place::File(change.file, change.span)))
    }

    /// A variable where the code itself may set it.
    pub(in crate::eval) fn changed_variable(&self, name: &str, value: Value) -> Value {
        if self.outside().is_some() {
            return value;
        }
        let changes = self.effects.changes_of_variable(&self.look(), name);
        let mut touching = changes.iter().filter(|change| change.touches(name)).peekable();
        if touching.peek().is_none() {
            return value;
        }
        let is_there = matches!(value.kind, Kind::Text(_));
        match touching.find(|change| !(change.keeps && is_there)) {
            Some(change) => changed_at(Place::File(change.file, change.span)),
            None => value,
        }
    }

    /// What is made at a place, where parts of it are changed later: those are not known.
    pub(in crate::eval) fn opened(&self, value: Value, file: FileId, span: Span) -> Value {
        if !can_be_opened(&value) {
            return value;
        }
        let changes = self.changes_at(file, span);
        if changes.is_empty() {
            return value;
        }
        value.each(&mut |value| changes.iter().fold(value.clone(), |value, change| opened_by(&value, change)))
    }

    /// The same for the keywords that something is made with, which are its attributes then.
    pub(in crate::eval) fn opened_keywords(&self, keywords: &mut Vec<(Arc<str>, Value)>, file: FileId, span: Span) {
        for change in self.changes_at(file, span) {
            open_keywords(keywords, &change, self.is_python(Place::File(file, span)));
        }
    }
}

/// Whether parts of a value can be changed.
fn can_be_opened(value: &Value) -> bool {
    match &value.kind {
        Kind::Object { .. } | Kind::List { .. } => true,
        Kind::Choice(_, arms) => arms.iter().any(can_be_opened),
        _ => false,
    }
}

fn changed_at(place: Place) -> Value {
    Value::unknown(Because::Changed, &Step::start(place, How::Written))
}

fn open_keywords(keywords: &mut Vec<(Arc<str>, Value)>, change: &Change, python: bool) {
    let place = Place::File(change.file, change.span);
    for (name, value) in keywords.iter_mut().filter(|(name, _)| change.touches(name)) {
        let _ = name;
        *value = changed_at(place);
    }
    if python && &*change.key != ANY && !keywords.iter().any(|(name, _)| *name == change.key) {
        keywords.push((change.key.clone(), changed_at(place)));
    }
}

fn opened_by(value: &Value, change: &Change) -> Value {
    let place = Place::File(change.file, change.span);
    let open_all = || Some(Unknown::from(Because::Changed));
    match &value.kind {
        Kind::List { .. } => changed_at(place),
        Kind::Object { fields, open } => {
            let mut fields: Vec<(Arc<str>, Value)> = fields.to_vec();
            let is_there =
                |value: &Value| !matches!(value.kind, Kind::Absent | Kind::Null | Kind::Unknown(_) | Kind::Choice(..));
            for (_, value) in
                fields.iter_mut().filter(|(key, value)| change.touches(key) && !(change.keeps && is_there(value)))
            {
                *value = changed_at(place);
            }
            let is_any = &*change.key == ANY;
            if !is_any && !fields.iter().any(|(key, _)| *key == change.key) {
                fields.push((change.key.clone(), changed_at(place)));
            }
            let open = if is_any { open_all() } else { open.clone() };
            Value::new(Kind::Object { fields: fields.into(), open }, &value.trail)
        }
        Kind::Call(call) if matches!(call.callee.kind, Kind::External { .. }) => {
            let mut call = (**call).clone();
            let python = !call.keywords.is_empty();
            open_keywords(&mut call.keywords, change, python);
            for argument in &mut call.arguments {
                if argument.fields().iter().any(|(key, _)| change.touches(key)) {
                    *argument = opened_by(argument, change);
                }
            }
            Value::new(Kind::Call(Arc::new(call)), &value.trail)
        }
        _ => value.clone(),
    }
}
