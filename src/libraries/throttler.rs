//! Which routes of NestJS a guard of `@nestjs/throttler` stands before, and what decorators say of single ones.

use crate::eval::{Kind, Place, Value};
use crate::reading::bench::Reading;
use crate::reading::table::Reader;
use crate::settings::rate_limit;
use crate::syntax::FileId;
use crate::syntax::code::{Class, Expr, ExprKind, Member, Statement, visit};
use std::sync::Arc;

/// The mark of an app whose routes a guard of `@nestjs/throttler` stands before.
pub(super) const THROTTLES: &str = "throttles";

const PACKAGE: &str = "@nestjs/throttler";

/// What binds a guard to all routes: a method of the app.
const GLOBAL: &str = "useGlobalGuards";

/// What binds a guard to a controller, or to one of its methods.
const LOCAL: &str = "UseGuards";

/// Parts of the paths at which passwords and codes are tried.
const SIGN_INS: &[&str] =
    &["login", "signin", "sign-in", "signup", "sign-up", "register", "password", "otp", "token", "2fa", "mfa"];

/// What a throttler is called that has no name.
const UNNAMED: &str = "default";

/// A class whose methods answer requests.
struct Controller {
    file: FileId,
    class: Arc<Class>,
    path: String,
}

/// Whether a guard that limits requests is bound: to all routes, or to one at which somebody signs in, or, where there is
/// none of those, to any.
pub(super) fn is_throttled(reading: &Reading<'_>, nest: &[FileId]) -> bool {
    let project = reading.documents.project;
    if project.mentioning(nest, &["APP_GUARD", GLOBAL]).into_iter().any(|file| is_bound_to_all(reading, file)) {
        return true;
    }
    let all = controllers(reading, nest);
    let routes = || all.iter().flat_map(|controller| routes(controller).map(move |route| (controller, route)));
    let is_guarded = |(controller, route): (&Controller, &Member)| {
        let decorators = controller.class.decorators.iter().chain(&route.decorators);
        decorators.into_iter().any(|decorator| binds(reading, controller.file, decorator))
    };
    let mut sign_ins = routes().filter(|(controller, route)| signs_in(controller, route)).peekable();
    match sign_ins.peek() {
        Some(_) => sign_ins.any(is_guarded),
        None => {
            let guards = |own: &Controller| own.class.decorators.iter().any(|one| binds(reading, own.file, one));
            all.iter().any(guards) || routes().any(is_guarded)
        }
    }
}

/// What decorators say of the routes at which somebody signs in: that they are left out, or have a limit of their own.
pub(super) fn exceptions(reading: &mut Reading<'_>, files: &[FileId]) {
    if !reading.facts.marks.contains(&THROTTLES) {
        return;
    }
    let importing = reading.documents.project.mentioning(files, &[PACKAGE]);
    let names = throttlers(reading, &importing, files);
    for controller in controllers(reading, &importing) {
        for route in routes(&controller).filter(|route| signs_in(&controller, route)) {
            exception(reading, &controller, route, &names);
        }
    }
}

fn exception(reading: &mut Reading<'_>, controller: &Controller, route: &Member, names: &[Arc<str>]) {
    let class = controller.class.name.clone().unwrap_or_default();
    let name = format!("{class}.{}", route.name);
    let decorated = |own: &str| {
        let near = route.decorators.iter().find_map(|expr| of_package(reading, controller.file, expr, own));
        (near, controller.class.decorators.iter().find_map(|expr| of_package(reading, controller.file, expr, own)))
    };
    let (near, far) = decorated("SkipThrottle");
    let skips = |throttler: &str| {
        let said = |options: &Value| skipped(options, throttler);
        near.as_ref().and_then(said).or_else(|| far.as_ref().and_then(said)) == Some(true)
    };
    if names.iter().all(|throttler| skips(throttler)) {
        let Some(options) = near.as_ref().or(far.as_ref()) else { return };
        let place = reading.place_of(options);
        let off = reading.stated(Kind::Bool(false), place);
        let resource =
            reading.resource(rate_limit::KIND, &*name, place).set_at(rate_limit::enabled, off, "SkipThrottle");
        return reading.add(resource);
    }
    let (near, far) = decorated("Throttle");
    let Some(options) = near.or(far) else { return };
    let Some(own) = names.iter().map(|throttler| options.field(throttler)).find(|own| !own.is_absent()) else { return };
    let place = reading.place_of(&options);
    let resource = reading
        .resource(rate_limit::KIND, &*name, place)
        .set_at(rate_limit::window, Reader::Milliseconds.apply(&own.field("ttl")), "ttl")
        .set_at(rate_limit::max, own.field("limit"), "limit");
    reading.add(resource);
}

/// Whether `@SkipThrottle(..)` with these options leaves a throttler out; none where it does not speak of it.
fn skipped(options: &Value, throttler: &str) -> Option<bool> {
    match &options.kind {
        Kind::Absent => (throttler == UNNAMED).then_some(true),
        // Before version 5 there was one alone.
        Kind::Bool(skips) => Some(*skips),
        _ => options.field(throttler).as_bool(),
    }
}

