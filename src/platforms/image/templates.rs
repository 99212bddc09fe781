//! An env file that a build makes of a template: `RUN cp .env.example .env`.

use crate::environment::layer::{Layer, Role, Weight};
use crate::platforms::describing::Describing;
use crate::project::{inside, normalized};
use crate::syntax::FileId;
use crate::syntax::data::dockerfile::{Arguments, Instruction, Keyword};
use crate::syntax::shell::{Simple, pipelines};
use std::sync::Arc;

/// What the files that some instructions copy to a place where the app's loader looks give the app.
pub(super) fn layers<'i>(
    context: &Describing<'_, '_>,
    dockerfile: FileId,
    instructions: impl Iterator<Item = &'i Instruction>,
) -> Vec<Layer> {
    let loader = context.request.loader;
    let read = loader.names(context.request.environment_name);
    let runs = instructions.filter(|own| matches!(own.keyword, Keyword::Run | Keyword::Cmd | Keyword::Entrypoint));
    let mut layers = Vec::new();
    for instruction in runs {
        let Arguments::Shell(text, _) = &instruction.arguments else { continue };
        let (mut copies, mut is_asked) = (Vec::new(), false);
        text.test(|text| {
            // `if [ ! -f .env ]; then cp …`, `test -f .env || cp …`
            is_asked = text.contains("[ ") || text.contains("test ") || text.contains("||");
            let commands = pipelines(text);
            copies = commands.iter().flat_map(|own| &own.commands).filter_map(copied).collect();
            true
        });
        for (from, to) in copies {
            let name = to.rsplit('/').next().unwrap_or(&to);
            let Some(file) = read.iter().any(|known| known == name).then(|| find(context, dockerfile, &from)).flatten()
            else {
                continue;
            };
            let Ok(text) = context.project().text(file) else { continue };
            let weight = if is_asked { Weight::Perhaps(Arc::from(name)) } else { Weight::Certain };
            layers.push(Layer::of_env_file(file, text, loader.dialect, Role::Target, weight));
        }
    }
    layers
}

/// What `cp` copies, and to where.
fn copied(command: &Simple) -> Option<(String, String)> {
    if command.program() != "cp" {
        return None;
    }
    let paths: Vec<_> = command.arguments().iter().filter(|word| !word.text.starts_with('-')).collect();
    let [from, to] = paths.as_slice() else { return None };
    (!from.open && !to.open).then(|| (from.text.clone(), to.text.clone()))
}

/// A file of the build's folder: that of the app, of the Dockerfile, or the whole tree.
fn find(context: &Describing<'_, '_>, dockerfile: FileId, path: &str) -> Option<FileId> {
    let folders = [context.request.app_dir, context.folder(dockerfile), ""];
    let path = path.trim_start_matches("./").trim_start_matches('/');
    folders.iter().find_map(|folder| context.project().find(&normalized(&inside(folder, path))?))
}
