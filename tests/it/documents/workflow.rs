//! YAML of a page: the pipelines that it shows run prodcheck as it can be run, and use what this repository offers.

use super::page::{Block, Page, repository};
use super::shell::Workplace;
use super::{Faults, ended_well, shown};
use prodcheck::syntax::data::{Format, Node, parse};
use std::fs;
use std::sync::Arc;

/// Runs what the pipeline would run.
pub(super) fn run(page: &Page, block: &Block, workplace: &Workplace, faults: &mut Faults) {
    let Some(root) = read(&block.text) else {
        return faults.add(&page.name, block.line, "this is no YAML");
    };
    let mut steps = Vec::new();
    collect(&root, &mut steps);
    if steps.is_empty() {
        faults.add(&page.name, block.line, "nothing in it runs prodcheck");
    }
    for step in steps {
        match step {
            Step::Command(line) => shown(page, block.line, &line, workplace, faults),
            Step::Action { reference, with } => action(page, block, &reference, &with, workplace, faults),
            Step::Hook { revision, id, arguments } => {
                is_this_version(page, block, &revision, faults);
                hook(page, block, &id, &arguments, workplace, faults);
            }
        }
    }
}

/// What a pipeline does with prodcheck.
enum Step {
    Command(String),
    /// The action of this repository: what stands behind its `@`, and its inputs.
    Action {
        reference: String,
        with: Vec<(Arc<str>, String)>,
    },
    /// A hook of pre-commit.
    Hook {
        revision: String,
        id: String,
        arguments: Vec<String>,
    },
}

fn read(text: &str) -> Option<Node> {
    let document = parse(text, Format::Yaml).ok()?;
    document.errors.is_empty().then(|| document.root().clone())
}

fn word(node: Option<&Node>) -> String {
    node.and_then(Node::text).map(|text| text.as_name().to_string()).unwrap_or_default()
}

fn words(node: Option<&Node>) -> Vec<String> {
    node.map(|list| list.items().iter().map(|item| word(Some(item))).collect()).unwrap_or_default()
}

/// Every step of a pipeline that has to do with prodcheck, however deep it stands.
fn collect(node: &Node, into: &mut Vec<Step>) {
    let lines = word(node.get("run")).lines().map(str::to_owned).collect::<Vec<_>>();
    let commands = lines.into_iter().chain(words(node.get("script")));
    into.extend(commands.filter(|line| line.contains("prodcheck")).map(Step::Command));
    if let Some(reference) = word(node.get("uses")).strip_prefix("OWNER/prodcheck@") {
        let with = node.get("with").map(Node::entries).unwrap_or_default();
        let with = with.iter().map(|entry| (entry.key.clone(), word(Some(&entry.value)))).collect();
        into.push(Step::Action { reference: reference.to_owned(), with });
    }
    if word(node.get("repo")).ends_with("/OWNER/prodcheck") {
        for hook in node.get("hooks").map(Node::items).unwrap_or_default() {
            let (revision, id) = (word(node.get("rev")), word(hook.get("id")));
            into.push(Step::Hook { revision, id, arguments: words(hook.get("args")) });
        }
    }
    node.entries().iter().map(|entry| &entry.value).chain(node.items()).for_each(|inner| collect(inner, into));
}

fn is_this_version(page: &Page, block: &Block, revision: &str, faults: &mut Faults) {
    let ours = concat!("v", env!("CARGO_PKG_VERSION"));
    if revision != ours {
        faults.add(&page.name, block.line, &format!("it names the version `{revision}`, and this is {ours}"));
    }
}

/// Runs the scan of the action with these inputs.
fn action(
    page: &Page,
    block: &Block,
    reference: &str,
    with: &[(Arc<str>, String)],
    workplace: &Workplace,
    faults: &mut Faults,
) {
    is_this_version(page, block, reference, faults);
    let action = fs::read_to_string(repository().join("action.yml")).expect("the action");
    let action = read(&action).expect("the action is YAML");
    let inputs = action.get("inputs").expect("inputs");
    for (name, _) in with.iter().filter(|(name, _)| inputs.get(name).is_none()) {
        faults.add(&page.name, block.line, &format!("the action has no input `{name}`"));
    }
    let value = |wanted: &str| with.iter().find(|(name, _)| &**name == wanted).map_or("", |(_, value)| value);
    fs::create_dir_all(workplace.path().join("RUNNER_TEMP")).expect("a folder");
    let script = repository().join("packaging/action/scan.sh");
    let line = format!(
        "SCAN_PATH='{}' SCAN_ARGS='{}' bash '{}' && grep -x 'exit-code=[01]' \"$GITHUB_OUTPUT\" # exit code 0",
        value("path"),
        value("args"),
        script.display()
    );
    if let Err(what) = ended_well(&line, &workplace.shell(&line)) {
        faults.add(&page.name, block.line, &format!("the action: {what}"));
    }
}

/// Runs the hook of this name with these arguments.
fn hook(page: &Page, block: &Block, id: &str, arguments: &[String], workplace: &Workplace, faults: &mut Faults) {
    let hooks = fs::read_to_string(repository().join(".pre-commit-hooks.yaml")).expect("the hooks");
    let hooks = read(&hooks).expect("the hooks are YAML");
    let Some(hook) = hooks.items().iter().find(|hook| word(hook.get("id")) == id) else {
        return faults.add(&page.name, block.line, &format!("there is no hook `{id}`"));
    };
    let line = format!("{} {}", word(hook.get("entry")), arguments.join(" "));
    shown(page, block.line, &line, workplace, faults);
}
