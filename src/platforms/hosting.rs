//! What a target says of the app's host: what it starts, how often, on which disk, behind what.

use super::command::Line;
use super::edge::Edge;
use super::image::Image;
use crate::eval::{Kind, Place, Value};
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use crate::syntax::data::{Node, NodeKind};

/// The answers of a target to what every platform is asked; none where it does not say.
#[derive(Default)]
pub(crate) struct Hosting {
    /// The image that it builds.
    pub(crate) image: Option<Image>,
    /// What it starts: its own command, or the image's.
    pub(crate) start: Option<Line>,
    /// What it runs before that, once a deploy: what for, and the command.
    pub(crate) before: Vec<(&'static str, Line)>,
    /// How many instances run.
    pub(crate) replicas: Option<Value>,
    /// `durable` or `ephemeral`.
    pub(crate) disk: Option<Value>,
    /// Whether instances stop while nobody asks.
    pub(crate) stops_when_idle: Option<Value>,
    /// Where a process is declared that works jobs off.
    pub(crate) worker: Option<Place>,
    /// What stands in front of the app.
    pub(crate) edge: Edge,
    /// Its own files say what stands in front: no other proxy is looked for.
    pub(crate) edge_is_its_own: bool,
}

impl Hosting {
    /// What a target that has no instance of its own says: nothing lasts between two requests.
    pub(crate) fn without_a_process(reading: &Reading<'_>, place: Place) -> Hosting {
        Hosting { disk: Some(reading.word("ephemeral", place)), ..Hosting::default() }
    }

    /// The same with an image that is built, whose own command counts where no other is written.
    pub(crate) fn built(self, image: Option<Image>) -> Hosting {
        let start = self.start.or_else(|| image.as_ref()?.start());
        Hosting { image, start, ..self }
    }
}

/// A number that is written in a file.
pub(crate) fn number(file: FileId, node: &Node) -> Option<Value> {
    match node.kind {
        NodeKind::Number(number, _) => Some(Value::written(Kind::Number(number), Place::File(file, node.span))),
        _ => None,
    }
}

/// A boolean that is written in a file.
pub(crate) fn switch(file: FileId, node: &Node) -> Option<Value> {
    match node.kind {
        NodeKind::Bool(on) => Some(Value::written(Kind::Bool(on), Place::File(file, node.span))),
        _ => None,
    }
}

/// `durable` where something keeps files, `ephemeral` where a section begins that has nothing that does.
pub(crate) fn disk(reading: &Reading<'_>, file: FileId, kept: Option<&Node>, else_at: &Node) -> Option<Value> {
    Some(match kept {
        Some(kept) => reading.word("durable", Place::File(file, kept.span)),
        None => {
            let first = else_at.entries().first().map_or(else_at.span, |entry| entry.key_span);
            reading.word("ephemeral", Place::File(file, first))
        }
    })
}
