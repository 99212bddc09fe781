//! Django: an app whose settings are the names of a module of Python. Most of them are facts below `libraries/pypi`; here
//! stands what hangs on several settings at once.

mod front;
mod headers;
mod invalid;
mod middleware;
mod recognise;
mod stores;
mod users;

use crate::eval::{Because, How, Kind, Place, Step, Value};
use crate::libraries::django;
use crate::project::FileKind;
use crate::reading::bench::Reading;
use crate::reading::found::Framework;
use crate::reading::table::Reader;
use crate::reading::version::Versions;
use crate::settings::{proxy, runtime};
use crate::syntax::FileId;
use middleware::{SECURITY, has_middleware};

/// The variable that takes the guard against unsafe access from asynchronous code away, whatever text it holds.
const ASYNC_UNSAFE: &str = "DJANGO_ALLOW_ASYNC_UNSAFE";

/// Django, as of 6.1.
pub(super) static DJANGO: Framework = Framework {
    name: "django",
    title: "Django",
    packages: &["django"],
    known: Versions { since: Some((4, 2)), until: Some((7, 0)) },
    recognise: recognise::recognise,
    read,
    unasked: &[],
    speaks_for: &[],
    carried: false,
    tables: &[],
};

fn read(reading: &mut Reading<'_>) {
    let Some(_) = django::configure(reading) else {
        let trail = Step::start(reading.place(), How::Written);
        let nothing = Value::unknown(Because::MissingFile("the settings module".into()), &trail);
        return reading.source("DJANGO_SETTINGS_MODULE", &nothing, true);
    };
    let Some(config) = reading.facts.config.clone() else { return };
    headers::read(reading, &config);
    redirect(reading, &config);
    guard(reading);
    invalid::read(reading, &config);
    stores::read(reading, &config);
    users::read(reading, &config);
}

/// Whether the app sends plain http on to https. Without the middleware nothing does.
fn redirect(reading: &mut Reading<'_>, config: &Value) {
    let place = reading.place_of(config);
    let key = "SECURE_SSL_REDIRECT";
    let written = Reader::Truthy.apply(&config.field(key));
    let switched = written.or_default(&|absent| {
        let trail = Step::of(Place::Framework("SECURE_SSL_REDIRECT"), How::Default, vec![absent.trail.clone()]);
        Value::new(Kind::Bool(false), &trail)
    });
    let has = has_middleware(config, SECURITY);
    let redirects = has.each(&mut |has| match has.kind {
        Kind::Bool(true) => switched.clone(),
        Kind::Bool(false) => Value::new(Kind::Bool(false), &has.trail),
        _ => has.clone(),
    });
    let stated = |value| reading.stated(Kind::Bool(value), place);
    let header = config.field("SECURE_PROXY_SSL_HEADER");
    let reads = match header.kind {
        Kind::Absent | Kind::Null if is_told_by_server(reading) => Value::unknown(Because::Undecided, &header.trail),
        Kind::Absent => Value::new(
            Kind::Bool(false),
            &Step::of(Place::Framework("SECURE_PROXY_SSL_HEADER"), How::Default, vec![header.trail.clone()]),
        ),
        Kind::Null => Value::new(Kind::Bool(false), &header.trail),
        Kind::List { .. } => Value::new(Kind::Bool(true), &header.trail),
        _ => Value::unknown(Because::Undecided, &header.trail),
    };
    let resource = reading
        .resource(proxy::KIND, "the app", place)
        .set(proxy::fronted_by_operator, stated(front::is_operators(reading, key)))
        .set(proxy::serves_http, stated(true))
        .set(proxy::serves_tls, stated(true))
        .set_at(proxy::redirects_to_https, redirects, key)
        .written_at(proxy::redirects_to_https, config, key)
        .set_at(proxy::reads_scheme, reads, "SECURE_PROXY_SSL_HEADER")
        .with_fix(
            proxy::redirects_to_https,
            "Set `SECURE_SSL_REDIRECT` to `True`, and `SECURE_PROXY_SSL_HEADER` where a proxy ends TLS.",
        );
    reading.add(resource);
}

/// Words by which a server in front of the app is told from whom it takes the scheme.
const FORWARDED: &[&str] = &["forwarded-allow-ips", "forwarded_allow_ips", "FORWARDED_ALLOW_IPS"];

/// Whether something that starts the app says from whom its server takes the scheme: then the app is told it by the server.
fn is_told_by_server(reading: &Reading<'_>) -> bool {
    let project = reading.documents.project;
    let starts = |file: &FileId| {
        let own = project.file(*file);
        let name = own.name();
        matches!(own.kind, FileKind::Platform(_) | FileKind::EnvFile { .. })
            || name.ends_with(".sh")
            || name.contains("gunicorn")
            || name == "Procfile"
    };
    project.ids().filter(starts).any(|file| project.mentions(file, FORWARDED))
}

/// The guard against unsafe access from asynchronous code. Nobody sets its variable by accident: where none is seen it holds.
fn guard(reading: &mut Reading<'_>) {
    let value = reading.evaluator.variable(ASYNC_UNSAFE, reading.place());
    let holds = match &value.kind {
        Kind::Text(text) => text.is_empty(),
        Kind::Choice(..) => return,
        _ => true,
    };
    let place = reading.place_of(&value);
    let guarded = Value::new(Kind::Bool(holds), &value.trail);
    let resource = reading.resource(runtime::KIND, runtime::KIND.name, place);
    reading.add(resource.set_at(runtime::async_guard, guarded, ASYNC_UNSAFE));
}
