//! The variables that the app reads: declared somewhere or nowhere, and what production gives them.

use super::declared::{Users, is_optional_in_types, named_by_images, names, offered, own_scripts};
use crate::environment::Role;
use crate::eval::{Declared, Kind, Place, Value};
use crate::platforms;
use crate::project::PackageId;
use crate::reading::bench::SecretFacts;
use crate::reading::bench::{Needed, Reading};
use crate::reading::siblings::id_of_client;
use crate::secrets::is_plain_word;
use crate::settings::variable;
use crate::syntax::code::SourceKind;
use crate::syntax::{FileId, Span};
use crate::text::Text;
use hashbrown::{HashMap, HashSet};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Variables that runtimes and platforms set by themselves.
const PROVIDED: &[&str] = &[
    "CLOUDFLARE_ENV",
    "NODE_ENV",
    "PORT",
    "HOST",
    "HOSTNAME",
    "HOME",
    "PATH",
    "PWD",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "all_proxy",
    "USER",
    "APPDATA",
    "COMSPEC",
    "LOCALAPPDATA",
    "PROGRAMDATA",
    "PROGRAMFILES",
    "ProgramFiles",
    "ProgramFiles(x86)",
    "PROGRAMFILES(X86)",
    "SystemRoot",
    "USERPROFILE",
    "WINDIR",
    "CI",
    "TZ",
    "LANG",
    "DEV",
    "PROD",
    "MODE",
    "SSR",
    "BASE_URL",
    "VERCEL",
    "VERCEL_ENV",
    "VERCEL_URL",
    "VERCEL_REGION",
    "NETLIFY",
    "FLY_APP_NAME",
    "RENDER",
    "RAILWAY_ENVIRONMENT",
    "AWS_REGION",
    "AWS_LAMBDA_FUNCTION_NAME",
    "NEXT_RUNTIME",
    "NEXT_PHASE",
    // What the plugins of Sentry take for uploading source maps while building: the app is the same without.
    "SENTRY_ORG",
    "SENTRY_PROJECT",
    "SENTRY_AUTH_TOKEN",
    // What `@cloudflare/workers-oauth-provider` puts there.
    "OAUTH_PROVIDER",
    "npm_package_version",
    "npm_lifecycle_event",
    "DEBUG",
    "LOG_LEVEL",
];

/// What is known of a variable besides its value.
struct Known {
    place: Place,
    read: bool,
    has_fallback: bool,
    declared: Option<Declared>,
    needed: Vec<Needed>,
    /// Where it is read without a fallback.
    demanded_in: BTreeSet<FileId>,
    /// The app ends where it is not set.
    demanded: bool,
    /// Whether some of those reads go on without it.
    goes_on: bool,
}

impl Known {
    fn at(place: Place) -> Known {
        Known {
            place,
            read: false,
            has_fallback: false,
            declared: None,
            needed: Vec::new(),
            demanded_in: BTreeSet::new(),
            demanded: false,
            goes_on: false,
        }
    }
}

/// What a read without a fallback comes to where nothing sets the variable.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unset {
    /// The program stops and says which variable it lacks: `os.environ["KEY"]`, `env.str("KEY")`.
    Stops,
    /// It goes on with nothing.
    GoesOn,
    /// Whoever called the function that reads any variable decides.
    CallerDecides,
}

/// What a read comes to where nothing sets the variable, as its text says.
fn unset(reading: &Reading<'_>, name: &str, place: Place) -> Unset {
    let Some((file, span)) = place.in_file() else { return Unset::GoesOn };
    let project = reading.documents.project;
    let text = project.text(file).ok().and_then(|text| text.get(span.start as usize..span.end as usize));
    let Some(text) = text else { return Unset::GoesOn };
    match project.file(file).kind.is_python() {
        true if text.contains("getenv(") || text.contains(".get(") => Unset::GoesOn,
        true if text.contains(name) => Unset::Stops,
        false if text.contains('[') && !text.contains(name) => Unset::CallerDecides,
        _ => Unset::GoesOn,
    }
}

