//! What an image sets: the `ENV` of its final stage and of the stages that one starts from.
//! <https://docs.docker.com/reference/dockerfile/#scope>

use super::templates;
use crate::environment::expand::expand_for;
use crate::environment::layer::{Entry, Layer, Role, Weight, Written};
use crate::environment::read::not_set;
use crate::eval::{Because, How, Place, Step, Value};
use crate::platforms::describing::Describing;
use crate::project::Problem;
use crate::syntax::FileId;
use crate::syntax::data::dockerfile::{Dockerfile, Instruction, Keyword, Pair, read};
use crate::text::Text;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// References beyond this in one image are not followed: each of them can lengthen the way of the next.
const MOST_REFERENCES: usize = 500;

/// Arguments of a build.
pub(crate) type BuildArguments = BTreeMap<Arc<str>, Value>;

/// What an image gives, the weakest first: the env file that it makes of a template, and its `ENV`. `stage` is the one that
/// the build names, else the last. Nothing if the file cannot be read.
pub(crate) fn layers(
    context: &mut Describing<'_, '_>,
    file: FileId,
    stage: Option<&str>,
    arguments: &BuildArguments,
) -> Vec<Layer> {
    let Ok(text) = context.project().text(file) else { return Vec::new() };
    let dockerfile = match read(text) {
        Ok(dockerfile) => dockerfile,
        Err(refused) => {
            context.problems.push(Problem::refused(file, &context.project().file(file).path, &refused));
            return Vec::new();
        }
    };
    let Some(stage) = stage.and_then(|name| dockerfile.stage(name)).or_else(|| dockerfile.last_stage()) else {
        return Vec::new();
    };
    let mut build = Build {
        file,
        arguments,
        layer: Layer::new(Role::Target, Weight::Certain),
        seen: BTreeMap::new(),
        followed: Cell::new(0),
    };
    // An argument whose value the files do not tell is not taken for its default.
    let given = |name: &str| {
        let value = arguments.get(name)?;
        Some(value.as_text().cloned().unwrap_or_else(|| Text::new("")))
    };
    let lineage = dockerfile.lineage_by(stage, &given);
    for stage in &lineage {
        for instruction in stage.instructions.iter().filter(|instruction| !instruction.on_build) {
            match instruction.keyword {
                Keyword::Arg => build.declare(instruction, &dockerfile),
                Keyword::Env => build.set(instruction),
                _ => {}
            }
        }
    }
    let instructions = lineage.into_iter().flat_map(|stage| &stage.instructions);
    let mut layers = templates::layers(context, file, instructions.filter(|own| !own.on_build));
    layers.push(build.layer);
    layers
}

/// An image while it is built.
struct Build<'a> {
    file: FileId,
    arguments: &'a BuildArguments,
    layer: Layer,
    /// The build arguments in scope.
    seen: BTreeMap<Arc<str>, Value>,
    followed: Cell<usize>,
}

impl Build<'_> {
    /// `ARG`: the build's argument, else the default here, else the one of the same name above the first stage.
    fn declare(&mut self, instruction: &Instruction, dockerfile: &Dockerfile) {
        for pair in instruction.pairs() {
            let given = self.arguments.get(&pair.name).cloned();
            let global = || {
                let mut pairs = dockerfile.globals.iter().flat_map(Instruction::pairs);
                pairs.rfind(|global| global.name == pair.name && global.value.is_some())
            };
            let value = given.or_else(|| self.value(pair)).or_else(|| self.value(global()?));
            let place = Place::File(self.file, pair.name_span);
            self.seen.insert(pair.name.clone(), value.unwrap_or_else(|| not_set(&pair.name, place)));
        }
    }

    /// `ENV`: references see what was set before the whole instruction.
    fn set(&mut self, instruction: &Instruction) {
        let mut entries = Vec::new();
        for pair in instruction.pairs() {
            let Some(value) = self.value(pair) else { continue };
            let place = Place::File(self.file, pair.value.as_ref().map_or(pair.name_span, |word| word.span));
            let how = How::Sets { variable: pair.name.clone() };
            let value = value.each(&mut |value| value.step(place, how.clone()));
            let name_place = Place::File(self.file, pair.name_span);
            entries.push(Entry { name: pair.name.clone(), name_place, written: Written::Value(value) });
        }
        entries.into_iter().for_each(|entry| self.layer.push(entry));
    }

    fn value(&self, pair: &Pair) -> Option<Value> {
        let word = pair.value.as_ref()?;
        let place = Place::File(self.file, word.span);
        Some(expand_for(&pair.name, &word.pieces, place, &|name| self.lookup(name, place)))
    }

    fn lookup(&self, name: &str, place: Place) -> Value {
        self.followed.set(self.followed.get() + 1);
        if self.followed.get() > MOST_REFERENCES {
            return Value::unknown(Because::TooComplex, &Step::start(place, How::Written));
        }
        if let Some(Written::Value(value)) = self.layer.get(name).map(|entry| &entry.written) {
            return value.clone();
        }
        // The image that this one starts from sets it perhaps.
        self.seen.get(name).cloned().unwrap_or_else(|| not_set(name, place))
    }
}
