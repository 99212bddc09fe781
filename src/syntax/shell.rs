//! Shell command lines, as far as one has to read them to see what they are given and what they print.
//!
//! Words with their places, pipelines, redirects and here-documents; nothing is expanded. `${{ … }}` of pipelines is
//! one piece of a word.

use crate::syntax::Span;

/// Commands joined by `|`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pipeline {
    /// From the first to the last; never empty.
    pub commands: Vec<Simple>,
}

/// A program and its arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Simple {
    /// Assignments before the program among them.
    pub words: Vec<Word>,
    /// Where its output goes instead of the terminal.
    pub output: Option<Word>,
    /// The lines of its here-document.
    pub document: Option<Span>,
}

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The characters, quotes taken off.
    pub text: String,
    /// Where, quotes included.
    pub span: Span,
    /// It has a reference or a substitution that a shell would replace.
    pub open: bool,
}

impl Simple {
    /// The program's name without its folder; empty where there are assignments alone.
    pub fn program(&self) -> &str {
        let program = self.words.iter().find(|word| !is_assignment(&word.text));
        program.map_or("", |word| word.text.rsplit('/').next().unwrap_or(&word.text))
    }

    /// The words behind the program.
    pub fn arguments(&self) -> &[Word] {
        let at = self.words.iter().position(|word| !is_assignment(&word.text));
        at.map_or(&[], |at| &self.words[at + 1..])
    }

    /// All of it.
    pub fn span(&self) -> Span {
        let start = self.words.first().map_or(0, |word| word.span.start);
        Span::new(start, self.words.last().map_or(start, |word| word.span.end))
    }
}

fn is_assignment(word: &str) -> bool {
    let Some((name, _)) = word.split_once('=') else { return false };
    let name = name.strip_suffix('+').unwrap_or(name);
    !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) && name.bytes().all(is_name)
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The pipelines of a script, in order; those inside `$( … )` are part of their word and not listed.
pub fn pipelines(text: &str) -> Vec<Pipeline> {
    let mut reader =
        Reader { text, at: 0, done: Vec::new(), pipeline: Pipeline::default(), command: Simple::default() };
    reader.waiting(&mut Vec::new());
    reader.done
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    done: Vec<Pipeline>,
    pipeline: Pipeline,
    command: Simple,
}

impl Reader<'_> {
    /// Reads all of it; `documents` are the ends of here-documents that begin behind this line.
    fn waiting(&mut self, documents: &mut Vec<(String, bool)>) {
        while let Some(byte) = self.peek() {
            match byte {
                b'\\' if self.rest().starts_with("\\\n") => self.at += 2,
                b'\\' if self.rest().starts_with("\\\r\n") => self.at += 3,
                b'\n' => {
                    self.at += 1;
                    // It belongs to the command that ends with this line.
                    let bodies: Vec<Span> =
                        documents.drain(..).map(|(end, indented)| self.body(&end, indented)).collect();
                    self.command.document = bodies.last().copied().or(self.command.document);
                    self.end_pipeline();
                }
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'#' => self.at += self.rest().find('\n').unwrap_or(self.rest().len()),
                b';' | b'(' | b')' => {
                    self.at += 1;
                    self.end_pipeline();
                }
                b'&' if !self.rest().starts_with("&>") => {
                    self.at += 1;
                    self.end_pipeline();
                }
                b'|' => {
                    self.at += 1;
                    match self.peek() {
                        Some(b'|') => self.end_pipeline(),
                        // `|&`
                        Some(b'&') => {
                            self.at += 1;
                            self.end_command();
                        }
                        _ => self.end_command(),
                    }
                }
                b'<' if self.rest().starts_with("<<") && !self.rest().starts_with("<<<") => {
                    self.at += 2;
                    let indented = self.peek() == Some(b'-');
                    self.at += usize::from(indented);
                    self.skip_blanks();
                    if let Some(word) = self.word() {
                        documents.push((word.text, indented));
                    }
                }
                b'<' => {
                    self.at += self.rest().bytes().take_while(|byte| *byte == b'<').count();
                    self.skip_blanks();
                    self.word();
                }
                b'>' | b'&' => self.redirect(false),
                b'1' | b'2' if matches!(self.text.as_bytes().get(self.at + 1), Some(b'>')) => {
                    self.at += 1;
                    self.redirect(byte == b'2');
                }
                _ => match self.word() {
                    Some(word) => self.push(word),
                    None => self.at += 1,
                },
            }
        }
        self.end_pipeline();
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        self.at += self.rest().bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    }

    fn push(&mut self, word: Word) {
        // Words that only say that a command follows.
        let opens = ["{", "}", "then", "do", "else", "if", "elif", "while", "until", "!", "fi", "done", "time"];
        if self.command.words.is_empty() && opens.contains(&&*word.text) {
            return;
        }
        self.command.words.push(word);
    }

    /// `>`, `>>`, `&>`, with what follows; `>&2` is the terminal all the same.
    fn redirect(&mut self, errors: bool) {
        self.at += self.rest().bytes().take_while(|byte| matches!(byte, b'>' | b'&' | b'|')).count();
        self.skip_blanks();
        let Some(word) = self.word() else { return };
        let terminal = matches!(&*word.text, "1" | "2" | "/dev/stdout" | "/dev/stderr" | "/dev/tty");
        if !errors && !terminal {
            self.command.output = Some(word);
        }
    }

    fn end_command(&mut self) {
        let command = std::mem::take(&mut self.command);
        if !command.words.is_empty() {
            self.pipeline.commands.push(command);
        }
    }

    fn end_pipeline(&mut self) {
        self.end_command();
        let pipeline = std::mem::take(&mut self.pipeline);
        if !pipeline.commands.is_empty() {
            self.done.push(pipeline);
        }
    }

    /// The lines up to the one that is the end of a here-document.
    fn body(&mut self, end: &str, indented: bool) -> Span {
        let start = self.at;
        while self.at < self.text.len() {
            let from = self.at;
            let length = self.rest().find('\n').map_or(self.rest().len(), |at| at + 1);
            let line = self.rest()[..length].trim_end_matches(['\n', '\r']).to_owned();
            self.at += length;
            // In a YAML block the indentation is gone already; a tab in front is the shell's own.
            let line = if indented { line.trim_start_matches(['\t', ' ']) } else { line.trim_end() };
            if line == end {
                return span(start, from);
            }
        }
        span(start, self.at)
    }

    /// One word from here; none where something else stands.
    fn word(&mut self) -> Option<Word> {
        let start = self.at;
        let mut word = Word { text: String::new(), span: Span::default(), open: false };
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')' => break,
                b'\'' => self.quoted(&mut word),
                b'"' => self.double_quoted(&mut word),
                b'\\' => {
                    self.at += 1;
                    self.take(&mut word);
                }
                b'$' | b'`' => self.reference(&mut word),
                _ => self.take(&mut word),
            }
        }
        word.span = span(start, self.at);
        (self.at > start).then_some(word)
    }

    /// One character as it is.
    fn take(&mut self, word: &mut Word) {
        if let Some(c) = self.rest().chars().next() {
            word.text.push(c);
            self.at += c.len_utf8();
        }
    }

    fn quoted(&mut self, word: &mut Word) {
        let rest = &self.rest()[1..];
        let length = rest.find('\'').unwrap_or(rest.len());
        word.text.push_str(&rest[..length]);
        self.at = (self.at + length + 2).min(self.text.len());
    }

    fn double_quoted(&mut self, word: &mut Word) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\\' => {
                    self.at += 1;
                    self.take(word);
                }
                b'$' | b'`' => self.reference(word),
                _ => self.take(word),
            }
        }
    }

    /// `$NAME`, `${NAME}`, `${{ … }}`, `$( … )`, `` ` … ` ``: kept as it stands.
    fn reference(&mut self, word: &mut Word) {
        let rest = self.rest();
        let length = if rest.starts_with("${{") {
            rest.find("}}").map_or(rest.len(), |at| at + 2)
        } else if rest.starts_with("${") {
            rest.find('}').map_or(rest.len(), |at| at + 1)
        } else if rest.starts_with("$(") {
            closing(rest)
        } else if let Some(inside) = rest.strip_prefix('`') {
            inside.find('`').map_or(rest.len(), |at| at + 2)
        } else {
            1 + rest[1..].bytes().take_while(|byte| is_name(*byte)).count()
        };
        word.open |= length > 1;
        let piece = rest[..length].to_owned();
        word.text.push_str(&piece);
        self.at += length;
    }
}

