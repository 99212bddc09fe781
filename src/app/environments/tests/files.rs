//! Env files: who reads them, in which order, and when they say all there is.

use crate::app::environments::tests::support::{project, read, steps};
use crate::environment::{AKSARA, Loader, NEXT, NODE_DOTENV, PYTHON_DOTENV, Role, UNKNOWN_NODE, VITE};
use crate::eval::{Place, Variables};

const IGNORE_ENV: (&str, &str) = (".gitignore", ".env\n.env.local\n.env.production\n");

#[test]
fn next_puts_the_local_file_over_the_one_of_production() {
    let files = [(".env", "X=1"), (".env.production", "X=2"), (".env.local", "X=3")];
    assert_eq!(read(&project(&files).committed().loader(&NEXT).one(), "X"), "\"3\"");
    assert_eq!(read(&project(&files).committed().bun().one(), "X"), "\"3\"");
}

#[test]
fn vite_puts_the_file_of_the_mode_over_the_local_one() {
    let files = [(".env", "X=1"), (".env.production", "X=2"), (".env.local", "X=3"), (".env.staging", "X=4")];
    let fixture = project(&files).committed().loader(&VITE);
    assert_eq!(read(&fixture.one(), "X"), "\"2\"");
    assert_eq!(read(&fixture.environment_name("staging").one(), "X"), "\"4\"");
}

#[test]
fn a_value_leads_to_its_line() {
    let fixture = project(&[(".env.production", "A=1\nORIGINS=\"*\"\n")]).bun();
    let value = fixture.one().read("ORIGINS", Place::Process);
    assert_eq!(fixture.place(&value), ".env.production: \"*\"");
    assert_eq!(steps(&value), ["sets"]);
}

#[test]
fn a_production_file_that_nothing_reads_is_what_the_host_is_meant_to_set() {
    let fixture = project(&[(".env", "X=1"), (".env.production", "X=2")]).committed().loader(&NODE_DOTENV);
    let environment = fixture.one();
    let value = environment.read("X", Place::Process);
    assert_eq!(read(&environment, "X"), "\"2\"");
    assert_eq!(steps(&value), ["intended", "sets"]);
    assert_eq!(fixture.place(&value), ".env.production: 2");
    assert_eq!(environment.sources.iter().map(|source| source.role).collect::<Vec<_>>(), [Role::Loaded, Role::Intent]);
}

#[test]
fn an_ignored_plain_file_beside_one_of_production_does_not_count() {
    let files = [IGNORE_ENV, (".env", "X=1\nY=1"), (".env.production", "X=2")];
    let environment = project(&files).committed().bun().one();
    assert_eq!(read(&environment, "X"), "\"2\"");
    assert_eq!(read(&environment, "Y"), "absent");
}

#[test]
fn an_ignored_plain_file_alone_counts_perhaps() {
    let environment = project(&[IGNORE_ENV, (".env", "X=1")]).committed().loader(&NODE_DOTENV).one();
    assert_eq!(read(&environment, "X"), "Loads(.env)?[unknown, \"1\"]");
    assert!(!environment.closed);
}

#[test]
fn a_committed_plain_file_counts_where_its_loader_is_known() {
    let fixture = project(&[(".env", "X=1")]).committed();
    assert_eq!(read(&fixture.loader(&NODE_DOTENV).one(), "X"), "\"1\"");
    let fixture = project(&[(".env", "X=1")]).committed();
    assert_eq!(read(&fixture.loader(&UNKNOWN_NODE).one(), "X"), "Loads(.env)?[unknown, \"1\"]");
}

#[test]
fn an_uncommitted_production_file_closes_the_environment() {
    let environment = project(&[IGNORE_ENV, (".env.production", "X=2")]).committed().bun().one();
    assert!(environment.closed);
    assert_eq!(read(&environment, "Y"), "absent");
}

#[test]
fn a_committed_production_file_leaves_secrets_to_the_host() {
    let environment = project(&[(".env.production", "X=2")]).committed().bun().one();
    assert!(!environment.closed);
    assert_eq!(read(&environment, "Y"), "unknown");
}

#[test]
fn an_uncommitted_production_file_that_nothing_reads_closes_nothing() {
    assert!(!project(&[IGNORE_ENV, (".env.production", "X=2")]).committed().loader(&NODE_DOTENV).one().closed);
}

#[test]
fn a_platform_with_a_dashboard_keeps_the_environment_open() {
    let files = [IGNORE_ENV, (".env.production", "X=2"), ("railway.json", "{}")];
    assert!(!project(&files).committed().bun().one().closed);
}

