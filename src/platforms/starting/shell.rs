//! A shell as far as it sets variables: assignments, `export`, `env`, files that are read in, scripts that call scripts.

use super::flow::{Ended, Flow, Sign, signs};
use super::programs::{behind, given, is_app, read_files};
use super::scope::{Scope, Set, either, taken_away};
use super::words::{assigned, assignment, plain};
use crate::environment::layer::{Layer, Role, Weight, Written};
use crate::eval::{How, Place, Value};
use crate::platforms::branches::{self, Reached};
use crate::platforms::command::{is_shell_program, script_line, shell_script};
use crate::platforms::servers;
use crate::project::{Project, inside, normalized};
use crate::syntax::data::Dialect;
use crate::syntax::shell::{Simple, Word, pipelines};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use hashbrown::HashMap;
use std::sync::Arc;

/// Scripts that call scripts are followed this far.
const MOST_HOPS: usize = 6;
/// Options of Node that each of its programs takes.
const NODE_OPTIONS: &str = "NODE_OPTIONS";
/// Commands beyond this are not looked at.
const MOST_COMMANDS: usize = 400;
/// Files of this length are no scripts of variables.
const MOST_BYTES: usize = 200_000;
/// Scripts that base images and tools bring along, which set nothing that an app reads.
const HARMLESS: &[&str] = &[
    "docker-entrypoint.sh",
    "wait-for-it.sh",
    "wait-for.sh",
    "wait-for",
    "nvm.sh",
    "activate",
    "asdf.sh",
    "conda.sh",
    "profile",
    ".profile",
    ".bashrc",
    "bashrc",
    "rvm",
    "env",
    "functions",
];

/// What a command starts from.
pub(super) struct Ground<'g> {
    pub(super) project: &'g Project,
    /// The folder that it is started in.
    pub(super) folder: &'g str,
    /// Files of the image under another name than in the tree: the name there, and the path here.
    pub(super) renamed: &'g [(String, String)],
    /// What a variable is before it.
    pub(super) below: &'g dyn Fn(&str) -> Value,
    /// Whether anything gives a variable a value before it.
    pub(super) is_named: &'g dyn Fn(&str) -> bool,
}

/// A program that is started, with the variables that it gets.
pub(super) struct Started {
    pub(super) scope: Scope,
    pub(super) runs: Reached,
    pub(super) place: Place,
}

/// A shell at work.
pub(super) struct Shell<'g> {
    pub(super) ground: Ground<'g>,
    pub(super) started: Vec<Started>,
    commands: usize,
}

/// Where a command stands, what its script was handed, and how surely it runs.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) place: Place,
    pub(super) arguments: &'a [Word],
    pub(super) runs: Reached,
    pub(super) hops: usize,
}

