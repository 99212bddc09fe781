//! Names, what is done with each, and which of their changes the evaluator follows by itself.
//!
//! It follows a change that stands as a statement of its own in the scope of its name, where nothing else can hold what
//! is changed: the name was given a fresh object, and nobody took that before.

use super::Key;
use super::graph::Node;
use crate::syntax::code::{Expr, ExprKind, Item, Property};
use crate::syntax::{FileId, Span};
use std::sync::Arc;

/// A name of one scope.
pub(super) struct Binding<'t> {
    pub(super) name: Key,
    pub(super) node: Node,
    /// The scope that declares it.
    pub(super) scope: usize,
    /// It was given something otherwise than by a declaration that shows what: as a parameter, by taking apart, by an
    /// import, by a loop.
    pub(super) is_given: bool,
    /// What it is declared or assigned as.
    pub(super) values: Vec<&'t Expr>,
    pub(super) assigned: Vec<Assigned>,
    pub(super) changed: Vec<Changed<'t>>,
    pub(super) used: Vec<Used>,
    /// Other modules may hold it.
    pub(super) is_exported: bool,
    /// The package that it comes from, itself or as what a call of it gave.
    pub(super) origin: Option<Arc<str>>,
    /// The file that it is imported from.
    pub(super) file: Option<FileId>,
}

/// A name is given a value.
pub(super) struct Assigned {
    pub(super) at: u32,
    /// Where the statement ends.
    pub(super) until: u32,
    /// The scope that it stands in.
    pub(super) scope: usize,
    /// The evaluator comes by here, in the order of the text.
    pub(super) is_followed: bool,
}

/// A part of what a name holds is changed.
pub(super) struct Changed<'t> {
    pub(super) path: Vec<Key>,
    pub(super) key: Key,
    pub(super) at: u32,
    pub(super) span: Span,
    pub(super) base: Node,
    pub(super) is_followed: bool,
    pub(super) keeps: bool,
    /// What the part becomes, where that is written.
    pub(super) value: Option<&'t Expr>,
}

/// A name is read.
pub(super) struct Used {
    pub(super) path: Vec<Key>,
    pub(super) span: Span,
    /// Where the text that may run it begins: of the outermost function around it inside the name's scope.
    pub(super) at: u32,
    /// It is evaluated where it stands, in the order of the text.
    pub(super) in_order: bool,
    /// Only its parts are taken, as by `...x`.
    pub(super) is_copied: bool,
    /// It stands in a function inside the name's scope.
    pub(super) is_inside: bool,
    /// The scope that it stands in.
    pub(super) scope: usize,
    /// It is called here, and no loop calls it again.
    pub(super) is_called: bool,
}

/// The one call of a function that assigns names of the scope around it.
pub(super) struct OnlyCall {
    /// The scope of its body.
    pub(super) body: usize,
    pub(super) at: Span,
}

impl<'t> Binding<'t> {
    pub(super) fn new(name: Key, node: Node, scope: usize) -> Self {
        Binding {
            name,
            node,
            scope,
            is_given: false,
            values: Vec::new(),
            assigned: Vec::new(),
            changed: Vec::new(),
            used: Vec::new(),
            is_exported: false,
            origin: None,
            file: None,
        }
    }

    /// Whether its value is changed somewhere that the evaluator does not come by.
    pub(super) fn is_changed(&self) -> bool {
        self.assigned.iter().any(|assigned| !assigned.is_followed) && self.assigned.len() > 1
    }

    /// Whether its value is known in the end although a function assigns it, which is called here and never again.
    pub(super) fn is_set_after(&self, call: &OnlyCall) -> bool {
        self.assigned.iter().any(|assigned| assigned.is_followed && assigned.until >= call.at.end)
    }

    /// Whether a read sees what the evaluator gives, although a function assigns the name, which is called here and never
    /// again: in that function itself, and before the call.
    pub(super) fn is_seen_before(&self, used: &Used, call: &OnlyCall) -> bool {
        let earlier = self.assigned.iter().filter(|assigned| assigned.is_followed && assigned.until < call.at.end);
        let is_plain = earlier.clone().count() <= 1 && earlier.clone().all(|assigned| assigned.at < call.at.start);
        let is_before = !used.is_inside && used.in_order && used.span.end <= call.at.start;
        is_plain && (used.scope == call.body || is_before)
    }

    /// Whether a read of it may see another value than the evaluator gives for it.
    pub(super) fn is_uncertain(&self, used: &Used) -> bool {
        !used.in_order && self.assigned.len() > 1 && self.assigned.iter().any(|assigned| assigned.at > used.at)
    }

