//! The clauses of a standard with the rules that answer to each: the catalogue by itself, and with what a scan found.

use super::plain_markdown::escaped;
use super::{ChecklistApp, Report, TableFormat, table};
use crate::findings::{Finding, Severity};
use crate::mask::json_safe;
use crate::rules::{Clause, Rule, Standard};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

/// The version of the JSON form. Fields can be added, none changes.
const SCHEMA_VERSION: u32 = 1;

/// Which rules answer to which clause of a standard. A clause that none answers to is not in it.
#[derive(Clone, Debug)]
pub struct Clauses {
    /// The standard.
    pub standard: Standard,
    /// The ids of the rules, by clause in the standard's order.
    pub rules: BTreeMap<Clause, Vec<Arc<str>>>,
    /// How many rules there are.
    pub of: usize,
}

impl Clauses {
    /// The clauses of a standard that these rules answer to.
    pub fn of<'r>(standard: Standard, rules: impl Iterator<Item = &'r Rule>) -> Clauses {
        let mut clauses = Clauses { standard, rules: BTreeMap::new(), of: 0 };
        for rule in rules {
            clauses.of += 1;
            for clause in rule.standards.iter().filter(|clause| clause.standard == standard) {
                clauses.rules.entry(*clause).or_default().push(rule.id.clone());
            }
        }
        clauses
    }

    /// The table in this format, ready to be written out.
    pub fn render(&self, format: TableFormat) -> String {
        match format {
            TableFormat::Human => {
                let rows =
                    self.rules.iter().map(|(clause, rules)| [clause.to_string(), title(*clause), rules.join(", ")]);
                format!("{}\n{}\n", table(rows), self.counted())
            }
            TableFormat::Json => {
                let clause = |(clause, rules): (&Clause, &Vec<Arc<str>>)| Listed {
                    told: Told::of(*clause),
                    rules: rules.iter().map(ToString::to_string).collect(),
                };
                let list: Vec<Listed> = self.rules.iter().map(clause).collect();
                json_of(&list)
            }
        }
    }

    fn counted(&self) -> String {
        let rules: BTreeSet<&Arc<str>> = self.rules.values().flatten().collect();
        format!(
            "{} clauses of {}, which {} of {} rules answer to; what no rule answers to has to be shown by other means",
            self.rules.len(),
            self.standard.title(),
            rules.len(),
            self.of
        )
    }
}

/// What a clause is called, of ASVS with its level.
fn title(clause: Clause) -> String {
    let level = clause.level().map_or_else(String::new, |level| format!("L{level} "));
    level + clause.title().unwrap_or_default()
}

/// A clause as JSON tells it.
#[derive(Serialize)]
struct Told {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<u8>,
    url: String,
}

impl Told {
    fn of(clause: Clause) -> Told {
        Told { id: clause.to_string(), title: clause.title(), level: clause.level(), url: clause.url() }
    }
}

#[derive(Serialize)]
struct Listed {
    #[serde(flatten)]
    told: Told,
    rules: Vec<String>,
}

fn json_of(value: &impl Serialize) -> String {
    let json = serde_json::to_string_pretty(value).expect("internal error: a clause has no odd keys") + "\n";
    json_safe(&json).into_owned()
}

/// What a scan says of a clause, the worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClauseState {
    /// No rule had anything to say. That is no proof: there may have been nothing to judge.
    NothingFound,
    /// Whatever was found is waived by the project.
    Waived,
    /// A person has to vouch for it, and nobody does.
    Open,
    /// Something could not be known.
    Unverified,
    /// Something is to be looked at.
    Warning,
    /// Something blocks.
    Blocking,
}

