//! Where a file adds the routes of an app, and which of them something that is mounted in it comes too late for.

use super::code::{self, is_export};
use super::library::{Host, Library};
use super::names::is_module;
use crate::eval::Place;
use crate::reading::bench::Reading;
use crate::syntax::code::{Argument, Expr, ExprKind, Module, UnaryOp, visit, visit_sites};
use crate::syntax::{FileId, Span};

/// Paths that only say whether the app lives, and how it does.
const HEALTH: &[&str] =
    &["/health", "/healthz", "/ready", "/readyz", "/live", "/livez", "/ping", "/status", "/up", "/metrics"];

/// Names that clients have, whose methods are called like those that add routes.
const CLIENTS: &[&str] = &[
    "axios", "client", "api", "treaty", "ky", "http", "fetch", "eden", "cache", "redis", "map", "session", "requests",
];

/// Names that an app has in a file that imports nothing of its host.
const APPS: &[&str] = &["app", "fastify", "server", "instance", "router"];

/// Parts of the paths where passwords and codes are tried.
const LOGINS: &[&str] =
    &["login", "signin", "sign-in", "auth", "register", "signup", "sign-up", "password", "otp", "token"];

/// Methods whose functions run once what was mounted before them is ready.
const LATER: &[&str] = &["register", "after", "ready", "then"];

/// The routes that a file adds: some at least.
pub(super) struct Routes {
    file: FileId,
    routes: Vec<Route>,
}

/// One route: from its method's name to the end of the call, so that its handlers lie in it.
struct Route {
    span: Span,
    name: Span,
    is_login: bool,
}

impl Routes {
    /// The routes that a file adds to an app of a host, in the order of the text: those that do more than say that the
    /// app lives. None where there are none.
    pub(super) fn of_file(reading: &Reading<'_>, library: &Library, file: FileId) -> Option<Routes> {
        let host = library.host.as_ref()?;
        let registry = library.id.split('/').next()?;
        if code::registry_of(reading.documents.project, file) != Some(registry) {
            return None;
        }
        let calls: Vec<String> = host.routes.iter().map(|route| format!(".{route}(")).collect();
        let decorators = host.decorators.iter().flat_map(|(_, names)| names).map(|name| format!("@{name}("));
        let words: Vec<String> = calls.into_iter().chain(decorators).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if !reading.documents.project.mentions(file, &words) {
            return None;
        }
        let module = reading.documents.module_of(file)?;
        let mut routes = decorated(reading, file, &module, host);
        routes.extend(called(reading, file, &module, (host, registry)));
        routes.sort_by_key(|route| route.span.start);
        (!routes.is_empty()).then_some(Routes { file, routes })
    }

    /// Where each stands, and whether somebody signs in there.
    pub(super) fn places(&self) -> impl Iterator<Item = (Place, bool)> + '_ {
        self.routes.iter().map(|route| (Place::File(self.file, route.name), route.is_login))
    }

    /// Where the first one stands.
    pub(super) fn first(&self) -> Place {
        self.routes.first().map_or(Place::File(self.file, Span::default()), |first| Place::File(self.file, first.name))
    }

    /// Whether the first one stands in the same file above something.
    pub(super) fn begin_before(&self, place: Place) -> bool {
        let first = self.routes.first();
        place
            .in_file()
            .is_some_and(|(file, span)| file == self.file && first.is_some_and(|first| span.start > first.span.start))
    }

    /// Whether what is mounted at a place comes too late for the routes of the same file that need it: the first one at
    /// which somebody signs in, else all of them. What `waits` is no earlier there than when it is awaited.
    pub(super) fn are_missed_by(&self, reading: &Reading<'_>, place: Place, waits: bool) -> bool {
        let Some((file, span)) = place.in_file() else { return false };
        let login = self.routes.iter().find(|route| route.is_login);
        let Some(route) = login.or(self.routes.last()).filter(|_| file == self.file) else { return false };
        if span.start > route.span.end {
            return true;
        }
        let first = login.or(self.routes.first()).unwrap_or(route);
        waits
            && span.end <= first.span.start
            && reading.documents.module_of(file).is_some_and(|module| !is_awaited(&module, span, first.span))
    }
}

/// The methods that a decorator makes routes.
fn decorated(reading: &Reading<'_>, file: FileId, module: &Module, host: &Host) -> Vec<Route> {
    let Some((from, names)) = &host.decorators else { return Vec::new() };
    let locals = code::locals(module, &|name| name == *from);
    let mut found = Vec::new();
    visit_sites(&module.body, &mut |expr, site| {
        let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
        let ExprKind::Name(name) = &callee.kind else { return };
        let is_one = locals.get(name).is_some_and(|(_, there)| names.contains(&&**there));
        if site.decorates.is_none() || !is_one || says_health(arguments) {
            return;
        }
        if reading.evaluator.runs(file, site.guards) {
            found.push(Route { span: expr.span, name: expr.span, is_login: is_login(arguments) });
        }
    });
    found
}

