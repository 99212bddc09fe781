//! Expressions: what flows through each, and what it changes.

use super::collect::{Collect, Handed, is_environment};
use super::graph::{Called, Change, Made, Node};
use super::{ANY, Key};
use crate::eval::modules::dotted;
use crate::syntax::Span;
use crate::syntax::code::{Argument, Expr, ExprKind, Item, LogicalOp, Property, Spread, TemplatePart, UnaryOp};

/// Methods that change what they are called on, however they are spelled.
const CHANGING: &[&str] = &[
    "push",
    "append",
    "extend",
    "unshift",
    "insert",
    "splice",
    "pop",
    "shift",
    "remove",
    "sort",
    "reverse",
    "fill",
    "copyWithin",
    "update",
    "setdefault",
    "popitem",
    "clear",
    "set",
    "add",
    "delete",
    "discard",
    "__setitem__",
    "__setattr__",
    "__delitem__",
    "difference_update",
    "intersection_update",
    "union_update",
];

/// Those among them that the evaluator follows where they stand alone.
const FOLLOWED: &[&str] = &["push", "append", "extend", "update", "add", "insert", "remove"];

/// Functions that change their first argument.
const SETTERS: &[&str] = &[
    "Object.assign",
    "Object.defineProperty",
    "Object.defineProperties",
    "Object.setPrototypeOf",
    "Reflect.set",
    "Reflect.defineProperty",
    "Reflect.deleteProperty",
    "Reflect.setPrototypeOf",
    "setattr",
    "delattr",
    "operator.setitem",
    "operator.delitem",
];

/// Last names of functions that only look at what they are given, keep it, or pass it on.
const HARMLESS: &[&str] = &[
    "log",
    "info",
    "warn",
    "warning",
    "error",
    "debug",
    "trace",
    "parse",
    "safeParse",
    "parseAsync",
    "validate",
    "stringify",
    "dumps",
    "use",
    "listen",
    "get",
    "has",
    "includes",
    "test",
    "register",
    "inspect",
    "deepcopy",
    "copy",
    "cloneDeep",
    "isEqual",
    "equal",
    "deepEqual",
    "serve",
    "startServer",
    "defineConfig",
    "render",
    "send",
    "json",
    "print",
    "model_validate",
];

