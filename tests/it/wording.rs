//! What reports say is said in the reader's words: no sentence about any fixture speaks the vocabulary of prodcheck.

use crate::support::{fixtures, lay_out, scan};
use prodcheck::settings::{Type, vocabulary};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Names of kinds and settings, and words of their types, which no reader knows: those that are no English words.
fn vocabulary_words() -> BTreeSet<&'static str> {
    let settings = || vocabulary().flat_map(|kind| kind.settings.iter());
    let words = settings().flat_map(|setting| match setting.ty {
        Type::Word(words) | Type::Words(words) => words,
        _ => &[],
    });
    let all = vocabulary().map(|kind| kind.name).chain(settings().map(|setting| setting.name)).chain(words.copied());
    all.filter(|word| word.contains('_')).collect()
}

/// Names that standards and frameworks have, too.
const NOT_OURS_ALONE: &[&str] = &["refresh_token", "security_matrix"];

/// Every sentence of a report, with the rule that it belongs to and whether it is a label.
fn sentences(report: &Value) -> Vec<(String, bool, String)> {
    let mut all = Vec::new();
    for list in ["findings", "unverified", "checklist"] {
        for finding in report[list].as_array().into_iter().flatten() {
            let rule = finding["rule"].as_str().unwrap_or_default().to_owned();
            let notes = ["trail", "also"].into_iter().flat_map(|list| finding[list].as_array().into_iter().flatten());
            let settle = finding["unknown"]["settle"].as_array().into_iter().flatten();
            let texts = [&finding["message"], &finding["fix"], &finding["unknown"]["reason"]];
            let told = texts.into_iter().chain(settle).map(|text| (false, text));
            let told = told.chain(notes.map(|note| (true, &note["note"])));
            let told = told.filter_map(|(is_label, text)| Some((is_label, text.as_str()?)));
            all.extend(told.map(|(is_label, text)| (rule.clone(), is_label, text.to_owned())));
        }
    }
    all
}

/// All that the files of a project say.
fn own_words(folder: &Path) -> String {
    let files = walkdir::WalkDir::new(folder).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    let texts = files.filter_map(|entry| std::fs::read_to_string(entry.path()).ok());
    texts.collect::<Vec<_>>().join("\n")
}

/// The words of a sentence that are made as names are.
fn names(sentence: &str) -> impl Iterator<Item = &str> {
    sentence.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| word.contains('_'))
}

/// Rules that speak of a file as such: of what git has or could get, and of what is not a text.
const OF_A_FILE: &[&str] = &["policy/security-matrix-published", "secrets/committed", "secrets/env-not-ignored"];

/// Findings that point at no text although they are about one.
fn pointless(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().into_iter().flatten();
    let points_at_none = |finding: &&Value| {
        let at = &finding["location"];
        let rule = finding["rule"].as_str().unwrap_or_default();
        at["offset"] == 0 && at["end_offset"] == 0 && !OF_A_FILE.contains(&rule)
    };
    let told = |finding: &Value| format!("{} points at no text: {}", finding["rule"], finding["location"]["file"]);
    findings.filter(points_at_none).map(told).collect()
}

/// Labels that give a value to a key which does not stand there.
fn misplaced(report: &Value, project: &Path) -> Vec<String> {
    let mut wrong = Vec::new();
    for finding in report["findings"].as_array().into_iter().flatten() {
        for also in finding["also"].as_array().into_iter().flatten() {
            let (Some(note), Some(file)) = (also["note"].as_str(), also["location"]["file"].as_str()) else { continue };
            let stated = note.strip_prefix('`').and_then(|note| note.split_once("` is "));
            let Some((key, _)) = stated.filter(|(_, value)| !value.starts_with("not set")) else { continue };
            let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
            let last = key.trim_end_matches(|c| !is_name(c)).rsplit(|c| !is_name(c)).next().unwrap_or_default();
            let text = fs::read_to_string(project.join(file)).unwrap_or_default();
            if !text.contains(last) {
                wrong.push(format!("{}: {file} has no `{key}`: {note}", finding["rule"]));
            }
        }
    }
    wrong
}

