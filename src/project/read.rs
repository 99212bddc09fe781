//! Reads one file: bounded, never blocking on a pipe, decoded to UTF-8.

use super::kind::{FileKind, Lockfile, SourceKind};
use super::problem::{Problem, id};
use crate::needles::Needles;
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

/// The most bytes a source file may have: parsers need up to a kilobyte of stack for each byte of it.
pub const MAX_SOURCE_BYTES: u64 = 1 << 20;
/// The most bytes any other file may have: parsed, it takes up to two hundred times as much memory.
pub const MAX_FILE_BYTES: u64 = 1 << 20;
/// The most bytes a YAML file without a name of its own may have: many manifests are rendered into one.
pub const MAX_YAML_BYTES: u64 = 4 << 20;
/// The most bytes a lockfile may have; it is searched, never parsed as a whole.
pub const MAX_LOCKFILE_BYTES: u64 = 64 << 20;

/// The most bytes that a scan keeps of files that it asked for, their texts and what they were parsed into together.
/// The largest monorepo that was measured needs a tenth of it.
pub const MAX_KEPT_BYTES: u64 = 512 << 20;
/// The most bytes of texts that are kept though they were searched alone: more are read again for each search.
pub(super) const MAX_SEARCHED_BYTES: u64 = 64 << 20;

/// The most bytes an env file may have: each of its lines becomes a variable.
const MAX_ENV_FILE_BYTES: u64 = 1 << 19;

/// The most bytes an ignore file may have: each of its lines becomes a matcher.
const MAX_IGNORE_FILE_BYTES: u64 = 1 << 16;

/// What reading a file gave.
pub(super) enum Content {
    /// Its text. The flaw says that the text is not quite what stands in the file.
    Text { text: Arc<str>, flaw: Option<Box<Problem>> },
    /// Nothing, because of this.
    Nothing(Box<Problem>),
}

/// The size limit of a kind of file.
pub(super) fn limit_of(kind: &FileKind) -> u64 {
    match kind {
        FileKind::Source(_) => MAX_SOURCE_BYTES,
        FileKind::Lockfile(_) => MAX_LOCKFILE_BYTES,
        FileKind::IgnoreFile => MAX_IGNORE_FILE_BYTES,
        FileKind::EnvFile { .. } => MAX_ENV_FILE_BYTES,
        FileKind::Yaml => MAX_YAML_BYTES,
        _ => MAX_FILE_BYTES,
    }
}

/// Whether a parser's spans would be wrong in a text with replaced bytes.
pub(super) fn needs_exact_text(kind: &FileKind) -> bool {
    matches!(
        kind,
        FileKind::Source(SourceKind::TypeScript | SourceKind::Tsx | SourceKind::JavaScript | SourceKind::Python)
            | FileKind::Lockfile(Lockfile::BunBinary)
    )
}

/// Reads and decodes the file at `path`, which the project shows as `shown`.
pub(super) fn read(path: &Path, shown: &str, kind: &FileKind) -> Content {
    match bytes_of(path, limit_of(kind)) {
        Ok(Some(bytes)) => of_bytes(bytes, shown, kind),
        Ok(None) => too_large(shown, kind),
        Err(error) => nothing(Problem::new(id::UNREADABLE, format!("`{shown}` cannot be read: {}", why(&error)))),
    }
}

fn nothing(problem: Problem) -> Content {
    Content::Nothing(Box::new(problem))
}

/// What a file over its size limit gives.
pub(super) fn too_large(shown: &str, kind: &FileKind) -> Content {
    let message = format!("`{shown}` is larger than {} KiB, so it is not read", limit_of(kind) >> 10);
    nothing(Problem::new(id::TOO_LARGE, message))
}

/// What a file gives that comes after as much as a scan keeps.
pub(super) fn one_too_many(shown: &str, most: u64) -> Problem {
    let message =
        format!("`{shown}` is not read: what a scan keeps of all files together is limited to {}", in_words(most));
    Problem::new(id::TOO_LARGE, message)
}

fn in_words(bytes: u64) -> String {
    if bytes < 1 << 20 { format!("{} KiB", bytes >> 10) } else { format!("{} MiB", bytes >> 20) }
}

