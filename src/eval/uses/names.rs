//! The names of a file that may stand for something of a package, found by the text of the code alone: what is under
//! none of them need not be evaluated.

use crate::syntax::code::{
    Argument, Class, Export, Expr, ExprKind, Function, Import, Imported, Language, Module, Pattern, Property,
    Statement, visit, visit_expr,
};
use hashbrown::HashSet;
use std::sync::Arc;

/// Rounds in which names are followed to further names.
const MOST_ROUNDS: usize = 4;

/// Names that may stand for something of a package, or for something that is made with it.
#[derive(Clone, Debug, Default)]
pub(super) struct Names(HashSet<Arc<str>>);

/// Under which name a file knows that it hands on everything of another one.
const EVERYTHING: &str = "export *";

impl Names {
    /// The names that a module imports from what is meant, and those that are made of them. `gives` says whether what is
    /// imported from a module may be something of it.
    pub(super) fn of(
        module: &Module,
        is_meant: &dyn Fn(&str) -> bool,
        gives: &dyn Fn(&str, &Imported) -> bool,
    ) -> Names {
        let mut names = Names::default();
        each_statement(&module.body, &mut |statement| {
            if let Statement::Import(import) = statement
                && !import.type_only
            {
                let whole = is_meant(&import.module) || is_above(module, import, is_meant);
                let named = import.names.iter().filter(|name| match &name.what {
                    Imported::Everything => false,
                    Imported::Named(part) if !whole && module.language == Language::Python => {
                        is_meant(&format!("{}.{part}", import.module))
                    }
                    what => whole && (module.language == Language::Python || gives(&import.module, what)),
                });
                names.0.extend(named.map(|name| name.local.clone()));
            }
        });
        let mut loads = false;
        visit(&module.body, &mut |expr, _| loads |= matches!(&expr.kind, ExprKind::ImportCall(name) if is_meant(name)));
        if !names.0.is_empty() || loads {
            names.follow(&module.body, is_meant);
            if loads {
                names.0.insert("import()".into());
            }
        }
        names.exports(module, is_meant, gives);
        names
    }

    /// Adds the names under which a module hands them on.
    fn exports(&mut self, module: &Module, is_meant: &dyn Fn(&str) -> bool, gives: &dyn Fn(&str, &Imported) -> bool) {
        let mut exported: Vec<Arc<str>> = Vec::new();
        for statement in &module.body {
            match statement {
                Statement::Export(Export { module: Some(from), names, .. }) if is_meant(from) => {
                    exported.extend(names.iter().filter(|(what, _)| gives(from, what)).map(
                        |(what, name)| match what {
                            Imported::Everything => EVERYTHING.into(),
                            _ => name.clone(),
                        },
                    ));
                }
                Statement::Export(Export { module: None, names, .. }) => {
                    exported.extend(names.iter().filter_map(|(what, name)| match what {
                        Imported::Named(local) => self.0.contains(local).then(|| name.clone()),
                        _ => None,
                    }));
                }
                _ => {}
            }
        }
        self.0.extend(exported);
    }

    /// Whether what is imported from the file that has these names may be something of a package.
    pub(super) fn give(&self, what: &Imported) -> bool {
        match what {
            Imported::Named(name) => self.0.contains(name) || self.0.contains(EVERYTHING),
            _ => true,
        }
    }

    /// The same for a function that is handed nothing of a package.
    pub(super) fn within(&self, function: &Function) -> Names {
        let mut names = self.clone();
        names.follow(&function.body, &|_| false);
        names
    }

    /// Whether something of a package may be called in a function, or handed on.
    pub(super) fn are_used_in(&self, function: &Function) -> bool {
        let mut used = false;
        visit(&function.body, &mut |expr, _| match &expr.kind {
            ExprKind::Call { callee, arguments, .. } if !used => {
                used = self.hold(callee) || arguments.iter().any(|argument| self.hold_argument(argument));
            }
            _ => {}
        });
        used
    }

    /// The same for a function that is handed something of a package: all of its parameters may be it.
    pub(super) fn inside(&self, function: &Function) -> Names {
        let mut names = self.clone();
        for param in &function.params {
            names.add(&param.pattern);
        }
        names.follow(&function.body, &|_| false);
        names
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether an expression may be, or be a part of, something of a package.
    pub(super) fn hold(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Name(name) => self.0.contains(name),
            ExprKind::Member { object, property, .. } => self.hold(object) || self.is_field(object, property),
            ExprKind::Index { object, .. } => self.hold(object),
            ExprKind::Call { callee, .. } => self.hold(callee),
            ExprKind::Unary(_, inner) => self.hold(inner),
            ExprKind::Logical(_, left, right) => self.hold(left) || self.hold(right),
            ExprKind::Conditional { yes, no, .. } => self.hold(yes) || self.hold(no),
            ExprKind::ImportCall(_) => self.0.contains("import()"),
            _ => false,
        }
    }

    /// Whether an argument may be something of a package, or hold it by name.
    pub(super) fn hold_argument(&self, argument: &Argument) -> bool {
        match &argument.value.kind {
            ExprKind::Object(properties) => properties.iter().any(
                |property| matches!(property, Property::Field { value, .. } if is_path(value) && self.hold(value)),
            ),
            _ => self.hold(&argument.value),
        }
    }

