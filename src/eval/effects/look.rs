//! Which modules are looked at together: the one that is asked about, those whose functions it hands its objects to, and
//! those that import it and change what they import. Each has a look of its own, so that what one does is not taken for
//! what another may do; and one that changes and hands on nothing is not looked at.

use super::collect::Collect;
use super::graph::{Change, Graph, Mark, Site};
use super::handed::{Handed, Led};
use super::loaded::Loaded;
use super::quiet::Quiet;
use super::slices::{Slice, Slices};
use super::{ANY, ENVIRONMENT, Key};
use crate::answers::Answers;
use crate::eval::{Source, Target};
use crate::syntax::{FileId, Span};
use hashbrown::HashSet;
use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};

/// What comes to more modules than this is not followed: nothing of it is vouched for.
const MOST_MODULES: usize = 3;

/// Flows beyond these are not followed, in one module and in some together: from there on nothing is vouched for.
const MOST_FLOWS: usize = 40_000;
const MOST_FLOWS_TOGETHER: usize = 20_000;

/// Some modules, and what they do to what any of them makes.
pub(super) struct Looked {
    pub(super) graph: Graph,
    pub(super) loaded: Loaded,
    /// It goes by which modules have run.
    goes_by_run: bool,
}

impl Look<'_> {
    /// What some modules do together.
    fn at(&self, files: &[FileId]) -> Looked {
        self.follow(self.collect(files))
    }

    /// What flows where in some modules.
    fn collect(&self, files: &[FileId]) -> Looked {
        let (mut graph, mut loaded) = (Graph::default(), Loaded::default());
        graph.most_flows = if files.len() > 1 { MOST_FLOWS_TOGETHER } else { MOST_FLOWS };
        loaded.files.extend(files.iter().copied());
        loaded.is_joint = files.len() > 1;
        for file in files {
            let Some(module) = self.source.module(*file) else { continue };
            Collect::new(&mut graph, &mut loaded, self.source, *file, &module, self.is_run).module();
        }
        if let [file] = files {
            loaded.mark_exported(&mut graph, *file);
        }
        Looked { graph, loaded, goes_by_run: false }
    }

    /// Follows it until nothing is new.
    fn follow(&self, Looked { mut graph, mut loaded, .. }: Looked) -> Looked {
        loaded.pass_on(&mut graph);
        graph.settle();
        let goes_by_run = self.is_run && !loaded.taken.is_empty();
        // A module that nobody imports is a program by itself, which does not run beside this one.
        let is_program = |file: FileId| (self.has_run)(file) || self.source.imported_by(file).is_empty();
        while loaded.give_up_taken(&mut graph, &is_program) {
            graph.settle();
        }
        Looked { graph, loaded, goes_by_run }
    }
}

/// What was found out of the modules of a project, for all that evaluate them.
#[derive(Default)]
pub struct Memory {
    quiet: Answers<FileId, Arc<Quiet>>,
    slices: Answers<FileId, Arc<Slices>>,
    handed: Answers<FileId, Arc<Handed>>,
    kept: Kept,
    /// The same of modules that are run statement by statement.
    run: Kept,
}

/// What modules do, by whether they are run statement by statement.
#[derive(Default)]
struct Kept {
    /// What modules do to their own names.
    named: Answers<FileId, Arc<Named>>,
    /// What modules do by themselves, and with those that have their things; none where these are too many.
    alone: Answers<FileId, Arc<Looked>>,
    together: Answers<Vec<FileId>, Option<Arc<Looked>>>,
    /// The modules that have things of a slice, or what is made at a place of it.
    others: Answers<(FileId, usize, Vec<Mark>), Arc<[FileId]>>,
}

/// Names of a module, and reads of them, that may have another value than they have in the end.
struct Named {
    names: HashSet<Key>,
    reads: HashSet<Span>,
    /// Reads that see what the evaluator gives, although the name has another value in the end.
    certain: HashSet<Span>,
    /// What flows where in the module, until somebody follows it.
    flows: Mutex<Option<Looked>>,
}

