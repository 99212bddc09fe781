//! Which modules are looked at together: the one that is asked about, those whose functions it hands its objects to, and
//! those that import it and change what they import. Each has a look of its own, so that what one does is not taken for
//! what another may do; and one that changes and hands on nothing is not looked at.

use super::collect::Collect;
use super::graph::{Change, Graph, Site};
use super::loaded::Loaded;
use super::quiet::Quiet;
use super::{ENVIRONMENT, Key};
use crate::eval::{Sets, Source, Target};
use crate::syntax::{FileId, Span};
use hashbrown::{HashMap, HashSet};
use std::cell::RefCell;
use std::rc::Rc;

/// What comes to more modules than this is not followed: nothing of it is vouched for.
const MOST_MODULES: usize = 24;

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

/// All that is known of the changes that code makes.
#[derive(Default)]
pub(in crate::eval) struct Effects {
    /// What modules do by themselves, and with those that have their things; none where these are too many.
    alone: RefCell<HashMap<FileId, Rc<Looked>>>,
    together: RefCell<HashMap<FileId, Option<Rc<Looked>>>>,
    quiet: RefCell<HashMap<FileId, Rc<Quiet>>>,
    /// Modules that can run where something was evaluated, and those among them that may set variables.
    reached: RefCell<HashSet<FileId>>,
    setting: RefCell<Vec<(FileId, Sets)>>,
}

/// Where modules come from, and whether they are run one statement after the other.
pub(super) struct Look<'a> {
    pub(super) source: &'a dyn Source,
    pub(super) is_run: bool,
    pub(super) has_run: Box<dyn Fn(FileId) -> bool + 'a>,
}

impl Effects {
    /// Forgets what was looked at, where another way of evaluating begins.
    pub(in crate::eval) fn forget(&self) {
        self.alone.take();
        self.together.take();
    }

    /// Notes that something of a module is evaluated: what it imports runs as well, and may set variables.
    pub(in crate::eval) fn touch(&self, source: &dyn Source, file: FileId) {
        let mut reached = self.reached.borrow_mut();
        let mut todo = vec![file];
        while let Some(next) = todo.pop().filter(|next| reached.insert(*next)) {
            match source.may_set_variables(next) {
                Sets::None => {}
                sets => self.setting.borrow_mut().push((next, sets)),
            }
            todo.extend(source.imports(next).into_iter().filter(|file| !reached.contains(file)));
        }
    }

    /// Whether nothing in a module binds or assigns a name again.
    pub(super) fn is_quiet(&self, source: &dyn Source, file: FileId, name: &str) -> bool {
        self.quiet_of(source, file).is_quiet(name)
    }

    fn quiet_of(&self, source: &dyn Source, file: FileId) -> Rc<Quiet> {
        let known = self.quiet.borrow().get(&file).cloned();
        known.unwrap_or_else(|| {
            let quiet = Rc::new(source.module(file).map_or_else(Quiet::default, |module| Quiet::of(&module)));
            self.quiet.borrow_mut().insert(file, quiet.clone());
            quiet
        })
    }

    /// What one module does by itself.
    pub(super) fn of_module(&self, look: &Look<'_>, file: FileId) -> Rc<Looked> {
        if let Some(known) = self.alone.borrow().get(&file) {
            return known.clone();
        }
        let looked = Rc::new(look.at(&[file]));
        self.alone.borrow_mut().insert(file, looked.clone());
        looked
    }

    /// What a module does with those that have its things; none where that is too much to follow.
    fn about(&self, look: &Look<'_>, file: FileId) -> Option<Rc<Looked>> {
        if let Some(known) = self.together.borrow().get(&file) {
            return known.clone();
        }
        let files = self.others(look, file);
        let looked = match files.len() {
            0 => Some(self.of_module(look, file)),
            more if more >= MOST_MODULES => None,
            _ => Some(Rc::new(look.at(&[vec![file], files].concat()))),
        };
        let looked = looked.filter(|looked| !looked.graph.is_full());
        self.together.borrow_mut().insert(file, looked.clone());
        looked
    }

    /// The modules that have things of one.
    fn others(&self, look: &Look<'_>, file: FileId) -> Vec<FileId> {
        let mut files = look.source.changed_by(file);
        for module in &self.quiet_of(look.source, file).hands_to {
            if let Target::Code(other) = look.source.resolve(file, module) {
                files.push(other);
            }
        }
        for importer in look.source.changed_by(file) {
            for module in &self.quiet_of(look.source, importer).hands_on {
                if let Target::Code(other) = look.source.resolve(importer, module) {
                    files.push(other);
                }
            }
        }
        files.sort_unstable();
        files.dedup();
        files.retain(|other| *other != file);
        files
    }

    /// Whether nobody changes what a module makes, or has it to change.
    fn is_left_alone(&self, look: &Look<'_>, file: FileId) -> bool {
        let quiet = self.quiet_of(look.source, file);
        !quiet.changes_parts && quiet.hands_to.is_empty() && look.source.changed_by(file).is_empty()
    }

    /// What is said of the changes of what is made at a place.
    pub(super) fn changes(&self, look: &Look<'_>, file: FileId, span: Span) -> Vec<Change> {
        if self.is_left_alone(look, file) {
            return Vec::new();
        }
        match self.about(look, file) {
            Some(looked) => {
                looked.graph.site_at(file, span).map_or_else(Vec::new, |site| looked.graph.changes_of(site))
            }
            None => vec![Change::of_all(file, span)],
        }
    }

    /// What is said of the changes of a variable.
    pub(super) fn changes_of_variable(&self, look: &Look<'_>, name: &str) -> Vec<Change> {
        let setting = self.setting.borrow().clone();
        let setting = setting.iter().filter(|(file, sets)| *sets == Sets::Any || look.source.mentions(*file, name));
        let mut changes = Vec::new();
        for (file, _) in setting {
            let looked = self.of_module(look, *file);
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
