//! Which names of a module are bound once and never again, seen without following anything.

use super::Key;
use super::effects::{CHANGING, HARMLESS, SETTERS, handed_names, last_name, path_of, root_of};
use crate::eval::modules::{dotted, pattern_names};
use crate::syntax::code::{Argument, Expr, ExprKind, Item, Module, Property, Statement, UnaryOp, visit};
use hashbrown::{HashMap, HashSet};

/// The names of a module that are bound or assigned more than once.
#[derive(Default)]
pub(super) struct Quiet {
    busy: HashSet<Key>,
    /// It runs text as code, or takes its names as a whole.
    is_open: bool,
    /// The keys of parts that it sets, and whether it sets others that nobody sees.
    keys: HashSet<Key>,
    sets_any: bool,
    /// It changes parts of `this`, as methods do.
    pub(super) changes_this: bool,
    /// It changes parts of something.
    changes_parts: bool,
    /// What it imports and hands something that it made.
    pub(super) hands_to: Vec<Key>,
    /// What it imports and hands something that it imports, too.
    pub(super) hands_on: Vec<Key>,
    imported: HashMap<Key, Key>,
    /// Names of what is made here, and other names of that.
    made: HashSet<Key>,
}

impl Quiet {
    pub(super) fn of(module: &Module) -> Quiet {
        let mut quiet = Quiet::default();
        quiet.body(&module.body);
        for statement in &module.body {
            if let Statement::Import(import) = statement {
                let names = import.names.iter().filter(|_| !import.type_only);
                quiet.imported.extend(names.map(|name| (name.local.clone(), import.module.clone())));
            }
        }
        visit(&module.body, &mut |expr, _| quiet.expr(expr));
        quiet.hands_to.sort_unstable();
        quiet.hands_to.dedup();
        quiet.hands_on.sort_unstable();
        quiet.hands_on.dedup();
        quiet
    }

    pub(super) fn is_quiet(&self, name: &str) -> bool {
        !self.is_open && !self.busy.contains(name)
    }

    /// Whether it may set a part of this name of something.
    pub(super) fn sets(&self, key: &str) -> bool {
        self.is_open || self.sets_any || self.keys.contains(key)
    }

    /// Whether it changes nothing that it is handed.
    pub(super) fn is_idle(&self) -> bool {
        !self.changes_parts && !self.is_open && self.hands_to.is_empty() && self.hands_on.is_empty()
    }

    /// One scope: what it binds twice is busy.
    fn body(&mut self, body: &[Statement]) {
        let mut times = HashMap::new();
        self.bound(body, &mut times);
        self.busy.extend(times.into_iter().filter(|(_, times)| *times > 1).map(|(name, _)| name));
    }

