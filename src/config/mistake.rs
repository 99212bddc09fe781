//! What is wrong with a `prodcheck.toml`, where, and what was most likely meant.

use crate::syntax::Span;
use std::fmt;
use std::sync::Arc;

/// How alike two words are at least, for one to be suggested instead of the other.
const LIKENESS: f64 = 0.75;

/// One mistake in a file that the user wrote for prodcheck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The bytes that are meant.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What would do.
    pub help: Option<String>,
}

impl Mistake {
    pub(super) fn new(span: Span, message: impl Into<String>) -> Mistake {
        Mistake { span, message: message.into(), help: None }
    }

    /// A file that is named here and cannot be read.
    pub(crate) fn unreadable(span: Span, why: &str) -> Mistake {
        Mistake::new(span, format!("this file cannot be read: {why}"))
    }

    /// A folder in which there are no rules, and the folder that may have been meant.
    pub(crate) fn no_rules(span: Span, meant: Option<&str>) -> Mistake {
        let mistake = Mistake::new(span, "there is no rule in this folder");
        match meant {
            Some(meant) => mistake.help(format!("did you mean `{meant}`?")),
            None => mistake.help("a rule is a file: checks/team/no-beta-flags.toml"),
        }
    }

    /// A folder in which there are no facts, and the folder that may have been meant.
    pub(crate) fn no_facts(span: Span, meant: Option<&str>) -> Mistake {
        let mistake = Mistake::new(span, "there are no facts in this folder");
        match meant {
            Some(meant) => mistake.help(format!("did you mean `{meant}`?")),
            None => mistake.help("facts are a file for each package: facts/npm/@acme/secure-app.toml"),
        }
    }

    /// A rule whose id another one has.
    pub(crate) fn taken(span: Span, id: &str) -> Mistake {
        Mistake::new(span, format!("a rule `{id}` comes with prodcheck"))
            .help("give the file another name, or change the weight of the built-in rule in [rules]")
    }

    /// What is wrong at a place.
    pub(crate) fn at(span: Span, message: &str) -> Mistake {
        Mistake::new(span, message)
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Mistake {
        self.help = Some(help.into());
        self
    }
}

/// A file for prodcheck that cannot be used, with all that is wrong in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The file's path, relative to the root.
    pub path: Arc<str>,
    /// Its text.
    pub text: Arc<str>,
    /// What is wrong, in the order of the file.
    pub mistakes: Vec<Mistake>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.mistakes.first().map_or("it cannot be read", |mistake| &mistake.message);
        write!(f, "{}: {first}", self.path)
    }
}

/// The known word that a wrong one was most likely meant to be.
pub(crate) fn nearest<'w>(wrong: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let tail = |word: &'w str| word.rsplit('/').next().unwrap_or(word);
    let likeness = |word: &'w str| strsim::jaro_winkler(word, wrong).max(strsim::jaro_winkler(tail(word), wrong));
    let best = known.into_iter().map(|word| (likeness(word), word)).max_by(|a, b| a.0.total_cmp(&b.0));
    best.filter(|(likeness, _)| *likeness >= LIKENESS).map(|(_, word)| word)
}

/// `did you mean `x`?`, else what there is.
pub(super) fn suggestion(wrong: &str, known: &[&str]) -> String {
    match nearest(wrong, known.iter().copied()) {
        Some(word) => format!("did you mean `{word}`?"),
        None => format!("known are {}", known.join(", ")),
    }
}
