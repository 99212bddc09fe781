//! Reads the libraries of an app into settings: each use gives the resources that the library's facts say.

use super::alike::alike;
use super::beyond;
use super::catalogue::Catalogue;
use super::code::{self, is_export};
use super::giving::{Giving, speaks_of, version};
use super::library::{Gives, Host, Library, Usage};
use super::limits;
use super::methods::CallingFile;
use super::mounts::Mounts;
use super::names::is_module;
use super::options::options;
use super::seen::{Seen, mark};
use super::surfaces;
use crate::eval::{Because, Decorated, Kind, Place, Use, Value, Way};
use crate::project::inside;
use crate::reading::bench::Reading;
use crate::reading::cookies::is_removal;
use crate::settings::{Member, Resource, cookie, cors};
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

/// Reads every library that the app's own files import, but for those that its framework speaks of by itself.
pub(crate) fn read(reading: &mut Reading<'_>, libraries: &Catalogue) {
    let project = reading.documents.project;
    let files = code::of_app(project, reading.found);
    let mut using = using(reading, &files, libraries);
    let mut seen = Seen::default();
    for library in using.iter().flat_map(|using| &using.libraries).filter(|library| library.host.is_some()) {
        if !seen.hosts.iter().any(|known| known.id == library.id) {
            seen.hosts.push(library);
        }
    }
    seen.hosts.sort_by_key(|library| library.id);
    reading.facts.hosts = seen.hosts.iter().map(|library| library.id.into()).collect();
    stack(reading, &seen.hosts, &using);
    seen.marks.extend(reading.facts.marks.iter().copied());
    let beyond = beyond::files(reading, &files, libraries);
    let with_beyond: Vec<FileId> = files.iter().chain(&beyond).copied().collect();
    using.extend(self::using(reading, &beyond, libraries));
    let mut uses = uses(reading, &with_beyond, &using);
    beyond::retain(&mut uses, &beyond, &|one| libraries_of(one, &using).any(beyond::works_at_once));
    uses.extend(autoloaded(reading, &files, &using));
    uses.append(&mut reading.handed);
    reading.anchor = reading.anchor.or_else(|| made(reading, &uses, &seen.hosts));
    let mut given: Vec<Resource> = Vec::new();
    for one in &uses {
        for library in libraries_of(one, &using) {
            for gives in &library.gives {
                let is_meant = fits(registry_of(reading, one), gives, one, &seen.hosts);
                if is_meant && gives.mark.is_some() && speaks_of(gives, version(reading, library).as_ref()) {
                    seen.marks.extend(mark(gives, &options(one, gives, &uses)));
                }
            }
        }
    }
    methods(reading, &files, &uses, &mut seen, &mut given);
    imports(reading, &using, &uses, &mut seen, &mut given);
    using.retain(|using| !beyond.contains(&using.file));
    exports(reading, &using, &mut seen, &mut given);
    configured(reading, libraries, &using, &mut seen, &mut given);
    limits::addresses(&mut given);
    told_once(&seen.hosts, &uses, &mut given);
    reading.facts.made = surfaces::read(reading, &seen.hosts, &files, (&uses, &seen.awaited), &mut given);
    given.into_iter().for_each(|resource| reading.add(resource));
}

/// Where the code makes the app: what is nowhere written belongs there.
fn made(reading: &Reading<'_>, uses: &[Use], hosts: &[&'static Library]) -> Option<Place> {
    let makes = |one: &&Use| {
        let registry = registry_of(reading, one);
        let hosts = hosts.iter().filter_map(|library| library.host.as_ref());
        matches!(one.way, Way::Called)
            && hosts.into_iter().any(|host| is_export(registry, &host.modules, &host.made_by, &one.module, &one.export))
    };
    reading.found.framework.filter(|framework| super::hosts::is_host(framework))?;
    uses.iter().find(makes).map(|one| one.place)
}

