//! The loop of the server: what the client tells and asks, and the scans that follow from it.

use super::actions::{self, Abilities};
use super::buffers::Buffers;
use super::diagnostics::ByFile;
use super::folder::{Folder, scanned};
use super::settings::Settings;
use super::uri::{path_of, uri_of};
use super::{complete, hover, lines::Lines};
use crate::ScanOptions;
use crate::config::FILE_NAME;
use crate::project::is_watched;
use crate::rules::Catalogue;
use crate::scan::{ScanError, Stop, View};
use gen_lsp_types::{
    CodeActionParams, CompletionItem, CompletionItemKind, CompletionParams, Diagnostic, DidChangeTextDocumentParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, HoverParams, MarkupContent, MarkupKind, Range, TextEdit,
    Uri,
};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// A scan begins when nothing has changed for so long.
const QUIET: Duration = Duration::from_millis(50);
/// The stack of a thread that scans: source files of usual size are parsed on it.
const STACK_BYTES: usize = 64 << 20;

/// What each scan is made with beside what the client decides.
pub(crate) type Base = Box<dyn Fn() -> ScanOptions>;

/// Something that happens.
enum Event {
    /// The client says something.
    Client(Message),
    /// The client is gone.
    Gone,
    /// A scan of a folder has ended.
    Scanned(PathBuf, u64, Box<Result<(View, ByFile), ScanError>>),
    /// A scan had an error of prodcheck's own.
    Broken(PathBuf, u64),
}

/// Serves one client over standard input and output until it leaves; false where it left without saying so.
pub(crate) fn serve_stdio(base: Base) -> Result<bool, String> {
    let (connection, threads) = Connection::stdio();
    let left = serve(connection, base)?;
    threads.join().map_err(|error| error.to_string())?;
    Ok(left)
}

fn serve(connection: Connection, base: Base) -> Result<bool, String> {
    let (id, params) = connection.initialize_start().map_err(|error| error.to_string())?;
    connection.initialize_finish(id, capabilities()).map_err(|error| error.to_string())?;
    let (events, happens) = channel();
    let sender = connection.sender.clone();
    let from_client = events.clone();
    // The channel of the connection hands over one message at a time and cannot be asked how many wait.
    thread::spawn(move || {
        for message in &connection.receiver {
            if from_client.send(Event::Client(message)).is_err() {
                return;
            }
        }
        let _ = from_client.send(Event::Gone);
    });
    let client = Client { send: Box::new(move |message| _ = sender.send(message)) };
    let mut server = Server {
        client: Arc::new(client),
        base,
        events,
        folders: Vec::new(),
        buffers: Buffers::default(),
        settings: Settings::default(),
        abilities: abilities(&params),
        published: BTreeMap::new(),
        waiting: Vec::new(),
        due: None,
        runs: 0,
        is_shut: false,
    };
    server.begin(&params);
    Ok(server.run(&happens))
}

/// What the server can do, as the client is told.
fn capabilities() -> Value {
    let any = json!({ "filters": [{ "scheme": "file", "pattern": { "glob": "**/*" } }] });
    json!({
        "capabilities": {
            "positionEncoding": "utf-16",
            "textDocumentSync": { "openClose": true, "change": 2, "save": { "includeText": false } },
            "hoverProvider": true,
            "codeActionProvider": { "codeActionKinds": ["quickfix"] },
            "completionProvider": { "triggerCharacters": ["\"", "[", "/", "."] },
            "workspace": {
                "workspaceFolders": { "supported": true, "changeNotifications": true },
                "fileOperations": { "didCreate": any, "didRename": any, "didDelete": any },
            },
        },
        "serverInfo": { "name": "prodcheck", "version": env!("CARGO_PKG_VERSION") },
    })
}

fn abilities(params: &Value) -> Abilities {
    let edit = &params["capabilities"]["workspace"]["workspaceEdit"];
    let operations = edit["resourceOperations"].as_array();
    Abilities {
        versions: edit["documentChanges"] == true,
        creates: operations.is_some_and(|known| known.iter().any(|one| one == "create")),
    }
}

/// The way to the client.
struct Client {
    send: Box<dyn Fn(Message) + Send + Sync>,
}

impl Client {
    fn notify(&self, method: &str, params: Value) {
        (self.send)(Notification { method: method.into(), params }.into());
    }

