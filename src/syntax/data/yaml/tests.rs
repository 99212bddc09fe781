use super::*;
use crate::syntax::Span;
use crate::text::Text;

fn at(text: &str, span: Span) -> &str {
    &text[span.start as usize..span.end as usize]
}

fn root(text: &str) -> Node {
    read(text).unwrap().root().clone()
}

fn word(node: Option<&Node>) -> Text {
    node.and_then(Node::text).unwrap().clone()
}

fn keys(node: &Node) -> Vec<&str> {
    node.entries().iter().map(|entry| &*entry.key).collect()
}

#[test]
fn values_have_the_spans_of_their_bytes() {
    let text = "é: ü # ß\r\nlist:\r\n  - 'x'\r\n  - \"ö\"\r\nmap: {a: 1, b: [2]}\r\n";
    let document = read(text).unwrap();
    let root = document.root();
    let places: Vec<_> = root.entries().iter().map(|e| (at(text, e.key_span), at(text, e.value.span))).collect();
    assert_eq!(places, [("é", "ü"), ("list", "- 'x'\r\n  - \"ö\""), ("map", "{a: 1, b: [2]}")]);
    let items = root.get("list").unwrap().items();
    assert_eq!(at(text, items[1].span), "\"ö\"");
    assert_eq!(at(text, document.comments[0]), "# ß");
}

#[test]
fn scalars_are_those_of_the_core_schema() {
    let kind = |text: &str| root(text).kind;
    let number = |value, written: &str| NodeKind::Number(value, Text::from(written));
    for nothing in ["~", "null", "", "# only a comment"] {
        assert_eq!(kind(nothing), NodeKind::Null, "{nothing}");
    }
    assert_eq!(kind("true"), NodeKind::Bool(true));
    assert_eq!(kind("010"), number(8.0, "010"));
    assert_eq!(kind("0x1F"), number(31.0, "0x1F"));
    assert_eq!(kind("-1.5e3"), number(-1500.0, "-1.5e3"));
    assert_eq!(kind(".5"), number(0.5, ".5"));
    for text in ["on", "no", "yes", "'1'", "\"true\"", "1.2.3", "0x", "0x+1", "inf", "nan", "2024-01-01", "-", "."] {
        let quoted = text.trim_matches(['\'', '"']);
        let text = if text == "-" { "'-'" } else { text };
        assert_eq!(kind(text), NodeKind::Text(Text::from(quoted)), "{text}");
    }
}

#[test]
fn block_scalars_keep_their_lines() {
    let text = "a: |\n  l1\n  # l2\n\nb: >-\n  q\n  r\nc: 1\n";
    let document = read(text).unwrap();
    assert!(word(document.root().get("a")).is("l1\n# l2\n"));
    assert_eq!(at(text, document.root().get("a").unwrap().span), "l1\n  # l2");
    assert!(word(document.root().get("b")).is("q r"));
    assert_eq!(document.comments, []);
}

#[test]
fn comments_have_places() {
    let text = "# é\na: 'x ''# y' # z\nd: &a \"\\\"# é\"   # w\nb: u#v\nc: | # head\n  # text\n# end\n";
    let comments: Vec<&str> = read(text).unwrap().comments.iter().map(|span| at(text, *span)).collect();
    assert_eq!(comments, ["# é", "# z", "# w", "# head", "# end"]);
}

#[test]
fn a_file_holds_several_documents() {
    let text = "a: 1\n---\n# c\n---\nb: 2\n...\n";
    let document = read(text).unwrap();
    assert_eq!(document.roots().len(), 3);
    assert_eq!(keys(document.root()), ["a"]);
    assert_eq!(document.roots()[1].kind, NodeKind::Null);
    assert_eq!(keys(&document.roots()[2]), ["b"]);
}

#[test]
fn an_error_in_a_later_document_leaves_the_earlier_ones() {
    let text = "a: 1\n---\nb: {\n";
    let document = read(text).unwrap();
    assert_eq!(document.roots().len(), 1);
    assert_eq!(document.errors.len(), 1);
}

#[test]
fn aliases_are_put_in_with_the_places_of_their_anchor() {
    let text = "x: &base\n  a: &s secret\ny: *base\nz: *s\n";
    let root = root(text);
    assert!(word(root.at(&["y", "a"])).is("secret"));
    assert_eq!(at(text, root.at(&["y", "a"]).unwrap().span), "secret");
    assert_eq!(root.get("y").unwrap().span, root.get("x").unwrap().span);
    assert!(word(root.get("z")).is("secret"));
    assert_eq!(at(text, root.span), text.trim_end(), "copies do not stretch the map around them");
}

#[test]
fn merge_keys_give_way_to_what_is_written() {
    let text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  z: 3\n  <<: [*a, *b]\nd:\n  <<: *a\n  '<<': text\n";
    let root = root(text);
    let c = root.get("c").unwrap();
    assert_eq!(keys(c), ["x", "y", "z"]);
    let value = |key: &str| match &c.get(key).unwrap().kind {
        NodeKind::Number(value, _) => *value,
        other => panic!("{other:?}"),
    };
    assert_eq!([value("x"), value("y"), value("z")], [1.0, 1.0, 3.0]);
    assert_eq!(keys(root.get("d").unwrap()), ["x", "y", "<<"]);
}

