//! Errors of rule files point at the word and say what would do.

use super::rule;
use crate::rules::{Catalogue, Listed, load, run_cases};

const CASES: &str = r#"
[[case]]
name = "on"
given = { enabled = true }
verdict = "violated"

[[case]]
name = "off"
given = { enabled = false }
verdict = "satisfied"
"#;

/// The word that the error points at, and its message.
fn error(text: &str) -> (String, String) {
    let error = load("x/y", text).expect_err("a refused rule");
    (text[error.span.start as usize..error.span.end as usize].to_owned(), error.message)
}

fn debug(when: &str) -> String {
    rule("debug", when, "severity = \"warning\"") + CASES
}

#[test]
fn a_misspelt_setting_is_named_with_its_alternatives() {
    let text = rule("cors", r#"{ setting = "orgins", contains = "*" }"#, "severity = \"warning\"");
    let (word, message) = error(&text);
    assert_eq!(word, "\"orgins\"");
    assert!(message.starts_with("`cors` has no setting `orgins`; it has origins, credentials"), "{message}");
}

#[test]
fn a_misspelt_key_kind_or_word_is_named_with_its_alternatives() {
    let (word, message) = error(&debug(r#"{ setting = "enabled", is = true }"#).replace("owner", "ownr"));
    assert_eq!((word.as_str(), message.as_str()).1, "a rule needs `owner`");
    let (word, message) = error(&("colour = 1\n".to_owned() + &debug(r#"{ setting = "enabled", is = true }"#)));
    assert_eq!(word, "colour");
    assert!(message.starts_with("a rule has no key `colour`; it has resource, when"), "{message}");
    let (word, message) = error(&debug(r#"{ setting = "effect", is = "plugn" }"#));
    assert_eq!(
        (word.as_str(), message.as_str()),
        ("\"plugn\"", "\"plugn\" is none of its words: application, plugin, diagnostics")
    );
    let (word, message) = error(&debug(r#"{ some = "roles", where = { setting = "is_default", is = true } }"#));
    assert_eq!(word, "\"roles\"");
    assert!(message.starts_with("no kind of resource is called `roles`; there are "), "{message}");
    let (word, message) = error(&debug(r#"{ setting = "enabled", is = true }"#).replace("\"warning\"", "\"error\""));
    assert_eq!(
        (word.as_str(), message.as_str()),
        ("\"error\"", "\"error\" is none of \"blocking\", \"warning\", \"checklist\"")
    );
}

#[test]
fn a_clause_that_no_standard_has_is_named() {
    let told = |clauses: &str| {
        let (word, message) =
            error(&(format!("standards = {clauses}\n") + &debug(r#"{ setting = "enabled", is = true }"#)));
        format!("{word} {message}")
    };
    assert_eq!(
        told(r#"["CWE-489", "v5.0.0-3.4.9"]"#),
        "\"v5.0.0-3.4.9\" ASVS 5.0.0 has no requirement `v5.0.0-3.4.9`; they are written as `v5.0.0-3.4.2`"
    );
    assert!(told(r#"["A05:2021"]"#).starts_with("\"A05:2021\" `A05:2021` is no clause of a known standard"));
    assert_eq!(told(r#"["CWE-489", "CWE-489"]"#), "\"CWE-489\" `CWE-489` is named twice");
}

#[test]
fn operands_have_the_type_of_their_setting() {
    for (when, word, start) in [
        (r#"{ setting = "enabled", is = "yes" }"#, "\"yes\"", "expected true or false, found a text"),
        (
            r#"{ setting = "enabled", contains = "x" }"#,
            "contains",
            "`debug.enabled` is a boolean, which has no predicate `contains`; it has is",
        ),
        (r#"{ setting = "enabled" }"#, r#"{ setting = "enabled" }"#, "expected one predicate: is"),
        (r#"{ setting = "enabled", is = true, absent = true }"#, "absent", "a condition has one predicate"),
        (r#"{ setting = "enabled", absent = false }"#, "false", "`absent` takes only true"),
        (
            r#"{ setting = "role.is_default", is = true }"#,
            "\"role.is_default\"",
            "an app can have several of `role`: ask { some = \"role\"",
        ),
        (r#"{ all = [] }"#, "[]", "an empty list of conditions decides nothing"),
        (r#"{ every = [] }"#, r#"{ every = [] }"#, "a condition is exactly one of `all`"),
    ] {
        let (found, message) = error(&debug(when));
        assert_eq!(found, word, "{when}");
        assert!(message.starts_with(start), "{message}");
    }
}

#[test]
fn limits_have_to_exist_and_to_count_the_same() {
    let jwt = |bound: &str| {
        rule("jwt", &format!(r#"{{ setting = "lifetime", longer_than = {bound} }}"#), "severity = \"warning\"")
    };
    let (word, message) = error(&jwt(r#"{ limit = "token_life", by = "kind" }"#));
    assert_eq!(word, "\"token_life\"");
    assert!(message.starts_with("no limit `token_life.access`; there are "), "{message}");
    let (word, message) = error(&jwt(r#"{ limit = "secret_length" }"#));
    assert_eq!(
        (word.as_str(), message.as_str()),
        ("\"secret_length\"", "limit `secret_length` does not count what `lifetime` counts")
    );
    let (word, message) = error(&jwt("\"10MiB\""));
    assert_eq!((word.as_str(), message.as_str()), ("\"10MiB\"", "expected a duration such as \"30d\" or a number"));
}

#[test]
fn a_rule_without_cases_is_refused() {
    let bare = rule("debug", r#"{ setting = "enabled", is = true }"#, "severity = \"warning\"");
    assert_eq!(error(&bare).1, "a rule needs a `[[case]]` with verdict = \"violated\"");
    let checklist = bare.replace("\"warning\"", "\"checklist\"");
    assert_eq!(error(&checklist).1, "a rule needs a `[[case]]` with verdict = \"open\"");
}

#[test]
fn placeholders_have_to_exist() {
    let text = debug(r#"{ setting = "enabled", is = true }"#).replace("message = \"m\"", "message = \"{kye} is on\"");
    assert_eq!(
        error(&text),
        (
            "\"{kye} is on\"".into(),
            "no placeholder `{kye}`; there are key, env, value, name, names, instead, limit, replacement, true, false, state, set, move, framework, installed, file, last, items".into()
        )
    );
}

#[test]
fn a_case_that_fails_says_what_it_got() {
    let text = debug(r#"{ setting = "enabled", is = false }"#);
    let failures = run_cases(&load("x/y", &text).expect("a rule"));
    let told: Vec<_> = failures
        .iter()
        .map(|failure| (failure.case.as_str(), failure.expected.as_str(), failure.got.as_str()))
        .collect();
    assert_eq!(
        told,
        [("on", "violated", "satisfied"), ("off", "satisfied", "violated (warning), decided by debug.enabled")]
    );
}

#[test]
fn any_text_is_read_or_refused_without_a_panic() {
    let text = debug(r#"{ setting = "enabled", is = true }"#);
    for cut in 0..text.len() {
        let _ = load("x/y", &text[..cut]);
    }
    for text in ["", "\u{0}", "[[[[", "when = { all = [ { all = [ { not = 1 } ] } ] }", "ä = \"ö\""] {
        let _ = load("x/y", text);
    }
}

#[test]
fn a_project_can_add_and_replace_rules() {
    let mut catalogue = Catalogue::builtin();
    let count = catalogue.ids().count();
    assert!(count > 150, "{count}");
    let own = debug(r#"{ setting = "enabled", is = true }"#);
    assert_eq!(catalogue.add("team/no-debug", own.clone()), Ok(()));
    assert_eq!(catalogue.add("cors/wildcard", own.clone()), Ok(()));
    assert!(catalogue.add("team/typo", debug(r#"{ setting = "enabld", is = true }"#)).is_err());
    assert_eq!(catalogue.ids().count(), count + 1);
    assert!(catalogue.rule("team/typo").is_none());
    assert_eq!(catalogue.text("cors/wildcard"), Some(&*own));
}

#[test]
fn the_list_says_of_each_rule_what_the_rule_says() {
    let mut catalogue = Catalogue::builtin();
    assert_eq!(catalogue.add("team/no-debug", debug(r#"{ setting = "enabled", is = true }"#)), Ok(()));
    let of_rules: Vec<Listed<'_>> = catalogue
        .rules()
        .map(|rule| Listed {
            id: &rule.id,
            severity: rule.severity.name(),
            summary: &rule.summary,
            owner: rule.owner.name(),
            fed: catalogue.example(&rule.id).is_some() || &*rule.id == "team/no-debug",
        })
        .collect();
    assert_eq!(catalogue.list().collect::<Vec<_>>(), of_rules);
}

#[test]
fn superseded_rules_exist() {
    let catalogue = Catalogue::builtin();
    for rule in catalogue.rules() {
        for other in &rule.supersedes {
            assert!(catalogue.rule(other).is_some(), "{} supersedes {other}, which does not exist", rule.id);
        }
    }
}

#[test]
fn a_built_in_rule_is_what_its_file_says_without_the_cases() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/cors/wildcard.toml");
    let whole = load("cors/wildcard", &std::fs::read_to_string(file).expect("a rule's file")).expect("a rule");
    let catalogue = Catalogue::builtin();
    let head = catalogue.rule("cors/wildcard").expect("a rule");
    assert!(head.cases.is_empty() && !whole.cases.is_empty());
    assert_eq!(format!("{:?}", head.when), format!("{:?}", whole.when));
    assert_eq!(format!("{:?}", catalogue.example("cors/wildcard")), format!("{:?}", whole.example));
    assert_eq!(catalogue.text("cors/wildcard"), None);
}

#[test]
fn messages_by_cause_end_with_the_one_that_always_holds() {
    let with = |list: &str| {
        debug(r#"{ setting = "enabled", is = true }"#).replace("message = \"m\"", &format!("message = [{list}]"))
    };
    let by_default = r#"{ when = { setting = "enabled", defaulted = true }, says = "by default", fix = "Set it." }"#;
    let general = r#"{ says = "in general" }"#;
    let rule = load("x/y", &with(&format!("{by_default}, {general}"))).expect("a rule");
    assert_eq!(rule.report.message_of(Some(0)), "by default");
    assert_eq!((rule.report.fix_of(Some(0)), rule.report.fix_of(None)), ("Set it.", "f."));
    assert_eq!(rule.report.message_of(None), "in general");
    let refused = |list: &str| error(&with(list)).1;
    assert_eq!(refused(by_default), "the last message needs no `when`: it is said where none of the others holds");
    assert_eq!(refused(&format!("{general}, {by_default}")), "nothing comes after the message without `when`");
    assert_eq!(refused(r#"{ says = "m", fix = "F." }"#), "the fix of the last message is the rule's `fix`");
}
