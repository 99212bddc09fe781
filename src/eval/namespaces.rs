//! The names of a Python module that no assignment binds: star imports in their order, imports under conditions,
//! `globals().update(…)`, `del`.

use super::control::Flow;
use super::scope::{Frame, Slot};
use super::{Because, Evaluator, Kind, Place, Step, Target, Value};
use crate::syntax::FileId;
use crate::syntax::Span;
use crate::syntax::code::{Argument, Expr, ExprKind, Import, Imported, Language, Statement, UnaryOp};
use hashbrown::HashSet;
use std::sync::Arc;

/// Functions that give the names of the module, where they are called at its top level.
const NAMESPACES: &[&str] = &["globals", "locals", "vars"];

/// The function of `split_settings.tools` that runs files as if they stood in this one.
const INCLUDE: &str = "include";

impl Evaluator<'_> {
    /// An import statement that is reached while a module of Python runs. One that leads nowhere is left for the handler
    /// around it.
    pub(super) fn import_in_order(&self, import: &Import, frame: &Frame) -> Flow {
        let target = self.resolve(frame.file, &import.module);
        let is_gone = match &target {
            Target::Code(file) => !self.source.is_deployed(*file),
            Target::Missing(_) => !self.leads_to_modules(import, frame),
            Target::External(_) => import.names.iter().any(|name| name.what == Imported::Everything),
            Target::Data(_) => true,
        };
        if is_gone && self.is_caught() {
            return Flow::Throw;
        }
        for name in &import.names {
            match &name.what {
                Imported::Everything => self.bind_everything(&target, import, frame),
                _ if self.is_bound_when_asked(import, &name.local, frame) => {}
                _ => self.bind_name(&name.local, self.imported(import, name, frame), frame),
            }
        }
        Flow::Next
    }

    /// `from . import local`: a folder without a file of its own.
    fn leads_to_modules(&self, import: &Import, frame: &Frame) -> bool {
        let joint = if import.module.ends_with('.') { "" } else { "." };
        import.names.iter().any(|name| match &name.what {
            Imported::Named(name) => {
                let inner = format!("{}{joint}{name}", import.module);
                matches!(self.resolve(frame.file, &inner), Target::Code(_))
            }
            _ => false,
        })
    }

    /// Whether a name is bound by this very import once somebody asks for it.
    fn is_bound_when_asked(&self, import: &Import, name: &str, frame: &Frame) -> bool {
        let Some(module) = frame.module.as_ref() else { return false };
        let Some(Slot::Statement(index)) = module.slots.borrow().get(name).cloned() else { return false };
        matches!(module.module.body.get(index), Some(Statement::Import(own)) if own.span == import.span)
    }

    /// `from module import *`: its public names replace those that were there before.
    fn bind_everything(&self, target: &Target, import: &Import, frame: &Frame) {
        let Target::Code(file) = target else {
            self.note_unseen(self.here(import.span, frame));
            return self.open_settings(target, frame);
        };
        for name in self.public_names(*file, &mut HashSet::from([frame.file])) {
            if let Some(value) = self.module_name(*file, &name).or_else(|| self.star_name(*file, &name)) {
                self.bind_name(&name, value, frame);
            }
        }
    }

    /// What a module that the program cannot start without, and nobody sees, may set anew: the constants so far. One that a
    /// handler makes up for is not taken to be there.
    fn open_settings(&self, target: &Target, frame: &Frame) {
        let (Target::Missing(path), false, true) = (target, self.is_caught(), frame.is_module) else { return };
        let names = self.public_names(frame.file, &mut HashSet::new());
        for name in names.iter().filter(|name| is_constant(name)) {
            let is_bound = |slot: &Slot| matches!(slot, Slot::Known(_));
            let known =
                frame.module.as_ref().is_some_and(|module| module.slots.borrow().get(name).is_some_and(is_bound));
            let before = known.then(|| self.module_name(frame.file, name)).flatten();
            if let Some(before) = before.or_else(|| self.star_name(frame.file, name)) {
                self.bind_name(name, Value::unknown(Because::MissingFile(path.clone()), &before.trail), frame);
            }
        }
    }

    /// The names that a star import takes: those of `__all__`, else all without an underscore before them.
    fn public_names(&self, file: FileId, seen: &mut HashSet<FileId>) -> Vec<Arc<str>> {
        if !seen.insert(file) {
            return Vec::new();
        }
        // What the module itself has is not narrowed by what it gives to others.
        let is_taken = seen.len() > 1;
        if is_taken && let Some(listed) = self.module_name(file, "__all__").as_ref().and_then(Value::as_list) {
            return listed.iter().filter_map(Value::as_text).map(crate::text::Text::as_name).collect();
        }
        let Some(state) = self.state(file) else { return Vec::new() };
        let mut names: Vec<Arc<str>> = state.slots.borrow().keys().cloned().collect();
        for statement in &state.module.body {
            let Statement::Import(import) = statement else { continue };
            if !import.names.iter().any(|name| name.what == Imported::Everything) {
                continue;
            }
            if let Target::Code(inner) = self.resolve(file, &import.module) {
                names.extend(self.public_names(inner, seen));
            }
        }
        names.retain(|name| !name.starts_with(['_', '*']));
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The names that a module of Python has at its top level.
    pub fn names_of(&self, file: FileId) -> Vec<Arc<str>> {
        self.public_names(file, &mut HashSet::new())
    }

    /// An expression statement at the top level of a module that changes which names it has.
    pub(super) fn change_names(&self, expr: &Expr, frame: &Frame) -> Option<Flow> {
        if self.language(frame.file) != Language::Python {
            return None;
        }
        match &expr.kind {
            ExprKind::Unary(UnaryOp::Delete, target) => {
                let name = match &target.kind {
                    ExprKind::Name(name) => name,
                    ExprKind::Index { object, index, .. } => return self.take_out(object, index, expr.span, frame),
                    _ => return None,
                };
                let trail = Step::start(self.here(expr.span, frame), super::How::Written);
                self.bind_name(name, Value::new(Kind::Absent, &trail), frame);
                Some(Flow::Next)
            }
            ExprKind::Call { callee, arguments, .. } if frame.is_module => match &callee.kind {
                ExprKind::Member { object, property, .. } if &**property == "update" && is_namespace(object) => {
                    self.bind_fields(arguments, frame);
                    Some(Flow::Next)
                }
                ExprKind::Name(name) if &**name == INCLUDE && self.is_include(callee, frame) => {
                    arguments.iter().for_each(|argument| self.include(&argument.value, frame));
                    Some(Flow::Next)
                }
                _ => {
                    let handed = arguments.iter().find(|argument| is_own_module(&argument.value))?;
                    self.note_unseen(self.here(handed.value.span, frame));
                    None
                }
            },
            _ => None,
        }
    }

    /// Whether a function is the one of `split_settings` that runs other files in the place of this module.
    fn is_include(&self, callee: &Expr, frame: &Frame) -> bool {
        let callee = self.aside(|| self.expr(callee, frame));
        matches!(&callee.kind, Kind::External { module, .. } if module.starts_with("split_settings"))
    }

    /// `include("base.py", optional("local.py"))`: the names of the files in their order, where there are any.
    fn include(&self, argument: &Expr, frame: &Frame) {
        let (pattern, is_optional) = match &argument.kind {
            ExprKind::Call { arguments, .. } if arguments.len() == 1 => (&arguments[0].value, true),
            _ => (argument, false),
        };
        let pattern = self.aside(|| self.expr(pattern, frame));
        let files = pattern.as_text().map(|text| self.source.files_beside(frame.file, &text.as_name()));
        let files = files.unwrap_or_default();
        if files.is_empty() && (!is_optional || pattern.as_text().is_none()) {
            self.note_unseen(self.here(argument.span, frame));
        }
        for file in files.into_iter().filter(|file| self.source.is_deployed(*file)) {
            for name in self.public_names(file, &mut HashSet::from([frame.file])) {
                if let Some(value) = self.module_name(file, &name).or_else(|| self.star_name(file, &name)) {
                    self.bind_name(&name, value, frame);
                }
            }
        }
    }

    /// `del items[0]`, `del settings["KEY"]`.
    fn take_out(&self, object: &Expr, index: &Expr, span: Span, frame: &Frame) -> Option<Flow> {
        let (receiver, index) = self.aside(|| (self.expr(object, frame), self.expr(index, frame)));
        let changed = super::builtins::changed(&receiver, "pop", &[index])?;
        let changed = self.as_changed(changed, frame.file, span);
        self.store(object, changed, frame);
        Some(Flow::Next)
    }

    /// `globals()["NAME"] = value`; false where the object is no namespace.
    pub(super) fn bind_by_key(&self, object: &Expr, name: &str, value: &Value, frame: &Frame) -> bool {
        let is_names = frame.is_module && is_namespace(object);
        if is_names {
            self.bind_name(name, value.clone(), frame);
        }
        is_names
    }

    fn bind_fields(&self, arguments: &[Argument], frame: &Frame) {
        for argument in arguments {
            let value = self.argument(argument, frame);
            if let Some((name, _)) = &argument.name {
                self.bind_name(name, value, frame);
                continue;
            }
            let mut names: Vec<Arc<str>> = Vec::new();
            let is_known = keys(&value, &mut names);
            if !is_known {
                self.note_unseen(self.here(argument.value.span, frame));
            }
            for name in names {
                let before = self.module_name(frame.file, &name);
                let new = value.field(&name).or_default(&|absent| before.clone().unwrap_or_else(|| absent.clone()));
                self.bind_name(&name, new, frame);
            }
        }
    }

    /// Names come in here that nobody sees.
    fn note_unseen(&self, place: Place) {
        self.unseen_names.borrow_mut().push(place);
    }

    /// Where names were taken over that cannot be read.
    pub fn unseen_names(&self) -> Vec<Place> {
        self.unseen_names.borrow().clone()
    }
}

