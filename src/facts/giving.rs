//! One use of a library, read into what the library's facts give: the options, wherever they come from, its settings and
//! its secrets.

use super::assigned::assigned;
use super::code;
use super::library::{Gives, Library, Usage};
use super::looked_at;
use super::options::options as options_of;
use super::secrets::Secrets;
use super::seen::{Seen, mark};
use crate::eval::{Because, Kind, Place, Use, Value};
use crate::project::Version;
use crate::reading::bench::Reading;
use crate::reading::table::{Facts, Looked, fill_from, ineffective_in};
use crate::settings::Resource;
use crate::syntax::FileId;
use crate::syntax::code::{ExprKind, visit};

/// Options beside a factory that name a class which makes the options.
const CLASSES: &[&str] = &["useClass", "useExisting"];

/// One use that is read into what a library gives.
pub(super) struct Giving<'u> {
    pub(super) library: &'static Library,
    pub(super) gives: &'static Gives,
    pub(super) one: &'u Use,
    /// All uses of the app.
    pub(super) uses: &'u [Use],
    pub(super) marks: Option<&'static str>,
}

impl Giving<'_> {
    pub(super) fn read(&self, reading: &mut Reading<'_>, seen: &mut Seen, given: &mut Vec<Resource>) {
        let (gives, one) = (self.gives, self.one);
        let version = version(reading, self.library);
        if !gives.condition.fits(&seen.marks) || !speaks_of(gives, version.as_ref()) {
            return;
        }
        let options = self.made(reading, options_of(one, gives, self.uses));
        let options = self.delegated(reading, options);
        let options = self.assigned(reading, options);
        let present = present(gives, one, &options);
        if present.as_bool() == Some(false) || !self.is_called(reading, seen) {
            return;
        }
        if self.is_only_looked_at(reading, &options) {
            return;
        }
        let mentions = &gives.condition.mentions;
        if !mentions.is_empty() && !reading.documents.project.mentions(one.file, mentions) {
            return;
        }
        if gives.condition.awaited {
            seen.awaited.push(one.place);
        }
        let present = Some(&present).filter(|present| present.as_bool() != Some(true));
        let known = version.as_ref().map(|version| self.library.known.hold(version));
        let mut marks = seen.marks.clone();
        marks.extend(self.marks);
        let hosts = seen.hosts.iter().map(|host| host.id.into()).collect();
        // Beyond the versions that are known, nobody knows what hangs on one.
        let config = reading.facts.config.clone();
        let version = version.filter(|_| known == Some(true));
        let facts = Facts { version, marks, hosts, config, ..Facts::default() };
        let looked = Looked {
            options: &options,
            arguments: &one.given.arguments,
            evaluator: Some(reading.evaluator),
            config: facts.config.as_ref(),
            config_name: reading.facts.config_name,
        };
        for key in ineffective_in(gives.rows, &looked, &facts) {
            let place = reading.place_of(&key.value);
            let stated = |known| reading.stated(Kind::Bool(known), place);
            let nobody_knows = || Value::unknown(Because::UnknownVersion, &stated(false).trail);
            let known = known.map_or_else(nobody_knows, stated);
            reading.written_key_of(key.written, &key.value, key.effect, key.instead, known, None);
        }
        let name = self.name(&options, seen);
        let place = self.place(reading, &options);
        let mut resource = reading.resource(gives.kind, &*name, place);
        resource = fill_from(resource, gives.rows, &looked, &facts);
        // What an adapter hands on is read as its own tables are.
        let is_host = reading.found.framework.is_some_and(super::hosts::is_host);
        if let Some(because) = reading.found.newer_package(self.library.name).filter(|_| !is_host) {
            resource = resource.without_defaults(&because);
        }
        for (key, fix) in &gives.fixes {
            resource = resource.with_fix(key, *fix);
        }
        if let Some(present) = present {
            resource = resource.only_if(present.clone());
        }
        if !gives.rows.is_empty() {
            given.push(resource);
        }
        // A key of the app's own configuration needs no other name.
        let owner = if matches!(gives.usage, Usage::Configured { .. }) { "" } else { &*name };
        let secrets = Secrets { looked: &looked, facts: &facts, name: owner, present };
        gives.secrets.iter().for_each(|row| secrets.read(reading, row));
        seen.marks.extend(mark(gives, &options));
    }

    /// Where the resource stands: of a part of a configuration where that part is written, else where the use is.
    fn place(&self, reading: &Reading<'_>, options: &Value) -> Place {
        if !matches!(self.gives.usage, Usage::Configured { .. }) {
            return self.one.place;
        }
        let spots = self.gives.rows.iter().flat_map(|row| row.places);
        let mut parts = spots.filter_map(|spot| Some(options.field(spot.path.split_once('.')?.0)));
        let part = parts.find(|part| matches!(part.kind, Kind::Object { .. }));
        part.map_or(self.one.place, |part| reading.place_of(&part))
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

    /// The options, where a function makes them of what is injected into it.
    fn made(&self, reading: &Reading<'_>, options: Value) -> Value {
        let Some(key) = self.gives.factory else { return options };
        let factory = options.path(key);
        match factory.kind {
            Kind::Absent => {
                let class = CLASSES.iter().map(|key| options.path(key)).find(|class| !class.is_absent());
                class.and_then(|class| reading.evaluator.made_by_class(&class)).unwrap_or(options)
            }
            _ => reading.evaluator.made_by_factory(&factory, &options.field("inject")),
        }
    }

    /// The options, with those that are assigned to what the use made.
    fn assigned(&self, reading: &Reading<'_>, options: Value) -> Value {
        if self.gives.assigned.is_empty() {
            return options;
        }
        let files = code::of_app(reading.documents.project, reading.found);
        assigned(reading, &files, (options, self.one.place), &self.gives.assigned)
    }

    /// Whether the app's code calls one of the methods without which the use does nothing.
    fn is_called(&self, reading: &Reading<'_>, seen: &mut Seen) -> bool {
        let methods = &self.gives.condition.beside;
        if methods.is_empty() {
            return true;
        }
        let project = reading.documents.project;
        let any = || {
            let words: Vec<String> = methods.iter().map(|method| format!(".{method}(")).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let files = code::of_app(project, reading.found);
            project.mentioning(&files, &words).into_iter().any(|file| calls_one_of(reading, file, methods))
        };
        if let Some(known) = seen.calls.get(methods) {
            return *known;
        }
        let found = any();
        seen.calls.insert(methods.clone(), found);
        found
    }

    /// Whether the use is one that is asked to check nothing, and whose result nobody believes.
    fn is_only_looked_at(&self, reading: &Reading<'_>, options: &Value) -> bool {
        let Some(key) = self.gives.condition.looked_at else { return false };
        let Some((_, span)) = self.one.place.in_file() else { return false };
        if options.path(key).as_bool() != Some(false) {
            return false;
        }
        let exports = self.gives.usage.exports();
        let asks = |other: &Use| {
            let own = other.module == self.one.module && exports.contains(&&*other.export);
            own && options_of(other, self.gives, self.uses).path(key).as_bool() != Some(false)
        };
        let asked = self.uses.iter().any(asks);
        let module = reading.documents.module_of(self.one.file);
        module.is_some_and(|module| looked_at::is_only_looked_at(&module, span, exports, asked))
    }

    /// The options, where a function that is asked for each request gives them.
    fn delegated(&self, reading: &Reading<'_>, options: Value) -> Value {
        let Some(key) = self.gives.delegate else { return options };
        let function = if key == "." { options.clone() } else { options.path(key) };
        match function.kind {
            Kind::Function(_) => {
                let given = reading.evaluator.given_or_told(&function);
                given.unwrap_or_else(|| Value::unknown(Because::Undecided, &function.trail))
            }
            _ => options,
        }
    }
}

