//! The page of a rule as Markdown: for the documentation, for a wiki, for whoever reads without a terminal.

use super::page::{Page, Threshold};
use crate::rules::Profile;
use std::fmt::Write;

/// The page.
pub(in crate::cli) fn text(page: &Page) -> String {
    let mut out = format!("# {}\n\n**{}**\n\n", page.id, prose(&page.summary));
    // Writing to a string cannot fail.
    let _ = writeln!(out, "| severity | owner | judges | `--fix` |\n|---|---|---|---|");
    let fix = match page.repair {
        Some("safe") => "yes",
        Some(_) => "with `--unsafe-fixes`",
        None => "no",
    };
    let _ = writeln!(out, "| {} | {} | `{}` | {fix} |", cell(&page.severities()), page.owner, page.resource);
    let _ = writeln!(out, "\n## Why\n\n{}\n\n## Fix\n\n{}", prose(&page.why), prose(&page.fix_here));
    out.push_str(&example(page));
    out.push_str(&places(page));
    out.push_str(&thresholds(&page.limits));
    if !page.silences.is_empty() {
        let _ = writeln!(out, "\nWhere this rule speaks, these are silent: `{}`.", page.silences.join("`, `"));
    }
    if !page.aliases.is_empty() {
        let _ = writeln!(out, "\nIt was once called `{}`.", page.aliases.join("`, `"));
    }
    if !page.standards.is_empty() {
        out.push_str("\n## Standards\n\n");
        for answer in &page.standards {
            let _ = writeln!(out, "- [{}]({})", prose(&answer.in_words()), answer.url);
        }
    }
    if !page.references.is_empty() {
        out.push_str("\n## References\n\n");
        page.references.iter().for_each(|reference| _ = writeln!(out, "- <{reference}>"));
    }
    out
}

fn places(page: &Page) -> String {
    if page.places.is_empty() {
        return String::new();
    }
    let mut out =
        String::from("\n## Where\n\n| in | setting | written as | where nothing is written |\n|---|---|---|---|\n");
    for place in &page.places {
        for written in &place.settings {
            let keys: Vec<String> = written.keys.iter().map(|key| written_at(key)).collect();
            let keys = if keys.is_empty() { "it cannot be".to_owned() } else { keys.join(" or ") };
            let title = cell(place.title);
            let _ = writeln!(out, "| {title} | `{}` | {keys} | {} |", written.setting, cell(&written.absent));
        }
    }
    out
}

fn thresholds(limits: &[Threshold]) -> String {
    if limits.is_empty() {
        return String::new();
    }
    let names: Vec<&str> = Profile::names().collect();
    let mut out =
        format!("\n## Thresholds\n\n| limit | {} | |\n|---|{}---|\n", names.join(" | "), "---|".repeat(names.len()));
    for Threshold { name, meaning, values } in limits {
        let values: Vec<&str> = names.iter().map(|profile| values.get(profile).map_or("", String::as_str)).collect();
        let _ = writeln!(out, "| `{name}` | {} | {} |", values.join(" | "), cell(meaning));
    }
    out
}

fn example(page: &Page) -> String {
    let Some(example) = &page.example else {
        return "\n## Example\n\nNone: of what prodcheck reads so far, nothing gives this rule anything to judge.\n"
            .into();
    };
    let mut out = String::new();
    for (title, project) in [("Bad", &example.bad), ("Good", &example.good)] {
        let _ = writeln!(out, "\n## {title}");
        for file in &project.files {
            let _ = writeln!(out, "\n`{}`\n\n{}", file.path, fenced(language(&file.path), &file.text));
        }
        match project.told.trim_end() {
            "" => out.push_str("\nA scan has nothing to report here.\n"),
            told => _ = writeln!(out, "\nA scan says:\n\n{}", fenced("text", told)),
        }
    }
    out
}

/// The language of a file, as highlighters call it.
fn language(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit('.').next().unwrap_or_default();
    match ending {
        "ts" | "tsx" | "mts" => "ts",
        "js" | "jsx" | "mjs" | "cjs" => "js",
        "py" => "python",
        "json" | "jsonc" => "json",
        "yaml" | "yml" => "yaml",
        "toml" => "toml",
        _ if name.starts_with("Dockerfile") => "dockerfile",
        _ => "text",
    }
}

/// A block of code, with a fence that does not occur in it.
fn fenced(language: &str, text: &str) -> String {
    let mut fence = String::from("```");
    while text.contains(&fence) {
        fence.push('`');
    }
    format!("{fence}{language}\n{}\n{fence}", text.trim_end_matches('\n'))
}

/// A word of code in a sentence or a cell.
pub(in crate::cli) fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// Where a setting is written, in a cell: a key as code, which argument it is as words.
pub(in crate::cli) fn written_at(key: &str) -> String {
    if key.contains(' ') { cell(key) } else { code(key) }
}

/// A sentence in a cell of a table, where a stroke ends the cell even inside of ticks.
pub(in crate::cli) fn cell(text: &str) -> String {
    let out = prose(text).replace('|', "\\|").replace("\\\\|", "\\|");
    out.replace('\n', " ")
}

/// A sentence, in which nothing but its backticks has a meaning of its own. Lines stay lines.
pub(in crate::cli) fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // A tick without a second one quotes nothing.
    let ticks = text.matches('`').count() / 2 * 2;
    let (mut seen, mut quoted) = (0, false);
    for c in text.chars() {
        match c {
            '`' if seen < ticks => {
                seen += 1;
                quoted = !quoted;
            }
            '<' if !quoted => {
                out.push_str("&lt;");
                continue;
            }
            '*' | '_' | '[' | ']' | '|' | '\\' | '`' if !quoted => out.push('\\'),
            _ => {}
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_means_what_it_says() {
        assert_eq!(prose("set <your-key> to `a_<b>|c` or *"), "set &lt;your-key> to `a_<b>|c` or \\*");
        assert_eq!(cell("`a|b` | c"), "`a\\|b` \\| c");
        assert_eq!(prose("it`s [here](x)"), "it\\`s \\[here\\](x)");
    }

    #[test]
    fn a_block_is_closed_by_its_own_fence_alone() {
        assert_eq!(fenced("text", "a\n```\nb\n"), "````text\na\n```\nb\n````");
    }
}
