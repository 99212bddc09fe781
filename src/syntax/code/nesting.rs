//! How deep a script nests at its deepest place, as the parser's stack would feel it.
//!
//! [`super::guard`] gives a parse as much address space as if all of a file were one nesting. Hardly any file is: an
//! operator is done with at the next comma or semicolon, and what stands in a bracket at its end. This estimate follows
//! that, to refuse the files that would really fill so much of a stack. It tells strings and tags by their first bytes;
//! where it errs, a file takes more memory, and never more stack than it was given.

use super::weights::stack_weight;

/// What a tag of JSX takes that holds the next one.
const TAG: usize = 4096;

/// What is open at one bracket.
#[derive(Clone, Copy, Default)]
struct Level {
    /// Since the last comma.
    flow: usize,
    /// Of `<` that may be type arguments, which go on behind a comma.
    angles: usize,
    /// It is the `${` of a template, whose text goes on after the bracket.
    in_template: bool,
}

/// The bytes of stack at the deepest place.
pub(super) fn deepest(text: &str) -> usize {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or_default();
    let mut levels = vec![Level::default()];
    // What all levels weigh together.
    let (mut all, mut tags, mut deepest) = (0_usize, 0_usize, 0_usize);
    let mut at = 0;
    while at < bytes.len() {
        let here = bytes[at];
        let weight = usize::from(stack_weight(here));
        let Some(level) = levels.last_mut() else { break };
        match here {
            b'(' | b'[' | b'{' => {
                level.flow += weight;
                all += weight;
                levels.push(Level::default());
            }
            b')' | b']' | b'}' => {
                all -= level.flow + level.angles;
                let goes_on = level.in_template && here == b'}';
                *level = Level::default();
                if levels.len() > 1 {
                    levels.pop();
                }
                if goes_on {
                    at = end_of_template_text(bytes, at + 1, &mut levels);
                }
            }
            b'`' => {
                level.flow += weight;
                all += weight;
                at = end_of_template_text(bytes, at + 1, &mut levels);
            }
            b',' => all -= std::mem::take(&mut level.flow),
            b';' | b'\n' if ends_statement(bytes, at) => {
                all -= level.flow + level.angles;
                *level = Level::default();
            }
            b'<' => {
                level.angles += weight;
                all += weight;
                let before = at.checked_sub(1).map_or(b' ', byte);
                let begins_tag = byte(at + 1) == b'>' || byte(at + 1).is_ascii_alphabetic();
                if byte(at + 1) == b'/' {
                    tags = tags.saturating_sub(1);
                } else if begins_tag && !(before.is_ascii_alphanumeric() || matches!(before, b')' | b']' | b'_')) {
                    tags += 1;
                }
            }
            b'>' => match at.checked_sub(1).map(byte) {
                Some(b'/') => tags = tags.saturating_sub(1),
                Some(b'=') => {}
                _ => {
                    let open = usize::from(stack_weight(b'<')).min(level.angles);
                    level.angles -= open;
                    all -= open;
                }
            },
            b'\'' | b'"' => {
                level.flow += weight;
                all += weight;
                at = end_of_string(bytes, at);
            }
            _ => {
                level.flow += weight;
                all += weight;
            }
        }
        deepest = deepest.max(all + tags * TAG);
        at += 1;
    }
    deepest
}

/// Whether a semicolon ends what stands before it, for `else` goes on; or a line, where the next one begins with a word
/// that only a statement begins with.
fn ends_statement(bytes: &[u8], at: usize) -> bool {
    let after = bytes[at + 1..].trim_ascii_start();
    if bytes[at] == b';' {
        return !after.starts_with(b"else");
    }
    let word = after.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
    matches!(
        &after[..word],
        b"const" | b"let" | b"var" | b"import" | b"export" | b"return" | b"throw" | b"type" | b"interface"
    )
}

/// Where the text of a template ends: at its last sign, or at the bracket of a `${`, which opens a level.
fn end_of_template_text(bytes: &[u8], from: usize, levels: &mut Vec<Level>) -> usize {
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'`' => return at,
            b'$' if bytes.get(at + 1) == Some(&b'{') => {
                levels.push(Level { in_template: true, ..Level::default() });
                return at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    at
}

/// Where a string ends that ends on its line; else where it begins, for it is no string.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != b'\n' {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == bytes[start] => return at,
            _ => at += 1,
        }
    }
    start
}

#[cfg(test)]
mod tests {
    use super::deepest;
    use crate::syntax::code::guard::NESTING_LIMIT;

    const MEGABYTE: usize = 1 << 20;

    fn repeated(piece: &str) -> String {
        piece.repeat(MEGABYTE / piece.len())
    }

    #[test]
    fn the_text_of_a_template_is_not_nested() {
        let text = "[[((({{{ text <p>\n".repeat(18_000);
        assert!(deepest(&format!("const page = `{text}`;")) < NESTING_LIMIT);
        assert!(deepest(&format!("const page = `a ${{b}} \\` {text}`;")) < NESTING_LIMIT);
        let inside = format!("const page = `${{{}}}`;", repeated("a?b:"));
        assert!(deepest(&inside) > NESTING_LIMIT);
    }

    #[test]
    fn a_megabyte_that_goes_deeper_with_each_token_is_over_the_limit() {
        for piece in [
            "-",
            "!",
            "typeof ",
            "void ",
            "new ",
            "await ",
            "a=",
            "a=>",
            "a?b:",
            "a??=",
            "x**",
            "if(a)",
            "if(a);else ",
            "if(a){}else ",
            "for(;;)",
            "while(a)",
            "do ",
            "a:",
            "<a>",
            "<a b=','>",
            "<a>;",
            "a<b,",
            "a as b<",
            "!','+-",
            "function a(){}+",
            "yield ",
            "label:for(;;)",
            "...",
            "@a ",
            "...b?c:",
        ] {
            assert!(deepest(&repeated(piece)) > NESTING_LIMIT, "{piece}");
        }
    }

    #[test]
    fn a_megabyte_that_is_flat_is_not() {
        for piece in [
            "a = -b;\n",
            "export const a = b ? c : d\n",
            "f(a, b => c, [d, { e: !f }]);",
            "k:function(e,t){return e?t:a.k},",
            "'a;b', ",
            "{ a: 'b', c: `d` },\n",
            "if (a < b) { c(); } else if (d > e) { f(); }\nreturn g;\n",
            "<li key=\"a\">b, c</li>;\n",
            "x = useState<string>(a => b);\n",
        ] {
            assert!(deepest(&repeated(piece)) < NESTING_LIMIT / 8, "{piece} {}", deepest(&repeated(piece)));
        }
    }
}