/// Whether a use happens; where it needs options, as far as they are there and not off.
fn present(gives: &Gives, one: &Use, options: &Value) -> Value {
    let on = match (gives.condition.written, gives.condition.switch) {
        (true, _) => options.each(&mut is_on),
        (false, Some(path)) => switched(options, path),
        (false, None) => return one.present.clone(),
    };
    match one.present.as_bool() {
        Some(true) => on,
        _ if on.as_bool() == Some(false) => on,
        _ => one.present.clone(),
    }
}

/// Whether options, or one of them, are there and not switched off.
fn is_on(options: &Value) -> Value {
    let kind = match &options.kind {
        Kind::Absent | Kind::Null | Kind::Bool(false) => Kind::Bool(false),
        Kind::Unknown(unknown) => Kind::Unknown(unknown.clone()),
        _ => Kind::Bool(true),
    };
    Value::new(kind, &options.trail)
}

/// Whether an option is on: it is unless it says no, where what it lies in is written.
fn switched(options: &Value, path: &str) -> Value {
    let (around, key) = path.rsplit_once('.').unwrap_or(("", path));
    let around = if around.is_empty() { options.clone() } else { options.path(around) };
    around.each(&mut |around| match around.kind {
        Kind::Object { .. } if around.field(key).is_absent() => Value::new(Kind::Bool(true), &around.trail),
        Kind::Object { .. } => around.field(key).each(&mut is_on),
        _ => is_on(around),
    })
}

/// Whether a file calls a method of one of these names.
fn calls_one_of(reading: &Reading<'_>, file: FileId, methods: &[&str]) -> bool {
    let Some(module) = reading.documents.module_of(file) else { return true };
    let mut found = false;
    visit(&module.body, &mut |expr, _| {
        found |= matches!(&expr.kind, ExprKind::Call { callee, .. }
            if matches!(&callee.kind, ExprKind::Member { property, .. } if methods.contains(&&**property)));
    });
    found
}

/// Whether a give speaks of a version; one that is not known may be any.
pub(super) fn speaks_of(gives: &Gives, version: Option<&Version>) -> bool {
    version.is_none_or(|version| gives.condition.versions.hold(version))
}

/// The version of a library that the app has.
pub(super) fn version(reading: &Reading<'_>, library: &Library) -> Option<Version> {
    let project = reading.documents.project;
    let package = reading.found.package?;
    let packages = std::iter::once(library.name).chain(library.modules.iter().copied());
    packages.into_iter().find_map(|name| project.resolved_version(package, name).version().cloned())
}
