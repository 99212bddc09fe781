//! Packages that read variables by rules of their own: envalid, env-var, convict and env-schema.

use super::{Base, Link, Schema, present, reads_at, refused};
use crate::eval::calls::with_fallback;
use crate::eval::{Because, Call, Evaluator, Kind, Trail, Value, builtins};
use crate::text::Text;
use std::sync::Arc;

/// Validators of envalid whose values stay texts.
const TEXTS: &[&str] = &["str", "email", "host", "url"];

/// Under which name a value is kept that more is said of.
const READ: &str = "read";

impl Evaluator<'_> {
    /// A call of one of their functions.
    pub(super) fn reader_call(&self, module: &str, path: &str, arguments: &[Value], trail: &Trail) -> Option<Value> {
        let name = path.strip_prefix("default.").unwrap_or(path);
        match (module, name) {
            ("envalid", "cleanEnv") => Some(self.cleaned(arguments, trail)),
            ("envalid", _) => self.validator(name, arguments, trail),
            ("env-var", "get" | "env.get") => {
                let variable = arguments.first()?.as_text()?.as_name();
                Some(kept("env-var", self.read_variable(&variable, trail.place), trail))
            }
            ("env-schema", "" | "default" | "envSchema") => Some(self.environment_by_json_schema(arguments.first()?)),
            ("convict", "" | "default") => Some(kept("convict", self.of_convict(arguments.first()?, 8), trail)),
            _ => None,
        }
    }

    /// A method of what one of them keeps; none where the receiver is nothing of theirs.
    pub(in crate::eval) fn reader_method(
        &self,
        receiver: &Value,
        name: &str,
        arguments: &[Value],
        trail: &Trail,
    ) -> Option<Value> {
        let Kind::Call(call) = &receiver.kind else { return None };
        let (module, READ) = call.external()? else { return None };
        let value = call.arguments.first()?;
        match module {
            "env-var" => Some(self.of_env_var(value, name, arguments, trail)),
            "convict" => Some(match (name, arguments.first().and_then(Value::as_text)) {
                ("get" | "default", Some(key)) => value.path(&key.as_name()),
                ("getProperties" | "get", None) => value.clone(),
                ("validate", _) => receiver.clone(),
                // What is loaded comes before what the schema says.
                _ => Value::unknown(Because::Call(name.into()), trail),
            }),
            _ => None,
        }
    }

    /// `env.get("PORT").default(3000).asPortNumber()`.
    fn of_env_var(&self, value: &Value, name: &str, arguments: &[Value], trail: &Trail) -> Value {
        match name {
            "default" => {
                self.note_fallback(value);
                kept("env-var", with_fallback(value.clone(), arguments.first()), trail)
            }
            "required" if arguments.first().and_then(Value::as_bool) == Some(false) => {
                kept("env-var", value.clone(), trail)
            }
            "required" => {
                let there = value.each(&mut |value| match value.kind {
                    Kind::Absent => refused(value),
                    _ => present(value),
                });
                kept("env-var", there, trail)
            }
            "example" | "description" => kept("env-var", value.clone(), trail),
            "asBool" | "asBoolStrict" => truth(value),
            "asArray" => split(value, arguments.first().and_then(Value::as_text)),
            _ if name.starts_with("asInt") || name.starts_with("asFloat") || name == "asPortNumber" => {
                value.each(&mut |value| match value.kind {
                    Kind::Absent => value.clone(),
                    _ => builtins::to_number(value),
                })
            }
            "asString" | "asUrlString" | "asEnum" | "asEmailString" => value.clone(),
            _ => Value::unknown(Because::Call(name.into()), trail),
        }
    }

    /// `str({ default: "x" })` of envalid. A default for development counts where production is none.
    fn validator(&self, name: &str, arguments: &[Value], trail: &Trail) -> Option<Value> {
        let base = match name {
            "num" | "port" => Base::ToNumber,
            "bool" => Base::YesOrNo,
            _ if TEXTS.contains(&name) => Base::Plain,
            "json" => Base::Opaque(Because::Call("json".into())),
            _ => return None,
        };
        let spec = arguments.first().cloned().unwrap_or_else(|| Value::new(Kind::Absent, trail));
        let for_developers = spec.field("devDefault");
        let mode = self.peek("NODE_ENV", trail.place);
        let is_other = mode.as_text().is_some_and(|mode| !mode.is("production") && !mode.is_empty());
        let default = if is_other && !for_developers.is_absent() { for_developers } else { spec.field("default") };
        let schema = Schema::new(base);
        let schema = match &default.kind {
            Kind::Absent if matches!(spec.kind, Kind::Object { .. }) && has(&spec, "default") => {
                schema.then(Link::Optional)
            }
            Kind::Absent => schema,
            _ => schema.then(Link::Default(default)),
        };
        Some(Value::new(Kind::Schema(Arc::new(schema)), trail))
    }

    /// `cleanEnv(process.env, { … })`, with what it says of the mode.
    fn cleaned(&self, arguments: &[Value], trail: &Trail) -> Value {
        let [environment, specs, ..] = arguments else { return Value::unknown(Because::Undecided, trail) };
        let Kind::Object { fields, open } = &specs.kind else { return Value::unknown(Because::Undecided, trail) };
        let mut cleaned: Vec<(Arc<str>, Value)> = Vec::new();
        for (key, schema) in fields.iter() {
            let raw = match environment.kind {
                Kind::Environment => self.read_variable(key, reads_at(schema)),
                _ => self.field(environment, key),
            };
            cleaned.push((key.clone(), self.declare(key, schema, &raw, false)));
        }
        let mode = self.peek("NODE_ENV", trail.place);
        for (names, word) in [
            (["isProduction", "isProd"], "production"),
            (["isDevelopment", "isDev"], "development"),
            (["isTest", "isTesting"], "test"),
        ] {
            let is_it = mode.each(&mut |mode| match &mode.kind {
                Kind::Text(mode_is) => Value::new(Kind::Bool(mode_is.is(word)), &mode.trail),
                Kind::Absent => Value::new(Kind::Bool(word == "production"), &mode.trail),
                _ => mode.clone(),
            });
            cleaned.extend(names.map(|name| (name.into(), is_it.clone())));
        }
        Value::new(Kind::Object { fields: cleaned.into(), open: open.clone() }, trail)
    }

    /// What a schema of convict makes of the variables that it names.
    fn of_convict(&self, schema: &Value, depth: usize) -> Value {
        let Some(depth) = depth.checked_sub(1) else { return Value::unknown(Because::TooComplex, &schema.trail) };
        schema.each(&mut |schema| {
            let Kind::Object { fields, open } = &schema.kind else { return schema.clone() };
            if !has(schema, "default") {
                let part = |(key, value): &(Arc<str>, Value)| (key.clone(), self.of_convict(value, depth));
                return Value::new(
                    Kind::Object { fields: fields.iter().map(part).collect(), open: open.clone() },
                    &schema.trail,
                );
            }
            let default = schema.field("default");
            let Some(variable) = schema.field("env").as_text().map(Text::as_name) else { return default };
            let read = self.read_variable(&variable, reads_at(schema));
            self.note_fallback(&read);
            coerced(&with_fallback(read, Some(&default)), schema, &default)
        })
    }
}

