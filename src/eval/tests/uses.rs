//! Uses of packages: who is called, handed on, decorates, with what, and whether it runs.

use super::*;

/// The uses of `kit` and of what begins with `kit/` or `kit.`, in all files.
fn uses_in(environment: &Environment, sources: &[(&'static str, &str)]) -> Vec<Use> {
    let files = files(sources);
    let all: Vec<FileId> = (0..sources.len() as u32).map(FileId).collect();
    let importing: Vec<FileId> =
        all.iter().copied().filter(|file| sources[file.0 as usize].1.contains("kit")).collect();
    Evaluator::new(&files, environment)
        .uses(&importing, &all, &|module| matches!(module, "kit" | "kit/sub" | "kit.deep.sub"))
}

fn uses(source: &str) -> Vec<Use> {
    uses_in(&OPEN, &[("a.ts", source)])
}

fn python(source: &str) -> Vec<Use> {
    uses_in(&OPEN, &[("a.py", source)])
}

/// `module export way(given)`, one text for each use; what is not certain to happen has a `?`.
fn told(found: &[Use]) -> Vec<String> {
    found.iter().map(tell).collect()
}

fn tell(found: &Use) -> String {
    let mut given: Vec<String> = found.given.arguments.iter().map(show).collect();
    given.extend(found.given.keywords.iter().map(|(name, value)| format!("{name}={}", show(value))));
    if found.given.open.is_some() {
        given.push("…".into());
    }
    let way = match &found.way {
        Way::Called => String::new(),
        Way::Named => " named".into(),
        Way::Handed { to, of } => format!(" to {to}{}", if of.is_some() { " of it" } else { "" }),
        Way::Method { name, of } => {
            format!(" .{}{name}", of.through.iter().map(|name| format!("{name}.")).collect::<String>())
        }
    };
    let sure = if found.present.as_bool() == Some(true) { "" } else { "?" };
    format!("{} {}{way}({}){sure}", found.module, found.export, given.join(", "))
}

#[test]
fn a_call_is_found_under_every_spelling_of_an_import() {
    for source in [
        "import { f } from 'kit'; f(1);",
        "import { f as g } from 'kit'; g(1);",
        "import * as kit from 'kit'; kit.f(1);",
        "import kit from 'kit'; kit.f(1);",
        "const kit = require('kit'); kit.f(1);",
        "const { f } = require('kit'); f(1);",
        "const { f: g } = require('kit'); g(1);",
        "const f = require('kit').f; f(1);",
        "require('kit').f(1);",
        "import { f } from 'kit'; new f(1);",
        "const { f } = await import('kit'); f(1);",
        "const kit = await import('kit'); kit.f(1);",
        "async function main() { const { f } = await import('kit'); f(1); }",
        "import { f } from 'kit'; const g = f; g(1);",
        "import { f } from 'kit'; export default f(1);",
        "import { f } from 'kit'; const all = [{ a: [f(1)] }];",
    ] {
        assert_eq!(told(&uses(source)), ["kit f(1)"], "{source}");
    }
    for source in [
        "import kit from 'kit'; kit(1);",
        "require('kit')(1);",
        "const kit = require('kit'); kit(1);",
        "import * as kit from 'kit'; kit.default(1);",
    ] {
        assert_eq!(told(&uses(source)), ["kit default(1)"], "{source}");
    }
}

#[test]
fn a_call_is_found_under_every_spelling_of_an_import_in_python() {
    for source in [
        "from kit.deep.sub import F\nF(1, a=2)",
        "from kit.deep.sub import F as G\nG(1, a=2)",
        "import kit.deep.sub\nkit.deep.sub.F(1, a=2)",
        "import kit.deep.sub as sub\nsub.F(1, a=2)",
        "from kit.deep import sub\nsub.F(1, a=2)",
        "import kit\nkit.deep.sub.F(1, a=2)",
        "def main():\n    from kit.deep.sub import F\n    F(1, a=2)",
        "from kit.deep.sub import F\nmore = {'a': 2}\nF(1, **more)",
        "from kit.deep.sub import F\nmore = [1]\nF(*more, a=2)",
    ] {
        assert_eq!(told(&python(source)), ["kit.deep.sub F(1, a=2)"], "{source}");
    }
}

#[test]
fn another_package_with_the_same_name_is_not_meant() {
    assert!(uses("import { Server } from 'other'; Server({ mode: 'kit' });").is_empty());
    assert!(uses("import type { Server } from 'kit'; declare const s: Server; s.listen();").is_empty());
    assert!(uses("import { f } from 'kit'; function g(f) { f(1); } const h = (f) => f(2);").is_empty());
}

#[test]
fn what_is_spread_in_leaves_open_what_else_there_is() {
    let found = uses("import { f } from 'kit'; f(1, ...process.env.X, 2);");
    assert_eq!(told(&found), ["kit f(1, …)"]);
    assert!(found[0].argument(1).is_unknown() && found[0].options(&Options::Argument(4)).is_unknown());
    let found = python("from kit import f\nf(a=1, **load())");
    assert!(found[0].keyword("b").is_unknown() && found[0].options(&Options::Keywords).field("b").is_unknown());
    assert_eq!(show(&found[0].keyword("a")), "1");
    let found = uses("import { f } from 'kit'; f({ http: { cors: true } });");
    assert_eq!(show(&found[0].options(&Options::Part(0, "http.cors"))), "true");
    assert!(found[0].argument(1).is_absent() && found[0].keyword("a").is_absent());
}

#[test]
fn what_is_handed_on_has_what_stands_beside_it() {
    for (source, expected) in [
        ("import f from 'kit'; app.register(f, { a: 1 });", "kit default to register({a: 1})"),
        ("import * as kit from 'kit'; app.register(kit.f, { a: 1 });", "kit f to register({a: 1})"),
        ("app.register(require('kit'), { a: 1 });", "kit default to register({a: 1})"),
        ("app.register(import('kit'), { a: 1 });", "kit default to register({a: 1})"),
        ("import { f } from 'kit'; app.use('/x', f, 1);", "kit f to use(1)"),
    ] {
        assert_eq!(told(&uses(source)), [expected], "{source}");
    }
    let source = "from kit import F\napp.add_middleware(F, a=1)\nStarlette(middleware=[Middleware(F, a=2)])";
    assert_eq!(told(&python(source)), ["kit F to add_middleware(a=1)", "kit F to Middleware(a=2)"]);
}

#[test]
fn methods_are_those_of_what_an_export_gave() {
    for source in [
        "import kit from 'kit'; const app = kit(); app.set('a', 1);",
        "const app = require('kit')(); app.set('a', 1);",
        "import kit from 'kit'; const app = kit(); setup(app); function setup(server) { server.set('a', 1); }",
        "import kit from 'kit'; const setup = ({ app }) => { app.set('a', 1); }; const app = kit(); setup({ app });",
        "import kit from 'kit'; function make() { const app = kit(); return app; } const app = make(); app.set('a', 1);",
        "import kit from 'kit'; class A { constructor() { this.app = kit(); } start() { this.app.set('a', 1); } }",
        "import kit from 'kit'; class A { app = kit(); start() { this.app.set('a', 1); } }",
        "import kit from 'kit'; async function main() { const app = await kit(); app.set('a', 1); } main();",
    ] {
        let found = uses(source);
        assert_eq!(told(&found), ["kit default()", "kit default .set(\"a\", 1)"], "{source}");
        assert_eq!(found[1].method().map(|(_, of)| of.made), Some(found[0].place), "{source}");
    }
    let found = uses("import { Kit } from 'kit'; const app = new Kit().use(1).get(2); app.on(3);");
    let methods: Vec<String> = told(&found);
    assert_eq!(methods, ["kit Kit .use.get(2)", "kit Kit .use(1)", "kit Kit()", "kit Kit .().on(3)"]);
    let source = "from kit import Kit\nclass A:\n    def __init__(self):\n        self.app = Kit()\n    def start(self):\n        self.app.mount('/x')";
    assert_eq!(told(&python(source)), ["kit Kit()", "kit Kit .mount(\"/x\")"]);
}

#[test]
fn two_apps_are_two_things() {
    let found =
        uses("import kit from 'kit'; const a = kit(), b = kit(); use(a); use(b); function use(app) { app.set(1); }");
    let of: Vec<Place> = found.iter().filter_map(|found| found.method().map(|(_, of)| of.made)).collect();
    assert_eq!(of, [found[0].place, found[1].place]);
}

#[test]
fn what_an_app_takes_is_told_under_a_name_too() {
    let found =
        uses("import kit, { f } from 'kit'; const app = kit(); const guard = f(); app.use('/x', guard); app.use(2);");
    let [_, guard, first, second] = found.as_slice() else { panic!("{:?}", told(&found)) };
    assert!(first.takes(guard) && !second.takes(guard));
}

#[test]
fn what_another_file_hands_on_is_found_there() {
    let app = "import kit from 'kit'; export const app = kit(); export default app;";
    let wrapper = "export { f } from 'kit'; import { f } from 'kit'; export const secure = (a) => f({ a });";
    for (user, expected) in [
        ("import { app } from './app'; app.set(1);", vec!["kit default()", "kit default .set(1)"]),
        ("import app from './app'; app.set(1);", vec!["kit default()", "kit default .set(1)"]),
        ("const { app } = require('./app'); app.set(1);", vec!["kit default()", "kit default .set(1)"]),
    ] {
        let found = uses_in(&OPEN, &[("app.ts", app), ("user.ts", user)]);
        assert_eq!(told(&found), expected, "{user}");
    }
    for (user, expected) in [
        ("import { f } from './mw'; f(1);", "kit f(1)"),
        ("import { secure } from './mw'; secure(1);", "kit f({a: 1})"),
    ] {
        let found = uses_in(&OPEN, &[("mw.ts", wrapper), ("user.ts", user)]);
        assert!(told(&found).contains(&expected.to_owned()), "{user}: {:?}", told(&found));
    }
    let found = uses_in(
        &OPEN,
        &[
            ("main.ts", "import kit from 'kit'; import { setup } from './setup'; setup(kit(), { n: 1 });"),
            ("setup.ts", "export function setup(server, options) { server.set(options.n); }"),
        ],
    );
    assert_eq!(told(&found), ["kit default .set(1)", "kit default()"]);
}

#[test]
fn a_function_is_told_by_its_callers_where_there_are_any() {
    let source = "import { f } from 'kit'; const make = (origin) => f({ origin });";
    let found = uses(source);
    assert_eq!(told(&found), ["kit f({origin: ?its caller()})"]);
    assert!(comes_from_caller(&found[0].argument(0).field("origin")));
    assert_eq!(
        told(&uses(&format!("{source} use(make('a')); use(make('b'));"))),
        ["kit f({origin: \"a\"})", "kit f({origin: \"b\"})"]
    );
    assert!(uses("import { f } from 'kit'; const loop = (n) => { f(n); loop(n); }; loop(1);").len() == 1, "no end");
}

#[test]
fn a_decorator_has_what_it_decorates() {
    for source in [
        "import { Server } from 'kit'; @Server({ mode: 'open' }) class A {}",
        "import { Server as S } from 'kit'; @S({ mode: 'open' }) export default class A {}",
        "import * as kit from 'kit'; @kit.Server({ mode: 'open' }) export class A {}",
    ] {
        let found = uses(source);
        assert_eq!(told(&found), ["kit Server({mode: \"open\"})"], "{source}");
        assert!(found[0].class().is_some(), "{source}");
    }
    let found = python("from kit import Kit\nlimiter = Kit()\n@limiter.limit('5/m')\ndef login():\n    pass");
    assert_eq!(told(&found), ["kit Kit()", "kit Kit .limit(\"5/m\")"]);
    assert!(matches!(&found[1].decorates, Some(Decorated::Function(function)) if function.file == FileId(0)));
    let found = python("from kit import exempt\n@exempt\ndef hook():\n    pass");
    assert_eq!(told(&found), ["kit exempt named()"]);
    assert!(matches!(found[0].decorates, Some(Decorated::Function(_))));
}

#[test]
fn options_are_read_among_the_names_around() {
    let found = uses(
        "import { f } from 'kit'; const mode = 'outer'; \
         if (process.env.X === '1') { const mode = 'inner'; f({ mode }); } \
         function start(port) { const mode = 'deep'; { const mode = 'block'; f({ mode }); } return f({ mode }); }",
    );
    let modes: Vec<String> = found.iter().map(|found| show(&found.argument(0).field("mode"))).collect();
    assert_eq!(modes, ["\"inner\"", "\"block\"", "\"deep\""]);
}

#[test]
fn what_never_runs_in_production_is_no_use() {
    let dev = "process.env.NODE_ENV !== 'production'";
    for source in [
        format!("import {{ f }} from 'kit'; if ({dev}) {{ f('dev'); }} else {{ f('live'); }}"),
        format!("import {{ f }} from 'kit'; const dev = {dev}; dev && f('dev'); f('live');"),
        format!(
            "import {{ f }} from 'kit'; function main() {{ const dev = {dev}; if (dev) f('dev'); else f('live'); }}"
        ),
        format!("import {{ f }} from 'kit'; function docs() {{ f('dev'); }} if ({dev}) docs(); f('live');"),
        format!("import {{ f, g }} from 'kit'; const make = {dev} ? g : f; make('live');"),
    ] {
        assert_eq!(told(&uses(&source)), ["kit f(\"live\")"], "{source}");
    }
}

#[test]
fn an_open_condition_decides_whether_it_is_there() {
    let found = uses("import { f } from 'kit'; if (process.env.ON) f(1);");
    assert_eq!(show(&found[0].present), "<ON set: false | true>");
    let found = uses("import { f } from 'kit'; if (process.env.ON === 'yes' && process.env.B) f(1);");
    assert_eq!(show(&found[0].present), "<ON is yes: false | <B set: false | true>>");
    let found = uses("import { f } from 'kit'; import { on } from 'flags'; if (on()) f(1);");
    assert!(found[0].present.is_unknown(), "nobody knows");
    let found = uses("import { f } from 'kit'; app.post('/', (request) => { if (request.body) f(1); });");
    assert_eq!(told(&found), ["kit f(1)"], "some request has one");
    assert!(uses_in(&CLOSED, &[("a.ts", "import { f } from 'kit'; if (process.env.ON) f(1);")]).is_empty());
}

#[test]
fn of_calls_in_a_row_the_one_with_arguments_counts() {
    assert_eq!(told(&uses("import { f } from 'kit'; f<X>()({ a: 1 });")), ["kit f({a: 1})"]);
    assert_eq!(told(&uses("import { f } from 'kit'; f({ a: 1 })(request, response);")), ["kit f({a: 1})"]);
}

#[test]
fn a_long_file_is_walked_once() {
    let calls: String =
        (0..3_000).map(|index| format!("const a{index} = {index}; app.get('/{index}', a{index});")).collect();
    let found =
        uses(&format!("import kit from 'kit'; export function start() {{ const app = kit(); {calls} }} start();"));
    assert_eq!(found.len(), 3_001);
    assert_eq!(show(&found[3_000].argument(1)), "2999");
}

#[test]
fn lists_that_nobody_asks_for_are_left_open_and_their_modules_unread() {
    let source = "import { Server } from 'kit'; import { A } from './a'; import { C } from './c'; const B = process.env.B; \
                  @Server({ tools: [A], others: [A, B], nested: { tools: [B] }, prompts: [C], skills: [B] }) class S {}";
    let files = files(&[("s.ts", source), ("c.ts", "export class C {}")]);
    let evaluator = Evaluator::new(&files, &OPEN).without_lists_of(&["tools", "prompts", "skills"]);
    let found = evaluator.uses(&[FileId(0)], &[], &|module| module == "kit");
    let options = found[0].argument(0);
    assert!(matches!(&options.field("tools").kind, Kind::List { items, open: Some(_) } if items.is_empty()));
    assert_eq!(options.field("others").as_list().map(<[Value]>::len), Some(2));
    assert_eq!(options.path("nested.tools").as_list().map(<[Value]>::len), Some(1), "no options of the call");
    assert_eq!(options.field("prompts").as_list().map(<[Value]>::len), Some(1), "a module that may read variables");
    assert_eq!(options.field("skills").as_list().map(<[Value]>::len), Some(1), "a name of the module itself");
}