#[test]
fn a_template_declares_names_and_gives_no_values() {
    let fixture = project(&[(".env.example", "X=1\n"), ("sample.env", "X=2\n")]).bun();
    let environment = fixture.one();
    assert_eq!(read(&environment, "X"), "unknown");
    assert_eq!(environment.declared("X").len(), 2);
    assert!(!environment.closed);
    let seen: Vec<_> = environment
        .variables()
        .map(|variable| (variable.role, crate::app::environments::tests::support::show(&variable.value)))
        .collect();
    assert_eq!(seen, [(Role::Template, "\"1\"".into()), (Role::Template, "\"2\"".into())]);
}

#[test]
fn files_of_other_environments_do_not_count() {
    let environment = project(&[(".env.development", "X=1"), (".env.test", "X=2")]).committed().bun().one();
    assert_eq!(read(&environment, "X"), "unknown");
    assert!(environment.sources.iter().all(|source| source.role == Role::Other));
}

#[test]
fn node_env_is_production_unless_something_says_otherwise() {
    let value = project(&[]).one().read("NODE_ENV", Place::Process);
    assert_eq!(
        (crate::app::environments::tests::support::show(&value).as_str(), steps(&value)),
        ("\"production\"", vec!["assumed"])
    );
    let said = project(&[(".env.production", "NODE_ENV=development")]).bun().one();
    assert_eq!(read(&said, "NODE_ENV"), "\"development\"");
    let fixed = project(&[(".env.production", "NODE_ENV=development")]).loader(&NEXT).one();
    assert_eq!(read(&fixed, "NODE_ENV"), "\"production\"");
    let developers = project(&[IGNORE_ENV, (".env", "NODE_ENV=development")]).committed().loader(&NODE_DOTENV).one();
    assert_eq!(read(&developers, "NODE_ENV"), "\"production\"");
}

#[test]
fn references_are_followed_through_the_layers() {
    let files = [(".env", "HOST=a\nURL=http://$HOST/$GONE"), (".env.production", "HOST=b")];
    let fixture = project(&files).committed().bun();
    let environment = fixture.one();
    assert_eq!(read(&environment, "URL"), "present from \"http://b/\" of 9");
    let given = project(&files).committed().bun().provided(&["OTHER"]).one();
    assert_eq!(read(&given, "URL"), "\"http://b/\"");
}

#[test]
fn a_reference_to_itself_is_the_layer_below() {
    let files = [(".env", "X=a"), (".env.production", "X=${X}b\nY=$Z\nZ=$Y")];
    let environment = project(&files).committed().bun().one();
    assert_eq!(read(&environment, "X"), "\"ab\"");
    // a circle ends
    assert_eq!(read(&environment, "Y"), "unknown");
}

#[test]
fn a_default_in_an_env_file_is_a_fallback() {
    let environment = project(&[(".env.production", "X=${GIVEN:-dev}")]).bun().one();
    assert_eq!(read(&environment, "X"), "IsSet(GIVEN)?[\"dev\", present]");
}

#[test]
fn dialects_are_their_loaders() {
    let files = [(".env", "X=a#b")];
    assert_eq!(read(&project(&files).committed().loader(&NODE_DOTENV).one(), "X"), "\"a\"");
    assert_eq!(read(&project(&files).committed().loader(&PYTHON_DOTENV).one(), "X"), "\"a#b\"");
}

#[test]
fn an_empty_text_is_unset_for_a_loader_that_says_so() {
    static STRICT: Loader = Loader { empty_is_unset: true, ..NODE_DOTENV_COPY };
    const NODE_DOTENV_COPY: Loader = Loader {
        name: "test",
        files: &[".env"],
        dialect: crate::syntax::data::Dialect::Node,
        empty_is_unset: false,
        folder: crate::environment::Folder::App,
        fixes_node_env: false,
        builds_in: false,
        certain: true,
        left_out_by: &[],
        takes_folder_as_it_is: false,
    };
    assert_eq!(read(&project(&[(".env", "X=")]).committed().loader(&NODE_DOTENV).one(), "X"), "\"\"");
    assert_eq!(read(&project(&[(".env", "X=")]).committed().loader(&STRICT).one(), "X"), "unknown");
}

#[test]
fn a_named_file_wins_over_files_and_closes() {
    let files = [(".env.production", "X=1\nY=1"), ("secrets/live", "X=2")];
    let environment = project(&files).bun().env_file("secrets/live").one();
    assert_eq!(read(&environment, "X"), "\"2\"");
    assert_eq!(read(&environment, "Y"), "\"1\"");
    assert_eq!(read(&environment, "Z"), "absent");
}

#[test]
fn the_process_wins_over_all_and_closes() {
    let environment =
        project(&[(".env.production", "X=1")]).bun().env_file(".env.production").process(&[("X", "2")]).one();
    assert_eq!(read(&environment, "X"), "\"2\"");
    assert_eq!(read(&environment, "Z"), "absent");
}

