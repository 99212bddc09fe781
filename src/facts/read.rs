//! Reads the libraries of an app into settings: each use gives the resources that the library's facts say.

use super::catalogue::Catalogue;
use super::code::{self, is_export};
use super::library::{Gives, Library, Options, SecretRow, Usage};
use super::names::is_module;
use super::surfaces;
use super::uses::{Given, Use, UsingFile, Way};
use crate::eval::{How, Kind, Step, Value};
use crate::project::{Version, inside};
use crate::reading::bench::{Reading, SecretFacts};
use crate::reading::cookies::is_removal;
use crate::reading::table::{Facts, Looked, fill_from, ineffective_in};
use crate::settings::{Resource, cookie};
use crate::syntax::FileId;
use crate::syntax::code::{Expr, ExprKind, Pattern, visit};
use hashbrown::HashMap;
use std::sync::Arc;

/// The mark of a use in whose file cookies are read or set.
const COOKIES: &str = "cookies";

/// Names that an app has where nobody can tell what it is: a parameter of the function that sets it up.
const APPS: &[&str] = &["app", "server", "fastify", "application", "router", "api"];

/// A file, and the libraries that it imports.
struct Using {
    file: FileId,
    registry: &'static str,
    libraries: Vec<&'static Library>,
}

/// What is counted and remembered while an app is read.
#[derive(Default)]
struct Seen {
    names: HashMap<(&'static str, String), usize>,
    hosts: Vec<&'static Library>,
    marks: Vec<&'static str>,
}

/// Reads every library that the app's own files import, but for those that its framework speaks of by itself.
pub(crate) fn read(reading: &mut Reading<'_>, libraries: &Catalogue) {
    let project = reading.documents.project;
    let files = code::of_app(project, reading.found);
    let using = using(reading, &files, libraries);
    let mut seen = Seen::default();
    for library in using.iter().flat_map(|using| &using.libraries).filter(|library| library.host.is_some()) {
        if !seen.hosts.iter().any(|known| known.id == library.id) {
            seen.hosts.push(library);
        }
    }
    seen.hosts.sort_by_key(|library| library.id);
    reading.facts.hosts = seen.hosts.iter().map(|library| library.id.into()).collect();
    let mut given: Vec<Resource> = Vec::new();
    methods(reading, &files, &mut seen, &mut given);
    for using in &using {
        imports(reading, using, &mut seen, &mut given);
    }
    exports(reading, &using, &mut seen, &mut given);
    surfaces::read(reading, &seen.hosts, &files, &mut given);
    given.into_iter().for_each(|resource| reading.add(resource));
}

/// The files of the app that import libraries.
fn using(reading: &Reading<'_>, files: &[FileId], libraries: &Catalogue) -> Vec<Using> {
    let project = reading.documents.project;
    let spoken_for = reading.found.framework.map_or(&[][..], |framework| framework.speaks_for);
    let mut found = Vec::new();
    for (file, registry) in code::importing(project, files, libraries, false) {
        let Some(module) = reading.documents.module_of(file) else { continue };
        let mut own: Vec<&'static Library> = Vec::new();
        for imported in code::imported(&module) {
            own.extend(libraries.of_module(registry, &imported).filter(|library| !spoken_for.contains(&library.id)));
        }
        own.sort_by_key(|library| library.id);
        own.dedup_by_key(|library| library.id);
        if !own.is_empty() {
            found.push(Using { file, registry, libraries: own });
        }
    }
    found
}

/// What the file does with what it imports.
fn imports(reading: &mut Reading<'_>, using: &Using, seen: &mut Seen, given: &mut Vec<Resource>) {
    let Some(module) = reading.documents.module_of(using.file) else { return };
    let is_meant = |module: &str| {
        let mut modules = using.libraries.iter().flat_map(|library| &library.modules);
        // `import flask` in Python names the package, whose parts the library's modules can be.
        modules.any(|own| {
            is_module(using.registry, own, module) || using.registry == "pypi" && is_module("pypi", module, own)
        })
    };
    let uses = UsingFile { reading, file: using.file, module: module.clone() }.uses(&is_meant);
    let marks_cookies = uses_cookies(&module);
    for one in &uses {
        for library in &using.libraries {
            for gives in library.gives.iter().filter(|gives| fits(using.registry, gives, one)) {
                let marks = (marks_cookies && gives.asks_for(COOKIES)).then_some(COOKIES);
                let giving = Giving { library, gives, one, marks };
                giving.read(reading, seen, given);
            }
        }
    }
}

/// Whether a use is one that a give speaks of.
fn fits(registry: &str, gives: &Gives, one: &Use) -> bool {
    let way = match (&gives.usage, &one.way) {
        (Usage::Called(_), Way::Called) | (Usage::Decorates(_), Way::Decorates) => true,
        (Usage::Handed { to, .. }, Way::Handed(own)) => to.contains(&&**own),
        _ => false,
    };
    way && is_export(registry, &gives.modules, gives.usage.exports(), &one.module, &one.export)
}

/// Calls of methods of the app itself: `app.set("trust proxy", 1)`.
fn methods(reading: &mut Reading<'_>, files: &[FileId], seen: &mut Seen, given: &mut Vec<Resource>) {
    let hosts = seen.hosts.clone();
    for library in hosts {
        let Some(host) = &library.host else { continue };
        let registry = library.id.split('/').next().unwrap_or_default();
        for gives in &library.gives {
            let Usage::Method { methods, first, of, .. } = &gives.usage else { continue };
            let words: Vec<String> = methods.iter().map(|method| format!(".{method}(")).collect();
            let words: Vec<&str> = match first {
                Some(first) => vec![first],
                None => words.iter().map(String::as_str).collect(),
            };
            let is_app = |expr: &Expr, value: &Value| match &value.kind {
                _ if !of.is_empty() => begins_with(expr, of),
                Kind::Call(call) => call
                    .origin()
                    .is_some_and(|(module, name)| is_export(registry, &host.modules, &host.made_by, module, name)),
                Kind::External { .. } | Kind::Unknown(_) => is_named_app(expr),
                _ => false,
            };
            for file in reading.documents.project.mentioning(files, &words) {
                let Some(module) = reading.documents.module_of(file) else { continue };
                let own_file = UsingFile { reading, file, module };
                for one in own_file.methods(methods, &is_app) {
                    let own = one.given.arguments.first().and_then(Value::as_text);
                    if first.is_none_or(|first| own.is_some_and(|text| text.is(first))) && !removes(gives, &one) {
                        Giving { library, gives, one: &one, marks: None }.read(reading, seen, given);
                    }
                }
            }
        }
    }
}

/// Whether a chain of calls begins with one of some names: `res.status(200)`, `this.res`.
fn begins_with(expr: &Expr, names: &[&str]) -> bool {
    match &expr.kind {
        ExprKind::Name(name) => names.contains(&&**name),
        ExprKind::Member { object, property, .. } => names.contains(&&**property) || begins_with(object, names),
        ExprKind::Call { callee, .. } => begins_with(callee, names),
        _ => false,
    }
}

/// Whether a cookie is set that is over, or empty.
fn removes(gives: &Gives, one: &Use) -> bool {
    let is_cookie = gives.kind.name == cookie::KIND.name;
    let is_empty = |value: &Value| value.as_text().is_some_and(|text| text.is_empty());
    is_cookie && one.given.arguments.iter().skip(1).any(|argument| is_removal(argument) || is_empty(argument))
}

/// Whether an expression has a name that apps have.
fn is_named_app(expr: &Expr) -> bool {
    let name = match &expr.kind {
        ExprKind::Name(name) => name,
        ExprKind::Member { property, .. } => property,
        _ => return false,
    };
    APPS.contains(&&**name)
}

/// What files of the project export for a library: `next.config.ts`.
fn exports(reading: &mut Reading<'_>, using: &[Using], seen: &mut Seen, given: &mut Vec<Resource>) {
    let mut done: Vec<&'static str> = Vec::new();
    for library in using.iter().flat_map(|using| &using.libraries) {
        if done.contains(&library.id) {
            continue;
        }
        done.push(library.id);
        for gives in &library.gives {
            let Usage::Exported { files, name } = &gives.usage else { continue };
            let project = reading.documents.project;
            let mut there = files.iter().filter_map(|file| project.find(&inside(&reading.found.root, file)));
            let Some(file) = there.next() else { continue };
            let mut options = reading.evaluator.export(file, name);
            if matches!(options.kind, Kind::Function(_)) {
                options = reading.evaluator.call(&options, Vec::new());
            }
            let place = reading.place_of(&options);
            let one = Use {
                module: "".into(),
                export: (*name).into(),
                way: Way::Called,
                given: Given { arguments: vec![options], keywords: Vec::new(), open: None },
                place,
                present: None,
            };
            Giving { library, gives, one: &one, marks: None }.read(reading, seen, given);
        }
    }
}

/// One use that is read into what a library gives.
struct Giving<'u> {
    library: &'static Library,
    gives: &'static Gives,
    one: &'u Use,
    marks: Option<&'static str>,
}