impl<'t> Collect<'_, 't> {
    /// What an expression gives, if anything that can be changed.
    pub(super) fn value(&mut self, expr: &'t Expr) -> Option<Node> {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.value_inner(expr))
    }

    fn value_inner(&mut self, expr: &'t Expr) -> Option<Node> {
        if let Some((name, path)) = path_of(expr) {
            self.used(&name, path, expr_root_span(expr));
        }
        self.is_copied = false;
        match &expr.kind {
            ExprKind::Name(_) | ExprKind::Member { .. } | ExprKind::Index { .. } | ExprKind::This => self.part(expr),
            ExprKind::Template(parts) => {
                for part in parts {
                    if let TemplatePart::Expr(inner) = part {
                        self.value(inner);
                    }
                }
                None
            }
            ExprKind::List(items) => Some(self.list(items, expr.span)),
            ExprKind::Object(properties) => Some(self.object(properties, expr.span)),
            ExprKind::Call { callee, arguments, .. } => Some(self.call(expr, callee, arguments, false)),
            ExprKind::Function(function) => Some(self.function(function, false)),
            ExprKind::Class(class) => Some(self.class(class)),
            ExprKind::Unary(UnaryOp::Delete, target) => {
                self.unset(target, expr.span);
                None
            }
            ExprKind::Unary(_, inner) => self.value(inner),
            ExprKind::Binary(_, left, right) => {
                let sides = [self.value(left), self.value(right)];
                let copies: Vec<Node> = sides.into_iter().flatten().collect();
                let first = copies.first().copied()?;
                let made = self.copied(first, expr.span);
                for other in &copies[1..] {
                    let parts = self.graph.load_all(*other);
                    self.graph.store(made, &ANY.into(), parts);
                }
                Some(made)
            }
            ExprKind::Logical(_, left, right) => {
                let left = self.value(left);
                let right = self.value(right);
                self.either(left, right)
            }
            ExprKind::Conditional { test, yes, no } => {
                self.value(test);
                let yes = self.value(yes);
                let no = self.value(no);
                self.either(yes, no)
            }
            ExprKind::Assign { target, op, value } => self.assign(target, op.is_some(), value, false),
            ExprKind::Sequence(items) => {
                let mut last = None;
                for item in items {
                    last = self.value(item);
                }
                last
            }
            ExprKind::ImportCall(module) => self.of_module(module),
            ExprKind::Comprehension { item, pattern, over, tests } => {
                let over = self.value(over).map(|over| self.graph.load_all(over));
                let outer = self.own_scope(expr.span, pattern);
                self.bind(pattern, None, over, Some(false));
                tests.iter().for_each(|test| {
                    self.value(test);
                });
                let item = self.value(item);
                self.scope = outer;
                let site = self.graph.site(self.file, expr.span, Made::Object);
                let made = self.graph.holding(site);
                if let Some(item) = item {
                    self.graph.store(made, &ANY.into(), item);
                }
                Some(made)
            }
            _ => None,
        }
    }

    fn either(&mut self, one: Option<Node>, other: Option<Node>) -> Option<Node> {
        let (Some(one), Some(other)) = (one, other) else { return one.or(other) };
        let node = self.graph.node();
        self.graph.copy(one, node);
        self.graph.copy(other, node);
        Some(node)
    }

    /// A name or a part of something, without its being noted as a read of the name.
    pub(super) fn part(&mut self, expr: &'t Expr) -> Option<Node> {
        if is_environment(expr) {
            return Some(self.loaded.environment(self.graph));
        }
        match &expr.kind {
            ExprKind::Name(name) => match self.binding(name) {
                Some(binding) => Some(self.bindings[binding].node),
                None if matches!(&**name, "globalThis" | "global" | "window" | "self") => {
                    Some(self.loaded.globals(self.graph))
                }
                None => None,
            },
            ExprKind::This => self.this(),
            ExprKind::Member { object, property, .. } => {
                let base = self.part(object)?;
                Some(self.graph.load(base, property))
            }
            ExprKind::Index { object, index, .. } => {
                let base = self.part(object);
                self.value(index);
                Some(self.graph.load(base?, &key_of(index)))
            }
            _ => self.value(expr),
        }
    }

    /// A statement that is an expression.
    pub(super) fn effect(&mut self, expr: &'t Expr) {
        match &expr.kind {
            ExprKind::Assign { target, op, value } => {
                let in_order = self.way.in_order;
                self.assign_within(target, op.is_some(), value, true, in_order);
            }
            ExprKind::Call { callee, arguments, .. } => {
                self.call(expr, callee, arguments, true);
            }
            ExprKind::Unary(UnaryOp::Await, inner) => self.effect(inner),
            ExprKind::Unary(UnaryOp::Delete, target) if matches!(target.kind, ExprKind::Name(_)) => {
                self.unset(target, expr.span);
            }
            _ => self.apart(expr),
        }
    }

    /// Something in which no change is followed.
    fn apart(&mut self, expr: &'t Expr) {
        let before = self.unfollowed_way();
        self.value(expr);
        self.way = before;
    }

    fn assign_within(
        &mut self,
        target: &'t Expr,
        has_op: bool,
        value: &'t Expr,
        straight: bool,
        in_order: bool,
    ) -> Option<Node> {
        let before = self.way;
        self.way.in_order = in_order;
        let node = self.assign(target, has_op, value, straight);
        self.way = before;
        node
    }

    /// `target = value`; `straight` where it is a statement.
    fn assign(&mut self, target: &'t Expr, has_op: bool, value: &'t Expr, straight: bool) -> Option<Node> {
        let before = self.unfollowed_way();
        let node = self.value(value);
        if has_op {
            self.value(target);
        }
        self.way = before;
        if !has_op {
            self.put(target, Some(value), node, straight);
            return node;
        }
        // What comes of an operator is made here, and nobody else holds it.
        self.put(target, None, None, straight);
        if self.is_python()
            && let Some(base) = self.part(target)
        {
            // What a name of Python holds is changed in place.
            self.changed(target, base, ANY.into(), target.span, None, straight, false);
            if let Some(parts) = node.map(|node| self.graph.load_all(node)) {
                self.graph.store(base, &ANY.into(), parts);
            }
        }
        node
    }

    /// Puts something where a target points.
    fn put(&mut self, target: &'t Expr, value: Option<&'t Expr>, node: Option<Node>, straight: bool) {
        match &target.kind {
            ExprKind::Name(name) => self.assigned(name, target.span, value, node, straight),
            ExprKind::Member { object, property, .. } => {
                self.put_part(object, property.clone(), target.span, value, node, straight);
            }
            ExprKind::Index { object, index, .. } => {
                self.value(index);
                self.put_part(object, key_of(index), target.span, value, node, straight);
            }
            ExprKind::Assign { target, value: default, .. } => {
                let default = self.value(default);
                let either = self.either(node, default);
                self.put(target, None, either, false);
            }
            ExprKind::Object(properties) => {
                for property in properties {
                    match property {
                        Property::Field { key, value, .. } => {
                            let part = node.map(|node| self.graph.load(node, key));
                            self.put(value, None, part, false);
                        }
                        Property::Computed { value, .. } | Property::Spread(value) => {
                            let part = node.map(|node| self.graph.load_all(node));
                            self.put(value, None, part, false);
                        }
                        Property::Getter { .. } => {}
                    }
                }
            }
            ExprKind::List(items) => {
                for item in items {
                    let (Item::One(inner) | Item::Spread(inner)) = item;
                    let part = node.map(|node| self.graph.load_all(node));
                    self.put(inner, None, part, false);
                }
            }
            _ => {}
        }
    }

    fn put_part(
        &mut self,
        object: &'t Expr,
        key: Key,
        span: Span,
        value: Option<&'t Expr>,
        node: Option<Node>,
        straight: bool,
    ) {
        if let Some(name) = self.exported_by(object, &key) {
            self.loaded.names.insert((self.file, name));
            return;
        }
        let Some(base) = self.part(object) else { return };
        if let Some(node) = node {
            self.graph.store(base, &key, node);
        }
        let keeps = value.is_some_and(|value| keeps(object, &key, value));
        self.changed(object, base, key, span, value, straight, keeps);
    }

    /// The name under which an assignment to `module.exports` or to a part of it exports something, where it stands
    /// somewhere else than at the top.
    fn exported_by(&self, object: &Expr, key: &Key) -> Option<Key> {
        let whole = dotted(object)?;
        let is_own = self.binding_of(&whole).is_some() || self.is_python();
        match (&*whole, is_own) {
            ("module", false) if &**key == "exports" => Some("default".into()),
            ("exports" | "module.exports", false) => Some(key.clone()),
            _ => None,
        }
    }

    /// `delete a.b`, `del a["b"]`, `del a`.
    fn unset(&mut self, target: &'t Expr, span: Span) {
        let (object, key) = match &target.kind {
            ExprKind::Member { object, property, .. } => (object, property.clone()),
            ExprKind::Index { object, index, .. } => (object, key_of(index)),
            // As a statement it leaves the name without a value, which is followed like any other.
            ExprKind::Name(name) => return self.assigned(name, span, None, None, true),
            _ => return,
        };
        if let Some(base) = self.part(object) {
            self.changed(object, base, key, span, None, false, false);
        }
    }

    fn call(&mut self, expr: &'t Expr, callee: &'t Expr, arguments: &'t [Argument], straight: bool) -> Node {
        let name = dotted(callee);
        let mut called = Called { result: self.graph.node(), ..Called::default() };
        let before = self.unfollowed_way();
        for argument in arguments {
            self.is_copied = argument.spread != Spread::No;
            let node = self.value(&argument.value);
            if let ExprKind::Template(parts) = &argument.value.kind {
                // A tag is handed what is inserted.
                let inserted = parts.iter().filter_map(|part| match part {
                    TemplatePart::Expr(inner) => self.part(inner),
                    TemplatePart::Text(..) => None,
                });
                let inserted: Vec<Node> = inserted.collect();
                called.spread.extend(inserted);
            }
            match (&argument.name, argument.spread) {
                (Some((name, _)), _) => called.keywords.push((name.clone(), node)),
                (None, Spread::No) => called.arguments.push(node),
                (None, _) => called.spread.extend(node.map(|node| self.graph.load_all(node))),
            }
        }
        let target = self.callee(callee, &mut called);
        self.way = before;
        called.site = self.graph.site(self.file, expr.span, Made::Call);
        self.graph.reach(called.result, called.site);
        let result = called.result;
        if let Some(name) = name
            .as_deref()
            .filter(|name| SETTERS.contains(name) && (self.binding_of(name).is_none() || name.starts_with("operator.")))
        {
            self.setter(name, expr, arguments, &called, straight);
            if let Some(Some(first)) = called.arguments.first() {
                self.graph.copy(*first, result);
            }
            return result;
        }
        if let ExprKind::Member { object, property, .. } = &callee.kind
            && let Some(receiver) = called.receiver
        {
            self.method(expr, object, property, receiver, arguments, &called, straight);
            if matches!(&**property, "call" | "apply" | "bind") {
                self.called_on(receiver, &called);
            }
        }
        if let (Some("globals" | "vars" | "locals"), []) = (name.as_deref(), arguments) {
            let module = self.loaded.module(self.graph, self.file);
            self.graph.copy(module, result);
        }
        let runs_text = if self.is_python() { "exec" } else { "eval" };
        if name.as_deref() == Some(runs_text) {
            self.loaded.opaque.insert(self.file);
        }
        self.want(callee, arguments);
        let is_own = self.is_own(callee);
        if !is_own {
            self.outside(callee, expr, arguments, &called);
        }
        // A method of what a package gave is the package's, whatever else that holds.
        let is_of_package = matches!(callee.kind, ExprKind::Member { .. }) && self.origin(callee).is_some();
        if let Some(target) = target.filter(|_| !is_of_package) {
            self.graph.call(target, called);
        }
        result
    }

    /// `f.call(this, …)`, `f.apply(this, […])`, `f.bind(this)`, which is as good as called.
    fn called_on(&mut self, function: Node, called: &Called) {
        let (this, rest) = match called.arguments.split_first() {
            Some((this, rest)) => (*this, rest.to_vec()),
            None => (None, Vec::new()),
        };
        let spread = rest.iter().flatten().map(|node| self.graph.load_all(*node)).collect();
        let call = Called {
            arguments: rest,
            spread,
            receiver: this,
            result: called.result,
            site: called.site,
            ..Called::default()
        };
        self.graph.call(function, call);
    }

    /// A function of another module that is handed something is worth a look.
    fn want(&mut self, callee: &Expr, arguments: &'t [Argument]) {
        let Some(file) = path_of(callee).and_then(|(name, _)| self.bindings[self.binding(&name)?].file) else { return };
        let mut handed = Vec::new();
        arguments.iter().for_each(|argument| handed_names(&argument.value, &mut handed));
        if !handed.is_empty() {
            self.loaded.wanted.push(file);
        }
    }

    fn binding_of(&self, name: &str) -> Option<usize> {
        self.binding(name.split('.').next().unwrap_or(name))
    }

    fn callee(&mut self, callee: &'t Expr, called: &mut Called) -> Option<Node> {
        match &callee.kind {
            ExprKind::Member { object, property, .. } => {
                if let Some((name, path)) = path_of(object).filter(|_| !CHANGING.contains(&&**property)) {
                    self.used(&name, path, expr_root_span(object));
                }
                let receiver = self.part(object)?;
                called.receiver = Some(receiver);
                Some(self.graph.load(receiver, property))
            }
            ExprKind::Name(name) if &**name == "super" => None,
            _ => self.value(callee),
        }
    }

    /// Whether it is certainly a function of the project that is called.
    fn is_own(&self, callee: &Expr) -> bool {
        match &callee.kind {
            ExprKind::Name(name) => self.binding(name).is_some_and(|index| {
                let binding = &self.bindings[index];
                binding.origin.is_none()
                    && (binding.is_given || !binding.values.is_empty() || binding.scope == 0)
                    && !binding.values.iter().any(|value| matches!(value.kind, ExprKind::Call { .. }))
            }),
            ExprKind::Function(_) => true,
            _ => false,
        }
    }

    /// `Object.assign(target, …)` and its like.
    fn setter(&mut self, name: &str, expr: &'t Expr, arguments: &'t [Argument], called: &Called, straight: bool) {
        let (Some(target), Some(Some(base))) = (arguments.first().map(|first| &first.value), called.arguments.first())
        else {
            return;
        };
        let rest = arguments.get(1..).unwrap_or_default();
        let mut keys: Vec<Key> = Vec::new();
        if name == "Object.assign" {
            for argument in rest {
                keys.extend(written_keys(&argument.value).unwrap_or_else(|| vec![ANY.into()]));
            }
            for node in called.arguments.iter().skip(1).flatten() {
                let parts = self.graph.load_all(*node);
                self.graph.store(*base, &ANY.into(), parts);
            }
        } else {
            keys.push(rest.first().map_or_else(|| ANY.into(), |key| key_of(&key.value)));
            for node in called.arguments.iter().skip(2).flatten() {
                self.graph.store(*base, keys.last().unwrap_or(&Key::from(ANY)), *node);
            }
        }
        let is_followed =
            straight && name == "Object.assign" && rest.iter().all(|argument| argument.spread == Spread::No);
        for key in keys {
            let value = rest.iter().rev().find_map(|argument| written_field(&argument.value, &key));
            self.changed(target, *base, key, expr.span, value, is_followed, false);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one call, taken apart")]
    fn method(
        &mut self,
        expr: &'t Expr,
        object: &'t Expr,
        name: &str,
        receiver: Node,
        arguments: &'t [Argument],
        called: &Called,
        straight: bool,
    ) {
        // Objects and lists of JavaScript have no such methods; what has them is not looked into.
        let is_of_maps = !self.is_python() && matches!(name, "set" | "delete" | "clear");
        if is_of_maps || !CHANGING.contains(&name) || self.origin(object).is_some() {
            return;
        }
        let mut keys: Vec<Key> = Vec::new();
        match (name, arguments) {
            ("update", given) => {
                for argument in given {
                    match &argument.name {
                        Some((key, _)) => keys.push(key.clone()),
                        None => keys.extend(written_keys(&argument.value).unwrap_or_else(|| vec![ANY.into()])),
                    }
                }
            }
            ("setdefault" | "pop" | "delete" | "set" | "__setitem__", [first, ..])
                if matches!(first.value.kind, ExprKind::Text(_)) =>
            {
                keys.push(key_of(&first.value));
            }
            _ => keys.push(ANY.into()),
        }
        let is_followed =
            straight && FOLLOWED.contains(&name) && arguments.iter().all(|argument| argument.spread == Spread::No);
        let keeps = name == "setdefault";
        for key in keys {
            let value = arguments.iter().rev().find_map(|argument| match &argument.name {
                Some((own, _)) if *own == key => Some(&argument.value),
                _ => written_field(&argument.value, &key),
            });
            self.changed(object, receiver, key, expr.span, value, is_followed, keeps);
        }
        let given = called.arguments.iter().chain(called.keywords.iter().map(|(_, node)| node)).flatten();
        for node in given.copied().collect::<Vec<_>>() {
            self.graph.store(receiver, &ANY.into(), node);
            if matches!(name, "update" | "extend") {
                let parts = self.graph.load_all(node);
                self.graph.store(receiver, &ANY.into(), parts);
            }
        }
    }

    /// A call of something that is not seen: what it gives may be, or hold, what it is given, and functions that it is
    /// given may be called with any of it.
    fn outside(&mut self, callee: &'t Expr, expr: &'t Expr, arguments: &'t [Argument], called: &Called) {
        let pool = self.graph.node();
        let all = called.arguments.iter().chain(called.keywords.iter().map(|(_, node)| node)).flatten();
        let all: Vec<Node> = all.copied().chain(called.spread.iter().copied()).collect();
        let given = self.graph.node();
        for node in &all {
            self.graph.copy(*node, given);
        }
        self.graph.copy(given, pool);
        if let Some(receiver) = called.receiver {
            self.graph.copy(receiver, pool);
            let parts = self.graph.load_all(receiver);
            self.graph.copy(parts, pool);
            for (node, argument) in called.arguments.iter().zip(arguments) {
                // What is written out here nobody else can name.
                if let (Some(node), false) =
                    (node, matches!(argument.value.kind, ExprKind::Object(_) | ExprKind::List(_)))
                {
                    self.graph.store(receiver, &ANY.into(), *node);
                }
            }
        }
        // A function of a package calls back with its own things, and what it was given with them.
        let handed_back = match self.origin(callee) {
            Some(_) => {
                let parts = self.graph.load_all(given);
                self.graph.copy(given, parts);
                parts
            }
            // What every program has may look into all of it.
            None => {
                let parts = self.graph.load_all(pool);
                self.graph.copy(parts, pool);
                pool
            }
        };
        for node in &all {
            self.graph.callback(*node, handed_back);
        }
        self.graph.copy(pool, called.result);
        let made = self.graph.holding(called.site);
        self.graph.store(made, &ANY.into(), given);
        self.hand_out(callee, expr, arguments);
    }

    /// What a package's function may do to what it is handed, where somebody looks at that again.
    fn hand_out(&mut self, callee: &'t Expr, expr: &'t Expr, arguments: &'t [Argument]) {
        let last = match &callee.kind {
            ExprKind::Name(name) | ExprKind::Member { property: name, .. } => &**name,
            _ => return,
        };
        let Some(package) = self.origin(callee) else { return };
        if HARMLESS.contains(&last) || self.source.leaves_alone(&package) {
            return;
        }
        for argument in arguments.iter().filter(|argument| argument.spread == Spread::No) {
            let mut handed = Vec::new();
            handed_names(&argument.value, &mut handed);
            for inner in handed {
                let Some((name, path)) = path_of(inner) else { continue };
                let Some(index) = self.binding(&name) else { continue };
                let Some(node) = self.part(inner) else { continue };
                self.handed.push(Handed { binding: index, path, call: expr.span, scope: self.scope, node });
            }
        }
    }
}

/// The names that are handed on in an argument.
fn handed_names<'t>(expr: &'t Expr, into: &mut Vec<&'t Expr>) {
    match &expr.kind {
        ExprKind::Name(_) | ExprKind::Member { .. } => into.push(expr),
        ExprKind::Object(properties) => {
            for property in properties {
                if let Property::Field { value, .. } = property {
                    handed_names(value, into);
                }
            }
        }
        ExprKind::List(items) => {
            for item in items {
                if let Item::One(item) = item {
                    handed_names(item, into);
                }
            }
        }
        _ => {}
    }
}