    /// What a person may want to know who looks into the log.
    fn log(&self, message: &str) {
        self.notify("window/logMessage", json!({ "type": 2, "message": format!("prodcheck: {message}") }));
    }

    fn answer(&self, id: RequestId, result: Value) {
        (self.send)(Response::new_ok(id, result).into());
    }

    fn refuse(&self, id: RequestId, code: ErrorCode, message: &str) {
        (self.send)(Response::new_err(id, code as i32, message.to_owned()).into());
    }
}

struct Server {
    client: Arc<Client>,
    base: Base,
    events: Sender<Event>,
    folders: Vec<Folder>,
    buffers: Buffers,
    settings: Settings,
    abilities: Abilities,
    /// What the client shows now.
    published: BTreeMap<PathBuf, Vec<Diagnostic>>,
    /// Questions about what a scan has yet to find.
    waiting: Vec<Request>,
    /// When the next scan begins.
    due: Option<Instant>,
    runs: u64,
    is_shut: bool,
}

impl Server {
    fn begin(&mut self, params: &Value) {
        let settings = Settings::of(&params["initializationOptions"]);
        self.settings = settings.unwrap_or_else(|why| {
            self.client.log(&why);
            Settings::default()
        });
        let listed =
            params["workspaceFolders"].as_array().into_iter().flatten().filter_map(|folder| folder["uri"].as_str());
        let mut uris: Vec<&str> = listed.collect();
        if uris.is_empty() {
            uris.extend(params["rootUri"].as_str());
        }
        uris.iter().for_each(|uri| self.add_folder(&Uri::from(*uri)));
        if params["capabilities"]["workspace"]["didChangeWatchedFiles"]["dynamicRegistration"] == true {
            let watched = json!({ "watchers": [{ "globPattern": "**/*" }] });
            let registered = json!({ "registrations": [
                { "id": "prodcheck-files", "method": "workspace/didChangeWatchedFiles", "registerOptions": watched },
            ] });
            let id = RequestId::from("prodcheck-files".to_owned());
            (self.client.send)(Request { id, method: "client/registerCapability".into(), params: registered }.into());
        }
        // What is there already need not settle first.
        self.due = Some(Instant::now());
    }