impl ClauseState {
    fn words(self) -> &'static str {
        match self {
            ClauseState::NothingFound => "nothing found",
            ClauseState::Waived => "waived",
            ClauseState::Open => "open",
            ClauseState::Unverified => "unverified",
            ClauseState::Warning => "warning",
            ClauseState::Blocking => "blocking",
        }
    }

    fn of(finding: &Finding) -> ClauseState {
        match finding.severity {
            Severity::Blocking => ClauseState::Blocking,
            Severity::Warning => ClauseState::Warning,
            Severity::Unverified => ClauseState::Unverified,
            Severity::Checklist => ClauseState::Open,
        }
    }
}

/// The clauses of a standard, with what a scan says of each.
#[derive(Clone, Debug)]
pub struct ClauseReport {
    /// The deployment environment.
    pub environment: String,
    /// The apps that were found.
    pub apps: Vec<ChecklistApp>,
    /// The clauses.
    pub clauses: Clauses,
    /// What was said of each rule, and how often; a rule that is not in it had nothing to say.
    pub said: BTreeMap<Arc<str>, (ClauseState, usize)>,
}

impl ClauseReport {
    /// The clauses with what a scan says of each.
    pub fn of(clauses: Clauses, report: &Report) -> ClauseReport {
        let mut said: BTreeMap<Arc<str>, (ClauseState, usize)> = BTreeMap::new();
        let mut note = |rule: &Arc<str>, state: ClauseState| {
            let entry = said.entry(rule.clone()).or_insert((state, 0));
            *entry = (entry.0.max(state), entry.1 + 1);
        };
        let found = report.findings.iter().chain(&report.unverified).chain(&report.checklist);
        found.for_each(|finding| note(&finding.rule, ClauseState::of(finding)));
        report.suppressed.iter().for_each(|waived| note(&waived.finding.rule, ClauseState::Waived));
        let app = |app: &super::AppNote| ChecklistApp { id: app.id.to_string(), framework: app.framework.clone() };
        ClauseReport {
            environment: report.environment.clone(),
            apps: report.apps.iter().map(app).collect(),
            clauses,
            said,
        }
    }

    fn state(&self, rule: &str) -> (ClauseState, usize) {
        self.said.get(rule).copied().unwrap_or((ClauseState::NothingFound, 0))
    }

    /// The worst that was said of the rules of a clause.
    fn worst(&self, rules: &[Arc<str>]) -> ClauseState {
        rules.iter().map(|rule| self.state(rule).0).max().unwrap_or(ClauseState::NothingFound)
    }

    /// The rules of a clause that had something to say: `cors/wildcard (warning)`; all of them where none had.
    fn told(&self, rules: &[Arc<str>]) -> String {
        let spoke = rules.iter().filter(|rule| self.state(rule).0 != ClauseState::NothingFound);
        let spoke: Vec<String> = spoke.map(|rule| format!("{rule} ({})", self.state(rule).0.words())).collect();
        if spoke.is_empty() { rules.join(", ") } else { spoke.join(", ") }
    }

    fn counted(&self) -> String {
        let mut counts: BTreeMap<ClauseState, usize> = BTreeMap::new();
        self.clauses.rules.values().for_each(|rules| *counts.entry(self.worst(rules)).or_default() += 1);
        let counts: Vec<String> =
            counts.iter().rev().map(|(state, count)| format!("{count} {}", state.words())).collect();
        format!("{}, {}: {}", self.clauses.standard.title(), self.environment, counts.join(", "))
    }
}

/// What a reader must not take it for.
const CAVEAT: &str = "Nothing found is no proof: there may have been nothing to judge, and clauses that no rule answers to are not listed.";

pub(super) fn human(report: &ClauseReport) -> String {
    let rows = report.clauses.rules.iter().map(|(clause, rules)| {
        [clause.to_string(), report.worst(rules).words().to_owned(), title(*clause), report.told(rules)]
    });
    format!("{}\n{}\n{CAVEAT}\n", table(rows), report.counted())
}

