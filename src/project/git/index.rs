//! Reads git's index, formats 2 to 4: the list of files that are committed or about to be.

/// The paths in an index, relative to the top of the work tree.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Index {
    /// The files.
    pub(super) files: Paths,
    /// Folders that a sparse index keeps as a whole, with a `/` at the end.
    pub(super) folders: Vec<String>,
    /// The name of the shared index that a split index builds on.
    pub(super) shared: Option<String>,
}

/// Paths in order, each once. Every file of the project is looked up in them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Paths(Vec<String>);

impl Paths {
    /// Whether a path is one of them. Who asks for many in order finds each behind the one before, `near`.
    pub(super) fn contains(&self, path: &str, near: &mut usize) -> bool {
        if self.0.get(*near).is_none_or(|own| own != path) {
            let Ok(at) = self.0.binary_search_by(|own| own.as_str().cmp(path)) else { return false };
            *near = at;
        }
        *near += 1;
        true
    }

    /// Whether one begins with `start`.
    pub(super) fn any_begins_with(&self, start: &str) -> bool {
        self.0.get(self.0.partition_point(|own| own.as_str() < start)).is_some_and(|own| own.starts_with(start))
    }

    /// These paths and others, without the empty one.
    pub(super) fn with(self, others: Paths) -> Paths {
        self.0.into_iter().chain(others.0).filter(|path| !path.is_empty()).collect()
    }
}

impl FromIterator<String> for Paths {
    fn from_iter<I: IntoIterator<Item = String>>(paths: I) -> Paths {
        let mut paths: Vec<String> = paths.into_iter().collect();
        // Git writes them in this order.
        if !paths.is_sorted() {
            paths.sort_unstable();
        }
        paths.dedup();
        Paths(paths)
    }
}

/// The paths of an index file; `None` when it is damaged or of an unknown format.
pub(super) fn parse(bytes: &[u8]) -> Option<Index> {
    // The index does not say which hash the repository uses; the wrong one never fits all entries.
    parse_with_hash(bytes, 20).or_else(|| parse_with_hash(bytes, 32))
}

fn parse_with_hash(bytes: &[u8], hash_len: usize) -> Option<Index> {
    let body_len = bytes.len().checked_sub(hash_len)?;
    let mut input = Input { bytes: &bytes[..body_len], at: 0 };
    if input.take(4)? != b"DIRC" {
        return None;
    }
    let version = input.u32()?;
    if !(2..=4).contains(&version) {
        return None;
    }
    let count = input.u32()?;
    let mut index = Index::default();
    let mut files = Vec::new();
    let mut path: Vec<u8> = Vec::new();
    // Format 4 repeats the path before at no cost, so a made-up index could grow without end.
    let mut allowance = bytes.len().saturating_mul(8);
    for _ in 0..count {
        let mode = read_entry(&mut input, version, hash_len, &mut path)?;
        allowance = allowance.checked_sub(path.len())?;
        let name = str::from_utf8(&path).map_or_else(|_| String::from_utf8_lossy(&path).into_owned(), str::to_owned);
        match mode >> 12 {
            0o4 if name.ends_with('/') => index.folders.push(name),
            0o10 | 0o12 | 0o16 => files.push(name),
            _ => return None,
        }
    }
    index.files = files.into_iter().collect();
    read_extensions(&mut input, hash_len, &mut index)?;
    Some(index)
}

/// Reads one entry, leaves its path in `path` (format 4 builds on the one before) and returns its mode.
fn read_entry(input: &mut Input<'_>, version: u32, hash_len: usize, path: &mut Vec<u8>) -> Option<u32> {
    let start = input.at;
    input.take(24)?;
    let mode = input.u32()?;
    input.take(12 + hash_len)?;
    let flags = input.u16()?;
    if flags & 0x4000 != 0 {
        if version < 3 {
            return None;
        }
        input.u16()?;
    }
    if version == 4 {
        let dropped = input.varint()?;
        path.truncate(path.len().checked_sub(dropped)?);
        path.extend_from_slice(input.until_nul()?);
    } else {
        path.clear();
        path.extend_from_slice(input.until_nul()?);
        // `until_nul` took one NUL; the entry is padded with more, up to a multiple of eight.
        let length = input.at - start;
        input.take(length.next_multiple_of(8) - length)?;
    }
    let noted = usize::from(flags & 0xFFF);
    (noted == path.len() || (noted == 0xFFF && path.len() > noted)).then_some(mode)
}

fn read_extensions(input: &mut Input<'_>, hash_len: usize, index: &mut Index) -> Option<()> {
    while input.at < input.bytes.len() {
        let name = input.take(4)?;
        let length = usize::try_from(input.u32()?).ok()?;
        let data = input.take(length)?;
        if name == b"link" {
            let base = data.get(..hash_len)?;
            if base.iter().any(|byte| *byte != 0) {
                index.shared = Some(base.iter().map(|byte| format!("{byte:02x}")).collect());
            }
        }
    }
    Some(())
}

struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        Some(taken)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_be_bytes)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_be_bytes)
    }

    /// The bytes before the next NUL, which is taken too.
    fn until_nul(&mut self) -> Option<&'a [u8]> {
        let length = memchr::memchr(0, self.bytes.get(self.at..)?)?;
        let taken = self.take(length)?;
        self.at += 1;
        Some(taken)
    }

    /// The variable-width number of pack files, where each continued byte also adds one.
    fn varint(&mut self) -> Option<usize> {
        let mut value = 0usize;
        loop {
            let byte = self.take(1)?[0];
            value = value.checked_mul(128)?.checked_add(usize::from(byte & 0x7F))?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
            value = value.checked_add(1)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An index of format 2 with entries of these modes and names.
    fn index(entries: &[(u32, &str)], hash_len: usize) -> Vec<u8> {
        let mut out = b"DIRC\0\0\0\x02".to_vec();
        out.extend((entries.len() as u32).to_be_bytes());
        for (mode, name) in entries {
            let start = out.len();
            out.extend([0; 24]);
            out.extend(mode.to_be_bytes());
            out.extend(vec![0; 12 + hash_len]);
            out.extend((name.len() as u16).to_be_bytes());
            out.extend(name.as_bytes());
            let length = out.len() - start;
            out.extend(vec![0; (length + 8) / 8 * 8 - length]);
        }
        out.extend(vec![7; hash_len]);
        out
    }

    fn files(index: &Index) -> Vec<&str> {
        index.files.0.iter().map(String::as_str).collect()
    }

    #[test]
    fn reads_the_paths_of_either_hash() {
        for hash_len in [20, 32] {
            let bytes = index(&[(0o100644, ".env"), (0o120000, "a/link"), (0o160000, "sub")], hash_len);
            assert_eq!(files(&parse(&bytes).unwrap()), [".env", "a/link", "sub"], "hash of {hash_len} bytes");
        }
    }

    #[test]
    fn a_damaged_index_is_not_half_read() {
        let good = index(&[(0o100644, ".env"), (0o100644, "b")], 20);
        for cut in 0..good.len() {
            assert_eq!(parse(&good[..cut]), None, "cut at {cut}");
        }
        assert_eq!(parse(b"DIRC\0\0\0\x09\0\0\0\0aaaaaaaaaaaaaaaaaaaa"), None);
    }

    #[test]
    fn a_sparse_index_keeps_whole_folders() {
        let bytes = index(&[(0o040000, "docs/"), (0o100644, "x")], 20);
        assert_eq!(parse(&bytes).unwrap().folders, ["docs/"]);
    }
}
