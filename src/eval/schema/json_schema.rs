//! JSON Schema and TypeBox, as `env-schema` and `@fastify/env` read the environment by them.
//!
//! <https://github.com/fastify/env-schema>

use super::readers::split;
use super::{Base, Link, Schema, reads_at};
use crate::eval::{Because, Call, Evaluator, Kind, Value};
use crate::text::Text;
use std::sync::Arc;

/// The packages of TypeBox.
const TYPEBOX: &[&str] = &["@sinclair/typebox", "typebox", "@fastify/type-provider-typebox"];

/// One property of a schema: its type and the words beside it.
struct Property {
    kind: Arc<str>,
    options: Value,
    optional: bool,
}

impl Evaluator<'_> {
    /// What `env-schema` makes of the environment by its options: `{ schema, data, dotenv }`.
    pub fn environment_by_json_schema(&self, options: &Value) -> Value {
        let schema = options.field("schema");
        let unread = || Value::unknown(Because::Undecided, &schema.trail);
        let Some((properties, required)) = object_of(&schema) else { return unread() };
        let Kind::Object { fields, open } = &properties.kind else { return unread() };
        let read = fields.iter().map(|(key, written)| {
            let Some(property) = property_of(written) else {
                return (key.clone(), Value::unknown(Because::Undecided, &written.trail));
            };
            let is_required = match &required {
                Some(required) => required.contains(key),
                None => !property.optional,
            };
            let raw = self.read_variable(key, reads_at(written));
            let parsed = self.declare(key, &property.schema(written, is_required), &raw, false);
            let separator = property.options.field("separator");
            let parsed = match separator.as_text() {
                Some(separator) => split(&parsed, Some(separator)),
                None => parsed,
            };
            (key.clone(), parsed)
        });
        Value::new(Kind::Object { fields: read.collect(), open: open.clone() }, &schema.trail)
    }
}

impl Property {
    fn schema(&self, written: &Value, is_required: bool) -> Value {
        let schema = Schema::new(match &*self.kind {
            "number" | "integer" => Base::ToNumber,
            "boolean" => Base::YesOrNo,
            "string" | "array" => Base::Plain,
            _ => Base::Opaque(Because::Undecided),
        });
        let least = self.options.field("minLength").as_number().filter(|least| *least >= 1.0);
        let schema = least.map_or(schema.clone(), |least| schema.then(Link::AtLeast(least as usize)));
        let default = self.options.field("default");
        let schema = match default.kind {
            Kind::Absent if is_required => schema,
            Kind::Absent => schema.then(Link::Optional),
            _ => schema.then(Link::Default(default)),
        };
        Value::new(Kind::Schema(Arc::new(schema)), &written.trail)
    }
}

/// The properties of a schema of an object, and which of them it requires; none where each says that by itself.
fn object_of(schema: &Value) -> Option<(Value, Option<Vec<Arc<str>>>)> {
    if let Some((name, call)) = typebox(schema) {
        return (name == "Object").then(|| (call.argument(0, &schema.trail), None));
    }
    let properties = schema.field("properties");
    let required = schema.field("required");
    let required = required.as_list().unwrap_or_default().iter().filter_map(Value::as_text).map(Text::as_name);
    Some((properties, Some(required.collect())))
}

fn property_of(written: &Value) -> Option<Property> {
    let Some((name, call)) = typebox(written) else {
        let kind = written.field("type");
        let kind = kind.as_text().map_or_else(|| "string".into(), Text::as_name);
        return Some(Property { kind, options: written.clone(), optional: false });
    };
    if name == "Optional" {
        return Some(Property { optional: true, ..property_of(&call.argument(0, &written.trail))? });
    }
    let (kind, at) = match name {
        "String" => ("string", 0),
        "Number" | "Integer" => ("number", 0),
        "Boolean" => ("boolean", 0),
        "Array" => ("array", 1),
        "Enum" | "Union" | "Literal" => ("string", 1),
        _ => return None,
    };
    Some(Property { kind: kind.into(), options: call.argument(at, &written.trail), optional: false })
}

/// The name of a function of TypeBox that was called, and the call.
fn typebox(value: &Value) -> Option<(&str, &Arc<Call>)> {
    let Kind::Call(call) = &value.kind else { return None };
    let (module, path) = call.external()?;
    TYPEBOX.contains(&module).then(|| (path.rsplit('.').next().unwrap_or(path), call))
}
