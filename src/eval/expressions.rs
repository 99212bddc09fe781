//! Expressions: one function for each kind.

use super::scope::{ClassValue, Closure, Frame};
use super::value::join_path;
use super::{Because, Evaluator, How, Kind, MOST_TEXT, Place, Step, Unknown, Value};
use crate::syntax::Span;
use crate::syntax::code::{BinaryOp, Expr, ExprKind, Item, Language, Pattern, TemplatePart, UnaryOp, visit_expr};
use crate::text::Text;
use std::sync::Arc;

/// By which JavaScript asks whether an object has a name: `process.env.hasOwnProperty("NAME")`.
pub(super) const HAS_NAME: &str = "hasOwnProperty";

impl Evaluator<'_> {
    /// The value of an expression among the names of a frame.
    pub(super) fn expr(&self, expr: &Expr, frame: &Frame) -> Value {
        let place = self.here(expr.span, frame);
        let Some(_depth) = self.enter() else { return self.too_complex(place) };
        let value = stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.expr_inner(expr, place, frame));
        match expr.kind {
            ExprKind::Object(_)
            | ExprKind::List(_)
            | ExprKind::Call { .. }
            | ExprKind::Binary(..)
            | ExprKind::Comprehension { .. } => self.opened(value, frame.file, expr.span),
            _ => value,
        }
    }

    fn expr_inner(&self, expr: &Expr, place: Place, frame: &Frame) -> Value {
        let written = |kind| Value::written(kind, place);
        match &expr.kind {
            ExprKind::Null => written(Kind::Null),
            ExprKind::Undefined => written(Kind::Absent),
            ExprKind::Bool(value) => written(Kind::Bool(*value)),
            ExprKind::Number(value) => written(Kind::Number(*value)),
            ExprKind::Text(text) => written(Kind::Text(text.clone())),
            ExprKind::Regex { pattern, flags } => {
                written(Kind::Pattern { source: pattern.clone(), flags: flags.clone() })
            }
            ExprKind::Template(parts) => self.template(parts, place, frame),
            ExprKind::List(items) => self.list(items, place, frame),
            ExprKind::Object(properties) => self.object(properties, place, frame, &[]),
            ExprKind::Name(name) => self.lookup(name, expr.span, frame),
            ExprKind::This => frame
                .this
                .clone()
                .unwrap_or_else(|| Value::unknown(Because::Undecided, &Step::start(place, How::Written))),
            ExprKind::Member { object, property, .. } => {
                if let Some(exports) = self.exports_so_far(object, property, place, frame) {
                    return exports;
                }
                let of = self.expr(object, frame);
                if let Some(put) = self.decoration(object, &of, property) {
                    return put;
                }
                match is_binding(object, property, &of) {
                    true => self.read_variable(property, place),
                    false => self.member(&of, property, place),
                }
            }
            ExprKind::Index { object, index, .. } => self.index(object, index, place, frame),
            ExprKind::Call { callee, arguments, is_new, .. } => {
                self.call_expr(callee, arguments, *is_new, place, frame)
            }
            ExprKind::Function(function) => written(Kind::Function(Arc::new(Closure {
                function: function.clone(),
                file: frame.file,
                scope: frame.capture(),
                this: frame.this.clone(),
            }))),
            ExprKind::Class(class) => written(Kind::Class(Arc::new(ClassValue {
                class: class.clone(),
                file: frame.file,
                scope: frame.capture(),
            }))),
            ExprKind::Unary(op, operand) => self.unary(*op, operand, place, frame),
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right, place, frame),
            ExprKind::Logical(op, left, right) => self.logical(*op, left, right, place, frame),
            ExprKind::Conditional { test, yes, no } => self.conditional(test, yes, no, place, frame),
            ExprKind::Assign { target, op, value } => self.assign(target, *op, value, frame),
            ExprKind::Sequence(items) => {
                items.iter().map(|item| self.expr(item, frame)).last().unwrap_or_else(|| written(Kind::Absent))
            }
            ExprKind::ImportCall(module) => self.out_of_module(module, None, frame.file, place),
            ExprKind::Comprehension { item, pattern, over, tests } => {
                self.comprehension(item, pattern, over, tests, place, frame)
            }
            ExprKind::Opaque(what) => Value::unknown(Because::Call((*what).into()), &Step::start(place, How::Written)),
        }
    }

    /// The value of a name.
    pub(super) fn lookup(&self, name: &str, span: Span, frame: &Frame) -> Value {
        let place = self.here(span, frame);
        let local = frame.names.borrow().get(name).cloned();
        let found = local
            .or_else(|| frame.outer.as_ref().and_then(|outer| outer.get(name).cloned()))
            .or_else(|| self.module_name_at(frame.file, name, span));
        if found.is_some() && self.is_uncertain_read(frame.file, span, name) {
            return Value::unknown(Because::Changed, &Step::start(place, How::Named { name: name.into() }));
        }
        match found {
            Some(value) => value.step(place, How::Named { name: name.into() }),
            None if name == "__name__" && self.is_imported(frame.file) => {
                Value::written(Kind::Text(Text::new("a module that is imported")), place)
            }
            None => self.star_name(frame.file, name).unwrap_or_else(|| {
                Value::written(Kind::External { module: "global".into(), path: name.into() }, place)
            }),
        }
    }

    fn index(&self, object: &Expr, index: &Expr, place: Place, frame: &Frame) -> Value {
        let object = self.expr(object, frame);
        // `FastMCP[Context]` is the class, told of a type.
        if is_class(&object) && self.is_python(place) {
            return object;
        }
        let index = self.expr(index, frame);
        index.each(&mut |index| match &index.kind {
            Kind::Text(key) => {
                let name = key.as_name();
                let found = object.each(&mut |object| match object.kind {
                    Kind::Environment => self.read_variable(&name, place),
                    _ => self.member(object, &name, place),
                });
                if let Kind::Environment = object.kind {
                    self.demanded(&name, frame);
                }
                found
            }
            Kind::Number(number) => self.item(&object, *number, place),
            _ => Value::unknown(Because::Undecided, &Step::start(place, How::Written)),
        })
    }

    fn item(&self, list: &Value, index: f64, place: Place) -> Value {
        list.each(&mut |list| match &list.kind {
            Kind::List { items, open } => {
                let position = if index < 0.0 { items.len() as f64 + index } else { index };
                let found = (position >= 0.0).then(|| items.get(position as usize).cloned()).flatten();
                found.unwrap_or_else(|| Value::new(open.clone().map_or(Kind::Absent, Kind::Unknown), &list.trail))
            }
            Kind::Object { .. } => self.member(list, &number_name(index), place),
            Kind::Unknown(unknown) => Value::new(Kind::Unknown(part_of(unknown)), &list.trail),
            Kind::Absent | Kind::Null => Value::new(Kind::Absent, &list.trail),
            _ => Value::unknown(Because::Undecided, &list.trail),
        })
    }

    /// What is under a key of a value: fields, environment reads, parts of modules, getters.
    pub(super) fn member(&self, object: &Value, name: &str, place: Place) -> Value {
        object.each(&mut |object| match &object.kind {
            // A method: no attribute of Python's mapping is a variable. `read = os.environ.get`, `os.environ.copy()`.
            Kind::Environment if self.is_python(place) => {
                Value::written(Kind::External { module: "os".into(), path: join_path("environ", name) }, place)
            }
            // What every object has is no variable.
            Kind::Environment if name == HAS_NAME => {
                Value::written(Kind::External { module: "process".into(), path: join_path("env", name) }, place)
            }
            Kind::Environment => self.read_variable(name, place),
            // What stands for a member of an enumeration is its value.
            Kind::Text(_) | Kind::Number(_) if name == "value" && self.is_python(place) => object.clone(),
            Kind::Module(file) => self.exported(*file, name, place),
            Kind::External { path, .. } if path.len() > super::MOST_PATH => self.too_complex(place),
            Kind::External { module, path } => {
                let path = join_path(path, name);
                self.external(module.clone(), path, place, &object.trail)
            }
            Kind::Object { .. } => {
                if let Some(variable) = self.rest_of(object, name, place) {
                    return variable;
                }
                let found = object.field(name);
                match &found.kind {
                    Kind::Function(function) if function.function.name.as_deref() == Some(super::objects::GETTER) => {
                        let this = Some(function.this.clone().unwrap_or_else(|| object.clone()));
                        let bound = super::scope::Closure { this, ..(**function).clone() };
                        let bound = Value::new(Kind::Function(Arc::new(bound)), &found.trail);
                        self.apply(&bound, Vec::new(), Vec::new(), false, &found.trail)
                    }
                    _ => found,
                }
            }
            Kind::Text(text) if name == "length" => Value::new(Kind::Number(text.utf16_units() as f64), &object.trail),
            Kind::List { items, open: None } if name == "length" && items.iter().all(is_certain) => {
                Value::new(Kind::Number(items.len() as f64), &object.trail)
            }
            Kind::Class(class) => self.static_member(class, name, &object.trail),
            Kind::Unknown(unknown) => Value::new(Kind::Unknown(part_of(unknown)), &object.trail),
            // The token of a named part of the configuration stands for that part.
            Kind::Call(call) if name == "KEY" && call.external() == Some(("@nestjs/config", "registerAs")) => {
                object.clone()
            }
            Kind::Call(call) => super::builtins::part_of_address(call, name)
                .unwrap_or_else(|| Value::unknown(super::call_reason(call), &object.trail)),
            Kind::Absent | Kind::Null => Value::new(Kind::Absent, &object.trail),
            _ => Value::unknown(Because::Undecided, &object.trail),
        })
    }

    fn list(&self, items: &[Item], place: Place, frame: &Frame) -> Value {
        let mut values = Vec::new();
        let mut open = None;
        for item in items {
            match item {
                Item::One(expr) => values.push(self.expr(expr, frame)),
                Item::Spread(expr) => spread_items(&self.expr(expr, frame), &mut values, &mut open),
            }
            if values.len() > super::MOST_ITEMS {
                return self.too_complex(place);
            }
        }
        self.charge(values.len());
        Value::written(Kind::List { items: values.into(), open }, place)
    }

    fn template(&self, parts: &[TemplatePart], place: Place, frame: &Frame) -> Value {
        let mut whole = Value::written(Kind::Text(Text::new("")), place);
        let mut single = true;
        for part in parts {
            let value = match part {
                TemplatePart::Text(text, _) => Value::written(Kind::Text(text.clone()), place),
                TemplatePart::Expr(expr) => self.expr(expr, frame),
            };
            single &= parts.len() == 1;
            if single {
                return value.read(&|value| {
                    text_of(&value.kind, self.language(frame.file)).map_or_else(|| value.kind.clone(), Kind::Text)
                });
            }
            whole = self.concatenate(&whole, &value, self.language(frame.file));
        }
        // The template's own text is what a user would edit.
        whole.each(&mut |value| match &value.kind {
            Kind::Text(_) if parts.iter().all(|part| matches!(part, TemplatePart::Text(..))) => {
                Value::written(value.kind.clone(), place)
            }
            _ => Value::new(value.kind.clone(), &rooted(place, value)),
        })
    }

    pub(super) fn comprehension(
        &self,
        item: &Expr,
        pattern: &Pattern,
        over: &Expr,
        tests: &[Expr],
        place: Place,
        frame: &Frame,
    ) -> Value {
        let over = super::objects::iterated(&self.expr(over, frame), self.language(frame.file));
        over.each(&mut |over| self.comprehension_over(item, pattern, over, tests, place, frame))
    }

    /// A comprehension over one form of its list.
    fn comprehension_over(
        &self,
        item: &Expr,
        pattern: &Pattern,
        over: &Value,
        tests: &[Expr],
        place: Place,
        frame: &Frame,
    ) -> Value {
        let Kind::List { items, open: None } = &over.kind else {
            // Of which call each item comes is known all the same: `random.choice(LETTERS) for _ in range(50)`.
            self.bind(pattern, Value::unknown(Because::Undecided, &over.trail), frame);
            let because = match self.expr(item, frame).kind {
                Kind::Call(call) => super::call_reason(&call),
                _ => Because::Undecided,
            };
            return Value::unknown(because, &over.trail);
        };
        let mut made = Vec::new();
        for element in items.iter().take(super::MOST_ITEMS) {
            self.bind(pattern, element.clone(), frame);
            let mut keep = Value::written(Kind::Bool(true), place);
            for test in tests {
                let answer = self.expr(test, frame);
                keep = self.branch(&answer, place, &mut |holds| Value::written(Kind::Bool(holds), place));
            }
            match &keep.kind {
                Kind::Bool(true) => made.push(self.expr(item, frame)),
                Kind::Bool(false) => {}
                _ => match perhaps(self.expr(item, frame), &keep) {
                    Some(item) => made.push(item),
                    None => return Value::unknown(Because::Undecided, &over.trail),
                },
            }
        }
        Value::written(Kind::List { items: made.into(), open: None }, place)
    }

    /// Two values as texts, one after the other.
    pub(super) fn concatenate(&self, left: &Value, right: &Value, language: Language) -> Value {
        left.join(right, &|left, right| {
            let (left, right) = match (piece(left, language), piece(right, language)) {
                (Piece::Known(left), Piece::Known(right)) if left.len() + right.len() <= MOST_TEXT => {
                    self.charge((left.len() + right.len()) / super::BYTES_A_STEP);
                    return Kind::Text(left.join(&right));
                }
                (left, right) => (left, right),
            };
            Kind::Unknown(joined(left, right))
        })
    }

    fn conditional(&self, test: &Expr, yes: &Expr, no: &Expr, place: Place, frame: &Frame) -> Value {
        let written = test;
        let test = self.expr(test, frame);
        let falls = if reads_variable(&test) { asked_for(written, yes, no) } else { None };
        self.branch(&test, place, &mut |answer| {
            let side = self.expr(if answer { yes } else { no }, frame);
            // `X ? f(X) : y` says what `X ?? y` says.
            if falls.is_some_and(|used| used != answer) { super::operators::fallback(&test, &side) } else { side }
        })
    }

    fn assign(&self, target: &Expr, op: Option<BinaryOp>, value: &Expr, frame: &Frame) -> Value {
        let mut new = self.expr(value, frame);
        if let Some(op) = op {
            let old = self.expr(target, frame);
            new = self.combine(op, &old, &new, self.here(target.span, frame), frame);
        }
        self.store(target, new.clone(), frame);
        new
    }

    /// Puts a value where an assignment points.
    pub(super) fn store(&self, target: &Expr, value: Value, frame: &Frame) {
        let given = value;
        let value = self.as_stored(given.clone(), frame.file, target.span);
        match &target.kind {
            ExprKind::Name(name) => self.rebind(name, value, frame),
            ExprKind::Member { object, property, .. } => {
                let old = self.aside(|| self.expr(object, frame));
                self.tell_assigned(&old, property, &value);
                let changed = super::objects::with_field(&old, property, value);
                self.charge(changed.bulk());
                self.store(object, self.within_bounds(changed), frame);
            }
            ExprKind::Index { object, index, .. } => {
                let Kind::Text(key) = self.expr(index, frame).kind else {
                    // Any part of it can be the one.
                    let old = self.aside(|| self.expr(object, frame));
                    if matches!(old.kind, Kind::Object { .. } | Kind::List { .. } | Kind::Choice(..)) {
                        self.store(object, Value::unknown(Because::Changed, &given.trail), frame);
                    }
                    return;
                };
                if self.bind_by_key(object, &key.as_name(), &value, frame) {
                    return;
                }
                let old = self.aside(|| self.expr(object, frame));
                if let Kind::Environment = old.kind {
                    let place = given.trail.place;
                    return self.set_variable(&key.as_name(), given, place);
                }
                let changed = super::objects::with_field(&old, &key.as_name(), value);
                self.charge(changed.bulk());
                self.store(object, self.within_bounds(changed), frame);
            }
            _ => {}
        }
    }

    fn rebind(&self, name: &str, value: Value, frame: &Frame) {
        if frame.is_module || frame.names.borrow().contains_key(name) {
            self.bind_name(name, value, frame);
        } else if frame.outer.as_ref().is_none_or(|outer| outer.get(name).is_none()) {
            // A module's name, changed inside a function: it holds for what this call reads.
            frame.names.borrow_mut().insert(name.into(), value);
        } else {
            frame.names.borrow_mut().insert(name.into(), value);
        }
    }
}

