use super::object::{Parsed, parses};
use super::{Edit, Location, Repair, merge};
use proptest::prelude::*;
use std::sync::Arc;

/// The file after an entry was put into the object that begins at `§`.
fn with(path: &str, marked: &str, keys: &[&str], value: &str) -> Option<String> {
    let at = marked.find('§').expect("a mark");
    let text = marked.replacen('§', "", 1);
    let parsed = Parsed::new(path, text.as_str().into()).expect("the text parses");
    let object = (at + 1..=text.len()).rev().filter(|end| text.is_char_boundary(*end)).find_map(|end| {
        let span = crate::syntax::Span::new(u32::try_from(at).unwrap(), u32::try_from(end).unwrap());
        parsed.object(span)
    });
    let (span, new) = object.expect("an object").with(keys, value)?;
    let mut after = text;
    after.replace_range(span.start as usize..span.end as usize, &new);
    assert!(parses(path, &after), "{after}");
    Some(after)
}

fn script(marked: &str) -> String {
    with("a.ts", marked, &["b"], "true").expect("an edit")
}

#[test]
fn an_entry_takes_the_style_of_its_neighbours() {
    let cases = [
        ("x = §{ a: 1 };", "x = { a: 1, b: true };"),
        ("x = §{a: 1};", "x = {a: 1, b: true};"),
        ("x = §{ a: 1, };", "x = { a: 1, b: true, };"),
        ("x = §{};", "x = { b: true };"),
        ("x = §{ };", "x = { b: true };"),
        ("x = §{\n};", "x = {\n  b: true\n};"),
        ("x = §{\n  a: 1,\n};", "x = {\n  a: 1,\n  b: true,\n};"),
        ("x = §{\n  a: 1\n};", "x = {\n  a: 1,\n  b: true\n};"),
        ("x = §{\n\ta: 1,\n};", "x = {\n\ta: 1,\n\tb: true,\n};"),
        ("x = §{\r\n    a: 1,\r\n};", "x = {\r\n    a: 1,\r\n    b: true,\r\n};"),
        ("x = §{\n  a: 1, // one\n};", "x = {\n  a: 1, // one\n  b: true,\n};"),
        ("x = §{\n  a: 1 // one\n};", "x = {\n  a: 1, // one\n  b: true\n};"),
        ("x = §{\n  a: 1,\n  // the end\n};", "x = {\n  a: 1,\n  // the end\n  b: true,\n};"),
        ("x = §{ a: 1 /* one */ };", "x = { a: 1, /* one */ b: true };"),
        ("x = §{ /* none */ };", "x = { /* none */ b: true };"),
        ("x = §{ // none\n};", "x = { // none\n  b: true\n};"),
        ("x = §{ a: 1,\n  c: 2 };", "x = { a: 1,\n  c: 2, b: true };"),
        ("x = §{ 'a': 1 };", "x = { 'a': 1, 'b': true };"),
        ("x = §{ ...base };", "x = { ...base, b: true };"),
        ("x = §{ a: '}' as string }", "x = { a: '}' as string, b: true }"),
        ("x = { y: {\n    z: §{},\n  } }", "x = { y: {\n    z: { b: true },\n  } }"),
    ];
    for (before, after) in cases {
        assert_eq!(script(before), after, "in {before:?}");
    }
}

#[test]
fn missing_objects_are_made_around_the_value() {
    let after = with("a.ts", "x = §{ a: 1 };", &["b", "c", "d"], "true");
    assert_eq!(after.as_deref(), Some("x = { a: 1, b: { c: { d: true } } };"));
    let after = with("a.json", "§{\"a\": 1}", &["b", "c"], "true");
    assert_eq!(after.as_deref(), Some("{\"a\": 1, \"b\": { \"c\": true }}"));
}

#[test]
fn json_has_no_trailing_comma() {
    let after = with("a.json", "§{\n  \"a\": 1\n}\n", &["b"], "true");
    assert_eq!(after.as_deref(), Some("{\n  \"a\": 1,\n  \"b\": true\n}\n"));
    let after = with("a.jsonc", "§{\n  \"a\": 1, // one\n}", &["b"], "true");
    assert_eq!(after.as_deref(), Some("{\n  \"a\": 1, // one\n  \"b\": true\n}"));
}

#[test]
fn a_key_that_is_no_name_is_quoted() {
    assert_eq!(with("a.ts", "x = §{}", &["a-b"], "1").as_deref(), Some("x = { \"a-b\": 1 }"));
    assert_eq!(with("a.ts", "x = §{}", &["a\"b"], "1"), None);
}

#[test]
fn an_object_with_a_computed_key_is_left_alone() {
    let text: Arc<str> = "x = { [key]: 1 }".into();
    let parsed = Parsed::new("a.ts", text).expect("it parses");
    assert!(parsed.object(crate::syntax::Span::new(4, 16)).is_none());
}

