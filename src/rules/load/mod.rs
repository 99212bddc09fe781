//! Turns the text of a rule file into a rule, or into an error that points at the word.

mod cases;
mod conditions;
pub(crate) mod node;
mod operands;
mod reader;

pub(crate) use node::{Compiled, Node};
pub(crate) use operands::unit;
pub use reader::RuleError;
pub(crate) use reader::{Fields, parse};

use super::rule::{Example, Expected, Owner, PLACEHOLDERS, Repair, Report, Rule, Saying, Severity, Step};
use super::standards::Clause;
use crate::settings::{Key, ResourceKind, Type, vocabulary};
use crate::syntax::Span;
use std::sync::Arc;

/// Reads a rule. `id` is its path below the folder of rules, without the ending.
pub fn load(id: &str, text: &str) -> Result<Rule, RuleError> {
    let file = parse(text)?;
    let mut rule = load_without_cases(id, &file)?;
    let mut fields = Fields::of(&file, "a rule")?;
    rule.cases = match fields.take("case") {
        Some(cases) => cases.items()?.iter().map(|case| cases::case(case, &rule)).collect::<Result<_, _>>()?,
        None => Vec::new(),
    };
    complete(&rule, &file)?;
    Ok(rule)
}

/// Reads a rule as a scan needs it: its cases are left out.
pub(super) fn load_without_cases(id: &str, file: &Node<'_>) -> Result<Rule, RuleError> {
    let mut fields = Fields::of(file, "a rule")?;
    let resource = kind(fields.need("resource")?)?;
    let mut condition =
        |name: &'static str| fields.take(name).map(|node| conditions::condition(node, resource)).transpose();
    let (when, requires) = (condition("when")?, condition("requires")?);
    let (unless, evidence) = (condition("unless")?, condition("evidence")?);
    let rule = Rule {
        id: id.into(),
        summary: fields.need("summary")?.text()?.to_owned(),
        severity: word(fields.need("severity")?, &Severity::NAMES)?,
        default_severity: fields.take("default_severity").map(|node| word(node, &Severity::NAMES)).transpose()?,
        possible_severity: fields.take("possible_severity").map(|node| word(node, &Severity::NAMES)).transpose()?,
        severity_when: match fields.take("severity_when") {
            Some(steps) => steps.items()?.iter().map(|node| step(node, resource)).collect::<Result<_, _>>()?,
            None => Vec::new(),
        },
        owner: word(fields.need("owner")?, &Owner::NAMES)?,
        resource,
        supersedes: names(fields.take("supersedes"))?,
        aliases: names(fields.take("aliases"))?,
        when: when.ok_or_else(|| fields.error("a rule needs `when`: the condition that is bad"))?,
        requires,
        unless,
        evidence,
        why: fields.need("why")?.text()?.to_owned(),
        references: names(fields.take("references"))?.iter().map(|reference| reference.to_string()).collect(),
        standards: clauses(fields.take("standards"))?,
        is_builtin: false,
        report: report(fields.need("report")?, resource)?,
        repair: fields.take("repair").map(|node| repair(node, resource)).transpose()?,
        cases: Vec::new(),
        example: fields.take("example").map(example).transpose()?,
    };
    if rule.evidence.is_some() && rule.severity != Severity::Checklist {
        return Err(fields.error("`evidence` closes an item of the checklist; this rule's severity is another"));
    }
    fields.take("case");
    fields.finish()?;
    Ok(rule)
}

/// Refuses a rule whose cases do not show both what it reports and what it leaves alone.
fn complete(rule: &Rule, file: &Node<'_>) -> Result<(), RuleError> {
    let shows = |expected| rule.cases.iter().any(|case| case.verdict == expected);
    // A setting of any type is only known or not: such a rule has nothing but unverified to say.
    let only_unverified = rule.report.at.is_some_and(|key| key.ty == Type::Any);
    let reported = shows(Expected::Violated) || only_unverified && shows(Expected::Unverified);
    let start = Span::new(file.start, file.start);
    if !reported {
        let verdict = if rule.severity == Severity::Checklist { "open" } else { "violated" };
        return Err(RuleError::at(start, format!("a rule needs a `[[case]]` with verdict = \"{verdict}\"")));
    }
    if !shows(Expected::Satisfied) {
        return Err(RuleError::at(start, "a rule needs a `[[case]]` with verdict = \"satisfied\""));
    }
    Ok(())
}

/// The value behind one of the known words.
fn word<T: Copy>(node: &Node<'_>, words: &[(&'static str, T)]) -> Result<T, RuleError> {
    let text = node.text()?;
    words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value).ok_or_else(|| {
        let words: Vec<_> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
        node.error(format!("\"{text}\" is none of {}", words.join(", ")))
    })
}

fn names(node: Option<&Node<'_>>) -> Result<Vec<Arc<str>>, RuleError> {
    let Some(node) = node else { return Ok(Vec::new()) };
    Ok(node.texts()?.into_iter().map(Arc::from).collect())
}

