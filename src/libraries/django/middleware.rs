//! The middleware of an app, with what the project's own classes derive from: one that derives from Django's does its work.

use crate::eval::{Evaluator, Kind, Target, Value};
use crate::syntax::FileId;
use crate::text::Text;

/// Classes that derive from one another are followed this far.
const MOST_BASES: usize = 8;

/// The list, and the paths of the classes outside of the project that its items derive from.
pub(super) fn with_bases(evaluator: &Evaluator<'_>, from: FileId, list: &Value) -> Value {
    list.each(&mut |list| {
        let Kind::List { items, open } = &list.kind else { return list.clone() };
        let mut all = items.to_vec();
        for item in items.iter() {
            let Some(path) = item.as_text().map(Text::as_name) else { continue };
            let mut bases = Vec::new();
            if !path.starts_with("django.") {
                of_path(evaluator, from, &path, &mut bases);
            }
            all.extend(bases.into_iter().map(|base| Value::new(Kind::Text(Text::new(base)), &item.trail)));
        }
        Value::new(Kind::List { items: all.into(), open: open.clone() }, &list.trail)
    })
}

fn of_path(evaluator: &Evaluator<'_>, from: FileId, path: &str, into: &mut Vec<String>) {
    let Some((module, name)) = path.rsplit_once('.') else { return };
    if let Target::Code(file) = evaluator.resolve(from, module)
        && let Some(class) = evaluator.own_name(file, name)
    {
        bases(evaluator, &class, 0, into);
    }
}

fn bases(evaluator: &Evaluator<'_>, class: &Value, depth: usize, into: &mut Vec<String>) {
    match &class.kind {
        Kind::Class(class) if depth < MOST_BASES => {
            for base in &class.class.bases {
                bases(evaluator, &evaluator.expression_at(class.file, base), depth + 1, into);
            }
        }
        Kind::External { module, path } if &**module != "global" => {
            into.push(format!("{}.{path}", module.replace('/', ".")));
        }
        _ => {}
    }
}
