use super::*;

fn read(text: &str) -> Result<Config, Vec<Mistake>> {
    Unchecked::parse(text).map_err(|mistake| vec![mistake])?.check(&Catalogue::builtin())
}

/// The text each mistake points at, what is wrong with it, and what would do.
fn mistakes(text: &str) -> Vec<String> {
    let mistakes = read(text).expect_err("the file has a mistake");
    let tell = |mistake: &Mistake| {
        let found = &text[mistake.span.start as usize..mistake.span.end as usize];
        format!("{found} | {} | {}", mistake.message, mistake.help.as_deref().unwrap_or_default())
    };
    mistakes.iter().map(tell).collect()
}

#[test]
fn a_whole_file_is_read() {
    let config = read(
        r#"
[environment]
name = "staging"
provided = ["JWT_SECRET"]
env_files = ["./deploy/production.env"]

[limits]
token_lifetime.access = "30m"
"secret_length" = 48

[rules]
"cors/wildcard" = { severity = "off", reason = "a public API" }

[[attest]]
rule = "checklist/backups-restore"
by = "Ada"
on = 2026-11-01
until = "2027-05-01"
"#,
    )
    .unwrap();
    assert_eq!(config.environment, Some(Profile::Staging));
    assert_eq!(config.provided, ["JWT_SECRET"]);
    assert_eq!(config.env_files[0].0, "deploy/production.env");
    let limits = config.limits(Profile::Production);
    assert_eq!(limits.get("token_lifetime", Some("access")).map(|limit| limit.amount), Some(1800.0));
    assert_eq!(limits.get("secret_length", None).map(|limit| limit.amount), Some(48.0));
    assert_eq!(config.severities["cors/wildcard"].level, Level::Off);
    let attested = &config.attestations[0];
    assert_eq!(
        (attested.on.to_string(), attested.until.map(|day| day.to_string())),
        ("2026-11-01".into(), Some("2027-05-01".into()))
    );
}

#[test]
fn an_attestation_holds_through_its_last_day() {
    let text = "[[attest]]\nrule = \"checklist/backups-restore\"\nby = \"Ada\"\non = 2026-11-01\nuntil = 2027-05-01\n";
    let config = read(text).unwrap();
    let over = |day: &str| config.attestations[0].is_over(Some(day.parse().unwrap()));
    assert!(!over("2027-05-01"));
    assert!(over("2027-05-02"));
}

#[test]
fn unknown_keys_are_mistakes_with_a_suggestion() {
    assert_eq!(
        mistakes("[enviroment]\nname = \"staging\"\n"),
        ["enviroment | there is no key `enviroment` here | did you mean `environment`?"]
    );
    assert_eq!(
        mistakes("[environment]\nprovide = [\"A\"]\n"),
        ["provide | there is no key `provide` here | did you mean `provided`?"]
    );
}

#[test]
fn what_is_missing_or_written_once_is_told_with_the_way_out() {
    assert_eq!(
        mistakes("[[ignore]]\nrule = \"cors/wildcard\"\n"),
        ["[[ignore]] | `reason` is missing | say why, for whoever reads it later: reason = \"...\""]
    );
    assert_eq!(
        mistakes("[ignore]\nrule = \"cors/wildcard\"\nreason = \"a public API\"\n"),
        [
            "[ignore] | there can be several `ignore`, so each is an entry of a list | write the head with two brackets: [[ignore]]"
        ]
    );
}

#[test]
fn wrong_words_are_mistakes_with_a_suggestion() {
    assert_eq!(
        mistakes("[environment]\nname = \"prod\"\n"),
        [
            "\"prod\" | `prod` is not one of development, staging, production, high-security | did you mean `production`?"
        ]
    );
    assert_eq!(
        mistakes("[rules]\n\"cors/wildcard\" = { severity = \"of\", reason = \"x\" }\n"),
        ["\"of\" | `of` is not one of blocking, warning, off | did you mean `off`?"]
    );
    assert_eq!(
        mistakes("[rules]\n\"cors/wildcart\" = { severity = \"warning\" }\n"),
        [
            "\"cors/wildcart\" | there is no rule `cors/wildcart` | did you mean `cors/wildcard`? `prodcheck rules` lists all of them"
        ]
    );
    assert_eq!(
        mistakes("[limits]\nsecret_lenght = 3\n"),
        ["secret_lenght | there is no limit `secret_lenght` | did you mean `secret_length`?"]
    );
    assert_eq!(
        mistakes("[limits]\ntoken_lifetime.access = \"10MiB\"\n"),
        ["\"10MiB\" | limit `token_lifetime.access` is a duration such as \"30m\" | "]
    );
}

#[test]
fn a_rule_is_not_turned_off_without_a_reason() {
    assert_eq!(
        mistakes("[rules]\n\"cors/wildcard\" = { severity = \"off\" }\n"),
        ["\"off\" | a rule is turned off without a reason | say why: severity = \"off\", reason = \"...\""]
    );
    assert_eq!(
        mistakes("[rules]\n\"cors/wildcard\" = { severity = \"off\", reason = \" \" }\n"),
        ["\" \" | `reason` says nothing | "]
    );
    let [short] = &mistakes("[rules]\n\"cors/wildcard\" = \"off\"\n")[..] else { panic!("one mistake") };
    assert!(short.ends_with("write it as { severity = \"off\", reason = \"...\" }"), "{short}");
}

#[test]
fn dates_are_days_of_the_calendar() {
    let attest = |on: &str| format!("[[attest]]\nrule = \"checklist/backups-restore\"\nby = \"Ada\"\non = {on}\n");
    for wrong in ["\"soon\"", "\"2026-02-30\"", "2026-11-01T10:00:00Z", "\"2026-11-01T10:00\""] {
        let [mistake] = &mistakes(&attest(wrong))[..] else { panic!("one mistake") };
        assert!(mistake.contains("is not a date"), "{mistake}");
    }
    let [mistake] = &mistakes(&attest("3"))[..] else { panic!("one mistake") };
    assert!(mistake.contains("a day such as 2027-01-31"), "{mistake}");
}

#[test]
fn all_mistakes_of_a_file_are_told_at_once() {
    let found = mistakes(
        "[environment]\nprovided = [\"A=1\"]\nenv_files = [\"../secret.env\"]\n[[attest]]\nrule = \"cors/credentialed-wildcard\"\nby = \"\"\non = 2026-01-01\n",
    );
    assert_eq!(found.len(), 4, "{found:#?}");
    assert!(found[2].contains("`cors/credentialed-wildcard` is not a checklist item"), "{found:#?}");
}

#[test]
fn broken_toml_points_at_the_place() {
    let [mistake] = &mistakes("[rules\n")[..] else { panic!("one mistake") };
    assert!(!mistake.is_empty());
}
