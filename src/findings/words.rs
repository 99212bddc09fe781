//! Steps, causes and worlds in words.

use super::code::code;
use super::locate::Locator;
use super::{Cause, TrailStep};
use crate::eval::{How, Place, Question, Step, Trail, Value, World};
use crate::mask::{self, Masked, Masker, Shape};
use crate::syntax::{FileId, Span};

/// The most steps of a trail that a finding shows.
const MOST_STEPS: usize = 16;

/// The steps of a trail, newest first.
pub(crate) fn trail(value: &Value, locator: &Locator<'_>, masker: &Masker) -> Vec<TrailStep> {
    let mut steps: Vec<TrailStep> = Vec::new();
    let stands_in_for = falls_back(&value.trail);
    for step in value.trail.walk(MOST_STEPS) {
        let (kind, note) = match (&step.how, &stands_in_for) {
            (How::Fallback, Some(variable)) => ("fallback", format!("used when {} is not set", code(variable))),
            _ => step_in_words(&step),
        };
        let location = step.place.in_file().map(|(file, span)| locator.location(file, span));
        let told = TrailStep { step: kind, location, note: masker.words(&note) };
        // That a fallback is also written there goes without saying.
        let said = matches!(kind, "written" | "sets");
        let known = |step: &TrailStep| step.location == told.location && (said || *step == told);
        if !steps.iter().any(known) {
            steps.push(told);
        }
        // Where what nobody reads comes from decides nothing.
        if matches!(step.how, How::Unread { .. }) {
            break;
        }
    }
    steps
}

fn step_in_words(step: &Step) -> (&'static str, String) {
    match &step.how {
        How::Written => ("written", "written here".into()),
        How::Reads { variable, fallback: None } => ("reads", format!("reads {}", code(variable))),
        How::Reads { variable, fallback: Some(_) } => ("reads", format!("reads {}, with a fallback", code(variable))),
        How::Sets { variable } if step.place == Place::Process => {
            ("sets", format!("{} is set outside the project", code(variable)))
        }
        How::Sets { variable } => ("sets", format!("{} is set here", code(variable))),
        How::Assumed { variable } => ("assumed", assumed(variable)),
        How::Intended { variable } => {
            let name = code(variable);
            ("intended", format!("the app does not load this file: the host probably sets {name} from it"))
        }
        How::NotSet { variable } => ("not-set", format!("{} is not set", code(variable))),
        How::Fallback => ("fallback", "used when nothing else is set".into()),
        How::Named { name } => ("named", format!("used as {}", code(name))),
        How::Joined => ("joined", "decided by this expression".into()),
        How::Default => {
            ("default", default_in_words(step.place, "is not set: the default applies", "the default applies"))
        }
        How::Unread { reads: Some(key), block } => {
            let what = if block.is_some() { "this block" } else { "this" };
            ("unread", format!("{INSTALLED} ignores {what}: it reads {}, which is not set", code(key)))
        }
        How::Unread { reads: None, .. } => ("unread", format!("{INSTALLED} ignores this")),
        How::Fixed => ("fixed", default_in_words(step.place, "is fixed by the framework", "fixed by the framework")),
        How::Derived => ("derived", "computed from other settings".into()),
    }
}

/// How a step names the version of the framework that an app has installed; a finding, which knows it, says it.
pub(super) const INSTALLED: &str = "the installed version";

fn assumed(variable: &str) -> String {
    match variable {
        "NODE_ENV" => "`NODE_ENV` is assumed to be \"production\"".into(),
        variable => format!("{} is set by the framework while the app runs", code(variable)),
    }
}

fn default_in_words(place: Place, of_key: &str, alone: &str) -> String {
    match place {
        Place::Framework(key) if !key.is_empty() => format!("{} {of_key}", code(key)),
        _ => alone.into(),
    }
}

/// Where a deciding value came from: the newest step that says so.
pub(crate) fn cause(value: &Value) -> Cause {
    if value.is_unknown() {
        return Cause::Unknown;
    }
    let told = value.trail.walk(MOST_STEPS).iter().find_map(|step| match &step.how {
        How::Default => Some(Cause::Default),
        How::Fixed => Some(Cause::Fixed),
        How::Fallback => Some(Cause::Fallback),
        How::Sets { .. } | How::Intended { .. } | How::Assumed { .. } => Some(Cause::Environment),
        How::NotSet { .. } => Some(Cause::Absent),
        How::Written if value.is_absent() => Some(Cause::Absent),
        How::Written => Some(Cause::Written),
        _ => None,
    });
    told.unwrap_or(if value.is_absent() { Cause::Absent } else { Cause::Written })
}

