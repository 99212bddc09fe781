//! Answers that many ask for and that cost something to find: each is found once, whichever thread asks first.

use hashbrown::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// Answers by what was asked; can be shared between threads.
#[derive(Debug)]
pub(crate) struct Answers<Question, Answer>(Mutex<HashMap<Question, Answer>>);

impl<Question, Answer> Default for Answers<Question, Answer> {
    fn default() -> Self {
        Answers(Mutex::default())
    }
}

impl<Question: Eq + Hash, Answer: Clone> Answers<Question, Answer> {
    /// The answer that is known, else the one that `find` gives. Two threads that ask at once may both look; the first
    /// to end is heard.
    ///
    /// Nothing is held while `find` works: a thread that waits for its own helpers can be handed a task that asks the
    /// same, and would wait for itself.
    pub(crate) fn of(&self, question: Question, find: impl FnOnce() -> Answer) -> Answer {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = known().get(&question) {
            return answer.clone();
        }
        let found = find();
        known().entry(question).or_insert(found).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::Answers;
    use rayon::prelude::*;

    #[test]
    fn an_answer_is_found_once_and_a_finder_may_ask_others_for_help() {
        let answers: Answers<usize, usize> = Answers::default();
        let square = |n: usize| answers.of(n % 3, || (0..1000).into_par_iter().map(|_| n % 3).sum());
        let all: Vec<usize> = (0..300).into_par_iter().map(square).collect();
        assert!(all.iter().enumerate().all(|(n, found)| *found == n % 3 * 1000));
        assert_eq!(answers.of(1, || unreachable!("it is known")), 1000);
    }
}
