//! The scripts that bring an app out: of the jobs of pipelines that are no tests, of folders, of packages.

use crate::platforms::describing::Describing;
use crate::platforms::pipelines::files::{KIND, runs};
use crate::project::{FileKind, lies_in};
use crate::syntax::data::{Entry, Format, Node, NodeKind};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::sync::Arc;

/// Words by which a job or a script says that it tries something and brings nothing out.
const TESTS: &[&str] =
    &["test", "tests", "testing", "e2e", "lint", "check", "checks", "ci", "pr", "verify", "bench", "dev"];

/// A script that deploys something.
pub(crate) struct Deploying {
    pub(crate) file: FileId,
    /// Its characters: names of programs, files and variables are looked for in them.
    pub(crate) text: Arc<str>,
    /// Where in the file it stands, quoted and indented; none where it is the file.
    within: Option<Span>,
    /// The folder that it is started in.
    pub(crate) folder: Arc<str>,
}

impl Deploying {
    /// The place in the file of a part of the script.
    pub(crate) fn place(&self, context: &Describing<'_, '_>, span: Span) -> Span {
        let Some(whole) = self.within else { return span };
        let word = self.text.get(span.start as usize..span.end as usize).unwrap_or_default();
        let file = context.project().text(self.file);
        let raw = file.as_ref().ok().and_then(|text| text.get(whole.start as usize..whole.end as usize));
        // A block of YAML is indented in its file: a word is found there by its text.
        let Some(at) = raw.unwrap_or_default().find(word).filter(|_| !word.is_empty()) else { return whole };
        let fit = |n: usize| whole.start + u32::try_from(n).unwrap_or(0);
        Span::new(fit(at), fit(at + word.len()))
    }
}

/// The scripts that mention one of some words and bring an app out, those of pipelines last.
pub(crate) fn scripts(context: &mut Describing<'_, '_>, words: &'static [&'static str]) -> Vec<Deploying> {
    let mut found = of_files(context, words);
    of_packages(context, words, &mut found);
    of_pipelines(context, words, &mut found);
    found
}

fn of_files(context: &Describing<'_, '_>, words: &'static [&'static str]) -> Vec<Deploying> {
    let (project, request) = (context.project(), context.request);
    let belongs = |folder: &str| {
        let package = |folder| project.package_above(folder, None);
        if request.everything { lies_in(folder, request.app_dir) } else { package(folder) == package(request.app_dir) }
    };
    let is_script = |file: &FileId| {
        let own = project.file(*file);
        let name = own.name();
        let deploys = ["deploy", "release", "start", "run", "up", "publish", "ship", "rollout"];
        let named = || deploys.iter().any(|word| name.contains(word));
        (name.ends_with(".sh") && named())
            || (!name.contains('.') && (named() || matches!(name, "Makefile" | "makefile" | "justfile" | "Justfile")))
    };
    let wanted =
        |file: &FileId| is_script(file) && belongs(project.file(*file).folder()) && !context.is_for_another(*file);
    let scripts: Vec<FileId> = project.of_kind(&FileKind::Other).iter().copied().filter(wanted).collect();
    let text = |file: FileId| {
        let text = project.text(file).ok()?.clone();
        Some(Deploying { file, text, within: None, folder: context.folder(file).into() })
    };
    project.mentioning(&scripts, words).into_iter().filter_map(text).collect()
}

fn of_packages(context: &Describing<'_, '_>, words: &'static [&'static str], found: &mut Vec<Deploying>) {
    let project = context.project();
    for folder in ["", context.request.app_dir] {
        let Some(package) = project.package_above(folder, None).map(|id| project.package(id)) else { continue };
        for script in &package.scripts {
            let is_for_others =
                script.name.split([':', '-', '_', '.']).any(|word| is_test(word) || context.is_another(word));
            let mentions = |line: &str| words.iter().any(|word| line.contains(word));
            if is_for_others
                || !script.command.test(mentions)
                || found.iter().any(|known| known.within == Some(script.span))
            {
                continue;
            }
            let (text, folder) = (script.command.as_name(), package.dir.clone());
            found.push(Deploying { file: package.file, text, within: Some(script.span), folder });
        }
    }
}

fn of_pipelines(context: &mut Describing<'_, '_>, words: &'static [&'static str], found: &mut Vec<Deploying>) {
    let mut files = context.project().of_kind_mentioning(&KIND, words).to_vec();
    files.retain(|file| runs(context.project(), *file));
    for file in files {
        let Some(document) = context.parse(file, Format::Yaml) else { continue };
        let root = document.root();
        // GitLab has its jobs at the top, beside what holds for all of them.
        for job in root.get("jobs").map_or_else(|| root.entries(), Node::entries) {
            if tries(job) || job.key.split(['-', '_']).any(|word| context.is_another(word)) {
                continue;
            }
            for (program, node) in lines(job) {
                let Some(text) = node.text() else { continue };
                // What tells compose its files stands beside the script.
                let own = [job.value.at(&["env", COMPOSE_FILE]), root.at(&["env", COMPOSE_FILE])];
                let list = own.into_iter().flatten().find_map(Node::text).map(Text::as_name);
                let text: Arc<str> =
                    if program.is_empty() { text.as_name() } else { format!("{program} {}", text.as_name()).into() };
                if words.iter().any(|word| text.contains(word)) {
                    let list = list.filter(|list| !list.contains(['$', ' ', '\n']));
                    let text = list.map_or(text.clone(), |list| format!("export {COMPOSE_FILE}={list}\n{text}").into());
                    found.push(Deploying { file, text, within: Some(node.span), folder: "".into() });
                }
            }
        }
    }
}

/// The variable that names the files of compose.
const COMPOSE_FILE: &str = "COMPOSE_FILE";

/// Actions that run a program with the words that they are handed, under which key.
const ACTIONS: &[(&str, &str, &str)] = &[
    ("wrangler-action", "wrangler", "command"),
    ("flyctl-actions", "flyctl", "args"),
    ("vercel-action", "vercel", "vercel-args"),
];

/// The scripts of a job, those that an action runs elsewhere among them, with the program that it puts in front.
fn lines(job: &Entry) -> Vec<(&'static str, &Node)> {
    let mut found: Vec<(&'static str, &Node)> = Vec::new();
    for step in job.value.get("steps").map_or(&[][..], Node::items) {
        found.extend([step.get("run"), step.at(&["with", "script"])].into_iter().flatten().map(|node| ("", node)));
        let uses = step.get("uses").and_then(Node::text);
        let action = ACTIONS.iter().find(|(name, ..)| uses.is_some_and(|uses| uses.test(|uses| uses.contains(name))));
        found.extend(action.and_then(|(_, program, key)| Some((*program, step.at(&["with", key])?))));
    }
    for node in ["script", "before_script", "after_script"].into_iter().filter_map(|key| job.value.get(key)) {
        match &node.kind {
            NodeKind::List(items) => found.extend(items.iter().map(|item| ("", item))),
            _ => found.push(("", node)),
        }
    }
    found
}

/// Whether a job says by its name that it tries something.
fn tries(job: &Entry) -> bool {
    let says = |text: &str| text.split(|c: char| !c.is_ascii_alphanumeric()).any(is_test);
    says(&job.key) || job.value.get("name").and_then(Node::text).is_some_and(|name| name.test(says))
}

fn is_test(word: &str) -> bool {
    TESTS.contains(&&*word.to_ascii_lowercase())
}
