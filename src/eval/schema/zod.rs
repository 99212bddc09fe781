//! Zod: `z.string().min(32).optional()`, link by link.
//!
//! <https://zod.dev/api>

use super::{Base, Link, Schema};
use crate::eval::{Because, Evaluator, Kind, Trail, Value};
use hashbrown::HashSet;
use std::sync::Arc;

/// Links that only refuse: they change neither a value nor its absence.
const CHECKS: &[&str] = &[
    "url",
    "email",
    "uuid",
    "guid",
    "cuid",
    "cuid2",
    "ulid",
    "nanoid",
    "regex",
    "max",
    "int",
    "positive",
    "nonnegative",
    "negative",
    "nonpositive",
    "describe",
    "meta",
    "brand",
    "readonly",
    "startsWith",
    "endsWith",
    "includes",
    "datetime",
    "date",
    "time",
    "ip",
    "ipv4",
    "ipv6",
    "cidr",
    "base64",
    "base64url",
    "jwt",
    "finite",
    "safe",
    "gte",
    "lte",
    "gt",
    "lt",
    "multipleOf",
    "step",
    "strict",
    "passthrough",
    "strip",
    "catchall",
    "check",
    "register",
    "exclude",
    "extract",
    "loose",
    "allow",
    "alphanum",
    "hex",
    "hostname",
    "integer",
    "label",
    "messages",
    "options",
    "pattern",
    "port",
    "prefs",
    "unknown",
    "uri",
    "valid",
];

/// Functions that make a schema of a text, a number or another value that stays as it is.
const PLAIN: &[&str] = &[
    "string",
    "number",
    "boolean",
    "enum",
    "nativeEnum",
    "literal",
    "url",
    "httpUrl",
    "email",
    "uuid",
    "uuidv4",
    "int",
    "any",
    "unknown",
    "bigint",
    "date",
    "ipv4",
    "ipv6",
    "hostname",
    "base64",
    "nanoid",
    "cuid2",
    "ulid",
    "templateLiteral",
    "e164",
];

/// The fewest characters of a text of this shape: `a:b` is an address, `a@b` one of a person.
fn shape(name: &str) -> Option<usize> {
    matches!(name, "url" | "httpUrl" | "uri" | "email").then_some(3)
}

impl Evaluator<'_> {
    /// A call of one of zod's own functions.
    pub(in crate::eval) fn zod_call(&self, path: &str, arguments: &[Value], trail: &Trail) -> Option<Value> {
        let name = path.strip_prefix("z.").or_else(|| path.strip_prefix("default.")).unwrap_or(path);
        let first = arguments.first();
        let schema = match name {
            "coerce.number" => Schema::new(Base::ToNumber),
            "coerce.boolean" => Schema::new(Base::ToTruth),
            "coerce.string" => Schema::new(Base::ToText),
            "stringbool" => Schema::new(Base::YesOrNo),
            "object" | "strictObject" | "looseObject" => match &first?.kind {
                Kind::Object { fields, open: None } => Schema::new(Base::Object(fields.clone())),
                _ => opaque("z.object"),
            },
            "preprocess" => match &arguments.get(1)?.kind {
                Kind::Schema(schema) => Schema::new(Base::After(first?.clone(), schema.clone())),
                _ => opaque("z.preprocess"),
            },
            "optional" | "nullable" | "nullish" => match &first?.kind {
                Kind::Schema(schema) => link(schema, name, &[])?,
                _ => opaque("z.optional"),
            },
            name if PLAIN.contains(&name) => {
                let plain = Schema::new(Base::Plain);
                shape(name).map_or(plain.clone(), |chars| plain.then(Link::Shape(chars)))
            }
            _ => return None,
        };
        Some(Value::new(Kind::Schema(Arc::new(schema)), trail))
    }

    /// A method of a schema.
    pub(in crate::eval) fn schema_method(
        &self,
        schema: &Arc<Schema>,
        name: &str,
        arguments: &[Value],
        trail: &Trail,
    ) -> Value {
        let argument = || arguments.first().cloned().unwrap_or_else(|| Value::new(Kind::Absent, trail));
        match name {
            "parse" | "parseAsync" => self.parsed_input(schema, &argument()),
            "safeParse" | "safeParseAsync" => {
                let data = self.parsed_input(schema, &argument());
                let success = Value::new(Kind::Bool(true), trail);
                let fields = Arc::new([("success".into(), success), ("data".into(), data)]);
                Value::new(Kind::Object { fields, open: None }, trail)
            }
            "validate" | "validateAsync" => self.validated(schema, &argument(), name == "validateAsync", trail),
            "extend" | "merge" | "safeExtend" | "keys" | "append" => {
                let added = match (&argument().kind, &schema.base) {
                    (Kind::Object { fields, open: None }, Base::Object(own)) => joined(own, fields),
                    (Kind::Schema(other), Base::Object(own)) => match &other.base {
                        Base::Object(fields) => joined(own, fields),
                        _ => opaque("a merged schema"),
                    },
                    _ => opaque("an extended schema"),
                };
                Value::new(Kind::Schema(Arc::new(added)), trail)
            }
            // The method's own place would hide where the schema begins.
            _ => {
                let schema = link(schema, name, arguments).unwrap_or_else(|| schema.then(Link::Opaque(because(name))));
                Value::new(Kind::Schema(Arc::new(schema)), trail)
            }
        }
    }
}

/// A schema with one more link; none where the link is not known.
fn link(schema: &Arc<Schema>, name: &str, arguments: &[Value]) -> Option<Schema> {
    let first = arguments.first();
    Some(match name {
        "min" | "length" | "minLength" => match first?.as_number() {
            Some(least) if least >= 0.0 => schema.then(Link::AtLeast(least as usize)),
            _ => schema.then(Link::Opaque(because(name))),
        },
        "nonempty" => schema.then(Link::AtLeast(1)),
        name if shape(name).is_some() => schema.then(Link::Shape(shape(name)?)),
        "optional" | "exactOptional" => schema.then(Link::Optional),
        "required" => schema.then(Link::Required),
        "nullable" => schema.then(Link::Nullable),
        "nullish" => schema.then(Link::Nullable).then(Link::Optional),
        "default" | "prefault" | "catch" => schema.then(Link::Default(first?.clone())),
        "transform" | "overwrite" => schema.then(Link::Transform(first?.clone())),
        "trim" | "toLowerCase" | "toUpperCase" => schema.then(Link::TextMethod(name.into())),
        "refine" => schema.then(Link::Refine(first?.clone())),
        "superRefine" => schema.then(Link::Check(first?.clone())),
        "pipe" => match &first?.kind {
            Kind::Schema(next) => schema.then(Link::Pipe(next.clone())),
            _ => schema.then(Link::Opaque(because(name))),
        },
        name if CHECKS.contains(&name) => (**schema).clone(),
        _ => return None,
    })
}

fn joined(own: &crate::eval::Fields, added: &crate::eval::Fields) -> Schema {
    let new: HashSet<&Arc<str>> = added.iter().map(|(key, _)| key).collect();
    let kept = own.iter().filter(|(key, _)| !new.contains(key));
    Schema::new(Base::Object(kept.chain(added.iter()).cloned().collect()))
}

pub(super) fn opaque(name: &str) -> Schema {
    Schema::new(Base::Opaque(because(name)))
}

fn because(name: &str) -> Because {
    Because::Call(name.into())
}
