//! Start commands: the simple commands they come to, through package scripts and shell scripts of the project.

use super::branches;
use super::branches::Reached;
pub(crate) use super::line::Line;
use super::servers;
use crate::eval::{Place, Question, Value};
use crate::project::{Ecosystem, FileKind, PackageId, Project, inside, normalized};
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use crate::syntax::shell::{Simple, pipelines};
use crate::text::Text;

/// Scripts that start scripts are followed this far.
const MOST_HOPS: usize = 3;
/// Simple commands of one start command beyond this are not looked at.
const MOST_STEPS: usize = 200;
/// A shell script of more bytes than this carries something else.
const MAX_SHELL_BYTES: usize = 200_000;

/// One simple command: a program and its arguments.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// The program's name without its folder, then its arguments.
    words: Vec<String>,
    /// Where the command stands.
    pub(crate) place: Place,
    /// What a file tells the program besides, the word and where it stands.
    told: Vec<(String, Place)>,
    /// Whether it runs whenever the line does, as far as the scripts between them show.
    pub(crate) certain: bool,
}

/// The simple commands that a command line comes to; `folder` is where the app lies that it starts.
pub(crate) fn steps(reading: &Reading<'_>, line: &Line, folder: &str) -> Vec<Step> {
    let mut found = Vec::new();
    collect(reading, (line, true), folder, MOST_HOPS, &mut found);
    found
}

fn collect(reading: &Reading<'_>, (line, certain): (&Line, bool), folder: &str, hops: usize, into: &mut Vec<Step>) {
    let mut commands = Vec::new();
    line.text.test(|text| {
        commands = simple_commands(text);
        true
    });
    for words in commands {
        if into.len() >= MOST_STEPS {
            return;
        }
        let next = if hops > 0 { followed(reading.documents.project, &words, folder) } else { Vec::new() };
        if next.is_empty() {
            let told = servers::options(reading, &words, folder);
            let told: Vec<(String, Place)> = told.into_iter().map(|own| (own.word, own.place)).collect();
            // What the command says itself comes first.
            let words = words.into_iter().chain(told.iter().map(|(word, _)| word.clone())).collect();
            into.push(Step { words, place: line.place, told, certain });
        }
        for (line, reached) in next {
            collect(reading, (&line, certain && reached == Reached::Always), folder, hops - 1, into);
        }
    }
}

/// The simple commands of a line: programs with their arguments, without what only hands on to them.
fn simple_commands(text: &str) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    parts(text, MOST_HOPS, &mut all);
    all
}

fn parts(text: &str, depth: usize, into: &mut Vec<Vec<String>>) {
    for command in pipelines(text).iter().flat_map(|pipeline| &pipeline.commands) {
        let words: Vec<&str> = command.words.iter().map(|word| &*word.text).collect();
        // `sh -c "…"`, `concurrently "…" "…"`: what stands in quotes there is a line of its own.
        let hands_on = words.iter().any(|word| is_shell_program(word) || WRAPPERS.contains(word));
        let (lines, words): (Vec<&str>, Vec<&str>) =
            words.into_iter().partition(|word| hands_on && depth > 0 && word.contains(char::is_whitespace));
        let own = program(&words);
        if !own.is_empty() {
            into.push(own);
        }
        lines.into_iter().for_each(|line| parts(line, depth - 1, into));
    }
}

pub(crate) fn is_shell_program(word: &str) -> bool {
    matches!(word.rsplit('/').next().unwrap_or(word), "sh" | "bash" | "ash" | "zsh" | "dash")
}

/// Programs that start the program behind them.
pub(crate) const WRAPPERS: &[&str] = &[
    "exec",
    "npx",
    "bunx",
    "pnpx",
    "cross-env",
    "cross-env-shell",
    "env",
    "tini",
    "dumb-init",
    "sudo",
    "nohup",
    "time",
    "command",
    "dotenv",
    "dotenvx",
    "concurrently",
    "gosu",
    "su-exec",
    "catchsegv",
    "op",
    "infisical",
    "doppler",
    "wait-for-it",
    "start-server-and-test",
    "newrelic-admin",
    "ddtrace-run",
    "opentelemetry-instrument",
];

/// Programs whose subcommand starts the program behind it.
pub(crate) const RUNNERS: &[(&str, &[&str])] = &[
    ("pnpm", &["exec", "dlx"]),
    ("yarn", &["exec", "dlx"]),
    ("npm", &["exec", "x"]),
    ("bun", &["x"]),
    ("poetry", &["run"]),
    ("uv", &["run"]),
    ("pipenv", &["run"]),
    ("pdm", &["run"]),
    ("rye", &["run"]),
    ("hatch", &["run"]),
    ("bundle", &["exec"]),
];

