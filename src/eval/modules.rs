//! Modules: their top-level names, imports and exports, each evaluated when it is first asked for.

use super::forks::stops;
use super::scope::{ClassValue, Closure, Frame, ModuleState, Slot};
use super::{Because, Evaluator, How, Kind, Place, Step, Target, Value};
use crate::syntax::code::{
    Export, Expr, ExprKind, Import, ImportName, Imported, Language, Module, Pattern, Property, Statement, UnaryOp,
};
use crate::syntax::data::{Node, NodeKind};
use crate::syntax::{FileId, Span};
use hashbrown::{HashMap, HashSet};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

impl Evaluator<'_> {
    /// The frame of a module's top level.
    pub(super) fn module_frame(&self, file: FileId) -> Frame {
        Frame {
            file,
            names: RefCell::default(),
            outer: None,
            module: self.state(file),
            is_module: true,
            this: None,
            pending: RefCell::default(),
            unclear: Default::default(),
        }
    }

    /// The state of a module's names, set up on first use.
    pub(super) fn state(&self, file: FileId) -> Option<Rc<ModuleState>> {
        if let Some(known) = self.modules.borrow().get(&file) {
            return known.clone();
        }
        self.effects.touch(file);
        let state = self.source.module(file).map(|module| {
            let (slots, eager) = bind_names(&module);
            (Rc::new(ModuleState { module, slots: RefCell::new(slots) }), eager)
        });
        let (state, eager) = state.map_or((None, Vec::new()), |(state, eager)| (Some(state), eager));
        self.modules.borrow_mut().insert(file, state.clone());
        if let Some(state) = &state {
            self.run_eager(file, state, &eager);
        }
        state
    }

    /// Runs, in order, the statements on which a name depends that is bound or changed more than once, and the guards
    /// without which the module is never left.
    fn run_eager(&self, file: FileId, state: &Rc<ModuleState>, eager: &[usize]) {
        let frame = self.module_frame(file);
        // Whoever tries a handler asks nothing of how its module came to be.
        let trial = self.trial.take();
        // What a module's names hang on is not what the program does next.
        self.aside(|| {
            for index in eager {
                if let Some(statement) = state.module.body.get(*index) {
                    self.run(std::slice::from_ref(statement), &frame);
                }
            }
        });
        self.trial.replace(trial);
    }

    /// The value of a top-level name; none where the module has no such name.
    pub(super) fn module_name(&self, file: FileId, name: &str) -> Option<Value> {
        self.module_name_read(file, name, None)
    }

    /// The same for one that reads it in the module itself.
    pub(super) fn module_name_at(&self, file: FileId, name: &str, span: Span) -> Option<Value> {
        self.module_name_read(file, name, Some(span))
    }

    fn module_name_read(&self, file: FileId, name: &str, span: Option<Span>) -> Option<Value> {
        let state = self.state(file)?;
        if state.slots.borrow().contains_key(name)
            && !span.is_some_and(|span| self.is_certain_read(file, span, name))
            && let Some(changed) = self.changed_name(file, name)
        {
            return Some(changed);
        }
        let slot = state.slots.borrow().get(name).cloned()?;
        let statement = match slot {
            Slot::Known(value) => return Some(value),
            Slot::Running => {
                return Some(self.too_complex(Place::File(file, Span::default())));
            }
            Slot::Statement(index) => index,
        };
        state.slots.borrow_mut().insert(name.into(), Slot::Running);
        let frame = self.module_frame(file);
        match state.module.body.get(statement) {
            Some(Statement::Import(import)) => self.bind_import(import, name, &frame),
            Some(other) => {
                self.run(std::slice::from_ref(other), &frame);
            }
            None => {}
        }
        let value = match state.slots.borrow().get(name) {
            Some(Slot::Known(value)) => value.clone(),
            _ => Value::unknown(Because::Undecided, &Step::start(Place::File(file, Span::default()), How::Written)),
        };
        state.slots.borrow_mut().insert(name.into(), Slot::Known(value.clone()));
        Some(value)
    }

    fn bind_import(&self, import: &Import, wanted: &str, frame: &Frame) {
        let Some(name) = import.names.iter().find(|name| &*name.local == wanted) else { return };
        let value = self.imported(import, name, frame);
        self.bind_name(wanted, value, frame);
    }

    pub(super) fn imported(&self, import: &Import, name: &ImportName, frame: &Frame) -> Value {
        let place = self.here(name.span, frame);
        let what = match &name.what {
            Imported::Named(name) => Some(&**name),
            Imported::Default => Some("default"),
            Imported::Module | Imported::Everything => None,
        };
        // `from package import module`: the submodule, where there is one.
        if let (Some(sub), Language::Python) = (what, self.language(frame.file)) {
            let dotted = if import.module.ends_with('.') {
                format!("{}{sub}", import.module)
            } else {
                format!("{}.{sub}", import.module)
            };
            let direct = self.resolve(frame.file, &import.module);
            let has_name = matches!(direct, Target::Code(file) if self.module_name(file, sub).is_some());
            if let (false, Target::Code(file)) = (has_name, self.resolve(frame.file, &dotted)) {
                return self.module_object(file, place);
            }
        }
        self.out_of_module(&import.module, what, frame.file, place)
    }

    /// What a module path gives: one of its exports, or the whole module.
    pub(super) fn out_of_module(&self, module: &str, name: Option<&str>, from: FileId, place: Place) -> Value {
        match self.resolve(from, module) {
            Target::Code(file) => match name {
                Some(name) => self.exported(file, name, place).step(place, How::Named { name: name.into() }),
                None => self.whole_of(file, place),
            },
            Target::Data(file) => {
                let Some(node) = self.source.data(file) else {
                    return Value::unknown(Because::MissingFile(module.into()), &Step::start(place, How::Written));
                };
                let data = self.opened(data_value(&node, file), file, Span::default());
                match name {
                    None | Some("default") => data,
                    Some(name) => data.field(name),
                }
            }
            Target::External(package) => {
                let trail = Step::start(place, How::Written);
                self.external(package, name.unwrap_or_default().into(), place, &trail)
            }
            Target::Missing(path) => Value::unknown(Because::MissingFile(path), &Step::start(place, How::Written)),
        }
    }

    /// What a module as such is: `module.exports` as it was assigned, else its names.
    fn whole_of(&self, file: FileId, place: Place) -> Value {
        let module = self.source.module(file);
        let whole = module.as_ref().and_then(|module| assigned_whole(module));
        match whole.is_some_and(|whole| !matches!(whole.kind, ExprKind::Object(_))) {
            true => self.exported(file, "default", place),
            // Of an object the parts are evaluated that somebody asks for.
            false => self.module_object(file, place),
        }
    }

    /// A value, where it is a module that was assigned an object, as that object.
    pub(super) fn entire(&self, value: Value) -> Value {
        let Kind::Module(file) = value.kind else { return value };
        match self.source.module(file).is_some_and(|module| assigned_whole(&module).is_some()) {
            true => self.exported(file, "default", value.trail.place),
            false => value,
        }
    }

    /// What has a name in the object that a module was assigned.
    fn part_of_whole(&self, whole: &Expr, name: &str, file: FileId) -> Value {
        let frame = self.module_frame(file);
        if let ExprKind::Object(properties) = &whole.kind
            && properties.iter().all(|property| matches!(property, Property::Field { .. }))
        {
            let mut fields = properties.iter().rev().filter_map(|property| match property {
                Property::Field { key, value, .. } if **key == *name => Some(value),
                _ => None,
            });
            if let Some(value) = fields.next() {
                return self.expr(value, &frame);
            }
        }
        let whole = self.exported(file, "default", Place::File(file, Span::default()));
        self.member(&whole, name, whole.trail.place)
    }

    /// A module as a value: read like an object, its names evaluated when asked for.
    fn module_object(&self, file: FileId, place: Place) -> Value {
        Value::written(Kind::Module(file), place)
    }

    /// What a file exports under a name.
    pub(super) fn exported(&self, file: FileId, name: &str, place: Place) -> Value {
        let Some(depth) = self.enter() else { return self.too_complex(place) };
        let value = self.find_export(file, name, &mut HashSet::new());
        drop(depth);
        let value = self.changed_name(file, name).or(value);
        value.unwrap_or_else(|| {
            let because = match self.source.module(file) {
                Some(_) => Because::Undecided,
                None => Because::Unreadable(file),
            };
            Value::unknown(because, &Step::start(place, How::Written))
        })
    }

    fn find_export(&self, file: FileId, name: &str, seen: &mut HashSet<FileId>) -> Option<Value> {
        if !seen.insert(file) {
            return None;
        }
        let module = self.source.module(file)?;
        if module.language == Language::Python {
            return self.module_name(file, name).or_else(|| self.star_import(&module, file, name, seen));
        }
        let mut stars = Vec::new();
        // `module.exports` can be set again: the last one counts.
        let last = module.body.iter().rev().find_map(|statement| match statement {
            Statement::ExportDefault { value, .. } => Some(value),
            _ => None,
        });
        if let (Some(value), "default") = (last, name) {
            return Some(self.expr(value, &self.module_frame(file)));
        }
        for statement in &module.body {
            match statement {
                Statement::Function { name: own, is_default, exported, .. }
                    if named(name, own, *is_default, *exported) =>
                {
                    return self.module_name(file, own);
                }
                Statement::Class { class, is_default, exported } => {
                    let own = class.name.clone().unwrap_or_else(|| "default".into());
                    if named(name, &own, *is_default, *exported) {
                        return self.module_name(file, &own);
                    }
                }
                Statement::Declare { pattern, exported: true, .. } if binds(pattern, name) => {
                    return self.module_name(file, name);
                }
                Statement::Export(export) => {
                    if let Some(value) = self.listed_export(export, file, name, &mut stars) {
                        return Some(value);
                    }
                }
                _ => {}
            }
        }
        if let Some(value) = self.common_export(&module, file, name) {
            return Some(value);
        }
        // `import { a }` of what a module is as such: `module.exports = { a }`.
        if let Some(whole) = assigned_whole(&module).filter(|_| name != "default") {
            return Some(self.part_of_whole(whole, name, file));
        }
        stars.into_iter().find_map(|star| self.find_export(star, name, seen))
    }

    fn listed_export(&self, export: &Export, file: FileId, name: &str, stars: &mut Vec<FileId>) -> Option<Value> {
        let place = Place::File(file, export.span);
        for (what, exported) in &export.names {
            if *what == Imported::Everything {
                if let Some(Target::Code(target)) = export.module.as_deref().map(|module| self.resolve(file, module)) {
                    stars.push(target);
                }
                continue;
            }
            if &**exported != name {
                continue;
            }
            let inner = match what {
                Imported::Named(inner) => Some(&**inner),
                Imported::Default => Some("default"),
                Imported::Module | Imported::Everything => None,
            };
            return match &export.module {
                Some(module) => Some(self.out_of_module(module, inner, file, place)),
                None => self.module_name(file, inner?),
            };
        }
        None
    }

    /// `module.exports` where it is read: what it was set to last before that.
    pub(super) fn exports_so_far(&self, object: &Expr, property: &str, place: Place, frame: &Frame) -> Option<Value> {
        let (ExprKind::Name(name), "exports", Place::File(file, span)) = (&object.kind, property, place) else {
            return None;
        };
        if &**name != "module" || frame.names.borrow().contains_key("module") {
            return None;
        }
        let module = self.source.module(file).filter(|module| module.language == Language::TypeScript)?;
        let before = module.body.iter().rev().find_map(|statement| match statement {
            Statement::ExportDefault { value, .. } if value.span.end <= span.start => Some(value),
            _ => None,
        });
        Some(self.expr(before?, &self.module_frame(file)))
    }

    /// `module.exports = …`, `exports.name = …`.
    fn common_export(&self, module: &Module, file: FileId, name: &str) -> Option<Value> {
        let frame = self.module_frame(file);
        for statement in &module.body {
            let Statement::Expression(Expr { kind: ExprKind::Assign { target, op: None, value }, .. }) = statement
            else {
                continue;
            };
            match dotted(target).as_deref() {
                Some("module.exports") if name == "default" => return Some(self.expr(value, &frame)),
                Some("module.exports") => {
                    return Some(self.member(&self.expr(value, &frame), name, frame_place(&frame)));
                }
                Some(path) if path.strip_prefix("exports.").or(path.strip_prefix("module.exports.")) == Some(name) => {
                    return Some(self.expr(value, &frame));
                }
                _ => {}
            }
        }
        None
    }

    /// `from x import *` in Python.
    fn star_import(&self, module: &Module, file: FileId, name: &str, seen: &mut HashSet<FileId>) -> Option<Value> {
        module.body.iter().find_map(|statement| {
            let Statement::Import(import) = statement else { return None };
            import.names.iter().find(|name| name.what == Imported::Everything)?;
            match self.resolve(file, &import.module) {
                Target::Code(target) => self.find_export(target, name, seen),
                _ => None,
            }
        })
    }

    /// A name that only a star import can bind.
    pub(super) fn star_name(&self, file: FileId, name: &str) -> Option<Value> {
        let module = self.source.module(file)?;
        self.star_import(&module, file, name, &mut HashSet::from([file]))
    }

    /// Binds a name in a frame.
    pub(super) fn bind_name(&self, name: &str, value: Value, frame: &Frame) {
        match (&frame.module, frame.is_module) {
            (Some(module), true) => {
                module.slots.borrow_mut().insert(name.into(), Slot::Known(value));
            }
            _ => {
                frame.names.borrow_mut().insert(name.into(), value);
            }
        }
    }

    /// A function or class statement as a value.
    pub(super) fn declared(&self, statement: &Statement, frame: &Frame) -> Option<(Arc<str>, Value)> {
        match statement {
            Statement::Function { name, function, span, .. } => {
                let closure = Closure {
                    function: function.clone(),
                    file: frame.file,
                    scope: frame.capture(),
                    this: frame.this.clone(),
                };
                Some((name.clone(), Value::written(Kind::Function(Arc::new(closure)), self.here(*span, frame))))
            }
            Statement::Class { class, .. } => {
                let name = class.name.clone().unwrap_or_else(|| "default".into());
                let value = ClassValue { class: class.clone(), file: frame.file, scope: frame.capture() };
                Some((name, Value::written(Kind::Class(Arc::new(value)), self.here(class.span, frame))))
            }
            _ => None,
        }
    }
}

