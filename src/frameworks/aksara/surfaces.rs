//! What Aksara itself serves: the admin, Studio, the AI console, MCP, and what hangs on tenants.

use crate::eval::{How, Kind, Step, Value};
use crate::frameworks::aksara::fields::field;
use crate::frameworks::aksara::logic::{all, any, or_false};
use crate::frameworks::aksara::{app::App, tables};
use crate::reading::bench::Reading;
use crate::reading::table::Reader;
use crate::settings::{ai_surface, cookie, cors, csrf, debug, devtools, mcp_server, rate_limit, runtime, tenancy};
use crate::text::Text;

/// How a field is kept from agents, and how the review is confirmed.
const MARK_FIELDS: &str = "Give each field that agents must not write `ai_agent_writable=False` or `ai_sensitive=True`, then \
                           set `AKSARA_AI_WRITABLE_FIELDS_REVIEWED=true`; or turn {key} off.";

pub(super) fn read(reading: &mut Reading<'_>, app: &App) {
    admin(reading, app);
    studio(reading, app);
    console(reading, app);
    attested_cors(reading, app);
    tenants(reading, app);
    mcp(reading, app);
    agents(reading, app);
    environment_name(reading);
}

fn admin(reading: &mut Reading<'_>, app: &App) {
    let place = reading.place();
    let resource = app
        .table(reading, debug::KIND, "settings", tables::DEBUG)
        .set(debug::effect, reading.word("application", place));
    reading.add(resource);
    let resource = app
        .table(reading, cookie::KIND, "admin session", tables::COOKIE)
        .set(cookie::purpose, reading.word("admin", place));
    reading.add(resource);
    let resource = app.table(reading, csrf::KIND, "admin", tables::CSRF);
    let protection = resource.value(csrf::protection).cloned().unwrap_or_else(|| app.root.clone());
    let switched_off = crate::frameworks::aksara::logic::not(&protection);
    let resource =
        resource.set(csrf::switched_off, switched_off).set(csrf::needed, reading.stated(Kind::Bool(true), place));
    reading.add(resource);
    let resource = app.table(reading, rate_limit::KIND, "admin", tables::RATE_LIMIT);
    reading.add(resource);
}

/// A switch of the settings as the program left it.
fn switch(reading: &Reading<'_>, app: &App, keyword: &str) -> Value {
    let field = field(keyword).expect("internal error: a field of the settings");
    let configured = app.root.field(&format!("configure({keyword})"));
    let value = configured.or_default(&|_| app.settings.by_environment(reading.evaluator, field));
    let default = field.default.is_some_and(|default| default == crate::reading::table::Plain::Bool(true));
    value.or_default(&|absent| {
        Value::new(Kind::Bool(default), &Step::after(absent.trail.place, How::Default, &absent.trail))
    })
}

fn studio(reading: &mut Reading<'_>, app: &App) {
    let on = switch(reading, app, "enable_studio");
    let exposed = switch(reading, app, "studio_expose_in_production");
    let mut mounting: Vec<Value> = vec![exposed];
    mounting.extend(app.apps.iter().map(|made| made.debug.clone()));
    let mounted = any(&mounting.iter().collect::<Vec<_>>());
    let enabled = all(&[&on, &mounted]);
    let resource = app.table(reading, devtools::KIND, "Studio", tables::STUDIO);
    let key = if app.root.field("configure(enable_studio)").is_absent() {
        "AKSARA_ENABLE_STUDIO"
    } else {
        "configure(enable_studio)"
    };
    let resource = resource.set_at(devtools::enabled, enabled, key);
    reading.add(reading.of_feature(resource, &on));
}

fn console(reading: &mut Reading<'_>, app: &App) {
    let resource = app.table(reading, devtools::KIND, "AI console", tables::CONSOLE);
    let on = attested(app, "AKSARA_AI_CONSOLE_ENABLED");
    reading.add(reading.of_feature(resource, &on));
}

