//! What the variables of one source say of each other: which database is chosen, who a password's user is.

use crate::environment::Variable;
use crate::eval::{Kind, Value};
use crate::reading::secret_text::Written;
use crate::text::Text;
use hashbrown::HashMap;

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
    /// By the first words of names that have addresses, whether all of these lead to systems for trying things out.
    for_trials: HashMap<&'v str, bool>,
    /// All of them.
    all: &'v [Variable],
}

impl<'v> Siblings<'v> {
    /// What these variables say.
    pub(crate) fn of(variables: &'v [Variable]) -> Self {
        let mut users: HashMap<&str, Vec<&Text>> = HashMap::new();
        let mut left_aside = vec![false; ENGINES.len()];
        let mut for_trials: HashMap<&str, bool> = HashMap::new();
        for variable in variables {
            let Some(text) = variable.value.as_text() else { continue };
            if USERS.iter().any(|end| variable.name.ends_with(end)) {
                users.entry(&variable.name).or_default().push(text);
            }
            if is_switch(&variable.name) {
                note_choice(text, &mut left_aside);
            }
            if let (Some(stem), true) = (stem(&variable.name), text.test(|text| text.starts_with("https://"))) {
                let own = is_for_trials(text);
                for_trials.entry(stem).and_modify(|all| *all &= own).or_insert(own);
            }
        }
        Siblings { users, left_aside, for_trials, all: variables }
    }

    /// Whether a variable belongs to a database that a switch beside it does not choose: `POSTGRES_PASSWORD` beside
    /// `DB_ENGINE=sqlite`.
    pub(crate) fn choose_other_engine(&self, name: &str) -> bool {
        let first = name.split('_').next().unwrap_or(name);
        let own = ENGINES.iter().position(|(names, _)| names.contains(&first));
        own.is_some_and(|engine| self.left_aside[engine])
    }

    /// Whether a client's secret is the same stand-in as the client's id: then nobody has set that provider up, and a
    /// login by it fails. `GITHUB_CLIENT_ID=test` beside `GITHUB_CLIENT_SECRET=test`.
    pub(crate) fn are_not_set_up(&self, variable: &Variable, written: &Written) -> bool {
        let Some(id) = id_of_client(&variable.name) else { return false };
        let Some(secret) = a_text(&written.value) else { return false };
        self.all.iter().any(|other| *other.name == *id && a_text(&other.value) == Some(secret))
    }

    /// Whether the addresses that belong to a secret lead to somebody's system for trying things out:
    /// `ACME_ENDPOINT=https://api.stage.acme.dev` beside `ACME_SECRET_KEY`.
    pub(crate) fn belong_to_a_trial(&self, variable: &Variable) -> bool {
        let stem = stem(&variable.name);
        stem.and_then(|stem| self.for_trials.get(stem)).copied() == Some(true)
    }

    /// Whether a password is the name of its user: `app:app@` in an address, `POSTGRES_USER` beside
    /// `POSTGRES_PASSWORD`.
    pub(crate) fn repeat_user(&self, variable: &Variable, written: &Written) -> bool {
        let Some(password) = written.value.as_text() else { return false };
        if let Some(address) = variable.value.as_text().filter(|address| *address != password) {
            let twice = password.map(|password| format!("//{password}:{password}@"));
            return twice.test(|twice| address.test(|address| address.contains(twice)));
        }
        let stem = ["PASSWORD", "PASSWD", "PASS", "PWD"].iter().find_map(|end| variable.name.strip_suffix(end));
        // The password of the one who may do everything is as good as the user's that is the same.
        let Some(stem) = stem.map(|stem| stem.strip_suffix("ROOT_").unwrap_or(stem)) else { return false };
        USERS.iter().any(|end| {
            let users = self.users.get(&*format!("{stem}{end}"));
            users.is_some_and(|texts| texts.contains(&password))
        })
    }
}

/// What the name of a variable begins with that is about one thing with others: `ACME` of `ACME_SECRET_KEY`.
fn stem(name: &str) -> Option<&str> {
    name.split_once('_').map(|(stem, _)| stem)
}

/// Whether an address is one of a system for trying things out.
fn is_for_trials(address: &Text) -> bool {
    address.test(|address| {
        let host = address.trim_start_matches("https://").split(['/', ':', '?']).next().unwrap_or_default();
        host.split(['.', '-']).any(|label| matches!(label, "stage" | "staging" | "stg" | "sandbox"))
    })
}

/// The text of a value, or of the first of its worlds that has one.
fn a_text(value: &Value) -> Option<&Text> {
    match &value.kind {
        Kind::Text(text) => Some(text),
        Kind::Choice(_, arms) => arms.iter().find_map(a_text),
        _ => None,
    }
}

/// The name under which the id of a client stands whose secret has this name.
pub(crate) fn id_of_client(name: &str) -> Option<String> {
    name.strip_suffix("CLIENT_SECRET").map(|stem| format!("{stem}CLIENT_ID"))
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
