//! What a rule asks: conditions over the settings of a resource and of its relatives.

use crate::rules::quantity::Unit;
use crate::settings::{Key, ResourceKind};
use crate::text::Text;
use std::sync::Arc;

/// A condition; it is true, false or unknown in each world.
#[derive(Clone, Debug)]
pub enum Condition {
    /// Every one holds.
    All(Vec<Condition>),
    /// One of them holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// It is known to hold; false where it is unknown.
    Known(Box<Condition>),
    /// A resource of this kind in the same app satisfies it.
    Some(&'static ResourceKind, Box<Condition>),
    /// A setting satisfies a predicate: one of the resource itself, or of a kind that exists once an app.
    Test(Key, Predicate),
}

/// A question about one setting.
#[derive(Clone, Debug)]
pub enum Predicate {
    /// It equals one of these.
    Is(Vec<Literal>),
    /// The list or the text holds one of these.
    Holds(Vec<Text>),
    /// At least one of these is missing in the list.
    Lacks(Vec<Text>),
    /// The list has an item that is none of these.
    Beyond(Vec<Text>),
    /// It is an empty list or a blank text.
    Empty,
    /// It is not there.
    Absent,
    /// It is there.
    Present,
    /// It has fewer characters, lasts less, or is a smaller number.
    Below(Bound),
    /// It has more characters, lasts longer, or is a larger number.
    Above(Bound),
    /// It equals another setting.
    SameAs(Key),
    /// It is plain hex or base64 of fewer bytes.
    DecodesBelow(Bound),
    /// A question about the text that has a yes or a no for every text.
    Text(TextTest),
    /// It accepts every origin.
    AnyOrigin,
    /// It is a pattern that matches more than it seems to.
    Unanchored,
    /// Some item of the list satisfies it.
    AnyItem(Box<Predicate>),
    /// What it becomes when its variable is not set was written down, and satisfies this.
    Fallback(Box<Predicate>),
    /// It is the framework's default, or fixed by it.
    Defaulted,
}

/// Closed questions about a text; of a list they ask for one such item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextTest {
    /// It is or holds a placeholder.
    Placeholder,
    /// It is predictable.
    LowEntropy,
    /// It looks generated.
    HighEntropy,
    /// It has the shape of a known provider's token.
    ProviderPattern,
    /// It is a published default password.
    WellKnownDefault,
    /// It says that nothing is set, or is a key that a provider publishes for tests.
    Inert,
    /// It is a key of a provider's test mode.
    TestMode,
    /// It is a name that says secret.
    SecretNamed,
    /// It is http to a host that is neither loopback nor private.
    PlainHttp,
    /// It leads to this very machine.
    LocalHost,
}

/// What an operand can be.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text or a word.
    Text(Text),
}

/// What a number is held against.
#[derive(Clone, Debug)]
pub enum Bound {
    /// This number.
    Fixed(f64, Unit),
    /// A row of the table of limits; `by` names the word setting that chooses the row.
    Limit { name: Arc<str>, by: Option<Key> },
    /// Another setting.
    Setting(Key),
}
