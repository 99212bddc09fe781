//! Which statements of a module have to do with each other, by the names that they mention: what one of them makes can
//! only be changed by another that shares a name with it, or is joined to it by others.

use super::Key;
use super::effects::{CHANGING, HARMLESS, SETTERS, gives_back, handed_names, last_name, root_of};
use crate::eval::modules::{dotted, pattern_names};
use crate::eval::{Source, Target};
use crate::syntax::code::{
    Argument, Class, Expr, ExprKind, Function, Item, Language, Module, Pattern, PatternField, Property, Statement,
    TemplatePart, UnaryOp,
};
use crate::syntax::{FileId, Span};
use hashbrown::{HashMap, HashSet};

/// A statement, a function or a name.
type Node = u32;

/// What is done with all that some statements have to do with.
#[derive(Clone, Default)]
pub(super) struct Slice {
    /// Parts of something are changed, or handed to what may change them.
    pub(super) changes: bool,
    /// Other modules can name some of it.
    pub(super) is_exported: bool,
    /// By which names; empty where these are not known.
    pub(super) exports: Vec<Key>,
    /// What it is handed to, or put into: names that other modules give.
    pub(super) hands_to: Vec<Key>,
}

impl Slice {
    /// Whether nothing of it is changed, and nobody else has any of it.
    pub(super) fn is_idle(&self) -> bool {
        !self.changes && !self.is_exported && self.hands_to.is_empty()
    }

    fn export(&mut self, name: Option<Key>) {
        let is_any = self.is_exported && self.exports.is_empty();
        self.is_exported = true;
        match name {
            Some(name) if !is_any => self.exports.push(name),
            _ => self.exports.clear(),
        }
    }
}

/// The slices of one module.
#[derive(Default)]
pub(super) struct Slices {
    at: HashMap<Span, usize>,
    all: Vec<Slice>,
    /// Literals that only one call of a package is handed, so that nobody looks at them again.
    given_away: HashSet<Span>,
    /// It runs text as code, or takes its names as a whole.
    is_open: bool,
}

impl Slices {
    pub(super) fn of(source: &dyn Source, file: FileId, module: &Module) -> Slices {
        let mut cut = Cut {
            source,
            file,
            is_python: module.language == Language::Python,
            parents: Vec::new(),
            told: Vec::new(),
            sites: Vec::new(),
            scopes: vec![HashMap::new()],
            foreign: HashSet::new(),
            near: HashSet::new(),
            this: 0,
            is_open: false,
            is_made: false,
            mentioned: HashMap::new(),
            given: HashMap::new(),
            bound: Vec::new(),
            given_away: HashSet::new(),
        };
        cut.this = cut.node();
        cut.imports(&module.body);
        cut.declare_all(&module.body);
        let top = cut.node();
        cut.statements(&module.body, top);
        cut.export_names(&module.body);
        cut.finish()
    }

    /// Whether nobody but one call of a package has what is made at a place.
    pub(super) fn is_given_away(&self, span: Span) -> bool {
        !self.is_open && self.given_away.contains(&span)
    }

    /// What is done with what is made at a place; none where that is not told apart.
    pub(super) fn at(&self, span: Span) -> Option<(usize, &Slice)> {
        if self.is_open {
            return None;
        }
        let number = *self.at.get(&span)?;
        Some((number, self.all.get(number)?))
    }
}

/// One walk.
struct Cut<'s> {
    source: &'s dyn Source,
    file: FileId,
    is_python: bool,
    parents: Vec<Node>,
    told: Vec<(Node, Told)>,
    sites: Vec<(Span, Node)>,
    scopes: Vec<HashMap<Key, Node>>,
    /// Names of what packages give, which hold nothing of the module.
    foreign: HashSet<Key>,
    /// Names of what other modules of the project give.
    near: HashSet<Key>,
    this: Node,
    is_open: bool,
    /// What is assigned to is made by the function at hand: the parts of `this` in a constructor.
    is_made: bool,
    /// How often names are mentioned, and how often they are all that a call of a package is handed in an argument.
    mentioned: HashMap<Node, usize>,
    given: HashMap<Node, usize>,
    /// The literals that names are bound to.
    bound: Vec<(Node, Vec<Span>)>,
    given_away: HashSet<Span>,
}

/// What is told of a statement.
#[derive(Clone, PartialEq, Eq)]
enum Told {
    Changes,
    /// Under a name, if that is known.
    Exported(Option<Key>),
    HandsTo(Key),
}

