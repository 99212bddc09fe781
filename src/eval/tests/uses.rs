//! Uses of a package: calls and decorators among the names where they stand.

use super::*;

fn uses(source: &str) -> Vec<Use> {
    let files = files(&[("a.ts", source)]);
    Evaluator::new(&files, &OPEN).uses(FileId(0), &|module| module == "kit")
}

fn option(found: &Use, name: &str) -> Option<Text> {
    let call = found.call.as_call()?;
    call.argument(0, &found.call.trail).field(name).as_text().cloned()
}

#[test]
fn a_decorator_is_found_under_every_name_of_its_package() {
    for source in [
        "import { Server } from 'kit'; @Server({ mode: 'open' }) class A {}",
        "import { Server as S } from 'kit'; @S({ mode: 'open' }) export default class A {}",
        "import * as kit from 'kit'; @kit.Server({ mode: 'open' }) export class A {}",
        "const kit = require('kit'); kit.Server({ mode: 'open' });",
    ] {
        let found = uses(source);
        assert_eq!(found.len(), 1, "{source}");
        assert_eq!(&*found[0].path, "Server", "{source}");
        assert_eq!(option(&found[0], "mode"), Some(Text::new("open")), "{source}");
    }
}

#[test]
fn another_package_with_the_same_name_is_not_meant() {
    assert!(uses("import { Server } from 'other'; @Server({ mode: 'open' }) class A {}").is_empty());
    assert!(uses("import type { Server } from 'kit'; declare const s: Server; s.listen();").is_empty());
}

#[test]
fn options_are_read_among_the_names_around_the_class() {
    let found = uses(
        "import { Server } from 'kit'; const mode = 'outer'; \
         if (process.env.X === '1') { const mode = 'inner'; @Server({ mode }) class A {} } \
         function start(port) { const mode = 'deep'; return Server({ mode, port }); }",
    );
    let modes: Vec<Option<Text>> = found.iter().map(|found| option(found, "mode")).collect();
    assert_eq!(modes, [Some(Text::new("inner")), Some(Text::new("deep"))]);
    assert!(found[0].class.is_some() && found[1].class.is_none());
}

#[test]
fn what_never_runs_in_production_is_marked() {
    let found = uses(
        "import { Server } from 'kit'; \
         if (process.env.NODE_ENV !== 'production') { @Server({ mode: 'dev' }) class A {} } else { @Server({ mode: 'live' }) class B {} }",
    );
    let runs: Vec<bool> = found.iter().map(|found| found.runs).collect();
    assert_eq!(runs, [false, true]);
}

fn compared(source: &str) -> Vec<Text> {
    let files = files(&[("a.ts", source)]);
    let evaluator = Evaluator::new(&files, &OPEN);
    let verify = evaluator.export(FileId(0), "verify");
    let Kind::Function(function) = &verify.kind else { panic!("a function") };
    evaluator.compared(function).iter().filter_map(|value| value.as_text().cloned()).collect()
}

#[test]
fn what_input_is_compared_with_is_found_in_every_spelling() {
    for source in [
        "const KEY = 'k-1'; export const verify = async (input) => { if (input.fields['key'] !== KEY) return { ok: false }; return { ok: true }; }",
        "const KEY = 'k-1'; export function verify({ key }) { const given = key ?? ''; return KEY === given; }",
        "import { timingSafeEqual } from 'node:crypto'; const KEY = 'k-1'; export const verify = (input) => timingSafeEqual(Buffer.from(input.key), Buffer.from(KEY));",
    ] {
        assert_eq!(compared(source), [Text::new("k-1")], "{source}");
    }
}

#[test]
fn a_secret_of_the_environment_is_no_text_of_the_project() {
    assert!(compared("export const verify = (input) => input.key === process.env.KEY;").is_empty());
}

#[test]
fn lists_that_nobody_asks_for_are_left_open_and_their_modules_unread() {
    let source = "import { Server } from 'kit'; import { A } from './a'; import { C } from './c'; const B = process.env.B; \
                  @Server({ tools: [A], others: [A, B], nested: { tools: [B] }, prompts: [C], skills: [B] }) class S {}";
    let files = files(&[("s.ts", source), ("c.ts", "export class C {}")]);
    let evaluator = Evaluator::new(&files, &OPEN).without_lists_of(&["tools", "prompts", "skills"]);
    let found = evaluator.uses(FileId(0), &|module| module == "kit");
    let options = found[0].call.as_call().expect("a call").argument(0, &found[0].call.trail);
    assert!(matches!(&options.field("tools").kind, Kind::List { items, open: Some(_) } if items.is_empty()));
    assert_eq!(options.field("others").as_list().map(<[Value]>::len), Some(2));
    assert_eq!(options.path("nested.tools").as_list().map(<[Value]>::len), Some(1), "no options of the call");
    assert_eq!(options.field("prompts").as_list().map(<[Value]>::len), Some(1), "a module that may read variables");
    assert_eq!(options.field("skills").as_list().map(<[Value]>::len), Some(1), "a name of the module itself");
}
