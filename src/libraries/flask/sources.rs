//! Where Flask's configuration is taken from as a whole: objects and modules, files, variables of a prefix.

use super::config::{Config, Written};
use crate::eval::{Because, How, Kind, Place, Question, Step, Value, data_value};
use crate::syntax::FileId;
use crate::syntax::data::Format;
use crate::text::Text;
use std::sync::Arc;

/// The folder beside the code in which an app with `instance_relative_config` keeps its files.
const INSTANCE: &str = "instance";

impl Config<'_, '_> {
    /// A class, a module, an instance, or the name of one: its names in capitals.
    pub(super) fn object(&mut self, written: &Written<'_>, object: Option<&Value>) {
        let Some(object) = object else { return };
        let object = object.each(&mut |object| match &object.kind {
            Kind::Text(text) => self.named(written, &text.as_name()),
            _ => object.clone(),
        });
        if !can_be_read(&object) {
            self.open |= !written.is_asked;
            return;
        }
        for key in self.wanted {
            let value = self.named_in(&object, key);
            if !value.is_absent() {
                let before =
                    self.fields.iter().rev().find(|(known, _)| **known == **key).map(|(_, value)| value.clone());
                self.put(key, value.or_default(&|absent| before.clone().unwrap_or_else(|| absent.clone())));
            }
        }
    }

    /// A name of an object, in any of its forms. A module that can be read has no name that it does not give.
    fn named_in(&self, object: &Value, key: &str) -> Value {
        let evaluator = self.reading.evaluator;
        object.each(&mut |object| match object.kind {
            Kind::Module(file) if evaluator.unseen_names().is_empty() => {
                evaluator.own_name(file, key).unwrap_or_else(|| Value::new(Kind::Absent, &object.trail))
            }
            _ => evaluator.field(object, key),
        })
    }

    /// `config.Production`: a module of the project, and a name in it.
    fn named(&self, written: &Written<'_>, name: &str) -> Value {
        let place = Place::File(written.file, written.span);
        let unknown = || Value::written(Kind::Unknown(Because::Undecided.into()), place);
        let module = |path: &str| self.module(written.file, path);
        if let Some(file) = module(name) {
            return Value::written(Kind::Module(file), place);
        }
        let Some((path, inside)) = name.rsplit_once('.') else { return unknown() };
        module(path).map_or_else(unknown, |file| self.reading.evaluator.export(file, inside))
    }

    fn module(&self, from: FileId, name: &str) -> Option<FileId> {
        let project = self.reading.documents.project;
        let path = name.replace('.', "/");
        let root = &self.reading.found.root;
        let folders = [&**root, project.file(from).folder()];
        folders.into_iter().find_map(|folder| {
            let at = |rest: &str| project.find(&crate::project::inside(folder, rest));
            at(&format!("{path}.py")).or_else(|| at(&format!("{path}/__init__.py")))
        })
    }

    /// What the variable of a name holds.
    pub(super) fn told_by(&self, written: &Written<'_>, name: &Value) -> Value {
        match name.as_text() {
            Some(name) => self.reading.evaluator.variable(&name.as_name(), Place::File(written.file, written.span)),
            None => name.clone(),
        }
    }

    /// A file by its path, as it stands in the tree or as an image has it below a folder of its own.
    fn found(&self, from: FileId, name: &str) -> Option<FileId> {
        let project = self.reading.documents.project;
        let root = &self.reading.found.root;
        let instance = crate::project::inside(root, INSTANCE);
        let folders = [project.file(from).folder(), root, &*instance];
        let at = |name: &str| folders.iter().find_map(|folder| project.find(&crate::project::inside(folder, name)));
        let is_whole = name.starts_with('/');
        at(name).or_else(|| {
            let parts = name.match_indices('/').map(|(at, _)| &name[at + 1..]);
            parts.filter(|_| is_whole).find_map(at)
        })
    }

    /// A file of Python: its names in capitals. One that is not in the tree can hold anything, unless that is fine.
    pub(super) fn file(&mut self, written: &Written<'_>, path: Option<&Value>, is_silent: bool) {
        let project = self.reading.documents.project;
        let name = path.and_then(Value::as_text).map(Text::as_name);
        let file = name.and_then(|name| self.found(written.file, &name));
        let read = file.and_then(|file| {
            let is_module = project.file(file).kind.is_python() || self.reading.documents.module_of(file).is_some();
            match is_module {
                true => Some(Value::written(Kind::Module(file), Place::File(written.file, written.span))),
                false => self.data(file),
            }
        });
        match read {
            Some(module) if matches!(module.kind, Kind::Module(_)) => self.object(written, Some(&module)),
            Some(object) => self.merge(written, &object, true),
            None => self.open |= !is_silent,
        }
    }

    /// What a file of JSON or TOML holds.
    fn data(&self, file: FileId) -> Option<Value> {
        let path = &self.reading.documents.project.file(file).path;
        let format = match path.rsplit('.').next()? {
            "json" => Format::Json,
            "toml" => Format::Toml,
            _ => return None,
        };
        let document = self.reading.documents.data_of(file, format)?;
        Some(data_value(document.root(), file))
    }

    /// Variables of a prefix: JSON, and what is none stays a text. One that is not set leaves what was there.
    pub(super) fn prefixed(&mut self, prefix: &str, written: &Written<'_>) {
        let place = Place::File(written.file, written.span);
        for key in self.wanted {
            let variable: Arc<str> = format!("{prefix}_{key}").into();
            let before = self.fields.iter().rev().find(|(known, _)| **known == **key).map(|(_, value)| value.clone());
            let value = self.reading.evaluator.variable(&variable, place).each(&mut |value| match &value.kind {
                Kind::Text(text) => Value::new(of_json(text), &value.trail),
                _ => value.clone(),
            });
            match (&value.kind, before) {
                (Kind::Absent, _) => {}
                (Kind::Unknown(_), Some(before)) => {
                    let step = Step::after(before.trail.place, How::Fallback, &before.trail);
                    let unset = Value::new(before.kind.clone(), &step);
                    self.put(key, Value::choice(Question::IsSet(variable), vec![unset, value.clone()], &value.trail));
                }
                // Nobody wrote that this key comes from a variable.
                (Kind::Unknown(_), None) => {}
                _ => self.put(key, value),
            }
        }
    }
}

/// Whether every form that a value can have shows its names.
fn can_be_read(value: &Value) -> bool {
    match &value.kind {
        Kind::Choice(_, arms) => arms.iter().all(can_be_read),
        Kind::Class(_) | Kind::Module(_) | Kind::Object { .. } => true,
        _ => false,
    }
}

/// A text as JSON, where it is a boolean, a number or nothing.
fn of_json(text: &Text) -> Kind {
    if text.is("true") || text.is("false") {
        return Kind::Bool(text.is("true"));
    }
    if text.is("null") {
        return Kind::Null;
    }
    text.number(|text| text.parse().ok()).map_or_else(|| Kind::Text(text.clone()), Kind::Number)
}
