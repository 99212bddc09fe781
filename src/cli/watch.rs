//! `--watch`: scans again when a file of the project changes, until Ctrl-C.

use super::arguments::Scan;
use super::{Done, Failure, output};
use crate::project::{is_skipped, is_watched, root_of};
use notify::event::ModifyKind;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use walkdir::WalkDir;

/// Changes that come this close together are one.
const QUIET: Duration = Duration::from_millis(150);
/// A scan waits no longer than this for the changes to end.
const LONGEST: Duration = Duration::from_secs(2);
/// Systems that watch a whole tree at the price of one folder.
const WHOLE_TREES: bool = cfg!(any(target_os = "macos", windows));

/// Scans, and scans again.
pub(super) fn run(arguments: &Scan, scan: impl Fn(&Scan) -> Done) -> Done {
    let (sender, receiver) = channel();
    let failed =
        |error: notify::Error| Failure { message: format!("cannot watch the folder: {error}"), ..Failure::default() };
    // Nobody listens any more only when the program ends.
    let watcher = notify::recommended_watcher(move |event| _ = sender.send(event));
    let mut folders = Folders { watcher: watcher.map_err(failed)?, known: BTreeSet::new() };
    let root = root_of(&arguments.source.path).map_err(|error| Failure {
        message: format!("`{}` cannot be opened: {error}", arguments.source.path.display()),
        ..Failure::default()
    })?;
    let written = written_files(arguments);
    loop {
        folders.watch(&root, &arguments.source.env_file).map_err(failed)?;
        output::clear();
        if let Err(failure) = scan(arguments) {
            super::tell(&failure);
        }
        output::message("watching; press Ctrl-C to stop");
        wait(&receiver, &root, &written);
    }
}

/// The folders that are watched.
struct Folders {
    watcher: RecommendedWatcher,
    known: BTreeSet<PathBuf>,
}

impl Folders {
    /// Watches what a scan reads, new folders too, and forgets what is gone.
    fn watch(&mut self, root: &Path, named: &[PathBuf]) -> notify::Result<()> {
        self.known.retain(|folder| folder.is_dir());
        let mode = if WHOLE_TREES { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
        let beside = named.iter().filter_map(|file| file.canonicalize().ok()?.parent().map(Path::to_path_buf));
        let git = Some(root.join(".git")).filter(|folder| folder.is_dir());
        let tree: Vec<PathBuf> = if WHOLE_TREES { vec![root.to_path_buf()] } else { folders_below(root) };
        for folder in tree.into_iter().chain(git).chain(beside) {
            if self.known.contains(&folder) {
                continue;
            }
            match self.watcher.watch(&folder, mode) {
                // It went away meanwhile.
                Err(_) if !folder.is_dir() => {}
                done => done.map(|()| _ = self.known.insert(folder))?,
            }
        }
        Ok(())
    }
}

fn folders_below(root: &Path) -> Vec<PathBuf> {
    let entered = |entry: &walkdir::DirEntry| {
        entry.depth() == 0 || (entry.file_type().is_dir() && !is_skipped(&entry.file_name().to_string_lossy()))
    };
    let folders = WalkDir::new(root).follow_links(false).into_iter().filter_entry(entered).flatten();
    folders.filter(|entry| entry.file_type().is_dir()).map(walkdir::DirEntry::into_path).collect()
}

/// The files that the scan itself writes: they are no change.
fn written_files(arguments: &Scan) -> Vec<PathBuf> {
    let absolute = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
    arguments.output_file.iter().map(|file| absolute(&file.path)).collect()
}

/// Waits for a change, and until the changes that come with it are over.
fn wait(receiver: &Receiver<notify::Result<Event>>, root: &Path, written: &[PathBuf]) {
    let counts = |event: &notify::Result<Event>| event.as_ref().map_or(true, |event| is_change(event, root, written));
    loop {
        match receiver.recv() {
            Ok(event) if counts(&event) => break,
            Ok(_) => {}
            Err(_) => return,
        }
    }
    let first = Instant::now();
    while first.elapsed() < LONGEST {
        if let Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) = receiver.recv_timeout(QUIET) {
            return;
        }
    }
}

/// Whether something that a scan reads has changed. That prodcheck itself opens files is no change.
fn is_change(event: &Event, root: &Path, written: &[PathBuf]) -> bool {
    if matches!(event.kind, EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_))) {
        return false;
    }
    event.paths.iter().any(|path| !written.contains(path) && is_watched(path, root))
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{AccessKind, CreateKind, DataChange, MetadataKind};

    #[test]
    fn only_what_a_scan_reads_counts_as_a_change() {
        let root = Path::new("/project");
        let written = [PathBuf::from("/project/results.sarif")];
        let data = EventKind::Modify(ModifyKind::Data(DataChange::Any));
        let changed = |kind, path: &str| is_change(&Event::new(kind).add_path(path.into()), root, &written);
        assert!(changed(data, "/project/bknd.config.ts"));
        assert!(changed(EventKind::Create(CreateKind::Any), "/project/apps/new/.env"));
        assert!(changed(data, "/project/.git/index"));
        assert!(changed(data, "/elsewhere/prod.env"));
        assert!(!changed(data, "/project/.git/index.lock"));
        assert!(!changed(data, "/project/node_modules/x/package.json"));
        assert!(!changed(data, "/project/results.sarif"));
        assert!(!changed(EventKind::Access(AccessKind::Any), "/project/bknd.config.ts"));
        assert!(!changed(EventKind::Modify(ModifyKind::Metadata(MetadataKind::Any)), "/project/bknd.config.ts"));
    }
}
