//! Joi: `Joi.string().min(32).required()`. What no schema requires may be absent.
//!
//! <https://joi.dev/api>

use super::zod::opaque;
use super::{Base, Link, Schema};
use crate::eval::{Evaluator, Kind, Trail, Value};
use std::sync::Arc;

/// The packages that it is, or was, in.
const PACKAGES: &[&str] = &["joi", "@hapi/joi"];

/// Types whose values stay as they are.
const PLAIN: &[&str] = &["string", "any", "valid", "date", "array", "binary", "symbol"];

impl Evaluator<'_> {
    /// A call of one of Joi's own functions.
    pub(super) fn joi_call(&self, module: &str, path: &str, arguments: &[Value], trail: &Trail) -> Option<Value> {
        if !PACKAGES.contains(&module) {
            return None;
        }
        let name = path.strip_prefix("default.").unwrap_or(path);
        let name = name.strip_prefix("Joi.").unwrap_or(name);
        let base = match name {
            "number" => Schema::new(Base::ToNumber),
            "boolean" | "bool" => Schema::new(Base::YesOrNo),
            "object" => match arguments.first().map(|first| &first.kind) {
                Some(Kind::Object { fields, open: None }) => Schema::new(Base::Object(fields.clone())),
                // Its keys come with `.keys({ .. })`.
                None => Schema::new(Base::Object(Arc::new([]))),
                _ => opaque("Joi.object"),
            },
            "attempt" => {
                let [input, schema, ..] = arguments else { return None };
                let Kind::Schema(schema) = &schema.kind else { return None };
                return Some(self.parsed_input(schema, input));
            }
            name if PLAIN.contains(&name) => Schema::new(Base::Plain),
            _ => return None,
        };
        let schema = if matches!(base.base, Base::Object(_)) { base } else { base.then(Link::Optional) };
        Some(Value::new(Kind::Schema(Arc::new(schema)), trail))
    }

    /// `schema.validate(input)`: the value, and no error, since whoever goes on has none; the asynchronous one gives the
    /// value alone.
    pub(super) fn validated(&self, schema: &Arc<Schema>, input: &Value, alone: bool, trail: &Trail) -> Value {
        let value = self.parsed_input(schema, input);
        if alone {
            return value;
        }
        let fields = Arc::new([("value".into(), value), ("error".into(), Value::new(Kind::Absent, trail))]);
        Value::new(Kind::Object { fields, open: None }, trail)
    }
}
