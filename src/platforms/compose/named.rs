//! The compose files that a deploy command names, each over the ones before it: they run, whatever lies beside them.
//! <https://docs.docker.com/compose/how-tos/multiple-compose-files/merge/>

use crate::eval::Place;
use crate::platforms::describing::Describing;
use crate::platforms::pipelines::deploying::{Deploying, scripts};
use crate::project::{inside, normalized};
use crate::syntax::FileId;
use crate::syntax::shell::{Simple, Word, pipelines};

/// Texts without which no command starts services.
const WORDS: &[&str] = &["docker compose", "docker-compose", "docker stack", "podman compose", "podman-compose"];

/// What names the files where no option does, and the sign between two of them.
/// <https://docs.docker.com/compose/how-tos/environment-variables/envvars/#compose_file>
const VARIABLE: &str = "COMPOSE_FILE=";
const LIST: char = ':';

/// Arguments that start services for good.
const STARTS: &[&str] = &["up", "deploy", "start", "create", "restart"];

/// The files that one command starts services with.
pub(crate) struct Named {
    /// In the order in which it names them.
    pub(crate) files: Vec<FileId>,
    /// It names one more that is not in the tree, or that a variable decides.
    pub(crate) unseen: Option<Place>,
}

impl Named {
    /// Whether its first file, by which paths are meant, lies in a folder.
    pub(crate) fn lies_in(&self, context: &Describing<'_, '_>, folder: &str) -> bool {
        self.files.first().is_some_and(|file| context.folder(*file) == folder)
    }
}

/// What the deploy commands of the project name, each list once, where it is another than what lies there anyway.
pub(crate) fn started_with(context: &mut Describing<'_, '_>) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    for script in scripts(context, WORDS) {
        let mut folder = script.folder.to_string();
        let mut listed = None;
        for command in pipelines(&script.text).iter().flat_map(|pipeline| &pipeline.commands) {
            if command.program() == "cd"
                && let Some(inner) = command.arguments().first()
            {
                folder = normalized(&inside(&folder, &inner.text)).unwrap_or(folder);
            }
            let own = command.words.iter().find_map(|word| word.text.strip_prefix(VARIABLE));
            if matches!(command.program(), "" | "export") {
                listed = own.or(listed);
            }
            let named = of_command(context, &script, &folder, (command, own.or(listed)));
            found.extend(named.filter(|named| !found.iter().any(|known| known.files == named.files)));
        }
    }
    found
}

/// The files that a list of `COMPOSE_FILE` names; none where one of them is not in the tree.
pub(crate) fn listed(context: &Describing<'_, '_>, folder: &str, list: &str) -> Option<Named> {
    let find = |path: &str| context.project().find(&normalized(&inside(folder, path))?);
    let files: Vec<FileId> = list.split(LIST).map(|path| find(path.trim())).collect::<Option<_>>()?;
    let is_theirs = files.iter().any(|file| context.is_for_another(*file));
    (!files.is_empty() && !is_theirs).then_some(Named { files, unseen: None })
}

/// The files of a command that starts services; `list` is what `COMPOSE_FILE` is there.
fn of_command(
    context: &Describing<'_, '_>,
    script: &Deploying,
    folder: &str,
    (command, list): (&Simple, Option<&str>),
) -> Option<Named> {
    let words = command.arguments();
    let starts = match command.program() {
        "docker" | "podman" => words.first().is_some_and(|word| matches!(&*word.text, "compose" | "stack")),
        program => matches!(program, "docker-compose" | "podman-compose"),
    };
    let verb = words.iter().any(|word| STARTS.contains(&&*word.text));
    let paths = paths(words);
    if !starts || !verb {
        return None;
    }
    if paths.is_empty() {
        let list = list.map(|list| list.trim_matches(['"', '\'']))?;
        return [folder, ""].into_iter().find_map(|folder| listed(context, folder, list));
    }
    if paths.len() < 2 {
        return None;
    }
    let mut named = Named { files: Vec::new(), unseen: None };
    for (path, word) in paths {
        let file =
            [folder, ""].into_iter().find_map(|folder| context.project().find(&normalized(&inside(folder, path))?));
        match file {
            // How developers start it.
            Some(file) if context.is_for_another(file) => return None,
            Some(file) => named.files.push(file),
            None => named.unseen = Some(Place::File(script.file, script.place(context, word.span))),
        }
    }
    (!named.files.is_empty()).then_some(named)
}

/// The files that the options of a command name.
fn paths(words: &[Word]) -> Vec<(&str, &Word)> {
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).map_or("", |at| &*words[at].text);
        if matches!(before, "-f" | "--file" | "-c" | "--compose-file") {
            found.push((&*word.text, word));
        } else if let Some(path) =
            ["--file=", "--compose-file=", "-f="].iter().find_map(|option| word.text.strip_prefix(option))
        {
            found.push((path, word));
        }
    }
    found
}