/// Whether an item is there in every world.
pub(super) fn is_certain(item: &Value) -> bool {
    match &item.kind {
        Kind::Absent => false,
        Kind::Choice(_, arms) => arms.iter().all(is_certain),
        _ => true,
    }
}

/// An item that is there where something holds; none where no question decides that.
fn perhaps(item: Value, keep: &Value) -> Option<Value> {
    let arm = |holds: bool| if holds { item.clone() } else { Value::new(Kind::Absent, &item.trail) };
    match &keep.kind {
        Kind::Unknown(unknown) => {
            let (question, as_asked) = unknown.answers.as_deref()?;
            Some(Value::choice(question.clone(), vec![arm(!as_asked), arm(*as_asked)], &item.trail))
        }
        Kind::Choice(question, arms) => {
            let arms: Option<Vec<Value>> = arms
                .iter()
                .map(|keep| match keep.kind {
                    Kind::Bool(holds) => Some(arm(holds)),
                    _ => perhaps(item.clone(), keep),
                })
                .collect();
            Some(Value::choice(question.clone(), arms?, &item.trail))
        }
        _ => None,
    }
}

/// Adds the items of a spread value.
pub(super) fn spread_items(value: &Value, into: &mut Vec<Value>, open: &mut Option<Unknown>) {
    match &value.kind {
        Kind::List { items, open: inner } => {
            into.extend(items.iter().cloned());
            *open = open.take().or_else(|| inner.clone());
        }
        // One arm's items are all conditional: each stands as "this or absent".
        Kind::Choice(question, arms) => {
            let lists: Vec<Vec<Value>> = arms
                .iter()
                .map(|arm| {
                    let mut items = Vec::new();
                    spread_items(arm, &mut items, open);
                    items
                })
                .collect();
            let longest = lists.iter().map(Vec::len).max().unwrap_or(0);
            for index in 0..longest {
                let arms = lists
                    .iter()
                    .map(|list| list.get(index).cloned().unwrap_or_else(|| Value::new(Kind::Absent, &value.trail)))
                    .collect();
                into.push(Value::choice(question.clone(), arms, &value.trail));
            }
        }
        Kind::Absent | Kind::Null | Kind::Bool(false) => {}
        Kind::Unknown(unknown) => *open = Some(unknown.clone()),
        _ => *open = Some(Because::Undecided.into()),
    }
}

