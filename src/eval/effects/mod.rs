//! What the code changes where the evaluator does not come by: found by looking at all of it, run or not.
//!
//! The evaluator follows statements in their order and copies what names hold. Whatever else can change an object, a
//! name or the environment (another name for the same object, a function that is called somewhere, another module) is
//! collected here, and what it may change is unknown from the beginning, for every reader.

mod collect;
mod effects;
mod graph;
mod names;
mod taken;

use super::{Because, Evaluator, How, Kind, Place, Source, Step, Unknown, Value};
use crate::syntax::{FileId, Span};
use collect::Collect;
use graph::{Change, Graph, Made, Node};
use hashbrown::{HashMap, HashSet};
use std::cell::RefCell;
use std::sync::Arc;
use taken::{Holder, Taken};

/// A key of an object.
type Key = Arc<str>;

/// The key of every part.
const ANY: &str = graph::ANY;

/// Modules beyond this are not looked at.
const MOST_MODULES: usize = 2_000;

/// All that is known of the changes that code makes.
#[derive(Default)]
pub(super) struct Effects {
    graph: RefCell<Graph>,
    loaded: RefCell<Loaded>,
}

/// What was looked at so far.
#[derive(Default)]
struct Loaded {
    files: HashSet<FileId>,
    /// Modules that are to be looked at as well.
    wanted: Vec<FileId>,
    exports: HashMap<(FileId, Key), Node>,
    modules: HashMap<FileId, Node>,
    reexports: HashSet<FileId>,
    /// `export *`: who, from whom.
    stars: Vec<(FileId, FileId)>,
    environment: Option<Node>,
    /// What everything is reached by.
    globals: Option<Node>,
    /// Modules that run text as code, which can change all that they name.
    opaque: HashSet<FileId>,
    /// Where parts are set: what is changed there, and the key where the evaluator follows it.
    stores: HashMap<(FileId, Span), Vec<(Node, Option<Key>)>>,
    /// Names of modules that are changed where the evaluator does not come by.
    names: HashSet<(FileId, Key)>,
    /// Changes of what modules take from others, as long as they are followed.
    taken: Vec<Taken>,
    /// All names of modules that run in their order.
    holders: Vec<Holder>,
    /// Reads that may see another value than the one the name has in the end.
    reads: HashSet<(FileId, Span)>,
}

impl Loaded {
    /// What a module exports under a name.
    fn export(&mut self, graph: &mut Graph, file: FileId, name: &str) -> Node {
        if let Some(node) = self.exports.get(&(file, name.into())) {
            return *node;
        }
        let node = graph.node();
        self.exports.insert((file, name.into()), node);
        let module = self.module(graph, file);
        if let Some(site) = graph.reached(module).first().copied() {
            let part = graph.part(site, &name.into());
            graph.copy(node, part);
            if name == "default" {
                // `require` of a module that has one export.
                graph.copy(node, module);
            }
        }
        node
    }

    /// A module as a whole.
    fn module(&mut self, graph: &mut Graph, file: FileId) -> Node {
        if let Some(node) = self.modules.get(&file) {
            return *node;
        }
        let site = graph.site(file, MODULE, Made::Module);
        let node = graph.holding(site);
        self.modules.insert(file, node);
        node
    }

    /// What modules pass on of others as a whole.
    fn pass_on(&mut self, graph: &mut Graph) {
        for (from, of) in self.stars.clone() {
            let names: Vec<Key> = self
                .exports
                .keys()
                .filter(|(file, _)| *file == from || *file == of)
                .map(|(_, name)| name.clone())
                .collect();
            for name in names.iter().filter(|name| &***name != "default") {
                let (to, node) = (self.export(graph, from, name), self.export(graph, of, name));
                graph.copy(node, to);
            }
        }
    }

    fn globals(&mut self, graph: &mut Graph) -> Node {
        if let Some(node) = self.globals {
            return node;
        }
        let site = graph.site(FileId(u32::MAX), MODULE, Made::Object);
        let node = graph.holding(site);
        self.globals = Some(node);
        node
    }

    fn environment(&mut self, graph: &mut Graph) -> Node {
        if let Some(node) = self.environment {
            return node;
        }
        let site = graph.site(FileId(u32::MAX), Span::default(), Made::Environment);
        let node = graph.holding(site);
        self.environment = Some(node);
        node
    }
}

