use super::scene::{Scene, default_of, fallback_origins, policy, signing_secret, star};
use super::*;
use crate::eval::{Because, How, Kind, Place, Step, Value};
use crate::syntax::{FileId, Span};
use std::sync::Arc;

const CONFIG: &str = r#"export default {
  server: { cors: { origin: env.ORIGINS?.split(",") ?? ["*"], allow_credentials: true } },
  auth: { jwt: { secret: "correct horse" } },
};
"#;

const WILDCARDS: &[&str] = &["cors/credentialed-wildcard", "cors/wildcard"];

fn wildcard(target: Option<&str>, credentials: bool, scene: &mut Scene) {
    let origins = scene.written(0, "[\"*\"]", star());
    let credentials = scene.written(0, "true", Kind::Bool(credentials));
    let mut model = scene.model("");
    model.resources.push(policy(scene, origins, credentials));
    scene.add(target, model);
}

#[test]
fn a_finding_points_at_the_text_that_a_user_would_edit() {
    let mut scene = Scene::new(WILDCARDS, &[("bknd.config.ts", CONFIG)]);
    wildcard(None, true, &mut scene);
    let found = scene.findings();
    let [finding] = &found.findings[..] else { panic!("one finding, not {:#?}", found.findings) };
    assert_eq!(&*finding.rule, "cors/credentialed-wildcard");
    assert_eq!(
        (finding.severity, finding.verdict, finding.cause),
        (Severity::Blocking, Certainty::Violated, Cause::Written)
    );
    let at = finding.location.as_ref().unwrap();
    assert_eq!((at.line, at.column, at.end_column), (2, 56, 61));
    assert_eq!(&CONFIG[at.offset as usize..at.end_offset as usize], "[\"*\"]");
    assert_eq!(finding.subject().key.as_deref(), Some("config.server.cors.origin"));
    assert!(finding.message.contains("config.server.cors.origin"), "{}", finding.message);
    assert_eq!(finding.also[0].note, "cookies are sent along");
}

#[test]
fn a_superseded_rule_is_silent_where_the_stronger_spoke() {
    let mut scene = Scene::new(WILDCARDS, &[("bknd.config.ts", CONFIG)]);
    wildcard(None, false, &mut scene);
    let rules: Vec<_> = scene.findings().findings.iter().map(|finding| finding.rule.to_string()).collect();
    assert_eq!(rules, ["cors/wildcard"]);
}

#[test]
fn a_fallback_is_told_with_its_world_and_its_trail() {
    let mut scene = Scene::new(WILDCARDS, &[("bknd.config.ts", CONFIG)]);
    let mut model = scene.model("");
    let credentials = default_of("server.cors", Kind::Bool(true));
    model.resources.push(policy(&scene, fallback_origins(&scene), credentials));
    scene.add(None, model);
    let found = scene.findings();
    let [finding] = &found.findings[..] else { panic!("one finding, not {:#?}", found.findings) };
    assert_eq!(
        (finding.severity, finding.verdict, finding.cause),
        (Severity::Warning, Certainty::Possible, Cause::Fallback)
    );
    assert_eq!(finding.when, ["`ORIGINS` is not set"]);
    let steps: Vec<_> = finding.trail.iter().map(|step| (step.step, step.note.as_str())).collect();
    assert_eq!(steps, [("fallback", "used when `ORIGINS` is not set"), ("reads", "reads `ORIGINS`")]);
    assert_eq!(finding.also[0].note, "`config.server.cors.allow_credentials` is not set");
}

#[test]
fn defaults_alone_point_at_the_resource() {
    let mut scene = Scene::new(WILDCARDS, &[("bknd.config.ts", CONFIG)]);
    let mut model = scene.model("");
    let resource = policy(&scene, default_of("server.cors", star()), default_of("server.cors", Kind::Bool(true)));
    model.resources.push(resource);
    scene.add(None, model);
    let found = scene.findings();
    assert_eq!((found.findings[0].cause, found.findings[0].severity), (Cause::Default, Severity::Warning));
    assert_eq!(found.findings[0].location.as_ref().map(|at| (at.line, at.column)), Some((2, 13)));
}

#[test]
fn what_holds_on_every_target_names_none() {
    let mut scene = Scene::new(WILDCARDS, &[("bknd.config.ts", CONFIG)]);
    wildcard(Some("compose.yaml:api"), true, &mut scene);
    wildcard(Some("fly.toml"), true, &mut scene);
    let found = scene.findings().findings;
    assert_eq!(found.len(), 1);
    assert!(found[0].targets.is_empty());
}

#[test]
fn what_holds_on_one_target_names_it() {
    let mut scene = Scene::new(&["cors/credentialed-wildcard"], &[("bknd.config.ts", CONFIG)]);
    wildcard(Some("compose.yaml:api"), true, &mut scene);
    wildcard(Some("fly.toml"), false, &mut scene);
    let found = scene.findings().findings;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].targets, [Arc::from("compose.yaml:api")]);
}