/// The length of a `$( … )`, those inside it counted.
fn closing(text: &str) -> usize {
    let mut depth = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

fn span(start: usize, end: usize) -> Span {
    let fit = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Span::new(fit(start), fit(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<Vec<Vec<String>>> {
        let of = |command: &Simple| command.words.iter().map(|word| word.text.clone()).collect();
        pipelines(text).iter().map(|pipeline| pipeline.commands.iter().map(of).collect()).collect()
    }

    #[test]
    fn commands_are_told_apart_and_quotes_taken_off() {
        assert_eq!(
            words("A=1 echo \"x y\" 'z;' | base64 && ls -la; true # end"),
            [vec![vec!["A=1", "echo", "x y", "z;"], vec!["base64"]], vec![vec!["ls", "-la"]], vec![vec!["true"]]]
        );
        assert_eq!(
            words("if ! curl -f x; then echo no; fi"),
            [vec![vec!["curl", "-f", "x"]], vec![vec!["echo", "no"]]]
        );
        assert_eq!(words("docker run \\\n  -e A=b img"), [vec![vec!["docker", "run", "-e", "A=b", "img"]]]);
    }

    #[test]
    fn references_and_substitutions_stay_in_their_word() {
        assert_eq!(
            words("echo ${{ secrets.A || 'x' }} \"$(cat a | base64)\" ${B:-c d} $D"),
            [vec![vec!["echo", "${{ secrets.A || 'x' }}", "$(cat a | base64)", "${B:-c d}", "$D"]]]
        );
        let open = |text: &str| pipelines(text)[0].commands[0].words[1].open;
        assert!(open("echo $A") && open("echo \"a${A}\"") && !open("echo '$A'") && !open("echo a"));
    }

    #[test]
    fn redirects_and_documents_belong_to_their_command() {
        let output = |text: &str| pipelines(text)[0].commands[0].output.as_ref().map(|word| word.text.clone());
        assert_eq!(output("echo a >> .env"), Some(".env".into()));
        assert_eq!(output("echo a 2>/dev/null"), None);
        assert_eq!(output("echo a >&2"), None);
        let text = "cat <<EOF > .env\nA=1\nB=2\nEOF\necho done";
        let found = pipelines(text);
        let document = found[0].commands[0].document.expect("a document");
        assert_eq!(&text[document.start as usize..document.end as usize], "A=1\nB=2\n");
        assert_eq!(found[1].commands[0].program(), "echo");
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_spans_lie_on_characters(text in "(\\PC|[\n\"'$`(){}|&;<>#\\\\ ]){0,80}") {
            for command in pipelines(&text).iter().flat_map(|pipeline| &pipeline.commands) {
                for word in &command.words {
                    prop_assert!(text.get(word.span.start as usize..word.span.end as usize).is_some());
                }
            }
        }
    }
}
