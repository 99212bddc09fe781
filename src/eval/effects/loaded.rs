//! What was looked at so far, and what modules hand on of it.

use super::graph::{Graph, Made, Mark, Node};
use super::taken::{Holder, Taken};
use super::{ENVIRONMENT, Key, MODULE};
use crate::syntax::{FileId, Span};
use hashbrown::{HashMap, HashSet};

/// What was looked at so far.
#[derive(Default)]
pub(super) struct Loaded {
    pub(super) files: HashSet<FileId>,
    pub(super) exports: HashMap<(FileId, Key), Node>,
    /// The names among these, by their file.
    exported: HashMap<FileId, Vec<Key>>,
    pub(super) modules: HashMap<FileId, Node>,
    /// `export *`: who, from whom, and how many names of both were passed on.
    pub(super) stars: Vec<(FileId, FileId, usize)>,
    pub(super) environment: Option<Node>,
    /// What everything is reached by.
    pub(super) globals: Option<Node>,
    /// Modules that run text as code, which can change all that they name.
    pub(super) opaque: HashSet<FileId>,
    /// Where parts are set: what is changed there, and the key where the evaluator follows it.
    pub(super) stores: HashMap<(FileId, Span), Vec<(Node, Option<Key>)>>,
    /// Names of modules that are changed where the evaluator does not come by.
    pub(super) names: HashSet<(FileId, Key)>,
    /// Changes of what modules take from others, as long as they are followed.
    pub(super) taken: Vec<Taken>,
    /// All names of modules that run in their order.
    pub(super) holders: Vec<Holder>,
    /// The modules at hand are looked at together, so that what others do is not asked for.
    pub(super) is_joint: bool,
    /// Reads that may see another value than the one the name has in the end.
    pub(super) reads: HashSet<(FileId, Span)>,
    /// Reads that see what the evaluator gives, although the name has another value in the end.
    pub(super) certain: HashSet<(FileId, Span)>,
}

impl Loaded {
    /// What a module exports under a name.
    pub(super) fn export(&mut self, graph: &mut Graph, file: FileId, name: &str) -> Node {
        if let Some(node) = self.exports.get(&(file, name.into())) {
            return *node;
        }
        let node = graph.node();
        self.exports.insert((file, name.into()), node);
        self.exported.entry(file).or_default().push(name.into());
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
    pub(super) fn module(&mut self, graph: &mut Graph, file: FileId) -> Node {
        if let Some(node) = self.modules.get(&file) {
            return *node;
        }
        let site = graph.site(file, MODULE, Made::Module);
        let node = graph.node();
        graph.reach(node, site);
        self.modules.insert(file, node);
        node
    }

    /// Notes what a node holds as something of a module that is not looked at along with this one.
    pub(super) fn near(&self, graph: &mut Graph, node: Node, file: FileId, name: Option<Key>) {
        if !self.is_joint && !self.files.contains(&file) {
            let site = graph.near(file, name);
            graph.reach(node, site);
        }
    }

    /// What a module exports is what others have.
    pub(super) fn mark_exported(&self, graph: &mut Graph, file: FileId) {
        let own = self.exports.iter().filter(|((of, _), _)| *of == file).map(|(_, node)| *node);
        let all: Vec<Node> = own.chain(self.modules.get(&file).copied()).collect();
        all.into_iter().for_each(|node| graph.mark(node, Mark::Exported));
    }

    /// What modules pass on of others as a whole.
    pub(super) fn pass_on(&mut self, graph: &mut Graph) {
        let names_of = |exported: &HashMap<FileId, Vec<Key>>, file| exported.get(&file).map_or(0, Vec::len);
        let mut goes_on = true;
        while std::mem::take(&mut goes_on) {
            for index in 0..self.stars.len() {
                let (from, of, passed) = self.stars[index];
                if names_of(&self.exported, from) + names_of(&self.exported, of) == passed {
                    continue;
                }
                let both = [from, of].map(|file| self.exported.get(&file).cloned().unwrap_or_default());
                for name in both.concat().iter().filter(|name| &***name != "default") {
                    let (to, node) = (self.export(graph, from, name), self.export(graph, of, name));
                    graph.copy(node, to);
                }
                self.stars[index].2 = names_of(&self.exported, from) + names_of(&self.exported, of);
                goes_on = true;
            }
        }
    }

    pub(super) fn globals(&mut self, graph: &mut Graph) -> Node {
        if let Some(node) = self.globals {
            return node;
        }
        let site = graph.site(FileId(u32::MAX), MODULE, Made::Object);
        let node = graph.holding(site);
        self.globals = Some(node);
        node
    }

    pub(super) fn environment(&mut self, graph: &mut Graph) -> Node {
        if let Some(node) = self.environment {
            return node;
        }
        let site = graph.site(ENVIRONMENT.0, ENVIRONMENT.1, Made::Environment);
        let node = graph.holding(site);
        self.environment = Some(node);
        node
    }
}
