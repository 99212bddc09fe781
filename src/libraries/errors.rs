//! What error handlers answer: whether a stack trace or the message of any error reaches whoever caused it.

use crate::eval::{Because, How, Kind, Place, Step, Unknown, Value};
use crate::facts::{self, Catalogue};
use crate::libraries::kept;
use crate::reading::bench::Reading;
use crate::reading::table::Reader;
use crate::settings::errors;
use crate::syntax::code::{
    Argument, Class, Expr, ExprKind, Function, Guard, Item, Pattern, Property, Statement, TemplatePart, visit,
};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::sync::Arc;

/// Methods of an app that take an error handler, the number of parameters that makes a function one, and which of them
/// the error is.
const METHODS: &[(&str, usize, usize)] = &[
    ("use", 4, 0),
    ("setErrorHandler", 0, 0),
    ("onError", 0, 0),
    ("add_exception_handler", 2, 1),
    ("register_error_handler", 1, 0),
];

/// Decorators of a function that handles errors, and which of its parameters the error is.
const DECORATORS: &[(&str, usize)] = &[("exception_handler", 1), ("errorhandler", 0), ("app_errorhandler", 0)];

/// What errors of every kind are called.
const ANY_ERROR: &[&str] = &["Exception", "BaseException", "InternalServerError", "Error"];

/// Parts of an error that tell of the program.
const PARTS: &[&str] = &["stack", "message", "args", "cause", "toString", "traceback"];

/// Functions that write an error as a text.
const WRITERS: &[&str] = &["String", "str", "repr", "format_exc", "format_exception", "print_exc"];

/// One handler: the function, what the error is called in it, and where it is handed over.
struct Handler {
    function: Arc<Function>,
    file: FileId,
    error: Option<Arc<str>>,
}

/// Reads the error handlers of an app whose host is data; without one, what the host answers by itself.
pub(crate) fn read(reading: &mut Reading<'_>, libraries: &Catalogue) {
    let files = facts::files_of(reading.documents.project, reading.found);
    let words = [
        ".use(",
        "setErrorHandler",
        "onError",
        "exception_handler",
        "errorhandler",
        "register_error_handler",
        "exception_handlers",
        "@Catch(",
        ".middleware(",
    ];
    let mut handlers: Vec<Handler> = Vec::new();
    for file in reading.documents.project.mentioning(&files, &words) {
        let Some(module) = reading.documents.module_of(file) else { continue };
        handed(reading, file, &module.body, &mut handlers);
        by_keyword(reading, file, &module.body, &mut handlers);
        decorated(reading, file, &module.body, &mut handlers);
    }
    if handlers.is_empty() {
        return by_itself(reading, libraries, &files);
    }
    for handler in handlers {
        let Some((value, key)) = shown(reading, &handler) else { continue };
        let place = reading.place_of(&value);
        let resource = reading.resource(errors::KIND, "the error handler", place);
        reading.add(resource.set_at(errors::exposes_internals, value, key));
    }
}

/// What a host answers that shows the message of any error.
fn by_itself(reading: &mut Reading<'_>, libraries: &Catalogue, files: &[FileId]) {
    let hosts: Vec<_> = reading.facts.hosts.iter().filter_map(|id| libraries.library(id)?.host.as_ref()).collect();
    let Some(host) = hosts.into_iter().find(|host| host.shows_errors) else { return };
    if !can_fail(reading, host, files) {
        return;
    }
    // A handler would be added where the app is made, as missing headers would.
    let place = reading.facts.made.unwrap_or_else(|| reading.place());
    let trail = Step::start(place, How::Default);
    let shown = Value::new(Kind::Bool(true), &trail);
    let name = format!("{}'s error handler", host.title);
    let resource = reading.resource(errors::KIND, name, place);
    reading.add(resource.set(errors::exposes_internals, shown));
}