/// What a module says that it is as such: `module.exports = value`.
fn assigned_whole(module: &Module) -> Option<&Expr> {
    module.body.iter().find_map(|statement| match statement {
        Statement::ExportDefault { value, whole: true, .. } => Some(value),
        _ => None,
    })
}

fn frame_place(frame: &Frame) -> Place {
    Place::File(frame.file, Span::default())
}

fn named(wanted: &str, own: &str, is_default: bool, exported: bool) -> bool {
    if wanted == "default" { is_default } else { exported && !is_default && wanted == own }
}

fn binds(pattern: &Pattern, name: &str) -> bool {
    let mut names = Vec::new();
    pattern_names(pattern, &mut names);
    names.iter().any(|bound| &**bound == name)
}

/// Every name a pattern binds.
pub(super) fn pattern_names(pattern: &Pattern, into: &mut Vec<Arc<str>>) {
    match pattern {
        Pattern::Name(name, _) => into.push(name.clone()),
        Pattern::Object { fields, rest, .. } => {
            fields.iter().for_each(|field| pattern_names(&field.pattern, into));
            into.extend(rest.clone());
        }
        Pattern::List { items, rest, .. } => {
            items.iter().flatten().for_each(|(pattern, _)| pattern_names(pattern, into));
            into.extend(rest.clone());
        }
        Pattern::Other(_) => {}
    }
}

