//! `prodcheck completions`, and the manual: what a package installs beside the program.

use super::Done;
use super::arguments::{Arguments, Completions};
use super::output::{Colour, Output};
use crate::report::Ending;
use clap::CommandFactory;

/// Prints the completions of a shell.
pub(super) fn run(arguments: &Completions) -> Done {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "prodcheck", &mut script);
    Output::new(None, Colour::Never).write(&String::from_utf8_lossy(&script))?;
    Ok(Ending::Clean)
}

/// The pages of the manual, one for each command: file name and text.
pub(super) fn manual() -> Vec<(String, String)> {
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    collect(&command, &mut pages);
    pages
}

fn collect(command: &clap::Command, pages: &mut Vec<(String, String)>) {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    let mut text = Vec::new();
    let page = clap_mangen::Man::new(command.clone());
    page.render(&mut text).expect("internal error: a buffer takes all that is written");
    pages.push((format!("{name}.1"), String::from_utf8_lossy(&text).into_owned()));
    command.get_subcommands().filter(|command| !command.is_hide_set()).for_each(|command| collect(command, pages));
}
