//! Options that are set on what a call made, after it was made: `app = FastAPI()`, then `app.debug = True`.

use super::methods::CallingFile;
use crate::eval::{Because, Kind, Place, Value};
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use crate::syntax::code::{Expr, ExprKind, Guard, visit_sites};
use std::sync::Arc;

/// The options of a call, with what is assigned later to these attributes of what it made.
pub(super) fn assigned(
    reading: &Reading<'_>,
    files: &[FileId],
    (options, made): (Value, Place),
    attributes: &[&'static str],
) -> Value {
    let words: Vec<String> = attributes.iter().map(|attribute| format!(".{attribute}")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut options = options;
    for file in reading.documents.project.mentioning(files, &words) {
        let Some(module) = reading.documents.module_of(file) else { continue };
        let calling = CallingFile { reading, file, module: module.clone() };
        visit_sites(&module.body, &mut |expr, site| {
            let Some((object, attribute, value)) = assignment(expr, attributes) else { return };
            let is_it = || reading.evaluator.expression_at(file, object).trail.primary() == made.in_file();
            if reading.evaluator.runs(file, site.guards) && is_it() {
                options = with(&calling, &options, (attribute, value), (site.guards, Place::File(file, expr.span)));
            }
        });
    }
    options
}

/// What is assigned to one of these attributes.
fn assignment<'t>(expr: &'t Expr, attributes: &[&'static str]) -> Option<(&'t Expr, &'static str, &'t Expr)> {
    let ExprKind::Assign { target, value, op: None } = &expr.kind else { return None };
    let ExprKind::Member { object, property, .. } = &target.kind else { return None };
    let attribute = attributes.iter().find(|attribute| ***attribute == **property)?;
    Some((object, attribute, value))
}

/// The options where one of them is assigned, as far as that happens.
fn with(
    calling: &CallingFile<'_, '_>,
    options: &Value,
    (attribute, value): (&'static str, &Expr),
    (guards, place): (&[Guard<'_>], Place),
) -> Value {
    let Kind::Object { fields, open } = &options.kind else { return options.clone() };
    let new = calling.reading.evaluator.expression_at(calling.file, value);
    let old = options.field(attribute);
    let set = calling.present(guards, place).each(&mut |present| match present.as_bool() {
        Some(true) => new.clone(),
        Some(false) => old.clone(),
        None => Value::unknown(Because::Undecided, &present.trail),
    });
    let mut fields: Vec<(Arc<str>, Value)> = fields.iter().filter(|(name, _)| **name != *attribute).cloned().collect();
    fields.push((attribute.into(), set));
    Value::new(Kind::Object { fields: fields.into(), open: open.clone() }, &options.trail)
}