/// Folders of steps that change a database once: what one of them read was there when it ran.
fn is_migration(path: &str) -> bool {
    path.split('/').any(|folder| matches!(folder, "migrations" | "versions"))
}

/// One resource for each variable that code reads, that a schema declares, that a provider reads by itself, or that
/// an env file hands to browsers.
pub(crate) fn read(reading: &mut Reading<'_>) {
    let mut asked: HashMap<FileId, BTreeSet<Arc<str>>> = HashMap::new();
    let mut users = Users::default();
    let offered = offered(reading);
    let starts_app = platforms::starts_app(reading);
    let mut demands: HashMap<FileId, BTreeMap<Arc<str>, Span>> = HashMap::new();
    for (name, mut known) in known(reading) {
        let evaluator = &reading.evaluator;
        let mut by_code = |file: &FileId| {
            demands.entry(*file).or_insert_with(|| evaluator.refuses_without(*file)).contains_key(&name)
        };
        // What a default stands for is never missing.
        let by_schema =
            |declared: &Declared| declared.is_known && declared.optional == Some(false) && declared.default.is_none();
        known.demanded = starts_app
            && (!known.has_fallback && known.declared.as_ref().is_some_and(by_schema)
                || known.demanded_in.iter().any(&mut by_code));
        let provided = PROVIDED.contains(&&*name) || name.starts_with("VERCEL_") || reading.spoken_for.contains(&name);
        if !known.has_fallback && known.declared.is_none() && reading.environment.declared(&name).is_empty() {
            // What code asks about first is what an operator may leave out.
            let evaluator = &reading.evaluator;
            let mut is_asked =
                |file: &FileId| asked.entry(*file).or_insert_with(|| evaluator.asked_about(*file)).contains(&name);
            known.has_fallback = offered.contains(&*name)
                || known.demanded_in.iter().any(&mut is_asked)
                || is_optional_in_types(reading, &own_scripts(reading), &name);
        }
        if !provided || known.declared.is_some() {
            add(reading, &name, &known, &mut users);
        }
    }
    declared_secrets(reading);
}

fn known(reading: &mut Reading<'_>) -> BTreeMap<Arc<str>, Known> {
    let mut all: BTreeMap<Arc<str>, Known> = BTreeMap::new();
    for declared in reading.evaluator.declared_variables() {
        let known = all.entry(declared.variable.clone()).or_insert_with(|| Known::at(declared.place));
        known.declared.get_or_insert(declared);
    }
    let mut passed_over: HashMap<FileId, Vec<Span>> = HashMap::new();
    for read in reading.evaluator.variables_read() {
        let Some((file, span)) = read.place.in_file() else { continue };
        let path = &reading.documents.project.file(file).path;
        if SourceKind::from_path(path).is_none() || is_migration(path) {
            continue;
        }
        let known = all.entry(read.variable.clone()).or_insert_with(|| Known::at(read.place));
        known.read = true;
        let attempts = passed_over.entry(file).or_insert_with(|| reading.evaluator.passed_over(file));
        if read.has_fallback || attempts.iter().any(|attempt| attempt.holds(span)) {
            known.has_fallback = true;
            continue;
        }
        match unset(reading, &read.variable, read.place) {
            Unset::CallerDecides => known.has_fallback = true,
            unset => {
                known.goes_on |= unset == Unset::GoesOn;
                known.demanded_in.insert(file);
            }
        }
    }
    for needed in std::mem::take(&mut reading.needed) {
        all.entry(needed.variable.clone()).or_insert_with(|| Known::at(needed.place)).needed.push(needed);
    }
    for variable in reading.environment.variables() {
        if is_public(&variable.name) && matches!(variable.role, Role::Loaded | Role::Intent | Role::Target) {
            all.entry(variable.name).or_insert_with(|| Known::at(variable.place));
        }
    }
    all
}

