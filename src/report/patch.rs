//! A unified diff whose lines are masked: what is compared is the text, what is shown hides secrets.

use crate::mask::{Masked, printable};
use similar::{ChangeTag, TextDiff};
use std::fmt::Write;

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// The change of one file as `diff -u` writes it; a file without a text before is a new one.
pub fn unified(path: &str, before: Option<&str>, after: &str, old: &Masked, new: &Masked) -> String {
    let diff = TextDiff::from_lines(before.unwrap_or_default(), after);
    let path = printable(path);
    let from = if before.is_some() { format!("a/{path}") } else { "/dev/null".to_owned() };
    let mut out = format!("--- {from}\n+++ b/{path}\n");
    for group in diff.grouped_ops(CONTEXT) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let range = |start: usize, end: usize| match end - start {
            1 => format!("{}", start + 1),
            0 => format!("{start},0"),
            count => format!("{},{count}", start + 1),
        };
        let (old_range, new_range) = (
            range(first.old_range().start, last.old_range().end),
            range(first.new_range().start, last.new_range().end),
        );
        // Writing to a string cannot fail.
        let _ = writeln!(out, "@@ -{old_range} +{new_range} @@");
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let (sign, index, masked) = match change.tag() {
                ChangeTag::Equal => (' ', change.old_index(), old),
                ChangeTag::Delete => ('-', change.old_index(), old),
                ChangeTag::Insert => ('+', change.new_index(), new),
            };
            let number = index.and_then(|index| u32::try_from(index + 1).ok());
            let line = number.and_then(|number| masked.line(number)).unwrap_or_default();
            let (line, carriage) = match line.strip_suffix('\r') {
                Some(line) => (line, "\r"),
                None => (line, ""),
            };
            let shown: String = line.split('\t').map(printable).collect::<Vec<_>>().join("\t");
            let _ = writeln!(out, "{sign}{shown}{carriage}");
            if change.missing_newline() {
                out.push_str("\\ No newline at end of file\n");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::{Masker, Shape};

    fn masked(text: &str) -> Masked {
        Masked::new(&Masker::default(), text, Shape::Script, &[])
    }

    #[test]
    fn a_changed_line_stands_between_its_neighbours() {
        let (before, after) = ("a\nb\nc\n", "a\nB\nc\n");
        let diff = unified("x.ts", Some(before), after, &masked(before), &masked(after));
        assert_eq!(diff, "--- a/x.ts\n+++ b/x.ts\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n");
    }

    #[test]
    fn a_new_file_comes_from_nothing() {
        let diff = unified(".gitignore", None, ".env\n", &masked(""), &masked(".env\n"));
        assert_eq!(diff, "--- /dev/null\n+++ b/.gitignore\n@@ -0,0 +1 @@\n+.env\n");
    }

    #[test]
    fn a_neighbouring_secret_is_hidden() {
        let before = "const a = { secret: \"Jx81-kq02-vmA9-zzQ7\",\n  httpOnly: false }";
        let after = before.replace("false", "true");
        let diff = unified("x.ts", Some(before), &after, &masked(before), &masked(&after));
        assert!(!diff.contains("Jx81") && diff.contains("+  httpOnly: true }"), "{diff}");
    }
}
