//! Walks one module, run or not, and notes what flows where and what is changed.

use super::graph::any;
use super::graph::{Called, Change, Graph, Made, Node};
use super::loaded::Loaded;
use super::names::{Assigned, Binding, Changed, OnlyCall, Used};
use super::taken::{Holder, Taken};
use super::{ANY, Key};
use crate::eval::constructed::leaves_all;
use crate::eval::modules::{dotted, pattern_names};
use crate::eval::namespaces::is_namespace;
use crate::eval::{Source, Target};
use crate::syntax::code::{
    Class, Expr, ExprKind, Function, Import, Imported, Item, Language, Member, Module, Pattern, Property, Spread,
    Statement, UnaryOp,
};
use crate::syntax::{FileId, Span};
use hashbrown::HashMap;
use std::sync::Arc;

/// Looks at one name beyond this are not told apart: it counts as looked at again.
const MOST_LOOKS: usize = 2_000;

/// What JavaScript calls what a constructor makes.
const THIS: &str = "this";

/// The body of a function, or of the module.
struct Scope {
    names: HashMap<Key, usize>,
    outer: Option<usize>,
    /// Where the text of what can run it begins.
    start: u32,
    /// A class is no scope of names, but its members are evaluated whenever they are asked for.
    this: Option<Node>,
    result: Option<Node>,
    /// The name of the function that it is the body of.
    function: Option<usize>,
    /// What a constructor calls what it makes, where all that it assigns is followed.
    makes: Option<Key>,
}

impl Scope {
    /// One in another scope, which is run where its text begins.
    fn within(outer: usize, start: u32, this: Option<Node>, result: Option<Node>) -> Scope {
        Scope { names: HashMap::new(), outer: Some(outer), start, this, result, function: None, makes: None }
    }
}

/// How a statement is come by.
#[derive(Clone, Copy)]
pub(super) struct Way {
    /// It stands among the statements of its scope, and whether it runs is followed.
    pub(super) is_followed: bool,
    /// What it reads is evaluated where it stands.
    pub(super) in_order: bool,
}

/// One walk.
pub(super) struct Collect<'g, 't> {
    pub(super) graph: &'g mut Graph,
    pub(super) loaded: &'g mut Loaded,
    pub(super) source: &'g dyn Source,
    pub(super) file: FileId,
    pub(super) module: &'t Module,
    scopes: Vec<Scope>,
    pub(super) bindings: Vec<Binding<'t>>,
    pub(super) scope: usize,
    pub(super) way: Way,
    /// How many statements of the module bind or change each name.
    times: HashMap<Key, usize>,
    /// Only the parts of what is looked at next are taken.
    pub(super) is_copied: bool,
    /// The statements of the module are evaluated one by one.
    pub(super) is_run: bool,
    /// What is looked at next is called here.
    pub(super) is_called: bool,
    /// What the constructor that comes next calls what it makes.
    made: Option<Key>,
    /// How many loops are around the statement at hand.
    pub(super) loops: usize,
    /// Modules all of whose names are names of this one.
    stars: Vec<FileId>,
    /// What is handed to functions of packages: the name, the path of it, the call, and what it may be.
    pub(super) handed: Vec<Handed>,
    /// Pairs of expressions of which only one is evaluated.
    pub(super) either: Vec<(Span, Span)>,
}

/// Something that is handed to a function of a package.
pub(super) struct Handed {
    pub(super) binding: usize,
    pub(super) path: Vec<Key>,
    pub(super) call: Span,
    /// The scope of the call.
    pub(super) scope: usize,
    pub(super) node: Node,
}

impl<'g, 't> Collect<'g, 't> {
    pub(super) fn new(
        graph: &'g mut Graph,
        loaded: &'g mut Loaded,
        source: &'g dyn Source,
        file: FileId,
        module: &'t Module,
        is_run: bool,
    ) -> Self {
        let is_run = is_run && module.language == Language::Python;
        let way = Way { is_followed: true, in_order: false };
        Collect {
            graph,
            loaded,
            source,
            file,
            module,
            scopes: Vec::new(),
            bindings: Vec::new(),
            scope: 0,
            way,
            times: times(&module.body),
            is_copied: false,
            is_run,
            is_called: false,
            made: None,
            loops: 0,
            stars: Vec::new(),
            handed: Vec::new(),
            either: Vec::new(),
        }
    }

    /// The whole module.
    pub(super) fn module(mut self) {
        self.scopes.push(Scope { outer: None, ..Scope::within(0, 0, None, None) });
        self.declare_all(&self.module.body);
        self.statements(&self.module.body);
        self.export_names();
        self.finish();
    }

    pub(super) fn is_python(&self) -> bool {
        self.module.language == Language::Python
    }

