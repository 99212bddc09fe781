//! What a start command is: a production server, a development server, a debugger.

use crate::eval::Value;
use crate::platforms::command::{Line, Step, steps, where_taken};
use crate::platforms::start_scripts;
use crate::reading::bench::Reading;

/// Programs that are made to start again on each change.
const RELOADERS: &[&str] = &[
    "nodemon",
    "ts-node-dev",
    "tsnd",
    "node-dev",
    "webpack-dev-server",
    "air",
    "reflex",
    "watchexec",
    "watchmedo",
    "browser-sync",
    "live-server",
    "npm-watch",
    "fresh",
    "CompileDaemon",
];

/// Options by which a server of Python starts again on each change.
const RELOADS: &[&str] = &["--reload", "--autoreload", "--py-autoreload", "--python-autoreload"];

/// A program and the subcommand that is its development server.
const DEVELOPMENT: &[(&str, &[&str])] = &[
    ("next", &["dev", ""]),
    ("nuxt", &["dev"]),
    ("nuxi", &["dev"]),
    ("astro", &["dev"]),
    ("remix", &["dev"]),
    ("react-router", &["dev"]),
    ("svelte-kit", &["dev"]),
    ("vite", &["dev", "serve", ""]),
    ("webpack", &["serve"]),
    ("react-scripts", &["start"]),
    ("vue-cli-service", &["serve"]),
    ("ng", &["serve"]),
    ("gatsby", &["develop"]),
    ("strapi", &["develop"]),
    ("medusa", &["develop"]),
    ("wrangler", &["dev"]),
    ("vercel", &["dev"]),
    ("netlify", &["dev"]),
    ("turbo", &["dev"]),
    ("nx", &["serve"]),
    ("expo", &["start"]),
    ("storybook", &["dev"]),
    ("fastapi", &["dev"]),
    ("frontmcp", &["dev"]),
    ("beignet", &["dev"]),
    ("lucent", &["dev"]),
    ("aksara", &["dev"]),
    ("dotnet", &["watch"]),
    ("cargo", &["watch"]),
    ("encore", &["dev"]),
    ("sanity", &["dev", "start"]),
    ("redwood", &["dev"]),
    ("rw", &["dev"]),
    ("mastra", &["dev"]),
    ("langgraph", &["dev"]),
    ("docusaurus", &["start"]),
    ("vitepress", &["dev", ""]),
    ("mkdocs", &["serve"]),
    ("rsbuild", &["dev", ""]),
    ("rspack", &["serve", "dev"]),
    ("ember", &["serve", "server", "s"]),
    ("parcel", &["serve", ""]),
    ("hexo", &["server"]),
    ("hugo", &["server", "serve"]),
    ("jekyll", &["serve"]),
];

/// The word of `container.start_command_kind` for a start command. The app that it starts lies in `folder`.
pub(crate) fn kind(reading: &Reading<'_>, line: &Line, folder: &str) -> Value {
    let steps = steps(reading, line, folder);
    let production = || reading.word("production", line.place);
    let worst = ["debugger", "reload", "single_process"];
    for certain in [true, false] {
        let own = || steps.iter().filter(|step| step.certain == certain);
        let found = worst
            .into_iter()
            .find_map(|word| Some((word, own().find(|step| kind_of(reading, step, folder) == Some(word))?)));
        if let Some((word, step)) = found {
            let place = step.told_at(RELOADS).unwrap_or(line.place);
            return where_taken(step, reading.word(word, place), production());
        }
    }
    production()
}

fn kind_of(reading: &Reading<'_>, step: &Step, folder: &str) -> Option<&'static str> {
    let program = step.program();
    let python = program.starts_with("python");
    if matches!(program, "node" | "bun" | "deno" | "tsx") && step.begins("--inspect")
        || program == "debugpy"
        || (program == "dlv" && matches!(step.verb(), "debug" | "exec"))
        || (python && step.has("debugpy"))
    {
        return Some("debugger");
    }
    if is_reload(step, program) {
        return Some("reload");
    }
    let single = (program == "flask" && step.says("flask run"))
        || (python && (step.says("flask run") || step.has("http.server")))
        || (program == "php" && (step.has("-S") || step.says("artisan serve")))
        || (program == "vite" && step.verb() == "preview")
        || step.says("manage.py runserver")
        || step.says("django-admin runserver");
    if single {
        return Some("single_process");
    }
    start_scripts::kind(reading, step, folder)
}

fn is_reload(step: &Step, program: &str) -> bool {
    let flag = |names: &[&str]| names.iter().any(|name| step.has(name));
    if RELOADERS.contains(&program) {
        return true;
    }
    if DEVELOPMENT.iter().any(|(name, verbs)| *name == program && verbs.contains(&step.verb())) {
        // `vite` alone takes options, and `vite build` is no server.
        return true;
    }
    let python = program.starts_with("python")
        || matches!(program, "uvicorn" | "gunicorn" | "hypercorn" | "granian" | "flask" | "uwsgi");
    match program {
        "tsx" => step.verb() == "watch" || flag(&["--watch"]),
        "node" | "deno" => flag(&["--watch"]),
        "bun" => flag(&["--hot", "--watch"]),
        "nest" => flag(&["--watch", "-w"]) && step.verb() == "start",
        "turbo" => step.says("turbo run dev"),
        "watchfiles" => true,
        "php" => step.says("octane:start") && flag(&["--watch"]),
        "medusa" => step.verb() == "develop",
        _ if python && flag(RELOADS) => RELOADS.iter().all(|name| step.option(&[name]) != Some("0")),
        _ if python && step.says("flask run") => flag(&["--debug", "--debugger"]),
        _ if step.says("manage.py runserver_plus") => true,
        _ if step.says("manage.py runserver") || step.says("django-admin runserver") => !flag(&["--noreload"]),
        _ => false,
    }
}