#[test]
fn what_the_host_provides_is_there() {
    let environment = project(&[(".env.production", "X=1")]).bun().provided(&["X", "SECRET"]).one();
    assert_eq!(read(&environment, "X"), "present");
    assert_eq!(environment.is_set("SECRET"), Some(true));
    assert_eq!(environment.is_set("OTHER"), Some(false));
}

#[test]
fn a_start_script_names_its_env_file() {
    let package =
        r#"{"scripts": {"dev": "node --env-file=.env x.js", "start": "node --env-file=.env.production x.js"}}"#;
    let fixture = project(&[IGNORE_ENV, ("package.json", package), (".env.production", "X=1"), (".env", "Y=1")]);
    assert_eq!(fixture.found_loader().name, "node --env-file");
    let environment = fixture.one();
    assert_eq!(read(&environment, "X"), "\"1\"");
    assert!(environment.closed);
    assert_eq!(read(&environment, "Y"), "absent");
}

#[test]
fn assignments_of_the_start_script_go_over_files() {
    let package =
        r#"{"scripts": {"dev": "NODE_ENV=test A=0 bun x.ts", "start": "cross-env NODE_ENV=staging A=2 bun x.ts B=3"}}"#;
    let fixture = project(&[("package.json", package), (".env.production", "A=1")]).bun();
    let environment = fixture.one();
    assert_eq!(["NODE_ENV", "A", "B"].map(|name| read(&environment, name)), ["\"staging\"", "\"2\"", "unknown"]);
    assert_eq!(fixture.place(&environment.read("A", Place::Process)), "package.json: 2");
}

#[test]
fn a_file_at_the_root_serves_an_app_below() {
    let files = [("package.json", "{}"), ("apps/a/package.json", "{}"), (".env.production", "X=1\nY=1")];
    let environment = project(&files).committed().loader(&NODE_DOTENV).app("apps/a").one();
    assert_eq!(read(&environment, "X"), "\"1\"");
    let own = [files.as_slice(), &[("apps/a/.env.production", "X=2"), ("apps/b/.env.production", "X=3")]].concat();
    let fixture = project(&[own.as_slice(), &[("apps/b/package.json", "{}")]].concat());
    let environment = fixture.committed().loader(&NODE_DOTENV).app("apps/a").one();
    assert_eq!(read(&environment, "X"), "\"2\"");
    assert_eq!(read(&environment, "Y"), "\"1\"");
}

#[test]
fn loaders_are_told_by_what_an_app_needs() {
    let named = |files: &[(&str, &str)]| project(files).found_loader().name;
    assert_eq!(named(&[("package.json", r#"{"dependencies": {"next": "15"}}"#), ("bun.lock", "")]), "Next.js");
    assert_eq!(named(&[("package.json", r#"{"dependencies": {"hono": "4"}}"#), ("bun.lock", "")]), "Bun");
    let dotenv = r#"{"dependencies": {"dotenv": "17"}}"#;
    assert_eq!(named(&[("package.json", dotenv), ("a.ts", "import 'dotenv/config'")]), "dotenv");
    assert_eq!(named(&[("package.json", dotenv)]), "an unknown loader");
    assert_eq!(named(&[("wrangler.toml", ""), ("package.json", "{}")]), "Cloudflare Workers");
    assert_eq!(named(&[("requirements.txt", "python-dotenv\n"), ("a.py", "load_dotenv()")]), "python-dotenv");
    let settings = ("a.py", "SettingsConfigDict(env_file='.env')");
    assert_eq!(named(&[("requirements.txt", "pydantic-settings\n"), settings]), "pydantic-settings");
}

#[test]
fn python_dotenv_sees_only_what_stands_above() {
    let files = [(".env", "A=${B}\nB=1\nC=${B}\nB=2\n")];
    let environment = project(&files).committed().loader(&PYTHON_DOTENV).provided(&["OTHER"]).one();
    assert_eq!(read(&environment, "A"), "\"\"");
    assert_eq!(read(&environment, "C"), "\"1\"");
    assert_eq!(read(&environment, "B"), "\"2\"");
}

#[test]
fn aksara_takes_what_lies_in_the_folder() {
    let files = [(".env", "X=1\nY=1\n"), (".env.production", "X=2\n")];
    let environment = project(&files).loader(&AKSARA).one();
    assert!(environment.closed);
    assert_eq!(read(&environment, "X"), "\"2\"");
    assert_eq!(read(&environment, "Y"), "\"1\"");
    let ignored = [IGNORE_ENV, (".env", "X=1\n")];
    let environment = project(&ignored).committed().loader(&AKSARA).one();
    assert!(!environment.closed);
    assert_eq!(read(&environment, "X"), "Loads(.env)?[unknown, \"1\"]");
}
