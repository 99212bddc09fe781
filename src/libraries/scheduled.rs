//! Scheduled routes of Next.js apps: what guards those written by hand, and who calls them.

use crate::eval::{Answer, Because, Guard, Kind, Place, Value};
use crate::libraries::middleware;
use crate::libraries::routes;
use crate::libraries::routes::RouteFile;
use crate::project::inside;
use crate::reading::bench::Reading;
use crate::settings::{cron_route, cron_schedule};
use crate::syntax::FileId;
use crate::syntax::code::{ExprKind, Module, Pattern, Statement};
use crate::syntax::data::{Format, Node};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Packages whose routes prove their callers by a signature of their own.
const SIGNED: &[&str] = &["inngest", "@upstash/qstash", "@upstash/workflow", "@trigger.dev/"];

/// The name under which Vercel sends the secret by itself.
/// <https://vercel.com/docs/cron-jobs/manage-cron-jobs#securing-cron-jobs>
const SENT_BY_VERCEL: &str = "CRON_SECRET";

/// What the routes compare with: by their addresses, the variable.
pub(crate) type Secrets = BTreeMap<Arc<str>, Option<Arc<str>>>;

/// Routes that a framework made, with the variable that each compares with, and the files they stand in.
#[derive(Default)]
pub(crate) struct Made {
    /// By address.
    pub(crate) secrets: Secrets,
    /// The files.
    pub(crate) files: Vec<FileId>,
}

/// The scheduled routes that no framework made, and every schedule that calls a route.
pub(crate) fn read(reading: &mut Reading<'_>, all: &[RouteFile], made: Made) {
    let Made { mut secrets, files } = made;
    let schedules = schedules(reading);
    for route in all {
        let is_scheduled =
            schedules.iter().any(|(path, _)| routes::answers(&route.path, path) && !route.path.contains("[[..."));
        let is_cron = route.path.split('/').any(|part| part == "cron" || part == "crons");
        if (is_cron || is_scheduled)
            && !files.contains(&route.file)
            && let Some(variable) = by_hand(reading, route)
        {
            secrets.insert(route.path.clone(), variable);
        }
    }
    for (path, place) in &schedules {
        schedule(reading, all, path, *place, &secrets);
    }
}

/// A route with a handler of its own; none where it is no such route (signed by its package, made elsewhere).
fn by_hand(reading: &mut Reading<'_>, route: &RouteFile) -> Option<Option<Arc<str>>> {
    let module = reading.documents.module_of(route.file)?;
    let signed = module.body.iter().any(|statement| match statement {
        Statement::Import(import) => SIGNED.iter().any(|package| crate::reading::uses::is_of(&import.module, package)),
        _ => false,
    });
    let names = routes::exported_names(&module);
    let mut methods: Vec<&str> =
        names.iter().filter_map(|name| ["GET", "POST", "PUT"].into_iter().find(|method| **method == **name)).collect();
    // Under `pages/` one handler answers every method.
    let in_pages = methods.is_empty() && !reading.documents.project.file(route.file).name().starts_with("route.");
    methods.extend(in_pages.then_some("default"));
    let does_nothing = |method: &&str| reading.evaluator.only_answers(&reading.evaluator.export(route.file, method));
    if signed || methods.is_empty() || methods.iter().all(does_nothing) {
        return None;
    }
    let arguments = ["request", "response"];
    let tried: Vec<_> = methods
        .iter()
        .map(|method| {
            reading.evaluator.guard(&|evaluator| evaluator.export(route.file, method), &arguments, Answer::Response)
        })
        .collect();
    let worst = [Some(Guard::Nothing), Some(Guard::FailsOpen), None, Some(Guard::Compares)]
        .into_iter()
        .find(|wanted| tried.iter().any(|guarded| guarded.guard == *wanted))?;
    let exported = reading.evaluator.export(route.file, methods[0]);
    let place = reading.place_of(&exported);
    let place = if place.in_file().is_some_and(|(file, _)| file == route.file) {
        place
    } else {
        Place::File(route.file, Default::default())
    };
    // Where the handler does not refuse by itself, something in front of the route can do it.
    let in_front = match worst {
        Some(Guard::Compares) => None,
        _ => middleware::in_front_of(reading, &route.path),
    };
    let guard = match (worst, in_front.as_ref().map(|front| (front.guarded.guard, front.place))) {
        (Some(Guard::Compares), _) => reading.word("compares", place),
        (_, Some((Some(Guard::Compares), front))) => reading.word("compares", front),
        (_, Some((Some(Guard::FailsOpen), front))) => reading.word("fails_open", front),
        (_, Some((None, front))) => Value::unknown(Because::Undecided, &reading.word("none", front).trail),
        (Some(Guard::FailsOpen), _) => reading.word("fails_open", place),
        (Some(Guard::Nothing), _) => reading.word("none", place),
        (None, _) => {
            let because = wrapper(&module, methods[0]).map_or(Because::Undecided, Because::Call);
            Value::unknown(because, &reading.word("none", place).trail)
        }
    };
    let tried = tried.iter().chain(in_front.iter().map(|front| &front.guarded));
    let compared = tried.flat_map(|guarded| &guarded.compared).find_map(|value| reading.variable_of(value));
    let secret = compared.as_ref().map(|variable| {
        let declared =
            reading.evaluator.declared_variables().into_iter().find(|declared| declared.variable == *variable);
        declared.map_or_else(|| reading.evaluator.variable(variable, place), |declared| declared.value)
    });
    let key = compared.clone().unwrap_or_else(|| "Authorization".into());
    add(reading, &route.path, place, guard, secret, &key);
    Some(compared)
}

