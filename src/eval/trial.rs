//! Trials: a function is followed with what a stranger sends, to see whether it lets a stranger through.
//!
//! What the caller brings stands for itself (`caller:request.headers`), so that it can be told afterwards what of it a
//! result is made of. In a trial each header, parameter or cookie that is read is the stranger's text, and a secret
//! that nobody can see is never equal to it.

use super::{Because, Evaluator, How, Kind, Place, Step, Trail, Value};
use crate::text::Text;
use std::sync::Arc;

/// The module under which the caller's own things are kept.
pub(super) const CALLER: &str = "the caller";

/// The function among the caller's things that is told the answer: `callback(null, true)`.
pub(super) const CALLBACK: &str = "callback";

/// Variables that runtimes and platforms always set.
const ALWAYS_SET: &[&str] = &["NODE_ENV", "PORT", "HOME", "PATH", "CI", "VERCEL", "NEXT_PHASE", "NEXT_RUNTIME"];

/// Last parts of names whose calls only pass on, write down or answer.
const HARMLESS: &[&str] = &[
    "log",
    "info",
    "warn",
    "error",
    "debug",
    "trace",
    "json",
    "Response",
    "NextResponse",
    "URL",
    "String",
    "Number",
    "Boolean",
    "stringify",
    "parse",
    "from",
    "encode",
    "update",
    "digest",
    "toString",
    "timingSafeEqual",
    "createHash",
    "createHmac",
    "Headers",
    "redirect",
    "Date",
    "now",
    "child",
    "randomUUID",
    "Error",
    "TypeError",
    "Buffer",
    "TextEncoder",
    "next",
];

/// Methods that only read what the caller brought.
const READS: &[&str] =
    &["text", "formData", "clone", "entries", "keys", "values", "forEach", "getAll", "arrayBuffer", "blob", "at"];

/// What holds a signature against a key, and throws where they do not fit.
const SIGNATURES: &[(&str, &str)] = &[
    ("@upstash/qstash", "Receiver"),
    ("@upstash/qstash/nextjs", "Receiver"),
    ("svix", "Webhook"),
    ("standardwebhooks", "Webhook"),
];

/// Variables that can be missing, as they were read.
pub(super) type CanMiss = Vec<(Arc<str>, Value)>;

/// Which variables that can be missing are missing.
#[derive(Clone, Debug, Default)]
pub(super) enum Missing {
    #[default]
    None,
    All,
    Only(Arc<str>),
}

/// One trial, and what happened in it.
#[derive(Debug, Default)]
pub(super) struct Trial {
    /// What the stranger sends; none for nothing.
    pub(super) sent: Option<Text>,
    /// The address that the stranger asks for, where the trial is about one.
    pub(super) path: Option<Text>,
    /// Which variables that can be missing are missing.
    pub(super) missing: Missing,
    /// The variables that were read and can be missing, as they were read.
    pub(super) can_miss: CanMiss,
    /// Something is being thrown.
    pub(super) thrown: bool,
    /// The caller was refused by a call (`response.status(401)`, `context.addIssue(…)`).
    pub(super) refused: bool,
    /// Something that cannot be followed could have refused.
    pub(super) unclear: bool,
    /// What the caller is decides, in a way that cannot be followed (`ctx.user`).
    pub(super) by_caller: bool,
    /// What the caller's things were held against.
    pub(super) compared: Vec<Value>,
    /// What the callback was given, each time that it was called.
    pub(super) called_back: Vec<Vec<Value>>,
    /// A call was not followed.
    pub(super) opaque: bool,
    /// Parts of what the caller brought that were handed to calls which were not followed.
    pub(super) handed: Vec<Arc<str>>,
}

