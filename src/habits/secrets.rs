//! Secrets by their names in env files, templates and deployment files, and equal values among them.

use crate::environment::{Role, Variable};
use crate::eval::{How, Kind, Question, Value};
use crate::project::FileKind;
use crate::reading::bench::Reading;
use crate::reading::bench::SecretFacts;
use crate::reading::interpolated::is_made_of_others;
use crate::secrets::{is_placeholder, is_secret_name, is_well_known_default, provider, purpose};
use crate::settings::{Resource, secret};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use hashbrown::HashMap;
use std::sync::Arc;

/// Each secret-named variable of a template or of a source that production reads.
pub(crate) fn read(reading: &mut Reading<'_>) {
    let published = crate::platforms::datastore_published(reading);
    let variables: Vec<Variable> = reading.environment.variables().collect();
    let siblings = Siblings::of(&variables);
    for variable in &variables {
        let counts = matches!(variable.role, Role::Loaded | Role::Intent | Role::Target | Role::Template);
        if reading.spoken_for.contains(&variable.name) && variable.role != Role::Template {
            continue;
        }
        // What a job is given is judged by what the job is for, and what a script hands on where the script is read.
        let file = variable.place.in_file().map(|(file, _)| reading.documents.project.file(file));
        if file.is_some_and(|file| file.kind == crate::platforms::pipelines::KIND || file.name().ends_with(".sh")) {
            continue;
        }
        // The variable that the text is made of is judged where it is set.
        if is_made_of_others(reading, &variable.value) {
            continue;
        }
        let told = variable.role == Role::Target;
        if told && siblings.choose_other_engine(&variable.name) {
            continue;
        }
        let Some(written) = secret_value(&variable.name, &variable.value).filter(|_| counts) else { continue };
        let repeats = siblings.repeat_user(variable, &written);
        let mut resource = reading.secret_resource(&variable.name, &written.value, SecretFacts::of(written.purpose));
        let stated = reading.stated(Kind::Bool(repeats), resource.place);
        resource = resource.set(secret::repeats_user, stated);
        if let Some(published) = published {
            let place = resource.place;
            resource = resource.set(secret::service_published, reading.stated(Kind::Bool(published), place));
        }
        reading.add(resource);
    }
}

/// Names of variables that say which database is used, and the last of their words.
const SWITCHES: &[&str] =
    &["ENGINE", "TYPE", "CLIENT", "DIALECT", "CONNECTION", "VENDOR", "DRIVER", "PROVIDER", "BACKEND", "KIND"];

/// The first words of the names of what belongs to one database, and the words by which a switch names it.
const ENGINES: &[(&[&str], &[&str])] = &[
    (&["POSTGRES", "POSTGRESQL", "PG", "PGSQL"], &["postgres", "pg", "psql"]),
    (&["MYSQL", "MARIADB"], &["mysql", "mariadb"]),
    (&["MONGO", "MONGODB"], &["mongo"]),
    (&["MSSQL", "SQLSERVER"], &["mssql", "sqlserver"]),
    (&["ORACLE"], &["oracle"]),
];

/// What the variables of one source say of each other.
pub(crate) struct Siblings<'v> {
    /// The texts of those that name a user.
    users: HashMap<&'v str, Vec<&'v Text>>,
    /// The databases beside which a switch chooses another one, in the order of [`ENGINES`].
    left_aside: Vec<bool>,
}

impl<'v> Siblings<'v> {
    /// What these variables say.
    pub(crate) fn of(variables: &'v [Variable]) -> Self {
        let mut users: HashMap<&str, Vec<&Text>> = HashMap::new();
        let mut left_aside = vec![false; ENGINES.len()];
        for variable in variables {
            let Some(text) = variable.value.as_text() else { continue };
            if USERS.iter().any(|end| variable.name.ends_with(end)) {
                users.entry(&variable.name).or_default().push(text);
            }
            if is_switch(&variable.name) {
                note_choice(text, &mut left_aside);
            }
        }
        Siblings { users, left_aside }
    }

