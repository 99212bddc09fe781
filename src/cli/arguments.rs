//! What the command line accepts.

use super::output::{Colour, Output};
use crate::report::{ChecklistFormat, FailOn, Format, SettingRow, Style, TableFormat};
use crate::rules::{Profile, Standard};
use crate::{ScanOptions, Since};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Is this project configured to be in production?
#[derive(Debug, Parser)]
#[command(name = "prodcheck", version, about, arg_required_else_help = true, max_term_width = 100)]
pub(super) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands. The arguments of the one that is run are built, and those of no other; clap then takes what a command is
/// for from its arguments, which therefore say it in the same words.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(super) enum Command {
    /// Check what a project would run with in production
    #[command(after_help = EXIT_CODES)]
    Scan(Scan),
    /// Show the settings that prodcheck computed, and where each comes from
    Settings(Settings),
    /// Show what differs between two environments, targets or revisions of a project
    #[command(after_help = DIFF_EXAMPLES)]
    Diff(Diff),
    /// Show where one effective setting comes from, step by step
    Why(Why),
    /// List what a person must check before a release
    Checklist(Checklist),
    /// Write a commented prodcheck.toml for what is found in the project
    Init(Init),
    /// Record today's findings, so that later scans report only new ones
    Baseline(BaselineFile),
    /// List the rules
    Rules(Rules),
    /// List the libraries whose facts are known
    Facts(Facts),
    /// Explain one rule
    Explain(Explain),
    /// Serve an editor: findings as you type, over standard input and output
    #[cfg(feature = "lsp")]
    Lsp(Lsp),
    /// Serve a coding agent: tools that read and never write, over standard input and output
    Mcp(Mcp),
    /// Print the completions of a shell
    Completions(Completions),
    /// Write the schemas and references of this repository
    #[command(hide = true)]
    Generate(Generate),
}

const DIFF_EXAMPLES: &str = "Examples:
  prodcheck diff --environment staging --environment production
  prodcheck diff main..HEAD apps/api
  prodcheck diff v1.2..                       up to the files as they are
  prodcheck diff --target compose.yaml:api --target compose.yaml:worker
  prodcheck diff --left-env-file staging.env --right-env-file production.env";

const EXIT_CODES: &str = "Exit codes:
  0  nothing blocks
  1  something blocks, or --fail-on names it
  2  prodcheck could not do its work
  3  no supported project was found";

/// What to read, and what to take for granted. The same for every command that evaluates a project.
#[derive(Debug, Args)]
pub(super) struct Source {
    /// The project, or an app in it
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// The deployment environment to check for [default: what prodcheck.toml says, else production]
    #[arg(long, value_name = "NAME", value_parser = profile)]
    pub environment: Option<Profile>,
    /// Read variables from this file, as the host would set them; can be repeated, the last one wins
    #[arg(long, value_name = "FILE")]
    pub env_file: Vec<PathBuf>,
    /// Read variables from prodcheck's own environment
    #[arg(long)]
    pub from_env: bool,
    /// Check only this deployment target, such as compose.yaml:api
    #[arg(long, value_name = "TARGET")]
    pub target: Option<String>,
}

