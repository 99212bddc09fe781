//! Where FrontMCP servers and apps are written: decorated classes, calls that start a server, files that configure both.

use crate::documents::Documents;
use crate::eval::{ClassValue, Evaluator, How, Kind, Place, Step, Use, Value, Way};
use crate::needles::Needles;
use crate::project::aside::is_test;
use crate::project::{File, FileKind, PackageId, Project, Version, upward};
use crate::reading::bench::Reading;
use crate::reading::found::scripts_using;
use crate::reading::found::{Found, Framework};
use crate::syntax::FileId;
use crate::syntax::code::{ExprKind, Imported, Module, Statement, visit};
use hashbrown::HashSet;
use rayon::prelude::*;
use std::cell::Cell;
use std::sync::{Arc, LazyLock};

/// Files that configure a deployment, in the order in which the CLI looks for them.
pub(super) const CONFIG_NAMES: &[&str] =
    &["frontmcp.config.ts", "frontmcp.config.js", "frontmcp.config.json", "frontmcp.config.mjs", "frontmcp.config.cjs"];

/// Functions that take a server's options and listen on a network.
const LISTENERS: &[&str] =
    &["bootstrap", "createHandler", "createFetchHandler", "createForGraph", "createEdgeMcp", "createNodeHandler"];

/// Functions that take a server's options and serve a process, a socket file or tests.
const IN_PROCESS: &[&str] = &["createForCli", "createDirect", "runStdio", "runUnixSocket", "create", "connect"];

/// Whether a module is the framework's: its SDK, its plugins and adapters, its edge host.
pub(super) fn is_ours(module: &str) -> bool {
    module == "frontmcp" || module.starts_with("frontmcp/") || module.starts_with("@frontmcp/")
}

/// Each folder with a manifest in which a server is written.
pub(super) fn recognise(framework: &'static Framework, documents: &Documents<'_>) -> Vec<Found> {
    let project = documents.project;
    let homes = Homes::within(project, "");
    let may_start = |file: &FileId| {
        let path = &project.file(*file).path;
        project.selected(path) && {
            let (root, package) = homes.of(*file);
            !is_own(project, root, package) && !is_test(&path[root.len()..])
        }
    };
    let scripts: Vec<FileId> = scripts_using(project, is_ours).into_iter().filter(may_start).collect();
    let may_hold_server = |file: &FileId| project.text(*file).map_or(true, |text| may_start_server(text));
    let mentioning: Vec<FileId> =
        project.mentioning(&scripts, &["frontmcp"]).into_par_iter().filter(may_hold_server).collect();
    documents.parse_ahead(&mentioning);
    let mut apps: Vec<Found> = Vec::new();
    for file in mentioning {
        let (root, package) = homes.of(file);
        // Of a module that cannot be read, the text has to do.
        let starts = documents.module_of(file).map_or_else(|| seems_to_start(project, file), |m| starts_server(&m));
        if !starts {
            continue;
        }
        if let Some(app) = apps.iter_mut().find(|app| &*app.root == root) {
            app.entry = app.entry.min(Some(file)).filter(|_| !is_main(project, app.entry)).or(app.entry);
            if is_main(project, Some(file)) {
                app.entry = Some(file);
            }
            continue;
        }
        let version = version(documents, framework, package, file);
        let root: Arc<str> = root.into();
        apps.push(Found { id: root.clone(), framework: Some(framework), root, package, entry: Some(file), version });
    }
    apps
}

/// Whether an entry is named as the one that starts the app.
fn is_main(project: &Project, entry: Option<FileId>) -> bool {
    entry.is_some_and(|file| {
        let name = project.file(file).name();
        ["main.", "index.", "server."]
            .iter()
            .any(|stem| name.strip_prefix(stem).is_some_and(|rest| !rest.contains('.')))
    })
}

/// The folders that apps can lie in.
struct Homes<'p> {
    project: &'p Project,
    /// Those with a configuration file, or the manifest of a workspace's project.
    marked: HashSet<&'p str>,
    /// The folder that was asked for last, with the nearest marked one: files of one folder stand side by side.
    last: Cell<Option<(&'p str, Option<&'p str>)>>,
}

