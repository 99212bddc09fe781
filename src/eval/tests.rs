//! The evaluator on small programs, in an open environment unless a test closes it.

mod compared;
mod effects;
mod handlers;
mod python_modules;
mod readers;
mod recorded;
mod schema;
mod texts;
mod uses;
mod ways;

use super::*;
use crate::syntax::code::{Export, SourceKind, Statement, parse};
use crate::text::Text;

struct Files(Vec<(&'static str, Arc<Module>)>);

impl Source for Files {
    fn module(&self, file: FileId) -> Option<Arc<Module>> {
        self.0.get(file.0 as usize).map(|(_, module)| module.clone())
    }

    fn data(&self, _file: FileId) -> Option<Arc<Node>> {
        None
    }

    fn env_file(&self, _from: FileId, _path: &str) -> Option<FileId> {
        None
    }

    fn imported_by(&self, file: FileId) -> Vec<FileId> {
        let imports = |module: &Module| {
            module.body.iter().any(|statement| match statement {
                Statement::Import(import) => {
                    let dotted = |name: &str| self.resolve(file, name) == Target::Code(file);
                    dotted(&import.module) || import.names.iter().any(|name| dotted(&name.local))
                }
                Statement::Export(Export { module: Some(module), .. }) => {
                    self.resolve(file, module) == Target::Code(file)
                }
                _ => false,
            })
        };
        let all = self.0.iter().enumerate().filter(|(_, (_, module))| imports(module));
        all.map(|(index, _)| FileId(index as u32)).collect()
    }

    fn setting(&self, _name: &str, _evaluated: &HashSet<FileId>) -> Vec<FileId> {
        (0..self.0.len()).map(|index| FileId(index as u32)).collect()
    }

    fn resolve(&self, _from: FileId, module: &str) -> Target {
        let name = module.trim_start_matches("./");
        match self.0.iter().position(|(path, _)| path.split('.').next() == Some(name)) {
            Some(index) => Target::Code(FileId(index as u32)),
            None if module.starts_with('.') => Target::Missing(module.into()),
            None => Target::External(module.into()),
        }
    }
}

struct Environment {
    set: Vec<(&'static str, &'static str)>,
    closed: bool,
}

impl Variables for Environment {
    fn read(&self, name: &str, place: Place) -> Value {
        let step = |how| Step::start(place, how);
        if name == "NODE_ENV" {
            return Value::new(Kind::Text(Text::new("production")), &step(How::Assumed { variable: name.into() }));
        }
        match self.set.iter().find(|(own, _)| *own == name) {
            Some((_, text)) => Value::new(Kind::Text(Text::new(*text)), &step(How::Sets { variable: name.into() })),
            None if self.closed => Value::new(Kind::Absent, &step(How::NotSet { variable: name.into() })),
            None => Value::unknown(Because::Variable(name.into()), &step(How::NotSet { variable: name.into() })),
        }
    }
}

static OPEN: Environment = Environment { set: Vec::new(), closed: false };
static CLOSED: Environment = Environment { set: Vec::new(), closed: true };

fn files(sources: &[(&'static str, &str)]) -> Files {
    let parsed = |(path, text): &(&'static str, &str)| {
        let kind = SourceKind::from_path(path).expect("a source file");
        (*path, Arc::new(parse(text, kind).expect("valid source")))
    };
    Files(sources.iter().map(parsed).collect())
}

/// Shows a value the way the tests compare it.
fn show(value: &Value) -> String {
    match &value.kind {
        Kind::Absent => "absent".into(),
        Kind::Null => "null".into(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::Text(text) => format!("{:?}", text.as_name()),
        Kind::Pattern { source, .. } => format!("/{}/", source.as_name()),
        Kind::List { items, open } => {
            let items: Vec<String> = items.iter().map(show).collect();
            format!("[{}{}]", items.join(", "), if open.is_some() { ", …" } else { "" })
        }
        Kind::Object { fields, open } => {
            let fields: Vec<String> = fields.iter().map(|(key, value)| format!("{key}: {}", show(value))).collect();
            format!("{{{}{}}}", fields.join(", "), if open.is_some() { ", …" } else { "" })
        }
        Kind::Function(_) => "function".into(),
        Kind::Class(_) => "class".into(),
        Kind::Call(call) => format!("{}(…)", show(&call.callee)),
        Kind::External { module, path } => format!("{module}:{path}"),
        Kind::Module(_) => "module".into(),
        Kind::Schema(_) => "schema".into(),
        Kind::Environment => "environment".into(),
        Kind::Choice(question, arms) => {
            let arms: Vec<String> = arms.iter().map(show).collect();
            let question = match question {
                Question::IsSet(name) => format!("{name} set"),
                Question::Equals(name, text) => format!("{name} is {}", text.as_name()),
                _ => "?".into(),
            };
            format!("<{question}: {}>", arms.join(" | "))
        }
        Kind::Unknown(unknown) => match &unknown.because {
            Because::Variable(name) => format!("?{name}"),
            Because::Call(name) => format!("?{name}()"),
            Because::MissingFile(path) => format!("?file {path}"),
            other => format!("?{other:?}"),
        },
    }
}

fn evaluate_in(environment: &Environment, sources: &[(&'static str, &str)]) -> String {
    let files = files(sources);
    let evaluator = Evaluator::new(&files, environment);
    let name = if sources[0].0.ends_with(".py") { "value" } else { "default" };
    show(&evaluator.export(FileId(0), name))
}

/// The default export of one TypeScript file.
fn typescript(source: &str) -> String {
    evaluate_in(&OPEN, &[("a.ts", source)])
}

#[test]
fn literals_and_constants_are_known() {
    assert_eq!(
        typescript("const day = 24 * 60 * 60; export default { a: 7 * day, b: !true, c: `x${1}` }"),
        "{a: 604800, b: false, c: \"x1\"}"
    );
}

#[test]
fn a_plain_read_that_nothing_settles_is_unknown() {
    assert_eq!(typescript("export default process.env.SECRET"), "?SECRET");
}

#[test]
fn a_plain_read_in_a_closed_environment_is_absent() {
    assert_eq!(evaluate_in(&CLOSED, &[("a.ts", "export default process.env.SECRET")]), "absent");
}

#[test]
fn a_written_fallback_makes_a_choice() {
    assert_eq!(typescript("export default process.env.X ?? '*'"), "<X set: \"*\" | ?X>");
    assert_eq!(typescript("export default Bun.env.X || '*'"), "<X set: \"*\" | ?X>");
    assert_eq!(typescript("export default import.meta.env.X?.split(',') ?? ['*']"), "<X set: [\"*\"] | ?X>");
    assert_eq!(typescript("const { X = '*' } = process.env; export default X"), "<X set: \"*\" | ?X>");
}

#[test]
fn nothing_to_fall_back_to_is_no_fallback() {
    let source =
        "const get = (name, fallback) => process.env[name] ?? fallback; export default [get('X'), get('Y', 'y')]";
    assert_eq!(typescript(source), "[?X, <Y set: \"y\" | ?Y>]");
}

#[test]
fn a_list_with_an_unknown_item_names_it() {
    let source = "const all = ['a']; if (process.env.X) all.push(process.env.X); export default all.join(',')";
    assert_eq!(typescript(source), "<X set: \"a\" | ?X>");
}

#[test]
fn a_fallback_is_not_taken_where_the_variable_is_set() {
    let set = Environment { set: vec![("X", "a,b")], closed: false };
    assert_eq!(evaluate_in(&set, &[("a.ts", "export default process.env.X?.split(',') ?? ['*']")]), "[\"a\", \"b\"]");
}

#[test]
fn node_env_is_production() {
    assert_eq!(
        typescript(
            "export default { secure: process.env.NODE_ENV === 'production', dev: process.env['NODE_ENV'] !== 'production' }"
        ),
        "{secure: true, dev: false}"
    );
}

#[test]
fn a_switch_on_an_unknown_variable_is_unknown_and_not_possible() {
    assert_eq!(typescript("export default !!(process.env.A && process.env.B)"), "?A");
    assert_eq!(typescript("export default process.env.PROD === 'true'"), "?PROD");
    assert_eq!(typescript("export default process.env.PROD === 'true' ? true : false"), "?PROD");
}

#[test]
fn two_settings_that_hang_on_one_condition_share_their_question() {
    let source = "const prod = process.env.STAGE === 'prod'; export default { a: prod ? 1 : 2, b: !prod ? 3 : 4 }";
    assert_eq!(typescript(source), "{a: <STAGE is prod: 2 | 1>, b: <STAGE is prod: 3 | 4>}");
}

#[test]
fn spreads_follow_their_order() {
    assert_eq!(
        typescript("const base = { a: 1, b: 2 }; export default { ...base, b: 3, ...{ c: 4 } }"),
        "{a: 1, b: 3, c: 4}"
    );
    assert_eq!(typescript("export default { a: 1, ...unknown(), b: 2 }"), "{a: ?unknown(), b: 2, …}");
}

#[test]
fn a_conditional_spread_is_a_choice_for_each_field() {
    assert_eq!(typescript("export default { a: 1, ...(process.env.X && { b: 2 }) }"), "{a: 1, b: <X set: absent | 2>}");
}

#[test]
fn many_conditional_spreads_stay_small() {
    let spreads: String = (0..24).map(|n| format!("...(process.env.X{n} && {{ b{n}: 2, a: {n} }}),")).collect();
    assert!(typescript(&format!("export default {{ a: 1, {spreads} }}")).len() < 20_000);
}

#[test]
fn imports_reexports_and_namespaces_are_followed() {
    let sources = [
        (
            "a.ts",
            "import { origins as o } from './b'; import * as all from './c'; import d from './c'; export default [o, all.deep.x, d]",
        ),
        ("b.ts", "export * from './c'; export { local as origins } from './c'"),
        ("c.ts", "export const local = ['https://a']; export const deep = { x: 1 }; export default 'd'"),
    ];
    assert_eq!(evaluate_in(&OPEN, &sources), "[[\"https://a\"], 1, \"d\"]");
}

#[test]
fn a_module_that_is_assigned_is_what_it_is_assigned() {
    let by = |user: &str, module: &'static str| evaluate_in(&OPEN, &[("a.ts", user), ("b.js", module)]);
    let whole = "const list = ['x']; module.exports = { list, of: (more) => [...list, more] };";
    assert_eq!(by("const b = require('./b'); export default b.list", whole), "[\"x\"]");
    assert_eq!(by("const { of } = require('./b'); export default of('y')", whole), "[\"x\", \"y\"]");
    assert_eq!(by("import { list } from './b'; export default list", whole), "[\"x\"]");
    assert_eq!(by("import b from './b'; export default b.of(1)", whole), "[\"x\", 1]");
    assert_eq!(by("const b = require('./b'); export default b(2)", "module.exports = (n) => n"), "2");
    assert_eq!(by("const b = require('./b'); export default { ...b }", "module.exports = { a: 1 }"), "{a: 1}");
    assert_eq!(by("const f = (o) => o.a; export default f(require('./b'))", "module.exports = { a: 1 }"), "1");
    // A default export of its own is one of the names that the module has.
    assert_eq!(by("const b = require('./b'); export default b.default.a", "export default { a: 1 }"), "1");
}

#[test]
fn a_missing_module_is_unknown() {
    assert_eq!(typescript("import x from './gone'; export default x"), "?file ./gone");
}

#[test]
fn an_import_cycle_ends() {
    assert_eq!(
        evaluate_in(
            &OPEN,
            &[("a.ts", "import b from './b'; export default b"), ("b.ts", "import a from './a'; export default a")]
        ),
        "?TooComplex"
    );
}

#[test]
fn functions_are_followed_with_early_returns() {
    let source = "const app = (env) => { const dev = env.STAGE !== 'production'; if (dev) { return { url: ':memory:' }; } return { url: env.DB }; };
        export default app(process.env)";
    assert_eq!(typescript(source), "<STAGE is production: {url: \":memory:\"} | {url: ?DB}>");
    let source = "function app() { if (process.env.NODE_ENV !== 'production') return 'dev'; return 'prod'; } export default app()";
    assert_eq!(typescript(source), "\"prod\"");
}

#[test]
fn a_guard_that_throws_rules_its_way_out() {
    let source = "function secret() { const s = process.env.S; if (!s) throw new Error('S'); return s ?? 'dev'; } export default secret()";
    assert_eq!(typescript(source), "?S");
}

#[test]
fn a_guard_of_the_module_rules_its_way_out_of_later_reads() {
    let source = "if (!process.env.S) throw new Error('S'); export default { origin: process.env.S ?? '*' }";
    assert_eq!(typescript(source), "{origin: ?S}");
    let source = "for (const name of ['A', 'S']) { if (!process.env[name]) { process.exit(1) } } export default process.env.S || 'dev'";
    assert_eq!(typescript(source), "?S");
    let source = "if (!process.env.S) console.warn('S'); export default process.env.S ?? '*'";
    assert_eq!(typescript(source), "<S set: \"*\" | ?S>");
}

#[test]
fn variables_that_code_asks_about_are_told_from_those_it_demands() {
    let asked = |name: &'static str, source: &'static str| {
        let files = files(&[(name, source)]);
        let evaluator = Evaluator::new(&files, &OPEN);
        evaluator.asked_about(FileId(0)).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    for source in [
        "const on = Boolean(process.env.A && process.env.B)",
        "if (process.env.A && !process.env.B) { start() }",
        "export const f = () => (process.env.A ? process.env.B?.split(',') : [])",
        "process.env.A && process.env['B'] === 'on' && start()",
        "const a = given.a || process.env.A; if (a && process.env.B) { start(a) }",
    ] {
        assert_eq!(asked("a.ts", source), ["A", "B"], "{source}");
    }
    for source in [
        "if (!process.env.A) throw new Error('A')",
        "class C { url() { if (!process.env.A || !process.env.B) { throw new Error('A') } return process.env.A } }",
        "const a = process.env.A.split(',')",
        "const a = process.env.A; if (!a) { throw new Error('A') } start(process.env.B)",
        "function f(b) { const a = process.env.A; if (!a || b !== a) { return refuse() } return a }",
    ] {
        assert!(asked("a.ts", source).is_empty(), "{source}");
    }
    for source in [
        "import os\nif os.environ.get('A'):\n    start(os.environ['A'])\n",
        "import os\nif 'A' in os.environ:\n    start(os.environ['A'])\n",
        "import os\nos.environ.setdefault('A', str(uid))\nstart(os.environ['A'])\n",
        "import os\nos.environ['A'] = str(uid)\nstart(os.environ['A'])\n",
    ] {
        assert_eq!(asked("a.py", source), ["A"], "{source}");
    }
    assert!(asked("a.py", "import os\nassert 'A' in os.environ\n").is_empty());
}

#[test]
fn assignments_under_a_condition_are_a_choice() {
    let source = "let origin = 'https://a'; if (process.env.OPEN === '1') { origin = '*'; } export default { origin }";
    assert_eq!(typescript(source), "{origin: <OPEN is 1: \"https://a\" | \"*\">}");
    let source =
        "const plugins = ['a']; if (process.env.NODE_ENV === 'production') plugins.push('b'); export default plugins";
    assert_eq!(typescript(source), "[\"a\", \"b\"]");
}

#[test]
fn a_switch_is_a_chain_of_conditions() {
    let source = "function f(x) { switch (x) { case 'a': return 1; case 'b': return 2; default: return 3 } } export default [f('a'), f('b'), f('c'), f(process.env.X)]";
    assert_eq!(typescript(source), "[1, 2, 3, <X is a: <X is b: 3 | 2> | 1>]");
}

#[test]
fn an_opaque_call_keeps_its_parts() {
    assert_eq!(typescript("import { libsql } from 'bknd'; export default libsql({ url: 'file:x' })"), "bknd:libsql(…)");
}

#[test]
fn list_helpers_are_computed() {
    let source = "export default [' a ', '', 'b'].map((s) => s.trim()).filter(Boolean)";
    assert_eq!(typescript(source), "[\"a\", \"b\"]");
}

#[test]
fn lists_are_reduced() {
    assert_eq!(typescript("export default [1, 2].reduce((all, n) => [...all, n], [0])"), "[0, 1, 2]");
    let wrapped = "export default [(c) => c, (c) => ({ ...c, b: 2 })].reduce((c, wrap) => wrap(c), { a: 1 })";
    assert_eq!(typescript(wrapped), "{a: 1, b: 2}");
}

#[test]
fn what_is_no_object_is_an_instance_of_nothing() {
    assert_eq!(typescript("export default ['x' instanceof String, null instanceof Error]"), "[false, false]");
    let error = "const e = { name: 'Error', message: 'm', stack: 's' };";
    let asked = format!("import {{ Own }} from 'own'; {error} export default [e instanceof Error, e instanceof Own]");
    assert_eq!(typescript(&asked), "[true, false]");
    assert_eq!(typescript("import { x } from 'x'; export default x() instanceof Error"), "?Undecided");
}

#[test]
fn recursion_and_bombs_end() {
    assert_eq!(typescript("function f(n) { return f(n + 1) } export default f(0)"), "?TooComplex");
    let bomb: String = (1..60).map(|n| format!("const a{n} = [...a{}, ...a{}];", n - 1, n - 1)).collect();
    assert!(typescript(&format!("const a0 = [1, 2]; {bomb} export default a59")).len() < 200_000);
    assert_eq!(typescript("export default 'x'.repeat(1e12)"), "?TooComplex");
}

#[test]
fn texts_and_lists_that_multiply_are_too_complex() {
    let rounds = |first: &str, last: &str, round: &str| {
        let round = |n: usize| format!("const s{n} = {};", round.replace('$', &format!("s{}", n - 1)));
        typescript(&format!("const s0 = {first};{}export default {last}", (1..60).map(round).collect::<String>()))
    };
    for round in ["$.replaceAll('a', 'aaaa')", "$.replace(/a/g, 'aaaa')", "$.concat($)", "$.split('').join('aaaa')"] {
        assert_eq!(rounds("'aa'", "s59", round), "?TooComplex", "{round}");
    }
    assert_eq!(rounds("['a']", "s59", "$.concat($)"), "?TooComplex");
    assert_eq!(typescript("export default 'a-b'.replaceAll('-', '+').concat('c', 'd')"), "\"a+bcd\"");
    assert_eq!(typescript("export default ['a', 'b', 'c'].join('+')"), "\"a+b+c\"");
}

#[test]
fn values_do_not_grow_higher_with_each_statement() {
    for statement in
        ["a = [a];", "a = { b: a };", "a = a + 1;", "a = f(a);", "a.b = a;", "a = a.b;", "a = (() => () => a)();"]
    {
        let source = format!("import f from 'f'; let a = {{}}; {} export default a", statement.repeat(3_000));
        let files = files(&[("a.ts", &source)]);
        let evaluator = Evaluator::new(&files, &OPEN);
        evaluator.run_program(&[FileId(0)]);
        let value = evaluator.export(FileId(0), "default");
        assert!(value.height() <= 1_024 + 384, "{statement}: {}", value.height());
    }
}

#[test]
fn classes_give_their_fields() {
    assert_eq!(typescript("class C { static a = 1; b = 2 } export default [C.a, new C().b]"), "[1, 2]");
}

#[test]
fn python_reads_its_environment() {
    let source = "import os\nfrom os import environ\nvalue = [os.environ.get('A', 'd'), os.getenv('B'), environ['C'], os.environ.get('D') or 'x']\n";
    assert_eq!(evaluate_in(&OPEN, &[("a.py", source)]), "[<A set: \"d\" | ?A>, ?B, ?C, <D set: \"x\" | ?D>]");
}

#[test]
fn whole_numbers_are_what_the_text_begins_with() {
    let source = "export default [parseInt('0.9'), parseInt('12px', 10), Number.parseInt('ff', 16), parseInt('x') || 3, parseInt(7.8)]";
    assert_eq!(typescript(source), "[0, 12, 255, 3, 7]");
    assert_eq!(typescript("export default Number('0.9')"), "0.9");
}

#[test]
fn methods_of_pythons_environment_are_no_variables() {
    let source = "import os\nown = os.environ.copy()\nread = os.environ.get\nvalue = [own, read('A', 'd')]\n";
    assert_eq!(evaluate_in(&CLOSED, &[("a.py", source)]), "[os:environ.copy(…), \"d\"]");
}

#[test]
fn python_asks_for_none_and_calls_functions_of_modules() {
    let source = "import os\nimport tools\nvalue = [os.getenv('A') is None, os.getenv('A') != None, tools.flag('B'), \
                  os.environ.get(key='C', default='d'), False | True]\n";
    let tools = "import os\ndef flag(name):\n    value = os.getenv(name)\n    if value is None:\n        return False\n    \
                 return value.lower() == 'on'\n";
    let sources = [("a.py", source), ("tools.py", tools)];
    assert_eq!(evaluate_in(&CLOSED, &sources), "[true, false, false, \"d\", true]");
    let set = Environment { set: vec![("A", ""), ("B", "On")], closed: true };
    assert_eq!(evaluate_in(&set, &sources), "[false, true, true, \"d\", true]");
}

#[test]
fn python_dictionaries_take_keywords() {
    let source = "value = dict({'a': 1, 'b': 2}, b=3)\nvalue.update({'c': 4}, d=5)\n";
    assert_eq!(evaluate_in(&CLOSED, &[("a.py", source)]), "{a: 1, b: 3, c: 4, d: 5}");
}

#[test]
fn the_environment_stands_over_what_it_is_spread_over() {
    let source = "import os\nall = {'A': 'x', 'B': 'y', **os.environ, 'D': 'z'}\n\
                  value = [all['A'], all['B'], all['C'], all.get('C', 'none'), all['D']]\n";
    let set = Environment { set: vec![("A", "set")], closed: true };
    assert_eq!(evaluate_in(&set, &[("a.py", source)]), "[\"set\", \"y\", absent, \"none\", \"z\"]");
    let open = "[<A set: \"x\" | ?A>, <B set: \"y\" | ?B>, ?C, <C set: \"none\" | ?C>, \"z\"]";
    assert_eq!(evaluate_in(&OPEN, &[("a.py", source)]), open);
}

#[test]
fn python_says_which_variables_it_can_do_without() {
    let source = "import os\nvalue = [os.environ['A'], os.environ.get('B'), os.getenv('C')]\n";
    let files = files(&[("a.py", source)]);
    let evaluator = Evaluator::new(&files, &OPEN);
    evaluator.export(FileId(0), "value");
    let read = evaluator.variables_read();
    let without: Vec<(&str, bool)> = read.iter().map(|read| (&*read.variable, read.has_fallback)).collect();
    assert_eq!(without, [("A", false), ("B", true), ("C", true)]);
}

#[test]
fn settings_with_sources_of_their_own_are_not_missing() {
    let source = |own: &str| {
        format!(
            "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    key: str\n{own}value = S().key\n"
        )
    };
    let closed = Environment { set: vec![], closed: true };
    assert_eq!(evaluate_in(&closed, &[("a.py", &source(""))]), "absent");
    let own =
        source("    @classmethod\n    def settings_customise_sources(cls, settings_cls):\n        return (Own(),)\n");
    assert_eq!(evaluate_in(&closed, &[("a.py", &own)]), "?Undecided");
}

#[test]
fn python_rebinds_in_order() {
    let source = "DEBUG = True\nif 1 == 2:\n    DEBUG = None\nDEBUG = not DEBUG\nvalue = DEBUG\n";
    assert_eq!(evaluate_in(&OPEN, &[("a.py", source)]), "false");
}

#[test]
fn the_primary_place_is_the_text_a_user_would_edit() {
    let source = "const o = ['*'];\nexport default { origin: o }";
    let files = files(&[("a.ts", source)]);
    let evaluator = Evaluator::new(&files, &OPEN);
    let (_, span) = evaluator.export(FileId(0), "default").field("origin").trail.primary().expect("a place");
    assert_eq!(&source[span.start as usize..span.end as usize], "['*']");
}

/// A listener that writes down what it is told.
#[derive(Default)]
struct Listener(RefCell<Vec<String>>);

impl Outside for Listener {
    fn value(&self, _: &Evaluator<'_>, module: &str, path: &str, place: Place) -> Option<Value> {
        ((module, path) == ("kit", "settings.debug")).then(|| Value::written(Kind::Bool(true), place))
    }

    fn called(&self, _: &Evaluator<'_>, made: &Made) -> Option<Value> {
        let trail = Step::start(made.place, How::Written);
        let name = made.method.as_deref().unwrap_or("").to_owned();
        let arguments: Vec<String> = made.call.arguments.iter().map(show).collect();
        let condition = show(&made.under.holds(&trail));
        self.0.borrow_mut().push(format!(
            "{}.{name}({}) if {condition}",
            show(&made.call.callee),
            arguments.join(", ")
        ));
        None
    }

    fn assigned(&self, _: &Evaluator<'_>, module: &str, path: &str, value: &Value, _: &Under) {
        self.0.borrow_mut().push(format!("{module}:{path} = {}", show(value)));
    }

    fn imported(&self, _: &Evaluator<'_>, module: &str) {
        self.0.borrow_mut().push(format!("import {module}"));
    }
}

fn told(sources: &[(&'static str, &str)], environment: &Environment) -> Vec<String> {
    let files = files(sources);
    let evaluator = Evaluator::new(&files, environment);
    let listener = Rc::new(Listener::default());
    evaluator.attach(listener.clone());
    evaluator.run_program(&[FileId(0)]);
    listener.0.take()
}

#[test]
fn a_program_makes_its_calls_in_the_order_of_its_imports() {
    let main = "import conf\nfrom kit import start, settings\nstart(conf.X, settings.debug)\nsettings.debug = False\n";
    let conf = "from kit import configure\nX = 1\nconfigure(X)\n";
    assert_eq!(
        told(&[("main.py", main), ("conf.py", conf)], &OPEN),
        [
            "import kit",
            "kit:configure.(1) if true",
            "import kit",
            "kit:start.(1, true) if true",
            "kit:settings.debug = false"
        ]
    );
}

#[test]
fn what_hangs_on_a_condition_says_so() {
    let main = "import os\nfrom kit import make\ndef build(app):\n    if os.getenv('SAFE'):\n        return app\n    app.open('*')\n    return app\nbuild(make())\n";
    let calls = told(&[("main.py", main)], &OPEN);
    assert!(calls[2].starts_with("kit:make."), "{calls:?}");
    assert_eq!(calls[3], "kit:make(…).open(\"*\") if <SAFE set: true | false>");
    let calls = told(&[("main.py", main)], &CLOSED);
    assert_eq!(calls[3], "kit:make(…).open(\"*\") if true");
}

#[test]
fn a_program_sets_its_own_variables() {
    let main = "import os\nfrom kit import start\nos.environ['A'] = '1'\nos.environ.setdefault('A', '2')\nos.environ.setdefault('B', '3')\nstart(os.getenv('A'), os.environ['B'])\n";
    assert_eq!(told(&[("main.py", main)], &CLOSED)[2], "kit:start.(\"1\", \"3\") if true");
}

#[test]
fn settings_classes_take_their_fields_from_variables() {
    let main = "from pydantic import Field\nfrom pydantic_settings import BaseSettings, SettingsConfigDict\nfrom kit import start\nclass Base(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='APP_')\nclass S(Base):\n    debug: bool = True\n    hosts: list[str] = ['a']\n    key: str = Field(..., validation_alias='KEY')\n    size: int = 3\ns = S(size=4)\nstart(s.debug, s.hosts, s.key, s.size)\n";
    let given = Environment { set: vec![("APP_DEBUG", "off"), ("APP_HOSTS", "[\"b\"]"), ("KEY", "k")], closed: true };
    let last = |environment: &Environment| told(&[("main.py", main)], environment).pop();
    assert_eq!(last(&given).as_deref(), Some("kit:start.(false, [\"b\"], \"k\", 4) if true"));
    assert_eq!(last(&CLOSED).as_deref(), Some("kit:start.(true, [\"a\"], absent, 4) if true"));
}

#[test]
fn dataclasses_are_their_arguments_and_defaults() {
    let main = "from dataclasses import dataclass, field\nfrom kit import start\n@dataclass(frozen=True)\nclass D:\n    a: int\n    b: str = 'x'\n    c: list = field(default_factory=lambda: [1])\nd = D(1, c=[2])\ne = D(a=5)\nstart(d.a, d.b, d.c, e.a, e.c)\n";
    assert_eq!(told(&[("main.py", main)], &OPEN).pop().as_deref(), Some("kit:start.(1, \"x\", [2], 5, [1]) if true"));
}
