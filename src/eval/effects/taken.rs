//! What a module of Python takes from another and changes as it runs: followed where nothing else holds it.
//!
//! `from .base import MIDDLEWARE` and `MIDDLEWARE.insert(…)` change one list that both modules name. Whoever runs the
//! importing module sees it as changed, in the order of the program; another name for it would not.

use super::Key;
use super::graph::{Change, Graph, Made, Node};
use super::loaded::Loaded;
use super::names::{Binding, Changed};
use crate::syntax::FileId;
use hashbrown::HashSet;

/// One change of what another module made.
pub(super) struct Taken {
    pub(super) name: Key,
    pub(super) path: Vec<Key>,
    pub(super) base: Node,
    pub(super) change: Change,
}

/// A name that may hold something.
pub(super) struct Holder {
    pub(super) name: Key,
    pub(super) node: Node,
    /// It is a name of a module.
    pub(super) is_top: bool,
}

impl Taken {
    /// A change of what an import alone gave to a name of the module.
    pub(super) fn of(binding: &Binding<'_>, changed: &Changed<'_>, file: FileId) -> Option<Taken> {
        let is_imported =
            binding.scope == 0 && binding.values.is_empty() && binding.file.is_some() && binding.origin.is_none();
        let is_followed =
            is_imported && changed.is_followed && !binding.is_changed() && !binding.was_passed_on(changed);
        is_followed.then(|| Taken {
            name: binding.name.clone(),
            path: changed.path.clone(),
            base: changed.base,
            change: Change { key: changed.key.clone(), file, span: changed.span, keeps: changed.keeps },
        })
    }

    /// Whether something else than modules' names of the same spelling holds what is changed.
    fn is_shared(&self, graph: &Graph, holders: &[Holder]) -> bool {
        let sites: HashSet<usize> =
            graph.reached(self.base).iter().copied().filter(|site| !graph.is_near(*site)).collect();
        let holds = |node: Node| graph.reached(node).iter().any(|site| sites.contains(site));
        let is_own = |holder: &Holder| self.path.is_empty() && holder.is_top && holder.name == self.name;
        holders.iter().any(|holder| !is_own(holder) && holds(holder.node))
            || graph.named_parts().any(|(site, key, part)| {
                let is_own = graph.sites[site].made == Made::Module || self.path.last() == Some(key);
                !is_own && holds(part)
            })
    }
}

impl Loaded {
    /// Tells those of the changes that are not followed after all; whether there are any.
    pub(super) fn give_up_taken(&mut self, graph: &mut Graph, is_program: &dyn Fn(FileId) -> bool) -> bool {
        let (followed, others): (Vec<Taken>, Vec<Taken>) = std::mem::take(&mut self.taken)
            .into_iter()
            .partition(|taken| is_program(taken.change.file) && !taken.is_shared(graph, &self.holders));
        self.taken = followed;
        for taken in &others {
            self.stores.entry((taken.change.file, taken.change.span)).or_default().push((taken.base, None));
            graph.change(taken.base, taken.change.clone());
        }
        !others.is_empty()
    }
}