/// Whether a handler of a route that is seen can come to an error: all but those that call nothing beside the answer, and throw nothing.
fn can_fail(reading: &Reading<'_>, host: &facts::Host, files: &[FileId]) -> bool {
    let words: Vec<String> = host.routes.iter().map(|route| format!(".{route}(")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut fails = false;
    for file in reading.documents.project.mentioning(files, &words) {
        let Some(module) = reading.documents.module_of(file) else { return true };
        visit(&module.body, &mut |expr, _| {
            let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
            let ExprKind::Member { property, .. } = &callee.kind else { return };
            if host.routes.contains(&&**property) && arguments.len() > 1 {
                fails |= arguments.iter().skip(1).any(|argument| may_throw(&argument.value));
            }
        });
    }
    fails
}

/// Whether a handler may throw: a function that calls something, or one that stands elsewhere.
fn may_throw(handler: &Expr) -> bool {
    let ExprKind::Function(function) = &handler.kind else {
        return matches!(handler.kind, ExprKind::Name(_) | ExprKind::Member { .. } | ExprKind::Call { .. });
    };
    let mut throws = throws(&function.body);
    visit(&function.body, &mut |expr, _| {
        let ExprKind::Call { callee, .. } = &expr.kind else { return };
        throws |= !matches!(&callee.kind, ExprKind::Member { object, .. } if is_answer(object));
    });
    throws
}

fn throws(body: &[Statement]) -> bool {
    body.iter().any(|statement| match statement {
        Statement::Throw { .. } => true,
        Statement::If { then, otherwise, .. } => throws(then) || throws(otherwise),
        Statement::Block(body) | Statement::Loop { body, .. } => throws(body),
        Statement::Try { handlers, finally, .. } => handlers.iter().any(|body| throws(body)) || throws(finally),
        Statement::Switch { cases, .. } => cases.iter().any(|(_, body)| throws(body)),
        _ => false,
    })
}

/// Handlers that are handed to a method of the app.
fn handed(reading: &Reading<'_>, file: FileId, body: &[Statement], handlers: &mut Vec<Handler>) {
    visit(body, &mut |expr, guards| {
        let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
        let ExprKind::Member { property, .. } = &callee.kind else { return };
        let Some((method, least, index)) = METHODS.iter().find(|(method, ..)| *method == &**property) else { return };
        let Some(last) = arguments.last().filter(|last| is_function_or_name(&last.value)) else { return };
        let is_for_any = arguments.len() < 2
            || !matches!(*method, "add_exception_handler" | "register_error_handler")
            || is_any_error(reading, file, &arguments[0].value);
        if !is_for_any || !reading.evaluator.runs(file, guards) {
            return;
        }
        let value = reading.evaluator.expression_at(file, &last.value);
        let Kind::Function(closure) = &value.kind else { return };
        let count = closure.function.params.len();
        // Express tells a handler of errors from others by its four parameters.
        if count < *least || *method == "use" && count != *least {
            return;
        }
        handlers.push(Handler {
            function: closure.function.clone(),
            file: closure.file,
            error: error_name(&closure.function, *index),
        });
    });
}

/// `FastAPI(exception_handlers={Exception: handler})`.
fn by_keyword(reading: &Reading<'_>, file: FileId, body: &[Statement], handlers: &mut Vec<Handler>) {
    visit(body, &mut |expr, _| {
        let ExprKind::Call { arguments, .. } = &expr.kind else { return };
        let is_meant =
            |argument: &&Argument| argument.name.as_ref().is_some_and(|(name, _)| &**name == "exception_handlers");
        let Some(given) = arguments.iter().find(is_meant) else { return };
        let ExprKind::Object(properties) = &given.value.kind else { return };
        for property in properties {
            let Property::Computed { key, value } = property else { continue };
            if !is_any_error(reading, file, key) {
                continue;
            }
            if let Kind::Function(closure) = &reading.evaluator.expression_at(file, value).kind {
                let error = error_name(&closure.function, 1);
                handlers.push(Handler { function: closure.function.clone(), file: closure.file, error });
            }
        }
    });
}

/// A function that stands around every request and answers what went wrong in it: `@app.middleware("http")` with a `try`.
fn around(reading: &Reading<'_>, file: FileId, function: &Arc<Function>, handlers: &mut Vec<Handler>) {
    for statement in &function.body {
        let Statement::Try { handlers: caught, span, .. } = statement else { continue };
        for body in caught {
            let Some(Statement::Declare { pattern: Pattern::Name(error, named), .. }) = body.first() else { continue };
            if catches_all(reading, file, *named) {
                let body = Function { body: body[1..].to_vec(), span: *span, ..(**function).clone() };
                handlers.push(Handler { function: Arc::new(body), file, error: Some(error.clone()) });
            }
        }
    }
}

/// Whether the name at a place is that of any error: `except Exception as error`.
fn catches_all(reading: &Reading<'_>, file: FileId, named: Span) -> bool {
    let Ok(text) = reading.documents.project.text(file) else { return false };
    let before = text.get(..named.start as usize).unwrap_or_default();
    let before = before.rsplit('\n').next().unwrap_or_default().trim();
    ["except Exception as", "except BaseException as"].contains(&before)
}

fn is_function_or_name(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Function(_) | ExprKind::Name(_) | ExprKind::Member { .. })
}

