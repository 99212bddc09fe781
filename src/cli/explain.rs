//! `prodcheck explain`: all that a rule says of itself, and where its setting lives in each framework.

mod agent;
mod example;
mod markdown;
mod page;
mod places;
mod told;

pub(super) use agent::for_agent;
pub(super) use markdown::{cell, code, prose, text as markdown, written_at};
pub(super) use page::{Page, schema};
pub(super) use places::{Written, keys, title_of};

use super::arguments::{Explain, PageFormat};
use super::output::Output;
use super::{Done, Failure};
use crate::findings::uncapitalised;
use crate::report::{Ending, Style};
use crate::rules::{Bound, Catalogue, Condition, Predicate, Profile, Rule};
use crate::settings::Key;
use example::Shown;
use page::Threshold;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

/// How unlike a name may be to be suggested.
const LIKENESS: f64 = 0.75;

/// Columns of a page.
const WIDTH: usize = 88;

/// Prints the page of one rule.
pub(super) fn run(arguments: &Explain) -> Done {
    let mut catalogue = Catalogue::builtin();
    if catalogue.rule(&arguments.rule).is_none() {
        catalogue = crate::rules_of(Path::new("."))?;
    }
    let Some(rule) = catalogue.rule(&arguments.rule) else {
        let category = format!("{}/", arguments.rule.trim_end_matches('/'));
        let of_it: Vec<&str> =
            catalogue.ids().map(AsRef::as_ref).filter(|id: &&str| id.starts_with(&category)).collect();
        if !of_it.is_empty() {
            let rules: Vec<&Rule> = of_it.iter().filter_map(|id| catalogue.rule(id)).collect();
            Output::new(None, arguments.color).write(&category_of(&rules, &catalogue, arguments.format))?;
            return Ok(Ending::Clean);
        }
        let help = match nearest(&catalogue, &arguments.rule) {
            Some(id) => format!("did you mean `prodcheck explain {id}`? `prodcheck rules` lists all of them"),
            None => "`prodcheck rules` lists all of them".into(),
        };
        return Err(Failure {
            message: format!("there is no rule `{}`", arguments.rule),
            help: Some(help),
            ..Failure::default()
        });
    };
    let output = Output::new(None, arguments.color);
    let text = match arguments.format {
        PageFormat::Human => {
            let style = Style { colour: output.colour(), width: output.width(), checklist: true, ..Style::default() };
            human(rule, &catalogue, style)
        }
        PageFormat::Markdown => markdown(&Page::whole(rule, &catalogue)),
        PageFormat::Json => json(&Page::whole(rule, &catalogue)),
    };
    output.write(&text)?;
    Ok(Ending::Clean)
}

/// The rules of a category.
fn category_of(rules: &[&Rule], catalogue: &Catalogue, format: PageFormat) -> String {
    match format {
        PageFormat::Human => {
            let row = |rule: &&Rule| [rule.id.to_string(), rule.severity.name().to_owned(), rule.summary.clone()];
            crate::report::table(rules.iter().map(row))
        }
        PageFormat::Markdown => {
            let pages = rules.iter().map(|rule| markdown(&Page::whole(rule, catalogue)));
            pages.collect::<Vec<_>>().join("\n")
        }
        PageFormat::Json => json(&rules.iter().map(|rule| Page::whole(rule, catalogue)).collect::<Vec<_>>()),
    }
}

fn json(value: &impl serde::Serialize) -> String {
    let json = serde_json::to_string_pretty(value).expect("internal error: a page has no odd keys") + "\n";
    crate::mask::json_safe(&json).into_owned()
}

/// The page for a terminal.
fn human(rule: &Rule, catalogue: &Catalogue, style: Style) -> String {
    let own = catalogue.text(&rule.id);
    let example = catalogue.example(&rule.id);
    let example = example.map(|example| Shown::of(&rule.id, &example, own, style).section(&rule.id));
    page(rule, &example.unwrap_or_default())
}

/// What a scan says of the built-in rules in their examples, as the file `told.toml` keeps it.
pub(super) fn told() -> String {
    example::generated()
}

/// The id that a wrong one was most likely meant to be.
fn nearest<'c>(catalogue: &'c Catalogue, wrong: &str) -> Option<&'c str> {
    let likeness = |id: &str| {
        let name = id.rsplit('/').next().unwrap_or(id);
        strsim::jaro_winkler(id, wrong).max(strsim::jaro_winkler(name, wrong))
    };
    let best = catalogue.ids().map(|id| (likeness(id), id)).max_by(|a, b| a.0.total_cmp(&b.0));
    best.filter(|(likeness, _)| *likeness >= LIKENESS).map(|(_, id)| id)
}

/// What a kind of resource is, as a part of a line.
fn meaning(sentence: &str) -> String {
    uncapitalised(sentence.trim().trim_end_matches('.'))
}

