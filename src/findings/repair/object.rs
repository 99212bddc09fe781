//! An object literal as text: where its next entry goes, in the style of those that are there.

use super::written::Spelling;
use crate::syntax::Span;
use crate::syntax::code::{
    self, Argument, Expr, ExprKind, Language, Module, Property, SourceKind, Spread, Statement, visit,
};
use crate::syntax::data::{self, Format, Node};
use hashbrown::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

/// A file that was parsed once more, with its text.
pub(in crate::findings) struct Parsed {
    text: Arc<str>,
    tree: Tree,
    /// What a repair asks of code, found when the first one does.
    sites: OnceLock<Sites>,
}

enum Tree {
    Code(Box<Module>),
    Json(data::Document),
}

/// What can be edited in a file of code.
#[derive(Default)]
struct Sites {
    /// Plain literals, and numbers that are calculated with.
    constants: HashSet<Span>,
    /// The entries of each object literal; none where a key is computed, for it could be any.
    objects: HashMap<Span, Option<Vec<Entry>>>,
    /// The entries of objects that have a value of their own, with the object around each.
    valued: Vec<(Arc<str>, Valued, Span)>,
    /// The arguments of each call of Python, with their parentheses; none where some could have any name.
    calls: HashMap<Span, (Span, Option<Vec<Entry>>)>,
    /// How often each name is used.
    uses: HashMap<Arc<str>, usize>,
}

/// An entry of an object: its key, and the value behind it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Valued {
    pub(super) key: Span,
    pub(super) value: Span,
}

impl Valued {
    /// The entry from its key to the end of its value.
    pub(super) fn whole(&self) -> Span {
        Span::new(self.key.start, self.value.end)
    }
}

/// Where an entry of an object begins, with its key where that is written as such.
type Entry = (Option<Arc<str>>, Span);

/// An object literal.
pub(super) struct Object<'t> {
    text: &'t str,
    /// The braces included.
    span: Span,
    entries: Vec<Entry>,
    /// Comments of the file.
    comments: &'t [Span],
    spelling: Spelling,
}

impl Parsed {
    /// A text of a language that objects and literals are written in, where it is whole.
    pub(in crate::findings) fn new(path: &str, text: Arc<str>) -> Option<Parsed> {
        let tree = parse(path, &text)?;
        Some(Parsed { text, tree, sites: OnceLock::new() })
    }

    fn sites(&self, module: &Module) -> &Sites {
        self.sites.get_or_init(|| Sites::of(module))
    }

    pub(super) fn spelling(&self) -> Spelling {
        match &self.tree {
            Tree::Json(_) => Spelling::Json,
            Tree::Code(module) if module.language == Language::Python => Spelling::Python,
            Tree::Code(_) => Spelling::Script,
        }
    }

    /// Whether this very span is a plain literal, or numbers that are calculated with.
    pub(super) fn is_literal(&self, span: Span) -> bool {
        match &self.tree {
            Tree::Code(module) => self.sites(module).constants.contains(&span),
            Tree::Json(document) => {
                node_at(document.root(), span).is_some_and(|node| node.entries().is_empty() && node.items().is_empty())
            }
        }
    }

