//! How many processes of an app a start command makes which load its code each for itself, and so share nothing that it
//! makes up.

use super::command::{Step, steps};
use super::hosting::Hosting;
use crate::eval::{Kind, Value};
use crate::reading::bench::Reading;

/// Servers whose processes load the app each for itself, and the options that say how many there are. uWSGI is none of
/// them: it loads the app once, and splits afterwards.
const SERVERS: &[(&str, &[&str])] = &[
    ("gunicorn", &["-w", "--workers"]),
    ("uvicorn", &["--workers"]),
    ("fastapi", &["--workers"]),
    ("hypercorn", &["-w", "--workers"]),
    ("granian", &["--workers"]),
];

/// With it gunicorn loads the app once, too.
const PRELOADS: &str = "--preload";

/// What gunicorn and uvicorn take the number from where no option says it.
const VARIABLE: &str = "WEB_CONCURRENCY";

/// The processes that a deployment starts in each instance, where its command, a file that its server reads or a variable
/// says so.
pub(crate) fn processes(reading: &Reading<'_>, hosting: &Hosting) -> Option<Value> {
    let line = hosting.start.as_ref()?;
    let folder = reading.environment.target.as_ref().map_or("", |target| &target.directory);
    let mut certain = steps(reading, line, folder).into_iter().filter(|step| step.certain);
    let (step, options) = certain.find_map(|step| options_of(&step).map(|options| (step, options)))?;
    if step.has(PRELOADS) {
        return None;
    }
    let glued = || options.iter().filter(|option| option.len() == 2).find_map(|option| step.glued(option));
    let number = |text: &str| text.parse::<u32>().ok().map(|count| Kind::Number(count.into()));
    if let Some(text) = step.option(options).or_else(glued) {
        return Some(Value::written(number(text)?, step.told_at(options).unwrap_or(step.place)));
    }
    let variable = reading.evaluator.variable(VARIABLE, step.place);
    let kind = number(&variable.as_text()?.as_name())?;
    Some(Value::new(kind, &variable.trail))
}

fn options_of(step: &Step) -> Option<&'static [&'static str]> {
    let is_run = |server: &str| step.program() == server || step.program().starts_with("python") && step.has(server);
    SERVERS.iter().find(|(server, _)| is_run(server)).map(|(_, options)| *options)
}