/// Functions that are decorated as handlers.
fn decorated(reading: &Reading<'_>, file: FileId, body: &[Statement], handlers: &mut Vec<Handler>) {
    for statement in body {
        match statement {
            Statement::Function { function, decorators, .. } => {
                for decorator in decorators {
                    let ExprKind::Call { callee, arguments, .. } = &decorator.kind else { continue };
                    let ExprKind::Member { property, .. } = &callee.kind else { continue };
                    if &**property == "middleware" {
                        around(reading, file, function, handlers);
                    }
                    let known = DECORATORS.iter().find(|(name, _)| *name == &**property);
                    let is_any = arguments.first().is_some_and(|what| is_any_error(reading, file, &what.value));
                    if let (Some((_, index)), true) = (known, is_any) {
                        let error = error_name(function, *index);
                        handlers.push(Handler { function: function.clone(), file, error });
                    }
                }
                decorated(reading, file, &function.body, handlers);
            }
            Statement::Class { class, .. } => handlers.extend(filter(reading, file, class)),
            Statement::If { then, otherwise, .. } => {
                decorated(reading, file, then, handlers);
                decorated(reading, file, otherwise, handlers);
            }
            Statement::Block(body) | Statement::Try { body, .. } => decorated(reading, file, body, handlers),
            _ => {}
        }
    }
}

/// The method of a class that is decorated as a filter of every error: `@Catch() class Any { catch(exception, host) {} }`.
fn filter(reading: &Reading<'_>, file: FileId, class: &Class) -> Option<Handler> {
    let is_any = class.decorators.iter().any(|decorator| match &decorator.kind {
        ExprKind::Call { callee, arguments, .. } => {
            matches!(&callee.kind, ExprKind::Name(name) if &**name == "Catch")
                && arguments.first().is_none_or(|what| is_any_error(reading, file, &what.value))
        }
        _ => false,
    });
    let method = class.members.iter().find(|member| &*member.name == "catch").filter(|_| is_any)?;
    match method.value.as_ref().map(|value| &value.kind) {
        Some(ExprKind::Function(function)) => {
            Some(Handler { function: function.clone(), file, error: error_name(function, 0) })
        }
        _ => None,
    }
}

/// Whether a handler is for every error: by the class of all, or by the status of those that nobody expected.
fn is_any_error(reading: &Reading<'_>, file: FileId, what: &Expr) -> bool {
    let named = |name: &str| ANY_ERROR.contains(&name);
    match &what.kind {
        ExprKind::Name(name) | ExprKind::Member { property: name, .. } if named(name) => true,
        _ => reading.evaluator.expression_at(file, what).as_number() == Some(500.0),
    }
}