/// The files beside the app's own env files that speak of a variable: of those who need the app or the package that reads it,
/// and the images of the project.
fn elsewhere(reading: &Reading<'_>, name: &str, known: &Known, users: &mut Users) -> Vec<FileId> {
    let project = reading.documents.project;
    let readers = known.demanded_in.iter().filter_map(|file| project.nearest_package(*file));
    let packages: BTreeSet<PackageId> = reading.found.package.into_iter().chain(readers).collect();
    let mut found: Vec<FileId> = Vec::new();
    for package in packages {
        let files = users.files(project, package);
        found.extend(files.iter().filter(|file| project.text(**file).is_ok_and(|text| names(text, name))));
    }
    found.extend(named_by_images(project, name));
    found.sort_unstable();
    found.dedup();
    found
}

fn add(reading: &mut Reading<'_>, name: &Arc<str>, known: &Known, users: &mut Users) {
    let place = known.place;
    let project = reading.documents.project;
    let text = |text: &str, place| Value::written(Kind::Text(Text::new(text)), place);
    let files = reading.environment.declared(name);
    let elsewhere = match files.is_empty() && known.declared.is_none() {
        true => elsewhere(reading, name, known, users),
        false => Vec::new(),
    };
    let places = files.iter().map(|(file, span)| Place::File(*file, *span));
    let places = places.chain(elsewhere.into_iter().map(|file| Place::File(file, Default::default())));
    let places = places.chain(known.declared.iter().map(|declared| declared.place));
    let items = places.filter_map(|place| Some(text(&project.file(place.in_file()?.0).path, place))).collect();
    let is_client = known.declared.as_ref().is_some_and(|declared| declared.client);
    let stated = |kind| reading.stated(kind, place);
    let mut resource = reading
        .resource(variable::KIND, name.clone(), place)
        .set(variable::demanded, stated(Kind::Bool(known.demanded)))
        .set(variable::name, stated(Kind::Text(Text::new(name.clone()))))
        .set_at(variable::value, reading.evaluator.variable(name, place), name.clone())
        .set(variable::visible_to_client, stated(Kind::Bool(is_client || is_public(name))))
        .set(variable::required, stated(Kind::Bool(!known.has_fallback)))
        .set(variable::stops_unset, stated(Kind::Bool(!known.goes_on && !known.demanded_in.is_empty())))
        .set(variable::read_in_code, stated(Kind::Bool(known.read)))
        .set(variable::declared_in, stated(Kind::List { items, open: None }));
    if !known.needed.is_empty() {
        let by = known.needed.iter().map(|needed| text(&needed.by, needed.place)).collect();
        // Of several readers the one that surely has nothing else counts.
        let without = |needed: &&Needed| needed.given_in_code.as_bool() == Some(false);
        let leading = known.needed.iter().find(without).unwrap_or(&known.needed[0]);
        let (given, at) = (leading.given_in_code.clone(), leading.place);
        resource = resource
            .set(variable::required_by, reading.stated(Kind::List { items: by, open: None }, at))
            .set(variable::satisfied_in_code, given);
    }
    if let Some(declared) = &known.declared {
        let is_set = reading.environment.is_set(name) == Some(true);
        if let (Some(default), false) = (&declared.default, is_set || is_switched_off(reading, name)) {
            let default = default.each(&mut |default| match default.kind {
                Kind::Text(_) | Kind::Unknown(_) => default.clone(),
                _ => Value::new(Kind::Absent, &default.trail),
            });
            resource = resource.set_at(variable::schema_default, default, name.clone());
        }
        if declared.truth_of_text {
            resource = resource.set(variable::string_truthiness, reading.stated(Kind::Bool(true), declared.place));
        }
    }
    if let Some(at) = reading.evaluator.taken_for_truth(name)
        && reading.evaluator.variable(name, place).as_text().is_some_and(|text| text.test(is_off_word))
    {
        resource = resource.set(variable::string_truthiness, reading.stated(Kind::Bool(true), at));
    }
    reading.add(resource);
}

