//! Which commands of a shell script run when it is started with some arguments: functions that nobody calls, arms of a
//! `case` and branches of an `if` that those arguments do not choose.

use crate::syntax::shell::{Simple, pipelines};
use std::ops::Range;

/// Functions that call each other are followed this often.
const MOST_CALLS: usize = 20;

/// Whether a command is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reached {
    /// Nothing chooses it.
    Never,
    /// What chooses it the script does not show.
    Perhaps,
    /// Whenever the script is started so.
    Always,
}

/// The commands of a script that can run, in order.
pub(crate) fn commands(text: &str, arguments: &[&str]) -> Vec<(Simple, Reached)> {
    let blocks = blocks(text, arguments.first().copied().unwrap_or_default());
    let all: Vec<Simple> = pipelines(text).into_iter().flat_map(|pipeline| pipeline.commands).collect();
    let inside = |range: &Range<usize>, command: &Simple| range.contains(&(command.span().start as usize));
    let chosen = |command: &Simple| {
        let around = blocks.branches.iter().filter(|(range, _)| inside(range, command));
        around.map(|(_, runs)| *runs).min().unwrap_or(Reached::Always)
    };
    // How surely each function is called, by those that are called themselves.
    let mut called: Vec<Reached> = vec![Reached::Never; blocks.functions.len()];
    for _ in 0..MOST_CALLS {
        let before = called.clone();
        for command in &all {
            let runs = runs(&blocks, &called, command, chosen(command));
            for (at, (name, _)) in blocks.functions.iter().enumerate() {
                let calls = command.program() == name || command.arguments().iter().any(|word| word.text == *name);
                if calls && !inside(&blocks.functions[at].1, command) {
                    called[at] = called[at].max(runs);
                }
            }
        }
        if called == before {
            break;
        }
    }
    let with = |command: Simple| {
        let runs = runs(&blocks, &called, &command, chosen(&command));
        (command, runs)
    };
    all.into_iter().map(with).filter(|(_, runs)| *runs != Reached::Never).collect()
}

fn runs(blocks: &Blocks, called: &[Reached], command: &Simple, chosen: Reached) -> Reached {
    let at = command.span().start as usize;
    let around = blocks.functions.iter().zip(called).filter(|((_, range), _)| range.contains(&at));
    around.map(|(_, called)| *called).min().unwrap_or(Reached::Always).min(chosen)
}

/// The parts of a script that something chooses.
#[derive(Default)]
struct Blocks {
    functions: Vec<(String, Range<usize>)>,
    branches: Vec<(Range<usize>, Reached)>,
}

/// A block that is open while lines are read.
enum Open {
    Function(String, usize),
    /// What the first argument has to be; whether an arm was chosen; where the arm began and whether it runs.
    Case {
        known: Option<String>,
        chosen: bool,
        arm: Option<(usize, Reached)>,
    },
    /// Where the branch began, whether it runs, and whether another one did.
    If(usize, Reached, Reached),
}

fn blocks(text: &str, first: &str) -> Blocks {
    let mut found = Blocks::default();
    let mut open: Vec<Open> = Vec::new();
    let mut start = 0;
    for whole in text.split_inclusive('\n') {
        let (line, begin) = (whole.trim(), start);
        start += whole.len();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = function(line) {
            open.push(Open::Function(name.to_owned(), begin));
            if line.ends_with('}') {
                close_function(&mut open, &mut found, start);
            }
        } else if line == "}" {
            close_function(&mut open, &mut found, begin);
        } else if let Some(subject) = line.strip_prefix("case ").and_then(|rest| rest.strip_suffix(" in")) {
            open.push(Open::Case { known: argument(subject, first), chosen: false, arm: None });
        } else if line.starts_with("esac") {
            close_arm(&mut open, &mut found, begin);
            if matches!(open.last(), Some(Open::Case { .. })) {
                open.pop();
            }
        } else if line.starts_with("if ") {
            let runs = condition(line, first);
            if line.ends_with("fi") {
                found.branches.push((begin..start, runs));
            } else {
                open.push(Open::If(start, runs, runs));
            }
        } else if line.starts_with("elif ") || line == "else" || line.starts_with("else ") {
            turn(
                &mut open,
                &mut found,
                begin,
                start,
                if line.starts_with("elif") { Some(condition(line, first)) } else { None },
            );
        } else if line == "fi" || line.starts_with("fi ") || line.starts_with("fi;") {
            if let Some(Open::If(from, runs, _)) = open.last() {
                found.branches.push((*from..begin, *runs));
                open.pop();
            }
        } else {
            arm(&mut open, line, begin);
            if line.ends_with(";;") {
                close_arm(&mut open, &mut found, start);
            }
        }
    }
    found
}

/// `name() {` or `function name {`.
fn function(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("function ").unwrap_or(line);
    let named = rest.split_once("()").map(|(name, rest)| (name.trim(), rest.trim()));
    let (name, rest) = named.or_else(|| {
        line.starts_with("function ").then(|| rest.split_once('{').map(|(name, _)| (name.trim(), "{")))?
    })?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    (is_name && (rest.is_empty() || rest.starts_with('{'))).then_some(name)
}

/// What a word comes to where it is the script's first argument, or its default.
fn argument(word: &str, first: &str) -> Option<String> {
    let word = word.trim().trim_matches('"');
    if matches!(word, "$1" | "${1}" | "${1-}" | "${1:-}") {
        return Some(first.to_owned());
    }
    let default = word.strip_prefix("${1:-")?.strip_suffix('}')?;
    Some(if first.is_empty() { default } else { first }.to_owned())
}

