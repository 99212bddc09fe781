//! The dialects of `auth`, which fixtures cannot show one by one.

use crate::eval::{How, Kind, Place, Step, Trail, Value};
use crate::frameworks::frontmcp::dialect::{knows, mode};
use crate::frameworks::frontmcp::tables;
use crate::project::Version;
use crate::reading::table::Facts;
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::sync::Arc;

fn trail() -> Trail {
    Step::start(Place::File(FileId(0), Span::default()), How::Written)
}

fn text(text: &str) -> Value {
    Value::new(Kind::Text(Text::new(text)), &trail())
}

fn object(fields: &[(&str, Value)]) -> Value {
    let fields: Vec<(Arc<str>, Value)> = fields.iter().map(|(key, value)| ((*key).into(), value.clone())).collect();
    Value::new(Kind::Object { fields: fields.into(), open: None }, &trail())
}

fn mode_of(fields: &[(&str, &str)]) -> Option<String> {
    let fields: Vec<(&str, Value)> = fields.iter().map(|(key, word)| (*key, text(word))).collect();
    let auth = object(&fields);
    let words = ["public", "transparent", "local", "remote", "static"];
    mode(&auth, &object(&[])).as_text().and_then(|text| text.one_of(&words)).map(str::to_owned)
}

#[test]
fn every_dialect_comes_to_one_set_of_modes() {
    for (written, expected) in [
        (&[("mode", "orchestrated"), ("type", "local")][..], Some("local")),
        (&[("mode", "orchestrated"), ("type", "remote")], Some("remote")),
        (&[("mode", "orchestrated")], Some("local")),
        (&[("type", "remote")], Some("transparent")),
        (&[("type", "local")], Some("local")),
        (&[("mode", "transparent")], Some("transparent")),
        (&[("mode", "invented")], None),
        (&[], None),
    ] {
        assert_eq!(mode_of(written).as_deref(), expected, "{written:?}");
    }
}

#[test]
fn no_auth_is_public_by_default() {
    let none = Value::new(Kind::Absent, &trail());
    let found = mode(&none, &object(&[]));
    assert!(found.as_text().is_some_and(|text| text.is("public")));
    assert!(found.trail.is_default());
}

#[test]
fn a_version_knows_its_own_modes_alone() {
    let knows = |version: &str, mode: &str| knows(Version::parse(version).as_ref(), &Text::new(mode));
    assert!(knows("0.8.0", "orchestrated") && !knows("0.8.0", "local"));
    assert!(knows("1.4.0", "local") && !knows("1.4.0", "orchestrated"));
    assert!(
        crate::frameworks::frontmcp::dialect::knows(None, &Text::new("orchestrated")),
        "an unknown version takes every dialect"
    );
}

#[test]
fn patch_releases_count_where_a_key_came_with_one() {
    let facts = |version: &str| Facts { version: Version::parse(version), ..Facts::default() };
    let row = tables::OAUTH.iter().find(|row| row.setting.name == "unregistered_clients").expect("a row");
    let settled = |version: &str| format!("{:?}", row.default.settled(&facts(version)));
    assert_eq!(settled("1.5.3"), "NotHere");
    assert_eq!(settled("1.5.4"), "Default(Bool(true))");
}

#[test]
fn a_store_has_one_word_in_each_spelling() {
    let kind = |value: &Value| {
        let words = ["memory", "local_file", "shared"];
        tables::store_kind(value).as_text().and_then(|text| text.one_of(&words)).map(str::to_owned)
    };
    assert_eq!(kind(&text("memory")).as_deref(), Some("memory"));
    assert_eq!(kind(&object(&[("type", text("redis"))])).as_deref(), Some("shared"));
    assert_eq!(kind(&object(&[("redis", object(&[]))])).as_deref(), Some("shared"));
    assert_eq!(kind(&object(&[("sqlite", object(&[]))])).as_deref(), Some("local_file"));
    assert_eq!(kind(&object(&[("type", text("memory"))])).as_deref(), Some("memory"));
    assert_eq!(kind(&object(&[])), None);
}
