//! `prodcheck why`: the way of one effective setting.

use super::{CANARY, MANIFEST, project, run};
use serde_json::Value;

const CONFIG: &str = r#"import { origins } from "./origins";
export default {
  config: {
    server: { cors: { origin: origins } },
    auth: { enabled: true, jwt: { secret: process.env.JWT_SECRET } },
  },
};
"#;
const ORIGINS: &str = "export const origins = process.env.ORIGINS?.split(\",\") ?? [\"*\"];\n";

fn why(files: &[(&str, &str)], arguments: &[&str]) -> (i32, String, String) {
    run(&project(files), &[&["why"], arguments].concat())
}

fn json(files: &[(&str, &str)], arguments: &[&str]) -> Value {
    let (code, out, err) = why(files, &[arguments, &["--format", "json"]].concat());
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).expect("it is JSON")
}

#[test]
fn a_choice_is_told_world_by_world_with_its_question() {
    let (code, out, _) = why(&[("bknd.config.ts", CONFIG), ("origins.ts", ORIGINS)], &["cors.origins"]);
    assert_eq!(code, 0);
    insta::assert_snapshot!(out);
}

#[test]
fn the_file_that_wins_is_told_with_those_that_do_not() {
    let files = [
        ("bknd.config.ts", CONFIG),
        ("origins.ts", ORIGINS),
        (".env.production", "ORIGINS=https://app.example.com\n"),
        (".env.example", "ORIGINS=\n"),
        (".env.staging", "ORIGINS=https://staging.example.com\n"),
    ];
    let whys = json(&files, &["cors.origins"]);
    assert_eq!(whys[0]["value"], "[\"https://app.example.com\"]");
    let standing = |index: usize| {
        let note = &whys[0]["variables"][index];
        (note["location"]["file"].as_str().unwrap_or_default(), note["standing"].as_str().unwrap_or_default())
    };
    assert_eq!(standing(0), (".env.production", "wins"));
    assert_eq!(standing(1).1, "not-read");
    assert!(whys[0]["ways"].as_array().is_some_and(|ways| ways.len() == 1));
}

#[test]
fn a_default_is_told_with_its_reference() {
    let whys = json(&[("bknd.config.ts", "export default { config: {} };\n")], &["cors.origins"]);
    assert_eq!(whys[0]["state"], "default");
    assert_eq!(whys[0]["default"]["is"], "by default `[\"*\"]`");
    assert!(!whys[0]["default"]["reference"].as_str().unwrap_or_default().is_empty());
}

#[test]
fn a_setting_is_found_by_the_keys_and_variables_that_users_know() {
    let files = [("bknd.config.ts", CONFIG), ("origins.ts", ORIGINS)];
    for name in ["cors.origins", "config.server.cors.origin", "origins", "cors.origin"] {
        assert_eq!(json(&files, &[name])[0]["setting"], "origins", "{name}");
    }
    assert_eq!(json(&files, &["JWT_SECRET"])[0]["resource"], "JWT_SECRET");
}

#[test]
fn an_unknown_name_is_answered_with_what_was_meant() {
    let says = |arguments: &[&str], message: &str, help: &str| {
        let (code, out, err) = why(&[], arguments);
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(err.contains(message) && err.contains(help), "{err}");
    };
    says(&["cors.orgins"], "there is no setting `cors.orgins`", "did you mean `prodcheck why cors.origins`?");
    says(&["cors"], "`cors` is a kind of resource", "cors.origins, cors.credentials");
    says(&["cors.origins", "--app", "web"], "there is no app `web`", "there are .");
    says(&["cors.origins", "--resource", "x"], "`cors.origins` has no resource `x` here", "there are server");
}

#[test]
fn one_app_of_several_can_be_asked_for() {
    let config = "export default { config: { server: { cors: { origin: \"*\" } } } };\n";
    let files = [
        ("api/package.json", MANIFEST),
        ("api/bknd.config.ts", config),
        ("web/package.json", MANIFEST),
        ("web/bknd.config.ts", config),
    ];
    let apps = |arguments: &[&str]| -> Vec<String> {
        let whys = json(&files, arguments);
        whys.as_array().expect("a list").iter().map(|why| why["app"].to_string()).collect()
    };
    assert!(apps(&["cors.origins"]).len() > 1);
    assert_eq!(apps(&["cors.origins", "--app", "api"]), ["\"api\""]);
}

#[test]
fn a_secret_is_never_shown_nor_its_length() {
    let variables = format!("JWT_SECRET={CANARY}\n");
    let files = [("bknd.config.ts", CONFIG), (".env.production", variables.as_str())];
    for format in ["human", "json"] {
        let (_, out, err) = why(&files, &["secret.value", "--format", format]);
        assert!(out.contains("••••••••") && !out.contains(&"•".repeat(9)), "{out}");
        for part in CANARY.split('-') {
            assert!(!out.contains(part) && !err.contains(part), "{out}");
        }
    }
}

#[test]
fn nothing_is_asked_of_a_folder_without_an_app() {
    let (code, ..) = why(&[("package.json", "{}"), ("bknd.config.ts", "")], &["cors.origins"]);
    assert_eq!(code, 3);
}
