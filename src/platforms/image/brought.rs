//! Files that an image would take along, were they there: who deploys it has to make them, and no clone has them.

use super::docker_ignore::DockerIgnore;
use super::made::{Image, takes};
use crate::eval::{Kind, Place, Value};
use crate::project::lies_in;
use crate::reading::bench::Reading;
use crate::syntax::data::dockerfile::{Instruction, Keyword};
use crate::text::Text;

impl Image {
    /// Those of some paths that are not in the tree and that a line of the image copies, with the place of the first line.
    pub(crate) fn would_bring(&self, reading: &Reading<'_>, paths: &[String]) -> Option<Value> {
        let project = reading.documents.project;
        let ignore = DockerIgnore::of(reading, self.file, &self.context);
        let copies: Vec<&Instruction> =
            self.instructions().filter(|own| matches!(own.keyword, Keyword::Copy | Keyword::Add)).collect();
        let by = |path: &str| {
            copies.iter().find(|copy| {
                let words = copy.words();
                let sources = words.iter().take(words.len().saturating_sub(1));
                copy.flag("from").is_none() && sources.into_iter().any(|word| word.text.test(|text| takes(text, path)))
            })
        };
        let mut at = None;
        let mut brought = Vec::new();
        for path in paths.iter().filter(|path| lies_in(path, &self.context) && project.find(path).is_none()) {
            let inner = path[self.context.len()..].trim_start_matches('/');
            let Some(copy) = by(inner).filter(|_| !ignore.covers(inner)) else { continue };
            let place = *at.get_or_insert(Place::File(self.file, copy.span));
            brought.push(Value::written(Kind::Text(Text::new(path.as_str())), place));
        }
        Some(Value::written(Kind::List { items: brought.into(), open: None }, at?))
    }
}
