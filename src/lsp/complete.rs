//! What can stand at a place of `prodcheck.toml`: keys and words from its schema, ids of rules, names of thresholds.

use crate::rules::{Catalogue, Limits, Profile, Severity};
use serde_json::Value;
use std::ops::Range;

/// One thing that can stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) label: String,
    /// What is written in place of `replaces`.
    pub(super) text: String,
    /// What it means.
    pub(super) meaning: String,
    /// The bytes that are replaced.
    pub(super) replaces: Range<usize>,
}

/// What can stand at a byte of the file.
pub(super) fn at(text: &str, offset: usize, rules: &Catalogue) -> Vec<Offer> {
    let Some(here) = Here::of(text, offset) else { return Vec::new() };
    let schema: Value = serde_json::from_str(&crate::config::schema()).unwrap_or_default();
    let known = match here.what {
        What::Header => headers(&schema),
        What::Key => keys(&schema, &here.path, rules),
        What::Value => values(&schema, &here.path, rules),
    };
    let replaces = here.start..offset;
    let offer = |(label, meaning): (String, String)| {
        let text = here.written(&label, &text[offset..]);
        Offer { label, text, meaning, replaces: replaces.clone() }
    };
    known.into_iter().map(offer).collect()
}

/// What a place is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Header,
    Key,
    Value,
}

/// A place in the file.
#[derive(Debug)]
struct Here {
    what: What,
    /// The keys above it; for a value its own is the last.
    path: Vec<String>,
    /// The quote that is open there.
    quote: Option<char>,
    /// Where the word begins that stands there so far.
    start: usize,
}

/// An open bracket, with where it stands.
struct Open {
    bracket: char,
    path: Vec<String>,
    key: String,
}

/// The reading of the file up to a place.
#[derive(Default)]
struct Reader {
    table: Vec<String>,
    open: Vec<Open>,
    /// Keys of inline tables around the place.
    inline: Vec<String>,
    key: String,
    is_value: bool,
    is_header: bool,
    word: String,
    start: usize,
    quote: Option<char>,
    is_comment: bool,
}

impl Reader {
    fn take(&mut self, at: usize, c: char) {
        let after = at + c.len_utf8();
        match (c, self.quote) {
            ('\n', _) => self.line(after),
            _ if self.is_comment => {}
            (_, Some(quote)) if c == quote => self.quote = None,
            (_, Some(_)) => self.word.push(c),
            ('"' | '\'', None) => {
                self.quote = Some(c);
                self.begin(after);
            }
            ('#', None) => self.is_comment = true,
            ('[', None) if !self.is_value && self.open.is_empty() => {
                self.is_header = true;
                self.begin(after);
            }
            (']', None) if self.is_header => {
                self.table = self.word.split('.').map(|part| part.trim().to_owned()).collect();
            }
            ('=', None) if !self.is_value => {
                self.key = std::mem::take(&mut self.word);
                self.is_value = true;
                self.begin(after);
            }
            ('[' | '{', None) => self.enter(c, after),
            (']' | '}', None) => self.leave(after),
            (',', None) => {
                self.is_value = self.open.last().is_some_and(|open| open.bracket == '[');
                self.begin(after);
            }
            (' ' | '\t' | '\r', None) if self.word.is_empty() => self.start = after,
            (' ' | '\t' | '\r', None) => {}
            _ => self.word.push(c),
        }
    }

    fn begin(&mut self, at: usize) {
        self.word.clear();
        self.start = at;
    }

    fn line(&mut self, after: usize) {
        self.is_comment = false;
        self.is_header = false;
        self.quote = None;
        if self.open.is_empty() {
            self.is_value = false;
        }
        self.begin(after);
    }

    fn enter(&mut self, bracket: char, after: usize) {
        let open = Open { bracket, path: self.inline.clone(), key: self.key.clone() };
        if bracket == '{' {
            self.inline.push(std::mem::take(&mut self.key));
            self.is_value = false;
        }
        self.open.push(open);
        self.begin(after);
    }

