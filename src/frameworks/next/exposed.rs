//! What `env` of `next.config` writes into the code that browsers get.

use crate::eval::{Because, How, Kind, Step, Value};
use crate::libraries::next;
use crate::project::inside;
use crate::reading::bench::Reading;
use crate::settings::variable;
use crate::syntax::FileId;
use crate::text::Text;

/// Where code of the app runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    /// In browsers, too.
    Client,
    /// On the server alone.
    Server,
    /// In whatever imports it.
    Either,
}

/// One variable for each key of `env`: its value stands wherever code names it.
pub(super) fn read(reading: &mut Reading<'_>, files: &[FileId]) {
    let Some(config) = next::configuration(reading) else { return };
    for (name, value) in config.field("env").fields() {
        if matches!(value.kind, Kind::Absent | Kind::Null) {
            continue;
        }
        let place = reading.place_of(value);
        let Some(visible) = visible(reading, files, name) else { continue };
        let trail = Step::start(place, How::Derived);
        let visible = match visible {
            Some(visible) => Value::new(Kind::Bool(visible), &trail),
            None => Value::unknown(Because::Undecided, &trail),
        };
        let resource = reading
            .resource(variable::KIND, name.clone(), place)
            .set_at(variable::name, Value::new(Kind::Text(Text::new(name.clone())), &trail), format!("env.{name}"))
            .set_at(variable::value, value.clone(), format!("env.{name}"))
            .set(variable::visible_to_client, visible);
        reading.add(resource);
    }
}

/// Whether code that browsers get names a variable: no answer where no code does, an open one where nobody can tell.
fn visible(reading: &Reading<'_>, files: &[FileId], name: &str) -> Option<Option<bool>> {
    let project = reading.documents.project;
    let configs = next::CONFIGS.iter().filter_map(|name| project.find(&inside(&reading.found.root, name)));
    let configs: Vec<FileId> = configs.collect();
    let word = format!("env.{name}");
    let naming = project.mentioning(files, &[&word]);
    let sides: Vec<Side> =
        naming.into_iter().filter(|file| !configs.contains(file)).map(|file| side(reading, file)).collect();
    if sides.is_empty() {
        return None;
    }
    if sides.contains(&Side::Client) {
        return Some(Some(true));
    }
    Some(if sides.contains(&Side::Either) { None } else { Some(false) })
}

/// Where a file's code runs: by its directive, or by its place.
fn side(reading: &Reading<'_>, file: FileId) -> Side {
    let project = reading.documents.project;
    let path = project.file(file).path.strip_prefix(&*reading.found.root).unwrap_or_default();
    let path = path.trim_start_matches('/');
    let path = path.strip_prefix("src/").unwrap_or(path);
    let Ok(text) = project.text(file) else { return Side::Either };
    let begins = |directive: &str| {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
        lines.take(3).any(|line| line.trim_end_matches(';').trim_matches(['"', '\'']) == directive)
    };
    let stem = path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default();
    if begins("use client") {
        return Side::Client;
    }
    let on_server = begins("use server")
        || path.starts_with("pages/api/")
        || path.starts_with("app/")
            && matches!(stem, "route" | "page" | "layout" | "sitemap" | "robots" | "opengraph-image")
        || matches!(path.split('.').next(), Some("middleware" | "proxy" | "instrumentation"))
        || text.contains("server-only");
    match on_server {
        true => Side::Server,
        false if path.starts_with("pages/") => Side::Client,
        false => Side::Either,
    }
}
