//! Texts that are made of values, and texts that hold them.

use super::*;

fn python(expression: &str) -> String {
    let source = format!("import ast\nimport json\nimport os\nvalue = {expression}\n");
    evaluate_in(&OPEN, &[("a.py", &source)])
}

fn script(expression: &str) -> String {
    typescript(&format!("export default {expression};"))
}

#[test]
fn python_puts_values_into_texts() {
    for (expression, expected) in [
        (r#""%s-%d" % ("a", 1)"#, r#""a-1""#),
        (r#""100%% of %s" % "a""#, r#""100% of a""#),
        (r#""%(x)s" % {"x": True}"#, r#""True""#),
        (r#""{}/{}".format("a", None)"#, r#""a/None""#),
        (r#""{1}{0}{x}{{}}".format("b", "a", x=3)"#, r#""ab3{}""#),
        (r#""o'neil x2y".title()"#, r#""O'Neil X2Y""#),
        (r#""lOUD".capitalize()"#, r#""Loud""#),
    ] {
        assert_eq!(python(expression), expected, "{expression}");
    }
}

#[test]
fn what_is_asked_of_a_text_needs_all_of_the_question() {
    for (expression, expected) in [
        (r#""https://a".startswith(("http://", "https://"))"#, "true"),
        (r#""a.pem".endswith((".key", ".crt"))"#, "false"),
        (r#""a=b=c".split("=", 1)"#, r#"["a", "b=c"]"#),
        (r#""a=b=c".split("=", maxsplit=-1)"#, r#"["a", "b", "c"]"#),
        (r#""v1.2".removeprefix("v").removesuffix(".3")"#, r#""1.2""#),
        (r#""/a/".strip("/") + "..b..".rstrip(".")"#, r#""a..b""#),
        ("str(True) + str(None)", r#""TrueNone""#),
    ] {
        assert_eq!(python(expression), expected, "{expression}");
    }
    assert_eq!(script(r#""a,b,c".split(",", 2)"#), r#"["a", "b"]"#);
    assert!(script(r#""abc".includes(process.env.A)"#).starts_with('?'));
    assert!(python(r#""abc".startswith(os.environ["A"])"#).starts_with('?'));
}

#[test]
fn words_for_yes_are_numbers_to_python() {
    let source = "import os\nfrom distutils.util import strtobool\nvalue = bool(strtobool(os.getenv('A', 'Yes')))\n";
    assert_eq!(evaluate_in(&CLOSED, &[("a.py", source)]), "true");
}

#[test]
fn what_is_more_than_a_plain_hole_is_not_followed() {
    for expression in [
        r#""%5s" % "a""#,
        r#""%s %s" % ("a",)"#,
        r#""%d" % "a""#,
        r#""{:>5}".format("a")"#,
        r#""{0.x}".format("a")"#,
        r#""{}".format()"#,
    ] {
        assert!(python(expression).starts_with('?'), "{expression}: {}", python(expression));
    }
}

#[test]
fn texts_with_data_are_read() {
    for (expression, expected) in [
        (r#"json.loads('{"a": [1, null, true], "b": "c"}')"#, r#"{a: [1, null, true], b: "c"}"#),
        (r#"ast.literal_eval("{'a': (1, -2), 'b': None}")"#, "{a: [1, -2], b: null}"),
        (r#"json.loads("[1,")"#, "?"),
        (r#"ast.literal_eval("run()")"#, "?"),
    ] {
        assert!(python(expression).starts_with(expected), "{expression}: {}", python(expression));
    }
    assert_eq!(script(r#"JSON.parse('["a", {"b": 2}]')"#), r#"["a", {b: 2}]"#);
}

#[test]
fn a_fallback_with_data_is_a_choice() {
    assert_eq!(python(r#"json.loads(os.getenv("A", "false"))"#), "<A set: false | ?A>");
}

#[test]
fn to_python_a_boolean_is_a_number() {
    assert_eq!(
        python("[1 == True, 0 != False, True == 2, 1 is True, [1] == True]"),
        "[true, false, false, false, ?Undecided]"
    );
}

#[test]
fn python_asks_for_the_class_of_what_is_known() {
    assert_eq!(
        python(
            r#"[isinstance("no", bool), isinstance(True, (bool, str)), isinstance(True, int), isinstance(None, str)]"#
        ),
        "[false, true, true, false]"
    );
    assert_eq!(python(r#"isinstance(os.getenv("A", "False"), bool)"#), "<A set: false | ?A>");
    assert_eq!(python("isinstance(1, int)"), "?Undecided");
}

#[test]
fn addresses_are_taken_apart() {
    for (part, expected) in [
        ("hostname", r#""db.example.com""#),
        ("host", r#""db.example.com:6380""#),
        ("port", r#""6380""#),
        ("password", r#""p""#),
        ("protocol", r#""rediss:""#),
    ] {
        let source = format!("new URL('rediss://u:p@DB.example.com:6380/0').{part}");
        assert_eq!(script(&source), expected, "{part}");
    }
    assert_eq!(script("new URL('https://a.example.com:443/x?y').origin"), r#""https://a.example.com""#);
    assert_eq!(script("new URL('http://[::1]:8080').hostname"), r#""[::1]""#);
    assert_eq!(script("new URL(process.env.A ?? 'redis://localhost').hostname"), r#"<A set: "localhost" | ?A>"#);
}

#[test]
fn a_module_that_is_imported_is_not_the_program() {
    let tools = "from kit import configure\nif __name__ == '__main__':\n    configure(1)\n";
    let main = "import tools\nfrom kit import start\nif __name__ == '__main__':\n    start(2)\n";
    let calls = told(&[("main.py", main), ("tools.py", tools)], &OPEN);
    assert!(!calls.iter().any(|call| call.contains("configure")), "{calls:?}");
    assert!(calls.iter().any(|call| call.starts_with("kit:start")), "{calls:?}");
}

#[test]
fn texts_that_double_end() {
    for line in ["x = '%s%s' % (x, x)\n", "x = '{}{}'.format(x, x)\n"] {
        let source = format!("x = 'ab'\n{}value = x\n", line.repeat(60));
        assert_eq!(evaluate_in(&OPEN, &[("a.py", &source)]), "?TooComplex", "{line}");
    }
}
