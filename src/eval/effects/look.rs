//! Which modules are looked at together: the one that is asked about, those whose functions it hands its objects to, and
//! those that import it and change what they import. Each has a look of its own, so that what one does is not taken for
//! what another may do; and one that changes and hands on nothing is not looked at.

use super::collect::Collect;
use super::graph::{Change, Graph, Site};
use super::loaded::Loaded;
use super::quiet::Quiet;
use super::slices::Slices;
use super::{ENVIRONMENT, Key};
use crate::answers::Answers;
use crate::eval::{Source, Target};
use crate::syntax::{FileId, Span};
use hashbrown::HashSet;
use std::cell::RefCell;
use std::sync::Arc;

/// What comes to more modules than this is not followed: nothing of it is vouched for.
const MOST_MODULES: usize = 12;

/// Some modules, and what they do to what any of them makes.
pub(super) struct Looked {
    pub(super) graph: Graph,
    pub(super) loaded: Loaded,
}

impl Look<'_> {
    /// What some modules do together.
    fn at(&self, files: &[FileId]) -> Looked {
        let (mut graph, mut loaded) = (Graph::default(), Loaded::default());
        for file in files {
            loaded.files.insert(*file);
            let Some(module) = self.source.module(*file) else { continue };
            Collect::new(&mut graph, &mut loaded, self.source, *file, &module, self.is_run).module();
        }
        loaded.pass_on(&mut graph);
        graph.settle();
        // A module that nobody imports is a program by itself, which does not run beside this one.
        let is_program = |file: FileId| (self.has_run)(file) || self.source.imported_by(file).is_empty();
        while loaded.give_up_taken(&mut graph, &is_program) {
            graph.settle();
        }
        Looked { graph, loaded }
    }
}

/// What was found out of the modules of a project, for all that evaluate them.
#[derive(Default)]
pub struct Memory {
    quiet: Answers<FileId, Arc<Quiet>>,
    slices: Answers<FileId, Arc<Slices>>,
    kept: Kept,
}

/// What modules do, by whether they are run statement by statement.
#[derive(Default)]
struct Kept {
    /// What modules do to their own names.
    named: Answers<FileId, Arc<Named>>,
    /// What modules do by themselves, and with those that have their things; none where these are too many.
    alone: Answers<FileId, Arc<Looked>>,
    together: Answers<FileId, Option<Arc<Looked>>>,
}

/// Names of a module, and reads of them, that may have another value than they have in the end.
struct Named {
    names: HashSet<Key>,
    reads: HashSet<Span>,
}

/// All that is known of the changes that code makes.
#[derive(Default)]
pub(in crate::eval) struct Effects {
    own: Memory,
    /// What is found where modules are run, which goes by what has run.
    running: Kept,
    /// Modules that something was evaluated of.
    evaluated: RefCell<HashSet<FileId>>,
}

/// Where modules come from, and whether they are run one statement after the other.
pub(super) struct Look<'a> {
    pub(super) source: &'a dyn Source,
    pub(super) is_run: bool,
    pub(super) has_run: Box<dyn Fn(FileId) -> bool + 'a>,
}

impl Effects {
    /// Notes that something of a module is evaluated: what it imports runs as well, and may set variables.
    pub(in crate::eval) fn touch(&self, file: FileId) {
        self.evaluated.borrow_mut().insert(file);
    }

    fn memory<'m>(&'m self, source: &'m dyn Source) -> &'m Memory {
        source.memory().unwrap_or(&self.own)
    }