#[test]
fn a_merge_of_something_else_is_an_entry() {
    assert_eq!(keys(&root("<<: text\na: 1\n")), ["<<", "a"]);
}

#[test]
fn repeated_keys_both_stand_and_the_later_counts() {
    let text = "services:\n  a: {image: x}\nservices:\n  b: {image: y}\n";
    let root = root(text);
    assert_eq!(keys(&root), ["services", "services"]);
    assert!(word(root.at(&["services", "b", "image"])).is("y"));
}

#[test]
fn keys_are_names_whatever_they_look_like() {
    assert_eq!(keys(&root("on: 1\n443: 2\ntrue: 3\n'q': 4\n? k\n: 5\n")), ["on", "443", "true", "q", "k"]);
}

#[test]
fn tags_of_an_application_hide_the_value() {
    let root = root("a: !Ref Name\nb: !!str on\nc: !!int '3'\nd: ! 1\ne: !x [1]\n");
    let NodeKind::Tagged(tag, inside) = &root.get("a").unwrap().kind else { panic!("not tagged") };
    assert_eq!(&**tag, "!Ref");
    assert!(inside.text().unwrap().is("Name"));
    assert!(root.get("a").unwrap().text().is_none());
    assert!(word(root.get("b")).is("on"));
    assert_eq!(root.get("c").unwrap().kind, NodeKind::Number(3.0, Text::from("3")));
    assert!(word(root.get("d")).is("1"));
    assert!(matches!(&root.get("e").unwrap().kind, NodeKind::Tagged(tag, _) if &**tag == "!x"));
}

#[test]
fn a_template_is_an_error_with_a_place() {
    let text = "a: 1\n{{- if .Values.x }}\nb: SECRET\n{{- end }}\n";
    let Err(Refused::Syntax(error)) = read(text) else { panic!("expected a syntax error") };
    assert!(text.is_char_boundary(error.span.start as usize));
    assert!(!error.message.contains("SECRET"));
    let document = read("a: {{ .Values.x }}\nb: 1\n").unwrap();
    assert_eq!(document.errors[0].message, "a key is a list or a map");
    assert_eq!(keys(document.root()), ["a", "b"]);
}

#[test]
fn what_the_grammar_does_not_allow_is_refused() {
    for text in ["a: \0b\n", "a: b: c\n", "a: *unknown\n", "a: 1\n\tb: 2\n", "'open", "{", "é: [ü", "%"] {
        let Err(Refused::Syntax(error)) = read(text) else { panic!("expected a syntax error in {text:?}") };
        assert!(text.get(error.span.start as usize..error.span.end as usize).is_some(), "{text:?}");
    }
}

#[test]
fn a_byte_order_mark_moves_no_span() {
    let text = "\u{feff}# c\na: 1\n";
    let document = read(text).unwrap();
    assert_eq!(at(text, document.root().entries()[0].key_span), "a");
    assert_eq!(at(text, document.comments[0]), "# c");
}

#[test]
fn alias_bombs_are_refused_at_once() {
    let mut text = "a: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..30 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        text += &format!("k{level}: &a{level} [{aliases}]\n");
    }
    assert!(matches!(read(&text), Err(Refused::TooManyValues(_))));
    let nested = format!("{}x{}", "[&a ".repeat(100), "]".repeat(100));
    assert!(read(&nested).is_ok());
    let chain: String = (1..300).map(|n| format!("- &a{n} [*a{}]\n", n - 1)).collect();
    assert!(matches!(read(&format!("- &a0 x\n{chain}")), Err(Refused::TooDeep(_))));
}

#[test]
fn an_alias_inside_its_anchor_is_an_error() {
    let document = read("a: &a [1, *a]\nb: 2\n").unwrap();
    assert_eq!(document.errors[0].span, Span::new(10, 12));
    assert_eq!(keys(document.root()), ["a", "b"]);
}

#[test]
fn hostile_nesting_is_refused() {
    for unit in ["- ", "[", "{", "{a: ", "? ", "a: {b: [", "- - [", ": ", "- ? "] {
        let refused = read(&unit.repeat(100_000)).unwrap_err();
        assert!(matches!(refused, Refused::TooDeep(_) | Refused::Syntax(_)), "{unit}: {refused:?}");
    }
    assert!(matches!(read(&"- ".repeat(100_000)), Err(Refused::TooDeep(_))));
    let mut blocks = String::new();
    for level in 0..300 {
        blocks += &format!("{}a:\n", " ".repeat(level));
    }
    assert!(matches!(read(&blocks), Err(Refused::TooDeep(_))));
}

