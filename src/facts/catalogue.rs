//! The libraries that are known: those that prodcheck comes with, and a project's own.

use super::compiled::CompiledFacts;
use super::library::Library;
use super::load::{self, Case};
use super::names;
use crate::rules::node::Node;
use crate::rules::{RuleError, parse};
use crate::syntax::Span;
use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};

/// The facts as the build script has read them, in the order of their ids.
static COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/facts.postcard"));

static BUILTIN: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let all: Vec<CompiledFacts<'static>> =
        postcard::from_bytes(COMPILED).expect("internal error: the facts that were embedded are none");
    let entry = |facts: CompiledFacts<'static>| Entry {
        id: facts.id,
        modules: facts.modules,
        is_host: facts.is_host,
        source: Source::Compiled(facts.head),
        node: OnceLock::new(),
        library: OnceLock::new(),
    };
    all.into_iter().map(entry).collect()
});

/// The entries that were made of texts, by id and text: each is read once in a process, however often a project is scanned.
static OWN: Mutex<BTreeMap<(String, String), &'static Entry>> = Mutex::new(BTreeMap::new());

/// One library, decoded when somebody asks for it.
struct Entry {
    id: &'static str,
    modules: Vec<&'static str>,
    is_host: bool,
    source: Source,
    node: OnceLock<Node<'static>>,
    library: OnceLock<Library>,
}