    /// Until the client leaves; whether it said so.
    fn run(&mut self, happens: &Receiver<Event>) -> bool {
        loop {
            let event = match self.due {
                Some(due) => happens.recv_timeout(due.saturating_duration_since(Instant::now())),
                None => happens.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match event {
                Ok(Event::Client(Message::Notification(told))) if told.method == "exit" => return self.is_shut,
                Ok(Event::Client(message)) => self.hear(message),
                Ok(Event::Scanned(folder, run, scanned)) => self.take(&folder, run, *scanned),
                Ok(Event::Broken(folder, run)) => self.take_broken(&folder, run),
                Err(RecvTimeoutError::Timeout) => self.scan(),
                Ok(Event::Gone) | Err(RecvTimeoutError::Disconnected) => return self.is_shut,
            }
        }
    }

    fn hear(&mut self, message: Message) {
        match message {
            Message::Notification(told) => self.told(told),
            Message::Request(asked) if asked.method == "shutdown" => {
                self.is_shut = true;
                self.client.answer(asked.id, Value::Null);
            }
            Message::Request(asked) => self.ask(asked),
            // To what the server has registered there is nothing to do.
            Message::Response(_) => {}
        }
    }

    fn told(&mut self, told: Notification) {
        let params = told.params;
        match &*told.method {
            "textDocument/didOpen" => {
                if let Some(opened) = read::<DidOpenTextDocumentParams>(params) {
                    let path = path_of(&opened.text_document.uri);
                    self.buffers.open(opened.text_document);
                    self.changed(path.iter());
                }
            }
            "textDocument/didChange" => {
                if let Some(changed) = read::<DidChangeTextDocumentParams>(params) {
                    let document = changed.text_document;
                    let uri = document.text_document_identifier.uri;
                    self.buffers.change(&uri, document.version, changed.content_changes);
                    self.changed(path_of(&uri).iter());
                }
            }
            "textDocument/didClose" => {
                if let Some(closed) = read::<DidCloseTextDocumentParams>(params) {
                    self.buffers.close(&closed.text_document.uri);
                    self.changed(path_of(&closed.text_document.uri).iter());
                }
            }
            "textDocument/didSave" => self.changed(uris(&params, &["/textDocument/uri"]).iter()),
            "workspace/didChangeWatchedFiles" => self.changed(listed(&params["changes"], &["/uri"]).iter()),
            "workspace/didCreateFiles" | "workspace/didDeleteFiles" => {
                self.changed(listed(&params["files"], &["/uri"]).iter());
            }
            "workspace/didRenameFiles" => self.changed(listed(&params["files"], &["/oldUri", "/newUri"]).iter()),
            "workspace/didChangeConfiguration" => self.configure(&params["settings"]),
            "workspace/didChangeWorkspaceFolders" => self.change_folders(&params["event"]),
            "$/cancelRequest" => self.cancel(&params["id"]),
            _ => {}
        }
    }

    fn configure(&mut self, given: &Value) {
        match Settings::of(given) {
            Ok(settings) if settings != self.settings => {
                self.settings = settings;
                self.folders.iter_mut().for_each(Folder::changed);
                self.due = Some(Instant::now());
            }
            Ok(_) => {}
            Err(why) => self.client.log(&why),
        }
    }

    fn change_folders(&mut self, event: &Value) {
        for path in listed(&event["removed"], &["/uri"]) {
            self.folders.iter_mut().filter(|folder| folder.place.is(&path)).for_each(Folder::changed);
            self.folders.retain(|folder| !folder.place.is(&path));
        }
        let added = event["added"].as_array().into_iter().flatten().filter_map(|folder| folder["uri"].as_str());
        added.for_each(|uri| self.add_folder(&Uri::from(uri)));
        self.publish();
        self.due = Some(Instant::now());
    }

    fn add_folder(&mut self, uri: &Uri) {
        let Some(path) = path_of(uri) else { return };
        if self.folders.iter().any(|folder| folder.place.is(&path)) {
            return;
        }
        match Folder::at(path) {
            Some(folder) => self.folders.push(folder),
            None => self.client.log("a folder of the workspace cannot be opened"),
        }
    }

    /// Files have changed: the folders that read them are out of date.
    fn changed<'p>(&mut self, paths: impl Iterator<Item = &'p PathBuf>) {
        for path in paths {
            for folder in &mut self.folders {
                let real = folder.place.inner(path).map(|inner| folder.place.root().join(inner));
                if real.is_some_and(|real| is_watched(&real, folder.place.root())) {
                    folder.changed();
                    self.due = Some(Instant::now() + QUIET);
                }
            }
        }
    }

    /// Begins the scans that are due. A folder whose scan is being stopped has its turn when that has ended.
    fn scan(&mut self) {
        self.due = None;
        for folder in &mut self.folders {
            if !folder.is_stale || folder.running.is_some() {
                continue;
            }
            self.runs += 1;
            let (run, stop) = (self.runs, Stop::default());
            folder.is_stale = false;
            folder.running = Some((run, stop.clone()));
            let (place, settings, events) = (folder.place.clone(), self.settings.clone(), self.events.clone());
            let options = place.options((self.base)(), &settings, &self.buffers, &stop);
            let work = move || {
                let path = place.given().to_owned();
                let done = catch_unwind(AssertUnwindSafe(|| scanned(&options, &settings, &place)));
                // Nobody listens any more only when the server ends.
                let _ = events.send(match done {
                    Ok(scanned) => Event::Scanned(path, run, Box::new(scanned)),
                    Err(_) => Event::Broken(path, run),
                });
            };
            if thread::Builder::new().stack_size(STACK_BYTES).spawn(work).is_err() {
                folder.running = None;
                self.client.log("there is no thread for a scan");
            }
        }
    }

    fn take(&mut self, path: &Path, run: u64, scanned: Result<(View, ByFile), ScanError>) {
        let Some(folder) = self.ended(path, run) else { return };
        // What is out of date is not shown: its places would be wrong.
        let failed = if folder.is_stale { None } else { folder.take(scanned) };
        if let Some(why) = failed {
            self.client.log(&why);
        }
        self.settle();
    }

    fn take_broken(&mut self, path: &Path, run: u64) {
        if self.ended(path, run).is_some() {
            self.client.log("the scan ended with an internal error");
            self.settle();
        }
    }

