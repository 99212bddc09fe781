//! Schemas of the whole environment: `createEnv({ server, client, runtimeEnv })`, `z.object({…}).parse(process.env)`.

use super::{Base, Schema};
use crate::eval::{Because, Evaluator, Kind, Place, Trail, Value};
use std::sync::Arc;

/// Packages with a `createEnv` of this shape, and whether an empty text counts as absent unless they are told.
const MAKERS: &[(&str, bool)] = &[
    ("@beignet/core/config", true),
    ("@beignet/core", true),
    ("@t3-oss/env-nextjs", false),
    ("@t3-oss/env-core", false),
    ("@t3-oss/env-nuxt", false),
];

impl Evaluator<'_> {
    /// A call of a function that is made for schemas; none where it is none.
    pub(in crate::eval) fn schema_call(
        &self,
        module: &str,
        path: &str,
        arguments: &[Value],
        trail: &Trail,
    ) -> Option<Value> {
        if module == "zod" || module.starts_with("zod/") || module == "@hono/zod-openapi" {
            return self.zod_call(path, arguments, trail);
        }
        if let Some(value) = self.joi_call(module, path, arguments, trail) {
            return Some(value);
        }
        if let Some(value) = self.reader_call(module, path, arguments, trail) {
            return Some(value);
        }
        let (_, empty_is_absent) = MAKERS.iter().find(|(maker, _)| *maker == module && path == "createEnv")?;
        let options = arguments.first()?;
        Some(options.each(&mut |options| self.environment_object(options, *empty_is_absent, trail)))
    }

    fn environment_object(&self, options: &Value, empty_is_absent: bool, trail: &Trail) -> Value {
        let empty_is_absent = options.field("emptyStringAsUndefined").as_bool().unwrap_or(empty_is_absent);
        let mut fields: Vec<(Arc<str>, Value)> = Vec::new();
        let mut open = None;
        for section in ["server", "client", "shared"] {
            let keys = options.field(section);
            if let Kind::Object { open: Some(unknown), .. } | Kind::Unknown(unknown) = &keys.kind {
                open = Some(unknown.clone());
            }
            for (key, schema) in keys.fields() {
                let raw = source_of(self, options, key, section, super::reads_at(schema));
                let raw = if empty_is_absent { without_empty(&raw) } else { raw };
                fields.push((key.clone(), self.declare(key, schema, &raw, section == "client")));
            }
        }
        if !options.field("extends").is_absent() {
            open = open.or_else(|| Some(crate::eval::Because::Undecided.into()));
        }
        Value::new(Kind::Object { fields: fields.into(), open }, trail)
    }

    /// What a schema of an object makes of the environment, with a declaration of each of its keys.
    pub fn environment_by(&self, schema: &Value) -> Value {
        let environment = Value::new(Kind::Environment, &schema.trail);
        match &schema.kind {
            Kind::Schema(own) => self.parsed_input(own, &environment),
            _ => Value::unknown(Because::Undecided, &schema.trail),
        }
    }

    /// What a schema makes of its input; of the environment itself, a declaration of each of its keys.
    pub(super) fn parsed_input(&self, schema: &Arc<Schema>, input: &Value) -> Value {
        input.each(&mut |input| match (&schema.base, &input.kind) {
            (Base::Object(keys), Kind::Environment) if schema.is_known() => {
                let fields = keys.iter().map(|(key, schema)| {
                    let raw = self.read_variable(key, super::reads_at(schema));
                    (key.clone(), self.declare(key, schema, &raw, false))
                });
                let read = Value::new(Kind::Object { fields: fields.collect(), open: None }, &input.trail);
                // What is done with the object as a whole: `z.object({ .. }).transform((env) => ..)`.
                match schema.steps.is_empty() {
                    true => read,
                    false => self.parsed(&Schema::of(Base::Plain, schema.steps.clone()), &read),
                }
            }
            _ => self.parsed(schema, input),
        })
    }
}

/// Where a key gets its value: from the strict map, from the environment itself, or from an object beside it.
fn source_of(evaluator: &Evaluator<'_>, options: &Value, key: &str, section: &str, place: Place) -> Value {
    for map in ["runtimeEnvStrict", "runtimeEnv"] {
        let source = options.field(map);
        if !source.is_absent() {
            return match source.kind {
                Kind::Environment => evaluator.read_variable(key, place),
                // `{ ...process.env, KEY: … }`: what is not written there comes with the rest.
                Kind::Object { open: Some(_), .. } => match evaluator.field(&source, key) {
                    Value { kind: Kind::Unknown(unknown), .. } if unknown.because == Because::Undecided => {
                        evaluator.read_variable(key, place)
                    }
                    written => written,
                },
                _ => evaluator.field(&source, key),
            };
        }
    }
    let partial = options.field("experimental__runtimeEnv");
    if section != "server" && matches!(partial.kind, Kind::Object { .. }) {
        return evaluator.field(&partial, key);
    }
    evaluator.read_variable(key, place)
}

fn without_empty(raw: &Value) -> Value {
    raw.each(&mut |raw| match &raw.kind {
        Kind::Text(text) if text.is_empty() => Value::new(Kind::Absent, &raw.trail),
        _ => raw.clone(),
    })
}
