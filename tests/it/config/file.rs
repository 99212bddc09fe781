//! `prodcheck.toml`: what it changes, and what a mistake in it looks like.

use super::{CANARY, listed, project, report, run};
use serde_json::Value;

#[test]
fn a_mistake_is_shown_in_place_and_ends_the_run() {
    let folder = project(&[(
        "prodcheck.toml",
        "[environment]\nprovided = [\"A=1\"]\n\n[rules]\n\"cors/wildcart\" = { severity = \"off\", reason = \"x\" }\n",
    )]);
    let (code, out, err) = run(&folder, &["scan"]);
    assert_eq!((code, out.as_str()), (2, ""));
    insta::assert_snapshot!(err);
}

#[test]
fn a_value_written_by_mistake_is_not_shown() {
    for line in [format!("provided = [\"JWT_SECRET={CANARY}\"]"), format!("JWT_SECRET = \"{CANARY}\"")] {
        let folder = project(&[("prodcheck.toml", &format!("[environment]\n{line}\n"))]);
        let (code, out, err) = run(&folder, &["scan"]);
        assert_eq!(code, 2);
        assert!(!out.contains(CANARY) && !err.contains(CANARY), "{err}");
    }
}

#[test]
fn what_the_host_provides_settles_a_variable() {
    let folder = project(&[]);
    let open = |report: &Value| listed(report, "unverified").iter().filter(|name| name.contains("secrets/")).count();
    assert!(open(&report(&folder, &[])) > 0);
    let apps = |report: &Value| report["apps"][0]["environment"]["closed"].clone();
    assert_eq!(apps(&report(&folder, &[])), false);
    let folder = project(&[("prodcheck.toml", "[environment]\nprovided = [\"JWT_SECRET\"]\n")]);
    assert_eq!(apps(&report(&folder, &[])), true);
}

#[test]
fn the_environment_of_the_file_gives_way_to_the_command_line() {
    let folder = project(&[("prodcheck.toml", "[environment]\nname = \"staging\"\n")]);
    assert_eq!(report(&folder, &[])["environment"], "staging");
    assert_eq!(report(&folder, &["--environment", "high-security"])["environment"], "high-security");
}

#[test]
fn a_project_weighs_rules_and_turns_them_off() {
    let rule = "cors/credentialed-wildcard";
    let folder = project(&[]);
    assert!(listed(&report(&folder, &[]), "findings").contains(&format!("{rule} blocking")));
    let folder = project(&[("prodcheck.toml", &format!("[rules]\n\"{rule}\" = {{ severity = \"warning\" }}\n"))]);
    assert!(listed(&report(&folder, &[]), "findings").contains(&format!("{rule} warning")));
    let off = format!("[rules]\n\"{rule}\" = {{ severity = \"off\", reason = \"no browser comes here\" }}\n");
    let folder = project(&[("prodcheck.toml", &off)]);
    assert!(!listed(&report(&folder, &[]), "findings").iter().any(|found| found.starts_with(rule)));
}

#[test]
fn attestations_close_items_until_they_end() {
    let attest = |until: &str| {
        format!("[[attest]]\nrule = \"checklist/backups-restore\"\nby = \"Ada\"\non = 2020-01-01\nuntil = {until}\n")
    };
    let item = "checklist/backups-restore checklist".to_owned();
    let folder = project(&[]);
    assert!(listed(&report(&folder, &[]), "checklist").contains(&item));
    let folder = project(&[("prodcheck.toml", &attest("2999-01-01"))]);
    assert!(!listed(&report(&folder, &[]), "checklist").contains(&item));
    assert!(listed(&report(&folder, &[]), "problems").is_empty());
    let folder = project(&[("prodcheck.toml", &attest("2020-02-01"))]);
    let report = report(&folder, &[]);
    assert!(listed(&report, "checklist").contains(&item));
    assert_eq!(listed(&report, "problems"), ["attest/expired warning"]);
}

/// A server that says how long sessions without a login live, and the rules that then speak, by severity.
fn lifetimes(minutes: u32, toml: &str, environment: &[&str]) -> Vec<String> {
    let server = format!(
        "import {{ FrontMcp }} from '@frontmcp/sdk';\n@FrontMcp({{ info: {{ name: 'a', version: '1.0.0' }}, apps: [], \
         auth: {{ mode: 'public', sessionTtl: {} }} }})\nexport default class Server {{}}\n",
        minutes * 60
    );
    let manifest = r#"{ "name": "a", "dependencies": { "@frontmcp/sdk": "1.5.2" } }"#;
    let folder = project(&[
        ("package.json", manifest),
        ("bknd.config.ts", ""),
        ("src/main.ts", &server),
        ("prodcheck.toml", toml),
    ]);
    let found = listed(&report(&folder, environment), "findings");
    found.into_iter().filter(|found| found.starts_with("auth/token-lifetime-too-long")).collect()
}

#[test]
fn each_environment_has_its_own_limits() {
    let too_long = vec!["auth/token-lifetime-too-long warning".to_owned()];
    for (minutes, environment, is_too_long) in [
        (1440, "development", false),
        (1441, "development", true),
        (60, "staging", false),
        (61, "staging", true),
        (60, "production", false),
        (61, "production", true),
        (5, "high-security", false),
        (6, "high-security", true),
    ] {
        let found = lifetimes(minutes, "", &["--environment", environment]);
        assert_eq!(found, if is_too_long { too_long.clone() } else { Vec::new() }, "{minutes} min in {environment}");
    }
}

#[test]
fn a_project_has_limits_of_its_own_in_every_environment() {
    let toml = "[limits]\ntoken_lifetime.anonymous = \"20m\"\n";
    for environment in ["development", "staging", "production", "high-security"] {
        assert_eq!(lifetimes(20, toml, &["--environment", environment]).len(), 0, "{environment}");
        assert_eq!(lifetimes(21, toml, &["--environment", environment]).len(), 1, "{environment}");
    }
}
