//! `prodcheck diff`: what differs between environments, targets and revisions.

use super::{CANARY, git, project, run};
use serde_json::Value;
use std::fs;
use tempfile::TempDir;

const CONFIG: &str = r#"export default {
  config: {
    server: { cors: { origin: process.env.ORIGINS ?? "*", allow_credentials: true } },
    auth: { enabled: true, jwt: { secret: process.env.JWT_SECRET } },
  },
};
"#;

fn staged() -> TempDir {
    let production = format!("JWT_SECRET={CANARY}\nORIGINS=https://app.example.com\n");
    project(&[
        ("bknd.config.ts", CONFIG),
        (".env.production", &production),
        (".env.staging", "JWT_SECRET=brisk-meadow-signal-harbor\n"),
    ])
}

fn diff(folder: &TempDir, arguments: &[&str]) -> Value {
    let (code, out, err) = run(folder, &[&["diff", "--format", "json"], arguments].concat());
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).expect("it is JSON")
}

/// `left > right` of a setting.
fn values(difference: &Value, setting: &str) -> Option<String> {
    let settings = difference["settings"].as_array()?;
    let change = settings.iter().find(|change| {
        format!("{}.{}", change["kind"].as_str().unwrap_or_default(), change["setting"].as_str().unwrap_or_default())
            == setting
    })?;
    let side = |side: &str| change[side]["value"].as_str().unwrap_or("-").to_owned();
    Some(format!("{} > {}", side("left"), side("right")))
}

fn changes(difference: &Value) -> Vec<String> {
    let of = |change: &Value, key: &str| change[key].as_str().unwrap_or_default().to_owned();
    let found = difference["findings"].as_array().expect("a list");
    found.iter().map(|change| format!("{} {}", of(change, "change"), of(change, "rule"))).collect()
}

#[test]
fn two_environments_differ_in_what_their_files_set() {
    let folder = staged();
    let environments = ["--environment", "staging", "--environment", "production"];
    let difference = diff(&folder, &environments);
    assert_eq!((&difference["left"], &difference["right"]), (&"staging".into(), &"production".into()));
    let origins = values(&difference, "cors.origins").expect("the origins differ");
    assert!(
        origins.starts_with("[\"*\"] or unknown") && origins.ends_with("> [\"https://app.example.com\"]"),
        "{origins}"
    );
    assert!(changes(&difference).contains(&"disappears cors/wildcard-fallback".to_owned()), "{difference:#}");
    let (_, out, _) = run(&folder, &[&["diff"][..], &environments].concat());
    assert!(out.contains("- blocking cors/wildcard-fallback"), "{out}");
}

#[test]
fn secrets_that_differ_are_told_and_not_shown() {
    let folder = staged();
    for format in ["human", "json"] {
        let (_, out, err) =
            run(&folder, &["diff", "--environment", "staging", "--environment", "production", "--format", format]);
        assert!(out.contains("••••••••"), "{out}");
        for part in CANARY.split('-').chain(["brisk", "meadow"]) {
            assert!(!out.contains(part) && !err.contains(part), "{out}");
        }
    }
    let difference = diff(&folder, &["--environment", "staging", "--environment", "production"]);
    assert_eq!(values(&difference, "secret.value").as_deref(), Some("•••••••• > ••••••••"));
}

#[test]
fn two_env_files_are_two_sides() {
    let folder = project(&[
        ("bknd.config.ts", CONFIG),
        ("a.env", "ORIGINS=https://a.example\n"),
        ("b.env", "ORIGINS=https://b.example\n"),
    ]);
    let difference = diff(&folder, &["--left-env-file", "a.env", "--right-env-file", "b.env"]);
    assert_eq!(
        values(&difference, "cors.origins").as_deref(),
        Some("[\"https://a.example\"] > [\"https://b.example\"]")
    );
    let same = diff(&folder, &["--left-env-file", "a.env", "--right-env-file", "a.env"]);
    assert_eq!(same["settings"], Value::Array(Vec::new()));
}

#[test]
fn two_revisions_and_the_files_as_they_are_can_be_sides() {
    let folder = staged();
    git(&folder, &["init", "-q", "-b", "main"]);
    git(&folder, &["add", "-A"]);
    git(&folder, &["commit", "-q", "-m", "one"]);
    fs::write(folder.path().join("bknd.config.ts"), CONFIG.replace("process.env.ORIGINS ?? ", ""))
        .expect("it is written");
    let difference = diff(&folder, &["HEAD.."]);
    assert_eq!(values(&difference, "cors.origins").as_deref(), Some("[\"https://app.example.com\"] > [\"*\"]"));
    assert!(changes(&difference).contains(&"appears cors/credentialed-wildcard".to_owned()));
    git(&folder, &["commit", "-q", "-am", "two"]);
    assert_eq!(values(&diff(&folder, &["HEAD~1..HEAD", "."]), "cors.origins"), values(&difference, "cors.origins"));
    assert!(changes(&diff(&folder, &["HEAD..HEAD"])).is_empty());
}

#[test]
fn without_two_sides_there_is_nothing_to_compare() {
    let folder = staged();
    for arguments in [&["diff"][..], &["diff", "--environment", "staging"], &["diff", "a..b", "c..d"]] {
        let (code, out, err) = run(&folder, arguments);
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(err.contains("help: as in `prodcheck diff"), "{err}");
    }
    let (code, _, err) = run(&folder, &["diff", "nowhere..HEAD"]);
    assert_eq!(code, 2, "{err}");
}
