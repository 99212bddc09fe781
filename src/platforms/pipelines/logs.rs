//! Steps that print a secret: platforms mask the text itself, and nothing that is made of it.

use crate::eval::{Kind, Value};
use crate::platforms::pipelines::jobs::{Job, Script, Step};
use crate::reading::bench::Reading;
use crate::settings::ci;
use crate::syntax::data::Entry;
use crate::syntax::shell::{Pipeline, Simple, Word, pipelines};
use std::sync::Arc;

/// Programs that print what they are given.
const PRINTERS: &[&str] = &["echo", "printf", "print", "Write-Host", "Write-Output"];

/// Programs that hand on what comes in, perhaps in another form.
const THROUGH: &[&str] =
    &["cat", "tee", "base64", "sed", "tr", "rev", "xxd", "od", "hexdump", "fold", "head", "tail", "cut", "sort"];

/// One fact for each command that prints a secret.
pub(crate) fn read(reading: &mut Reading<'_>, job: &Job<'_>) {
    let mut seen = 0;
    for step in &job.steps {
        let Some(script) = step.script() else { continue };
        let secrets = Secrets::of(job, step);
        let mut found = Vec::new();
        script.text.test(|text| {
            found = printing(text, &secrets, step);
            true
        });
        for words in found {
            seen += 1;
            add(reading, job, &script, &words, seen);
        }
    }
}

fn add(reading: &mut Reading<'_>, job: &Job<'_>, script: &Script<'_>, words: &str, number: usize) {
    let place = script.place(reading, words);
    let name: Arc<str> = if number == 1 { job.name.clone() } else { format!("{}#{number}", job.name).into() };
    let prints = Value::written(Kind::Bool(true), place);
    let resource = reading.resource(ci::KIND, name, place).set(ci::prints_secret, prints);
    reading.add(resource);
}

/// The variables of a step that hold secrets.
struct Secrets {
    names: Vec<Arc<str>>,
    by_name: bool,
}

impl Secrets {
    fn of(job: &Job<'_>, step: &Step<'_>) -> Secrets {
        let is_stored = |entry: &&&Entry| {
            entry.value.text().is_some_and(|text| text.test(|text| text.contains("${{") && refers_to_secret(text)))
        };
        let entries = job.variables.iter().chain(&step.variables);
        let names = entries.filter(is_stored).map(|entry| entry.key.clone()).collect();
        Secrets { names, by_name: job.stores_are_variables }
    }

    fn has(&self, name: &str) -> bool {
        self.names.iter().any(|own| &**own == name) || (self.by_name && crate::secrets::is_secret_name(name))
    }
}

/// Whether an expression gives a secret, and not only whether there is one.
fn refers_to_secret(text: &str) -> bool {
    text.split("${{").skip(1).any(|part| {
        let inside = part.split("}}").next().unwrap_or(part);
        let gives = inside.contains("secrets.") || inside.contains("secrets[") || inside.contains("secrets)");
        let asks = ["==", "!=", "hashFiles", "format('{0}', 0"].iter().any(|sign| inside.contains(sign));
        gives && !asks
    })
}

/// The commands of a script that print a secret.
fn printing(text: &str, secrets: &Secrets, step: &Step<'_>) -> Vec<String> {
    if text.contains("console.log(") {
        return text.lines().filter(|line| line.contains("console.log(") && refers_to_secret(line)).map(own).collect();
    }
    let mut traced =
        step.shell.is_some_and(|shell| shell.test(|shell| shell.contains("-x") || shell.contains("xtrace")));
    let mut told = false;
    let mut files: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for pipeline in pipelines(text) {
        if let Some(on) = tracing(&pipeline) {
            traced = on;
            continue;
        }
        let first = &pipeline.commands[0];
        if prints(&pipeline, secrets, &files) {
            found.push(text[range(first)].to_owned());
        } else if traced && !told && pipeline.commands.iter().any(|command| mentions_any(command, secrets)) {
            told = true;
            found.push(text[range(first)].to_owned());
        }
        for command in &pipeline.commands {
            if let Some(output) = &command.output
                && mentions_any(first, secrets)
            {
                files.push(output.text.clone());
            }
        }
    }
    found
}

fn own(line: &str) -> String {
    line.trim().to_owned()
}

fn range(command: &Simple) -> std::ops::Range<usize> {
    let span = command.span();
    span.start as usize..span.end as usize
}

