//! From a start command to the layer of variables that its program gets over all others.

use super::scope::{Scope, Set};
use super::shell::{Ground, Shell, Started};
use crate::environment::layer::{Entry, Layer, Role, Weight, Written};
use crate::eval::{Place, Variables};
use crate::platforms::branches::Reached;
use crate::platforms::command::Line;
use crate::reading::bench::Reading;

/// What a line that is started in a folder sets for the app; none where it sets nothing.
pub(crate) fn layer(reading: &Reading<'_>, line: &Line, folder: &str, renamed: &[(String, String)]) -> Option<Layer> {
    let environment = reading.environment;
    let below = |name: &str| environment.read(name, line.place);
    let is_named = |name: &str| environment.said_of(name).iter().any(|said| said.counts);
    let ground = Ground { project: reading.documents.project, folder, renamed, below: &below, is_named: &is_named };
    let mut shell = Shell::new(ground);
    let mut scope = Scope::default();
    line.text.test(|text| {
        shell.line(text, line.place, &mut scope);
        true
    });
    let got = got(shell.started, scope, &below);
    let mut layer = Layer::new(Role::Target, Weight::Certain);
    layer.unseen = got.unseen;
    for (name, Set { name_place, value, .. }) in got.exported {
        layer.push(Entry { name, name_place, written: Written::Value(value) });
    }
    (layer.unseen.is_some() || !layer.entries.is_empty()).then_some(layer)
}

/// What the app gets: the last program that is certain to be started, beside those that a script chooses instead.
fn got(started: Vec<Started>, left: Scope, below: &dyn Fn(&str) -> crate::eval::Value) -> Scope {
    let last = started.iter().rposition(|program| program.runs == Reached::Always);
    let mut got = last.map_or(left, |at| started[at].scope.clone());
    let chosen = started.iter().filter(|program| program.runs == Reached::Perhaps);
    let chosen: Vec<(&Scope, Place)> = chosen.map(|program| (&program.scope, program.place)).collect();
    for (scope, place) in chosen {
        got.or(scope, place, below);
    }
    got
}
