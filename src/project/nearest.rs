//! The package that a file or a folder belongs to.

use super::Project;
use super::file::{File, upward};
use super::kind::{FileKind, Manifest, SourceKind};
use super::packages::{Ecosystem, Package, PackageId};
use crate::syntax::FileId;

impl Project {
    /// The package that a file belongs to: the nearest one upward, of the file's own language where it has one.
    pub fn nearest_package(&self, file: FileId) -> Option<PackageId> {
        self.nearest.get_or_init(|| self.nearest_packages())[file.0 as usize]
    }

    fn nearest_packages(&self) -> Vec<Option<PackageId>> {
        // Files of one folder stand side by side, and most of them are of one language.
        let mut last = None;
        let of_file = |file| {
            let place = (File::folder(file), ecosystem_of(&file.kind));
            match last {
                Some((known, package)) if known == place => package,
                _ => {
                    let package = self.package_above(place.0, place.1);
                    last = Some((place, package));
                    package
                }
            }
        };
        self.files.iter().map(of_file).collect()
    }

    /// The nearest package at or above `folder`; of one ecosystem if it is given.
    pub fn package_above(&self, folder: &str, ecosystem: Option<Ecosystem>) -> Option<PackageId> {
        let fits = |package: &Package| ecosystem.is_none_or(|wanted| package.ecosystem == wanted);
        upward(folder).find_map(|folder| {
            let from = self.packages.partition_point(|package| &*package.dir < folder);
            let here = self.packages[from..].iter().take_while(|package| &*package.dir == folder);
            let offset = here.clone().position(fits)?;
            u32::try_from(from + offset).ok().map(PackageId)
        })
    }
}

/// The ecosystem whose packages a file of a kind belongs to; none where it can be any.
fn ecosystem_of(kind: &FileKind) -> Option<Ecosystem> {
    match kind {
        FileKind::Manifest(Manifest::PackageJson | Manifest::DenoJson) => Some(Ecosystem::Npm),
        FileKind::Manifest(_) => Some(Ecosystem::Python),
        FileKind::Source(SourceKind::Python) => Some(Ecosystem::Python),
        FileKind::Source(_) => Some(Ecosystem::Npm),
        _ => None,
    }
}