impl<'p> Homes<'p> {
    fn within(project: &'p Project, folder: &str) -> Homes<'p> {
        let files = project.within(folder).map(|id| project.file(id));
        let marked = files.filter(|file| file.name() == "project.json" || CONFIG_NAMES.contains(&file.name()));
        Homes { project, marked: marked.map(File::folder).collect(), last: Cell::default() }
    }

    /// The folder that a file's app lies in: the nearest that is marked or has a package's manifest.
    fn of(&self, file: FileId) -> (&'p str, Option<PackageId>) {
        let folder = self.project.file(file).folder();
        let package = self.project.nearest_package(file);
        let above = package.map_or("", |package| &self.project.package(package).dir);
        let marked = self.nearest_marked(folder).filter(|marked| marked.len() >= above.len());
        (marked.unwrap_or(above), package)
    }

    fn nearest_marked(&self, folder: &'p str) -> Option<&'p str> {
        if let Some((last, marked)) = self.last.get()
            && last == folder
        {
            return marked;
        }
        let marked = upward(folder).find(|folder| self.marked.contains(folder));
        self.last.set(Some((folder, marked)));
        marked
    }
}

/// A name in a folder.
pub(super) fn at(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The framework's own packages hold servers for their tests alone; apps beside them in its repository are apps.
fn is_own(project: &Project, root: &str, package: Option<PackageId>) -> bool {
    let package = package.map(|package| project.package(package));
    package.is_some_and(|package| *package.dir == *root && package.name.as_deref().is_some_and(is_ours))
}

/// The SDK's version: of the lockfile, of the range, or of the package in this tree that the import means.
fn version(
    documents: &Documents<'_>,
    framework: &'static Framework,
    package: Option<PackageId>,
    file: FileId,
) -> Option<Version> {
    let project = documents.project;
    // In a workspace the import means a package of the tree, whatever a lockfile holds for others.
    let in_tree = framework.packages.first().and_then(|name| project.resolve(file, name).file()).and_then(|source| {
        let package = project.package(project.nearest_package(source)?);
        Version::parse(package.version.as_deref()?)
    });
    in_tree.or_else(|| {
        let package = package?;
        framework.packages.iter().find_map(|name| project.resolved_version(package, name).version().cloned())
    })
}

/// What a server is written with.
fn is_of_server(name: &str) -> bool {
    matches!(name, "FrontMcp" | "FrontMcpInstance") || LISTENERS.contains(&name) || IN_PROCESS.contains(&name)
}

/// Whether [`starts_server`] may be true of a module with this text: it holds one of the names, or imports more of the
/// framework than names. Most modules that mention the framework do not, and need no parser.
fn may_start_server(text: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let mut found = false;
    SERVER_WORDS.each_in(text.as_bytes(), |at| {
        let word = text[at..].split(|c| !is_word(c)).next().unwrap_or_default();
        found |= is_of_server(word) && !text[..at].ends_with(is_word);
    });
    found || text.match_indices("frontmcp").any(|(at, _)| imports_all(text[..at].trim_end_matches('@')))
}

/// How the names begin that a server is written with.
static SERVER_WORDS: LazyLock<Needles<'static>> =
    LazyLock::new(|| Needles::new(&["FrontMcp", "bootstrap", "connect", "create", "runStdio", "runUnixSocket"]));

/// Whether what stands before the name of a module is an import of more than names in braces.
fn imports_all(before: &str) -> bool {
    let Some(head) = before.strip_suffix(['\'', '"']).and_then(|head| head.trim_end().strip_suffix("from")) else {
        return false;
    };
    let names = head.trim_end().strip_suffix('}').and_then(|head| head.rsplit_once('{'));
    names.is_none_or(|(before, _)| !["import", "type", "export"].iter().any(|word| before.trim_end().ends_with(word)))
}

/// Whether a module holds `@FrontMcp` or a call that takes a server's options.
fn starts_server(module: &Module) -> bool {
    let imports = module.body.iter().any(|statement| match statement {
        Statement::Import(import) if is_ours(&import.module) && !import.type_only => {
            import.names.iter().any(|name| match &name.what {
                Imported::Named(what) => is_of_server(what),
                Imported::Default | Imported::Module => true,
                Imported::Everything => false,
            })
        }
        _ => false,
    });
    let mut loads = false;
    let mut names_one = false;
    visit(&module.body, &mut |expr, _| match &expr.kind {
        ExprKind::ImportCall(name) if is_ours(name) => loads = true,
        ExprKind::Name(name) | ExprKind::Member { property: name, .. } => names_one |= is_of_server(name),
        _ => {}
    });
    if imports {
        return true;
    }
    loads && names_one
}

/// Whether a module that cannot be read holds a server, as far as its text says.
fn seems_to_start(project: &Project, file: FileId) -> bool {
    project.mentions(file, &["@FrontMcp(", "FrontMcpInstance."])
}

/// One server: its options and how it is reached.
pub(super) struct Server {
    /// Its name in reports; stable when lines move.
    pub(super) label: Arc<str>,
    /// Its options.
    pub(super) options: Value,
    /// Whether it listens on a network.
    pub(super) listens: Value,
    /// Whether it runs on a host without a socket of its own: a Worker, a fetch handler.
    pub(super) worker: bool,
    /// Whether they are those of `@FrontMcp` alone: what starts a server otherwise takes more.
    pub(super) decorated: bool,
}

/// Every server of an app, in the order of files and of text.
pub(super) fn servers(reading: &mut Reading<'_>) -> Vec<Server> {
    let sources = sources(reading);
    let documents = reading.documents;
    let starts = |file: &FileId| {
        documents.project.text(*file).is_ok_and(|text| may_start_server(text))
            && documents.module_of(*file).is_some_and(|module| starts_server(&module))
    };
    let starting: Vec<FileId> = sources.into_iter().filter(starts).collect();
    let uses = reading.evaluator.uses(&starting, &[], &is_ours);
    let calls = uses.into_iter().filter(|found| matches!(found.way, Way::Called));
    let starters: Vec<Use> = calls.filter(|found| start_of(found).is_some() && !is_of_class(found)).collect();
    let taken: Vec<Value> = starters
        .iter()
        .filter(|found| start_of(found) != Some(Start::Decorator))
        .map(|found| found.argument(0))
        .collect();
    let lone = starters.len() == 1;
    let mut servers: Vec<Server> = Vec::new();
    for found in &starters {
        let start = start_of(found);
        let options = found.argument(0);
        if let Kind::Class(_) = options.kind {
            continue;
        }
        let handed_on = found.class().is_some_and(|class| {
            taken.iter().any(|value| matches!(&value.kind, Kind::Class(other) if other.class.span == class.class.span))
        });
        let label = label(reading, found.file, found, lone, &servers);
        let listens = listens(&options, start, handed_on);
        let worker = matches!(found.export.rsplit('.').next(), Some("createFetchHandler" | "createEdgeMcp"));
        let decorated = start == Some(Start::Decorator);
        servers.push(Server { label, options, listens, worker, decorated });
    }
    servers
}

/// How a server is started.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    Decorator,
    Listener,
    InProcess,
}

fn start_of(found: &Use) -> Option<Start> {
    let name = found.export.rsplit('.').next().unwrap_or(&found.export);
    // Where no class has it, a function hands it on to one, or it is called by hand: the options are those all the same.
    if name == "FrontMcp" {
        return Some(Start::Decorator);
    }
    // `App.create`, `Plugin.create` and their like are no servers.
    let holder = found.export.rsplit_once('.').map(|(holder, _)| holder);
    let is_start = holder.is_none_or(|holder| matches!(holder, "FrontMcpInstance" | "default"));
    match name {
        _ if !is_start => None,
        _ if LISTENERS.contains(&name) => Some(Start::Listener),
        _ if IN_PROCESS.contains(&name) || name.starts_with("connect") => Some(Start::InProcess),
        _ => None,
    }
}

/// `runStdio(Server)`: the class is found by its own decorator.
fn is_of_class(found: &Use) -> bool {
    let argument = found.call.as_call().and_then(|call| call.arguments.first());
    found.class().is_none()
        && start_of(found) == Some(Start::InProcess)
        && argument.is_none_or(|argument| !matches!(argument.kind, Kind::Object { .. } | Kind::Choice(..)))
}

fn label(reading: &Reading<'_>, file: FileId, found: &Use, lone: bool, before: &[Server]) -> Arc<str> {
    if lone {
        return "server".into();
    }
    let path = reading.documents.project.file(file).path.clone();
    let inside = path.strip_prefix(&*reading.found.root).unwrap_or(&path).trim_start_matches('/');
    let taken = |name: &str| before.iter().any(|server| &*server.label == name);
    let class = found.class().and_then(|class| class.class.name.clone());
    let mut label = inside.to_owned();
    if taken(&label)
        && let Some(class) = class
    {
        label = format!("{inside}: {class}");
    }
    let mut count = 2;
    while taken(&label) {
        label = format!("{inside} #{count}");
        count += 1;
    }
    label.into()
}

/// Whether anything listens: not for a server that is only declared, or that serves a process or a socket file.
fn listens(options: &Value, start: Option<Start>, handed_on: bool) -> Value {
    let stated =
        |value: bool, at: &Value| Value::new(Kind::Bool(value), &Step::after(place_of(at), How::Derived, &at.trail));
    if start == Some(Start::InProcess) {
        return stated(false, options);
    }
    // A socket file instead of a port, whatever its path.
    let socket = options.path("http.socketPath");
    if !matches!(socket.kind, Kind::Absent | Kind::Null) {
        return socket.each(&mut |socket| match &socket.kind {
            Kind::Absent | Kind::Null => stated(true, options),
            _ => stated(false, socket),
        });
    }
    // A port that the system picks is one that only a test asks for.
    let port = options.path("http.port");
    if port.as_number() == Some(0.0) {
        return stated(false, &port);
    }
    if start == Some(Start::Listener) || handed_on {
        return stated(true, options);
    }
    options.field("serve").or_default(&|_| stated(true, options))
}

fn place_of(value: &Value) -> Place {
    value.trail.primary().map_or(value.trail.place, |(file, span)| Place::File(file, span))
}

/// The source files with servers, as far as their text says, that cannot be read.
pub(super) fn unread(reading: &Reading<'_>) -> Vec<FileId> {
    let hides = |file: &FileId| {
        seems_to_start(reading.documents.project, *file) && reading.documents.module_of(*file).is_none()
    };
    sources(reading).into_iter().filter(hides).collect()
}

/// The source files of an app that speak of the framework: those whose nearest home is its folder, tests left out.
fn sources(reading: &Reading<'_>) -> Vec<FileId> {
    let project = reading.documents.project;
    let root = &reading.found.root;
    let homes = Homes::within(project, root);
    let is_source = |file: &File| {
        file.kind.is_script() && !matches!(file.kind, FileKind::Source(crate::project::SourceKind::Declarations))
    };
    let own: Vec<FileId> = project
        .within(root)
        .filter(|id| {
            let file = project.file(*id);
            is_source(file) && !is_test(&file.path[root.len()..]) && homes.of(*id).0 == &**root
        })
        .collect();
    project.mentioning(&own, &["frontmcp"])
}

/// The options that a decorator of the framework gives a class: `@App({…})`, `@Agent({…})`.
pub(super) fn decorated(evaluator: &Evaluator<'_>, class: &ClassValue, name: &str) -> Option<Value> {
    evaluator.decorators(class).into_iter().find_map(|decorator| {
        let call = decorator.as_call()?;
        let (module, path) = call.external()?;
        (is_ours(module) && path.rsplit('.').next() == Some(name)).then(|| call.argument(0, &decorator.trail))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_what_servers_are_written_with_needs_no_parser() {
        for (text, may) in [
            ("import { Tool } from '@frontmcp/sdk';\n@Tool({ name: 'add' }) class Add {}", false),
            ("import { FrontMcpLogger } from '@frontmcp/sdk'; recreate(); createTool();", false),
            ("import { FrontMcp as Server } from '@frontmcp/sdk';", true),
            ("import { Tool } from '@frontmcp/sdk'; import { FrontMcpInstance } from 'x';", true),
            ("import * as sdk from \"@frontmcp/sdk\";", true),
            ("import sdk, { Tool } from '@frontmcp/sdk';", true),
            ("import type { Tool } from '@frontmcp/sdk';\nexport { App } from 'frontmcp';", false),
            ("const sdk = await import('@frontmcp/sdk'); sdk.createDirect(App);", true),
        ] {
            assert_eq!(may_start_server(text), may, "{text}");
        }
        for name in LISTENERS.iter().chain(IN_PROCESS).chain(&["FrontMcp", "FrontMcpInstance"]) {
            assert!(may_start_server(&format!("x.{name}(App)")), "{name}");
        }
    }
}
