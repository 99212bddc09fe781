//! The lines around the places of a finding, ready for a terminal: masked, sanitised, clipped, labels moved along.

use super::super::words;
use super::link;
use crate::findings::Location;
use crate::mask::{Masked, push_printable};
use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Lines shown above and below a label.
const CONTEXT: u32 = 1;
/// Lines of one label that are shown; a longer one is cut to its first line.
const MOST_LINES: u32 = 6;
/// Characters of a clipped line before its first label.
const LEAD: usize = 30;

/// Columns that a label needs beside its text: its line and its corner.
const CORNER: usize = 4;
/// Columns of a label's text that are made room for; more of it goes to further lines.
const LABEL: usize = 24;

/// A place to show, with what to say of it.
pub(in crate::report) struct Note<'f> {
    /// Where.
    pub at: &'f Location,
    /// What.
    pub text: String,
}

/// Pieces of one or several files, one behind the other, that miette reads as one source.
#[derive(Debug)]
pub(super) struct Excerpt {
    text: String,
    pieces: Vec<Piece>,
}

/// Some lines of one file that follow each other.
#[derive(Debug)]
struct Piece {
    file: String,
    /// The file as a header shows it: with a link where the terminal follows one.
    name: String,
    first_line: u32,
    /// Where it begins in the excerpt's text.
    start: usize,
    /// Where it ends, without its last line end.
    end: usize,
    lines: Vec<Line>,
}

/// One line, and where its characters went.
#[derive(Debug)]
struct Line {
    /// The byte in the excerpt at which each kept character begins, and the end.
    places: Vec<usize>,
    /// How many characters were cut at the left.
    cut: usize,
}

