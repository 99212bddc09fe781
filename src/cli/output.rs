//! Where results go, in which colours and how wide; and what prodcheck's own environment says.

use super::destination::{Over, check};
use crate::report::wrapped;
use clap::ValueEnum;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// When colours are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set; always with `CLICOLOR_FORCE`.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Columns of a line everywhere but on a wide terminal.
pub(super) const NARROW: usize = 80;
/// No line is made for fewer columns.
const NARROWEST: usize = 60;
/// Columns of a line on a wide terminal, for which examples are written down.
pub(super) const WIDE: usize = 120;
/// No line is made for more columns: nobody follows one back to the left.
const WIDEST: usize = 200;

/// Where a result goes.
pub(super) struct Output {
    file: Option<PathBuf>,
    colour: Colour,
}

impl Output {
    /// Standard output, or a file.
    pub(super) fn new(file: Option<PathBuf>, colour: Colour) -> Output {
        Output { file, colour }
    }

    /// Whether colours are used: the flag decides, then the variables, then the terminal.
    pub(super) fn colour(&self) -> bool {
        match self.colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto if is_set("NO_COLOR") => false,
            Colour::Auto if self.file.is_some() => false,
            Colour::Auto => variable("CLICOLOR_FORCE").is_some_and(|value| value != "0") || io::stdout().is_terminal(),
        }
    }

    /// Whether the terminal follows links.
    pub(super) fn links(&self) -> bool {
        self.file.is_none()
            && self.colour != Colour::Never
            && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout)
    }

    /// Columns of a line: those of the terminal, as far as lines can be read; where there is none, 80.
    pub(super) fn width(&self) -> usize {
        columns(self.file.is_none() && io::stdout().is_terminal()).unwrap_or(NARROW)
    }

    /// Writes a result, at once. A reader that went away is no failure.
    pub(super) fn write(&self, text: &str) -> io::Result<()> {
        if let Some(path) = &self.file {
            return write_file(path, text);
        }
        let mut out = BufWriter::new(io::stdout().lock());
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            done => done,
        }
    }
}

/// Writes a file, with the folders that it lies in. The error names it.
fn write_file(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let made = || folder.map_or(Ok(()), fs::create_dir_all);
    let done = check(path, Over::Result).and_then(|()| made()).and_then(|()| fs::write(path, text));
    done.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}

/// A line on standard error, in as many as the terminal's width asks for: a script gets one.
fn say(what: &str, text: &str) {
    let line = format!("{what}: {}", crate::mask::printable(text));
    let line =
        columns(io::stderr().is_terminal()).map_or_else(|| line.clone() + "\n", |width| wrapped(&line, "", width));
    // Nobody is left to tell when even this cannot be written.
    let _ = write!(io::stderr().lock(), "{line}");
}

/// How long a line can be: what `COLUMNS` says, else as long as those of the terminal; none where nobody looks.
fn columns(is_terminal: bool) -> Option<usize> {
    let said = variable("COLUMNS").and_then(|columns| columns.parse().ok());
    let columns = said.or_else(|| is_terminal.then(terminal_columns).flatten());
    columns.map(|columns: usize| columns.clamp(NARROWEST, WIDEST))
}

/// A message on standard error.
pub(super) fn message(text: &str) {
    say("prodcheck", text);
}

/// Whether somebody looks at standard error while a scan runs.
pub(super) fn shows_progress() -> bool {
    io::stderr().is_terminal() && variable("TERM").is_none_or(|name| name != "dumb") && !is_set("CI")
}

/// One line of progress in place of the last one.
pub(super) fn progress(line: &str) {
    let mut error = io::stderr().lock();
    let _ = write!(error, "\r\u{1b}[2K{line}");
    let _ = error.flush();
}

/// Wipes the screen, where somebody looks at one.
pub(super) fn clear() {
    if io::stdout().is_terminal() {
        let mut out = io::stdout().lock();
        let _ = write!(out, "\u{1b}[2J\u{1b}[H");
        let _ = out.flush();
    }
}

/// What is wrong in a file that the user wrote for prodcheck, on standard error.
pub(super) fn mistakes(error: &crate::config::ConfigError) {
    let colour = !is_set("NO_COLOR") && io::stderr().is_terminal();
    let style = crate::report::Style { colour, ..crate::report::Style::default() };
    let _ = write!(io::stderr().lock(), "{}", crate::report::mistakes(error, style));
}

/// What to do about it, on standard error.
pub(super) fn help(text: &str) {
    say("help", text);
}

fn is_set(name: &str) -> bool {
    variable(name).is_some_and(|value| !value.is_empty())
}

#[expect(clippy::disallowed_methods, reason = "the command line is where the environment comes in")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Every variable of prodcheck's own environment whose name and value are text.
pub(super) fn process_environment() -> BTreeMap<String, crate::text::Text> {
    let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, crate::text::Text::new(value.into_string().ok()?)))
    };
    std::env::vars_os().filter_map(text).collect()
}

/// The terminal's width as clap's own dependency tells it.
fn terminal_columns() -> Option<usize> {
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}

/// Today by the clock of the machine, in UTC: every machine sees the same day end.
#[expect(clippy::disallowed_methods, reason = "the command line is where the clock comes in")]
pub(super) fn today() -> crate::config::Day {
    let now = jiff::Timestamp::try_from(std::time::SystemTime::now()).unwrap_or_default();
    now.to_zoned(jiff::tz::TimeZone::UTC).date()
}
