//! The targets of an app: what every platform deploys of it, and how many of them can be judged.

use super::describing::Describing;
use super::dockerfile;
use super::pipelines::handed::Handed;
use super::pipelines::{handed, variables};
use super::platform::Platform;
use crate::environment::files::Files;
use crate::environment::layer::{Layer, SourceFile};
use crate::environment::request::Request;
use crate::environment::stack::Described;
use crate::environment::target::Runs;
use crate::project::{Problem, problem_id};

/// What describes deployments of an app.
pub(crate) struct Deployments {
    /// The targets, in the order of their names.
    pub(crate) found: Vec<Described>,
    /// What pipelines hand to builds and deploy commands.
    pub(crate) pipelines: Vec<(Layer, SourceFile)>,
}

/// The deployments of an app, as some platforms describe them; each sees what those before it found.
pub(crate) fn of_app(
    platforms: &[&'static Platform],
    request: &Request<'_>,
    files: &Files,
    problems: &mut Vec<Problem>,
) -> Deployments {
    let mut context = Describing::new(request, files, problems);
    let mut found: Vec<Described> = Vec::new();
    for platform in platforms {
        let own = (platform.targets)(&mut context);
        if platform.nature.dashboard {
            context.hosted.extend(own.iter().map(|found| found.target.directory.clone()));
        }
        context.built.extend(own.iter().flat_map(|found| found.target.images.iter().copied()));
        found.extend(own);
    }
    for found in &mut found {
        // Of what runs there nothing is known for certain, and so nothing of what is absent.
        found.closed &= found.target.runs != Runs::Unknown;
    }
    found.sort_by(|a, b| a.target.name.cmp(&b.target.name));
    let most = most_of(&found, files);
    if let Some(first) = found.get(most) {
        let message = format!("an app has more deployment targets than are looked at, which are the first {most}");
        context.problems.push(Problem::new(problem_id::TOO_LARGE, message).in_file(first.target.file));
        found.truncate(most);
    }
    let mut pipelines = variables::layers(&mut context);
    for handed in handed::handed(&mut context) {
        pipelines.extend(hand(handed, &mut found));
    }
    Deployments { found, pipelines }
}

/// Gives the targets of a deploy command what it hands over, which goes over what files tell them: those that it means, or
/// the images by themselves where no file describes its host. What goes to nobody is given back, for hosts that no file describes.
fn hand(handed: Handed, found: &mut [Described]) -> Option<(Layer, SourceFile)> {
    let is_described = found.iter().any(|own| handed.is_for_host(&own.target));
    let mut told = false;
    for own in found.iter_mut() {
        let image = !is_described && *own.target.nature == dockerfile::PLATFORM.nature;
        if handed.is_for(&own.target) || image {
            own.layers.push(handed.layer.clone());
            own.sources.push(handed.source);
            told = true;
        }
    }
    (!told && !is_described).then_some((handed.layer, handed.source))
}

/// How many variables a target is told, and the services beside it.
fn told(described: &Described) -> usize {
    let own: usize = described.layers.iter().map(|layer| layer.entries.len()).sum();
    own + described.target.services.iter().map(|service| 1 + service.variables.len()).sum::<usize>()
}

/// What a platform's reader has found, with one target more at most than can be judged, so that it is noticed.
#[derive(Default)]
pub(crate) struct Targets {
    pub(crate) found: Vec<Described>,
    pub(crate) told: usize,
}

impl Targets {
    pub(crate) fn add(&mut self, found: Option<Described>) {
        self.told += found.as_ref().map_or(0, told);
        self.found.extend(found);
    }

    /// Whether another one could not be judged.
    pub(crate) fn is_full(&self) -> bool {
        self.told > MOST_TOLD || self.found.len() > MOST_TARGETS
    }
}

/// Targets of one app beyond this are not judged.
pub(crate) const MOST_TARGETS: usize = 64;

/// Variables that the targets of one app are told at most, those of the services beside them among them. Each target
/// is judged with all of them, so that a file with a thousand services would make a million secrets.
pub(crate) const MOST_TOLD: usize = 20_000;

/// How many of some targets can be judged.
pub(crate) fn most_of(found: &[Described], files: &Files) -> usize {
    let own: usize = files.layers.iter().map(|layer| layer.entries.len()).sum();
    let mut all = 0;
    let fits = |found: &&Described| {
        all += own + told(found);
        all <= MOST_TOLD
    };
    found.iter().take(MOST_TARGETS).take_while(fits).count().max(1)
}