#[test]
fn hostile_files_are_read_in_time() {
    for unit in [
        "a",
        "a: b\n",
        "- x\n",
        "'",
        "\"",
        "# c\n",
        "&a ",
        "*a ",
        "!x ",
        "---\n",
        "a, ",
        "\n",
        "|\n",
        "%\n",
        "- &a x\n- *a\n",
    ] {
        let _ = read(&unit.repeat(10_000));
        let _ = read(&format!("[{}", unit.repeat(10_000)));
    }
}

/// A node as JSON prints it, which is easier to read than the tree.
fn shown(node: &Node) -> String {
    let all = |parts: Vec<String>| parts.join(",");
    match &node.kind {
        NodeKind::Null => "null".to_owned(),
        NodeKind::Bool(value) => value.to_string(),
        NodeKind::Number(value, _) => value.to_string(),
        NodeKind::Text(text) => format!("{:?}", text.as_name()),
        NodeKind::List(items) => format!("[{}]", all(items.iter().map(shown).collect())),
        NodeKind::Map(entries) => {
            format!("{{{}}}", all(entries.iter().map(|e| format!("{}:{}", e.key, shown(&e.value))).collect()))
        }
        NodeKind::Tagged(tag, inside) => format!("{tag} {}", shown(inside)),
    }
}

/// What libyaml and Go's port of it make of these texts; the specification refuses most of them.
#[test]
fn a_deploy_takes_brackets_and_quotes_that_stand_further_left_than_their_key() {
    for (text, expected) in [
        ("a:\n  test: [\n    \"x\",\n  ]\n", r#"{a:{test:["x"]}}"#),
        ("a:\n  b: {\n  c: 1,\n  d: 2\n  }\n", "{a:{b:{c:1,d:2}}}"),
        ("a:\n  test: [\n \"x\"\n  ]\n", r#"{a:{test:["x"]}}"#),
        ("k:\n  v: {\n\"a\": 1\n}\n", "{k:{v:{a:1}}}"),
        ("a: [\n1\n]\nb: 2\n", "{a:[1],b:2}"),
        ("a:\n  b: [x\ny, z]\n", r#"{a:{b:["x y","z"]}}"#),
        ("a:\n  b: \"one\ntwo\"\n", r#"{a:{b:"one two"}}"#),
        ("a:\n  b: \"one\n two\"\n", r#"{a:{b:"one two"}}"#),
        ("a:\n  b: 'one\n  two'\n", r#"{a:{b:"one two"}}"#),
        ("a:\n  b: \"one\n\ttwo\"\n", r#"{a:{b:"one two"}}"#),
        ("a:\t1\n", "{a:1}"),
        ("\"a\":\t1\n", "{a:1}"),
        ("a:\n  b:\tc\n", r#"{a:{b:"c"}}"#),
    ] {
        assert_eq!(shown(&root(text)), expected, "{text:?}");
    }
}

#[test]
fn a_file_that_ends_in_a_block_scalar_adds_no_line_break() {
    for text in ["a: |\n  x", "a: >\n  x", "a: |+\n  x", "a: |-\n  x\n"] {
        assert_eq!(shown(&root(text)), r#"{a:"x"}"#, "{text:?}");
    }
    assert_eq!(shown(&root("a: |\n  x\n")), r#"{a:"x\n"}"#);
}

#[test]
fn a_long_run_of_comments_is_no_reason_to_refuse_a_file() {
    let text = format!("a: 1\n{}b: 2\n", "# c\n".repeat(300));
    let document = read(&text).unwrap();
    assert_eq!(shown(document.root()), "{a:1,b:2}");
    assert_eq!(document.comments.len(), 300);
}

/// The value that Go's `yaml.v3` has for a number, and the text that Compose hands a container for it.
#[test]
fn numbers_are_those_of_go() {
    for (written, value, printed) in [
        ("0644", 420.0, "420"),
        ("0777", 511.0, "511"),
        ("0o777", 511.0, "511"),
        ("0b11", 3.0, "3"),
        ("0x10", 16.0, "16"),
        ("0x_1", 1.0, "1"),
        ("1_000", 1000.0, "1000"),
        ("1_000.5", 1000.5, "1000.5"),
        ("08", 8.0, "8"),
        ("+5", 5.0, "5"),
        ("-5", -5.0, "-5"),
        ("1e3", 1000.0, "1000"),
        ("1.10", 1.1, "1.1"),
        ("1.0", 1.0, "1"),
        (".5", 0.5, "0.5"),
        ("10000000", 10_000_000.0, "10000000"),
        ("10000000.0", 10_000_000.0, "1e+07"),
        ("1.5e-7", 1.5e-7, "1.5e-07"),
    ] {
        assert_eq!(root(written).kind, NodeKind::Number(value, Text::from(written)), "{written}");
        assert!(printed_text(written).is(printed), "{written}");
    }
    for text in ["1:30", "yes", "on", "0b2", "0xg"] {
        assert_eq!(root(text).kind, NodeKind::Text(Text::from(text)), "{text}");
    }
}

fn printed_text(written: &str) -> Text {
    super::printed(&Text::from(written))
}
