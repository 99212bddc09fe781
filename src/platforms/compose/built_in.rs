//! Variables that a bundler has written into the browser's code when the image was built, and that a service sets when it
//! is started: too late.

use crate::environment::Role;
use crate::environment::target::Target;
use crate::eval::{Kind, Value};
use crate::platforms::command::{scripts, steps};
use crate::platforms::hosting::Hosting;
use crate::platforms::image::{BuiltWith, Image};
use crate::reading::bench::Reading;
use crate::syntax::data::Node;

/// Prefixes by which a bundler writes a variable into the code, and the package that does so. Nuxt's and SvelteKit's
/// public variables can be read again when the app runs.
const INLINED: &[(&str, &str)] =
    &[("NEXT_PUBLIC_", "next"), ("VITE_", "vite"), ("REACT_APP_", "react-scripts"), ("GATSBY_", "gatsby")];

/// The variables that a service sets too late, each where the file sets it; none where no build is seen.
pub(super) fn set_too_late(reading: &Reading<'_>, target: &Target, hosting: &Hosting) -> Option<Value> {
    let image = hosting.image.as_ref().filter(|image| image.builds_code())?;
    target.at(&["build"])?;
    if builds_or_rewrites_at_start(reading, target, hosting) {
        return None;
    }
    let own = |file| target.parts.iter().any(|part| part.file == file);
    let variables = reading.environment.variables();
    let late = variables.filter(|variable| {
        let in_file = variable.place.in_file().is_some_and(|(file, _)| own(file));
        in_file && is_inlined(reading, &variable.name) && !variable.value.is_absent()
    });
    let late: Vec<Value> = late
        .filter(|variable| {
            !is_handed_to_build(target, &variable.name)
                && !is_in_env_file(reading, &variable.name)
                && differs(reading, image, &variable.name, &variable.value)
        })
        .map(|variable| Value::written(Kind::Text(variable.name.as_ref().into()), variable.place))
        .collect();
    let trail = late.first()?.trail.clone();
    Some(Value::new(Kind::List { items: late.into(), open: None }, &trail))
}

/// Whether the start command builds the code, or a script of it writes the variables into what is built.
fn builds_or_rewrites_at_start(reading: &Reading<'_>, target: &Target, hosting: &Hosting) -> bool {
    let Some(line) = &hosting.start else { return false };
    let prefixes: Vec<&str> = INLINED.iter().map(|(prefix, _)| *prefix).chain(["sed "]).collect();
    let project = reading.documents.project;
    steps(reading, line, &target.directory).iter().any(|step| step.has("build"))
        || scripts(reading, line, &target.directory).into_iter().any(|file| project.mentions(file, &prefixes))
}

fn is_inlined(reading: &Reading<'_>, name: &str) -> bool {
    let Some((_, bundler)) = INLINED.iter().find(|(prefix, _)| name.starts_with(prefix)) else { return false };
    let project = reading.documents.project;
    let package = reading.found.package;
    package.is_some_and(|id| project.package(id).dependencies.contains_key(*bundler))
}

fn is_handed_to_build(target: &Target, name: &str) -> bool {
    let Some((_, arguments)) = target.at(&["build", "args"]) else { return false };
    let named = |item: &Node| {
        item.text().is_some_and(|text| text.test(|text| text.split('=').next().is_some_and(|own| own.trim() == name)))
    };
    arguments.get(name).is_some() || arguments.items().iter().any(named)
}

/// Whether an env file that the build reads sets it.
fn is_in_env_file(reading: &Reading<'_>, name: &str) -> bool {
    let mut variables = reading.environment.variables();
    variables.any(|variable| matches!(variable.role, Role::Loaded | Role::Intent) && *variable.name == *name)
}

/// Whether the build knows nothing of the variable, or another text.
fn differs(reading: &Reading<'_>, image: &Image, name: &str, given: &Value) -> bool {
    match (image.builds_with(name), given.as_text()) {
        (BuiltWith::Something, _) => false,
        (BuiltWith::Text(built), Some(given)) => built != *given,
        // The host's `.env` beside the file would be in the build too.
        (BuiltWith::Nothing | BuiltWith::Text(_), None) => !image.takes_along(reading, ".env"),
        (BuiltWith::Nothing, Some(_)) => true,
    }
}
