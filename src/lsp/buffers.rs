//! What the editor holds: the texts of open files, which count in place of the disk.

use super::lines::Lines;
use super::uri::path_of;
use gen_lsp_types::{TextDocumentContentChangeEvent as Change, TextDocumentItem, Uri};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One open file.
pub(super) struct Buffer {
    /// As the client names it.
    pub(super) uri: Uri,
    pub(super) version: i32,
    pub(super) text: String,
}

/// The open files by path.
#[derive(Default)]
pub(super) struct Buffers(BTreeMap<PathBuf, Buffer>);

impl Buffers {
    pub(super) fn open(&mut self, item: TextDocumentItem) {
        if let Some(path) = path_of(&item.uri) {
            self.0.insert(path, Buffer { uri: item.uri, version: item.version, text: item.text });
        }
    }

    pub(super) fn change(&mut self, uri: &Uri, version: i32, changes: Vec<Change>) {
        let Some(buffer) = path_of(uri).and_then(|path| self.0.get_mut(&path)) else { return };
        buffer.version = version;
        for change in changes {
            buffer.apply(change);
        }
    }

    pub(super) fn close(&mut self, uri: &Uri) {
        if let Some(path) = path_of(uri) {
            self.0.remove(&path);
        }
    }

    pub(super) fn get(&self, path: &Path) -> Option<&Buffer> {
        self.0.get(path)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&PathBuf, &Buffer)> {
        self.0.iter()
    }
}

impl Buffer {
    fn apply(&mut self, change: Change) {
        match change {
            Change::TextDocumentContentChangePartial(part) => {
                let lines = Lines::new(&self.text);
                let (start, end) = (lines.offset(part.range.start), lines.offset(part.range.end));
                self.text.replace_range(start..end.max(start), &part.text);
            }
            Change::TextDocumentContentChangeWholeDocument(whole) => self.text = whole.text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_replaced_by_utf16_columns() {
        let mut buffer = Buffer { uri: "file:///a".into(), version: 1, text: "a = \"😀x\"\n".into() };
        let change = serde_json::json!({
            "range": { "start": { "line": 0, "character": 7 }, "end": { "line": 0, "character": 8 } },
            "text": "yy",
        });
        buffer.apply(serde_json::from_value(change).unwrap());
        assert_eq!(buffer.text, "a = \"😀yy\"\n");
        buffer.apply(serde_json::from_value(serde_json::json!({ "text": "new" })).unwrap());
        assert_eq!(buffer.text, "new");
    }
}
