//! Questions about origins: does code give the asking one back, does a function let every one in.

use super::handlers::given;
use super::trial::{CALLBACK, Trial, from_caller};
use super::truth::{Truth, truth};
use super::{Evaluator, How, Kind, Place, Step, Value};
use crate::syntax::FileId;
use crate::syntax::code::{Expr, ExprKind, Guard, Statement, visit, visit_expr};
use crate::text::Text;

/// Where a stranger's page comes from.
const STRANGERS_ORIGIN: &str = "https://a-stranger.example";

impl Evaluator<'_> {
    /// Whether an expression gives back, where it stands, what a stranger sent, and nothing asked for that before:
    /// neither a condition around it nor a look-up on its way.
    pub fn echoes(&self, file: FileId, expr: &Expr, guards: &[Guard<'_>]) -> bool {
        let sent = Text::new(STRANGERS_ORIGIN);
        let trial = Trial { sent: Some(sent.clone()), ..Trial::default() };
        let (value, _) = self.in_trial(trial, &|evaluator| {
            let reached = guards.iter().all(|guard| {
                let test = evaluator.expression_at(file, guard.test);
                match truth(&test, false, test.trail.place) {
                    Truth::Yes => guard.holds,
                    Truth::No => !guard.holds,
                    Truth::Ask(..) => !speaks_of_origin(guard.test),
                }
            });
            if reached {
                evaluator.expression_at(file, expr)
            } else {
                Value::written(Kind::Absent, Place::File(file, expr.span))
            }
        });
        matches!(&value.kind, Kind::Text(text) if *text == sent)
    }

    /// Whether a function that is asked about an origin lets a stranger's in: by saying yes, or by giving it back. It is
    /// asked with the origin and with a request that carries it. None where nothing shows how it decides.
    pub fn lets_origin_in(&self, function: &Value) -> Option<bool> {
        let Kind::Function(closure) = &function.kind else { return None };
        let sent = Text::new(STRANGERS_ORIGIN);
        let trail = from_caller(&Step::start(function.trail.place, How::Written));
        let whole = given(&["request"], function);
        let origin = vec![Value::new(Kind::Text(sent.clone()), &trail)];
        let callback = given(&[CALLBACK], function);
        let both = origin.iter().cloned().chain(callback).collect();
        match self.told_to_callback(function, both, &sent).as_slice() {
            [] => {}
            told if told.iter().all(|lets| *lets == Some(true)) => return Some(true),
            told if told.contains(&Some(false)) || looks_up(&closure.function.body) => return Some(false),
            _ => return None,
        }
        let answers: Vec<Option<bool>> = [origin, whole]
            .into_iter()
            .map(|arguments| {
                let trial = Trial { sent: Some(sent.clone()), ..Trial::default() };
                let (answer, trial) = self.in_trial(trial, &|evaluator| {
                    let answer = evaluator.call(function, arguments.clone());
                    evaluator.take_throw();
                    answer
                });
                match &answer.kind {
                    Kind::Bool(lets) => Some(*lets),
                    Kind::Text(text) => Some(*text == sent),
                    Kind::Null if !trial.unclear => Some(false),
                    _ => None,
                }
            })
            .collect();
        if answers.contains(&Some(true)) {
            return Some(true);
        }
        (answers.contains(&Some(false)) || looks_up(&closure.function.body)).then_some(false)
    }

    /// What a function gives, to its caller or to the callback that it is handed behind its first argument; none where it
    /// gives neither, or more than one thing.
    pub fn given_or_told(&self, function: &Value) -> Option<Value> {
        let arguments: Vec<Value> =
            given(&["request"], function).into_iter().chain(given(&[CALLBACK], function)).collect();
        let (answer, trial) = self.in_trial(Trial::default(), &|evaluator| {
            let answer = evaluator.call(function, arguments.clone());
            evaluator.take_throw();
            answer
        });
        match (trial.called_back.as_slice(), &answer.kind) {
            ([told], _) => told.get(1).cloned(),
            ([], Kind::Object { .. }) => Some(answer),
            _ => None,
        }
    }

    /// Whether a function that tells its answer to a callback lets an origin in, for each time that it tells one.
    fn told_to_callback(&self, function: &Value, arguments: Vec<Value>, sent: &Text) -> Vec<Option<bool>> {
        let trial = Trial { sent: Some(sent.clone()), ..Trial::default() };
        let (_, trial) = self.in_trial(trial, &|evaluator| {
            let answer = evaluator.call(function, arguments.clone());
            evaluator.take_throw();
            answer
        });
        let lets = |told: &Vec<Value>| match (told.first().map(|error| &error.kind), told.get(1).map(|lets| &lets.kind))
        {
            (Some(Kind::Null | Kind::Absent), Some(Kind::Bool(lets))) => Some(*lets),
            (Some(Kind::Null | Kind::Absent), Some(Kind::Text(text))) => Some(text == sent || text.is("*")),
            (Some(Kind::Null | Kind::Absent), Some(Kind::Null | Kind::Absent) | None) => Some(false),
            (Some(Kind::Null | Kind::Absent | Kind::Unknown(_)), _) => None,
            // An error.
            (Some(_), _) => Some(false),
            (None, _) => None,
        };
        trial.called_back.iter().map(lets).collect()
    }
}

/// Methods by which a value is looked for among others.
const LOOKS_UP: &[&str] = &["has", "includes", "indexOf", "some", "find", "test", "match", "endsWith", "get"];

/// Whether code looks something up.
fn looks_up(body: &[Statement]) -> bool {
    let mut found = false;
    visit(body, &mut |expr, _| {
        found |= matches!(&expr.kind, ExprKind::Call { callee, .. }
            if matches!(&callee.kind, ExprKind::Member { property, .. } if LOOKS_UP.contains(&&**property)));
    });
    found
}

/// Whether a condition names the asking origin.
fn speaks_of_origin(test: &Expr) -> bool {
    let mut speaks = false;
    visit_expr(test, &mut |expr, _| {
        speaks |= match &expr.kind {
            ExprKind::Name(name) | ExprKind::Member { property: name, .. } => {
                name.to_ascii_lowercase().contains("origin")
            }
            ExprKind::Text(text) => text.test(|text| text.eq_ignore_ascii_case("origin")),
            _ => false,
        };
    });
    speaks
}
