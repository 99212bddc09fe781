//! Ways through code that nobody can decide, of which there are more than are followed.

use super::*;

fn switch_of(cases: usize, asked: &str) -> String {
    let arms: String = (0..cases).map(|n| format!("case \"a{n}\": found = {n}; break; ")).collect();
    let code = format!("let found = -1; switch ({asked}) {{ {arms} }} return found;");
    typescript(&format!("const pick = () => {{ {code} }};\nexport default pick();"))
}

#[test]
fn a_switch_over_what_is_known_is_followed_however_long_it_is() {
    assert_eq!(switch_of(200, "\"a150\""), "150");
    assert_eq!(switch_of(200, "\"b\""), "-1");
}

#[test]
fn a_long_switch_over_what_is_not_known_leaves_unknown_what_it_changes() {
    let short = switch_of(2, "process.env.MODE");
    assert!(short.contains("0") && short.contains("-1"), "{short}");
    let long = switch_of(200, "process.env.MODE");
    assert!(!long.contains("-1") && !long.contains("150"), "{long}");
}

#[test]
fn a_condition_of_many_answers_is_yes_or_no() {
    let answer = (0..12).fold("false".to_owned(), |rest, n| format!("process.env.A{n} ? process.env.B{n} : ({rest})"));
    let code = format!("let found = 1; if ({answer}) {{ found = 2; }} return found;");
    let shown = typescript(&format!("const pick = () => {{ {code} }};\nexport default pick();"));
    assert_eq!(shown.matches('2').count(), 1, "{shown}");
}