    fn kept<'m>(&'m self, look: &'m Look<'_>) -> &'m Kept {
        if look.is_run { &self.running } else { &self.memory(look.source).kept }
    }

    /// Whether nothing in a module binds or assigns a name again.
    pub(super) fn is_quiet(&self, source: &dyn Source, file: FileId, name: &str) -> bool {
        self.quiet_of(source, file).is_quiet(name)
    }

    fn quiet_of(&self, source: &dyn Source, file: FileId) -> Arc<Quiet> {
        let find = || Arc::new(source.module(file).map_or_else(Quiet::default, |module| Quiet::of(&module)));
        self.memory(source).quiet.of(file, find)
    }

    fn slices_of(&self, source: &dyn Source, file: FileId) -> Arc<Slices> {
        let find = || {
            let module = source.module(file);
            Arc::new(module.map_or_else(Slices::default, |module| Slices::of(source, file, &module)))
        };
        self.memory(source).slices.of(file, find)
    }

    fn named(&self, look: &Look<'_>, file: FileId) -> Arc<Named> {
        self.kept(look).named.of(file, || {
            let (mut graph, mut loaded) = (Graph::default(), Loaded::default());
            if let Some(module) = look.source.module(file) {
                Collect::new(&mut graph, &mut loaded, look.source, file, &module, look.is_run).module();
            }
            let names = loaded.names.into_iter().filter(|(of, _)| *of == file).map(|(_, name)| name);
            let reads = loaded.reads.into_iter().filter(|(of, _)| *of == file).map(|(_, span)| span);
            Arc::new(Named { names: names.collect(), reads: reads.collect() })
        })
    }

    /// Whether a name of a module is changed where the evaluator does not come by.
    pub(super) fn is_name_changed(&self, look: &Look<'_>, file: FileId, name: &str) -> bool {
        self.named(look, file).names.contains(name)
    }

    /// Whether a read may see another value than the name has in the end.
    pub(super) fn is_read_uncertain(&self, look: &Look<'_>, file: FileId, span: Span) -> bool {
        self.named(look, file).reads.contains(&span)
    }

    /// What one module does by itself.
    fn of_module(&self, look: &Look<'_>, file: FileId) -> Arc<Looked> {
        self.kept(look).alone.of(file, || Arc::new(look.at(&[file])))
    }

    /// What a module does with those that have its things; none where that is too much to follow.
    fn about(&self, look: &Look<'_>, file: FileId) -> Option<Arc<Looked>> {
        let find = || {
            let files = self.others(look, file);
            let looked = match files.len() {
                0 => Some(self.of_module(look, file)),
                more if more >= MOST_MODULES => None,
                _ => Some(Arc::new(look.at(&[vec![file], files].concat()))),
            };
            looked.filter(|looked| !looked.graph.is_full())
        };
        self.kept(look).together.of(file, find)
    }

    /// The modules that have things of one.
    fn others(&self, look: &Look<'_>, file: FileId) -> Vec<FileId> {
        let importers = look.source.changed_by(file);
        let mut files = importers.clone();
        let mut handed = |from: FileId, modules: &[Key]| {
            for module in modules {
                if let Target::Code(other) = look.source.resolve(from, module)
                    && !self.quiet_of(look.source, other).is_idle()
                {
                    files.push(other);
                }
            }
        };
        handed(file, &self.quiet_of(look.source, file).hands_to);
        for importer in importers {
            handed(importer, &self.quiet_of(look.source, importer).hands_on);
        }
        files.sort_unstable();
        files.dedup();
        files.retain(|other| *other != file);
        files
    }

    /// What is said of the changes of what is made at a place.
    pub(super) fn changes(&self, look: &Look<'_>, file: FileId, span: Span) -> Vec<Change> {
        let slices = self.slices_of(look.source, file);
        let is_crossing = match slices.at(span) {
            Some(slice) => {
                let is_crossing = slice.hands_on || (slice.is_exported && !look.source.changed_by(file).is_empty());
                if !slice.changes && !is_crossing {
                    return Vec::new();
                }
                is_crossing
            }
            None => true,
        };
        let looked = if is_crossing { self.about(look, file) } else { Some(self.of_module(look, file)) };
        match looked.filter(|looked| !looked.graph.is_full()) {
            Some(looked) => {
                looked.graph.site_at(file, span).map_or_else(Vec::new, |site| looked.graph.changes_of(site))
            }
            None => vec![Change::of_all(file, span)],
        }
    }

    /// What is said of the changes of a variable.
    pub(super) fn changes_of_variable(&self, look: &Look<'_>, name: &str) -> Vec<Change> {
        let setting = look.source.setting(name, &self.evaluated.borrow());
        let mut changes = Vec::new();
        for file in setting {
            let looked = self.of_module(look, file);
            if let Some(site) = looked.graph.site_at(ENVIRONMENT.0, ENVIRONMENT.1) {
                changes.extend(looked.graph.changes_of(site));
            }
        }
        changes
    }

    /// The sites that are changed at a place, and the key where the evaluator follows that.
    fn stored(&self, look: &Look<'_>, file: FileId, span: Span) -> Vec<(FileId, Span, Option<Key>)> {
        let looked = self.of_module(look, file);
        let stores = looked.loaded.stores.get(&(file, span)).map_or(&[][..], Vec::as_slice);
        let sites = stores.iter().flat_map(|(base, key)| {
            looked.graph.reached(*base).iter().map(|site: &Site| {
                let (file, span) = looked.graph.place_of(*site);
                (file, span, key.clone())
            })
        });
        sites.collect()
    }

    /// Whether what is set at a place may be something else when it is read.
    pub(super) fn is_overwritten(&self, look: &Look<'_>, file: FileId, span: Span) -> bool {
        self.stored(look, file, span).into_iter().any(|(file, span, key)| {
            let Some(key) = key else { return true };
            self.changes(look, file, span).iter().any(|change| change.touches(&key))
        })
    }

    /// The changes of all that is changed at a place.
    pub(super) fn changes_of_stored(&self, look: &Look<'_>, file: FileId, span: Span) -> Vec<Change> {
        let stored = self.stored(look, file, span);
        stored.into_iter().flat_map(|(file, span, _)| self.changes(look, file, span)).collect()
    }
}