#[derive(Debug)]
enum Source {
    /// What the build script left of it.
    Compiled(&'static [u8]),
    /// It was read from a text.
    Text,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

impl Entry {
    fn node(&'static self) -> &'static Node<'static> {
        self.node.get_or_init(|| match self.source {
            Source::Compiled(head) => {
                postcard::from_bytes(head).expect("internal error: facts that were embedded are none")
            }
            Source::Text => panic!("internal error: a text was not read"),
        })
    }

    fn library(&'static self) -> &'static Library {
        self.library.get_or_init(|| {
            let others = |id: &str| BUILTIN.iter().find(|entry| entry.id == id).map(Entry::node);
            load::library(self.id, self.node(), &others)
                .unwrap_or_else(|error| panic!("internal error: libraries/{}.toml: {}", self.id, error.message))
        })
    }
}

/// The libraries of a scan.
#[derive(Clone, Debug)]
pub struct Catalogue {
    entries: Vec<&'static Entry>,
}

impl Default for Catalogue {
    fn default() -> Self {
        Catalogue::builtin()
    }
}

impl Catalogue {
    /// The libraries that come with prodcheck.
    pub fn builtin() -> Catalogue {
        Catalogue { entries: BUILTIN.iter().collect() }
    }

    /// Adds facts of a project's own, by their ids and texts. Facts of a package that prodcheck knows are refused, unless
    /// they say that they extend those.
    pub fn add_own(&mut self, files: &[(String, String)]) -> Vec<Result<(), RuleError>> {
        self.all_of(files, &|catalogue, id, text| {
            let builtin = BUILTIN.iter().find(|entry| entry.id == id);
            let entry = catalogue.read(id, text)?;
            let extends = names::entry(entry.node(), "extends").is_some_and(|node| node.bool() == Ok(true));
            let refuse = |message: &str| Err(RuleError::at(Span::default(), message));
            match builtin {
                None if extends => refuse("it extends facts that prodcheck does not have"),
                None => {
                    catalogue.put(entry);
                    Ok(())
                }
                Some(_) if !extends => refuse("facts of this package come with prodcheck; extends = true adds to them"),
                // What is looked for later is found in both.
                Some(_) => {
                    catalogue.entries.push(entry);
                    Ok(())
                }
            }
        })
    }

    /// Adds facts by their ids and texts, in place of those with the same id.
    pub fn add_all(&mut self, files: &[(String, String)]) -> Vec<Result<(), RuleError>> {
        self.all_of(files, &|catalogue, id, text| catalogue.read(id, text).map(|entry| catalogue.put(entry)))
    }

    /// Whoever is like another one may stand before it: what is refused is tried once more.
    fn all_of(
        &mut self,
        files: &[(String, String)],
        add: &dyn Fn(&mut Catalogue, &str, &str) -> Result<(), RuleError>,
    ) -> Vec<Result<(), RuleError>> {
        let first: Vec<Result<(), RuleError>> = files.iter().map(|(id, text)| add(self, id, text)).collect();
        let again = |(done, (id, text)): (Result<(), RuleError>, &(String, String))| match done {
            Err(_) => add(self, id, text),
            done => done,
        };
        first.into_iter().zip(files).map(again).collect()
    }

    fn put(&mut self, entry: &'static Entry) {
        self.entries.retain(|known| known.id != entry.id);
        self.entries.push(entry);
    }

    /// The modules of all libraries, whose functions leave alone what they are handed.
    pub(crate) fn known_modules(&self) -> impl Iterator<Item = &'static str> {
        ["npm", "pypi"].into_iter().flat_map(|registry| self.modules(registry, false))
    }

    /// The modules of libraries that are a project's own: what they do is known, so that their code is not followed.
    pub(crate) fn own_modules(&self) -> impl Iterator<Item = &'static str> {
        let own = self.entries.iter().filter(|entry| matches!(entry.source, Source::Text));
        own.flat_map(|entry| entry.modules.iter().copied())
    }

    fn read(&self, id: &str, text: &str) -> Result<&'static Entry, RuleError> {
        let key = (id.to_owned(), text.to_owned());
        let mut own = OWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = own.get(&key) {
            return Ok(known);
        }
        let (id, text): (&'static str, &'static str) = (key.0.clone().leak(), key.1.clone().leak());
        let node: &'static Node<'static> = Box::leak(Box::new(parse(text)?));
        let others = |id: &str| self.entries.iter().find(|entry| entry.id == id).map(|entry| entry.node());
        let library = load::library(id, node, &others)?;
        let entry: &'static Entry = Box::leak(Box::new(Entry {
            id,
            modules: library.modules.clone(),
            is_host: library.host.is_some(),
            source: Source::Text,
            node: OnceLock::from(parse(text)?),
            library: OnceLock::from(library),
        }));
        own.insert(key, entry);
        Ok(entry)
    }

    /// The ids of all libraries.
    pub fn ids(&self) -> impl Iterator<Item = &'static str> {
        self.entries.iter().map(|entry| entry.id)
    }

    /// The library of an id.
    pub fn library(&self, id: &str) -> Option<&'static Library> {
        self.entries.iter().find(|entry| entry.id == id).map(|entry| entry.library())
    }

    /// Every library, each decoded.
    pub fn libraries(&self) -> impl Iterator<Item = &'static Library> {
        self.entries.iter().map(|entry| entry.library())
    }

    /// The cases of a library whose facts were read from a text, beside the library.
    pub(crate) fn cases(&self, id: &str, text: &str) -> Result<(&'static Library, Vec<Case>), RuleError> {
        let entry = self.read(id, text)?;
        Ok((entry.library(), load::cases(entry.library(), entry.node())?))
    }

    /// The keys of configuration objects that libraries of a registry ask for.
    pub(crate) fn configuration_keys(&self, registry: &str) -> Vec<&'static str> {
        let is_own = |entry: &&&'static Entry| entry.id.split('/').next() == Some(registry);
        let mut keys: Vec<&'static str> =
            self.entries.iter().filter(is_own).flat_map(|entry| entry.library().configuration_keys()).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Every library that answers requests.
    pub fn hosts(&self) -> impl Iterator<Item = &'static Library> {
        self.entries.iter().filter(|entry| entry.is_host).map(|entry| entry.library())
    }

    /// The modules of a registry, `npm` or `pypi`, by which libraries are imported.
    pub(crate) fn modules(&self, registry: &str, only_hosts: bool) -> Vec<&'static str> {
        let wanted = self
            .entries
            .iter()
            .filter(|entry| entry.id.split('/').next() == Some(registry) && (entry.is_host || !only_hosts));
        wanted.flat_map(|entry| entry.modules.iter().copied()).collect()
    }

    /// The libraries that a module belongs to.
    pub(crate) fn of_module(&self, registry: &str, module: &str) -> impl Iterator<Item = &'static Library> {
        let is_own = |entry: &&&'static Entry| {
            entry.id.split('/').next() == Some(registry)
                && entry.modules.iter().any(|own| names::is_module(registry, own, module))
        };
        self.entries.iter().filter(is_own).map(|entry| entry.library()).collect::<Vec<_>>().into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::Catalogue;

    #[test]
    fn every_library_that_comes_with_prodcheck_can_be_decoded() {
        let catalogue = Catalogue::builtin();
        let decoded = catalogue.ids().filter(|id| catalogue.library(id).is_some()).count();
        assert_eq!(decoded, catalogue.ids().count());
        assert!(decoded > 0);
    }
}
