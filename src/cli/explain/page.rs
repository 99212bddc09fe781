//! All that a rule says of itself, as data: what `explain` and `rules` print as JSON, and what its page is made of.

use super::example::Shown;
use super::places::Place;
use super::{limit_names, places};
use crate::report::{Style, in_general, page_of};
use crate::rules::{Catalogue, Clause, Limits, Profile, Rule};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// The version of the schema.
const SCHEMA_VERSION: u32 = 1;

/// What `prodcheck explain RULE --format json` prints; `prodcheck rules --format json` is a list of the same without
/// `schema_version` and `example`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "prodcheck rule")]
pub(in crate::cli) struct Page {
    /// The version of this schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    schema_version: Option<u32>,
    /// The rule's id.
    pub(in crate::cli) id: String,
    /// How much a bad value weighs that was written down: `blocking`, `warning`, `checklist`.
    pub(in crate::cli) severity: &'static str,
    /// What is wrong, in a few words.
    pub(in crate::cli) summary: String,
    /// Who can fix it: `framework`, `app`, `infrastructure`.
    pub(in crate::cli) owner: &'static str,
    /// Whether anything that prodcheck reads gives it something to judge.
    pub(in crate::cli) fed: bool,
    /// The weight where every value that decided is the framework's default.
    #[serde(skip_serializing_if = "Option::is_none")]
    default_severity: Option<&'static str>,
    /// The most it weighs where it is bad in some case only.
    #[serde(skip_serializing_if = "Option::is_none")]
    possible_severity: Option<&'static str>,
    /// Other weights, by circumstances.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    severity_by_circumstances: Vec<&'static str>,
    /// The kind of resource that it judges, as `prodcheck settings` names it.
    pub(in crate::cli) resource: &'static str,
    /// What that is.
    pub(in crate::cli) resource_meaning: &'static str,
    /// What an attacker or an outage does with it.
    pub(in crate::cli) why: String,
    /// What to do, in general.
    pub(in crate::cli) fix: String,
    /// The same where the places are listed below.
    #[serde(skip)]
    #[schemars(skip)]
    pub(in crate::cli) fix_here: String,
    /// Whether `--fix` can make the edit: `safe`, or `unsafe` for one that needs `--unsafe-fixes`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) repair: Option<&'static str>,
    /// Rules that stay silent where this one speaks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::cli) silences: Vec<String>,
    /// Former ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::cli) aliases: Vec<String>,
    /// The clauses of outside standards that it answers to.
    pub(in crate::cli) standards: Vec<Answer>,
    /// Where its settings are written in each framework and library.
    pub(in crate::cli) places: Vec<Place>,
    /// The thresholds that it uses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::cli) limits: Vec<Threshold>,
    /// Where to read on.
    pub(in crate::cli) references: Vec<String>,
    /// The address of its page; a project's own rule has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// A tiny project, bad and good, and what a scan says of both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) example: Option<Shown>,
}

/// A clause of a standard.
#[derive(Serialize, JsonSchema)]
pub(in crate::cli) struct Answer {
    /// `cwe`, `asvs` or `api`.
    standard: &'static str,
    /// As the standard writes it: `CWE-942`, `v5.0.0-3.4.2`, `API8:2023`.
    pub(in crate::cli) id: String,
    /// What the standard calls it; of ASVS the title of the section.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) title: Option<&'static str>,
    /// From which level on ASVS asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<u8>,
    /// Where it can be read.
    pub(in crate::cli) url: String,
}

/// A threshold in each environment.
#[derive(Serialize, JsonSchema)]
pub(in crate::cli) struct Threshold {
    /// Its name, under `[limits]` of `prodcheck.toml`.
    pub(in crate::cli) name: String,
    /// What it bounds.
    pub(in crate::cli) meaning: String,
    /// What it is in each environment.
    pub(in crate::cli) values: BTreeMap<&'static str, String>,
}

