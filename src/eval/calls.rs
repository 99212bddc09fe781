//! Calls: functions of the project are followed, well-known helpers are computed, everything else is kept as a call.

use super::control::Flow;
use super::scope::{ClassValue, Closure, Frame};
use super::uses::whole;
use super::{Because, Call, Evaluator, How, Kind, Place, Question, Step, Trail, Value, builtins};
use crate::syntax::code::{Argument, Expr, ExprKind, Language, Param, Pattern, Spread};
use std::cell::RefCell;
use std::sync::Arc;

/// Positional arguments, keyword arguments.
pub(super) type Arguments = (Vec<Value>, Vec<(Arc<str>, Value)>);

impl Evaluator<'_> {
    pub(super) fn call_expr(
        &self,
        callee: &Expr,
        arguments: &[Argument],
        is_new: bool,
        place: Place,
        frame: &Frame,
    ) -> Value {
        let (positional, keywords) = self.arguments(arguments, frame);
        if let ExprKind::Member { object, property, optional, .. } = &callee.kind {
            let receiver = self.expr(object, frame);
            return receiver.each(&mut |receiver| {
                if matches!(receiver.kind, Kind::Absent | Kind::Null) && *optional {
                    return Value::new(Kind::Absent, &receiver.trail);
                }
                let result = self.method(receiver, property, &positional, &keywords, is_new, place, frame);
                self.note_opaque_call(property, result, &positional)
            });
        }
        let name = match &callee.kind {
            ExprKind::Name(name) => name.clone(),
            _ => "a call".into(),
        };
        let callee = self.expr(callee, frame);
        let trail = Step::start(place, How::Written);
        callee.each(&mut |callee| {
            let result = self.apply(callee, positional.clone(), keywords.clone(), is_new, &trail);
            match callee.kind {
                Kind::Function(_) => result,
                _ => self.note_opaque_call(&name, result, &positional),
            }
        })
    }

    /// One argument; the lists in it that nobody asks for are left open.
    pub(super) fn argument(&self, argument: &Argument, frame: &Frame) -> Value {
        match &argument.value.kind {
            ExprKind::Object(properties) if !self.unasked.is_empty() => {
                self.object(properties, self.here(argument.value.span, frame), frame, self.unasked)
            }
            _ => self.entire(self.expr(&argument.value, frame)),
        }
    }

    fn arguments(&self, arguments: &[Argument], frame: &Frame) -> Arguments {
        let mut positional = Vec::new();
        let mut keywords = Vec::new();
        for argument in arguments {
            let value = self.argument(argument, frame);
            match (&argument.name, argument.spread) {
                (Some((name, _)), _) => keywords.push((name.clone(), value)),
                (None, Spread::No) => positional.push(value),
                (None, Spread::Items) => super::expressions::spread_items(&value, &mut positional, &mut None),
                (None, Spread::Fields) => {
                    keywords.extend(value.fields().iter().cloned());
                    if !matches!(value.kind, Kind::Object { open: None, .. }) {
                        keywords.push(("**".into(), value));
                    }
                }
            }
        }
        (positional, keywords)
    }

    /// `receiver.name(…)`.
    #[expect(clippy::too_many_arguments, reason = "one call, taken apart")]
    fn method(
        &self,
        receiver: &Value,
        name: &str,
        positional: &[Value],
        keywords: &[(Arc<str>, Value)],
        is_new: bool,
        place: Place,
        frame: &Frame,
    ) -> Value {
        if let Kind::Schema(schema) = &receiver.kind {
            return self.schema_method(schema, name, positional, &Step::start(place, How::Written));
        }
        if let Some(value) = self.tried_method(receiver, name, positional) {
            return value;
        }
        if name == crate::syntax::code::SLICE {
            return builtins::part(receiver, positional);
        }
        if let Some(value) = self.reader_method(receiver, name, positional, &Step::start(place, How::Written)) {
            return value;
        }
        if let Some(value) = self.service_method(receiver, name, positional, place) {
            return value;
        }
        if let Some(mode) = self.asked_for_mode(receiver, name, positional, place) {
            return mode;
        }
        if let ("get", Kind::Object { .. }, Some(Kind::Text(key))) =
            (name, &receiver.kind, positional.first().map(|first| &first.kind))
            && let Some(read) = self.rest_of(receiver, &key.as_name(), place)
        {
            self.note_fallback(&read);
            return with_fallback(read, positional.get(1));
        }
        let language = self.language(frame.file);
        let mut callback = |function: &Value, arguments: Vec<Value>| self.call(function, arguments);
        self.charge(positional.iter().fold(receiver.bulk(), |sum, argument| sum + argument.bulk()));
        if let ("format", Kind::Text(template), Language::Python) = (name, &receiver.kind, language)
            && let Some(text) = self.formatted(template, positional, keywords, place)
        {
            return text;
        }
        if let Some(value) = builtins::method(receiver, name, positional, keywords, language, &mut callback) {
            return self.within_bounds(value);
        }
        if let (Kind::Environment, "get" | "toObject") = (&receiver.kind, name)
            && let Some(read) = self.get_variable(positional, keywords, place)
        {
            // Who wants an error asks `os.environ[…]`: this way the app can do without.
            if language == Language::Python {
                self.note_fallback(&read);
            }
            return read;
        }
        if let (Kind::Environment, super::expressions::HAS_NAME, [asked]) = (&receiver.kind, name, positional) {
            return self.is_set(asked, true, place);
        }
        if let (Kind::Environment, "keys", []) = (&receiver.kind, name, positional) {
            return receiver.clone();
        }
        if let (Kind::List { .. }, "difference", Some(Kind::Environment)) =
            (&receiver.kind, name, positional.first().map(|first| &first.kind))
        {
            return self.not_set(receiver, place);
        }
        if let (Kind::Environment, "setdefault" | "update" | "pop") = (&receiver.kind, name) {
            return self.change_environment(name, positional, keywords, place);
        }
        if let Some(read) = self.read_by_library(receiver, Some(name), positional, keywords, place) {
            return read;
        }
        if let Kind::Call(_) = receiver.kind {
            self.told_call(receiver, positional, keywords, Some(name), place);
        }
        let callee = self.member(receiver, name, place);
        let trail = Step::start(place, How::Written);
        callee.each(&mut |callee| match &callee.kind {
            Kind::Unknown(unknown) => Value::new(Kind::Unknown(unknown.clone()), &receiver.trail),
            Kind::Absent if matches!(receiver.kind, Kind::Call(_)) => {
                Value::unknown(Because::Call(name.into()), &trail)
            }
            // A function of a module is no method: it gets no `self`.
            Kind::Function(closure) if closure.this.is_none() && !matches!(receiver.kind, Kind::Module(_)) => {
                let bound = Closure { this: Some(receiver.clone()), ..(**closure).clone() };
                let bound = Value::new(Kind::Function(Arc::new(bound)), &callee.trail);
                self.apply(&bound, positional.to_vec(), keywords.to_vec(), is_new, &trail)
            }
            _ => self.apply(callee, positional.to_vec(), keywords.to_vec(), is_new, &trail),
        })
    }

    /// An expression statement: assignments, and calls that change what they are called on.
    pub(super) fn effect(&self, expr: &Expr, frame: &Frame) -> Flow {
        if let Some(flow) = self.change_names(expr, frame) {
            return flow;
        }
        if let ExprKind::Call { callee, arguments, .. } = &expr.kind {
            if let ExprKind::Member { object, property, .. } = &callee.kind {
                let (mut positional, keywords) = self.aside(|| self.arguments(arguments, frame));
                if &**property == "update" && !keywords.is_empty() {
                    let trail = Step::start(self.here(expr.span, frame), How::Written);
                    positional.push(super::objects::of_keywords(&keywords, &trail));
                }
                let receiver = self.aside(|| self.expr(object, frame));
                if let Some(changed) = builtins::changed(&receiver, property, &positional) {
                    self.charge(changed.bulk());
                    let changed = self.as_changed(self.within_bounds(changed), frame.file, expr.span);
                    self.store(object, changed, frame);
                    return Flow::Next;
                }
                if &**property == "assign" && super::modules::dotted(object).as_deref() == Some("Object") {
                    if let Some(target) = arguments.first() {
                        let merged = super::objects::merged(&positional, self.here(expr.span, frame));
                        let merged = self.as_changed(merged, frame.file, expr.span);
                        self.store(&target.value, merged, frame);
                    }
                    return Flow::Next;
                }
            }
            if let Some("process.exit" | "sys.exit" | "exit" | "Deno.exit") = super::modules::dotted(callee).as_deref()
            {
                return Flow::Throw;
            }
        }
        if self.is_trial() && matches!(expr.kind, ExprKind::Call { .. }) {
            self.expr(expr, frame);
            return Flow::Next;
        }
        if let ExprKind::Logical(..) | ExprKind::Assign { .. } | ExprKind::Sequence(_) | ExprKind::Unary(..) =
            &expr.kind
        {
            self.expr(expr, frame);
        } else if self.is_running() {
            self.expr(expr, frame);
        }
        Flow::Next
    }

    /// Calls a value that is no choice.
    pub(super) fn apply(
        &self,
        callee: &Value,
        positional: Vec<Value>,
        keywords: Vec<(Arc<str>, Value)>,
        is_new: bool,
        trail: &Trail,
    ) -> Value {
        match &callee.kind {
            Kind::Function(closure) => self.run_function(closure, positional, &keywords, trail),
            Kind::Class(class) if self.is_python(Place::File(class.file, class.class.span)) => {
                let arguments = (positional, keywords);
                if let ([value], []) = (arguments.0.as_slice(), arguments.1.as_slice())
                    && self.is_enumeration(class)
                {
                    // A member stands for its value; what is none of them throws.
                    return value.clone();
                }
                if let Some(record) = self.record(class, &arguments, trail) {
                    return record;
                }
                if let Some(made) = self.constructed(class, &arguments, trail) {
                    return made;
                }
                let (positional, keywords) = arguments;
                if builtins::is_plain_class(class) && positional.is_empty() && keywords.is_empty() {
                    return self.instance(class, trail);
                }
                self.instance_of_package(callee, class, (positional, keywords), is_new, trail)
            }
            Kind::Class(class) => {
                let arguments = (positional, keywords);
                if let Some(made) = self.constructed(class, &arguments, trail) {
                    return made;
                }
                match builtins::is_plain_class(class) && arguments.0.is_empty() {
                    true => self.instance(class, trail),
                    false => self.instance_of_package(callee, class, arguments, is_new, trail),
                }
            }
            Kind::External { module, path } => {
                if &**module == super::trial::CALLER {
                    if &**path == super::trial::CALLBACK {
                        self.note(|trial| trial.called_back.push(positional.clone()));
                    }
                    let trail = Step::after(trail.place, How::Written, &callee.trail);
                    return self.call_of_caller(path, &positional, &trail);
                }
                if let Some(value) = self.tried_call(module, path, &positional, is_new, trail) {
                    return value;
                }
                if let Some(read) = self.read_by_library(callee, None, &positional, &keywords, trail.place) {
                    return read;
                }
                if let Some(value) = self.known_call(module, path, &positional, &keywords, trail) {
                    return value;
                }
                if let Some(value) = self.told_call(callee, &positional, &keywords, None, trail.place) {
                    return value;
                }
                self.kept_call(callee, positional, keywords, is_new, trail)
            }
            Kind::Unknown(unknown) => Value::new(Kind::Unknown(unknown.because.clone().into_plain()), trail),
            // `partial(f, a, b=c)(d, e=f)`
            Kind::Call(call)
                if matches!(call.external(), Some(("functools", "partial"))) && !call.arguments.is_empty() =>
            {
                let Some(_depth) = self.enter() else { return self.too_complex(trail.place) };
                let Some((function, first)) = call.arguments.split_first() else {
                    return self.too_complex(trail.place);
                };
                let all = first.iter().cloned().chain(positional).collect();
                let mut named = call.keywords.clone();
                named.retain(|(name, _)| keyword(&keywords, name).is_none());
                named.extend(keywords);
                self.apply(function, all, named, is_new, trail)
            }
            Kind::Call(_) => match self.read_by_library(callee, None, &positional, &keywords, trail.place) {
                Some(read) => read,
                None => self.kept_call(callee, positional, keywords, is_new, trail),
            },
            _ => self.kept_call(callee, positional, keywords, is_new, trail),
        }
    }

    /// Tells whoever listens of a call of something outside.
    fn told_call(
        &self,
        callee: &Value,
        positional: &[Value],
        keywords: &[(Arc<str>, Value)],
        method: Option<&str>,
        place: Place,
    ) -> Option<Value> {
        if !self.is_running() {
            return None;
        }
        let (callee, arguments, keywords) = (callee.clone(), positional.to_vec(), keywords.to_vec());
        self.tell(Arc::new(Call { callee, is_new: false, arguments, keywords }), method, place)
    }

    fn kept_call(
        &self,
        callee: &Value,
        arguments: Vec<Value>,
        keywords: Vec<(Arc<str>, Value)>,
        is_new: bool,
        trail: &Trail,
    ) -> Value {
        Value::new(Kind::Call(Arc::new(Call { callee: callee.clone(), is_new, arguments, keywords })), trail)
    }

    fn run_function(
        &self,
        closure: &Arc<Closure>,
        positional: Vec<Value>,
        keywords: &[(Arc<str>, Value)],
        trail: &Trail,
    ) -> Value {
        let Some(_depth) = self.enter() else { return self.too_complex(trail.place) };
        // What calls itself with what nobody knows goes every way there is, each time anew.
        let is_blind = !positional.is_empty() && positional.iter().all(|value| matches!(value.kind, Kind::Unknown(_)));
        let key = (closure.file, closure.function.span);
        if is_blind && self.blind.borrow().contains(&key) {
            return self.too_complex(trail.place);
        }
        if is_blind {
            self.blind.borrow_mut().push(key);
        }
        let value = self.run_body(closure, positional, keywords, trail);
        if is_blind {
            self.blind.borrow_mut().pop();
        }
        value
    }

    fn run_body(
        &self,
        closure: &Arc<Closure>,
        positional: Vec<Value>,
        keywords: &[(Arc<str>, Value)],
        trail: &Trail,
    ) -> Value {
        let frame = Frame {
            file: closure.file,
            names: RefCell::default(),
            outer: closure.scope.clone(),
            module: self.state(closure.file),
            is_module: false,
            this: closure.this.clone(),
            pending: RefCell::default(),
            unclear: Default::default(),
        };
        self.bind_parameters(closure, positional, keywords, &frame, trail);
        let run = || self.with_own_conditions(|| self.run(&closure.function.body, &frame));
        let flow = stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, run);
        let mut pending = frame.pending.borrow_mut().split_off(0);
        let last = match flow {
            Flow::Return(value) => value,
            // Whoever goes on has got one of the values: `raise ValueError(text)` behind every text that is understood.
            Flow::Throw if !pending.is_empty() && !self.is_caught() && !self.is_trial() => {
                pending.pop().map_or_else(|| Value::unknown(Because::Undecided, trail), |(_, value)| value)
            }
            Flow::Throw => {
                self.note(|trial| trial.thrown = true);
                Value::unknown(Because::Undecided, trail)
            }
            Flow::Next | Flow::Jump | Flow::Leave(_) => Value::new(Kind::Absent, trail),
        };
        pending.into_iter().rev().fold(last, |otherwise, (when, value)| returned(&when, value, otherwise, trail))
    }

    /// The instance of a class of the project that is one of a package's, as that one would make it; the call itself
    /// where it is none, or nobody knows what that one is given.
    fn instance_of_package(
        &self,
        callee: &Value,
        class: &ClassValue,
        (positional, keywords): Arguments,
        is_new: bool,
        trail: &Trail,
    ) -> Value {
        let given = whole(positional.clone(), keywords.clone());
        match self.made_outside(class, given, trail, &|_| true) {
            Some((outer, given)) if given.open.is_none() => {
                self.apply(&outer, given.arguments, given.keywords, is_new, trail)
            }
            _ => self.kept_call(callee, positional, keywords, is_new, trail),
        }
    }

    pub(super) fn bind_parameters(
        &self,
        closure: &Closure,
        positional: Vec<Value>,
        keywords: &[(Arc<str>, Value)],
        frame: &Frame,
        trail: &Trail,
    ) {
        let mut positional = positional.into_iter();
        let is_python = self.is_python(Place::File(closure.file, closure.function.span));
        let is_method = closure.this.is_some() && is_python;
        for (index, param) in closure.function.params.iter().enumerate() {
            if let (0, true, Some(this)) = (index, is_method, &closure.this) {
                self.bind(&param.pattern, this.clone(), frame);
                continue;
            }
            let value = match param.spread {
                Spread::Items => Value::new(Kind::List { items: positional.by_ref().collect(), open: None }, trail),
                // What has a parameter of its own is not among the rest.
                Spread::Fields => {
                    let is_rest = |name: &str| !closure.function.params.iter().any(|param| is_named(param, name));
                    let rest: Vec<_> = keywords.iter().filter(|(name, _)| is_rest(name)).cloned().collect();
                    Value::new(Kind::Object { fields: rest.into(), open: None }, trail)
                }
                Spread::No => {
                    let named = match &param.pattern {
                        Pattern::Name(name, _) => keyword(keywords, name).cloned(),
                        _ => None,
                    };
                    named.or_else(|| positional.next()).unwrap_or_else(|| Value::new(Kind::Absent, trail))
                }
            };
            // Python calls nothing with too little: what is missing here a decorator brings, as options of a command line.
            let is_brought = is_python && value.is_absent() && param.default.is_none() && param.spread == Spread::No;
            let value = match is_brought {
                true => Value::unknown(Because::Call("its caller".into()), trail),
                false => value,
            };
            let value = match &param.pattern {
                Pattern::Name(_, span) if param.spread != Spread::No => self.opened(value, closure.file, *span),
                _ => value,
            };
            let value = self.defaulted(value, param.default.as_ref(), frame);
            self.bind(&param.pattern, value, frame);
        }
    }
}