/// `set -x` and `set +x`, with other options or without.
fn tracing(pipeline: &Pipeline) -> Option<bool> {
    let command = pipeline.commands.first().filter(|command| command.program() == "set")?;
    let words: Vec<&str> = command.arguments().iter().map(|word| &*word.text).collect();
    let option = |sign: char| {
        words
            .iter()
            .any(|word| word.strip_prefix(sign).is_some_and(|rest| rest.contains('x') && !rest.starts_with('-')))
            || words.windows(2).any(|pair| pair[0] == format!("{sign}o") && pair[1] == "xtrace")
    };
    if option('-') { Some(true) } else { option('+').then_some(false) }
}

fn prints(pipeline: &Pipeline, secrets: &Secrets, files: &[String]) -> bool {
    let (first, rest) = pipeline.commands.split_first().expect("internal error: a pipeline has a command");
    let stays = pipeline.commands.iter().any(|command| command.output.is_some());
    let through = rest.iter().all(|command| THROUGH.contains(&command.program()));
    if stays || !through {
        return false;
    }
    let program = first.program();
    match program {
        "cat" => first.arguments().iter().any(|word| files.contains(&word.text)),
        "env" | "printenv" | "export" | "set" => {
            let dumps = match first.arguments() {
                [] => true,
                [only] => only.text == "-p" && program == "export",
                _ => false,
            };
            let named = program == "printenv" && first.arguments().iter().any(|word| secrets.has(&word.text));
            (dumps && !secrets.names.is_empty()) || named
        }
        _ if PRINTERS.contains(&program) => {
            let hides = first.arguments().iter().any(|word| word.text.contains("::add-mask::"));
            !hides && first.arguments().iter().any(|word| mentions(word, secrets))
        }
        _ => false,
    }
}

fn mentions_any(command: &Simple, secrets: &Secrets) -> bool {
    command.words.iter().any(|word| mentions(word, secrets))
}

/// Whether a word holds a secret when the shell is done with it; what goes into a substitution does not come out.
fn mentions(word: &Word, secrets: &Secrets) -> bool {
    let text = without_substitutions(&word.text);
    // The platform puts its own expressions in before a shell sees the quotes.
    refers_to_secret(&text) || (word.open && references(&text).any(|name| secrets.has(name)))
}

fn without_substitutions(text: &str) -> String {
    let mut left = String::new();
    let mut depth = 0_usize;
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '(' if before == '$' || depth > 0 => depth += 1,
            ')' if depth > 0 => depth -= 1,
            _ if depth == 0 => left.push(c),
            _ => {}
        }
        before = c;
    }
    left
}

/// The names of `$NAME` and `${NAME}`; forms that give a length or something else instead are left out.
fn references(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('$').filter_map(|(at, _)| {
        let rest = &text[at + 1..];
        let braced = rest.strip_prefix('{');
        let name = braced.unwrap_or(rest);
        let end = name.bytes().position(|byte| !(byte.is_ascii_alphanumeric() || byte == b'_')).unwrap_or(name.len());
        let instead = braced.is_some() && (name[end..].starts_with(":+") || name[end..].starts_with('+'));
        (end > 0 && !instead).then(|| &name[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> usize {
        let secrets = Secrets { names: vec!["TOKEN".into()], by_name: false };
        printing(text, &secrets, &Step::default()).len()
    }

    #[test]
    fn what_prints_a_secret_is_seen() {
        for text in [
            "echo ${{ secrets.DEPLOY_KEY }}",
            "echo \"token: $TOKEN\"",
            "printf '%s' \"${TOKEN:0:4}\" | base64",
            "env | sort",
            "printenv TOKEN",
            "set -x\ncurl -H \"Authorization: Bearer $TOKEN\" https://example.net",
            "echo \"A=${{ secrets.A }}\" > .env\ncat .env",
            "echo '${{ toJSON(secrets) }}'",
            "echo \"$TOKEN\" | tee token.txt",
            "console.log(`${{ secrets.A }}`)",
        ] {
            assert_eq!(found(text), 1, "{text}");
        }
    }

    #[test]
    fn what_stays_in_the_machine_is_not_printed() {
        for text in [
            "echo ${{ secrets.PASSWORD }} | docker login -u ci --password-stdin",
            "echo \"A=${{ secrets.A }}\" >> .env",
            "echo \"::add-mask::$TOKEN\"",
            "echo ${{ secrets.A != '' }}",
            "echo \"${#TOKEN} characters, ${TOKEN:+set}\"",
            "echo \"sum: $(echo -n $TOKEN | sha256sum)\"",
            "HASH=$(echo $TOKEN | md5sum)",
            "env > env.txt",
            "set -e\nset -euo pipefail\ndeploy --token $TOKEN",
            "set -x\nmake\nset +x\ndeploy --token $TOKEN",
            "printenv HOME",
            "echo '$TOKEN is a name'",
            "echo $OTHER",
        ] {
            assert_eq!(found(text), 0, "{text}");
        }
    }
}
