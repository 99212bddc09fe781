//! Secrets that command lines are told: assignments, options, headers, addresses, what is written into a file.

use crate::reading::secret_text::secret_part;
use crate::syntax::shell::{Simple, Word, pipelines};
use crate::text::Text;
use std::ops::Range;
use std::sync::Arc;

/// One secret as it stands in a command.
#[derive(Debug)]
pub(crate) struct Told {
    /// The name under which it is told.
    pub(crate) name: Arc<str>,
    /// Its characters.
    pub(crate) value: Text,
    /// What it is for: a word of `secret.purpose`.
    pub(crate) purpose: &'static str,
    /// Where it stands in the script.
    pub(crate) range: Range<usize>,
}

/// Options whose next word holds assignments, perhaps several with commas between.
const ASSIGNING: &[&str] = &[
    "-e",
    "--env",
    "--build-arg",
    "--set-env-vars",
    "--update-env-vars",
    "--env-vars",
    "--from-literal",
    "--set",
    "--set-string",
    "-var",
    "--var",
    "--secret-env",
];

/// Every secret that stands in a script as a literal.
pub(crate) fn told(script: &str) -> Vec<Told> {
    let mut found = Vec::new();
    for command in pipelines(script).iter().flat_map(|pipeline| &pipeline.commands) {
        of_command(script, command, &mut found);
    }
    found
}

fn of_command(script: &str, command: &Simple, found: &mut Vec<Told>) {
    // `docker login`
    let program = match (command.program(), command.arguments().first()) {
        ("docker" | "podman", Some(verb)) if verb.text == "login" => "login",
        (program, _) => program,
    };
    // What these do with a text is no setting of anything.
    if matches!(program, "grep" | "sed" | "awk" | "test" | "[" | "[[" | "read" | "unset" | "jq" | "perl") {
        return;
    }
    for (at, word) in command.words.iter().enumerate() {
        let before = at.checked_sub(1).map_or("", |at| &*command.words[at].text);
        of_word(script, program, before, word, found);
    }
    if let Some(document) = command.document {
        let start = document.start as usize;
        let Some(body) = script.get(start..document.end as usize) else { return };
        let mut at = start;
        for line in body.split_inclusive('\n') {
            assignment(script, line.trim(), at..at + line.len(), found);
            at += line.len();
        }
    }
}

fn of_word(script: &str, program: &str, before: &str, word: &Word, found: &mut Vec<Told>) {
    let range = word.span.start as usize..word.span.end as usize;
    let text = &*word.text;
    // `--set-secrets JWT_SECRET=jwt:latest` names what a store holds.
    if [before, text].iter().any(|word| word.starts_with("--") && word.contains("secrets")) {
        return;
    }
    if matches!(program, "echo" | "printf") {
        return text.lines().for_each(|line| assignment(script, line.trim(), range.clone(), found));
    }
    let (option, value) = match text.strip_prefix('-').map(|rest| rest.trim_start_matches('-')) {
        Some(rest) => rest.split_once('=').map_or((Some(rest), None), |(option, value)| (Some(option), Some(value))),
        None => (None, Some(text)),
    };
    if ASSIGNING.contains(&before)
        || option.is_some_and(|option| ASSIGNING.iter().any(|own| own.trim_start_matches('-') == option))
    {
        let list = value.unwrap_or_default();
        return list.split(',').for_each(|part| assignment(script, part, range.clone(), found));
    }
    match (option, value) {
        // `--password=…`
        (Some(option), Some(value)) => add(script, option, value, range, found),
        (None, Some(_)) if is_header(text) => header(script, text, range, found),
        // `--password …`; one letter says nothing by itself
        (None, Some(value)) if before.starts_with("--") && !before.contains('=') => {
            add(script, before.trim_start_matches('-'), value, range, found);
        }
        (None, Some(_)) if matches!((program, before), ("login" | "sshpass", "-p") | ("redis-cli", "-a")) => {
            add(script, "password", text, range, found);
        }
        (None, Some(value)) if matches!((program, before), ("curl" | "wget", "-u")) => {
            let password = value.split_once(':').map_or("", |(_, password)| password);
            add(script, "password", password, range, found);
        }
        (None, Some(text)) => assignment(script, text, range, found),
        (_, None) => {}
    }
}

fn is_header(text: &str) -> bool {
    let Some((name, _)) = text.split_once(':') else { return false };
    let lower = name.to_ascii_lowercase();
    lower == "authorization" || (lower.starts_with("x-") && crate::secrets::is_secret_name(&lower))
}