    fn leave(&mut self, after: usize) {
        if let Some(open) = self.open.pop() {
            (self.inline, self.key) = (open.path, open.key);
            self.is_value = true;
        }
        self.begin(after);
    }
}

impl Here {
    /// The place of a byte; none in a comment.
    fn of(text: &str, offset: usize) -> Option<Here> {
        let mut reader = Reader::default();
        text.get(..offset)?.char_indices().for_each(|(at, c)| reader.take(at, c));
        if reader.is_comment {
            return None;
        }
        let what = match (reader.is_header, reader.is_value) {
            (true, _) => What::Header,
            (_, true) => What::Value,
            _ => What::Key,
        };
        let own = (what == What::Value).then_some(reader.key);
        let path = reader.table.into_iter().chain(reader.inline).chain(own).collect();
        Some(Here { what, path, quote: reader.quote, start: reader.start })
    }

    /// How a word is written there, before what follows.
    fn written(&self, word: &str, rest: &str) -> String {
        let is_plain = word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
        let needs_quotes = self.what == What::Value || (self.what == What::Key && !is_plain);
        let quoted = match self.quote {
            Some(quote) if rest.starts_with(quote) => word.to_owned(),
            Some(quote) => format!("{word}{quote}"),
            None if needs_quotes => format!("\"{word}\""),
            None => word.to_owned(),
        };
        let line = rest.lines().next().unwrap_or_default();
        if self.what == What::Key && !line.contains('=') { format!("{quoted} = ") } else { quoted }
    }
}

type Known = Vec<(String, String)>;

/// The tables, without the brackets that stand there already.
fn headers(schema: &Value) -> Known {
    let is_table = |name: &str| {
        node(schema, &[name.to_owned()])
            .is_some_and(|node| node["type"] == "object" || node.get("properties").is_some())
    };
    properties(schema).into_iter().filter(|(name, _)| is_table(name)).collect()
}

fn keys(schema: &Value, path: &[String], rules: &Catalogue) -> Known {
    match path {
        [table] if table == "rules" => rules_that(rules, |_| true),
        [table] if table == "limits" => {
            let table = Limits::builtin(Profile::default());
            table.rows().map(|(name, row)| (name.to_owned(), row.meaning.to_string())).collect()
        }
        _ => node(schema, path).map_or_else(Vec::new, properties),
    }
}

fn values(schema: &Value, path: &[String], rules: &Catalogue) -> Known {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    match names[..] {
        ["ignore", "rule"] | ["path", "rules"] => rules_that(rules, |_| true),
        ["attest", "rule"] => rules_that(rules, |rule| rule.is_ever(Severity::Checklist)),
        _ => node(schema, path).map_or_else(Vec::new, |node| words(schema, node)),
    }
}

fn rules_that(rules: &Catalogue, wanted: impl Fn(&crate::rules::Rule) -> bool) -> Known {
    rules.rules().filter(|rule| wanted(rule)).map(|rule| (rule.id.to_string(), rule.summary.clone())).collect()
}

fn meaning(node: &Value) -> String {
    node["description"].as_str().unwrap_or_default().to_owned()
}

fn properties(node: &Value) -> Known {
    let all = node["properties"].as_object().into_iter().flatten();
    all.map(|(name, node)| (name.clone(), meaning(node))).collect()
}

/// The words that a value can be.
fn words(schema: &Value, node: &Value) -> Known {
    let one = |node: &Value| {
        let listed = node["enum"].as_array().into_iter().flatten();
        let all = listed.chain(node.get("const")).filter_map(|word| Some((word.as_str()?.to_owned(), meaning(node))));
        all.collect::<Vec<_>>()
    };
    let parts = ["oneOf", "anyOf"].iter().filter_map(|name| node[*name].as_array()).flatten();
    one(node).into_iter().chain(parts.flat_map(|part| one(resolved(schema, part)))).collect()
}

/// What the schema says of a path of keys.
fn node<'s>(schema: &'s Value, path: &[String]) -> Option<&'s Value> {
    let step = |node: &'s Value, key: &String| {
        let next =
            node["properties"].get(key).or_else(|| node.get("additionalProperties")).filter(|next| next.is_object())?;
        Some(resolved(schema, next))
    };
    path.iter().try_fold(schema, step)
}

