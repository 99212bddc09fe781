use super::*;

fn number(node: &Node) -> f64 {
    match node.kind {
        NodeKind::Number(value, _) => value,
        _ => panic!("not a number: {node:?}"),
    }
}

#[test]
fn values_have_the_spans_of_their_bytes() {
    let text = "é = 1\nname = \"ü\" # ß\r\n[env.production]\nport = 0x1F\n";
    // bare keys are ASCII: the first line is an error, the rest is read
    let document = read(text).unwrap();
    assert_eq!(document.errors[0].span.start, 0);
    let name = document.root().get("name").unwrap();
    assert!(name.text().unwrap().is("ü"));
    assert_eq!(name.span, Span::new(14, 18));
    assert_eq!(document.comments, [Span::new(19, 23)]);
    let port = document.root().at(&["env", "production", "port"]).unwrap();
    assert_eq!(port.kind, NodeKind::Number(31.0, Text::new("0x1F")));
    let production = document.root().at(&["env", "production"]).unwrap();
    assert_eq!(&text[production.span.start as usize..production.span.end as usize], "[env.production]");
}

#[test]
fn entries_keep_the_order_of_the_file() {
    let document = read("b = 1\na = 2\n[z]\n[c]\n").unwrap();
    let keys: Vec<&str> = document.root().entries().iter().map(|entry| &*entry.key).collect();
    assert_eq!(keys, ["b", "a", "z", "c"]);
}

#[test]
fn every_kind_of_value_is_read() {
    let document =
        read("a = [1, 2.5]\nb = {c = true}\nd = 2024-01-02\ne = '''\nx'''\nf = -0.5e1\n[[g]]\nh = 1\n[[g]]\n").unwrap();
    assert_eq!(document.errors, []);
    let root = document.root();
    assert_eq!(number(&root.get("a").unwrap().items()[1]), 2.5);
    assert_eq!(root.at(&["b", "c"]).unwrap().kind, NodeKind::Bool(true));
    assert!(root.get("d").unwrap().text().unwrap().is("2024-01-02"));
    assert!(root.get("e").unwrap().text().unwrap().is("x"));
    assert_eq!(number(root.get("f").unwrap()), -5.0);
    assert_eq!(root.get("g").unwrap().items().len(), 2);
}

#[test]
fn a_repeated_key_is_an_error_beside_the_rest() {
    let document = read("a = 1\na = 2\nb = 3\n").unwrap();
    assert_eq!(number(document.root().get("a").unwrap()), 1.0);
    assert_eq!(number(document.root().get("b").unwrap()), 3.0);
    assert_eq!(document.errors, [DataError::new(Span::new(6, 7), "duplicate key")]);
}

#[test]
fn malformed_lines_are_errors_beside_the_rest() {
    let document = read("a = \"SECRET\nb = 1\nc = = 2\nd = 4\n").unwrap();
    assert_eq!(number(document.root().get("b").unwrap()), 1.0);
    assert_eq!(number(document.root().get("d").unwrap()), 4.0);
    assert!(document.errors.len() >= 2);
    assert!(document.errors.iter().all(|error| !error.message.contains("SECRET")));
}

#[test]
fn a_hash_in_a_string_is_no_comment() {
    let text = "a = \"#\\\"#\" # one\nb = '#' # two\nc = \"\"\"\n# no \\\"\"\" # three\n";
    let document = read(text).unwrap();
    let comments: Vec<&str> = document.comments.iter().map(|s| &text[s.start as usize..s.end as usize]).collect();
    assert_eq!(comments, ["# one", "# two"]);
}

#[test]
fn an_empty_file_is_an_empty_map() {
    assert_eq!(read("").unwrap().root().kind, NodeKind::Map([].into()));
}

#[test]
fn a_byte_order_mark_moves_no_span() {
    let document = read("\u{feff}a = 1").unwrap();
    assert_eq!(document.root().entries()[0].key_span, Span::new(3, 4));
}

#[test]
fn a_null_byte_is_an_error() {
    assert!(!read("a = \"\0\"\n\0").unwrap().errors.is_empty());
}

#[test]
fn hostile_nesting_is_an_error_or_refused() {
    for unit in ["[", "a = [", "a = {a = ", "a.", "[[", "a.a = {", "a = \"\"\""] {
        if let Ok(document) = read(&unit.repeat(100_000)) {
            assert!(!document.errors.is_empty(), "{unit}");
        }
    }
    let keys = ["a"; 70].join(".");
    let deep = format!("[{keys}]\n{keys} = {}1{}", format!("{{{keys} = ").repeat(70), "}".repeat(70));
    assert!(matches!(read(&deep), Err(Refused::TooDeep(_))));
}
