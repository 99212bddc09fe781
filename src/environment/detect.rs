//! Which loader an app uses, told by its dependencies, its scripts and what it imports.

use crate::environment::loader;
use crate::environment::loader::Loader;
use crate::project::{Ecosystem, FileKind, Lockfile, Package, PackageId, Project};
use crate::syntax::FileId;

/// A sign that an app uses a loader.
enum Sign {
    /// It depends on one of these.
    Needs(&'static [&'static str]),
    /// It depends on one of these, and some file of the package mentions one of the words.
    NeedsAndMentions(&'static [&'static str], &'static [&'static str]),
    /// Some file of the package mentions one of these words.
    Mentions(&'static [&'static str]),
    /// A script that is not for development holds one of these words.
    Runs(&'static [&'static str]),
    /// The lockfile beside it or above it is Bun's, and no script starts Node.
    LocksForBun,
    /// It depends on what is made for Bun, on nothing that brings it to Node, and no script starts Node.
    MadeForBun,
}

/// The first sign that fits decides. A framework that builds the app goes before its host, which goes before a runtime,
/// which goes before a library.
const BUILDERS: &[(Sign, &Loader)] = &[
    (Sign::Needs(&["next"]), &loader::NEXT),
    (Sign::Needs(&["react-scripts"]), &loader::REACT_SCRIPTS),
    (
        Sign::Needs(&[
            "astro",
            "nuxt",
            "@sveltejs/kit",
            "@remix-run/dev",
            "@react-router/dev",
            "@tanstack/react-start",
            "@tanstack/start",
            "@solidjs/start",
            "vike",
            "@analogjs/platform",
        ]),
        &loader::VITE,
    ),
];

/// What reads env files for an app that is built by nothing and hosted by nobody who has a way of its own.
const NODE: &[(Sign, &Loader)] = &[
    (Sign::Runs(&["--env-file"]), &loader::NODE_ENV_FILE),
    (
        Sign::Runs(&[
            "bun run ",
            "bun src",
            "bun ./",
            "bun index",
            "bun server",
            "bun start",
            "bun dist",
            "bunx --bun",
        ]),
        &loader::BUN,
    ),
    (Sign::LocksForBun, &loader::BUN),
    (Sign::MadeForBun, &loader::BUN),
    (Sign::Needs(&["dotenv-flow", "c12"]), &loader::DOTENV_FLOW),
    (
        Sign::NeedsAndMentions(
            &["dotenv", "dotenv-expand", "@dotenvx/dotenvx", "dotenv-safe"],
            &["dotenv/config", "\"dotenv\"", "'dotenv'", "dotenv-safe", "dotenv-expand", "dotenvx"],
        ),
        &loader::NODE_DOTENV,
    ),
    (Sign::NeedsAndMentions(&["@frontmcp/sdk"], &["ConfigPlugin"]), &loader::FRONTMCP_CONFIG),
    (Sign::Needs(&["bknd", "@nestjs/config", "dotenv-cli", "env-cmd"]), &loader::NODE_DOTENV),
    (Sign::NeedsAndMentions(&["vite"], &["import.meta.env"]), &loader::VITE),
];

/// Packages that run on Bun unless something brings them to Node. <https://elysiajs.com/integrations/node>
const MADE_FOR_BUN: &[&str] = &["elysia", "@types/bun", "bun-types"];

const BRINGS_TO_NODE: &[&str] = &["@elysiajs/node", "@elysia/node"];

/// What begins a script that starts Node.
const STARTS_NODE: &[&str] = &["node ", "tsx ", "ts-node "];

const PYTHON: &[(Sign, &Loader)] = &[
    (Sign::Needs(&["aksara-framework"]), &loader::AKSARA),
    (Sign::Mentions(&["from aksara import ", "from aksara.", "import aksara\n"]), &loader::AKSARA),
    (Sign::NeedsAndMentions(&["pydantic-settings", "pydantic"], &["env_file"]), &loader::PYDANTIC_SETTINGS),
    (Sign::NeedsAndMentions(&["python-dotenv"], &["load_dotenv", "dotenv_values"]), &loader::PYTHON_DOTENV),
    (Sign::NeedsAndMentions(&["flask"], &["Flask("]), &loader::FLASK),
    (Sign::NeedsAndMentions(&["fastmcp"], &["import fastmcp", "from fastmcp"]), &loader::FASTMCP),
    (Sign::Needs(&["django-environ", "environs", "python-decouple", "dynaconf"]), &loader::PYTHON_DOTENV),
];