impl Cut<'_> {
    fn node(&mut self) -> Node {
        let node = self.parents.len() as Node;
        self.parents.push(node);
        node
    }

    fn root(&mut self, mut node: Node) -> Node {
        while self.parents[node as usize] != node {
            let above = self.parents[node as usize];
            self.parents[node as usize] = self.parents[above as usize];
            node = above;
        }
        node
    }

    fn join(&mut self, one: Node, other: Node) {
        let (one, other) = (self.root(one), self.root(other));
        self.parents[one as usize] = other;
    }

    fn finish(mut self) -> Slices {
        let mut numbers: HashMap<Node, usize> = HashMap::new();
        for (name, literals) in std::mem::take(&mut self.bound) {
            if self.mentioned.get(&name) == Some(&1) && self.given.get(&name) == Some(&1) {
                self.given_away.extend(literals);
            }
        }
        let given_away = std::mem::take(&mut self.given_away);
        let mut slices = Slices { is_open: self.is_open, given_away, ..Slices::default() };
        for (span, node) in std::mem::take(&mut self.sites) {
            let root = self.root(node);
            let number = *numbers.entry(root).or_insert(slices.all.len());
            if number == slices.all.len() {
                slices.all.push(Slice::default());
            }
            slices.at.insert(span, number);
        }
        for (node, told) in std::mem::take(&mut self.told) {
            let root = self.root(node);
            let Some(slice) = numbers.get(&root).and_then(|number| slices.all.get_mut(*number)) else { continue };
            match told {
                Told::Changes => slice.changes = true,
                Told::Exported(name) => slice.export(name),
                Told::HandsTo(name) => slice.hands_to.push(name),
            }
        }
        slices
    }

    fn tell(&mut self, node: Node, told: Told) {
        self.told.push((node, told));
    }

    fn export(&mut self, node: Node, name: Option<&Key>, exported: bool, is_default: bool) {
        if exported || is_default {
            let name = if is_default { Some("default".into()) } else { name.cloned() };
            self.tell(node, Told::Exported(name));
        }
    }

    /// Which names are a package's, and which another module's.
    fn imports(&mut self, body: &[Statement]) {
        for statement in body {
            let Statement::Import(import) = statement else { continue };
            let is_outside = matches!(self.source.resolve(self.file, &import.module), Target::External(_));
            for name in &import.names {
                let is_part = self.is_python
                    && matches!(&name.what, crate::syntax::code::Imported::Named(part) if matches!(
                        self.source.resolve(self.file, &format!("{}.{part}", import.module.trim_end_matches('.'))),
                        Target::Code(_)
                    ));
                let names = if is_outside && !is_part { &mut self.foreign } else { &mut self.near };
                names.insert(name.local.clone());
            }
        }
    }

    fn declare(&mut self, name: &Key) -> Node {
        let node = self.node();
        let Some(scope) = self.scopes.last_mut() else { return node };
        *scope.entry(name.clone()).or_insert(node)
    }

    fn declare_pattern(&mut self, pattern: &Pattern) {
        let mut names = Vec::new();
        pattern_names(pattern, &mut names);
        names.iter().for_each(|name| {
            self.declare(name);
        });
    }

    /// The names of a body, those of the blocks in it too.
    fn declare_all(&mut self, body: &[Statement]) {
        for statement in body {
            match statement {
                Statement::Declare { pattern, .. } => self.declare_pattern(pattern),
                Statement::Function { name, .. } => {
                    self.declare(name);
                }
                Statement::Class { class, .. } => class.name.iter().for_each(|name| {
                    self.declare(name);
                }),
                Statement::Import(import) => import.names.iter().for_each(|name| {
                    self.declare(&name.local);
                }),
                Statement::If { then, otherwise, .. } => {
                    self.declare_all(then);
                    self.declare_all(otherwise);
                }
                Statement::Block(body) => self.declare_all(body),
                Statement::Loop { pattern, body, .. } => {
                    pattern.iter().for_each(|pattern| self.declare_pattern(pattern));
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

    fn lookup(&self, name: &str) -> Option<Node> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name).copied())
    }

    /// Joins a statement with a name that it mentions.
    fn mention(&mut self, name: &Key, node: Node) {
        let Some(found) = self.lookup(name) else { return };
        *self.mentioned.entry(found).or_default() += 1;
        let is_foreign = self.foreign.contains(name) && self.scopes[0].get(name) == Some(&found);
        if !is_foreign {
            self.join(node, found);
        }
    }

    fn bind(&mut self, pattern: &Pattern, node: Node) {
        match pattern {
            Pattern::Name(name, span) => {
                self.sites.push((*span, node));
                self.mention(name, node);
            }
            Pattern::Object { fields, rest, span } => {
                self.sites.push((*span, node));
                for PatternField { pattern, default, .. } in fields {
                    default.iter().for_each(|default| self.expr(default, node));
                    self.bind(pattern, node);
                }
                rest.iter().for_each(|rest| self.mention(rest, node));
            }
            Pattern::List { items, rest, span } => {
                self.sites.push((*span, node));
                for (pattern, default) in items.iter().flatten() {
                    default.iter().for_each(|default| self.expr(default, node));
                    self.bind(pattern, node);
                }
                rest.iter().for_each(|rest| self.mention(rest, node));
            }
            // A part of something, nobody sees of what.
            Pattern::Other(_) => self.is_open = true,
        }
    }

    /// Some statements of a function, which is `owner`.
    fn statements(&mut self, body: &[Statement], owner: Node) {
        for statement in body {
            stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.statement(statement, owner));
        }
    }

    fn statement(&mut self, statement: &Statement, owner: Node) {
        let node = self.node();
        match statement {
            Statement::Declare { pattern, value, exported, .. } => {
                self.bind(pattern, node);
                value.iter().for_each(|value| self.expr(value, node));
                if let (Pattern::Name(name, _), Some(value)) = (pattern, value)
                    && let Some(found) = self.lookup(name)
                {
                    // What binds it is no use of it.
                    self.mentioned.entry(found).and_modify(|times| *times -= 1);
                    let is_own = !*exported && !(self.is_python && self.scopes.len() == 1);
                    if is_own {
                        let mut literals = Vec::new();
                        literals_in(value, &mut literals);
                        self.bound.push((found, literals));
                    }
                }
                if *exported {
                    let mut names = Vec::new();
                    pattern_names(pattern, &mut names);
                    names.into_iter().for_each(|name| self.tell(node, Told::Exported(Some(name))));
                }
            }
            Statement::Function { name, function, decorators, exported, is_default, .. } => {
                self.mention(name, node);
                decorators.iter().for_each(|decorator| self.expr(decorator, node));
                self.function(function, node, false);
                self.export(node, Some(name), *exported, *is_default);
            }
            Statement::Class { class, exported, is_default } => {
                class.name.iter().for_each(|name| self.mention(name, node));
                self.class(class, node);
                self.export(node, class.name.as_ref(), *exported, *is_default);
            }
            Statement::Expression(expr) => self.expr(expr, node),
            Statement::ExportDefault { value, .. } => {
                self.expr(value, node);
                // Also `module.exports = …`, of which all names are names of the module.
                self.tell(node, Told::Exported(None));
            }
            Statement::Return { value, .. } => value.iter().for_each(|value| self.expr(value, owner)),
            Statement::Throw { value, .. } => value.iter().for_each(|value| self.expr(value, node)),
            Statement::If { test, then, otherwise, .. } => {
                self.expr(test, node);
                self.statements(then, owner);
                self.statements(otherwise, owner);
            }
            Statement::Block(body) => self.statements(body, owner),
            Statement::Loop { pattern, over, body, .. } => {
                pattern.iter().for_each(|pattern| self.bind(pattern, node));
                over.iter().for_each(|over| self.expr(over, node));
                self.statements(body, owner);
            }
            Statement::Try { body, handlers, finally, .. } => {
                self.statements(body, owner);
                handlers.iter().for_each(|handler| self.statements(handler, owner));
                self.statements(finally, owner);
            }
            Statement::Switch { subject, cases, .. } => {
                self.expr(subject, node);
                for (test, body) in cases {
                    test.iter().for_each(|test| self.expr(test, node));
                    self.statements(body, owner);
                }
            }
            Statement::Import(_)
            | Statement::Export(_)
            | Statement::Jump(_)
            | Statement::Break(..)
            | Statement::Opaque(_) => {}
        }
    }

    /// What a function takes and gives has to do with whoever has it.
    fn function(&mut self, function: &Function, node: Node, is_made: bool) {
        self.scopes.push(HashMap::new());
        for param in &function.params {
            self.declare_pattern(&param.pattern);
        }
        self.declare_all(&function.body);
        for param in &function.params {
            param.default.iter().chain(&param.decorators).for_each(|expr| self.expr(expr, node));
            self.bind(&param.pattern, node);
        }
        let before = self.is_made;
        self.is_made = is_made || (function.is_arrow && before);
        self.statements(&function.body, node);
        self.is_made = before;
        self.scopes.pop();
    }

    fn class(&mut self, class: &Class, node: Node) {
        self.sites.push((class.span, node));
        self.join(node, self.this);
        class.bases.iter().chain(&class.decorators).for_each(|expr| self.expr(expr, node));
        class.keywords.iter().for_each(|argument| self.expr(&argument.value, node));
        for member in &class.members {
            member.decorators.iter().for_each(|decorator| self.expr(decorator, node));
            match member.value.as_ref().map(|value| (&value.kind, value)) {
                Some((ExprKind::Function(function), _)) => {
                    let is_made = matches!(&*member.name, "constructor" | "__init__");
                    self.function(function, node, is_made);
                }
                Some((_, value)) => self.expr(value, node),
                None => {}
            }
        }
        class.blocks.iter().for_each(|(_, block)| self.function(block, node, false));
    }

    fn exprs<'e>(&mut self, all: impl IntoIterator<Item = &'e Expr>, node: Node) {
        all.into_iter().for_each(|expr| self.expr(expr, node));
    }

    fn expr(&mut self, expr: &Expr, node: Node) {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.expr_inner(expr, node));
    }

    fn expr_inner(&mut self, expr: &Expr, node: Node) {
        match &expr.kind {
            ExprKind::Name(name) => self.mention(name, node),
            ExprKind::This => self.join(node, self.this),
            ExprKind::Member { object, .. } => self.expr(object, node),
            ExprKind::Index { object, index, .. } => self.exprs([&**object, &**index], node),
            ExprKind::Template(parts) => {
                for part in parts {
                    if let TemplatePart::Expr(inner) = part {
                        self.expr(inner, node);
                    }
                }
            }
            ExprKind::List(items) => {
                self.sites.push((expr.span, node));
                for item in items {
                    let (Item::One(inner) | Item::Spread(inner)) = item;
                    self.expr(inner, node);
                }
            }
            ExprKind::Object(properties) => {
                self.sites.push((expr.span, node));
                properties.iter().for_each(|property| self.property(property, node));
            }
            ExprKind::Call { callee, arguments, .. } => {
                self.sites.push((expr.span, node));
                self.called(callee, arguments, node);
                self.expr(callee, node);
                arguments.iter().for_each(|argument| self.expr(&argument.value, node));
            }
            ExprKind::Function(function) => self.function(function, node, false),
            ExprKind::Class(class) => self.class(class, node),
            ExprKind::Unary(op, inner) => {
                if *op == UnaryOp::Delete {
                    self.assigned(inner, node);
                }
                self.expr(inner, node);
            }
            ExprKind::Binary(_, left, right) => {
                self.sites.push((expr.span, node));
                self.exprs([&**left, &**right], node);
            }
            ExprKind::Logical(_, left, right) => self.exprs([&**left, &**right], node),
            ExprKind::Conditional { test, yes, no } => self.exprs([&**test, &**yes, &**no], node),
            ExprKind::Assign { target, op, value } => {
                if op.is_some() && self.is_python {
                    self.tell(node, Told::Changes);
                }
                self.assigned(target, node);
                self.exprs([&**target, &**value], node);
            }
            ExprKind::Sequence(items) => self.exprs(items, node),
            ExprKind::Comprehension { item, pattern, over, tests } => {
                self.sites.push((expr.span, node));
                self.scopes.push(HashMap::new());
                self.declare_pattern(pattern);
                self.bind(pattern, node);
                self.exprs([&**item, &**over], node);
                self.exprs(tests, node);
                self.scopes.pop();
            }
            _ => {}
        }
    }

    fn property(&mut self, property: &Property, node: Node) {
        match property {
            Property::Field { value, .. } => {
                if matches!(&value.kind, ExprKind::Function(function) if !function.is_arrow) {
                    self.join(node, self.this);
                }
                self.expr(value, node);
            }
            Property::Computed { key, value } => self.exprs([key, value], node),
            Property::Getter { function, .. } => {
                self.join(node, self.this);
                self.function(function, node, false);
            }
            Property::Spread(inner) => self.expr(inner, node),
        }
    }

    /// Whether something holds what other modules can name.
    fn is_exports(&self, object: &Expr) -> bool {
        !self.is_python && matches!(dotted(object).as_deref(), Some("module" | "exports" | "module.exports"))
    }

    /// A target that is assigned to, or deleted.
    fn assigned(&mut self, target: &Expr, node: Node) {
        match &target.kind {
            ExprKind::Member { object, .. } | ExprKind::Index { object, .. } => {
                if self.is_exports(object) {
                    return self.tell(node, Told::Exported(None));
                }
                let is_own = self.is_made
                    && (matches!(object.kind, ExprKind::This)
                        || matches!(&object.kind, ExprKind::Name(name) if &**name == "self"));
                if !is_own {
                    self.tell(node, Told::Changes);
                }
                if let Some(root) = root_of(object).filter(|root| self.near.contains(*root)) {
                    self.tell(node, Told::HandsTo(root.into()));
                }
            }
            ExprKind::Assign { target, .. } => self.assigned(target, node),
            ExprKind::List(items) => {
                for item in items {
                    let (Item::One(inner) | Item::Spread(inner)) = item;
                    self.assigned(inner, node);
                }
            }
            ExprKind::Object(properties) => {
                for property in properties {
                    if let Property::Field { value, .. } | Property::Computed { value, .. } | Property::Spread(value) =
                        property
                    {
                        self.assigned(value, node);
                    }
                }
            }
            _ => {}
        }
    }

    /// A call may change what it is one of, or what it is handed.
    fn called(&mut self, callee: &Expr, arguments: &[Argument], node: Node) {
        let name = dotted(callee);
        if let Some(name) = name.as_deref() {
            let opens = matches!(name, "eval" | "exec" | "globals" | "locals" | "vars");
            self.is_open |= opens && self.lookup(name).is_none();
            if SETTERS.contains(&name) {
                self.tell(node, Told::Changes);
            }
        }
        if let ExprKind::Member { property, .. } = &callee.kind {
            let is_of_maps = !self.is_python && matches!(&**property, "set" | "delete" | "clear");
            let changes = CHANGING.contains(&&**property) && !is_of_maps;
            if changes || matches!(&**property, "call" | "apply" | "bind") {
                self.tell(node, Told::Changes);
            }
        }
        let Some(root) = root_of(callee) else { return };
        if self.near.contains(root) && !arguments.is_empty() {
            return self.tell(node, Told::HandsTo(root.into()));
        }
        if self.foreign.contains(root) && !last_name(callee).is_some_and(gives_back) {
            self.give_away(arguments);
        }
        if !self.foreign.contains(root) || last_name(callee).is_some_and(|last| HARMLESS.contains(&last)) {
            return;
        }
        let mut handed = Vec::new();
        arguments.iter().for_each(|argument| handed_names(&argument.value, &mut handed));
        if !handed.is_empty() {
            self.tell(node, Told::Changes);
        }
    }

    /// A call of a package has what stands in its arguments alone.
    fn give_away(&mut self, arguments: &[Argument]) {
        for argument in arguments {
            let mut literals = Vec::new();
            literals_in(&argument.value, &mut literals);
            self.given_away.extend(literals);
            if let ExprKind::Name(name) = &argument.value.kind
                && let Some(found) = self.lookup(name)
            {
                *self.given.entry(found).or_default() += 1;
            }
        }
    }

    /// The lists of exports, and all names of a module in Python.
    fn export_names(&mut self, body: &[Statement]) {
        if self.is_python {
            let names: Vec<(Key, Node)> = self.scopes[0].iter().map(|(name, node)| (name.clone(), *node)).collect();
            return names.into_iter().for_each(|(name, node)| self.tell(node, Told::Exported(Some(name))));
        }
        for statement in body {
            let Statement::Export(export) = statement else { continue };
            for (what, name) in export.names.iter().filter(|_| export.module.is_none()) {
                if let crate::syntax::code::Imported::Named(own) = what
                    && let Some(node) = self.lookup(own)
                {
                    self.tell(node, Told::Exported(Some(name.clone())));
                }
            }
        }
    }
}

/// The places of a literal and of those that stand in it.
fn literals_in(expr: &Expr, into: &mut Vec<Span>) {
    match &expr.kind {
        ExprKind::Object(properties) => {
            into.push(expr.span);
            for property in properties {
                if let Property::Field { value, .. } = property {
                    literals_in(value, into);
                }
            }
        }
        ExprKind::List(items) => {
            into.push(expr.span);
            for item in items {
                if let Item::One(item) = item {
                    literals_in(item, into);
                }
            }
        }
        _ => {}
    }
}