/// Says what the app is made of beside its framework: the hosts, then the libraries that its files import.
fn stack(reading: &mut Reading<'_>, hosts: &[&'static Library], using: &[Using]) {
    let mut members: Vec<Member> = Vec::new();
    let mut imported: Vec<&'static Library> = using.iter().flat_map(|using| using.libraries.iter().copied()).collect();
    imported.retain(|library| library.host.is_none());
    imported.sort_by_key(|library| library.name);
    for library in hosts.iter().copied().chain(imported) {
        let name = library.host.as_ref().map_or(library.name, |host| host.name);
        let known = reading.model.apps.iter().flat_map(|app| &app.stack).chain(&members);
        if known.map(|member| &*member.name).any(|known| known == name) {
            continue;
        }
        let project = reading.documents.project;
        let version = reading.found.package.and_then(|package| {
            project.resolved_version(package, library.name).version().map(|version| version.to_string().into())
        });
        members.push(Member { is_host: library.host.is_some(), name: name.into(), version });
    }
    reading.model.apps.iter_mut().for_each(|app| app.stack.append(&mut members));
}

/// Leaves out what only says again, to the question that comes before a request, whom another use lets in.
fn told_once(hosts: &[&'static Library], uses: &[Use], given: &mut Vec<Resource>) {
    let is_cors = |resource: &Resource| resource.kind.name == cors::KIND.name;
    for mounts in hosts.iter().filter_map(|host| Mounts::of(uses, host)) {
        if given.iter().any(|one| is_cors(one) && !mounts.only_answers_before(one.place)) {
            given.retain(|one| !is_cors(one) || !mounts.only_answers_before(one.place));
        }
    }
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
        own.dedup_by(|a, b| std::ptr::eq(*a, *b));
        if !own.is_empty() {
            found.push(Using { file, registry, libraries: own });
        }
    }
    found
}

/// What the app does with the libraries, in the order of the files and of their text.
fn uses(reading: &Reading<'_>, files: &[FileId], using: &[Using]) -> Vec<Use> {
    let mut importing: Vec<FileId> = Vec::new();
    let mut modules: Vec<(&str, &str)> = Vec::new();
    for using in using {
        let known = modules.len();
        let searched = using.libraries.iter().filter(|library| library.is_searched());
        modules.extend(searched.flat_map(|library| &library.modules).map(|module| (using.registry, *module)));
        if modules.len() > known {
            importing.push(using.file);
        }
    }
    modules.sort_unstable();
    modules.dedup();
    let is_meant = |module: &str| modules.iter().any(|(registry, own)| is_module(registry, own, module));
    reading.evaluator.uses(&importing, files, &is_meant)
}

/// Plugins that files of an app export and `@fastify/autoload` registers, with the options beside them: `autoConfig`.
fn autoloaded(reading: &Reading<'_>, files: &[FileId], using: &[Using]) -> Vec<Use> {
    if reading.documents.project.mentioning(files, &["@fastify/autoload"]).is_empty() {
        return Vec::new();
    }
    let exported = |using: &Using| {
        let plugin = reading.evaluator.export(using.file, "default");
        let plugin = match &plugin.kind {
            // `fp(plugin)` is the plugin without a scope of its own.
            Kind::Call(call) if call.origin().is_some_and(|(module, _)| module == "fastify-plugin") => {
                call.arguments.first()?.clone()
            }
            _ => plugin,
        };
        let Kind::External { module, path } = &plugin.kind else { return None };
        let options = reading.evaluator.export(using.file, "autoConfig");
        let options = match options.kind {
            Kind::Function(_) => {
                reading.evaluator.call(&options, vec![Value::unknown(Because::Undecided, &plugin.trail)])
            }
            _ => options,
        };
        let export = if path.is_empty() { "default".into() } else { path.clone() };
        let one = of_options(reading, options, &export, using.file);
        Some(Use { module: module.clone(), way: Way::Handed { to: "register".into(), of: None }, ..one })
    };
    using.iter().filter_map(exported).collect()
}

/// The libraries that a use can be one of: those of its file, and where it stands in one that imports none, all.
fn libraries_of<'u>(one: &Use, using: &'u [Using]) -> impl Iterator<Item = &'static Library> + 'u {
    let file = one.file;
    let own = using.iter().any(|using| using.file == file);
    let mut all: Vec<&'static Library> = using
        .iter()
        .filter(|using| !own || using.file == file)
        .flat_map(|using| using.libraries.iter().copied())
        .collect();
    all.sort_by_key(|library| library.id);
    all.dedup_by(|a, b| std::ptr::eq(*a, *b));
    all.into_iter()
}

