//! The lines around the places of a finding, with what is to be said of each place under it.

use super::{escaped, push_escaped};
use crate::findings::Finding;
use crate::mask::push_printable;
use crate::report::Report;
use crate::report::human::excerpt::{Note, ranges};
use crate::report::human::finding::notes;
use std::fmt::Write;

/// Characters of a line that are shown.
const MOST_CHARACTERS: usize = 240;
/// Characters of a clipped line before its first mark.
const LEAD: usize = 40;

/// Every piece of code that the finding points into: the primary place's first.
pub(super) fn frames(finding: &Finding, report: &Report) -> String {
    let notes = notes(finding);
    let mut pieces: Vec<_> = ranges(&notes, &report.frames)
        .into_iter()
        .flat_map(|(file, ranges)| ranges.into_iter().map(move |range| (file, range)))
        .collect();
    if let Some(primary) = notes.first().map(|note| note.at) {
        pieces
            .sort_by_key(|(file, (first, last))| !(**file == primary.file && (*first..=*last).contains(&primary.line)));
    }
    let mut out = String::new();
    for (file, (first, last)) in pieces {
        let begins = notes.iter().find(|note| note.at.file == *file && (first..=last).contains(&note.at.line));
        let line = begins.map_or(first, |note| note.at.line);
        // Writing to a string cannot fail.
        let _ = write!(out, "<figure><figcaption>{}:{line}</figcaption><pre>", escaped(file));
        let digits = last.to_string().len();
        let shown = |number| report.frames[file].line(number).unwrap_or_default();
        // A phone has no room for the depth at which a setting stands.
        let indent = (first..=last).map(shown).filter(|line| !line.trim().is_empty()).map(indent_of).min().unwrap_or(0);
        for number in first..=last {
            let here: Vec<(usize, &Note<'_>)> = notes
                .iter()
                .enumerate()
                .filter(|(_, note)| note.at.file == *file && (note.at.line..=note.at.end_line).contains(&number))
                .collect();
            push_line(shown(number), indent, &(number, digits), &here, &mut out);
        }
        out.push_str("</pre></figure>");
    }
    out
}

/// One line with its number, its marks, and its notes under it.
fn push_line(
    text: &str,
    indent: usize,
    &(number, digits): &(u32, usize),
    here: &[(usize, &Note<'_>)],
    out: &mut String,
) {
    let count = text.chars().count();
    let leftmost = here.iter().map(|(_, note)| columns(note, number).0).min().unwrap_or(0);
    let clipped = count > indent + MOST_CHARACTERS;
    let cut = if clipped { leftmost.saturating_sub(LEAD).clamp(indent, count - MOST_CHARACTERS) } else { indent };
    let _ = write!(out, "<span class=n>{number:>digits$}</span> ");
    let mut marked = None;
    if cut > indent {
        out.push('…');
    }
    for (index, c) in text.chars().enumerate().skip(cut).take(MOST_CHARACTERS) {
        // The primary place is drawn over the others.
        let mark = here.iter().filter(|(_, note)| covers(note, number, index)).map(|(which, _)| *which == 0).max();
        if mark != marked {
            close(marked, out);
            out.push_str(match mark {
                Some(true) => "<mark class=p>",
                Some(false) => "<mark>",
                None => "",
            });
            marked = mark;
        }
        push_character(c, out);
    }
    close(marked, out);
    if count > cut + MOST_CHARACTERS {
        out.push('…');
    }
    out.push('\n');
    for (_, note) in here.iter().filter(|(_, note)| note.at.line == number && !note.text.is_empty()) {
        let before = columns(note, number).0;
        let before_note: String =
            text.chars().skip(cut).take(before.saturating_sub(cut)).map(|c| if c == '\t' { c } else { ' ' }).collect();
        let before_note = if cut > indent { format!(" {before_note}") } else { before_note };
        let _ = writeln!(out, "<span class=t>{:digits$} {before_note}╰─ {}</span>", "", escaped(&note.text));
    }
}

fn indent_of(line: &str) -> usize {
    line.chars().take_while(|c| matches!(c, ' ' | '\t')).count()
}

fn close(marked: Option<bool>, out: &mut String) {
    if marked.is_some() {
        out.push_str("</mark>");
    }
}

fn push_character(c: char, out: &mut String) {
    if c == '\t' {
        out.push(c);
        return;
    }
    let mut shown = String::new();
    push_printable(c, &mut shown);
    shown.chars().for_each(|c| push_escaped(c, out));
}

fn covers(note: &Note<'_>, number: u32, index: usize) -> bool {
    let (start, end) = columns(note, number);
    (start..end).contains(&index)
}

/// The characters of a line that a place has, counted from 0; a place without length has one.
fn columns(note: &Note<'_>, number: u32) -> (usize, usize) {
    let at = note.at;
    let start = if at.line == number { at.column.saturating_sub(1) as usize } else { 0 };
    let end = if at.end_line == number { at.end_column.saturating_sub(1) as usize } else { usize::MAX };
    (start, end.max(start + 1))
}