/// CORS as it is attested in variables, and the origins that Studio lets in.
fn attested_cors(reading: &mut Reading<'_>, app: &App) {
    let place = reading.place();
    let all_origins = attested(app, "CORS_ALLOW_ALL_ORIGINS");
    let studio = studio_origins(reading, app);
    let wildcard = any(&[&all_origins, &studio]);
    let key = if matches!(studio.kind, Kind::Bool(true)) {
        let configured = !app.root.field("configure(studio_allowed_origins)").is_absent();
        if configured { "configure(studio_allowed_origins)" } else { "AKSARA_STUDIO_ALLOWED_ORIGINS" }
    } else {
        "CORS_ALLOW_ALL_ORIGINS"
    };
    let origins = wildcard.each(&mut |wildcard| {
        // What an env file falls back to is what it says: the switch itself is no fallback.
        let how = if key.starts_with("configure") { How::Written } else { How::Sets { variable: key.into() } };
        let trail = Step::start(reading.place_of(wildcard), how);
        let star = Value::new(Kind::Text(Text::new("*")), &trail);
        let items: Vec<Value> = match wildcard.kind {
            Kind::Bool(true) => vec![star],
            Kind::Bool(false) | Kind::Absent => Vec::new(),
            _ => return wildcard.clone(),
        };
        Value::new(Kind::List { items: items.into(), open: None }, &trail)
    });
    let resource = reading
        .resource(cors::KIND, "attested", place)
        .set_at(cors::origins, origins, key)
        .set_at(cors::credentials, attested(app, "CORS_ALLOW_CREDENTIALS"), "CORS_ALLOW_CREDENTIALS")
        .set(cors::wildcard_effect, reading.word("literal", place));
    reading.add(resource);
}

/// Whether Studio lets every origin in: `*` among them, or none at all, which is no restriction.
fn studio_origins(reading: &Reading<'_>, app: &App) -> Value {
    let field = field("studio_allowed_origins").expect("internal error: a field of the settings");
    let written = app.root.field("configure(studio_allowed_origins)");
    let value = written.or_default(&|_| app.settings.by_environment(reading.evaluator, field));
    value.each(&mut |value| {
        let is_open = match &value.kind {
            Kind::Absent => false,
            Kind::List { items, open: None } => {
                items.is_empty() || items.iter().any(|item| item.as_text().is_some_and(|text| text.is("*")))
            }
            // `"*" in text`
            Kind::Text(text) => text.test(|text| text.contains('*')),
            _ => return value.clone(),
        };
        Value::new(Kind::Bool(is_open), &value.trail)
    })
}

/// A variable as the checks read it; off where nothing sets it.
fn attested(app: &App, name: &str) -> Value {
    or_false(&crate::frameworks::aksara::parsers::Parser::Attested.read(&app.root.field(name)))
}

/// A variable as the checks read it; unknown where only the host can set it.
fn attested_or_absent(app: &App, name: &str) -> Value {
    crate::frameworks::aksara::parsers::Parser::Attested.read(&app.root.field(name))
}

fn tenants(reading: &mut Reading<'_>, app: &App) {
    let declared = any(&[&attested(app, "AKSARA_MULTI_TENANT"), &attested(app, "AKSARA_TENANCY_ENABLED")]);
    let mut ways = vec![declared];
    ways.extend(app.models.tenants.clone());
    ways.extend(app.tenants.clone());
    ways.rotate_left(1);
    let multi_tenant = any(&ways.iter().collect::<Vec<_>>());
    let secured =
        any(&[&attested_or_absent(app, "AKSARA_RLS_ENABLED"), &attested_or_absent(app, "AKSARA_REQUIRE_RLS")]);
    let resource = app
        .table(reading, tenancy::KIND, "tenancy", tables::TENANCY)
        .set_at(tenancy::multi_tenant, multi_tenant, "AKSARA_MULTI_TENANT")
        .set_at(tenancy::row_level_security, secured, "AKSARA_RLS_ENABLED");
    let on = resource.value(tenancy::multi_tenant).cloned().unwrap_or_else(|| app.root.clone());
    reading.add(reading.of_feature(resource, &on));
}

