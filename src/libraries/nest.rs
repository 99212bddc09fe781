//! What NestJS' facts cannot say: what modules hand to the service of configuration, and guards that are bound to all routes.

use crate::eval::{Given, Kind, Value};
use crate::facts;
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use crate::syntax::code::{ExprKind, visit};

/// The mark of an app whose routes a guard of `@nestjs/throttler` stands before.
const THROTTLES: &str = "throttles";

/// The marks of an app that says at each call how long a token lives, and which key signs it.
const SIGNS_WITH_EXPIRY: &str = "signs_with_expiry";
const SIGNS_WITH_SECRET: &str = "signs_with_secret";

/// What binds a guard to routes: a decorator, a method of the app.
const BINDERS: &[&str] = &["UseGuards", "useGlobalGuards"];

/// Puts what modules are configured with beside the facts of the app.
pub(crate) fn configure(reading: &mut Reading<'_>) {
    let project = reading.documents.project;
    let files = facts::files_of(project, reading.found);
    let nest = project.mentioning(&files, &["\"@nestjs/", "'@nestjs/"]);
    if nest.is_empty() {
        return;
    }
    configuration(reading, &nest, &files);
    signing(reading, &nest);
    if is_throttled(reading, &nest) {
        reading.facts.marks.push(THROTTLES);
    }
}

/// What `ConfigModule.forRoot` and its like load.
fn configuration(reading: &Reading<'_>, nest: &[FileId], files: &[FileId]) {
    let importing = reading.documents.project.mentioning(nest, &["@nestjs/config"]);
    if importing.is_empty() {
        return;
    }
    let evaluator = reading.evaluator;
    for one in evaluator.uses(&importing, files, &|module| module == "@nestjs/config") {
        match &*one.export {
            "registerAs" => {
                if let Some((name, object)) = evaluator.named_configuration(&one.call) {
                    evaluator.load_configuration(Some(name), object);
                }
            }
            "ConfigModule.forRoot" => for_root(reading, &one.given),
            _ => {}
        }
    }
}

fn for_root(reading: &Reading<'_>, given: &Given) {
    let Some(options) = given.arguments.first() else { return };
    for item in options.field("load").as_list().unwrap_or_default() {
        if matches!(item.kind, Kind::Function(_)) {
            reading.evaluator.load_configuration(None, reading.evaluator.call(item, Vec::new()));
        }
    }
    let schema = options.field("validationSchema");
    if let Kind::Schema(_) = schema.kind {
        reading.evaluator.validate_configuration(reading.evaluator.environment_by(&schema));
    }
}

/// Marks an app whose calls of `sign` say themselves how long a token lives, or with which key it is signed.
fn signing(reading: &mut Reading<'_>, nest: &[FileId]) {
    let project = reading.documents.project;
    for file in project.mentioning(nest, &[".sign(", ".signAsync("]) {
        let Some(module) = reading.documents.module_of(file) else { continue };
        let mut marks = Vec::new();
        visit(&module.body, &mut |expr, _| {
            let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
            let ExprKind::Member { property, .. } = &callee.kind else { return };
            if !matches!(&**property, "sign" | "signAsync") {
                return;
            }
            if let Some(payload) =
                arguments.first().map(|payload| reading.evaluator.expression_at(file, &payload.value))
            {
                marks.extend(is_written(&payload, "exp").then_some(SIGNS_WITH_EXPIRY));
            }
            if let Some(options) = arguments.get(1).map(|options| reading.evaluator.expression_at(file, &options.value))
            {
                marks.extend(is_written(&options, "expiresIn").then_some(SIGNS_WITH_EXPIRY));
                let keys = ["secret", "privateKey"];
                marks.extend(keys.iter().any(|key| is_written(&options, key)).then_some(SIGNS_WITH_SECRET));
            }
        });
        reading.facts.marks.extend(marks);
    }
}

/// Whether an object has a key, or may have it: it comes from elsewhere.
fn is_written(object: &Value, key: &str) -> bool {
    !object.field(key).is_absent()
}

/// Whether a guard that limits requests is bound: by `APP_GUARD`, a decorator, or the app.
fn is_throttled(reading: &Reading<'_>, nest: &[FileId]) -> bool {
    let project = reading.documents.project;
    let words = ["APP_GUARD", "UseGuards", "useGlobalGuards"];
    project.mentioning(nest, &words).into_iter().any(|file| {
        let Some(module) = reading.documents.module_of(file) else { return false };
        let mut bound = false;
        visit(&module.body, &mut |expr, guards| {
            if bound || !reading.evaluator.runs(file, guards) {
                return;
            }
            match &expr.kind {
                ExprKind::Object(_) => {
                    let provider = reading.evaluator.expression_at(file, expr);
                    let is_guard = is_named(&provider.field("provide"), "@nestjs/core", "APP_GUARD");
                    let uses = ["useClass", "useExisting", "useValue"];
                    bound = is_guard && uses.iter().any(|key| is_throttler(reading, &provider.field(key), 4));
                }
                ExprKind::Call { callee, arguments, .. } => {
                    let name = match &callee.kind {
                        ExprKind::Name(name) | ExprKind::Member { property: name, .. } => name,
                        _ => return,
                    };
                    bound = BINDERS.contains(&&**name)
                        && arguments.iter().any(|argument| {
                            is_throttler(reading, &reading.evaluator.expression_at(file, &argument.value), 4)
                        });
                }
                _ => {}
            }
        });
        bound
    })
}

/// Whether a value is the guard, one that is made of it, or a class that is built on it.
fn is_throttler(reading: &Reading<'_>, value: &Value, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    match &value.kind {
        Kind::Call(call) => is_throttler(reading, &call.callee, depth),
        Kind::Class(class) => class
            .class
            .bases
            .iter()
            .any(|base| is_throttler(reading, &reading.evaluator.expression_at(class.file, base), depth)),
        _ => is_named(value, "@nestjs/throttler", "ThrottlerGuard"),
    }
}

fn is_named(value: &Value, from: &str, name: &str) -> bool {
    matches!(&value.kind, Kind::External { module, path } if **module == *from && **path == *name)
}
