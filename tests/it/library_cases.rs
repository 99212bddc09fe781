//! Every file of `libraries/` can be read, and its cases give what they say.

use prodcheck::test_facts;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("libraries")
}

/// Every file of facts by its path below the folder, without the ending.
fn files() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(folder()).min_depth(2).sort_by_file_name() {
        let entry = entry.expect("a readable folder of facts");
        if entry.path().extension().is_some_and(|ending| ending == "toml") {
            let path = entry.path().strip_prefix(folder()).expect("below the folder");
            let id = path.to_str().expect("a plain name").replace('\\', "/");
            let id = id.strip_suffix(".toml").expect("the ending").to_owned();
            files.push((id, fs::read_to_string(entry.path()).expect("readable facts")));
        }
    }
    files
}

/// A line for each thing that is not as one of these files says.
fn wrong(files: &[(String, String)]) -> Vec<String> {
    let mut lines = Vec::new();
    for tested in test_facts(files) {
        let Some(failures) = tested.failures else { continue };
        for mistake in failures.mistakes {
            let line = failures.text[..mistake.span.start as usize].matches('\n').count() + 1;
            lines.push(format!("libraries/{}:{line}: {}", failures.path, mistake.message));
        }
    }
    lines
}

#[test]
fn every_case_gives_what_it_says() {
    let files = files();
    assert!(!files.is_empty());
    let wrong = wrong(&files);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

const FACTS: &str = r#"
known  = ">=1, <2"
source = "a test"

[[gives]]
kind    = "cors"
call    = "default"
settings = { origins = { at = "origin", read = "list", default = ["*"] }, credentials = { at = "credentials", default = false } }

[[case]]
name  = "the default"
code  = 'import own from "own"; own()'
gives = { origins = { default = ["*"] }, credentials = { default = false } }

[[case]]
name  = "written"
code  = 'import own from "own"; own({ origin: process.env.ORIGIN ?? "*", credentials: true })'
gives = { origins = { env = "ORIGIN", fallback = ["*"] }, credentials = true }
"#;

/// What its second case gives.
const WRITTEN: &str = r#"gives = { origins = { env = "ORIGIN", fallback = ["*"] }, credentials = true }"#;

fn of(text: &str) -> Vec<String> {
    wrong(&[("npm/own".into(), text.into())])
}

#[test]
fn facts_that_are_as_they_say_are_fine() {
    assert_eq!(of(FACTS), Vec::<String>::new());
}

#[test]
fn a_case_that_says_something_wrong_fails() {
    for (right, wrong, message) in [
        (r#"origins = { default = ["*"] }"#, r#"origins = ["*"]"#, r#"`origins` is ["*"], by default"#),
        (r#"credentials = true"#, r#"credentials = { default = true }"#, "`credentials` is true"),
        (r#"credentials = true"#, r#"credentials = false"#, "`credentials` is true"),
        (r#"fallback = ["*"]"#, r#"fallback = ["x"]"#, "`origins` is one of"),
        (WRITTEN, "gives = []", "where nothing is expected"),
        (WRITTEN, "gives = { wildcard_effect = \"literal\" }", "no setting of this library"),
        ("own()'", "own(); own()'", "it gives `cors` 2 times, not 1"),
    ] {
        let text = FACTS.replacen(right, wrong, 1);
        assert_ne!(text, FACTS);
        let found = of(&text).join("\n");
        assert!(found.contains(message), "{wrong}: {found}");
    }
}

#[test]
fn facts_without_two_cases_and_a_default_are_refused() {
    let cases: Vec<&str> = FACTS.split("[[case]]").collect();
    let one = format!("{}[[case]]{}", cases[0], cases[1]);
    assert!(of(&one).join("").contains("two cases at least"));
    let none = format!("{}[[case]]{}[[case]]{}", cases[0], cases[2], cases[2]);
    assert!(of(&none).join("").contains("need a case that shows one"));
}

#[test]
fn a_word_that_is_not_known_is_answered_with_the_one_that_was_meant() {
    for (right, wrong, message) in [
        ("known  =", "knwon  =", "did you mean `known`?"),
        ("kind    = \"cors\"", "kind    = \"cor\"", "did you mean `cors`?"),
        ("settings = { origins", "settings = { orgins", "`cors` has no setting `orgins`; did you mean `origins`?"),
        ("read = \"list\"", "read = \"lsit\"", "no reader is called `lsit`; did you mean `list`?"),
        ("default = false", "default = \"no\"", "expected true or false"),
        ("call    =", "called  =", "did you mean `call`?"),
        ("call    = \"default\"\n", "", "how is the library used?"),
    ] {
        let text = FACTS.replacen(right, wrong, 1);
        assert_ne!(text, FACTS);
        let found = of(&text).join("\n");
        assert!(found.contains(message), "{wrong}: {found}");
    }
}
