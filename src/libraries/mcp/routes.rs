//! The routes that lead to a server of the protocol, and what stands before them.

use super::guards::{self, Protection};
use crate::eval::{Answer, Because, Closure, How, Kind, Object, Place, Step, Use, Value, Way};
use crate::reading::bench::Reading;
use crate::syntax::code::{Expr, ExprKind, visit};
use std::sync::Arc;

/// Methods by which a handler is put at a path.
const ADDS: &[&str] = &["get", "post", "put", "delete", "all", "on", "use", "route", "any"];

/// Methods by which something is put before what comes after.
const MOUNTS: &[&str] = &["use", "addHook", "register", "route", "all"];

/// Hooks of one route, as Fastify takes them.
const HOOKS: &[&str] = &["onRequest", "preParsing", "preValidation", "preHandler"];

/// Methods of a transport that answer a request.
const ANSWERS: &[&str] = &["handleRequest", "handlePostMessage", "handleMessage"];

/// Words of a handler that looks at credentials by itself.
const CREDENTIALS: &[&str] = &["authorization", "x-api-key", "apikey", "api-key", "bearer"];

/// Functions that are followed from a handler to what answers.
const MOST_STEPS: usize = 3;

/// Routers in routers.
const MOST_ROUTERS: usize = 4;

/// One route.
struct Route<'u> {
    /// The call that adds it.
    one: &'u Use,
    /// What it is added to.
    on: Option<&'u Object>,
    /// Its path, where it is written there.
    path: Option<String>,
    /// What stands before its handler in the same call.
    before: Vec<Value>,
    /// The handler that leads to the server.
    handler: Value,
}

/// What stands before a server that is made at a place: the weakest of all ways to it; none where no way is seen.
pub(super) fn protection(reading: &Reading<'_>, uses: &[Use], made: Place) -> Option<Protection> {
    let all: Vec<Route<'_>> = uses.iter().filter_map(|one| route(reading, one)).collect();
    let makes = |route: &&Route<'_>| closure(&route.handler).is_some_and(|closure| holds(closure, made));
    let own: Vec<&Route<'_>> = all.iter().filter(makes).collect();
    let ways = if own.is_empty() { all.iter().collect() } else { own };
    let protections = ways.into_iter().map(|route| of_route(reading, uses, route, made));
    protections.reduce(|one, other| Protection {
        authentication: super::states::weaker(&one.authentication, &other.authentication),
        token: one.token.or(other.token),
        checks_host: one.checks_host && other.checks_host,
    })
}

fn closure(value: &Value) -> Option<&Arc<Closure>> {
    match &value.kind {
        Kind::Function(closure) => Some(closure),
        _ => None,
    }
}

fn holds(closure: &Closure, place: Place) -> bool {
    place.in_file().is_some_and(|(file, span)| closure.file == file && closure.function.span.holds(span))
}

/// The route that a use adds, if its handler leads to a server.
fn route<'u>(reading: &Reading<'_>, one: &'u Use) -> Option<Route<'u>> {
    let (on, arguments) = match &one.way {
        Way::Method { name, of } if ADDS.contains(&&**name) => (Some(of), &one.given.arguments),
        Way::Called if is_raw_server(one) => (None, &one.given.arguments),
        _ => return None,
    };
    let mut values = Vec::new();
    arguments.iter().for_each(|argument| flat(argument, &mut values));
    let at = values.iter().rposition(|value| leads(reading, value, MOST_STEPS))?;
    let handler = values[at].clone();
    values.truncate(at);
    let path = arguments.first().and_then(text);
    let path = path.or_else(|| arguments.first().and_then(|options| text(&options.field("url"))));
    Some(Route { one, on, path, before: values, handler })
}

fn is_raw_server(one: &Use) -> bool {
    matches!(&*one.module, "http" | "https" | "node:http" | "node:https") && &*one.export == "createServer"
}

fn text(value: &Value) -> Option<String> {
    value.as_text().map(|text| text.as_name().to_string())
}