/// The names of the throttlers that modules set up.
fn throttlers(reading: &Reading<'_>, importing: &[FileId], files: &[FileId]) -> Vec<Arc<str>> {
    let mut names: Vec<Arc<str>> = Vec::new();
    for one in reading.evaluator.uses(importing, files, &|module| module == PACKAGE) {
        let options = match &*one.export {
            "ThrottlerModule.forRoot" => one.argument(0),
            "ThrottlerModule.forRootAsync" => {
                let options = one.argument(0);
                reading.evaluator.made_by_factory(&options.field("useFactory"), &options.field("inject"))
            }
            _ => continue,
        };
        let listed = options.field("throttlers");
        let all = options.as_list().or_else(|| listed.as_list()).unwrap_or_default();
        names.extend(all.iter().map(|own| own.field("name").as_text().map_or(UNNAMED.into(), |name| name.as_name())));
    }
    if names.is_empty() {
        names.push(UNNAMED.into());
    }
    names
}

/// What a decorator of the package is given, where an expression is the one of this name.
fn of_package(reading: &Reading<'_>, file: FileId, decorator: &Expr, name: &str) -> Option<Value> {
    let ExprKind::Call { callee, arguments, .. } = &decorator.kind else { return None };
    if !is_named(&reading.evaluator.expression_at(file, callee), PACKAGE, name) {
        return None;
    }
    let place = Place::File(file, decorator.span);
    let nothing = || Value::written(Kind::Absent, place);
    Some(arguments.first().map_or_else(nothing, |first| reading.evaluator.expression_at(file, &first.value)))
}

/// The classes that `@Controller` decorates.
fn controllers(reading: &Reading<'_>, files: &[FileId]) -> Vec<Controller> {
    let mut found = Vec::new();
    for file in reading.documents.project.mentioning(files, &["@Controller("]) {
        let Some(module) = reading.documents.module_of(file) else { continue };
        for statement in &module.body {
            let Statement::Class { class, .. } = statement else { continue };
            if let Some(path) = class.decorators.iter().find_map(|decorator| path_of(decorator, &["Controller"])) {
                found.push(Controller { file, class: class.clone(), path });
            }
        }
    }
    found
}

/// The methods of a controller that answer requests.
fn routes(controller: &Controller) -> impl Iterator<Item = &Member> {
    let names = ["Get", "Post", "Put", "Patch", "Delete", "All"];
    let is_route = move |member: &&Member| member.decorators.iter().any(|one| path_of(one, &names).is_some());
    controller.class.members.iter().filter(is_route)
}

/// Whether something is sent to a route with which somebody signs in.
fn signs_in(controller: &Controller, route: &Member) -> bool {
    let Some(own) = route.decorators.iter().find_map(|decorator| path_of(decorator, &["Post", "All"])) else {
        return false;
    };
    let path = if own.trim_matches('/').is_empty() { &controller.path } else { &own };
    let path = path.to_ascii_lowercase();
    // Whoever posts below `auth` wants to be let in, whatever the rest is called.
    if controller.path.trim_matches('/').eq_ignore_ascii_case("auth") {
        return true;
    }
    path.split('/').any(|part| SIGN_INS.contains(&part) || part.split('-').any(|word| SIGN_INS.contains(&word)))
}

/// The path that a decorator of one of these names is given; empty where it has none that can be read.
fn path_of(decorator: &Expr, names: &[&str]) -> Option<String> {
    let ExprKind::Call { callee, arguments, .. } = &decorator.kind else { return None };
    let ExprKind::Name(name) = &callee.kind else { return None };
    if !names.contains(&&**name) {
        return None;
    }
    let text = |expr: &Expr| match &expr.kind {
        ExprKind::Text(text) => text.as_name().to_string(),
        _ => String::new(),
    };
    Some(arguments.first().map(|first| text(&first.value)).unwrap_or_default())
}

/// Whether a file binds the guard to all routes: by `APP_GUARD`, or the app.
fn is_bound_to_all(reading: &Reading<'_>, file: FileId) -> bool {
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
                bound = last_name(callee) == Some(GLOBAL)
                    && arguments.iter().any(|argument| {
                        is_throttler(reading, &reading.evaluator.expression_at(file, &argument.value), 4)
                    });
            }
            _ => {}
        }
    });
    bound
}

/// Whether a decorator binds the guard.
fn binds(reading: &Reading<'_>, file: FileId, decorator: &Expr) -> bool {
    let ExprKind::Call { callee, arguments, .. } = &decorator.kind else { return false };
    last_name(callee) == Some(LOCAL)
        && arguments
            .iter()
            .any(|argument| is_throttler(reading, &reading.evaluator.expression_at(file, &argument.value), 4))
}

fn last_name(callee: &Expr) -> Option<&str> {
    match &callee.kind {
        ExprKind::Name(name) | ExprKind::Member { property: name, .. } => Some(name),
        _ => None,
    }
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
        _ => is_named(value, PACKAGE, "ThrottlerGuard"),
    }
}

fn is_named(value: &Value, from: &str, name: &str) -> bool {
    matches!(&value.kind, Kind::External { module, path } if **module == *from && **path == *name)
}
