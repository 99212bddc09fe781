//! Images: who they run as, what they start, which env files they take along.
//! <https://docs.docker.com/reference/dockerfile/>

use super::docker_ignore::DockerIgnore;
use crate::eval::{Kind, Place, Value};
use crate::platforms::command::{Line, Step, scripts, steps};
use crate::platforms::uwsgi;
use crate::project::{FileKind, Project, folder_of, inside, lies_in, normalized};
use crate::reading::bench::Reading;
use crate::reading::env_contents::holds_real_secrets;
use crate::secrets::{looks_generated, provider};
use crate::syntax::data::dockerfile::{Arguments, Dockerfile, Instruction, Keyword, Stage, Word, read};
use crate::syntax::data::interpolation::Piece;
use crate::syntax::{FileId, Span};
use crate::text::Text;

/// Official images that run as root unless they are told otherwise.
const ROOT_IMAGES: &[&str] = &[
    "node",
    "python",
    "bun",
    "deno",
    "golang",
    "ruby",
    "php",
    "openjdk",
    "eclipse-temurin",
    "amazoncorretto",
    "maven",
    "gradle",
    "rust",
    "alpine",
    "debian",
    "ubuntu",
    "fedora",
    "rockylinux",
    "almalinux",
    "centos",
    "archlinux",
    "busybox",
    "buildpack-deps",
    "elixir",
    "erlang",
    "perl",
    "swift",
    "dart",
    "mono",
    "scratch",
    "sdk",
    "runtime",
    "aspnet",
    "runtime-deps",
    "uv",
    "debian-slim",
    "playwright",
    "cuda",
    "pytorch",
    "miniconda3",
    "micromamba",
];

/// Whether an image is one of a language or a system, whose own command runs nothing of an app. Those of PHP may serve.
pub(crate) fn is_of_a_language(image: &str) -> bool {
    image != "php" && ROOT_IMAGES.contains(&image)
}

/// Images whose own entry point starts as root and goes on as somebody else.
const DROPPING_IMAGES: &[&str] = &[
    "nginx",
    "httpd",
    "caddy",
    "traefik",
    "postgres",
    "redis",
    "valkey",
    "mysql",
    "mariadb",
    "mongo",
    "rabbitmq",
    "haproxy",
    "memcached",
];

/// Words of a Dockerfile that brings code in without copying it.
const BRINGING: &[&str] = &["--mount", "git clone", "curl ", "wget ", "git+"];

/// Lockfiles, which are there to be committed.
const LOCKS: &[&str] = &[
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lockb",
    "bun.lock",
    "poetry.lock",
    "uv.lock",
    "Pipfile.lock",
];

/// Programs by which an entry point goes on as somebody else.
const DROPPERS: &[&str] = &["gosu", "su-exec", "setpriv", "s6-setuidgid", "runuser", "chpst", "/init", "s6-overlay"];

/// Servers that have to start as root, for a port or a device, and go on as the user of their own configuration.
const DAEMONS: &[&str] = &[
    "nginx",
    "httpd",
    "apachectl",
    "apache2",
    "apache2ctl",
    "apache2-foreground",
    "php-fpm",
    "tor",
    "clamd",
    "dovecot",
    "postfix",
    "exim",
    "named",
    "unbound",
    "dnsmasq",
    "sshd",
    "rsyslogd",
];

/// What is known of one image that the project builds.
pub(crate) struct Image {
    /// Its Dockerfile.
    pub(crate) file: FileId,
    pub(super) dockerfile: Dockerfile,
    pub(super) stage: usize,
    /// The folder that the build sees.
    pub(super) context: String,
}

impl Image {
    /// The image that a Dockerfile makes of a folder: up to the stage that a build names, else the last.
    pub(crate) fn of(reading: &Reading<'_>, file: FileId, stage: Option<&Text>, context: &str) -> Option<Image> {
        let dockerfile = read(reading.documents.project.text(file).ok()?).ok()?;
        let named = stage.map(Text::as_name).and_then(|name| {
            let stage = dockerfile.stage(&name)?;
            dockerfile.stages.iter().position(|other| std::ptr::eq(other, stage))
        });
        let stage = named.or_else(|| dockerfile.stages.len().checked_sub(1))?;
        Some(Image { file, dockerfile, stage, context: context.to_owned() })
    }

