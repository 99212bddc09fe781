//! The environment schema of a Beignet app, and the variables that its code reads past it.

use crate::eval::{Because, How, Kind, Place, Step, Target, Use, Value};
use crate::frameworks::beignet::app::App;
use crate::reading::bench::Reading;
use crate::reading::uses;
use crate::settings::env_schema;
use crate::syntax::code::{BinaryOp, Expr, ExprKind, LogicalOp, Statement, UnaryOp, visit};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Packages with a `createEnv`.
const MAKERS: &[&str] = &["@beignet/core", "@t3-oss/env-nextjs", "@t3-oss/env-core"];

pub(super) fn read(reading: &mut Reading<'_>, app: &App) {
    // A schema can lie in a package that the app shares with others.
    let mut files = app.files.clone();
    let (reached, missing) = reached(reading, app);
    files.extend(reached.iter().copied().filter(|file| !app.files.contains(file)));
    let mut schemas = uses::calls_of(reading, &files, MAKERS);
    schemas.retain(|call| &*call.export == "createEnv");
    for schema in &schemas {
        declare(reading, schema.file, schema.place);
    }
    let others = parsed_environments(reading, &files);
    let files: Vec<FileId> = schemas.iter().map(|schema| schema.file).chain(others.iter().copied()).collect();
    resource(reading, app, &schemas, &files, (&reached, missing));
    variables(reading, app);
}

/// Evaluates the whole call, so that each of its keys is declared.
fn declare(reading: &Reading<'_>, file: FileId, place: Place) {
    let Some(module) = reading.documents.module_of(file) else { return };
    visit(&module.body, &mut |expr, _| {
        if place == Place::File(file, expr.span) && matches!(expr.kind, ExprKind::Call { .. }) {
            reading.evaluator.expression_at(file, expr);
        }
    });
}

fn resource(
    reading: &mut Reading<'_>,
    app: &App,
    schemas: &[Use],
    files: &[FileId],
    (reached, missing): (&BTreeSet<FileId>, Option<Value>),
) {
    let first = schemas.first();
    let place =
        first.map_or_else(|| app.server.as_ref().map_or(reading.place(), |server| server.place), |schema| schema.place);
    let stated = |value| reading.stated(Kind::Bool(value), place);
    let used = files.is_empty() || reached.iter().any(|file| files.contains(file));
    // What cannot be read can hold the schema.
    let exists = match missing {
        Some(missing) if files.is_empty() => missing,
        _ => stated(!files.is_empty()),
    };
    let mut resource = reading
        .resource(env_schema::KIND, "environment", place)
        .set_at(env_schema::exists, exists, "createEnv")
        .set_at(env_schema::used_at_startup, stated(used), "createEnv");
    if let Some(schema) = first {
        let options = schema.argument(0);
        resource = resource.set_at(env_schema::unmapped_keys, unmapped(&options), "runtimeEnvStrict").set_at(
            env_schema::misprefixed_client_keys,
            misprefixed(&options),
            "client",
        );
    }
    reading.add(resource);
}

/// The declared keys that the strict map forgets; the map is what a user would edit.
fn unmapped(options: &Value) -> Value {
    let map = options.field("runtimeEnvStrict");
    match &map.kind {
        Kind::Object { fields, open: None } => {
            let keys = ["server", "client"].into_iter().flat_map(|section| options.field(section).fields().to_vec());
            let missing = keys.filter(|(key, _)| !fields.iter().any(|(mapped, _)| mapped == key));
            names(missing.map(|(key, _)| key), &map)
        }
        Kind::Absent => names(std::iter::empty(), options),
        _ => map.clone().without_question(),
    }
}

/// The client keys without the prefix that browsers' variables have.
fn misprefixed(options: &Value) -> Value {
    let client = options.field("client");
    let Some(prefix) = options.field("clientPrefix").as_text().cloned() else {
        return names(std::iter::empty(), options);
    };
    let wrong: Vec<(Arc<str>, Value)> =
        client.fields().iter().filter(|(key, _)| !prefix.test(|prefix| key.starts_with(prefix))).cloned().collect();
    let at = wrong.first().map_or(client, |(_, schema)| schema.clone());
    names(wrong.into_iter().map(|(key, _)| key), &at)
}

fn names(keys: impl Iterator<Item = Arc<str>>, at: &Value) -> Value {
    let items = keys.map(|key| Value::new(Kind::Text(Text::new(key)), &at.trail)).collect();
    Value::new(Kind::List { items, open: None }, &at.trail)
}

/// Files in which another validator is given the whole environment.
fn parsed_environments(reading: &Reading<'_>, files: &[FileId]) -> Vec<FileId> {
    let candidates = reading.documents.project.mentioning(files, &["process.env"]);
    let mut found = Vec::new();
    for file in candidates {
        let Some(module) = reading.documents.module_of(file) else { continue };
        visit(&module.body, &mut |expr, _| {
            let ExprKind::Call { arguments, .. } = &expr.kind else { return };
            if arguments.iter().any(|argument| is_environment(&argument.value)) {
                reading.evaluator.expression_at(file, expr);
                found.push(file);
            }
        });
    }
    found
}

