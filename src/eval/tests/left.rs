//! Loops that are left, keys that nobody knows, and functions that call themselves without end.

use super::{OPEN, told, typescript};

#[test]
fn a_loop_that_is_left_goes_no_further() {
    let over = |body: &str| format!("let a = 0; for (const x of [1, 2, 3]) {{ {body} }} export default a");
    assert_eq!(typescript(&over("if (x === 2) break; a = x")), "1");
    assert_eq!(typescript(&over("if (x === 2) continue; a += x")), "4");
    // Whether it is left is not known, and so is what the rounds after that do.
    assert!(typescript(&over("if (process.env.A) break; a = x")).starts_with('?'));
}

#[test]
fn a_loop_over_what_nobody_knows_may_return() {
    let main = "function f() { for (const x of load()) { if (x) return 1 } return 2 } export default f()";
    assert!(typescript(main).starts_with('?'), "{}", typescript(main));
}

#[test]
fn a_key_that_nobody_knows_may_be_any() {
    assert_eq!(typescript("const c = { a: 1 }; c[load()] = 2; export default c.a"), "?Changed");
    assert!(typescript("const c = { a: 1, [load()]: 2 }; export default c.a").starts_with('?'));
    assert_eq!(typescript("const c = { [load()]: 2, a: 1 }; export default c.a"), "1");
    assert_eq!(typescript("const l = [1, 2]; l.length = 0; export default l"), "?Changed");
}

#[test]
fn what_comes_after_something_endless_is_found() {
    let clean = "from kit import load, start\n\ndef clean(x):\n    if isinstance(x, dict):\n        return [clean(v) for v in x.items()]\n    \
                 if isinstance(x, list):\n        return [clean(v) for v in x]\n    return x\n\n";
    let main = format!("{clean}{}start(2)\n", "start(clean(load()))\n".repeat(20));
    let found = told(&[("main.py", main.as_str())], &OPEN);
    assert_eq!(found.iter().filter(|told| told.starts_with("kit:start")).count(), 21);
    assert_eq!(found.last().map(String::as_str), Some("kit:start.(2) if true"));
}

#[test]
fn what_is_done_for_each_item_is_done() {
    let main = |body: &str| format!("const c = {{ a: 1 }}; {body}; export default c.a");
    assert_eq!(typescript(&main("[2, 3].forEach((x) => { const y = x; c.a = y })")), "3");
    assert_eq!(typescript(&main("[2, 3].forEach((x, at) => (c.a = at))")), "1");
    // Of what nobody knows, nobody knows what is done for each of it.
    assert_eq!(typescript(&main("load().forEach((x) => { c[x.name] = x.value })")), "?Changed");
    assert_eq!(typescript(&main("load().forEach((x) => { const c = {}; c[x.name] = x.value })")), "1");
    let inner =
        "function f() { const c = { a: 1 }; load().forEach((x) => { c[x.name] = 2 }); return c } export default f().a";
    assert_eq!(typescript(inner), "?Changed");
    let early = "const c = { a: 1 }; [1, 2].forEach((x) => { if (x === 1) return; c.a = 5 }); export default c.a";
    assert_eq!(typescript(early), "?Changed");
}
