//! The server's hooks: CORS, CSRF, response headers, rate limits, logging.

use crate::eval::{Because, Kind, Place, Step, Value};
use crate::frameworks::beignet::app::App;
use crate::libraries::better_auth::SignsIn;
use crate::reading::bench::Reading;
use crate::reading::origins;
use crate::reading::table::at;
use crate::reading::table::{Plain, Preset, Reader, Row};
use crate::reading::uses;
use crate::settings::{cors, csrf, logging, rate_limit, response_headers};
use crate::text::Text;
use std::collections::BTreeMap;

const DOCUMENTS: &str = "https://beignetjs.com/docs/hooks";

/// The options of `createCorsHooks`.
pub(super) static CORS: &[Row] = &[
    Row {
        setting: cors::origins,
        places: &[at("origins"), at("origin"), at("allowedOrigins")],
        reader: Reader::Own(one_or_many),
        default: Preset::Undocumented,
        reference: DOCUMENTS,
    },
    Row {
        setting: cors::credentials,
        places: &[at("credentials"), at("allowCredentials")],
        reader: Reader::Truthy,
        default: Preset::Default(Plain::Bool(false)),
        reference: DOCUMENTS,
    },
];

/// One origin as a list of one; a function decides by itself.
fn one_or_many(value: &Value) -> Value {
    value.each(&mut |value| match &value.kind {
        Kind::Text(_) => Value::new(Kind::List { items: [value.clone()].into(), open: None }, &value.trail),
        _ => value.clone(),
    })
}

/// The hooks that the server has, each with whether production has it.
struct Hooks {
    list: Value,
    place: Place,
}

impl Hooks {
    fn of(reading: &Reading<'_>, app: &App) -> Hooks {
        let list = app.option(reading, "hooks");
        let place = match (&list.kind, &app.server) {
            (Kind::Absent | Kind::Unknown(_), Some(server)) => server.place,
            (Kind::Absent | Kind::Unknown(_), None) => reading.place(),
            _ => reading.place_of(&list),
        };
        Hooks { list, place }
    }

    /// Every call of a hook's factory among the hooks.
    fn calls(&self, name: &str) -> Vec<Value> {
        uses::inside(&self.list, name, 6)
    }

    /// Whether a hook is among them; unknown where the list cannot be seen whole.
    fn has(&self, app: &App, name: &str) -> Value {
        let stated = |kind| Value::new(kind, &Step::start(self.place, crate::eval::How::Derived));
        let is_called = app.calls_of(name).next().is_some();
        match &self.list.kind {
            Kind::List { items, open } => {
                let certain = items
                    .iter()
                    .any(|item| matches!(item.kind, Kind::Call(_)) && !uses::inside(item, name, 2).is_empty());
                let sometimes = items.iter().find(|item| !uses::inside(item, name, 6).is_empty());
                match (certain, sometimes) {
                    (true, _) => stated(Kind::Bool(true)),
                    (false, Some(item)) => {
                        item.each(&mut |arm| Value::new(Kind::Bool(!uses::inside(arm, name, 6).is_empty()), &arm.trail))
                    }
                    (false, None) if open.is_some() && is_called => stated(Kind::Bool(true)),
                    (false, None) => match (open, items.iter().find(|item| item.is_unknown())) {
                        (Some(open), _) => Value::new(Kind::Unknown(open.clone()), &self.list.trail),
                        (None, Some(unknown)) => unknown.clone().without_question(),
                        (None, None) => stated(Kind::Bool(false)),
                    },
                }
            }
            _ if is_called => stated(Kind::Bool(true)),
            Kind::Absent => stated(Kind::Bool(false)),
            Kind::Unknown(unknown) => Value::new(Kind::Unknown(unknown.clone()), &self.list.trail).without_question(),
            _ => Value::unknown(Because::Undecided, &stated(Kind::Absent).trail),
        }
    }
}

pub(super) fn read(reading: &mut Reading<'_>, app: &App, signs_in: Option<&SignsIn>) {
    if app.server.is_none() {
        return;
    }
    let hooks = Hooks::of(reading, app);
    let credentials = cross_origin(reading, app, &hooks);
    forged_requests(reading, app, &hooks, signs_in, credentials);
    limits(reading, app, &hooks);
    headers(reading, app, &hooks);
    logger(reading, app);
}

