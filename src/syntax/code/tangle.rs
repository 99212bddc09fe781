//! An estimate of how often a script's parser goes over the same text, made before it is parsed.
//!
//! oxc reads `a<b`, `(a, b)` and `a ? (b) : c => d` on trial, as type arguments or as the parameters of an arrow, and
//! begins anew when the trial fails. Trials inside trials take time and memory that grow with the square of the text:
//! `a<` two thousand times, 4 KB, takes half a second and 244 MB. This scan follows which trials are under way at
//! each byte. It is a close guess and no proof: it tells strings, comments and regexes from code by their first bytes.

use super::refused::Refused;
use crate::syntax::Span;

/// How many bytes the parser goes over again at most, in all: some 60 MB of memory. In 11,000 real files,
/// minified ones included, one had more than a sixteenth of that.
const REPEATED_BYTES: usize = 1 << 20;

/// Refuses a file whose trials would go over more than [`REPEATED_BYTES`].
pub(super) fn check(text: &str) -> Result<(), Refused> {
    let Some(at) = first_over(text, REPEATED_BYTES) else { return Ok(()) };
    let at = u32::try_from(text.floor_char_boundary(at)).unwrap_or(u32::MAX);
    Err(Refused::TooTangled { span: Span::new(at, at) })
}

/// Where the bytes that are gone over again pass `limit`.
pub(super) fn first_over(text: &str, limit: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut scan = Scan {
        bytes,
        at: 0,
        last: None,
        levels: vec![Level::default()],
        outer: Trials::default(),
        modifiers: 0,
        no_regex_before: 0,
    };
    let mut repeated = 0_usize;
    while scan.at < bytes.len() {
        let from = scan.at;
        scan.step();
        repeated = repeated.saturating_add((scan.at - from).saturating_mul(scan.trials()));
        if repeated > limit || scan.modifiers > MODIFIERS_IN_A_ROW {
            return Some(from);
        }
    }
    None
}

/// Words that the parser looks past, and past all of their kind in a row, wherever a statement may begin.
const MODIFIERS: [&[u8]; 18] = [
    b"abstract",
    b"accessor",
    b"async",
    b"const",
    b"declare",
    b"default",
    b"enum",
    b"export",
    b"get",
    b"in",
    b"out",
    b"override",
    b"private",
    b"protected",
    b"public",
    b"readonly",
    b"set",
    b"static",
];

/// Words that end an expression and begin a statement, unless they name a member.
const BEGIN_STATEMENTS: [&[u8]; 12] = [
    b"break",
    b"case",
    b"continue",
    b"export",
    b"for",
    b"if",
    b"return",
    b"switch",
    b"throw",
    b"try",
    b"var",
    b"while",
];

/// Words of an expression that matter.
const IN_EXPRESSIONS: [&[u8]; 2] = [b"await", b"new"];

/// The lengths of the words above by their first byte, a bit for each: what is none of them is told by one look.
static LENGTHS: [u16; 256] = {
    let lengths = with_lengths([0; 256], &MODIFIERS);
    with_lengths(with_lengths(lengths, &BEGIN_STATEMENTS), &IN_EXPRESSIONS)
};

const fn with_lengths(mut lengths: [u16; 256], words: &[&[u8]]) -> [u16; 256] {
    let mut index = 0;
    while index < words.len() {
        lengths[words[index][0] as usize] |= 1 << words[index].len();
        index += 1;
    }
    lengths
}

fn may_matter(word: &[u8]) -> bool {
    word.len() < 16 && word.first().is_some_and(|first| LENGTHS[usize::from(*first)] >> word.len() & 1 == 1)
}

/// How many modifiers stand in a row at most.
const MODIFIERS_IN_A_ROW: usize = 64;

/// The trials that are under way.
#[derive(Clone, Copy, Debug, Default)]
struct Trials {
    /// `<` that may begin type arguments.
    angles: usize,
    /// `=>` in a conditional whose `?` was followed by what may be parameters.
    arrows: usize,
    /// `(` that may begin parameters.
    parens: usize,
}

impl Trials {
    fn is_none(self) -> bool {
        self.angles | self.arrows | self.parens == 0
    }
}

/// One open bracket.
#[derive(Clone, Copy, Debug)]
struct Level {
    trials: Trials,
    /// `? (` that have met neither `:` nor `=>`.
    asks: usize,
    /// `? ( ) :` that have not met `=>`.
    answers: usize,
    /// How many `new` what is at hand may still be the class of.
    news: u32,
    /// It is the `${` of a template, whose text goes on after the bracket.
    in_template: bool,
    /// How often the bracket is read because of type arguments on trial around it.
    ways: usize,
}

impl Default for Level {
    fn default() -> Self {
        Self { trials: Trials::default(), asks: 0, answers: 0, news: 0, in_template: false, ways: 1 }
    }
}

impl Level {
    fn begin_statement(&mut self) {
        self.trials.angles = 0;
        self.end_arrows();
    }

    fn end_arrows(&mut self) {
        self.trials.arrows = 0;
        self.asks = 0;
        self.answers = 0;
    }
}

