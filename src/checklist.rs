//! The checklist of a project: what no file can show, for each owner, with what is closed already.

use crate::habits::checklist_of;
use crate::report::{
    AttestedNote, ChecklistApp, ChecklistItem, ChecklistReport, ClauseReport, Clauses, ItemState, Report, ShownNote,
};
use crate::rules::{Catalogue, Standard};
use crate::scan::{ScanError, ScanOptions, rules_of, scan};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The items that the frameworks of a project leave to people.
pub fn checklist(options: &ScanOptions) -> Result<ChecklistReport, ScanError> {
    let report = scan(options)?;
    Ok(of_report(&report, &Catalogue::builtin()))
}

/// What a scan says of each clause of a standard that some rule answers to.
pub fn clauses_of(standard: Standard, options: &ScanOptions) -> Result<ClauseReport, ScanError> {
    let report = scan(options)?;
    let catalogue = rules_of(&options.path)?;
    Ok(ClauseReport::of(Clauses::of(standard, catalogue.rules()), &report))
}

/// Who vouches for an item of an app.
fn words(report: &Report, rule: &str, app: &str) -> Option<String> {
    let is_meant = |known: &&AttestedNote| *known.rule == *rule && known.app.as_deref().is_none_or(|own| own == app);
    report.attested.iter().find(is_meant).map(|known| known.words.clone())
}

/// The lines that show an item of an app.
fn shown<'r>(report: &'r Report, rule: &'r str, app: &'r str) -> impl Iterator<Item = String> + 'r {
    let is_meant = move |known: &&ShownNote| *known.rule == *rule && *known.app == *app;
    report.shown.iter().filter(is_meant).filter_map(|known| known.place.clone())
}

/// Open items are those of the scan; what a framework asks for and the scan does not list is closed.
fn of_report(report: &Report, catalogue: &Catalogue) -> ChecklistReport {
    let mut items: BTreeMap<(&'static str, Arc<str>), ChecklistItem> = BTreeMap::new();
    for finding in &report.checklist {
        let Some(rule) = catalogue.rule(&finding.rule) else { continue };
        let apps = finding.subjects.iter().map(|subject| subject.app.to_string());
        let fresh = || ChecklistItem::of(rule, finding.fix.clone());
        let item = items.entry((rule.owner.name(), rule.id.clone())).or_insert_with(fresh);
        item.apps.extend(apps.map(|app| (app, ItemState::Open)));
    }
    for app in &report.apps {
        for id in checklist_of(&app.framework) {
            let Some(rule) = catalogue.rule(id) else { continue };
            let fresh = || ChecklistItem::of(rule, rule.report.fix.clone());
            let item = items.entry((rule.owner.name(), rule.id.clone())).or_insert_with(fresh);
            item.apps.entry(app.id.to_string()).or_insert(ItemState::Closed);
            item.attested.extend(words(report, id, &app.id));
            item.shown.extend(shown(report, id, &app.id));
        }
    }
    let apps = report.apps.iter().map(|app| ChecklistApp { id: app.id.to_string(), framework: app.framework.clone() });
    ChecklistReport {
        environment: report.environment.clone(),
        apps: apps.collect(),
        items: items.into_values().collect(),
    }
}
