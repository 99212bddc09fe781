use crate::syntax::code::shape::shape;
use crate::syntax::code::{Module, SourceKind, parse};

fn module(source: &str) -> Module {
    parse(source, SourceKind::Python).expect(source)
}

/// Checks each source against the shape it is lowered to.
fn check(cases: &[(&str, &str)]) {
    for (source, expected) in cases {
        let module = module(source);
        assert!(module.errors.is_empty(), "{source}: {:?}", module.errors);
        assert_eq!(shape(&module), *expected, "\nsource: {source}");
    }
}

#[test]
fn literals() {
    check(&[
        ("None", "null"),
        ("True", "true"),
        ("1_000", "1000"),
        ("0xff", "255"),
        ("99999999999999999999", "100000000000000000000"),
        ("1.5", "1.5"),
        ("2j", "<complex number>"),
        ("'a' \"b\\n\"", "\"ab\\n\""),
        ("r'a\\n'", "\"a\\\\n\""),
        ("b'a'", "\"a\""),
        ("f'a{b}c{d!s}'", "`\"a\", b, \"c\", d`"),
        ("'x' f'{a:>8}{b!r}{c=}'", "`\"x\", <formatted value>, <formatted value>, <formatted value>`"),
        ("[a, *b]", "[a, ...b]"),
        ("(a, b)", "[a, b]"),
        ("{a, b}", "[a, b]"),
        ("{'a': 1, b: 2, 3: 4, **c}", "{a: 1, [b]: 2, [3]: 4, ...c}"),
        ("...", "<...>"),
    ]);
}

#[test]
fn expressions() {
    check(&[
        ("a.b[c].d", "a.b[c].d"),
        ("a[1:2]", "a.%slice(1, 2, null)"),
        ("a[:-1]", "a.%slice(null, Minus(1), null)"),
        ("a[b, c]", "a[[b, c]]"),
        ("f(a, *b, c=1, **d)", "f(a, ...b, c=1, **d)"),
        ("not a", "Not(a)"),
        ("-a + b", "(Minus(a) Add b)"),
        ("a // b ** c", "(a FloorDivide (b Power c))"),
        ("a | b", "(a Or b)"),
        ("a and b or c", "((a And b) Or c)"),
        ("a or b or c", "((a Or b) Or c)"),
        ("a == b", "(a Equal b)"),
        ("a is not None", "(a IsNot null)"),
        ("a not in b", "(a NotIn b)"),
        ("a < b < c", "((a Less b) And (b Less c))"),
        ("a < f() < c", "((a Less f()) And (<chained comparison> Less c))"),
        ("a if b else c", "(b ? a : c)"),
        ("(a := 1)", "(a = 1)"),
        ("lambda a, b=1, *c, **d: a", "(a, b = 1, ...c, **d) => { return a }"),
        ("[x.strip() for x in a if x]", "[x.strip() for x in a if x]"),
        ("{k: v for k, v in a}", "dict([[k, v] for [k, v] in a if ])"),
        ("[a for b in c for a in b]", "seq([[a for a in b if ] for b in c if ], <nested comprehension>)"),
        ("await f()", "Await(f())"),
    ]);
}

#[test]
fn assignments() {
    check(&[
        ("A = 1", "let A = 1"),
        ("A: int = 1", "let A = 1"),
        ("A: int", "let A"),
        ("a = b = f()", "let a = f(); let b = a"),
        ("x.y = b = f()", "let b = f(); (x.y = b)"),
        ("a.b = 1", "(a.b = 1)"),
        ("a['b'] = 1", "(a[\"b\"] = 1)"),
        ("A += [b]", "(A Add= [b])"),
        ("a, b = c", "let [a, b] = c"),
        ("a, *b = c", "let [a ...b] = c"),
        ("a, *b, d = c", "let [a] = c; let b = <starred binding>; let d = <starred binding>"),
        ("def f():\n  global A\n  A = 1\n  b = 2", "def f: () => { opaque; (A = 1); let b = 2 }"),
    ]);
}

#[test]
fn imports() {
    check(&[
        ("import a, b as c", "import <module> as a from a; import <module> as c from b"),
        ("import a.b", "import <module> as a from a; import  from a.b"),
        ("import a.b as c", "import <module> as c from a.b"),
        ("from a.b import c, d as e", "import c as c, d as e from a.b"),
        ("from ..a import b", "import b as b from ..a"),
        ("from . import a", "import a as a from ."),
        ("from .a import *", "import <everything> as * from .a"),
    ]);
}

