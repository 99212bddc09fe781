//! What functions that make an app are called with: `create_app(config.Production)`.

use crate::eval::Value;
use crate::facts;
use crate::reading::bench::Reading;
use crate::syntax::code::{Argument, ExprKind, Pattern, Spread, Statement, visit};
use crate::syntax::{FileId, Span};
use std::sync::Arc;

/// What the function around a place is called with: what the app's own calls of it hand over, else its defaults.
pub(super) fn called_with(reading: &Reading<'_>, file: FileId, span: Span) -> Vec<(Arc<str>, Value)> {
    let Some(module) = reading.documents.module_of(file) else { return Vec::new() };
    let around = module.body.iter().find_map(|statement| match statement {
        Statement::Function { name, function, span: own, .. } if own.start <= span.start && span.end <= own.end => {
            Some((name, function))
        }
        _ => None,
    });
    let Some((function_name, function)) = around else { return Vec::new() };
    let calls = calls_of(reading, function_name);
    let mut given = Vec::new();
    for (index, param) in function.params.iter().enumerate() {
        let Pattern::Name(name, _) = &param.pattern else { continue };
        let handed = calls.iter().filter_map(|(file, arguments)| {
            let argument = arguments.iter().enumerate().find(|(at, argument)| match &argument.name {
                Some((own, _)) => own == name,
                None => *at == index && argument.spread == Spread::No,
            });
            argument.map(|(_, argument)| reading.evaluator.expression_at(*file, &argument.value))
        });
        let handed: Vec<Value> = handed.collect();
        match (handed.as_slice(), &param.default) {
            ([one], _) => given.push((name.clone(), one.clone())),
            ([], Some(default)) => given.push((name.clone(), reading.evaluator.expression_at(file, default))),
            _ => {}
        }
    }
    given
}

/// The calls of a function of this name in the app's code.
fn calls_of(reading: &Reading<'_>, name: &str) -> Vec<(FileId, Vec<Argument>)> {
    let project = reading.documents.project;
    let files = facts::files_of(project, reading.found);
    let mut found = Vec::new();
    for file in project.mentioning(&files, &[&format!("{name}(")]) {
        let Some(module) = reading.documents.module_of(file).filter(|_| project.file(file).kind.is_python()) else {
            continue;
        };
        visit(&module.body, &mut |expr, _| {
            let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
            let is_it = match &callee.kind {
                ExprKind::Name(own) | ExprKind::Member { property: own, .. } => &**own == name,
                _ => false,
            };
            if is_it {
                found.push((file, arguments.clone()));
            }
        });
    }
    found
}