/// What the error is called in a handler; none where the handler does not take it.
fn error_name(function: &Function, index: usize) -> Option<Arc<str>> {
    match &function.params.get(index)?.pattern {
        Pattern::Name(name, _) => Some(name.clone()),
        // Elysia hands one object over.
        Pattern::Object { fields, .. } => {
            let field = fields.iter().find(|field| &*field.key == "error")?;
            match &field.pattern {
                Pattern::Name(name, _) => Some(name.clone()),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether a handler shows what an error says, and the code that does it.
fn shown(reading: &Reading<'_>, handler: &Handler) -> Option<(Value, String)> {
    let body = &handler.function.body;
    let kept = kept::back(body);
    let error = handler.error.as_deref();
    let mut found: Option<(Value, String)> = None;
    let mut show = |value: Value, key: String| {
        if found.as_ref().is_none_or(|(known, _)| known.is_unknown()) {
            found = Some((value, key));
        }
    };
    let state = |span: Span, guards: &[Guard<'_>]| {
        let place = Place::File(handler.file, span);
        match reached(reading, handler, guards) {
            Some(true) => Some(Value::written(Kind::Bool(true), place)),
            Some(false) => None,
            None => Some(Value::written(Kind::Unknown(Because::Undecided.into()), place)),
        }
    };
    // What is given a name first is shown where the name is.
    let named = kept::named(body);
    let mut carried: Vec<(&kept::Named, Value, String)> = Vec::new();
    visit(body, &mut |expr, guards| {
        if kept.iter().any(|span| span.holds(expr.span)) {
            return;
        }
        let Some(key) = told(expr, error) else { return };
        let Some(value) = state(expr.span, guards) else { return };
        match named.iter().find(|named| named.value.holds(expr.span)) {
            Some(named) => carried.push((named, value, key)),
            None => show(value, key),
        }
    });
    for part in kept::taken_apart(body, error) {
        let known = PARTS.iter().find(|known| **known == &*part.key);
        let value = known.and_then(|_| state(part.span, &[]));
        let key = format!("{}.{}", error.unwrap_or("error"), part.key);
        carried.extend(value.and_then(|value| Some((named.iter().find(|named| named.is(&part.name))?, value, key))));
    }
    // A name that is given something else in between has to be followed.
    let is_settled =
        |one: &kept::Named| !one.is_taken && named.iter().filter(|other| other.name == one.name).count() == 1;
    let is_target = |span: Span| named.iter().any(|named| named.is_target(span));
    for (named, value, key) in carried {
        visit(body, &mut |expr, guards| {
            let is_it = matches!(&expr.kind, ExprKind::Name(name) if *name == named.name);
            let is_told = is_it
                && !named.value.holds(expr.span)
                && !is_target(expr.span)
                && !kept.iter().any(|span| span.holds(expr.span));
            if !is_told || state(expr.span, guards).is_none() {
                return;
            }
            match is_settled(named).then_some(true).or_else(|| is_of_error(reading, handler, expr)) {
                Some(true) => show(value.clone(), key.clone()),
                Some(false) => {}
                None => show(Value::new(Kind::Unknown(Because::Undecided.into()), &value.trail), key.clone()),
            }
        });
    }
    found
}

/// Whether a name stands for what an error says that nobody expected; none where that hangs on something.
fn is_of_error(reading: &Reading<'_>, handler: &Handler, name: &Expr) -> Option<bool> {
    let given: Vec<_> = unexpected(handler).into_iter().collect();
    let value = reading.evaluator.expression_given(handler.file, name, &given);
    let of_error =
        |value: &Value| value.is_unknown() && value.trail.primary() == Some((handler.file, handler.function.span));
    match &value.kind {
        Kind::Choice(_, arms) if arms.iter().all(of_error) => Some(true),
        Kind::Choice(_, arms) if arms.iter().any(of_error) => None,
        _ => Some(of_error(&value)),
    }
}

/// An error that nobody expected: it has a message and a stack, and nothing by which code tells errors apart.
fn unexpected(handler: &Handler) -> Option<(Arc<str>, Value)> {
    let name = handler.error.clone()?;
    let place = Place::File(handler.file, handler.function.span);
    let unknown = || {
        let kept = Unknown { present: true, ..Because::Undecided.into() };
        Value::written(Kind::Unknown(kept), place)
    };
    let called = Value::written(Kind::Text(Text::new("Error")), place);
    let fields = Arc::new([("name".into(), called), ("message".into(), unknown()), ("stack".into(), unknown())]);
    Some((name, Value::written(Kind::Object { fields, open: None }, place)))
}

/// Whether an error that nobody expected gets past some conditions in production: not where one is known to go the other
/// way, nor where one asks about the answer's status; unknown where a variable that nobody knows decides.
fn reached(reading: &Reading<'_>, handler: &Handler, guards: &[Guard<'_>]) -> Option<bool> {
    let given: Vec<_> = unexpected(handler).into_iter().collect();
    let mut all = Some(true);
    for guard in guards {
        let test = reading.evaluator.expression_given(handler.file, guard.test, &given);
        let is_asked = matches!(&test.kind, Kind::Unknown(unknown)
            if unknown.answers.is_some() || unknown.unset_with.is_some() || matches!(unknown.because, Because::Variable(_)));
        match is_true(&test) {
            Some(holds) if holds == guard.holds => {}
            Some(_) => return Some(false),
            None if is_asked || matches!(test.kind, Kind::Choice(..)) => all = None,
            None => return Some(false),
        }
    }
    all
}

fn is_true(test: &Value) -> Option<bool> {
    match &test.kind {
        Kind::Absent | Kind::Null => Some(false),
        Kind::Unknown(unknown) if unknown.present => Some(true),
        _ => Reader::Truthy.apply(test).as_bool(),
    }
}

/// Names of the answer: `reply.error(..)` logs nothing.
pub(super) fn is_answer(object: &Expr) -> bool {
    matches!(&object.kind, ExprKind::Name(name) if ["res", "reply", "response", "c", "ctx"].contains(&&**name))
}

/// What an expression tells of the error, as it is written; none where it tells nothing.
fn told(expr: &Expr, error: Option<&str>) -> Option<String> {
    let is_error = |expr: &Expr| {
        matches!(&expr.kind, ExprKind::Name(name) if error == Some(&**name))
            // `({ error }) => ..` is handed as a whole, too: `context.error`. What Flask makes of any error keeps it.
            || matches!(&expr.kind, ExprKind::Member { object, property, .. }
                if matches!(&**property, "error" | "original_exception") && matches!(&object.kind, ExprKind::Name(name) if error == Some(&**name)))
    };
    let name = error.unwrap_or("error");
    match &expr.kind {
        ExprKind::Member { object, property, .. } if PARTS.contains(&&**property) && is_error(object) => {
            Some(format!("{name}.{property}"))
        }
        ExprKind::Call { callee, arguments, .. } => {
            let called = match &callee.kind {
                ExprKind::Name(called) => called,
                ExprKind::Member { property, .. } => property,
                _ => return None,
            };
            if !WRITERS.contains(&&**called) {
                return answered(called, arguments, &is_error).then(|| name.to_owned());
            }
            let has_error = arguments.iter().any(|argument| is_error(&argument.value));
            (has_error || arguments.is_empty() && called.starts_with("format")).then(|| format!("{called}({name})"))
        }
        ExprKind::Template(parts) => {
            let inserted = parts.iter().any(|part| matches!(part, TemplatePart::Expr(expr) if is_error(expr)));
            inserted.then(|| name.to_owned())
        }
        ExprKind::Object(properties) => {
            let has = properties.iter().any(|property| match property {
                Property::Field { value, .. } => is_error(value),
                Property::Spread(value) => is_error(value),
                _ => false,
            });
            has.then(|| name.to_owned())
        }
        ExprKind::List(items) => {
            items.iter().any(|item| matches!(item, Item::One(expr) if is_error(expr))).then(|| name.to_owned())
        }
        _ => None,
    }
}

/// Whether a call answers with the error itself.
fn answered(called: &str, arguments: &[Argument], is_error: &dyn Fn(&Expr) -> bool) -> bool {
    ["json", "send", "end", "write", "text", "jsonify", "JSONResponse", "PlainTextResponse"].contains(&called)
        && arguments.iter().any(|argument| is_error(&argument.value))
}