    /// The object literal that is this very span.
    pub(super) fn object(&self, span: Span) -> Option<Object<'_>> {
        let text = &*self.text;
        if let Tree::Code(module) = &self.tree
            && let Some((span, entries)) = self.sites(module).calls.get(&span).cloned()
        {
            let (entries, comments) = (entries?, module.comments.as_slice());
            return Some(Object { text, span, entries, comments, spelling: Spelling::Keyword });
        }
        if !text.get(span.start as usize..span.end as usize)?.starts_with('{') {
            return None;
        }
        let (entries, comments) = match &self.tree {
            Tree::Code(module) => (self.sites(module).objects.get(&span)?.clone()?, module.comments.as_slice()),
            Tree::Json(document) => {
                let entries = node_at(document.root(), span)?.entries();
                (entries.iter().map(|entry| (Some(entry.key.clone()), entry.key_span)).collect(), &*document.comments)
            }
        };
        Some(Object { text, span, entries, comments, spelling: self.spelling() })
    }

    /// The object literal that holds this key with, behind it, what stands at a span; and that entry.
    pub(super) fn object_with(&self, key: &str, at: Span) -> Option<(Object<'_>, Valued)> {
        let Tree::Code(module) = &self.tree else { return None };
        let fits = |entry: &Valued| entry.value != entry.key && (entry.value == at || entry.value.holds(at));
        let valued = self.sites(module).valued.iter().filter(|(own, entry, _)| **own == *key && fits(entry));
        let (_, entry, around) = valued.min_by_key(|(_, entry, _)| entry.value.end - entry.value.start)?;
        Some((self.object(*around)?, *entry))
    }

    /// The quote of the text that stands at a span, else the one that the file uses most.
    pub(super) fn quote_at(&self, span: Span) -> char {
        let own = self.text.get(span.start as usize..).and_then(|text| text.chars().next());
        match own {
            Some(quote @ ('"' | '\'')) => quote,
            _ if self.text.matches('\'').count() > self.text.matches('"').count() => '\'',
            _ => '"',
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The module, where it is one of Python.
    pub(super) fn python(&self) -> Option<&Module> {
        match &self.tree {
            Tree::Code(module) if module.language == Language::Python => Some(module),
            _ => None,
        }
    }

    /// How often a name is used in the file.
    pub(super) fn uses(&self, name: &str) -> usize {
        let Tree::Code(module) = &self.tree else { return 0 };
        self.sites(module).uses.get(name).copied().unwrap_or(0)
    }
}

/// The tree of a text, where it is whole.
fn parse(path: &str, text: &str) -> Option<Tree> {
    if let Some(kind) = SourceKind::from_path(path) {
        let module = code::parse_file(path, text, kind).ok()?;
        return module.errors.is_empty().then(|| Tree::Code(Box::new(module)));
    }
    let format = match path.rsplit('.').next()? {
        "json" => Format::Json,
        "jsonc" => Format::JsonComments,
        _ => return None,
    };
    let document = data::parse(text, format).ok()?;
    document.errors.is_empty().then_some(Tree::Json(document))
}

/// Whether a text of this path parses; one of no language that prodcheck edits by its tree does.
pub(super) fn parses(path: &str, text: &str) -> bool {
    let known = SourceKind::from_path(path).is_some() || path.ends_with(".json") || path.ends_with(".jsonc");
    !known || parse(path, text).is_some()
}

fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Text(_) => true,
        ExprKind::Binary(_, left, right) => {
            let number = |side: &Expr| is_constant(side) && !matches!(side.kind, ExprKind::Text(_) | ExprKind::Bool(_));
            number(left) && number(right)
        }
        _ => false,
    }
}

impl Sites {
    fn of(module: &Module) -> Sites {
        let mut sites = Sites::default();
        visit(&module.body, &mut |expr: &Expr, _| {
            if is_constant(expr) {
                sites.constants.insert(expr.span);
            }
            match &expr.kind {
                ExprKind::Object(properties) => {
                    sites.objects.insert(expr.span, properties.iter().map(entry).collect());
                    for property in properties.iter() {
                        if let Property::Field { key, key_span, value } = property {
                            let entry = Valued { key: *key_span, value: value.span };
                            sites.valued.push((key.clone(), entry, expr.span));
                        }
                    }
                }
                ExprKind::Call { callee, arguments, .. } if module.language == Language::Python => {
                    sites.calls.insert(expr.span, call(callee.span.end, expr.span.end, arguments));
                }
                ExprKind::Name(name) => *sites.uses.entry(name.clone()).or_default() += 1,
                _ => {}
            }
        });
        sites
    }
}

/// The parentheses of a call from where the callee ends, and its arguments. A comment between is no parenthesis, and then
/// the edit does not parse.
fn call(callee: u32, end: u32, arguments: &[Argument]) -> (Span, Option<Vec<Entry>>) {
    let entry = |argument: &Argument| match (&argument.name, argument.spread) {
        (Some((name, span)), Spread::No) => Some((Some(name.clone()), *span)),
        (None, Spread::No) => Some((None, argument.value.span)),
        _ => None,
    };
    (Span::new(callee, end), arguments.iter().map(entry).collect())
}

