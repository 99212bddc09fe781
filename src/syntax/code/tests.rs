//! What holds for every language: hostile sources, odd encodings, places.

use super::shape::shape;
use super::{Module, Refused, SourceKind, parse};
use proptest::prelude::*;

const KINDS: [SourceKind; 4] = [SourceKind::TypeScript, SourceKind::Tsx, SourceKind::JavaScript, SourceKind::Python];

/// Drops a tree on a stack far smaller than any thread has.
fn drop_on_a_small_stack(module: Module) {
    let thread = std::thread::Builder::new().stack_size(512 << 10).spawn(move || drop(module));
    thread.expect("a thread").join().expect("a tree of bounded depth");
}

/// Parses `unit` repeated 100,000 times, or as often as a file of the language holds it.
fn parse_nested(kind: SourceKind, head: &str, unit: &str, tail: &str) {
    let most = if kind == SourceKind::Python { 4 << 20 } else { 1 << 20 };
    let times = 100_000.min((most - head.len() - tail.len()) / unit.len());
    if let Ok(module) = parse(&format!("{head}{}{tail}", unit.repeat(times)), kind) {
        drop_on_a_small_stack(module);
    }
}

#[test]
fn scripts_nested_a_hundred_thousand_levels_are_refused_or_bounded() {
    let nested: [(&str, &[&str], &str); 6] = [
        ("x=", &["[", "(", "{a:", "(a=", "`${", "<a>", "async(a=", "<T>(a=", "f(", "a?(b=", "function(){"], ""),
        (
            "x=",
            &["!", "typeof ", "- ", "await ", "a?b:", "a=>", "(a)=>", "1+", "a**", "a=", "a&&", "a??", "a,", "<T>"],
            "a",
        ),
        ("x=", &["new ", "new\r", "yield ", "async a=>", "a?b,", "@a ", "...", "a?.", "a|", "a<", "a?(b):c=>"], "a"),
        ("x=a", &[".b", "()", "[0]", "?.b", "!", " as b", "``", "`${1}`", "<b>", "\n"], ""),
        (
            "type T=",
            &["[", "A<", "{a:", "keyof ", "keyof\r", "a|", "()=>", "new()=>", "a extends b?c:", "a.", "`${"],
            "a",
        ),
        (
            "",
            &[
                "{",
                "if(a)",
                "if(a);else ",
                "for(;;)",
                "while(1)",
                "do ",
                "try{",
                "a:",
                "class A{a=",
                "let [",
                "namespace a{",
            ],
            "a",
        ),
    ];
    for (head, units, tail) in nested {
        for unit in units {
            parse_nested(SourceKind::TypeScript, head, unit, tail);
        }
    }
    parse_nested(SourceKind::Tsx, "x=", "<a>", "");
    parse_nested(SourceKind::JavaScript, "x=", "<a b={", "");
}

#[test]
fn python_nested_a_hundred_thousand_levels_is_refused_or_bounded() {
    let nested: [(&str, &[&str], &str); 4] = [
        ("x=", &["[", "(", "{a:", "f(", "f'{", "f'{a:{b:", "lambda a=("], ""),
        (
            "x=",
            &["not ", "- ", "~", "await ", "lambda:", "a if b else ", "a**", "a+", "a<", "a and ", "a or b and ", "*"],
            "a",
        ),
        ("x=a", &[".b", "()", "[0]", " if b else c"], ""),
        ("", &["if a:b\nel", "a=", "@a\n", "with (", "match (", "while a:", "'", "f'{\"", "(\n", "\\\n"], "if a:b"),
    ];
    for (head, units, tail) in nested {
        for unit in units {
            parse_nested(SourceKind::Python, head, unit, tail);
        }
    }
}

#[test]
fn blocks_nested_deeper_than_any_program_are_refused() {
    let blocks = |levels: usize| (0..levels).map(|level| format!("{}if a:\n", " ".repeat(level))).collect::<String>();
    assert!(parse(&format!("{}{}b", blocks(90), " ".repeat(90)), SourceKind::Python).is_ok());
    assert!(matches!(parse(&blocks(2000), SourceKind::Python), Err(Refused::TooDeep { .. })));
}

