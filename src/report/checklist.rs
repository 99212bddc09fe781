//! The checklist as a text for the terminal, as a task list for a release ticket, and as JSON.

use super::clauses::{self, ClauseReport};
use super::plain_markdown::escaped;
use super::words::wrapped;
use crate::mask::{json_safe, printable};
use crate::rules::{Owner, Rule};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

/// The version of the JSON form. Fields can be added, none changes.
const SCHEMA_VERSION: u32 = 1;

/// How the checklist is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum ChecklistFormat {
    /// For people
    #[default]
    Human,
    /// A Markdown task list, for a release ticket
    Markdown,
    /// JSON
    Json,
}

/// The items of a project.
#[derive(Clone, Debug, Default)]
pub struct ChecklistReport {
    /// The deployment environment.
    pub environment: String,
    /// The apps that were found.
    pub apps: Vec<ChecklistApp>,
    /// Their items, by owner and id.
    pub items: Vec<ChecklistItem>,
}

/// One app of a checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChecklistApp {
    /// Its id.
    pub id: String,
    /// Its framework.
    pub framework: String,
}

/// One item, with its state in each app that is asked for it.
#[derive(Clone, Debug)]
pub struct ChecklistItem {
    /// The rule's id.
    pub rule: Arc<str>,
    /// Who has to see to it.
    pub owner: Owner,
    /// What is to be true.
    pub summary: String,
    /// What to do.
    pub fix: String,
    /// Who vouches for it; nobody where a file shows it.
    pub attested: BTreeSet<String>,
    /// The lines that show it, as `file:line`.
    pub shown: BTreeSet<String>,
    /// The apps that are asked for it.
    pub apps: BTreeMap<String, ItemState>,
}

/// Whether an item is still to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ItemState {
    /// Nobody has attested it, and no file shows it.
    Open,
    /// A file of the project shows it, or somebody has attested it.
    Closed,
}

impl ChecklistItem {
    /// The item of a rule, which no app is asked for yet.
    pub fn of(rule: &Rule, fix: String) -> ChecklistItem {
        let (rule, owner, summary) = (rule.id.clone(), rule.owner, rule.summary.clone());
        ChecklistItem {
            rule,
            owner,
            summary,
            fix,
            attested: BTreeSet::new(),
            shown: BTreeSet::new(),
            apps: BTreeMap::new(),
        }
    }

    /// Why it is closed.
    fn closed_by(&self) -> String {
        let all = |names: &BTreeSet<String>, between: &str| {
            names.iter().map(String::as_str).collect::<Vec<_>>().join(between)
        };
        match (self.attested.is_empty(), self.shown.is_empty()) {
            (false, _) => all(&self.attested, "; "),
            (true, false) => format!("shown by {}", all(&self.shown, ", ")),
            (true, true) => "the files of the project show it".into(),
        }
    }

    fn is_open(&self) -> bool {
        self.apps.values().any(|state| *state == ItemState::Open)
    }

    /// The apps in which it is open, where that are not all.
    fn open_in(&self) -> Option<String> {
        let open: Vec<&str> =
            self.apps.iter().filter(|(_, state)| **state == ItemState::Open).map(|(app, _)| name_of(app)).collect();
        (!open.is_empty() && open.len() < self.apps.len()).then(|| open.join(", "))
    }
}

/// The root's own app has an empty id.
fn name_of(app: &str) -> &str {
    if app.is_empty() { "." } else { app }
}

impl ChecklistFormat {
    /// The checklist in this format, ready to be written out to a terminal of so many columns.
    pub fn render(self, report: &ChecklistReport, width: usize) -> String {
        match self {
            ChecklistFormat::Human => human(report, width),
            ChecklistFormat::Markdown => markdown(report),
            ChecklistFormat::Json => json(report),
        }
    }
}

impl ChecklistFormat {
    /// The clauses of a standard in this format, ready to be written out.
    pub fn clauses(self, report: &ClauseReport) -> String {
        match self {
            ChecklistFormat::Human => clauses::human(report),
            ChecklistFormat::Markdown => clauses::markdown(report),
            ChecklistFormat::Json => clauses::json(report),
        }
    }
}

/// The items of each owner who has any, in the order framework, app, infrastructure.
fn by_owner(report: &ChecklistReport) -> impl Iterator<Item = (&'static str, Vec<&ChecklistItem>)> {
    Owner::NAMES
        .iter()
        .map(|(name, owner)| (*name, report.items.iter().filter(|item| item.owner == *owner).collect::<Vec<_>>()))
        .filter(|(_, items)| !items.is_empty())
}

fn title(owner: &str) -> &'static str {
    match owner {
        "framework" => "Framework",
        "app" => "App",
        _ => "Infrastructure",
    }
}

fn counted(report: &ChecklistReport) -> String {
    let open = report.items.iter().filter(|item| item.is_open()).count();
    format!("{open} of {} checklist items open", report.items.len())
}

fn apps(report: &ChecklistReport) -> String {
    let names: Vec<String> =
        report.apps.iter().map(|app| format!("{} ({})", name_of(&app.id), app.framework)).collect();
    printable(&names.join(", ")).into_owned()
}

// Writing to a string cannot fail.
fn human(report: &ChecklistReport, width: usize) -> String {
    let mut out = String::new();
    let line = |out: &mut String, indent: &str, text: &str| out.push_str(&wrapped(text, indent, width));
    for (owner, items) in by_owner(report) {
        let _ = writeln!(out, "{}", title(owner));
        for item in items {
            let mark = if item.is_open() { ' ' } else { 'x' };
            line(&mut out, "  ", &format!("[{mark}] {}  {}", item.rule, item.summary));
            if item.is_open() {
                let open = item.open_in().map_or_else(String::new, |apps| format!(" (open in {apps})"));
                line(&mut out, "      ", &printable(&format!("{}{open}", item.fix)));
            } else {
                line(&mut out, "      ", &printable(&item.closed_by()));
            }
        }
        out.push('\n');
    }
    if report.items.is_empty() {
        let _ = writeln!(out, "the checklist has no items for {} in {}", apps(report), report.environment);
        return out;
    }
    line(&mut out, "", &format!("{} ({}, {})", counted(report), apps(report), report.environment));
    if report.items.iter().any(ChecklistItem::is_open) {
        out.push_str(&how_to_close(report));
    }
    out
}

