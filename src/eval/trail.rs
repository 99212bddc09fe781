//! Where a value came from: a graph of steps, newest first.

use crate::eval::Value;
use crate::syntax::{FileId, Span};
use std::sync::Arc;

/// Where one step happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A text in a file of the project.
    File(FileId, Span),
    /// A file of the project as such: no text in it is what is meant.
    Whole(FileId),
    /// In the environment of prodcheck's own process (`--from-env`), or on its command line.
    Process,
    /// In the framework itself: its default or what it fixes. The text names the framework's key.
    Framework(&'static str),
}

impl Place {
    /// The place, where an empty text at the beginning of a file means the file: through here each place comes into a
    /// trail and into a resource, so that no finding points at nothing.
    pub fn settled(self) -> Place {
        match self {
            Place::File(file, span) if span == Span::default() => Place::Whole(file),
            other => other,
        }
    }

    /// Whether it is a text that can be shown.
    pub fn is_text(self) -> bool {
        matches!(self, Place::File(..)) && self.settled() == self
    }

    /// The file and span, where the place lies in the project.
    ///
    /// Of a file as such the span is empty, at its beginning.
    pub fn in_file(self) -> Option<(FileId, Span)> {
        match self {
            Place::File(file, span) => Some((file, span)),
            Place::Whole(file) => Some((file, Span::default())),
            Place::Process | Place::Framework(_) => None,
        }
    }
}

/// What a step did to get the value.
#[derive(Clone, Debug)]
pub enum How {
    /// It is written here.
    Written,
    /// It is read from a variable here; the fallback that stands beside the read, taken or not.
    Reads { variable: Arc<str>, fallback: Option<Arc<Value>> },
    /// A variable is given its value here (env file, deployment file).
    Sets { variable: Arc<str> },
    /// A variable's value is taken for granted: `NODE_ENV` is `production` in production.
    Assumed { variable: Arc<str> },
    /// The file here is read by no loader of the app: it says what the host is meant to set.
    Intended { variable: Arc<str> },
    /// The variable is set nowhere that can be read.
    NotSet { variable: Arc<str> },
    /// The written fallback of a variable.
    Fallback,
    /// It is imported or used by name here.
    Named { name: Arc<str> },
    /// Several values were combined here.
    Joined,
    /// The framework's default for an absent key.
    Default,
    /// It is written here, where the installed version does not look; it reads another key, where it has one. Of a block
    /// that lacks the key itself, the place where the whole block belongs.
    Unread { reads: Option<&'static str>, block: Option<&'static str> },
    /// The framework fixes it whatever is written.
    Fixed,
    /// prodcheck computed it from other settings.
    Derived,
}

/// One step on the way to a value.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where.
    pub place: Place,
    /// What.
    pub how: How,
    /// The steps before; none for a literal.
    pub before: Vec<Trail>,
    /// How many steps and values stand one behind the other at most.
    height: u16,
}

/// Steps before one that are kept of a trail that is cut short.
const MOST_BEFORE: usize = 16;

/// Of a trail longer than this the newest steps are left out: nobody reads that many, and the origin is at its end.
const MOST_HEIGHT: u16 = 384;

/// The newest step of a graph.
pub type Trail = Arc<Step>;

impl Step {
    /// A trail that begins here.
    pub fn start(place: Place, how: How) -> Trail {
        Step::of(place, how, Vec::new())
    }

    /// A trail that goes on from one other.
    pub fn after(place: Place, how: How, before: &Trail) -> Trail {
        Step::of(place, how, vec![before.clone()])
    }

    /// A trail that goes on from any number of others. The only constructor: it keeps trails short enough to be walked
    /// and dropped by plain recursion.
    pub fn of(place: Place, mut how: How, mut before: Vec<Trail>) -> Trail {
        if before.iter().any(|step| step.height >= MOST_HEIGHT) {
            let shorter = |step: &Trail| match step.height >= MOST_HEIGHT {
                true => step.before.clone(),
                false => vec![step.clone()],
            };
            before = before.iter().flat_map(shorter).take(MOST_BEFORE).collect();
        }
        let mut height = before.iter().map(|step| step.height).max().unwrap_or(0);
        if let How::Reads { fallback, .. } = &mut how {
            *fallback = fallback.take().filter(|value| value.height() < MOST_HEIGHT);
            height = height.max(fallback.as_ref().map_or(0, |value| value.height()));
        }
        Arc::new(Step { place: place.settled(), how, before, height: height + 1 })
    }

    pub(super) fn height(&self) -> u16 {
        self.height
    }

    /// Whether the value is the framework's doing: its default, or fixed by it.
    pub fn is_default(&self) -> bool {
        matches!(self.how, How::Default | How::Fixed)
    }

    /// The same trail, in which what happened at one place happened at another.
    pub fn moved(self: &Arc<Self>, from: Place, to: Place) -> Trail {
        let from = from.settled();
        let is_there = self.walk(MOST_BEFORE).iter().any(|step| step.place == from);
        if !is_there {
            return self.clone();
        }
        let before = self.before.iter().map(|step| step.moved(from, to)).collect();
        Step::of(if self.place == from { to } else { self.place }, self.how.clone(), before)
    }

    /// The steps from the newest to the oldest, each once, at most `limit` of them.
    pub fn walk(self: &Arc<Self>, limit: usize) -> Vec<Trail> {
        let mut seen = hashbrown::HashSet::new();
        let mut steps: Vec<Trail> = Vec::new();
        let mut todo = std::collections::VecDeque::from([self.clone()]);
        while let Some(step) = todo.pop_front() {
            if steps.len() >= limit || !seen.insert(Arc::as_ptr(&step)) {
                continue;
            }
            todo.extend(step.before.iter().cloned());
            steps.push(step);
        }
        steps
    }

    /// The text that a user would edit to change the value: the oldest place in a project file on the first way back,
    /// or the expression that combined several values. What is written where nobody reads it is edited there, wherever
    /// its value comes from.
    pub fn primary(self: &Arc<Self>) -> Option<(FileId, Span)> {
        self.primary_place().and_then(Place::in_file)
    }

    /// As [`Step::primary`]; a file as such where there is no text on the way.
    pub fn primary_place(self: &Arc<Self>) -> Option<Place> {
        let mut best: Option<Place> = None;
        let mut step = self;
        for _ in 0..1_000 {
            best = match step.place {
                Place::File(..) => Some(step.place),
                Place::Whole(_) if !best.is_some_and(Place::is_text) => Some(step.place),
                _ => best,
            };
            if matches!(step.how, How::Joined | How::Unread { .. }) && best.is_some() {
                break;
            }
            let Some(before) = step.before.first() else { break };
            step = before;
        }
        best
    }
}
