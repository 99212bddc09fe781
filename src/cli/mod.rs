//! The command line: arguments in, one call into the library, an exit code out.

mod arguments;
mod baseline;
mod completions;
mod destination;
mod diff;
mod explain;
mod facts;
mod fix;
mod generate;
mod init;
#[cfg(feature = "lsp")]
mod lsp;
mod mcp;
mod output;
mod reports;
mod rules;
mod site;
mod traceability;
mod waiting;
mod watch;
mod why;

use crate::config::{ConfigError, PolicyFile};
use crate::report::{Ending, Report};
use crate::syntax::code::is_contained;
use crate::{ScanError, ScanOptions};
use arguments::{Arguments, Checklist, Command, Scan, Settings};
use clap::Parser;
use clap::error::{ContextKind, ContextValue};
use output::{Colour, Output};
use reports::Reports;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;
use waiting::Watch;

/// Runs the command line. Results go to standard output, messages to standard error.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    // The message of a panic can quote a file; the place in prodcheck says enough.
    panic::set_hook(Box::new(|panic| {
        if is_contained() {
            return;
        }
        let place = panic.location().map_or(String::new(), |at| format!(" at {}:{}", at.file(), at.line()));
        output::message(&format!("internal error{place}"));
    }));
    let ending = panic::catch_unwind(AssertUnwindSafe(|| run(arguments.command))).unwrap_or(Ending::Failed);
    ExitCode::from(ending.code())
}

/// The stack of a thread that works, address space that costs nothing until it is used: a source file of usual size is
/// parsed on it, and only a huge one needs its own.
const STACK_BYTES: usize = 128 << 20;

/// Gives the threads that work a stack on which they can parse.
fn with_deep_stacks() {
    // A pool that is there already does as well, only slower.
    let _ = rayon::ThreadPoolBuilder::new().stack_size(STACK_BYTES).build_global();
}

/// The ways of clap to end: help and version are results, everything else is a wrong use.
fn usage(error: &clap::Error) -> ExitCode {
    // Nobody is left to tell when even this cannot be written.
    let _ = error.print();
    if let Some(ContextValue::String(path)) = error.get(ContextKind::InvalidSubcommand)
        && Path::new(path).exists()
    {
        output::help(&format!("to check `{path}`, run `prodcheck scan {path}`"));
    }
    let ending = if error.use_stderr() { Ending::Failed } else { Ending::Clean };
    ExitCode::from(ending.code())
}

