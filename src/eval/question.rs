//! Questions that a value hangs on, and worlds: one answer to each.

use crate::stages;
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::sync::Arc;

/// A question that the project's files leave open. Two choices with an equal question agree in each world.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// Is the variable set to something? Answer 0: no, 1: yes.
    IsSet(Arc<str>),
    /// Does the variable hold this very text? Answer 0: no, 1: yes.
    Equals(Arc<str>, Text),
    /// Does the condition at this place hold? Answer 0: no, 1: yes.
    Condition(FileId, Span),
    /// Does the comparison at this place hold of what the variable is set to? Answer 0: no, 1: yes.
    Told(Arc<str>, FileId, Span),
    /// Does the deployed app see this developer's own file? Answer 0: no, 1: yes.
    Loads(Arc<str>),
    /// One of the ways that stand beside each other in the project, by name (several returns, several classes).
    OneOf(Arc<str>),
}

impl Question {
    /// Whether it asks whether a piece of code holds, which each run of it answers for itself.
    pub(super) fn is_of_code(&self) -> bool {
        matches!(self, Question::Condition(..) | Question::Told(..) | Question::OneOf(_))
    }

    /// The variable whose text it compares with something, unless that asks for production, which is what is deployed.
    pub fn compares(&self) -> Option<&Arc<str>> {
        match self {
            Question::Equals(_, text) if is_production_word(text) => None,
            Question::Told(variable, ..) | Question::Equals(variable, _) => Some(variable),
            _ => None,
        }
    }

    /// Whether both answers can be true of one run.
    fn agrees(&self, answer: usize, other: &Question, other_answer: usize) -> bool {
        match (self, other) {
            // What equals a text is set; it equals no second text.
            (Question::IsSet(a), Question::Equals(b, _)) => a != b || !(answer == 0 && other_answer == 1),
            (Question::Equals(..), Question::IsSet(_)) => other.agrees(other_answer, self, answer),
            (Question::Equals(a, x), Question::Equals(b, y)) => a != b || x == y || !(answer == 1 && other_answer == 1),
            _ => true,
        }
    }
}

/// Whether a text is a name of the environment that is deployed.
pub(super) fn is_production_word(text: &Text) -> bool {
    text.test(|text| stages::is_production(&text.to_ascii_lowercase()))
}

/// An answer to each question that matters.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct World(Vec<(Question, usize)>);

impl World {
    /// The answer to a question, if this world has one.
    pub fn answer(&self, question: &Question) -> Option<usize> {
        self.0.iter().find(|(asked, _)| asked == question).map(|(_, answer)| *answer)
    }

    /// This world with one more answer; none where that contradicts an answer it has.
    pub fn with(&self, question: &Question, answer: usize) -> Option<World> {
        if let Some(given) = self.answer(question) {
            return (given == answer).then(|| self.clone());
        }
        if !self.0.iter().all(|(asked, given)| asked.agrees(*given, question, answer)) {
            return None;
        }
        let mut answers = self.0.clone();
        answers.push((question.clone(), answer));
        Some(World(answers))
    }

    /// Every answer.
    pub fn answers(&self) -> &[(Question, usize)] {
        &self.0
    }

    /// Every world over these questions (with how many answers each has), at most `limit`; none when there are more.
    pub fn all(questions: &[(Question, usize)], limit: usize) -> Option<Vec<World>> {
        let mut worlds = vec![World::default()];
        for (question, answers) in questions {
            let mut next = Vec::new();
            for world in &worlds {
                next.extend((0..*answers).filter_map(|answer| world.with(question, answer)));
            }
            if next.len() > limit {
                return None;
            }
            worlds = next;
        }
        Some(worlds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_that_equals_a_text_is_set() {
        let name: Arc<str> = "PROD".into();
        let questions = [
            (Question::IsSet(name.clone()), 2),
            (Question::Equals(name.clone(), "a".into()), 2),
            (Question::Equals(name, "b".into()), 2),
        ];
        // not set: equals neither; set: a, b, or neither.
        assert_eq!(World::all(&questions, 100).map(|worlds| worlds.len()), Some(4));
    }
}
