//! Pipelines: what their steps print, what is written into them, whom they call on a schedule.
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax>

pub(crate) mod deploying;
mod files;
pub(crate) mod handed;
mod jobs;
mod literals;
mod logs;
mod tools;
pub(crate) mod variables;

use crate::platforms::schedule;
use crate::reading::bench::MOST_RESOURCES;
use crate::reading::bench::Reading;
use crate::syntax::data::Format;
pub(crate) use files::{COMMANDS, FILES, KIND, runs};
use jobs::{Job, Step};

/// Reads every pipeline of the project: it builds and deploys each of its apps, so all apps have the same.
pub(crate) fn read(reading: &mut Reading<'_>) {
    let (shared, app) = (reading.shared, reading.app);
    let all = shared.pipelines.of((), || {
        // All apps have the same, whatever else each of them has.
        let own = std::mem::take(&mut reading.model.resources);
        let most = std::mem::replace(&mut reading.most, MOST_RESOURCES);
        look(reading);
        reading.most = most;
        std::mem::replace(&mut reading.model.resources, own).into()
    });
    reading.model.resources.extend(all.iter().map(|resource| resource.clone().of_app(app)));
}

fn look(reading: &mut Reading<'_>) {
    let project = reading.documents.project;
    for file in project.of_kind(&KIND).iter().copied().filter(|file| runs(project, *file)) {
        let Some(document) = reading.documents.data_of(file, Format::Yaml) else { continue };
        let path = project.file(file).path.clone();
        for job in document.roots().iter().flat_map(|root| jobs::jobs(file, &path, root)) {
            logs::read(reading, &job);
            literals::read(reading, &job);
            if job.scheduled {
                calls(reading, &job);
            }
        }
    }
}

/// Steps of a schedule that call an address.
fn calls(reading: &mut Reading<'_>, job: &Job<'_>) {
    for script in job.steps.iter().filter_map(Step::script) {
        let name = job.name.clone();
        for line in script.lines_with(reading, &["curl", "wget", "http "]) {
            schedule::caller(reading, &name, &line);
        }
    }
}
