//! What the matrix has to hold: its keys, unique ids, references that lead somewhere, words of closed lists.

use crate::frameworks::aksara::matrix::scalar::Scalar;
use crate::syntax::Span;
use crate::syntax::data::{Node, NodeKind};
use hashbrown::HashSet;

const TOP: &[&str] = &["version", "metadata", "surfaces", "actors", "risks", "scenarios"];
const METADATA: &[&str] = &["name", "description", "owner", "status"];
const SURFACE: &[&str] = &["id", "name", "category", "implemented", "description"];
const ACTOR: &[&str] = &["id", "description"];
const RISK: &[&str] = &["id", "severity", "description"];
const SCENARIO: &[&str] = &["id", "surface", "actor", "risk", "expected", "status", "description"];
const SEVERITIES: &[&str] = &["low", "medium", "high", "critical"];
const EXPECTED: &[&str] = &["allow", "deny", "warn", "block", "warn_or_block"];
const STATUSES: &[&str] = &["covered", "partial", "planned", "not_applicable"];

/// What is wrong with a matrix, by place.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    /// It does not match its schema here.
    pub(super) errors: Vec<Span>,
    /// It leaves something open here.
    pub(super) gaps: Vec<Span>,
}

/// Checks a matrix, read from this text.
pub(super) fn check(text: &str, root: &Node) -> Verdict {
    let mut checker = Checker { text, verdict: Verdict::default() };
    checker.whole(root);
    let mut verdict = checker.verdict;
    verdict.errors.sort_unstable();
    verdict.errors.dedup();
    verdict
}

struct Checker<'t> {
    text: &'t str,
    verdict: Verdict,
}

/// The ids of a list's items, as members of a set.
type Ids = HashSet<String>;

impl Checker<'_> {
    fn wrong(&mut self, span: Span) {
        self.verdict.errors.push(span);
    }

    fn scalar(&self, node: &Node) -> Scalar {
        Scalar::of(self.text, node)
    }

    fn whole(&mut self, root: &Node) {
        if !matches!(root.kind, NodeKind::Map(_)) {
            return self.wrong(root.span);
        }
        if let Some(tagged) = tagged(root) {
            return self.wrong(tagged);
        }
        if TOP.iter().any(|key| root.get(key).is_none()) {
            // Nothing else is looked at while the frame is not whole.
            return self.wrong(root.entries().first().map_or(root.span, |entry| entry.key_span));
        }
        let part = |key: &str| root.get(key).unwrap_or(root);
        if !self.scalar(part("version")).is_int() {
            self.wrong(part("version").span);
        }
        self.metadata(part("metadata"));
        let surfaces = self.items(part("surfaces"), SURFACE);
        let actors = self.items(part("actors"), ACTOR);
        let risks = self.items(part("risks"), RISK);
        for risk in part("risks").items() {
            self.word(risk, "severity", SEVERITIES);
        }
        self.items(part("scenarios"), SCENARIO);
        for scenario in part("scenarios").items() {
            self.reference(scenario, "surface", &surfaces);
            self.reference(scenario, "actor", &actors);
            self.reference(scenario, "risk", &risks);
            self.word(scenario, "expected", EXPECTED);
            self.word(scenario, "status", STATUSES);
        }
        // A matrix of nothing says nothing.
        if part("surfaces").items().is_empty() && part("scenarios").items().is_empty() {
            self.wrong(part("surfaces").span);
        }
        self.coverage(part("surfaces"), part("scenarios"));
    }

    fn metadata(&mut self, metadata: &Node) {
        if !matches!(metadata.kind, NodeKind::Map(_)) {
            return self.wrong(metadata.span);
        }
        for key in METADATA {
            match metadata.get(key) {
                Some(value) if self.scalar(value).truth() => {}
                Some(value) => self.wrong(value.span),
                None => self.wrong(metadata.span),
            }
        }
    }

    /// Checks that a list has mappings with these keys, and no id twice; gives the ids.
    fn items(&mut self, list: &Node, keys: &[&str]) -> Ids {
        let mut ids = Ids::new();
        if !matches!(list.kind, NodeKind::List(_)) {
            self.wrong(list.span);
            return ids;
        }
        for item in list.items() {
            if !matches!(item.kind, NodeKind::Map(_)) {
                self.wrong(item.span);
                continue;
            }
            if keys.iter().any(|key| item.get(key).is_none()) {
                self.wrong(item.span);
            }
            let Some(node) = item.get("id") else { continue };
            let id = self.scalar(node);
            if !id.truth() {
                continue;
            }
            match id.key() {
                Some(key) if ids.insert(key.clone()) => {}
                _ => self.wrong(node.span),
            }
        }
        ids
    }

    /// A reference that is written leads to an item.
    fn reference(&mut self, item: &Node, key: &str, ids: &Ids) {
        let Some(node) = item.get(key) else { return };
        let value = self.scalar(node);
        if value.truth() && !value.key().is_some_and(|key| ids.contains(&key)) {
            self.wrong(node.span);
        }
    }

    /// A word that is written is one of the list.
    fn word(&mut self, item: &Node, key: &str, words: &[&str]) {
        let Some(node) = item.get(key) else { return };
        let value = self.scalar(node);
        let fits = matches!(&value, Scalar::Text(text) if words.contains(&text.as_str()));
        if value.truth() && !fits {
            self.wrong(node.span);
        }
    }

    /// No scenario is still to come, and each surface that is there has a scenario that covers it.
    fn coverage(&mut self, surfaces: &Node, scenarios: &Node) {
        let status = |scenario: &Node| scenario.get("status").and_then(|node| node.text().cloned());
        let mut covered = Ids::new();
        for scenario in scenarios.items() {
            let Some(status) = status(scenario) else { continue };
            if status.one_of(&["partial", "planned"]).is_some() {
                self.verdict.gaps.extend(scenario.get("status").map(|node| node.span));
            }
            if status.is("covered") {
                covered.extend(scenario.get("surface").and_then(|node| self.scalar(node).key()));
            }
        }
        for surface in surfaces.items() {
            let implemented = surface.get("implemented").map(|node| self.scalar(node));
            let id = surface.get("id").map(|node| self.scalar(node));
            let is_covered = id.as_ref().and_then(Scalar::key).is_some_and(|key| covered.contains(&key));
            if implemented == Some(Scalar::Bool(true)) && !is_covered {
                self.verdict.gaps.push(surface.get("id").map_or(surface.span, |node| node.span));
            }
        }
    }
}

/// The first value under an application's own tag: Python's safe reader refuses it.
fn tagged(node: &Node) -> Option<Span> {
    match &node.kind {
        NodeKind::Tagged(..) => Some(node.span),
        NodeKind::List(items) => items.iter().find_map(tagged),
        NodeKind::Map(entries) => entries.iter().find_map(|entry| tagged(&entry.value)),
        _ => None,
    }
}