impl Evaluator<'_> {
    /// Runs something in a trial, on modules that are evaluated afresh, and gives what it was and what happened.
    pub(super) fn in_trial(&self, trial: Trial, run: &dyn Fn(&Self) -> Value) -> (Value, Trial) {
        let modules = self.modules.take();
        let (assumed, reads) = (self.assumed.take(), self.reads.take());
        let declared = self.declared_in_schemas.take();
        let outer = self.trial.replace(Some(trial));
        let value = run(self);
        let done = self.trial.replace(outer).unwrap_or_default();
        self.modules.replace(modules);
        self.assumed.replace(assumed);
        self.reads.replace(reads);
        self.declared_in_schemas.replace(declared);
        (value, done)
    }

    pub(super) fn is_trial(&self) -> bool {
        self.trial.borrow().is_some()
    }

    pub(super) fn note(&self, change: impl FnOnce(&mut Trial)) {
        if let Some(trial) = self.trial.borrow_mut().as_mut() {
            change(trial);
        }
    }

    pub(super) fn was_refused(&self) -> bool {
        self.trial.borrow().as_ref().is_some_and(|trial| trial.refused)
    }

    /// Whether a throw is under way; asking ends it.
    pub(super) fn take_throw(&self) -> bool {
        self.trial.borrow_mut().as_mut().is_some_and(|trial| std::mem::take(&mut trial.thrown))
    }

    /// A variable in a trial: there, or missing where it can be.
    pub(super) fn tried_variable(&self, name: &str, value: Value) -> Value {
        let mut trial = self.trial.borrow_mut();
        let Some(trial) = trial.as_mut() else { return value };
        if ALWAYS_SET.contains(&name) || name.starts_with("VERCEL_") {
            return value;
        }
        let can_miss = matches!(&value.kind, Kind::Unknown(unknown) if unknown.unset_with.as_deref() == Some(name));
        if can_miss && !trial.can_miss.iter().any(|(known, _)| **known == *name) {
            trial.can_miss.push((name.into(), value.clone()));
        }
        let is_missing = match &trial.missing {
            Missing::None => false,
            Missing::All => true,
            Missing::Only(missing) => **missing == *name,
        };
        if is_missing {
            return Value::new(
                Kind::Absent,
                &Step::after(value.trail.place, How::Reads { variable: name.into(), fallback: None }, &value.trail),
            );
        }
        value.given(&super::Question::IsSet(name.into()), 1)
    }

    /// What the stranger sends, where this is a place to send something.
    fn sent(&self, trail: &Trail) -> Option<Value> {
        let trial = self.trial.borrow();
        let kind = trial.as_ref()?.sent.clone().map_or(Kind::Null, Kind::Text);
        Some(Value::new(kind, trail))
    }

    /// A part of what the caller brought.
    pub(super) fn of_caller(&self, path: Arc<str>, place: Place, trail: &Trail) -> Value {
        let trail = Step::after(place, How::Named { name: path.clone() }, trail);
        if path.ends_with(".pathname")
            && let Some(asked) = self.trial.borrow().as_ref().and_then(|trial| trial.path.clone())
        {
            return Value::written(Kind::Text(asked), place);
        }
        if self.is_trial()
            && let Some((before, last)) = path.rsplit_once('.')
            && ["headers", "query", "cookies", "searchParams"].iter().any(|place| before.ends_with(place))
            && !["get", "has", "entries", "keys", "values", "forEach", "getAll", "toString", "set", "append", "delete"]
                .contains(&last)
            && let Some(sent) = self.sent(&trail)
        {
            return sent;
        }
        Value::new(Kind::External { module: CALLER.into(), path }, &trail)
    }

    /// A call of something that the caller brought.
    pub(super) fn call_of_caller(&self, path: &str, arguments: &[Value], trail: &Trail) -> Value {
        let name = path.rsplit('.').next().unwrap_or(path);
        let before = path.strip_suffix(name).unwrap_or_default().trim_end_matches('.');
        let status = arguments.iter().find_map(Value::as_number).is_some_and(|status| (300.0..600.0).contains(&status));
        let whole = || Value::new(Kind::External { module: CALLER.into(), path: format!("{path}()").into() }, trail);
        match name {
            "get" | "header" | "getHeader" | "param"
                if before.ends_with("cookies") || before.ends_with("cookies()") =>
            {
                // A cookie is an object with a value.
                self.sent(trail).map_or_else(whole, |sent| match sent.kind {
                    Kind::Null => Value::new(Kind::Absent, trail),
                    _ => Value::new(Kind::Object { fields: Arc::new([("value".into(), sent)]), open: None }, trail),
                })
            }
            "get" | "header" | "getHeader" => self.sent(trail).unwrap_or_else(whole),
            "has" if before.ends_with("headers") || before.ends_with("searchParams") => match self.sent(trail) {
                Some(sent) => Value::new(Kind::Bool(!matches!(sent.kind, Kind::Null)), trail),
                None => whole(),
            },
            "addIssue" | "push" => {
                self.note(|trial| trial.refused = true);
                Value::new(Kind::Absent, trail)
            }
            "status" | "sendStatus" | "writeHead" | "code" if status => {
                self.note(|trial| trial.refused = true);
                whole()
            }
            "status" | "sendStatus" | "writeHead" | "code" | "end" | "send" | "setHeader" | "write" => whole(),
            _ => {
                // `ctx.gate.authorize(…)`: what the caller brought can refuse by itself.
                self.note(|trial| trial.unclear |= !HARMLESS.contains(&name) && !READS.contains(&name));
                whole()
            }
        }
    }

    /// A call of a helper whose result a trial needs to know; none for any other.
    pub(super) fn tried_call(
        &self,
        module: &str,
        path: &str,
        arguments: &[Value],
        is_new: bool,
        trail: &Trail,
    ) -> Option<Value> {
        if !self.is_trial() {
            return None;
        }
        let name = path.rsplit('.').next().unwrap_or(path);
        let first = arguments.first();
        let caller = |path: &str| {
            Some(Value::new(Kind::External { module: CALLER.into(), path: path.into() }, &from_caller(trail)))
        };
        match (module, name) {
            ("next/headers", "headers" | "cookies") => caller(&format!("request.{name}")),
            ("global", "URL") if is_new && first.is_some_and(comes_from_caller) => caller("request.url"),
            ("global", "from") if path == "Buffer.from" => {
                let first = first?;
                if matches!(first.kind, Kind::Absent | Kind::Null) {
                    self.note(|trial| trial.thrown = true);
                }
                Some(first.clone())
            }
            ("next/navigation", "notFound" | "unauthorized" | "forbidden" | "redirect" | "permanentRedirect") => {
                self.note(|trial| trial.thrown = true);
                Some(Value::new(Kind::Absent, trail))
            }
            (_, name) if arguments.len() >= 2 && compares(name) => {
                let equal = left_equals(self, first?, &arguments[1], trail);
                Some(equal)
            }
            _ => None,
        }
    }

    /// A method of something opaque that a trial looks through: the digest of a text stands for the text.
    pub(super) fn tried_method(&self, receiver: &Value, name: &str, arguments: &[Value]) -> Option<Value> {
        if !self.is_trial() {
            return None;
        }
        if let Some(answer) = self.tried_among(receiver, name, arguments) {
            return Some(answer);
        }
        match (&receiver.kind, name) {
            (Kind::Call(call), "update" | "encode") => {
                let (_, path) = call.external()?;
                let path = path.rsplit('.').next().unwrap_or(path);
                matches!(path, "createHash" | "createHmac" | "TextEncoder").then(|| arguments.first().cloned())?
            }
            // Nobody has the key that a signature is made with: it throws.
            (Kind::Call(call), "verify") if call.external().is_some_and(|made| SIGNATURES.contains(&made)) => {
                self.note(|trial| trial.thrown = true);
                Some(Value::new(Kind::Bool(false), &receiver.trail))
            }
            (Kind::Text(_), "digest" | "buffer" | "subarray" | "update") => Some(receiver.clone()),
            (Kind::Null | Kind::Absent, _) => {
                // A TypeError: whoever called gets an error.
                self.note(|trial| trial.thrown = true);
                Some(Value::new(Kind::Absent, &receiver.trail))
            }
            _ => None,
        }
    }

    /// Whether two values are equal, where a trial decides it: nobody guesses what nobody can see.
    pub(super) fn tried_equality(&self, left: &Value, right: &Value) -> Option<bool> {
        if !self.is_trial() {
            return None;
        }
        let (ours, theirs) = match (comes_from_caller(left), comes_from_caller(right)) {
            (true, false) => (right, left),
            (false, true) => (left, right),
            _ => return None,
        };
        self.note(|trial| trial.compared.push(ours.clone()));
        let is_sent = matches!(theirs.kind, Kind::Text(_) | Kind::Null | Kind::Number(_) | Kind::Absent);
        (is_sent && is_hidden(ours)).then_some(false)
    }

    /// What a call that was not followed means for the trial.
    pub(super) fn note_opaque_call(&self, name: &str, result: Value, arguments: &[Value]) -> Value {
        if !self.is_trial() || HARMLESS.contains(&name) {
            return result;
        }
        let is_opaque = match &result.kind {
            Kind::Call(call) => !call.is_new && call.external().is_none_or(|(_, path)| !answers(path)),
            Kind::Unknown(_) => true,
            _ => false,
        };
        if !is_opaque {
            return result;
        }
        let mut handed = Vec::new();
        arguments.iter().for_each(|argument| parts_of_caller(argument, &mut handed, 6));
        self.note(|trial| {
            trial.opaque = true;
            trial.unclear |= !handed.is_empty();
            trial.handed.extend(handed);
        });
        match &result.kind {
            Kind::Call(call) => Value::unknown(super::call_reason(call), &result.trail),
            _ => result,
        }
    }
}