    /// Whether a variable belongs to a database that a switch beside it does not choose: `POSTGRES_PASSWORD` beside
    /// `DB_ENGINE=sqlite`.
    pub(crate) fn choose_other_engine(&self, name: &str) -> bool {
        let first = name.split('_').next().unwrap_or(name);
        let own = ENGINES.iter().position(|(names, _)| names.contains(&first));
        own.is_some_and(|engine| self.left_aside[engine])
    }

    /// Whether a password is the name of its user: `app:app@` in an address, `POSTGRES_USER` beside
    /// `POSTGRES_PASSWORD`.
    pub(crate) fn repeat_user(&self, variable: &Variable, written: &Written) -> bool {
        let Some(password) = written.value.as_text() else { return false };
        if let Some(address) = variable.value.as_text().filter(|address| *address != password) {
            let twice = password.map(|password| format!("//{password}:{password}@"));
            return twice.test(|twice| address.test(|address| address.contains(twice)));
        }
        let stem = ["PASSWORD", "PASSWD", "PASS"].iter().find_map(|end| variable.name.strip_suffix(end));
        // The password of the one who may do everything is as good as the user's that is the same.
        let Some(stem) = stem.map(|stem| stem.strip_suffix("ROOT_").unwrap_or(stem)) else { return false };
        USERS.iter().any(|end| {
            let users = self.users.get(&*format!("{stem}{end}"));
            users.is_some_and(|texts| texts.contains(&password))
        })
    }
}

/// How the names of variables end that name a user.
const USERS: &[&str] = &["USER", "USERNAME"];

fn is_switch(name: &str) -> bool {
    let Some((subject, last)) = name.rsplit_once('_') else { return false };
    matches!(subject.rsplit('_').next(), Some("DB" | "DATABASE")) && SWITCHES.contains(&last)
}

/// Notes which databases a switch does not choose, where it names one that is known.
fn note_choice(chosen: &Text, left_aside: &mut [bool]) {
    chosen.test(|text| {
        let text = text.to_ascii_lowercase();
        let names = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if names(&["sqlite"]) || ENGINES.iter().any(|(_, words)| names(words)) {
            for (aside, (_, own)) in left_aside.iter_mut().zip(ENGINES) {
                *aside |= !names(own);
            }
        }
        true
    });
}

/// A secret as it is written somewhere, alone or in an address.
pub(crate) struct Written {
    /// Its text, or the worlds in which a written fallback is it.
    pub(crate) value: Value,
    /// What it is for: a word of `secret.purpose`.
    pub(crate) purpose: &'static str,
}

/// The secret under a name: all of the text, or the password of an address. None where nothing of it is written.
pub(crate) fn secret_value(name: &str, value: &Value) -> Option<Written> {
    let fallback = value.trail.walk(8).into_iter().find_map(|step| match &step.how {
        How::Reads { fallback: Some(fallback), .. } => fallback.as_text().cloned(),
        _ => None,
    });
    let text = match &value.kind {
        Kind::Text(text) => text.clone(),
        Kind::Choice(..) => without_variables(value, false).or(fallback)?,
        _ => return None,
    };
    let found = secret_part(name, &text)?;
    let value = value.each(&mut |arm| match &arm.kind {
        Kind::Text(text) => {
            let part = secret_part(name, text);
            Value::new(Kind::Text(part.map_or_else(|| text.clone(), |(part, _)| part)), &arm.trail)
        }
        _ => arm.clone(),
    });
    Some(Written { value, purpose: found.1 })
}

/// The text that there is where none of its variables is set, if one of those is a secret: an address with a fallback
/// in it, `postgres://app:${PASSWORD:-app}@db`.
fn without_variables(value: &Value, secret: bool) -> Option<Text> {
    match &value.kind {
        Kind::Choice(Question::IsSet(name), arms) => without_variables(arms.first()?, secret || is_secret_name(name)),
        Kind::Text(text) => secret.then(|| text.clone()),
        _ => None,
    }
}

