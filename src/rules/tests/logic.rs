//! Three-valued logic never contradicts what a known value would give.

use super::{app, at, written};
use crate::eval::{Because, Kind, Value, World};
use crate::rules::condition::{Condition, Literal, Predicate};
use crate::rules::limits::{Limits, Profile};
use crate::rules::outcome::Summary;
use crate::rules::scene::{Index, Scene};
use crate::rules::truth::Truth;
use crate::settings::{Key, Model, Resource, upload};
use proptest::prelude::*;

const KEYS: [Key; 3] = [upload::enabled, upload::authorized, upload::key_scoped];

fn condition() -> impl Strategy<Value = Condition> {
    let leaf = (0..KEYS.len(), any::<bool>())
        .prop_map(|(key, wanted)| Condition::Test(KEYS[key], Predicate::Is(vec![Literal::Bool(wanted)])));
    leaf.prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 1..4).prop_map(Condition::All),
            proptest::collection::vec(inner.clone(), 1..4).prop_map(Condition::Any),
            inner.prop_map(|inner| Condition::Not(Box::new(inner))),
        ]
    })
}

fn truth(condition: &Condition, values: [Option<bool>; 3]) -> Truth {
    let (mut model, app): (Model, _) = app();
    let mut resource = Resource::new(upload::KIND, app, "upload", at(0));
    for (key, value) in KEYS.into_iter().zip(values) {
        let unknown = || Kind::Unknown(Because::Undecided.into());
        let value: Value = written(value.map_or_else(unknown, Kind::Bool), 1);
        resource.put(key, value);
    }
    model.resources.push(resource);
    let (limits, index) = (Limits::builtin(Profile::Production), Index::of(&model));
    let scene = Scene { model: &model, limits: &limits, index: &index, instead: None };
    scene.condition::<Summary>(condition, 0, &World::default()).truth
}

proptest! {
    #[test]
    fn what_is_decided_with_unknowns_holds_whatever_they_are(
        condition in condition(),
        values in any::<[Option<bool>; 3]>(),
        others in any::<[bool; 3]>(),
    ) {
        let known = [0, 1, 2].map(|at| Some(values[at].unwrap_or(others[at])));
        let decided = truth(&condition, values);
        let complete = truth(&condition, known);
        prop_assert_ne!(complete, Truth::Unknown);
        prop_assert!(decided == Truth::Unknown || decided == complete);
    }
}
