//! Each reader of one text: it ends, it does not panic, and its spans can be used to cut the text.

use prodcheck::config::Unchecked;
use prodcheck::rules::{Catalogue, load};
use prodcheck::syntax::Span;
use prodcheck::syntax::code::{self, SourceKind, visit};
use prodcheck::syntax::data::{self, Dialect, Format, Node, dockerfile, nginx};
use std::sync::OnceLock;

fn text(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}

/// The first byte chooses one of several, the rest is the text.
fn choice<T: Copy>(data: &[u8], among: &[T]) -> Option<(T, String)> {
    let (first, rest) = data.split_first()?;
    Some((among[usize::from(*first) % among.len()], text(rest)))
}

fn cuts(text: &str, span: Span) {
    assert!(text.get(span.start as usize..span.end as usize).is_some(), "a span that cuts no text: {span:?}");
}

fn code(text: &str, kind: SourceKind) {
    let Ok(module) = code::parse(text, kind) else { return };
    module.comments.iter().for_each(|span| cuts(text, *span));
    visit(&module.body, &mut |expr, _| cuts(text, expr.span));
}

pub(crate) fn typescript(data: &[u8]) {
    let kinds = [SourceKind::TypeScript, SourceKind::Tsx, SourceKind::JavaScript];
    if let Some((kind, text)) = choice(data, &kinds) {
        code(&text, kind);
    }
}

pub(crate) fn python(data: &[u8]) {
    code(&text(data), SourceKind::Python);
}

pub(crate) fn data(data: &[u8]) {
    let formats = [
        Format::Json,
        Format::JsonComments,
        Format::Toml,
        Format::Yaml,
        Format::Hcl,
        Format::Procfile,
        Format::Dotenv(Dialect::Node),
        Format::Dotenv(Dialect::NodeExpand),
        Format::Dotenv(Dialect::NodeParseEnv),
        Format::Dotenv(Dialect::Python),
        Format::Dotenv(Dialect::Compose),
        Format::Dotenv(Dialect::DockerRun),
    ];
    let Some((format, text)) = choice(data, &formats) else { return };
    let Ok(document) = data::parse(&text, format) else { return };
    document.comments.iter().for_each(|span| cuts(&text, *span));
    document.errors.iter().for_each(|error| cuts(&text, error.span));
    document.roots().iter().for_each(|root| node(&text, root));
}

fn node(text: &str, at: &Node) {
    cuts(text, at.span);
    at.entries().iter().for_each(|entry| node(text, &entry.value));
    at.items().iter().for_each(|item| node(text, item));
}

pub(crate) fn dockerfile(data: &[u8]) {
    let text = text(data);
    let Ok(image) = dockerfile::read(&text) else { return };
    for instruction in image.stages.iter().flat_map(|stage| &stage.instructions) {
        cuts(&text, instruction.span);
        cuts(&text, instruction.keyword_span);
    }
}

pub(crate) fn nginx(data: &[u8]) {
    let text = text(data);
    let Ok(file) = nginx::read(&text) else { return };
    file.directives.iter().for_each(|directive| cuts(&text, directive.name_span));
    file.comments.iter().for_each(|span| cuts(&text, *span));
}

pub(crate) fn rule(data: &[u8]) {
    let text = text(data);
    if let Ok(rule) = load("fuzz/rule", &text) {
        let _ = prodcheck::rules::run_cases(&rule);
    }
}

pub(crate) fn config(data: &[u8]) {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    let text = text(data);
    let Ok(unchecked) = Unchecked::parse(&text) else { return };
    let _ = unchecked.rules_folder();
    let _ = unchecked.check(CATALOGUE.get_or_init(Catalogue::builtin));
}
