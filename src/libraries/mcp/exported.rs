//! Endpoints that a route of Next.js exports: what stands before them there, in what they are wrapped, and in the middleware.

use super::guards::{self, Protection};
use super::routes;
use super::states::{NONE, is, weaker, word};
use crate::eval::{Because, Call, Guard, How, Kind, Place, Step, Trail, Value};
use crate::libraries::{middleware, routes as next_routes};
use crate::reading::bench::Reading;
use crate::reading::table::Reader;
use crate::syntax::code::{Expr, ExprKind, visit};
use std::sync::Arc;

/// What a route exports to be asked.
const METHODS: &[&str] = &["GET", "POST", "DELETE", "default"];

/// Packages that make a handler of a server, and what wraps it in a check of tokens.
const HANDLERS: &[&str] = &["mcp-handler", "@vercel/mcp-adapter"];
const WRAPPERS: &[&str] = &["withMcpAuth", "experimental_withMcpAuth"];

/// Values followed from what is exported to the server.
const MOST_STEPS: usize = 4;

/// What stands before a server that is made at a place: the weakest of all routes that lead to it; none where none does.
pub(super) fn protection(reading: &Reading<'_>, made: Place) -> Option<Protection> {
    let mut all: Option<Protection> = None;
    for route in next_routes::handlers(reading) {
        let Some(module) = reading.documents.module_of(route.file) else { continue };
        let exported = next_routes::exported_names(&module);
        for method in METHODS.iter().filter(|method| exported.iter().any(|name| **name == ***method)) {
            let value = reading.evaluator.export(route.file, method);
            let Some(own) = of_value(reading, &value, made, MOST_STEPS) else { continue };
            let own = own.and(in_front(reading, &route.path, made));
            all = Some(match all {
                None => own,
                Some(before) => Protection {
                    authentication: weaker(&before.authentication, &own.authentication),
                    token: before.token.or(own.token),
                    checks_host: before.checks_host && own.checks_host,
                },
            });
        }
    }
    all
}

/// What stands before the server in a value; none where it does not lead there.
fn of_value(reading: &Reading<'_>, value: &Value, made: Place, steps: usize) -> Option<Protection> {
    let steps = steps.checked_sub(1)?;
    match &value.kind {
        Kind::Call(_) if value.trail.primary() == made.in_file() => Some(Protection::nothing(&value.trail)),
        Kind::Call(call) => {
            let inner = call.arguments.iter().find_map(|argument| of_value(reading, argument, made, steps))?;
            Some(inner.and(wrapped(reading, call, value, made)))
        }
        Kind::Function(closure) => {
            let mut called: Vec<&Expr> = Vec::new();
            visit(&closure.function.body, &mut |expr, _| match &expr.kind {
                ExprKind::Call { callee, is_new: false, .. } if matches!(callee.kind, ExprKind::Name(_)) => {
                    called.push(callee);
                }
                _ => {}
            });
            let inner = called.into_iter().take(20).find_map(|callee| {
                let value = reading.evaluator.expression_at(closure.file, callee);
                matches!(value.kind, Kind::Call(_) | Kind::Function(_))
                    .then(|| of_value(reading, &value, made, steps))
                    .flatten()
            });
            let holds =
                made.in_file().is_some_and(|(file, span)| file == closure.file && closure.function.span.holds(span));
            let inner = inner.or(holds.then(|| Protection::nothing(&value.trail)))?;
            Some(inner.and(routes::by_handler(reading, value)))
        }
        _ => None,
    }
}

/// What a call makes of the handler that it is given.
fn wrapped(reading: &Reading<'_>, call: &Arc<Call>, value: &Value, made: Place) -> Protection {
    let is_wrapper = call.origin().is_some_and(|(module, path)| HANDLERS.contains(&module) && WRAPPERS.contains(&path));
    if !is_wrapper {
        return guards::of(reading, value);
    }
    let trail = &value.trail;
    // Who brings no token gets in, and it is for each tool to ask.
    let open = || match made.in_file().is_some_and(|(file, _)| reading.documents.project.mentions(file, &["authInfo"]))
    {
        true => Value::unknown(Because::Undecided, trail),
        false => word(NONE, trail),
    };
    let demanded = Reader::Truthy.apply(&call.argument(2, trail).field("required"));
    let verify = call.argument(1, trail);
    let authentication = demanded.each(&mut |demanded| match &demanded.kind {
        Kind::Bool(true) => guards::by_token(reading, &verify, &["request", "token"]),
        Kind::Unknown(unknown) => Value::new(Kind::Unknown(unknown.clone()), &demanded.trail),
        _ => open(),
    });
    Protection { authentication, ..Protection::nothing(trail) }
}

/// What the middleware does with strangers who ask for the route.
fn in_front(reading: &Reading<'_>, route: &str, made: Place) -> Protection {
    let trail: Trail = Step::start(made, How::Written);
    let Some(front) = middleware::in_front_of(reading, route) else { return Protection::nothing(&trail) };
    let authentication = match front.guarded.guard {
        Some(Guard::Nothing) => word(NONE, &trail),
        Some(Guard::Compares) => word(super::states::SOME, &trail),
        Some(Guard::FailsOpen) | None => Value::unknown(Because::Undecided, &Step::start(front.place, How::Written)),
    };
    let own = Protection::nothing(&trail);
    if is(&authentication, NONE) { own } else { Protection { authentication, ..own } }
}