impl Excerpt {
    /// The excerpt for a finding's places, and their labels in it; the first place is the primary one.
    pub(super) fn new(
        notes: &[Note<'_>],
        frames: &BTreeMap<Arc<str>, Masked>,
        width: usize,
        root: Option<&Path>,
    ) -> (Excerpt, Vec<LabeledSpan>) {
        let mut excerpt = Excerpt { text: String::new(), pieces: Vec::new() };
        let mut pieces: Vec<(&Arc<str>, (u32, u32))> = ranges(notes, frames)
            .into_iter()
            .flat_map(|(file, ranges)| ranges.into_iter().map(move |range| (file, range)))
            .collect();
        // The primary place comes first, whatever stands above it in its file.
        if let Some(primary) = notes.first().map(|note| note.at) {
            let holds = |file: &Arc<str>, (first, last): (u32, u32)| {
                *file == primary.file && (first..=last).contains(&primary.line)
            };
            pieces.sort_by_key(|(file, range)| !holds(file, *range));
        }
        for (file, (first, last)) in pieces {
            excerpt.push_piece(file, (first, last), &frames[file], notes, width);
            if let (Some(root), Some(piece)) = (root, excerpt.pieces.last_mut()) {
                piece.name = link::to_file(root, file, &piece.file);
            }
        }
        let labels = excerpt.labels(notes, width);
        (excerpt, labels)
    }

    /// The labels of the places, each under a part of its text that no other one claims.
    fn labels(&self, notes: &[Note<'_>], width: usize) -> Vec<LabeledSpan> {
        let spans: Vec<Option<SourceSpan>> = notes.iter().map(|note| self.span_of(note.at)).collect();
        let mut labels = Vec::new();
        for (index, note) in notes.iter().enumerate() {
            let Some(span) = spans[index] else { continue };
            // Beside a label with words, one without would be an arrow to nowhere.
            let same_line = |other: &&Note<'_>| other.at.file == note.at.file && other.at.line == note.at.line;
            let beside = notes.iter().filter(same_line).any(|other| !other.text.is_empty());
            if note.text.is_empty() && beside {
                continue;
            }
            let others = spans.iter().enumerate().filter(|(other, _)| *other != index).filter_map(|(_, span)| *span);
            let Some(span) = self.own_part(span, others) else { continue };
            let span = self.with_room_for(&note.text, span, width);
            let text = self.wrapped(&note.text, span, width);
            let label = if labels.is_empty() {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            };
            labels.push(label);
        }
        labels
    }

    /// The part of a place that is its own: before what another one marks in it; nothing where that begins at the same text.
    /// Two marks that overlap would push each other aside.
    fn own_part(&self, span: SourceSpan, others: impl Iterator<Item = SourceSpan>) -> Option<SourceSpan> {
        let (start, mut end) = (span.offset(), span.offset() + span.len());
        let text = |end: usize| self.text.get(start..end).unwrap_or_default();
        if text(end).contains('\n') {
            return Some(span);
        }
        for other in others {
            let (from, to) = (other.offset(), other.offset() + other.len());
            if from == start && to < end {
                return None;
            }
            if from > start && from < end {
                end = from;
            }
        }
        let own = text(end).trim_end();
        (!own.is_empty()).then(|| SourceSpan::from((start, own.len())))
    }

    /// A place on one line, cut so that what is said under its middle stays inside the width.
    fn with_room_for(&self, said: &str, span: SourceSpan, width: usize) -> SourceSpan {
        let marked = self.text.get(span.offset()..span.offset() + span.len()).unwrap_or_default();
        if said.is_empty() || marked.contains('\n') {
            return span;
        }
        let before = self.text[..span.offset()].chars().rev().take_while(|c| *c != '\n').count();
        let longest = said.split(' ').map(|word| word.chars().count()).max().unwrap_or(0);
        let room = width.saturating_sub(before + CORNER + LABEL.max(longest)).max(4) * 2;
        let kept: usize = marked.chars().take(room).map(char::len_utf8).sum();
        SourceSpan::from((span.offset(), kept.max(1)))
    }

    fn push_piece(&mut self, file: &str, (first, last): (u32, u32), masked: &Masked, notes: &[Note<'_>], width: usize) {
        let start = self.text.len();
        let mut lines = Vec::new();
        for number in first..=last {
            let here = || notes.iter().filter(|note| *note.at.file == *file && note.at.line == number);
            let leftmost = here().map(|note| note.at.column as usize - 1).min();
            let told = here().any(|note| !note.text.is_empty());
            let needed = here().filter(|_| told).map(|note| columns_needed(note)).max().unwrap_or(0);
            lines.push(self.push_line(masked.line(number).unwrap_or_default(), leftmost, needed, width));
        }
        // Behind each piece stands a line end that belongs to none.
        let end = self.text.len().saturating_sub(1).max(start);
        let file = crate::mask::printable(file).into_owned();
        self.pieces.push(Piece { name: file.clone(), file, first_line: first, start, end, lines });
    }

    /// Takes a line in: what acts on a terminal spelled out, what is too long cut around its first label.
    fn push_line(&mut self, line: &str, leftmost: Option<usize>, needed: usize, width: usize) -> Line {
        let count = line.chars().count();
        let room = width.max(40);
        let cut = if count <= room { 0 } else { leftmost.unwrap_or(0).saturating_sub(LEAD).min(count - room) };
        // The name of what is marked stays whole,
        let cut = cut.min(leftmost.map_or(usize::MAX, |leftmost| name_before(line, leftmost, room * 2 / 3)));
        // and what is said of a place at the right needs room, too.
        let cut = cut.max(needed.saturating_sub(room).min(leftmost.unwrap_or(0).saturating_sub(CORNER)));
        if cut > 0 {
            self.text.push('…');
        }
        let mut places = Vec::new();
        for c in line.chars().skip(cut).take(room) {
            places.push(self.text.len());
            if c == '\t' {
                self.text.push(c);
            } else {
                push_printable(c, &mut self.text);
            }
        }
        places.push(self.text.len());
        // A label at the end of a line, or on an empty one, needs something to stand under.
        self.text.push_str(if count > cut + room { "…" } else { " " });
        self.text.push('\n');
        Line { places, cut }
    }

    /// What a label says, in as many lines as it needs to stay inside the width.
    fn wrapped(&self, said: &str, span: SourceSpan, width: usize) -> Option<String> {
        if said.is_empty() {
            return None;
        }
        let before =
            self.text.get(..span.offset()).map_or(0, |text| text.chars().rev().take_while(|c| *c != '\n').count());
        let marked = self.text.get(span.offset()..span.offset() + span.len()).unwrap_or_default();
        // What is said of several lines stands under the last of them, at the left.
        let corner = match marked.contains('\n') {
            true => CORNER,
            false => before + marked.chars().count() / 2 + CORNER,
        };
        // A name that is longer than the room takes its line; the others need not be shorter.
        let longest = said.split(' ').map(|word| word.chars().count()).max().unwrap_or(0);
        let options = textwrap::Options::new(width.saturating_sub(corner).max(LABEL).max(longest));
        let options = options.word_separator(words::whole_code()).break_words(false);
        Some(textwrap::fill(said, options.word_splitter(textwrap::WordSplitter::NoHyphenation)))
    }

    /// Where a location is in the excerpt: at least one character, at most to the end of a line that is shown.
    fn span_of(&self, at: &Location) -> Option<SourceSpan> {
        let piece = self.piece_with(&at.file, at.line)?;
        let start = piece.place(at.line, at.column)?;
        let end_line = if at.end_line - at.line >= MOST_LINES { at.line } else { at.end_line };
        let end = if end_line == at.end_line {
            piece.place(end_line, at.end_column)
        } else {
            let line = piece.lines.get((end_line - piece.first_line) as usize);
            line.and_then(|line| line.places.last().copied()).map(|end| self.without_comment(start, end))
        };
        let length = end.unwrap_or(start).saturating_sub(start).max(1);
        Some(SourceSpan::from((start, length)))
    }

    /// Where a line's code ends before a comment behind it.
    fn without_comment(&self, start: usize, end: usize) -> usize {
        let text = self.text.get(start..end).unwrap_or_default();
        let comment = [" //", " #", " /*"].iter().filter_map(|mark| text.find(mark)).min();
        start + text[..comment.unwrap_or(text.len())].trim_end().len()
    }

    fn piece_with(&self, file: &str, line: u32) -> Option<&Piece> {
        let file = crate::mask::printable(file);
        self.pieces.iter().find(|piece| piece.file == *file && piece.numbers().contains(&line))
    }
}

impl Piece {
    fn numbers(&self) -> std::ops::Range<u32> {
        self.first_line..self.first_line + u32::try_from(self.lines.len()).unwrap_or(0)
    }

    /// The byte of a column; the nearest one that is shown.
    fn place(&self, line: u32, column: u32) -> Option<usize> {
        let line = self.lines.get(line.checked_sub(self.first_line)? as usize)?;
        let index = (column as usize).saturating_sub(1).saturating_sub(line.cut);
        line.places.get(index).or(line.places.last()).copied()
    }

    /// The true line and column of a byte, both from 0.
    fn position(&self, offset: usize) -> (usize, usize) {
        let behind = |line: &Line| line.places.last().is_some_and(|end| *end < offset);
        let index = self.lines.iter().take_while(|line| behind(line)).count().min(self.lines.len().saturating_sub(1));
        let column = self
            .lines
            .get(index)
            .map_or(0, |line| line.cut + line.places.iter().take_while(|place| **place < offset).count());
        (self.first_line as usize - 1 + index, column)
    }
}

impl SourceCode for Excerpt {
    /// Without context: the true place of a span, for the header. With context: the whole piece around it.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let end = span.offset() + span.len();
        let holds = |piece: &&Piece| piece.start <= span.offset() && end <= piece.end;
        // Spans that reach over two pieces are refused, which keeps their frames apart.
        let piece = self.pieces.iter().find(holds).ok_or(MietteError::OutOfBounds)?;
        let (range, (line, column), count) = if before == 0 {
            (span.offset()..end, piece.position(span.offset()), 1)
        } else {
            (piece.start..piece.end, (piece.first_line as usize - 1, 0), piece.lines.len())
        };
        let covered = SourceSpan::from((range.start, range.len()));
        let data = &self.text.as_bytes()[range];
        Ok(Box::new(MietteSpanContents::new_named(piece.name.clone(), data, covered, line, column, count)))
    }
}

/// Where the name begins that stands before a column, in front of `: ` or `=`; the column itself where it is too far away.
fn name_before(line: &str, column: usize, most: usize) -> usize {
    let before: Vec<char> = line.chars().take(column).collect();
    let is_name = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '-' | '$' | '.');
    let between =
        before.iter().rev().take_while(|c| matches!(c, ' ' | ':' | '=' | '"' | '\'' | '[' | '(' | '{')).count();
    let name = before.iter().rev().skip(between).take_while(|c| is_name(c)).count();
    if between + name > most { column } else { before.len() - between - name }
}

/// How far a line reaches to the right with the label that hangs in the middle of a place.
fn columns_needed(note: &Note<'_>) -> usize {
    let at = note.at;
    if at.line != at.end_line {
        return 0;
    }
    let said = &note.text;
    // A long place is marked as far as there is room.
    let half = (at.end_column.saturating_sub(at.column) as usize / 2).min(CORNER * 3);
    let middle = at.column as usize + half;
    // A name is not broken, however long it is.
    let longest = said.split(' ').map(|word| word.chars().count()).max().unwrap_or(0);
    middle + CORNER + said.chars().count().min(LABEL.max(longest))
}

/// First and last lines, both shown.
pub(in crate::report) type Ranges = Vec<(u32, u32)>;

/// The lines to show of each file: the primary place's file first, then in the order of the notes.
pub(in crate::report) fn ranges<'f>(
    notes: &[Note<'f>],
    frames: &BTreeMap<Arc<str>, Masked>,
) -> Vec<(&'f Arc<str>, Ranges)> {
    let mut files: Vec<(&Arc<str>, Ranges)> = Vec::new();
    for note in notes {
        let Some(masked) = frames.get(&note.at.file) else { continue };
        let last_shown = if note.at.end_line - note.at.line >= MOST_LINES { note.at.line } else { note.at.end_line };
        let first = note.at.line.saturating_sub(CONTEXT).max(1);
        let mut last = (last_shown + CONTEXT).min(masked.lines());
        // Behind the last line end of a file is nothing to see.
        if last > last_shown && last == masked.lines() && masked.line(last) == Some("") {
            last -= 1;
        }
        if first > last {
            continue;
        }
        match files.iter_mut().find(|(file, _)| *file == &note.at.file) {
            Some((_, ranges)) => ranges.push((first, last)),
            None => files.push((&note.at.file, vec![(first, last)])),
        }
    }
    for (_, ranges) in &mut files {
        *ranges = joined(std::mem::take(ranges));
    }
    files
}

/// Ranges in order, those that touch joined.
fn joined(mut ranges: Ranges) -> Ranges {
    ranges.sort_unstable();
    let mut joined: Ranges = Vec::new();
    for (first, last) in ranges {
        match joined.last_mut() {
            Some((_, end)) if first <= *end + 1 => *end = last.max(*end),
            _ => joined.push((first, last)),
        }
    }
    joined
}
