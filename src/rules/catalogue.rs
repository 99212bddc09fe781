//! The catalogue of rules: the built-in folder, and a project's own.

use super::load::{self, Compiled, Node, RuleError};
use super::rule::{Example, Rule};
use std::borrow::Cow;
use std::sync::{Arc, LazyLock, OnceLock};

/// The rules as the build script has read them, in the order of their ids.
static COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.postcard"));

/// Rules by id, each read when it is first needed.
#[derive(Debug, Default)]
pub struct Catalogue {
    entries: Vec<Arc<Entry>>,
}

static BUILTIN: LazyLock<Vec<Arc<Entry>>> = LazyLock::new(|| {
    let rules: Vec<Compiled<'static>> =
        postcard::from_bytes(COMPILED).expect("internal error: the rules that were embedded are none");
    rules.into_iter().map(|rule| Arc::new(Entry::builtin(rule))).collect()
});

/// What a list says of a rule.
#[derive(Debug, PartialEq, Eq, serde::Serialize)]
pub struct Listed<'c> {
    /// Its path below `rules/` without the ending.
    pub id: &'c str,
    /// The name of its severity.
    pub severity: &'c str,
    /// What is wrong, in a few words.
    pub summary: &'c str,
    /// The name of who can fix it.
    pub owner: &'c str,
    /// Whether anything that prodcheck reads gives it something to judge, which its example shows.
    pub fed: bool,
}

/// A rule, and what is known of it before it is read.
#[derive(Debug)]
struct Entry {
    id: Cow<'static, str>,
    severity: &'static str,
    owner: &'static str,
    summary: Cow<'static, str>,
    /// The kind of resource that it judges.
    resource: &'static str,
    aliases: Vec<Cow<'static, str>>,
    source: Source,
    rule: OnceLock<Rule>,
}

#[derive(Debug)]
enum Source {
    /// What the build script left of it; no bytes are no example.
    Compiled { head: &'static [u8], example: &'static [u8] },
    /// The text of its file.
    Text(String),
}

impl Catalogue {
    /// The rules that come with prodcheck, in the order of their ids. What was read of them once stays read.
    pub fn builtin() -> Catalogue {
        Catalogue { entries: BUILTIN.clone() }
    }

    /// Adds a rule, in place of one with the same id; one that cannot be read is not added.
    pub fn add(&mut self, id: &str, text: String) -> Result<(), RuleError> {
        let entry = Arc::new(Entry::of(id, text)?);
        self.entries.retain(|entry| entry.id != id);
        let at = self.entries.partition_point(|entry| *entry.id < *id);
        self.entries.insert(at, entry);
        Ok(())
    }

    /// Every rule, in the order of the ids.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules_for(|_, _| true)
    }

    /// What a list says of each rule, in the order of the ids; no rule is read for it.
    pub fn list(&self) -> impl Iterator<Item = Listed<'_>> {
        self.entries.iter().map(|entry| Listed {
            id: &entry.id,
            severity: entry.severity,
            summary: &entry.summary,
            owner: entry.owner,
            fed: !matches!(entry.source, Source::Compiled { example: [], .. }),
        })
    }

    /// The rules that are wanted by their id and the kind of resource that they judge; no others are read.
    pub fn rules_for(&self, wanted: impl Fn(&str, &str) -> bool) -> impl Iterator<Item = &Rule> {
        let entries = self.entries.iter().filter(move |entry| wanted(&entry.id, entry.resource));
        entries.map(|entry| entry.rule())
    }

    /// The rule of this id, or that once had it. A built-in rule has no cases here, and its example apart:
    /// see [`Catalogue::example`].
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        Some(self.entry(id)?.rule())
    }

    /// The example of the rule of this id, where it has one.
    pub fn example(&self, id: &str) -> Option<Example> {
        self.entry(id)?.example()
    }

    /// Every id, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| &*entry.id)
    }

    /// The text of a rule that was added; of a built-in one no text is kept.
    pub fn text(&self, id: &str) -> Option<&str> {
        match &self.entry(id)?.source {
            Source::Compiled { .. } => None,
            Source::Text(text) => Some(text),
        }
    }

    fn entry(&self, id: &str) -> Option<&Entry> {
        let at = self.entries.binary_search_by(|entry| (*entry.id).cmp(id));
        let at =
            at.ok().or_else(|| self.entries.iter().position(|entry| entry.aliases.iter().any(|alias| alias == id)))?;
        Some(&self.entries[at])
    }
}

impl Entry {
    fn builtin(rule: Compiled<'static>) -> Entry {
        Entry {
            id: rule.id.into(),
            severity: rule.severity,
            owner: rule.owner,
            summary: rule.summary.into(),
            resource: rule.resource,
            aliases: rule.aliases.into_iter().map(Cow::Borrowed).collect(),
            source: Source::Compiled { head: rule.head, example: rule.example },
            rule: OnceLock::new(),
        }
    }

    fn of(id: &str, text: String) -> Result<Entry, RuleError> {
        let rule = load::load(id, &text)?;
        Ok(Entry {
            id: id.to_owned().into(),
            severity: rule.severity.name(),
            owner: rule.owner.name(),
            summary: rule.summary.clone().into(),
            resource: rule.resource.name,
            aliases: rule.aliases.iter().map(|alias| alias.to_string().into()).collect(),
            source: Source::Text(text),
            rule: rule.into(),
        })
    }

    fn rule(&self) -> &Rule {
        self.rule.get_or_init(|| {
            let rule = match &self.source {
                Source::Compiled { head, .. } => {
                    load::load_without_cases(&self.id, &embedded(head)).map(|rule| Rule { is_builtin: true, ..rule })
                }
                Source::Text(text) => load::load(&self.id, text),
            };
            rule.unwrap_or_else(|error| self.broken(&error))
        })
    }

    fn example(&self) -> Option<Example> {
        match &self.source {
            Source::Compiled { example: [], .. } => None,
            Source::Compiled { example, .. } => {
                Some(load::example(&embedded(example)).unwrap_or_else(|error| self.broken(&error)))
            }
            Source::Text(_) => self.rule().example.clone(),
        }
    }

    fn broken(&self, error: &RuleError) -> ! {
        panic!("internal error: rules/{}.toml: {}", self.id, error.message)
    }
}

/// A part of a rule as the build script has left it.
fn embedded(bytes: &'static [u8]) -> Node<'static> {
    postcard::from_bytes(bytes).expect("internal error: a rule that was embedded is none")
}