    /// The stages of the file that the image is made of, the first one first.
    fn stages(&self) -> Vec<&Stage> {
        self.dockerfile.lineage(&self.dockerfile.stages[self.stage])
    }

    pub(super) fn instructions(&self) -> impl DoubleEndedIterator<Item = &Instruction> {
        let stages: Vec<&Stage> = self.stages();
        let all: Vec<&Instruction> =
            stages.into_iter().flat_map(|stage| &stage.instructions).filter(|own| !own.on_build).collect();
        all.into_iter()
    }

    fn place(&self, span: Span) -> Place {
        Place::File(self.file, span)
    }

    /// The name of the image it starts from, without registry, folder, tag and digest.
    fn base(&self) -> Option<(String, bool)> {
        let word = &self.stages().first()?.base;
        let mut name = None;
        self.resolved(word)?.test(|base| {
            let last = base.rsplit('/').next().unwrap_or(base);
            let unprivileged = base.contains("nonroot")
                || base.contains("unprivileged")
                || base.contains("rootless")
                || base.contains("chainguard");
            name = Some((last.split(['@', ':']).next().unwrap_or(last).to_owned(), unprivileged));
            true
        });
        name
    }

    /// A word with the arguments of the build in it, as far as they have defaults.
    fn resolved(&self, word: &Word) -> Option<Text> {
        self.resolved_in(&self.stages(), word)
    }

    pub(super) fn resolved_in(&self, stages: &[&Stage], word: &Word) -> Option<Text> {
        let instructions = stages.iter().flat_map(|stage| &stage.instructions).filter(|own| !own.on_build);
        let pairs = self.dockerfile.globals.iter().chain(instructions);
        let pairs: Vec<_> = pairs.filter(|own| matches!(own.keyword, Keyword::Arg | Keyword::Env)).collect();
        word.pieces.iter().try_fold(Text::new(""), |text, piece| match piece {
            Piece::Text(part) => Some(text.join(part)),
            Piece::Reference { name, .. } => {
                let mut set = pairs.iter().flat_map(|own| own.pairs()).filter(|pair| pair.name == *name);
                let value = set.rfind(|pair| pair.value.is_some())?.value.as_ref()?;
                value.pieces.iter().all(|piece| matches!(piece, Piece::Text(_))).then(|| text.join(&value.text))
            }
            Piece::Malformed => None,
        })
    }

    /// Who the image runs as; none where that cannot be told and is not worth asking.
    pub(crate) fn user(&self, reading: &Reading<'_>) -> Option<Value> {
        let user = self.instructions().rfind(|own| own.keyword == Keyword::User);
        if let Some(instruction) = user {
            let word = instruction.words().first()?;
            return Some(Value::written(Kind::Text(self.resolved(word)?), self.place(instruction.span)));
        }
        let (base, unprivileged) = self.base()?;
        let last = self.dockerfile.stages.get(self.stage)?;
        let known = ROOT_IMAGES.contains(&&*base) || base.starts_with("distroless") || base == "static";
        let asked = known && !unprivileged && self.takes_code(reading) && !self.lacks_lock(reading);
        asked.then(|| reading.stated(Kind::Absent, self.place(last.from.span)))
    }

    /// Whether anything of the project gets into the image; one that installs a tool and starts it is somebody else's.
    fn takes_code(&self, reading: &Reading<'_>) -> bool {
        let project = reading.documents.project;
        let mut all = self.dockerfile.stages.iter().flat_map(|stage| &stage.instructions);
        all.any(|own| matches!(own.keyword, Keyword::Copy | Keyword::Add))
            || project.mentions(self.file, BRINGING)
            // What the project publishes is installed like a tool of somebody else.
            || project.packages().iter().filter_map(|package| package.name.as_deref()).any(|name| project.mentions(self.file, &[name]))
    }

