//! What a file is, judged by its name and place alone.

use super::files_of::{FilesOf, Known, is_variant};
use std::sync::Arc;

/// What a file's name promises.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// Code.
    Source(SourceKind),
    /// Names what a package needs.
    Manifest(Manifest),
    /// Names what a package manager chose.
    Lockfile(Lockfile),
    /// Variables for a process: `.env` and its relatives.
    EnvFile {
        /// The environment in its name: `production` in `.env.production` and in `production.env`.
        environment: Option<Arc<str>>,
        /// For one developer's machine: `.env.local`, `.dev.vars`.
        local: bool,
        /// Declares names for others to fill in: `.env.example`, `sample.env`.
        template: bool,
    },
    /// A file of a platform, of a proxy or of pipelines, as whoever knows them has handed over.
    Platform(&'static FilesOf),
    /// Any other YAML; a Kubernetes manifest is one, which only its text can tell.
    Yaml,
    /// Any other JSON, with or without comments.
    Json,
    /// Any other TOML.
    Toml,
    /// `.tf` of Terraform and OpenTofu.
    Terraform,
    /// `tsconfig.json` and its relatives.
    TsConfig,
    /// `.gitignore`, `.dockerignore`.
    IgnoreFile,
    /// Everything else.
    Other,
}

/// The languages of source files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceKind {
    /// `.ts`, `.mts`, `.cts`.
    TypeScript,
    /// `.tsx`.
    Tsx,
    /// `.js`, `.mjs`, `.cjs`, `.jsx`; JSX is read in all of them.
    JavaScript,
    /// `.d.ts` and its relatives: types without values.
    Declarations,
    /// `.py`.
    Python,
}

/// The formats of manifests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Manifest {
    /// `package.json`.
    PackageJson,
    /// `deno.json`, `deno.jsonc`.
    DenoJson,
    /// `pyproject.toml`.
    Pyproject,
    /// `setup.cfg`.
    SetupCfg,
    /// `setup.py`.
    SetupPy,
    /// `Pipfile`.
    Pipfile,
    /// `requirements.txt` and its relatives.
    Requirements,
}

/// The formats of lockfiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lockfile {
    /// `package-lock.json`, `npm-shrinkwrap.json`.
    Npm,
    /// `pnpm-lock.yaml`.
    Pnpm,
    /// `yarn.lock`, of either generation.
    Yarn,
    /// `bun.lock`.
    Bun,
    /// `bun.lockb`, which only Bun can read.
    BunBinary,
    /// `poetry.lock`.
    Poetry,
    /// `uv.lock`.
    Uv,
    /// `Pipfile.lock`.
    Pipfile,
}

impl FileKind {
    /// The kind of the file at a path relative to the root, where others know some files too.
    pub fn of(path: &str, known: Known) -> FileKind {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let own = exact(name).or_else(|| patterned(folder, name));
        let known = || known.whose(folder, name).map(FileKind::Platform);
        own.or_else(known).unwrap_or_else(|| by_extension(name))
    }

    /// Whether it is code in JavaScript or TypeScript, declarations apart.
    pub fn is_script(&self) -> bool {
        matches!(self, FileKind::Source(SourceKind::TypeScript | SourceKind::Tsx | SourceKind::JavaScript))
    }

    /// Whether it is Python code.
    pub fn is_python(&self) -> bool {
        matches!(self, FileKind::Source(SourceKind::Python) | FileKind::Manifest(Manifest::SetupPy))
    }
}

fn exact(name: &str) -> Option<FileKind> {
    use FileKind as K;
    Some(match name {
        "package.json" => K::Manifest(Manifest::PackageJson),
        "deno.json" | "deno.jsonc" => K::Manifest(Manifest::DenoJson),
        "pyproject.toml" => K::Manifest(Manifest::Pyproject),
        "setup.cfg" => K::Manifest(Manifest::SetupCfg),
        "setup.py" => K::Manifest(Manifest::SetupPy),
        "Pipfile" => K::Manifest(Manifest::Pipfile),
        "package-lock.json" | "npm-shrinkwrap.json" => K::Lockfile(Lockfile::Npm),
        "pnpm-lock.yaml" => K::Lockfile(Lockfile::Pnpm),
        "yarn.lock" => K::Lockfile(Lockfile::Yarn),
        "bun.lock" => K::Lockfile(Lockfile::Bun),
        "bun.lockb" => K::Lockfile(Lockfile::BunBinary),
        "poetry.lock" => K::Lockfile(Lockfile::Poetry),
        "uv.lock" => K::Lockfile(Lockfile::Uv),
        "Pipfile.lock" => K::Lockfile(Lockfile::Pipfile),
        ".gitignore" | ".dockerignore" => K::IgnoreFile,
        _ => return None,
    })
}

fn patterned(folder: &str, name: &str) -> Option<FileKind> {
    use FileKind as K;
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    if name.ends_with(".dockerignore") {
        return Some(K::IgnoreFile);
    }
    if let Some(kind) = super::envfile::recognise(name) {
        return Some(kind);
    }
    if (is_variant(stem, "tsconfig") || stem == "jsconfig") && extension == "json" {
        return Some(K::TsConfig);
    }
    is_requirements(folder, name).then_some(K::Manifest(Manifest::Requirements))
}

fn is_requirements(folder: &str, name: &str) -> bool {
    let Some(stem) = name.strip_suffix(".txt").or_else(|| name.strip_suffix(".in")) else {
        return false;
    };
    is_variant(stem, "requirements")
        || stem.ends_with("-requirements")
        || stem.ends_with("_requirements")
        || folder == "requirements"
        || folder.ends_with("/requirements")
}

fn by_extension(name: &str) -> FileKind {
    let Some((stem, extension)) = name.rsplit_once('.') else { return FileKind::Other };
    match extension {
        "ts" | "mts" | "cts" if stem.ends_with(".d") => FileKind::Source(SourceKind::Declarations),
        "ts" | "mts" | "cts" => FileKind::Source(SourceKind::TypeScript),
        "tsx" => FileKind::Source(SourceKind::Tsx),
        "js" | "mjs" | "cjs" | "jsx" => FileKind::Source(SourceKind::JavaScript),
        "py" => FileKind::Source(SourceKind::Python),
        "yaml" | "yml" => FileKind::Yaml,
        "json" | "jsonc" | "json5" => FileKind::Json,
        "toml" => FileKind::Toml,
        "tf" | "tofu" => FileKind::Terraform,
        _ => FileKind::Other,
    }
}