fn run(command: Command) -> Ending {
    if !matches!(command, Command::Rules(_) | Command::Explain(_) | Command::Completions(_) | Command::Generate(_)) {
        with_deep_stacks();
    }
    let done = match command {
        Command::Scan(arguments) if arguments.watch => watch::run(&arguments, scan),
        Command::Scan(arguments) => scan(&arguments),
        Command::Settings(arguments) => settings(&arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Why(arguments) => why::run(&arguments),
        Command::Checklist(arguments) => checklist(&arguments),
        Command::Baseline(arguments) => baseline::run(&arguments),
        Command::Rules(arguments) => rules::run(&arguments),
        Command::Facts(arguments) => facts::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        #[cfg(feature = "lsp")]
        Command::Lsp(arguments) => lsp::run(&arguments),
        Command::Mcp(arguments) => mcp::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Generate(arguments) => generate::run(&arguments),
    };
    match done {
        Ok(ending) => ending,
        Err(failure) => {
            tell(&failure);
            Ending::Failed
        }
    }
}

/// Why a command could not do its work, on standard error.
fn tell(failure: &Failure) {
    output::message(&failure.message);
    if let Some(error) = &failure.file {
        output::mistakes(error);
    }
    if let Some(help) = &failure.help {
        output::help(help);
    }
}

/// Why a command could not do its work.
#[derive(Default)]
pub(crate) struct Failure {
    /// What went wrong.
    pub message: String,
    /// What to do, with a valid example.
    pub help: Option<String>,
    /// The file that is wrong, with all that is wrong in it.
    pub file: Option<ConfigError>,
}

impl From<ScanError> for Failure {
    fn from(error: ScanError) -> Failure {
        let help = error.help();
        match error {
            ScanError::Config(error) => {
                let message = format!("{} cannot be used", error.path);
                Failure { message, help, file: Some(error) }
            }
            error => Failure { message: error.to_string(), help, file: None },
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        Failure { message: format!("cannot write the output: {error}"), ..Failure::default() }
    }
}

type Done = Result<Ending, Failure>;

fn scan(arguments: &Scan) -> Done {
    let began = Instant::now();
    if arguments.diff {
        return fix::show(arguments);
    }
    let reports = Reports::of(arguments)?;
    let watch = Watch::begin(arguments.quiet);
    let with_settings = reports.show_settings();
    let options = ScanOptions { waiting: watch.waiting(), with_settings, ..options(arguments)? };
    let scanned = if arguments.fix { fix::apply(arguments, &options) } else { crate::scan(&options) };
    let mut report: Report = scanned.map_err(|error| scan_failure(error, arguments))?;
    let took = watch.end();
    report.fail_on = arguments.fail_on();
    report.ending = report.judge(report.fail_on, arguments.allow_empty);
    report.elapsed = Some(began.elapsed());
    if report.ending == Ending::NothingChecked {
        let path = arguments.source.path.display();
        output::message(&format!("nothing was checked: no supported project was found in `{path}`"));
        output::help(
            "give the folder of the app, as in `prodcheck scan apps/api`; prodcheck looks into package.json, pyproject.toml, \
             requirements.txt and imports. --allow-empty exits with 0 when there is nothing to check",
        );
    }
    reports.write(&report)?;
    if arguments.verbose {
        output::message(&took);
    }
    Ok(report.ending)
}

/// Why a scan failed; `--changed apps/api` takes the path for a revision.
fn scan_failure(error: ScanError, arguments: &Scan) -> Failure {
    let taken = arguments.changed.as_deref().filter(|name| !name.is_empty() && Path::new(name).exists());
    let mut failure = Failure::from(error);
    if let Some(path) = taken.filter(|path| failure.message.contains(&format!("`{path}`"))) {
        failure.help = Some(format!("`{path}` is a path: write `prodcheck scan {path} --changed`"));
    }
    failure
}

fn settings(arguments: &Settings) -> Done {
    let output = Output::new(None, arguments.color);
    let rows = crate::settings_of(&arguments.options())?;
    let is_empty = rows.is_empty();
    let shown: Vec<_> = rows.into_iter().filter(|row| arguments.shows(row)).collect();
    output.write(&arguments.format.render(&shown))?;
    if let (true, Some(name)) = (shown.is_empty() && !is_empty, &arguments.name) {
        output::message(&format!("no setting has `{name}` in its name; --all shows derived ones, too"));
    }
    Ok(if is_empty { Ending::NothingChecked } else { Ending::Clean })
}

fn checklist(arguments: &Checklist) -> Done {
    let output = Output::new(arguments.output_file.clone(), Colour::Never);
    if let Some(standard) = arguments.standard {
        let report = crate::clauses_of(standard.into(), &arguments.source.options())?;
        output.write(&arguments.format.clauses(&report))?;
        return Ok(if report.apps.is_empty() { Ending::NothingChecked } else { Ending::Clean });
    }
    let report = crate::checklist(&arguments.source.options())?;
    output.write(&arguments.format.render(&report, output.width()))?;
    Ok(if report.apps.is_empty() { Ending::NothingChecked } else { Ending::Clean })
}

/// The policy of an organisation, which lies outside of the project as a rule.
fn policy(path: &Path) -> Result<PolicyFile, Failure> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(PolicyFile { path: path.display().to_string().into(), text: text.into() }),
        Err(error) => {
            let message = format!("the policy `{}` cannot be read: {error}", path.display());
            let help = Some("name a file, as in --policy company.toml; docs/ci.md shows one".into());
            Err(Failure { message, help, file: None })
        }
    }
}

/// The folder that holds all paths that are named, and each of them; the one path where only one is.
fn paths(first: PathBuf, more: &[PathBuf]) -> Result<(PathBuf, Vec<PathBuf>), Failure> {
    if more.is_empty() {
        return Ok((first, Vec::new()));
    }
    let whole = |path: &PathBuf| {
        path.canonicalize().map_err(|error| Failure {
            message: format!("`{}` cannot be opened: {error}", path.display()),
            ..Failure::default()
        })
    };
    let all = std::iter::once(&first).chain(more).map(whole).collect::<Result<Vec<_>, _>>()?;
    let holds_all = |folder: &&Path| all.iter().all(|path| path.starts_with(folder));
    let folder = all[0].ancestors().find(|folder| folder.is_dir() && holds_all(folder));
    Ok((folder.unwrap_or(&first).to_path_buf(), all))
}

fn options(arguments: &Scan) -> Result<ScanOptions, Failure> {
    let baseline = arguments.baseline.as_deref().map(baseline::read).transpose()?;
    let options = arguments.source.options();
    let (select, ignore) = (arguments.select.clone(), arguments.ignore.clone());
    let (path, within) = paths(options.path.clone(), &arguments.more)?;
    let only = crate::Only { select, ignore, exclude: arguments.exclude.clone(), within };
    let policy = arguments.policy.as_deref().map(policy).transpose()?;
    let options = ScanOptions { path, ..options };
    Ok(ScanOptions { no_ignores: arguments.no_ignores, baseline, policy, since: arguments.since(), only, ..options })
}