/// `a.b.c` as text, where it is nothing but names.
pub(super) fn dotted(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Name(name) => Some(name.to_string()),
        ExprKind::Member { object, property, .. } => Some(format!("{}.{property}", dotted(object)?)),
        _ => None,
    }
}

/// The slots of a module's names, and the statements that must run in order: a name is bound or changed more than
/// once, or a script ends there where something is missing.
fn bind_names(module: &Module) -> (HashMap<Arc<str>, Slot>, Vec<usize>) {
    let mut slots: HashMap<Arc<str>, Slot> = HashMap::new();
    let mut eager_names: HashSet<Arc<str>> = HashSet::new();
    let mut touched: Vec<(usize, Vec<Arc<str>>)> = Vec::new();
    let mut guards: Vec<usize> = Vec::new();
    for (index, statement) in module.body.iter().enumerate() {
        let mut names = Vec::new();
        match statement {
            Statement::Import(import) if !import.type_only => {
                names.extend(import.names.iter().map(|name| name.local.clone()))
            }
            Statement::Function { name, .. } => names.push(name.clone()),
            Statement::Class { class, .. } => names.push(class.name.clone().unwrap_or_else(|| "default".into())),
            Statement::Declare { pattern, .. } => pattern_names(pattern, &mut names),
            other => {
                let mut changed = Vec::new();
                changed_names(other, &mut changed);
                if module.language != Language::Python && is_guard(other) {
                    guards.push(index);
                }
                if !changed.is_empty() {
                    eager_names.extend(changed.iter().cloned());
                    touched.push((index, changed));
                }
                continue;
            }
        }
        for name in &names {
            if slots.insert(name.clone(), Slot::Statement(index)).is_some() {
                eager_names.insert(name.clone());
            }
        }
        touched.push((index, names));
    }
    let changing = touched.into_iter().filter(|(_, names)| names.iter().any(|name| eager_names.contains(name)));
    let mut eager: Vec<usize> = changing.map(|(index, _)| index).chain(guards).collect();
    eager.sort_unstable();
    eager.dedup();
    (slots, eager)
}