struct Scan<'t> {
    bytes: &'t [u8],
    at: usize,
    /// The last byte that was neither blank nor comment.
    last: Option<usize>,
    levels: Vec<Level>,
    /// The trials of all levels but the innermost.
    outer: Trials,
    /// How many modifiers stood in a row just now.
    modifiers: usize,
    /// No regex begins before here: one that did not end on its line was looked for already.
    no_regex_before: usize,
}

impl Scan<'_> {
    /// How often the text at hand is read beyond the first time. Trials of arrows and of parameters add up, while
    /// those of type arguments multiply with each bracket in between: `a<(a=` twenty times takes a second.
    fn trials(&self) -> usize {
        let Some(level) = self.levels.last() else { return 0 };
        if level.ways == 1 && level.trials.is_none() && self.outer.is_none() {
            return 0;
        }
        let arrows = 1 + self.outer.arrows + level.trials.arrows;
        let parens = 1 + self.outer.parens + level.trials.parens;
        level.ways.saturating_mul(1 + level.trials.angles).saturating_mul(arrows).saturating_mul(parens) - 1
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or_default()
    }

    /// Goes over one token, string, comment or blank.
    fn step(&mut self) {
        let byte = self.byte(self.at);
        let next = self.byte(self.at + 1);
        match byte {
            0..=b' ' => {
                self.at = self.skip_blank(self.at);
                return;
            }
            b'/' if next == b'/' => return self.skip_line(),
            b'/' if next == b'*' => return self.skip_to(b"*/"),
            b'\'' | b'"' => self.skip_string(byte),
            b'`' => self.skip_template(),
            b'/' => self.slash(),
            b'(' | b'[' | b'{' => self.open(byte),
            b')' | b']' | b'}' => self.close(),
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' | b'#' | 0x80.. => self.word(),
            _ => self.sign(byte, next),
        }
        self.last = Some(self.at.saturating_sub(1));
    }

    fn level(&mut self) -> &mut Level {
        self.levels.last_mut().expect("internal error: the outermost level was closed")
    }

    fn open(&mut self, byte: u8) {
        let is_trial = byte == b'(' && self.may_begin_parameters();
        let Level { trials, ways, .. } = *self.level();
        self.outer.arrows += trials.arrows;
        self.outer.parens += trials.parens;
        let ways = ways.saturating_mul(1 + trials.angles);
        let trials = Trials { parens: usize::from(is_trial), ..Trials::default() };
        self.levels.push(Level { trials, ways, ..Level::default() });
        self.at += 1;
    }

    fn close(&mut self) {
        self.at += 1;
        if self.levels.len() < 2 {
            return;
        }
        let closed = self.levels.pop().unwrap_or_default();
        let trials = self.level().trials;
        self.outer.arrows -= trials.arrows;
        self.outer.parens -= trials.parens;
        if closed.in_template {
            self.skip_template_text();
        }
    }

    /// Operators. Most of them cannot stand in a list of types and end the trials of type arguments at their level.
    fn sign(&mut self, byte: u8, next: u8) {
        self.at += 1;
        let news = self.level().news.min(20);
        if !matches!(byte, b'.' | b'!') {
            self.level().news = 0;
        }
        match (byte, next) {
            (b'=', b'>') => {
                self.at += 1;
                let level = self.level();
                level.trials.angles = 0;
                if level.answers > 0 {
                    level.answers -= 1;
                    level.trials.arrows += 1;
                } else {
                    level.asks = level.asks.saturating_sub(1);
                }
            }
            // The parser tries the type arguments of `new` twice at two places.
            (b'<', _) => self.level().trials.angles += (2 << news) - 1,
            (b'>', _) => self.level().trials.angles = self.level().trials.angles.saturating_sub(1),
            (b'?', b'.') => self.level().trials.angles = 0,
            (b'?', _) => {
                let asks = matches!(self.byte(self.skip_blank(self.at)), b'(' | b'<' | b'a');
                let level = self.level();
                level.trials.angles = 0;
                level.asks += usize::from(asks);
            }
            (b';', _) => self.level().begin_statement(),
            (b':', _) => {
                let level = self.level();
                level.trials.angles = 0;
                level.answers += usize::from(level.asks > 0);
                level.asks = level.asks.saturating_sub(1);
            }
            // Inside of type arguments the comma does not end the arrow around them.
            (b',', _) if self.level().trials.angles > 0 => {}
            (b',', _) => self.level().end_arrows(),
            (b'&' | b'|', _) if byte == next => {
                self.at += 1;
                self.level().trials.angles = 0;
            }
            (b'&' | b'|' | b'.' | b'-' | b'!' | b'@', _) => {}
            _ => self.level().trials.angles = 0,
        }
    }

    fn word(&mut self) {
        let from = self.at;
        self.at = self.skip(from, is_word);
        let word = self.bytes.get(from..self.at).unwrap_or_default();
        if !may_matter(word) {
            self.modifiers = 0;
            return;
        }
        if word == b"await" && self.last_word_is_await(from) {
            self.level().trials.arrows += 1;
        }
        if BEGIN_STATEMENTS.contains(&word) && self.last.is_none_or(|last| self.byte(last) != b'.') {
            self.level().begin_statement();
        }
        self.modifiers = if MODIFIERS.contains(&word) { self.modifiers + 1 } else { 0 };
        self.level().news += u32::from(word == b"new");
    }

    /// Whether the word that begins at `from` follows an `await`: the parser tries both readings of each `await await`.
    fn last_word_is_await(&self, from: usize) -> bool {
        let Some(last) = self.last else { return false };
        last < from && self.bytes.get(..=last).is_some_and(|bytes| bytes.ends_with(b"await"))
    }

    /// Whether the `(` at hand is one that the parser reads as parameters on trial: it begins an expression, and what
    /// it holds begins like a parameter.
    fn may_begin_parameters(&self) -> bool {
        if let Some(last) = self.last
            && (matches!(self.byte(last), b')' | b']') || is_word(self.byte(last)) && !self.ends_in_operator_word(last))
        {
            return false;
        }
        let first = self.skip_blank(self.at + 1);
        match self.byte(first) {
            b'{' | b'[' | b')' | b'.' => true,
            byte if is_word(byte) => {
                let end = self.skip(first, is_word);
                matches!(self.byte(self.skip_blank(end)), b',' | b'=' | b'?' | b':' | b')')
            }
            _ => false,
        }
    }

    /// Whether the word that ends at `last` is one that an expression follows.
    fn ends_in_operator_word(&self, last: usize) -> bool {
        let start = (0..=last).rev().take_while(|at| is_word(self.byte(*at))).take(12).last().unwrap_or(last);
        matches!(
            self.bytes.get(start..=last).unwrap_or_default(),
            b"return"
                | b"async"
                | b"await"
                | b"yield"
                | b"typeof"
                | b"void"
                | b"delete"
                | b"new"
                | b"in"
                | b"of"
                | b"case"
                | b"default"
                | b"else"
                | b"do"
                | b"throw"
                | b"extends"
                | b"instanceof"
        )
    }

    fn skip_blank(&self, from: usize) -> usize {
        self.skip(from, |byte| byte <= b' ')
    }

    /// The first byte from here on that is of another kind.
    fn skip(&self, from: usize, kind: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        rest.iter().position(|byte| !kind(*byte)).map_or(self.bytes.len(), |length| from + length)
    }

    fn skip_line(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    }

    fn skip_to(&mut self, end: &[u8]) {
        let rest = self.bytes.get(self.at + 2..).unwrap_or_default();
        self.at = memchr::memmem::find(rest, end).map_or(self.bytes.len(), |found| self.at + 2 + found + end.len());
    }

    /// A string ends at its quote, or at the end of the line, where it would be an error.
    fn skip_string(&mut self, quote: u8) {
        self.at += 1;
        while let Some(found) = self.bytes.get(self.at..).and_then(|rest| memchr::memchr3(quote, b'\\', b'\n', rest)) {
            self.at += found + 1;
            if self.bytes[self.at - 1] != b'\\' {
                return;
            }
            self.at += 1;
        }
        self.at = self.bytes.len();
    }

    fn skip_template(&mut self) {
        self.at += 1;
        self.skip_template_text();
    }

    /// The text of a template up to its end or to the next `${`, which opens a level.
    fn skip_template_text(&mut self) {
        while self.at < self.bytes.len() {
            let byte = self.byte(self.at);
            if byte == b'$' && self.byte(self.at + 1) == b'{' {
                self.at += 1;
                self.open(b'{');
                self.level().in_template = true;
                return;
            }
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'`' {
                break;
            }
        }
        self.at = self.at.min(self.bytes.len());
    }

    /// A division, a regex, or the slash of a tag. Neither a division nor a regex can stand in a type.
    fn slash(&mut self) {
        let is_tag = self.byte(self.at + 1) == b'>' || self.last.is_some_and(|last| self.byte(last) == b'<');
        self.level().trials.angles = if is_tag { self.level().trials.angles } else { 0 };
        self.at = match self.regex_end() {
            Some(end) if !is_tag => end,
            _ => self.at + 1,
        };
    }

    /// The end of the regex that begins here, if what stands before it lets one begin and its line ends it.
    fn regex_end(&mut self) -> Option<usize> {
        if self.at < self.no_regex_before {
            return None;
        }
        if let Some(last) = self.last
            && (matches!(self.byte(last), b')' | b']' | b'"' | b'\'' | b'`')
                || is_word(self.byte(last)) && !self.ends_in_operator_word(last))
        {
            return None;
        }
        let mut in_class = false;
        let mut at = self.at + 1;
        while at < self.bytes.len() {
            match self.byte(at) {
                b'\n' | b'\r' => break,
                b'\\' => at += 1,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => return Some(at + 1),
                _ => {}
            }
            at += 1;
        }
        self.no_regex_before = at;
        None
    }
}

fn is_word(byte: u8) -> bool {
    IS_WORD[usize::from(byte)]
}

static IS_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        let it = byte as u8;
        table[byte] = it.is_ascii_alphanumeric() || matches!(it, b'_' | b'$' | b'#') || it >= 0x80;
        byte += 1;
    }
    table
};