enum Piece {
    Known(Text),
    Partly(Unknown),
}

fn piece(kind: &Kind, language: Language) -> Piece {
    match (text_of(kind, language), kind) {
        (Some(text), _) => Piece::Known(text),
        (None, Kind::Unknown(unknown)) => Piece::Partly(unknown.clone()),
        (None, _) => Piece::Partly(Because::Undecided.into()),
    }
}

fn joined(left: Piece, right: Piece) -> Unknown {
    let length = |piece: &Piece| match piece {
        Piece::Known(text) => text.chars(),
        Piece::Partly(unknown) => unknown.at_least_chars,
    };
    let at_least_chars = length(&left) + length(&right);
    let (because, prefix) = match (left, right) {
        (Piece::Partly(unknown), _) => (unknown.because, unknown.prefix),
        (Piece::Known(text), Piece::Partly(unknown)) => (unknown.because, Some(text)),
        (Piece::Known(text), Piece::Known(_)) => (Because::TooComplex, Some(text)),
    };
    Unknown { because, present: true, at_least_chars, prefix, unset_with: None, answers: None }
}

/// A plain value as text, the way the language writes it.
pub(super) fn text_of(kind: &Kind, language: Language) -> Option<Text> {
    let python = language == Language::Python;
    Some(match kind {
        Kind::Text(text) => text.clone(),
        Kind::Number(number) => Text::new(number_name(*number)),
        Kind::Bool(value) if python => Text::new(if *value { "True" } else { "False" }),
        Kind::Bool(value) => Text::new(value.to_string()),
        Kind::Null if python => Text::new("None"),
        Kind::Null => Text::new("null"),
        Kind::Absent => Text::new("undefined"),
        _ => return None,
    })
}

