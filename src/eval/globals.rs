//! What the outside world is known to be: the environment in all its spellings, and the helpers of the platforms.

use super::calls::{keyword, with_fallback};
use super::{Because, Evaluator, How, Kind, Place, Question, Step, Trail, Unknown, Value, VariableRead, builtins};
use crate::syntax::data::Entry;
use crate::text::Text;
use std::sync::Arc;

/// Spellings of the whole environment: module and path. `*` stands for any import path of the module.
const ENVIRONMENTS: &[(&str, &str)] = &[
    ("global", "process.env"),
    ("global", "globalThis.process.env"),
    ("global", "Bun.env"),
    ("global", "import.meta.env"),
    ("global", "Deno.env"),
    ("process", "env"),
    ("process", "default.env"),
    ("node:process", "env"),
    ("node:process", "default.env"),
    ("bun", "env"),
    ("cloudflare:workers", "env"),
    ("$env/dynamic/private", "env"),
    ("$env/dynamic/public", "env"),
    ("os", "environ"),
];

/// Modules whose named imports are variables themselves.
const VARIABLE_MODULES: &[&str] =
    &["$env/static/private", "$env/static/public", "astro:env/server", "astro:env/client"];

/// What Next.js sets `NEXT_PHASE` to while it serves; another phase is no deployed app.
const PHASE: &str = "phase-production-server";