/// The functions and the like of an argument, in the order in which they run.
fn flat(argument: &Value, into: &mut Vec<Value>) {
    match &argument.kind {
        Kind::List { items, .. } => items.iter().for_each(|item| flat(item, into)),
        Kind::Object { .. } => {
            HOOKS.iter().for_each(|hook| flat(&argument.field(hook), into));
            flat(&argument.field("handler"), into);
        }
        Kind::Text(_) | Kind::Absent | Kind::Pattern { .. } => {}
        _ => into.push(argument.clone()),
    }
}

/// Whether a function answers by a transport, or hands on to one that does.
fn leads(reading: &Reading<'_>, value: &Value, steps: usize) -> bool {
    let Some(closure) = closure(value) else { return false };
    let mut found = false;
    let mut called: Vec<&Expr> = Vec::new();
    visit(&closure.function.body, &mut |expr, _| {
        let ExprKind::Call { callee, is_new, .. } = &expr.kind else { return };
        match &callee.kind {
            ExprKind::Member { property, .. } if ANSWERS.contains(&&**property) => found = true,
            ExprKind::Name(name) if *is_new && name.ends_with("ServerTransport") => found = true,
            ExprKind::Name(_) | ExprKind::Member { .. } if !is_new => called.push(callee),
            _ => {}
        }
    });
    let Some(steps) = steps.checked_sub(1).filter(|_| !found) else { return found };
    called.into_iter().take(40).any(|callee| {
        let value = reading.evaluator.expression_at(closure.file, callee);
        matches!(value.kind, Kind::Function(_)) && leads(reading, &value, steps)
    })
}

fn of_route(reading: &Reading<'_>, uses: &[Use], route: &Route<'_>, made: Place) -> Protection {
    let trail = Step::start(made, How::Written);
    let mut all =
        route.before.iter().fold(Protection::nothing(&trail), |all, value| all.and(guards::of(reading, value)));
    if let Some(on) = route.on {
        let path = route.path.as_deref();
        all = all.and(in_front(reading, uses, (route.one, on, path), MOST_ROUTERS));
    }
    all.and(by_itself(reading, route))
}

/// What was put before something on the same app or router, and before that router on the app that it is mounted on.
fn in_front(
    reading: &Reading<'_>,
    uses: &[Use],
    (what, on, path): (&Use, &Object, Option<&str>),
    depth: usize,
) -> Protection {
    let mut all = Protection::nothing(&Step::start(what.place, How::Written));
    for other in uses.iter().filter(|other| comes_before(other, what) || is_hook(other)) {
        let own = match &other.way {
            Way::Method { name, of } if of.made == on.made && MOUNTS.contains(&&**name) => {
                mounted(reading, other, path)
            }
            Way::Handed { to, of: Some(of) } if of.made == on.made && &**to == "register" => {
                let plugin = Value::new(other.call.kind.clone(), &Step::start(other.place, How::Written));
                Some(guards::of(reading, &plugin))
            }
            _ => None,
        };
        if let Some(own) = own {
            all = all.and(if under_one_condition(other, what) { own } else { own.where_present(&other.present) });
        }
    }
    let Some(depth) = depth.checked_sub(1) else { return all };
    for other in uses {
        let Way::Method { name, of } = &other.way else { continue };
        let is_router = |value: &Value| value.as_call().is_some() && value.trail.primary() == on.made.in_file();
        let Some(at) = other.given.arguments.iter().position(is_router) else { continue };
        if !MOUNTS.contains(&&**name) || of.made == on.made {
            continue;
        }
        let beside = other.given.arguments.iter().take(at).filter(|value| !matches!(value.kind, Kind::Text(_)));
        all = beside.fold(all, |all, value| all.and(guards::of(reading, value)));
        let prefix = other.given.arguments.first().and_then(text);
        all = all.and(in_front(reading, uses, (other, of, prefix.as_deref()), depth));
    }
    all
}