/// Check what a project would run with in production
#[derive(Debug, Args)]
pub(super) struct Scan {
    #[command(flatten)]
    pub source: Source,
    /// Further files or folders: only what lies in one of them is reported
    #[arg(value_name = "PATH")]
    pub more: Vec<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Also write a report to a file, as in sarif=results.sarif; can be repeated. A PATH alone uses --format
    #[arg(long, value_name = "FORMAT=PATH", value_parser = OutputFile::parse)]
    pub output_file: Vec<OutputFile>,
    /// When to color the output
    #[arg(long, value_enum, default_value_t)]
    pub color: Colour,
    /// Also exit with 1 on these: warning, unverified, problem, checklist
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub fail_on: Vec<Failing>,
    /// Fail on warnings, unverified findings and problems
    #[arg(long)]
    pub strict: bool,
    /// List what a person must check before a release, too
    #[arg(long)]
    pub checklist: bool,
    /// With --format agent: list at most this many findings, the heaviest first, and say how many more there are; 0 is all
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    pub limit: usize,
    /// Report only this rule or category, such as cors or secrets/missing; can be repeated
    #[arg(long, value_name = "RULE")]
    pub select: Vec<String>,
    /// Report nothing of this rule or category; can be repeated
    #[arg(long, value_name = "RULE")]
    pub ignore: Vec<String>,
    /// Report nothing of files that match this glob, such as 'examples/**'; can be repeated
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,
    /// Also report findings that comments or prodcheck.toml ignore
    #[arg(long)]
    pub no_ignores: bool,
    /// Report only findings that are not in this baseline file; see `prodcheck baseline`
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// What an organisation demands of every project: rules, limits and what is locked; prodcheck.toml cannot weaken it
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Report only findings that this revision did not have [default: where HEAD left the default branch, else HEAD];
    /// `--changed main...` is where HEAD left main
    #[arg(long, value_name = "REF", num_args = 0..=1, default_missing_value = "")]
    pub changed: Option<String>,
    /// Fix what can be fixed without users noticing, and report what remains
    #[arg(long, conflicts_with_all = ["diff", "watch"])]
    pub fix: bool,
    /// Show what --fix would change, and write nothing; exit code 1 when there is something to fix
    #[arg(long, conflicts_with_all = ["watch", "output_file"])]
    pub diff: bool,
    /// With --fix or --diff: include fixes that users may notice, such as shorter token lifetimes
    #[arg(long)]
    pub unsafe_fixes: bool,
    /// Exit with 0 when there is nothing to check
    #[arg(long)]
    pub allow_empty: bool,
    /// Show only what blocks
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Show why each finding matters, all that could not be checked, what is ignored, and how long each stage took
    #[arg(short, long)]
    pub verbose: bool,
    /// Scan again whenever a file of the project changes, until Ctrl-C
    #[arg(long)]
    pub watch: bool,
}

/// Record today's findings, so that later scans report only new ones
#[derive(Debug, Args)]
pub(super) struct BaselineFile {
    #[command(flatten)]
    pub source: Source,
    /// The file to write (an existing file's salt is reused)
    #[arg(short, long, value_name = "FILE", default_value = "prodcheck-baseline.json")]
    pub output_file: PathBuf,
}

/// What `--fail-on` can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Failing {
    /// Warnings.
    Warning,
    /// What could not be checked.
    Unverified,
    /// Files that could not be read.
    Problem,
    /// Open checklist items.
    Checklist,
}

/// Show the settings that prodcheck computed, and where each comes from
#[derive(Debug, Args)]
pub(super) struct Settings {
    #[command(flatten)]
    pub source: Source,
    /// Only settings whose name, key or resource contains this, such as cors or cookie.secure
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// Also show what prodcheck derives from other settings, and what nobody knows
    #[arg(long)]
    pub all: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: TableFormat,
    /// When to color the output
    #[arg(long, value_enum, default_value_t)]
    pub color: Colour,
}

/// Write a commented prodcheck.toml for what is found in the project
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The project, or an app in it; the file is written at the project's root
    #[arg(default_value = ".")]
    pub path: PathBuf,
}

/// Show what differs between two environments, targets or revisions of a project
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// Two revisions, and the project or an app in it [default: .]
    #[arg(value_name = "REV..REV] [PATH", num_args = 0..=2)]
    pub what: Vec<String>,
    /// The deployment environment; twice: the left one and the right one
    #[arg(long, value_name = "NAME", value_parser = profile)]
    pub environment: Vec<Profile>,
    /// The deployment target; twice: the left one and the right one
    #[arg(long, value_name = "TARGET")]
    pub target: Vec<String>,
    /// Read variables from this file on both sides; can be repeated, the last one wins
    #[arg(long, value_name = "FILE")]
    pub env_file: Vec<PathBuf>,
    /// Read variables from this file on the left side only
    #[arg(long, value_name = "FILE")]
    pub left_env_file: Vec<PathBuf>,
    /// Read variables from this file on the right side only
    #[arg(long, value_name = "FILE")]
    pub right_env_file: Vec<PathBuf>,
    /// Read variables from prodcheck's own environment, on both sides
    #[arg(long)]
    pub from_env: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: TableFormat,
    /// When to color the output
    #[arg(long, value_enum, default_value_t)]
    pub color: Colour,
}