    /// Declares the names of a body, those of the blocks in it too.
    fn declare_all(&mut self, body: &'t [Statement]) {
        for statement in body {
            match statement {
                Statement::Declare { pattern, .. } => self.declare(pattern),
                Statement::Function { name, .. } => {
                    self.declare_name(name);
                }
                Statement::Class { class, .. } => {
                    self.declare_name(class.name.as_ref().unwrap_or(&Key::from("default")));
                }
                Statement::Import(import) => {
                    import.names.iter().for_each(|name| {
                        self.declare_name(&name.local);
                    });
                }
                Statement::If { then, otherwise, .. } => {
                    self.declare_all(then);
                    self.declare_all(otherwise);
                }
                Statement::Block(body) => self.declare_all(body),
                Statement::Loop { pattern, body, .. } => {
                    pattern.iter().for_each(|pattern| self.declare(pattern));
                    self.declare_all(body);
                }
                Statement::Try { body, handlers, finally, .. } => {
                    self.declare_all(body);
                    handlers.iter().for_each(|handler| self.declare_all(handler));
                    self.declare_all(finally);
                }
                Statement::Switch { cases, .. } => cases.iter().for_each(|(_, body)| self.declare_all(body)),
                _ => {}
            }
        }
    }

    fn declare(&mut self, pattern: &Pattern) {
        let mut names = Vec::new();
        pattern_names(pattern, &mut names);
        names.iter().for_each(|name| {
            self.declare_name(name);
        });
    }

    fn declare_name(&mut self, name: &Key) -> usize {
        let node = self.graph.node();
        let new = self.bindings.len();
        let own = *self.scopes[self.scope].names.entry(name.clone()).or_insert(new);
        if own == new {
            self.bindings.push(Binding::new(name.clone(), node, self.scope));
        }
        own
    }

    /// A scope for the names of a comprehension; gives the one around it.
    pub(super) fn own_scope(&mut self, span: Span, pattern: &Pattern) -> usize {
        let outer = self.scope;
        let (this, result) = (self.scopes[outer].this, self.scopes[outer].result);
        self.scopes.push(Scope::within(outer, span.start, this, result));
        self.scope = self.scopes.len() - 1;
        self.declare(pattern);
        outer
    }

    pub(super) fn binding(&self, name: &str) -> Option<usize> {
        let mut scope = Some(self.scope);
        while let Some(at) = scope {
            if let Some(found) = self.scopes[at].names.get(name) {
                return Some(*found);
            }
            scope = self.scopes[at].outer;
        }
        None
    }

    /// Whether the place at hand belongs to the scope of a name, and where the text that runs it begins.
    fn stands(&self, binding: usize, span: Span) -> (bool, u32) {
        self.stands_in(self.bindings[binding].scope, self.scope, span)
    }

    fn stands_in(&self, home: usize, scope: usize, span: Span) -> (bool, u32) {
        let (mut scope, mut start) = (scope, span.start);
        let is_home = scope == home;
        while scope != home {
            start = self.scopes[scope].start;
            match self.scopes[scope].outer {
                Some(outer) => scope = outer,
                None => break,
            }
        }
        (is_home, start)
    }

