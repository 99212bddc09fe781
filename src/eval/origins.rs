//! Questions about origins: does code give the asking one back, does a function let every one in.

use super::handlers::given;
use super::trial::{CALLBACK, CanMiss, Missing, Trial, from_caller};
use super::truth::settled;
use super::{Closure, Evaluator, How, Kind, Place, Step, Value};
use crate::syntax::FileId;
use crate::syntax::code::{Expr, ExprKind, Guard, Statement, visit, visit_expr};
use crate::text::Text;
use std::sync::Arc;

/// Where a stranger's page comes from.
const STRANGERS_ORIGIN: &str = "https://a-stranger.example";

/// Texts of one function that are tried with origins that look alike.
const MOST_LOOKALIKES: usize = 8;

/// Variables of one function that are tried as missing, one after the other.
const MOST_MISSING: usize = 4;

/// Whom a function that is asked about an origin lets in.
#[derive(Debug)]
pub enum LetsIn {
    Everybody,
    /// None but those that it looks up.
    Nobody,
    /// Everybody, where this variable is not set; how it is read.
    EverybodyWithout(Arc<str>, Value),
}

/// What a function says of an origin, each time that it says something; none where that cannot be told.
enum Answers {
    /// To its callback.
    Told(Vec<Option<bool>>),
    /// To its caller: asked with the origin, and with a request that carries it.
    Given(Vec<Option<bool>>),
}

impl Answers {
    /// Whether they let a stranger in; none where they leave it open.
    fn of_stranger(&self) -> Option<bool> {
        match self {
            Answers::Told(told) if told.iter().all(|lets| *lets == Some(true)) => Some(true),
            Answers::Given(given) if given.contains(&Some(true)) => Some(true),
            Answers::Told(all) | Answers::Given(all) => all.contains(&Some(false)).then_some(false),
        }
    }
}

