//! What an app demands of its environment as it starts, whether or not that decides a setting: the schemas that it parses,
//! and the variables without which it ends.

use crate::eval::{Kind, Place, Source as _, Target};
use crate::project::aside::is_never_deployed;
use crate::reading::bench::Reading;
use crate::reading::reached::imports;
use crate::syntax::FileId;
use crate::syntax::code::{Around, Expr, ExprKind, Module, Property, visit_sites};
use std::collections::BTreeSet;

/// What code of JavaScript calls the environment, one of which stands in the file that parses it.
const ENVIRONMENTS: &[&str] = &["process.env", "Bun.env", "import.meta.env"];

/// Packages that declare what variables have to be.
const VALIDATORS: &[&str] = &["zod", "joi", "envalid", "@t3-oss/env-core", "@t3-oss/env-nextjs"];

/// What a file says that ends the program where something is missing.
const REFUSALS: &[&str] = &["throw ", "process.exit"];

/// Files that are looked at for what they import.
const MOST_FILES: usize = 2000;

/// Evaluates each schema that a file parses the environment with as it is loaded, where what starts the app imports the
/// file: each of its keys is then declared, as if a setting had asked for it.
pub(crate) fn read(reading: &Reading<'_>) {
    let project = reading.documents.project;
    let Some(entry) = reading.found.entry.filter(|entry| project.file(*entry).kind.is_script()) else { return };
    let can_run = |file: &FileId| {
        let path = &project.file(*file).path;
        project.file(*file).kind.is_script() && !is_never_deployed(path) && !project.is_built(*file)
    };
    let scripts: Vec<FileId> = project.within("").filter(can_run).collect();
    let asking = project.mentioning(&scripts, ENVIRONMENTS);
    let parsing = project.mentioning(&asking, VALIDATORS);
    let refusing = project.mentioning(&asking, REFUSALS);
    if parsing.is_empty() && refusing.is_empty() {
        return;
    }
    let reached = reached(reading, entry);
    for file in refusing.into_iter().filter(|file| reached.contains(file)) {
        for (variable, span) in reading.evaluator.refuses_without(file) {
            reading.evaluator.note_read(&variable, Place::File(file, span), false);
        }
    }
    for file in parsing.into_iter().filter(|file| reached.contains(file)) {
        let Some(module) = reading.documents.module_of(file) else { continue };
        for parsed in parsed_as_loaded(reading, file, &module) {
            let is_environment = |argument: &Expr| {
                let value = reading.evaluator.expression(file, argument);
                matches!(value.kind, Kind::Environment)
            };
            let ExprKind::Call { arguments, .. } = &parsed.kind else { continue };
            let takes = arguments.iter().any(|argument| is_environment(&argument.value) || maps(&argument.value));
            if takes {
                reading.evaluator.one_use(|| reading.evaluator.expression(file, parsed));
            }
        }
    }
}

/// Whether an argument is an object that tells where the environment is: `createEnv({ runtimeEnv: process.env, .. })`.
fn maps(argument: &Expr) -> bool {
    let ExprKind::Object(properties) = &argument.kind else { return false };
    let is_one = |name: &str| ["runtimeEnv", "runtimeEnvStrict", "experimental__runtimeEnv"].contains(&name);
    properties.iter().any(|property| matches!(property, Property::Field { key, .. } if is_one(key)))
}

/// The calls at the top level of a file that run.
fn parsed_as_loaded<'m>(reading: &Reading<'_>, file: FileId, module: &'m Module) -> Vec<&'m Expr> {
    let mut found = Vec::new();
    visit_sites(&module.body, &mut |expr, site| {
        let in_function = site.around.iter().any(|around| matches!(around, Around::Function(_)));
        let is_call = matches!(expr.kind, ExprKind::Call { .. });
        // That the code has not ended before is no condition: each reason to end is told by itself.
        let asked = || site.guards.iter().copied().filter(|guard| guard.holds).collect::<Vec<_>>();
        if is_call && !in_function && reading.evaluator.runs(file, &asked()) {
            found.push(expr);
        }
    });
    found
}

/// The files that are loaded with one.
fn reached(reading: &Reading<'_>, entry: FileId) -> BTreeSet<FileId> {
    let mut todo = vec![entry];
    let mut seen = BTreeSet::new();
    while let Some(file) = todo.pop() {
        if seen.len() >= MOST_FILES || !seen.insert(file) {
            continue;
        }
        let Some(module) = reading.documents.module_of(file) else { continue };
        for path in imports(&module) {
            if let Target::Code(target) = reading.documents.resolve(file, &path) {
                todo.push(target);
            }
        }
    }
    seen
}