/// A part of the schema behind its references: what is listed is its items, what may be null is what else it can be.
fn resolved<'s>(schema: &'s Value, mut node: &'s Value) -> &'s Value {
    for _ in 0..8 {
        let is_null = |part: &&Value| part["type"] == "null";
        node = if let Some(name) = node["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
            &schema["$defs"][name]
        } else if let Some(items) = node.get("items") {
            items
        } else if let Some(part) = node["anyOf"].as_array().and_then(|parts| parts.iter().find(|part| !is_null(part))) {
            part
        } else {
            break;
        };
    }
    node
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The file with the first offer of this label in it, at the place of `|`.
    fn with(text: &str, label: &str) -> String {
        let offset = text.find('|').unwrap();
        let text = text.replacen('|', "", 1);
        let offers = at(&text, offset, &Catalogue::builtin());
        let offer = offers.iter().find(|offer| offer.label == label).unwrap_or_else(|| panic!("{label} of {offers:?}"));
        assert!(!offer.meaning.is_empty(), "{label}");
        let mut made = text.clone();
        made.replace_range(offer.replaces.clone(), &offer.text);
        made
    }

    fn labels(text: &str) -> Vec<String> {
        let offset = text.find('|').unwrap();
        at(&text.replacen('|', "", 1), offset, &Catalogue::builtin()).into_iter().map(|offer| offer.label).collect()
    }

    #[test]
    fn keys_come_from_the_schema() {
        assert_eq!(with("exc|", "exclude"), "exclude = ");
        assert_eq!(with("[environment]\nprov|", "provided"), "[environment]\nprovided = ");
        assert_eq!(
            with("[[ignore]]\nrule = \"cors/wildcard\"\nre|", "reason"),
            "[[ignore]]\nrule = \"cors/wildcard\"\nreason = "
        );
        assert_eq!(with("[[ig|]]", "ignore"), "[[ignore]]");
        assert!(!labels("[|").contains(&"exclude".to_owned()));
        assert_eq!(with("[limits]\n|", "token_lifetime.access"), "[limits]\ntoken_lifetime.access = ");
    }

    #[test]
    fn values_are_words_and_ids_of_rules() {
        assert_eq!(with("[environment]\nname = |", "staging"), "[environment]\nname = \"staging\"");
        assert_eq!(with("[environment]\nname = \"st|\"", "staging"), "[environment]\nname = \"staging\"");
        assert_eq!(with("[[ignore]]\nrule = \"cors/|", "cors/wildcard"), "[[ignore]]\nrule = \"cors/wildcard\"");
        assert_eq!(
            with("[[path]]\nrules = [\n  \"a\",\n  \"|", "cors/wildcard"),
            "[[path]]\nrules = [\n  \"a\",\n  \"cors/wildcard\""
        );
        assert_eq!(with("[rules]\n|", "cors/wildcard"), "[rules]\n\"cors/wildcard\" = ");
        let inline = "[rules]\n\"cors/wildcard\" = { severity = |";
        assert_eq!(with(inline, "off"), "[rules]\n\"cors/wildcard\" = { severity = \"off\"");
        assert!(labels("[rules]\n\"cors/wildcard\" = { severity = \"off\", |").contains(&"reason".to_owned()));
    }

    #[test]
    fn only_items_of_the_checklist_can_be_attested() {
        let offered = labels("[[attest]]\nrule = \"|\"");
        assert!(offered.contains(&"checklist/backups-restore".to_owned()));
        assert!(!offered.contains(&"cors/credentialed-wildcard".to_owned()));
    }

    #[test]
    fn a_comment_and_free_text_offer_nothing() {
        assert_eq!(labels("# exc|"), Vec::<String>::new());
        assert_eq!(labels("[[ignore]]\nreason = \"|\""), Vec::<String>::new());
        assert_eq!(labels("[nowhere]\n|"), Vec::<String>::new());
    }
}