/// The secret in a text under a name, and what it is for.
pub(crate) fn secret_part(name: &str, text: &Text) -> Option<(Text, &'static str)> {
    if text.is_blank() || text.test(is_reference) || text.test(|text| repeats(name, text)) {
        return None;
    }
    if let Some((password, purpose)) = password_of(text) {
        return Some((password, purpose));
    }
    if is_secret_name(name) {
        return (!text.test(is_no_secret)).then(|| (text.clone(), purpose(name)));
    }
    provider(text).map(|_| (text.clone(), "api_key"))
}

/// The password of an address such as `postgres://user:password@host/name`.
fn password_of(address: &Text) -> Option<(Text, &'static str)> {
    let mut scheme = String::new();
    let mut inside = None;
    address.test(|address| {
        let Some((before, rest)) = address.trim().split_once("://") else { return false };
        let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
        let Some((user, _)) = host.rsplit_once('@') else { return false };
        scheme = before.to_ascii_lowercase();
        inside = user.split_once(':').map(|(_, password)| password.to_owned());
        true
    });
    let password = Text::new(inside.filter(|password| !password.is_empty())?);
    if password.test(is_reference) || !scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    {
        return None;
    }
    let own = matches!(&*scheme, "http" | "https" | "smtp" | "smtps" | "ftp" | "sftp" | "ssh" | "ldap" | "ldaps");
    Some((password, if own { "password" } else { "datastore" }))
}

/// A reference to something else: another variable, a template's hole, a secret store.
fn is_reference(text: &str) -> bool {
    let text = text.trim();
    [
        "${",
        "$(",
        "{{",
        "<%",
        "%{",
        "#{",
        "op://",
        "vault:",
        "vault://",
        "arn:aws:",
        "secretsmanager:",
        "sm://",
        "awssm://",
        "ENC[",
    ]
    .iter()
    .any(|start| text.starts_with(start))
        || text.contains("${")
        || text.contains("{{")
        || text.contains("$(")
        || (text.starts_with('$') && text[1..].bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
        || (text.starts_with('@') && !text.contains(' '))
}

/// The name itself as a text, which asks for the value: `API_KEY=API_KEY_VAL`.
fn repeats(name: &str, text: &str) -> bool {
    let text = text.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    name.len() > 3 && text.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['_', '-']))
}

/// A text that no secret is, whatever its name says: a switch, a small number, a path, an address.
fn is_no_secret(text: &str) -> bool {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    matches!(
        &*lower,
        "true"
            | "false"
            | "yes"
            | "no"
            | "on"
            | "off"
            | "null"
            | "none"
            | "nil"
            | "undefined"
            | "disabled"
            | "enabled"
            | "auto"
    ) || (text.len() < 5 && text.bytes().all(|byte| byte.is_ascii_digit()))
        || text.starts_with(['/', '~'])
        || text.starts_with("./")
        || text.starts_with("../")
        || text.starts_with("file:")
        || text.contains("://")
        || text.starts_with("C:\\")
}

/// Whether a value is one that everybody knows or that asks to be replaced.
pub(crate) fn is_dummy(text: &Text) -> bool {
    is_placeholder(text) || is_well_known_default(text)
}

/// Words in the names of env files by which they are for an environment of their own.
const ENVIRONMENTS: &[&str] = &[
    "development",
    "dev",
    "develop",
    "staging",
    "stage",
    "stg",
    "test",
    "testing",
    "ci",
    "e2e",
    "qa",
    "uat",
    "preview",
    "local",
    "production",
    "prod",
];

/// Where the text of a secret stands.
fn place_of_text(resource: &Resource) -> Option<(FileId, Span)> {
    resource.value(secret::value).and_then(|value| value.trail.primary())
}

