//! The jobs of GitHub's and GitLab's pipelines in one shape: their steps, what those are given, what they are for.

use crate::eval::Place;
use crate::platforms::command::Line;
use crate::reading::bench::Reading;
use crate::syntax::data::{Entry, Node, NodeKind};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::sync::Arc;

/// What a job is for, as far as it says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It brings something out.
    Deploys,
    /// It tries something, with values that are thrown away.
    Tests,
    /// It does not say.
    Other,
}

/// One job.
pub(crate) struct Job<'d> {
    /// The file's path and the job's key.
    pub(crate) name: Arc<str>,
    pub(crate) file: FileId,
    pub(crate) purpose: Purpose,
    /// It runs on a schedule.
    pub(crate) scheduled: bool,
    /// It starts services of its own, and what they are given.
    pub(crate) services: Vec<&'d Entry>,
    /// Variables of all its steps, the pipeline's own first.
    pub(crate) variables: Vec<&'d Entry>,
    pub(crate) steps: Vec<Step<'d>>,
    /// The store's secrets are variables by themselves, under names that say so.
    pub(crate) stores_are_variables: bool,
}

/// One step.
#[derive(Default)]
pub(crate) struct Step<'d> {
    script: Option<(FileId, &'d Node)>,
    /// The shell it asks for.
    pub(crate) shell: Option<&'d Text>,
    pub(crate) variables: Vec<&'d Entry>,
    /// What an action is handed.
    pub(crate) with: Vec<&'d Entry>,
}

/// The script of a step.
#[derive(Clone, Copy)]
pub(crate) struct Script<'d> {
    pub(crate) file: FileId,
    pub(crate) text: &'d Text,
    pub(crate) span: Span,
}

impl<'d> Step<'d> {
    pub(crate) fn script(&self) -> Option<Script<'d>> {
        let (file, node) = self.script?;
        Some(Script { file, text: node.text()?, span: node.span })
    }
}

impl Script<'_> {
    /// The place of some words of the script: in the file they are indented and quoted.
    pub(crate) fn place(&self, reading: &Reading<'_>, words: &str) -> Place {
        let whole = Place::File(self.file, self.span);
        let Ok(text) = reading.documents.project.text(self.file) else { return whole };
        let Some(own) = text.get(self.span.start as usize..self.span.end as usize) else { return whole };
        let words = words.lines().next().unwrap_or_default().trim();
        let Some(at) = own.find(words).filter(|_| !words.is_empty()) else { return whole };
        let fit = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let start = self.span.start as usize + at;
        Place::File(self.file, Span::new(fit(start), fit(start + words.len())))
    }

    /// The commands that name one of some programs, each with its place.
    pub(crate) fn lines_with(&self, reading: &Reading<'_>, programs: &[&str]) -> Vec<Line> {
        let mut found = Vec::new();
        self.text.test(|text| {
            for part in text.replace("\\\n", " \u{0} ").lines() {
                if programs.iter().any(|program| part.contains(program)) {
                    let first = part.split('\u{0}').next().unwrap_or(part);
                    let place = self.place(reading, first);
                    found.push(Line { text: Text::new(part.replace('\u{0}', " ")), place });
                }
            }
            true
        });
        found
    }
}

/// Words by which a job says that it tries something.
const TESTS: &[&str] = &[
    "test",
    "tests",
    "testing",
    "unittest",
    "e2e",
    "lint",
    "check",
    "checks",
    "unit",
    "integration",
    "coverage",
    "playwright",
    "cypress",
    "smoke",
    "spec",
    "qa",
    "benchmark",
    "bench",
    "typecheck",
    "verify",
    "validate",
    "ci",
    "pr",
    "dev",
    "storybook",
];

/// Words by which a job says that it brings something out.
const DEPLOYS: &[&str] = &["deploy", "deployment", "release", "publish", "production", "prod", "rollout", "ship"];

