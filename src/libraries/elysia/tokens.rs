//! `@elysiajs/jwt`: tokens that the host app issues; without `exp` they never end.

use crate::eval::{Because, Kind, Value};
use crate::libraries::elysia::is_plugin;
use crate::reading::bench::Reading;
use crate::reading::bench::SecretFacts;
use crate::reading::source::SourceFile;
use crate::reading::table::{Plain, Preset, Reader, Row, at};
use crate::settings::jwt;

/// The plugin's options.
pub(crate) static TABLE: &[Row] = &[
    Row {
        setting: jwt::lifetime,
        places: &[at("exp")],
        reader: Reader::Own(lifetime),
        default: Preset::Absent,
        reference: "elysia-jwt 1.4: src/index.ts",
    },
    Row {
        setting: jwt::algorithm,
        places: &[at("alg")],
        reader: Reader::AsIs,
        default: Preset::Default(Plain::Text("HS256")),
        reference: "elysia-jwt 1.4: src/index.ts",
    },
];

/// A text is a duration; a number is a point in time, which no file tells.
fn lifetime(value: &Value) -> Value {
    value.each(&mut |value| match value.kind {
        Kind::Number(_) => Value::unknown(Because::Undecided, &value.trail),
        _ => Reader::Seconds.apply(value),
    })
}

/// Each use of the plugin that production runs.
pub(crate) fn read(reading: &mut Reading<'_>, files: &[SourceFile]) {
    for file in files {
        for call in file.running_calls(reading, &|module| is_plugin(module, "jwt")) {
            let options = file.argument(reading, call.expr, call.arguments, 0);
            let name = options.field("name").as_text().map_or_else(|| "jwt".into(), |name| name.as_name());
            let place = file.place(call.expr.span);
            // What is put into a cookie is a session; anything else is a bearer token.
            let kind = if crate::libraries::elysia::cookies::uses_cookies(file) { "session" } else { "bearer" };
            let mut resource =
                reading.table(jwt::KIND, &name, TABLE, &options).set(jwt::kind, reading.word(kind, place));
            resource.place = place;
            reading.add(resource);
            let secret = options.field("secret");
            let facts = SecretFacts { required: Some(true), ..SecretFacts::of("signing") };
            reading.secret(&format!("{name}.secret"), &secret, facts);
        }
    }
}
