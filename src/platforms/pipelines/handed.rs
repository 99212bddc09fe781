//! Variables that deploy commands hand to an app: `docker run -e`, `flyctl deploy -e`, `kubectl set env` and their like, in
//! the jobs of pipelines and in scripts.

use super::deploying::{Deploying, scripts};
use super::tools::{Form, TOOLS, Tool, WORDS};
use crate::environment::given::present;
use crate::environment::layer::{Layer, Role, SourceFile, Weight, set};
use crate::environment::read::not_set;
use crate::environment::target::Target;
use crate::eval::{Because, How, Place, Step, Value};
use crate::platforms::bought::is_bought;
use crate::platforms::describing::Describing;
use crate::platforms::platform::format_of;
use crate::project::{FileKind, inside, normalized};
use crate::syntax::data::{Dialect, Format};
use crate::syntax::shell::{Simple, Word, pipelines};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::sync::Arc;

/// What one command hands over, and to what.
pub(crate) struct Handed {
    pub(crate) layer: Layer,
    pub(crate) source: SourceFile,
    /// The names of the hosts whose apps get it.
    hosts: &'static [&'static str],
    /// The words of the command, where those name what gets it.
    names: Option<Vec<String>>,
}

impl Handed {
    /// Whether its command deploys to the host of a target.
    pub(crate) fn is_for_host(&self, target: &Target) -> bool {
        self.hosts.contains(&target.nature.name)
    }

    /// Whether its command means this very target.
    pub(crate) fn is_for(&self, target: &Target) -> bool {
        let part = target.name.rsplit(':').next().unwrap_or(&target.name);
        let named = |names: &Vec<String>| {
            names.iter().any(|word| word == "--all" || word.split(['/', '_', '=']).any(|own| own == part))
        };
        self.is_for_host(target) && self.names.as_ref().is_none_or(named)
    }
}

/// What the deploy commands of the project hand over, in the order in which they are written.
pub(crate) fn handed(context: &mut Describing<'_, '_>) -> Vec<Handed> {
    let mut found = Vec::new();
    for script in scripts(context, WORDS) {
        for command in pipelines(&script.text).iter().flat_map(|pipeline| &pipeline.commands) {
            found.extend(of_command(context, &script, command));
        }
    }
    found
}

fn of_command(context: &mut Describing<'_, '_>, script: &Deploying, command: &Simple) -> Option<Handed> {
    let (tool, arguments) = TOOLS.iter().find_map(|tool| Some((tool, tool.arguments(command)?)))?;
    // A container of something bought, or one that only tests or migrates, is not the app.
    if arguments.iter().any(|word| is_bought(&word.text) || speaks_of_a_task(&word.text)) {
        return None;
    }
    let manifest = matches!(context.project().file(script.file).kind, FileKind::Manifest(_));
    if manifest && is_trial(arguments) {
        return None;
    }
    let mut hand = Hand { context, script, layer: Layer::new(Role::Target, Weight::Certain) };
    hand.take(tool, arguments);
    let Hand { layer, .. } = hand;
    let says_something = !layer.entries.is_empty() || layer.unseen.is_some();
    let names = tool.is_named.then(|| arguments.iter().map(|word| word.text.clone()).collect());
    says_something.then(|| Handed { layer, source: context.source(script.file), hosts: tool.hosts, names })
}

/// Whether a container is gone when the one who started it leaves: somebody tries an image.
fn is_trial(arguments: &[Word]) -> bool {
    let has = |options: &[&str]| arguments.iter().any(|word| options.contains(&&*word.text));
    has(&["--rm"]) && !has(&["-d", "--detach"])
}

fn speaks_of_a_task(word: &str) -> bool {
    word.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| matches!(part, "test" | "tests" | "lint" | "pytest"))
}

/// The variables of one command while its words are read.
struct Hand<'h, 'a, 'r> {
    context: &'h mut Describing<'a, 'r>,
    script: &'h Deploying,
    layer: Layer,
}