/// The words from the program on that a part of a line really starts.
fn program(words: &[&str]) -> Vec<String> {
    let mut rest = words;
    while let Some((first, behind)) = rest.split_first() {
        let name = first.rsplit('/').next().unwrap_or(first);
        let assignment = first.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        });
        let runner = RUNNERS
            .iter()
            .find(|(tool, _)| *tool == name)
            .filter(|(_, verbs)| behind.first().is_some_and(|verb| verbs.contains(verb)));
        if runner.is_some() {
            rest = without_options(&behind[1..]);
        } else if assignment || *first == "--" || *first == "!" {
            rest = behind;
        } else if is_shell_program(name) || WRAPPERS.contains(&name) {
            rest = without_options(behind);
        } else {
            let mut words = vec![if first.ends_with(".sh") { (*first).to_owned() } else { name.to_owned() }];
            words.extend(behind.iter().map(|word| (*word).to_owned()));
            return words;
        }
    }
    Vec::new()
}

fn without_options<'w>(words: &'w [&'w str]) -> &'w [&'w str] {
    let options = words.iter().take_while(|word| word.starts_with('-')).count();
    &words[options..]
}

/// The lines of a script of the project that a command starts; none where it starts a program.
fn followed(project: &Project, words: &[String], folder: &str) -> Vec<(Line, Reached)> {
    if package_script(words).is_some() {
        return script_line(project, words, folder).map_or_else(Vec::new, |line| vec![(line, Reached::Always)]);
    }
    shell_script(project, words, folder).map_or_else(Vec::new, |file| lines(project, file, &words[1..]))
}

/// The line of the package script that some words start.
pub(crate) fn script_line(project: &Project, words: &[String], folder: &str) -> Option<Line> {
    let name = package_script(words)?;
    let told = told_package(project, words, folder);
    let package = project.package(told.or_else(|| project.package_above(folder, Some(Ecosystem::Npm)))?);
    let script = package.script(name)?;
    Some(Line { text: script.command.clone(), place: Place::File(package.file, script.span) })
}

/// Options of servers and package managers that take the next word.
const WITH_VALUE: &[&str] = &[
    "--host",
    "--hostname",
    "--port",
    "-p",
    "-H",
    "--config",
    "-c",
    "--mode",
    "-m",
    "--filter",
    "-F",
    "--dir",
    "-C",
    "--cwd",
    "--prefix",
    "--workspace",
    "-w",
];

/// Some words without options and their values.
fn operands(words: &[String]) -> impl Iterator<Item = &str> {
    let before = std::iter::once("").chain(words.iter().map(String::as_str));
    let pairs = before.zip(words.iter().map(String::as_str));
    pairs.filter(|(before, word)| !word.starts_with('-') && !WITH_VALUE.contains(before)).map(|(_, word)| word)
}

/// The package that a package manager is told to work in: `--filter web`, `-C apps/web`.
fn told_package(project: &Project, words: &[String], folder: &str) -> Option<PackageId> {
    let option = |names: &[&str]| {
        let at = words.iter().position(|word| names.contains(&word.split('=').next().unwrap_or(word)))?;
        words[at].split_once('=').map(|(_, value)| value).or_else(|| words.get(at + 1).map(String::as_str))
    };
    let ids = || project.package_ids().filter(|id| project.package(*id).ecosystem == Ecosystem::Npm);
    if let Some(name) = option(&["--filter", "-F", "--workspace", "-w"]) {
        let name = name.trim_end_matches("...").trim_start_matches("./");
        return ids().find(|id| {
            let package = project.package(*id);
            let own = package.name.as_deref().unwrap_or_default();
            own == name || own.rsplit('/').next() == Some(name) || *package.dir == *name
        });
    }
    let inner = option(&["-C", "--dir", "--cwd", "--prefix"])?;
    let dir = normalized(&inside(folder, inner))?;
    ids().find(|id| *project.package(*id).dir == dir)
}

/// The name of the package script that `npm run NAME` and its relatives start.
pub(crate) fn package_script(words: &[String]) -> Option<&str> {
    let tool = words.first()?.as_str();
    let mut behind = operands(&words[1..]);
    let verb = behind.next()?;
    match (tool, verb) {
        ("npm" | "pnpm" | "yarn" | "bun", "run" | "run-script") | ("deno", "task") => behind.next(),
        ("npm" | "pnpm" | "yarn" | "bun", "start" | "test" | "dev" | "serve" | "watch") => Some(verb),
        ("pnpm" | "yarn", name) => Some(name),
        _ => None,
    }
}

/// The shell script of the project that has the name which a command starts. An image has it under another folder.
pub(crate) fn shell_script(project: &Project, words: &[String], folder: &str) -> Option<FileId> {
    let first = words.first()?;
    if let Some(file) = normalized(&inside(folder, first)).and_then(|path| project.find(&path))
        && is_shell(project, file)
    {
        return Some(file);
    }
    let name = first.rsplit('/').next().unwrap_or(first);
    let telling =
        name.ends_with(".sh") || ["entrypoint", "start", "run", "boot"].iter().any(|word| name.contains(word));
    if !telling || name.len() < 4 {
        return None;
    }
    let mut named =
        project.within(folder).filter(|file| project.file(*file).name() == name && is_shell(project, *file));
    let only = named.next()?;
    named.next().is_none().then_some(only)
}

fn is_shell(project: &Project, file: FileId) -> bool {
    let kind = &project.file(file).kind;
    *kind == FileKind::Other
        && project.text(file).is_ok_and(|text| {
            if text.len() > MAX_SHELL_BYTES {
                return false;
            }
            let first = text.lines().next().unwrap_or_default();
            first.starts_with("#!") && first.contains("sh") || project.file(file).name().ends_with(".sh")
        })
}

/// The commands of a shell script that is started with some arguments, each with its place.
fn lines(project: &Project, file: FileId, arguments: &[String]) -> Vec<(Line, Reached)> {
    let Ok(text) = project.text(file) else { return Vec::new() };
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let line = |(command, reached): (Simple, Reached)| {
        let span = command.span();
        // What the script is handed it can start by itself.
        let hands_on = command.words.iter().any(|word| word.text == "$@");
        let text = match hands_on {
            true => Text::new(arguments.join(" ")),
            false => text.get(span.start as usize..span.end as usize)?.into(),
        };
        (!text.is_blank()).then_some((Line { text, place: Place::File(file, span) }, reached))
    };
    branches::commands(text, &arguments).into_iter().filter_map(line).collect()
}

impl Step {
    /// The program's name.
    pub(crate) fn program(&self) -> &str {
        self.words.first().map_or("", |word| word.rsplit('/').next().unwrap_or(word))
    }

    /// Whether an argument is exactly this.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.words
            .iter()
            .skip(1)
            .any(|own| own == word || own.strip_prefix(word).is_some_and(|rest| rest.starts_with('=')))
    }

    /// The value of an option: `--host 0.0.0.0`, `--host=0.0.0.0`.
    pub(crate) fn option(&self, names: &[&str]) -> Option<&str> {
        let words = self.words.get(1..).unwrap_or_default();
        words.iter().enumerate().find_map(|(index, word)| match word.split_once('=') {
            Some((name, value)) if names.contains(&name) => Some(value),
            _ if names.contains(&word.as_str()) => words.get(index + 1).map(String::as_str),
            _ => None,
        })
    }

    /// The value that stands in one word with a short option: `-w4`.
    pub(crate) fn glued(&self, option: &str) -> Option<&str> {
        self.words.iter().skip(1).find_map(|word| word.strip_prefix(option)).filter(|rest| !rest.is_empty())
    }

    /// Where a file says one of these options that the command itself does not say.
    pub(crate) fn told_at(&self, names: &[&str]) -> Option<Place> {
        let is_one = |word: &str| names.contains(&word.split('=').next().unwrap_or(word));
        let own = self.words.len() - self.told.len();
        if self.words[..own].iter().any(|word| is_one(word)) {
            return None;
        }
        self.told.iter().find(|(word, _)| is_one(word)).map(|(_, place)| *place)
    }

    /// Whether one of the arguments begins so.
    pub(crate) fn begins(&self, start: &str) -> bool {
        self.words.iter().skip(1).any(|own| own.starts_with(start))
    }

    /// The arguments that are neither options nor their values.
    pub(crate) fn operands(&self) -> impl Iterator<Item = &str> {
        operands(&self.words[self.words.len().min(1)..])
    }

    /// The first argument that is no option.
    pub(crate) fn verb(&self) -> &str {
        self.operands().next().unwrap_or("")
    }

    /// Whether these words follow each other, the program among them, options between them left out.
    pub(crate) fn says(&self, words: &str) -> bool {
        let mut own = self.words.iter().map(|word| word.rsplit('/').next().unwrap_or(word));
        words.split(' ').all(|wanted| own.any(|word| word == wanted))
    }
}

/// A value of a step that holds wherever the step is taken; where a script chooses that, `otherwise` is the other way.
pub(crate) fn where_taken(step: &Step, value: Value, otherwise: Value) -> Value {
    let Some((file, span)) = step.place.in_file().filter(|_| !step.certain) else { return value };
    let trail = value.trail.clone();
    Value::choice(Question::Condition(file, span), vec![otherwise, value], &trail)
}

/// The shell scripts that a command line starts, themselves and through each other.
pub(crate) fn scripts(reading: &Reading<'_>, line: &Line, folder: &str) -> Vec<FileId> {
    let found = steps(reading, line, folder);
    let mut files: Vec<FileId> = found.iter().filter_map(|step| Some(step.place.in_file()?.0)).collect();
    files.sort_unstable();
    files.dedup();
    files.retain(|file| is_shell(reading.documents.project, *file));
    files
}
