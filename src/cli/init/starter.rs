//! The first `prodcheck.toml` of a project: all of it commented out, made of what was found there.

use crate::mask::printable;
use crate::report::{AppNote, Report, SITE};
use crate::rules::{Limits, Profile};
use std::collections::BTreeSet;
use std::fmt::Write;

/// The most names that one list of the file spells out.
const MOST_NAMES: usize = 12;
/// The thresholds that are shown.
const LIMITS: [&str; 2] = ["secret_length", "token_lifetime.access"];

/// The text of the file. As it stands it changes nothing: lines that begin with `#` and no space are settings to take.
pub(super) fn text(report: &Report) -> String {
    let mut out = format!("#:schema {SITE}/schema/prodcheck.schema.json\n{HEAD}");
    found(&mut out, report);
    environment(&mut out, report);
    limits(&mut out);
    weights(&mut out, report);
    ignores(&mut out, report);
    attestations(&mut out, report);
    out
}

const HEAD: &str = "\
# What this project tells prodcheck about itself. Everything is commented out: as it stands, the file changes
# nothing. Uncomment what you need.

# The versions of prodcheck that may judge this project.
#required-version = \">=0.1\"

# A folder with rules of your own (see `prodcheck rules test`), one with facts of libraries that prodcheck does not know
# (`prodcheck facts test`), and a baseline to hold findings against (`prodcheck baseline` writes it). All of them come
# before the first [table].
#rules_folder = \"checks\"
#facts_folder = \"facts\"
#baseline = \"prodcheck-baseline.json\"
";

// Writing to a string cannot fail.
fn found(out: &mut String, report: &Report) {
    out.push_str("\n# Found here:\n");
    if report.apps.is_empty() {
        out.push_str("#   no app of a framework that prodcheck knows\n");
    }
    for app in &report.apps {
        let version = app.version.as_deref().map_or(String::new(), |version| format!(" {version}"));
        let entry = app.entry.as_deref().map_or(String::new(), |entry| format!(", from {entry}"));
        let line = format!("{}: {}{version}{entry}", shown(app), app.framework);
        let _ = writeln!(out, "#   {}", printable(&line));
        for source in &app.sources {
            let git = source.git.map_or(String::new(), |git| format!(" ({git})"));
            let _ = writeln!(out, "#     reads {}{git}", printable(&source.file));
        }
        for target in &app.targets {
            let _ = writeln!(out, "#     is deployed as {}", printable(target));
        }
    }
}

fn environment(out: &mut String, report: &Report) {
    out.push_str("\n# The environment that is judged: development, staging, production or high-security.\n");
    let _ = writeln!(out, "#[environment]\n#name = {}", quoted(&report.environment));
    let unset: BTreeSet<&str> = report
        .unverified
        .iter()
        .filter_map(|finding| finding.unknown.as_ref())
        .filter(|unknown| unknown.because == "variable")
        .filter_map(|unknown| unknown.name.as_deref())
        .collect();
    let (why, names) = if unset.is_empty() {
        ("Variables that the host sets", BTreeSet::from(["DATABASE_URL"]))
    } else {
        ("Variables that nothing here sets; keep those that the host sets", unset)
    };
    let _ = writeln!(out, "# {why}. With this list, prodcheck takes every other\n# variable as not set.");
    let names: Vec<String> = names.into_iter().take(MOST_NAMES).map(quoted).collect();
    let _ = writeln!(out, "#provided = [{}]", names.join(", "));
    out.push_str("# Files with variables as the host sets them; the last one wins.\n");
    out.push_str("#env_files = [\"deploy/production.env\"]\n");
}

fn limits(out: &mut String) {
    out.push_str("\n# Thresholds; `prodcheck explain RULE` shows those that a rule uses. These are the built-in ones.\n#[limits]\n");
    let table = Limits::builtin(Profile::Production);
    for (name, row) in table.rows().filter(|(name, _)| LIMITS.contains(name)) {
        let _ = writeln!(out, "# {}", row.meaning);
        let _ = writeln!(out, "#{name} = {}", quoted(&row.value(Profile::Production).to_string()));
    }
}

