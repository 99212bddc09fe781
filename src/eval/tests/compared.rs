//! What a handler compares its input with.

use super::*;

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
