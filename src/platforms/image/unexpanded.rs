//! Words of an image's command that name a variable which nobody puts in: no shell reads the form of a list.
//! <https://docs.docker.com/reference/dockerfile/#shell-and-exec-form>

use super::made::Image;
use crate::eval::{Kind, Place, Value};
use crate::platforms::command::{Line, is_shell_program, scripts};
use crate::reading::bench::Reading;
use crate::syntax::data::dockerfile::{Arguments, Instruction, Keyword, Word};

/// Programs that read their arguments as a shell does, or for which a `$` means something of its own.
const READERS: &[&str] = &[
    "npm", "pnpm", "yarn", "bun", "npx", "make", "awk", "gawk", "sed", "grep", "perl", "envsubst", "eval", "jq", "find",
];

/// Words in an entry script that put variables into what it is handed.
const EXPANDING: &[&str] = &["eval", "envsubst", "sh -c", "bash -c"];

/// Words that join commands: whoever is given them reads the line by itself, and can put variables in.
const JOINING: &[&str] = &["&&", "||", ";", "|"];

impl Image {
    /// Those words of the command that a container starts with, where the line that it starts with is the image's own.
    pub(crate) fn unexpanded(&self, reading: &Reading<'_>, line: &Line) -> Option<Value> {
        if line.place.in_file()?.0 != self.file {
            return None;
        }
        let last = |keyword: Keyword| self.instructions().rfind(|own| own.keyword == keyword);
        let (entry, command) = (last(Keyword::Entrypoint), last(Keyword::Cmd));
        let words: Vec<&Word> =
            [entry, command].into_iter().flatten().map(exec_words).collect::<Option<Vec<_>>>()?.concat();
        let is_read = |word: &&Word| word.text.test(reads_variables) || word.text.one_of(JOINING).is_some();
        if words.iter().any(is_read) || self.is_expanded_by_script(reading, line) {
            return None;
        }
        let named: Vec<Value> = words
            .into_iter()
            .filter(|word| word.text.test(names_variable))
            .map(|word| Value::written(Kind::Text(word.text.clone()), Place::File(self.file, word.span)))
            .collect();
        let trail = named.first()?.trail.clone();
        Some(Value::new(Kind::List { items: named.into(), open: None }, &trail))
    }

    /// Whether what starts first is a script that can put variables in, or one that is not in the tree.
    fn is_expanded_by_script(&self, reading: &Reading<'_>, line: &Line) -> bool {
        let own = scripts(reading, line, &self.context);
        if own.iter().any(|file| reading.documents.project.mentions(*file, EXPANDING)) {
            return true;
        }
        let first = line.text.test(|text| {
            let first = text.split_whitespace().next().unwrap_or_default().trim_matches('\'');
            first.ends_with(".sh") || first.contains("entrypoint")
        });
        first && own.is_empty()
    }
}

/// The words of the form of a list; none of the form that a shell reads.
fn exec_words(instruction: &Instruction) -> Option<Vec<&Word>> {
    match &instruction.arguments {
        Arguments::Exec(words) => Some(words.iter().collect()),
        _ => None,
    }
}

fn reads_variables(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or(word);
    is_shell_program(word) || READERS.contains(&name) || word.contains(char::is_whitespace)
}

/// Whether a word refers to a variable as a shell would: `$PORT`, `0.0.0.0:${PORT:-8000}`.
fn names_variable(word: &str) -> bool {
    word.match_indices('$').any(|(at, _)| {
        let behind = &word[at + 1..];
        let name = behind.strip_prefix('{').unwrap_or(behind);
        let length =
            name.bytes().take_while(|byte| byte.is_ascii_uppercase() || *byte == b'_' || byte.is_ascii_digit());
        let length = length.count();
        let closes = behind.starts_with('{') && name[length..].starts_with(['}', ':', '-']) && behind.contains('}');
        let ends = !behind.starts_with('{') && !name[length..].starts_with(|c: char| c.is_ascii_lowercase());
        length >= 2 && name.starts_with(|c: char| c.is_ascii_uppercase()) && (closes || ends)
    })
}

#[cfg(test)]
mod tests {
    use super::names_variable;
    use crate::text::Text;

    #[test]
    fn a_variable_is_told_from_other_dollars() {
        let names = |word: &str| Text::new(word).test(names_variable);
        assert!(["$PORT", "0.0.0.0:$PORT", "${WORKERS:-4}", "--bind=:${PORT}"].into_iter().all(names));
        assert!(!["^foo$", "$1", "$$", "pa$word", "$camelCase", "${PORT", "US$"].into_iter().any(names));
    }
}
