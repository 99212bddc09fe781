//! What an image builds the app's code with: what its build stages know of a variable that a bundler writes into the code.

use super::docker_ignore::DockerIgnore;
use super::made::{Image, takes};
use crate::reading::bench::Reading;
use crate::syntax::data::dockerfile::{Arguments, Instruction, Keyword, Stage};
use crate::syntax::data::interpolation::Piece;
use crate::text::Text;

/// What a build knows of a variable.
#[derive(Debug, PartialEq)]
pub(crate) enum BuiltWith {
    /// Nothing.
    Nothing,
    /// This text.
    Text(Text),
    /// Something that the file does not show.
    Something,
}

impl Image {
    /// Whether the image, or a stage that it takes files from, builds the app's code.
    pub(crate) fn builds_code(&self) -> bool {
        self.building_stages().iter().any(|stage| stage.instructions.iter().any(builds))
    }

    /// What the stages that build the code know of a variable, besides what the build is handed.
    pub(crate) fn builds_with(&self, variable: &str) -> BuiltWith {
        let stages = self.building_stages();
        let set = stages.iter().flat_map(|stage| &stage.instructions);
        let set = set.filter(|own| matches!(own.keyword, Keyword::Arg | Keyword::Env));
        let pairs = set.flat_map(Instruction::pairs).filter(|pair| *pair.name == *variable);
        // `ENV NAME=$NAME` hands on what an `ARG` declares.
        let hands_on = |piece: &Piece| matches!(piece, Piece::Reference { name, .. } if **name == *variable);
        let mut values = pairs.filter_map(|pair| pair.value.as_ref()).filter(|own| !own.pieces.iter().any(hands_on));
        let Some(value) = values.next_back() else { return BuiltWith::Nothing };
        match self.resolved_in(&stages, value) {
            Some(text) if text.is_blank() => BuiltWith::Nothing,
            Some(text) => BuiltWith::Text(text),
            None => BuiltWith::Something,
        }
    }

    /// Whether a file of the build's folder comes into the build, if it is there.
    pub(crate) fn takes_along(&self, reading: &Reading<'_>, path: &str) -> bool {
        let stages = self.building_stages();
        let copies = stages.iter().flat_map(|stage| &stage.instructions);
        let mut copies = copies.filter(|own| matches!(own.keyword, Keyword::Copy | Keyword::Add));
        let is_taken = |copy: &Instruction| {
            let words = copy.words();
            let sources = words.iter().take(words.len().saturating_sub(1));
            copy.flag("from").is_none() && sources.into_iter().any(|word| word.text.test(|text| takes(text, path)))
        };
        copies.any(is_taken) && !DockerIgnore::of(reading, self.file, &self.context).covers(path)
    }

    /// The stages that build the code: those of the image and those that it takes files from, with what they start from.
    fn building_stages(&self) -> Vec<&Stage> {
        let mut all: Vec<&Stage> = Vec::new();
        let mut open = vec![&self.dockerfile.stages[self.stage]];
        while let Some(stage) = open.pop() {
            for stage in self.dockerfile.lineage(stage) {
                if all.iter().any(|known| std::ptr::eq(*known, stage)) {
                    continue;
                }
                all.push(stage);
                let from = stage.instructions.iter().filter_map(|own| own.flag("from")?.value.as_ref());
                open.extend(from.filter_map(|name| self.dockerfile.stage(&name.text.as_name())));
            }
        }
        if all.iter().any(|stage| stage.instructions.iter().any(builds)) { all } else { Vec::new() }
    }
}

/// Whether an instruction runs a build script or a bundler.
fn builds(instruction: &Instruction) -> bool {
    instruction.keyword == Keyword::Run
        && match &instruction.arguments {
            Arguments::Shell(text, _) => text.test(|text| {
                text.split(|c: char| !(c.is_alphanumeric() || "-_@./".contains(c)))
                    .any(|word| word == "build" || word.starts_with("build-"))
            }),
            Arguments::Exec(words) => words.iter().any(|word| word.text.is("build")),
            _ => false,
        }
}
