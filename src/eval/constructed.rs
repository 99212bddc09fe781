//! Instances of plain classes whose constructor fills their fields: `self.debug = os.getenv("DEBUG") == "1"`.

use super::calls::Arguments;
use super::control::Flow;
use super::objects::with_field;
use super::scope::{ClassValue, Closure};
use super::{Because, Evaluator, Kind, Place, Trail, Value};
use crate::syntax::code::{Class, Expr, ExprKind, Function, Param, Pattern, Property, Statement, visit};
use crate::syntax::{FileId, Span};
use hashbrown::{HashMap, HashSet};
use std::sync::Arc;

/// The constructor.
const INIT: &str = "__init__";

/// Methods by which fields come and go without being written.
const HIDDEN: &[&str] = &["__new__", "__getattr__", "__getattribute__", "__setattr__"];

/// What sets a field whose name is a value.
const SETTERS: &[&str] = &["setattr", "vars"];

/// Where an instance keeps its fields.
const FIELDS: &str = "__dict__";

/// Steps that one constructor may take.
const MOST_STEPS: usize = 4_000;

/// Constructors that are followed.
const MOST_INSTANCES: usize = 200;

/// The instances that were made without arguments, which are made once, and how many constructors were followed.
#[derive(Debug, Default)]
pub(super) struct Instances {
    known: HashMap<(FileId, Span), Option<Value>>,
    followed: usize,
}

impl Evaluator<'_> {
    /// The instance that a call of a class makes: what its constructor leaves behind. None where that is not to be read: it
    /// has bases, or its fields are filled by something else.
    pub(super) fn constructed(&self, class: &Arc<ClassValue>, arguments: &Arguments, trail: &Trail) -> Option<Value> {
        let own = &class.class;
        if !leaves_all(own, self.is_python(Place::File(class.file, own.span))) {
            return None;
        }
        let key = (class.file, own.span);
        let is_same_each_time = arguments.0.is_empty() && arguments.1.is_empty() && !self.is_running();
        if let Some(known) = self.instances.borrow().known.get(&key).filter(|_| is_same_each_time) {
            return known.clone();
        }
        if self.instances.borrow().followed >= MOST_INSTANCES {
            return None;
        }
        self.instances.borrow_mut().followed += 1;
        let made = self.at_most(MOST_STEPS, || match self.is_python(Place::File(class.file, own.span)) {
            true => self.constructed_by_name(class, arguments, trail),
            false => self.constructed_by_this(class, arguments, trail),
        });
        if is_same_each_time {
            self.instances.borrow_mut().known.insert(key, made.clone());
        }
        made
    }

    fn constructed_by_name(&self, class: &Arc<ClassValue>, arguments: &Arguments, trail: &Trail) -> Option<Value> {
        let own = &class.class;
        let (init, this) = method(own, INIT)?;
        let scope = self.class_frame(class).capture();
        let start = self.instance(class, trail);
        let closure = Closure { function: init.clone(), file: class.file, scope, this: Some(start) };
        let _depth = self.enter()?;
        let frame = self.frame_of(&closure);
        let (positional, keywords) = arguments;
        self.bind_parameters(&closure, positional.clone(), keywords, &frame, trail);
        let run = || self.with_own_conditions(|| self.run(&init.body, &frame));
        if matches!(stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, run), Flow::Throw) {
            return Some(Value::unknown(Because::Undecided, trail));
        }
        let filled = frame.names.borrow().get(this).cloned()?;
        let Kind::Object { fields, open } = &filled.kind else { return None };
        let touched = touched(own, &|name| fields.iter().any(|(own, _)| &**own == name))?;
        let unknown = |value: &Value| Value::unknown(Because::Undecided, &value.trail);
        let field = |(name, value): &(Arc<str>, Value)| match touched.contains(name) {
            true => (name.clone(), unknown(value)),
            false => (name.clone(), value.clone()),
        };
        let fields = fields.iter().map(field).collect();
        Some(Value::new(Kind::Object { fields, open: open.clone() }, trail))
    }
}

impl Evaluator<'_> {
    /// The same in JavaScript, as far as the constructor's own statements fill fields: `this.origin = process.env.ORIGIN`.
    fn constructed_by_this(&self, class: &Arc<ClassValue>, arguments: &Arguments, trail: &Trail) -> Option<Value> {
        let own = &class.class;
        let maker = own.members.iter().find(|member| &*member.name == "constructor")?;
        let Some(ExprKind::Function(function)) = maker.value.as_ref().map(|value| &value.kind) else { return None };
        let _depth = self.enter()?;
        let scope = self.class_frame(class).capture();
        let closure = Closure { function: function.clone(), file: class.file, scope, this: None };
        let mut frame = self.frame_of(&closure);
        self.bind_parameters(&closure, arguments.0.clone(), &arguments.1, &frame, trail);
        let mut made = self.instance(class, trail);
        for statement in &function.body {
            frame.this = Some(made.clone());
            if let Some((name, value)) = own_assignment(statement) {
                made = with_field(&made, name, self.expr(value, &frame));
                continue;
            }
            if matches!(self.run(std::slice::from_ref(statement), &frame), Flow::Throw) {
                return None;
            }
            made = self.without(&made, std::slice::from_ref(statement));
        }
        let others = own.members.iter().filter(|member| &*member.name != "constructor");
        let bodies = others.filter_map(|member| match member.value.as_ref().map(|value| &value.kind) {
            Some(ExprKind::Function(function)) => Some(&function.body),
            _ => None,
        });
        Some(bodies.fold(made, |made, body| self.without(&made, body)))
    }

    /// An instance of which some statements change fields: nobody knows those.
    fn without(&self, made: &Value, statements: &[Statement]) -> Value {
        let mut changed = Vec::new();
        visit(statements, &mut |expr, _| {
            if let ExprKind::Assign { target, .. } = &expr.kind {
                changed.extend(field_of_this(target));
            }
        });
        let unknown = |name: &Arc<str>| Value::unknown(Because::Undecided, &made.field(name).trail);
        changed.iter().fold(made.clone(), |made, name| with_field(&made, name, unknown(name)))
    }
}

