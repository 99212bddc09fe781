//! Checks what is written: ids of rules, dates, thresholds, reasons; collects every mistake.

use super::mistake::{Mistake, nearest, suggestion};
use super::place::Placed;
use super::raw::{self, Date, Limit, Raw};
use super::{Attestation, Config, Day, Ignore, Level, Override, PathSetting};
use crate::rules::{Catalogue, Limits, Profile, Rule, Severity};
use crate::syntax::Span;
use globset::{GlobBuilder, GlobMatcher};
use std::collections::BTreeMap;

/// The settings, or all that is wrong with them in the order of the file.
pub(super) fn check(raw: Raw, catalogue: &Catalogue) -> Result<Config, Vec<Mistake>> {
    let mut check = Check { catalogue, mistakes: Vec::new() };
    let config = Config {
        environment: raw.environment.name.as_ref().map(|name| name.get().profile()),
        provided: raw.environment.provided.iter().filter_map(|name| check.variable(name)).collect(),
        env_files: raw.environment.env_files.iter().filter_map(|path| check.path(path)).collect(),
        limits: check.limits(&raw.limits),
        paths: raw.path.iter().filter_map(|setting| check.path_setting(setting)).collect(),
        ignores: raw.ignore.iter().filter_map(|ignore| check.ignore(ignore.get())).collect(),
        exclude: raw.exclude.iter().filter_map(|glob| Some((check.glob(glob)?, glob.span()))).collect(),
        rules_folder: raw.rules_folder.as_ref().and_then(|path| check.path(path)).map(|(path, _)| path),
        facts_folder: raw.facts_folder.as_ref().and_then(|path| check.path(path)).map(|(path, _)| path),
        baseline: raw.baseline.as_ref().and_then(|path| check.path(path)),
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

    fn path(&mut self, placed: &Placed<String>) -> Option<(String, Span)> {
        path(placed).map_err(|mistake| self.mistakes.push(mistake)).ok()
    }

    fn limits(&mut self, limits: &BTreeMap<Placed<String>, Placed<Limit>>) -> Vec<(String, String, Span)> {
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
                checked.push((name, value, key));
            }
        }
        checked
    }

    fn severity(&mut self, id: &Placed<String>, setting: &raw::RuleSetting) -> Option<(std::sync::Arc<str>, Override)> {
        let rule = self.rule(id)?;
        let level = *setting.severity.get();
        if rule.severity == Severity::Checklist && level != Level::Off {
            let mistake = Mistake::new(setting.severity.span(), "a checklist item has no other severity");
            return self.refuse(mistake.help("attest it in [[attest]], or turn it off with a reason"));
        }
        let reason = self.reason_of(&setting.severity, setting.reason.as_ref())?;
        Some((rule.id.clone(), Override { level, reason, span: id.span() }))
    }

    /// The reason of a changed weight, which only turning off needs.
    fn reason_of(&mut self, level: &Placed<Level>, reason: Option<&Placed<String>>) -> Option<Option<String>> {
        match reason {
            Some(reason) => self.said(reason, "reason").map(Some),
            None if *level.get() == Level::Off => {
                let mistake = Mistake::new(level.span(), "a rule is turned off without a reason");
                self.refuse(mistake.help("say why: severity = \"off\", reason = \"...\""))
            }
            None => Some(None),
        }
    }

    fn path_setting(&mut self, placed: &Placed<raw::PathSetting>) -> Option<PathSetting> {
        let setting = placed.get();
        let glob = self.glob(&setting.glob);
        let rules: Vec<Option<_>> = setting.rules.iter().map(|id| self.rule(id).map(|rule| rule.id.clone())).collect();
        let reason = self.reason_of(&setting.severity, setting.reason.as_ref())?;
        let rules = rules.into_iter().collect::<Option<_>>()?;
        Some(PathSetting { glob: glob?, rules, level: *setting.severity.get(), reason, span: setting.glob.span() })
    }

    fn ignore(&mut self, ignore: &raw::Ignore) -> Option<Ignore> {
        let rule = self.rule(&ignore.rule);
        let path = ignore.path.as_ref().map(|glob| self.glob(glob));
        let reason = self.said(&ignore.reason, "reason");
        let until = ignore.until.as_ref().map(|until| self.day(until));
        let name = |text: &Placed<String>| text.get().clone();
        Some(Ignore {
            rule: rule?.id.clone(),
            app: ignore.app.as_ref().map(name),
            subject: ignore.subject.as_ref().map(name),
            path: given(path)?,
            reason: reason?,
            until: given(until)?,
            span: ignore.rule.span(),
        })
    }

    fn glob(&mut self, glob: &Placed<String>) -> Option<GlobMatcher> {
        let built = GlobBuilder::new(glob.get().trim_start_matches("./")).literal_separator(true).build();
        match built {
            Ok(built) => Some(built.compile_matcher()),
            Err(error) => self.refuse(Mistake::new(glob.span(), format!("not a valid glob: {}", error.kind()))),
        }
    }

    fn attestation(&mut self, placed: &Placed<raw::Attest>) -> Option<Attestation> {
        let attest = placed.get();
        let rule = self.rule(&attest.rule);
        let by = self.said(&attest.by, "by");
        let on = self.day(&attest.on);
        let until = attest.until.as_ref().map(|until| self.day(until));
        let rule = rule?;
        if !rule.is_ever(Severity::Checklist) {
            let mistake = Mistake::new(attest.rule.span(), format!("`{}` is not a checklist item", rule.id));
            return self.refuse(
                mistake
                    .help("only checklist items can be attested; fix this, or ignore it with a reason in [[ignore]]"),
            );
        }
        let until = given(until)?;
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
        if let Some(day) = super::day(text) {
            return Some(day);
        }
        let mistake = Mistake::new(date.span(), format!("`{text}` is not a date"));
        self.refuse(mistake.help("write it as until = 2027-01-31"))
    }
}

/// What in a list of rules and categories is neither.
pub(super) fn unknown_rules(names: &[Placed<String>], catalogue: &Catalogue) -> Vec<Mistake> {
    let is_known = |name: &str| {
        let category = name.trim_end_matches("/*").trim_end_matches('/');
        name == "*"
            || catalogue
                .ids()
                .any(|id| *id == *name || id.strip_prefix(category).is_some_and(|rest| rest.starts_with('/')))
    };
    let unknown = names.iter().filter(|name| !is_known(name.get()));
    unknown
        .map(|name| {
            let mistake = Mistake::new(name.span(), format!("there is no rule or category `{}`", name.get()));
            mistake.help("`prodcheck rules` lists all of them; \"*\" means every rule")
        })
        .collect()
}

/// What was given has to be right; what was not need not be.
fn given<T>(checked: Option<Option<T>>) -> Option<Option<T>> {
    match checked {
        Some(checked) => checked.map(Some),
        None => Some(None),
    }
}

/// A path that stays in the project.
pub(super) fn path(path: &Placed<String>) -> Result<(String, Span), Mistake> {
    let text = path.get();
    let leaves = text.split(['/', '\\']).any(|part| part == "..");
    if text.is_empty() || leaves || text.starts_with(['/', '\\']) || text.contains(':') {
        let mistake = Mistake::new(path.span(), "this path does not lie in the project");
        return Err(mistake.help("paths are relative to prodcheck.toml: \"deploy/production.env\""));
    }
    Ok((text.trim_start_matches("./").trim_end_matches('/').to_owned(), path.span()))
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
