//! Scripts of Python that start a server by themselves: `uvicorn.run(…, reload=True)`, `app.run(debug=True)`.

use crate::eval::{Kind, Value};
use crate::platforms::command::{Line, Step, steps};
use crate::project::inside;
use crate::reading::bench::Reading;
use crate::reading::table::Reader;
use crate::settings::debug;
use crate::syntax::FileId;
use crate::syntax::code::{Argument, ExprKind, Module, Statement, visit};

/// The option of `flask run` that switches the debugger on.
const OPTION: &str = "--debug";

/// Names that an app of Flask has.
const APPS: &[&str] = &["app", "application", "flask_app", "server"];

/// A call that starts a server.
struct Start {
    /// The word of `container.start_command_kind`; none for a production server.
    kind: Option<&'static str>,
    /// Whether it switches Flask's debugger on, where it says so.
    debug: Option<Value>,
}

/// What a step of a start command starts, where that is a script which says it.
pub(super) fn kind(reading: &Reading<'_>, step: &Step, folder: &str) -> Option<&'static str> {
    starts(reading, step, folder).into_iter().find_map(|start| start.kind)
}

/// The debug switch that a script, or a command, hands to its server: it stands over the configuration.
pub(super) fn debug(reading: &mut Reading<'_>, line: &Line, folder: &str) {
    let steps = steps(reading, line, folder);
    let all: Vec<Start> = steps.iter().flat_map(|step| starts(reading, step, folder)).collect();
    let scripts = all.into_iter().filter_map(|start| start.debug).map(|debug| (debug, "debug"));
    let by_option = |step: &Step| step.says("flask run") && step.has(OPTION);
    let on = || (Value::written(Kind::Bool(true), line.place), OPTION);
    let commands = steps.iter().any(by_option).then(on);
    for (debug, key) in scripts.chain(commands) {
        let place = reading.place_of(&debug);
        let resource = reading
            .resource(debug::KIND, "the server that is started", place)
            .set_at(debug::enabled, debug, key)
            .set(debug::effect, reading.word("application", place));
        reading.add(resource);
    }
}

fn starts(reading: &Reading<'_>, step: &Step, folder: &str) -> Vec<Start> {
    let mut found = Vec::new();
    let Some((file, module)) = script(reading, step, folder) else { return found };
    let is_flask = imports(&module, "flask");
    visit(&module.body, &mut |expr, guards| {
        let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
        let ExprKind::Member { object, property, .. } = &callee.kind else { return };
        let ExprKind::Name(name) = &object.kind else { return };
        if &**property != "run" || !reading.evaluator.runs(file, guards) {
            return;
        }
        let said = |key: &str| {
            let argument: &Argument =
                arguments.iter().find(|argument| argument.name.as_ref().is_some_and(|(name, _)| &**name == key))?;
            Some(Reader::Truthy.apply(&reading.evaluator.expression_at(file, &argument.value)))
        };
        let is_on = |key: &str| said(key).is_some_and(|value| value.as_bool() == Some(true));
        if matches!(&**name, "uvicorn" | "hypercorn") {
            found.push(Start { kind: is_on("reload").then_some("reload"), debug: None });
        } else if is_flask && APPS.contains(&&**name) {
            let kind = if is_on("debug") { "debugger" } else { "single_process" };
            found.push(Start { kind: Some(kind), debug: said("debug") });
        }
    });
    found
}

/// The script that a step hands to Python.
fn script(reading: &Reading<'_>, step: &Step, folder: &str) -> Option<(FileId, std::sync::Arc<Module>)> {
    if !step.program().starts_with("python") {
        return None;
    }
    let name = step.operands().find(|word| word.ends_with(".py"))?;
    let name = name.trim_start_matches("./");
    let project = reading.documents.project;
    let last = name.rsplit('/').next().unwrap_or(name);
    // The image's folder is rarely the project's.
    let file = project.find(&inside(folder, name)).or_else(|| project.find(&inside(folder, last)))?;
    Some((file, reading.documents.module_of(file)?))
}

fn imports(module: &Module, package: &str) -> bool {
    module.body.iter().any(|statement| match statement {
        Statement::Import(import) => import.module.split('.').next() == Some(package),
        _ => false,
    })
}
