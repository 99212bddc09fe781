//! Where the key of something written stands: what is wrong with a key's place, or with the type behind it, is shown there
//! and not at a constant that its value comes from.

use crate::documents::Documents;
use crate::eval::{Place, Source as _, Value};
use crate::syntax::code::{ExprKind, Property, SourceKind, visit};
use crate::syntax::data::Node;
use crate::syntax::{FileId, Span};

/// The most steps of a trail that are looked at.
const MOST_STEPS: usize = 8;

/// The place of the innermost key of this name behind which a value is written.
pub(crate) fn place(documents: &Documents<'_>, path: &str, value: &Value) -> Option<Place> {
    // `Aksara(settings)` is the keyword of a call.
    let key = path.rsplit(['.', '(']).next()?.trim_end_matches(')');
    let steps = value.trail.walk(MOST_STEPS);
    steps.iter().filter_map(|step| step.place.in_file()).find_map(|(file, span)| {
        let found = key_span(documents, file, key, span)?;
        Some(Place::File(file, found))
    })
}

fn key_span(documents: &Documents<'_>, file: FileId, key: &str, value: Span) -> Option<Span> {
    let mut best: Option<(Span, Span)> = None;
    let mut consider = |name: &str, key_span: Span, around: Span| {
        let holds = around == value || around.holds(value);
        if name == key && holds && best.is_none_or(|(_, before)| before.holds(around)) {
            best = Some((key_span, around));
        }
    };
    if SourceKind::from_path(&documents.project.file(file).path).is_none() {
        let data = documents.data(file)?;
        entries(&data, &mut consider);
        return best.map(|(key, _)| key);
    }
    let module = documents.module_of(file)?;
    visit(&module.body, &mut |expr, _| {
        if let ExprKind::Call { arguments, .. } = &expr.kind {
            for argument in arguments.iter() {
                if let Some((name, span)) = &argument.name {
                    consider(name, *span, argument.value.span);
                }
            }
        }
        let ExprKind::Object(properties) = &expr.kind else { return };
        for property in properties.iter() {
            if let Property::Field { key, key_span, value } = property {
                consider(key, *key_span, value.span);
            }
        }
    });
    best.map(|(key, _)| key)
}

fn entries(node: &Node, consider: &mut dyn FnMut(&str, Span, Span)) {
    for entry in node.entries() {
        consider(&entry.key, entry.key_span, entry.value.span);
    }
    node.entries().iter().map(|entry| &entry.value).chain(node.items()).for_each(|inner| entries(inner, consider));
}
