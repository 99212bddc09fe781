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

/// Rules that no adapter feeds so far, so that no project can show them: what they read is set by none.
const WITHOUT_ADAPTER: &[&str] = &[
    "auth/account-linking-by-email",
    "auth/expiry-not-checked",
    "auth/host-header-trusted",
    "auth/issuer-missing",
    "auth/key-rotation-too-slow",
    "auth/open-redirect",
    "auth/refresh-not-rotated",
    "auth/signature-not-checked",
    // It speaks of two revisions, and an example has one.
    "config/gate-weakened",
    "cookies/shared-across-subdomains",
    "csrf/any-origin-trusted",
    "env/allowed-hosts-missing",
];

#[test]
fn every_rule_that_an_adapter_feeds_has_an_example() {
    let catalogue = Catalogue::builtin();
    let has_none = |id: &&str| catalogue.example(id).is_none();
    let without: Vec<&str> = catalogue.ids().map(AsRef::as_ref).filter(has_none).collect();
    assert_eq!(without, WITHOUT_ADAPTER, "rules without an example, and those that can have none");
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