#[test]
fn sources_that_the_parser_would_read_again_and_again_are_refused() {
    for unit in [
        "a<",
        "a<b,",
        "a<b|",
        "new a<",
        "a?(b):c=>",
        "a?async(b):c=>",
        "a<'b',",
        "a<(a=",
        "(a=a<",
        "a<{[",
        "static ",
        "\nawait ",
    ] {
        let source = format!("x={}a{}", unit.repeat(5000), ")".repeat(5000));
        let refused = parse(&source, SourceKind::TypeScript);
        assert!(matches!(refused, Err(Refused::TooTangled { .. } | Refused::TooDeep { .. })), "{unit}: {refused:?}");
    }
    // The time doubles with each of these.
    assert!(matches!(
        parse(&format!("x={}", "a<(a=".repeat(30)), SourceKind::TypeScript),
        Err(Refused::TooTangled { .. })
    ));
}

#[test]
fn ordinary_code_is_not_tangled() {
    let source = "const a: Map<string, Array<{ b: Set<number> }>> = new Map<string, X<Y>>()\n\
                  const c = i < n && (j, k) ? (l) => m : (o as P<Q>)\n\
                  for (let i = 0; i < a.length; i++) if (i < 3 || n > 4) f<T>((x, y = 1) => ({ ...x }))\n";
    assert!(parse(&source.repeat(3000), SourceKind::TypeScript).is_ok());
}

#[test]
fn chains_longer_than_the_limit_end_in_an_opaque_leaf() {
    for kind in [SourceKind::TypeScript, SourceKind::Python] {
        let short = shape(&parse(&format!("x = {}1", "a + ".repeat(300)), kind).expect("a sum"));
        assert!(!short.contains("nested too deeply"));
        let long = parse(&format!("x = {}1", "a + ".repeat(1000)), kind).expect("a sum");
        assert!(shape(&long).contains("<nested too deeply>"));
    }
}

#[test]
fn large_files_are_refused_by_size() {
    let limit = 1 << 20;
    assert_eq!(
        parse(&" ".repeat(limit + 1), SourceKind::JavaScript).err(),
        Some(Refused::TooLarge { bytes: limit + 1, limit })
    );
    assert!(parse(&"a = 1\n".repeat(300_000), SourceKind::Python).is_ok());
}

#[test]
fn refusals_are_said_in_plain_words() {
    let refused = parse("(", SourceKind::TypeScript).expect_err("an open bracket");
    assert!(refused.to_string().starts_with("the syntax is not valid: "), "{refused}");
    assert!(refused.span().is_some());
}

#[test]
fn kinds_go_by_the_extension() {
    let kinds = [
        ("a.ts", Some(SourceKind::TypeScript)),
        ("a/b.config.mts", Some(SourceKind::TypeScript)),
        ("a.TSX", Some(SourceKind::Tsx)),
        ("a.cjs", Some(SourceKind::JavaScript)),
        ("a.jsx", Some(SourceKind::JavaScript)),
        ("a.pyi", Some(SourceKind::Python)),
        ("a.json", None),
        ("py", None),
        ("a.ts/b", None),
    ];
    for (path, kind) in kinds {
        assert_eq!(SourceKind::from_path(path), kind, "{path}");
    }
}

#[test]
fn empty_files_have_no_statements() {
    for kind in KINDS {
        for source in ["", "\n", " \r\n\t", "\u{feff}"] {
            let module = parse(source, kind).expect("an empty file");
            assert!(module.body.is_empty() && module.errors.is_empty(), "{kind:?} {source:?}: {module:?}");
        }
    }
}

#[test]
fn byte_order_marks_carriage_returns_and_unicode_names_are_read() {
    for kind in KINDS {
        let module = parse("\u{feff}größe = 'ü'\r\n名前 = größe\r\n", kind).expect("two assignments");
        let expected = match kind {
            SourceKind::Python => "let größe = \"ü\"; let 名前 = größe",
            _ => "(größe = \"ü\"); (名前 = größe)",
        };
        assert_eq!(shape(&module), expected);
    }
}

#[test]
fn comments_are_listed_with_their_delimiters() {
    let listed = |source: &'static str, kind| -> Vec<&str> {
        let module = parse(source, kind).expect(source);
        module.comments.iter().map(|span| &source[span.start as usize..span.end as usize]).collect()
    };
    assert_eq!(listed("a // ü\n/* b */ c", SourceKind::TypeScript), ["// ü", "/* b */"]);
    assert_eq!(listed("a # ü\n'# no'\n#b", SourceKind::Python), ["# ü", "#b"]);
}

