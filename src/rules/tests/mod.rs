//! The engine from leaf to verdict, on models made by hand.

mod judging;
mod loading;
mod logic;

use super::judge::judge_rule;
use super::scene::Index;
use super::{Catalogue, Judgement, Limits, Profile};
use crate::eval::{Because, How, Kind, Place, Question, Step, Value};
use crate::settings::{App, AppId, Model};
use crate::syntax::{FileId, Span};
use std::sync::Arc;

/// A place in the project's only file.
fn at(byte: u32) -> Place {
    Place::File(FileId(0), Span::new(byte, byte + 1))
}

fn written(kind: Kind, byte: u32) -> Value {
    Value::written(kind, at(byte))
}

fn default(kind: Kind) -> Value {
    Value::new(kind, &Step::start(Place::Framework("server.cors"), How::Default))
}

fn texts(items: &[&str]) -> Kind {
    Kind::List { items: items.iter().map(|item| written(Kind::Text((*item).into()), 0)).collect(), open: None }
}

/// A variable that nothing sets.
fn unset(name: &str) -> Value {
    let how = How::Reads { variable: name.into(), fallback: None };
    Value::unknown(Because::Variable(name.into()), &Step::start(at(7), how))
}

/// A variable that nothing sets, with a fallback written beside the read.
fn with_fallback(name: &str, fallback: Kind) -> Value {
    let reads = Step::start(at(7), How::Reads { variable: name.into(), fallback: None });
    let fallback = Value::new(fallback, &Step::after(at(8), How::Fallback, &reads));
    Value::choice(Question::IsSet(name.into()), vec![fallback, unset(name)], &reads)
}

fn either(name: &str, arms: Vec<Value>) -> Value {
    Value::choice(Question::OneOf(name.into()), arms, &Step::start(at(9), How::Written))
}

/// One app without resources.
fn app() -> (Model, AppId) {
    let mut model = Model::default();
    model.apps.push(App {
        scope: crate::settings::Scope::App,
        id: ".".into(),
        root: "".into(),
        framework: "test",
        title: "Test",
        version: None,
        stack: Vec::new(),
        entry: at(0),
    });
    (model, AppId(0))
}

/// The text of a rule with this condition and these further keys.
fn rule(resource: &str, when: &str, more: &str) -> String {
    format!(
        "summary = \"s\"\nowner = \"app\"\nresource = \"{resource}\"\n{more}\nwhen = {when}\nwhy = \"w.\"\n\
         [report]\nmessage = \"m\"\nfix = \"f.\"\n"
    )
}

/// What rules say of a model, each as `rule verdict severity`.
fn verdicts(model: &Model, rules: &[(&str, String)]) -> Vec<String> {
    with_judgements(model, rules, |judgement| {
        let verdict = format!("{:?}", judgement.verdict);
        let verdict = verdict.split(['(', ' ']).next().unwrap_or_default().to_owned();
        format!("{} {verdict} {}", judgement.rule.id, judgement.severity.name())
    })
}

/// What makes a rule complete enough to be read.
const COMPLETE: &str = "
[[case]]\nname = \"bad\"\nverdict = \"violated\"\n[[case]]\nname = \"good\"\nverdict = \"satisfied\"
";

fn with_judgements<T>(model: &Model, rules: &[(&str, String)], each: impl Fn(&Judgement<'_>) -> T) -> Vec<T> {
    let mut catalogue = Catalogue::default();
    for (id, text) in rules {
        assert_eq!(catalogue.add(id, text.clone() + COMPLETE), Ok(()));
    }
    let (index, limits) = (Index::of(model), Limits::builtin(Profile::Production));
    let mut all = Vec::new();
    catalogue.rules().for_each(|rule| judge_rule(model, &index, rule, &limits, &mut all));
    all.iter().map(each).collect()
}

/// The names of the variables that a world says something of.
fn told(world: &crate::eval::World) -> Vec<(Arc<str>, usize)> {
    let name = |question: &Question| match question {
        Question::IsSet(name) | Question::OneOf(name) => name.clone(),
        other => format!("{other:?}").into(),
    };
    world.answers().iter().map(|(question, answer)| (name(question), *answer)).collect()
}