/// The function around a handler, which says for all of its routes at once who gets in: `export const POST = withCron(..)`.
fn wrapper(module: &Module, method: &str) -> Option<Arc<str>> {
    module.body.iter().find_map(|statement| {
        let Statement::Declare { pattern: Pattern::Name(name, _), value: Some(value), .. } = statement else {
            return None;
        };
        match (&value.kind, &**name == method) {
            (ExprKind::Call { callee, .. }, true) => match &callee.kind {
                ExprKind::Name(wrapper) => Some(wrapper.clone()),
                _ => None,
            },
            _ => None,
        }
    })
}

/// One scheduled route: what guards it, and the secret it compares with.
pub(crate) fn add(
    reading: &mut Reading<'_>,
    path: &Arc<str>,
    place: Place,
    guard: Value,
    secret: Option<Value>,
    key: &str,
) {
    let mut resource = reading.resource(cron_route::KIND, path.clone(), place).set_at(cron_route::guard, guard, key);
    if let Some(secret) = secret {
        let variable = reading.variable_of(&secret);
        let is_set = match &variable {
            Some(variable) => reading.environment.is_set(variable) == Some(true),
            None => secret.as_text().is_some(),
        };
        let declared = reading.declaration_of(&secret);
        let spot = variable.unwrap_or_else(|| key.into());
        resource = resource
            .set_at(cron_route::secret, secret, spot)
            .set(cron_route::secret_known_set, reading.stated(Kind::Bool(is_set), place))
            .set(cron_route::in_schema, reading.stated(Kind::Bool(declared.is_some()), place));
        if let Some(declared) = declared {
            resource = resource
                .set_at(cron_route::schema_min_length, reading.schema_min_length(&declared), declared.variable.clone())
                .set_at(cron_route::schema_optional, reading.schema_optional(&declared), declared.variable.clone());
        }
    } else {
        resource = resource.set(cron_route::secret_known_set, reading.stated(Kind::Bool(false), place));
    }
    reading.add(resource);
}

/// The addresses that Vercel calls on a schedule.
fn schedules(reading: &Reading<'_>) -> Vec<(Arc<str>, Place)> {
    let Some(file) = vercel_file(reading) else { return Vec::new() };
    let Some(document) = reading.documents.data_of(file, Format::Json) else { return Vec::new() };
    let crons = document.root().get("crons").map_or(&[][..], Node::items);
    let path = |cron: &Node| {
        let path = cron.get("path")?;
        Some((path.text()?.as_name(), Place::File(file, path.span)))
    };
    crons.iter().filter_map(path).collect()
}

fn vercel_file(reading: &Reading<'_>) -> Option<FileId> {
    let project = reading.documents.project;
    project.find(&inside(&reading.found.root, "vercel.json"))
}

fn schedule(reading: &mut Reading<'_>, all: &[RouteFile], path: &Arc<str>, place: Place, secrets: &Secrets) {
    if reading.environment.target.as_ref().is_some_and(|target| target.nature.name != "Vercel") {
        return;
    }
    let found =
        all.iter().filter(|route| routes::answers(&route.path, path)).min_by_key(|route| route.path.contains('['));
    let exists = match found {
        Some(_) => reading.stated(Kind::Bool(true), place),
        None if rewrites(reading) => Value::unknown(Because::Undecided, &reading.stated(Kind::Absent, place).trail),
        None => reading.stated(Kind::Bool(false), place),
    };
    let mut resource = reading
        .resource(cron_schedule::KIND, path.clone(), place)
        .set_at(cron_schedule::route_exists, exists, "crons[].path")
        .set(cron_schedule::is_http, reading.stated(Kind::Bool(true), place));
    if let Some(Some(variable)) = found.and_then(|route| secrets.get(&route.path)) {
        let sends = reading.stated(Kind::Bool(&**variable == SENT_BY_VERCEL), place);
        resource = resource.set_at(cron_schedule::sends_secret, sends, variable.clone());
    }
    reading.add(resource);
}

/// Whether addresses are rewritten before a route is looked for.
fn rewrites(reading: &Reading<'_>) -> bool {
    let names = ["next.config.ts", "next.config.js", "next.config.mjs", "middleware.ts", "proxy.ts"];
    let project = reading.documents.project;
    let by_code = names
        .iter()
        .filter_map(|name| routes::file_named(reading, &[name]))
        .any(|file| project.mentions(file, &["rewrite"]));
    by_code || vercel_file(reading).is_some_and(|file| project.mentions(file, &["\"rewrites\"", "\"routes\""]))
}