/// One policy for each CORS hook; gives whether one of them lets cookies travel.
fn cross_origin(reading: &mut Reading<'_>, app: &App, hooks: &Hooks) -> Vec<Value> {
    let mut options: Vec<(Value, Value)> = hooks
        .calls("createCorsHooks")
        .iter()
        .filter_map(|call| Some((call.as_call()?.argument(0, &call.trail), call.clone())))
        .collect();
    if options.is_empty() && !matches!(hooks.list.kind, Kind::List { open: None, .. }) {
        let sites = app.calls_of("createCorsHooks");
        options = sites.map(|site| (site.argument(0), site.argument(0))).collect();
    }
    let mut credentials = Vec::new();
    for (index, (options, call)) in options.iter().enumerate() {
        let name = if index == 0 { "server".to_owned() } else { format!("server {}", index + 1) };
        let options = &if options.is_absent() {
            Value::written(Kind::Object { fields: std::sync::Arc::new([]), open: None }, reading.place_of(call))
        } else {
            options.clone()
        };
        let origins = origins::asked(reading.evaluator, &CORS[0].read(options, &reading.facts));
        let key = ["origins", "origin", "allowedOrigins"].into_iter().find(|key| !options.field(key).is_absent());
        let resource = reading
            .table(cors::KIND, &name, CORS, options)
            .set_at(cors::origins, origins, key.unwrap_or("origins"))
            .set(cors::wildcard_effect, Value::unknown(Because::UndocumentedDefault, &options.trail));
        credentials.extend(resource.value(cors::credentials).cloned());
        reading.add(resource);
    }
    credentials
}

/// Whether cookies that sign requests in can be sent by other sites, and whether a hook checks for it.
fn forged_requests(
    reading: &mut Reading<'_>,
    app: &App,
    hooks: &Hooks,
    signs_in: Option<&SignsIn>,
    credentials: Vec<Value>,
) {
    let Some(signs_in) = signs_in else { return };
    let protection = hooks.has(app, "createCsrfHooks");
    let same_site = signs_in.same_site.clone();
    let cross_site = same_site.read(&|value| Kind::Bool(value.as_text().is_some_and(|text| text.is("none"))));
    let needed = credentials.iter().fold(cross_site, |needed, credentials| {
        needed.join(credentials, &|a, b| match (a, b) {
            (Kind::Bool(true), _) | (_, Kind::Bool(true)) => Kind::Bool(true),
            (Kind::Unknown(unknown), _) | (_, Kind::Unknown(unknown)) => Kind::Unknown(unknown.clone()),
            _ => Kind::Bool(false),
        })
    });
    let resource = reading
        .resource(csrf::KIND, "server", hooks.place)
        .set_at(csrf::protection, protection, "createCsrfHooks")
        .set(csrf::needed, needed)
        .set_at(csrf::same_site, same_site, "advanced.defaultCookieAttributes.sameSite");
    reading.add(resource);
}

/// The limiter: limits in a contract's metadata count only where the hook is installed.
fn limits(reading: &mut Reading<'_>, app: &App, hooks: &Hooks) {
    let place = hooks.place;
    let stated = |reading: &Reading<'_>, value| reading.stated(Kind::Bool(value), place);
    let mut resource = reading
        .resource(rate_limit::KIND, "server", place)
        .set_at(rate_limit::installed, hooks.has(app, "createRateLimitHooks"), "createRateLimitHooks")
        .set(rate_limit::offered, stated(reading, true))
        .set(rate_limit::serves_requests, stated(reading, true));
    let hook = hooks.calls("createRateLimitHooks").into_iter().next();
    let options = hook
        .and_then(|call| Some(call.as_call()?.argument(0, &call.trail)))
        .or_else(|| app.calls_of("createRateLimitHooks").next().map(|site| site.argument(0)));
    if let Some(options) = options {
        let source = options.field("ipSource");
        if !source.is_absent() {
            resource = resource.set_at(rate_limit::ip_source, ip_source(&source), "ipSource");
        }
        if let Some(store) = crate::frameworks::beignet::providers::limiter_store(reading, app) {
            resource = resource.set_at(rate_limit::store, store, "rate limit provider");
        }
    }
    reading.add(resource);
}

