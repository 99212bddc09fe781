//! What running text tells under a secret's name: options and assignments of commands, headers, pairs of a connection
//! string, wherever they stand: in a script, a quoted string, a comment.

use super::{is_about, secret_name};
use std::ops::Range;

/// Programs and verbs behind which one letter takes a password.
const TAKES: &[(&str, &[&str])] = &[
    ("curl", &["-u", "--user", "-U", "--proxy-user"]),
    ("wget", &["--user"]),
    ("http", &["-a", "--auth"]),
    ("login", &["-p", "-u"]),
    ("sshpass", &["-p"]),
    ("redis-cli", &["-a"]),
    ("mysql", &["-p"]),
    ("mysqldump", &["-p"]),
    ("ab", &["-A", "-P"]),
];

/// The ranges of a text that are told under a secret's name.
pub(in crate::mask) fn told(text: &str) -> Vec<Range<usize>> {
    // Nothing is told without one of these.
    if !text.bytes().any(|byte| matches!(byte, b'=' | b':' | b' ' | b'-')) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut state = State::default();
    for word in words(text) {
        let inner = &text[word.clone()];
        state.take(inner, word, &mut found);
    }
    found
}

/// What the words before say of the next one.
#[derive(Default)]
struct State<'t> {
    /// The next word is a secret: `--password`, `Bearer`, `password:`.
    next: bool,
    /// The next word may be one, where it is no plain word of a sentence.
    perhaps: bool,
    /// The options of the program that take one.
    options: &'static [&'static str],
    /// `secrets set`: what is assigned from here on is one.
    setting: bool,
    before: &'t str,
}

impl<'t> State<'t> {
    fn take(&mut self, raw: &'t str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
        let word = raw.trim_matches(is_quote);
        let start = range.start + (raw.len() - raw.trim_start_matches(is_quote).len());
        let range = start..start + word.len();
        let (was_next, was_perhaps, before) = (self.next, self.perhaps, self.before);
        (self.next, self.perhaps, self.before) = (false, false, word);
        if was_next && is_scheme(word) {
            self.next = true;
            return;
        }
        if word.is_empty() || word.starts_with("--") && (was_next || was_perhaps) {
            return self.option(word, range, found);
        }
        if (was_next || (was_perhaps && !is_everyday(word))) && !is_reference(word) {
            found.push(range);
            return;
        }
        if is_scheme(word) {
            self.perhaps = true;
            return;
        }
        // `the password is correct-horse`
        if matches!(word, "is" | "was" | "are") && secret_name(before) {
            self.perhaps = true;
            return;
        }
        if let Some((_, options)) =
            TAKES.iter().find(|(program, _)| word == *program || word.ends_with(&format!("/{program}")))
        {
            self.options = options;
        }
        if matches!(word, "&&" | "||" | "|" | ";") {
            *self = State::default();
        }
        self.setting |=
            matches!(before, "secret" | "secrets") && matches!(word, "set" | "put" | "add" | "create" | "import");
        self.option(word, range, found);
    }

    /// An option, an assignment, a key, or nothing of the kind.
    fn option(&mut self, word: &'t str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
        if self.options.contains(&word) {
            self.next = true;
            return;
        }
        // `mysql -psecret`
        if let Some(option) = self.options.iter().find(|option| option.len() == 2 && word.starts_with(**option)) {
            found.push(range.start + option.len()..range.end);
            return;
        }
        let Some(sign) = word.find(['=', ':']) else {
            self.next = word.starts_with("--") && word.len() > 3 && secret_name(word) && !is_about(word);
            return;
        };
        let before = word[..sign].trim_end_matches(is_quote);
        let name = before.rsplit(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))).next().unwrap_or("");
        let named = secret_name(name) || (self.setting && word.as_bytes()[sign] == b'=' && !name.is_empty());
        let value = word[sign + 1..].trim_start_matches(is_quote);
        // Parameters end at the next one, and are looked for by themselves.
        let parameter = before[..before.len() - name.len()].ends_with(['?', '&', ';']);
        // `https://host`: no name of a secret stands before an address.
        if !named || parameter || value.starts_with("//") {
            if let Some(next) = word[sign + 1..].find(['=', ':']).filter(|_| value.len() < word.len()) {
                let rest = sign + 1;
                if next > 0 {
                    self.option(&word[rest..], range.start + rest..range.end, found);
                }
            }
            return;
        }
        if value.is_empty() {
            self.next = true;
        } else if !is_reference(value) && !super::openly(value) {
            found.push(range.end - value.len()..range.end);
        }
    }
}