/// The keys of an object in any of its forms; false where some cannot be read.
fn keys(value: &Value, into: &mut Vec<Arc<str>>) -> bool {
    match &value.kind {
        Kind::Object { fields, open } => {
            into.extend(fields.iter().map(|(name, _)| name.clone()));
            open.is_none()
        }
        Kind::Choice(_, arms) => {
            let mut known = true;
            for arm in arms.iter() {
                known &= keys(arm, into);
            }
            known
        }
        Kind::Absent | Kind::Null => true,
        _ => false,
    }
}

/// Whether a value hands out the module itself, so that a function can put names into it: `locals()`, `__name__`.
fn is_own_module(value: &Expr) -> bool {
    is_namespace(value) || matches!(&value.kind, ExprKind::Name(name) if &**name == "__name__")
}

/// `globals()` and its like.
pub(super) fn is_namespace(object: &Expr) -> bool {
    let ExprKind::Call { callee, arguments, .. } = &object.kind else { return false };
    matches!(&callee.kind, ExprKind::Name(name) if NAMESPACES.contains(&&**name)) && arguments.is_empty()
}

/// Whether a name is written as those of settings are.
fn is_constant(name: &str) -> bool {
    name.bytes().any(|byte| byte.is_ascii_uppercase()) && !name.bytes().any(|byte| byte.is_ascii_lowercase())
}