    /// The folder whose scan this was.
    fn ended(&mut self, path: &Path, run: u64) -> Option<&mut Folder> {
        let folder = self.folders.iter_mut().find(|folder| folder.place.is(path))?;
        if folder.running.as_ref().is_none_or(|(going, _)| *going != run) {
            return None;
        }
        folder.running = None;
        Some(folder)
    }

    /// What follows when a scan has ended.
    fn settle(&mut self) {
        if self.due.is_none() && self.folders.iter().any(|folder| folder.is_stale && folder.running.is_none()) {
            self.due = Some(Instant::now());
        }
        self.publish();
        for asked in std::mem::take(&mut self.waiting) {
            self.ask(asked);
        }
    }

    /// Tells the client what has changed of what it shows. Folders of one project share their files.
    fn publish(&mut self) {
        let mut now: BTreeMap<PathBuf, Vec<Diagnostic>> = BTreeMap::new();
        for folder in &self.folders {
            for (file, diagnostics) in &folder.shown {
                let shown = now.entry(folder.place.outer(file)).or_default();
                for diagnostic in diagnostics {
                    if !shown.contains(diagnostic) {
                        shown.push(diagnostic.clone());
                    }
                }
            }
        }
        let gone: Vec<PathBuf> = self.published.keys().filter(|path| !now.contains_key(*path)).cloned().collect();
        gone.iter().for_each(|path| self.show(path, &[]));
        for (path, diagnostics) in &now {
            if self.published.get(path) != Some(diagnostics) {
                self.show(path, diagnostics);
            }
        }
        self.published = now;
    }

    fn show(&self, path: &Path, diagnostics: &[Diagnostic]) {
        let (uri, version) =
            self.version_of(path).map_or_else(|| (uri_of(path), None), |(uri, version)| (uri, Some(version)));
        let mut params = json!({ "uri": uri, "diagnostics": diagnostics });
        if let Some(version) = version {
            params["version"] = version.into();
        }
        self.client.notify("textDocument/publishDiagnostics", params);
    }

    fn version_of(&self, path: &Path) -> Option<(Uri, i32)> {
        self.buffers.get(path).map(|buffer| (buffer.uri.clone(), buffer.version))
    }

    /// A question; one about what is being looked at waits for that.
    fn ask(&mut self, asked: Request) {
        let answer = match &*asked.method {
            "textDocument/completion" => Self::complete,
            "textDocument/hover" | "textDocument/codeAction" if self.is_busy() => {
                self.waiting.push(asked);
                return;
            }
            "textDocument/hover" => Self::hover,
            "textDocument/codeAction" => Self::act,
            _ => {
                self.client.refuse(asked.id, ErrorCode::MethodNotFound, "prodcheck does not answer this");
                return;
            }
        };
        let id = asked.id.clone();
        if catch_unwind(AssertUnwindSafe(|| answer(self, asked))).is_err() {
            self.client.refuse(id, ErrorCode::InternalError, "internal error");
        }
    }

    fn is_busy(&self) -> bool {
        self.folders.iter().any(|folder| folder.is_stale || folder.running.is_some())
    }

    fn cancel(&mut self, id: &Value) {
        let is_it = |asked: &Request| serde_json::to_value(&asked.id).is_ok_and(|own| own == *id);
        let (cancelled, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut self.waiting).into_iter().partition(is_it);
        self.waiting = kept;
        for asked in cancelled {
            self.client.refuse(asked.id, ErrorCode::RequestCanceled, "cancelled");
        }
    }

    /// The folder that answers for a file, and the file's path in its project: the innermost one that was scanned.
    fn folder_of(&self, path: &Path) -> Option<(&Folder, String)> {
        let known = self.folders.iter().filter(|folder| folder.known.is_some());
        let inner = known.filter_map(|folder| Some((folder, folder.place.inner(path)?)));
        inner.max_by_key(|(folder, inner)| (folder.place.holds(path), std::cmp::Reverse(inner.len())))
    }

    fn hover(&self, asked: Request) {
        let id = asked.id;
        let told = read::<HoverParams>(asked.params).and_then(|params| {
            let at = params.text_document_position_params;
            let (folder, inner) = self.folder_of(&path_of(&at.text_document.uri)?)?;
            let view = &folder.known.as_ref()?.view;
            let text = view.text(&inner)?;
            let offset = Lines::new(&text).offset(at.position);
            let whys = view.why_at(&inner, super::lines::small(offset));
            hover::markdown(&whys, &view.report().environment, &folder.place)
        });
        let result = told.map(|value| json!({ "contents": MarkupContent { kind: MarkupKind::Markdown, value } }));
        self.client.answer(id, result.unwrap_or(Value::Null));
    }

