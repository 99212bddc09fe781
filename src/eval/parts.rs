//! The parts of a list or an object, and which one it is: two values that are one object in the program stay one here.

use std::num::NonZeroU32;
use std::ops::Deref;
use std::sync::Arc;

/// Which object of the running program something is.
pub(super) type Identity = NonZeroU32;

/// Parts in order. Cheap to clone; a clone is the same object, parts that are put together anew are another one.
#[derive(Clone, Debug)]
pub struct Parts<T> {
    parts: Arc<[T]>,
    identity: Option<Identity>,
}

impl<T> Parts<T> {
    pub(super) fn identity(&self) -> Option<Identity> {
        self.identity
    }

    /// The same parts as a certain object, or as none that the program can still change.
    pub(super) fn with_identity(&self, identity: Option<Identity>) -> Self {
        Parts { parts: self.parts.clone(), identity }
    }

    /// Whether nothing was put together anew between the two.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.parts, &other.parts)
    }
}

impl<T> Deref for Parts<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.parts
    }
}

impl<T> From<Vec<T>> for Parts<T> {
    fn from(parts: Vec<T>) -> Self {
        Parts { parts: parts.into(), identity: None }
    }
}

impl<T, const N: usize> From<[T; N]> for Parts<T> {
    fn from(parts: [T; N]) -> Self {
        Parts { parts: parts.into(), identity: None }
    }
}

impl<T> FromIterator<T> for Parts<T> {
    fn from_iter<I: IntoIterator<Item = T>>(parts: I) -> Self {
        Parts { parts: parts.into_iter().collect(), identity: None }
    }
}

impl<'p, T> IntoIterator for &'p Parts<T> {
    type Item = &'p T;
    type IntoIter = std::slice::Iter<'p, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.parts.iter()
    }
}
