//! What is wrong with a file that the user wrote for prodcheck: each mistake with its lines.

use super::super::Style;
use super::excerpt::{Excerpt, Note};
use crate::config::{ConfigError, Mistake};
use crate::findings::Location;
use crate::mask::{Masked, Masker, Shape, printable};
use crate::project::LineIndex;
use crate::syntax::Span;
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};
use regex::Regex;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

/// Every mistake of a file, the first one first.
pub fn mistakes(error: &ConfigError, style: Style) -> String {
    error.mistakes.iter().map(|mistake| render(error, mistake, style)).collect::<Vec<_>>().join("\n")
}

fn render(error: &ConfigError, mistake: &Mistake, style: Style) -> String {
    let at = location(error, mistake);
    let masked = Masked::new(&Masker::default(), &error.text, Shape::Hash, &assigned(&error.text));
    let frames = BTreeMap::from([(error.path.clone(), masked)]);
    let notes = [Note { at: &at, text: String::new() }];
    let (excerpt, labels) = Excerpt::new(&notes, &frames, style.width.saturating_sub(12), None);
    let help = mistake.help.as_deref().map(|help| printable(help).into_owned());
    let shown = Shown { message: printable(&mistake.message).into_owned(), help, excerpt, labels };
    let theme = if style.colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(style.width)
        .with_links(false)
        .with_context_lines(1)
        .without_cause_chain();
    let mut out = String::new();
    // A frame that cannot be drawn must not cost the message.
    if handler.render_report(&mut out, &shown).is_err() {
        out = format!("{}:{}: {}\n", printable(&at.file), at.line, printable(&mistake.message));
    }
    out.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// A variable written with its value where its name alone belongs: `"JWT_SECRET=..."`.
static ASSIGNED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"["'][A-Za-z_][A-Za-z0-9_]*=([^"'\n]+)"#).expect("internal error: the pattern is valid")
});

/// The places of such values, which are nobody's to see.
fn assigned(text: &str) -> Vec<Span> {
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let values = ASSIGNED.captures_iter(text).filter_map(|found| found.get(1));
    values.map(|value| Span::new(byte(value.start()), byte(value.end()))).collect()
}

fn location(error: &ConfigError, mistake: &Mistake) -> Location {
    let within = |offset: u32| u32::try_from(error.text.floor_char_boundary(offset as usize)).unwrap_or(u32::MAX);
    let (start, end) = (within(mistake.span.start), within(mistake.span.end.max(mistake.span.start)));
    let lines = LineIndex::new(error.text.clone());
    let (first, last) = (lines.position(start), lines.position(end));
    Location {
        file: error.path.clone(),
        line: first.line,
        column: first.column,
        end_line: last.line,
        end_column: last.column,
        offset: start,
        end_offset: end,
    }
}

/// A mistake as miette wants it.
#[derive(Debug)]
struct Shown {
    message: String,
    help: Option<String>,
    excerpt: Excerpt,
    labels: Vec<LabeledSpan>,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        (!self.labels.is_empty()).then_some(&self.excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty()).then(|| Box::new(self.labels.iter().cloned()) as _)
    }
}
