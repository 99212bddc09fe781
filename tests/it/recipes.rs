//! The examples of CONTRIBUTING.md run: a rule and its repair are judged by their own cases, the facts of a library give
//! what they say, and what is shown of the code is the code, which the fixtures run.

use prodcheck::rules::{load, run_cases};
use prodcheck::test_facts;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A block of CONTRIBUTING.md: the recipe that it stands in, its language, its text.
struct Block {
    recipe: String,
    language: String,
    text: String,
}

/// Every block of a recipe.
fn blocks() -> Vec<Block> {
    let page = fs::read_to_string(root().join("CONTRIBUTING.md")).expect("the page");
    let mut found = Vec::new();
    for part in page.split("\n## Recipe: ").skip(1) {
        let recipe = part.lines().next().expect("a title").to_owned();
        let part = part.split("\n## ").next().expect("a part");
        for block in part.split("\n```").skip(1).step_by(2) {
            let (language, text) = block.split_once('\n').expect("a block has a language");
            found.push(Block { recipe: recipe.clone(), language: language.to_owned(), text: text.to_owned() });
        }
    }
    found
}

fn of_recipe<'b>(all: &'b [Block], recipe: &str) -> Vec<&'b Block> {
    all.iter().filter(|block| block.recipe == recipe).collect()
}

#[test]
fn every_recipe_has_an_example() {
    let all = blocks();
    let recipes: BTreeSet<&str> = all.iter().map(|block| &*block.recipe).collect();
    let wanted = ["a format", "a framework", "a library", "a platform", "a rule", "a setting"];
    assert_eq!(recipes, BTreeSet::from(wanted));
}

#[test]
fn the_rule_passes_its_own_cases_with_and_without_its_repair() {
    let all = blocks();
    let [rule, repair] = of_recipe(&all, "a rule")[..] else { panic!("a rule and its repair") };
    let (before, cases) = rule.text.split_once("[[case]]").expect("a rule has cases");
    let whole = format!("{before}{}\n[[case]]{cases}", repair.text);
    for text in [&rule.text, &whole] {
        let rule = load("cors/example", text).unwrap_or_else(|error| panic!("{error:?} in\n{text}"));
        assert!(rule.cases.len() > 1, "the example shows cases");
        let failures = run_cases(&rule);
        assert!(failures.is_empty(), "{failures:?}");
    }
    assert!(load("cors/example", &whole).expect("a rule").repair.is_some());
}

#[test]
fn the_facts_of_the_library_give_what_they_say() {
    let all = blocks();
    let [facts] = of_recipe(&all, "a library")[..] else { panic!("one file of facts") };
    for tested in test_facts(&[("npm/example-cors".to_owned(), facts.text.clone())]) {
        assert!(tested.failures.is_none(), "{:?}", tested.failures);
        assert!(tested.cases > 1, "the example shows cases");
    }
}

#[test]
fn what_is_shown_of_the_code_is_the_code() {
    let all = blocks();
    let shown: Vec<&Block> = all.iter().filter(|block| block.language == "rust").collect();
    assert!(shown.len() > 3, "settings, frameworks, platforms and formats are written in Rust");
    for block in shown {
        let (first, text) = block.text.split_once('\n').expect("a block begins with the path of its file");
        let path = first.strip_prefix("// ").unwrap_or_else(|| panic!("`{first}` names a file"));
        let code = fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        // Parts are left out where the recipe says so.
        for part in text.split("// ..\n") {
            assert!(code.contains(part.trim_end()), "{path} has no more:\n{part}");
        }
    }
}
