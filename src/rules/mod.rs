//! Rules: settings in, verdicts out. Rules know no framework.

mod cases;
mod catalogue;
mod condition;
mod judge;
mod limits;
mod load;
mod outcome;
mod predicates;
mod quantity;
mod rule;
mod scene;
mod standards;
mod truth;

pub use cases::{CaseFailure, causes, run_cases};
pub use catalogue::{Catalogue, Listed};
pub use condition::{Bound, Condition, Literal, Predicate, TextTest};
pub use judge::{Evidence, Judgement, Shown, Verdict, judge, shown};
pub use limits::{Limits, Profile, Row};
pub(crate) use load::{Fields, node, parse, unit};
pub use load::{RuleError, load};
pub use quantity::{Quantity, Unit};
pub use rule::{Case, Example, Expected, Owner, PLACEHOLDERS, Related, Remedy, Repair, Report, Rule, Severity, Step};
pub use standards::{Clause, Standard};

#[cfg(test)]
mod tests;