/// The lines of `prodcheck.toml` that close the first open item, ready to be copied.
fn how_to_close(report: &ChecklistReport) -> String {
    let mut open = by_owner(report).flat_map(|(_, items)| items).filter(|item| item.is_open());
    let rule = open.next().map_or("checklist/backups-restore", |item| &*item.rule);
    format!(
        "Close one in prodcheck.toml when somebody has done it; after `until` it opens again:\n\n  [[attest]]\n  rule = \"{rule}\"\n  \
         by = \"who did it\"\n  on = 2026-01-31\n  until = 2026-07-31\n"
    )
}

fn markdown(report: &ChecklistReport) -> String {
    let mut out = format!("## Release checklist: {}\n\n{}: {}.\n", report.environment, apps(report), counted(report));
    for (owner, items) in by_owner(report) {
        let _ = writeln!(out, "\n### {}\n", title(owner));
        for item in items {
            let done = if item.is_open() { ' ' } else { 'x' };
            let _ = write!(out, "- [{done}] **{}** (`{}`)", escaped(&item.summary), item.rule);
            if item.is_open() {
                let _ = write!(out, ": {}", escaped(&printable(&item.fix)));
            } else {
                let _ = write!(out, ": {}", escaped(&printable(&item.closed_by())));
            }
            if let Some(apps) = item.open_in() {
                let _ = write!(out, " Open in {}.", escaped(&printable(&apps)));
            }
            out.push('\n');
        }
    }
    out
}

#[derive(Serialize)]
struct Json<'r> {
    schema_version: u32,
    environment: &'r str,
    apps: &'r [ChecklistApp],
    items: Vec<JsonItem<'r>>,
}

#[derive(Serialize)]
struct JsonItem<'r> {
    rule: &'r str,
    owner: &'static str,
    summary: &'r str,
    fix: &'r str,
    state: ItemState,
    attested: &'r BTreeSet<String>,
    shown: &'r BTreeSet<String>,
    apps: &'r BTreeMap<String, ItemState>,
}

fn json(report: &ChecklistReport) -> String {
    let items = report.items.iter().map(|item| JsonItem {
        rule: &item.rule,
        owner: item.owner.name(),
        summary: &item.summary,
        fix: &item.fix,
        state: if item.is_open() { ItemState::Open } else { ItemState::Closed },
        attested: &item.attested,
        shown: &item.shown,
        apps: &item.apps,
    });
    let json = Json {
        schema_version: SCHEMA_VERSION,
        environment: &report.environment,
        apps: &report.apps,
        items: items.collect(),
    };
    let text = serde_json::to_string_pretty(&json).expect("internal error: an item has no odd keys");
    json_safe(&(text + "\n")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(rule: &str, owner: Owner, states: &[(&str, ItemState)]) -> ChecklistItem {
        ChecklistItem {
            rule: rule.into(),
            owner,
            summary: format!("{rule} is *done*"),
            fix: "Do it.".into(),
            attested: BTreeSet::new(),
            shown: BTreeSet::new(),
            apps: states.iter().map(|(app, state)| ((*app).to_owned(), *state)).collect(),
        }
    }

    fn report() -> ChecklistReport {
        let app = |id: &str| ChecklistApp { id: id.into(), framework: "lucent".into() };
        ChecklistReport {
            environment: "production".into(),
            apps: vec![app("apps/api"), app("apps/shop")],
            items: vec![
                item("checklist/audit", Owner::App, &[("apps/api", ItemState::Closed)]),
                item(
                    "checklist/tls",
                    Owner::Infrastructure,
                    &[("apps/api", ItemState::Open), ("apps/shop", ItemState::Closed)],
                ),
            ],
        }
    }

    #[test]
    fn a_ticket_gets_a_task_list_for_each_owner() {
        assert_eq!(
            ChecklistFormat::Markdown.render(&report(), 100),
            "## Release checklist: production\n\napps/api (lucent), apps/shop (lucent): 1 of 2 checklist items open.\n\n\
             ### App\n\n- [x] **checklist/audit is \\*done\\*** (`checklist/audit`): the files of the project show it\n\n\
             ### Infrastructure\n\n- [ ] **checklist/tls is \\*done\\*** (`checklist/tls`): Do it. Open in apps/api.\n"
        );
    }

    #[test]
    fn people_read_what_is_open_and_what_to_do() {
        let text = ChecklistFormat::Human.render(&report(), 100);
        assert!(
            text.contains(
                "Infrastructure\n  [ ] checklist/tls  checklist/tls is *done*\n      Do it. (open in apps/api)\n"
            ),
            "{text}"
        );
        assert!(
            text.contains("1 of 2 checklist items open (apps/api (lucent), apps/shop (lucent), production)\n"),
            "{text}"
        );
    }

    #[test]
    fn machines_read_the_state_in_each_app() {
        let json: serde_json::Value = serde_json::from_str(&ChecklistFormat::Json.render(&report(), 100)).unwrap();
        assert_eq!(json["items"][1]["state"], "open");
        assert_eq!(json["items"][1]["apps"]["apps/shop"], "closed");
        assert_eq!(json["items"][0]["owner"], "app");
    }
}