/// Whether a statement ends the program on one of its ways: `if (!env.X) throw …`, the same for each of a list.
fn is_guard(statement: &Statement) -> bool {
    match statement {
        Statement::If { then, otherwise, .. } => stops(then) || stops(otherwise),
        Statement::Loop { body, .. } => body.iter().any(is_guard),
        _ => false,
    }
}

/// The names that a statement assigns to or changes in place.
pub(super) fn changed_names(statement: &Statement, into: &mut Vec<Arc<str>>) {
    match statement {
        Statement::Expression(expr) => changed_by(expr, into),
        Statement::Declare { pattern, .. } => pattern_names(pattern, into),
        Statement::If { then, otherwise, .. } => {
            then.iter().chain(otherwise).for_each(|inner| changed_names(inner, into))
        }
        Statement::Block(body) | Statement::Loop { body, .. } => {
            body.iter().for_each(|inner| changed_names(inner, into))
        }
        Statement::Try { body, handlers, finally, .. } => {
            body.iter().chain(handlers.iter().flatten()).chain(finally).for_each(|inner| changed_names(inner, into));
        }
        Statement::Switch { cases, .. } => {
            cases.iter().flat_map(|(_, body)| body).for_each(|inner| changed_names(inner, into))
        }
        Statement::Function { name, .. } => into.push(name.clone()),
        _ => {}
    }
}