/// Whether a stranger cannot see what a value is.
pub(super) fn is_hidden(value: &Value) -> bool {
    matches!(value.kind, Kind::Unknown(_) | Kind::Call(_) | Kind::External { .. })
}

fn left_equals(evaluator: &Evaluator<'_>, left: &Value, right: &Value, trail: &Trail) -> Value {
    let known = evaluator.tried_equality(left, right).or_else(|| left.same_as(right));
    match known {
        Some(equal) => Value::new(Kind::Bool(equal), trail),
        None => Value::unknown(Because::Undecided, trail),
    }
}

fn compares(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [
        "timingsafeequal",
        "safecompare",
        "securecompare",
        "constanttimeequal",
        "constanttimecompare",
        "safeequal",
        "tsscmp",
        "safetimingequal",
    ]
    .iter()
    .any(|known| name.ends_with(known))
}

/// Whether a call makes an answer.
pub(super) fn answers(path: &str) -> bool {
    path.split('.').any(|part| part.ends_with("Response"))
}

/// The trail of something that the caller brought.
pub(super) fn from_caller(trail: &Trail) -> Trail {
    let start = Step::start(Place::Framework(CALLER), How::Written);
    Step::after(trail.place, How::Written, &start)
}

/// Whether a value is the caller's, or made of something that is.
pub fn comes_from_caller(value: &Value) -> bool {
    is_of_caller(&value.trail)
}

