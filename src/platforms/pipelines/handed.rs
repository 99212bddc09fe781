//! Variables that deploy commands hand to an app: `docker run -e`, `gcloud run deploy --set-env-vars` and their like, in
//! the jobs of pipelines and in scripts.

use crate::environment::given::present;
use crate::environment::layer::{Layer, Role, SourceFile, Weight, set};
use crate::eval::{Because, How, Place, Step, Value};
use crate::platforms::bought::is_bought;
use crate::platforms::describing::Describing;
use crate::project::{FileKind, lies_in};
use crate::syntax::shell::{Simple, Word, pipelines};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::sync::Arc;

/// A command that hands variables to what it deploys.
struct Tool {
    program: &'static [&'static str],
    /// Words of which one stands among its arguments.
    verbs: &'static [&'static str],
    /// Options in front of a variable with its value, or of several.
    plain: &'static [&'static str],
    /// Options in front of variables whose values a store holds.
    stored: &'static [&'static str],
}

const TOOLS: &[Tool] = &[
    Tool { program: &["docker", "podman", "nerdctl"], verbs: &["run"], plain: &["-e", "--env"], stored: &[] },
    Tool {
        program: &["gcloud"],
        verbs: &["deploy", "update"],
        plain: &["--set-env-vars", "--update-env-vars"],
        stored: &["--set-secrets", "--update-secrets"],
    },
    Tool { program: &["fly", "flyctl"], verbs: &["deploy"], plain: &["-e", "--env"], stored: &[] },
    Tool { program: &["az"], verbs: &["containerapp"], plain: &["--set-env-vars", "--env-vars"], stored: &[] },
];

/// Texts without which no script deploys anything.
const WORDS: &[&str] =
    &["docker run", "podman run", "nerdctl run", "--set-env-vars", "--update-env-vars", "--set-secrets"];

/// What the scripts of the project hand over.
pub(crate) fn layers(context: &Describing<'_, '_>) -> Vec<(Layer, SourceFile)> {
    let project = context.project();
    let request = context.request;
    let belongs = |folder: &str| {
        let package = |folder| project.package_above(folder, None);
        if request.everything { lies_in(folder, request.app_dir) } else { package(folder) == package(request.app_dir) }
    };
    let deploys = |file: &FileId| {
        let own = project.file(*file);
        own.name().ends_with(".sh")
            && ["deploy", "release", "start", "run", "up"].iter().any(|word| own.name().contains(word))
            && belongs(own.folder())
            && !context.is_for_another(*file)
    };
    let scripts: Vec<FileId> = project.of_kind(&FileKind::Other).iter().copied().filter(deploys).collect();
    let mut found = Vec::new();
    for file in project.mentioning(&scripts, WORDS) {
        let Ok(text) = project.text(file) else { continue };
        let mut layer = Layer::new(Role::Target, Weight::Certain);
        of_script(&mut layer, file, text, &|span| span);
        if !layer.entries.is_empty() {
            found.push((layer, context.source(file)));
        }
    }
    found
}

/// Adds what a script hands over; `place` says where in the file a part of the script stands.
pub(crate) fn of_script(layer: &mut Layer, file: FileId, script: &str, place: &dyn Fn(Span) -> Span) {
    if !WORDS.iter().any(|word| script.contains(word)) {
        return;
    }
    for command in pipelines(script).iter().flat_map(|pipeline| &pipeline.commands) {
        let Some(tool) = TOOLS.iter().find(|tool| tool.program.contains(&command.program())) else { continue };
        let arguments = command.arguments();
        let does = arguments.iter().any(|word| tool.verbs.contains(&&*word.text));
        // A container of something bought, or one that only tests or migrates, is not the app.
        let is_app = !arguments.iter().any(|word| is_bought(&word.text) || speaks_of_a_task(&word.text));
        if does && is_app {
            of_command(layer, file, tool, command, place);
        }
    }
}

fn speaks_of_a_task(word: &str) -> bool {
    word.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| matches!(part, "test" | "tests" | "lint" | "pytest"))
}

fn of_command(layer: &mut Layer, file: FileId, tool: &Tool, command: &Simple, place: &dyn Fn(Span) -> Span) {
    let mut open: Option<bool> = None;
    for word in command.arguments() {
        let (option, value) = match word.text.split_once('=') {
            Some((option, value)) if option.starts_with("--") => (option, Some(value)),
            _ => (&*word.text, None),
        };
        let kind = [(tool.plain, false), (tool.stored, true)].into_iter().find(|(names, _)| names.contains(&option));
        match (kind, value) {
            (Some((_, stored)), Some(value)) => add(layer, file, value, stored, word, place),
            (Some((_, stored)), None) => open = Some(stored),
            (None, _) if word.text.starts_with('-') => open = None,
            (None, _) => {
                let Some(stored) = open else { continue };
                add(layer, file, &word.text, stored, word, place);
                // One word for each option, but for the lists that `az` takes.
                open = open.filter(|_| tool.program == ["az"]);
            }
        }
    }
}

/// Adds `NAME=value`, or several with commas between; `^;^` in front names another separator.
fn add(layer: &mut Layer, file: FileId, list: &str, stored: bool, word: &Word, place: &dyn Fn(Span) -> Span) {
    let (separator, list) = match list.strip_prefix('^').and_then(|rest| rest.split_once('^')) {
        Some((separator, rest)) => (separator, rest),
        None => (",", list),
    };
    let at = place(word.span);
    let items: Vec<&str> = list.split(separator).collect();
    // Behind a comma that is part of a value stands no name.
    let whole = items.iter().any(|item| !item.split_once('=').is_some_and(|(name, _)| is_name(name)));
    let items = if whole { vec![list] } else { items };
    for item in items {
        let Some((name, text)) = item.split_once('=').filter(|(name, _)| is_name(name)) else { continue };
        let name: Arc<str> = name.into();
        let here = Place::File(file, at);
        let value = if stored || text.contains("secrets.") || text.starts_with("secretref:") {
            present(&name, here, 0)
        } else if text.contains(['$', '`']) {
            Value::unknown(Because::Undecided, &Step::start(here, How::Sets { variable: name.clone() }))
        } else {
            set(&Text::new(text), &name, here)
        };
        layer.add(name, file, at, value);
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