fn mcp(reading: &mut Reading<'_>, app: &App) {
    let place = reading.place();
    let resource = app.table(reading, mcp_server::KIND, "mcp", tables::MCP);
    let token = resource.value(mcp_server::agent_token).cloned().unwrap_or_else(|| app.root.clone());
    // Any text that is not empty lets a caller in who knows it.
    let has_token = Reader::Truthy.apply(&token);
    let demanded = attested_or_absent(app, "AKSARA_MCP_REQUIRE_AUTH");
    let scoped = attested_or_absent(app, "AKSARA_MCP_REQUIRE_SCOPED_TOKENS");
    let some = any(&[&has_token, &demanded, &scoped]);
    let authentication = some.each(&mut |some| match some.kind {
        Kind::Bool(true) => Value::new(Kind::Text(Text::new("some")), &some.trail),
        Kind::Bool(false) | Kind::Absent | Kind::Null => Value::new(Kind::Text(Text::new("none")), &some.trail),
        _ => some.clone().without_question(),
    });
    // An empty token is none, and not a weak one.
    let token = token.each(&mut |token| match &token.kind {
        Kind::Text(text) if text.is_empty() => Value::new(Kind::Absent, &token.trail),
        _ => token.clone(),
    });
    let token_key =
        resource.spot(mcp_server::agent_token).map_or("AKSARA_AI_AGENT_TOKEN".into(), |spot| spot.key.clone());
    let resource = resource
        .set(mcp_server::listens, reading.stated(Kind::Bool(true), place))
        .set_at(mcp_server::authentication, authentication, "AKSARA_AI_AGENT_TOKEN")
        .set_at(mcp_server::agent_token, token, token_key);
    let on = switch(reading, app, "mcp_enabled");
    reading.add(reading.of_feature(resource, &on));
}

fn agents(reading: &mut Reading<'_>, app: &App) {
    let ai = switch(reading, app, "ai_enabled");
    let mcp = switch(reading, app, "mcp_enabled");
    let console = attested(app, "AKSARA_AI_CONSOLE_ENABLED");
    let enabled = any(&[&ai, &mcp, &console]);
    let name = |keyword: &str, variable: &'static str| {
        let key = format!("configure({keyword})");
        if app.root.field(&key).is_absent() { variable.to_owned() } else { key }
    };
    let on = |value: &Value| matches!(value.kind, Kind::Bool(true));
    let key = if on(&ai) {
        name("ai_enabled", "AKSARA_AI_ENABLED")
    } else if on(&mcp) || !on(&console) {
        name("mcp_enabled", "AKSARA_MCP_ENABLED")
    } else {
        "AKSARA_AI_CONSOLE_ENABLED".to_owned()
    };
    let resource = app
        .table(reading, ai_surface::KIND, "agents", tables::AI)
        .set_at(ai_surface::enabled, enabled, key)
        .set(ai_surface::writable_fields, app.models.writable(reading))
        .with_fix(ai_surface::enabled, MARK_FIELDS);
    let on = [&ai, &mcp, &console].into_iter().find(|switch| on(switch)).unwrap_or(&mcp).clone();
    reading.add(reading.of_feature(resource, &on));
}

/// The name of the environment matters where the project's own code asks for it: Aksara does not.
fn environment_name(reading: &mut Reading<'_>) {
    let place = reading.place();
    let mut resource = reading.resource(runtime::KIND, "app", place);
    let asked = reading.evaluator.variables_read().iter().any(|read| &*read.variable == "AKSARA_ENV");
    let value = reading.evaluator.peek("AKSARA_ENV", place);
    if asked && value.as_text().is_some_and(|text| !text.is_blank()) {
        resource = resource.set_at(runtime::environment_name, value, "AKSARA_ENV");
    }
    reading.add(resource);
}
