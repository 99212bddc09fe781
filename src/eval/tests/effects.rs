//! What is changed where the evaluator does not come by, and what is left alone.

use super::{CLOSED, OPEN, evaluate_in, told, typescript};

#[test]
fn what_another_name_changes_is_not_known() {
    assert_eq!(
        typescript("const c = { a: 1, b: 2 }; const d = c; d.a = 3; export default [c.a, c.b]"),
        "[?Changed, 2]"
    );
    assert_eq!(typescript("const c = { a: 1 }; function f(x) { x.a = 3 } f(c); export default c.a"), "?Changed");
    assert_eq!(typescript("const c = { a: 1 }; delete c.a; export default c.a"), "?Changed");
}

#[test]
fn what_changes_in_its_turn_is_known() {
    assert_eq!(typescript("const c = { a: 1 }; c.a = 3; export default c.a"), "3");
    assert_eq!(typescript("const c = { a: { b: 1 } }; c.a.b = 3; export default { ...c }.a.b"), "3");
    assert_eq!(typescript("const c = [1]; c.push(2); export default c"), "[1, 2]");
    assert_eq!(typescript("const c = { a: 1 }; f(c.b); c.a = 3; export default c.a"), "3");
}

#[test]
fn other_modules_change_what_they_import() {
    let own = ("a.ts", "export const c = { a: 1, b: 2 }; export default [c.a, c.b]");
    assert_eq!(evaluate_in(&OPEN, &[own, ("b.ts", "import { c } from './a'; c.a = 2")]), "[?Changed, 2]");
    assert_eq!(evaluate_in(&OPEN, &[own, ("b.ts", "import { c } from './a'; const d = { ...c }; d.a = 2")]), "[1, 2]");
}

#[test]
fn packages_may_change_what_somebody_looks_at_again() {
    assert_eq!(typescript("import mix from 'mix'; const c = { a: 1 }; mix(c); export default c.a"), "?Changed");
    assert_eq!(typescript("import mix from 'mix'; const c = { a: 1, b: {} }; mix(c.b); export default c.a"), "1");
    assert_eq!(typescript("import mix from 'mix'; const c = { a: 1 }; console.log(c); export default c.a"), "1");
}

#[test]
fn the_environment_is_written_by_imports() {
    let own = ("a.ts", "import './b'; export default [process.env.A !== 'x', process.env.B]");
    let closed = evaluate_in(&CLOSED, &[own, ("b.ts", "process.env.A = 'x'; process.env.B ??= 'y'")]);
    assert_eq!(closed, "[?Changed, ?Changed]");
}

#[test]
fn partial_functions_have_their_arguments() {
    let main = "from functools import partial\nfrom kit import start\nf = partial(start, 1, a=2, b=3)\nf(4, b=5)\n";
    assert_eq!(told(&[("main.py", main)], &OPEN).pop().as_deref(), Some("kit:start.(1, 4) if true"));
}

#[test]
fn keywords_update_the_environment() {
    let main = "import os\nfrom kit import start\nos.environ.update(A='1')\nstart(os.getenv('A'))\n";
    assert_eq!(told(&[("main.py", main)], &CLOSED).pop().as_deref(), Some("kit:start.(\"1\") if true"));
}

#[test]
fn what_a_function_sets_that_is_called_once_is_known() {
    let main = |rest: &str| {
        format!(
            "A = None\nB = 1\n\ndef fill(b=None):\n    global A, B\n    B = b or B\n    A = [B]\n    return A\n\nA = fill()\n{rest}"
        )
    };
    let names = |rest: &str| super::python_modules::names(&CLOSED, &[("a.py", &main(rest))]);
    assert!(names("").starts_with("A = [1]; B = ?Changed"), "{}", names(""));
    // Called again, nobody knows what it finds.
    assert!(names("def later():\n    fill(2)\n").starts_with("A = ?Changed; B = ?Changed"));
}

#[test]
fn what_a_constructor_sets_is_what_it_leaves_behind() {
    let main = |rest: &str| {
        format!("class S:\n    def __init__(self):\n        self.on = True\n{rest}\ns = S()\nt = s\nA = s.on\n")
    };
    let names = |rest: &str| super::python_modules::names(&CLOSED, &[("a.py", &main(rest))]);
    assert!(names("").starts_with("A = true"), "{}", names(""));
    let off = "    def off(self):\n        self.on = False\n";
    assert!(names(off).starts_with("A = ?"), "{}", names(off));
    let other = main("") + "t.on = False\n";
    assert!(super::python_modules::names(&CLOSED, &[("a.py", &other)]).starts_with("A = ?Changed"));
}

#[test]
fn what_was_exported_so_far_is_exported_again() {
    let other = "const own = { a: 1 }; module.exports = own; const wrap = (c) => ({ ...c, b: 2 }); module.exports = wrap(module.exports)";
    let main = "const c = require('./b'); export default [c.a, c.b]";
    assert_eq!(evaluate_in(&OPEN, &[("a.ts", main), ("b.js", other)]), "[1, 2]");
}

#[test]
fn a_name_of_a_function_is_no_name_of_its_module() {
    let main = "function f() { let token = 1; token = 2; return token } export default typeof token";
    assert_eq!(typescript(main), typescript("export default typeof token"));
}