/// What a file of a revision gives that git has not fetched.
pub(super) fn not_in_git(shown: &str) -> Content {
    let message = format!("`{shown}` cannot be read: its object in git is damaged or missing");
    nothing(Problem::new(id::NOT_IN_GIT, message))
}

/// The content that these bytes are.
pub(super) fn of_bytes(bytes: Vec<u8>, shown: &str, kind: &FileKind) -> Content {
    let flaw = || Some(Box::new(Problem::new(id::NOT_UTF8, format!("`{shown}` is not UTF-8"))));
    // Python refuses source code in UTF-16, which others read.
    let refused = *kind == FileKind::Source(SourceKind::Python) && is_utf16(&bytes);
    match decode(bytes) {
        Decoded::Exact(text) if !refused => Content::Text { text: text.into(), flaw: None },
        Decoded::Exact(text) | Decoded::Lossy(text) => Content::Text { text: text.into(), flaw: flaw() },
    }
}

fn is_utf16(bytes: &[u8]) -> bool {
    matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..])
}

/// Opens a regular file for reading, and never waits: what lies at the path can have become a pipe, a device or a
/// link since the folder was listed, so that the open file is asked what it is.
fn open(path: &Path) -> io::Result<(fs::File, u64)> {
    let mut options = fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(libc::O_NONBLOCK | libc::O_NOFOLLOW | libc::O_NOCTTY);
    }
    let file = options.open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    Ok((file, metadata.len()))
}

/// The bytes of a regular file; `None` when there are more than `limit`.
pub(super) fn bytes_of(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let (file, length) = open(path)?;
    if length > limit {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    // The file can grow between the question and the answer: it is read as it was.
    file.take(length).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// Whether one of `needles` stands in a file too large to be kept.
pub(super) fn large_file_mentions(path: &Path, needles: &Needles) -> bool {
    const WINDOW: usize = 1 << 16;
    let longest = needles.longest();
    let Ok(mut file) = open(path).map(|(file, _)| file.take(MAX_LOCKFILE_BYTES)) else { return false };
    let mut window: Vec<u8> = Vec::with_capacity(WINDOW + longest);
    loop {
        // The tail of the last window stays, for a needle that lies across the edge.
        let kept = window.len().min(longest.saturating_sub(1));
        window.drain(..window.len() - kept);
        match file.by_ref().take(WINDOW as u64).read_to_end(&mut window) {
            Ok(0) | Err(_) => return false,
            Ok(_) if needles.stand_in(&window) => return true,
            Ok(_) => {}
        }
    }
}

/// A cause in words that are the same on every system.
pub(super) fn why(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "permission is denied".to_owned(),
        io::ErrorKind::Other => error.to_string(),
        kind => kind.to_string(),
    }
}

/// A text and whether it is faithful.
pub(super) enum Decoded {
    /// Every character of the file.
    Exact(String),
    /// With U+FFFD where the bytes made no character.
    Lossy(String),
}

/// Decodes UTF-8 (with or without a byte order mark) and UTF-16 (with one).
pub(super) fn decode(bytes: Vec<u8>) -> Decoded {
    match bytes.as_slice() {
        [0xEF, 0xBB, 0xBF, rest @ ..] => decode_utf8(rest.to_vec()),
        [0xFF, 0xFE, rest @ ..] => decode_utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => decode_utf16(rest, u16::from_be_bytes),
        _ => decode_utf8(bytes),
    }
}

fn decode_utf8(bytes: Vec<u8>) -> Decoded {
    String::from_utf8(bytes)
        .map_or_else(|error| Decoded::Lossy(String::from_utf8_lossy(error.as_bytes()).into_owned()), Decoded::Exact)
}

fn decode_utf16(bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> Decoded {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    match String::from_utf16(&units) {
        Ok(text) if odd.is_empty() => Decoded::Exact(text),
        Ok(text) => Decoded::Lossy(text + "\u{FFFD}"),
        Err(_) => Decoded::Lossy(String::from_utf16_lossy(&units)),
    }
}
