//! One folder of the workspace: its place as the client and as the disk have it, and what is known of it.

use super::buffers::Buffers;
use super::diagnostics::{ByFile, mistakes, of_view};
use super::settings::Settings;
use crate::ScanOptions;
use crate::project::{Given, Project};
use crate::scan::{ScanError, Stop, View, Waiting};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// A folder that the client has opened.
pub(super) struct Folder {
    pub(super) place: Place,
    /// What is known of it, once it was scanned.
    pub(super) known: Option<Arc<Known>>,
    /// What is shown of its files.
    pub(super) shown: ByFile,
    /// Whether something has changed that no scan knows of.
    pub(super) is_stale: bool,
    /// The scan that goes on.
    pub(super) running: Option<(u64, Stop)>,
}

/// Where a folder is.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// As the client names it.
    given: PathBuf,
    /// As the disk has it, without links.
    real: PathBuf,
    /// The root of the project that it belongs to.
    root: PathBuf,
}

/// What a scan has found, and what was answered from it.
pub(super) struct Known {
    pub(super) view: View,
    /// Edits that were tried, by the fingerprint of the finding.
    pub(super) tried: Mutex<BTreeMap<String, Arc<Vec<super::actions::Tried>>>>,
}

impl Folder {
    /// The folder at a path; none where it is not there.
    pub(super) fn at(given: PathBuf) -> Option<Folder> {
        let place = Place::of(given)?;
        Some(Folder { place, known: None, shown: ByFile::new(), is_stale: true, running: None })
    }

    /// Something has changed: what goes on is out of date.
    pub(super) fn changed(&mut self) {
        self.is_stale = true;
        if let Some((_, stop)) = &self.running {
            stop.stop();
        }
    }

    /// Takes in how a scan ended. What is shown stays where there is nothing new to show.
    pub(super) fn take(&mut self, scanned: Result<(View, ByFile), ScanError>) -> Option<String> {
        match scanned {
            Ok((view, shown)) => {
                self.shown = shown;
                self.known = Some(Arc::new(Known { view, tried: Mutex::default() }));
                None
            }
            Err(ScanError::Stopped) => None,
            Err(ScanError::Config(error)) => {
                self.shown.insert(error.path.to_string(), mistakes(&error));
                None
            }
            Err(error) => Some(error.to_string()),
        }
    }
}

impl Place {
    fn of(given: PathBuf) -> Option<Place> {
        let real = std::fs::canonicalize(&given).ok()?;
        let root = Project::root_of(&real).ok()?;
        Some(Place { given, real, root })
    }

    /// The path of a file relative to the project's root; none where it lies elsewhere.
    pub(super) fn inner(&self, path: &Path) -> Option<String> {
        let below = |path: &Path| path.strip_prefix(&self.root).ok().map(Path::to_path_buf);
        let inner = match path.strip_prefix(&self.given) {
            Ok(rest) => below(&self.real.join(rest)),
            Err(_) => below(path),
        };
        inner.map(|inner| inner.to_string_lossy().replace('\\', "/"))
    }

    /// A file of the project as the client names it.
    pub(super) fn outer(&self, inner: &str) -> PathBuf {
        let path = self.root.join(inner);
        path.strip_prefix(&self.real).map_or_else(|_| path.clone(), |rest| self.given.join(rest))
    }

    /// Whether a file lies in the folder itself.
    pub(super) fn holds(&self, path: &Path) -> bool {
        path.starts_with(&self.given) || path.starts_with(&self.real)
    }

    /// As the client names it.
    pub(super) fn given(&self) -> &Path {
        &self.given
    }

    /// Whether the client means this folder.
    pub(super) fn is(&self, path: &Path) -> bool {
        self.given == path
    }

    /// The root of the project, as the disk has it.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The options of a scan, with what the editor holds.
    pub(super) fn options(
        &self,
        base: ScanOptions,
        settings: &Settings,
        buffers: &Buffers,
        stop: &Stop,
    ) -> ScanOptions {
        let unsaved = buffers.iter().filter_map(|(path, buffer)| Some(Given::new(self.inner(path)?, &*buffer.text)));
        ScanOptions {
            path: self.real.clone(),
            environment: settings.environment.or(base.environment),
            unsaved: unsaved.collect(),
            waiting: Waiting::until(stop),
            ..base
        }
    }
}

/// Scans with these options.
pub(super) fn scanned(options: &ScanOptions, settings: &Settings, place: &Place) -> Result<(View, ByFile), ScanError> {
    let view = View::open(options)?;
    let shown = of_view(&view, settings, place);
    Ok((view, shown))
}
