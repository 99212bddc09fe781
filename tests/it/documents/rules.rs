//! TOML of a page: rules, what is added to them, and what a project decides in `prodcheck.toml`.

use super::page::{Block, Page, code};
use super::shell::Workplace;
use super::{Faults, ended_well};
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of a page's rules where it names none.
const RULES: &str = "recipe";

/// Writes the block where the page says, and tries it: a rule passes its own cases, alone and with what is added to it;
/// a decision is one that a scan understands.
pub(super) fn run(page: &Page, block: &Block, workplace: &Workplace, faults: &mut Faults) {
    let first = block.text.lines().next().unwrap_or_default();
    let command = if block.text.starts_with("summary") {
        let path = path_of_rule(block);
        write(&workplace.path().join(&path), &block.text);
        let folder = path.components().next().expect("a folder").as_os_str().to_string_lossy().into_owned();
        format!("prodcheck rules test {folder}")
    } else if first.starts_with("[repair]") || first.starts_with("[example]") {
        let Some((path, folder)) = rule_before(page, block) else {
            return faults.add(&page.name, block.line, "there is no rule above to which this belongs");
        };
        let path = workplace.path().join(path);
        let rule = fs::read_to_string(&path).expect("the rule above");
        write(&path, &format!("{rule}\n{}", block.text));
        format!("prodcheck rules test {folder}")
    } else if code(&block.before).any(|text| text == "prodcheck.toml") {
        write(&workplace.path().join("prodcheck.toml"), &block.text);
        "prodcheck scan".to_owned()
    } else {
        return faults.add(&page.name, block.line, "documents/rules.rs does not know what this belongs to");
    };
    let output = workplace.shell(&command);
    let tested = if command.contains("rules test") { " # exit code 0" } else { "" };
    if let Err(what) = ended_well(&format!("{command}{tested}"), &output) {
        let printed = String::from_utf8_lossy(&output.stdout);
        faults.add(&page.name, block.line, &format!("`{command}`: {what}\n{printed}"));
    }
}

/// Where the sentences before a rule put it.
fn path_of_rule(block: &Block) -> PathBuf {
    let named = code(&block.before).filter(|text| text.ends_with(".toml") && !text.contains('<'));
    named
        .filter(|text| Path::new(text).components().count() == 3)
        .last()
        .map_or_else(|| Path::new(RULES).join("team/rule.toml"), PathBuf::from)
}

/// The file of the last rule above a block, and the folder of its rules.
fn rule_before(page: &Page, block: &Block) -> Option<(PathBuf, String)> {
    let above = page.blocks.iter().filter(|other| other.line < block.line);
    let rule = above.filter(|other| other.language == "toml" && other.text.starts_with("summary")).last()?;
    let path = path_of_rule(rule);
    let folder = path.components().next()?.as_os_str().to_string_lossy().into_owned();
    Some((path, folder))
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    fs::write(path, text).expect("a file");
}