/// Whether a condition holds: `[ "$1" = "server" ]` and its relatives; of others nothing is known.
fn condition(line: &str, first: &str) -> Reached {
    let test = line.split(';').next().unwrap_or(line);
    let words: Vec<&str> = test
        .split_whitespace()
        .filter(|word| !matches!(*word, "if" | "elif" | "[" | "[[" | "]" | "]]" | "test"))
        .collect();
    let [left, sign, right] = words[..] else { return Reached::Perhaps };
    let Some(left) = argument(left, first) else { return Reached::Perhaps };
    let right = right.trim_matches(['"', '\'']);
    let holds = match sign {
        "=" | "==" => left == right,
        "!=" => left != right,
        _ => return Reached::Perhaps,
    };
    if holds { Reached::Always } else { Reached::Never }
}

/// From one branch of an `if` to its next.
fn turn(open: &mut [Open], found: &mut Blocks, begin: usize, start: usize, tested: Option<Reached>) {
    let Some(Open::If(from, runs, before)) = open.last_mut() else { return };
    found.branches.push((*from..begin, *runs));
    let rest = match *before {
        Reached::Always => Reached::Never,
        Reached::Never => Reached::Always,
        Reached::Perhaps => Reached::Perhaps,
    };
    *runs = tested.map_or(rest, |tested| tested.min(rest));
    *before = (*before).max(*runs);
    *from = start;
}

/// The beginning of an arm: `server)`, `a|b)`, `*)`.
fn arm(open: &mut [Open], line: &str, begin: usize) {
    let Some(Open::Case { known, chosen, arm }) = open.last_mut() else { return };
    let Some((patterns, _)) = line.split_once(')').filter(|_| arm.is_none()) else { return };
    let patterns: Vec<&str> =
        patterns.trim_start_matches('(').split('|').map(|own| own.trim().trim_matches(['"', '\''])).collect();
    let runs = match known {
        None => Reached::Perhaps,
        Some(known) if !*chosen && patterns.iter().any(|pattern| fits(pattern, known)) => {
            *chosen = true;
            Reached::Always
        }
        Some(_) => Reached::Never,
    };
    *arm = Some((begin, runs));
}

/// Whether a pattern of a shell fits a word; stars stand at its ends.
fn fits(pattern: &str, word: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        _ if pattern == "*" => true,
        (Some(end), None) => word.ends_with(end),
        (None, Some(start)) => word.starts_with(start),
        (Some(_), Some(_)) => word.contains(pattern.trim_matches('*')),
        (None, None) => pattern == word,
    }
}

fn close_arm(open: &mut [Open], found: &mut Blocks, end: usize) {
    if let Some(Open::Case { arm, .. }) = open.last_mut()
        && let Some((begin, runs)) = arm.take()
    {
        found.branches.push((begin..end, runs));
    }
}

fn close_function(open: &mut Vec<Open>, found: &mut Blocks, end: usize) {
    if let Some(Open::Function(..)) = open.last()
        && let Some(Open::Function(name, begin)) = open.pop()
    {
        found.functions.push((name, begin..end));
    }
}

#[cfg(test)]
mod tests {
    use super::{Reached, commands};

    const ENTRY: &str = r#"#!/bin/sh
set -e
server() {
  exec gunicorn app:app
}
dev_server() {
  exec flask run --debug
}
if [ "$MIGRATE" = "1" ]; then
  alembic upgrade head
fi
case "$1" in
  server)
    shift
    server
    ;;
  dev|dev_server)
    dev_server
    ;;
  *) exec "$@" ;;
esac
"#;

    fn run(arguments: &[&str]) -> Vec<(String, Reached)> {
        let wanted = |(command, runs): (crate::syntax::shell::Simple, Reached)| {
            let known = ["gunicorn", "flask", "alembic", "exec"];
            let words: Vec<&str> = command.words.iter().map(|word| &*word.text).collect();
            let word = words.iter().rev().find(|word| known.contains(word))?;
            Some(((*word).to_owned(), runs))
        };
        commands(ENTRY, arguments).into_iter().filter_map(wanted).collect()
    }

    #[test]
    fn the_argument_chooses_the_arm_and_the_arm_its_function() {
        let named = |name: &str, runs| (name.to_owned(), runs);
        let migrates = named("alembic", Reached::Perhaps);
        assert_eq!(run(&["server"]), [named("gunicorn", Reached::Always), migrates.clone()]);
        assert_eq!(run(&["dev"]), [named("flask", Reached::Always), migrates.clone()]);
        assert_eq!(run(&["node", "x.js"]), [migrates, named("exec", Reached::Always)]);
    }

    #[test]
    fn a_condition_on_the_argument_is_decided_and_another_is_not() {
        let text = "if [ \"$1\" = \"dev\" ]; then\n  nodemon x.js\nelse\n  node x.js\nfi\nif [ -f seed ]; then\n  node seed.js\nfi\n";
        let run = |arguments: &[&str]| -> Vec<(String, Reached)> {
            let words = |(command, runs): (crate::syntax::shell::Simple, Reached)| {
                let word = command.words.iter().find(|word| word.text.ends_with(".js"))?;
                Some((word.text.clone(), runs))
            };
            let all = commands(text, arguments).into_iter();
            all.filter_map(words).collect()
        };
        let (served, seeded) = (("x.js".to_owned(), Reached::Always), ("seed.js".to_owned(), Reached::Perhaps));
        assert_eq!(run(&[]), [served.clone(), seeded.clone()]);
        assert_eq!(run(&["dev"]), [served, seeded]);
    }
}
