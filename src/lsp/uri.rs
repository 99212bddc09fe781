//! The URIs of files as paths, and back.

use gen_lsp_types::Uri;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The path of a `file` URI; none for what is no file of this machine.
pub(super) fn path_of(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_ref().strip_prefix("file://")?;
    let path = &rest[rest.find('/')?..];
    let decoded = decoded(path.split(['?', '#']).next().unwrap_or_default())?;
    // `/c:/x` is `c:/x` where drives have letters.
    let has_drive = cfg!(windows) && decoded.as_bytes().get(2) == Some(&b':');
    Some(PathBuf::from(if has_drive { &decoded[1..] } else { &*decoded }))
}

/// The URI of a path.
pub(super) fn uri_of(path: &Path) -> Uri {
    let text = path.to_string_lossy().replace('\\', "/");
    let mut uri = String::from(if text.starts_with('/') { "file://" } else { "file:///" });
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            uri.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri.into()
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = std::str::from_utf8(after.get(..2)?).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = &after[2..];
    }
    String::from_utf8(bytes).ok()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_path_and_its_uri_are_one() {
        for path in ["/srv/my app/a.ts", "/srv/größe/%41.ts", "/a#b?c"] {
            assert_eq!(path_of(&uri_of(Path::new(path))).as_deref(), Some(Path::new(path)));
        }
        assert_eq!(path_of(&"file://localhost/a/b%20c".into()), Some("/a/b c".into()));
        for other in ["untitled:Untitled-1", "git:/a/b", "file://", "file:///a%zz", "file:///a%f"] {
            assert_eq!(path_of(&other.into()), None, "{other}");
        }
    }
}