/// The clauses of standards that a rule answers to, each once.
fn clauses(node: Option<&Node<'_>>) -> Result<Vec<Clause>, RuleError> {
    let mut clauses = Vec::new();
    for item in node.map_or(Ok(&[][..]), Node::items)? {
        let clause = Clause::parse(item.text()?).map_err(|message| item.error(message))?;
        if clauses.contains(&clause) {
            return Err(item.error(format!("`{clause}` is named twice")));
        }
        clauses.push(clause);
    }
    Ok(clauses)
}

/// The kind of resource that a text names.
fn kind(node: &Node<'_>) -> Result<&'static ResourceKind, RuleError> {
    let name = node.text()?;
    ResourceKind::named(name).ok_or_else(|| {
        let kinds: Vec<_> = vocabulary().map(|kind| kind.name).collect();
        node.error(format!("no kind of resource is called `{name}`; there are {}", kinds.join(", ")))
    })
}

fn step(node: &Node<'_>, resource: &'static ResourceKind) -> Result<Step, RuleError> {
    let mut fields = Fields::of(node, "a step of severity_when")?;
    let severity = word(fields.need("is")?, &Severity::NAMES)?;
    let when = conditions::condition(fields.need("when")?, resource)?;
    fields.finish()?;
    Ok(Step { severity, when })
}

fn report(node: &Node<'_>, resource: &'static ResourceKind) -> Result<Report, RuleError> {
    let mut fields = Fields::of(node, "[report]")?;
    let at: Option<Key> = fields.take("at").map(|node| conditions::setting(node, resource)).transpose()?;
    let also = match fields.take("also") {
        Some(list) => list.items()?.iter().map(|node| conditions::setting(node, resource)).collect::<Result<_, _>>()?,
        None => Vec::new(),
    };
    let (says, message) = message(fields.need("message")?, resource)?;
    let fix = sentence(fields.need("fix")?)?;
    let label = fields.take("label").map(sentence).transpose()?;
    let lists_names = message.contains("{names}");
    fields.finish()?;
    Ok(Report { at, also, says, message, fix, label, lists_names })
}

/// A message, or a list of them by cause whose last one has no `when`.
fn message(node: &Node<'_>, resource: &'static ResourceKind) -> Result<(Vec<Saying>, String), RuleError> {
    if node.text().is_ok() {
        return Ok((Vec::new(), sentence(node)?));
    }
    let mut says = Vec::new();
    let mut general = None;
    for item in node.items()? {
        if general.is_some() {
            return Err(item.error("nothing comes after the message without `when`"));
        }
        let mut fields = Fields::of(item, "a message")?;
        let message = sentence(fields.need("says")?)?;
        let fix = fields.take("fix").map(sentence).transpose()?;
        let label = fields.take("label").map(sentence).transpose()?;
        match fields.take("when") {
            Some(when) => says.push(Saying { when: conditions::condition(when, resource)?, message, fix, label }),
            None if label.is_some() => return Err(item.error("the label of the last message is the rule's `label`")),
            None if fix.is_some() => return Err(item.error("the fix of the last message is the rule's `fix`")),
            None => general = Some(message),
        }
        fields.finish()?;
    }
    match general {
        Some(general) => Ok((says, general)),
        None => Err(node.error("the last message needs no `when`: it is said where none of the others holds")),
    }
}

/// The edit that makes the finding go away: a setting of the resource itself, and a value of its type.
fn repair(node: &Node<'_>, resource: &'static ResourceKind) -> Result<Repair, RuleError> {
    let mut fields = Fields::of(node, "[repair]")?;
    let name = fields.need("setting")?;
    let setting = conditions::named(resource, name.text()?).map_err(|message| name.error(message))?;
    let value = operands::remedy(fields.need("value")?, setting, resource)?;
    let safe = fields.need("safe")?.bool()?;
    fields.finish()?;
    Ok(Repair { setting, value, safe })
}

/// A text whose placeholders are all known ones.
fn sentence(node: &Node<'_>) -> Result<String, RuleError> {
    let text = node.text()?;
    for (at, _) in text.match_indices('{') {
        let inside = text[at + 1..].split('}').next().unwrap_or_default();
        // `{: state}` carries what stands before it, `{set true}` what is to be written.
        let name = if inside == ": state" { "state" } else { inside.split(' ').next().unwrap_or_default() };
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase());
        if is_name && !PLACEHOLDERS.contains(&name) {
            return Err(node.error(format!("no placeholder `{{{name}}}`; there are {}", PLACEHOLDERS.join(", "))));
        }
    }
    Ok(text.to_owned())
}

/// Reads a rule's example.
pub(super) fn example(node: &Node<'_>) -> Result<Example, RuleError> {
    let mut fields = Fields::of(node, "[example]")?;
    let framework = fields.need("framework")?.text()?.into();
    let mut files = |name: &'static str| {
        let files = Fields::of(fields.need(name)?, "an example's files")?.rest();
        files
            .into_iter()
            .map(|file| Ok((file.key.as_ref().into(), file.node.text()?.to_owned())))
            .collect::<Result<_, _>>()
    };
    let (bad, good) = (files("bad")?, files("good")?);
    fields.finish()?;
    Ok(Example { framework, bad, good })
}