/// Whether a trail begins at the caller.
pub(super) fn is_of_caller(trail: &Trail) -> bool {
    trail.walk(64).iter().any(|step| step.place == Place::Framework(CALLER))
}

/// The parts of what the caller brought that a value is made of, by their names.
pub(super) fn parts_of_caller(value: &Value, into: &mut Vec<Arc<str>>, depth: usize) {
    if let Kind::External { module, path } = &value.kind
        && &**module == CALLER
    {
        into.push(path.clone());
    }
    if comes_from_caller(value) {
        let names = value.trail.walk(128).into_iter().filter_map(|step| match &step.how {
            How::Named { name } if name.contains('.') => Some(name.clone()),
            _ => None,
        });
        into.extend(names);
        if into.is_empty() {
            into.push(CALLER.into());
        }
    }
    let Some(depth) = depth.checked_sub(1) else { return };
    match &value.kind {
        Kind::List { items, .. } | Kind::Choice(_, items) => {
            items.iter().for_each(|item| parts_of_caller(item, into, depth))
        }
        Kind::Object { fields, .. } => fields.iter().for_each(|(_, field)| parts_of_caller(field, into, depth)),
        Kind::Call(call) => call.arguments.iter().for_each(|argument| parts_of_caller(argument, into, depth)),
        _ => {}
    }
}
