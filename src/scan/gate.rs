//! In which ways a scan demands less than prodcheck does by itself: what `prodcheck.toml`, comments and the command line say.

use super::open::Opened;
use super::{ScanOptions, profile_name};
use crate::config::{Level, Override, PathSetting};
use crate::eval::{Kind, Place, Value};
use crate::findings::{Locator, Means, Suppressed};
use crate::mask::Masker;
use crate::report::{GateKind, GateNote};
use crate::rules::{Catalogue, Limits, Profile, Severity};
use crate::settings::{App, AppId, Model, Resource, Scope, gate};
use crate::syntax::{FileId, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One way.
#[derive(Clone, Debug)]
pub(super) struct Weakening {
    kind: GateKind,
    /// What it is about; with the kind, what makes it the same in two revisions.
    key: String,
    /// How much less is demanded, where that is a number.
    weight: u64,
    count: usize,
    rule: Option<Arc<str>>,
    message: String,
    reason: Option<String>,
    place: Option<(FileId, Span)>,
    source: &'static str,
}

impl Weakening {
    fn of(kind: GateKind, key: impl Into<String>, message: String) -> Weakening {
        Weakening {
            kind,
            key: key.into(),
            weight: 0,
            count: 1,
            rule: None,
            message,
            reason: None,
            place: None,
            source: CONFIG,
        }
    }
}

const CONFIG: &str = "prodcheck.toml";
const COMMENTS: &str = "comments";
const COMMAND_LINE: &str = "the command line";

/// All of them, those of one kind beside each other.
pub(super) fn weakenings(opened: &Opened, options: &ScanOptions, suppressed: &[Suppressed]) -> Vec<Weakening> {
    let mut found = Vec::new();
    if !options.no_ignores {
        found.extend(opened.config.severities.iter().filter_map(|(id, own)| changed_rule(opened, id, own)));
        found.extend(opened.config.paths.iter().flat_map(|setting| changed_path(opened, setting)));
    }
    found.extend(changed_limits(opened));
    if !options.no_ignores {
        ignored(opened, suppressed, &mut found);
    }
    baseline(opened, options, suppressed, &mut found);
    made_up(opened, options, &mut found);
    left_out(opened, options, &mut found);
    found.sort_by(|a, b| (a.kind, a.source, &a.key).cmp(&(b.kind, b.source, &b.key)));
    found
}

/// What a rule weighs by itself.
fn rank(severity: Severity) -> u64 {
    match severity {
        Severity::Blocking => 2,
        Severity::Warning | Severity::Checklist => 1,
    }
}

fn rank_of(level: Level) -> u64 {
    match level {
        Level::Blocking => 2,
        Level::Warning => 1,
        Level::Off => 0,
    }
}

fn changed_rule(opened: &Opened, id: &Arc<str>, own: &Override) -> Option<Weakening> {
    let rule = opened.catalogue.rule(id)?;
    if rank_of(own.level) >= rank(rule.severity) {
        return None;
    }
    let (kind, words) = match own.level {
        Level::Off => (GateKind::Off, "is off"),
        _ => (GateKind::Lowered, "warns and does not block"),
    };
    Some(Weakening {
        rule: Some(id.clone()),
        reason: own.reason.clone(),
        place: opened.config_file.map(|file| (file, own.span)),
        ..Weakening::of(kind, &**id, format!("{id} {words}"))
    })
}

fn changed_path(opened: &Opened, setting: &PathSetting) -> Vec<Weakening> {
    let (kind, words) = match setting.level {
        Level::Blocking => return Vec::new(),
        Level::Warning => (GateKind::Lowered, "only warns"),
        Level::Off => (GateKind::Off, "is off"),
    };
    let glob = setting.glob.glob().glob();
    let weakening = |rule: Option<&Arc<str>>| {
        let name = rule.map_or("every rule", |rule| &**rule);
        Weakening {
            rule: rule.cloned(),
            reason: setting.reason.clone(),
            place: opened.config_file.map(|file| (file, setting.span)),
            ..Weakening::of(kind, format!("{name} in {glob}"), format!("{name} {words} in {glob}"))
        }
    };
    if setting.rules.is_empty() {
        return vec![weakening(None)];
    }
    let blocks =
        |id: &&Arc<str>| opened.catalogue.rule(id).is_some_and(|rule| rank_of(setting.level) < rank(rule.severity));
    setting.rules.iter().filter(blocks).map(|rule| weakening(Some(rule))).collect()
}

fn changed_limits(opened: &Opened) -> Vec<Weakening> {
    let builtin = Limits::builtin(opened.environment);
    let own = opened.config.limits(opened.environment);
    let weakening = |(name, value, span): &(String, String, Span)| {
        let (before, now) = (builtin.get(name, None)?, own.get(name, None)?);
        if before == now || builtin.is_stricter(name, now.amount, before.amount) == Some(true) {
            return None;
        }
        Some(Weakening {
            place: opened.config_file.map(|file| (file, *span)),
            ..Weakening::of(GateKind::Limit, name, format!("{name} is {value} instead of {before}"))
        })
    };
    opened.config.changed_limits().iter().filter_map(weakening).collect()
}

/// What is ignored, the findings of one rule that one reason waives together.
fn ignored(opened: &Opened, suppressed: &[Suppressed], found: &mut Vec<Weakening>) {
    let mut groups: BTreeMap<(&'static str, &str, String, &str), Vec<&Suppressed>> = BTreeMap::new();
    for own in suppressed {
        let file = own.finding.location.as_ref().map(|at| at.file.to_string()).unwrap_or_default();
        let (source, place) = match own.means {
            Means::Config => (CONFIG, String::new()),
            Means::Comment => (COMMENTS, file),
            Means::Baseline | Means::Revision => continue,
        };
        groups.entry((source, &own.finding.rule, place, &own.reason)).or_default().push(own);
    }
    for ((source, rule, file, reason), all) in groups {
        let entry = opened
            .config
            .ignores
            .iter()
            .find(|ignore| source == CONFIG && *ignore.rule == *rule && ignore.reason == reason);
        let by_path = entry.is_none() && source == CONFIG;
        // A setting of `[[path]]` is told by itself.
        if by_path {
            continue;
        }
        let count = all.len();
        let findings = if count == 1 { "1 finding".to_owned() } else { format!("{count} findings") };
        let verb = if count == 1 { "is" } else { "are" };
        let at = all.iter().find_map(|own| own.finding.location.as_ref());
        let in_file = at.and_then(|at| {
            let id = opened.project.find(&at.file)?;
            let start = u32::try_from(opened.project.lines(id)?.range_of(at.line)?.start).ok()?;
            Some((id, Span::new(start, start)))
        });
        let until = entry.and_then(|entry| entry.until).map(|day| format!(" until {day}")).unwrap_or_default();
        let place = match entry {
            Some(entry) => opened.config_file.map(|file| (file, entry.span)),
            None => in_file,
        };
        let whereabouts = if file.is_empty() { String::new() } else { format!(" in {file}") };
        found.push(Weakening {
            count,
            weight: if source == COMMENTS { count as u64 } else { 0 },
            rule: Some(rule.into()),
            reason: Some(reason.to_owned()),
            place,
            source,
            ..Weakening::of(
                GateKind::Ignored,
                format!("{rule}{whereabouts} {reason}{until}"),
                format!("{findings} of {rule} {verb} ignored{whereabouts}{until}"),
            )
        });
    }
}

fn baseline(opened: &Opened, options: &ScanOptions, suppressed: &[Suppressed], found: &mut Vec<Weakening>) {
    let count = suppressed.iter().filter(|own| own.means == Means::Baseline).count();
    let findings = if count == 1 { "1 finding is".to_owned() } else { format!("{count} findings are") };
    if options.baseline.is_some() {
        let message = format!("{findings} in the baseline");
        let own = Weakening::of(GateKind::Baseline, "--baseline", message);
        found.push(Weakening { count, source: COMMAND_LINE, ..own });
    } else if let Some((path, span)) = &opened.config.baseline {
        let own = Weakening::of(GateKind::Baseline, path, format!("{findings} in the baseline {path}"));
        let place = opened.config_file.map(|file| (file, *span));
        found.push(Weakening { count, weight: count as u64, place, ..own });
    }
}

/// Variables that somebody says the host sets, and an environment that is judged more gently.
fn made_up(opened: &Opened, options: &ScanOptions, found: &mut Vec<Weakening>) {
    let taken = |path: &str| format!("the host is taken to set what {path} says");
    for (path, span) in &opened.config.env_files {
        let own = Weakening::of(GateKind::EnvFile, path, taken(path));
        found.push(Weakening { place: opened.config_file.map(|file| (file, *span)), ..own });
    }
    for path in &options.env_files {
        let path = path.display().to_string();
        found.push(Weakening { source: COMMAND_LINE, ..Weakening::of(GateKind::EnvFile, &*path, taken(&path)) });
    }
    if options.process_environment.is_some() {
        let own = Weakening::of(GateKind::EnvFile, "--from-env", taken("prodcheck's own environment"));
        found.push(Weakening { source: COMMAND_LINE, ..own });
    }
    let gentle = |profile: Profile| (profile as usize) < (Profile::Production as usize);
    if gentle(opened.environment) {
        let name = profile_name(opened.environment);
        let source = if options.environment.is_some() { COMMAND_LINE } else { CONFIG };
        let message = format!("the project is judged for {name}, not for production");
        let own = Weakening::of(GateKind::Environment, "environment", message);
        found.push(Weakening { weight: 3 - opened.environment as u64, source, ..own });
    }
}

/// What is not reported at all.
fn left_out(opened: &Opened, options: &ScanOptions, found: &mut Vec<Weakening>) {
    for (glob, span) in &opened.config.exclude {
        let glob = glob.glob().glob();
        let own = Weakening::of(GateKind::LeftOut, glob, format!("nothing is reported of {glob}"));
        found.push(Weakening { place: opened.config_file.map(|file| (file, *span)), ..own });
    }
    let asked = &options.only;
    let of_line = |key: String, message: String| Weakening {
        source: COMMAND_LINE,
        ..Weakening::of(GateKind::LeftOut, key, message)
    };
    found.extend(
        asked.exclude.iter().map(|glob| of_line(format!("--exclude {glob}"), format!("nothing is reported of {glob}"))),
    );
    found.extend(
        asked.ignore.iter().map(|rule| of_line(format!("--ignore {rule}"), format!("nothing is reported of {rule}"))),
    );
    if !asked.select.is_empty() {
        let all = asked.select.join(", ");
        found.push(of_line(format!("--select {all}"), format!("only {all} is reported")));
    }
}

/// What the report says of them.
pub(super) fn notes(found: &[Weakening], opened: &Opened, masker: &Masker) -> Vec<GateNote> {
    let locator = Locator::new(&opened.project);
    let note = |own: &Weakening| GateNote {
        kind: own.kind,
        rule: own.rule.clone(),
        count: own.count,
        message: masker.prose(&own.message),
        reason: own.reason.as_ref().map(|reason| masker.prose(reason)),
        location: own.place.map(|(file, span)| locator.location(file, span)),
        source: own.source,
    };
    found.iter().map(note).collect()
}

/// Where a project demands less than at a revision: what is new among its weakenings or weighs more, rules that it had
/// raised, and rules of its own that are gone.
pub(super) fn since(now: (&Opened, &[Weakening]), past: (&Opened, &[Weakening])) -> Vec<Weakening> {
    let ((opened, own), (before, known)) = (now, past);
    let is_new = |own: &&Weakening| {
        let same = known.iter().find(|known| known.kind == own.kind && known.key == own.key);
        let was_stricter = |known: &Weakening| known.kind == GateKind::Off || rule_was(own, known);
        match same {
            Some(known) if own.kind == GateKind::Limit => {
                limit_is_weaker(opened, before, &own.key) && was_stricter(known)
            }
            Some(known) => own.weight > known.weight,
            None => own.source != COMMAND_LINE && !was_off(own, known),
        }
    };
    let mut found: Vec<Weakening> = own.iter().filter(is_new).cloned().collect();
    found.extend(no_longer_raised(opened, before));
    found.extend(own_rules_gone(&opened.catalogue, &before.catalogue));
    found
}

/// A limit is compared by its number alone.
fn rule_was(_: &Weakening, known: &Weakening) -> bool {
    known.kind == GateKind::Limit
}

/// What was off and now only warns is not weaker.
fn was_off(own: &Weakening, known: &[Weakening]) -> bool {
    own.kind == GateKind::Lowered && known.iter().any(|known| known.kind == GateKind::Off && known.key == own.key)
}

fn limit_is_weaker(now: &Opened, past: &Opened, name: &str) -> bool {
    let (own, before) = (now.config.limits(now.environment), past.config.limits(past.environment));
    let (Some(own), Some(before)) = (own.get(name, None), before.get(name, None)) else { return false };
    own != before && Limits::builtin(now.environment).is_stricter(name, own.amount, before.amount) != Some(true)
}

fn no_longer_raised(now: &Opened, past: &Opened) -> Vec<Weakening> {
    let level = |opened: &Opened, id: &Arc<str>| {
        let own = opened.config.severities.get(id).map(|own| rank_of(own.level));
        own.or_else(|| opened.catalogue.rule(id).map(|rule| rank(rule.severity)))
    };
    let raised = past
        .config
        .severities
        .iter()
        .filter(|(id, own)| past.catalogue.rule(id).is_some_and(|rule| rank_of(own.level) > rank(rule.severity)));
    let lost = raised.filter(|(id, own)| level(now, id).is_some_and(|now| now < rank_of(own.level)));
    lost.filter(|(id, _)| now.config.severities.get(*id).is_none_or(|own| own.level != Level::Off))
        .map(|(id, _)| Weakening {
            rule: Some(id.clone()),
            place: now.config_file.map(|file| (file, Span::default())),
            ..Weakening::of(GateKind::Lowered, &**id, format!("{id} no longer blocks"))
        })
        .collect()
}

fn own_rules_gone(now: &Catalogue, past: &Catalogue) -> Vec<Weakening> {
    let gone = past.ids().filter(|id| now.rule(id).is_none());
    gone.map(|id| Weakening::of(GateKind::Off, id, format!("the project's own rule {id} is gone"))).collect()
}

/// The weakenings as settings, for the rule that speaks of them.
pub(super) fn model(found: &[Weakening]) -> Model {
    let app = App {
        scope: Scope::Repository,
        id: "repository".into(),
        root: "".into(),
        framework: "",
        title: "",
        version: None,
        stack: Vec::new(),
        entry: Place::Process,
    };
    let mut model = Model { apps: vec![app], ..Model::default() };
    for own in found {
        let place = own.place.map_or(Place::Process, |(file, span)| Place::File(file, span));
        let resource = Resource::new(gate::KIND, AppId(0), own.message.as_str(), place)
            .set(gate::weaker, Value::written(Kind::Bool(true), place));
        model.resources.push(resource.rest_not_here());
    }
    model.complete();
    model
}