#[test]
fn no_sentence_of_a_report_is_in_the_words_of_the_vocabulary() {
    let vocabulary = vocabulary_words();
    let labels: BTreeSet<&str> =
        prodcheck::settings::vocabulary().flat_map(|kind| kind.settings.iter().map(|setting| setting.name)).collect();
    let mut faults = BTreeSet::new();
    let mut read = 0;
    for fixture in fixtures() {
        let project = lay_out(&fixture);
        let own = own_words(project.path());
        let report = scan(project.path(), &["--checklist"]);
        faults.extend(pointless(&report));
        faults.extend(misplaced(&report, project.path()));
        for (rule, is_label, sentence) in sentences(&report) {
            read += 1;
            let is_ours = |name: &&str| vocabulary.contains(name) && !NOT_OURS_ALONE.contains(name);
            for name in names(&sentence).filter(is_ours).filter(|name| !own.contains(name)) {
                faults.insert(format!("{rule}: `{name}` in: {sentence}"));
            }
            // A key of the user's is quoted; what is not and "is" something is a name of ours.
            if is_label && sentence.split_once(" is ").is_some_and(|(name, _)| labels.contains(name)) {
                faults.insert(format!("{rule}: {sentence}"));
            }
            if sentence.contains("{: ") || sentence.contains("{set ") || sentence.contains("{key}") {
                faults.insert(format!("{rule}: left open: {sentence}"));
            }
            if sentence.matches(" or ").count() > 0 && sentence.contains("not set or ") {
                faults.insert(format!("{rule}: one of two causes: {sentence}"));
            }
        }
    }
    assert!(read > 1000, "only {read} sentences were read");
    assert!(faults.is_empty(), "{}:\n{}", faults.len(), faults.into_iter().collect::<Vec<_>>().join("\n"));
}

/// A fixture, a rule, and words that its finding has to say: each was read by somebody who knew neither code nor rule, and
/// stopped at what stood there before.
const SAID: &[(&str, &str, &[&str])] = &[
    // A secret by what holds it, not by a use of a library with a number.
    ("next/two-secrets", "secrets/unvalidated", &["`NEW_SECRET`"]),
    // The values that are to go, under the setting that gives them.
    ("beignet/starter", "cors/insecure-origin", &["`trustedOrigins` allows `http://localhost:3000`"]),
    ("beignet/careless", "env/strict-map-incomplete", &["lacks `WEBHOOK_SIGNING_SECRET`"]),
    // What is to be done, in this library, at this file.
    ("hono/worker", "uploads/no-size-limit", &["bodyLimit"]),
    ("mcp/open", "mcp/dns-rebinding", &["enableDnsRebindingProtection", "allowedOrigins"]),
    ("deployment/fly-bad", "transport/no-https-redirect", &["force_https = true"]),
    ("express/sub-path-limit", "rate-limit/missing", &["express-rate-limit"]),
    ("fastify/trust-once", "rate-limit/spoofable-ip", &["how many proxies"]),
    ("nest/own-config-service", "env/no-startup-validation", &["ConfigModule.forRoot"]),
    // A part of an app by its own name, and where a key would be read.
    ("frontmcp/plugins", "mcp/credentials-in-tool-input", &["`OpenapiAdapter` of the app crm"]),
    ("frontmcp/operations", "config/ineffective-setting", &["Remove `auth.cimd`: it is read only by"]),
    // Why a lifetime is none.
    ("aksara/everything-wrong", "mcp/no-token-ttl", &["no whole number of seconds"]),
];

#[test]
fn what_readers_stopped_at_is_said_otherwise() {
    for (fixture, rule, words) in SAID {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture);
        let project = lay_out(&folder);
        let report = scan(project.path(), &[]);
        let told = sentences(&report);
        let of_rule = told.iter().filter(|(own, ..)| own == rule).map(|(.., said)| &**said);
        let said = of_rule.collect::<Vec<_>>().join("\n");
        for word in *words {
            assert!(said.contains(word), "{fixture}: {rule} does not say `{word}`:\n{said}");
        }
    }
}