    pub(super) fn statements(&mut self, body: &'t [Statement]) {
        for statement in body {
            stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.statement(statement));
        }
    }

    fn with(&mut self, way: Way, work: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.way, way);
        work(self);
        self.way = before;
    }

    /// From here on no change is followed; gives how it was before.
    pub(super) fn unfollowed_way(&mut self) -> Way {
        let before = self.way;
        self.way.is_followed = false;
        before
    }

    /// What `this` may be.
    pub(super) fn this(&self) -> Option<Node> {
        self.scopes[self.scope].this
    }

    /// Whether the statement at hand is of the module, where a later look sees what the names hold at the end.
    fn is_top(&self) -> bool {
        self.scope == 0 && !self.is_run
    }

    fn statement(&mut self, statement: &'t Statement) {
        let followed = self.way.is_followed;
        let within = |in_order: bool| Way { is_followed: false, in_order };
        match statement {
            Statement::Declare { pattern, value, exported, .. } => {
                let in_order = !self.is_top() || self.is_eager(pattern, value.as_ref());
                let node = value.as_ref().and_then(|value| {
                    let mut node = None;
                    self.with(within(in_order), |walk| node = walk.value(value));
                    node
                });
                self.bind(pattern, value.as_ref(), node, Some(followed));
                if *exported {
                    self.exported(pattern);
                }
            }
            Statement::Function { name, function, decorators, exported, is_default, .. } => {
                let body = self.scopes.len();
                let mut node = self.function(function, false);
                self.scopes[body].function = self.binding(name).filter(|_| decorators.is_empty());
                for decorator in decorators {
                    let callee = self.value(decorator);
                    node = self.decorated(callee, node, decorator.span);
                }
                self.bind_name(name, None, Some(node), Some(followed));
                self.export_own(name, *exported, *is_default);
            }
            Statement::Class { class, exported, is_default } => {
                let mut node = self.class(class);
                for decorator in &class.decorators {
                    let callee = self.value(decorator);
                    node = self.decorated(callee, node, decorator.span);
                }
                let name = class.name.clone().unwrap_or_else(|| "default".into());
                self.bind_name(&name, None, Some(node), Some(followed));
                self.export_own(&name, *exported, *is_default);
            }
            Statement::Expression(expr) => {
                let way = Way { is_followed: followed, in_order: !self.is_top() || is_change(expr) };
                self.with(way, |walk| walk.effect(expr));
            }
            Statement::Return { value, .. } => {
                let value = value.as_ref().and_then(|value| self.value(value));
                if let (Some(value), Some(result)) = (value, self.scopes[self.scope].result) {
                    self.graph.copy(value, result);
                }
            }
            Statement::Throw { value, .. } => {
                value.as_ref().and_then(|value| self.value(value));
            }
            Statement::If { test, then, otherwise, .. } => {
                self.with(within(true), |walk| {
                    walk.value(test);
                });
                self.statements(then);
                self.statements(otherwise);
            }
            Statement::Block(body) => self.statements(body),
            Statement::Loop { pattern, over, body, .. } => {
                let mut node = None;
                if let Some(over) = over {
                    self.with(within(true), |walk| node = walk.value(over));
                }
                if let Some(pattern) = pattern {
                    let items = node.map(|node| self.graph.load_all(node));
                    self.bind(pattern, None, items, Some(followed));
                }
                self.loops += 1;
                self.statements(body);
                self.loops -= 1;
            }
            Statement::Try { body, handlers, finally, .. } => {
                // What of a body runs before it is left for a handler is not followed.
                let is_followed =
                    followed && (handlers.is_empty() || never_throws(body) || asks(body) || self.only_imports(body));
                let way = Way { is_followed, ..self.way };
                self.with(way, |walk| {
                    walk.statements(body);
                    handlers.iter().for_each(|handler| walk.statements(handler));
                });
                self.statements(finally);
            }
            Statement::Switch { subject, cases, .. } => {
                self.with(within(true), |walk| {
                    walk.value(subject);
                });
                for (test, body) in cases {
                    if let Some(test) = test {
                        self.with(within(true), |walk| {
                            walk.value(test);
                        });
                    }
                    self.statements(body);
                }
            }
            Statement::Import(import) => self.import(import),
            Statement::ExportDefault { value, .. } => {
                let mut node = None;
                self.with(within(false), |walk| node = walk.value(value));
                if let Some(node) = node {
                    let to = self.loaded.export(self.graph, self.file, "default");
                    self.graph.copy(node, to);
                }
                if let ExprKind::Name(name) = &value.kind
                    && let Some(binding) = self.binding(name)
                {
                    self.bindings[binding].is_exported = true;
                }
            }
            Statement::Export(_) | Statement::Jump(_) | Statement::Break(..) | Statement::Opaque(_) => {}
        }
    }

    /// Whether a body only imports, and whether each of its modules is there is known.
    fn only_imports(&self, body: &[Statement]) -> bool {
        self.is_run
            && body.iter().all(|statement| {
                let Statement::Import(import) = statement else { return false };
                match self.source.resolve(self.file, &import.module) {
                    Target::Code(_) | Target::Missing(_) => true,
                    Target::External(_) => import.names.iter().any(|name| name.what == Imported::Everything),
                    Target::Data(_) => false,
                }
            })
    }

    /// Whether a declaration of the module is evaluated where it stands, among the changes of its names.
    fn is_eager(&self, pattern: &Pattern, value: Option<&Expr>) -> bool {
        let mut names = Vec::new();
        pattern_names(pattern, &mut names);
        value.is_none() || names.iter().any(|name| self.times.get(name).is_some_and(|times| *times > 1))
    }

    fn exported(&mut self, pattern: &Pattern) {
        let mut names = Vec::new();
        pattern_names(pattern, &mut names);
        names.iter().for_each(|name| self.export_own(name, true, false));
    }

    fn export_own(&mut self, name: &Key, exported: bool, is_default: bool) {
        let Some(binding) = self.binding(name).filter(|_| exported || is_default) else { return };
        self.bindings[binding].is_exported = true;
        let node = self.bindings[binding].node;
        let to = self.loaded.export(self.graph, self.file, if is_default { "default" } else { name });
        self.graph.copy(node, to);
    }

    /// The lists of exports, and all names of a module in Python.
    fn export_names(&mut self) {
        if self.is_python() {
            for (name, binding) in self.scopes[0].names.clone() {
                let to = self.loaded.export(self.graph, self.file, &name);
                self.graph.copy(self.bindings[binding].node, to);
            }
        }
        for statement in &self.module.body {
            let Statement::Export(export) = statement else { continue };
            for (what, name) in &export.names {
                let node = match (&export.module, what) {
                    (None, Imported::Named(own)) => self.binding(own).map(|binding| {
                        self.bindings[binding].is_exported = true;
                        self.bindings[binding].node
                    }),
                    (None, _) => None,
                    (Some(module), what) => match (self.source.resolve(self.file, module), what) {
                        (Target::Code(of), Imported::Everything) => {
                            self.loaded.stars.push((self.file, of, 0));
                            None
                        }
                        _ => self.imported(module, what),
                    },
                };
                let Some(node) = node else { continue };
                let to = self.loaded.export(self.graph, self.file, name);
                self.graph.copy(node, to);
            }
        }
    }

    fn import(&mut self, import: &'t Import) {
        if import.type_only {
            return;
        }
        let target = self.source.resolve(self.file, &import.module);
        for name in &import.names {
            if let (true, Imported::Everything, Target::Code(file)) = (self.is_python(), &name.what, &target) {
                self.stars.push(*file);
            }
            let Some(binding) = self.binding(&name.local) else { continue };
            self.bindings[binding].is_given = true;
            let (at, until) = (name.span.start, name.span.end);
            self.bindings[binding].assigned.push(Assigned { at, until, scope: 0, is_followed: true });
            if let Target::Code(file) = &target {
                self.bindings[binding].file = Some(*file);
            }
            if let Target::External(package) = &target {
                self.bindings[binding].origin = Some(package.clone());
                if is_environment_of(package, &name.what) {
                    let environment = self.loaded.environment(self.graph);
                    self.graph.copy(environment, self.bindings[binding].node);
                }
            }
            if let Some(node) = self.imported(&import.module, &name.what) {
                self.graph.copy(node, self.bindings[binding].node);
            }
            if let Target::Code(file) = &target {
                let own = match &name.what {
                    Imported::Named(own) => Some(own.clone()),
                    Imported::Default => Some("default".into()),
                    Imported::Module | Imported::Everything => None,
                };
                self.loaded.near(self.graph, self.bindings[binding].node, *file, own);
            }
        }
    }

    /// The node of what an import gives.
    fn imported(&mut self, module: &str, what: &Imported) -> Option<Node> {
        let target = self.source.resolve(self.file, module);
        if let (true, Imported::Named(name)) = (self.is_python(), what) {
            let joint = if module.ends_with('.') { "" } else { "." };
            if let Target::Code(inner) = self.source.resolve(self.file, &format!("{module}{joint}{name}")) {
                let node = self.loaded.module(self.graph, inner);
                self.loaded.near(self.graph, node, inner, None);
                return Some(node);
            }
        }
        match (target, what) {
            (Target::Code(file), Imported::Named(name)) => Some(self.loaded.export(self.graph, file, name)),
            (Target::Code(file), Imported::Default) => Some(self.loaded.export(self.graph, file, "default")),
            (Target::Code(file), Imported::Module | Imported::Everything) => Some(self.loaded.module(self.graph, file)),
            (Target::Data(file), _) => {
                let site = self.graph.site(file, Span::default(), Made::Object);
                let node = self.graph.node();
                self.graph.reach(node, site);
                Some(node)
            }
            _ => None,
        }
    }

    pub(super) fn of_module(&mut self, module: &str) -> Option<Node> {
        let node = self.imported(module, &Imported::Module)?;
        if let Target::Code(file) = self.source.resolve(self.file, module) {
            self.loaded.near(self.graph, node, file, None);
        }
        Some(node)
    }

    /// A function with its body, as a value.
    pub(super) fn function(&mut self, function: &'t Function, is_member: bool) -> Node {
        let takes_self = is_member && self.is_python();
        let this = match (function.is_arrow, self.scopes[self.scope].this) {
            (true, Some(this)) => this,
            _ => self.graph.node(),
        };
        let number = self.graph.callables.len();
        self.graph.callables.push(Default::default());
        let site = self.graph.site(self.file, function.span, Made::Function(number));
        let result = self.graph.node();
        let value = self.graph.holding(site);
        let outer = self.scope;
        self.scopes.push(Scope::within(outer, function.span.start, Some(this), Some(result)));
        self.scope = self.scopes.len() - 1;
        self.scopes[self.scope].makes = self.made.take();
        let way = std::mem::replace(&mut self.way, Way { is_followed: true, in_order: true });
        let mut params = Vec::new();
        for param in &function.params {
            self.declare(&param.pattern);
            let node = self.graph.node();
            let name = match &param.pattern {
                Pattern::Name(name, span) => {
                    if param.spread != Spread::No {
                        let rest = self.graph.site(self.file, *span, Made::Object);
                        self.graph.reach(node, rest);
                    }
                    Some(name.clone())
                }
                _ => None,
            };
            if let Some(value) = param.default.as_ref().and_then(|default| self.value(default)) {
                self.graph.copy(value, node);
            }
            param.decorators.iter().for_each(|decorator| {
                self.value(decorator);
            });
            self.bind(&param.pattern, None, Some(node), Some(true));
            params.push(super::graph::Parameter { name, node, is_rest: param.spread != Spread::No });
        }
        self.declare_all(&function.body);
        self.graph.callables[number] = super::graph::Callable { params, this, result, takes_self };
        self.statements(&function.body);
        self.way = way;
        self.scope = outer;
        value
    }

    /// A class, as a value: its members are its parts, and those of what it makes.
    pub(super) fn class(&mut self, class: &'t Class) -> Node {
        let site = self.graph.site(self.file, class.span, Made::Class);
        let value = self.graph.holding(site);
        for base in &class.bases {
            if self.is_foreign(base) {
                // What it makes has methods that nobody sees.
                let outside = self.graph.site(self.file, base.span, Made::Instance);
                self.graph.reach(value, outside);
                let twin = self.graph.twin(outside);
                let handed = self.graph.alone(twin);
                self.graph.copy(handed, value);
            }
            if let Some(base) = self.value(base) {
                self.graph.copy(base, value);
                self.graph.build_on(site, base);
            }
        }
        class.keywords.iter().for_each(|argument| {
            self.value(&argument.value);
        });
        let outer = self.scope;
        self.scopes.push(Scope::within(outer, class.span.start, Some(value), None));
        self.scope = self.scopes.len() - 1;
        let way = std::mem::replace(&mut self.way, Way { is_followed: false, in_order: false });
        for member in &class.members {
            let node = match member.value.as_ref().map(|value| (&value.kind, value)) {
                Some((ExprKind::Function(function), _)) => {
                    self.made = self.made_by(class, member);
                    let node = self.function(function, !member.is_static);
                    self.graph_this(function, value);
                    Some(node)
                }
                Some((_, value)) => self.value(value),
                None => None,
            };
            for decorator in &member.decorators {
                self.value(decorator);
            }
            if let Some(node) = node {
                let part = self.graph.part(site, &member.name);
                self.graph.copy(node, part);
            }
        }
        for (_, block) in &class.blocks {
            self.function(block, false);
            self.graph_this(block, value);
        }
        self.way = way;
        self.scope = outer;
        value
    }

    /// What a member is called on may be its class, or what the class makes.
    fn graph_this(&mut self, function: &Function, class: Node) {
        let Some(Made::Function(number)) = self.graph.made_at(self.file, function.span) else {
            return;
        };
        let callable = self.graph.callables[number].clone();
        self.graph.copy(class, callable.this);
        if let (true, Some(first)) = (callable.takes_self, callable.params.first()) {
            self.graph.copy(class, first.node);
        }
    }

    /// What a decorator makes of what it stands before: it may be the same still.
    fn decorated(&mut self, decorator: Option<Node>, node: Node, span: Span) -> Node {
        let Some(decorator) = decorator else { return node };
        let result = self.graph.node();
        self.graph.copy(node, result);
        let site = self.graph.site(self.file, span, Made::Instance);
        self.graph.call(decorator, Called { arguments: vec![Some(node)], result, site, ..Called::default() });
        result
    }

    /// Gives what a pattern names its parts. `followed` is none where no declaration says so.
    pub(super) fn bind(
        &mut self,
        pattern: &'t Pattern,
        value: Option<&'t Expr>,
        node: Option<Node>,
        followed: Option<bool>,
    ) {
        match pattern {
            Pattern::Name(name, _) => self.bind_name_at(name, pattern, value, node, followed),
            Pattern::Object { fields, rest, span } => {
                for field in fields {
                    let part = node.map(|node| self.graph.load(node, &field.key));
                    let part = self.or_default(part, field.default.as_ref());
                    self.bind(&field.pattern, None, part, followed);
                }
                if let Some(rest) = rest {
                    let left = node.map(|node| self.copied(node, *span));
                    self.bind_name(rest, None, left, followed);
                }
            }
            Pattern::List { items, rest, span } => {
                let all = node.map(|node| self.graph.load_all(node));
                for (pattern, default) in items.iter().flatten() {
                    let part = self.or_default(all, default.as_ref());
                    self.bind(pattern, None, part, followed);
                }
                if let Some(rest) = rest {
                    let left = node.map(|node| self.copied(node, *span));
                    self.bind_name(rest, None, left, followed);
                }
            }
            Pattern::Other(_) => {}
        }
    }

    fn or_default(&mut self, part: Option<Node>, default: Option<&'t Expr>) -> Option<Node> {
        let Some(default) = default.and_then(|default| self.value(default)) else { return part };
        let node = self.graph.node();
        self.graph.copy(default, node);
        part.into_iter().for_each(|part| self.graph.copy(part, node));
        Some(node)
    }

    /// Another object or list that has the same parts.
    pub(super) fn copied(&mut self, node: Node, span: Span) -> Node {
        let site = self.graph.site(self.file, span, Made::Object);
        let copy = self.graph.holding(site);
        let parts = self.graph.load_all(node);
        self.graph.store(copy, &any(), parts);
        copy
    }

    fn bind_name(&mut self, name: &Key, value: Option<&'t Expr>, node: Option<Node>, followed: Option<bool>) {
        self.bind_at(name, 0, value, node, followed);
    }

    fn bind_name_at(
        &mut self,
        name: &Key,
        pattern: &Pattern,
        value: Option<&'t Expr>,
        node: Option<Node>,
        followed: Option<bool>,
    ) {
        let at = match pattern {
            Pattern::Name(_, span) => span.start,
            _ => 0,
        };
        self.bind_at(name, at, value, node, followed);
    }

    fn bind_at(&mut self, name: &Key, at: u32, value: Option<&'t Expr>, node: Option<Node>, followed: Option<bool>) {
        let Some(index) = self.binding(name) else { return };
        let origin = value.and_then(|value| self.origin(value));
        let binding = &mut self.bindings[index];
        binding.origin = origin.or(binding.origin.take());
        match value {
            Some(value) => binding.values.push(value),
            None => binding.is_given |= node.is_some(),
        }
        let until = value.map_or(at, |value| value.span.end);
        binding.assigned.push(Assigned { at, until, scope: self.scope, is_followed: followed == Some(true) });
        if let Some(node) = node {
            let to = binding.node;
            self.graph.copy(node, to);
        }
    }

    /// Whether something is neither of this module nor imported from another of the project.
    pub(super) fn is_foreign(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Name(name) => {
                self.binding(name).map_or(&**name != "super", |index| self.bindings[index].origin.is_some())
            }
            ExprKind::Member { object, .. } | ExprKind::Index { object, .. } => self.is_foreign(object),
            ExprKind::Call { callee, .. } => self.is_foreign(callee),
            ExprKind::Unary(UnaryOp::Await, inner) => self.is_foreign(inner),
            _ => false,
        }
    }

    /// Whether every name is declared here.
    pub(super) fn has_no_stars(&self) -> bool {
        self.stars.is_empty()
    }

    /// A name that only a module can have that is imported with all its names.
    pub(super) fn from_star(&mut self, name: &Key) {
        if self.stars.is_empty() || self.binding(name).is_some() {
            return;
        }
        let scope = std::mem::replace(&mut self.scope, 0);
        let binding = self.declare_name(name);
        self.scope = scope;
        self.bindings[binding].is_given = true;
        self.bindings[binding].assigned.push(Assigned { at: 0, until: 0, scope: 0, is_followed: true });
        for file in self.stars.clone() {
            self.bindings[binding].file = Some(file);
            let node = self.loaded.export(self.graph, file, name);
            self.graph.copy(node, self.bindings[binding].node);
            self.loaded.near(self.graph, self.bindings[binding].node, file, Some(name.clone()));
        }
    }

    /// The package that something comes from.
    pub(super) fn origin(&self, expr: &Expr) -> Option<Arc<str>> {
        match &expr.kind {
            ExprKind::Name(name) => self.bindings[self.binding(name)?].origin.clone(),
            ExprKind::Member { object, .. } | ExprKind::Index { object, .. } => self.origin(object),
            ExprKind::Call { callee, .. } => self.origin(callee),
            ExprKind::Unary(UnaryOp::Await, inner) => self.origin(inner),
            ExprKind::ImportCall(module) => match self.source.resolve(self.file, module) {
                Target::External(package) => Some(package),
                _ => None,
            },
            _ => None,
        }
    }

    /// The parts of an object literal.
    pub(super) fn object(&mut self, properties: &'t [Property], span: Span) -> Node {
        let site = self.graph.site(self.file, span, Made::Object);
        let value = self.graph.holding(site);
        for property in properties {
            match property {
                Property::Field { key, value: field, .. } => {
                    let node = match &field.kind {
                        ExprKind::Function(function) => {
                            let node = self.function(function, false);
                            if !function.is_arrow {
                                self.graph_this(function, value);
                            }
                            Some(node)
                        }
                        _ => self.value(field),
                    };
                    if let Some(node) = node {
                        let part = self.graph.part(site, key);
                        self.graph.copy(node, part);
                    }
                }
                Property::Computed { key, value: field } => {
                    self.value(key);
                    if let Some(node) = self.value(field) {
                        self.graph.store(value, &any(), node);
                    }
                }
                Property::Getter { key, function, .. } => {
                    self.function(function, false);
                    self.graph_this(function, value);
                    if let Some(Made::Function(number)) = self.graph.made_at(self.file, function.span) {
                        let part = self.graph.part(site, key);
                        let result = self.graph.callables[number].result;
                        self.graph.copy(result, part);
                    }
                }
                Property::Spread(spread) => {
                    self.is_copied = true;
                    if let Some(node) = self.value(spread) {
                        self.spread_into(node, value);
                    }
                }
            }
        }
        value
    }

    /// The parts of one thing become parts of another, by whatever name.
    fn spread_into(&mut self, from: Node, to: Node) {
        let parts = self.graph.load_all(from);
        self.graph.store(to, &any(), parts);
    }

    pub(super) fn list(&mut self, items: &'t [Item], span: Span) -> Node {
        let site = self.graph.site(self.file, span, Made::Object);
        let value = self.graph.holding(site);
        for item in items {
            let node = match item {
                Item::One(item) => self.value(item),
                Item::Spread(spread) => {
                    self.is_copied = true;
                    self.value(spread).map(|node| self.graph.load_all(node))
                }
            };
            if let Some(node) = node {
                self.graph.store(value, &any(), node);
            }
        }
        value
    }

    /// Notes a read of a name, or of a path of it.
    pub(super) fn used(&mut self, name: &Key, path: Vec<Key>, span: Span) {
        self.from_star(name);
        let Some(binding) = self.binding(name) else { return };
        let (is_home, at) = self.stands(binding, span);
        let in_order = is_home && self.way.in_order;
        let is_copied = std::mem::take(&mut self.is_copied);
        let is_called = std::mem::take(&mut self.is_called) && self.loops == 0;
        let (scope, is_inside) = (self.scope, !is_home);
        self.bindings[binding].used.push(Used { path, span, at, in_order, is_copied, is_inside, scope, is_called });
    }

    /// Notes that a name is assigned to.
    pub(super) fn assigned(
        &mut self,
        name: &str,
        span: Span,
        value: Option<&'t Expr>,
        node: Option<Node>,
        straight: bool,
    ) {
        let Some(index) = self.binding(name) else { return };
        let (is_home, _) = self.stands(index, span);
        let is_followed = straight && is_home && self.way.is_followed;
        let binding = &mut self.bindings[index];
        match value {
            Some(value) => binding.values.push(value),
            // An operator that stands alone makes what it gives; so does `del`, which gives nothing.
            None => binding.is_given |= !straight || node.is_some(),
        }
        // One that is never declared here with a value is assigned once more than it is declared.
        let until = value.map_or(span.end, |value| value.span.end);
        binding.assigned.push(Assigned { at: span.start, until, scope: self.scope, is_followed });
        let to = binding.node;
        if let Some(node) = node {
            self.graph.copy(node, to);
        }
    }

    /// Notes that a part of something is changed.
    #[expect(clippy::too_many_arguments, reason = "one change, taken apart")]
    pub(super) fn changed(
        &mut self,
        object: &'t Expr,
        base: Node,
        key: Key,
        span: Span,
        value: Option<&'t Expr>,
        straight: bool,
        keeps: bool,
    ) {
        if straight && self.way.is_followed && &*key != ANY && self.is_made(object) {
            return self.followed(base, key, span);
        }
        let root = super::effects::path_of(object).and_then(|(name, path)| Some((self.binding(&name)?, path)));
        let Some((index, path)) = root else {
            if straight && &*key != ANY && self.is_namespace(object) {
                return self.followed(base, key, span);
            }
            return self.unfollowed(base, key, span, keeps);
        };
        let (is_home, at) = self.stands(index, span);
        let is_followed = straight && is_home && self.way.is_followed;
        self.bindings[index].changed.push(Changed { path, key, at, span, base, is_followed, keeps, value });
    }

    /// Whether something is the names of the module at hand, which are bound in their order as the module runs.
    fn is_namespace(&self, object: &Expr) -> bool {
        self.is_run && self.scope == 0 && self.way.is_followed && is_namespace(object)
    }

    /// Whether something is what the constructor at hand makes.
    fn is_made(&self, object: &Expr) -> bool {
        let Some(made) = &self.scopes[self.scope].makes else { return false };
        match &object.kind {
            ExprKind::This => &**made == THIS,
            ExprKind::Name(name) => name == made,
            _ => false,
        }
    }

    /// What the constructor of a class calls what it makes, where the evaluator follows all that it leaves behind.
    fn made_by(&self, class: &Class, member: &Member) -> Option<Key> {
        let python = self.is_python();
        let is_it = &*member.name == if python { "__init__" } else { "constructor" };
        if !is_it || !leaves_all(class, python) {
            return None;
        }
        match member.value.as_ref().map(|value| &value.kind)? {
            ExprKind::Function(function) if python => match &function.params.first()?.pattern {
                Pattern::Name(name, _) => Some(name.clone()),
                _ => None,
            },
            _ => Some(THIS.into()),
        }
    }

    fn followed(&mut self, base: Node, key: Key, span: Span) {
        self.loaded.stores.entry((self.file, span)).or_default().push((base, Some(key)));
    }

    pub(super) fn unfollowed(&mut self, base: Node, key: Key, span: Span, keeps: bool) {
        self.loaded.stores.entry((self.file, span)).or_default().push((base, None));
        self.graph.change(base, Change { key, file: self.file, span, keeps });
    }

    /// Whether somebody looks at what was handed to a function of a package, after that or at a time unknown.
    fn is_looked_at_again(&self, handed: &Handed) -> bool {
        let binding = &self.bindings[handed.binding];
        // Each is held against each, so that a file of nothing else would take for ever.
        if binding.is_exported || binding.used.len() > MOST_LOOKS {
            return true;
        }
        let (is_home, _) = self.stands_in(binding.scope, handed.scope, handed.call);
        // `x = f(x)`: afterwards the name holds what the function gave, or it never was handed.
        let is_replaced = binding.values.iter().any(|value| value.span.holds(handed.call));
        binding.used.iter().any(|used| {
            let overlaps = used.path.iter().zip(&handed.path).all(|(used, handed)| used == handed);
            let is_other_way =
                is_replaced || self.either.iter().any(|(yes, no)| yes.holds(handed.call) && no.holds(used.span));
            let is_later = (used.span.start >= handed.call.end && !is_other_way) || used.is_inside || !is_home;
            overlaps && is_later && !handed.call.holds(used.span)
        })
    }

    /// Tells what of all that the evaluator does not follow.
    fn finish(self) {
        let file = self.file;
        for handed in &self.handed {
            if self.is_looked_at_again(handed) {
                let change = Change { key: any(), file, span: handed.call, keeps: false };
                self.graph.hand_out(handed.node, change);
            }
        }
        let is_opaque = self.loaded.opaque.contains(&file);
        for binding in &self.bindings {
            if self.is_run {
                let (name, is_top) = (binding.name.clone(), binding.scope == 0);
                self.loaded.holders.push(Holder { name, node: binding.node, is_top });
            }
            if is_opaque && binding.values.iter().any(|value| !matches!(value.kind, ExprKind::Function(_))) {
                let span = binding.values.first().map_or_else(Span::default, |value| value.span);
                self.graph.hand_out(binding.node, Change { key: any(), file, span, keeps: false });
                self.loaded.reads.extend(binding.used.iter().map(|used| (file, used.span)));
                if binding.scope == 0 {
                    self.loaded.names.insert((file, binding.name.clone()));
                }
            }
            for change in &binding.changed {
                if binding.follows(change) {
                    let stored = (change.base, Some(change.key.clone()));
                    self.loaded.stores.entry((file, change.span)).or_default().push(stored);
                } else if let Some(taken) = Taken::of(binding, change, file).filter(|_| self.is_run) {
                    let stored = (change.base, Some(change.key.clone()));
                    self.loaded.stores.entry((file, change.span)).or_default().push(stored);
                    self.loaded.taken.push(taken);
                } else {
                    self.loaded.stores.entry((file, change.span)).or_default().push((change.base, None));
                    let made = Change { key: change.key.clone(), file, span: change.span, keeps: change.keeps };
                    self.graph.change(change.base, made);
                }
            }
            let call = binding.is_changed().then(|| self.only_call_that_assigns(binding)).flatten();
            let is_changed = binding.is_changed() && !call.as_ref().is_some_and(|call| binding.is_set_after(call));
            if is_changed && binding.scope == 0 {
                self.loaded.names.insert((file, binding.name.clone()));
            }
            for used in &binding.used {
                if call.as_ref().is_some_and(|call| binding.is_seen_before(used, call)) {
                    self.loaded.certain.insert((file, used.span));
                } else if is_changed || binding.is_uncertain(used) {
                    self.loaded.reads.insert((file, used.span));
                }
            }
        }
    }

    /// The call of the function that alone assigns a name of the scope around it, where that is called once, in its turn,
    /// and by nobody else.
    fn only_call_that_assigns(&self, binding: &Binding<'_>) -> Option<OnlyCall> {
        let mut unfollowed = binding.assigned.iter().filter(|assigned| !assigned.is_followed);
        let body = unfollowed.next()?.scope;
        if unfollowed.any(|assigned| assigned.scope != body) || self.scopes[body].outer != Some(binding.scope) {
            return None;
        }
        let function = self.bindings.get(self.scopes[body].function?)?;
        let [used] = function.used.as_slice() else { return None };
        let is_plain = used.is_called && used.in_order && !used.is_inside && used.path.is_empty();
        if !is_plain || function.assigned.len() != 1 || function.is_exported || binding.is_exported {
            return None;
        }
        let is_named = |other: FileId| self.source.mentions(other, &function.name);
        let is_elsewhere = self.source.imported_by(self.file).into_iter().any(is_named);
        (!is_elsewhere).then_some(OnlyCall { body, at: used.span })
    }
}