#[test]
fn subjects_at_one_place_are_listed_in_one_finding() {
    let mut scene = Scene::new(&["cors/credentialed-wildcard"], &[("bknd.config.ts", CONFIG)]);
    let mut model = scene.model("");
    for name in ["b", "a"] {
        let origins = scene.written(0, "[\"*\"]", star());
        let credentials = scene.written(0, "true", Kind::Bool(true));
        let mut resource = policy(&scene, origins, credentials);
        resource.name = name.into();
        model.resources.push(resource);
    }
    scene.add(None, model);
    let found = scene.findings().findings;
    assert_eq!(found.len(), 1);
    let names: Vec<_> = found[0].subjects.iter().map(|subject| &*subject.name).collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn an_unknown_variable_says_what_would_settle_it() {
    let mut scene = Scene::new(&["secrets/too-short", "secrets/placeholder"], &[("bknd.config.ts", CONFIG)]);
    let mut model = scene.model("");
    let reads =
        Step::start(scene.place(0, "\"correct horse\""), How::Reads { variable: "JWT_SECRET".into(), fallback: None });
    let unknown = Value::unknown(Because::Variable("JWT_SECRET".into()), &reads);
    model.resources.push(signing_secret(&scene, "JWT_SECRET", unknown, "secret"));
    scene.add(None, model);
    let found = scene.findings();
    assert!(found.findings.is_empty());
    assert!(!found.unverified.is_empty());
    for finding in &found.unverified {
        let unknown = finding.unknown.as_ref().unwrap();
        assert_eq!((unknown.because, unknown.name.as_deref()), ("variable", Some("JWT_SECRET")));
        assert_eq!(unknown.settle[0], "--env-file FILE");
    }
}

#[test]
fn a_short_secret_is_found_and_never_shown() {
    let mut scene = Scene::new(&["secrets/too-short", "secrets/hardcoded"], &[("bknd.config.ts", CONFIG)]);
    let mut model = scene.model("");
    let value = scene.written(0, "\"correct horse\"", Kind::Text("correct horse".into()));
    model.resources.push(signing_secret(&scene, "jwt", value, "secret"));
    scene.add(None, model);
    let report = scene.report();
    assert!(!report.findings.is_empty());
    let shown = format!("{report:?}");
    assert!(!shown.contains("correct horse"), "{shown}");
}

#[test]
fn findings_come_in_the_same_order_whatever_the_order_of_work() {
    let run = |reverse: bool| {
        let mut scene = Scene::new(WILDCARDS, &[("bknd.config.ts", CONFIG), ("b.ts", CONFIG)]);
        let mut model = scene.model("");
        for (file, name) in [(1, "x"), (0, "y")] {
            let origins = scene.written(file, "[\"*\"]", star());
            let mut resource = policy(&scene, origins, scene.written(file, "true", Kind::Bool(true)));
            resource.name = name.into();
            model.resources.push(resource);
        }
        if reverse {
            model.resources.reverse();
        }
        scene.add(None, model);
        scene.findings()
    };
    assert_eq!(run(false), run(true));
    let files: Vec<_> = run(false).findings.iter().map(|f| f.location.as_ref().unwrap().file.to_string()).collect();
    assert_eq!(files, ["b.ts", "bknd.config.ts"]);
}

#[test]
fn a_place_in_no_file_has_no_location() {
    let mut scene = Scene::new(WILDCARDS, &[("bknd.config.ts", CONFIG)]);
    let mut model = scene.model("");
    let process = |kind| Value::new(kind, &Step::start(Place::Process, How::Sets { variable: "X".into() }));
    let mut resource = policy(&scene, process(star()), process(Kind::Bool(true)));
    resource.place = Place::Process;
    model.resources.push(resource);
    scene.add(None, model);
    assert_eq!(scene.findings().findings[0].location, None);
}

#[test]
fn a_span_that_is_no_place_in_its_file_is_brought_back() {
    let scene = Scene::new(&[], &[("a.ts", "ü\n")]);
    let locator = Locator::new(&scene);
    let at = locator.location(FileId(0), Span::new(1, 999));
    assert_eq!((at.line, at.column, at.end_line, at.end_column), (1, 1, 2, 1));
    assert_eq!((at.offset, at.end_offset), (0, 3));
}

const SWITCHES: &str = r#"export default {
  server: { cors: { origin: ["*"], blockedOrigins: "none", allowed: other } },
};
"#;