/// A number as JavaScript writes it.
pub(super) fn number_name(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 { format!("{}", number as i64) } else { number.to_string() }
}

/// What is known of a part of something unknown.
fn part_of(unknown: &Unknown) -> Unknown {
    Unknown {
        because: unknown.because.clone(),
        present: false,
        at_least_chars: 0,
        prefix: None,
        unset_with: unknown.unset_with.clone(),
        answers: None,
    }
}

fn rooted(place: Place, value: &Value) -> super::Trail {
    Step::of(place, How::Joined, value.trail.before.clone())
}

/// The answer whose side uses what a condition asks for: `X ? f(X) : y`, `!X ? y : f(X)`; none where it does not just ask
/// whether something is there.
fn asked_for(test: &Expr, yes: &Expr, no: &Expr) -> Option<bool> {
    let (path, used) = match &test.kind {
        ExprKind::Unary(UnaryOp::Not, inner) => (super::modules::dotted(inner)?, false),
        _ => (super::modules::dotted(test)?, true),
    };
    let mut mentioned = false;
    visit_expr(if used { yes } else { no }, &mut |expr, _| {
        mentioned |= super::modules::dotted(expr).is_some_and(|own| own == path);
    });
    mentioned.then_some(used)
}

/// Whether a member is a variable that a platform hands to each request: `c.env.JWT_SECRET`, `env.JWT_SECRET`.
fn is_binding(object: &Expr, name: &str, of: &Value) -> bool {
    let is_env = match &object.kind {
        ExprKind::Name(own) | ExprKind::Member { property: own, .. } => &**own == "env",
        _ => false,
    };
    let is_variable = || {
        name.starts_with(|first: char| first.is_ascii_uppercase())
            && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    };
    let is_handed =
        || matches!(of.kind, Kind::Unknown(_) | Kind::External { .. }) && super::trial::is_of_caller(&of.trail);
    is_env && is_variable() && is_handed()
}

/// Whether a value is what a variable holds, or its absence.
fn reads_variable(value: &Value) -> bool {
    let steps = value.trail.walk(8);
    steps.iter().any(|step| matches!(step.how, How::Reads { .. } | How::NotSet { .. }))
}

/// Whether a value is a class, as far as its name tells.
fn is_class(value: &Value) -> bool {
    match &value.kind {
        Kind::Class(_) => true,
        Kind::External { path, .. } => {
            let name = path.rsplit('.').next().unwrap_or_default();
            name.starts_with(|first: char| first.is_ascii_uppercase())
                && name.contains(|c: char| c.is_ascii_lowercase())
        }
        _ => false,
    }
}