fn ip_source(source: &Value) -> Value {
    source.each(&mut |source| {
        let word = match source.as_text() {
            Some(text) if text.test(|text| text.contains("first")) => "client_header",
            Some(text) if text.test(|text| ["socket", "remote-address", "none"].contains(&text)) => "socket",
            Some(text)
                if text.test(|text| text.contains("last") || text.contains("real-ip") || text.contains("vercel")) =>
            {
                "trusted_hop"
            }
            _ => return Value::unknown(Because::Undecided, &source.trail),
        };
        Value::new(Kind::Text(Text::new(word)), &source.trail)
    })
}

/// What the contract routes send; other places that set headers count too.
fn headers(reading: &mut Reading<'_>, app: &App, hooks: &Hooks) {
    let elsewhere = crate::libraries::next::headers(reading);
    let by_hook = hooks.has(app, "createSecurityHeadersHooks");
    let all = ["nosniff", "frame_protection", "content_policy", "referrer_policy"];
    let list = |words: &[&str], trail: &crate::eval::Trail| {
        let items = words.iter().map(|word| Value::new(Kind::Text(Text::new(*word)), trail)).collect();
        Value::new(Kind::List { items, open: None }, trail)
    };
    let present = by_hook.each(&mut |installed| match (&installed.kind, &elsewhere.kind) {
        (Kind::Bool(true), _) => list(&all, &installed.trail),
        (_, Kind::List { items, .. }) if !items.is_empty() => elsewhere.clone(),
        (_, Kind::Unknown(_)) => elsewhere.clone(),
        (Kind::Bool(false), _) if hooks.list.is_absent() => {
            // Nobody wrote anything about headers: what is missing is the framework's default.
            list(&[], &Step::start(hooks.place, crate::eval::How::Default))
        }
        (Kind::Bool(false), _) => list(&[], &installed.trail),
        _ => installed.clone(),
    });
    let place = if elsewhere.as_list().is_some_and(|items| !items.is_empty()) {
        reading.place_of(&elsewhere)
    } else {
        hooks.place
    };
    let resource = reading.resource(response_headers::KIND, "the server", place).set_at(
        response_headers::present_headers,
        present,
        "createSecurityHeadersHooks",
    );
    reading.add(resource);
}

/// Pino's level and format, where the provider is used, and what is logged as it came.
fn logger(reading: &mut Reading<'_>, app: &App) {
    let place = hooks_place(reading, app);
    let mut resource = reading.resource(logging::KIND, "logger", place);
    let pino = crate::frameworks::beignet::providers::is_imported(reading, app, "@beignet/provider-logger-pino");
    if pino {
        let options = app.calls.iter().find(|call| call.export.contains("Pino")).map(|call| call.argument(0));
        let written = |key: &str| options.as_ref().map(|options| options.field(key)).filter(|value| !value.is_absent());
        let level = written("level").unwrap_or_else(|| reading.evaluator.variable("LOG_LEVEL", place));
        let format = written("format").unwrap_or_else(|| reading.evaluator.variable("LOG_FORMAT", place));
        if level
            .as_text()
            .is_some_and(|text| text.one_of(&["trace", "debug", "info", "warn", "error", "fatal", "silent"]).is_some())
        {
            resource = resource.set_at(logging::level, level, "LOG_LEVEL");
        }
        if format.as_text().is_some() {
            let is_pretty = format.read(&|format| Kind::Bool(format.as_text().is_some_and(|text| text.is("pretty"))));
            resource = resource.set_at(logging::development_format, is_pretty, "LOG_FORMAT");
        }
    }
    reading.add(resource);
    raw_records(reading, app);
}

/// What is logged as it came, each thing where it is logged.
fn raw_records(reading: &mut Reading<'_>, app: &App) {
    let raw = crate::libraries::logs::raw_fields(reading, &app.files, &["redactHeaders", "redactValue", "redact"]);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for field in raw {
        let Some((file, _)) = field.trail.primary() else { continue };
        let what = field.as_text().map(Text::as_name).unwrap_or_default();
        let name = format!("records of {} ({what})", reading.documents.project.file(file).path);
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        let name = if *count == 1 { name } else { format!("{name} {count}") };
        let place = reading.place_of(&field);
        let list = Value::new(Kind::List { items: [field.clone()].into(), open: None }, &field.trail);
        let resource = reading.resource(logging::KIND, name, place).set_at(logging::raw_fields, list, "redactHeaders");
        reading.add(resource);
    }
}

fn hooks_place(reading: &Reading<'_>, app: &App) -> Place {
    app.server.as_ref().map_or_else(|| reading.place(), |server| server.place)
}
