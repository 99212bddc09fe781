//! Which statements have to run before an expression is evaluated: those that may bind or change what it names, and what
//! those name in turn.

use crate::syntax::code::{Expr, ExprKind, Guard, Pattern, Statement, visit, visit_expr};
use hashbrown::{HashMap, HashSet};
use std::sync::Arc;

/// How `this` is called among names.
const THIS: &str = "this";

/// Names.
pub(super) type Names = HashSet<Arc<str>>;

/// What one statement has to do with names.
#[derive(Debug, Default)]
struct Touched {
    /// Every name in it.
    mentions: Names,
    /// Those that it may bind or change: what it declares, assigns, calls a method of, or hands to a call; all of them,
    /// where it may be the last one that runs.
    changes: Names,
    /// Those that it declares or assigns by themselves.
    binds: Names,
}

/// What the statements of one body have to do with names, as far as the walk has come.
#[derive(Debug, Default)]
struct Body {
    touched: Vec<Touched>,
    /// The statements that change a name, in order.
    changed_at: HashMap<Arc<str>, Vec<usize>>,
    /// The first statement that binds it.
    bound_at: HashMap<Arc<str>, usize>,
}

/// What the statements of a walk have to do with names, each looked at once.
#[derive(Debug, Default)]
pub(super) struct Slices {
    bodies: HashMap<*const Statement, Body>,
}

impl Body {
    /// Looks at those of its statements that come now for the first time.
    fn grow(&mut self, statements: &[Statement]) {
        for (at, statement) in statements.iter().enumerate().skip(self.touched.len()) {
            let one = touched(statement);
            for name in &one.changes {
                self.changed_at.entry(name.clone()).or_default().push(at);
            }
            for name in &one.binds {
                self.bound_at.entry(name.clone()).or_insert(at);
            }
            self.touched.push(one);
        }
    }
}

impl Slices {
    /// The names that an expression and the conditions around it name.
    pub(super) fn needed(expr: &Expr, guards: &[Guard<'_>]) -> Names {
        let mut names = Names::new();
        visit_expr(expr, &mut |inner, _| name(inner, &mut names));
        for guard in guards {
            visit_expr(guard.test, &mut |inner, _| name(inner, &mut names));
        }
        names
    }

    /// Marks those of some statements that have to run for what is needed; what they name themselves is needed then, as far
    /// as one of them binds it.
    pub(super) fn mark(&mut self, bodies: &[&[Statement]], needed: &mut Names) -> Vec<Vec<bool>> {
        for body in bodies.iter().filter(|body| !body.is_empty()) {
            self.bodies.entry(body.as_ptr()).or_default().grow(body);
        }
        let known = |body: &&[Statement]| if body.is_empty() { None } else { self.bodies.get(&body.as_ptr()) };
        let all: Vec<(usize, &Body)> =
            bodies.iter().enumerate().filter_map(|(index, body)| Some((index, known(body)?))).collect();
        let is_bound = |name: &str| {
            all.iter().any(|(index, own)| own.bound_at.get(name).is_some_and(|first| *first < bodies[*index].len()))
        };
        let mut marked: Vec<Vec<bool>> = bodies.iter().map(|body| vec![false; body.len()]).collect();
        let mut asked: Vec<Arc<str>> = needed.iter().cloned().collect();
        while let Some(name) = asked.pop() {
            for (index, own) in &all {
                let marks = &mut marked[*index];
                for at in own.changed_at.get(&name).into_iter().flatten().take_while(|at| **at < bodies[*index].len()) {
                    if std::mem::replace(&mut marks[*at], true) {
                        continue;
                    }
                    for name in own.touched[*at].mentions.iter().filter(|name| is_bound(name)) {
                        if needed.insert(name.clone()) {
                            asked.push(name.clone());
                        }
                    }
                }
            }
        }
        marked
    }
}

fn touched(statement: &Statement) -> Touched {
    let mut found = Touched::default();
    let one = std::slice::from_ref(statement);
    super::uses::each_statement(one, &mut |inner| match inner {
        Statement::Declare { pattern, .. } => declared(pattern, &mut found.binds),
        Statement::Function { name, .. } => drop(found.binds.insert(name.clone())),
        Statement::Class { class, .. } => found.binds.extend(class.name.clone()),
        Statement::Loop { pattern: Some(pattern), .. } => declared(pattern, &mut found.binds),
        Statement::Import(import) => found.binds.extend(import.names.iter().map(|name| name.local.clone())),
        _ => {}
    });
    visit(one, &mut |expr, _| {
        name(expr, &mut found.mentions);
        match &expr.kind {
            ExprKind::Assign { target, .. } => {
                root(target, &mut found.binds);
                root(target, &mut found.changes);
            }
            ExprKind::Unary(_, inner) => root(inner, &mut found.changes),
            ExprKind::Call { callee, arguments, .. } => {
                if let ExprKind::Member { object, .. } = &callee.kind {
                    root(object, &mut found.changes);
                }
                for argument in arguments {
                    visit_expr(&argument.value, &mut |inner, _| name(inner, &mut found.changes));
                }
            }
            _ => {}
        }
    });
    found.mentions.extend(found.binds.iter().cloned());
    found.changes.extend(found.binds.iter().cloned());
    if leaves(one) {
        found.changes.extend(found.mentions.iter().cloned());
    }
    found
}

/// Whether the function, or a step of a loop, may end in some statements.
fn leaves(body: &[Statement]) -> bool {
    body.iter().any(|statement| match statement {
        Statement::Return { .. } | Statement::Throw { .. } | Statement::Jump(_) | Statement::Break(..) => true,
        Statement::If { then, otherwise, .. } => leaves(then) || leaves(otherwise),
        Statement::Block(body) | Statement::Loop { body, .. } => leaves(body),
        Statement::Try { body, handlers, finally, .. } => {
            leaves(body) || leaves(finally) || handlers.iter().any(|handler| leaves(handler))
        }
        Statement::Switch { cases, .. } => cases.iter().any(|(_, body)| leaves(body)),
        _ => false,
    })
}

fn declared(pattern: &Pattern, into: &mut Names) {
    let mut names = Vec::new();
    super::modules::pattern_names(pattern, &mut names);
    into.extend(names);
}

/// The name in an expression that is one.
fn name(expr: &Expr, into: &mut Names) {
    match &expr.kind {
        ExprKind::Name(name) => drop(into.insert(name.clone())),
        ExprKind::This => drop(into.insert(THIS.into())),
        _ => {}
    }
}

/// The name that something begins with: `a` of `a.b[c]`.
fn root(expr: &Expr, into: &mut Names) {
    match &expr.kind {
        ExprKind::Member { object, .. } | ExprKind::Index { object, .. } => root(object, into),
        ExprKind::Call { callee, .. } => root(callee, into),
        ExprKind::List(items) => items.iter().for_each(|item| match item {
            crate::syntax::code::Item::One(expr) | crate::syntax::code::Item::Spread(expr) => root(expr, into),
        }),
        _ => name(expr, into),
    }
}