/// Whether an instance of a class is what its constructor leaves behind, as far as its text tells.
pub(super) fn leaves_all(class: &Class, python: bool) -> bool {
    let is_plain = class.bases.is_empty() && class.decorators.is_empty() && !class.is_open;
    if !is_plain || !python {
        return is_plain;
    }
    let hides = class.members.iter().any(|member| HIDDEN.contains(&&*member.name));
    !hides && method(class, INIT).is_some_and(|(init, this)| !lets_go(init, this))
}

/// `this.field = value`.
fn own_assignment(statement: &Statement) -> Option<(&Arc<str>, &Expr)> {
    let Statement::Expression(Expr { kind: ExprKind::Assign { target, value, op: None }, .. }) = statement else {
        return None;
    };
    match &target.kind {
        ExprKind::Member { object, property, .. } if matches!(object.kind, ExprKind::This) => Some((property, value)),
        _ => None,
    }
}

/// The field of `this` that an assignment changes, or changes something in.
fn field_of_this(target: &Expr) -> Option<Arc<str>> {
    match &target.kind {
        ExprKind::Member { object, property, .. } if matches!(object.kind, ExprKind::This) => Some(property.clone()),
        ExprKind::Member { object, .. } | ExprKind::Index { object, .. } => field_of_this(object),
        _ => None,
    }
}

/// A method of a class, and what it calls the instance.
fn method<'t>(class: &'t Class, name: &str) -> Option<(&'t Arc<Function>, &'t Arc<str>)> {
    let member = class.members.iter().find(|member| &*member.name == name)?;
    match &member.value.as_ref()?.kind {
        ExprKind::Function(function) => Some((function, this_of(function)?)),
        _ => None,
    }
}

fn this_of(function: &Function) -> Option<&Arc<str>> {
    match function.params.first() {
        Some(Param { pattern: Pattern::Name(name, _), .. }) => Some(name),
        _ => None,
    }
}

/// Whether a constructor hands the instance to somebody else, or sets fields whose names are values.
fn lets_go(function: &Function, this: &str) -> bool {
    let mut found = false;
    visit(&function.body, &mut |expr, _| match &expr.kind {
        ExprKind::Call { arguments, .. } => found |= arguments.iter().any(|argument| is_name(&argument.value, this)),
        ExprKind::Member { object, property, .. } => found |= &**property == FIELDS && is_name(object, this),
        _ => {}
    });
    found
}

/// The fields that other methods of a class change; none where they can be any. `is_field` says whether there is one of a
/// name.
fn touched(class: &Class, is_field: &dyn Fn(&str) -> bool) -> Option<HashSet<Arc<str>>> {
    let mut all: HashSet<Arc<str>> = HashSet::new();
    for member in class.members.iter().filter(|member| &*member.name != INIT) {
        let Some(ExprKind::Function(function)) = member.value.as_ref().map(|value| &value.kind) else { continue };
        let Some(this) = this_of(function) else { continue };
        let (mut by_name, mut named) = (false, HashSet::new());
        visit(&function.body, &mut |expr, _| match &expr.kind {
            ExprKind::Assign { target, .. } => all.extend(field_of(target, this)),
            ExprKind::Call { callee, arguments, .. } => {
                let is_given = arguments.iter().any(|argument| is_name(&argument.value, this));
                by_name |= is_given && SETTERS.iter().any(|setter| is_name(callee, setter));
            }
            ExprKind::Member { object, property, .. } => by_name |= &**property == FIELDS && is_name(object, this),
            ExprKind::Text(text) => drop(named.insert(text.as_name())),
            ExprKind::Object(properties) => named.extend(properties.iter().filter_map(|property| match property {
                Property::Field { key, .. } => Some(key.clone()),
                _ => None,
            })),
            _ => {}
        });
        if by_name {
            // The names that it sets stand beside it, or nobody knows them.
            named.retain(|name| is_field(name));
            if named.is_empty() {
                return None;
            }
            all.extend(named);
        }
    }
    Some(all)
}

/// The field of the instance that an assignment changes, or changes something in.
fn field_of(target: &Expr, this: &str) -> Option<Arc<str>> {
    match &target.kind {
        ExprKind::Member { object, property, .. } if is_name(object, this) => Some(property.clone()),
        ExprKind::Member { object, .. } | ExprKind::Index { object, .. } => field_of(object, this),
        _ => None,
    }
}

fn is_name(expr: &Expr, name: &str) -> bool {
    matches!(&expr.kind, ExprKind::Name(own) if &**own == name)
}