impl Effects {
    /// Forgets what was looked at, where another way of evaluating begins.
    pub(super) fn forget(&self) {
        self.graph.take();
        self.loaded.take();
    }

    /// Looks at a module, at those that import it, and at those that it hands its things to.
    fn look(&self, source: &dyn Source, file: FileId, is_run: bool, has_run: &dyn Fn(FileId) -> bool) {
        if self.loaded.borrow().files.contains(&file) {
            return;
        }
        let (mut graph, mut loaded) = (self.graph.borrow_mut(), self.loaded.borrow_mut());
        loaded.wanted.push(file);
        let mut seeds: HashSet<FileId> = HashSet::new();
        seeds.insert(file);
        while let Some(next) = loaded.wanted.pop() {
            if loaded.files.len() >= MOST_MODULES || !loaded.files.insert(next) {
                continue;
            }
            let Some(module) = source.module(next) else { continue };
            Collect::new(&mut graph, &mut loaded, source, next, &module, is_run).module();
            // Whoever imports it can change what it holds; so can whoever imports that, where it is passed on.
            let importers = if seeds.contains(&next) { source.imported_by(next) } else { Vec::new() };
            for importer in importers {
                loaded.wanted.push(importer);
                if loaded.reexports.contains(&next) {
                    seeds.insert(importer);
                }
            }
        }
        loaded.pass_on(&mut graph);
        graph.settle();
        // A module that nobody imports is a program by itself, which does not run beside this one.
        let is_program = |file: FileId| has_run(file) || source.imported_by(file).is_empty();
        while loaded.give_up_taken(&mut graph, &is_program) {
            graph.settle();
        }
    }

    /// What is said of the changes of what is made at a place.
    fn changes(&self, file: FileId, span: Span) -> Vec<Change> {
        let graph = self.graph.borrow();
        let Some(site) = graph.site_at(file, span) else { return Vec::new() };
        site.changes.iter().filter_map(|change| graph.changes.get(*change).cloned()).collect()
    }

    /// Whether what is set at a place may be something else when it is read.
    fn is_overwritten(&self, file: FileId, span: Span) -> bool {
        let (graph, loaded) = (self.graph.borrow(), self.loaded.borrow());
        let Some(stores) = loaded.stores.get(&(file, span)) else { return false };
        stores.iter().any(|(base, key)| {
            let sites = graph.reached(*base);
            let Some(key) = key else { return !sites.is_empty() };
            sites.iter().any(|site| graph.sites[*site].changes.iter().any(|change| graph.changes[*change].touches(key)))
        })
    }

    /// The changes of all that is changed at a place.
    fn changes_of_stored(&self, file: FileId, span: Span) -> Vec<Change> {
        let (graph, loaded) = (self.graph.borrow(), self.loaded.borrow());
        let stores = loaded.stores.get(&(file, span)).map_or(&[][..], Vec::as_slice);
        let mut found: Vec<usize> = stores
            .iter()
            .flat_map(|(base, _)| graph.reached(*base))
            .flat_map(|site| graph.sites[*site].changes.iter().copied())
            .collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().filter_map(|change| graph.changes.get(change).cloned()).collect()
    }
}

