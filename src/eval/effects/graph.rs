//! What may be the same thing: where objects are made, and the names and parts that they go through.
//!
//! Each place of the code that makes an object, a list, a class or a function is one [`Site`]. A [`Node`] is a name, a
//! part of a site, or an expression; rules say how sites flow from node to node, and are followed until nothing is new.

use super::Key;
use crate::syntax::{FileId, Span};
use hashbrown::{HashMap, HashSet};

/// A name, a part, or an expression.
pub(super) type Node = usize;

/// A place that makes something which can be changed.
pub(super) type Site = usize;

/// Flows beyond this, and so many for each site, are not followed: what was found by then counts, and there may be more.
const MOST_FLOWS: usize = 100_000;
const MOST_FLOWS_A_SITE: usize = 40;

/// What a site makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Made {
    /// An object or a list.
    Object,
    /// A function, by its number.
    Function(usize),
    /// A class.
    Class,
    /// What a call gives.
    Call,
    /// A module as a whole.
    Module,
    /// The environment.
    Environment,
}

/// One function: the nodes of what it takes and gives.
#[derive(Clone, Debug, Default)]
pub(super) struct Callable {
    pub(super) params: Vec<Parameter>,
    pub(super) this: Node,
    pub(super) result: Node,
    /// Its first parameter is what it is called on.
    pub(super) takes_self: bool,
}

/// One parameter.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    pub(super) name: Option<Key>,
    pub(super) node: Node,
    /// It takes what is left over, as parts.
    pub(super) is_rest: bool,
}

/// The arguments of one call.
#[derive(Clone, Debug, Default)]
pub(super) struct Called {
    pub(super) arguments: Vec<Option<Node>>,
    pub(super) keywords: Vec<(Key, Option<Node>)>,
    /// What is spread among the arguments: can be any of them.
    pub(super) spread: Vec<Node>,
    pub(super) receiver: Option<Node>,
    pub(super) result: Node,
    /// The site of what it gives.
    pub(super) site: Site,
}

/// What happens to each site that reaches a node.
#[derive(Clone, Debug)]
enum Rule {
    Copy(Node),
    /// Part `key` of it flows on.
    Load(Key, Node),
    /// Something flows into part `key` of it.
    Store(Key, Node),
    Call(usize),
    /// It is a function that makes what a call of its class gives, called on this.
    Construct(usize, Node),
    /// It is a function that something unknown calls: each of its parameters may be this.
    Callback(Node),
    Write(usize),
    /// It is handed to something unknown, with all that it holds.
    HandedOut(usize),
}

/// One change of a part that the evaluator does not follow.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) key: Key,
    pub(super) file: FileId,
    pub(super) span: Span,
    /// It leaves what is there alone.
    pub(super) keeps: bool,
}

/// One place that makes something.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) made: Made,
    /// The changes of it, by the number of each.
    pub(super) changes: Vec<usize>,
}

/// The key of every part.
pub(super) const ANY: &str = "*";

/// The key of what all parts together hold.
const ALL: &str = "* of all";

#[derive(Default)]
pub(super) struct Graph {
    reached: Vec<Vec<Site>>,
    known: HashSet<(Node, Site)>,
    rules: Vec<Vec<Rule>>,
    copies: HashSet<(Node, Node)>,
    pub(super) sites: Vec<Place>,
    at: HashMap<(FileId, Span), Site>,
    parts: HashMap<(Site, Key), Node>,
    pub(super) callables: Vec<Callable>,
    calls: Vec<Called>,
    pub(super) changes: Vec<Change>,
    handed: HashSet<(Site, usize)>,
    bound: HashSet<(usize, usize)>,
    todo: Vec<(Node, Site)>,
    later: Vec<(Node, Rule)>,
    flows: usize,
    /// It is more than is followed.
    is_full: bool,
}

impl Graph {
    pub(super) fn node(&mut self) -> Node {
        self.reached.push(Vec::new());
        self.rules.push(Vec::new());
        self.reached.len() - 1
    }

