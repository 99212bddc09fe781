//! One command line: of a YAML or TOML file, of an instruction of an image, of a script.

use crate::eval::Place;
use crate::syntax::FileId;
use crate::syntax::data::dockerfile::{Arguments, Instruction};
use crate::syntax::data::{Node, NodeKind};
use crate::text::Text;

/// A command line and where it is written.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// The words as a shell would read them.
    pub(crate) text: Text,
    /// Where.
    pub(crate) place: Place,
}

impl Line {
    /// A command of a YAML or TOML file: a text, or a list of words.
    pub(crate) fn of_node(file: FileId, node: &Node) -> Option<Line> {
        let text = match &node.kind {
            NodeKind::Text(text) => text.clone(),
            NodeKind::List(items) => in_words(items.iter().filter_map(Node::text)),
            _ => return None,
        };
        (!text.is_blank()).then_some(Line { text, place: Place::File(file, node.span) })
    }

    /// The command of a `CMD`, an `ENTRYPOINT` or a `RUN`.
    pub(crate) fn of_instruction(file: FileId, instruction: &Instruction) -> Option<Line> {
        let text = match &instruction.arguments {
            Arguments::Shell(text, _) => text.clone(),
            Arguments::Exec(words) => in_words(words.iter().map(|word| &word.text)),
            Arguments::Words(words) => Text::of_words(words.iter().map(|word| &word.text)),
            Arguments::Pairs(_) => return None,
        };
        (!text.is_blank()).then_some(Line { text, place: Place::File(file, instruction.span) })
    }

    /// This command with the words of another behind it: an entry point and what it is handed.
    pub(crate) fn with(&self, arguments: &Line) -> Line {
        Line { text: self.text.join(&" ".into()).join(&arguments.text), place: arguments.place }
    }
}

/// A line of the words of a list, quoted where a shell would read something else in them. A list of one line is that line.
fn in_words<'t>(words: impl Iterator<Item = &'t Text>) -> Text {
    let words: Vec<&Text> = words.collect();
    if let [line] = words[..] {
        return line.clone();
    }
    let plain = |c: char| c.is_alphanumeric() || "-_=./:,@%+~[]{}*?!^".contains(c);
    let is_plain = |word: &str| !word.is_empty() && word.chars().all(plain);
    let quoted = words.iter().map(|text| text.map(|word| if is_plain(word) { word.to_owned() } else { quote(word) }));
    let quoted: Vec<Text> = quoted.collect();
    Text::of_words(quoted.iter())
}

fn quote(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}
