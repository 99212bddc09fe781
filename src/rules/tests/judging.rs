//! Verdicts, severities, worlds and evidence.

use super::*;
use crate::eval::Unknown;
use crate::rules::Verdict;
use crate::settings::{Resource, attestation, auth, cors, debug, deployment, jwt, mcp_server, migration, role, secret};

const WILDCARD: &str = r#"{ all = [{ setting = "credentials", is = true }, { setting = "origins", contains = "*" }] }"#;

fn credentialed_wildcard() -> (&'static str, String) {
    ("cors/credentialed-wildcard", rule("cors", WILDCARD, "severity = \"blocking\"\ndefault_severity = \"warning\""))
}

fn cors(origins: Value, credentials: Value) -> Model {
    let (mut model, app) = app();
    let policy = Resource::new(cors::KIND, app, "server", at(1));
    let policy = policy.set(cors::origins, origins).set(cors::credentials, credentials).rest_not_here();
    model.resources.push(policy);
    model
}

fn one_secret(value: Value) -> Model {
    let (mut model, app) = app();
    let one = Resource::new(secret::KIND, app, "JWT_SECRET", at(1));
    model.resources.push(one.set(secret::value, value).rest_not_here());
    model
}

#[test]
fn a_wildcard_fallback_with_default_credentials_is_possible_and_a_warning() {
    let model = cors(with_fallback("ORIGINS", texts(&["*"])), default(Kind::Bool(true)));
    assert_eq!(verdicts(&model, &[credentialed_wildcard()]), ["cors/credentialed-wildcard Possible warning"]);
    with_judgements(&model, &[credentialed_wildcard()], |judgement| {
        let Verdict::Possible { when, because } = &judgement.verdict else { panic!("not possible") };
        assert_eq!(told(when), [("ORIGINS".into(), 0)]);
        let settings: Vec<_> = because.iter().filter_map(|found| found.setting).map(|key| key.name).collect();
        assert_eq!(settings, ["credentials", "origins"]);
    });
}

#[test]
fn both_defaults_left_in_place_weigh_the_defaults_severity() {
    let model = cors(default(texts(&["*"])), default(Kind::Bool(true)));
    assert_eq!(verdicts(&model, &[credentialed_wildcard()]), ["cors/credentialed-wildcard Violated warning"]);
    let model = cors(written(texts(&["*"]), 2), default(Kind::Bool(true)));
    assert_eq!(verdicts(&model, &[credentialed_wildcard()]), ["cors/credentialed-wildcard Violated blocking"]);
}

#[test]
fn settings_that_hang_on_one_condition_agree() {
    let origins = either("prod", vec![written(texts(&["*"]), 2), written(texts(&["https://a.example"]), 3)]);
    let credentials = |first| either("prod", vec![written(Kind::Bool(first), 4), written(Kind::Bool(!first), 5)]);
    let rule = [credentialed_wildcard()];
    assert_eq!(
        verdicts(&cors(origins.clone(), credentials(false)), &rule),
        ["cors/credentialed-wildcard Satisfied blocking"]
    );
    assert_eq!(verdicts(&cors(origins, credentials(true)), &rule), ["cors/credentialed-wildcard Possible warning"]);
}

#[test]
fn more_roles_than_were_seen_leave_it_unverified() {
    let when = r#"{ all = [{ setting = "enabled", is = true }, { any = [
        { some = "auth", where = { setting = "enabled", is = false } },
        { some = "role", where = { setting = "implicit_allow", is = true } } ] }] }"#;
    let rules = [("mcp/no-auth", rule("mcp_server", when, "severity = \"blocking\""))];
    let (mut model, app) = app();
    let server =
        Resource::new(mcp_server::KIND, app, "mcp", at(1)).set(mcp_server::enabled, written(Kind::Bool(true), 2));
    model.resources.push(server.rest_not_here());
    let login = Resource::new(auth::KIND, app, "auth", at(3)).set(auth::enabled, written(Kind::Bool(true), 4));
    model.resources.push(login.rest_not_here());
    assert_eq!(verdicts(&model, &rules), ["mcp/no-auth Satisfied blocking"]);

    model.unseen.insert((app, "role"), Because::MissingFile("bknd-config.json".into()).into());
    assert_eq!(verdicts(&model, &rules), ["mcp/no-auth Unverified blocking"]);

    let admin = Resource::new(role::KIND, app, "admin", at(5)).set(role::implicit_allow, written(Kind::Bool(true), 6));
    model.resources.push(admin.rest_not_here());
    assert_eq!(verdicts(&model, &rules), ["mcp/no-auth Violated blocking"]);
}