    fn is_field(&self, object: &Expr, property: &str) -> bool {
        let own =
            matches!(&object.kind, ExprKind::This) || matches!(&object.kind, ExprKind::Name(name) if &**name == "self");
        own && self.0.contains(property)
    }

    /// Adds the names that are made of those that are known, until there are no more.
    fn follow(&mut self, body: &[Statement], is_meant: &dyn Fn(&str) -> bool) {
        for _ in 0..MOST_ROUNDS {
            let before = self.0.len();
            each_statement(body, &mut |statement| match statement {
                Statement::Declare { pattern, value: Some(value), .. } if self.mentioned(value, is_meant) => {
                    self.add(pattern);
                }
                Statement::Loop { pattern: Some(pattern), over: Some(over), .. } if self.mentioned(over, is_meant) => {
                    self.add(pattern);
                }
                Statement::Function { name, function, .. } if self.mentioned_in(function, is_meant) => {
                    self.0.insert(name.clone());
                }
                Statement::Class { class, .. } => self.class(class, is_meant),
                _ => {}
            });
            let mut assigned = Vec::new();
            visit(body, &mut |expr, _| match &expr.kind {
                ExprKind::Assign { target, value, .. } if self.mentioned(value, is_meant) => match &target.kind {
                    ExprKind::Name(name) | ExprKind::Member { property: name, .. } => assigned.push(name.clone()),
                    _ => {}
                },
                _ => {}
            });
            self.0.extend(assigned);
            if self.0.len() == before {
                return;
            }
        }
    }

    fn class(&mut self, class: &Class, is_meant: &dyn Fn(&str) -> bool) {
        if class.bases.iter().any(|base| self.hold(base)) {
            self.0.extend(class.name.clone());
        }
        for member in &class.members {
            if member.value.as_ref().is_some_and(|value| self.mentioned(value, is_meant)) {
                self.0.insert(member.name.clone());
                self.0.extend(class.name.clone());
            }
        }
    }

    fn add(&mut self, pattern: &Pattern) {
        let mut names = Vec::new();
        super::super::modules::pattern_names(pattern, &mut names);
        self.0.extend(names);
    }

    /// Whether one of the names stands anywhere in an expression.
    fn mentioned(&self, expr: &Expr, is_meant: &dyn Fn(&str) -> bool) -> bool {
        let mut found = false;
        visit_expr(expr, &mut |inner, _| found |= self.is_one(inner, is_meant));
        found
    }

    fn mentioned_in(&self, function: &Function, is_meant: &dyn Fn(&str) -> bool) -> bool {
        let mut found = false;
        visit(&function.body, &mut |inner, _| found |= self.is_one(inner, is_meant));
        found
    }

    fn is_one(&self, expr: &Expr, is_meant: &dyn Fn(&str) -> bool) -> bool {
        match &expr.kind {
            ExprKind::Name(name) => self.0.contains(name),
            ExprKind::Member { object, property, .. } => self.is_field(object, property),
            ExprKind::ImportCall(module) => is_meant(module),
            _ => false,
        }
    }
}

/// Whether `import a` binds the name under which what is meant is reached: `import a.b` is `import a` beside it.
fn is_above(module: &Module, import: &Import, is_meant: &dyn Fn(&str) -> bool) -> bool {
    module.language == Language::Python
        && import.names.iter().any(|name| name.what == Imported::Module)
        && module.body.iter().any(|statement| match statement {
            Statement::Import(other) => {
                other.module.strip_prefix(&*import.module).is_some_and(|rest| rest.starts_with('.'))
                    && is_meant(&other.module)
            }
            _ => false,
        })
}

/// `a`, `a.b.c`.
pub(super) fn is_path(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Name(_) | ExprKind::This => true,
        ExprKind::Member { object, .. } => is_path(object),
        _ => false,
    }
}

/// Each statement of a body and of the bodies inside it, functions included.
pub(in crate::eval) fn each_statement<'t>(body: &'t [Statement], f: &mut dyn FnMut(&'t Statement)) {
    for statement in body {
        f(statement);
        match statement {
            Statement::Function { function, .. } => each_statement(&function.body, f),
            Statement::If { then, otherwise, .. } => {
                each_statement(then, f);
                each_statement(otherwise, f);
            }
            Statement::Block(body) | Statement::Loop { body, .. } => each_statement(body, f),
            Statement::Try { body, handlers, finally, .. } => {
                each_statement(body, f);
                handlers.iter().for_each(|handler| each_statement(handler, f));
                each_statement(finally, f);
            }
            Statement::Switch { cases, .. } => cases.iter().for_each(|(_, body)| each_statement(body, f)),
            Statement::Declare { value: Some(value), .. }
            | Statement::ExportDefault { value, .. }
            | Statement::Return { value: Some(value), .. }
            | Statement::Expression(value) => functions(value, f),
            Statement::Class { class, .. } => {
                class.members.iter().filter_map(|member| member.value.as_ref()).for_each(|value| functions(value, f));
            }
            _ => {}
        }
    }
}

/// The statements of the functions in an expression.
fn functions<'t>(expr: &'t Expr, f: &mut dyn FnMut(&'t Statement)) {
    let mut bodies: Vec<&'t Function> = Vec::new();
    visit_expr(expr, &mut |inner, _| {
        if let ExprKind::Function(function) = &inner.kind
            && bodies.last().is_none_or(|outer| !outer.span.holds(function.span))
        {
            bodies.push(function);
        }
    });
    bodies.into_iter().for_each(|function| each_statement(&function.body, f));
}
