//! Values that are not known: why, and what is known of them all the same.

use super::{Kind, Question};
use crate::syntax::FileId;
use crate::text::Text;
use std::sync::Arc;

/// Why a value is not known, and what is known all the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    /// The reason.
    pub because: Because,
    /// It is certainly there: a guard has ruled the other way out.
    pub present: bool,
    /// A text has at least this many characters (a schema's `.min(32)`).
    pub at_least_chars: usize,
    /// A text begins with this (`http://${HOST}`).
    pub prefix: Option<Text>,
    /// It is not there (or falsy, or `NaN`) exactly when this variable is not set.
    pub unset_with: Option<Arc<str>>,
    /// A boolean that is the answer to this question, or its opposite.
    pub answers: Option<Arc<(Question, bool)>>,
}

/// The reasons for not knowing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// Nothing that can be read sets this variable.
    Variable(Arc<str>),
    /// The result of this call is not followed.
    Call(Arc<str>),
    /// The file is not in the tree.
    MissingFile(Arc<str>),
    /// The file is in the tree and cannot be read or parsed.
    Unreadable(FileId),
    /// The framework does not say what it does when the key is absent.
    UndocumentedDefault,
    /// What is written has another type than the framework reads.
    WrongType,
    /// The facts of this version of the framework are not known.
    UnknownVersion,
    /// The installed version is newer than the newest whose facts are known: both in words, `bknd 0.23` and `0.20`.
    NewerVersion(Arc<[Arc<str>; 2]>),
    /// No document and no table names the option.
    UnlistedOption,
    /// Nobody says what the number counts.
    UnknownUnit,
    /// The condition or expression cannot be decided here.
    Undecided,
    /// It may be changed here, at a time that is not known.
    Changed,
    /// Following it would take too long.
    TooComplex,
}

impl Because {
    /// This reason for a value of which nothing else is known: not even whether it is there.
    pub fn into_plain(self) -> Unknown {
        Unknown { because: self, present: false, at_least_chars: 0, prefix: None, unset_with: None, answers: None }
    }
}

impl From<Because> for Unknown {
    fn from(because: Because) -> Self {
        let unset_with = match &because {
            Because::Variable(name) => Some(name.clone()),
            _ => None,
        };
        Unknown { because, present: false, at_least_chars: 0, prefix: None, unset_with, answers: None }
    }
}

impl Unknown {
    /// What an answer makes known of it.
    pub(super) fn given(&self, question: &Question, answer: usize) -> Option<Kind> {
        if let Some((asked, as_asked)) = self.answers.as_deref()
            && asked == question
        {
            return Some(Kind::Bool((answer == 1) == *as_asked));
        }
        if let (Some((Question::Equals(mine, my_text), as_asked)), Question::Equals(name, text)) =
            (self.answers.as_deref(), question)
            && (mine == name && my_text != text && answer == 1)
        {
            return Some(Kind::Bool(!as_asked));
        }
        match (question, &self.unset_with, &self.because) {
            (Question::IsSet(name), Some(unset), Because::Variable(_)) if name == unset && answer == 0 => {
                Some(Kind::Absent)
            }
            (Question::IsSet(name), Some(unset), _) if name == unset && answer == 1 => {
                Some(Kind::Unknown(Unknown { unset_with: None, present: true, ..self.clone() }))
            }
            (Question::Equals(name, text), _, Because::Variable(variable)) if name == variable && answer == 1 => {
                Some(Kind::Text(text.clone()))
            }
            _ => None,
        }
    }
}
