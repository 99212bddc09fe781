//! Which functions of a module may change what they are handed, or give it to somebody else: seen name by name, without
//! following anything.

use super::Key;
use super::effects::{
    CHANGING, FRESH, GIVING, HARMLESS, SETTERS, gives_back, handed_names, last_name, path_of, root_of,
};
use crate::eval::modules::{dotted, pattern_names};
use crate::eval::uses::each_statement;
use crate::eval::{Source, Target};
use crate::syntax::FileId;
use crate::syntax::code::{Argument, Expr, ExprKind, Imported, Item, Language, Module, Pattern, Property, Statement};
use crate::syntax::code::{UnaryOp, visit};
use hashbrown::{HashMap, HashSet};

/// What the names of one module do to what they are handed.
#[derive(Default)]
pub(super) struct Handed {
    units: HashMap<Key, Unit>,
    /// Names that other modules give: their path, and their name there; none for the whole module.
    imported: HashMap<Key, (Key, Option<Key>)>,
    /// Names under which others are exported.
    exported: HashMap<Key, Key>,
    passed_on: HashMap<Key, (Key, Option<Key>)>,
}

/// What one top-level name does.
#[derive(Default)]
pub(super) struct Unit {
    /// It may change what it is handed, or leave it where others find it.
    pub(super) touches: bool,
    /// It calls methods of what it is handed, which change it if they are the project's own.
    pub(super) calls_methods: bool,
    /// It may give back what it is handed.
    pub(super) passes: bool,
    /// Names of the module that it hands something to.
    pub(super) hands_to: Vec<Key>,
}

/// Where a name leads to.
pub(super) enum Led<'h> {
    Unit(&'h Unit),
    /// To a name of another module, or to all of it.
    Module(&'h Key, Option<&'h Key>),
    /// Nobody sees where.
    Nowhere,
}

impl Handed {
    pub(super) fn of(source: &dyn Source, file: FileId, module: &Module) -> Handed {
        let mut handed = Handed::default();
        for statement in &module.body {
            handed.names(statement);
        }
        for statement in &module.body {
            let names = bound(statement);
            if names.is_empty() {
                continue;
            }
            let unit = Look::of(source, file, module, &handed.imported, statement);
            for name in names.iter().skip(1) {
                let copy = Unit { hands_to: unit.hands_to.clone(), ..unit };
                handed.add(name.clone(), copy);
            }
            handed.add(names[0].clone(), unit);
        }
        handed
    }

    /// A name that is bound again does what each of its statements does.
    fn add(&mut self, name: Key, unit: Unit) {
        let own = self.units.entry(name).or_default();
        own.touches |= unit.touches;
        own.calls_methods |= unit.calls_methods;
        own.passes |= unit.passes;
        own.hands_to.extend(unit.hands_to);
    }

    fn names(&mut self, statement: &Statement) {
        let named = |what: &Imported| match what {
            Imported::Named(name) => Some(name.clone()),
            Imported::Default => Some("default".into()),
            Imported::Module | Imported::Everything => None,
        };
        match statement {
            Statement::Import(import) => {
                let names = import.names.iter();
                let names = names.map(|name| (name.local.clone(), (import.module.clone(), named(&name.what))));
                self.imported.extend(names);
            }
            Statement::Export(export) => {
                for (what, name) in &export.names {
                    match (&export.module, what) {
                        (Some(module), what) => {
                            self.passed_on.insert(name.clone(), (module.clone(), named(what)));
                        }
                        (None, Imported::Named(own)) => {
                            self.exported.insert(name.clone(), own.clone());
                        }
                        _ => {}
                    }
                }
            }
            Statement::Function { name, is_default: true, .. } => {
                self.exported.insert("default".into(), name.clone());
            }
            Statement::Class { class, is_default: true, .. } => {
                if let Some(name) = &class.name {
                    self.exported.insert("default".into(), name.clone());
                }
            }
            _ => {}
        }
    }

    /// Where a name of the module leads to.
    pub(super) fn led(&self, name: &str) -> Led<'_> {
        if let Some((module, name)) = self.passed_on.get(name) {
            return Led::Module(module, name.as_ref());
        }
        let name = self.exported.get(name).map_or(name, |own| own);
        if let Some(unit) = self.units.get(name) {
            return Led::Unit(unit);
        }
        match self.imported.get(name) {
            Some((module, name)) => Led::Module(module, name.as_ref()),
            None => Led::Nowhere,
        }
    }
}

/// The names that a statement binds, `default` where it has no other.
fn bound(statement: &Statement) -> Vec<Key> {
    let mut names = Vec::new();
    match statement {
        Statement::Declare { pattern, .. } => pattern_names(pattern, &mut names),
        Statement::Function { name, .. } => names.push(name.clone()),
        Statement::Class { class, .. } => names.push(class.name.clone().unwrap_or_else(|| "default".into())),
        Statement::ExportDefault { .. } => names.push("default".into()),
        _ => {}
    }
    names
}

