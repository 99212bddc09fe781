use super::*;
use Dialect::{Compose, DockerRun, Node, NodeExpand, NodeParseEnv, Python};

/// What the loaders themselves gave for these files: dotenv 17, Node 20, python-dotenv 1.2.
#[track_caller]
fn reads(text: &str, dialect: Dialect, expected: &[(&str, Option<&str>)]) {
    let file = read(text, dialect);
    let found: Vec<_> = file.entries.iter().map(|entry| (&*entry.name, entry.value.clone())).collect();
    let expected: Vec<_> = expected.iter().map(|(name, value)| (*name, value.map(Text::from))).collect();
    assert_eq!(found, expected, "{dialect:?} {text:?}");
}

#[track_caller]
fn all_read(text: &str, expected: &[(&str, Option<&str>)]) {
    for dialect in [Node, NodeExpand, NodeParseEnv, Python, Compose] {
        reads(text, dialect, expected);
    }
}

fn at(text: &str, span: Span) -> &str {
    &text[span.start as usize..span.end as usize]
}

#[test]
fn loaders_agree_on_the_common_forms() {
    all_read("A=1\nB = two words \n", &[("A", Some("1")), ("B", Some("two words"))]);
    all_read("A=x # c\n", &[("A", Some("x"))]);
    all_read("export A=1\n", &[("A", Some("1"))]);
    all_read("A=\"x\ny\"\nB='z'\n", &[("A", Some("x\ny")), ("B", Some("z"))]);
    all_read("A=\"a\\nb\"\nB=a\\nb\n", &[("A", Some("a\nb")), ("B", Some("a\\nb"))]);
    all_read("A=\nB=\"\"\n", &[("A", Some("")), ("B", Some(""))]);
    all_read("# c\n\n# d\nA=1", &[("A", Some("1"))]);
    all_read("A=1\r\nB=\"x\"\r\nC=3\r\n", &[("A", Some("1")), ("B", Some("x")), ("C", Some("3"))]);
    all_read("", &[]);
}

#[test]
fn a_hash_without_space_ends_the_value_in_node_alone() {
    for dialect in [Node, NodeExpand, NodeParseEnv] {
        reads("E=a#b", dialect, &[("E", Some("a"))]);
    }
    for dialect in [Python, Compose, DockerRun] {
        reads("E=a#b", dialect, &[("E", Some("a#b"))]);
    }
}

#[test]
fn backticks_quote_in_node_alone() {
    for dialect in [Node, NodeExpand, NodeParseEnv] {
        reads("L=`a b`", dialect, &[("L", Some("a b"))]);
    }
    for dialect in [Python, Compose] {
        reads("L=`a b`", dialect, &[("L", Some("`a b`"))]);
    }
}

#[test]
fn a_colon_separates_for_some() {
    let text = "K: colon\nB=2";
    reads(text, Node, &[("K", Some("colon")), ("B", Some("2"))]);
    reads(text, Compose, &[("K", Some("colon")), ("B", Some("2"))]);
    reads(text, Python, &[("B", Some("2"))]);
    assert_eq!(at(text, read(text, Python).errors[0].span), "K: colon");
    reads(text, NodeParseEnv, &[("K: colon\nB", Some("2"))]);
    assert_eq!(read(text, NodeParseEnv).errors.len(), 1);
}

#[test]
fn text_behind_a_closing_quote_is_read_in_three_ways() {
    reads("A=\"x\" y\nB=1", Node, &[("A", Some("\"x\" y")), ("B", Some("1"))]);
    reads("A=\"x\" y\nB=1", NodeParseEnv, &[("A", Some("x")), ("B", Some("1"))]);
    reads("A=\"x\" y\nB=1", Python, &[("B", Some("1"))]);
}

#[test]
fn quotes_inside_quotes_are_read_in_three_ways() {
    reads("A=\"x\\\"y\"", Node, &[("A", Some("x\\\"y"))]);
    reads("A=\"x\\\"y\"", NodeParseEnv, &[("A", Some("x\\"))]);
    reads("A=\"x\\\"y\"", Python, &[("A", Some("x\"y"))]);
    reads("A=\"x\\\"y\"", Compose, &[("A", Some("x\"y"))]);
    reads("A='it's'", Node, &[("A", Some("it's"))]);
    reads("A='it's'", NodeParseEnv, &[("A", Some("it"))]);
    reads("A='it's'", Python, &[]);
}

#[test]
fn an_open_quote_costs_a_line_at_most() {
    let text = "A=\"open\nB=1";
    reads(text, Node, &[("A", Some("\"open")), ("B", Some("1"))]);
    reads(text, NodeParseEnv, &[("A", Some("\"open")), ("B", Some("1"))]);
    reads(text, Python, &[("B", Some("1"))]);
    reads(text, Compose, &[("B", Some("1"))]);
    for dialect in [Python, Compose] {
        assert_eq!(at(text, read(text, dialect).errors[0].span), "A=\"open", "{dialect:?}");
    }
}

#[test]
fn a_bare_name_gives_no_value() {
    reads("A\nB=1", Python, &[("A", None), ("B", Some("1"))]);
    reads("A\nB=1", Compose, &[("A", None), ("B", Some("1"))]);
    reads("A\nB=1", DockerRun, &[("A", None), ("B", Some("1"))]);
    reads("A\nB=1", Node, &[("B", Some("1"))]);
    assert_eq!(read("A\nB=1", Node).errors.len(), 1);
    assert_eq!(read("A=1\nA\n", Compose).value("A"), Some(&Text::from("1")));
}