/// The page of a rule with the section of its example.
fn page(rule: &Rule, example: &str) -> String {
    let data = Page::listed(rule, !example.is_empty());
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{}\n  {}\n", rule.id, rule.summary);
    let _ = writeln!(out, "  severity  {}", data.severities());
    let _ = writeln!(out, "  owner     {}", rule.owner.name());
    let _ = writeln!(out, "  checks    {}", meaning(rule.resource.meaning));
    if !rule.supersedes.is_empty() {
        let others = rule.supersedes.iter().map(|id| &**id).collect::<Vec<_>>().join(", ");
        let _ = writeln!(out, "  replaces  {others} at the same place");
    }
    section(&mut out, "Why", &rule.why);
    section(&mut out, "Fix", &data.fix_here);
    out.push_str(&places::section(&data.places));
    out.push_str(&limits(&data.limits));
    out.push_str(example);
    if example.is_empty() {
        section(
            &mut out,
            "Example",
            "None: of what prodcheck reads so far, nothing gives this rule anything to judge.",
        );
    }
    if !data.standards.is_empty() {
        let lines: Vec<String> = data.standards.iter().map(|answer| answer.in_words()).collect();
        section(&mut out, "Standards", &lines.join("\n"));
    }
    if !rule.references.is_empty() {
        section(&mut out, "References", &rule.references.join("\n"));
    }
    out
}

fn section(out: &mut String, title: &str, text: &str) {
    let _ = writeln!(out, "\n{title}");
    for line in text.lines() {
        let indent = format!("  {}", &line[..line.len() - line.trim_start().len()]);
        let options = textwrap::Options::new(WIDTH).initial_indent(&indent).subsequent_indent(&indent);
        let options = options.word_separator(textwrap::WordSeparator::AsciiSpace).break_words(false);
        let _ = writeln!(out, "{}", textwrap::fill(line.trim_start(), options));
    }
}

/// The thresholds that the rule uses, in each environment.
fn limits(limits: &[Threshold]) -> String {
    if limits.is_empty() {
        return String::new();
    }
    let mut text = String::new();
    for Threshold { name, meaning, values } in limits {
        let _ = writeln!(text, "{name}: {meaning}");
        for profile in Profile::names() {
            if let Some(value) = values.get(profile) {
                let _ = writeln!(text, "  {profile}  {value}");
            }
        }
    }
    let mut out = String::new();
    section(&mut out, "Thresholds", &text);
    out
}

/// Every test of a setting in a rule.
fn tests(rule: &Rule) -> Vec<(Key, &Predicate)> {
    let mut tests = Vec::new();
    let further = [&rule.requires, &rule.unless, &rule.evidence].into_iter().flatten();
    let steps = rule.severity_when.iter().map(|step| &step.when);
    std::iter::once(&rule.when).chain(further).chain(steps).for_each(|condition| collect(condition, &mut tests));
    tests
}

fn collect<'r>(condition: &'r Condition, into: &mut Vec<(Key, &'r Predicate)>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| collect(part, into)),
        Condition::Not(part) | Condition::Known(part) | Condition::Some(_, part) => collect(part, into),
        Condition::Test(key, predicate) => into.push((*key, predicate)),
    }
}

/// The rows of the table of thresholds that a rule's conditions name.
fn limit_names(rule: &Rule) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    tests(rule).into_iter().for_each(|(_, predicate)| collect_bounds(predicate, &mut names));
    names
}

fn collect_bounds<'r>(predicate: &'r Predicate, into: &mut BTreeSet<&'r str>) {
    match predicate {
        Predicate::Below(bound) | Predicate::Above(bound) | Predicate::DecodesBelow(bound) => {
            if let Bound::Limit { name, .. } = bound {
                into.insert(name);
            }
        }
        Predicate::AnyItem(inner) | Predicate::Fallback(inner) => collect_bounds(inner, into),
        _ => {}
    }
}

#[cfg(test)]
mod tests_of_pages {
    use super::*;

    fn page_of(id: &str) -> String {
        let catalogue = Catalogue::builtin();
        human(catalogue.rule(id).unwrap(), &catalogue, Style::default())
    }

    #[test]
    fn every_rule_has_a_page_without_placeholders() {
        let catalogue = Catalogue::builtin();
        for rule in catalogue.rules() {
            let page = page(rule, "");
            let markdown = markdown(&Page::listed(rule, true));
            for placeholder in crate::rules::PLACEHOLDERS {
                assert!(!markdown.contains(&format!("{{{placeholder}}}")), "{markdown}");
                assert!(!page.contains(&format!("{{{placeholder}}}")), "{page}");
            }
        }
    }

    #[test]
    fn a_page_says_where_the_setting_lives_with_its_default() {
        let page = page_of("cors/credentialed-wildcard");
        assert!(page.contains("config.server.cors.origin"), "{page}");
        assert!(page.contains("by default"), "{page}");
    }

    #[test]
    fn a_page_shows_what_a_scan_says_of_its_examples() {
        let page = page_of("cors/credentialed-wildcard");
        let found = page.find("blocking cors/credentialed-wildcard: ").expect("the finding is rendered");
        assert!(page[..found].contains("Bad (bknd, bknd.config.ts)"), "{page}");
        assert!(page[found..].contains("╭─[bknd.config.ts:2:"), "{page}");
        assert!(page.contains("cors/credentialed-wildcard has nothing to report here"), "{page}");
        let page = page_of("checklist/backups-restore");
        assert!(page.contains("  [ ] checklist/backups-restore  nobody has confirmed"), "{page}");
    }

    #[test]
    fn a_wrong_id_is_answered_with_the_nearest() {
        let catalogue = Catalogue::builtin();
        assert_eq!(nearest(&catalogue, "cors/credentialed-wildcards"), Some("cors/credentialed-wildcard"));
        assert_eq!(nearest(&catalogue, "wildcard-fallback"), Some("cors/wildcard-fallback"));
        assert_eq!(nearest(&catalogue, "zzzz"), None);
    }
}