/// Whether a use adds a hook, which holds for every route of its scope, wherever it stands.
fn is_hook(one: &Use) -> bool {
    matches!(&one.way, Way::Method { name, .. } if &**name == "addHook")
}

/// Whether two uses stand under one condition that nobody can tell: where the one happens the other does, too.
fn under_one_condition(one: &Use, other: &Use) -> bool {
    let [own, others] = [&one.present, &other.present];
    own.is_unknown() && others.is_unknown() && own.trail.primary() == others.trail.primary()
}

/// Whether a use comes before another one; in another file nobody knows, and it counts.
fn comes_before(other: &Use, what: &Use) -> bool {
    match (other.place.in_file(), what.place.in_file()) {
        (Some((file, span)), Some((own, after))) => file != own || span.start < after.start && !span.holds(after),
        _ => false,
    }
}

/// What a use puts before a path; none where it is meant for another one.
fn mounted(reading: &Reading<'_>, other: &Use, path: Option<&str>) -> Option<Protection> {
    let Way::Method { name, .. } = &other.way else { return None };
    let mut arguments = other.given.arguments.as_slice();
    let mut covered = Some(true);
    if let Some((first, rest)) = arguments.split_first() {
        match &first.kind {
            // The name of a hook.
            Kind::Text(_) if &**name == "addHook" => arguments = rest,
            Kind::Text(_) => {
                covered = path.and_then(|path| Some(covers(&text(first)?, path)));
                arguments = rest;
            }
            Kind::List { items, .. } if items.iter().all(|item| item.as_text().is_some()) => {
                covered = path.map(|path| items.iter().filter_map(text).any(|own| covers(&own, path)));
                arguments = rest;
            }
            Kind::Pattern { .. } => {
                covered = None;
                arguments = rest;
            }
            _ => {}
        }
    }
    if covered == Some(false) {
        return None;
    }
    let trail = Step::start(other.place, How::Written);
    let all = arguments.iter().map(|value| guards::of(reading, value)).reduce(Protection::and)?;
    let unclear = covered.is_none() && !super::states::is(&all.authentication, super::states::NONE);
    Some(match unclear {
        true => Protection { authentication: Value::unknown(Because::Undecided, &trail), ..all },
        false => all,
    })
}

/// Whether what is mounted at a path stands before another one: `/mcp`, `/mcp/*`, `*`.
fn covers(mounted: &str, path: &str) -> bool {
    let mounted = mounted.trim_end_matches('*').trim_end_matches('/');
    let rest = path.strip_prefix(mounted);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What a handler checks before it answers. One that looks at credentials in a way that cannot be followed may do so.
fn by_itself(reading: &Reading<'_>, route: &Route<'_>) -> Protection {
    by_handler(reading, &route.handler)
}

/// What a function checks before it answers.
pub(super) fn by_handler(reading: &Reading<'_>, handler: &Value) -> Protection {
    let own = guards::of_function(reading, handler, Answer::Response, &["request", "response"]);
    if !own.authentication.is_unknown() {
        return own;
    }
    let looks = closure(handler).is_some_and(|closure| {
        let mut found = false;
        visit(&closure.function.body, &mut |expr, _| {
            found |= match &expr.kind {
                ExprKind::Text(text) => {
                    CREDENTIALS.iter().any(|word| text.test(|text| text.to_ascii_lowercase().contains(word)))
                }
                ExprKind::Member { property, .. } => {
                    CREDENTIALS.iter().any(|word| property.to_ascii_lowercase().contains(word))
                }
                ExprKind::Number(status) => *status == 401.0,
                _ => false,
            };
        });
        found
    });
    if looks { own } else { Protection::nothing(&handler.trail) }
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_guard_stands_before_what_lies_below_its_path() {
        assert!(covers("/mcp", "/mcp") && covers("/mcp/*", "/mcp") && covers("*", "/mcp") && covers("/", "/mcp"));
        assert!(covers("/api", "/api/mcp") && !covers("/api", "/mcp") && !covers("/mc", "/mcp"));
    }
}