fn registry_of(reading: &Reading<'_>, one: &Use) -> &'static str {
    code::registry_of(reading.documents.project, one.file).unwrap_or("npm")
}

/// The most ways in which what stands at one place is told something else each time.
const MOST_WAYS: usize = 4;

/// Uses that are told nothing else than one that stands at the same place: a helper that is called twice. Of those, the
/// one that happens for certain counts.
fn repeated(uses: &[Use]) -> Vec<bool> {
    let mut repeated = vec![false; uses.len()];
    let mut told: HashMap<Place, Vec<usize>> = HashMap::new();
    let is_certain = |index: usize| uses[index].present.as_bool() == Some(true);
    for (index, one) in uses.iter().enumerate() {
        let known = told.entry(one.place).or_default();
        let is_same = |other: &Use| {
            other.export == one.export
                && other.module == one.module
                && std::mem::discriminant(&other.way) == std::mem::discriminant(&one.way)
        };
        let mut ways = known.iter().filter(|other| is_same(&uses[**other]));
        if ways.clone().count() >= MOST_WAYS {
            repeated[index] = true;
            continue;
        }
        match ways.find(|other| alike(&uses[**other].given, &one.given)).copied() {
            Some(before) if is_certain(before) || !is_certain(index) => repeated[index] = true,
            Some(before) => {
                repeated[before] = true;
                known.push(index);
            }
            None => known.push(index),
        }
    }
    repeated
}

/// Reads what the app does with what it imports.
fn imports(reading: &mut Reading<'_>, using: &[Using], uses: &[Use], seen: &mut Seen, given: &mut Vec<Resource>) {
    let mut cookies: HashMap<FileId, bool> = HashMap::new();
    let repeated = repeated(uses);
    for one in uses.iter().enumerate().filter(|(index, _)| !repeated[*index]).map(|(_, one)| one) {
        let registry = registry_of(reading, one);
        for library in libraries_of(one, using) {
            for gives in library.gives.iter().filter(|gives| !matches!(gives.usage, Usage::Method { .. })) {
                if !fits(registry, gives, one, &seen.hosts) || removes(gives, one) {
                    continue;
                }
                let touches = gives.asks_for(COOKIES)
                    && *cookies.entry(one.file).or_insert_with(|| {
                        reading.documents.module_of(one.file).is_some_and(|module| uses_cookies(&module))
                    });
                Giving { library, gives, one, uses, marks: touches.then_some(COOKIES) }.read(reading, seen, given);
            }
        }
    }
}

/// Whether a use is one that a give speaks of.
fn fits(registry: &str, gives: &Gives, one: &Use, hosts: &[&'static Library]) -> bool {
    let way = match (&gives.usage, &one.way) {
        (Usage::Called(_), Way::Called) => true,
        (Usage::Decorates(_), Way::Called | Way::Named) => matches!(one.decorates, Some(Decorated::Class(_))),
        (Usage::Handed { to, .. }, Way::Handed { to: own, .. }) => to.contains(&&**own),
        (Usage::Method { methods, first, on, of }, Way::Method { name, of: object }) => {
            let mut hosts =
                hosts.iter().filter(|library| library.id == *on).filter_map(|library| library.host.as_ref());
            let is_host =
                |host: &Host| is_export(registry, &host.modules, &host.made_by, &object.module, &object.export);
            let said = one.given.arguments.first().and_then(Value::as_text);
            let is_first = first.is_none_or(|first| said.is_some_and(|text| text.is(first)));
            return of.is_empty() && methods.contains(&&**name) && is_first && hosts.any(is_host);
        }
        _ => false,
    };
    way && is_export(registry, &gives.modules, gives.usage.exports(), &one.module, &one.export)
}

/// Calls of methods of the app itself, or of what its handlers are given: `app.set("trust proxy", 1)`, `res.cookie(..)`.
fn methods(reading: &mut Reading<'_>, files: &[FileId], uses: &[Use], seen: &mut Seen, given: &mut Vec<Resource>) {
    for library in seen.hosts.clone() {
        let registry = library.id.split('/').next().unwrap_or_default();
        for gives in &library.gives {
            let Usage::Method { methods, first, of, .. } = &gives.usage else { continue };
            let mut found: Vec<Use> =
                uses.iter().filter(|one| fits(registry, gives, one, &seen.hosts)).cloned().collect();
            let words: Vec<String> = methods.iter().map(|method| format!(".{method}(")).collect();
            let words: Vec<&str> = match first {
                Some(first) => vec![first],
                None => words.iter().map(String::as_str).collect(),
            };
            let is_meant = |expr: &Expr, value: &Value| match &value.kind {
                _ if of == &["*"] => true,
                _ if !of.is_empty() => begins_with(expr, of),
                // Where nobody sees who calls, a name has to do.
                Kind::External { .. } | Kind::Unknown(_) => is_named_app(expr),
                _ => false,
            };
            for file in reading.documents.project.mentioning(files, &words) {
                if code::registry_of(reading.documents.project, file) != Some(registry) {
                    continue;
                }
                let Some(module) = reading.documents.module_of(file) else { continue };
                for one in (CallingFile { reading, file, module }).methods(methods, &is_meant) {
                    let said = one.given.arguments.first().and_then(Value::as_text);
                    let is_first = first.is_none_or(|first| said.is_some_and(|text| text.is(first)));
                    if is_first && !found.iter().any(|known| known.place == one.place) {
                        found.push(one);
                    }
                }
            }
            found.sort_by_key(|one| one.place);
            found.dedup_by_key(|one| one.place);
            for one in found.iter().filter(|one| !removes(gives, one)) {
                Giving { library, gives, one, uses, marks: None }.read(reading, seen, given);
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
    let is_over = |(name, value): &(Arc<str>, Value)| match &**name {
        "max_age" => value.as_number().is_some_and(|age| age <= 0.0),
        "value" => is_empty(value),
        _ => false,
    };
    is_cookie
        && (one.given.keywords.iter().any(is_over)
            || one.given.arguments.iter().skip(1).any(|argument| is_removal(argument) || is_empty(argument)))
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

/// What the configuration object of the app's host says of libraries that the app imports, or that the configuration
/// names.
fn configured(
    reading: &mut Reading<'_>,
    libraries: &Catalogue,
    using: &[Using],
    seen: &mut Seen,
    given: &mut Vec<Resource>,
) {
    let Some(config) = reading.facts.config.clone() else { return };
    let file = config.trail.place.in_file().map(|(file, _)| file).or(using.first().map(|using| using.file));
    let Some(file) = file else { return };
    let mut all = each_once(using);
    let named: Vec<Arc<str>> = reading.facts.named.clone();
    all.extend(named.iter().flat_map(|name| libraries.of_module("pypi", name)));
    all.sort_by_key(|library| library.id);
    all.dedup_by_key(|library| library.id);
    for library in all {
        for gives in &library.gives {
            let Usage::Configured { mark, on } = &gives.usage else { continue };
            let is_there = |mark: &str| {
                reading.facts.has(mark) || seen.marks.contains(&mark) || named.iter().any(|name| **name == *mark)
            };
            if reading.facts.config_of == Some(*on) && mark.is_none_or(is_there) {
                let one = of_options(reading, config.clone(), "config", file);
                Giving { library, gives, one: &one, uses: &[], marks: None }.read(reading, seen, given);
            }
        }
    }
}

/// A use that is nothing but its options.
fn of_options(reading: &Reading<'_>, options: Value, export: &str, file: FileId) -> Use {
    let place = reading.place_of(&options);
    Use::handed("", export, vec![options], (file, place))
}

/// The libraries that some files import, each once.
fn each_once(using: &[Using]) -> Vec<&'static Library> {
    let mut all: Vec<&'static Library> = using.iter().flat_map(|using| using.libraries.iter().copied()).collect();
    all.sort_by_key(|library| library.id);
    all.dedup_by_key(|library| library.id);
    all
}

/// What files of the project export for a library: `next.config.ts`.
fn exports(reading: &mut Reading<'_>, using: &[Using], seen: &mut Seen, given: &mut Vec<Resource>) {
    for library in each_once(using) {
        for gives in &library.gives {
            let Usage::Exported { files, name } = &gives.usage else { continue };
            let project = reading.documents.project;
            let mut there = files.iter().filter_map(|file| project.find(&inside(&reading.found.root, file)));
            let Some(file) = there.next() else { continue };
            let mut options = reading.evaluator.export(file, name);
            if matches!(options.kind, Kind::Function(_)) {
                options = reading.evaluator.call(&options, Vec::new());
            }
            let one = of_options(reading, options, name, file);
            Giving { library, gives, one: &one, uses: &[], marks: None }.read(reading, seen, given);
        }
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