impl Evaluator<'_> {
    /// Whether an expression gives back, where it stands, what a stranger sent, and nothing asked for that before:
    /// neither a condition around it nor a look-up on its way.
    pub fn echoes(&self, file: FileId, expr: &Expr, guards: &[Guard<'_>]) -> bool {
        let sent = Text::new(STRANGERS_ORIGIN);
        let trial = Trial { sent: Some(sent.clone()), ..Trial::default() };
        let (value, _) = self.in_trial(trial, &|evaluator| {
            let reached = guards.iter().all(|guard| {
                let test = evaluator.expression_at(file, guard.test);
                match settled(&test, false, test.trail.place) {
                    Some(holds) => holds == guard.holds,
                    None => !speaks_of_origin(guard.test),
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
    pub fn lets_origin_in(&self, function: &Value) -> Option<LetsIn> {
        let Kind::Function(closure) = &function.kind else { return None };
        let (answers, can_miss) = self.says_of_origin(function, STRANGERS_ORIGIN, &Missing::None);
        match answers.of_stranger() {
            Some(true) => return Some(LetsIn::Everybody),
            Some(false) => {}
            None if looks_up(&closure.function.body) => {}
            None => return None,
        }
        let opened_by = can_miss.into_iter().take(MOST_MISSING).find(|(variable, _)| {
            let (answers, _) = self.says_of_origin(function, STRANGERS_ORIGIN, &Missing::Only(variable.clone()));
            answers.of_stranger() == Some(true)
        });
        Some(opened_by.map_or(LetsIn::Nobody, |(variable, read)| LetsIn::EverybodyWithout(variable, read)))
    }

    /// The tests of texts by which a function that is asked about an origin lets in some that only look like the wanted
    /// one, each as the regular expression that it amounts to: `origin.endsWith("example.com")` is `example\.com$`.
    pub fn lets_lookalikes_in(&self, function: &Value) -> Vec<Value> {
        let Kind::Function(closure) = &function.kind else { return Vec::new() };
        let lets = |origin: &str| self.says_of_origin(function, origin, &Missing::None).0.of_stranger() == Some(true);
        let mut found = Vec::new();
        for text in self.texts_of(closure).iter().take(MOST_LOOKALIKES) {
            let scheme = ["https://", "http://"].into_iter().find(|scheme| text.starts_with(scheme));
            let host = text.strip_prefix(scheme.unwrap_or_default()).unwrap_or(text).trim_start_matches('.');
            let before = scheme.is_none() && lets(&format!("https://not{host}"));
            let after = lets(&format!("{}{host}.evil.example", scheme.unwrap_or("https://a.")))
                || scheme.is_none() && lets(&format!("https://{host}.evil.example"));
            let escaped = host.replace('.', "\\.");
            let source = match (before, after) {
                (false, false) => continue,
                (true, false) => format!("{escaped}$"),
                (false, true) if scheme.is_some() => format!("^{}{escaped}", scheme.unwrap_or_default()),
                (_, true) => escaped,
            };
            found.push(Value::new(Kind::Pattern { source: Text::new(source), flags: "".into() }, &function.trail));
        }
        found
    }

    /// The texts in a function, and in the lists that it names, that hosts or origins can be.
    fn texts_of(&self, closure: &Closure) -> Vec<String> {
        let mut texts: Vec<Text> = Vec::new();
        visit(&closure.function.body, &mut |expr, _| match &expr.kind {
            ExprKind::Text(text) => texts.push(text.clone()),
            ExprKind::Call { callee, .. } => {
                let ExprKind::Member { object, property, .. } = &callee.kind else { return };
                if matches!(&**property, "some" | "every" | "find") {
                    let list = self.expression_at(closure.file, object);
                    texts.extend(list.as_list().unwrap_or_default().iter().filter_map(Value::as_text).cloned());
                }
            }
            _ => {}
        });
        let mut hosts: Vec<String> = Vec::new();
        for text in texts {
            text.test(|text| {
                let is_host = text.len() > 3
                    && (text.contains('.') || text.contains("localhost"))
                    && !text.contains(char::is_whitespace);
                if is_host && !hosts.iter().any(|known| known == text) {
                    hosts.push(text.to_owned());
                }
                is_host
            });
        }
        hosts
    }

    /// What a function says of an origin: to the callback that it is handed, else as what it gives. With the variables
    /// that it reads on its way.
    fn says_of_origin(&self, function: &Value, origin: &str, missing: &Missing) -> (Answers, CanMiss) {
        let sent = Text::new(origin);
        let trail = from_caller(&Step::start(function.trail.place, How::Written));
        let whole = given(&["request"], function);
        let origin = vec![Value::new(Kind::Text(sent.clone()), &trail)];
        let callback = given(&[CALLBACK], function);
        let both = origin.iter().cloned().chain(callback).collect();
        let (told, mut can_miss) = self.told_to_callback(function, both, &sent, missing);
        if !told.is_empty() {
            return (Answers::Told(told), can_miss);
        }
        let mut answer = |arguments: Vec<Value>| {
            let trial = Trial { sent: Some(sent.clone()), missing: missing.clone(), ..Trial::default() };
            let (answer, trial) = self.in_trial(trial, &|evaluator| {
                let answer = evaluator.call(function, arguments.clone());
                evaluator.take_throw();
                answer
            });
            can_miss.extend(trial.can_miss);
            match &answer.kind {
                Kind::Bool(lets) => Some(*lets),
                Kind::Text(text) => Some(*text == sent),
                Kind::Null if !trial.unclear => Some(false),
                _ => None,
            }
        };
        let given = [origin, whole].map(&mut answer).to_vec();
        (Answers::Given(given), can_miss)
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
    fn told_to_callback(
        &self,
        function: &Value,
        arguments: Vec<Value>,
        sent: &Text,
        missing: &Missing,
    ) -> (Vec<Option<bool>>, CanMiss) {
        let trial = Trial { sent: Some(sent.clone()), missing: missing.clone(), ..Trial::default() };
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
        (trial.called_back.iter().map(lets).collect(), trial.can_miss)
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