#[test]
fn functions() {
    check(&[
        ("def f(a, /, b: int = 1, *, c=2) -> str:\n  return a", "def f: (a, b: int = 1, c = 2) => { return a }"),
        ("async def f(*a, **b): ...", "def f: async (...a, **b) => { <...> }"),
        ("@app.get('/x')\ndef f(): pass", "@app.get(\"/x\") def f: () => { opaque }"),
        (
            "def f(u: Annotated[User, Depends(current)]): pass",
            "def f: (u: Annotated[[User, Depends(current)]]) => { opaque }",
        ),
    ]);
}

#[test]
fn classes() {
    check(&[
        (
            "@dec\nclass C(A, B, metaclass=M):\n  'doc'\n  a: SecretStr = 'x'\n  b: str | None\n  c = d = 1",
            "@dec class C(A, B; metaclass=M) { a: \"SecretStr\" = \"x\", b: \"str | None\", c = 1, d = c }",
        ),
        (
            "class C:\n  @property\n  def a(self) -> str: return 1\n  @a.setter\n  def a(self, v): pass\n  @staticmethod\n  def s(): pass",
            "class C(; ) { @property get a: \"str\" = (self) => { return 1 }, @staticmethod static s = () => { opaque }; open }",
        ),
        (
            "class C:\n  class Config:\n    env_file = '.env'",
            "class C(; ) { Config = class Config(; ) { env_file = \".env\" } }",
        ),
        (
            "class C:\n  a = 1\n  if X:\n    a = 2\n  else:\n    b = 3\n  c += 1",
            "class C(; ) { a = 1, a = <conditional field>, b = <conditional field>, c = <changed field>; open }",
        ),
    ]);
}

#[test]
fn statements() {
    check(&[
        ("if a: b\nelif c: d\nelse: e", "if a { b } else { if c { d } else { e } }"),
        ("if __name__ == '__main__':\n  run()", "if (__name__ Equal \"__main__\") { run() } else {}"),
        ("with open(a) as f, b:\n  c", "{ let f = open(a); b; c }"),
        ("for a, b in c:\n  d\nelse:\n  e", "loop [a, b] of c { d }; if <loop without break> { e } else {}"),
        ("while a:\n  break", "loop a { break Nearest }"),
        (
            "try:\n  a\nexcept E as e:\n  b\nelse:\n  c\nfinally:\n  d",
            "try { a; c } catch { let e = <caught error>; b } finally { d }",
        ),
        ("raise E('x') from y", "throw E(\"x\")"),
        ("assert a, 'b'", "if Not(a) { throw AssertionError(\"b\") } else {}"),
        (
            "match a:\n  case 'x': b\n  case None: c\n  case P(y=z): d\n  case w if e: f\n  case _: g",
            "switch a case \"x\" { b; break Case } case null { c; break Case } case <pattern> { let z = <matched value>; d; break Case } \
             case <guarded pattern> { let w = <matched value>; f; break Case } case - { g; break Case }",
        ),
        ("del a, b[c]", "Delete(a); Delete(b[c])"),
        ("a.b, c = d", "let [%0, c] = d; (a.b = %0)"),
        ("a.b = c[0] = d", "let %0 = d; (a.b = %0); (c[0] = %0)"),
        (
            "def f():\n  global a\n  a, b = c\n  yield b",
            "def f: generator () => { opaque; let [%22, b] = c; (a = %22); seq(b, <yield>) }",
        ),
        ("with suppress(E):\n  a()", "{ suppress(E); try { a() } catch {} finally {} }"),
    ]);
}

#[test]
fn errors_are_listed_beside_the_readable_rest() {
    let module = module("A = 1\nB = = 2\nC = 3\n");
    assert!(!module.errors.is_empty());
    let shape = shape(&module);
    assert!(shape.starts_with("let A = 1; ") && shape.ends_with("let C = 3"), "{shape}");
}

#[test]
fn an_unclosed_bracket_does_not_refuse_a_long_file() {
    let source = format!("A = [\n{}", "def f(x):\n    return x + 1\n".repeat(500));
    assert!(!module(&source).errors.is_empty());
}
