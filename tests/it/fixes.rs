//! Every fix holds: the file still parses, the finding is gone, nothing new is reported, and a second run finds nothing
//! left to do. Shown for every rule with a repair, over every fixture and every example that has something to fix.

use crate::support::{fixtures, lay_out};
use prodcheck::report::Report;
use prodcheck::rules::Catalogue;
use prodcheck::{Allowed, Fixed, ScanOptions, fix, scan};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

fn options(project: &Path) -> ScanOptions {
    ScanOptions { path: project.to_owned(), ..ScanOptions::default() }
}

fn fixed(project: &Path, allowed: Allowed) -> Fixed {
    fix(&options(project), allowed).expect("a scan")
}

/// A project of these files, under git.
fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    for arguments in [["init", "-q"], ["add", "-A"]] {
        assert!(Command::new("git").current_dir(folder.path()).args(arguments).status().expect("git").success());
    }
    folder
}

/// The findings of a report, and what it could not see, by fingerprint.
fn listed(report: &Report) -> BTreeMap<String, String> {
    let all = report.findings.iter().chain(&report.unverified);
    all.map(|finding| (finding.fingerprint.clone(), finding.rule.to_string())).collect()
}

/// Fixes a project and checks all that a fix promises; gives the rules that were fixed and the repairs that were
/// offered and did not hold.
fn check(name: &str, folder: &Path, failures: &mut Vec<String>) -> (Vec<String>, Vec<String>) {
    let before = scan(&options(folder)).expect("a scan");
    let fixes = fixed(folder, Allowed::Unsafe);
    let offered = before.findings.iter().filter(|finding| finding.repair.is_some()).count();
    if fixes.rules.is_empty() {
        let left = before.findings.iter().filter(|finding| finding.repair.is_some());
        return (Vec::new(), left.map(|finding| format!("{name}: {}", finding.rule)).collect());
    }
    assert!(offered > 0, "{name}: nothing was offered");
    for (path, why) in fixes.write() {
        failures.push(format!("{name}: {path} was not written: {why}"));
    }
    let after = scan(&options(folder)).expect("a scan");
    let (old, new) = (listed(&before), listed(&after));
    // What is moved to where it counts has findings of its own, which its place has hidden.
    let reveals = fixes.rules.iter().any(|rule| &**rule == "config/ineffective-setting");
    for (fingerprint, rule) in &new {
        if !old.contains_key(fingerprint) && !reveals {
            failures.push(format!("{name}: {rule} is new"));
        }
    }
    if old.len() < new.len() + 1 && !reveals {
        failures.push(format!("{name}: nothing is gone of {:?}", fixes.rules));
    }
    if after.problems != before.problems {
        failures.push(format!("{name}: other problems: {:?}", after.problems));
    }
    let again = fixed(folder, Allowed::Unsafe);
    if again.files() > 0 {
        failures.push(format!("{name}: a second run fixes {:?}", again.rules));
    }
    let left = after.findings.iter().filter(|finding| finding.repair.is_some());
    let left = left.map(|finding| format!("{name}: {}", finding.rule)).collect();
    (fixes.rules.iter().map(|rule| rule.to_string()).collect(), left)
}

/// Shapes that no fixture has: fixtures with one text replaced by another, and env files that git does not know yet.
fn variants() -> Vec<(&'static str, TempDir)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let replaced = |fixture: &str, file: &str, from: &str, to: &str| {
        let folder = lay_out(&root.join(fixture));
        let path = folder.path().join(file);
        let text = fs::read_to_string(&path).expect("a text");
        assert!(text.contains(from), "{fixture}/{file} holds `{from}`");
        fs::write(path, text.replacen(from, to, 1)).expect("a file");
        folder
    };
    let untracked = |file: &str, text: &str, ignored: &str| {
        let config = "export default { config: { auth: { enabled: true } } };\n";
        let manifest = r#"{ "dependencies": { "bknd": "0.20.0" } }"#;
        let folder = project(&[("package.json", manifest), ("bknd.config.ts", config), (".gitignore", ignored)]);
        fs::write(folder.path().join(file), text).expect("a file");
        folder
    };
    let secret = "AUTH_SECRET=q8Zr2LxV0mTfY6bNw1KdHs7Pc4JgEu9A\n";
    vec![
        (
            "a limiter that is switched off",
            replaced(
                "beignet/careless",
                "lib/better-auth.ts",
                "enabled: process.env.NODE_ENV !== \"production\"",
                "enabled: false",
            ),
        ),
        (
            "a level that is written as a text",
            replaced("frontmcp/operations", "src/main.ts", "logging: { level }", "logging: { level: 'debug' }"),
        ),
        (
            "an env file with secrets beside an ignored one",
            untracked(".env.production", secret, "node_modules\n.env\n"),
        ),
        ("an env file and Windows line ends", untracked(".env.production", secret, "node_modules\r\n.env\r\ndist\r\n")),
        ("an ignore file without a last line end", untracked(".env.production", "PORT=3000\n", ".env")),
    ]
}