/// A value that more can be said of: `env.get("X")`.
fn kept(module: &str, value: Value, trail: &Trail) -> Value {
    let callee = Value::new(Kind::External { module: module.into(), path: READ.into() }, trail);
    let call = Call { callee, is_new: false, arguments: vec![value], keywords: Vec::new() };
    Value::new(Kind::Call(Arc::new(call)), trail)
}

fn has(object: &Value, key: &str) -> bool {
    object.fields().iter().any(|(own, _)| &**own == key)
}

/// A text as the format of convict has it: a word, or the type of the default.
fn coerced(value: &Value, schema: &Value, default: &Value) -> Value {
    let format = schema.field("format");
    let is = |word: &str| format.as_text().is_some_and(|format| format.is(word));
    let is_type = |name: &str| matches!(&format.kind, Kind::External { path, .. } if **path == *name);
    let no_format = matches!(format.kind, Kind::Absent);
    let is_number = ["port", "nat", "int", "integer", "number"].iter().any(|word| is(word)) || is_type("Number");
    let is_truth = is("boolean") || is_type("Boolean") || no_format && matches!(default.kind, Kind::Bool(_));
    value.each(&mut |value| match &value.kind {
        Kind::Text(_) if is_number || no_format && matches!(default.kind, Kind::Number(_)) => {
            builtins::to_number(value)
        }
        // Every text but `false` is true.
        Kind::Text(text) if is_truth => {
            Value::new(Kind::Bool(!text.test(|text| text.eq_ignore_ascii_case("false"))), &value.trail)
        }
        Kind::Text(_) if is("array") || is_type("Array") => split(value, None),
        _ => value.clone(),
    })
}

fn truth(value: &Value) -> Value {
    value.each(&mut |value| match &value.kind {
        Kind::Text(text) => {
            let word = text.map(str::to_lowercase);
            match word.one_of(&["true", "1"]).is_some() {
                true => Value::new(Kind::Bool(true), &value.trail),
                false if word.one_of(&["false", "0"]).is_some() => Value::new(Kind::Bool(false), &value.trail),
                false => refused(value),
            }
        }
        _ => value.clone(),
    })
}

/// A text at its commas, without empty parts.
pub(super) fn split(value: &Value, separator: Option<&Text>) -> Value {
    let separator = separator.map_or_else(|| ",".into(), Text::as_name);
    value.each(&mut |value| match &value.kind {
        Kind::Text(text) => {
            let parts = text.split(&separator).into_iter().filter(|part| !part.is_empty());
            let items = parts.map(|part| Value::new(Kind::Text(part), &value.trail)).collect();
            Value::new(Kind::List { items, open: None }, &value.trail)
        }
        _ => value.clone(),
    })
}
