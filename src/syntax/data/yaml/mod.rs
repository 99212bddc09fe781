//! YAML: every document of a file, with aliases put in, merge keys applied and repeated keys kept.
//!
//! The tree is built from the parser's events and not by its own loader, which overflows on nested blocks, refuses a
//! file for a repeated key, and does not merge. A copy made by an alias keeps the spans of its anchor: that is
//! where a user would edit it.

mod builder;
mod places;
mod scalar;

pub use self::scalar::printed;

use self::builder::Builder;
use self::places::{Places, comments};
use super::limits::MAX_VALUES;
use super::{DataError, Document, Node, NodeKind, Refused};
use granit_parser::{ErrorKind, Event, Options, Parser, ScanError};

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
    for event in Parser::new_from_str_with_options(text, options()) {
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

/// What a deploy accepts is what libyaml and Go's port of it accept, which is laxer than the specification in where the
/// lines of brackets and quotes may stand.
fn options() -> Options {
    granit_parser::options! {
        strict_indentation: false,
        block_scalar_eof_without_line_feed: true,
        // a long run of comments before a key would be refused; comments are found by `places`
        emit_comments: false,
    }
}

fn refusal(error: &ScanError, places: &Places<'_>) -> Refused {
    let span = places.at(error.marker());
    let message = match error.kind() {
        ErrorKind::RecursionLimitExceeded => return Refused::TooDeep(span),
        // the parser's own words would quote the file
        ErrorKind::UnexpectedCharacter { .. } => "unexpected character".to_owned(),
        kind => kind.to_string(),
    };
    Refused::Syntax(DataError::new(span, message))
}

#[cfg(test)]
mod tests;