#[test]
fn malformed_lines_are_errors_beside_the_rest() {
    let text = "A B=1\n=x\nC=1";
    for dialect in [Node, Python, Compose, DockerRun] {
        let file = read(text, dialect);
        reads(text, dialect, &[("C", Some("1"))]);
        let places: Vec<&str> = file.errors.iter().map(|error| at(text, error.span)).collect();
        assert_eq!(places, ["A B=1", "=x"], "{dialect:?}");
    }
}

#[test]
fn docker_run_takes_everything_behind_the_sign() {
    let text = "\u{feff}A=\"x\" # y \r\n #c\r\nB=\r\n";
    reads(text, DockerRun, &[("A", Some("\"x\" # y ")), ("B", Some(""))]);
    assert_eq!(at(text, read(text, DockerRun).comments[0]), "#c");
}

#[test]
fn spans_are_bytes_with_quotes_and_without_comments() {
    let text = "# ß\r\nexport A = 'é' # ü\r\nB=ü\r\nC=\r\n";
    for dialect in [Node, NodeExpand, NodeParseEnv, Python, Compose] {
        let file = read(text, dialect);
        let places: Vec<_> = file.entries.iter().map(|e| (at(text, e.name_span), at(text, e.span))).collect();
        assert_eq!(places, [("A", "'é'"), ("B", "ü"), ("C", "")], "{dialect:?}");
        assert_eq!(file.entries[0].quote, Quote::Single);
        assert_eq!(file.entries[2].span.start as usize, text.len() - 2, "{dialect:?}");
        let is_first = |span: &Span| at(text, *span) == "# ß";
        assert!(file.comments.iter().any(is_first), "{dialect:?}");
    }
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_name_but_in_node_itself() {
    for dialect in [Node, Python, Compose, DockerRun] {
        reads("\u{feff}A=1", dialect, &[("A", Some("1"))]);
    }
    reads("\u{feff}A=1", NodeParseEnv, &[("\u{feff}A", Some("1"))]);
    assert_eq!(read("\u{feff}A=1", NodeParseEnv).errors.len(), 1);
}

#[test]
fn a_null_byte_is_a_character() {
    all_read("A=x\0y\nB=1", &[("A", Some("x\0y")), ("B", Some("1"))]);
}

#[test]
fn each_loader_expands_in_its_way() {
    let pieces = |text, dialect| read(text, dialect).entries[0].pieces.clone();
    let variable = |name: &str| Piece::Reference { name: name.into(), form: super::super::interpolation::Form::Plain };
    let literal = |text: &str| vec![Piece::Text(Text::from(text))];
    let text = "F=${A}$B";
    assert_eq!(pieces(text, Node), literal("${A}$B"));
    assert_eq!(pieces(text, NodeParseEnv), literal("${A}$B"));
    assert_eq!(pieces(text, NodeExpand), [variable("A"), variable("B")]);
    assert_eq!(pieces(text, Python), [variable("A"), Piece::Text("$B".into())]);
    assert_eq!(pieces(text, Compose), [variable("A"), variable("B")]);
    let text = "G='${A}'";
    assert_eq!(pieces(text, NodeExpand), [variable("A")]);
    assert_eq!(pieces(text, Python), [variable("A")]);
    assert_eq!(pieces(text, Compose), literal("${A}"));
    assert_eq!(pieces("H=\"\\$A\"", Compose), literal("$A"));
    assert_eq!(pieces("H=\\$A", NodeExpand), literal("$A"));
}

#[test]
fn disagreements_name_the_variable_and_both_readings() {
    let text = "OK=1\nSECRET=abc#def\n";
    let found = disagreements(text, &[NodeExpand, Python]);
    assert_eq!(found.len(), 1);
    assert_eq!(&*found[0].name, "SECRET");
    assert_eq!(at(text, found[0].span), "abc");
    let lengths: Vec<_> = found[0].readings.iter().map(|(_, text)| text.as_ref().map(Text::len)).collect();
    assert_eq!(lengths, [Some(3), Some(7)]);
    assert_eq!(disagreements(text, &[Python]), []);
}

#[test]
fn the_tree_is_a_map_in_the_order_of_the_file() {
    let document = document("B=1\nA='x'\nB=2\nC\n", Compose);
    let root = document.root();
    assert_eq!(root.entries().len(), 4);
    assert_eq!(root.get("B").unwrap().kind, NodeKind::Text("2".into()));
    assert_eq!(root.get("A").unwrap().span, Span::new(6, 9));
    assert_eq!(root.get("C").unwrap().kind, NodeKind::Null);
}

#[test]
fn hostile_files_are_read_in_time() {
    for unit in [
        "A=\"",
        "A='",
        "A=`\n",
        "A=\"\\\n",
        "\n",
        "=",
        "A",
        "export ",
        "A\n",
        "#",
        "A=\"x\ny\"z\n",
        "'",
        "\\",
        "[",
        "\r",
    ] {
        let text = unit.repeat(20_000);
        for dialect in Dialect::ALL {
            read(&text, dialect);
        }
    }
}