/// Whether the schema that declares a variable declares a switch for what it is about, which is off: `CACHE_ENABLED`
/// beside `CACHE_HOST`.
fn is_switched_off(reading: &Reading<'_>, name: &str) -> bool {
    let about = name.rsplit_once('_').map(|(about, _)| about);
    let switch = about.and_then(|about| reading.evaluator.declaration_of(&format!("{about}_ENABLED")));
    switch.is_some_and(|switch| match switch.value.kind {
        // Whoever switches it on says what it needs, too.
        Kind::Unknown(_) | Kind::Choice(..) => switch.default.as_ref().and_then(Value::as_bool) == Some(false),
        _ => switch.value.as_bool() == Some(false),
    })
}

/// Texts by which somebody means to switch something off.
fn is_off_word(text: &str) -> bool {
    ["false", "0", "no", "off", "disabled", "f", "n"].iter().any(|word| text.trim().eq_ignore_ascii_case(word))
}

/// The secrets that a schema declares and that nothing else has spoken of.
fn declared_secrets(reading: &mut Reading<'_>) {
    let secrets =
        reading.model.resources.iter().filter(|resource| resource.kind.name == crate::settings::secret::KIND.name);
    let spoken = secrets.filter_map(|resource| {
        let value = resource.value(crate::settings::secret::value)?;
        variable_of_secret(reading, value)
    });
    let mut spoken: HashSet<Arc<str>> = spoken.collect();
    for declared in reading.evaluator.declared_variables() {
        let is_known = spoken.contains(&declared.variable);
        if declared.client || is_known || !crate::secrets::is_secret_name(&declared.variable) {
            continue;
        }
        let required = match (declared.optional, &declared.default) {
            (_, Some(_)) => Some(false),
            (optional, None) => optional.map(|optional| !optional),
        };
        // `AUTH_ID_TOKEN: z.enum(["true", "false"]).default("true")` is a switch.
        let says_word = |default: &Value| default.as_text().is_some_and(|text| text.test(is_plain_word));
        if declared.default.as_ref().is_some_and(says_word)
            || is_not_set_up(reading, &declared.variable, declared.place)
        {
            continue;
        }
        let facts = SecretFacts { required, ..SecretFacts::of(crate::secrets::purpose(&declared.variable)) };
        let raw = reading.evaluator.variable(&declared.variable, declared.place);
        let is_empty = raw.is_absent() || raw.as_text().is_some_and(Text::is_blank);
        let value = if is_empty && declared.default.is_none() { raw } else { declared.value.clone() };
        reading.secret(&declared.variable, &value, facts);
        spoken.extend(variable_of_secret(reading, &value));
    }
}

/// Whether a client's secret is the very stand-in that the client's id is: nobody has set that provider up.
fn is_not_set_up(reading: &Reading<'_>, name: &str, place: Place) -> bool {
    let Some(id) = id_of_client(name) else { return false };
    let (own, id) = (reading.evaluator.variable(name, place), reading.evaluator.variable(&id, place));
    own.as_text().is_some() && own.as_text() == id.as_text()
}

/// The variable that a secret comes from, unless its text is known, as that of a template is.
fn variable_of_secret(reading: &Reading<'_>, value: &Value) -> Option<Arc<str>> {
    if matches!(value.kind, Kind::Text(_)) { None } else { reading.variable_of(value) }
}

/// Prefixes by which bundlers put a variable into the code that browsers get.
fn is_public(name: &str) -> bool {
    ["NEXT_PUBLIC_", "VITE_", "PUBLIC_", "NUXT_PUBLIC_", "EXPO_PUBLIC_", "REACT_APP_", "GATSBY_"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::is_migration;

    #[test]
    fn a_step_of_a_database_lies_in_a_folder_of_its_own() {
        assert!(is_migration("shop/migrations/0001_initial.py") && is_migration("db/versions/2021_roles.py"));
        assert!(!is_migration("shop/versions.py") && !is_migration("shop/settings.py"));
    }
}