    fn bound(&mut self, body: &[Statement], times: &mut HashMap<Key, usize>) {
        let mut bind = |name: &Key| *times.entry(name.clone()).or_default() += 1;
        for statement in body {
            let mut names = Vec::new();
            match statement {
                Statement::Declare { pattern, value, .. } => {
                    pattern_names(pattern, &mut names);
                    if value.as_ref().is_some_and(is_thing) {
                        self.made.extend(names.iter().cloned());
                    }
                }
                Statement::Function { name, function, .. } => {
                    bind(name);
                    self.body(&function.body);
                }
                Statement::Class { class, .. } => class.name.iter().for_each(&mut bind),
                Statement::Import(import) => import.names.iter().for_each(|name| bind(&name.local)),
                _ => {}
            }
            names.iter().for_each(&mut bind);
        }
        for statement in body {
            match statement {
                Statement::If { then, otherwise, .. } => {
                    self.bound(then, times);
                    self.bound(otherwise, times);
                }
                Statement::Block(body) => self.bound(body, times),
                Statement::Loop { pattern, body, .. } => {
                    let mut names = Vec::new();
                    pattern.iter().for_each(|pattern| pattern_names(pattern, &mut names));
                    // Each round binds it again.
                    names.into_iter().for_each(|name| *times.entry(name).or_default() += 2);
                    self.bound(body, times);
                }
                Statement::Try { body, handlers, finally, .. } => {
                    self.bound(body, times);
                    handlers.iter().for_each(|handler| self.bound(handler, times));
                    self.bound(finally, times);
                }
                Statement::Switch { cases, .. } => cases.iter().for_each(|(_, body)| self.bound(body, times)),
                _ => {}
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Function(function) => self.body(&function.body),
            ExprKind::Assign { target, op, .. } => {
                // What a name of Python holds is changed in place.
                self.changes_parts |= op.is_some();
                self.assigned(target);
            }
            ExprKind::Unary(UnaryOp::Delete, target) => self.assigned(target),
            ExprKind::Call { callee, arguments, .. } => {
                self.called(callee, arguments);
                let opens = dotted(callee)
                    .is_some_and(|name| matches!(&*name, "eval" | "exec" | "globals" | "locals" | "vars" | "setattr"));
                self.is_open |= opens;
            }
            _ => {}
        }
    }

    /// A call may change what it is one on, or what it is handed.
    fn called(&mut self, callee: &Expr, arguments: &[Argument]) {
        let name = dotted(callee);
        let is_setter = name.as_deref().is_some_and(|name| SETTERS.contains(&name));
        self.changes_parts |= is_setter;
        self.sets_any |= is_setter;
        if let ExprKind::Member { property, .. } = &callee.kind {
            self.changes_parts |= CHANGING.contains(&&**property) || matches!(&**property, "call" | "apply" | "bind");
        }
        let Some(local) = root_of(callee).filter(|root| self.imported.contains_key(*root)).map(Key::from) else {
            return;
        };
        let mut handed = Vec::new();
        arguments.iter().for_each(|argument| handed_names(&argument.value, &mut handed));
        let root = |inner: &&Expr| path_of(inner).map(|(name, _)| name);
        if handed.iter().filter_map(root).any(|name| self.imported.contains_key(&name)) {
            self.hands_on.push(local.clone());
        }
        let is_made = |inner: &&Expr| root(inner).is_some_and(|name| self.made.contains(&name));
        if !handed.iter().any(is_made) {
            return;
        }
        // A package's function is no module to look at, but may change it all the same.
        self.changes_parts |= !last_name(callee).is_some_and(|last| HARMLESS.contains(&last));
        self.hands_to.push(local);
    }

    fn assigned(&mut self, target: &Expr) {
        if let ExprKind::Member { object, .. } | ExprKind::Index { object, .. } = &target.kind {
            let is_export = matches!(dotted(object).as_deref(), Some("module" | "exports" | "module.exports"));
            self.changes_parts |= !is_export;
            self.changes_this |= matches!(root_of_this(object), ExprKind::This);
            match &target.kind {
                ExprKind::Member { property, .. } => drop(self.keys.insert(property.clone())),
                _ => self.sets_any |= !matches!(&object.kind, ExprKind::Name(_)),
            }
        }
        match &target.kind {
            ExprKind::Name(name) => {
                self.busy.insert(name.clone());
            }
            // `module.exports = …`, `exports.name = …` where it is no declaration.
            ExprKind::Member { object, property, .. } => {
                let is_export = matches!(dotted(object).as_deref(), Some("module" | "exports" | "module.exports"));
                if is_export {
                    self.busy.extend([property.clone(), Key::from("default")]);
                }
            }
            ExprKind::Index { object, .. } => {
                self.is_open |= matches!(dotted(object).as_deref(), Some("exports" | "module.exports"));
            }
            ExprKind::Assign { target, .. } => self.assigned(target),
            ExprKind::List(items) => items.iter().for_each(|item| match item {
                Item::One(inner) | Item::Spread(inner) => self.assigned(inner),
            }),
            ExprKind::Object(properties) => properties.iter().for_each(|property| match property {
                Property::Field { value, .. } | Property::Computed { value, .. } | Property::Spread(value) => {
                    self.assigned(value);
                }
                Property::Getter { .. } => {}
            }),
            _ => {}
        }
    }
}

/// Whether an expression makes something with parts, or names it.
fn is_thing(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Object(_) | ExprKind::List(_) | ExprKind::Name(_) | ExprKind::Member { .. } => true,
        ExprKind::Call { callee, .. } => matches!(&callee.kind, ExprKind::Name(_)),
        _ => false,
    }
}

/// What something begins with: `this` of `this.a.b`.
fn root_of_this(expr: &Expr) -> &ExprKind {
    match &expr.kind {
        ExprKind::Member { object, .. } | ExprKind::Index { object, .. } => root_of_this(object),
        kind => kind,
    }
}