impl Giving<'_> {
    fn read(&self, reading: &mut Reading<'_>, seen: &mut Seen, given: &mut Vec<Resource>) {
        let (gives, one) = (self.gives, self.one);
        let options = self.options();
        let version = version(reading, self.library);
        let known = version.as_ref().map(|version| self.library.known.hold(version));
        let mut marks = seen.marks.clone();
        marks.extend(self.marks);
        marks.extend(reading.facts.marks.iter().copied());
        let hosts = seen.hosts.iter().map(|host| host.id.into()).collect();
        // Beyond the versions that are known, nobody knows what hangs on one.
        let facts = Facts { version: version.filter(|_| known == Some(true)), marks, hosts };
        let looked = Looked { options: &options, arguments: &one.given.arguments, evaluator: Some(reading.evaluator) };
        for key in ineffective_in(gives.rows, &looked, &facts) {
            reading.written_key_of(key.written, &key.value, key.effect, key.instead, known);
        }
        let name = self.name(&options, seen);
        let mut resource = reading.resource(gives.kind, &*name, one.place);
        resource = fill_from(resource, gives.rows, &looked, &facts);
        if let Some(present) = &one.present {
            resource = resource.only_if(present.clone());
        }
        given.push(resource);
        for row in &gives.secrets {
            secrets(reading, row, &looked, &name, one.present.as_ref());
        }
        if let Some(mark) = gives.mark
            && !matches!(options.kind, Kind::Bool(false))
        {
            seen.marks.push(mark);
        }
    }

    /// The name of the resource; the second of a name gets a number.
    fn name(&self, options: &Value, seen: &mut Seen) -> String {
        let place = |key: &str| match key.strip_prefix("argument:").and_then(|index| index.parse::<usize>().ok()) {
            Some(index) => self.one.given.arguments.get(index).cloned(),
            None => Some(options.path(key)),
        };
        let named = self.gives.named_by.and_then(|key| Some(place(key)?.as_text()?.as_name()));
        let name = named.map_or_else(|| self.gives.name.to_owned(), |name| name.to_string());
        let count = seen.names.entry((self.gives.kind.name, name.clone())).or_default();
        *count += 1;
        if *count == 1 { name } else { format!("{name} {count}") }
    }

    /// The options of the use; absent at the call's place where there are none.
    fn options(&self) -> Value {
        let trail = Step::start(self.one.place, How::Written);
        let Given { arguments, keywords, open } = &self.one.given;
        match self.gives.options {
            Options::Argument(index, path) => {
                let options = match (arguments.get(index), open) {
                    (Some(argument), _) => argument.clone(),
                    (None, Some(open)) => Value::new(Kind::Unknown(open.clone()), &trail),
                    (None, None) => Value::new(Kind::Absent, &trail),
                };
                if path.is_empty() { options } else { options.path(path) }
            }
            Options::Keywords => {
                let positional =
                    self.gives.parameters.iter().map(|name| Arc::from(*name)).zip(arguments.iter().cloned());
                let fields = positional.chain(keywords.iter().cloned()).collect();
                Value::new(Kind::Object { fields, open: open.clone() }, &trail)
            }
        }
    }
}