fn entry(property: &Property) -> Option<Entry> {
    match property {
        Property::Field { key, key_span, .. } | Property::Getter { key, key_span, .. } => {
            Some((Some(key.clone()), *key_span))
        }
        Property::Spread(value) => Some((None, value.span)),
        Property::Computed { .. } => None,
    }
}

fn node_at(node: &Node, span: Span) -> Option<&Node> {
    if node.span == span {
        return Some(node);
    }
    let values = node.entries().iter().map(|entry| &entry.value).chain(node.items());
    values.filter(|value| value.span.holds(span)).find_map(|value| node_at(value, span))
}

impl Object<'_> {
    /// Whether an entry of this key is written.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(own, _)| own.as_deref() == Some(key))
    }

    /// The edit that puts an entry at the end: nested keys become objects around the value.
    pub(super) fn with(&self, keys: &[&str], value: &str) -> Option<(Span, String)> {
        let open = self.span.start as usize;
        let close = self.span.end as usize - 1;
        let entry = self.entry(keys, value)?;
        // What stands last before the brace: an entry, its comma, the opening brace; and the last comment behind it.
        let last = self.back_over(close, true);
        let shown = self.back_over(close, false);
        let ended = self.text[..last].ends_with(',');
        let is_empty = last == open + 1;
        let line_end = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
        let comma = if ended || is_empty { "" } else { "," };
        let between = &self.text[last..shown];
        let (start, end) = (to_u32(last)?, to_u32(shown)?);
        if self.text[shown..close].contains('\n') {
            let indent = self.indent();
            let trailing = if ended && self.spelling != Spelling::Json { "," } else { "" };
            let text = format!("{comma}{between}{line_end}{indent}{entry}{trailing}");
            return Some((Span::new(start, end), text));
        }
        if is_empty && between.is_empty() {
            let apart = if self.spelling == Spelling::Keyword { "" } else { " " };
            let gap = if close == shown { apart } else { "" };
            let lead = if close == shown { apart } else { &self.text[shown..close] };
            return Some((Span::new(start, end), format!("{lead}{entry}{gap}")));
        }
        let trailing = if ended && self.spelling != Spelling::Json { "," } else { "" };
        Some((Span::new(start, end), format!("{comma}{between} {entry}{trailing}")))
    }

    /// The end of what stands before a byte, white space and perhaps comments apart.
    fn back_over(&self, from: usize, comments: bool) -> usize {
        let mut at = from;
        loop {
            at = self.text[..at].trim_end().len();
            let comment = self.comments.iter().find(|span| span.end as usize == at && self.span.holds(**span));
            match comment {
                Some(span) if comments => at = span.start as usize,
                _ => return at,
            }
        }
    }

    /// The text of a part of the file.
    pub(super) fn text_of(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The text of a part of the file, its further lines moved so that it can stand behind another indentation.
    pub(super) fn reindented(&self, span: Span, indent: String) -> String {
        let text = self.text_of(span);
        if text.contains('`') {
            return text.to_owned();
        }
        let own = self.indent();
        let further =
            |line: &str| line.strip_prefix(&*own).map_or_else(|| line.to_owned(), |rest| format!("{indent}{rest}"));
        let mut lines = text.split('\n');
        let first = lines.next().unwrap_or_default().to_owned();
        lines.fold(first, |text, line| text + "\n" + &further(line))
    }

    /// What is taken away with an entry: its comma, and its lines where nothing else stands there.
    pub(super) fn without(&self, entry: &Valued) -> Option<Span> {
        let (start, end) = (entry.key.start as usize, entry.value.end as usize);
        let close = self.span.end as usize - 1;
        let rest = self.text.get(end..close)?;
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let after = &rest[blank..];
        let line_start = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let owns_line = self.text[line_start..start].trim().is_empty() && line_start > self.span.start as usize;
        let Some(behind) = after.strip_prefix(',') else {
            // The last entry: the comma before it, where there is one, can stay where lines are whole.
            let begin = if owns_line { line_start } else { self.text[..start].trim_end().len() };
            let begin = if owns_line { self.text[..begin].trim_end().len() } else { begin };
            return Some(Span::new(to_u32(begin)?, to_u32(end)?));
        };
        let past = end + blank + 1;
        let line_end = behind.find('\n').map(|at| (at, behind[..at].trim().is_empty()));
        match line_end {
            Some((at, true)) if owns_line => Some(Span::new(to_u32(line_start)?, to_u32(past + at + 1)?)),
            _ => {
                let gap = behind.len() - behind.trim_start_matches([' ', '\t']).len();
                Some(Span::new(to_u32(start)?, to_u32(past + gap)?))
            }
        }
    }

    /// `key: value`, with keys quoted where the others are.
    pub(super) fn entry(&self, keys: &[&str], value: &str) -> Option<String> {
        if self.spelling == Spelling::Keyword {
            let [key] = keys else { return None };
            let is_plain = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            return is_plain.then(|| format!("{key}={value}"));
        }
        let quotes = self
            .entries
            .iter()
            .filter(|(key, _)| key.is_some())
            .map(|(_, span)| self.text[span.start as usize..].chars().next().filter(|c| matches!(c, '"' | '\'')));
        let quotes: Vec<Option<char>> = quotes.collect();
        let quote = match quotes.first() {
            _ if self.spelling == Spelling::Json => Some('"'),
            Some(first) if quotes.iter().all(Option::is_some) => *first,
            _ if self.spelling == Spelling::Python => Some('"'),
            _ => None,
        };
        let (key, rest) = keys.split_first()?;
        let is_plain = key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$')
            && !key.starts_with(|c: char| c.is_numeric());
        let safe = key.chars().all(|c| c.is_alphanumeric() || "_$-/@".contains(c));
        let name = match quote {
            None if is_plain => (*key).to_owned(),
            _ if !safe || key.is_empty() => return None,
            _ => format!("{0}{key}{0}", quote.unwrap_or('"')),
        };
        if rest.is_empty() {
            Some(format!("{name}: {value}"))
        } else {
            Some(format!("{name}: {{ {} }}", self.entry(rest, value)?))
        }
    }

    /// What the lines of entries begin with.
    pub(super) fn indent(&self) -> String {
        let own_line = |at: usize| {
            let start = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
            &self.text[start..at]
        };
        let white = |text: &str| text.chars().take_while(|c| *c == ' ' || *c == '\t').collect::<String>();
        let open = self.span.start as usize;
        let first =
            self.entries.iter().map(|(_, span)| span.start as usize).find(|at| self.text[open..*at].contains('\n'));
        match first {
            Some(at) => white(own_line(at)),
            None => {
                let around = white(own_line(open));
                let unit =
                    if around.contains('\t') || self.text.contains("\n\t") { "\t".to_owned() } else { self.unit() };
                around + &unit
            }
        }
    }

    /// One step of the file's indentation.
    fn unit(&self) -> String {
        let widths = self.text.lines().map(|line| line.len() - line.trim_start_matches(' ').len());
        let least = widths.filter(|width| *width > 1).min().unwrap_or(2);
        " ".repeat(least.min(8))
    }
}

fn to_u32(at: usize) -> Option<u32> {
    u32::try_from(at).ok()
}

/// Whether a statement takes a name, or everything, out of a module; `resolve` says which module a path means.
pub(in crate::findings) fn takes_name(module: &Module, name: &str, resolve: &dyn Fn(&str) -> bool) -> bool {
    use crate::syntax::code::Imported;
    let wanted = |what: &Imported| match what {
        Imported::Named(taken) => &**taken == name,
        Imported::Default => name == "default",
        Imported::Module | Imported::Everything => true,
    };
    module.body.iter().any(|statement| match statement {
        Statement::Import(import) => {
            !import.type_only && import.names.iter().any(|name| wanted(&name.what)) && resolve(&import.module)
        }
        Statement::Export(export) => {
            export.names.iter().any(|(what, _)| wanted(what)) && export.module.as_deref().is_some_and(resolve)
        }
        _ => false,
    })
}
