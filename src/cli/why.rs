//! `prodcheck why`: where one effective setting comes from.

use super::arguments::Why;
use super::output::Output;
use super::{Done, Failure};
use crate::Asked;
use crate::report::{Ending, Style, whys};

/// Prints the way of each setting that the name means.
pub(super) fn run(arguments: &Why) -> Done {
    let asked =
        Asked { setting: arguments.setting.clone(), app: arguments.app.clone(), resource: arguments.resource.clone() };
    let answer = crate::why(&arguments.source.options(), &asked)?;
    if let Some(message) = answer.nothing {
        return Err(Failure { message, help: answer.help, ..Failure::default() });
    }
    let output = Output::new(None, arguments.color);
    let style = Style { colour: output.colour(), width: output.width(), ..Style::default() };
    if answer.apps.is_empty() {
        super::output::message("nothing was looked at: no supported project was found");
        return Ok(Ending::NothingChecked);
    }
    output.write(&whys(&answer.whys, arguments.format, style))?;
    Ok(Ending::Clean)
}