/// Keys of a GitLab file that are no job.
const NO_JOBS: &[&str] = &["default", "variables", "workflow", "stages", "include", "image", "services", "cache"];

/// The jobs of one document.
pub(crate) fn jobs<'d>(file: FileId, path: &str, root: &'d Node) -> Vec<Job<'d>> {
    match root.get("jobs") {
        Some(jobs) => jobs.entries().iter().map(|entry| of_github(file, path, root, entry)).collect(),
        None => root
            .entries()
            .iter()
            .filter(|entry| entry.value.get("script").is_some() && !NO_JOBS.contains(&&*entry.key))
            .map(|entry| of_gitlab(file, path, root, entry))
            .collect(),
    }
}

fn entries(node: Option<&Node>) -> impl Iterator<Item = &Entry> {
    node.map_or(&[][..], Node::entries).iter()
}

fn of_github<'d>(file: FileId, path: &str, root: &'d Node, entry: &'d Entry) -> Job<'d> {
    let job = &entry.value;
    let step = |node: &'d Node| Step {
        script: node.get("run").or_else(|| node.at(&["with", "script"])).map(|node| (file, node)),
        shell: node.get("shell").and_then(Node::text),
        variables: entries(node.get("env")).collect(),
        with: entries(node.get("with")).filter(|entry| &*entry.key != "script").collect(),
    };
    let services = entries(job.get("services")).flat_map(|service| entries(service.value.get("env")));
    let told = job.get("name").and_then(Node::text);
    let environment = job.get("environment").is_some();
    let has_services = job.get("services").is_some();
    let uses = job.get("with").map(|with| Step { with: with.entries().iter().collect(), ..Step::default() });
    Job {
        name: format!("{path}:{}", entry.key).into(),
        file,
        purpose: purpose(&entry.key, told, path, environment, has_services),
        scheduled: root.get("on").is_some_and(|on| on.get("schedule").is_some()),
        services: services.collect(),
        variables: entries(root.get("env"))
            .chain(entries(job.get("env")))
            .chain(entries(job.at(&["container", "env"])))
            .collect(),
        steps: job.get("steps").map_or(&[][..], Node::items).iter().map(step).chain(uses).collect(),
        stores_are_variables: false,
    }
}

fn of_gitlab<'d>(file: FileId, path: &str, root: &'d Node, entry: &'d Entry) -> Job<'d> {
    let job = &entry.value;
    let scripts = ["before_script", "script", "after_script"].iter().filter_map(|key| job.get(key));
    let lines = scripts.flat_map(|node| match &node.kind {
        NodeKind::List(items) => items.iter().collect(),
        _ => vec![node],
    });
    let steps = lines.map(|node| Step { script: Some((file, node)), ..Step::default() });
    Job {
        name: format!("{path}:{}", entry.key).into(),
        file,
        purpose: purpose(
            &entry.key,
            job.get("stage").and_then(Node::text),
            "",
            job.get("environment").is_some(),
            job.get("services").is_some(),
        ),
        scheduled: false,
        services: Vec::new(),
        variables: entries(root.get("variables")).chain(entries(job.get("variables"))).collect(),
        steps: steps.collect(),
        stores_are_variables: true,
    }
}

/// What a job is for: by its own names, by what it has, then by the file's name.
fn purpose(key: &str, told: Option<&Text>, path: &str, environment: bool, services: bool) -> Purpose {
    let has = |text: &str, list: &[&str]| {
        let lower = text.to_ascii_lowercase();
        lower.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| list.contains(&word))
    };
    let named = |list: &[&str]| has(key, list) || told.is_some_and(|told| told.test(|told| has(told, list)));
    let file = path.rsplit('/').next().unwrap_or(path);
    if environment || named(DEPLOYS) && !services {
        Purpose::Deploys
    } else if services || named(TESTS) {
        Purpose::Tests
    } else if has(file, DEPLOYS) {
        Purpose::Deploys
    } else if has(file, TESTS) {
        Purpose::Tests
    } else {
        Purpose::Other
    }
}
