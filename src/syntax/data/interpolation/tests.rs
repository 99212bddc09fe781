use super::*;

fn text(characters: &str) -> Piece {
    Piece::Text(Text::new(characters))
}

fn reference(name: &str, form: Form) -> Piece {
    Piece::Reference { name: Arc::from(name), form }
}

fn plain(name: &str) -> Piece {
    reference(name, Form::Plain)
}

fn or(name: &str, when_empty: bool, value: Vec<Piece>) -> Piece {
    reference(name, Form::Default { when_empty, value })
}

fn compose(characters: &str) -> Vec<Piece> {
    interpolation(&Text::new(characters))
}

#[test]
fn compose_knows_all_operators() {
    assert_eq!(compose("a${B}c$D"), [text("a"), plain("B"), text("c"), plain("D")]);
    assert_eq!(compose("${A:-x}"), [or("A", true, vec![text("x")])]);
    assert_eq!(compose("${A-x}"), [or("A", false, vec![text("x")])]);
    assert_eq!(compose("${A-}"), [or("A", false, vec![])]);
    assert_eq!(compose("${A:?set it}"), [reference("A", Form::Required { when_empty: true })]);
    assert_eq!(compose("${A?}"), [reference("A", Form::Required { when_empty: false })]);
    let alternate = |when_empty| Form::Alternate { when_empty, value: vec![text("x")] };
    assert_eq!(compose("${A:+x}${B+x}"), [reference("A", alternate(true)), reference("B", alternate(false))]);
}

#[test]
fn two_dollars_are_one() {
    assert_eq!(compose("a$$b$$$C"), [text("a$b$"), plain("C")]);
}

#[test]
fn defaults_hold_references() {
    let inner = or("B", false, vec![text("x"), plain("C")]);
    assert_eq!(compose("${A:-${B-x${C}}}!"), [or("A", true, vec![inner]), text("!")]);
}

#[test]
fn compose_refuses_what_it_cannot_read() {
    for malformed in ["${A", "${}", "${1}", "${A B}", "${A!x}", "${A:}", "${A:x}", "${A:=d}", "${A#a}", "${A:-${B}"] {
        assert_eq!(compose(malformed), [Piece::Malformed], "{malformed}");
    }
}

#[test]
fn a_dollar_that_starts_nothing_is_one_in_compose() {
    for characters in ["a$", "pa$1word", "$(cmd)", "$ {X}", "$", "$5", "a$-b"] {
        assert_eq!(compose(characters), [text(characters)]);
    }
    assert_eq!(compose("${N:-$}"), [or("N", true, vec![text("$")])]);
}

#[test]
fn dockerfiles_take_quotes_off_in_an_operand() {
    let docker = |characters| pieces(characters, Syntax::Dockerfile);
    assert_eq!(docker("${N:-\"a b\"}"), [or("N", true, vec![text("a b")])]);
    assert_eq!(docker("${N:-'$A}'\\\"}!"), [or("N", true, vec![text("$A}\"")]), text("!")]);
    assert_eq!(docker("${N:-\"${A}x\"}"), [or("N", true, vec![plain("A"), text("x")])]);
}

#[test]
fn dockerfiles_change_values_by_patterns() {
    let docker = |characters| pieces(characters, Syntax::Dockerfile);
    let changed = |edit, twice, pattern: &str, with: &str| {
        let parts = |characters: &str| if characters.is_empty() { vec![] } else { vec![text(characters)] };
        reference("X", Form::Changed { edit, twice, pattern: parts(pattern), replacement: parts(with) })
    };
    assert_eq!(docker("${X#x}"), [changed(Edit::Prefix, false, "x", "")]);
    assert_eq!(docker("${X##*x}"), [changed(Edit::Prefix, true, "*x", "")]);
    assert_eq!(docker("${X%v}"), [changed(Edit::Suffix, false, "v", "")]);
    assert_eq!(docker("${X%%v}"), [changed(Edit::Suffix, true, "v", "")]);
    assert_eq!(docker("${X/x/y}"), [changed(Edit::Replace, false, "x", "y")]);
    assert_eq!(docker("${X//x/y}"), [changed(Edit::Replace, true, "x", "y")]);
}

#[test]
fn a_build_has_no_parameters_of_a_shell() {
    for characters in ["$1", "$$", "$?", "$@", "$*", "$#", "$-"] {
        assert_eq!(pieces(characters, Syntax::Dockerfile), [text("")], "{characters}");
    }
    assert_eq!(pieces("a$ b$", Syntax::Dockerfile), [text("a$ b$")]);
}

#[test]
fn dotenv_expand_leaves_a_default_with_braces_of_its_own() {
    let characters = "${N:-{\"a\":1}}";
    assert_eq!(pieces(characters, Syntax::NodeExpand), [text(characters)]);
}

#[test]
fn dotenv_expand_takes_empty_for_unset_and_a_backslash_for_an_escape() {
    let expand = |characters| pieces(characters, Syntax::NodeExpand);
    assert_eq!(expand("${A-x}$B"), [or("A", true, vec![text("x")]), plain("B")]);
    assert_eq!(expand(r"\$A \${B}"), [text("$A ${B}")]);
    assert_eq!(expand("$5 $ ${A"), [text("$5 $ ${A")]);
    assert_eq!(expand("$$A"), [text("$"), plain("A")]);
    assert_eq!(expand("${A:?x}"), [plain("A:?x")]);
    assert_eq!(expand("${A:-${B}}"), [or("A", true, vec![plain("B")])]);
}

#[test]
fn python_expands_braces_alone() {
    let python = |characters| pieces(characters, Syntax::Python);
    assert_eq!(python("${A}-$B"), [plain("A"), text("-$B")]);
    assert_eq!(python("${A:-x$}y"), [or("A", false, vec![text("x$")]), text("y")]);
    assert_eq!(python(r"\${A}"), [text("\\"), plain("A")]);
    assert_eq!(python("${A:x}${"), [text("${A:x}${")]);
}

#[test]
fn dockerfiles_escape_with_a_backslash() {
    let docker = |characters| pieces(characters, Syntax::Dockerfile);
    assert_eq!(docker(r"\$A$B:${C:-1}"), [text("$A"), plain("B"), text(":"), or("C", true, vec![text("1")])]);
    assert_eq!(docker("cost: 5$"), [text("cost: 5$")]);
    assert_eq!(docker("a${B"), [text("a"), Piece::Malformed]);
}

#[test]
fn letters_outside_ascii_end_a_name() {
    assert_eq!(compose("é$Aé"), [text("é"), plain("A"), text("é")]);
}

#[test]
fn hostile_nesting_ends_at_once() {
    let deep = format!("{}{}", "${A:-".repeat(100_000), "}".repeat(100_000));
    assert_eq!(compose(&deep), [Piece::Malformed]);
    for syntax in [Syntax::NodeExpand, Syntax::Python, Syntax::Dockerfile, Syntax::Compose] {
        for unit in ["${", "${:x", "${A:-", "$", "\\"] {
            pieces(&unit.repeat(20_000), syntax);
            pieces(&format!("{}}}", unit.repeat(20_000)), syntax);
        }
    }
}
