//! Programs by what they are to the variables of what they start: those that hand on, that take them out of a store, that
//! read them from a file of their own, and those that are never the app.

use crate::platforms::command::{RUNNERS, WRAPPERS};
use crate::syntax::shell::Word;

/// Programs that take variables out of a store, or of files that they find by themselves, for the program behind them.
const STORES: &[&str] = &[
    "doppler",
    "infisical",
    "op",
    "chamber",
    "teller",
    "aws-vault",
    "summon",
    "envconsul",
    "vault",
    "sops",
    "berglas",
    "dotenv-vault",
    "akeyless",
    "phase",
    "varlock",
    "direnv",
    "secretspec",
    "make",
    "just",
    "task",
    "rake",
    "foreman",
    "honcho",
    "overmind",
];

/// Programs that go on as the user whom they are told first.
const USERS: &[&str] = &["gosu", "su-exec", "setuidgid", "s6-setuidgid"];

/// Programs of a start command that are not what it is there for.
const HELPERS: &[&str] = &[
    "echo",
    "printf",
    "cd",
    "mkdir",
    "chmod",
    "chown",
    "sleep",
    "test",
    "[",
    "[[",
    "true",
    "false",
    "wait",
    "exit",
    "return",
    "shift",
    "trap",
    "read",
    "cat",
    "ls",
    "rm",
    "cp",
    "mv",
    "sed",
    "awk",
    "grep",
    "nc",
    "curl",
    "wget",
    "id",
    "whoami",
    "date",
    "touch",
    "ln",
    "tr",
    "head",
    "tail",
    "cut",
    "envsubst",
    "kill",
    "ulimit",
    "umask",
    "pwd",
    "pushd",
    "popd",
    "pg_isready",
    "case",
    "for",
    "esac",
    "local",
    "nginx",
    "caddy",
    "done",
    "stty",
    "hash",
    "which",
    "type",
];

/// Words by which a program says that it prepares something for the app and is not the app.
const TASKS: &[&str] = &[
    "migrate",
    "migrations",
    "migration",
    "upgrade",
    "seed",
    "build",
    "generate",
    "collectstatic",
    "install",
    "push",
    "compilemessages",
    "createsuperuser",
    "ci",
    "db:migrate",
    "migrate:deploy",
];

/// Programs that read more of their environment from a file: the options in front of it, and what such a file mentions
/// where it does.
const READERS: &[(&[&str], &[&str], &[&str])] = &[
    (&["supervisord"], &["-c", "--configuration"], &["environment"]),
    (&["gunicorn"], &["-c", "--config"], &["environ"]),
    (&["uwsgi"], &["--yaml", "--json", "--xml"], &["\"env\"", "env:", "<env>"]),
    (&["node", "nodejs", "tsx", "ts-node", "bun"], &["-r", "--require", "--import", "--preload"], &["process.env"]),
    (&["pm2", "pm2-runtime", "pm2-docker"], &["start", "reload"], &["env"]),
];

/// Options whose next word is a variable with its value for the program itself.
const SETTERS: &[(&str, &[&str])] =
    &[("gunicorn", &["-e", "--env"]), ("uwsgi", &["--env"]), ("dotenv", &["-v"]), ("dotenvx", &["-e", "--env"])];

/// What stands behind a program that only hands on, and whether it sets variables that no file shows.
pub(super) struct Behind<'w> {
    pub(super) words: &'w [Word],
    pub(super) unseen: bool,
}

/// What a program starts that is made to start another; none for any other program.
pub(super) fn behind<'w>(name: &str, words: &'w [Word]) -> Option<Behind<'w>> {
    if STORES.contains(&name) {
        return Some(Behind { words: without(words, &["run", "exec", "exec-env", "start"]), unseen: true });
    }
    if USERS.contains(&name) {
        return Some(Behind { words: without(words, &[]).get(1..).unwrap_or_default(), unseen: false });
    }
    let verb = words.first().map_or("", |word| &*word.text);
    if RUNNERS.iter().any(|(tool, verbs)| *tool == name && verbs.contains(&verb)) {
        return Some(Behind { words: without(&words[1..], &[]), unseen: false });
    }
    let hands_on = WRAPPERS.contains(&name) || matches!(name, "setpriv" | "chpst" | "nice" | "stdbuf" | "timeout");
    hands_on.then(|| Behind { words: without(words, &["run", "run-program"]), unseen: false })
}

/// The words behind options, a verb and what stands in front of `--`.
fn without<'w>(words: &'w [Word], verbs: &[&str]) -> &'w [Word] {
    if let Some(at) = words.iter().position(|word| word.text == "--") {
        return &words[at + 1..];
    }
    let options = words.iter().take_while(|word| word.text.starts_with('-')).count();
    let rest = &words[options..];
    match rest.first() {
        Some(first) if verbs.contains(&&*first.text) => without(&rest[1..], &[]),
        _ => rest,
    }
}

/// Whether a program can be the app that a command is there for.
pub(super) fn is_app(name: &str, arguments: &[Word]) -> bool {
    let is_task = |word: &Word| word.text.split([' ', '/']).any(|part| TASKS.contains(&part));
    !HELPERS.contains(&name) && !arguments.iter().any(is_task)
}

/// The words that give a program variables by options of its own.
pub(super) fn given<'w>(name: &str, arguments: &'w [Word]) -> Vec<&'w str> {
    let Some((_, options)) = SETTERS.iter().find(|(program, _)| *program == name) else { return Vec::new() };
    let with_next = arguments.iter().zip(arguments.iter().skip(1));
    let next = with_next.filter(|(word, _)| options.contains(&&*word.text)).map(|(_, next)| &*next.text);
    let joined = arguments.iter().filter_map(|word| {
        let (option, value) = word.text.split_once('=')?;
        (option.starts_with("--") && options.contains(&option)).then_some(value)
    });
    next.chain(joined).collect()
}

/// The files from which a program takes more of its environment, and what they mention where it does.
pub(super) fn read_files<'w>(name: &str, arguments: &'w [Word]) -> Vec<(&'w str, &'static [&'static str])> {
    let Some((_, options, needles)) = READERS.iter().find(|(programs, ..)| programs.contains(&name)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (at, word) in arguments.iter().enumerate() {
        let (option, joined) = match word.text.split_once('=') {
            Some((option, value)) if option.starts_with("--") => (option, Some(value)),
            _ => (&*word.text, None),
        };
        if options.contains(&option) {
            let next = arguments.get(at + 1).map(|word| &*word.text);
            found.extend(joined.or(next).map(|path| (path, *needles)));
        }
    }
    // `pm2-runtime ecosystem.config.js`
    if name.starts_with("pm2") && found.is_empty() {
        found.extend(
            arguments.iter().map(|word| &*word.text).find(|word| !word.starts_with('-')).map(|path| (path, *needles)),
        );
    }
    found
}
