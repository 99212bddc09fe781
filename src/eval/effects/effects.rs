//! Expressions: what flows through each, and what it changes.

use super::collect::{Collect, Handed, is_environment};
use super::graph::any;
use super::graph::{Called, Change, Made, Node};
use super::{ANY, Key};
use crate::eval::modules::dotted;
use crate::syntax::code::{Argument, Expr, ExprKind, Item, LogicalOp, Property, Spread, TemplatePart, UnaryOp};
use crate::syntax::{FileId, Span};

/// Methods that change what they are called on, however they are spelled.
pub(super) const CHANGING: &[&str] = &[
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
const FOLLOWED: &[&str] = &["push", "append", "extend", "update", "add", "insert", "remove", "pop"];

/// Functions that give nothing which can be changed.
const SCALARS: &[&str] = &[
    "JSON.stringify",
    "String",
    "Number",
    "Boolean",
    "parseInt",
    "parseFloat",
    "Array.isArray",
    "Object.keys",
    "len",
    "str",
    "int",
    "float",
    "bool",
    "isinstance",
    "print",
    "json.dumps",
    "hash",
    "repr",
    "type",
    "console.log",
    "hasattr",
];

/// Methods that give a new list or object with the parts of the old one.
pub(super) const FRESH: &[&str] = &[
    "map",
    "filter",
    "slice",
    "concat",
    "flat",
    "flatMap",
    "toSorted",
    "toReversed",
    "toSpliced",
    "with",
    "entries",
    "items",
    "values",
    "keys",
    "copy",
    "split",
];

/// Those among them that give pairs of keys and parts.
const PAIRS: &[&str] = &["entries", "items"];

/// Methods that give a part, or what they were given.
pub(super) const GIVING: &[&str] = &[
    "get",
    "find",
    "findLast",
    "at",
    "pop",
    "shift",
    "popitem",
    "setdefault",
    "next",
    "reduce",
    "reduceRight",
    "__getitem__",
    "then",
    "catch",
    "finally",
];

/// Methods that give what they are called on.
const SAME: &[&str] =
    &["sort", "reverse", "fill", "copyWithin", "add", "set", "then", "catch", "finally", "bind", "valueOf"];

/// Methods whose functions are handed the parts, or what it is called on.
const TAKING: &[&str] = &[
    "forEach",
    "map",
    "filter",
    "find",
    "findIndex",
    "findLast",
    "findLastIndex",
    "some",
    "every",
    "reduce",
    "reduceRight",
    "flatMap",
    "sort",
    "toSorted",
    "then",
    "catch",
    "finally",
];

/// Functions that change their first argument.
pub(super) const SETTERS: &[&str] = &[
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
pub(super) const HARMLESS: &[&str] = &[
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
                self.unset(target, expr.span, false);
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
                    self.graph.store(made, &any(), parts);
                }
                Some(made)
            }
            ExprKind::Logical(_, left, right) => {
                let left = self.value(left);
                let right = self.value(right);
                self.one_of(left, right)
            }
            ExprKind::Conditional { test, yes, no } => {
                self.either.push((yes.span, no.span));
                self.value(test);
                let yes = self.value(yes);
                let no = self.value(no);
                self.one_of(yes, no)
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
                self.loops += 1;
                let item = self.value(item);
                self.loops -= 1;
                self.scope = outer;
                let site = self.graph.site(self.file, expr.span, Made::Object);
                let made = self.graph.holding(site);
                if let Some(item) = item {
                    self.graph.store(made, &any(), item);
                }
                Some(made)
            }
            _ => None,
        }
    }

    fn one_of(&mut self, one: Option<Node>, other: Option<Node>) -> Option<Node> {
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
                None if !self.has_no_stars() => {
                    self.from_star(name);
                    self.binding(name).map(|binding| self.bindings[binding].node)
                }
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
                self.unset(target, expr.span, true);
            }
            ExprKind::Unary(UnaryOp::Delete, target) => {
                let straight = self.is_run && matches!(target.kind, ExprKind::Index { .. });
                self.unset(target, expr.span, straight);
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
            self.changed(target, base, any(), target.span, None, straight, false);
            if let Some(parts) = node.map(|node| self.graph.load_all(node)) {
                self.graph.store(base, &any(), parts);
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
                let either = self.one_of(node, default);
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
    fn unset(&mut self, target: &'t Expr, span: Span, straight: bool) {
        let (object, key) = match &target.kind {
            ExprKind::Member { object, property, .. } => (object, property.clone()),
            ExprKind::Index { object, index, .. } => (object, key_of(index)),
            // As a statement it leaves the name without a value, which is followed like any other.
            ExprKind::Name(name) => return self.assigned(name, span, None, None, true),
            _ => return,
        };
        if let Some(base) = self.part(object) {
            self.changed(object, base, key, span, None, straight, false);
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
        let is_method = matches!(callee.kind, ExprKind::Member { .. });
        let last = last_name(callee);
        let is_fresh = is_method && called.receiver.is_some() && last.is_some_and(|last| FRESH.contains(&last));
        let is_plain = name.as_deref().is_some_and(|name| {
            SETTERS.contains(&name) || matches!(name, "dict" | "list" | "set" | "tuple" | "sorted")
        });
        let made = if is_fresh || is_plain { Made::Object } else { Made::Instance };
        called.site = self.graph.site(self.file, expr.span, made);
        let result = called.result;
        if let Some(name) = name
            .as_deref()
            .filter(|name| SETTERS.contains(name) && (self.binding_of(name).is_none() || name.starts_with("operator.")))
        {
            self.setter(name, expr, arguments, &called, straight);
            if let Some(Some(first)) = called.arguments.first() {
                self.graph.copy(*first, result);
            }
            self.graph.reach(result, called.site);
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
        let is_foreign = self.is_foreign(callee);
        if is_foreign && name.as_deref().is_some_and(|name| SCALARS.contains(&name)) {
            return result;
        }
        if let (
            true,
            Some("dict" | "list" | "set" | "tuple" | "sorted" | "structuredClone" | "Array.from"),
            Some(Some(from)),
        ) = (is_foreign, name.as_deref(), called.arguments.first())
        {
            let copy = self.copied(*from, expr.span);
            self.graph.copy(copy, result);
            return result;
        }
        if let (true, Some(receiver)) = (is_method, called.receiver) {
            self.of_collections(last.unwrap_or_default(), receiver, &called);
        }
        if is_foreign && !is_fresh {
            self.outside(callee, arguments, &called);
        }
        self.hand_out(callee, expr, arguments);
        if let (true, Some(receiver)) = (is_method, called.receiver) {
            self.graph.deliver(receiver, called.clone());
        }
        // A method of what a package gave is the package's, whatever else that holds.
        if let Some(target) = target.filter(|_| !(is_method && self.origin(callee).is_some())) {
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
            ExprKind::Name(_) => {
                self.is_called = true;
                let node = self.value(callee);
                self.is_called = false;
                node
            }
            _ => self.value(callee),
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
                keys.extend(written_keys(&argument.value).unwrap_or_else(|| vec![any()]));
            }
            for node in called.arguments.iter().skip(1).flatten() {
                let parts = self.graph.load_all(*node);
                self.graph.store(*base, &any(), parts);
            }
        } else {
            keys.push(rest.first().map_or_else(|| any(), |key| key_of(&key.value)));
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
                        None => keys.extend(written_keys(&argument.value).unwrap_or_else(|| vec![any()])),
                    }
                }
            }
            ("setdefault" | "pop" | "delete" | "set" | "__setitem__", [first, ..])
                if matches!(first.value.kind, ExprKind::Text(_)) =>
            {
                keys.push(key_of(&first.value));
            }
            _ => keys.push(any()),
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
            self.graph.store(receiver, &any(), node);
            if matches!(name, "update" | "extend") {
                let parts = self.graph.load_all(node);
                self.graph.store(receiver, &any(), parts);
            }
        }
    }

    /// What methods of lists and maps do with what these hold.
    fn of_collections(&mut self, name: &str, receiver: Node, called: &Called) {
        let takes = TAKING.contains(&name);
        if FRESH.contains(&name) {
            let made = self.graph.holding(called.site);
            self.graph.copy(made, called.result);
            let parts = self.graph.load_all(receiver);
            self.graph.store(made, &any(), parts);
            if matches!(name, "flat" | "flatMap") {
                let inner = self.graph.load_all(parts);
                self.graph.store(made, &any(), inner);
            }
            if PAIRS.contains(&name) {
                self.graph.store(made, &any(), made);
            }
            for node in called.arguments.iter().flatten() {
                self.graph.store(made, &any(), *node);
            }
        }
        if GIVING.contains(&name) {
            let parts = self.graph.load_all(receiver);
            self.graph.copy(parts, called.result);
            called.arguments.iter().flatten().for_each(|node| self.graph.copy(*node, called.result));
        }
        if SAME.contains(&name) {
            self.graph.copy(receiver, called.result);
        }
        if takes {
            let parts = self.graph.node();
            let all = self.graph.load_all(receiver);
            self.graph.copy(all, parts);
            // A promise's function takes what it is of; one that sums up takes what it begins with.
            self.graph.copy(receiver, parts);
            called.arguments.iter().flatten().for_each(|node| self.graph.copy(*node, parts));
            let twin = self.graph.twin(called.site);
            called.arguments.iter().flatten().for_each(|node| self.graph.callback(*node, parts, twin));
            for node in called.arguments.iter().flatten() {
                self.graph.results(*node, called.result);
                if FRESH.contains(&name) {
                    let made = self.graph.alone(called.site);
                    self.graph.reach(made, called.site);
                    let results = self.graph.node();
                    self.graph.results(*node, results);
                    self.graph.store(made, &any(), results);
                }
            }
        }
    }

    /// A call of something that is not seen: what it gives may be, or hold, what it is given, and functions that it is
    /// given may be called with any of it.
    fn outside(&mut self, callee: &'t Expr, arguments: &'t [Argument], called: &Called) {
        let given = called.arguments.iter().chain(called.keywords.iter().map(|(_, node)| node)).flatten();
        let given: Vec<Node> = given.chain(&called.spread).copied().collect();
        let twin = self.graph.twin(called.site);
        let alone = self.graph.alone(twin);
        self.graph.copy(alone, called.result);
        let given_back = self.graph.node();
        self.graph.copy(alone, given_back);
        if let Some(receiver) = called.receiver {
            self.graph.opaque(receiver, given_back);
            self.graph.opaque(receiver, called.result);
        }
        let is_given_back = self.origin(callee).is_none() || last_name(callee).is_some_and(gives_back);
        for (index, node) in given.iter().enumerate() {
            // What is written out in a call of a package is what it works with, and nobody else's.
            let is_written = arguments
                .get(index)
                .is_some_and(|argument| matches!(argument.value.kind, ExprKind::Object(_) | ExprKind::List(_)));
            if is_given_back || !is_written {
                self.graph.copy(*node, called.result);
            }
            self.graph.escape(*node, twin, called.site);
            self.graph.callback(*node, given_back, twin);
        }
        // What it makes is told apart where it is told what to be, or is made by a package.
        let is_told = arguments.iter().any(|argument| {
            argument.name.is_some()
                || matches!(argument.value.kind, ExprKind::Object(_))
                || argument.spread != Spread::No
        });
        let is_function = !matches!(callee.kind, ExprKind::Member { .. }) || called.receiver.is_none();
        if is_told || (is_function && self.origin(callee).is_some()) || makes(callee) {
            self.graph.reach(called.result, called.site);
            self.keep(callee, called);
        }
    }

    /// What every program has keeps what it is given as its parts.
    fn keep(&mut self, callee: &Expr, called: &Called) {
        if self.origin(callee).is_some() {
            return;
        }
        let made = self.graph.holding(called.site);
        for (name, node) in &called.keywords {
            node.iter().for_each(|node| self.graph.store(made, name, *node));
        }
        for node in called.arguments.iter().flatten().chain(&called.spread) {
            self.graph.store(made, &any(), *node);
        }
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

/// The last name of what is called.
pub(super) fn last_name(callee: &Expr) -> Option<&str> {
    match &callee.kind {
        ExprKind::Name(name) | ExprKind::Member { property: name, .. } => Some(name),
        _ => None,
    }
}

/// The name that what is called begins with.
pub(super) fn root_of(callee: &Expr) -> Option<&str> {
    match &callee.kind {
        ExprKind::Name(name) => Some(name),
        ExprKind::Member { object, .. } | ExprKind::Index { object, .. } => root_of(object),
        ExprKind::Call { callee, .. } => root_of(callee),
        _ => None,
    }
}

/// Whether a function of this name gives back what it is given.
pub(super) fn gives_back(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["define", "freeze", "seal", "merge", "assign", "extend", "defaults", "config"]
        .iter()
        .any(|word| name.contains(word))
}

/// Whether what is called has the name of a class, or of what makes something that keeps things.
fn makes(callee: &Expr) -> bool {
    let is_class = |name: &str| name.starts_with(|first: char| first.is_ascii_uppercase());
    last_name(callee)
        .is_some_and(|name| is_class(name) || matches!(name, "dict" | "list" | "set" | "deque" | "partial"))
}

/// The names that are handed on in an argument.
pub(super) fn handed_names<'t>(expr: &'t Expr, into: &mut Vec<&'t Expr>) {
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
        _ => any(),
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
    /// A change of anything, nobody knows by what.
    pub(super) fn of_all(file: FileId, span: Span) -> Change {
        Change { key: any(), file, span, keeps: false }
    }

    /// Whether it can be one of a key.
    pub(super) fn touches(&self, key: &str) -> bool {
        &*self.key == ANY || *self.key == *key
    }
}
