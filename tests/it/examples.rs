//! The example of each rule is true: its bad project raises the rule, its good one does not.

use crate::support::scan;
use prodcheck::rules::{Catalogue, Expected, load};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

#[test]
fn every_example_shows_its_rule() {
    let catalogue = Catalogue::builtin();
    let mut failures = Vec::new();
    let mut checked = 0;
    for id in catalogue.ids() {
        let Some(example) = catalogue.example(id) else { continue };
        checked += 1;
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules").join(format!("{id}.toml"));
        let rule = load(id, &fs::read_to_string(file).expect("a rule's file")).expect("a built-in rule loads");
        // A few rules never say more than that something cannot be known.
        let says_bad = rule.cases.iter().any(|case| case.verdict == Expected::Violated);
        let lists = if says_bad { &["findings", "checklist"][..] } else { &["unverified"] };
        if !raises(&example.bad, id, lists) {
            failures.push(format!("{id}: the bad example does not raise it"));
        }
        if raises(&example.good, id, lists) {
            failures.push(format!("{id}: the good example raises it"));
        }
    }
    assert!(checked > 0, "no rule has an example");
    assert!(failures.is_empty(), "{} of {checked}:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_rule_has_an_example() {
    let catalogue = Catalogue::builtin();
    let without: Vec<&str> = catalogue.ids().filter(|id| catalogue.example(id).is_none()).collect();
    assert!(without.is_empty(), "rules that no example shows: nothing may give them anything to judge: {without:?}");
}

/// Whether a project of these files raises the rule in one of these lists of the report.
fn raises(files: &[(Arc<str>, String)], id: &str, lists: &[&str]) -> bool {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        let path = folder.path().join(&**path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    put_under_git(folder.path());
    let report = scan(folder.path(), &[]);
    let entries = lists.iter().filter_map(|list| report[*list].as_array()).flatten();
    entries.into_iter().any(|entry| entry["rule"] == id)
}

fn put_under_git(folder: &Path) {
    for arguments in [["init", "-q"], ["add", "-A"]] {
        assert!(Command::new("git").current_dir(folder).args(arguments).status().expect("git").success());
    }
}