fn weights(out: &mut String, report: &Report) {
    let rule = report.findings.first().map_or("cors/wildcard", |finding| &*finding.rule);
    out.push_str("\n# How much a rule weighs: blocking, warning or off. Turning one off needs a reason.\n#[rules]\n");
    let _ = writeln!(out, "#{} = {{ severity = \"warning\" }}", quoted(rule));
    out.push_str("\n# Change a rule's weight for some files only; the last match wins.\n");
    let _ = writeln!(out, "#[[path]]\n#glob = \"internal/**\"\n#rules = [{}]", quoted(rule));
    out.push_str("#severity = \"off\"\n#reason = \"why nobody outside can reach it\"\n");
}

fn ignores(out: &mut String, report: &Report) {
    out.push_str(
        "\n# A finding to ignore. `app`, `subject` and `path` narrow it down; after `until` it is reported again.\n",
    );
    out.push_str(
        "# Beside the code a comment does the same: prodcheck-ignore RULE -- reason until 2030-01-31\n#[[ignore]]\n",
    );
    let first = report.findings.first();
    let rule = first.map_or("cors/wildcard", |finding| &*finding.rule);
    let _ = writeln!(out, "#rule = {}", quoted(rule));
    if let Some(about) = first.map(crate::findings::Finding::subject) {
        let app = if about.app.is_empty() { "." } else { &*about.app };
        let _ = writeln!(out, "#app = {}", quoted(app));
        let _ = writeln!(out, "#subject = {}", quoted(about.key.as_deref().unwrap_or(&about.name)));
    }
    out.push_str("#reason = \"why it is fine here\"\n#until = 2030-01-31\n");
}

fn attestations(out: &mut String, report: &Report) {
    // What a rule asks only where no file could have shown it is not attested, but seen to.
    let items = report.checklist.iter().map(|finding| &*finding.rule).filter(|rule| rule.starts_with("checklist/"));
    let items: BTreeSet<&str> = items.collect();
    if items.is_empty() {
        return;
    }
    out.push_str("\n# A checklist item that somebody has checked; `prodcheck checklist` says how. It opens again after `until`.\n");
    for item in items {
        let _ = writeln!(
            out,
            "#[[attest]]\n#rule = {}\n#by = \"your name\"\n#on = 2026-01-31\n#until = 2030-01-31\n",
            quoted(item)
        );
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
}

fn shown(app: &AppNote) -> &str {
    if app.id.is_empty() { "." } else { &app.id }
}

/// A text as TOML writes it, on one line.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Unchecked;
    use crate::project::Given;
    use crate::rules::Catalogue;

    fn of(files: &[(&str, &str)]) -> String {
        let files: Vec<Given> = files.iter().map(|(path, text)| Given::new(*path, *text)).collect();
        text(&crate::scan_files(files, [], &crate::ScanOptions::default()).unwrap())
    }

    const APP: [(&str, &str); 3] = [
        ("package.json", r#"{ "dependencies": { "bknd": "0.20.0" } }"#),
        ("bknd.config.ts", "export default { config: { auth: { jwt: { secret: process.env.JWT_SECRET } } } };"),
        (".env.production", "A=1"),
    ];

    #[test]
    fn the_file_names_what_was_found() {
        let text = of(&APP);
        for part in ["bknd 0.20.0, from bknd.config.ts", "reads .env.production", "checklist/backups-restore"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn all_of_it_is_a_comment_and_without_the_marks_it_is_valid() {
        for files in [&APP[..], &[("a.txt", "")]] {
            let text = of(files);
            let (schema, text) = text.split_once('\n').unwrap();
            assert!(schema.starts_with("#:schema https://"), "{schema}");
            assert!(text.lines().all(|line| line.is_empty() || line.starts_with('#')), "{text}");
            let settings = text.lines().filter_map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')));
            let settings = settings.collect::<Vec<_>>().join("\n");
            let unchecked = Unchecked::parse(&settings).unwrap_or_else(|mistake| panic!("{mistake:?}: {settings}"));
            unchecked.check(&Catalogue::builtin()).unwrap_or_else(|mistakes| panic!("{mistakes:?}: {settings}"));
        }
    }

    #[test]
    fn names_of_the_project_cannot_break_out_of_their_line() {
        let text = of(&[APP[0], ("b\"\n#x/package.json", APP[0].1), ("b\"\n#x/bknd.config.ts", APP[1].1)]);
        assert!(text.lines().all(|line| line.is_empty() || line.starts_with('#')), "{text}");
    }
}
