//! Projects without a framework that prodcheck knows: what their deployment and env files say is judged all the same.

use crate::documents::Documents;
use crate::eval::Kind;
use crate::libraries::{routes, scheduled};
use crate::platforms::is_telling;
use crate::reading::bench::Reading;
use crate::reading::found::{Found, Framework};
use crate::reading::version::Versions;
use crate::settings::runtime;

/// Any project with files that describe a deployment. It is tried where no framework was recognised.
pub static DEPLOYMENT: Framework = Framework {
    name: "deployment",
    title: "Deployment files",
    packages: &[],
    known: Versions::ALL,
    recognise,
    read,
    unasked: &[],
    tables: &[],
};

/// The app is the folder that the user asked for, with everything its files deploy.
fn recognise(framework: &'static Framework, documents: &Documents<'_>) -> Vec<Found> {
    let project = documents.project;
    let mut telling =
        project.ids().filter(|file| project.selected(&project.file(*file).path) && is_telling(project, *file));
    let Some(first) = telling.next() else { return Vec::new() };
    let root = project.selection();
    let package = project.package_above(root, None).filter(|id| &*project.package(*id).dir == root);
    vec![Found {
        id: root.into(),
        framework,
        root: root.into(),
        package,
        entry: package.is_none().then_some(first),
        version: None,
    }]
}

/// What holds without knowing the framework: the environment's name, and the routes that a schedule calls.
fn read(reading: &mut Reading<'_>) {
    environment_name(reading);
    let routes = routes::handlers(reading);
    scheduled::read(reading, &routes, scheduled::Made::default());
}

/// The variable by which most libraries of JavaScript know the environment, where a target gives it a value.
fn environment_name(reading: &mut Reading<'_>) {
    let place = reading.place();
    let value = reading.evaluator.variable("NODE_ENV", place);
    if reading.environment.target.is_some() && !matches!(value.kind, Kind::Unknown(_)) {
        let resource = reading.resource(runtime::KIND, runtime::KIND.name, reading.place_of(&value)).set_at(
            runtime::environment_name,
            value,
            "NODE_ENV",
        );
        reading.add(resource);
    }
}