/// The variable whose fallback a value is.
pub(super) fn falls_back(trail: &Trail) -> Option<String> {
    let steps = trail.walk(MOST_STEPS);
    let is_fallback = |step: &Trail| matches!(step.how, How::Fallback);
    let reads = |step: &Trail| match &step.how {
        How::NotSet { variable } => Some(variable.to_string()),
        How::Reads { variable, .. } => Some(variable.to_string()),
        _ => None,
    };
    // What was read last before the fallback was taken is what the fallback stands in for.
    let at = steps.iter().position(is_fallback)?;
    steps[at].before.iter().find_map(|before| before.walk(MOST_STEPS).iter().find_map(reads))
}

/// What is written where the framework does not read it.
pub(super) struct Unread {
    /// The key that it reads instead, where there is one.
    pub(super) reads: Option<&'static str>,
    /// Of a block that lacks the key itself, where the block belongs.
    pub(super) block: Option<&'static str>,
    /// Where it is written.
    pub(super) place: Place,
}

pub(super) fn unread(trail: &Trail) -> Option<Unread> {
    trail.walk(MOST_STEPS).iter().find_map(|step| match step.how {
        How::Unread { reads, block } => Some(Unread { reads, block, place: step.place }),
        _ => None,
    })
}

/// The variable that holds a value, and what is to be done with it; nothing where no variable does. Where one file hands a
/// variable on that another sets, the one to change is where the finding points.
pub(super) fn source(
    trail: &Trail,
    primary: Option<(FileId, Span)>,
    locator: &Locator<'_>,
) -> Option<(String, String)> {
    if let Some(variable) = falls_back(trail) {
        return Some((variable, "set that on the host, or change the fallback".into()));
    }
    let steps = trail.walk(MOST_STEPS);
    let told = |step: &Trail| match &step.how {
        How::Sets { variable } | How::Intended { variable } => {
            let (file, _) = step.place.in_file()?;
            Some((variable.to_string(), format!("change that in {}", locator.path(file))))
        }
        How::NotSet { variable } => Some((variable.to_string(), "set that on the host".into())),
        _ => None,
    };
    let here = |step: &&Trail| primary.is_some() && step.place.in_file() == primary;
    steps.iter().filter(here).find_map(told).or_else(|| steps.iter().find_map(told))
}

/// The variable that a value was read from.
pub(super) fn variable(trail: &Trail) -> Option<String> {
    trail.walk(MOST_STEPS).iter().find_map(|step| match &step.how {
        How::Reads { variable, .. }
        | How::Sets { variable }
        | How::Intended { variable }
        | How::NotSet { variable }
        | How::Assumed { variable } => Some(variable.to_string()),
        _ => None,
    })
}

/// The answers of a world, in words.
pub(crate) fn world(world: &World, locator: &Locator<'_>, masker: &Masker) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for (question, answer) in world.answers() {
        let place = match question {
            Question::Condition(file, span) | Question::Told(_, file, span) => condition(*file, *span, locator, masker),
            _ => String::new(),
        };
        let words = masker.words(&mask::answer(masker, question, *answer, &place));
        if !told.contains(&words) {
            told.push(words);
        }
    }
    told
}

/// The longest condition that a sentence quotes.
const LONGEST_CONDITION: usize = 60;

/// A condition as its file has it, with its place; of one that is long, or no expression that can be shown, the place alone.
fn condition(file: FileId, span: Span, locator: &Locator<'_>, masker: &Masker) -> String {
    let place = locator.short(file, span);
    let text = locator.text(file);
    let text = text.as_deref().and_then(|text| text.get(span.start as usize..span.end as usize)).unwrap_or_default();
    // A command that a script chooses to run stands for a condition somewhere above it.
    let shape = locator.shape(file);
    let is_shown = matches!(shape, Shape::Script | Shape::Hash)
        && !text.contains(['\n', '`'])
        && (1..=LONGEST_CONDITION).contains(&text.chars().count());
    let masked = Masked::new(masker, text, shape, &[]);
    match masked.line(1).filter(|shown| is_shown && !shown.contains('•')) {
        Some(shown) => format!("`{shown}` ({place})"),
        None if matches!(shape, Shape::Script | Shape::Hash) => format!("at {place}"),
        None => format!("around {place}"),
    }
}
