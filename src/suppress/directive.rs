//! One `prodcheck-ignore` in a comment: which rules, where, why, until when.

use crate::config::Day;
use crate::syntax::Span;

/// The word that begins a directive.
pub(crate) const WORD: &str = "prodcheck-ignore";

/// What a directive reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Its own line, or the next one where it stands alone.
    Here,
    /// The next line.
    NextLine,
    /// The whole file.
    File,
}

/// A directive as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Directive {
    pub(super) scope: Scope,
    /// The ids of rules as they are written.
    pub(super) rules: Vec<String>,
    /// Why; nothing where it does not say.
    pub(super) reason: Option<String>,
    /// The last day; an error where it is no day.
    pub(super) until: Result<Option<Day>, String>,
    /// Where it stands in the file.
    pub(super) span: Span,
}

/// The directives in a comment that begins at `start`; prose that only mentions the word is none.
pub(super) fn directives(comment: &str, start: usize) -> Vec<Directive> {
    let mut at = start;
    let mut found = Vec::new();
    for line in comment.split_inclusive('\n') {
        let opened =
            line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '/' | '*' | '#' | '!' | '<' | '-'));
        let indent = line.len() - opened.len();
        let text = opened.trim_end().trim_end_matches("*/").trim_end_matches("-->").trim_end();
        found.extend(directive(text, at + indent));
        at += line.len();
    }
    found
}

fn directive(text: &str, start: usize) -> Option<Directive> {
    let rest = text.strip_prefix(WORD)?;
    let (scope, rest) = [("-next-line", Scope::NextLine), ("-file", Scope::File)]
        .iter()
        .find_map(|(word, scope)| Some((*scope, rest.strip_prefix(word)?)))
        .unwrap_or((Scope::Here, rest));
    if rest.starts_with(|c: char| !c.is_whitespace() && c != ':') {
        return None;
    }
    let (rules, reason) = rest.split_once("--").map_or((rest, None), |(rules, reason)| (rules, Some(reason.trim())));
    let rules = rules.trim_start_matches(':').split([',', ' ', '\t']).filter(|id| !id.is_empty()).map(str::to_owned);
    let (reason, until) = reason.map_or((None, Ok(None)), split_until);
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let span = Span::new(byte(start), byte(start + text.len()));
    Some(Directive { scope, rules: rules.collect(), reason, until, span })
}

/// The reason without the day it ends with.
fn split_until(text: &str) -> (Option<String>, Result<Option<Day>, String>) {
    let said = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    // `until` begins a date only as the second last word: "until the proxy is there" is a reason.
    let mut words = text.rsplitn(3, char::is_whitespace);
    let (last, before) = (words.next().unwrap_or_default(), words.next());
    let rest = words.next().unwrap_or_default();
    if before != Some("until") || !last.starts_with(|c: char| c.is_ascii_digit()) {
        return (said(text), Ok(None));
    }
    let day = crate::config::day(last).map(Some).ok_or_else(|| last.to_owned());
    (said(rest), day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(comment: &str) -> Directive {
        let mut found = directives(comment, 0);
        assert_eq!(found.len(), 1, "{comment}");
        found.remove(0)
    }

    #[test]
    fn a_directive_names_rules_a_reason_and_a_day() {
        let found = one("// prodcheck-ignore cors/wildcard, csrf/disabled -- public API until 2027-01-31");
        assert_eq!(found.scope, Scope::Here);
        assert_eq!(found.rules, ["cors/wildcard", "csrf/disabled"]);
        assert_eq!(found.reason.as_deref(), Some("public API"));
        assert_eq!(found.until, Ok(Some("2027-01-31".parse().unwrap())));
    }

    #[test]
    fn every_comment_syntax_is_understood() {
        for comment in [
            "# prodcheck-ignore-next-line a/b -- why",
            "/* prodcheck-ignore-next-line a/b -- why */",
            "/**\n * prodcheck-ignore-next-line a/b -- why\n */",
            "<!-- prodcheck-ignore-next-line a/b -- why -->",
        ] {
            let found = one(comment);
            assert_eq!((found.scope, found.reason.as_deref()), (Scope::NextLine, Some("why")), "{comment}");
            assert_eq!(&comment[found.span.start as usize..][..WORD.len()], WORD, "{comment}");
        }
        assert_eq!(one("# prodcheck-ignore-file a/b -- why").scope, Scope::File);
    }

    #[test]
    fn a_reason_and_a_day_have_to_be_there_as_such() {
        assert_eq!(one("# prodcheck-ignore a/b").reason, None);
        assert_eq!(one("# prodcheck-ignore a/b -- ").reason, None);
        assert_eq!(one("# prodcheck-ignore a/b -- until 2027-01-31").reason, None);
        assert_eq!(one("# prodcheck-ignore a/b -- why until 2027-02-30").until, Err("2027-02-30".into()));
        let prose = one("# prodcheck-ignore a/b -- not until tomorrow");
        assert_eq!((prose.reason.as_deref(), prose.until), (Some("not until tomorrow"), Ok(None)));
    }

    #[test]
    fn prose_is_no_directive() {
        assert!(directives("// see prodcheck-ignore in the manual", 0).is_empty());
        assert!(directives("// prodcheck-ignored things", 0).is_empty());
    }
}