#[test]
fn spans_are_the_smallest_text() {
    let source = "const ä = ((f(b.c) as T)!)";
    let module = parse(source, SourceKind::TypeScript).expect(source);
    let super::Statement::Declare { value: Some(value), .. } = &module.body[0] else { panic!("{module:?}") };
    assert_eq!(&source[value.span.start as usize..value.span.end as usize], "f(b.c)");
}

/// Every span of a module, read out of its debug form.
fn spans(module: &Module) -> Vec<(usize, usize)> {
    let shown = format!("{module:?}");
    let span = regex::Regex::new(r"Span \{ start: (\d+), end: (\d+) \}").expect("a pattern");
    span.captures_iter(&shown)
        .map(|found| (found[1].parse().expect("a number"), found[2].parse().expect("a number")))
        .collect()
}

const PIECES: [&str; 48] = [
    "a",
    "ö",
    " ",
    "\n",
    "\r\n",
    "  ",
    "=",
    "==",
    "1",
    "'é'",
    "\"",
    "`",
    "${",
    "f'{",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    ":",
    ",",
    ";",
    ".",
    "?.",
    "??",
    "=>",
    "const ",
    "export ",
    "default ",
    "import ",
    " from ",
    "class ",
    "function ",
    "def ",
    "async ",
    "await ",
    "if ",
    "else",
    "match ",
    "case ",
    "@",
    "#",
    "//",
    "/*",
    "\\",
];

proptest! {
    #[test]
    fn any_source_is_read_or_refused_with_spans_on_characters(
        picks in proptest::collection::vec(0..PIECES.len(), 0..60),
        kind in 0..KINDS.len(),
    ) {
        let source: String = picks.iter().map(|pick| PIECES[*pick]).collect();
        let spans = match parse(&source, KINDS[kind]) {
            Ok(module) => spans(&module),
            Err(refused) => refused.span().iter().map(|span| (span.start as usize, span.end as usize)).collect(),
        };
        for (start, end) in spans {
            prop_assert!(source.get(start..end).is_some(), "{start}..{end} of {source:?}");
        }
    }
}

/// Whatever nests, or ends what nests, in scripts: words, operators, beginnings of types, of tags and of parameters.
#[rustfmt::skip]
const SCRIPT_TOKENS: &[&str] = &[
    "{", "}", "(", ")", "[", "]", ".", "...", ";", ",", "<", ">", "+", "-", "*", "/", "**", "++", "--", "&", "|", "^", "!",
    "~", "&&", "||", "??", "?", "?.", ":", "=", "+=", "??=", "=>", "@", "#", "`", "${", "`${", "a", "é", "1", "''", "/a/",
    "//\n", "/**/", "\n", "\r", "\u{2028}", "<a>", "</a>", "<a/>", "<>", "<a b={", "<a b=", "<a {...", "case ", "class ",
    "class A{", "const ", "default", "delete ", "do ", "else ", "enum ", "export ", "extends ", "for(", "function ",
    "function(){", "if(a)", "import(", "in ", "instanceof ", "new ", "return ", "super(", "throw ", "try{", "typeof ",
    "void ", "while(", "with(a)", "yield ", "yield*", "let ", "static{", "async ", "async(", "await ", "of ", "get ", "type ",
    "interface ", "namespace ", "declare ", "abstract ", "as ", "satisfies ", "keyof ", "infer ", "is ", "asserts ",
    "unique ", "readonly ", "using ", "a:", "a?:", "a=>", "(a)=>", "(a=", "({a=", "([a=", "<T>", "<T>(", "<T,>(",
    "<T extends ", "new()=>", "a extends b?c:", "a?b:", "a?(b):c=>", "else if(a)", "a[", "a(", "a.", "a!", "a?.[", "#a in ",
    "@a ", "@a()", "@(", "typeof import(", "a is ", "-readonly [a in ", "[a in ", "get a(){", "async*a(){", "a`", "{a:",
    "{[", "for(a of ", "for(;;)", "while(1)", "try{}catch{", "switch(a){case ", "if(a);else ", "do;while(", "let [",
    "function a(b=", "(()=>{", "class A{a=", "class extends ", "namespace a{", "enum A{b=", "type A=", "type A<T=",
    "interface A extends B<", "let a:", "a as ", "a<", "a<b,", "a<b|", "new a<", "&a", "|a", "keyof a[", "(this:",
];