/// Show where one effective setting comes from, step by step
#[derive(Debug, Args)]
pub(super) struct Why {
    /// The setting: `cors.origins`, the framework's own key, or a variable
    pub setting: String,
    #[command(flatten)]
    pub source: Source,
    /// Only this app (its folder, as reports name it)
    #[arg(long, value_name = "APP")]
    pub app: Option<String>,
    /// Only this resource, by its name in `prodcheck settings`
    #[arg(long, value_name = "NAME")]
    pub resource: Option<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: TableFormat,
    /// When to color the output
    #[arg(long, value_enum, default_value_t)]
    pub color: Colour,
}

/// List what a person must check before a release
#[derive(Debug, Args)]
pub(super) struct Checklist {
    #[command(flatten)]
    pub source: Source,
    /// List the clauses of a standard instead, each with what the scan says of it
    #[arg(long, value_enum, value_name = "STANDARD")]
    pub standard: Option<StandardName>,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: ChecklistFormat,
    /// Write it to a file
    #[arg(long, value_name = "FILE")]
    pub output_file: Option<PathBuf>,
}

/// List the rules
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Rules {
    /// What else to do with rules
    #[command(subcommand)]
    pub action: Option<RulesAction>,
    /// List the clauses of a standard, and the rules that answer to each
    #[arg(long, value_enum, value_name = "STANDARD")]
    pub standard: Option<StandardName>,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: TableFormat,
}

/// What else `prodcheck rules` does.
#[derive(Debug, Subcommand)]
pub(super) enum RulesAction {
    /// Run the cases and examples of your own rules
    Test {
        /// The folder with the rules [default: the `rules_folder` of prodcheck.toml]
        folder: Option<PathBuf>,
        /// The folder is prodcheck's own: what lies in it takes the place of what is compiled in
        #[arg(long)]
        built_in: bool,
        /// When to color the output
        #[arg(long, value_enum, default_value_t)]
        color: Colour,
    },
}

/// List the libraries whose facts are known
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Facts {
    /// What else to do with facts
    #[command(subcommand)]
    pub action: Option<FactsAction>,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: TableFormat,
}

/// What else `prodcheck facts` does.
#[derive(Debug, Subcommand)]
pub(super) enum FactsAction {
    /// Run the cases of your own facts
    Test {
        /// The folder with the facts [default: the `facts_folder` of prodcheck.toml]
        folder: Option<PathBuf>,
        /// The folder is prodcheck's own: what lies in it takes the place of what is compiled in
        #[arg(long)]
        built_in: bool,
        /// When to color the output
        #[arg(long, value_enum, default_value_t)]
        color: Colour,
    },
}

/// Explain one rule
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The rule's id, such as cors/credentialed-wildcard
    pub rule: String,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: PageFormat,
    /// When to color the output
    #[arg(long, value_enum, default_value_t)]
    pub color: Colour,
}

/// A standard that rules answer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum StandardName {
    /// Common Weakness Enumeration
    Cwe,
    /// OWASP ASVS 5.0.0
    Asvs,
    /// OWASP API Security Top 10 (2023)
    Api,
}

impl From<StandardName> for Standard {
    fn from(name: StandardName) -> Standard {
        match name {
            StandardName::Cwe => Standard::Cwe,
            StandardName::Asvs => Standard::Asvs,
            StandardName::Api => Standard::Api,
        }
    }
}

/// How the page of a rule is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum PageFormat {
    /// For people
    #[default]
    Human,
    /// A page of a documentation
    Markdown,
    /// All of it as JSON
    Json,
}

/// Serve an editor: findings as you type, over standard input and output
#[cfg(feature = "lsp")]
#[derive(Debug, Args)]
pub(super) struct Lsp {
    /// Taken and not needed: many editors say so
    #[arg(long, hide = true)]
    pub stdio: bool,
}

/// Serve a coding agent: tools that read and never write, over standard input and output
#[derive(Debug, Args)]
pub(super) struct Mcp {
    /// The folder that may be looked at; paths elsewhere are refused
    #[arg(default_value = ".")]
    pub path: PathBuf,
}

