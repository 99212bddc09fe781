//! `prodcheck completions`, and the manual: what a package installs beside the program.

use super::Done;
use super::arguments::{Arguments, Completions, Facts, Rules};
use super::output::{Colour, Output};
use crate::report::Ending;
use clap::{Args, CommandFactory};

/// Prints the completions of a shell.
pub(super) fn run(arguments: &Completions) -> Done {
    let mut script = Vec::new();
    let mut command = whole();
    clap_complete::generate(arguments.shell, &mut command, "prodcheck", &mut script);
    Output::new(None, Colour::Never).write(&String::from_utf8_lossy(&script))?;
    Ok(Ending::Clean)
}

/// The commands with those that they have of their own: `help` takes the names from what is there before anything is built,
/// and a command that is deferred has none by then.
fn whole() -> clap::Command {
    let mut command = Arguments::command();
    if let Some(rules) = command.find_subcommand_mut("rules") {
        *rules = Rules::augment_args(clap::Command::new("rules"));
    }
    if let Some(facts) = command.find_subcommand_mut("facts") {
        *facts = Facts::augment_args(clap::Command::new("facts"));
    }
    command
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of what is below a command, as on the command line.
    fn names(command: &clap::Command, before: &str, into: &mut Vec<String>) {
        for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
            let name = format!("{before} {}", below.get_name());
            names(below, &name, into);
            into.push(name);
        }
    }

    #[test]
    fn help_completes_every_command() {
        let mut command = whole();
        command.build();
        let (mut commands, mut helped) = (Vec::new(), Vec::new());
        names(&command, "", &mut commands);
        names(command.find_subcommand("help").expect("clap adds it"), "", &mut helped);
        assert!(commands.contains(&" rules test".to_owned()), "{commands:?}");
        assert_eq!(helped, commands);
    }

    #[test]
    fn a_command_is_for_the_same_before_and_after_it_is_built() {
        let deferred = Arguments::command();
        let mut built = Arguments::command();
        built.build();
        for command in deferred.get_subcommands() {
            let name = command.get_name();
            let about = built.find_subcommand(name).and_then(clap::Command::get_about).map(ToString::to_string);
            assert_eq!(command.get_about().map(ToString::to_string), about, "{name}");
        }
    }
}
