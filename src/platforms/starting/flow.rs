//! What stands between the commands of a script: which of them run only if another one did, and which run in a shell of
//! their own.

use crate::platforms::branches::Reached;
use std::ops::Range;

/// One sign between two commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    And,
    Or,
    Pipe,
    Next,
    Open,
    Close,
    Begin,
    End,
    If,
    Then,
    Elif,
    Else,
    Fi,
    Not,
}

/// How a command ended, as far as that can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    Well,
    Badly,
    /// As programs do: well, and nobody knows.
    Likely,
    Unknown,
}

/// The signs in a part of a script between commands.
pub(super) fn signs(text: &str, gap: Range<usize>) -> Vec<Sign> {
    let mut rest = text.get(gap).unwrap_or_default();
    let mut found = Vec::new();
    while let Some(c) = rest.chars().next() {
        let (sign, length) = match c {
            '#' => (None, rest.find('\n').unwrap_or(rest.len())),
            '>' | '<' => (None, redirect(rest)),
            '&' if rest.starts_with("&>") => (None, redirect(rest)),
            '&' if rest.starts_with("&&") => (Some(Sign::And), 2),
            '|' if rest.starts_with("||") => (Some(Sign::Or), 2),
            '|' => (Some(Sign::Pipe), 1),
            '&' | ';' | '\n' => (Some(Sign::Next), 1),
            '(' => (Some(Sign::Open), 1),
            ')' => (Some(Sign::Close), 1),
            '{' => (Some(Sign::Begin), 1),
            '}' => (Some(Sign::End), 1),
            '!' => (Some(Sign::Not), 1),
            c if c.is_ascii_alphanumeric() => {
                let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
                (word(&rest[..length]), length)
            }
            c => (None, c.len_utf8()),
        };
        found.extend(sign);
        rest = rest.get(length..).unwrap_or_default();
    }
    found
}

fn word(word: &str) -> Option<Sign> {
    Some(match word {
        "if" => Sign::If,
        "then" => Sign::Then,
        "elif" => Sign::Elif,
        "else" => Sign::Else,
        "fi" => Sign::Fi,
        _ => return None,
    })
}

/// The length of a redirection and of what it names.
fn redirect(text: &str) -> usize {
    let signs = text.find(|c: char| !"<>&|-".contains(c)).unwrap_or(text.len());
    let blanks = text[signs..].find(|c: char| c != ' ').unwrap_or(0);
    let word = &text[signs + blanks..];
    signs + blanks + word.find(|c: char| c.is_whitespace() || ";&|()".contains(c)).unwrap_or(word.len())
}

/// An `if` that is open.
struct If {
    /// How surely its present part runs; none while its condition does.
    runs: Option<Reached>,
    /// How surely a part before it did.
    before: Reached,
}

/// Where in a script one is.
#[derive(Default)]
pub(super) struct Flow {
    ifs: Vec<If>,
    /// How the last command that ran ended.
    ended: Option<Ended>,
    connector: Option<Sign>,
    negated: bool,
    /// How surely each `{` that is open runs, and each `(`.
    groups: Vec<Reached>,
    shells: Vec<Reached>,
}

impl Flow {
    /// Takes a sign in front of a command.
    pub(super) fn pass(&mut self, sign: Sign) {
        match sign {
            Sign::And | Sign::Or => self.connector = Some(sign),
            Sign::Next | Sign::Pipe => {}
            Sign::Not => self.negated = true,
            Sign::If => self.ifs.push(If { runs: None, before: Reached::Never }),
            Sign::Then => self.enter(),
            Sign::Elif => self.leave(None),
            Sign::Else => {
                let rest = self.ifs.last().map(|own| opposite(own.before.max(own.runs.unwrap_or(Reached::Never))));
                self.leave(rest);
            }
            Sign::Fi => {
                self.ifs.pop();
            }
            Sign::Begin => self.groups.push(self.chained()),
            Sign::End => {
                self.groups.pop();
            }
            Sign::Open => self.shells.push(self.chained()),
            Sign::Close => {
                self.shells.pop();
            }
        }
    }

    fn enter(&mut self) {
        let holds = match self.ended {
            Some(Ended::Well) => Reached::Always,
            Some(Ended::Badly) => Reached::Never,
            _ => Reached::Perhaps,
        };
        if let Some(own) = self.ifs.last_mut() {
            own.runs = Some(holds.min(opposite(own.before)));
        }
    }

    fn leave(&mut self, runs: Option<Reached>) {
        if let Some(own) = self.ifs.last_mut() {
            own.before = own.before.max(own.runs.unwrap_or(Reached::Never));
            own.runs = runs;
        }
    }

    /// How surely the command that comes now runs.
    pub(super) fn runs(&self) -> Reached {
        let around = self.ifs.iter().filter_map(|own| own.runs);
        let around = around.chain(self.groups.iter().chain(&self.shells).copied());
        around.min().unwrap_or(Reached::Always).min(self.chained())
    }

    /// How surely what the sign in front of it lets run does.
    fn chained(&self) -> Reached {
        match (self.connector, self.ended.unwrap_or(Ended::Likely)) {
            (Some(Sign::And), Ended::Badly) | (Some(Sign::Or), Ended::Well) => Reached::Never,
            (Some(Sign::And), Ended::Unknown) | (Some(Sign::Or), Ended::Likely | Ended::Unknown) => Reached::Perhaps,
            _ => Reached::Always,
        }
    }

    /// Whether an `if` is around whose condition was understood.
    pub(super) fn is_decided(&self) -> bool {
        !self.ifs.is_empty() && self.ifs.iter().all(|own| own.runs != Some(Reached::Perhaps))
    }

    /// A command ended; one that did not run leaves how the one before it did.
    pub(super) fn end(&mut self, runs: Reached, ended: Ended) {
        let negated = std::mem::take(&mut self.negated);
        self.connector = None;
        if runs == Reached::Never {
            return;
        }
        self.ended = Some(match (ended, negated) {
            (Ended::Well, true) => Ended::Badly,
            (Ended::Badly, true) => Ended::Well,
            (_, true) => Ended::Unknown,
            (ended, false) => ended,
        });
    }
}

fn opposite(reached: Reached) -> Reached {
    match reached {
        Reached::Always => Reached::Never,
        Reached::Never => Reached::Always,
        Reached::Perhaps => Reached::Perhaps,
    }
}

#[cfg(test)]
mod tests {
    use super::{Sign, signs};

    #[test]
    fn redirections_and_comments_are_no_signs() {
        let text = " 2>&1 >/dev/null && # or ||\n then (";
        assert_eq!(signs(text, 0..text.len()), [Sign::And, Sign::Next, Sign::Then, Sign::Open]);
    }
}