    /// Whether it copies a lockfile that is not in the tree, as what was left over of a template does: it cannot be built.
    fn lacks_lock(&self, reading: &Reading<'_>) -> bool {
        let project = reading.documents.project;
        let own = folder_of(&project.file(self.file).path);
        let is_there = |name: &str| {
            let folders = [self.context.as_str(), own, ""];
            folders
                .iter()
                .any(|folder| normalized(&inside(folder, name)).is_some_and(|path| project.find(&path).is_some()))
        };
        let all = self.dockerfile.stages.iter().flat_map(|stage| &stage.instructions);
        let copies = all.filter(|own| own.keyword == Keyword::Copy && own.flag("from").is_none());
        copies.flat_map(|copy| copy.words()).any(|word| {
            let name = word.text.as_name();
            let name = name.trim_start_matches("./").trim_start_matches('/');
            LOCKS.contains(&name.rsplit('/').next().unwrap_or(name)) && !is_there(name)
        })
    }

    /// Whether it starts as root and goes on as somebody else by itself.
    pub(crate) fn drops_privileges(&self, reading: &Reading<'_>) -> Value {
        let project = reading.documents.project;
        let base = self.base().is_some_and(|(base, _)| DROPPING_IMAGES.contains(&&*base));
        let says_so = |file: FileId| project.mentions(file, DROPPERS);
        let copied =
            self.instructions().filter(|own| matches!(own.keyword, Keyword::Copy | Keyword::Add)).any(|copy| {
                copy.words().iter().any(|word| {
                    let name = word.text.as_name();
                    let path = normalized(&inside(&self.context, &name));
                    let found = path.and_then(|path| project.find(&path));
                    let supervised = |file| name.contains("supervisor") && project.mentions(file, &["user=", "user ="]);
                    let is_script = |file: &FileId| project.file(*file).kind == FileKind::Other;
                    found.filter(is_script).is_some_and(|file| says_so(file) || supervised(file))
                })
            });
        let script = self.start().is_some_and(|line| {
            let steps = steps(reading, &line, &self.context);
            let switches = steps.iter().any(is_given_user)
                || steps.iter().any(|step| step.program() == "uwsgi")
                    && uwsgi::files(project, &self.context).into_iter().any(|file| uwsgi::drops_root(project, file));
            switches || scripts(reading, &line, &self.context).into_iter().any(says_so)
        });
        let place = self.dockerfile.stages.get(self.stage).map_or(Span::default(), |stage| stage.from.span);
        reading.stated(Kind::Bool(base || copied || script || says_so(self.file)), self.place(place))
    }

    /// The command that it starts: the entry point with the command behind it.
    pub(crate) fn start(&self) -> Option<Line> {
        let last = |keyword: Keyword| {
            let found = self.instructions().rfind(|own| own.keyword == keyword)?;
            Line::of_instruction(self.file, found)
        };
        match (last(Keyword::Entrypoint), last(Keyword::Cmd)) {
            (Some(entry), Some(command)) => Some(entry.with(&command)),
            (entry, command) => entry.or(command),
        }
    }

    /// The files that it has under another name than the tree: the path there, and the path here.
    pub(crate) fn renamed(&self, project: &Project) -> Vec<(String, String)> {
        let copies = self.instructions().filter(|own| matches!(own.keyword, Keyword::Copy | Keyword::Add));
        let copies = copies.filter(|own| own.flag("from").is_none());
        let renamed = copies.filter_map(|copy| {
            let words = copy.words();
            let [source, target] = words else { return None };
            let (source, target) = (source.text.as_name(), target.text.as_name());
            // A Dockerfile in a folder of its own is as a rule built of the whole repository.
            let source = source.trim_start_matches('/').to_owned();
            let paths = [self.context.as_str(), ""].map(|folder| normalized(&inside(folder, &source)));
            let path = paths.into_iter().flatten().find(|path| project.find(path).is_some())?;
            let name = |path: &str| path.rsplit('/').next().map(str::to_owned);
            (name(&source) != name(&target) && !target.ends_with('/')).then(|| (target.to_string(), path))
        });
        renamed.collect()
    }

    /// Its entry point alone, for a service that hands it another command.
    pub(crate) fn entry_point(&self) -> Option<Line> {
        let found = self.instructions().rfind(|own| own.keyword == Keyword::Entrypoint)?;
        Line::of_instruction(self.file, found)
    }

