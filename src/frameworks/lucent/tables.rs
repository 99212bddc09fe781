//! Lucent's keys as its documentation names them. Where it names no default, none is assumed.

use crate::eval::{Because, Kind, Value};
use crate::reading::table::{Plain, Preset, Reader, Row, at};
use crate::settings::{cors, jwt, migration, password_policy, storage, upload};
use crate::text::Text;
use std::sync::Arc;

/// From this number on, the lifetime of a signed URL may count milliseconds: its unit is not documented.
const LIKELY_MILLISECONDS: f64 = 100_000.0;

/// S3 signs for seven days at most: what is more cannot be seconds, and up to there whole days are.
const MOST_SECONDS: f64 = 604_800.0;

/// The seconds of an hour: longer lifetimes are too long whatever they count.
const HOUR: f64 = 3_600.0;

/// The seconds of a day.
const DAY: f64 = 86_400.0;

/// Access tokens.
pub(super) static TOKENS: &[Row] = &[Row {
    setting: jwt::lifetime,
    places: &[at("auth.jwtExpiry")],
    reader: Reader::Own(token_lifetime),
    default: Preset::Undocumented,
    reference: "docs/authentication",
}];

/// Password rules.
pub(super) static PASSWORDS: &[Row] = &[Row {
    setting: password_policy::min_length,
    places: &[at("auth.password.minLength")],
    reader: Reader::AsIs,
    default: Preset::Undocumented,
    reference: "docs/authentication",
}];

/// Cross-origin calls of Lucent's own routes.
pub(super) static CORS: &[Row] = &[
    Row {
        setting: cors::origins,
        places: &[at("api.cors.origin")],
        reader: Reader::Own(origins),
        default: Preset::Undocumented,
        reference: "docs/production: Configure CORS Explicitly",
    },
    Row {
        setting: cors::credentials,
        places: &[at("api.cors.credentials")],
        reader: Reader::AsIs,
        default: Preset::Undocumented,
        reference: "docs/production: Configure CORS Explicitly",
    },
];

/// Migrations by schema difference, which run at every start.
pub(super) static MIGRATION: &[Row] = &[
    Row {
        setting: migration::drops,
        places: &[at("migration.dropOrphaned")],
        reader: Reader::Own(drops),
        default: Preset::Default(Plain::Text("none")),
        reference: "docs/migrations",
    },
    Row {
        setting: migration::warnings,
        places: &[at("migration.warnings")],
        reader: Reader::AsIs,
        default: Preset::Undocumented,
        reference: "docs/migrations",
    },
];

/// Uploads; local storage is documented under `storage`, the others under `upload`.
pub(super) static UPLOAD: &[Row] = &[
    Row {
        setting: upload::max_size,
        places: &[at("storage.maxSize"), at("upload.maxSize")],
        reader: Reader::Own(size),
        default: Preset::Undocumented,
        reference: "docs/storage",
    },
    Row {
        setting: upload::content_types,
        places: &[at("storage.allowedTypes"), at("upload.allowedTypes")],
        reader: Reader::Own(types),
        default: Preset::Undocumented,
        reference: "docs/storage",
    },
];

/// Where uploaded files go.
pub(super) static STORAGE: &[Row] = &[
    Row {
        setting: storage::kind,
        places: &[at("upload.provider"), at("storage.provider")],
        reader: Reader::Words(&[("local", "local"), ("s3", "cloud"), ("googleDrive", "cloud")]),
        default: Preset::Undocumented,
        reference: "docs/storage",
    },
    Row {
        setting: storage::signed_url_lifetime,
        places: &[
            at("upload.s3.signedUrlExpiry"),
            at("storage.s3.signedUrlExpiry"),
            at("upload.signedUrlExpiry"),
            at("storage.signedUrlExpiry"),
        ],
        reader: Reader::Own(signed_url_lifetime),
        default: Preset::Undocumented,
        reference: "docs/production: S3 Storage",
    },
];

/// A text is a duration; a number has no documented unit.
fn token_lifetime(value: &Value) -> Value {
    value.each(&mut |value| match value.kind {
        Kind::Number(_) => Value::unknown(Because::UnknownUnit, &value.trail),
        _ => Reader::Seconds.apply(value),
    })
}

fn signed_url_lifetime(value: &Value) -> Value {
    value.each(&mut |value| match value.kind {
        Kind::Number(number) if number > MOST_SECONDS || (number >= LIKELY_MILLISECONDS && number % DAY != 0.0) => {
            // Too long by either reading, or long as seconds and short as milliseconds: nobody knows which.
            match number / 1_000.0 {
                seconds if seconds > HOUR => Value::derived(Kind::Number(seconds), &[value]),
                _ => Value::unknown(Because::UnknownUnit, &value.trail),
            }
        }
        _ => Reader::Seconds.apply(value),
    })
}

fn origins(value: &Value) -> Value {
    value.each(&mut |value| {
        let items: Arc<[Value]> = match &value.kind {
            Kind::Text(_) | Kind::Pattern { .. } => [value.clone()].into(),
            Kind::Bool(false) => Arc::new([]),
            _ => return value.clone(),
        };
        Value::new(Kind::List { items, open: None }, &value.trail)
    })
}

fn drops(value: &Value) -> Value {
    value.each(&mut |value| match value.kind {
        Kind::Bool(drops) => Value::new(Kind::Text(Text::new(if drops { "orphaned" } else { "none" })), &value.trail),
        _ => value.clone().without_question(),
    })
}

/// `null`, `false` and the like say "no limit", which the rules know as 0.
fn size(value: &Value) -> Value {
    value.each(&mut |value| match value.kind {
        Kind::Null | Kind::Bool(false) => Value::new(Kind::Number(0.0), &value.trail),
        _ => Reader::Bytes.apply(value),
    })
}

fn types(value: &Value) -> Value {
    value.each(&mut |value| {
        let items: Arc<[Value]> = match &value.kind {
            Kind::Text(_) => [value.clone()].into(),
            Kind::Null | Kind::Bool(false) => Arc::new([]),
            _ => return value.clone(),
        };
        Value::new(Kind::List { items, open: None }, &value.trail)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Place;

    #[test]
    fn the_unit_of_a_signed_lifetime_is_told_by_its_size() {
        let seconds = |number| signed_url_lifetime(&Value::written(Kind::Number(number), Place::Process)).as_number();
        for (written, read) in [
            (900.0, Some(900.0)),
            (86_400.0, Some(86_400.0)),
            (604_800.0, Some(604_800.0)),
            (150_000.0, None),
            (604_801.0, None),
            (3_600_000.0, None),
            (7_200_000.0, Some(7_200.0)),
        ] {
            assert_eq!(seconds(written), read, "{written}");
        }
    }
}