    /// The site at a place; what is made there flows from the node that is given.
    pub(super) fn site(&mut self, file: FileId, span: Span, made: Made) -> Site {
        if let Some(site) = self.at.get(&(file, span)) {
            return *site;
        }
        self.sites.push(Place { made, changes: Vec::new() });
        let site = self.sites.len() - 1;
        self.at.insert((file, span), site);
        site
    }

    pub(super) fn site_at(&self, file: FileId, span: Span) -> Option<&Place> {
        self.at.get(&(file, span)).map(|site| &self.sites[*site])
    }

    /// A node that holds a site.
    pub(super) fn holding(&mut self, site: Site) -> Node {
        let node = self.node();
        self.reach(node, site);
        node
    }

    pub(super) fn reach(&mut self, node: Node, site: Site) {
        if self.known.insert((node, site)) {
            self.reached[node].push(site);
            self.todo.push((node, site));
        }
    }

    pub(super) fn reached(&self, node: Node) -> &[Site] {
        &self.reached[node]
    }

    fn rule(&mut self, node: Node, rule: Rule) {
        if self.is_full {
            return;
        }
        self.rules[node].push(rule.clone());
        for index in 0..self.reached[node].len() {
            let site = self.reached[node][index];
            self.follow(site, &rule);
        }
    }

    pub(super) fn copy(&mut self, from: Node, to: Node) {
        if from != to && self.copies.insert((from, to)) {
            self.rule(from, Rule::Copy(to));
        }
    }

    pub(super) fn load(&mut self, base: Node, key: &Key) -> Node {
        let to = self.node();
        self.rule(base, Rule::Load(key.clone(), to));
        to
    }

    pub(super) fn load_all(&mut self, base: Node) -> Node {
        self.load(base, &ALL.into())
    }

    pub(super) fn store(&mut self, base: Node, key: &Key, from: Node) {
        self.rule(base, Rule::Store(key.clone(), from));
    }

    pub(super) fn call(&mut self, callee: Node, called: Called) {
        self.calls.push(called);
        self.rule(callee, Rule::Call(self.calls.len() - 1));
    }

    /// Functions among these are called by something unknown, with what `given` holds.
    pub(super) fn callback(&mut self, function: Node, given: Node) {
        self.rule(function, Rule::Callback(given));
    }

    pub(super) fn change(&mut self, base: Node, change: Change) {
        self.changes.push(change);
        self.rule(base, Rule::Write(self.changes.len() - 1));
    }

    pub(super) fn hand_out(&mut self, node: Node, change: Change) {
        self.changes.push(change);
        self.rule(node, Rule::HandedOut(self.changes.len() - 1));
    }

    /// The node of a part of a site.
    pub(super) fn part(&mut self, site: Site, key: &Key) -> Node {
        if let Some(node) = self.parts.get(&(site, key.clone())) {
            return *node;
        }
        let node = self.node();
        self.parts.insert((site, key.clone()), node);
        if &**key != ALL {
            let all = self.part(site, &ALL.into());
            self.copy(node, all);
        }
        node
    }

    /// The parts of all sites that go by a key.
    pub(super) fn named_parts(&self) -> impl Iterator<Item = (Site, &Key, Node)> {
        self.parts.iter().filter(|((_, key), _)| &**key != ALL).map(|((site, key), node)| (*site, key, *node))
    }

    /// Follows what is new until nothing is.
    pub(super) fn settle(&mut self) {
        loop {
            while let Some((node, site)) = self.todo.pop().filter(|_| !self.is_full) {
                for index in 0..self.rules[node].len() {
                    let rule = self.rules[node][index].clone();
                    self.follow(site, &rule);
                }
            }
            if self.is_full {
                return self.todo.clear();
            }
            let Some((node, rule)) = self.later.pop() else { return };
            self.rule(node, rule);
        }
    }

