//! What may be the same thing: where objects are made, and the names and parts that they go through.
//!
//! Each place of the code that makes an object, a list, a class or a function is one [`Site`]. A [`Node`] is a name, a
//! part of a site, or an expression; rules say how sites flow from node to node, and are followed until nothing is new.

use super::Key;
use crate::syntax::{FileId, Span};
use hashbrown::{HashMap, HashSet};
use std::sync::LazyLock;

/// A name, a part, or an expression.
pub(super) type Node = usize;

/// A place that makes something which can be changed.
pub(super) type Site = usize;

/// What a site makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Made {
    /// An object or a list.
    Object,
    /// A function, by its number.
    Function(usize),
    /// A class.
    Class,
    /// What something outside the project gives.
    Instance,
    /// All that something outside was handed, as whoever has what it gives may reach it.
    Opaque,
    /// A module as a whole.
    Module,
    /// The environment.
    Environment,
    /// Something of a module of the project that is not looked at along with this one, by the number of its [`Mark`].
    Near(usize),
}

/// Who else has something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Mark {
    /// Whoever imports the module.
    Exported,
    /// A name of another module, or all of that.
    Near(FileId, Option<Key>),
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
    /// It is handed what a call has, if it is opaque.
    Deliver(usize),
    /// It is a function whose result flows on.
    Results(Node),
    /// It flows on, if it is opaque.
    Opaque(Node),
    /// An opaque site is handed it, at a place.
    Escape {
        into: Site,
        at: Site,
    },
    /// It is a function that makes what a call of its class gives, called on this.
    Construct(usize, Node),
    /// It is a function that something opaque calls: each of its parameters may be this.
    Callback {
        given: Node,
        into: Site,
    },
    /// Others have it, with all that it holds.
    Mark(usize),
    /// It is what a class is built on, whose methods have what the class makes.
    Base(Node),
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
    file: FileId,
    span: Span,
    /// What holds it alone, where that was asked for.
    alone: Option<Node>,
    /// All that an instance was handed.
    twin: Option<Site>,
    /// The changes of it, by the number of each.
    pub(super) changes: Vec<usize>,
    /// Who else has it, by the number of each.
    marks: Vec<usize>,
    /// What a class makes.
    instances: Option<Node>,
}

impl Place {
    fn new(made: Made, file: FileId, span: Span) -> Place {
        Place { made, file, span, alone: None, twin: None, changes: Vec::new(), marks: Vec::new(), instances: None }
    }
}

/// The key of every part.
pub(super) const ANY: &str = "*";

/// Keys that are asked for at every turn.
pub(super) fn any() -> Key {
    static KEY: LazyLock<Key> = LazyLock::new(|| ANY.into());
    KEY.clone()
}

fn all() -> Key {
    static KEY: LazyLock<Key> = LazyLock::new(|| ALL.into());
    KEY.clone()
}

