//! Migrations: which step of a deploy applies them.

use crate::eval::Kind;
use crate::platforms::commands::commands;
use crate::reading::bench::Reading;
use crate::reading::commands::Command;
use crate::settings::migration;
use crate::syntax::shell::pipelines;
use crate::text::Text;

/// Words in a script's name that keep it out of a deploy.
const DEVELOPMENT: &[&str] = &["dev", "test", "local", "reset", "seed", "fresh"];

pub(super) fn read(reading: &mut Reading<'_>) {
    let deploys = || commands(reading).filter(|command| !command.is_for(DEVELOPMENT));
    let Some(applied) = deploys().find(|command| runs(&command.line, Some("migrate"), false)) else { return };
    let shown = deploys().find(|command| runs(&command.line, Some("migrate"), true));
    let place = applied.place_of(reading, "lucent");
    let dry = shown.map_or(place, |command: &Command| command.place_of(reading, "lucent"));
    let is_shown = Kind::Bool(shown.is_some());
    let resource = reading
        .resource(migration::KIND, "deploy", place)
        .set_at(migration::apply_step, reading.stated(Kind::Bool(true), place), "lucent migrate")
        .set_at(migration::dry_run_step, reading.stated(is_shown, dry), "lucent migrate --dry-run");
    reading.add(resource);
}

/// Whether a command line runs Lucent's own command.
pub(super) fn runs_lucent(line: &Text) -> bool {
    runs(line, None, false) || runs(line, None, true)
}

/// Whether one of the commands in a line runs `lucent` with this subcommand, with or without `--dry-run`.
fn runs(line: &Text, subcommand: Option<&str>, dry: bool) -> bool {
    line.test(|line| {
        pipelines(line).iter().flat_map(|pipeline| &pipeline.commands).any(|command| {
            let words: Vec<&str> = command.words.iter().map(|word| &*word.text).collect();
            let Some(at) = words.iter().position(|word| *word == "lucent" || word.ends_with("/lucent")) else {
                return false;
            };
            let rest = &words[at + 1..];
            let fits = subcommand.is_none_or(|wanted| rest.first() == Some(&wanted));
            fits && !rest.is_empty() && rest.contains(&"--dry-run") == dry && !rest.contains(&"--help")
        })
    })
}