    /// Whether the evaluator follows a change.
    pub(super) fn follows(&self, change: &Changed<'t>) -> bool {
        change.is_followed && self.owns(&change.path) && !self.was_passed_on(change)
    }

    /// Whether somebody took before a change what it changes.
    pub(super) fn was_passed_on(&self, change: &Changed<'t>) -> bool {
        self.used.iter().any(|used| is_in_the_way(used, change))
    }

    /// Whether nothing else holds what is at a path of it, unless it was taken from there.
    fn owns(&self, path: &[Key]) -> bool {
        if self.is_given || path.iter().any(|key| &**key == super::ANY) {
            return false;
        }
        let mut seen = false;
        for value in &self.values {
            match fresh_at(value, path) {
                Some(true) => seen = true,
                Some(false) => return false,
                None => {}
            }
        }
        for changed in &self.changed {
            let depth = changed.path.len();
            if depth >= path.len() || path[..depth] != changed.path[..] {
                continue;
            }
            if path[depth] != changed.key {
                if &*changed.key == super::ANY {
                    return false;
                }
                continue;
            }
            match changed.value.map(|value| fresh_at(value, &path[depth + 1..])) {
                Some(Some(true)) => seen = true,
                Some(None) => {}
                None | Some(Some(false)) => return false,
            }
        }
        seen
    }
}

/// Whether a use before a change makes the evaluator see less, or more, than there is.
fn is_in_the_way(used: &Used, change: &Changed<'_>) -> bool {
    let overlaps = used
        .path
        .iter()
        .zip(change.path.iter().chain([&change.key]))
        .all(|(used, changed)| used == changed || &**used == super::ANY || &**changed == super::ANY);
    if !overlaps || used.at >= change.at {
        return false;
    }
    // What only looks at the part itself, in order, sees what was there.
    let takes_it = used.path.len() + usize::from(used.is_copied) <= change.path.len();
    takes_it || !used.in_order
}

/// Whether what an expression has at a path is made by it, so that nobody else holds it; none where it has nothing there.
pub(super) fn fresh_at(expr: &Expr, path: &[Key]) -> Option<bool> {
    match (&expr.kind, path) {
        (ExprKind::Conditional { yes, no, .. }, _) => both(fresh_at(yes, path), fresh_at(no, path)),
        (ExprKind::Logical(_, left, right), _) => both(fresh_at(left, path), fresh_at(right, path)),
        (ExprKind::Unary(_, inner), _) => fresh_at(inner, path),
        (ExprKind::Object(properties), [key, rest @ ..]) => {
            for property in properties.iter().rev() {
                match property {
                    Property::Field { key: own, value, .. } if own == key => return fresh_at(value, rest),
                    Property::Field { .. } => {}
                    Property::Getter { key: own, .. } if own != key => {}
                    Property::Getter { .. } | Property::Spread(_) | Property::Computed { .. } => return Some(false),
                }
            }
            None
        }
        (
            ExprKind::Null
            | ExprKind::Undefined
            | ExprKind::Bool(_)
            | ExprKind::Number(_)
            | ExprKind::Text(_)
            | ExprKind::Regex { .. }
            | ExprKind::Template(_)
            | ExprKind::Object(_)
            | ExprKind::List(_)
            | ExprKind::Function(_)
            | ExprKind::Class(_)
            | ExprKind::Binary(..)
            | ExprKind::Comprehension { .. },
            [],
        ) => Some(true),
        (ExprKind::Call { callee, arguments, .. }, []) => {
            let copies = super::super::modules::dotted(callee).is_some_and(|name| COPIES.contains(&&*name));
            Some(copies || arguments.iter().all(|argument| is_written(&argument.value)))
        }
        _ => Some(false),
    }
}

/// Functions that give a copy of what they are given.
const COPIES: &[&str] =
    &["dict", "list", "set", "tuple", "sorted", "copy.copy", "structuredClone", "Array.from", "deepcopy"];

fn both(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left && right),
        (one, None) | (None, one) => one,
    }
}

/// Whether an expression is written out, without a name that somebody else could hold.
fn is_written(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Object(properties) => properties.iter().all(|property| match property {
            Property::Field { value, .. } => is_written(value),
            _ => false,
        }),
        ExprKind::List(items) => items.iter().all(|item| match item {
            Item::One(item) => is_written(item),
            Item::Spread(_) => false,
        }),
        ExprKind::Name(_) | ExprKind::Member { .. } | ExprKind::Index { .. } | ExprKind::This => false,
        ExprKind::Call { .. } | ExprKind::Conditional { .. } | ExprKind::Logical(..) => {
            fresh_at(expr, &[]) == Some(true)
        }
        _ => true,
    }
}