/// The key of what something opaque was handed.
const HELD: &str = "* held";

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
    loads: HashMap<(Node, Key), Node>,
    pub(super) callables: Vec<Callable>,
    calls: Vec<Called>,
    pub(super) changes: Vec<Change>,
    handed: HashSet<(Site, usize)>,
    marks: Vec<Mark>,
    numbers: HashMap<Mark, usize>,
    marked: HashSet<(Site, usize)>,
    near: HashMap<usize, Site>,
    bound: HashSet<(usize, usize)>,
    todo: Vec<(Node, Site)>,
    later: Vec<(Node, Rule)>,
    flows: usize,
    pub(super) most_flows: usize,
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
        self.sites.push(Place::new(made, file, span));
        let site = self.sites.len() - 1;
        self.at.insert((file, span), site);
        site
    }

    pub(super) fn site_at(&self, file: FileId, span: Span) -> Option<Site> {
        self.at.get(&(file, span)).copied()
    }

    /// Where a site stands.
    pub(super) fn place_of(&self, site: Site) -> (FileId, Span) {
        (self.sites[site].file, self.sites[site].span)
    }

    /// The changes of a site.
    pub(super) fn changes_of(&self, site: Site) -> Vec<Change> {
        self.sites[site].changes.iter().filter_map(|change| self.changes.get(*change).cloned()).collect()
    }

    /// What is made at a place.
    pub(super) fn made_at(&self, file: FileId, span: Span) -> Option<Made> {
        Some(self.sites[self.site_at(file, span)?].made)
    }

    fn mark_number(&mut self, mark: Mark) -> usize {
        let new = self.marks.len();
        let number = *self.numbers.entry(mark.clone()).or_insert(new);
        if number == new {
            self.marks.push(mark);
        }
        number
    }

    /// Others have what a node holds.
    pub(super) fn mark(&mut self, node: Node, mark: Mark) {
        let number = self.mark_number(mark);
        self.rule(node, Rule::Mark(number));
    }

    /// Something of another module of the project.
    pub(super) fn near(&mut self, file: FileId, name: Option<Key>) -> Site {
        let number = self.mark_number(Mark::Near(file, name));
        if let Some(site) = self.near.get(&number) {
            return *site;
        }
        self.sites.push(Place::new(Made::Near(number), file, Span::default()));
        let site = self.sites.len() - 1;
        self.near.insert(number, site);
        site
    }

    /// Whether a site is something of another module.
    pub(super) fn is_near(&self, site: Site) -> bool {
        matches!(self.sites[site].made, Made::Near(_))
    }

    /// Who else has what is made at a site.
    pub(super) fn marks_of(&self, site: Site) -> Vec<Mark> {
        self.sites[site].marks.iter().filter_map(|mark| self.marks.get(*mark).cloned()).collect()
    }

    /// What a class makes, for those that it is built on.
    pub(super) fn build_on(&mut self, class: Site, base: Node) {
        let instances = self.instances(class);
        self.rule(base, Rule::Base(instances));
    }

    fn instances(&mut self, class: Site) -> Node {
        if let Some(node) = self.sites[class].instances {
            return node;
        }
        let node = self.node();
        self.sites[class].instances = Some(node);
        node
    }

    /// The node that holds a site alone.
    pub(super) fn alone(&mut self, site: Site) -> Node {
        if let Some(node) = self.sites[site].alone {
            return node;
        }
        let node = self.node();
        self.sites[site].alone = Some(node);
        node
    }

    /// All that an instance is handed.
    pub(super) fn twin(&mut self, instance: Site) -> Site {
        if let Some(twin) = self.sites[instance].twin {
            return twin;
        }
        let (file, span) = (self.sites[instance].file, self.sites[instance].span);
        let made = Made::Opaque;
        self.sites.push(Place::new(made, file, span));
        let twin = self.sites.len() - 1;
        self.sites[instance].twin = Some(twin);
        twin
    }

    /// Whether there is more than is followed.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
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
        if let Some(node) = self.loads.get(&(base, key.clone())) {
            return *node;
        }
        let to = self.node();
        self.loads.insert((base, key.clone()), to);
        self.rule(base, Rule::Load(key.clone(), to));
        to
    }

    pub(super) fn load_all(&mut self, base: Node) -> Node {
        self.load(base, &all())
    }

    pub(super) fn store(&mut self, base: Node, key: &Key, from: Node) {
        self.rule(base, Rule::Store(key.clone(), from));
    }

    pub(super) fn call(&mut self, callee: Node, called: Called) {
        self.calls.push(called);
        self.rule(callee, Rule::Call(self.calls.len() - 1));
    }

    /// What is opaque among these is called, and nothing else.
    pub(super) fn deliver(&mut self, callee: Node, called: Called) {
        self.calls.push(called);
        self.rule(callee, Rule::Deliver(self.calls.len() - 1));
    }

    /// Functions among these are called by something opaque, with what `given` holds.
    pub(super) fn callback(&mut self, function: Node, given: Node, into: Site) {
        self.rule(function, Rule::Callback { given, into });
    }

    /// What functions among these give flows on.
    pub(super) fn results(&mut self, function: Node, to: Node) {
        self.rule(function, Rule::Results(to));
    }

    /// An opaque site is handed these.
    pub(super) fn escape(&mut self, node: Node, into: Site, at: Site) {
        self.rule(node, Rule::Escape { into, at });
    }

    /// What is opaque among these flows on.
    pub(super) fn opaque(&mut self, from: Node, to: Node) {
        self.rule(from, Rule::Opaque(to));
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
        if !matches!(&**key, ALL | HELD) {
            let all = self.part(site, &all());
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
        if self.flows > self.most_flows {
            self.is_full = true;
            return;
        }
        if let Made::Near(number) = self.sites[site].made {
            return self.follow_near(site, number, rule);
        }
        match rule {
            Rule::Copy(to) => self.reach(*to, site),
            Rule::Base(_) => {}
            Rule::Mark(mark) => self.marked(site, *mark),
            Rule::Load(key, to) => {
                let part = self.part(site, key);
                self.copy(part, *to);
                if self.sites[site].made == Made::Opaque {
                    // What it was handed may be reached by it, and is changed with it.
                    self.reach(*to, site);
                } else if &**key != ALL {
                    let any = self.part(site, &any());
                    self.copy(any, *to);
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
            Rule::Callback { given, into } => {
                let Made::Function(function) = self.sites[site].made else { return };
                for param in self.callables[function].params.clone() {
                    self.copy(*given, param.node);
                }
                let result = self.callables[function].result;
                self.rule(result, Rule::Escape { into: *into, at: *into });
            }
            Rule::Results(to) => {
                if let Made::Function(function) = self.sites[site].made {
                    self.copy(self.callables[function].result, *to);
                }
            }
            Rule::Deliver(call) => {
                if matches!(self.sites[site].made, Made::Instance | Made::Opaque) {
                    self.enter(site, *call);
                }
            }
            Rule::Opaque(to) => {
                if self.sites[site].made == Made::Opaque {
                    self.reach(*to, site);
                }
            }
            Rule::Escape { into, at } => self.escaped(site, *into, *at),
            Rule::Write(change) => {
                self.changed(site, *change);
                if self.sites[site].made == Made::Opaque {
                    let held = self.part(site, &HELD.into());
                    self.later.push((held, Rule::HandedOut(*change)));
                }
            }
            Rule::HandedOut(change) => {
                if matches!(
                    self.sites[site].made,
                    Made::Function(_) | Made::Class | Made::Instance | Made::Opaque | Made::Module | Made::Environment
                ) || !self.handed.insert((site, *change))
                {
                    return;
                }
                self.changed(site, *change);
                let all = self.part(site, &all());
                self.later.push((all, Rule::HandedOut(*change)));
            }
        }
    }

    /// Others have a site, and all that it holds or gives.
    fn marked(&mut self, site: Site, mark: usize) {
        if !self.marked.insert((site, mark)) {
            return;
        }
        self.sites[site].marks.push(mark);
        let parts = self.part(site, &all());
        self.later.push((parts, Rule::Mark(mark)));
        if let Made::Function(function) = self.sites[site].made {
            self.later.push((self.callables[function].result, Rule::Mark(mark)));
        }
        let held = if self.sites[site].made == Made::Opaque { Some(site) } else { self.sites[site].twin };
        if let Some(held) = held {
            let held = self.part(held, &HELD.into());
            self.later.push((held, Rule::Mark(mark)));
        }
    }

    /// The same for something of another module: what is put into it, or handed to it, others have, and all that it has
    /// or gives is that module's too.
    fn follow_near(&mut self, site: Site, number: usize, rule: &Rule) {
        match rule {
            Rule::Copy(to) | Rule::Load(_, to) | Rule::Results(to) => self.reach(*to, site),
            Rule::Store(_, given) | Rule::Callback { given, .. } => self.rule(*given, Rule::Mark(number)),
            Rule::Base(instances) => self.rule(*instances, Rule::Mark(number)),
            Rule::Call(call) => {
                if !self.bound.insert((usize::MAX - site, *call)) {
                    return;
                }
                let called = self.calls[*call].clone();
                self.reach(called.result, site);
                self.reach(called.result, called.site);
                let given = called.arguments.iter().chain(called.keywords.iter().map(|(_, node)| node)).flatten();
                for node in given.chain(&called.spread).copied().collect::<Vec<_>>() {
                    self.rule(node, Rule::Mark(number));
                }
            }
            _ => {}
        }
    }

    /// Something opaque is handed a site. What is written out there nobody else can name, but for what stands in it.
    fn escaped(&mut self, site: Site, into: Site, at: Site) {
        if self.sites[site].made != Made::Object {
            return;
        }
        let (place, call) = (&self.sites[site], &self.sites[at]);
        if place.file == call.file && call.span.holds(place.span) {
            if !self.bound.insert((usize::MAX / 2 + site, into)) {
                return;
            }
            let all = self.part(site, &all());
            self.later.push((all, Rule::Escape { into, at }));
            return;
        }
        let held = self.part(into, &HELD.into());
        self.reach(held, site);
        let alone = self.alone(into);
        self.reach(alone, into);
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
                let instances = self.instances(site);
                self.reach(instances, called.site);
                let made = self.holding(site);
                self.reach(made, called.site);
                for name in ["constructor", "__init__"] {
                    let own = self.part(site, &name.into());
                    self.rule(own, Rule::Construct(call, made));
                }
            }
            Made::Instance | Made::Opaque => {
                if !self.bound.insert((usize::MAX - site, call)) {
                    return;
                }
                let called = self.calls[call].clone();
                let into = if self.sites[site].made == Made::Instance { self.twin(site) } else { site };
                let alone = self.alone(into);
                self.copy(alone, called.result);
                let given = called.arguments.iter().chain(called.keywords.iter().map(|(_, node)| node)).flatten();
                for node in given.chain(&called.spread).copied().collect::<Vec<_>>() {
                    self.rule(node, Rule::Escape { into, at: called.site });
                    self.rule(node, Rule::Callback { given: alone, into });
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
                    self.store(param.node, &any(), node);
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
