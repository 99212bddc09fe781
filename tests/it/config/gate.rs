//! A gate that demands less: what is off, lowered, ignored or taken for granted stands in every format, a change that
//! weakens it is a finding, and a policy is not weakened at all.

use super::{git, listed, project, report, run};
use serde_json::Value;
use std::fs;
use tempfile::TempDir;

const RULE: &str = "cors/credentialed-wildcard";
const WEAKENED: &str = "config/gate-weakened warning";

/// Weaker in each way that `prodcheck.toml` has.
const WEAK: &str = "exclude = [\"examples/**\"]
limits = { token_lifetime.access = \"30d\" }

[environment]
env_files = [\"host.env\"]

[rules]
\"cors/credentialed-wildcard\" = { severity = \"off\", reason = \"a public mirror\" }
\"auth/guard-disabled\" = { severity = \"warning\", reason = \"behind the gateway\" }

[[ignore]]
rule = \"auth/weak-password-hashing\"
reason = \"single sign-on alone\"
";

fn weak() -> TempDir {
    project(&[("prodcheck.toml", WEAK), ("host.env", "JWT_SECRET=kV3xQ0m9TnR7yZ1cWb5LpE8uHsGd2FjA\n")])
}

#[test]
fn what_is_weaker_stands_in_every_format_with_its_reason_and_place() {
    let folder = weak();
    for format in ["human", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown", "html"] {
        let (_, out, _) = run(&folder, &["scan", "--format", format]);
        for word in ["a public mirror", "behind the gateway", "access is 30d instead of", "examples/", "host.env"] {
            assert!(out.contains(word), "{format}: no {word}\n{out}");
        }
    }
    let report = report(&folder, &[]);
    let gate = report["gate"].as_array().unwrap();
    let off = gate.iter().find(|note| note["kind"] == "off").expect("a rule is off");
    assert_eq!((&off["rule"], &off["reason"]), (&RULE.into(), &"a public mirror".into()));
    assert_eq!((&off["location"]["file"], &off["location"]["line"]), (&"prodcheck.toml".into(), &8.into()));
}

#[test]
fn the_summary_line_counts_what_is_weaker() {
    let folder = weak();
    let (_, out, _) = run(&folder, &["scan", "-q", "--env-file", "host.env"]);
    let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
    let counted = "1 rule off, 1 lowered, 1 limit changed";
    assert!(out.contains(counted) && out.contains("in prodcheck.toml"), "{out}");
    assert!(out.contains("by the command line"), "{out}");
    let (_, out, _) = run(&project(&[]), &["scan", "-q"]);
    assert!(!out.contains("rule off") && !out.contains("prodcheck.toml"), "{out}");
}

/// A project that is committed, and then has another `prodcheck.toml`.
fn after(before: &str, now: &str) -> TempDir {
    let folder = project(&[("prodcheck.toml", before)]);
    git(&folder, &["init", "-q", "-b", "main"]);
    git(&folder, &["add", "-A"]);
    git(&folder, &["commit", "-q", "-m", "next"]);
    fs::write(folder.path().join("prodcheck.toml"), now).expect("the file is written");
    folder
}

fn weakened(report: &Value) -> Vec<String> {
    listed(report, "findings").into_iter().filter(|found| found.starts_with("config/gate-weakened")).collect()
}

#[test]
fn a_change_that_demands_less_is_a_finding() {
    let off = "[rules]\n\"cors/credentialed-wildcard\" = { severity = \"off\", reason = \"x\" }\n";
    let lowered = "[rules]\n\"cors/credentialed-wildcard\" = { severity = \"warning\" }\n";
    let raised = "[rules]\n\"cors/wildcard\" = { severity = \"blocking\" }\n";
    let limit = |value: &str| format!("limits = {{ token_lifetime.access = \"{value}\" }}\n");
    let ignored = "[[ignore]]\nrule = \"cors/credentialed-wildcard\"\nreason = \"x\"\n";
    for (before, now, weaker) in [
        ("", off, 1),
        ("", lowered, 1),
        (lowered, off, 1),
        (off, lowered, 0),
        (off, "", 0),
        (off, &*format!("{off}# a comment\n"), 0),
        (raised, "", 1),
        ("", raised, 0),
        ("", &limit("30d"), 1),
        (&limit("2d"), &limit("30d"), 1),
        (&limit("30d"), &limit("2d"), 0),
        ("", &limit("1m"), 0),
        ("", ignored, 1),
        ("", "exclude = [\"**\"]\n", 1),
        ("", "[environment]\nname = \"staging\"\n", 1),
        ("", "[[path]]\nglob = \"**\"\nseverity = \"off\"\nreason = \"x\"\n", 1),
    ] {
        let report = report(&after(before, now), &["--changed"]);
        let found = weakened(&report);
        assert_eq!(found, vec![WEAKENED; weaker], "{before:?} to {now:?}: {report:#}");
    }
}

#[test]
fn an_ignore_that_a_change_brings_is_a_finding() {
    let folder = after("", "");
    let config = fs::read_to_string(folder.path().join("bknd.config.ts")).expect("the file is read");
    fs::write(folder.path().join("bknd.config.ts"), format!("/* prodcheck-ignore-file {RULE} -- x */\n{config}"))
        .expect("the file is written");
    assert_eq!(weakened(&report(&folder, &["--changed"])), [WEAKENED]);
}

#[test]
fn the_revision_says_what_that_weighs_and_nothing_here_waives_it() {
    let blocking = "[rules]\n\"config/gate-weakened\" = { severity = \"blocking\" }\n";
    let off = "[rules]\n\"cors/credentialed-wildcard\" = { severity = \"off\", reason = \"x\" }\n\"config/gate-weakened\" = { severity = \"off\", reason = \"x\" }\n";
    let report = report(&after(blocking, off), &["--changed"]);
    let found = weakened(&report);
    assert!(!found.is_empty() && found.iter().all(|found| found == "config/gate-weakened blocking"), "{report:#}");
    assert_eq!(report["exit_code"], 1);
}

fn under_policy(policy: &str, own: &str) -> Value {
    let folder = project(&[("prodcheck.toml", own), ("company.toml", policy)]);
    let path = folder.path().join("company.toml");
    report(&folder, &["--policy", path.to_str().expect("a path")])
}

#[test]
fn a_project_does_not_weaken_a_policy() {
    let off = "[rules]\n\"cors/credentialed-wildcard\" = { severity = \"off\", reason = \"x\" }\n";
    let ignored = "[[ignore]]\nrule = \"cors/credentialed-wildcard\"\nreason = \"x\"\n";
    let by_path = "[[path]]\nglob = \"**\"\nseverity = \"off\"\nreason = \"x\"\n";
    let excluded = "exclude = [\"**\"]\n";
    for locked in ["\"*\"", "\"cors\"", "\"cors/*\"", "\"cors/credentialed-wildcard\""] {
        for own in [off, ignored, by_path, excluded] {
            let report = under_policy(&format!("locked = [{locked}]\n"), own);
            let found = listed(&report, "findings");
            assert!(found.contains(&format!("{RULE} blocking")), "{locked} {own}: {found:?}");
        }
    }
    let report = under_policy("locked = [\"cors\"]\n", off);
    assert_eq!(listed(&report, "problems"), ["policy/refused warning"]);
    assert!(report["policy"].as_str().unwrap().ends_with("company.toml"));
    let report = under_policy("locked = [\"secrets\"]\n", off);
    assert!(
        !listed(&report, "findings").contains(&format!("{RULE} blocking")),
        "what is not locked the project decides"
    );
}

#[test]
fn a_policy_raises_rules_and_limits() {
    let policy = "limits = { token_lifetime.access = \"10m\" }\n[rules]\n\"auth/weak-password-hashing\" = { severity = \"blocking\" }\n";
    let own = "limits = { token_lifetime.access = \"30d\" }\n[rules]\n\"auth/weak-password-hashing\" = { severity = \"warning\" }\n";
    let report = under_policy(policy, own);
    assert_eq!(listed(&report, "problems"), ["policy/refused warning", "policy/refused warning"]);
    let stricter = "limits = { token_lifetime.access = \"5m\" }\n";
    assert!(listed(&under_policy(policy, stricter), "problems").is_empty());
}

#[test]
fn a_policy_with_a_mistake_ends_the_run() {
    let folder = project(&[("company.toml", "locked = [\"corz\"]\n")]);
    let path = folder.path().join("company.toml");
    let (code, _, err) = run(&folder, &["scan", "--policy", path.to_str().expect("a path")]);
    assert!(code == 2 && err.contains("there is no rule or category `corz`"), "{err}");
    let (code, _, err) = run(&folder, &["scan", "--policy", "nowhere.toml"]);
    assert!(code == 2 && err.contains("cannot be read"), "{err}");
}