/// The label of the app's origins beside those of a proxy, where they have this key and this value at a text.
fn label(key: &'static str, text: &str, derived: bool) -> Vec<String> {
    let mut scene = Scene::new(&["cors/set-twice"], &[("bknd.config.ts", SWITCHES)]);
    let mut origins = scene.written(0, text, star());
    if derived {
        origins = Value::new(star(), &Step::after(scene.place(0, text), How::Derived, &origins.trail));
    }
    let mut model = scene.model("");
    let twice = scene.written(0, "server", Kind::Bool(true));
    let policy = policy(&scene, origins.clone(), scene.written(0, text, Kind::Bool(false)));
    let policy = policy.set(crate::settings::cors::also_set_at_edge, twice);
    model.resources.push(policy.set_at(crate::settings::cors::origins, origins, key));
    scene.add(None, model);
    scene.findings().findings[0].also.iter().map(|also| also.note.clone()).collect()
}

#[test]
fn a_label_shows_what_stands_in_the_file_or_nothing() {
    // What a reader made of it is every origin; what is written there is a text.
    assert_eq!(label("cors.blockedOrigins", "\"none\"", false), ["`cors.blockedOrigins` is \"none\""]);
    // The text beside the place is of another key, or no value that can be quoted.
    assert!(label("cors.origin", "\"none\"", false).is_empty());
    assert!(label("cors.allowed", "other", true).is_empty());
}

#[test]
fn the_place_to_edit_is_told_what_is_wrong_there() {
    let mut scene = Scene::new(&["cors/wildcard"], &[("bknd.config.ts", CONFIG)]);
    wildcard(None, false, &mut scene);
    assert_eq!(scene.findings().findings[0].label, "lets every site in");
    let mut scene = Scene::new(&["secrets/too-short"], &[("bknd.config.ts", CONFIG)]);
    let mut model = scene.model("");
    let value = scene.written(0, "\"correct horse\"", Kind::Text("correct horse".into()));
    model.resources.push(signing_secret(&scene, "jwt", value, "secret"));
    scene.add(None, model);
    // A rule without words for it says what it is about.
    assert_eq!(scene.findings().findings[0].label, "a secret is shorter than 32 characters");
}

#[test]
fn a_library_says_in_its_own_words_what_to_do() {
    let mut scene = Scene::new(WILDCARDS, &[("bknd.config.ts", CONFIG)]);
    wildcard(None, false, &mut scene);
    let own = "List your sites in {key}.";
    let resource = scene.models[0].1.resources.remove(0).with_fix(crate::settings::cors::origins, own);
    scene.models[0].1.resources.push(resource);
    assert_eq!(scene.findings().findings[0].fix, "List your sites in `config.server.cors.origin`.");
}

#[test]
fn a_value_of_a_variable_is_changed_where_that_is_set() {
    let mut scene = Scene::new(&["cors/wildcard"], &[("bknd.config.ts", CONFIG), (".env.production", "ORIGINS=*\n")]);
    let mut model = scene.model("");
    let sets = Step::start(scene.place(1, "*"), How::Sets { variable: "ORIGINS".into() });
    let credentials = scene.written(0, "true", Kind::Bool(false));
    model.resources.push(policy(&scene, Value::new(star(), &sets), credentials));
    scene.add(None, model);
    let fix = &scene.findings().findings[0].fix;
    assert!(fix.ends_with(" `origin` reads `ORIGINS`: change that in .env.production."), "{fix}");
}

const ORIGINS: &str = "export default { cors: { origin: [\"http://b.example.com\", \"https://a.example.com\", \"http://c.example.com\"] } };\n";

#[test]
fn each_wrong_item_of_a_list_is_told_at_its_own_place() {
    let mut scene = Scene::new(&["cors/insecure-origin"], &[("bknd.config.ts", ORIGINS)]);
    let item = |text: &str| scene.written(0, &format!("\"{text}\""), Kind::Text(text.into()));
    let items = ["http://b.example.com", "https://a.example.com", "http://c.example.com"].map(item);
    let list = scene.place(0, &ORIGINS[ORIGINS.find('[').unwrap()..=ORIGINS.find(']').unwrap()]);
    let list = Value::written(Kind::List { items: items.into(), open: None }, list);
    let mut model = scene.model("");
    model.resources.push(policy(&scene, list, scene.written(0, "origin", Kind::Bool(true))));
    scene.add(None, model);
    let found = scene.findings();
    let [finding] = &found.findings[..] else { panic!("one finding, not {:#?}", found.findings) };
    let told = |location: &Location| &ORIGINS[location.offset as usize..location.end_offset as usize];
    assert_eq!(told(finding.location.as_ref().unwrap()), "\"http://b.example.com\"");
    assert_eq!(finding.label, "an allowed origin is plain http or localhost");
    // The right one is not told; the other wrong one by the same words as the first, and not as the whole list.
    let also: Vec<_> = finding.also.iter().map(|also| (told(also.location.as_ref().unwrap()), &*also.note)).collect();
    assert_eq!(also, [("\"http://c.example.com\"", "an allowed origin is plain http or localhost")]);
}
