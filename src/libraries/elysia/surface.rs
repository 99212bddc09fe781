//! The host app's own routes: the headers and limits that stand before them, and its API description.

use crate::eval::{Because, Kind, Value};
use crate::libraries::elysia::{is_plugin, numbered};
use crate::platforms::adds_headers;
use crate::reading::bench::Reading;
use crate::reading::source::SourceFile;
use crate::settings::{openapi, rate_limit, response_headers};
use crate::syntax::Span;
use crate::syntax::code::{Expr, ExprKind, Property, visit};
use crate::text::Text;

/// Methods that add a route.
const ROUTES: &[&str] = &["get", "post", "put", "patch", "delete", "all", "route"];

/// Paths that only say whether the app lives.
const HEALTH: &[&str] = &["/health", "/healthz", "/ready", "/readyz", "/live", "/livez", "/ping", "/status", "/up"];

/// Response headers and the protection that each is.
const HEADERS: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "frame_protection"),
    ("content-security-policy", "content_policy"),
    ("referrer-policy", "referrer_policy"),
    ("permissions-policy", "permissions_policy"),
    ("strict-transport-security", "hsts"),
];

/// What stands before the host's routes, and what describes them.
pub(crate) fn read(reading: &mut Reading<'_>, files: &[SourceFile]) {
    descriptions(reading, files);
    let Some((file, span)) = files.iter().find_map(|file| Some((file, first_route(reading, file)?))) else { return };
    let place = file.place(span);
    let headers = headers(reading, files, &file.trail(span));
    let resource = reading
        .resource(response_headers::KIND, "the app's own routes", place)
        .set(response_headers::present_headers, headers);
    reading.add(resource);
    let limiter = files.iter().any(|file| !running(reading, file, &is_limiter).is_empty());
    let resource = reading
        .resource(rate_limit::KIND, "the app's own routes", place)
        .set(rate_limit::installed, reading.stated(Kind::Bool(limiter), place))
        .set(rate_limit::offered, reading.stated(Kind::Bool(true), place))
        .set(rate_limit::serves_requests, reading.stated(Kind::Bool(true), place));
    reading.add(resource);
}

fn running<'f>(
    reading: &Reading<'_>,
    file: &'f SourceFile,
    wanted: &dyn Fn(&str) -> bool,
) -> Vec<crate::reading::source::ImportedCall<'f>> {
    file.running_calls(reading, wanted)
}

fn is_limiter(module: &str) -> bool {
    module.contains("rate-limit") || module.contains("ratelimit")
}

fn is_helmet(module: &str) -> bool {
    module.contains("helmet") || module.contains("security-headers")
}

/// Where the first route stands that does more than say that the app lives.
fn first_route(reading: &Reading<'_>, file: &SourceFile) -> Option<Span> {
    let mut first: Option<Span> = None;
    visit(&file.module.body, &mut |expr, guards| {
        let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
        let ExprKind::Member { object, property, property_span, .. } = &callee.kind else { return };
        let path = arguments.first().map(|argument| &argument.value.kind);
        let Some(ExprKind::Text(path)) = path else { return };
        let is_path = path.test(|path| path.is_empty() || path.starts_with('/') || path == "*");
        let is_health = path.test(|path| HEALTH.iter().any(|health| path.trim_end_matches('/') == *health));
        if !ROUTES.contains(&&**property) || !is_path || is_health || arguments.len() < 2 || !is_app(object) {
            return;
        }
        let before = first.is_none_or(|first| property_span.start < first.start);
        if before && reading.evaluator.runs(file.id, guards) {
            first = Some(*property_span);
        }
    });
    first
}

/// Whether a chain of calls begins with something that can be an app, and not with a client: a literal `new Elysia`,
/// a parameter, or a name.
fn is_app(object: &Expr) -> bool {
    let mut object = object;
    loop {
        match &object.kind {
            ExprKind::Call { callee, is_new: true, .. } => {
                return matches!(&callee.kind, ExprKind::Name(name) if &**name == "Elysia");
            }
            ExprKind::Call { callee, is_new: false, .. } => object = callee,
            ExprKind::Member { object: inner, .. } => object = inner,
            ExprKind::Name(name) => {
                return !["axios", "client", "api", "treaty", "ky", "http", "fetch", "eden", "cache", "redis", "map"]
                    .contains(&&**name);
            }
            _ => return false,
        }
    }
}

/// The protections that the app's code or a plugin sends.
fn headers(reading: &Reading<'_>, files: &[SourceFile], trail: &crate::eval::Trail) -> Value {
    let mut present: Vec<&'static str> = Vec::new();
    for file in files {
        for call in running(reading, file, &is_helmet) {
            let options = file.argument(reading, call.expr, call.arguments, 0);
            let off = |key: &str| options.field(key).as_bool() == Some(false);
            present.extend(["nosniff", "referrer_policy", "permissions_policy"]);
            present.extend((!off("frameguard") && !off("xFrameOptions")).then_some("frame_protection"));
            present.extend((!off("contentSecurityPolicy") && !off("csp")).then_some("content_policy"));
        }
        visit(&file.module.body, &mut |expr, _| match &expr.kind {
            ExprKind::Text(text) => present.extend(protection(text)),
            ExprKind::Object(properties) => {
                for property in properties {
                    if let Property::Field { key, .. } = property {
                        present.extend(protection(&Text::new(key.clone())));
                    }
                }
            }
            _ => {}
        });
    }
    present.sort_unstable();
    present.dedup();
    let project = reading.documents.project;
    let at_edge = adds_headers(project, &["X-Content-Type-Options", "x-content-type-options"]);
    let items = present.into_iter().map(|word| Value::new(Kind::Text(Text::new(word)), trail)).collect();
    // What the proxy adds is not told apart by route here.
    let open = at_edge.then(|| Because::Undecided.into());
    Value::new(Kind::List { items, open }, trail)
}

fn protection(name: &Text) -> Option<&'static str> {
    let fits = |header: &str| name.test(|name| name.eq_ignore_ascii_case(header));
    HEADERS.iter().find(|(header, _)| fits(header)).map(|(_, word)| *word)
}

/// `openapi()` and its older name `swagger()`.
fn descriptions(reading: &mut Reading<'_>, files: &[SourceFile]) {
    let mut seen = 0;
    for file in files {
        let wanted = |module: &str| is_plugin(module, "openapi") || is_plugin(module, "swagger");
        for call in file.running_calls(reading, &wanted) {
            let options = file.argument(reading, call.expr, call.arguments, 0);
            let place = file.place(call.expr.span);
            let served = options.field("enabled").or_default(&|_| reading.stated(Kind::Bool(true), place));
            let resource = reading
                .resource(openapi::KIND, numbered(&call.name, seen), place)
                .set_at(openapi::served, served, "enabled")
                .set(openapi::protected, reading.stated(Kind::Bool(false), place));
            reading.add(resource);
            seen += 1;
        }
    }
}