/// One look at a statement.
struct Look<'h> {
    source: &'h dyn Source,
    file: FileId,
    is_python: bool,
    imported: &'h HashMap<Key, (Key, Option<Key>)>,
    /// Names inside, and whether each holds only what is made there.
    inner: HashMap<Key, bool>,
    params: HashSet<Key>,
    /// Other names of what it is handed.
    others: HashSet<Key>,
    unit: Unit,
}

impl<'h> Look<'h> {
    fn of(
        source: &'h dyn Source,
        file: FileId,
        module: &Module,
        imported: &'h HashMap<Key, (Key, Option<Key>)>,
        statement: &Statement,
    ) -> Unit {
        let is_python = module.language == Language::Python;
        let (inner, params, others, unit) = (HashMap::new(), HashSet::new(), HashSet::new(), Unit::default());
        let mut look = Look { source, file, is_python, imported, inner, params, others, unit };
        let one = std::slice::from_ref(statement);
        let is_own = |inner: &Statement| std::ptr::eq(inner, statement);
        each_statement(one, &mut |inner| {
            if !is_own(inner) {
                look.declared(inner);
            }
        });
        visit(one, &mut |expr, _| look.taken(expr));
        if let Statement::Function { function, .. } = statement {
            look.params(function);
        }
        if let Statement::Class { class, .. } = statement {
            look.class(class);
        }
        each_statement(one, &mut |inner| match inner {
            Statement::Declare { pattern, value: Some(value), .. } if look.gives(value) => {
                let mut names = Vec::new();
                pattern_names(pattern, &mut names);
                look.others.extend(names);
            }
            Statement::Loop { pattern: Some(pattern), over: Some(over), .. } if look.gives(over) => {
                let mut names = Vec::new();
                pattern_names(pattern, &mut names);
                look.others.extend(names);
            }
            Statement::Expression(Expr { kind: ExprKind::Assign { target, value, .. }, .. }) if look.gives(value) => {
                look.others.extend(root_of(target).map(Key::from));
            }
            Statement::Return { value: Some(value), .. } => look.unit.passes |= look.gives(value),
            _ => {}
        });
        visit(one, &mut |expr, _| look.expr(expr));
        look.unit
    }

    fn declared(&mut self, statement: &Statement) {
        let (pattern, is_fresh) = match statement {
            Statement::Declare { pattern, value, .. } => (pattern, value.as_ref().is_none_or(is_made)),
            Statement::Loop { pattern: Some(pattern), .. } => (pattern, false),
            Statement::Function { name, function, .. } => {
                self.inner.insert(name.clone(), false);
                return self.params(function);
            }
            _ => return,
        };
        let is_name = matches!(pattern, Pattern::Name(..));
        self.bind(pattern, is_fresh && is_name);
    }

    fn bind(&mut self, pattern: &Pattern, is_fresh: bool) {
        let mut names = Vec::new();
        pattern_names(pattern, &mut names);
        for name in names {
            let own = self.inner.entry(name).or_insert(is_fresh);
            *own &= is_fresh;
        }
    }

    fn params(&mut self, function: &crate::syntax::code::Function) {
        for param in &function.params {
            let mut names = Vec::new();
            pattern_names(&param.pattern, &mut names);
            self.bind(&param.pattern, false);
            self.params.extend(names);
        }
    }

    fn class(&mut self, class: &crate::syntax::code::Class) {
        for base in &class.bases {
            if let Some((name, _)) = path_of(base) {
                self.unit.hands_to.push(name);
            }
        }
        // What it makes keeps what it is handed.
        self.unit.passes = true;
        class.blocks.iter().for_each(|(_, block)| self.params(block));
    }