fn is_environment(expr: &Expr) -> bool {
    let ExprKind::Member { object, property, .. } = &expr.kind else { return false };
    &**property == "env" && matches!(&object.kind, ExprKind::Name(name) if &**name == "process")
}

/// The files that the server and the routes import, directly or not, and what stands for one that is not in the tree.
fn reached(reading: &Reading<'_>, app: &App) -> (BTreeSet<FileId>, Option<Value>) {
    let mut missing = None;
    let mut todo: Vec<FileId> = app.routes.iter().map(|route| route.file).collect();
    todo.extend(app.server.iter().map(|server| server.file));
    todo.extend(reading.found.entry);
    let starts = ["next.config.ts", "next.config.js", "next.config.mjs", "instrumentation.ts", "app/layout.tsx"];
    todo.extend(starts.iter().filter_map(|name| crate::libraries::routes::file_named(reading, &[name])));
    let mut seen = BTreeSet::new();
    while let Some(file) = todo.pop() {
        if !seen.insert(file) {
            continue;
        }
        let Some(module) = reading.documents.module_of(file) else { continue };
        for statement in &module.body {
            let (path, span) = match statement {
                Statement::Import(import) if !import.type_only => (&import.module, import.span),
                Statement::Export(crate::syntax::code::Export { module: Some(module), span, .. }) => (module, *span),
                _ => continue,
            };
            match crate::eval::Source::resolve(reading.documents, file, path) {
                Target::Code(target) => todo.push(target),
                Target::Missing(path) => {
                    let at = Step::start(Place::File(file, span), How::Written);
                    missing.get_or_insert(Value::unknown(Because::MissingFile(path), &at));
                }
                Target::Data(_) | Target::External(_) => {}
            }
        }
    }
    (seen, missing)
}

/// Notes each read of the environment in the app's code, and whether the code goes on without the variable.
fn variables(reading: &Reading<'_>, app: &App) {
    for file in reading.documents.project.mentioning(&app.files, &["process.env", "import.meta.env"]) {
        if is_tool(&reading.documents.project.file(file).path[reading.found.root.len()..]) {
            continue;
        }
        let Some(module) = reading.documents.module_of(file) else { continue };
        let mut soft: Vec<Span> = Vec::new();
        let mut reads: Vec<(Arc<str>, Span)> = Vec::new();
        visit(&module.body, &mut |expr, guards| {
            soft.extend(guards.iter().map(|guard| guard.test.span));
            soften(expr, &mut soft);
            match &expr.kind {
                ExprKind::Member { object, property, property_span, .. } if is_environment(object) => {
                    reads.push((property.clone(), expr.span.to(*property_span)));
                }
                ExprKind::Index { object, index, .. } if is_environment(object) => {
                    if let ExprKind::Text(name) = &index.kind {
                        reads.push((name.as_name(), expr.span));
                    }
                }
                _ => {}
            }
        });
        for (name, span) in reads {
            let is_soft = soft.iter().any(|soft| soft.holds(span));
            reading.evaluator.note_read(&name, Place::File(file, span), is_soft);
        }
    }
}

/// Whether a path is that of a tool's configuration or of a script, which the deployed app does not run.
fn is_tool(path: &str) -> bool {
    let path = path.trim_start_matches('/');
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_config = folders.is_empty() && name.contains(".config.") && !name.starts_with("next.");
    is_config
        || folders.split('/').any(|folder| ["scripts", "tools", "bin", "drizzle", "prisma", "seeds"].contains(&folder))
}

fn is_literal(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Text(_) | ExprKind::Null | ExprKind::Undefined | ExprKind::Bool(_) | ExprKind::Number(_)
    )
}

/// The parts of an expression that are there to be missing: a test, the left side of a fallback, a comparison with a literal.
fn soften(expr: &Expr, soft: &mut Vec<Span>) {
    match &expr.kind {
        ExprKind::Logical(LogicalOp::Or | LogicalOp::Coalesce | LogicalOp::And, left, _) => soft.push(left.span),
        ExprKind::Conditional { test, .. } => soft.push(test.span),
        ExprKind::Unary(UnaryOp::Not | UnaryOp::TypeOf, operand) => soft.push(operand.span),
        ExprKind::Binary(
            BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::LooseEqual | BinaryOp::LooseNotEqual,
            left,
            right,
        ) if is_literal(left) || is_literal(right) => soft.extend([left.span, right.span]),
        ExprKind::Call { callee, arguments, .. } => {
            if matches!(&callee.kind, ExprKind::Name(name) if &**name == "Boolean") {
                soft.extend(arguments.iter().map(|argument| argument.value.span));
            }
        }
        ExprKind::Member { object, optional: true, .. } => soft.push(object.span),
        _ => {}
    }
}
