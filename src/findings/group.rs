//! One cause, one finding: what one rule says of one place, on all targets and of all subjects.

use super::code::code;
use super::draft::Draft;
use super::locate::Locator;
use super::state::{self, Telling};
use super::{
    Also, Cause, Certainty, Finding, Judged, Severity, Subject, TrailStep, fingerprint, repair, settle, template, words,
};
use crate::eval::{How, Kind, Value};
use crate::mask::Masker;
use crate::rules::Evidence;
use crate::settings::{Home, Model, Type, secret};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What drafts have in common that are told as one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Together {
    /// They point at the same text.
    Place((FileId, Span)),
    /// They are about one credential, which a file gives to several: a database and those who open it.
    Credential(FileId, Text),
    /// They lie in no file.
    Subject(Arc<str>, &'static str),
    /// They are not known for the same reason.
    Reason(Arc<str>, &'static str, Arc<str>),
    /// They are one item of the checklist.
    Item,
    /// They are names of one list of an app.
    List(Arc<str>),
}

/// The drafts in groups: each group is one finding.
pub(super) fn groups<'r>(drafts: Vec<Draft<'r>>, locator: &Locator<'_>) -> Vec<Vec<Draft<'r>>> {
    let mut groups: BTreeMap<(Arc<str>, bool, Together), Vec<Draft<'_>>> = BTreeMap::new();
    for draft in drafts {
        let unverified = draft.verdict == Certainty::Unverified;
        groups.entry((draft.rule.id.clone(), unverified, together(&draft, locator))).or_default().push(draft);
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    for group in &mut groups {
        group.sort_by(|a, b| strength(a).cmp(&strength(b)));
    }
    groups
}

/// The weightiest draft stands for its group; ties are broken by name, never by the order of work.
fn strength<'d>(draft: &'d Draft<'_>) -> impl Ord + use<'d> {
    (draft.severity, draft.verdict, draft.primary, &draft.subject, &draft.target)
}

fn together(draft: &Draft<'_>, locator: &Locator<'_>) -> Together {
    if draft.severity == Severity::Checklist {
        return Together::Item;
    }
    if draft.verdict == Certainty::Unverified {
        let reason = draft.evidence.iter().find_map(|leaf| settle::reason(&leaf.value));
        if let Some((because, Some(name))) = reason.map(|reason| settle::identity(reason, locator)) {
            return Together::Reason(draft.subject.app.clone(), because, name);
        }
    }
    if draft.verdict != Certainty::Unverified && draft.rule.report.lists_names {
        return Together::List(draft.subject.app.clone());
    }
    match (draft.primary, credential(draft)) {
        (Some((file, _)), Some(text)) => Together::Credential(file, text),
        (Some(place), None) => Together::Place(place),
        (None, _) => Together::Subject(draft.subject.app.clone(), draft.subject.kind),
    }
}

/// The text of the secret that a draft is about, where a file deploys with it. In code, two places are two edits.
fn credential(draft: &Draft<'_>) -> Option<Text> {
    let written_in = draft.resource.value(secret::written_in)?.within(&draft.when);
    let deploys = |text: &Text| text.one_of(&["compose", "manifest", "wrangler", "env_file"]).is_some();
    if draft.verdict == Certainty::Unverified || !texts(&written_in).into_iter().any(|text| deploys(&text)) {
        return None;
    }
    texts(draft.resource.value(secret::value)?).into_iter().next()
}

/// The texts of a value in its worlds, and the fallback beside a read.
fn texts(value: &Value) -> Vec<Text> {
    let fallback = value.trail.walk(8).into_iter().find_map(|step| match &step.how {
        How::Reads { fallback: Some(fallback), .. } => fallback.as_text().cloned(),
        _ => None,
    });
    match &value.kind {
        Kind::Text(text) => vec![text.clone()],
        Kind::Choice(_, arms) => arms.iter().flat_map(texts).collect(),
        _ => fallback.into_iter().collect(),
    }
}

/// The places of a credential, or of a list of names, besides the first.
fn elsewhere(group: &[Draft<'_>], locator: &Locator<'_>, masker: &Masker) -> Vec<Also> {
    let first = group.first().and_then(|draft| draft.primary);
    let mut told: BTreeSet<(FileId, Span)> = first.into_iter().collect();
    let mut others = Vec::new();
    for draft in group {
        let Some((file, span)) = draft.primary.filter(|place| told.insert(*place)) else { continue };
        let key = template::key(draft);
        let note = match draft.rule.report.lists_names {
            true => code(&draft.resource.name),
            // Two that are not known need not be the same.
            false if draft.verdict == Certainty::Unverified => format!("{} is not known either", code(&key)),
            false => format!("{} has the same value", code(&key)),
        };
        others.push(Also {
            setting: "value".into(),
            location: Some(locator.location(file, span)),
            note: masker.words(&note),
            key: Some(key.into()),
        });
    }
    others
}

/// The framework's own name of what is not known; none where it has none, as what is around the app.
fn open_key(draft: &Draft<'_>, leaf: Option<&Evidence>, model: &Model) -> Option<String> {
    let Some(leaf) = leaf else { return draft.subject.key.as_ref().map(ToString::to_string) };
    let resource = leaf.resource.map(|at| &model.resources[at])?;
    Some(resource.spot(leaf.setting?)?.key.to_string())
}

/// The finding of a group.
pub(super) fn finding(
    group: &[Draft<'_>],
    runs: &[Judged<'_>],
    all_targets: &Targets,
    locator: &Locator<'_>,
    masker: &Masker,
) -> Finding {
    let first = group.first().expect("internal error: a group is not empty");
    let alike: Vec<&Draft<'_>> =
        group.iter().filter(|draft| (draft.severity, draft.verdict) == (first.severity, first.verdict)).collect();
    let targets = targets(&alike, all_targets);
    let mut subjects: Vec<Subject> = group.iter().map(subject).collect();
    // The first subject stands for the finding, and so does its fingerprint.
    subjects.sort();
    subjects.dedup();
    for subject in &mut subjects {
        subject.name = masker.name(&subject.name).into();
        subject.key = subject.key.as_ref().map(|key| masker.name(key).into());
    }
    let leading = first.evidence.first();
    let unknown = (first.verdict == Certainty::Unverified).then(|| {
        let open = first.evidence.iter().find_map(|leaf| Some((leaf, settle::reason(&leaf.value)?)));
        let leaf = open.map(|(leaf, _)| leaf);
        let key = open_key(first, leaf, runs[first.run].model);
        let provided = leaf.is_some_and(|leaf| settle::is_provided(&leaf.value));
        let mut unsettled = settle::unsettled(open.map(|(_, reason)| reason), key.as_deref(), provided, locator);
        if leaf.is_some_and(|leaf| matches!(leaf.kind, "deployment" | "edge")) {
            unsettled.reason = "the files do not say how the app is deployed".into();
            unsettled.settle = vec!["commit its deployment files, such as a Dockerfile or compose.yaml".into()];
        }
        (key, unsettled)
    });
    Finding {
        rule: first.rule.id.clone(),
        severity: first.severity,
        verdict: first.verdict,
        cause: cause(&first.evidence),
        message: match &unknown {
            Some((key, unknown)) => masker.words(&settle::sentence(unknown, key.as_deref(), &first.rule.summary)),
            None => message(group, locator, masker),
        },
        fix: match &unknown {
            Some((_, unknown)) => masker.words(&settle::advice(unknown)),
            None => fix(group, locator, masker),
        },
        owner: first.rule.owner,
        when: words::world(&first.when, locator, masker),
        location: first.primary.map(|(file, span)| locator.location(file, span)),
        label: masker.words(&label(group, locator, masker)),
        trail: leading.map(|leaf| trail(leaf, first, locator, masker)).unwrap_or_default(),
        also: first
            .evidence
            .iter()
            .skip(1)
            .filter(|leaf| tells(first, leaf))
            .filter_map(|leaf| also(first, leaf, runs[first.run].model, locator, masker))
            .chain(elsewhere(group, locator, masker))
            .collect(),
        fingerprint: match first.rule.report.lists_names {
            true => fingerprint::of_list(&first.rule.id, &subjects),
            false => fingerprint::of(&first.rule.id, &subjects[0], targets.first().map(|target| &**target)),
        },
        subjects,
        targets,
        because_of: None,
        unknown: unknown.map(|(_, unknown)| unknown),
        repair: repair::of(group, locator),
    }
}

/// What a draft is about; a secret with what a reader knows it by.
fn subject(draft: &Draft<'_>) -> Subject {
    let mut subject = draft.subject.clone();
    if subject.key.is_none() && subject.kind == secret::KIND.name {
        subject.key = template::secret_name(draft).map(Into::into);
    }
    subject
}

/// What is wrong; of a text that its author meant as a no, that it counts as a yes.
fn message(group: &[Draft<'_>], locator: &Locator<'_>, masker: &Masker) -> String {
    let draft = &group[0];
    let message = template::fill(draft.rule.report.message_of(draft.says), group, locator, masker);
    match template::state(draft, locator, masker).filter(|state| state.ends_with(state::COUNTS_AS_TRUE)) {
        Some(state) if !message.contains(&state) => masker.words(&format!("{message}: {state}")),
        _ => message,
    }
}

/// What to do, and where a value that a variable holds is to be changed.
fn fix(group: &[Draft<'_>], locator: &Locator<'_>, masker: &Masker) -> String {
    let draft = &group[0];
    let unread = draft.evidence.first().and_then(|leaf| words::unread(&leaf.value.trail));
    if let Some(moved) = unread.and_then(|unread| moved(&unread, locator)) {
        return masker.words(&moved);
    }
    if template::state(draft, locator, masker).is_some_and(|state| state.ends_with(state::COUNTS_AS_TRUE)) {
        return "Compare the text, for example with \"true\", or read it with a parser for booleans.".into();
    }
    let report = &draft.rule.report;
    let own = report.fix_of(draft.says);
    // A value that is held against a limit is there already: what a library says of one that is missing is no advice for it.
    let value = draft.evidence.first().map(|leaf| &leaf.value);
    let is_missing = value.is_none_or(|value| value.is_absent() || value.trail.is_default());
    let holds = |fix: &&str| is_missing || !own.contains("{limit}") || fix.contains("{limit}");
    let of_library = report.at.and_then(|at| draft.resource.fix(at)).filter(holds);
    let fix = template::fill(of_library.unwrap_or(own), group, locator, masker);
    let Some(key) = draft.subject.key.as_deref() else { return fix };
    let source = draft.evidence.first().and_then(|leaf| words::source(&leaf.value.trail, draft.primary, locator));
    match source {
        Some((variable, whose)) if !template::is_variable(key) && !fix.contains(&*variable) && !fix.is_empty() => {
            let key = code(template::last(key));
            masker.words(&format!("{fix} {key} reads {}: {whose}.", code(&variable)))
        }
        Some((_, whose)) if whose.ends_with("fallback") && !fix.contains("fallback") => {
            format!("{fix} Set the variable on the host, or change the fallback.")
        }
        _ => fix,
    }
}

/// Where to move what is written in a place that is not read; nothing where the key that is read has another name, under
/// which another value stands.
fn moved(unread: &words::Unread, locator: &Locator<'_>) -> Option<String> {
    let reads = unread.reads?;
    let Some(block) = unread.block else {
        let stands = state::follows(locator, reads, unread.place.in_file()?);
        return stands.then(|| format!("Move this to {}.", code(reads)));
    };
    let key = reads.strip_prefix(block)?.trim_start_matches('.');
    Some(match key.is_empty() {
        true => format!("Move this block to {}.", code(block)),
        false => format!("Move this block to {}, and set {} in it.", code(block), code(key)),
    })
}

/// What is wrong with the text that is pointed at, for where other places are shown beside it.
fn label(group: &[Draft<'_>], locator: &Locator<'_>, masker: &Masker) -> String {
    let draft = &group[0];
    let told = draft.rule.report.label_of(draft.says);
    if let Some(told) = told {
        return template::fill(told, group, locator, masker);
    }
    let state = template::state(draft, locator, masker).unwrap_or_default();
    let is_variable =
        draft.evidence.first().is_some_and(|leaf| words::source(&leaf.value.trail, draft.primary, locator).is_some());
    match draft.subject.key.as_deref().filter(|_| !is_variable) {
        Some(key) if state.starts_with(&format!("{} is not set", code(key))) => {
            let key_told = missing(draft).unwrap_or_else(|| template::last(key));
            let whole = draft.framework == "django" && template::is_variable(key);
            format!("no {} {}", code(key_told), if whole { "in this file" } else { "here" })
        }
        _ => uncapitalised(&draft.rule.summary),
    }
}

/// What is missing in the object that is pointed at: the rest of the key's path, from the innermost object that is written.
fn missing<'d>(draft: &'d Draft<'_>) -> Option<&'d str> {
    let leaf = draft.evidence.first()?;
    let Home::Key { root, path, .. } = draft.resource.home(leaf.setting?)? else { return None };
    let mut around = root.within(&draft.when);
    let mut rest: &str = path;
    while let Some((key, inner)) = rest.split_once('.') {
        let next = around.field(key);
        if !matches!(next.kind, Kind::Object { .. }) {
            break;
        }
        (around, rest) = (next, inner);
    }
    let (file, whole) = around.trail.primary()?;
    let is_inside = draft.primary.is_some_and(|(own, span)| own == file && whole.holds(span));
    (!rest.is_empty() && is_inside).then_some(rest)
}

/// A sentence as a part of another one; a name that begins with several capitals keeps them.
pub(crate) fn uncapitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(letters).collect(),
        _ => sentence.to_owned(),
    }
}

/// The way of a value, with the app's framework by its name.
fn trail(leaf: &Evidence, draft: &Draft<'_>, locator: &Locator<'_>, masker: &Masker) -> Vec<TrailStep> {
    let mut steps = words::trail(&leaf.value, locator, masker);
    for step in steps.iter_mut().filter(|_| !draft.product.installed.is_empty()) {
        if let Some(rest) = step.note.strip_prefix(words::INSTALLED) {
            step.note = format!("{}{rest}", draft.product.installed);
        }
    }
    steps
}

/// Where the deciding values came from: the first that is not the framework's own doing.
fn cause(evidence: &[Evidence]) -> Cause {
    let written = evidence.iter().find(|leaf| !leaf.value.trail.is_default());
    written.or(evidence.first()).map_or(Cause::Absent, |leaf| words::cause(&leaf.value))
}

/// The targets of each app.
pub(super) type Targets = HashMap<Arc<str>, BTreeSet<Arc<str>>>;

/// The targets of all apps that were judged.
pub(super) fn all_targets(runs: &[Judged<'_>]) -> Targets {
    let mut all = Targets::new();
    for run in runs {
        for app in &run.model.apps {
            all.entry(app.id.clone()).or_default().extend(run.target.clone());
        }
    }
    all
}

/// The targets on which drafts hold; none where they hold on every target of their apps.
fn targets(drafts: &[&Draft<'_>], all: &Targets) -> Vec<Arc<str>> {
    let apps: BTreeSet<&Arc<str>> = drafts.iter().map(|draft| &draft.subject.app).collect();
    let held: BTreeSet<(&Arc<str>, &Arc<str>)> =
        drafts.iter().filter_map(|draft| Some((&draft.subject.app, draft.target.as_ref()?))).collect();
    let of_app = |app: &Arc<str>| all.get(app).into_iter().flatten();
    let everywhere = apps.iter().all(|app| of_app(app).all(|target| held.contains(&(*app, target))));
    if everywhere {
        return Vec::new();
    }
    held.into_iter().map(|(_, target)| target.clone()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Whether a leaf is worth a word: one with a place in the framework's configuration, one that the rule names, one of
/// another resource. That some other fact holds or not says nothing to a reader, and neither does what was worked out
/// under a name that only prodcheck has.
fn tells(draft: &Draft<'_>, leaf: &Evidence) -> bool {
    let Some(key) = leaf.setting else { return false };
    let here = leaf.kind == draft.resource.kind.name;
    let is_named = draft.rule.report.also.contains(&key);
    // Nobody can change what is fixed, and what is missing is one of many things that are.
    if words::cause(&leaf.value) == Cause::Fixed || here && leaf.value.is_absent() && !is_named {
        return false;
    }
    if here && draft.resource.spot(key).is_some() {
        return true;
    }
    let worked_out = leaf.value.trail.walk(1).iter().any(|step| matches!(step.how, How::Derived));
    if here && worked_out {
        return false;
    }
    let says_something =
        !matches!(&leaf.value.kind, Kind::Bool(_)) && leaf.value.as_list().is_none_or(|items| !items.is_empty());
    says_something && (!here || is_named)
}

/// What a further leaf has to say: what stands in a file under the framework's key, else the phrase of its state.
fn also(draft: &Draft<'_>, leaf: &Evidence, model: &Model, locator: &Locator<'_>, masker: &Masker) -> Option<Also> {
    let key = leaf.setting?;
    let resource = leaf.resource.map(|at| &model.resources[at]);
    // `configure(debug)` is a keyword of a call, though what is judged stands in an env file.
    let is_keyword = resource.and_then(|resource| resource.spot(key)).is_some_and(|spot| spot.key.ends_with(')'));
    let is_python = template::is_python(draft, locator) || is_keyword && template::is_python_framework(draft.framework);
    let telling = Telling { locator, masker, world: &draft.when, is_python };
    // A state that the vocabulary has no words for says nothing to a reader.
    let said = state::phrase(key, &leaf.value, masker);
    if said.is_none() && !key.phrases.is_empty() && words::cause(&leaf.value) == Cause::Default {
        return None;
    }
    let quoted = resource.and_then(|resource| telling.state(resource, key, &leaf.value));
    // What stands there can be seen; what it does is worth a word.
    let is_seen = leaf.value.trail.primary().is_some();
    // Another item of the list that the rule points at is wrong in the same way.
    let is_item = is_seen
        && draft.evidence.first().is_some_and(|first| first.setting == Some(key) && first.resource == leaf.resource);
    let note = match is_item && key.ty == Type::Texts {
        true => Some(label(std::slice::from_ref(draft), locator, masker)),
        false if is_seen => said.or(quoted),
        false => quoted.or(said),
    }?;
    Some(Also {
        setting: key.name.to_owned(),
        location: leaf.value.trail.primary().map(|(file, span)| locator.location(file, span)),
        note: masker.words(&note),
        key: resource.and_then(|resource| resource.spot(key)).map(|spot| spot.key.clone()),
    })
}