#[test]
fn every_fix_holds_in_every_shape() {
    let mut failures = Vec::new();
    let mut left = Vec::new();
    let mut shapes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut note = |name: &str, folder: &Path, failures: &mut Vec<String>| {
        let (rules, kept) = check(name, folder, failures);
        for rule in rules {
            shapes.entry(rule).or_default().insert(name.to_owned());
        }
        left.extend(kept);
    };
    for fixture in fixtures() {
        let folder = lay_out(&fixture);
        let name = fixture.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(&fixture).display().to_string();
        note(&name, folder.path(), &mut failures);
    }
    for (name, folder) in variants() {
        note(name, folder.path(), &mut failures);
    }
    let catalogue = Catalogue::builtin();
    let mut repairable = BTreeSet::new();
    for id in catalogue.ids() {
        let rule = catalogue.rule(id).expect("a built-in rule");
        if rule.repair.is_some() {
            repairable.insert(id.to_owned());
        }
        if let Some(example) = catalogue.example(id) {
            let files: Vec<(&str, &str)> = example.bad.iter().map(|(path, text)| (&**path, text.as_str())).collect();
            note(&format!("the example of {id}"), project(&files).path(), &mut failures);
        }
    }
    let unshown: Vec<&String> = repairable.iter().filter(|id| !shapes.contains_key(*id)).collect();
    println!("offered, and not confirmed by a scan: {left:#?}");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(unshown.is_empty(), "no fixture and no example shows the repair of {unshown:?}");
}

/// A Bknd project whose cookie scripts can read, with a secret in the next line.
const COOKIE: &str = "export default {\n  config: {\n    auth: {\n      enabled: true,\n      jwt: { secret: \"Jx81-kq02-vmA9-zzQ7-0pLd-7Ybn-5tRw\" },\n      cookie: { httpOnly: false, sameSite: 'none' },\n      guard: { enabled: true },\n    },\n  },\n};\n";