/// Print the completions of a shell
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// Write the schemas and references of this repository
#[derive(Debug, Args)]
pub(super) struct Generate {
    /// The repository to write into
    #[arg(default_value = ".")]
    pub root: PathBuf,
    /// Write the documentation as the source of an mdBook into this folder instead
    #[arg(long, value_name = "FOLDER")]
    pub site: Option<PathBuf>,
}

/// A report that goes to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OutputFile {
    /// Its format; none is the one of `--format`.
    pub format: Option<Format>,
    /// The file.
    pub path: PathBuf,
}

impl OutputFile {
    /// `FORMAT=PATH`, or a path.
    fn parse(text: &str) -> Result<OutputFile, String> {
        let Some((name, path)) = text.split_once('=') else { return OutputFile::of(None, text) };
        if let Ok(format) = Format::from_str(name, false) {
            return OutputFile::of(Some(format), path);
        }
        // A folder or a file's ending in front of the sign is a path that has one in its name.
        if name.contains(['/', '\\', '.']) {
            return OutputFile::of(None, text);
        }
        let names: Vec<String> = Format::value_variants()
            .iter()
            .filter_map(|format| Some(format.to_possible_value()?.get_name().into()))
            .collect();
        Err(format!("`{name}` is no format; there are {}", names.join(", ")))
    }

    fn of(format: Option<Format>, path: &str) -> Result<OutputFile, String> {
        if path.is_empty() {
            return Err("it names no file, as in sarif=results.sarif".into());
        }
        Ok(OutputFile { format, path: path.into() })
    }
}

fn profile(name: &str) -> Result<Profile, String> {
    Profile::named(name).ok_or_else(|| {
        let names: Vec<&str> = Profile::names().collect();
        format!("it is one of {}", names.join(", "))
    })
}

impl Source {
    /// What the library is asked to do.
    pub(super) fn options(&self) -> ScanOptions {
        ScanOptions {
            path: self.path.clone(),
            environment: self.environment,
            env_files: self.env_file.clone(),
            process_environment: self.from_env.then(super::output::process_environment),
            target: self.target.clone(),
            today: Some(super::output::today()),
            no_ignores: false,
            baseline: None,
            policy: None,
            since: None,
            only: crate::Only::default(),
            most_bytes: None,
            with_settings: false,
            unsaved: Vec::new(),
            waiting: crate::Waiting::default(),
        }
    }
}

impl Scan {
    /// What fails the scan.
    pub(super) fn fail_on(&self) -> FailOn {
        let named = |what| self.fail_on.contains(&what);
        let listed = FailOn {
            warning: named(Failing::Warning),
            unverified: named(Failing::Unverified),
            problem: named(Failing::Problem),
            checklist: named(Failing::Checklist),
        };
        if self.strict { listed.and(FailOn::STRICT) } else { listed }
    }

    /// The revision to hold the scan against.
    pub(super) fn since(&self) -> Option<Since> {
        let name = self.changed.as_ref()?;
        Some(if name.is_empty() { Since::Base } else { Since::Revision(name.clone()) })
    }

    /// How text for people looks.
    pub(super) fn style(&self, output: &Output) -> Style {
        Style {
            colour: output.colour(),
            links: output.links(),
            width: output.width(),
            detail: i8::from(self.verbose) - i8::from(self.quiet),
            checklist: self.checklist,
            limit: Some(self.limit).filter(|most| *most > 0),
        }
    }
}

impl Settings {
    /// Whether a row is asked for: what a person would look up, unless all of it is wanted.
    pub(super) fn shows(&self, row: &SettingRow) -> bool {
        let told = self.all || !matches!(row.state, "derived" | "unknown" | "fixed") || self.name.is_some();
        let name = format!("{}.{}", row.kind, row.setting);
        let has = |text: &str| {
            name.contains(text)
                || row.resource.contains(text)
                || row.key.as_deref().is_some_and(|key| key.contains(text))
        };
        told && self.name.as_deref().is_none_or(has)
    }

    /// What the library is asked to do.
    pub(super) fn options(&self) -> ScanOptions {
        self.source.options()
    }
}
