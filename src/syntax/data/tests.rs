//! Promises that every reader keeps, whatever the file holds.

use super::interpolation::{Syntax, template};
use super::*;
use crate::text::Text;
use proptest::prelude::*;

const FORMATS: [Format; 6] =
    [Format::Dotenv(Dialect::Node), Format::Json, Format::JsonComments, Format::Toml, Format::Yaml, Format::Procfile];

/// The signs of all formats, so that nonsense gets deeper into the readers than characters at random would.
fn nonsense() -> impl Strategy<Value = String> {
    let signs = [
        "a",
        "b",
        "é",
        "😀",
        " ",
        "  ",
        "\t",
        "\n",
        "\r\n",
        "\r",
        "=",
        ":",
        ": ",
        "- ",
        "? ",
        "#",
        " #",
        "\"",
        "'",
        "`",
        "\"\"\"",
        "'''",
        "\\",
        "\\\n",
        "{",
        "}",
        "[",
        "]",
        "[[",
        "]]",
        ",",
        ".",
        "1",
        "0x",
        "-1",
        "true",
        "null",
        "~",
        "&a ",
        "*a",
        "!t ",
        "!!str ",
        "<<: ",
        "<<E",
        "E\n",
        "---\n",
        "...\n",
        "%",
        "|\n",
        ">-\n",
        "//",
        "/*",
        "*/",
        "$",
        "${",
        "${a:-",
        "$$",
        "FROM ",
        "RUN ",
        "ENV ",
        "COPY ",
        "--a=",
        "ONBUILD ",
        "export ",
        ";",
        "{ ",
        "\u{feff}",
        "\0",
        "\u{85}",
        "\u{a0}",
        "\u{2028}",
        "\\u00e9",
        "\\ud800",
        "_by_lua_block {",
    ];
    prop::collection::vec(prop::sample::select(signs.to_vec()), 0..40).prop_map(|signs| signs.concat())
}

fn holds(text: &str, span: Span) {
    assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} is no part of {text:?}");
}

fn check(text: &str, node: &Node) {
    holds(text, node.span);
    node.items().iter().for_each(|item| check(text, item));
    for entry in node.entries() {
        holds(text, entry.key_span);
        check(text, &entry.value);
    }
    if let NodeKind::Tagged(_, inside) = &node.kind {
        check(text, inside);
    }
}

fn check_directives(text: &str, directives: &[nginx::Directive]) {
    for directive in directives {
        holds(text, directive.span);
        assert!(directive.span.holds(directive.name_span));
        directive.args.iter().for_each(|argument| holds(text, argument.span));
        check_directives(text, directive.block.as_deref().unwrap_or_default());
    }
}

fn check_instruction(text: &str, instruction: &dockerfile::Instruction) {
    holds(text, instruction.span);
    assert!(instruction.span.holds(instruction.keyword_span));
    instruction.flags.iter().for_each(|flag| holds(text, flag.span));
    instruction.words().iter().for_each(|word| holds(text, word.span));
    instruction.heredocs.iter().for_each(|heredoc| holds(text, heredoc.span));
    for pair in instruction.pairs() {
        holds(text, pair.name_span);
        pair.value.iter().for_each(|word| holds(text, word.span));
    }
}

proptest! {
    #[test]
    fn trees_have_places_on_character_boundaries(text in nonsense()) {
        let dialects = Dialect::ALL.map(Format::Dotenv);
        for format in FORMATS.into_iter().chain(dialects) {
            let first = parse(&text, format);
            match &first {
                Ok(document) => {
                    document.roots().iter().for_each(|root| check(&text, root));
                    document.comments.iter().for_each(|span| holds(&text, *span));
                    document.errors.iter().for_each(|error| holds(&text, error.span));
                }
                Err(refused) => refused.span().into_iter().for_each(|span| holds(&text, span)),
            }
            prop_assert_eq!(format!("{first:?}"), format!("{:?}", parse(&text, format)));
        }
    }

    #[test]
    fn dockerfiles_have_places_on_character_boundaries(text in nonsense()) {
        let file = dockerfile::read(&text).unwrap();
        for instruction in file.globals.iter().chain(file.stages.iter().flat_map(|stage| &stage.instructions)) {
            check_instruction(&text, instruction);
        }
        file.stages.iter().for_each(|stage| check_instruction(&text, &stage.from));
        file.comments.iter().for_each(|span| holds(&text, *span));
        file.errors.iter().for_each(|error| holds(&text, error.span));
    }

    #[test]
    fn nginx_files_have_places_on_character_boundaries(text in nonsense()) {
        let file = nginx::read(&text).unwrap();
        check_directives(&text, &file.directives);
        file.comments.iter().for_each(|span| holds(&text, *span));
        file.errors.iter().for_each(|error| holds(&text, error.span));
    }

    #[test]
    fn every_text_is_a_template(text in nonsense()) {
        for syntax in [Syntax::Compose, Syntax::NodeExpand, Syntax::Python, Syntax::Dockerfile] {
            template(&Text::from(&*text), syntax);
        }
    }
}

#[test]
fn a_file_larger_than_any_configuration_is_refused() {
    let text = " ".repeat(limits::MAX_BYTES + 1);
    for format in FORMATS {
        assert_eq!(parse(&text, format), Err(Refused::TooLarge { bytes: text.len() }));
    }
    assert!(dockerfile::read(&text).is_err() && nginx::read(&text).is_err());
}

#[test]
fn a_file_of_more_values_than_any_configuration_has_is_refused() {
    let list = format!("[{}1]", "1,".repeat(limits::MAX_VALUES));
    let pairs: String = (0..=limits::MAX_VALUES).map(|n| format!("a{n} = 1\n")).collect();
    for (text, format) in [
        (list.clone(), Format::Json),
        (list.clone(), Format::Yaml),
        ("- 1\n".repeat(limits::MAX_VALUES), Format::Yaml),
        (format!("a = {list}"), Format::Toml),
        (pairs.clone(), Format::Toml),
        (pairs, Format::Hcl),
    ] {
        let refused = parse(&text, format).unwrap_err();
        assert!(matches!(refused, Refused::TooManyValues(_)) && refused.is_too_large(), "{format:?}: {refused:?}");
    }
    assert!(matches!(nginx::read(&"a b;".repeat(limits::MAX_VALUES)), Err(Refused::TooManyValues(_))));
    assert!(parse(&"a: 1\n".repeat(limits::MAX_VALUES / 2), Format::Yaml).is_ok());
}

#[test]
fn what_is_printed_of_a_tree_holds_no_value() {
    let files = [
        ("a: hunter2\n# hunter2\n", Format::Yaml),
        ("a = \"hunter2\"", Format::Toml),
        ("{\"a\": \"hunter2\"}", Format::Json),
        ("A=hunter2\nhunter2 line", Format::Dotenv(Dialect::Node)),
    ];
    for (text, format) in files {
        assert!(!format!("{:?}", parse(text, format)).contains("hunter2"), "{text}");
    }
    assert!(
        !format!("{:?}", dockerfile::read("FROM x\nENV A=hunter2\nRUN hunter2 <<E\nhunter2\nE")).contains("hunter2")
    );
    assert!(!format!("{:?}", nginx::read("auth hunter2; hunter2")).contains("auth hunter2"));
    assert!(!format!("{:?}", dotenv::read("A=hunter2", Dialect::Compose)).contains("hunter2"));
}