/// The loader of the app in a folder whose first file is `entry`; `hosts` is what a host that a file in that folder
/// describes reads env files with, where it has a way of its own.
pub fn loader_for(
    project: &Project,
    app_dir: &str,
    entry: Option<FileId>,
    hosts: Option<&'static Loader>,
) -> &'static Loader {
    let python = entry.is_some_and(|file| project.file(file).kind.is_python());
    let ecosystem = if python { Ecosystem::Python } else { Ecosystem::Npm };
    let package = project
        .package_above(app_dir, Some(ecosystem))
        .or_else(|| entry.is_none().then(|| project.package_above(app_dir, None)).flatten());
    let python = python || package.is_some_and(|id| project.package(id).ecosystem == Ecosystem::Python);
    let app = App { project, app_dir, package };
    let first =
        |signs: &'static [(Sign, &Loader)]| signs.iter().find(|(sign, _)| app.shows(sign)).map(|(_, loader)| *loader);
    if python {
        return first(PYTHON).unwrap_or(&loader::UNKNOWN_PYTHON);
    }
    first(BUILDERS).or(hosts).or_else(|| first(NODE)).unwrap_or(&loader::UNKNOWN_NODE)
}

struct App<'a> {
    project: &'a Project,
    app_dir: &'a str,
    package: Option<PackageId>,
}

impl App<'_> {
    fn shows(&self, sign: &'static Sign) -> bool {
        match sign {
            Sign::Needs(names) => self.needs(names),
            Sign::NeedsAndMentions(names, words) => self.needs(names) && self.mentions(words),
            Sign::Mentions(words) => self.mentions(words),
            Sign::Runs(words) => self.runs(words),
            Sign::LocksForBun => self.locks_for_bun() && !self.runs(STARTS_NODE),
            Sign::MadeForBun => self.needs(MADE_FOR_BUN) && !self.needs(BRINGS_TO_NODE) && !self.runs(STARTS_NODE),
        }
    }

    fn package(&self) -> Option<&Package> {
        self.package.map(|id| self.project.package(id))
    }

    fn needs(&self, names: &[&str]) -> bool {
        self.package().is_some_and(|package| names.iter().any(|name| package.dependencies.contains_key(*name)))
    }

    fn runs(&self, words: &[&str]) -> bool {
        self.package().is_some_and(|package| {
            let scripts = package.scripts.iter().filter(|script| !is_for_development(&script.name));
            scripts.into_iter().any(|script| script.command.test(|line| words.iter().any(|word| line.contains(word))))
        })
    }

    fn mentions(&self, words: &'static [&'static str]) -> bool {
        let folder = self.package.map_or(self.app_dir, |id| &self.project.package(id).dir);
        self.project.code_mentions(folder, self.package, words)
    }

    /// A workspace has its lockfile at its root.
    fn locks_for_bun(&self) -> bool {
        let lockfiles = self.project.of_kinds(|kind| matches!(kind, FileKind::Lockfile(_)));
        let lockfiles = lockfiles.iter().map(|id| self.project.file(*id));
        let nearest =
            crate::project::upward(self.app_dir).find(|folder| lockfiles.clone().any(|file| file.folder() == *folder));
        let is_buns = |kind: &FileKind| matches!(kind, FileKind::Lockfile(Lockfile::Bun | Lockfile::BunBinary));
        nearest.is_some_and(|folder| lockfiles.filter(|file| file.folder() == folder).all(|file| is_buns(&file.kind)))
    }
}

/// Whether a script is one that a deployment never runs.
pub(crate) fn is_for_development(script: &str) -> bool {
    script.split([':', '-', '_', '.']).any(|word| {
        matches!(
            word,
            "dev"
                | "develop"
                | "development"
                | "test"
                | "tests"
                | "e2e"
                | "lint"
                | "local"
                | "watch"
                | "storybook"
                | "debug"
        )
    })
}