impl Evaluator<'_> {
    /// Looks at a module before anything of it is evaluated.
    pub(super) fn look_at(&self, file: FileId) {
        // A program that is run statement by statement is followed in its order; the rest of it is not looked at yet.
        if self.outside().is_none() {
            self.effects.look(self.source, file, self.runs_a_program(), &|file| self.has_run(file));
        }
    }

    /// Whether a read of a name may see another value than the one it has in the end.
    pub(super) fn is_uncertain_read(&self, file: FileId, span: Span) -> bool {
        self.effects.loaded.borrow().reads.contains(&(file, span))
    }

    /// A value that is set at a place, as far as that is what stays there.
    pub(super) fn as_stored(&self, value: Value, file: FileId, span: Span) -> Value {
        if self.effects.is_overwritten(file, span) { changed_at(Place::File(file, span)) } else { value }
    }

    /// A whole object that is changed by a call at a place, as far as that is what stays there.
    pub(super) fn as_changed(&self, value: Value, file: FileId, span: Span) -> Value {
        let changes = self.effects.changes_of_stored(file, span);
        value.each(&mut |value| changes.iter().fold(value.clone(), |value, change| opened_by(&value, change)))
    }

    /// A module's name that is changed where the evaluator does not come by.
    pub(super) fn changed_name(&self, file: FileId, name: &str) -> Option<Value> {
        let key = (file, Key::from(name));
        let is_changed = self.effects.loaded.borrow().names.contains(&key);
        if is_changed {
            return Some(changed_at(Place::File(file, Span::default())));
        }
        let changes = self.effects.changes(file, MODULE);
        let change = changes.iter().find(|change| change.touches(name))?;
        Some(changed_at(Place::File(change.file, change.span)))
    }

    /// A part of a class that is set again somewhere.
    pub(super) fn changed_member(&self, file: FileId, class: Span, name: &str) -> Option<Value> {
        let changes = self.effects.changes(file, class);
        let change = changes.iter().find(|change| change.touches(name))?;
        Some(changed_at(Place::File(change.file, change.span)))
    }

    /// A variable where the code itself may set it.
    pub(super) fn changed_variable(&self, name: &str, value: Value) -> Value {
        let changes = self.effects.changes(FileId(u32::MAX), Span::default());
        let mut touching = changes.iter().filter(|change| change.touches(name)).peekable();
        if touching.peek().is_none() {
            return value;
        }
        let is_there = matches!(value.kind, Kind::Text(_));
        match touching.find(|change| !(change.keeps && is_there)) {
            Some(change) => changed_at(Place::File(change.file, change.span)),
            None => value,
        }
    }

    /// What is made at a place, where parts of it are changed later: those are not known.
    pub(super) fn opened(&self, value: Value, file: FileId, span: Span) -> Value {
        let changes = self.effects.changes(file, span);
        if changes.is_empty() {
            return value;
        }
        value.each(&mut |value| changes.iter().fold(value.clone(), |value, change| opened_by(&value, change)))
    }

    /// The same for the keywords that something is made with, which are its attributes then.
    pub(super) fn opened_keywords(&self, keywords: &mut Vec<(Arc<str>, Value)>, file: FileId, span: Span) {
        for change in self.effects.changes(file, span) {
            open_keywords(keywords, &change, self.is_python(Place::File(file, span)));
        }
    }
}

/// Where a module stands as a whole.
const MODULE: Span = Span { start: u32::MAX, end: u32::MAX };

fn changed_at(place: Place) -> Value {
    Value::unknown(Because::Changed, &Step::start(place, How::Written))
}

fn open_keywords(keywords: &mut Vec<(Arc<str>, Value)>, change: &Change, python: bool) {
    let place = Place::File(change.file, change.span);
    for (name, value) in keywords.iter_mut().filter(|(name, _)| change.touches(name)) {
        let _ = name;
        *value = changed_at(place);
    }
    if python && &*change.key != ANY && !keywords.iter().any(|(name, _)| *name == change.key) {
        keywords.push((change.key.clone(), changed_at(place)));
    }
}

fn opened_by(value: &Value, change: &Change) -> Value {
    let place = Place::File(change.file, change.span);
    let open_all = || Some(Unknown::from(Because::Changed));
    match &value.kind {
        Kind::List { .. } => changed_at(place),
        Kind::Object { fields, open } => {
            let mut fields: Vec<(Arc<str>, Value)> = fields.to_vec();
            let is_there =
                |value: &Value| !matches!(value.kind, Kind::Absent | Kind::Null | Kind::Unknown(_) | Kind::Choice(..));
            for (_, value) in
                fields.iter_mut().filter(|(key, value)| change.touches(key) && !(change.keeps && is_there(value)))
            {
                *value = changed_at(place);
            }
            let is_any = &*change.key == ANY;
            if !is_any && !fields.iter().any(|(key, _)| *key == change.key) {
                fields.push((change.key.clone(), changed_at(place)));
            }
            let open = if is_any { open_all() } else { open.clone() };
            Value::new(Kind::Object { fields: fields.into(), open }, &value.trail)
        }
        Kind::Call(call) if matches!(call.callee.kind, Kind::External { .. }) => {
            let mut call = (**call).clone();
            let python = !call.keywords.is_empty();
            open_keywords(&mut call.keywords, change, python);
            for argument in &mut call.arguments {
                if argument.fields().iter().any(|(key, _)| change.touches(key)) {
                    *argument = opened_by(argument, change);
                }
            }
            Value::new(Kind::Call(Arc::new(call)), &value.trail)
        }
        _ => value.clone(),
    }
}
