//! Procfiles: one process a line, `web: command`.

use super::{DataError, Document, Entry, Node, NodeKind, byte_order_mark, span_of};
use crate::text::Text;
use std::sync::Arc;

/// Reads a Procfile as a map of process names to commands. Lines of another form are listed as errors.
pub(super) fn read(text: &str) -> Document {
    let base = byte_order_mark(text);
    let mut document = Document::of(Node { span: span_of(base..text.len()), kind: NodeKind::Null });
    let mut entries = Vec::new();
    let mut start = base;
    for line in text[base..].split_inclusive('\n') {
        let at = start + (line.len() - line.trim_start().len());
        start += line.len();
        let line = line.trim();
        let span = span_of(at..at + line.len());
        if line.is_empty() {
            continue;
        }
        if line.starts_with('#') {
            document.comments.push(span);
            continue;
        }
        let Some((name, command)) = line.split_once(':').filter(|(name, _)| is_process_name(name)) else {
            document.errors.push(DataError::new(span, "expected `process: command`"));
            continue;
        };
        let command_at = at + line.len() - command.trim_start().len();
        let command = command.trim();
        let kind = NodeKind::Text(Text::new(command));
        let value = Node { span: span_of(command_at..command_at + command.len()), kind };
        entries.push(Entry { key: Arc::from(name), key_span: span_of(at..at + name.len()), value });
    }
    document.roots[0].kind = NodeKind::Map(entries.into());
    document
}

fn is_process_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::Span;

    #[test]
    fn processes_have_commands_with_places() {
        let document = read("web: npm start\r\nrelease:node migrate.js\n\n# note\nnonsense\n");
        let root = document.root();
        assert!(root.get("web").unwrap().text().unwrap().is("npm start"));
        assert_eq!(root.get("web").unwrap().span, Span::new(5, 14));
        assert!(root.get("release").unwrap().text().unwrap().is("node migrate.js"));
        assert_eq!(document.comments, [Span::new(41, 47)]);
        assert_eq!(document.errors[0].span, Span::new(48, 56));
    }

    #[test]
    fn an_empty_file_is_an_empty_map() {
        assert_eq!(read("").root().kind, NodeKind::Map([].into()));
    }
}