    fn follow(&mut self, site: Site, rule: &Rule) {
        self.flows += 1;
        if self.flows > MOST_FLOWS + MOST_FLOWS_A_SITE * self.sites.len() {
            self.is_full = true;
            return;
        }
        match rule {
            Rule::Copy(to) => self.reach(*to, site),
            Rule::Load(key, to) => {
                let part = self.part(site, key);
                self.copy(part, *to);
                if &**key != ALL {
                    let any = self.part(site, &ANY.into());
                    self.copy(any, *to);
                }
                // Parts of something opaque are not told apart from it.
                if matches!(self.sites[site].made, Made::Call) {
                    self.reach(*to, site);
                }
            }
            Rule::Store(key, from) => {
                let part = self.part(site, key);
                self.copy(*from, part);
            }
            Rule::Call(call) => self.enter(site, *call),
            Rule::Construct(call, made) => {
                if let Made::Function(function) = self.sites[site].made {
                    self.bind(function, *call, Some(*made));
                }
            }
            Rule::Callback(given) => {
                let Made::Function(function) = self.sites[site].made else { return };
                for param in self.callables[function].params.clone() {
                    self.copy(*given, param.node);
                }
                let result = self.callables[function].result;
                self.copy(result, *given);
            }
            Rule::Write(change) => {
                self.changed(site, *change);
            }
            Rule::HandedOut(change) => {
                if matches!(
                    self.sites[site].made,
                    Made::Function(_) | Made::Class | Made::Call | Made::Module | Made::Environment
                ) || !self.handed.insert((site, *change))
                {
                    return;
                }
                self.changed(site, *change);
                let all = self.part(site, &ALL.into());
                self.later.push((all, Rule::HandedOut(*change)));
            }
        }
    }

    /// Notes a change of a site, unless another says as much already.
    fn changed(&mut self, site: Site, change: usize) {
        let new = &self.changes[change];
        let covers = |old: &usize| {
            let old = &self.changes[*old];
            (old.key == new.key || &*old.key == ANY) && (!old.keeps || new.keeps)
        };
        if !self.sites[site].changes.iter().any(covers) {
            self.sites[site].changes.push(change);
        }
    }

    /// A call that may be one of this function, or make one of this class.
    fn enter(&mut self, site: Site, call: usize) {
        match self.sites[site].made {
            Made::Function(function) => self.bind(function, call, None),
            Made::Class => {
                let called = self.calls[call].clone();
                self.reach(called.result, site);
                self.reach(called.result, called.site);
                if !self.bound.insert((usize::MAX - site, call)) {
                    return;
                }
                let made = self.holding(site);
                self.reach(made, called.site);
                for name in ["constructor", "__init__"] {
                    let own = self.part(site, &name.into());
                    self.rule(own, Rule::Construct(call, made));
                }
            }
            _ => {}
        }
    }

    fn bind(&mut self, function: usize, call: usize, this: Option<Node>) {
        if !self.bound.insert((function, call)) {
            return;
        }
        let callable = self.callables[function].clone();
        let called = self.calls[call].clone();
        if this.is_none() {
            self.copy(callable.result, called.result);
        }
        let receiver = this.or(called.receiver);
        if let Some(receiver) = receiver {
            self.copy(receiver, callable.this);
            if let (true, Some(first)) = (callable.takes_self, callable.params.first()) {
                self.copy(receiver, first.node);
            }
        }
        let shift = usize::from(callable.takes_self && receiver.is_some());
        for (index, param) in callable.params.iter().enumerate() {
            for spread in &called.spread {
                self.copy(*spread, param.node);
            }
            if param.is_rest {
                let given = called.arguments.iter().chain(called.keywords.iter().map(|(_, node)| node));
                for node in given.flatten().copied().collect::<Vec<_>>() {
                    self.store(param.node, &ANY.into(), node);
                }
                continue;
            }
            if let Some(Some(node)) = index.checked_sub(shift).and_then(|index| called.arguments.get(index)) {
                self.copy(*node, param.node);
            }
            let named = called.keywords.iter().find(|(name, _)| Some(name) == param.name.as_ref());
            if let Some((_, Some(node))) = named {
                self.copy(*node, param.node);
            }
        }
    }
}
