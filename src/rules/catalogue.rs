//! The catalogue of rules: the built-in folder, and a project's own.

use super::load::{self, RuleError};
use super::rule::Rule;
use include_dir::{Dir, include_dir};
use rayon::prelude::*;
use std::borrow::Cow;
use std::sync::{Arc, LazyLock, OnceLock};

static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// Rules by id, each read when it is first needed.
#[derive(Debug, Default)]
pub struct Catalogue {
    entries: Vec<Arc<Entry>>,
}

static BUILTIN: LazyLock<Vec<Arc<Entry>>> = LazyLock::new(|| {
    let mut files = Vec::new();
    collect(&FOLDER, &mut files);
    files.sort_unstable();
    files.into_iter().map(|(id, text)| Arc::new(Entry::new(id.into(), Cow::Borrowed(text)))).collect()
});

#[derive(Debug)]
struct Entry {
    id: Arc<str>,
    text: Cow<'static, str>,
    rule: OnceLock<Result<Rule, RuleError>>,
}

impl Catalogue {
    /// The rules that come with prodcheck, in the order of their ids. What was read of them once stays read.
    pub fn builtin() -> Catalogue {
        Catalogue { entries: BUILTIN.clone() }
    }

    /// Reads every rule that was not needed yet, side by side.
    pub fn read_ahead(&self) {
        self.entries.par_iter().for_each(|entry| {
            entry.rule();
        });
    }

    /// Adds a rule, in place of one with the same id.
    pub fn add(&mut self, id: &str, text: String) {
        self.entries.retain(|entry| &*entry.id != id);
        let at = self.entries.partition_point(|entry| &*entry.id < id);
        self.entries.insert(at, Arc::new(Entry::new(id.into(), Cow::Owned(text))));
    }

    /// Every rule that can be read, in the order of the ids.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.entries.iter().filter_map(|entry| entry.rule().as_ref().ok())
    }

    /// The rules that cannot be read, with the reason.
    pub fn errors(&self) -> impl Iterator<Item = (&str, &RuleError)> {
        self.entries.iter().filter_map(|entry| Some((&*entry.id, entry.rule().as_ref().err()?)))
    }

    /// The rule of this id, or that once had it. Of a built-in rule, cases and example are left out: see [`Catalogue::whole`].
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        let at = self.entries.binary_search_by(|entry| (*entry.id).cmp(id)).ok();
        match at {
            Some(at) => self.entries[at].rule().as_ref().ok(),
            None => self.rules().find(|rule| rule.aliases.iter().any(|alias| &**alias == id)),
        }
    }

    /// The rule of this id with its cases and its example.
    pub fn whole(&self, id: &str) -> Option<Result<Rule, RuleError>> {
        let rule = self.rule(id)?;
        Some(load::load(&rule.id, self.text(&rule.id)?))
    }

    /// Every id, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| &*entry.id)
    }

    /// The text of a rule's file: with its cases, which a scan does not read.
    pub fn text(&self, id: &str) -> Option<&str> {
        self.entries.iter().find(|entry| &*entry.id == id).map(|entry| &*entry.text)
    }
}

impl Entry {
    fn new(id: Arc<str>, text: Cow<'static, str>) -> Entry {
        Entry { id, text, rule: OnceLock::new() }
    }

    fn rule(&self) -> &Result<Rule, RuleError> {
        self.rule.get_or_init(|| match &self.text {
            // What comes with prodcheck has passed its cases, which stand last: a scan reads the head alone.
            Cow::Borrowed(text) => {
                let head = text.find("\n[[case]]").map_or(*text, |end| &text[..end]);
                load::load_without_cases(&self.id, head)
            }
            Cow::Owned(text) => load::load(&self.id, text),
        })
    }
}

/// The rule files below a folder: those in a category; what lies beside the categories is no rule.
fn collect(folder: &'static Dir<'static>, files: &mut Vec<(&'static str, &'static str)>) {
    for file in folder.files() {
        let id = file.path().to_str().and_then(|path| path.strip_suffix(".toml")).filter(|id| id.contains('/'));
        if let (Some(id), Some(text)) = (id, file.contents_utf8()) {
            files.push((id, text));
        }
    }
    folder.dirs().for_each(|folder| collect(folder, files));
}
