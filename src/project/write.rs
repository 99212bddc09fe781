//! Writes a file of the project anew: all of it or nothing, and only over what was read.

use super::file::GitState;
use super::{Project, read};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

impl Project {
    /// Whether a file may be edited: it lies in the project without any link on the way, and git does not ignore it. One
    /// that is not there may be made.
    pub fn is_editable(&self, path: &str) -> bool {
        let own = self.find(path).is_none_or(|id| {
            let file = self.file(id);
            file.disk.is_none() && file.link_to.is_none() && file.blob.is_none() && file.git != GitState::Ignored
        });
        own && self.place_of(path).is_ok()
    }

    /// Writes `after` where `before` stands, or a new file where there is none. Who reads meanwhile sees one of the two.
    pub fn rewrite(&self, path: &str, before: Option<&str>, after: &str) -> Result<(), String> {
        let place = self.place_of(path)?;
        let Some(before) = before else {
            let made = OpenOptions::new().write(true).create_new(true).open(&place);
            let mut file = made.map_err(|error| read::why(&error))?;
            return file.write_all(after.as_bytes()).map_err(|error| read::why(&error));
        };
        let bytes = fs::read(&place).map_err(|error| read::why(&error))?;
        let mark = &bytes[..if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 }];
        if &bytes[mark.len()..] != before.as_bytes() {
            return Err("it has changed since it was read, or is not UTF-8".to_owned());
        }
        replace(&place, &[mark, after.as_bytes()].concat()).map_err(|error| read::why(&error))
    }

    /// The place on disk, where neither the file nor a folder above it is a link.
    fn place_of(&self, path: &str) -> Result<PathBuf, String> {
        let place = self.root.join(path);
        let known = match fs::symlink_metadata(&place) {
            Ok(metadata) if !metadata.is_file() => return Err("it is not a regular file".to_owned()),
            Ok(_) => place.as_path(),
            Err(_) => place.parent().unwrap_or(&self.root),
        };
        let real = fs::canonicalize(known).map_err(|error| read::why(&error))?;
        let inside = real == known && real.starts_with(&self.root) && self.root.is_absolute();
        if inside { Ok(place) } else { Err("it lies outside of the project, or behind a link".to_owned()) }
    }
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Puts a new file in the place of an old one, with the old one's permissions.
fn replace(place: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    let beside = place.with_file_name(format!(".{name}.prodcheck-{}", std::process::id()));
    let written = (|| {
        let mut file = OpenOptions::new().write(true).create_new(true).open(&beside)?;
        file.write_all(bytes)?;
        file.set_permissions(fs::metadata(place)?.permissions())?;
        file.sync_all()?;
        fs::rename(&beside, place)
    })();
    if written.is_err() {
        // What could not be moved is of no use; that it cannot be removed either changes nothing.
        let _ = fs::remove_file(&beside);
    }
    written
}
