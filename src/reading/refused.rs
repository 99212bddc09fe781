//! Stand-ins that the app's own code refuses: whoever forgets to replace one has an app that does not start.

use crate::reading::bench::Reading;
use crate::reading::secret_text::is_dummy;
use crate::syntax::FileId;
use crate::text::Text;

/// So many lines below a comparison what follows from it stands.
const MOST_BELOW: usize = 10;

/// Whether the code of the app compares with this very stand-in and stops where it meets it.
pub(crate) fn is_refused(reading: &Reading<'_>, text: &Text) -> bool {
    if !is_dummy(text) {
        return false;
    }
    let project = reading.documents.project;
    let is_code = |file: &FileId| {
        let kind = &project.file(*file).kind;
        kind.is_script() || kind.is_python()
    };
    let mut code: Vec<FileId> = project.within(&reading.found.root).filter(is_code).collect();
    if code.is_empty() {
        // A deployment beside the code that it runs.
        code = project.within("").filter(is_code).collect();
    }
    text.test(|text| {
        let quoted = [format!("\"{text}\""), format!("'{text}'")];
        let words: Vec<&str> = quoted.iter().map(String::as_str).collect();
        let files = project.mentioning(&code, &words);
        files.into_iter().any(|file| project.text(file).is_ok_and(|code| stops(code, &words)))
    })
}

/// Whether a line compares with one of some literals, and one of the lines below it raises.
fn stops(code: &str, literals: &[&str]) -> bool {
    let lines: Vec<&str> = code.lines().collect();
    lines.iter().enumerate().any(|(at, line)| {
        let compares = literals.iter().any(|literal| line.contains(literal))
            && ["==", " in ", ".includes("].iter().any(|sign| line.contains(sign));
        let mut below = lines[at..].iter().take(MOST_BELOW);
        compares && below.any(|line| ["raise ", "throw ", "exit("].iter().any(|word| line.contains(word)))
    })
}

#[cfg(test)]
mod tests {
    use super::stops;

    #[test]
    fn a_comparison_that_raises_refuses() {
        assert!(stops("if key == \"changethis\":\n    raise ValueError(key)\n", &["\"changethis\""]));
        assert!(stops("if (key === 'changethis') {\n  throw new Error();\n}\n", &["'changethis'"]));
        assert!(!stops("key = os.environ.get(\"KEY\", \"changethis\")\nraise ValueError\n", &["\"changethis\""]));
        assert!(!stops("if key == \"changethis\":\n    warn(key)\n", &["\"changethis\""]));
    }
}
