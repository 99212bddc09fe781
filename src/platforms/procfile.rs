//! Heroku and its like: what processes start, what a release runs. <https://devcenter.heroku.com/articles/procfile>

use crate::environment::target::Target;
use crate::eval::Place;
use crate::platforms::command::Line;
use crate::platforms::{Hosting, migrations, started};
use crate::reading::bench::Reading;
use crate::syntax::Span;

pub(crate) fn read(reading: &mut Reading<'_>, target: &Target) -> Hosting {
    let Some(part) = target.parts.first() else { return Hosting::default() };
    let process = |name: &str| part.node.get(name).and_then(|node| Line::of_node(part.file, node));
    let web = process("web");
    started(reading, target, web.as_ref());
    if let Some(line) = process("release") {
        migrations::read(reading, &format!("{}:release", target.name), &line, &target.directory);
    }
    let place = Place::File(part.file, Span::default());
    let mut hosting = Hosting { disk: Some(reading.word("ephemeral", place)), ..Hosting::default() };
    hosting.edge.tls = Some(place);
    hosting
}
