//! Railway: what it starts, what runs before a deploy, how many instances. <https://docs.railway.com/reference/config-as-code>

use crate::environment::target::Target;
use crate::eval::{Kind, Place, Value};
use crate::platforms::command::Line;
use crate::platforms::image::Image;
use crate::platforms::{Hosting, built, migrations, started};
use crate::reading::bench::Reading;
use crate::syntax::data::NodeKind;

pub(crate) fn read(reading: &mut Reading<'_>, target: &Target) -> Hosting {
    let line = |key: &str| target.at(&["deploy", key]).and_then(|(file, node)| Line::of_node(file, node));
    let command = line("startCommand");
    match target.images.first().and_then(|image| Image::of(reading, *image, None, &target.directory)) {
        Some(image) => {
            let command = command.or_else(|| image.start());
            built(reading, target, &image, command.as_ref());
        }
        None => started(reading, target, command.as_ref()),
    }
    if let Some(line) = line("preDeployCommand") {
        migrations::read(reading, &format!("{}:before the deploy", target.name), &line, &target.directory);
    }
    let mut hosting = Hosting::default();
    if let Some((file, node)) = target.at(&["deploy", "numReplicas"])
        && let NodeKind::Number(number, _) = node.kind
    {
        hosting.replicas = Some(Value::written(Kind::Number(number), Place::File(file, node.span)));
    }
    hosting.stops_when_idle = target.at(&["deploy", "sleepApplication"]).and_then(|(file, node)| match node.kind {
        NodeKind::Bool(sleeps) => Some(Value::written(Kind::Bool(sleeps), Place::File(file, node.span))),
        _ => None,
    });
    // Its proxy ends TLS and sends http on to https.
    hosting.edge.tls = target.parts.first().map(|part| Place::File(part.file, part.node.span));
    hosting
}
