//! Settings of Python that are lines of their own: names of a module, and keys of an app's configuration.

use super::object::Parsed;
use crate::syntax::Span;
use crate::syntax::code::{ExprKind, Item, Pattern, Statement, visit};

impl Parsed {
    /// The edit that puts a text into a list literal of so many items, in front of the one at a place.
    pub(super) fn with_item(&self, list: Span, at: usize, count: usize, item: &str) -> Option<(Span, String)> {
        let module = self.python()?;
        let mut spans: Option<Vec<Span>> = None;
        visit(&module.body, &mut |expr, _| {
            if let ExprKind::List(items) = &expr.kind
                && expr.span == list
            {
                spans =
                    items.iter().map(|item| if let Item::One(expr) = item { Some(expr.span) } else { None }).collect();
            }
        });
        let spans = spans.filter(|spans| spans.len() == count && count > 0)?;
        let text = self.text();
        let is_own_line = |at: Span| {
            let start = text[..at.start as usize].rfind('\n').map_or(0, |end| end + 1);
            let lead = &text[start..at.start as usize];
            lead.chars().all(char::is_whitespace).then(|| lead.to_owned())
        };
        let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let beside = |at: Span| is_own_line(at).map_or(" ".to_owned(), |indent| format!("{line_end}{indent}"));
        let quote = self.quote_at(*spans.first()?);
        match spans.get(at) {
            Some(next) => {
                let place = Span::new(next.start, next.start);
                Some((place, format!("{quote}{item}{quote},{}", beside(*next))))
            }
            None => {
                let last = *spans.last()?;
                let place = Span::new(last.end, last.end);
                Some((place, format!(",{}{quote}{item}{quote}", beside(last))))
            }
        }
    }

    /// The edit that says a key in a line of its own, where the configuration that begins at a place is made of lines: a
    /// module of settings, or the app that a call makes. What is said last wins.
    pub(super) fn line(&self, at: Span, key: &str, value: &str) -> Option<(Span, String)> {
        let module = self.python()?;
        let is_setting =
            !key.is_empty() && key.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        if !is_setting {
            return None;
        }
        let text = self.text();
        let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        if at == Span::default() {
            let end = u32::try_from(text.len()).ok()?;
            let before = if text.is_empty() || text.ends_with('\n') { "" } else { line_end };
            return Some((Span::new(end, end), format!("{before}{key} = {value}{line_end}")));
        }
        let (name, end) = made_in(&module.body, at)?;
        let start = text.get(..at.start as usize)?.rfind('\n').map_or(0, |end| end + 1);
        let indent: String = text[start..].chars().take_while(|c| *c == ' ' || *c == '\t').collect();
        let quote = self.quote_at(Span::new(end, end));
        let rest = &text[end as usize..];
        let end = end + u32::try_from(rest.find('\n').unwrap_or(rest.len())).ok()?;
        let line = format!("{line_end}{indent}{name}.config[{quote}{key}{quote}] = {value}");
        Some((Span::new(end, end), line))
    }
}

/// The name that a call at a place gives its result to, and the end of that statement.
fn made_in(statements: &[Statement], call: Span) -> Option<(&str, u32)> {
    let mut pending: Vec<&Statement> = statements.iter().collect();
    while let Some(statement) = pending.pop() {
        match statement {
            Statement::Declare { pattern: Pattern::Name(name, _), value: Some(value), span, .. }
                if value.span == call && matches!(value.kind, ExprKind::Call { .. }) =>
            {
                return Some((name, span.end));
            }
            Statement::Function { function, .. } => pending.extend(&function.body),
            Statement::If { then, otherwise, .. } => pending.extend(then.iter().chain(otherwise)),
            Statement::Block(body) | Statement::Try { body, .. } => pending.extend(body),
            _ => {}
        }
    }
    None
}