/// A project of these files.
fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

/// What a scan says to a person, at a width.
fn screen(folder: &Path, width: &str) -> String {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_prodcheck"));
    let output = command.args(["scan", "-v", "--color", "never"]).current_dir(folder).env("COLUMNS", width).output();
    String::from_utf8(output.expect("prodcheck runs").stdout).expect("UTF-8")
}

#[test]
fn a_secret_that_is_not_known_is_named_as_the_file_has_it() {
    let node = project(&[
        (
            "package.json",
            r#"{ "dependencies": { "express": "5.1.0", "jsonwebtoken": "9.0.2", "jose": "6.0.0", "express-session": "1.18.0" } }"#,
        ),
        (
            "server.js",
            "import express from \"express\";\nimport session from \"express-session\";\nimport jwt from \"jsonwebtoken\";\nimport { SignJWT } from \"jose\";\n\
             import { a } from \"./gone-a.js\";\nimport { b } from \"./gone-b.js\";\nimport { c } from \"./gone-c.js\";\nconst app = express();\n\
             app.use(session({ secret: a(), resave: false, saveUninitialized: false }));\n\
             app.post(\"/in\", async (req, res) => res.json([\n  jwt.sign({ sub: 1 }, b(), { expiresIn: \"1h\" }),\n\
             await new SignJWT({}).setProtectedHeader({ alg: \"HS256\" }).setExpirationTime(\"2h\").sign(c()),\n]));\napp.listen(3000);\n",
        ),
    ]);
    let report: Value = scan(node.path(), &[]);
    let told: Vec<String> = sentences(&report).into_iter().map(|(_, _, text)| text).collect();
    for name in ["`session({ secret })`", "`jwt.sign(…, secret)`", "`new SignJWT(…).sign(…)`"] {
        assert!(told.iter().any(|text| text.contains(name)), "{name}: {told:#?}");
    }
    let python = project(&[
        ("requirements.txt", "fastapi==0.115.0\nPyJWT==2.10.1\n"),
        (
            "main.py",
            "import jwt\nfrom fastapi import FastAPI\napp = FastAPI()\n\n@app.post(\"/who\")\ndef who():\n\
             \u{20}   return jwt.encode({\"sub\": 1}, open(\"key.txt\").read(), algorithm=\"HS256\")\n",
        ),
    ]);
    let report: Value = scan(python.path(), &[]);
    let told: Vec<String> = sentences(&report).into_iter().map(|(_, _, text)| text).collect();
    assert!(told.iter().any(|text| text.contains("`jwt.encode(key)`")), "{told:#?}");
}

#[test]
fn what_is_not_known_is_not_said_to_be_the_same() {
    let folder = project(&[
        ("package.json", r#"{ "dependencies": { "express": "5.1.0", "jsonwebtoken": "9.0.2" } }"#),
        (
            "server.js",
            "import express from \"express\";\nimport jwt from \"jsonwebtoken\";\nimport { of } from \"./gone.js\";\nconst app = express();\n\
             app.post(\"/in\", (req, res) => res.send(jwt.sign({}, of(\"in\"), { expiresIn: \"1h\" })));\n\
             app.post(\"/out\", (req, res) => res.send(jwt.sign({}, of(\"out\"), { expiresIn: \"1h\" })));\napp.listen(3000);\n",
        ),
    ]);
    let report: Value = scan(folder.path(), &[]);
    let told: Vec<String> = sentences(&report).into_iter().map(|(_, _, text)| text).collect();
    assert!(told.iter().any(|text| text.contains("is not known either")), "{told:#?}");
    assert!(!told.iter().any(|text| text.contains("has the same value")), "{told:#?}");
}

#[test]
fn what_is_said_of_several_lines_has_the_whole_width() {
    let careless =
        lay_out(&fixtures().into_iter().find(|path| path.ends_with("django/careless")).expect("the fixture"));
    let screen = screen(careless.path(), "100");
    assert!(screen.contains("╰──── no `SECURE_HSTS_SECONDS` in this file"), "{screen}");
}