/// A value returned where some questions have these answers, and another everywhere else.
fn returned(when: &[(Question, usize)], value: Value, otherwise: Value, trail: &Trail) -> Value {
    let Some(((question, answer), rest)) = when.split_first() else { return value };
    let inner = returned(rest, value, otherwise.clone(), trail);
    let arms = if *answer == 1 { vec![otherwise, inner] } else { vec![inner, otherwise] };
    Value::choice(question.clone(), arms, trail)
}

/// Whether a parameter takes the keyword of a name.
fn is_named(param: &Param, name: &str) -> bool {
    param.spread == Spread::No && matches!(&param.pattern, Pattern::Name(own, _) if &**own == name)
}

/// The keyword argument of a name.
pub(super) fn keyword<'k>(keywords: &'k [(Arc<str>, Value)], name: &str) -> Option<&'k Value> {
    keywords.iter().find(|(own, _)| &**own == name).map(|(_, value)| value)
}

/// A read with the default that stands beside it: `os.getenv("X", "d")`.
pub(super) fn with_fallback(read: Value, default: Option<&Value>) -> Value {
    let Some(default) = default else { return read };
    let fallen = |read: &Value| {
        let before = vec![default.trail.clone(), read.trail.clone()];
        Value::new(default.kind.clone(), &Step::of(default.trail.place, How::Fallback, before))
    };
    read.each(&mut |read| match &read.kind {
        Kind::Absent => fallen(read),
        Kind::Unknown(unknown) => match &unknown.unset_with {
            Some(variable) => {
                Value::choice(Question::IsSet(variable.clone()), vec![fallen(read), read.clone()], &read.trail)
            }
            None => read.clone(),
        },
        _ => read.clone(),
    })
}