/// `Bearer`, `Basic`: what proves something follows.
fn is_scheme(word: &str) -> bool {
    ["bearer", "basic", "token", "digest", "apikey", "negotiate"].iter().any(|scheme| word.eq_ignore_ascii_case(scheme))
}

/// A plain word, as sentences have them: `bearer authentication`, `Basic auth`.
fn is_everyday(word: &str) -> bool {
    let word = word.trim_end_matches([',', '.', ')', ';', ':']);
    word.len() < 4 || word.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Whether something else is put in where the word stands.
fn is_reference(word: &str) -> bool {
    let starts = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '{' | '(');
    word.strip_prefix('$').is_some_and(|rest| {
        rest.starts_with(starts) && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_{}().".contains(&byte))
    }) || (word.starts_with("${{") && !word.contains('\''))
        || word.starts_with("{{")
        || (word.starts_with('<') && word.ends_with('>'))
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '\\' | ',' | '[' | ']' | '(' | ')' | '{' | '}')
}

/// The words of a text: what stands in quotes inside is one with the word that it begins in.
fn words(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at].is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let start = at;
        let mut quote = None;
        while at < bytes.len() {
            match (bytes[at], quote) {
                (byte @ (b'"' | b'\''), None) if closes(bytes, at, byte) => quote = Some(byte),
                (byte, Some(open)) if byte == open => quote = None,
                (byte, None) if byte.is_ascii_whitespace() => break,
                (b'\n', _) => break,
                _ => {}
            }
            at += 1;
        }
        found.push(start..at);
    }
    found
}

/// Whether a quote that opens a value closes on its line.
fn closes(bytes: &[u8], at: usize, quote: u8) -> bool {
    let opens = at > 0 && matches!(bytes[at - 1], b'=' | b':');
    let rest = &bytes[at + 1..];
    let line = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    opens && rest[..line].contains(&quote)
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn what_commands_headers_and_pairs_tell_is_found() {
        let secret = "velvet-otter-gravel";
        for text in [
            "bun i.ts --password velvet-otter-gravel",
            "bun i.ts --token=velvet-otter-gravel -v",
            "export JWT_SECRET=velvet-otter-gravel && bun i.ts",
            "JWT_SECRET='velvet-otter-gravel' bun i.ts",
            "host=h user=a password=velvet-otter-gravel dbname=x",
            "Authorization: Bearer velvet-otter-gravel",
            "curl -H 'Authorization: Bearer velvet-otter-gravel' https://a.example",
            "curl -u app:velvet-otter-gravel https://a.example",
            "curl --user app:velvet-otter-gravel https://a.example",
            "fly secrets set DATABASE=velvet-otter-gravel",
            "kubectl create secret generic a --from-literal=password=velvet-otter-gravel",
            "gh secret set NAME --body velvet-otter-gravel --password velvet-otter-gravel",
            "docker login -u me -p velvet-otter-gravel",
            "redis-cli -a velvet-otter-gravel ping",
            "mysqldump -pvelvet-otter-gravel shop",
            "docker run -e DB_PASSWORD=velvet-otter-gravel img",
            "the bearer velvet-otter-gravel9 is used",
            "--set auth.password=velvet-otter-gravel",
            "\\\"password\\\": \\\"velvet-otter-gravel\\\"",
        ] {
            let found = told(text);
            assert!(found.iter().any(|range| text[range.clone()].contains(secret)), "{text}: {found:?}");
        }
    }

    #[test]
    fn the_rest_of_a_text_stays() {
        for text in [
            "bun run start --port 3000",
            "curl -H 'Authorization: Bearer $TOKEN' https://a.example",
            "export JWT_SECRET=${JWT_SECRET}",
            "basic auth is used, with bearer authentication",
            "--token-ttl 3600 --mode strict",
            "NODE_ENV=production node index.js",
            "https://a.example:8080/path?mode=on",
            "docker run -p 80:80 -e PORT=80 img",
            "it's a user's token",
            "password=true",
            "deploy --password-file /run/secrets/db",
        ] {
            assert!(told(text).is_empty(), "{text}: {:?}", told(text));
        }
    }
}