pub(super) fn changed_by(expr: &Expr, into: &mut Vec<Arc<str>>) {
    match &expr.kind {
        ExprKind::Assign { target, .. } => into.extend(root_name(target)),
        ExprKind::Call { callee, arguments, .. } => {
            if let ExprKind::Member { object, property, .. } = &callee.kind {
                match &**property {
                    "push" | "append" | "extend" | "update" | "unshift" | "setdefault" | "insert" | "remove"
                    | "pop" | "sort" | "reverse" | "splice" | "shift" => into.extend(root_name(object)),
                    "assign" => into.extend(arguments.first().and_then(|first| root_name(&first.value))),
                    _ => {}
                }
            }
        }
        ExprKind::Unary(UnaryOp::Delete, target) => into.extend(root_name(target)),
        ExprKind::Logical(_, _, right) => changed_by(right, into),
        ExprKind::Sequence(items) => items.iter().for_each(|item| changed_by(item, into)),
        _ => {}
    }
}

fn root_name(expr: &Expr) -> Option<Arc<str>> {
    match &expr.kind {
        ExprKind::Name(name) => (!matches!(&**name, "module" | "exports")).then(|| name.clone()),
        ExprKind::Member { object, .. } | ExprKind::Index { object, .. } => root_name(object),
        _ => None,
    }
}

/// A data file as a value.
pub fn data_value(node: &Node, file: FileId) -> Value {
    let kind = match &node.kind {
        NodeKind::Null => Kind::Null,
        NodeKind::Bool(value) => Kind::Bool(*value),
        NodeKind::Number(value, _) => Kind::Number(*value),
        NodeKind::Text(text) => Kind::Text(text.clone()),
        NodeKind::List(items) => {
            Kind::List { items: items.iter().map(|item| data_value(item, file)).collect(), open: None }
        }
        NodeKind::Map(entries) => Kind::Object {
            fields: entries.iter().map(|entry| (entry.key.clone(), data_value(&entry.value, file))).collect(),
            open: None,
        },
        // what an application's own tag makes of its value is a call that only the application can run
        NodeKind::Tagged(tag, _) => Kind::Unknown(Because::Call(tag.clone()).into()),
    };
    Value::written(kind, Place::File(file, node.span))
}