/// `a.b["c"]` as the name that it begins with and the keys after it.
pub(super) fn path_of(expr: &Expr) -> Option<(Key, Vec<Key>)> {
    match &expr.kind {
        ExprKind::Name(name) => Some((name.clone(), Vec::new())),
        ExprKind::Member { object, property, .. } => {
            let (name, mut path) = path_of(object)?;
            path.push(property.clone());
            Some((name, path))
        }
        ExprKind::Index { object, index, .. } => {
            let (name, mut path) = path_of(object)?;
            path.push(key_of(index));
            Some((name, path))
        }
        _ => None,
    }
}

/// Where the name stands that a path begins with.
fn expr_root_span(expr: &Expr) -> Span {
    match &expr.kind {
        ExprKind::Member { object, .. } | ExprKind::Index { object, .. } => expr_root_span(object),
        _ => expr.span,
    }
}

/// The key that an index is, where that is written.
fn key_of(index: &Expr) -> Key {
    match &index.kind {
        ExprKind::Text(text) => text.as_name(),
        _ => ANY.into(),
    }
}

/// The keys of an object that is written out; none of any other.
fn written_keys(expr: &Expr) -> Option<Vec<Key>> {
    let ExprKind::Object(properties) = &expr.kind else { return None };
    properties
        .iter()
        .map(|property| match property {
            Property::Field { key, .. } | Property::Getter { key, .. } => Some(key.clone()),
            Property::Computed { .. } | Property::Spread(_) => None,
        })
        .collect()
}

fn written_field<'t>(expr: &'t Expr, key: &str) -> Option<&'t Expr> {
    let ExprKind::Object(properties) = &expr.kind else { return None };
    properties.iter().rev().find_map(|property| match property {
        Property::Field { key: own, value, .. } if **own == *key => Some(value),
        _ => None,
    })
}

/// `x.k = x.k ?? v`: what is there stays.
fn keeps(object: &Expr, key: &str, value: &Expr) -> bool {
    let ExprKind::Logical(LogicalOp::Or | LogicalOp::Coalesce, left, _) = &value.kind else { return false };
    let Some((name, mut path)) = path_of(object) else { return false };
    path.push(key.into());
    path_of(left) == Some((name, path))
}

impl Change {
    /// Whether it can be one of a key.
    pub(super) fn touches(&self, key: &str) -> bool {
        &*self.key == ANY || *self.key == *key
    }
}