/// Notes, at each secret, the other environments and the other secrets that have the same value.
pub(crate) fn compare(reading: &mut Reading<'_>) {
    let elsewhere: Vec<(Arc<str>, Text)> = reading
        .environment
        .variables()
        .filter(|variable| matches!(variable.role, Role::Other | Role::Developer))
        .filter_map(|variable| {
            let file = variable.place.in_file()?.0;
            let file = reading.documents.project.file(file);
            // `netbox.env` is a part of one environment, not another one.
            let named = |name: &str| name.split(['.', '-', '_']).any(|word| ENVIRONMENTS.contains(&word));
            if matches!(&file.kind, FileKind::EnvFile { environment: Some(name), .. } if !named(name)) {
                return None;
            }
            let path = file.path.clone();
            let (secret, _) = secret_part(&variable.name, variable.value.as_text()?)?;
            Some((path, secret))
        })
        .collect();
    let mut in_files: HashMap<Text, Vec<Arc<str>>> = HashMap::new();
    for (path, text) in elsewhere {
        in_files.entry(text).or_default().push(path);
    }
    let mut own: HashMap<Text, Vec<Own>> = HashMap::new();
    for resource in reading.model.resources.iter().filter(|resource| resource.kind.name == secret::KIND.name) {
        if let Some(text) = comparable(resource) {
            own.entry(text).or_default().push(Own::of(resource));
        }
    }
    for resource in reading.model.resources.iter_mut().filter(|resource| resource.kind.name == secret::KIND.name) {
        let Some(text) = comparable(resource) else { continue };
        let this = Own::of(resource);
        let own_path = this.at.map(|(file, _)| &reading.documents.project.file(file).path);
        let in_files = in_files.get(&text).map_or(&[][..], Vec::as_slice);
        let in_files = in_files.iter().take(MOST_COMPARED).filter(|path| Some(*path) != own_path).take(MOST_TOLD);
        let in_files: Vec<Arc<str>> = in_files.cloned().collect();
        let others = own.get(&text).map_or(&[][..], Vec::as_slice).iter().take(MOST_COMPARED);
        let others = others.filter(|other| this.is_another(other)).take(MOST_TOLD);
        let as_secrets: Vec<Arc<str>> = others.map(|other| other.name.clone()).collect();
        put_names(resource, secret::same_value_in, in_files);
        put_names(resource, secret::same_value_as, as_secrets);
    }
}

/// Secrets of one text with which each of them is compared: where thousands are the same, so many say enough.
const MOST_COMPARED: usize = 1_000;

/// The most files or secrets of the same value that are named at one secret.
const MOST_TOLD: usize = 8;

/// A secret as it is compared with the others.
struct Own {
    name: Arc<str>,
    variable: Option<Arc<str>>,
    stores: bool,
    /// Where its text stands.
    at: Option<(FileId, Span)>,
}

impl Own {
    fn of(resource: &Resource) -> Own {
        Own {
            name: resource.name.clone(),
            variable: variable_of(resource),
            stores: is_for_datastore(resource),
            at: place_of_text(resource),
        }
    }

    /// Whether a secret of the same text is one that should differ from this one.
    fn is_another(&self, other: &Own) -> bool {
        // One text that two parts of an app are given is one secret.
        let another = other.name != self.name
            && (self.variable.is_none() || other.variable != self.variable)
            && (self.at.is_none() || other.at != self.at);
        // A store and those who open it have the same password.
        another && !(self.stores && other.stores)
    }
}

fn is_for_datastore(resource: &Resource) -> bool {
    resource.value(secret::purpose).and_then(Value::as_text).is_some_and(|text| text.is("datastore"))
}

fn put_names(resource: &mut Resource, key: crate::settings::Key, names: Vec<Arc<str>>) {
    let Some(value) = resource.value(secret::value).cloned() else { return };
    let items = names.into_iter().map(|name| Value::new(Kind::Text(Text::new(name)), &value.trail)).collect();
    resource.put(key, Value::new(Kind::List { items, open: None }, &value.trail));
}

/// The text of a secret, where it is one that is worth comparing.
fn comparable(resource: &Resource) -> Option<Text> {
    let is_template =
        matches!(resource.value(secret::written_in).and_then(Value::as_text), Some(text) if text.is("template"));
    let text = resource.value(secret::value)?.as_text()?;
    (!is_template && !text.is_blank() && !is_placeholder(text) && text.chars() >= 8).then(|| text.clone())
}

/// The variable that a secret's value comes from.
fn variable_of(resource: &Resource) -> Option<Arc<str>> {
    resource.value(secret::value)?.trail.walk(16).iter().find_map(|step| match &step.how {
        How::Reads { variable, .. } | How::Sets { variable } => Some(variable.clone()),
        _ => None,
    })
}
