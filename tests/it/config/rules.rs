//! A team's own rules: tested, listed, explained, and run in a scan.

use super::{listed, project, report, run};

const RULE: &str = r#"summary = "CORS is wide open"
severity = "blocking"
owner = "app"
resource = "cors"
when = { setting = "origins", contains = "*" }
why = "Our customers' browsers call this app with their cookies, so no other site may read its answers."

[report]
at = "origins"
message = "{key} allows every origin"
fix = "List our own origins in {key}."

[[case]]
name = "every origin is reported"
given = { origins = ["*"] }
verdict = "violated"

[[case]]
name = "our own origin is fine"
given = { origins = ["https://app.example.com"] }
verdict = "satisfied"

[example]
framework = "bknd"

[example.bad]
"package.json" = '{ "dependencies": { "bknd": "0.20.0" } }'
"bknd.config.ts" = 'export default { config: { server: { cors: { origin: "*" } } } };'

[example.good]
"package.json" = '{ "dependencies": { "bknd": "0.20.0" } }'
"bknd.config.ts" = 'export default { config: { server: { cors: { origin: "https://app.example.com" } } } };'
"#;
const CONFIG: &str = "rules_folder = \"checks\"\n";
const PATH: &str = "checks/team/open-cors.toml";

#[test]
fn rules_that_do_what_they_say_pass() {
    let folder = project(&[(PATH, RULE), ("prodcheck.toml", CONFIG)]);
    for arguments in [&["rules", "test"][..], &["rules", "test", "checks"]] {
        let (code, out, err) = run(&folder, arguments);
        assert_eq!(code, 0, "{out}{err}");
        assert!(out.contains("ok      team/open-cors  2 cases and the example"), "{out}");
        assert!(out.contains("1 rule, 2 cases, none failed"), "{out}");
    }
}

#[test]
fn a_case_that_gets_another_verdict_is_shown_in_place() {
    let wrong = RULE.replace("verdict = \"satisfied\"", "verdict = \"unverified\"");
    let wrong = wrong.replace(
        "[example]\n",
        "[[case]]\nname = \"nothing\"\ngiven = { origins = [] }\nverdict = \"satisfied\"\n\n[example]\n",
    );
    let folder = project(&[(PATH, &wrong)]);
    let (code, out, err) = run(&folder, &["rules", "test", "checks"]);
    assert_eq!(code, 1, "{err}");
    assert!(out.contains("our own origin is fine: expected unverified, got satisfied"), "{out}");
    assert!(out.contains("[checks/team/open-cors.toml:") && out.contains("FAILED  team/open-cors"), "{out}");
}

#[test]
fn an_example_that_does_not_show_the_rule_fails() {
    let folder = project(&[(PATH, &RULE.replacen("origin: \"*\"", "origin: \"https://x.example\"", 1))]);
    let (code, out, _) = run(&folder, &["rules", "test", "checks"]);
    assert!(code == 1 && out.contains("the bad example does not raise the rule"), "{out}");
}

#[test]
fn a_rule_that_cannot_be_read_is_shown_in_place() {
    let wrong = RULE.replace("setting = \"origins\"", "setting = \"orgins\"");
    let folder = project(&[(PATH, &wrong), ("checks/team/other.toml", RULE), ("empty/x.txt", "")]);
    let (code, out, err) = run(&folder, &["rules", "test", "checks"]);
    assert_eq!((code, err.as_str()), (1, ""));
    assert!(out.contains("`cors` has no setting `orgins`") && out.contains("[checks/team/open-cors.toml:5:"), "{out}");
    assert!(out.contains("FAILED  team/open-cors") && out.contains("ok      team/other"), "{out}");
    for (arguments, says) in [
        (&["rules", "test", "empty"][..], "there is no rule in `empty`"),
        (&["rules", "test", "nowhere"], "it does not exist"),
        (&["rules", "test"], "there is no folder of rules to test"),
    ] {
        let (code, _, err) = run(&folder, arguments);
        assert!(code == 2 && err.contains(says), "{err}");
    }
}

#[test]
fn a_folder_without_rules_is_told_with_the_one_that_was_meant() {
    let folder = project(&[(PATH, RULE), ("prodcheck.toml", "rules_folder = \"chekcs\"\n")]);
    let (code, _, err) = run(&folder, &["scan"]);
    assert!(code == 2 && err.contains("did you mean `checks`?"), "{err}");
}

#[test]
fn own_rules_are_listed_explained_and_run() {
    let folder = project(&[(PATH, RULE), ("prodcheck.toml", CONFIG)]);
    let (_, out, _) = run(&folder, &["rules"]);
    assert!(out.contains("team/open-cors"), "{out}");
    let (code, out, err) = run(&folder, &["explain", "team/open-cors"]);
    assert!(code == 0 && out.contains("blocking team/open-cors: "), "{out}{err}");
    assert!(listed(&report(&folder, &[]), "findings").contains(&"team/open-cors blocking".to_owned()));
}