/// `Authorization: Bearer …`
fn header(script: &str, text: &str, range: Range<usize>, found: &mut Vec<Told>) {
    let Some((name, value)) = text.split_once(':') else { return };
    let value = value.trim();
    let value = value.split_once(' ').map_or(value, |(_, value)| value.trim());
    push(script, name, value, "api_key", range, found);
}

/// `NAME=value`, or an address with a password in it.
fn assignment(script: &str, text: &str, range: Range<usize>, found: &mut Vec<Told>) {
    let text = text.strip_prefix("export ").unwrap_or(text);
    match text.split_once('=') {
        Some((name, value)) if is_name(name) => add(script, name, value.trim_matches(['"', '\'']), range, found),
        _ => add(script, "", text, range, found),
    }
}

fn is_name(name: &str) -> bool {
    let name = name.strip_suffix('+').unwrap_or(name);
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

fn add(script: &str, name: &str, value: &str, range: Range<usize>, found: &mut Vec<Told>) {
    if refers(value) {
        return;
    }
    let Some((secret, purpose)) = secret_part(name, &Text::new(value)) else { return };
    let mut text = String::new();
    secret.test(|secret| {
        secret.clone_into(&mut text);
        true
    });
    push(script, name, &text, purpose, range, found);
}

fn push(script: &str, name: &str, value: &str, purpose: &'static str, range: Range<usize>, found: &mut Vec<Told>) {
    if value.is_empty() || refers(value) {
        return;
    }
    let whole = script.get(range.clone()).unwrap_or_default();
    let range = whole.find(value).map_or(range.clone(), |at| range.start + at..range.start + at + value.len());
    let name: Arc<str> = if name.is_empty() { "the address".into() } else { name.into() };
    found.push(Told { name, value: Text::new(value), purpose, range });
}

/// Whether a shell or a pipeline puts something else in.
fn refers(value: &str) -> bool {
    value.contains('`')
        || value.match_indices('$').any(|(at, _)| {
            value[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '{' | '('))
        })
}

#[cfg(test)]
mod tests {
    use super::told;

    fn names(script: &str) -> Vec<(String, usize)> {
        told(script).into_iter().map(|told| (told.name.to_string(), told.value.len())).collect()
    }

    #[test]
    fn literals_are_found_wherever_a_command_takes_them() {
        for (script, name, length) in [
            ("export API_TOKEN=abc123", "API_TOKEN", 6),
            ("API_TOKEN='abc123' ./deploy", "API_TOKEN", 6),
            ("docker run -e DB_PASSWORD=abc123 -p 80:80 img", "DB_PASSWORD", 6),
            ("docker run --env=DB_PASSWORD=abc123 img", "DB_PASSWORD", 6),
            ("gcloud run deploy x --set-env-vars A=1,JWT_SECRET=abc123", "JWT_SECRET", 6),
            ("kubectl create secret generic s --from-literal=password=abc123", "password", 6),
            ("fly secrets set JWT_SECRET=abc123", "JWT_SECRET", 6),
            ("mysqldump --password=abc123 shop", "password", 6),
            ("vault login --token abc123", "token", 6),
            ("docker login -u me -p abc123", "password", 6),
            ("curl -H 'Authorization: Bearer abc123' https://x.example", "Authorization", 6),
            ("psql postgres://app:abc123@db.example.net/shop", "the address", 6),
            ("echo \"JWT_SECRET=abc123\" >> .env", "JWT_SECRET", 6),
            ("cat <<EOF > .env\nJWT_SECRET=abc123\nEOF", "JWT_SECRET", 6),
        ] {
            assert_eq!(names(script), [(name.to_owned(), length)], "{script}");
        }
    }

    #[test]
    fn references_and_other_words_are_no_literals() {
        for script in [
            "export API_TOKEN=$TOKEN",
            "export API_TOKEN=\"${{ secrets.TOKEN }}\"",
            "API_TOKEN=$(cat token) ./deploy",
            "docker run -e DB_PASSWORD img",
            "docker run -p 8080:80 img",
            "curl -H \"Authorization: Bearer $TOKEN\" https://x.example",
            "grep SECRET=abc123 file",
            "kubectl create secret generic app --from-file=key.pem",
            "deploy --secret-name=app --token-file /run/token",
            "psql postgres://app@db.example.net/shop",
        ] {
            assert_eq!(names(script), [], "{script}");
        }
    }
}