    /// Tries edits on a thread of its own, for each costs a scan.
    fn act(&self, asked: Request) {
        let id = asked.id;
        let nothing = |client: &Client, id| client.answer(id, json!([]));
        let Some(params) = read::<CodeActionParams>(asked.params) else { return nothing(&self.client, id) };
        let found = path_of(&params.text_document.uri).and_then(|path| self.folder_of(&path));
        let Some((folder, inner)) = found else { return nothing(&self.client, id) };
        let Some(known) = folder.known.clone() else { return nothing(&self.client, id) };
        let (place, abilities, client) = (folder.place.clone(), self.abilities, self.client.clone());
        let versions: BTreeMap<PathBuf, (Uri, i32)> =
            self.buffers.iter().map(|(path, buffer)| (path.clone(), (buffer.uri.clone(), buffer.version))).collect();
        let own = params.context.diagnostics;
        let work = move || {
            let version_of = |path: &PathBuf| versions.get(path).cloned();
            let tried = catch_unwind(AssertUnwindSafe(|| actions::at(&known, &inner, params.range)));
            let mut all = Vec::new();
            for (fingerprint, tried) in tried.unwrap_or_default() {
                let about = own.iter().filter(|one| one.data.as_ref().is_some_and(|data| *data == *fingerprint));
                let about: Vec<Diagnostic> = about.cloned().collect();
                let actions = tried.iter().filter_map(|tried| tried.action(&place, abilities, &version_of));
                all.extend(actions.map(|mut action| {
                    action.diagnostics = (!about.is_empty()).then(|| about.clone());
                    action
                }));
            }
            client.answer(id, json!(all));
        };
        if thread::Builder::new().stack_size(STACK_BYTES).spawn(work).is_err() {
            self.client.log("there is no thread to try a fix on");
        }
    }

    fn complete(&self, asked: Request) {
        let id = asked.id;
        let items = read::<CompletionParams>(asked.params).and_then(|params| {
            let at = params.text_document_position_params;
            let path = path_of(&at.text_document.uri)?;
            let buffer = self.buffers.get(&path).filter(|_| path.file_name().is_some_and(|name| name == FILE_NAME))?;
            let lines = Lines::new(&buffer.text);
            let folder = self.folder_of(&path).and_then(|(folder, _)| folder.known.as_ref());
            let builtin = folder.is_none().then(Catalogue::builtin);
            let rules = builtin.as_ref().or(folder.map(|known| known.view.rules()))?;
            let offers = complete::at(&buffer.text, lines.offset(at.position), rules);
            Some(offers.into_iter().map(|offer| item(offer, &lines)).collect::<Vec<_>>())
        });
        self.client.answer(id, json!(items.unwrap_or_default()));
    }
}

fn item(offer: complete::Offer, lines: &Lines<'_>) -> CompletionItem {
    let byte = super::lines::small;
    let range: Range = lines.range(byte(offer.replaces.start), byte(offer.replaces.end));
    CompletionItem {
        label: offer.label,
        kind: Some(CompletionItemKind::Property),
        documentation: Some(offer.meaning.into()),
        filter_text: Some(offer.text.clone()),
        text_edit: Some(TextEdit { range, new_text: offer.text }.into()),
        ..CompletionItem::default()
    }
}

/// What a message says; none where it cannot be read, which a server outlives.
fn read<T: DeserializeOwned>(params: Value) -> Option<T> {
    serde_json::from_value(params).ok()
}

/// The files that are named under these pointers.
fn uris(value: &Value, pointers: &[&str]) -> Vec<PathBuf> {
    let found = pointers.iter().filter_map(|pointer| value.pointer(pointer)?.as_str());
    found.filter_map(|uri| path_of(&uri.into())).collect()
}

/// The same of each item of a list.
fn listed(list: &Value, pointers: &[&str]) -> Vec<PathBuf> {
    let distinct: BTreeSet<PathBuf> =
        list.as_array().into_iter().flatten().flat_map(|item| uris(item, pointers)).collect();
    distinct.into_iter().collect()
}