impl Evaluator<'_> {
    /// A part of something external, with the environment recognised.
    pub(super) fn external(&self, module: Arc<str>, path: Arc<str>, place: Place, trail: &Trail) -> Value {
        if ENVIRONMENTS.contains(&(&*module, &*path)) {
            return Value::new(Kind::Environment, &Step::start(place, How::Written));
        }
        if VARIABLE_MODULES.contains(&&*module) && !path.contains('.') {
            return self.read_variable(&path, place);
        }
        if &*module == super::trial::CALLER {
            return self.of_caller(path, place, trail);
        }
        if let Some(value) = self.known_outside(&module, &path, place) {
            return value;
        }
        match (&*module, &*path) {
            ("next/constants" | "next/constants.js", phase) if phase.starts_with("PHASE_") => {
                // Each is its own name: `phase-production-server`.
                Value::new(Kind::Text(Text::new(phase.to_ascii_lowercase().replace('_', "-"))), trail)
            }
            ("global", "import.meta.dirname" | "import.meta.url") => Value::unknown(Because::Undecided, trail),
            _ => Value::new(Kind::External { module, path }, trail),
        }
    }

    /// A read of a variable, with its step.
    pub(super) fn read_variable(&self, name: &str, place: Place) -> Value {
        self.reads.borrow_mut().push(VariableRead { variable: name.into(), place, has_fallback: false });
        let value = at_run_time(name, self.peek(name, place));
        let value = value.each(&mut |value| value.step(place, How::Reads { variable: name.into(), fallback: None }));
        self.tried_variable(name, self.as_guarded(name, self.within_assumptions(value)))
    }

    /// Notes a read of a variable that no setting hangs on, and whether the code goes on without it: in a test, beside
    /// a fallback.
    pub fn note_read(&self, name: &str, place: Place, has_fallback: bool) {
        self.reads.borrow_mut().push(VariableRead { variable: name.into(), place, has_fallback });
    }

    /// Notes that a fallback stands beside the reads that a value came from.
    pub(super) fn note_fallback(&self, read: &Value) {
        let mut reads = self.reads.borrow_mut();
        for step in read.trail.walk(8) {
            let How::Reads { variable, .. } = &step.how else { continue };
            for read in
                reads.iter_mut().rev().take(64).filter(|read| read.place == step.place && read.variable == *variable)
            {
                read.has_fallback = true;
            }
        }
    }

    /// A variable without which the program has ended before it is read here.
    fn as_guarded(&self, name: &str, value: Value) -> Value {
        let is_set = |(question, answer): &(Question, usize)| {
            *answer == 1 && matches!(question, Question::IsSet(variable) if **variable == *name)
        };
        if !matches!(value.kind, Kind::Absent) || !self.assumed.borrow().iter().any(is_set) {
            return value;
        }
        let there = Unknown { present: true, ..Because::Variable(name.into()).into_plain() };
        Value::new(Kind::Unknown(there), &value.trail)
    }

    /// A value where the guards of the program have let it through.
    pub fn guarded(&self, value: Value) -> Value {
        self.within_assumptions(value)
    }

    pub(super) fn within_assumptions(&self, value: Value) -> Value {
        let assumed = self.assumed.borrow();
        if assumed.is_empty() {
            value
        } else {
            assumed.iter().fold(value, |value, (question, answer)| value.given(question, *answer))
        }
    }

    /// From here on the question has this answer: the other way ended the process or the module.
    pub(super) fn assume(&self, question: &Question, answer: usize) {
        self.assumed.borrow_mut().push((question.clone(), answer));
    }

    /// A call of a platform's own helper whose result is known.
    pub(super) fn known_call(
        &self,
        module: &str,
        path: &str,
        positional: &[Value],
        keywords: &[(Arc<str>, Value)],
        trail: &Trail,
    ) -> Option<Value> {
        if let ("os", "getenv" | "environ.get") = (module, path) {
            // Who wants an error asks `os.environ[…]`: this way the app can do without.
            let found = self.get_variable(positional, keywords, trail.place)?;
            self.note_fallback(&found);
            return Some(found);
        }
        if let ("global", "setattr", [object, name, value]) = (module, path, positional) {
            self.tell_assigned(object, &name.as_text()?.as_name(), value);
            return Some(Value::new(Kind::Null, trail));
        }
        if let Some(value) = self.schema_call(module, path, positional, trail) {
            return Some(value);
        }
        if let ("dj_database_url", "config" | "parse") = (module, path) {
            return self.database_address(path, positional, keywords, trail.place);
        }
        if let ("dotenv", "dotenv_values") = (module, path) {
            return Some(self.env_file(positional.first().or_else(|| keyword(keywords, "dotenv_path")), trail));
        }
        if let ("global", "dict", [_, ..]) = (module, path, keywords) {
            let mut parts = positional.to_vec();
            parts.push(super::objects::of_keywords(keywords, trail));
            return Some(super::objects::merged(&parts, trail.place));
        }
        if let ("types", "SimpleNamespace", []) = (module, path, positional) {
            return Some(super::objects::of_keywords(keywords, trail));
        }
        if let ("importlib", "import_module") = (module, path) {
            return self.imported_by_name(&positional.first()?.as_text()?.as_name(), trail.place);
        }
        if let ("global", "getattr", Some(object), Some(Kind::Text(name))) =
            (module, path, positional.first(), positional.get(1).map(|name| &name.kind))
        {
            let found = self.member(object, &name.as_name(), trail.place);
            return Some(found.or_default(&|absent| positional.get(2).unwrap_or(absent).clone()));
        }
        if let ([text], []) = (positional, keywords) {
            match (module, path) {
                ("json", "loads") => return builtins::json(text),
                ("ast", "literal_eval") => return builtins::literal(text),
                ("global", "eval") if self.is_python(trail.place) => return builtins::literal(text),
                ("distutils/util" | "distutils.util" | "setuptools/_distutils/util", "strtobool") => {
                    return Some(builtins::yes_or_no(text));
                }
                _ => {}
            }
        }
        if let ("global" | "buffer" | "node:buffer", "Buffer.from", Some(text)) = (module, path, positional.first())
            && !matches!(text.kind, Kind::List { .. } | Kind::Object { .. })
        {
            // Bytes stand for the text that they are made of.
            return Some(text.clone());
        }
        if module != "global" {
            return None;
        }
        if let ("Boolean" | "bool", [value]) = (path, positional) {
            self.note_truth(value, trail.place);
        }
        let mut callback = |function: &Value, arguments: Vec<Value>| self.call(function, arguments);
        builtins::global(path, positional, trail, &mut callback)
    }

    /// `os.getenv(name, default)`, `os.environ.get(key=name, default=default)`.
    pub(super) fn get_variable(
        &self,
        positional: &[Value],
        keywords: &[(Arc<str>, Value)],
        place: Place,
    ) -> Option<Value> {
        let variable = positional.first().or_else(|| keyword(keywords, "key"))?.as_text()?.as_name();
        let default = positional.get(1).or_else(|| keyword(keywords, "default"));
        let read = self.read_variable(&variable, place);
        if default.is_some() {
            self.note_fallback(&read);
        }
        Some(with_fallback(read, default))
    }

    /// `dotenv_values(path)`: the env file as an object. The one that every loader reads counts as the environment, so
    /// that what the host says instead of it is seen.
    pub(super) fn env_file(&self, path: Option<&Value>, trail: &Trail) -> Value {
        let environment = || Value::new(Kind::Environment, trail);
        let Some(path) = path else { return environment() };
        path.each(&mut |path| {
            let name = match &path.kind {
                Kind::Text(text) => text.as_name(),
                Kind::Null | Kind::Absent => return environment(),
                _ => return Value::unknown(Because::Undecided, trail),
            };
            if name.trim_start_matches("./") == ".env" {
                return environment();
            }
            let file = trail.place.in_file().and_then(|(from, _)| self.source.env_file(from, &name));
            let Some((file, node)) = file.and_then(|file| Some((file, self.source.data(file)?))) else {
                return Value::unknown(Because::MissingFile(name), trail);
            };
            let entry = |entry: &Entry| {
                let value = super::modules::data_value(&entry.value, file);
                // A reference to a variable is not followed here.
                let refers = value.as_text().is_some_and(|text| text.test(|text| text.contains("${")));
                let value = if refers { Value::unknown(Because::Undecided, &value.trail) } else { value };
                (entry.key.clone(), value)
            };
            let fields = node.entries().iter().map(entry).collect();
            Value::new(Kind::Object { fields, open: None }, trail)
        })
    }
}

/// What a framework sets by itself while the app runs, where no file says otherwise.
fn at_run_time(name: &str, value: Value) -> Value {
    match value.kind {
        Kind::Unknown(_) | Kind::Absent if name == "NEXT_PHASE" => Value::new(
            Kind::Text(PHASE.into()),
            &Step::start(value.trail.place, How::Assumed { variable: name.into() }),
        ),
        _ => value,
    }
}