impl Hand<'_, '_, '_> {
    fn take(&mut self, tool: &Tool, arguments: &[Word]) {
        let mut open: Option<Form> = None;
        for word in arguments {
            let (option, value) = match word.text.split_once('=') {
                Some((option, value)) if option.starts_with("--") => (option, Some(value)),
                _ => (&*word.text, None),
            };
            match (tool.form(option), value) {
                (Some(form), Some(value)) => self.add(value, form, word),
                (Some(Form::Unseen), None) => self.layer.unseen = Some(self.place(word)),
                (Some(form), None) => open = Some(form),
                (None, _) if is_bundle(word) => self.layer.unseen = Some(self.place(word)),
                (None, _) if word.text.starts_with('-') => open = None,
                (None, _) => {
                    let Some(form) = open.or(tool.bare.filter(|_| is_assignment(&word.text))) else { continue };
                    self.add(&word.text, form, word);
                    // One word for each option, but for the lists that some take.
                    open = open.filter(|_| tool.takes_lists);
                }
            }
        }
    }

    fn place(&self, word: &Word) -> Place {
        Place::File(self.script.file, self.script.place(self.context, word.span))
    }

    fn add(&mut self, list: &str, form: Form, word: &Word) {
        let here = self.place(word);
        let Some((file, at)) = here.in_file() else { return };
        match form {
            Form::File => self.file(list, here),
            Form::Unseen => self.layer.unseen = Some(here),
            Form::Pair(separator) => {
                if let Some((name, text)) = list.split_once(separator).filter(|(name, _)| is_name(name)) {
                    self.variable(name, text, false, (file, at));
                }
            }
            Form::Plain | Form::Stored => self.list(list, form == Form::Stored, word, (file, at)),
        }
    }

    /// Adds `NAME=value`, or several with commas between; `^;^` in front names another separator.
    fn list(&mut self, list: &str, stored: bool, word: &Word, (file, at): (FileId, Span)) {
        let (separator, list) = match list.strip_prefix('^').and_then(|rest| rest.split_once('^')) {
            Some((separator, rest)) => (separator, rest),
            None => (",", list),
        };
        let items: Vec<&str> = list.split(separator).collect();
        // Behind a comma that is part of a value stands no name.
        let whole = items.iter().any(|item| !is_assignment(item));
        let items = if whole { vec![list] } else { items };
        for item in items {
            match item.split_once('=').filter(|(name, _)| is_name(name)) {
                Some((name, text)) => self.variable(name, text, stored, (file, at)),
                // The name alone hands the host's own on.
                None if is_name(item) => {
                    let value = not_set(item, Place::File(file, at));
                    self.layer.add(item.into(), file, at, value);
                }
                None if word.open => self.layer.unseen = Some(Place::File(file, at)),
                None => {}
            }
        }
    }

    fn variable(&mut self, name: &str, text: &str, stored: bool, (file, at): (FileId, Span)) {
        let (name, here): (Arc<str>, Place) = (name.into(), Place::File(file, at));
        let value = if stored || text.contains("secrets.") || text.starts_with("secretref:") {
            present(&name, here, 0)
        } else if text.contains(['$', '`']) {
            Value::unknown(Because::Undecided, &Step::start(here, How::Sets { variable: name.clone() }))
        } else {
            set(&Text::new(text), &name, here)
        };
        self.layer.add(name, file, at, value);
    }

    /// All of a file: an env file, or one of YAML; what is not in the tree may set anything.
    fn file(&mut self, path: &str, here: Place) {
        let project = self.context.project();
        let found = [&*self.script.folder, ""].into_iter().find_map(|folder| {
            let path = normalized(&inside(folder, path))?;
            project.find(&path)
        });
        let Some((file, text)) = found.and_then(|file| Some((file, project.text(file).ok()?))) else {
            self.layer.unseen = Some(here);
            return;
        };
        match format_of(project.file(file).name()) {
            Some(Format::Yaml) => match self.context.parse(file, Format::Yaml) {
                Some(document) => self.layer.add_literals(file, document.root()),
                None => self.layer.unseen = Some(here),
            },
            _ => {
                let own = Layer::of_env_file(file, text, Dialect::DockerRun, Role::Loaded, Weight::Certain);
                own.entries.into_iter().for_each(|entry| self.layer.push(entry));
            }
        }
    }
}

/// `$EXTRA_ARGS`: words that a script puts together elsewhere, which may be options that set variables.
fn is_bundle(word: &Word) -> bool {
    let name = word.text.trim_start_matches(['$', '{']).trim_end_matches('}');
    let whole = word.open && word.text.starts_with('$') && is_name(name);
    whole
        && name.split('_').any(|part| {
            matches!(&*part.to_ascii_uppercase(), "ARGS" | "OPTS" | "OPTIONS" | "FLAGS" | "ENV" | "ENVS" | "VARS")
        })
}

fn is_assignment(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| is_name(name))
}

fn is_name(name: &str) -> bool {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