pub(super) fn markdown(report: &ClauseReport) -> String {
    let mut out =
        format!("## {}\n\n{CAVEAT}\n\n| clause | | what a scan says | rules |\n|---|---|---|---|\n", report.counted());
    for (clause, rules) in &report.clauses.rules {
        let (state, title) = (report.worst(rules).words(), escaped(&title(*clause)));
        // Writing to a string cannot fail.
        let _ = writeln!(out, "| [{clause}]({}) | {title} | {state} | {} |", clause.url(), report.told(rules));
    }
    out
}

#[derive(Serialize)]
struct Json<'r> {
    schema_version: u32,
    standard: &'static str,
    title: &'static str,
    environment: &'r str,
    apps: &'r [ChecklistApp],
    clauses: Vec<JsonClause<'r>>,
}

#[derive(Serialize)]
struct JsonClause<'r> {
    #[serde(flatten)]
    told: Told,
    state: ClauseState,
    rules: Vec<JsonRule<'r>>,
}

#[derive(Serialize)]
struct JsonRule<'r> {
    rule: &'r str,
    state: ClauseState,
    findings: usize,
}

pub(super) fn json(report: &ClauseReport) -> String {
    let rule = |rule: &'_ Arc<str>| report.state(rule);
    let clauses = report.clauses.rules.iter().map(|(clause, rules)| JsonClause {
        told: Told::of(*clause),
        state: report.worst(rules),
        rules: rules.iter().map(|id| JsonRule { rule: id, state: rule(id).0, findings: rule(id).1 }).collect(),
    });
    json_of(&Json {
        schema_version: SCHEMA_VERSION,
        standard: report.clauses.standard.name(),
        title: report.clauses.standard.title(),
        environment: &report.environment,
        apps: &report.apps,
        clauses: clauses.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Given;
    use crate::report::ChecklistFormat;
    use crate::rules::Catalogue;

    fn report(standard: Standard) -> ClauseReport {
        let files = [
            ("package.json", r#"{ "dependencies": { "bknd": "0.20.0" } }"#),
            (
                "bknd.config.ts",
                r#"export default { config: { server: { cors: { origin: "*" } }, auth: { jwt: { secret: process.env.JWT_SECRET } } } };"#,
            ),
        ];
        let files = files.map(|(path, text)| Given::new(path, text));
        let scanned = crate::scan_files(files, [], &crate::ScanOptions::default()).unwrap();
        ClauseReport::of(Clauses::of(standard, Catalogue::builtin().rules()), &scanned)
    }

    #[test]
    fn the_catalogue_is_listed_by_clause() {
        let table = Clauses::of(Standard::Asvs, Catalogue::builtin().rules()).render(TableFormat::Human);
        let line = table.lines().find(|line| line.starts_with("v5.0.0-3.3.1 ")).expect("a line");
        assert!(line.contains("L1 Cookie Setup") && line.ends_with("cookies/not-secure"), "{line}");
        let json = Clauses::of(Standard::Cwe, Catalogue::builtin().rules()).render(TableFormat::Json);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let entry = json.as_array().unwrap().iter().find(|entry| entry["id"] == "CWE-942").expect("an entry");
        assert!(entry["rules"].as_array().unwrap().iter().any(|rule| rule == "cors/wildcard"), "{entry}");
    }

    #[test]
    fn a_clause_is_as_bad_as_the_worst_of_its_rules() {
        let report = report(Standard::Asvs);
        let json: serde_json::Value = serde_json::from_str(&ChecklistFormat::Json.clauses(&report)).unwrap();
        let of = |id: &str| json["clauses"].as_array().unwrap().iter().find(|clause| clause["id"] == id).cloned();
        assert_eq!(of("v5.0.0-3.4.2").expect("CORS")["state"], "blocking", "{json}");
        assert_eq!(of("v5.0.0-3.3.4").expect("cookies")["state"], "nothing-found", "{json}");
        assert!(of("v5.0.0-17.1.1").is_none(), "no rule answers to it");
        assert!(ChecklistFormat::Human.clauses(&report).contains("cors/credentialed-wildcard (blocking)"));
    }
}