fn cookie() -> TempDir {
    project(&[("package.json", r#"{ "dependencies": { "bknd": "0.20.0" } }"#), ("bknd.config.ts", COOKIE)])
}

fn prodcheck(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_prodcheck")).arg("scan").arg(folder).args(arguments).output();
    let run = run.expect("prodcheck runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (run.status.code().expect("an exit code"), text(run.stdout), text(run.stderr))
}

#[test]
fn diff_shows_the_edit_hides_the_secret_beside_it_and_writes_nothing() {
    let folder = cookie();
    let (code, diff, told) = prodcheck(folder.path(), &["--diff"]);
    assert_eq!(code, 1, "{told}");
    assert!(diff.contains("--- a/bknd.config.ts\n+++ b/bknd.config.ts\n"), "{diff}");
    assert!(diff.contains("+      cookie: { httpOnly: true, sameSite: 'none' },\n"), "{diff}");
    assert!(!diff.contains("Jx81") && !told.contains("Jx81"), "{diff}");
    assert_eq!(fs::read_to_string(folder.path().join("bknd.config.ts")).expect("a text"), COOKIE);
}

#[test]
fn fix_makes_safe_edits_alone_and_unsafe_fixes_the_others() {
    let folder = cookie();
    let config = folder.path().join("bknd.config.ts");
    let (_, _, told) = prodcheck(folder.path(), &["--fix"]);
    assert!(told.contains("fixed 1 finding in 1 file: cookies/not-http-only"), "{told}");
    let safe = COOKIE.replace("httpOnly: false", "httpOnly: true");
    assert_eq!(fs::read_to_string(&config).expect("a text"), safe);
    prodcheck(folder.path(), &["--fix", "--unsafe-fixes"]);
    assert!(fs::read_to_string(&config).expect("a text").contains("sameSite: 'lax'"));
    let (code, diff, _) = prodcheck(folder.path(), &["--diff", "--unsafe-fixes"]);
    assert!(diff.is_empty() || code == 1, "{diff}");
}

#[test]
fn the_report_names_what_can_be_fixed_and_counts_what_was() {
    let folder = cookie();
    let (_, human, _) = prodcheck(folder.path(), &[]);
    assert!(human.contains("`prodcheck scan --fix` makes this edit."), "{human}");
    let report = crate::support::scan(folder.path(), &["--fix"]);
    assert_eq!(report["fixed"], 1);
    let rules: Vec<&str> =
        report["findings"].as_array().expect("a list").iter().filter_map(|one| one["rule"].as_str()).collect();
    assert!(rules.contains(&"cookies/same-site-none") && !rules.contains(&"cookies/not-http-only"), "{rules:?}");
}

#[test]
fn what_is_shared_calculated_or_from_a_variable_is_left_alone() {
    let manifest = ("package.json", r#"{ "dependencies": { "bknd": "0.20.0" } }"#);
    for config in [
        "const flag = false;\nexport const other = flag;\nexport default { config: { auth: { enabled: true, cookie: { httpOnly: flag } } } };\n",
        "const cookie = { httpOnly: false };\nexport const other = cookie;\nexport default { config: { auth: { enabled: true, cookie } } };\n",
        "export default { config: { auth: { enabled: true, cookie: { httpOnly: process.env.OPEN === '1' ? true : false } } } };\n",
        "const cookie = (path) => ({ httpOnly: false, path });\nexport const other = cookie('/a');\nexport default { config: { auth: { enabled: true, cookie: cookie('/') } } };\n",
    ] {
        let folder = project(&[manifest, ("bknd.config.ts", config)]);
        let fixes = fixed(folder.path(), Allowed::Unsafe);
        assert!(!fixes.rules.iter().any(|rule| &**rule == "cookies/not-http-only"), "{config}");
    }
}

#[test]
fn blocks_that_nobody_reads_are_moved_whole_to_where_they_count() {
    let config = "export default {\n  options: { mode: 'code' },\n  auth: {\n    enabled: true,\n    jwt: { secret: process.env.SECRET, expires: 3600 },\n  },\n  config: {\n    guard: { enabled: true },\n    server: { cors: { origin: 'https://app.example.com' } },\n  },\n};\n";
    let folder =
        project(&[("package.json", r#"{ "dependencies": { "bknd": "0.20.0" } }"#), ("bknd.config.ts", config)]);
    assert!(fixed(folder.path(), Allowed::Safe).write().is_empty());
    let text = fs::read_to_string(folder.path().join("bknd.config.ts")).expect("a text");
    let wanted = "export default {\n  options: { mode: 'code' },\n  config: {\n    server: { cors: { origin: 'https://app.example.com' } },\n    auth: {\n      enabled: true,\n      jwt: { secret: process.env.SECRET, expires: 3600 },\n      guard: { enabled: true },\n    },\n  },\n};\n";
    assert_eq!(text, wanted);
}

#[test]
fn a_file_that_changed_meanwhile_or_lies_behind_a_link_is_not_written() {
    let folder = cookie();
    let config = folder.path().join("bknd.config.ts");
    let fixes = fixed(folder.path(), Allowed::Safe);
    fs::write(&config, format!("// mine\n{COOKIE}")).expect("a file");
    let failed = fixes.write();
    assert_eq!(failed.len(), 1);
    assert!(failed[0].1.contains("changed"), "{failed:?}");
    assert!(fs::read_to_string(&config).expect("a text").starts_with("// mine\n"));

    #[cfg(unix)]
    {
        let outside = tempfile::tempdir().expect("a folder");
        let target = outside.path().join("shared.ts");
        fs::write(&target, COOKIE).expect("a file");
        fs::remove_file(&config).expect("a file to remove");
        std::os::unix::fs::symlink(&target, &config).expect("a link");
        let fixes = fixed(folder.path(), Allowed::Unsafe);
        fixes.write();
        assert_eq!(fs::read_to_string(&target).expect("a text"), COOKIE);
    }
}

#[test]
#[cfg(unix)]
fn permissions_and_a_byte_order_mark_are_kept() {
    use std::os::unix::fs::PermissionsExt;
    let folder = cookie();
    let config = folder.path().join("bknd.config.ts");
    fs::write(&config, format!("\u{feff}{COOKIE}")).expect("a file");
    fs::set_permissions(&config, fs::Permissions::from_mode(0o640)).expect("permissions");
    assert!(fixed(folder.path(), Allowed::Safe).write().is_empty());
    let text = fs::read_to_string(&config).expect("a text");
    assert!(text.starts_with('\u{feff}') && text.contains("httpOnly: true"), "{text}");
    assert_eq!(fs::metadata(&config).expect("metadata").permissions().mode() & 0o777, 0o640);
}

#[test]
fn python_gets_lines_keyword_arguments_keys_of_an_app_and_items_in_their_order() {
    let settings = "import os\n\nSECRET_KEY = os.environ['SECRET_KEY']\nALLOWED_HOSTS = ['shop.example.com']\nINSTALLED_APPS = ['django.contrib.sessions']\nMIDDLEWARE = [\n    'django.middleware.security.SecurityMiddleware',\n    'django.contrib.sessions.middleware.SessionMiddleware',\n    'django.contrib.auth.middleware.AuthenticationMiddleware',\n    'django.middleware.clickjacking.XFrameOptionsMiddleware',\n]\n";
    let entry = "import os\nfrom django.core.wsgi import get_wsgi_application\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\napplication = get_wsgi_application()\n";
    let after = |files: &[(&str, &str)], path: &str| {
        let folder = project(files);
        let failed = fixed(folder.path(), Allowed::Unsafe).write();
        assert!(failed.is_empty(), "{failed:?}");
        fs::read_to_string(folder.path().join(path)).expect("a text")
    };
    let django = [
        ("requirements.txt", "django==5.2.19\n"),
        ("manage.py", "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"),
        ("shop/wsgi.py", entry),
        ("shop/settings.py", settings),
    ];
    let text = after(&django, "shop/settings.py");
    let item = "SessionMiddleware',\n    'django.middleware.csrf.CsrfViewMiddleware',\n    'django.contrib.auth";
    assert!(text.contains(item), "{text}");
    assert!(text.contains("]\nSESSION_COOKIE_SECURE = True\n"), "{text}");
    assert!(text.contains("\nSECURE_SSL_REDIRECT = True\n"), "{text}");

    let code = "import os\nfrom fastapi import FastAPI, Response\nfrom starlette.middleware.sessions import SessionMiddleware\n\napp = FastAPI()\napp.add_middleware(SessionMiddleware, secret_key=os.environ['KEY'])\n\n\n@app.post('/login')\ndef login(response: Response):\n    response.set_cookie(\n        'access_token',\n        'x',\n        httponly=True,\n    )\n";
    let text = after(&[("requirements.txt", "fastapi==0.165.0\n"), ("main.py", code)], "main.py");
    assert!(text.contains("secret_key=os.environ['KEY'], https_only=True)\n"), "{text}");
    assert!(text.contains("        httponly=True,\n        secure=True,\n    )\n"), "{text}");

    let code = "import os\nfrom flask import Flask, session\n\n\ndef create_app():\n    app = Flask(__name__)\n    app.secret_key = os.environ['KEY']\n    return app\n";
    let text = after(&[("requirements.txt", "flask==3.1.3\n"), ("app.py", code)], "app.py");
    let line = "    app = Flask(__name__)\n    app.config['SESSION_COOKIE_SECURE'] = True\n    app.secret_key";
    assert!(text.contains(line), "{text}");
}