#[test]
fn a_text_where_seconds_are_read_is_unverified() {
    let when = r#"{ setting = "lifetime", longer_than = { limit = "token_lifetime", by = "kind" } }"#;
    let rules = [("auth/token-lifetime-too-long", rule("jwt", when, "severity = \"warning\""))];
    let (mut model, app) = app();
    let tokens = Resource::new(jwt::KIND, app, "jwt", at(1));
    let tokens = tokens.set(jwt::lifetime, written(Kind::Text("7d".into()), 2));
    model.resources.push(tokens.set(jwt::kind, written(Kind::Text("access".into()), 3)).rest_not_here());
    assert_eq!(verdicts(&model, &rules), ["auth/token-lifetime-too-long Unverified warning"]);
    model.resources[0].put(jwt::lifetime, written(Kind::Number(604_800.0), 2));
    assert_eq!(verdicts(&model, &rules), ["auth/token-lifetime-too-long Violated warning"]);
    with_judgements(&model, &rules, |judgement| {
        assert_eq!(judgement.limit.map(|limit| limit.to_string()), Some("15 minutes".into()));
    });
}

#[test]
fn a_schema_that_demands_enough_characters_satisfies() {
    let rules = [(
        "secrets/too-short",
        rule("secret", r#"{ setting = "value", shorter_than = 32 }"#, "severity = \"blocking\""),
    )];
    assert_eq!(verdicts(&one_secret(unset("JWT_SECRET")), &rules), ["secrets/too-short Unverified blocking"]);
    let unknown = Unknown { at_least_chars: 32, ..Because::Variable("JWT_SECRET".into()).into() };
    let value = written(Kind::Unknown(unknown), 2);
    assert_eq!(verdicts(&one_secret(value), &rules), ["secrets/too-short Satisfied blocking"]);
}

#[test]
fn a_written_fallback_decides_whatever_the_environment_gives() {
    let when = r#"{ setting = "value", fallback = { empty = true } }"#;
    let not_empty = when.replace("{ empty = true }", "{ present = true }");
    let rules = [("secrets/insecure-fallback", rule("secret", &not_empty, "severity = \"blocking\""))];
    for (value, expected) in [
        (with_fallback("JWT_SECRET", Kind::Text("dev".into())), "Violated"),
        (with_fallback("JWT_SECRET", Kind::Text("".into())), "Satisfied"),
        (unset("JWT_SECRET"), "Satisfied"),
        (written(Kind::Text("dev".into()), 2), "Satisfied"),
        (either("a", vec![with_fallback("JWT_SECRET", Kind::Text("dev".into())), unset("JWT_SECRET")]), "Possible"),
    ] {
        let expected = format!("secrets/insecure-fallback {expected} blocking");
        assert_eq!(verdicts(&one_secret(value), &rules), [expected]);
    }
}

#[test]
fn a_ladder_comes_before_the_default_and_possible_softens_unless_the_rule_says_otherwise() {
    let when = r#"{ setting = "drops", one_of = ["orphaned", "any"] }"#;
    let ladder =
        "severity = \"warning\"\nseverity_when = [{ is = \"blocking\", when = { setting = \"drops\", is = \"any\" } }]";
    let migrations = |value| {
        let (mut model, app) = app();
        model
            .resources
            .push(Resource::new(migration::KIND, app, "m", at(1)).set(migration::drops, value).rest_not_here());
        model
    };
    let any = || Kind::Text("any".into());
    let plain = [("m/drops", rule("migration", when, ladder))];
    let loud = [("m/drops", rule("migration", when, &format!("{ladder}\npossible_severity = \"blocking\"")))];
    assert_eq!(verdicts(&migrations(written(any(), 2)), &plain), ["m/drops Violated blocking"]);
    assert_eq!(verdicts(&migrations(written(Kind::Text("orphaned".into()), 2)), &plain), ["m/drops Violated warning"]);
    assert_eq!(verdicts(&migrations(with_fallback("DROPS", any())), &plain), ["m/drops Possible warning"]);
    assert_eq!(verdicts(&migrations(with_fallback("DROPS", any())), &loud), ["m/drops Possible blocking"]);
}

#[test]
fn a_resource_behind_a_condition_is_bad_where_it_exists() {
    let rules =
        [("mode/debug-enabled", rule("debug", r#"{ setting = "enabled", is = true }"#, "severity = \"blocking\""))];
    let (mut model, app) = app();
    let plugin = Resource::new(debug::KIND, app, "plugin", at(1)).set(debug::enabled, written(Kind::Bool(true), 2));
    model.resources.push(plugin.rest_not_here());
    let exists = |model: &mut Model, present| model.resources[0].present = Some(present);
    exists(&mut model, either("dev", vec![written(Kind::Bool(false), 3), written(Kind::Bool(true), 3)]));
    assert_eq!(verdicts(&model, &rules), ["mode/debug-enabled Possible warning"]);
    exists(&mut model, unset("DEBUG"));
    assert_eq!(verdicts(&model, &rules), ["mode/debug-enabled Unverified blocking"]);
    exists(&mut model, written(Kind::Bool(false), 3));
    assert_eq!(verdicts(&model, &rules), ["mode/debug-enabled NotApplicable blocking"]);
}

#[test]
fn only_what_is_known_exempts_and_what_is_required_has_to_be_known() {
    let when = r#"{ setting = "value", absent = true }"#;
    let closed = r#"{ setting = "deployment.environment_closed", is = true }"#;
    let requires = [("s/missing", rule("secret", when, &format!("severity = \"blocking\"\nrequires = {closed}")))];
    let unless = [("s/missing", rule("secret", when, &format!("severity = \"blocking\"\nunless = {closed}")))];
    let mut model = one_secret(written(Kind::Text(" ".into()), 2));
    model.complete();
    assert_eq!(verdicts(&model, &requires), ["s/missing Unverified blocking"]);
    assert_eq!(verdicts(&model, &unless), ["s/missing Violated blocking"]);
    for resource in model.resources.iter_mut().filter(|resource| resource.kind.name == "deployment") {
        resource.put(deployment::environment_closed, written(Kind::Bool(true), 4));
    }
    assert_eq!(verdicts(&model, &requires), ["s/missing Violated blocking"]);
    assert_eq!(verdicts(&model, &unless), ["s/missing Satisfied blocking"]);
}

#[test]
fn a_setting_that_nobody_spoke_of_is_not_fine_and_one_that_does_not_exist_is_not_applicable() {
    let rules =
        [("mode/debug-enabled", rule("debug", r#"{ setting = "enabled", is = true }"#, "severity = \"blocking\""))];
    let (mut model, app) = app();
    model.resources.push(Resource::new(debug::KIND, app, "debug", at(1)));
    assert_eq!(verdicts(&model, &rules), ["mode/debug-enabled Unverified blocking"]);
    model.resources[0] = Resource::new(debug::KIND, app, "debug", at(1)).rest_not_here();
    assert_eq!(verdicts(&model, &rules), ["mode/debug-enabled NotApplicable blocking"]);
}

#[test]
fn items_of_a_list_can_hang_on_questions_and_open_lists_can_hold_more() {
    let rules =
        [("cors/wildcard", rule("cors", r#"{ setting = "origins", contains = "*" }"#, "severity = \"warning\""))];
    let origins = |kind| cors(written(kind, 2), written(Kind::Bool(false), 3));
    let item = with_fallback("EXTRA", Kind::Text("*".into()));
    let listed = written(Kind::Text("https://a.example".into()), 2);
    let list = Kind::List { items: vec![listed.clone(), item].into(), open: None };
    assert_eq!(verdicts(&origins(list), &rules), ["cors/wildcard Possible warning"]);
    let open = Some(Because::Call("load".into()).into());
    let list = Kind::List { items: vec![listed].into(), open: open.clone() };
    assert_eq!(verdicts(&origins(list), &rules), ["cors/wildcard Unverified warning"]);
    let wildcard = written(Kind::Text("*".into()), 2);
    let list = Kind::List { items: vec![wildcard].into(), open };
    assert_eq!(verdicts(&origins(list), &rules), ["cors/wildcard Violated warning"]);
}

#[test]
fn only_the_answers_that_matter_are_told() {
    let when = r#"{ all = [{ setting = "credentials", is = true }, { any = [
        { setting = "origins", contains = "*" }, { setting = "also_set_at_edge", is = true } ] }] }"#;
    let rules = [("cors/x", rule("cors", when, "severity = \"warning\""))];
    let mut model = cors(written(texts(&["*"]), 2), with_fallback("CREDENTIALS", Kind::Bool(true)));
    model.resources[0].put(cors::also_set_at_edge, with_fallback("EDGE", Kind::Bool(true)));
    with_judgements(&model, &rules, |judgement| {
        let Verdict::Possible { when, .. } = &judgement.verdict else { panic!("not possible") };
        assert_eq!(told(when), [("CREDENTIALS".into(), 0)]);
    });
}

#[test]
fn too_many_worlds_are_unverified() {
    let rules =
        [("cors/wildcard", rule("cors", r#"{ setting = "origins", contains = "*" }"#, "severity = \"warning\""))];
    let items: Vec<Value> =
        (0..9).map(|n| with_fallback(&format!("V{n}"), Kind::Text("https://a.example".into()))).collect();
    let list = Kind::List { items: items.into(), open: None };
    assert_eq!(
        verdicts(&cors(written(list, 2), written(Kind::Bool(false), 3)), &rules),
        ["cors/wildcard Unverified warning"]
    );
}

#[test]
fn an_item_of_the_checklist_is_held_to_its_own_resource() {
    let when = r#"{ not = { setting = "attested", is = true } }"#;
    let item = |id| (id, rule("attestation", when, "severity = \"checklist\""));
    let (mut model, app) = app();
    let attested = Resource::new(attestation::KIND, app, "checklist/backups", at(1));
    model.resources.push(attested.set(attestation::attested, written(Kind::Bool(true), 2)));
    model.resources.push(Resource::new(attestation::KIND, app, "checklist/drills", at(1)).rest_not_here());
    assert_eq!(
        verdicts(&model, &[item("checklist/backups"), item("checklist/drills")]),
        ["checklist/backups Satisfied checklist", "checklist/drills Violated checklist"]
    );
}