/// All that is known of the changes that code makes.
#[derive(Default)]
pub(in crate::eval) struct Effects {
    own: Memory,
    /// What goes by which modules have run.
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
        let memory = self.memory(look.source);
        if look.is_run { &memory.run } else { &memory.kept }
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

    /// Whether a module, or one that changes what it imports of it, sets a part of this name of something.
    pub(super) fn is_part_set(&self, look: &Look<'_>, file: FileId, key: &str) -> bool {
        self.quiet_of(look.source, file).sets(key)
            || look.source.changed_by(file).into_iter().any(|other| self.quiet_of(look.source, other).sets(key))
    }

    fn handed_of(&self, source: &dyn Source, file: FileId) -> Arc<Handed> {
        let find = || {
            let module = source.module(file);
            Arc::new(module.map_or_else(Handed::default, |module| Handed::of(source, file, &module)))
        };
        self.memory(source).handed.of(file, find)
    }

    fn named(&self, look: &Look<'_>, file: FileId) -> Arc<Named> {
        self.kept(look).named.of(file, || {
            let flows = look.collect(&[file]);
            let names = flows.loaded.names.iter().filter(|(of, _)| *of == file).map(|(_, name)| name.clone());
            let here = |spans: &HashSet<(FileId, Span)>| {
                spans.iter().filter(|(of, _)| *of == file).map(|(_, span)| *span).collect()
            };
            let (reads, certain) = (here(&flows.loaded.reads), here(&flows.loaded.certain));
            Arc::new(Named { names: names.collect(), reads, certain, flows: Mutex::new(Some(flows)) })
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

    /// Whether a read sees what the evaluator gives for a name that has another value in the end.
    pub(super) fn is_read_certain(&self, look: &Look<'_>, file: FileId, span: Span) -> bool {
        self.named(look, file).certain.contains(&span)
    }

    /// What one module does by itself.
    fn of_module(&self, look: &Look<'_>, file: FileId) -> Arc<Looked> {
        let looked = self.kept(look).alone.of(file, || {
            let flows = self.named(look, file).flows.lock().unwrap_or_else(PoisonError::into_inner).take();
            Arc::new(flows.map_or_else(|| look.at(&[file]), |flows| look.follow(flows)))
        });
        if looked.goes_by_run { self.running.alone.of(file, || Arc::new(look.at(&[file]))) } else { looked }
    }

    /// What a module does with others; none where these are too many to follow.
    fn with(&self, look: &Look<'_>, file: FileId, others: &[FileId]) -> Option<Arc<Looked>> {
        if others.is_empty() {
            return Some(self.of_module(look, file));
        }
        let mut all = [&[file], others].concat();
        all.sort_unstable();
        let look_at = || (all.len() <= MOST_MODULES).then(|| Arc::new(look.at(&all)));
        let looked = self.kept(look).together.of(all.clone(), look_at);
        match &looked {
            Some(found) if found.goes_by_run => self.running.together.of(all.clone(), look_at),
            _ => looked,
        }
    }

    /// The modules that have something of a slice of a module, and may change it; where something changes parts of it,
    /// those that may give back what they are handed, too.
    fn others(&self, look: &Look<'_>, file: FileId, slice: Option<&Slice>, marks: &[Mark]) -> Vec<FileId> {
        let importers = match slice {
            _ if !marks.contains(&Mark::Exported) => Vec::new(),
            Some(slice) if !slice.is_exported => Vec::new(),
            Some(slice) => look.source.changed_under(file, &slice.exports),
            None => look.source.changed_by(file),
        };
        let mut hand = Hand {
            effects: self,
            source: look.source,
            changes: slice.is_none_or(|slice| slice.changes),
            has_methods: self.quiet_of(look.source, file).changes_this,
            seen: HashSet::new(),
            files: importers.clone(),
        };
        for mark in marks {
            match mark {
                Mark::Near(other, Some(name)) => hand.reach(*other, name),
                Mark::Near(other, None) => hand.whole(*other),
                Mark::Exported => false,
            };
        }
        for importer in importers {
            for name in &self.quiet_of(look.source, importer).hands_on {
                hand.reach(importer, name);
            }
        }
        let mut files = hand.files;
        files.sort_unstable();
        files.dedup();
        files.retain(|other| *other != file);
        files
    }

    /// What is said of the changes of what is made at a place: by its own module, and by others that have it.
    pub(super) fn changes(&self, look: &Look<'_>, file: FileId, span: Span) -> Vec<Change> {
        let slices = self.slices_of(look.source, file);
        if slices.is_given_away(span) {
            return Vec::new();
        }
        let (number, slice) = slices.at(span).map_or((usize::MAX, None), |(number, slice)| (number, Some(slice)));
        if slice.is_some_and(Slice::is_idle) {
            return Vec::new();
        }
        let alone = self.of_module(look, file);
        let marks = match alone.graph.site_at(file, span) {
            Some(site) => alone.graph.marks_of(site),
            // Of a file that is no code it is not seen who has it.
            None => vec![Mark::Exported],
        };
        let find = || self.others(look, file, slice, &marks).into();
        let others = self.kept(look).others.of((file, number, marks.clone()), find);
        let looked = self.with(look, file, &others).unwrap_or(alone);
        looked.graph.site_at(file, span).map_or_else(Vec::new, |site| looked.graph.changes_of(site))
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
            let own = looked.graph.reached(*base).iter().filter(|site| !looked.graph.is_near(**site));
            own.map(|site: &Site| {
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
            self.changes(look, file, span).iter().any(|change| &*key == ANY || change.touches(&key))
        })
    }

    /// The changes of all that is changed at a place.
    pub(super) fn changes_of_stored(&self, look: &Look<'_>, file: FileId, span: Span) -> Vec<Change> {
        let stored = self.stored(look, file, span);
        stored.into_iter().flat_map(|(file, span, _)| self.changes(look, file, span)).collect()
    }
}

/// Something on its way through functions of modules.
struct Hand<'e> {
    effects: &'e Effects,
    source: &'e dyn Source,
    /// Whether it matters that a function gives it back.
    changes: bool,
    /// Whether it may have methods that change it.
    has_methods: bool,
    seen: HashSet<(FileId, Key)>,
    /// The modules that do something with it.
    files: Vec<FileId>,
}

/// Beyond so many names modules are taken as a whole.
const MOST_NAMES: usize = 400;

impl Hand<'_> {
    /// Whether what a name of a module is handed may be changed there or further on.
    fn reach(&mut self, file: FileId, name: &str) -> bool {
        if !self.seen.insert((file, name.into())) {
            return false;
        }
        if self.seen.len() > MOST_NAMES {
            return self.whole(file);
        }
        let handed = self.effects.handed_of(self.source, file);
        let does = match handed.led(name) {
            Led::Unit(unit) => {
                let mut does =
                    unit.touches || (self.changes && unit.passes) || (self.has_methods && unit.calls_methods);
                for further in &unit.hands_to {
                    does |= stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.reach(file, further));
                }
                does
            }
            Led::Module(module, name) => match (self.source.resolve(file, module), name) {
                (Target::Code(other), Some(name)) => {
                    stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.reach(other, name))
                }
                (Target::Code(other), None) => self.whole(other),
                _ => false,
            },
            Led::Nowhere => return self.whole(file),
        };
        if does {
            self.files.push(file);
        }
        does
    }

    /// The same for a module of which nobody sees what is called.
    fn whole(&mut self, file: FileId) -> bool {
        let does = !self.effects.quiet_of(self.source, file).is_idle();
        if does {
            self.files.push(file);
        }
        does
    }
}
