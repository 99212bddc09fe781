//! `docker run --env-file`: a line is `NAME=value`, and everything behind the `=` is the value.

use super::{Dialect, EnvFile, Found, Quote};
use crate::syntax::data::{byte_order_mark, span_of};

pub(super) fn read(text: &str, file: &mut EnvFile) {
    let mut start = byte_order_mark(text);
    for line in text[start..].split_inclusive('\n') {
        let whole = line.strip_suffix('\n').unwrap_or(line);
        let whole = whole.strip_suffix('\r').unwrap_or(whole);
        let line_start = start;
        start += line.len();
        let line = whole.trim_start();
        let at = line_start + whole.len() - line.len();
        let span = span_of(at..at + line.len());
        if line.is_empty() {
            continue;
        }
        if line.starts_with('#') {
            file.comments.push(span);
            continue;
        }
        let (name, value) = match line.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (line, None),
        };
        if name.is_empty() || name.contains(char::is_whitespace) {
            file.fail(span, "Docker refuses the file here: expected `NAME=value` without white space in the name");
            continue;
        }
        let end = at + line.len();
        let value_at = end - value.map_or(0, str::len);
        let found = Found {
            name: name.to_owned(),
            name_span: span_of(at..at + name.len()),
            value: value.map(str::to_owned),
            span: span_of(value_at..end),
            quote: Quote::None,
        };
        file.add(found, Dialect::DockerRun);
    }
}
