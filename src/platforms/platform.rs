//! What a platform is: its files, its nature, what it deploys, and what it says of the host.

use super::describing::Describing;
use super::hosting::Hosting;
use crate::environment::Loader;
use crate::environment::stack::Described;
use crate::environment::target::{Nature, Target};
use crate::project::{FileKind, FilesOf, Project};
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use crate::syntax::data::Format;

/// One platform: a value in a file of its own, with its name in `PLATFORMS`.
pub(crate) struct Platform {
    /// What its hosts are, whatever runs there; its name for reports.
    pub(crate) nature: Nature,
    /// The files that describe it, as their names tell.
    pub(crate) files: FilesOf,
    /// Files that describe it, as only their text tells.
    pub(crate) texts: &'static [InText],
    /// Other files that show that it hosts what lies beside them.
    pub(crate) beside: &'static [&'static str],
    /// What in its files is a command line.
    pub(crate) commands: Commands,
    /// Who reads env files of what it hosts, where that is not who does everywhere.
    pub(crate) loader: Option<&'static Loader>,
    /// What its files deploy of an app: what each runs, and what it is told.
    pub(crate) targets: fn(&mut Describing<'_, '_>) -> Vec<Described>,
    /// What it says of the host of a target.
    pub(crate) hosting: fn(&Reading<'_>, &Target) -> Hosting,
    /// Adds what lies in and beside a target: containers, datastores, schedules, what stands in front.
    pub(crate) resources: fn(&mut Reading<'_>, &Target, &mut Hosting),
}

/// A kind of file that has other uses too, and texts that all stand in it where it describes a platform: of each group
/// one.
pub(crate) struct InText {
    /// The kind.
    pub(crate) kind: FileKind,
    /// The groups.
    pub(crate) says: &'static [&'static [&'static str]],
}

/// What in the files of a platform is a command line.
pub(crate) enum Commands {
    /// What stands under these keys, wherever they stand.
    Keys(&'static [&'static str]),
    /// Each entry, under the name of its process.
    Processes,
    /// Instructions of an image.
    Instructions,
}

impl Platform {
    /// The kind of its files.
    pub(crate) fn kind(&'static self) -> FileKind {
        FileKind::Platform(&self.files)
    }

    /// Whether only its text shows that a file describes it.
    fn is_told(&self, project: &Project, file: FileId) -> bool {
        let fits = |told: &InText| {
            project.file(file).kind == told.kind && told.says.iter().all(|group| project.mentions(file, group))
        };
        self.texts.iter().any(fits)
    }

    /// The files that describe it, as names or texts tell, in order.
    pub(crate) fn files(&'static self, project: &Project) -> Vec<FileId> {
        let mut files = project.of_kind(&self.kind()).to_vec();
        for told in self.texts {
            let [first, rest @ ..] = told.says else { continue };
            let fits = |file: &FileId| rest.iter().all(|group| project.mentions(*file, group));
            files.extend(project.of_kind_mentioning(&told.kind, first).iter().copied().filter(fits));
        }
        files.sort_unstable();
        files.dedup();
        files
    }
}

/// Whether a file describes a platform, as its name or its text tells.
pub(crate) fn describes(platforms: &[&'static Platform], project: &Project, file: FileId) -> bool {
    matches!(project.file(file).kind, FileKind::Platform(_))
        || platforms.iter().any(|platform| platform.is_told(project, file))
}

/// A platform that has nothing to say beside its hosting.
pub(crate) fn nothing(_: &mut Reading<'_>, _: &Target, _: &mut Hosting) {}

/// The format of a file of a platform, as the ending of its name tells.
pub(crate) fn format_of(name: &str) -> Option<Format> {
    match name.rsplit_once('.')?.1 {
        "toml" => Some(Format::Toml),
        "yaml" | "yml" => Some(Format::Yaml),
        "json" | "jsonc" => Some(Format::JsonComments),
        _ => None,
    }
}
