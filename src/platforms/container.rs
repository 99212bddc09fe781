//! Containers: who they run as, what they start, which env files and secrets their images carry.

use super::hosting::Hosting;
use super::image::Image;
use super::{forwarded, loopback, migrations, start, start_scripts};
use crate::environment::target::Target;
use crate::eval::{Kind, Place, Value};
use crate::reading::bench::{Reading, SecretFacts};
use crate::reading::secret_text::Written;
use crate::settings::{Resource, container, secret};
use crate::syntax::Span;
use std::sync::Arc;

/// The container of a target that starts an image, or what its platform builds by itself; what runs before each deploy.
pub(crate) fn read(reading: &mut Reading<'_>, target: &Target, hosting: &Hosting) {
    match &hosting.image {
        Some(image) => built(reading, target, hosting, image),
        None => started(reading, target, hosting),
    }
    if let Some(line) = &hosting.start {
        start_scripts::debug(reading, line, &target.directory);
        forwarded::read(reading, line, &target.directory);
    }
    for (what, line) in &hosting.before {
        migrations::read(reading, &format!("{}:{what}", target.name), line, &target.directory);
    }
}

/// The container of a platform that builds it itself.
fn started(reading: &mut Reading<'_>, target: &Target, hosting: &Hosting) {
    let Some(line) = &hosting.start else { return };
    let resource = reading
        .resource(container::KIND, target.name.clone(), line.place)
        .set(container::start_command_kind, start::kind(reading, line, &target.directory));
    reading.add(resource);
    migrations::read(reading, &target.name, line, &target.directory);
}

/// The container of an image, which a platform starts with a command.
fn built(reading: &mut Reading<'_>, target: &Target, hosting: &Hosting, image: &Image) {
    let line = hosting.start.as_ref();
    let mut resource = reading.resource(container::KIND, target.name.clone(), Place::File(image.file, Span::default()));
    // What nothing is started of runs as nobody.
    if let Some(user) = image.user(reading).filter(|_| line.is_some()) {
        resource =
            resource.set(container::user, user).set(container::drops_privileges, image.drops_privileges(reading));
    }
    if let Some(line) = line {
        resource = resource.set(container::start_command_kind, start::kind(reading, line, &target.directory));
    }
    // What shares a pod can hand requests on.
    let is_alone = target.manifests.is_empty() && image.is_reached();
    let bound = line.filter(|_| is_alone).and_then(|line| loopback::bound(reading, line, image, &target.directory));
    if let Some(bound) = bound {
        resource = resource.set(container::loopback_address, bound);
    }
    if let Some(words) = line.and_then(|line| image.unexpanded(reading, line)) {
        resource = resource.set(container::unexpanded_words, words);
    }
    reading.add(of_image(reading, resource, image));
    if let Some(line) = line {
        migrations::read(reading, &target.name, line, &target.directory);
    }
    image_secrets(reading, image);
}

/// What the lines of an image say of a container, however it is started.
pub(crate) fn of_image(reading: &Reading<'_>, mut resource: Resource, image: &Image) -> Resource {
    if let Some(exports) = image.exports() {
        resource = resource.set(container::exports_in_run, exports);
    }
    if let Some((files, real)) = image.env_files(reading) {
        resource = resource.set(container::copied_env_files, files).set(container::env_files_hold_secrets, real);
    }
    resource
}

/// Secrets in a Dockerfile that no variable of the running app shows.
pub(crate) fn image_secrets(reading: &mut Reading<'_>, image: &Image) {
    for (name, place) in image.secret_arguments() {
        let facts = SecretFacts::of(crate::secrets::purpose(&name));
        let resource = reading
            .resource(secret::KIND, name.clone(), place)
            .spot_at(secret::value, name)
            .set(secret::purpose, reading.word(facts.purpose, place))
            .set(secret::without_default, reading.stated(Kind::Bool(true), place));
        reading.add(resource);
    }
    for (name, text, place) in image.elsewhere() {
        let stand_in = crate::secrets::is_placeholder(&text) || crate::secrets::is_well_known_default(&text);
        let value = Value::written(Kind::Text(text), place);
        // A build needs something under the name, and what it is never leaves the stage.
        if let Some(written) = crate::reading::secret_text::secret_value(&name, &value).filter(|_| !stand_in) {
            self::secret(reading, &name, written, |_, resource| resource);
        }
    }
}

/// Adds a secret that stands in a file, with what its platform says of it.
pub(crate) fn secret(
    reading: &mut Reading<'_>,
    name: &Arc<str>,
    written: Written,
    more: impl FnOnce(&Reading<'_>, Resource) -> Resource,
) {
    let resource = reading.secret_resource(name, &written.value, SecretFacts::of(written.purpose));
    let resource = more(reading, resource);
    reading.add(resource);
}