/// The same for Python.
#[rustfmt::skip]
const PYTHON_TOKENS: &[&str] = &[
    "(", ")", "[", "]", "{", "}", ".", ",", ":", ";", "=", ":=", "->", "+", "-", "*", "**", "/", "//", "%", "@", "~", "<", ">",
    "==", "!=", "&", "|", "a", "é", "1", "''", "f'{", "f'", "'", "\"\"\"", "#", "\\\n", "\n", "\n ", "\n  ", "\t", "not ", "and ",
    "or ", "in ", "is ", "not in ", "lambda:", "lambda a=", "a if b else ", "if a:", "elif a:", "else:", "for a in ", "while a:",
    "def f(", "def f():", "class A(", "class A:", "async ", "await ", "yield ", "yield from ", "return ", "raise ", "del ",
    "with (", "with a as ", "try:", "except ", "finally:", "match ", "match a:", "case ", "case [", "case {", "import ",
    "from . import ", "global ", "assert ", "type A = ", "*a", "**a", "a(", "a[", "a.", "a=", "@a\n", "print ", "...",
];

/// A beginning, a nesting of what was picked, a middle, and what closes it, as long as `bytes`.
fn nesting(tokens: &[&str], head: &str, picks: &[usize], closes: bool, bytes: usize) -> String {
    let unit: String = picks.iter().map(|pick| tokens[pick % tokens.len()]).collect();
    let close: String = unit
        .chars()
        .rev()
        .filter_map(|c| match c {
            '(' => Some(')'),
            '[' => Some(']'),
            '{' => Some('}'),
            '<' => Some('>'),
            _ => None,
        })
        .collect();
    let depth =
        |text: &str| text.matches(['(', '[', '{']).count().saturating_sub(text.matches([')', ']', '}']).count());
    let times =
        (bytes / (unit.len() + close.len()).max(1)).min(250_usize.checked_div(depth(&unit)).unwrap_or(usize::MAX));
    format!("{head}{}a{}", unit.repeat(times), if closes { close.repeat(times) } else { String::new() })
}

/// Whether half of the stack that a file is given is enough to read it; a file that is refused needs none. Where it
/// is not enough, the process ends.
fn reads_on_half_its_stack(text: &str, kind: SourceKind) {
    let stack = match kind {
        SourceKind::Python => super::python::stack(text),
        _ => super::typescript::stack(text),
    };
    let Ok(stack) = stack else { return };
    std::thread::scope(|scope| {
        let read = || match kind {
            SourceKind::Python => drop(super::python::parse_guarded(text)),
            _ => drop(super::typescript::parse_guarded(text, kind)),
        };
        let thread = std::thread::Builder::new().name(format!("{:?}", text.chars().take(60).collect::<String>()));
        thread.stack_size(stack / 2).spawn_scoped(scope, read).expect("a thread").join().expect("no panic");
    });
}

const SCRIPT_HEADS: [&str; 14] = [
    "",
    "x=",
    "type T=",
    "class A{",
    "class A extends ",
    "x=<a>",
    "function f(",
    "let ",
    "export default ",
    "for(",
    "x=a as ",
    "interface A{a:",
    "async function f(){",
    "switch(a){case ",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_nesting_needs_more_than_half_of_its_stack_or_much_time(
        picks in proptest::collection::vec(any::<usize>(), 1..6),
        head in 0..SCRIPT_HEADS.len(),
        closes in any::<bool>(),
        kind in 0..KINDS.len(),
        bytes in 1_000_usize..60_000,
    ) {
        let source = match KINDS[kind] {
            SourceKind::Python => nesting(PYTHON_TOKENS, "", &picks, closes, bytes),
            _ => nesting(SCRIPT_TOKENS, SCRIPT_HEADS[head], &picks, closes, bytes),
        };
        let start = std::time::Instant::now();
        reads_on_half_its_stack(&source, KINDS[kind]);
        // A parser that goes over it again and again would take minutes.
        prop_assert!(start.elapsed().as_secs() < 20, "{:?} for {source:.80}", start.elapsed());
    }
}

#[test]
fn javascript_with_the_types_of_flow_is_read() {
    let source = "class Server { port: number; start(port: number): void { this.port = port; } }";
    let read = parse(source, SourceKind::JavaScript).expect("types that TypeScript has, too");
    assert!(read.errors.is_empty() && matches!(read.body.as_slice(), [crate::syntax::code::Statement::Class { .. }]));
}
