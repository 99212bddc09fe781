//! The loaders of env files, as data: which files in which order, and how each one reads them.

use crate::syntax::data::Dialect;

/// Who puts the lines of env files into the app's environment, and how.
#[derive(Debug)]
pub struct Loader {
    /// Its name, by which tests tell it from others.
    #[cfg_attr(not(test), expect(dead_code, reason = "a scan tells loaders apart by what they do"))]
    pub name: &'static str,
    /// The files it reads, from the weakest to the strongest; `{mode}` stands for the environment's name.
    pub files: &'static [&'static str],
    /// How it reads them.
    pub dialect: Dialect,
    /// A variable with an empty text counts as one that is not set.
    pub empty_is_unset: bool,
    /// Where it looks.
    pub folder: Folder,
    /// The tool around it sets `NODE_ENV` itself, so that no env file has a say in it.
    pub fixes_node_env: bool,
    /// The values are built into what is deployed, so that they hold on every platform.
    pub builds_in: bool,
    /// It is known that the app uses it. Where it is not, its files are read at most perhaps.
    pub certain: bool,
    /// Servers that start the app without it.
    pub left_out_by: &'static [&'static str],
    /// The files in the folder are the deployment's own unless git ignores them, and one that is named for the
    /// environment is all that the host sets: the framework's own check takes the folder as it lies there.
    pub takes_folder_as_it_is: bool,
}

/// Where a loader looks for its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folder {
    /// In the app's folder.
    App,
    /// Where the process starts: the app's folder, or the nearest one above that has one of the files.
    WorkingDirectory,
}

/// What most loaders have in common.
pub const PLAIN: Loader = Loader {
    name: "dotenv",
    files: &[".env"],
    dialect: Dialect::Node,
    empty_is_unset: false,
    folder: Folder::WorkingDirectory,
    fixes_node_env: false,
    builds_in: false,
    certain: true,
    left_out_by: &[],
    takes_folder_as_it_is: false,
};

/// What a bundler of web apps does: it reads the files of the app's own folder as it builds for production.
const BUILDING: Loader =
    Loader { dialect: Dialect::NodeExpand, folder: Folder::App, fixes_node_env: true, builds_in: true, ..PLAIN };

/// Next.js. `next build` and `next start` are `NODE_ENV=production` and read nothing of another mode.
/// <https://nextjs.org/docs/app/guides/environment-variables#environment-variable-load-order>
pub static NEXT: Loader =
    Loader { name: "Next.js", files: &[".env", ".env.production", ".env.local", ".env.production.local"], ..BUILDING };

/// Vite and what is built on it. The file of the mode is stronger than `.env.local`, unlike in Next.js.
/// <https://vite.dev/guide/env-and-mode#env-files>
pub static VITE: Loader =
    Loader { name: "Vite", files: &[".env", ".env.local", ".env.{mode}", ".env.{mode}.local"], ..BUILDING };

/// Create React App, with the order of Next.js.
/// <https://create-react-app.dev/docs/adding-custom-environment-variables/#what-other-env-files-can-be-used>
pub static REACT_SCRIPTS: Loader = Loader {
    name: "Create React App",
    files: &[".env", ".env.production", ".env.local", ".env.production.local"],
    ..BUILDING
};

/// The Bun runtime. <https://bun.com/docs/runtime/environment-variables>
pub static BUN: Loader =
    Loader { name: "Bun", files: &[".env", ".env.production", ".env.local"], dialect: Dialect::NodeExpand, ..PLAIN };

/// The `dotenv` package and frameworks that call it without a path. <https://github.com/motdotla/dotenv#options>
pub static NODE_DOTENV: Loader = Loader { ..PLAIN };

/// FrontMCP's `ConfigPlugin`, which fills `process.env` from two files. `libs/sdk/src/builtin/config/config.plugin.ts`
pub(super) static FRONTMCP_CONFIG: Loader =
    Loader { name: "FrontMCP's ConfigPlugin", files: &[".env", ".env.local"], ..PLAIN };

/// `dotenv-flow`, and `c12`, `@dotenvx/dotenvx` with its convention.
/// <https://github.com/kerimdzhanov/dotenv-flow#files-under-version-control>
pub static DOTENV_FLOW: Loader =
    Loader { name: "dotenv-flow", files: &[".env", ".env.local", ".env.{mode}", ".env.{mode}.local"], ..PLAIN };

/// Node's `--env-file`, which reads the files that the command names and no other.
/// <https://nodejs.org/api/cli.html#--env-fileconfig>
pub static NODE_ENV_FILE: Loader =
    Loader { name: "node --env-file", files: &[], dialect: Dialect::NodeParseEnv, ..PLAIN };

/// `python-dotenv`: `load_dotenv()` looks from the calling file upward.
/// <https://saurabh-kumar.com/python-dotenv/reference/>
pub static PYTHON_DOTENV: Loader = Loader { name: "python-dotenv", dialect: Dialect::Python, ..PLAIN };

/// Aksara, which loads the nearest `.env` when it is imported, as its `doctor` does before it checks.
/// <https://pypi.org/project/aksara-framework/>
pub static AKSARA: Loader = Loader { name: "Aksara", dialect: Dialect::Python, takes_folder_as_it_is: true, ..PLAIN };

/// Flask, which reads `.flaskenv` and `.env` when `python-dotenv` is installed.
/// <https://flask.palletsprojects.com/en/stable/cli/#environment-variables-from-dotenv>
pub static FLASK: Loader = Loader {
    name: "Flask",
    files: &[".flaskenv", ".env"],
    dialect: Dialect::Python,
    // Its own command line reads them, and nothing else does.
    left_out_by: &["gunicorn", "uvicorn", "hypercorn", "granian", "daphne"],
    ..PLAIN
};

/// `pydantic-settings` with an `env_file`. <https://docs.pydantic.dev/latest/concepts/pydantic_settings/#dotenv-env-support>
pub static PYDANTIC_SETTINGS: Loader = Loader { name: "pydantic-settings", dialect: Dialect::Python, ..PLAIN };

/// FastMCP, whose settings read `.env` in the folder where the server starts.
/// <https://gofastmcp.com/more/settings>
pub static FASTMCP: Loader = Loader { name: "FastMCP", dialect: Dialect::Python, ..PLAIN };

/// Nothing that was recognised: something around the app (a shell, a process manager) reads a plain `.env` perhaps.
pub static UNKNOWN_NODE: Loader = Loader { name: "an unknown loader", certain: false, ..PLAIN };

/// The same for Python.
pub static UNKNOWN_PYTHON: Loader =
    Loader { name: "an unknown loader", dialect: Dialect::Python, certain: false, ..PLAIN };

impl Loader {
    /// The names of its files in an environment, from the weakest to the strongest.
    pub fn names(&self, environment: &str) -> Vec<String> {
        self.files.iter().map(|file| file.replace("{mode}", environment)).collect()
    }
}
