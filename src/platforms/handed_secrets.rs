//! Secrets that a command line hands to its program: `redis-server --requirepass TEXT`, `--basic-auth=user:TEXT`. Whoever
//! sees the file, or the list of processes, has them.

use crate::environment::expand::expand_for;
use crate::environment::read::not_set;
use crate::eval::{Place, Value};
use crate::platforms::command::is_shell_program;
use crate::reading::secret_text::{Written, secret_value};
use crate::secrets::{Naming, naming};
use crate::syntax::FileId;
use crate::syntax::data::interpolation::interpolation;
use crate::syntax::data::{Node, NodeKind};
use crate::syntax::shell::pipelines;
use crate::text::Text;
use std::sync::Arc;

/// Options of Redis whose value is a password, whatever their names sound like.
const PASSWORDS: &[&str] = &["--requirepass", "--masterauth", "requirepass"];

/// Options whose value is a user and a password.
const LOGINS: &[&str] =
    &["--basic-auth", "--basicauth", "--basic_auth", "--http-auth", "--http.basic-auth", "--proxy-auth"];

/// Signs of a password that is hashed.
const HASHES: &[&str] = &["$2", "$$2", "$apr1$", "$$apr1$$", "$argon2", "$$argon2", "{SHA}", "$6$", "$5$"];

/// One secret, under the name of its option.
pub(super) struct Handed {
    pub(super) name: Arc<str>,
    pub(super) written: Written,
}

/// The secrets in a command of a YAML file: a text, or a list of words.
pub(super) fn of_command(file: FileId, node: &Node) -> Vec<Handed> {
    let place = |node: &Node| Place::File(file, node.span);
    let mut words: Vec<(Text, Place)> = Vec::new();
    match &node.kind {
        NodeKind::Text(line) => words.extend(words_of(line).into_iter().map(|word| (word, place(node)))),
        // `["sh", "-c", "…"]` hands on a line.
        NodeKind::List(items) => {
            let shell = items.first().and_then(Node::text).is_some_and(|first| first.test(is_shell_program));
            for item in items.iter() {
                let Some(text) = item.text() else { continue };
                match shell && text.test(|text| text.contains(' ')) {
                    true => words.extend(words_of(text).into_iter().map(|word| (word, place(item)))),
                    false => words.push((text.clone(), place(item))),
                }
            }
        }
        _ => {}
    }
    let next = words.iter().skip(1).map(Some).chain([None]);
    words.iter().zip(next).filter_map(|(word, next)| handed(word, next)).collect()
}

/// The words of a line, of all its commands.
fn words_of(line: &Text) -> Vec<Text> {
    let mut words = Vec::new();
    line.test(|line| {
        for command in pipelines(line).iter().flat_map(|pipeline| &pipeline.commands) {
            words.extend(command.words.iter().map(|word| Text::new(&*word.text)));
        }
        true
    });
    words
}

/// The secret that a word has behind its `=`, or that the next word is.
fn handed((word, place): &(Text, Place), next: Option<&(Text, Place)>) -> Option<Handed> {
    let parts = word.split("=");
    let (option, value, place) = match parts.as_slice() {
        [_] => {
            let (next, at) = next?;
            (word.clone(), next.clone(), *at)
        }
        [option, ..] => {
            let name = option.as_name();
            (option.clone(), word.map(|word| word[name.len() + 1..].to_owned()), *place)
        }
        [] => return None,
    };
    let option = option.as_name();
    if !option.starts_with("--") && !PASSWORDS.contains(&&*option) {
        return None;
    }
    let login = LOGINS.contains(&&*option);
    let value = if login { password_of(&value)? } else { value };
    if value.test(|text| text.starts_with("--") || HASHES.iter().any(|hash| text.starts_with(hash))) {
        return None;
    }
    let bare = option.trim_start_matches('-');
    let name = match &*option {
        option if PASSWORDS.contains(&option) => "REDIS_PASSWORD".to_owned(),
        _ if login => "PASSWORD".to_owned(),
        _ => bare.replace(['-', '.'], "_").to_ascii_uppercase(),
    };
    if !matches!(naming(&name), Naming::Holds) {
        return None;
    }
    let value = settled(&name, &value, place)?;
    let written = secret_value(&name, &value)?;
    Some(Handed { name: bare.into(), written })
}

/// What stands behind the user.
fn password_of(login: &Text) -> Option<Text> {
    let parts = login.split(":");
    let [user, rest @ ..] = parts.as_slice() else { return None };
    (!rest.is_empty()).then(|| login.map(|login| login[user.as_name().len() + 1..].to_owned()))
}

/// A word as a value, with what stands in it where no variable does. None where another place holds all of it: a variable
/// that the shell in the container puts in.
fn settled(name: &str, word: &Text, place: Place) -> Option<Value> {
    let value = expand_for(name, &interpolation(word), place, &|name| not_set(name, place));
    let is_elsewhere = value.as_text().is_some_and(|text| text.test(|text| text.contains('$')));
    (!is_elsewhere).then_some(value)
}