fn edit(start: u32, end: u32, text: &str) -> Repair {
    let location = Location { offset: start, end_offset: end, ..Location::beginning_of("a.ts".into()) };
    Repair { safe: true, edits: vec![Edit { location, text: text.into() }], reveals: false }
}

#[test]
fn edits_of_one_file_are_made_together_and_overlapping_ones_wait() {
    let text = |_: &str| Some(Arc::from("a = [false, false]"));
    let (first, second, over) = (edit(5, 10, "true"), edit(12, 17, "true"), edit(4, 11, "[]"));
    let (patches, chosen) = merge(&[&first, &over, &second], &text);
    assert_eq!(patches[0].after, "a = [true, true]");
    assert_eq!(chosen, [0, 2]);
}

#[test]
fn an_edit_that_does_not_parse_is_left_out() {
    let text = |_: &str| Some(Arc::from("a = [false, false]"));
    let (broken, good) = (edit(4, 5, ""), edit(12, 17, "true"));
    let (patches, chosen) = merge(&[&broken, &good], &text);
    assert_eq!((patches[0].after.as_str(), chosen.as_slice()), ("a = [false, true]", &[1][..]));
}

#[test]
fn a_thousand_repairs_of_one_file_are_made_at_once() {
    let before: Arc<str> = format!("a = [{}]", "false, ".repeat(1_000)).into();
    let repairs: Vec<Repair> = (0..1_000).map(|n| edit(5 + n * 7, 10 + n * 7, "true")).collect();
    let asked = std::cell::Cell::new(0);
    let text = |_: &str| {
        asked.set(asked.get() + 1);
        Some(before.clone())
    };
    let (patches, chosen) = merge(&repairs.iter().collect::<Vec<_>>(), &text);
    assert_eq!((chosen.len(), patches[0].after.matches("true").count()), (1_000, 1_000));
    assert_eq!(asked.get(), 1, "the text is built and parsed once");
    // One that breaks the file is found by halves.
    let mut repairs = repairs;
    repairs[617] = edit(5 + 617 * 7, 10 + 617 * 7, "(");
    asked.set(0);
    let (_, chosen) = merge(&repairs.iter().collect::<Vec<_>>(), &text);
    assert_eq!((chosen.len(), chosen.contains(&617)), (999, false));
    assert!(asked.get() < 25, "{}", asked.get());
}

#[test]
fn a_file_is_parsed_once_for_all_of_its_repairs() {
    let text = format!("export const a = [{}];", "{ b: false }, ".repeat(20_000));
    let scene = crate::findings::scene::Scene::new(&[], &[("a.ts", &text), ("b.ts", "export const b = 1;")]);
    let locator = crate::findings::Locator::new(&scene);
    let file = crate::syntax::FileId(0);
    let first = locator.parsed(file).expect("it parses");
    assert!(locator.parsed(crate::syntax::FileId(1)).is_some());
    assert!(std::sync::Arc::ptr_eq(&first, &locator.parsed(file).expect("it parses")));
    let start = std::time::Instant::now();
    let at = |n: u32| crate::syntax::Span::new(18 + n * 14, 18 + n * 14 + 12);
    assert!((0..20_000).all(|n| first.object(at(n)).is_some_and(|object| object.has("b"))));
    let value = |n: u32| crate::syntax::Span::new(at(n).start + 5, at(n).start + 10);
    assert!((0..20_000).all(|n| first.is_literal(value(n))));
    assert!(start.elapsed().as_secs() < 10, "no question goes through all of the file");
}

/// An object literal in all kinds of layout.
fn objects() -> impl Strategy<Value = String> {
    let gap = prop::sample::select(vec!["", " ", "\n  ", "\r\n\t", " /* c */ ", " // c\n", "\n\n    "]);
    let value = prop::sample::select(vec!["1", "'}'", "`a${1}`", "{ x: [1, 2] }", "() => {}", "(y as any)!", "/,}/"]);
    let key = prop::sample::select(vec!["a", "'a'", "\"a-c\"", "1"]);
    let entry = (gap.clone(), key, value, gap.clone()).prop_map(|(a, key, value, b)| format!("{a}{key}: {value}{b}"));
    let spread = gap.clone().prop_map(|a| format!("{a}...base"));
    let entries = prop::collection::vec(prop_oneof![4 => entry, 1 => spread], 0..4);
    (entries, any::<bool>(), gap).prop_map(|(entries, comma, gap)| {
        let comma = if comma && !entries.is_empty() { "," } else { "" };
        format!("x = §{{{}{comma}{gap}}};\n", entries.join(","))
    })
}

proptest! {
    #[test]
    fn every_edit_parses_and_adds_its_key(marked in objects()) {
        let after = script(&marked);
        let text = after.as_str();
        let parsed = Parsed::new("a.ts", text.into()).expect("it parses");
        let close = text.rfind("};").expect("an end");
        let span = crate::syntax::Span::new(4, u32::try_from(close + 1).unwrap());
        prop_assert!(parsed.object(span).is_some_and(|object| object.has("b")), "{}", after);
    }
}