    /// The names of functions and classes inside.
    fn taken(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Function(function) => self.params(function),
            ExprKind::Class(class) => self.class(class),
            ExprKind::Comprehension { pattern, .. } => self.bind(pattern, false),
            _ => {}
        }
    }

    /// Whether what is given back may be what was handed over, or hold it.
    fn gives(&self, value: &Expr) -> bool {
        let gives = |inner: &Expr| stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.gives(inner));
        match &value.kind {
            ExprKind::Name(name) => self.params.contains(name) || self.others.contains(name),
            ExprKind::This => true,
            ExprKind::Member { object, .. } | ExprKind::Index { object, .. } => gives(object),
            ExprKind::Unary(_, inner) => gives(inner),
            ExprKind::Assign { value, .. } => gives(value),
            ExprKind::Logical(_, left, right) => gives(left) || gives(right),
            ExprKind::Conditional { yes, no, .. } => gives(yes) || gives(no),
            ExprKind::Sequence(items) => items.iter().any(gives),
            ExprKind::List(items) => items.iter().any(|item| {
                let (Item::One(inner) | Item::Spread(inner)) = item;
                gives(inner)
            }),
            ExprKind::Object(properties) => properties.iter().any(|property| match property {
                Property::Field { value, .. } | Property::Computed { value, .. } | Property::Spread(value) => {
                    gives(value)
                }
                Property::Getter { .. } => true,
            }),
            ExprKind::Call { callee, arguments, .. } => {
                let is_same = last_name(callee).is_some_and(|last| GIVING.contains(&last) || gives_back(last));
                is_same && (gives(callee) || arguments.iter().any(|argument| gives(&argument.value)))
            }
            _ => false,
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Assign { target, op, .. } => {
                self.assigned(target);
                if let (true, true, ExprKind::Name(name)) = (self.is_python, op.is_some(), &target.kind) {
                    self.unit.touches |= self.params.contains(name);
                }
            }
            ExprKind::Unary(UnaryOp::Delete, target) => self.assigned(target),
            ExprKind::Call { callee, arguments, .. } => self.called(callee, arguments),
            _ => {}
        }
    }

    fn assigned(&mut self, target: &Expr) {
        match &target.kind {
            // A name of the module that keeps it.
            ExprKind::Name(name) => self.unit.touches |= !self.inner.contains_key(name) && self.others.contains(name),
            ExprKind::Member { object, .. } | ExprKind::Index { object, .. } => self.changed(object),
            ExprKind::Assign { target, .. } => self.assigned(target),
            ExprKind::List(items) => {
                for item in items {
                    let (Item::One(inner) | Item::Spread(inner)) = item;
                    self.assigned(inner);
                }
            }
            ExprKind::Object(properties) => {
                for property in properties {
                    if let Property::Field { value, .. } | Property::Computed { value, .. } | Property::Spread(value) =
                        property
                    {
                        self.assigned(value);
                    }
                }
            }
            _ => {}
        }
    }

    /// A part of something is changed: that matters where it is, or may be, what was handed over.
    fn changed(&mut self, object: &Expr) {
        match &object.kind {
            ExprKind::This => {}
            ExprKind::Name(name) if self.is_python && matches!(&**name, "self" | "cls") => {}
            ExprKind::Name(name) => self.unit.touches |= self.params.contains(name) || self.others.contains(name),
            ExprKind::Member { object, .. } | ExprKind::Index { object, .. } if self.is_named(object) => {
                self.changed(object);
            }
            _ => self.unit.touches = true,
        }
    }

    /// Whether something begins with a name, and with none that stands for `this`.
    fn is_named(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Name(name) => !(self.is_python && matches!(&**name, "self" | "cls")),
            ExprKind::Member { object, .. } | ExprKind::Index { object, .. } => self.is_named(object),
            _ => false,
        }
    }

    fn called(&mut self, callee: &Expr, arguments: &[Argument]) {
        let name = dotted(callee);
        if let Some(name) = name.as_deref() {
            let opens = matches!(name, "eval" | "exec" | "globals" | "locals" | "vars");
            self.unit.touches |= opens;
            if let (true, Some(first)) = (SETTERS.contains(&name), arguments.first()) {
                if !is_made(&first.value) {
                    self.changed(&first.value);
                }
                return;
            }
        }
        let last = last_name(callee).unwrap_or_default();
        if let ExprKind::Member { object, property, .. } = &callee.kind {
            if matches!(&**property, "call" | "apply" | "bind") {
                self.unit.touches = true;
            }
            if CHANGING.contains(&&**property) {
                self.changed(object);
                // It is kept there.
                self.unit.touches |= arguments.iter().any(|argument| self.gives(&argument.value));
            }
        }
        let Some(root) = root_of(callee) else { return };
        let is_quiet = [HARMLESS, FRESH, GIVING].iter().any(|names| names.contains(&last));
        // Something that it was handed is called, or a method of it, which may change it.
        if self.params.contains(root) && !is_quiet {
            match callee.kind {
                ExprKind::Name(_) => self.unit.touches = true,
                _ => self.unit.calls_methods = true,
            }
        }
        let mut handed = Vec::new();
        arguments.iter().for_each(|argument| handed_names(&argument.value, &mut handed));
        if handed.is_empty() {
            return;
        }
        // A function of the module that is handed on is called by whoever has it.
        let names = handed.iter().filter_map(|inner| path_of(inner)).map(|(name, _)| name);
        let known: Vec<Key> = names.collect();
        let gives_own = known.iter().any(|name| self.inner.contains_key(name));
        let Some((module, _)) = self.imported.get(root) else {
            if !self.inner.contains_key(root) {
                self.unit.hands_to.push(root.into());
            }
            return;
        };
        match self.source.resolve(self.file, module) {
            Target::External(package) => {
                let leaves = HARMLESS.contains(&last) || self.source.leaves_alone(&package);
                self.unit.touches |= gives_own && !leaves;
            }
            _ => self.unit.hands_to.push(root.into()),
        }
    }
}

/// Whether an expression makes what it gives, so that nobody else has it.
fn is_made(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Object(_)
        | ExprKind::List(_)
        | ExprKind::Bool(_)
        | ExprKind::Number(_)
        | ExprKind::Text(_)
        | ExprKind::Template(_)
        | ExprKind::Null
        | ExprKind::Undefined
        | ExprKind::Comprehension { .. } => true,
        ExprKind::Call { callee, .. } => {
            matches!(
                dotted(callee).as_deref(),
                Some("dict" | "list" | "set" | "Map" | "Set" | "URL" | "Date" | "Headers")
            )
        }
        _ => false,
    }
}