impl Page {
    /// A rule as an entry of the list.
    pub(in crate::cli) fn listed(rule: &Rule, fed: bool) -> Page {
        let mut by_circumstances: Vec<&str> = rule.severity_when.iter().map(|step| step.severity.name()).collect();
        by_circumstances.dedup();
        let places = places::of(rule);
        let named = places::named(rule, &places);
        let named = named.as_deref();
        Page {
            schema_version: None,
            id: rule.id.to_string(),
            severity: rule.severity.name(),
            summary: rule.summary.clone(),
            owner: rule.owner.name(),
            fed,
            default_severity: rule.default_severity.map(|severity| severity.name()),
            possible_severity: rule.possible_severity.map(|severity| severity.name()),
            severity_by_circumstances: by_circumstances,
            resource: rule.resource.name,
            resource_meaning: rule.resource.meaning.trim(),
            why: rule.why.clone(),
            fix: in_general(rule, named.filter(|name| name.starts_with('`'))),
            fix_here: in_general(rule, named),
            repair: rule.repair.as_ref().map(|repair| if repair.safe { "safe" } else { "unsafe" }),
            silences: rule.supersedes.iter().map(ToString::to_string).collect(),
            aliases: rule.aliases.iter().map(ToString::to_string).collect(),
            standards: rule.standards.iter().map(|clause| Answer::of(*clause)).collect(),
            places,
            limits: thresholds(rule),
            references: rule.references.clone(),
            url: page_of(rule),
            example: None,
        }
    }

    /// A rule with its example, as a page of its own.
    pub(in crate::cli) fn whole(rule: &Rule, catalogue: &Catalogue) -> Page {
        let example = catalogue.example(&rule.id);
        let own = catalogue.text(&rule.id);
        let fed = example.is_some();
        let example = example.map(|example| Shown::of(&rule.id, &example, own, Style::default()));
        Page { schema_version: Some(SCHEMA_VERSION), example, ..Page::listed(rule, fed) }
    }
}

impl Page {
    /// The severity with the ladder of others it can have.
    pub(in crate::cli) fn severities(&self) -> String {
        let mut said = self.severity.to_owned();
        if let Some(severity) = self.default_severity {
            said.push_str(&format!("; {severity} where the framework's default was left in place"));
        }
        if let Some(severity) = self.possible_severity {
            said.push_str(&format!("; at most {severity} where it is bad in some case only"));
        }
        if !self.severity_by_circumstances.is_empty() {
            said.push_str(&format!("; {} by circumstances", self.severity_by_circumstances.join(" or ")));
        }
        said
    }
}

impl Answer {
    fn of(clause: Clause) -> Answer {
        Answer {
            standard: clause.standard.name(),
            id: clause.to_string(),
            title: clause.title(),
            level: clause.level(),
            url: clause.url(),
        }
    }

    /// `CWE-942 Permissive Cross-domain Policy with Untrusted Domains`, of ASVS with the level.
    pub(in crate::cli) fn in_words(&self) -> String {
        let level = self.level.map_or_else(String::new, |level| format!(" (from level {level})"));
        format!("{} {}{level}", self.id, self.title.unwrap_or_default()).trim_end().to_owned()
    }
}

/// The thresholds that a rule's text names.
fn thresholds(rule: &Rule) -> Vec<Threshold> {
    let names = limit_names(rule);
    if names.is_empty() {
        return Vec::new();
    }
    let limits = Limits::builtin(Profile::default());
    let used = limits.rows().filter(|(name, _)| names.iter().any(|wanted| is_row(name, wanted)));
    used.map(|(name, row)| Threshold {
        name: name.to_owned(),
        meaning: row.meaning.to_string(),
        values: Profile::names()
            .filter_map(|profile| Some((profile, row.value(Profile::named(profile)?).to_string())))
            .collect(),
    })
    .collect()
}

fn is_row(row: &str, wanted: &str) -> bool {
    row.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The JSON schema of a page.
pub(in crate::cli) fn schema() -> String {
    let schema = schemars::schema_for!(Page);
    serde_json::to_string_pretty(&schema).expect("internal error: a schema is JSON") + "\n"
}
