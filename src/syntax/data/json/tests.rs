use super::*;

fn strict(text: &str) -> Result<Document, Refused> {
    read(text, Strictness::Standard)
}

fn lax(text: &str) -> Result<Document, Refused> {
    read(text, Strictness::Lax)
}

fn refused_at(text: &str) -> Span {
    match strict(text) {
        Err(Refused::Syntax(error)) => error.span,
        other => panic!("expected a syntax error, got {other:?}"),
    }
}

#[test]
fn values_have_the_spans_of_their_bytes() {
    let text = r#"{"é": ["ü", 1.10, true, null]}"#;
    let document = strict(text).unwrap();
    let entry = &document.root().entries()[0];
    assert_eq!(&*entry.key, "é");
    assert_eq!(entry.key_span, Span::new(1, 5));
    let items = entry.value.items();
    assert!(items[0].text().unwrap().is("ü"));
    assert_eq!(items[0].span, Span::new(8, 12));
    assert_eq!(items[1].kind, NodeKind::Number(1.1, Text::new("1.10")));
    assert_eq!(items[2].kind, NodeKind::Bool(true));
    assert_eq!(items[3].kind, NodeKind::Null);
    assert_eq!(document.root().span, Span::new(0, text.len() as u32));
}

#[test]
fn escapes_are_read() {
    let document = strict(r#"["a\n\u00e9\ud83d\ude00"]"#).unwrap();
    assert!(document.root().items()[0].text().unwrap().is("a\né😀"));
}

#[test]
fn of_two_equal_keys_the_later_counts() {
    let document = strict(r#"{"a": 1, "a": 2}"#).unwrap();
    assert_eq!(document.root().entries().len(), 2);
    assert_eq!(document.root().get("a").unwrap().kind, NodeKind::Number(2.0, Text::new("2")));
}

#[test]
fn the_standard_has_no_comments_and_no_trailing_commas() {
    assert_eq!(refused_at("{} // x").start, 3);
    assert_eq!(refused_at("[1,]"), Span::new(2, 3));
    refused_at("{a: 1}");
    refused_at("['a']");
    refused_at("[0x10]");
    refused_at("[1] [2]");
}

#[test]
fn lax_json_has_comments_with_places() {
    let document = lax("// é\n{ a: 0x10, /* b */ }\n// end").unwrap();
    assert_eq!(document.root().get("a").unwrap().kind, NodeKind::Number(16.0, Text::new("0x10")));
    assert_eq!(document.comments, [Span::new(0, 5), Span::new(17, 24), Span::new(27, 33)]);
}

#[test]
fn a_byte_order_mark_is_no_value() {
    let document = strict("\u{feff}{\"a\":1}").unwrap();
    assert_eq!(document.root().entries()[0].key_span, Span::new(4, 7));
}

#[test]
fn a_file_without_a_value_is_refused() {
    for text in ["", " \r\n", "{", "\0", "{\"a\":\"\0"] {
        assert!(matches!(strict(text), Err(Refused::Syntax(_))), "{text:?}");
    }
}

#[test]
fn errors_hold_no_text_of_the_file() {
    let Err(refused) = strict(r#"["\ud800SECRET"]"#) else { panic!("a lone surrogate is no text") };
    assert!(!refused.to_string().contains("d800") && !refused.to_string().contains("SECRET"));
}

#[test]
fn hostile_nesting_is_refused() {
    for unit in ["[", "{\"a\":", "[{\"a\":"] {
        assert!(matches!(strict(&unit.repeat(100_000)), Err(Refused::TooDeep(_))), "{unit}");
    }
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    assert!(matches!(strict(&deep), Err(Refused::TooDeep(_))));
    let fine = format!("{}{}", "[".repeat(100), "]".repeat(100));
    assert!(strict(&fine).is_ok());
}
