//! Checks what is written: ids of rules, dates, thresholds, reasons; collects every mistake.

use super::mistake::{Mistake, nearest, suggestion};
use super::place::Placed;
use super::raw::{self, Date, Limit, Raw};
use super::{Attestation, Config, Day, Level, Override};
use crate::rules::{Catalogue, Limits, Profile, Rule, Severity};
use crate::syntax::Span;
use std::collections::BTreeMap;

/// The settings, or all that is wrong with them in the order of the file.
pub(super) fn check(raw: Raw, catalogue: &Catalogue) -> Result<Config, Vec<Mistake>> {
    let mut check = Check { catalogue, mistakes: Vec::new() };
    let config = Config {
        environment: raw.environment.name.as_ref().map(|name| name.get().profile()),
        provided: raw.environment.provided.iter().filter_map(|name| check.variable(name)).collect(),
        env_files: raw.environment.env_files.iter().filter_map(|path| check.path(path)).collect(),
        limits: check.limits(&raw.limits),
        severities: raw.rules.iter().filter_map(|(id, setting)| check.severity(id, setting.get())).collect(),
        attestations: raw.attest.iter().filter_map(|attest| check.attestation(attest)).collect(),
    };
    check.mistakes.sort_by_key(|mistake| mistake.span);
    if check.mistakes.is_empty() { Ok(config) } else { Err(check.mistakes) }
}

/// The check so far.
struct Check<'c> {
    catalogue: &'c Catalogue,
    mistakes: Vec<Mistake>,
}

impl<'c> Check<'c> {
    fn refuse<T>(&mut self, mistake: Mistake) -> Option<T> {
        self.mistakes.push(mistake);
        None
    }

    /// The rule of an id, or of one that it once had.
    fn rule(&mut self, id: &Placed<String>) -> Option<&'c Rule> {
        if let Some(rule) = self.catalogue.rule(id.get()) {
            return Some(rule);
        }
        let help = match nearest(id.get(), self.catalogue.ids()) {
            Some(id) => format!("did you mean `{id}`? `prodcheck rules` lists all of them"),
            None => "`prodcheck rules` lists all of them".to_owned(),
        };
        self.refuse(Mistake::new(id.span(), format!("there is no rule `{}`", id.get())).help(help))
    }

    fn variable(&mut self, name: &Placed<String>) -> Option<String> {
        let text = name.get();
        let is_name = !text.is_empty()
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !text.starts_with(|c: char| c.is_ascii_digit());
        if is_name {
            return Some(text.clone());
        }
        let mistake = Mistake::new(name.span(), "this is not the name of a variable");
        self.refuse(mistake.help("name the variables alone, without values: provided = [\"JWT_SECRET\"]"))
    }

    /// A path that stays in the project.
    fn path(&mut self, path: &Placed<String>) -> Option<(String, Span)> {
        let text = path.get();
        let leaves = text.split(['/', '\\']).any(|part| part == "..");
        if text.is_empty() || leaves || text.starts_with(['/', '\\']) || text.contains(':') {
            let mistake = Mistake::new(path.span(), "this path does not lie in the project");
            return self.refuse(mistake.help("paths are relative to prodcheck.toml: \"deploy/production.env\""));
        }
        Some((text.trim_start_matches("./").to_owned(), path.span()))
    }

    fn limits(&mut self, limits: &BTreeMap<Placed<String>, Placed<Limit>>) -> Vec<(String, String)> {
        let mut found = Vec::new();
        flatten("", limits, &mut found);
        let mut table = Limits::builtin(Profile::default());
        let names: Vec<String> = table.rows().map(|(name, _)| name.to_owned()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut checked = Vec::new();
        for (name, key, value, span) in found {
            if !names.contains(&name.as_str()) {
                let mistake = Mistake::new(key, format!("there is no limit `{name}`"));
                self.mistakes.push(mistake.help(suggestion(&name, &names)));
            } else if let Err(message) = table.replace(&name, &value) {
                self.mistakes.push(Mistake::new(span, message));
            } else {
                checked.push((name, value));
            }
        }
        checked
    }

    fn severity(&mut self, id: &Placed<String>, setting: &raw::RuleSetting) -> Option<(std::sync::Arc<str>, Override)> {
        let rule = self.rule(id)?;
        let level = *setting.severity.get();
        if rule.severity == Severity::Checklist && level != Level::Off {
            let mistake = Mistake::new(setting.severity.span(), "an item of the checklist has no other weight");
            return self.refuse(mistake.help("attest it in [[attest]], or turn it off with a reason"));
        }
        let reason = match &setting.reason {
            Some(reason) => Some(self.said(reason, "reason")?),
            None if level == Level::Off => {
                let mistake = Mistake::new(setting.severity.span(), "a rule is turned off without a reason");
                return self.refuse(mistake.help("say why: { severity = \"off\", reason = \"...\" }"));
            }
            None => None,
        };
        Some((rule.id.clone(), Override { level, reason, span: id.span() }))
    }

    fn attestation(&mut self, placed: &Placed<raw::Attest>) -> Option<Attestation> {
        let attest = placed.get();
        let rule = self.rule(&attest.rule);
        let by = self.said(&attest.by, "by");
        let on = self.day(&attest.on);
        let until = attest.until.as_ref().map(|until| self.day(until));
        let rule = rule?;
        if rule.severity != Severity::Checklist {
            let mistake = Mistake::new(attest.rule.span(), format!("`{}` is not an item of the checklist", rule.id));
            return self
                .refuse(mistake.help("what a file shows is not attested: fix it, or say in [[ignore]] why it stays"));
        }
        let until = match until {
            Some(day) => Some(day?),
            None => None,
        };
        if let (Some(on), Some(until)) = (on, until)
            && until < on
        {
            let at = attest.until.as_ref().map_or(placed.span(), Placed::span);
            return self.refuse(Mistake::new(at, "the attestation ends before it begins"));
        }
        Some(Attestation {
            rule: rule.id.clone(),
            app: attest.app.as_ref().map(|app| app.get().clone()),
            by: by?,
            on: on?,
            until,
            note: attest.note.clone(),
            span: attest.rule.span(),
        })
    }

    /// A text that says something.
    fn said(&mut self, text: &Placed<String>, key: &str) -> Option<String> {
        let said = text.get().trim();
        if said.is_empty() {
            return self.refuse(Mistake::new(text.span(), format!("`{key}` says nothing")));
        }
        Some(said.to_owned())
    }

    fn day(&mut self, date: &Placed<Date>) -> Option<Day> {
        let text = &date.get().0;
        // The parser of dates would take a time of day along.
        let is_day = text.len() == "2027-01-31".len();
        if let Some(day) = text.parse().ok().filter(|_| is_day) {
            return Some(day);
        }
        let mistake = Mistake::new(date.span(), format!("`{text}` is not a day of the calendar"));
        self.refuse(mistake.help("write year, month and day: until = 2027-01-31"))
    }
}

/// Every threshold with its full name, the place of its key, its text and its place.
fn flatten(
    before: &str,
    limits: &BTreeMap<Placed<String>, Placed<Limit>>,
    into: &mut Vec<(String, Span, String, Span)>,
) {
    for (key, limit) in limits {
        let name = if before.is_empty() { key.get().clone() } else { format!("{before}.{}", key.get()) };
        match limit.get() {
            Limit::Value(value) => into.push((name, key.span(), value.clone(), limit.span())),
            Limit::Group(group) => flatten(&name, group, into),
        }
    }
}