/// The version of a library that the app has.
fn version(reading: &Reading<'_>, library: &Library) -> Option<Version> {
    let project = reading.documents.project;
    let package = reading.found.package?;
    let packages = std::iter::once(library.name).chain(library.modules.iter().copied());
    packages.into_iter().find_map(|name| project.resolved_version(package, name).version().cloned())
}

/// A secret that the library is given, or each of several.
fn secrets(reading: &mut Reading<'_>, row: &SecretRow, looked: &Looked<'_>, name: &str, present: Option<&Value>) {
    let mut written: Option<(Value, &'static str)> = None;
    for spot in row.places {
        let here = looked.at(spot);
        written = Some(match written {
            Some((before, key)) if !before.is_absent() => (before.or_default(&|_| here.clone()), key),
            _ => (here, spot.path),
        });
    }
    let Some((value, key)) = written else { return };
    let key = if key.is_empty() { "secret" } else { key };
    let facts =
        SecretFacts { required: row.required, min_random_bytes: row.min_random_bytes, ..SecretFacts::of(row.purpose) };
    let mut add = |key: String, value: &Value| {
        // A function gives a key for each token, an object is one that was made elsewhere.
        let is_text = !matches!(value.kind, Kind::Function(_) | Kind::Object { .. } | Kind::Bool(_));
        match present {
            _ if !is_text => {}
            Some(present) => reading.secret_if(&key, value, facts, present.clone()),
            None => reading.secret(&key, value, facts),
        }
    };
    match value.as_list() {
        Some(items) => {
            for (index, item) in items.iter().enumerate() {
                let number = if index == 0 { String::new() } else { format!(" {}", index + 1) };
                add(format!("{name}.{key}{number}"), item);
            }
        }
        None => add(format!("{name}.{key}"), &value),
    }
}

/// Whether handlers of a file touch cookies.
fn uses_cookies(module: &crate::syntax::code::Module) -> bool {
    let mut found = false;
    visit(&module.body, &mut |expr, _| match &expr.kind {
        ExprKind::Function(function) => {
            found |= function.params.first().is_some_and(|param| match &param.pattern {
                Pattern::Object { fields, .. } => fields.iter().any(|field| &*field.key == "cookie"),
                _ => false,
            });
        }
        ExprKind::Member { property, .. } => found |= &**property == "cookie",
        _ => {}
    });
    found
}