/// The routes that a method of an app adds.
fn called(reading: &Reading<'_>, file: FileId, module: &Module, (host, registry): (&Host, &str)) -> Vec<Route> {
    let is_meant = |name: &str| host.modules.iter().any(|own| is_module(registry, own, name));
    if host.routes.is_empty() {
        return Vec::new();
    }
    // A plugin of the project's own gets the app as a parameter, and imports nothing of the host.
    let imports = code::imported(module).iter().any(|name| is_meant(name));
    let can_be = |name: &str| if imports { !CLIENTS.contains(&name) } else { APPS.contains(&name) };
    let makers = code::locals(module, &is_meant);
    let makes = |callee: &Expr| match &callee.kind {
        ExprKind::Name(name) => makers
            .get(name)
            .is_some_and(|(module, name)| is_export(registry, &host.modules, &host.made_by, module, name)),
        _ => false,
    };
    let mut found = Vec::new();
    visit(&module.body, &mut |expr, guards| {
        let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
        let ExprKind::Member { object, property, property_span, .. } = &callee.kind else { return };
        let Some(ExprKind::Text(path)) = arguments.first().map(|argument| &argument.value.kind) else { return };
        let is_path = path.test(|path| path.is_empty() || path.starts_with('/') || path == "*");
        let last = arguments.last().map(|argument| &argument.value.kind);
        let is_function = matches!(last, Some(ExprKind::Function(_) | ExprKind::Name(_) | ExprKind::Member { .. }));
        let has_handler = registry == "pypi" || arguments.len() > 1 && (imports || is_function);
        let is_route = host.routes.contains(&&**property) && is_path && has_handler && !says_health(arguments);
        if is_route && is_app(object, &makes, &can_be) && reading.evaluator.runs(file, guards) {
            let span = Span::new(property_span.start, expr.span.end);
            found.push(Route { span, name: *property_span, is_login: is_login(arguments) });
        }
    });
    found
}

/// Whether a path only says whether the app lives.
pub(super) fn is_health(path: &str) -> bool {
    let path = path.trim_matches('/');
    HEALTH.iter().any(|own| path == own.trim_start_matches('/'))
}

/// Whether passwords and codes are tried at a path.
pub(crate) fn is_login_path(path: &str) -> bool {
    path.to_ascii_lowercase().split('/').any(|part| LOGINS.contains(&part))
}

fn says_health(arguments: &[Argument]) -> bool {
    let Some(ExprKind::Text(path)) = arguments.first().map(|argument| &argument.value.kind) else { return false };
    path.test(is_health)
}

fn is_login(arguments: &[Argument]) -> bool {
    let Some(ExprKind::Text(path)) = arguments.first().map(|argument| &argument.value.kind) else { return false };
    path.test(is_login_path)
}

/// Whether what stands at a place of a module is ready before a route below it is added: it, or something between the
/// two, is awaited, or the route is added by a function that runs later.
fn is_awaited(module: &Module, mounted: Span, route: Span) -> bool {
    let mut ready = false;
    visit(&module.body, &mut |expr, _| match &expr.kind {
        ExprKind::Unary(UnaryOp::Await, inner) => {
            ready |= inner.span.holds(mounted) || expr.span.start > mounted.end && expr.span.start < route.start;
        }
        ExprKind::Call { callee, arguments, .. } => {
            let ExprKind::Member { property, .. } = &callee.kind else { return };
            let inside = |argument: &Argument| {
                matches!(argument.value.kind, ExprKind::Function(_))
                    && argument.value.span.holds(route)
                    && !argument.value.span.holds(mounted)
            };
            ready |= LATER.contains(&&**property) && arguments.iter().any(inside);
        }
        _ => {}
    });
    ready
}

/// Whether a chain of calls begins with something that can be an app, and not with a client: the call that makes one, or
/// something whose name fits.
fn is_app(object: &Expr, makes: &dyn Fn(&Expr) -> bool, fits: &dyn Fn(&str) -> bool) -> bool {
    let mut object = object;
    loop {
        match &object.kind {
            ExprKind::Call { callee, .. } if makes(callee) => return true,
            ExprKind::Call { is_new: true, .. } => return false,
            ExprKind::Call { callee, is_new: false, .. } => object = callee,
            ExprKind::Member { object: inner, property, .. } if matches!(inner.kind, ExprKind::This) => {
                return fits(property);
            }
            ExprKind::Member { object: inner, .. } => object = inner,
            ExprKind::Name(name) => return fits(name),
            _ => return false,
        }
    }
}