/// How many statements of a body bind or change each name.
fn times(body: &[Statement]) -> HashMap<Key, usize> {
    let mut times = HashMap::new();
    for statement in body {
        let mut names = Vec::new();
        crate::eval::modules::changed_names(statement, &mut names);
        names.sort_unstable();
        names.dedup();
        names.into_iter().for_each(|name| *times.entry(name).or_default() += 1);
    }
    times
}

/// Whether an expression that stands alone is a change, which is evaluated where it stands.
fn is_change(expr: &Expr) -> bool {
    let mut names = Vec::new();
    crate::eval::modules::changed_by(expr, &mut names);
    !names.is_empty()
}

/// Whether nothing in a body can throw that is worth a handler, but what it throws by itself, which is followed.
fn never_throws(body: &[Statement]) -> bool {
    let mut thrown: Vec<Span> = Vec::new();
    crate::eval::each_statement(body, &mut |statement| {
        if let Statement::Throw { value: Some(value), .. } = statement {
            thrown.push(value.span);
        }
    });
    let mut throws = body.iter().any(|statement| matches!(statement, Statement::Import(_)));
    crate::syntax::code::visit(body, &mut |expr, _| {
        let can_throw = matches!(expr.kind, ExprKind::Call { .. } | ExprKind::Index { .. } | ExprKind::ImportCall(_));
        throws |= can_throw && !thrown.iter().any(|thrown| thrown.holds(expr.span));
    });
    !throws
}

/// Whether a body takes variables for granted, in which case both its ways are followed.
fn asks(body: &[Statement]) -> bool {
    !crate::eval::forks::taken_for_granted(body).is_empty()
}

/// Whether an import is the environment.
fn is_environment_of(package: &str, what: &Imported) -> bool {
    matches!((package, what), ("process" | "node:process" | "bun", Imported::Named(name)) if &**name == "env")
        || matches!((package, what), ("os", Imported::Named(name)) if &**name == "environ")
}

/// Whether the text of an expression is the environment.
pub(super) fn is_environment(expr: &Expr) -> bool {
    matches!(
        dotted(expr).as_deref(),
        Some("process.env" | "globalThis.process.env" | "Bun.env" | "import.meta.env" | "os.environ" | "Deno.env")
    )
}