    /// Whether it says that others reach it at a port.
    pub(crate) fn is_reached(&self) -> bool {
        self.instructions().any(|own| own.keyword == Keyword::Expose)
    }

    /// Whether its Dockerfile names one of some programs.
    pub(crate) fn mentions(&self, reading: &Reading<'_>, programs: &'static [&'static str]) -> bool {
        reading.documents.project.mentions(self.file, programs)
    }

    /// Whether it says that something in it outlives the container.
    pub(crate) fn volume(&self) -> Option<Place> {
        let found = self.instructions().rfind(|own| own.keyword == Keyword::Volume)?;
        Some(self.place(found.span))
    }

    /// The env files that it takes along, and whether they hold real values.
    pub(crate) fn env_files(&self, reading: &Reading<'_>) -> Option<(Value, Value)> {
        let (files, span) = self.copied(reading, self.stage, 8)?;
        let project = reading.documents.project;
        let place = self.place(span);
        let items =
            files.iter().map(|file| Value::written(Kind::Text(Text::new(project.file(*file).path.clone())), place));
        let list = Value::written(Kind::List { items: items.collect(), open: None }, place);
        let real = files.iter().any(|file| holds_real_secrets(reading, *file));
        Some((list, reading.stated(Kind::Bool(real), place)))
    }

    /// The env files in a stage, and the instruction that brings them.
    fn copied(&self, reading: &Reading<'_>, stage: usize, depth: usize) -> Option<(Vec<FileId>, Span)> {
        let stages = self.dockerfile.lineage(self.dockerfile.stages.get(stage)?);
        let copies = stages.iter().flat_map(|stage| &stage.instructions);
        let copies = copies.filter(|own| matches!(own.keyword, Keyword::Copy | Keyword::Add) && !own.on_build);
        for copy in copies {
            let sources: Vec<String> = {
                let words = copy.words();
                words.iter().take(words.len().saturating_sub(1)).map(|word| word.text.as_name().to_string()).collect()
            };
            let from = copy.flag("from").and_then(|flag| flag.value.as_ref()).map(|word| word.text.as_name());
            let found = match from {
                None => self.of_context(reading, &sources),
                Some(name) => self.of_stage(reading, &name, &sources, stage, depth),
            };
            if !found.is_empty() {
                return Some((found, copy.span));
            }
        }
        None
    }

    /// The env files of the build's folder that some sources of a `COPY` stand for.
    fn of_context(&self, reading: &Reading<'_>, sources: &[String]) -> Vec<FileId> {
        let project = reading.documents.project;
        let ignore = DockerIgnore::of(reading, self.file, &self.context);
        let real = project.of_kinds(|kind| matches!(kind, FileKind::EnvFile { template: false, .. }));
        let files = real.into_iter().filter(|file| lies_in(folder_of(&project.file(*file).path), &self.context));
        let mut found: Vec<FileId> = files
            .filter(|file| {
                let path = &project.file(*file).path[self.context.len()..];
                let path = path.trim_start_matches('/');
                sources.iter().any(|source| takes(source, path)) && !ignore.covers(path)
            })
            .collect();
        // `.flaskenv` is for what anybody may see, by Flask's own words.
        found.retain(|file| project.file(*file).name() != ".flaskenv");
        found.retain(|file| project.text(*file).is_ok_and(|text| !text.trim().is_empty()));
        found
    }

    /// The env files of an earlier stage whose working folder is copied as a whole.
    fn of_stage(
        &self,
        reading: &Reading<'_>,
        name: &str,
        sources: &[String],
        below: usize,
        depth: usize,
    ) -> Vec<FileId> {
        let stage = self.dockerfile.stage(name);
        let Some(stage) = stage.filter(|_| depth > 0) else { return Vec::new() };
        let index = self.dockerfile.stages.iter().position(|other| std::ptr::eq(other, stage));
        let Some(index) = index.filter(|index| *index < below) else { return Vec::new() };
        let lineage = self.dockerfile.lineage(stage);
        let folder = lineage
            .iter()
            .flat_map(|stage| &stage.instructions)
            .filter(|own| own.keyword == Keyword::Workdir)
            .filter_map(|own| Some(own.words().first()?.text.as_name()))
            .next_back();
        let Some(folder) = folder else { return Vec::new() };
        let whole = sources.iter().any(|source| {
            let source = source.trim_end_matches('.').trim_end_matches('/');
            source == folder.trim_end_matches('/') || source.is_empty()
        });
        if !whole {
            return Vec::new();
        }
        self.copied(reading, index, depth - 1).map_or_else(Vec::new, |(files, _)| files)
    }

    /// The variables that lines of their own export: each is gone when its line is done. None where no line does.
    pub(crate) fn exports(&self) -> Option<Value> {
        let runs = self.instructions().filter(|own| own.keyword == Keyword::Run);
        let names: Vec<Value> = runs
            .filter_map(|own| {
                let Arguments::Shell(text, span) = &own.arguments else { return None };
                let name =
                    text.test(|text| text.starts_with("export ")).then(|| exported(&text.as_name())).flatten()?;
                Some(Value::written(Kind::Text(Text::new(&*name)), self.place(*span)))
            })
            .collect();
        let trail = names.first()?.trail.clone();
        Some(Value::new(Kind::List { items: names.into(), open: None }, &trail))
    }

    /// Arguments of the build that are secrets by their names, have no default, and stay in the image's history.
    pub(crate) fn secret_arguments(&self) -> Vec<(std::sync::Arc<str>, Place)> {
        let arguments = self.instructions().filter(|own| own.keyword == Keyword::Arg);
        let pairs = arguments.flat_map(Instruction::pairs).filter(|pair| pair.value.is_none());
        let secret = pairs.filter(|pair| crate::secrets::is_secret_name(&pair.name));
        secret.map(|pair| (pair.name.clone(), self.place(pair.name_span))).collect()
    }

    /// What stages that do not end up in the image set, and what arguments of the build are by default: the text of the
    /// file is in the repository all the same. What a build only needs something for is no secret of anybody.
    pub(crate) fn elsewhere(&self) -> Vec<(std::sync::Arc<str>, Text, Place)> {
        let own = self.stages();
        let others = self.dockerfile.stages.iter().filter(|stage| !own.iter().any(|mine| std::ptr::eq(*mine, *stage)));
        let set = others.flat_map(|stage| &stage.instructions);
        let set = set.filter(|own| matches!(own.keyword, Keyword::Env | Keyword::Arg));
        let arguments = self.instructions().filter(|own| own.keyword == Keyword::Arg);
        let is_real = |text: &Text| provider(text).is_some() || looks_generated(text);
        let set =
            set.flat_map(Instruction::pairs).filter(|pair| pair.value.as_ref().is_some_and(|own| is_real(&own.text)));
        set.chain(arguments.flat_map(Instruction::pairs))
            .filter_map(|pair| {
                let value = pair.value.as_ref()?;
                let plain = value.pieces.iter().all(|piece| matches!(piece, Piece::Text(_)));
                plain.then(|| (pair.name.clone(), value.text.clone(), self.place(value.span)))
            })
            .collect()
    }
}

/// Whether a server is told whom to go on as.
fn is_given_user(step: &Step) -> bool {
    match step.program() {
        "gunicorn" => step.has("--user") || step.has("-u"),
        "uwsgi" => step.has("--uid") || step.has("uid"),
        program => DAEMONS.contains(&program),
    }
}

/// Whether a source of a `COPY` takes a file along: the file itself, a pattern of it, a folder around it.
pub(super) fn takes(source: &str, path: &str) -> bool {
    let source = source.trim_start_matches("./").trim_end_matches('/');
    if source.is_empty() || source == "." || source == "*" {
        return true;
    }
    if let Some((start, end)) = source.split_once('*') {
        let name = path.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
        return name.is_some_and(|name| !name.contains('/'));
    }
    path == source || lies_in(path, source)
}

/// The first variable of a line that does nothing but export some.
fn exported(line: &str) -> Option<String> {
    let mut commands = line.split(['&', ';', '\n']).map(str::trim).filter(|command| !command.is_empty());
    let first = commands.clone().next()?.strip_prefix("export ")?.trim_start();
    let (name, _) = first.split_once('=')?;
    commands.all(|command| command.starts_with("export ")).then(|| name.to_owned())
}