impl<'g> Shell<'g> {
    pub(super) fn new(ground: Ground<'g>) -> Shell<'g> {
        Shell { ground, started: Vec::new(), commands: 0 }
    }

    /// Runs a line that stands at a place as a whole.
    pub(super) fn line(&mut self, text: &str, place: Place, scope: &mut Scope) {
        let at = At { place, arguments: &[], runs: Reached::Always, hops: MOST_HOPS };
        self.script(text, at, None, scope);
    }

    /// Runs a script; one that is a file's own text has its commands at their places there.
    fn script(&mut self, text: &str, at: At<'_>, file: Option<FileId>, scope: &mut Scope) {
        let Some(hops) = at.hops.checked_sub(1) else { return scope.lose(at.place) };
        let arguments: Vec<&str> = at.arguments.iter().map(|word| &*word.text).collect();
        let reached: HashMap<u32, Reached> = branches::commands(text, &arguments)
            .into_iter()
            .map(|(command, reached)| (command.span().start, reached))
            .collect();
        let all: Vec<Simple> = pipelines(text).into_iter().flat_map(|pipeline| pipeline.commands).collect();
        let mut flow = Flow::default();
        let mut shells: Vec<Scope> = Vec::new();
        let mut from = 0;
        let gap = |from: usize, next: Option<&Simple>| {
            let to = next.map_or(text.len(), |next| next.span().start as usize);
            signs(text, from..to.max(from))
        };
        for (index, command) in all.iter().enumerate() {
            self.commands += 1;
            if self.commands > MOST_COMMANDS {
                return scope.lose(at.place);
            }
            let before = gap(from, Some(command));
            for sign in &before {
                match sign {
                    Sign::Open => shells.push(scope.clone()),
                    Sign::Close => *scope = shells.pop().unwrap_or_else(|| scope.clone()),
                    _ => {}
                }
                flow.pass(*sign);
            }
            let span = command.span();
            from = command.document.map_or(span.end, |document| document.end.max(span.end)) as usize;
            let piped = before.contains(&Sign::Pipe) || gap(from, all.get(index + 1)).first() == Some(&Sign::Pipe);
            // What chooses between functions and arms of a `case` is another matter than what an `if` here says.
            let chosen = reached.get(&span.start).copied().unwrap_or(Reached::Never);
            let chosen = if flow.is_decided() && chosen == Reached::Perhaps { Reached::Always } else { chosen };
            let runs = at.runs.min(flow.runs()).min(chosen);
            let place = file.map_or(at.place, |file| Place::File(file, span));
            let here = At { place, runs, hops, ..at };
            let ended = if runs == Reached::Never {
                Ended::Unknown
            } else if piped {
                self.command(&command.words, here, &mut scope.clone())
            } else {
                self.command(&command.words, here, scope)
            };
            flow.end(runs, ended);
        }
    }

    /// Runs a simple command: its assignments hold for what it starts, or for the shell where it starts nothing.
    fn command(&mut self, words: &[Word], at: At<'_>, scope: &mut Scope) -> Ended {
        let handed = plain(words, at.arguments);
        let words = handed.as_slice();
        let count = words.iter().take_while(|word| assignment(word).is_some()).count();
        let (assignments, rest) = words.split_at(count);
        if rest.is_empty() {
            for word in assignments {
                self.assign(word, at, scope, false);
            }
            return Ended::Well;
        }
        let built_in = self.built_in(rest, at, scope);
        if let Some(ended) = built_in {
            return ended;
        }
        let mut child = scope.clone();
        for word in assignments {
            self.assign(word, at, &mut child, true);
        }
        self.program(rest, at, &mut child);
        Ended::Likely
    }

    /// What the shell does by itself; none for a program.
    fn built_in(&mut self, words: &[Word], at: At<'_>, scope: &mut Scope) -> Option<Ended> {
        let (first, rest) = words.split_first()?;
        match &*first.text {
            "export" | "declare" | "typeset" | "readonly" | "local" => {
                let exports = first.text == "export" || rest.iter().any(|word| word.text.starts_with("-x"));
                rest.iter().for_each(|word| self.declare(word, at, scope, exports));
            }
            "unset" => {
                let names = rest.iter().filter(|word| !word.text.starts_with('-'));
                names.for_each(|word| self.unset(&word.text, at, scope));
            }
            "set" => {
                let says = |on: &str, off: &str| rest.iter().any(|word| word.text == on || word.text == off);
                let named = rest.iter().any(|word| word.text == "allexport");
                if says("-a", "-o") && (named || says("-a", "-a")) {
                    scope.exports_all = true;
                } else if says("+a", "+o") && (named || says("+a", "+a")) {
                    scope.exports_all = false;
                }
            }
            "." | "source" => {
                if let Some(path) = rest.first() {
                    self.read_in(path, &rest[1..], at, scope);
                }
            }
            "eval" => scope.lose(at.place),
            ":" => rest.iter().for_each(|word| self.assign_unset(word, at, scope)),
            "[" | "[[" | "test" => return Some(self.tested(rest, scope)),
            "true" => return Some(Ended::Well),
            "false" => return Some(Ended::Badly),
            _ => return None,
        }
        Some(Ended::Well)
    }

    /// `export NAME=value`, `export NAME`, `export $(…)`.
    fn declare(&mut self, word: &Word, at: At<'_>, scope: &mut Scope, exports: bool) {
        if word.text.starts_with('-') {
            return;
        }
        if assignment(word).is_some() {
            return self.assign(word, at, scope, exports);
        }
        if word.open {
            return self.substituted(word, at, scope);
        }
        if let Some(set) = scope.own.remove(&*word.text).filter(|_| exports) {
            scope.exported.insert(word.text.as_str().into(), set);
        }
    }

    /// `export $(grep -v '^#' .env | xargs)`: what a file that it names holds; else nobody knows.
    fn substituted(&mut self, word: &Word, at: At<'_>, scope: &mut Scope) {
        let names = word.text.split(|c: char| c.is_whitespace() || "()`'\"|<".contains(c));
        let mut files = names.filter(|name| name.contains(".env") || name.ends_with("env"));
        match files.next().and_then(|name| self.find(name)) {
            Some(file) => self.env_file(file, at, scope),
            None => scope.lose(at.place),
        }
    }

    /// `: "${NAME:=value}"`
    fn assign_unset(&mut self, word: &Word, at: At<'_>, scope: &mut Scope) {
        let inner = word.text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        let Some((name, value)) = inner.and_then(|inner| inner.split_once(":=").or_else(|| inner.split_once('=')))
        else {
            return;
        };
        let text = format!("{name}=${{{name}:-{value}}}");
        self.assign(&Word { text, span: word.span, open: true }, at, scope, false);
    }

    fn unset(&mut self, name: &str, at: At<'_>, scope: &mut Scope) {
        let name: Arc<str> = name.into();
        let value = taken_away(&name, at.place);
        self.put(name, at.place, value, at, scope, true);
    }

    /// `NAME=value`: what programs get, where they get it already or `exports` says so.
    fn assign(&mut self, word: &Word, at: At<'_>, scope: &mut Scope, exports: bool) {
        let Some((name, _)) = assignment(word) else { return };
        let name: Arc<str> = name.into();
        let (name_place, place) = self.places(&name, at.place);
        let below = self.ground.below;
        let value = assigned(word, place, &|name| scope.read(name, below));
        let value = value.each(&mut |value| value.step(place, How::Sets { variable: name.clone() }));
        let is_known = scope.exported.contains_key(&name) || (self.ground.is_named)(&name);
        let exports = exports || scope.exports_all || is_known;
        self.put(name, name_place, value, at, scope, exports);
    }

    fn put(&mut self, name: Arc<str>, name_place: Place, value: Value, at: At<'_>, scope: &mut Scope, exports: bool) {
        self.commands += 1;
        let value = match at.runs {
            Reached::Perhaps => either(scope.read(&name, self.ground.below), value, at.place),
            _ => value,
        };
        let set = Set { serial: self.commands, name_place, value };
        let into = if exports { &mut scope.exported } else { &mut scope.own };
        into.insert(name, set);
    }

    /// Where a name stands in a part of a file, and where its value does.
    fn places(&self, name: &str, place: Place) -> (Place, Place) {
        let narrowed = place.in_file().and_then(|(file, span)| {
            let text = self.ground.project.text(file).ok()?;
            let own = text.get(span.start as usize..span.end as usize)?;
            let part = format!("{name}=");
            let is_part = |before: &str| before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
            let at = own.match_indices(&part).map(|(at, _)| at).find(|at| !is_part(&own[..*at]))?;
            let value = at + name.len() + 1;
            let rest = &own[value..];
            let end = rest.find(|c: char| c.is_whitespace() || "\"';&|".contains(c)).unwrap_or(rest.len());
            let fit = |n: usize| span.start + u32::try_from(n).unwrap_or(0);
            let name_place = Place::File(file, Span::new(fit(at), fit(at + name.len())));
            Some((name_place, Place::File(file, Span::new(fit(value), fit(value + end)))))
        });
        narrowed.unwrap_or((place, place))
    }

    /// `. FILE`: its commands are the shell's own.
    fn read_in(&mut self, path: &Word, arguments: &[Word], at: At<'_>, scope: &mut Scope) {
        let name = path.text.rsplit('/').next().unwrap_or(&path.text);
        let Some(file) = self.find(&path.text) else {
            if !HARMLESS.contains(&name) {
                scope.lose(at.place);
            }
            return;
        };
        match self.ground.project.text(file) {
            Ok(text) if text.len() <= MOST_BYTES => self.script(text, At { arguments, ..at }, Some(file), scope),
            _ => scope.lose(at.place),
        }
    }

    /// All of an env file, over what is there.
    fn env_file(&mut self, file: FileId, at: At<'_>, scope: &mut Scope) {
        let Ok(text) = self.ground.project.text(file) else { return scope.lose(at.place) };
        let layer = Layer::of_env_file(file, text, Dialect::Node, Role::Target, Weight::Certain);
        for entry in layer.entries {
            let Written::Value(value) = entry.written else { continue };
            self.put(entry.name, entry.name_place, value, at, scope, true);
        }
    }

    fn find(&self, path: &str) -> Option<FileId> {
        let Ground { project, folder, renamed, .. } = self.ground;
        let name = path.rsplit('/').next().unwrap_or(path);
        let known = renamed.iter().find(|(there, _)| there.rsplit('/').next() == Some(name));
        known
            .and_then(|(_, here)| project.find(here))
            .or_else(|| project.find(&normalized(&inside(folder, path))?))
            .or_else(|| project.find(&inside(folder, name)).filter(|_| path.starts_with('/')))
            .or_else(|| project.find(&normalized(path)?))
    }

    /// Starts a program with what it hands on.
    fn program(&mut self, words: &[Word], at: At<'_>, scope: &mut Scope) {
        let Some((first, rest)) = words.split_first() else { return };
        let name = first.text.rsplit('/').next().unwrap_or(&first.text);
        let Some(hops) = at.hops.checked_sub(1) else { return scope.lose(at.place) };
        let at = At { hops, ..at };
        match name {
            "env" | "cross-env" | "cross-env-shell" => return self.env(rest, at, scope),
            "env-cmd" => return self.env_cmd(rest, at, scope),
            _ if is_shell_program(name) => return self.shell(rest, at, scope),
            _ => {}
        }
        for given in given(name, rest) {
            self.assign(&Word { text: given.to_owned(), span: first.span, open: false }, at, scope, true);
        }
        if let Some(behind) = behind(name, rest) {
            if behind.unseen {
                scope.lose(at.place);
            }
            return match behind.words {
                [] => self.start(name, rest, at, scope),
                words => {
                    self.command(words, at, scope);
                }
            };
        }
        let texts: Vec<String> = words.iter().map(|word| word.text.clone()).collect();
        if let Some(line) = script_line(self.ground.project, &texts, self.ground.folder) {
            let at = At { place: line.place, arguments: &[], ..at };
            line.text.test(|text| {
                self.script(text, at, None, scope);
                true
            });
            return;
        }
        let renamed = self.ground.renamed.iter().any(|(there, _)| there.rsplit('/').next() == Some(name));
        let script = renamed.then(|| self.find(&first.text)).flatten();
        let script = script.or_else(|| shell_script(self.ground.project, &texts, self.ground.folder));
        match script {
            Some(file) => self.script_file(file, rest, at, scope),
            None if name.ends_with(".sh") && !HARMLESS.contains(&name) => {
                scope.lose(at.place);
                self.handed_on(name, rest, at, scope);
            }
            None if HARMLESS.contains(&name) => self.handed_on(name, rest, at, scope),
            None => self.start(name, rest, at, scope),
        }
    }

    /// A script that starts what it is handed, as entry points do.
    fn handed_on(&mut self, name: &str, words: &[Word], at: At<'_>, scope: &mut Scope) {
        match words {
            [] => self.start(name, words, at, scope),
            words => {
                self.command(words, at, scope);
            }
        }
    }

    fn script_file(&mut self, file: FileId, arguments: &[Word], at: At<'_>, scope: &mut Scope) {
        match self.ground.project.text(file) {
            Ok(text) if text.len() <= MOST_BYTES => self.script(text, At { arguments, ..at }, Some(file), scope),
            _ => scope.lose(at.place),
        }
    }

    /// `env -i -u NAME NAME=value program`
    fn env(&mut self, words: &[Word], at: At<'_>, scope: &mut Scope) {
        let mut rest = words;
        while let Some((first, behind)) = rest.split_first() {
            rest = behind;
            match &*first.text {
                "-i" | "-" | "--ignore-environment" => scope.lose(at.place),
                "-u" => {
                    if let Some((name, behind)) = behind.split_first() {
                        self.unset(&name.text, at, scope);
                        rest = behind;
                    }
                }
                "-S" | "--split-string" => {
                    let line = behind.first().map_or("", |word| &*word.text).to_owned();
                    return self.script(&line, at, None, scope);
                }
                text if text.starts_with("--unset=") => self.unset(&text["--unset=".len()..], at, scope),
                text if text.starts_with('-') => {}
                _ if assignment(first).is_some() => self.assign(first, at, scope, true),
                text if text.contains(' ') => return self.script(text, at, None, scope),
                _ => {
                    self.command(&[std::slice::from_ref(first), behind].concat(), at, scope);
                    return;
                }
            }
        }
    }

    /// `env-cmd -f FILE program`
    fn env_cmd(&mut self, words: &[Word], at: At<'_>, scope: &mut Scope) {
        let named = words.iter().position(|word| word.text == "-f" || word.text == "--file");
        let path = named.and_then(|at| words.get(at + 1)).map_or(".env", |word| &*word.text);
        match self.find(path) {
            Some(file) => self.env_file(file, at, scope),
            None => scope.lose(at.place),
        }
        let options = named.map_or(0, |at| at + 2);
        let rest: &[Word] = words.get(options..).unwrap_or_default();
        let rest = rest.iter().position(|word| !word.text.starts_with('-')).map_or(&[][..], |at| &rest[at..]);
        self.command(rest, at, scope);
    }

    /// `sh -c LINE`, `sh FILE`.
    fn shell(&mut self, words: &[Word], at: At<'_>, scope: &mut Scope) {
        let options = words.iter().take_while(|word| word.text.starts_with(['-', '+'])).count();
        let (options, rest) = words.split_at(options);
        let reads_line = options.iter().any(|word| !word.text.starts_with("--") && word.text.contains('c'));
        scope.exports_all |= options.iter().any(|word| !word.text.starts_with("--") && word.text.contains('a'));
        let Some((first, arguments)) = rest.split_first() else { return };
        if reads_line {
            // The first word behind the line is the shell's own name.
            let arguments = arguments.get(1..).unwrap_or_default();
            return self.script(&first.text.clone(), At { arguments, ..at }, None, scope);
        }
        let texts = [first.text.clone()];
        let script = self.find(&first.text);
        match script.or_else(|| shell_script(self.ground.project, &texts, self.ground.folder)) {
            Some(file) => self.script_file(file, arguments, at, scope),
            None => {
                scope.lose(at.place);
                self.handed_on(&first.text, arguments, at, scope);
            }
        }
    }

    /// A program that is started here, with what it reads by itself.
    fn start(&mut self, name: &str, arguments: &[Word], at: At<'_>, scope: &mut Scope) {
        if !is_app(name, arguments) {
            return;
        }
        let words: Vec<&str> = arguments.iter().map(|word| &*word.text).collect();
        match servers::variables(self.ground.project, name, &words, self.ground.folder) {
            Some(all) => all.into_iter().for_each(|(pair, file, span)| {
                let at = At { place: Place::File(file, span), ..at };
                self.assign(&Word { text: pair, span, open: false }, at, scope, true);
            }),
            None => scope.lose(at.place),
        }
        // What every program of Node loads before its own code.
        let options = scope.read(NODE_OPTIONS, self.ground.below).as_text().map(Text::as_name);
        let options = options.unwrap_or_default();
        let word = |text: &str| Word { text: text.to_owned(), span: Span::default(), open: false };
        let loaded: Vec<Word> = options.split_whitespace().map(word).collect();
        let own = read_files(name, arguments).into_iter().map(|(path, needles)| (name, path, needles));
        let of_node = read_files("node", &loaded).into_iter().map(|(path, needles)| ("node", path, needles));
        for (name, path, needles) in own.chain(of_node) {
            let is_package = !path.starts_with(['.', '/']) && !path.contains('.');
            match self.find(path) {
                Some(file) if self.ground.project.mentions(file, needles) => scope.lose(at.place),
                None if !is_package && !name.contains("node") => scope.lose(at.place),
                _ => {}
            }
        }
        self.started.push(Started { scope: scope.clone(), runs: at.runs, place: at.place });
    }

    /// `[ -z "$NAME" ]`, `[ "$NAME" = value ]`.
    fn tested(&self, words: &[Word], scope: &Scope) -> Ended {
        let words: Vec<&Word> = words.iter().filter(|word| !matches!(&*word.text, "]" | "]]")).collect();
        let below = self.ground.below;
        let text = |word: &Word| {
            let value = super::words::expanded(word, &word.text, Place::Process, &|name| scope.read(name, below));
            value.as_text().cloned()
        };
        let holds = match &words[..] {
            [sign, word] if sign.text == "-z" => text(word).map(|text| text.is_empty()),
            [sign, word] if sign.text == "-n" => text(word).map(|text| !text.is_empty()),
            [word] => text(word).map(|text| !text.is_empty()),
            [left, sign, right] => match (&*sign.text, text(left), text(right)) {
                ("=" | "==", Some(left), Some(right)) => Some(left == right),
                ("!=", Some(left), Some(right)) => Some(left != right),
                _ => None,
            },
            _ => None,
        };
        match holds {
            Some(true) => Ended::Well,
            Some(false) => Ended::Badly,
            None => Ended::Unknown,
        }
    }
}
