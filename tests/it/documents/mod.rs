//! What the pages show is so: their commands run, their output is what is printed, their rules pass their own cases.
//!
//! `UPDATE_DOCUMENTS=1 cargo test --test it documents` writes what is printed into the `console` blocks.

mod page;
mod rules;
mod shell;
mod workflow;

use page::{Block, Page, Span, pages};
use rayon::prelude::*;
use regex::Regex;
use shell::{Ran, Workplace, all_known, ended_well};
use std::collections::BTreeSet;
use std::fs;
use std::process::Output;

/// What is found wrong, each with its place.
#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn add(&mut self, page: &str, line: usize, what: &str) {
        self.0.push(format!("{page}:{line}: {}", what.trim_end()));
    }
}

/// One test, since the blocks of a page follow on each other, and the lists of commands are held against all pages.
#[test]
fn every_block_of_every_page_is_so() {
    let read: Vec<_> = pages().par_iter().map(run_page).collect();
    let faults: Vec<_> = read.iter().flat_map(|(faults, _)| &faults.0).map(String::as_str).collect();
    let known: BTreeSet<_> = read.iter().flat_map(|(_, known)| known).copied().collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n\n"));
    let left: Vec<_> = all_known().difference(&known).copied().collect();
    assert!(left.is_empty(), "no page shows these any more: take them out of documents/shell.rs: {left:?}");
}

/// Follows a page from its first line to its last, as a reader does.
fn run_page(page: &Page) -> (Faults, BTreeSet<&'static str>) {
    let (workplace, mut faults) = (Workplace::new(), Faults::default());
    let mut spans = page.spans.iter().peekable();
    for block in &page.blocks {
        while let Some(span) = spans.next_if(|span| span.line < block.line) {
            command(page, span, &workplace, &mut faults);
        }
        run(page, block, &workplace, &mut faults);
    }
    spans.for_each(|span| command(page, span, &workplace, &mut faults));
    (faults, workplace.known())
}

fn run(page: &Page, block: &Block, workplace: &Workplace, faults: &mut Faults) {
    match &*block.language {
        "console" => console(page, block, workplace, faults),
        "sh" => block
            .text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
            .for_each(|(index, line)| shown(page, block.line + 1 + index, line, workplace, faults)),
        "toml" => rules::run(page, block, workplace, faults),
        "yaml" => workflow::run(page, block, workplace, faults),
        other => faults.add(&page.name, block.line, &format!("nothing runs a block of the language `{other}`")),
    }
}

/// A line of a block, which has to be a command that is known.
fn shown(page: &Page, number: usize, line: &str, workplace: &Workplace, faults: &mut Faults) {
    match workplace.run(line) {
        Ok(Ran::NotRun) => {}
        Ok(Ran::Ended(output)) => {
            if let Err(what) = ended_well(line, &output) {
                faults.add(&page.name, number, &format!("`{line}`: {what}"));
            }
        }
        Err(what) => faults.add(&page.name, number, &format!("`{line}`: {what}")),
    }
}

/// Code in a sentence: run where it is a command, and known where it is an option.
fn command(page: &Page, span: &Span, workplace: &Workplace, faults: &mut Faults) {
    let (text, number) = (&*span.text, span.line);
    let is_command =
        ["prodcheck ", "npx ", "uvx ", "cargo run ", "cargo install "].iter().any(|it| text.starts_with(it));
    if is_command {
        return shown(page, number, text, workplace, faults);
    }
    // Options of other programs are shown with them.
    let option = Regex::new("^--[a-z][a-z-]*").expect("a pattern");
    let Some(option) = option.find(text) else { return };
    if !options().contains(option.as_str()) {
        faults.add(&page.name, number, &format!("no command has the option `{}`", option.as_str()));
    }
}

/// Every long option of every command.
fn options() -> &'static BTreeSet<String> {
    static OPTIONS: std::sync::OnceLock<BTreeSet<String>> = std::sync::OnceLock::new();
    OPTIONS.get_or_init(|| {
        let completions = Workplace::new().shell("prodcheck completions bash");
        let option = Regex::new("--[a-z][a-z-]*").expect("a pattern");
        let text = String::from_utf8(completions.stdout).expect("a text");
        option.find_iter(&text).map(|found| found.as_str().to_owned()).collect()
    })
}

/// Commands behind `$`, each with what it prints; a line of `…` stands for any number of lines.
fn console(page: &Page, block: &Block, workplace: &Workplace, faults: &mut Faults) {
    let mut fresh = String::new();
    for part in block.text.split("$ ").skip(1) {
        let (line, said) = part.split_once('\n').unwrap_or((part, ""));
        let output = match workplace.run(line) {
            Ok(Ran::Ended(output)) => output,
            Ok(Ran::NotRun) => return faults.add(&page.name, block.line, &format!("`{line}` shows what nobody ran")),
            Err(what) => return faults.add(&page.name, block.line, &format!("`{line}`: {what}")),
        };
        if let Err(what) = ended_well(line, &output) {
            faults.add(&page.name, block.line, &format!("`{line}`: {what}"));
        }
        let printed = printed(&output);
        fresh.push_str(&format!("$ {line}\n{printed}"));
        let is_updated = std::env::var_os("UPDATE_DOCUMENTS").is_some() && !said.lines().any(|line| line == "…");
        if !is_updated && let Err(what) = is_shown(&printed, said) {
            faults.add(&page.name, block.line, &format!("`{line}`: {what}\n--- it prints:\n{printed}"));
        }
    }
    if std::env::var_os("UPDATE_DOCUMENTS").is_some() && !block.text.lines().any(|line| line == "…") {
        let path = page::repository().join(&page.name);
        let whole = fs::read_to_string(&path).expect("a page");
        fs::write(&path, whole.replacen(&block.text, &fresh, 1)).expect("the page is written");
    }
}

/// What a command prints; the time that it took is a tenth of a second, as nobody's is the same.
fn printed(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    Regex::new(r"(?m) \d+\.\d+ s$").expect("a pattern").replace_all(&text, " 0.1 s").into_owned()
}

/// Whether a text is what is shown of it.
fn is_shown(printed: &str, said: &str) -> Result<(), String> {
    let printed: Vec<&str> = printed.lines().map(str::trim_end).collect();
    let (mut at, mut skips) = (0, false);
    for line in said.trim_end().lines().map(str::trim_end) {
        if line == "…" {
            skips = true;
            continue;
        }
        let found = if skips {
            printed[at..].iter().position(|printed| *printed == line)
        } else {
            (printed.get(at) == Some(&line)).then_some(0)
        };
        let Some(found) = found else { return Err(format!("it does not print `{line}` there")) };
        at += found + 1;
        skips = false;
    }
    let rest = printed[at..].iter().any(|line| !line.is_empty());
    if rest && !skips {
        return Err("it prints more than is shown; a line of `…` at the end says so".to_owned());
    }
    Ok(())
}

#[test]
fn what_is_shown_is_told_from_what_is_not() {
    let printed = "one\ntwo\nthree\nfour\n";
    assert!(is_shown(printed, printed).is_ok());
    assert!(is_shown(printed, "one\n…\nfour\n").is_ok());
    assert!(is_shown(printed, "one\n…\n").is_ok());
    for wrong in ["one\ntwo\n", "one\nthree\n…\n", "…\nfour\none\n", "one\n…\nfive\n", "one\ntwo\nthree\nfour\nfive\n"]
    {
        assert!(is_shown(printed, wrong).is_err(), "{wrong}");
    }
}
