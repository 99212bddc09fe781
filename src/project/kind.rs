//! What a file is, judged by its name and place alone.

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
    /// `compose.yaml` and its overrides.
    Compose,
    /// A Dockerfile or Containerfile.
    Dockerfile,
    /// Cloudflare's `wrangler.toml`, `.json` or `.jsonc`.
    Wrangler,
    /// `vercel.json`.
    Vercel,
    /// `netlify.toml`.
    Netlify,
    /// `fly.toml`.
    Fly,
    /// `render.yaml`.
    Render,
    /// Heroku's `Procfile`.
    Procfile,
    /// `railway.toml`, `railway.json`.
    Railway,
    /// A `Caddyfile`.
    Caddy,
    /// nginx configuration, templates of it included.
    Nginx,
    /// A pipeline of GitHub or GitLab.
    Workflow,
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
    /// The kind of the file at a path relative to the root.
    pub fn of(path: &str) -> FileKind {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        exact(name).or_else(|| patterned(folder, name)).unwrap_or_else(|| by_extension(name))
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
        "Dockerfile" | "dockerfile" | "Containerfile" => K::Dockerfile,
        "vercel.json" => K::Vercel,
        "netlify.toml" => K::Netlify,
        "render.yaml" | "render.yml" => K::Render,
        "Procfile" => K::Procfile,
        "railway.toml" | "railway.json" => K::Railway,
        "Caddyfile" => K::Caddy,
        ".gitlab-ci.yml" | ".gitlab-ci.yaml" => K::Workflow,
        ".gitignore" | ".dockerignore" => K::IgnoreFile,
        _ => return None,
    })
}

fn patterned(folder: &str, name: &str) -> Option<FileKind> {
    use FileKind as K;
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let yaml = matches!(extension, "yml" | "yaml");
    if name.ends_with(".dockerignore") {
        return Some(K::IgnoreFile);
    }
    if let Some(kind) = super::envfile::recognise(name) {
        return Some(kind);
    }
    if yaml && ["compose", "docker-compose"].iter().any(|base| is_variant(stem, base)) {
        return Some(K::Compose);
    }
    if yaml && (folder == ".github/workflows" || folder.ends_with("/.github/workflows") || stem.ends_with(".gitlab-ci"))
    {
        return Some(K::Workflow);
    }
    if is_dockerfile(name, stem, extension) {
        return Some(K::Dockerfile);
    }
    if is_variant(stem, "wrangler") && matches!(extension, "toml" | "json" | "jsonc") {
        return Some(K::Wrangler);
    }
    if is_variant(stem, "fly") && extension == "toml" {
        return Some(K::Fly);
    }
    if name.starts_with("Procfile.") {
        return Some(K::Procfile);
    }
    if name.starts_with("Caddyfile.") || extension == "Caddyfile" || extension == "caddy" {
        return Some(K::Caddy);
    }
    if (is_variant(stem, "tsconfig") || stem == "jsconfig") && extension == "json" {
        return Some(K::TsConfig);
    }
    if is_requirements(folder, name) {
        return Some(K::Manifest(Manifest::Requirements));
    }
    is_nginx(folder, name).then_some(K::Nginx)
}

/// `base`, or `base` with a qualifier: `docker-compose.prod`, `compose-dev`, `tsconfig.build`.
fn is_variant(stem: &str, base: &str) -> bool {
    stem.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']))
}

fn is_dockerfile(name: &str, stem: &str, extension: &str) -> bool {
    if matches!(extension, "Dockerfile" | "dockerfile" | "Containerfile" | "containerfile") {
        return true;
    }
    // Notes, scripts and templates about a Dockerfile are not one.
    if name.contains("__")
        || matches!(
            extension,
            "md" | "txt" | "py" | "ts" | "js" | "sh" | "json" | "yml" | "yaml" | "j2" | "tmpl" | "erb"
        )
    {
        return false;
    }
    let base = if extension.is_empty() { name } else { stem };
    ["Dockerfile", "dockerfile", "Containerfile"].iter().any(|known| is_variant(base, known))
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

fn is_nginx(folder: &str, name: &str) -> bool {
    // The official image renders `templates/*.conf.template` with the environment.
    let name = name.strip_suffix(".template").unwrap_or(name);
    if name.ends_with(".nginx") {
        return true;
    }
    let parent = folder.rsplit('/').next().unwrap_or(folder);
    if matches!(parent, "sites-available" | "sites-enabled") {
        return !name.starts_with('.');
    }
    let Some(stem) = name.strip_suffix(".conf") else { return false };
    stem.split(['.', '-', '_']).any(|word| word == "nginx")
        || parent == "conf.d"
        || folder.split('/').any(|part| part == "nginx")
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
