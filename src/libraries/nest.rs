//! What NestJS' facts cannot say: what modules hand to the service of configuration, and what strategies for tokens check.

use crate::eval::{Given, How, Kind, Step, Use, Value};
use crate::facts;
use crate::libraries::throttler;
use crate::reading::bench::{Reading, SecretFacts};
use crate::reading::table::Reader;
use crate::settings::{env_schema, secret, token_verifier};
use crate::syntax::FileId;
use crate::syntax::code::{Class, Expr, ExprKind, Statement, visit, visit_expr};
use std::sync::Arc;

/// The marks of an app that says at each call how long a token lives, and which key signs it.
const SIGNS_WITH_EXPIRY: &str = "signs_with_expiry";
const SIGNS_WITH_SECRET: &str = "signs_with_secret";

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
    if throttler::is_throttled(reading, &nest) {
        reading.facts.marks.push(throttler::THROTTLES);
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
    let validate = options.field("validate");
    if let Kind::Function(_) = validate.kind {
        let environment = Value::new(Kind::Environment, &validate.trail);
        let validated = reading.evaluator.call(&validate, vec![environment]);
        if let Kind::Object { .. } = validated.kind {
            reading.evaluator.validate_configuration(validated);
        }
    }
}

/// Ways to hold the environment against what is expected of it.
const CHECKS: &[&str] = &[
    "cleanEnv(",
    "convict(",
    "createEnv(",
    "envsafe(",
    "from \"env-var\"",
    "from 'env-var'",
    "parse(process.env",
    "safeParse(process.env",
    "validate(process.env",
    "validateSync(",
];

/// Whether the module that hands out the configuration checks it when the app starts.
pub(crate) fn validation(reading: &mut Reading<'_>) {
    let project = reading.documents.project;
    let files = facts::files_of(project, reading.found);
    let importing = project.mentioning(&files, &["@nestjs/config"]);
    if importing.is_empty() || !project.mentioning(&files, CHECKS).is_empty() {
        return;
    }
    let uses = reading.evaluator.uses(&importing, &files, &|module| module == "@nestjs/config");
    let modules: Vec<_> = uses.iter().filter(|one| &*one.export == "ConfigModule.forRoot").collect();
    let checked = |one: &Use, key: &str| one.argument(0).field(key);
    let keys = ["validationSchema", "validate"];
    let none = modules.iter().all(|one| keys.iter().all(|key| checked(one, key).is_absent()));
    let Some(first) = modules.first().filter(|_| none && reading.evaluator.declared_variables().is_empty()) else {
        return;
    };
    let key = "ConfigModule.forRoot({ validationSchema })";
    let resource = reading.resource(env_schema::KIND, "environment", first.place).set_at(
        env_schema::exists,
        reading.stated(Kind::Bool(false), first.place),
        key,
    );
    let fix =
        "Pass `validationSchema` or `validate` to `ConfigModule.forRoot`, so that the app does not start without them.";
    reading.add(resource.with_fix(env_schema::exists, fix));
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

/// What strategies for tokens check: classes that are built on the one of `passport-jwt`, by what they hand to it.
pub(crate) fn strategies(reading: &mut Reading<'_>, files: &[FileId]) {
    for file in reading.documents.project.mentioning(files, &["passport-jwt"]) {
        let Some(module) = reading.documents.module_of(file) else { continue };
        let classes: Vec<&Arc<Class>> = module.body.iter().filter_map(class_of).collect();
        for class in classes {
            if !is_strategy(reading, file, class) {
                continue;
            }
            let mut options = None;
            visit_class(class, &mut |expr| {
                if let ExprKind::Call { callee, arguments, .. } = &expr.kind
                    && is_super(callee)
                    && let Some(first) = arguments.first()
                {
                    options = Some(reading.evaluator.expression_at(file, &first.value));
                }
            });
            if let Some(options) = options {
                strategy(reading, &options);
            }
        }
    }
}

fn strategy(reading: &mut Reading<'_>, options: &Value) {
    let name = "passport-jwt";
    let ignored = Reader::Negated.apply(&options.field("ignoreExpiration"));
    let enforced = ignored.or_default(&|absent| {
        Value::new(Kind::Bool(true), &Step::after(absent.trail.place, How::Default, &absent.trail))
    });
    let place = reading.place_of(options);
    let resource = reading
        .resource(token_verifier::KIND, name, place)
        .set_at(token_verifier::expiry_enforced, enforced, "ignoreExpiration")
        .set(token_verifier::signature_enforced, reading.stated(Kind::Bool(true), place))
        .written_at(token_verifier::expiry_enforced, options, "ignoreExpiration");
    reading.add(resource);
    let key = options.field("secretOrKey");
    // A provider of keys gives one for each token.
    let required = Some(options.field("secretOrKeyProvider").is_absent());
    let facts = SecretFacts { required, ..SecretFacts::of("signing") };
    let resource = reading.secret_resource(&format!("{name}.secretOrKey"), &key, facts);
    reading.add(resource.spot_at(secret::value, "super({ secretOrKey })"));
}

fn class_of(statement: &Statement) -> Option<&Arc<Class>> {
    match statement {
        Statement::Class { class, .. } => Some(class),
        _ => None,
    }
}

/// Whether a class is built on `PassportStrategy(Strategy)` of `passport-jwt`.
fn is_strategy(reading: &Reading<'_>, file: FileId, class: &Class) -> bool {
    class.bases.iter().any(|base| match &reading.evaluator.expression_at(file, base).kind {
        Kind::Call(call) => {
            call.origin().is_some_and(|(_, name)| name == "PassportStrategy")
                && call.arguments.first().is_some_and(|strategy| is_named(strategy, "passport-jwt", "Strategy"))
        }
        _ => false,
    })
}

/// Calls `f` with each expression in the members of a class.
fn visit_class(class: &Class, f: &mut dyn FnMut(&Expr)) {
    for value in class.members.iter().filter_map(|member| member.value.as_ref()) {
        visit_expr(value, &mut |expr, _| f(expr));
    }
}

fn is_super(callee: &Expr) -> bool {
    matches!(callee.kind, ExprKind::Opaque("super"))
}

fn is_named(value: &Value, from: &str, name: &str) -> bool {
    matches!(&value.kind, Kind::External { module, path } if **module == *from && **path == *name)
}
