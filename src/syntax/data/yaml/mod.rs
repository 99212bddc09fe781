//! YAML: every document of a file, with aliases put in, merge keys applied and repeated keys kept.
//!
//! The tree is built from the parser's events and not by its own loader, which overflows on nested blocks, refuses a
//! file for a repeated key, and does not merge. A copy made by an alias keeps the spans of its anchor: that is
//! where a user would edit it.

mod builder;
mod places;
mod scalar;

use self::builder::Builder;
use self::places::{Places, comments};
use super::limits::MAX_VALUES;
use super::{DataError, Document, Node, NodeKind, Refused};
use saphyr_parser::{Event, Parser, ScanError};

/// Reads YAML. An error in a later document leaves the documents before it readable; an error in the first one
/// refuses the file.
pub(super) fn read(text: &str) -> Result<Document, Refused> {
    let places = Places::of(text);
    // The parser keeps every token of a collection in brackets until it knows whether the collection is a key.
    if memchr::memchr3_iter(b',', b'[', b'{', text.as_bytes()).nth(MAX_VALUES).is_some() {
        return Err(Refused::TooManyValues(places.end()));
    }
    let mut builder = Builder::default();
    let mut scalars = Vec::new();
    let mut end = text.len();
    for event in Parser::new_from_str(text) {
        let (event, span) = match event {
            Ok((event, span)) => (event, places.span(span)),
            Err(error) => {
                let refused = refusal(&error, &places);
                end = refused.span().map_or(0, |span| span.start as usize);
                builder.give_up(refused)?;
                break;
            }
        };
        let Event::Scalar(_, style, ..) = event else {
            builder.take(event, span, &places)?;
            continue;
        };
        let span = places.scalar(span, style);
        scalars.push(span);
        builder.take(event, span, &places)?;
    }
    let (mut roots, errors) = builder.finish();
    if roots.is_empty() {
        roots.push(Node { span: places.end(), kind: NodeKind::Null });
    }
    Ok(Document { roots, comments: comments(&text[..end], &scalars), errors })
}

fn refusal(error: &ScanError, places: &Places<'_>) -> Refused {
    let span = places.at(error.marker().index());
    match error.info() {
        "recursion limit exceeded" => Refused::TooDeep(span),
        // the parser's own words would quote the file
        info if info.starts_with("unexpected character") => {
            Refused::Syntax(DataError::new(span, "unexpected character"))
        }
        info => Refused::Syntax(DataError::new(span, info)),
    }
}

#[cfg(test)]
mod tests;
