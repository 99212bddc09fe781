//! What a Bknd app serves and stores: CORS, MCP, media, its database, and the host its adapter is made for.

use crate::eval::{Because, How, Kind, Step, Value};
use crate::frameworks::bknd::{app::App, tables};
use crate::reading::bench::Reading;
use crate::reading::bench::SecretFacts;
use crate::reading::table::Reader;
use crate::settings::{cors, database, mcp_server, rate_limit, storage, upload};
use crate::syntax::code::Statement;
use crate::text::Text;
use std::sync::Arc;

pub(super) fn read(reading: &mut Reading<'_>, app: &App) {
    cross_origin(reading, app);
    mcp(reading, app);
    media(reading, app);
    connection(reading, app);
    limits(reading, app);
    if adapters(reading).iter().any(|adapter| matches!(&**adapter, "cloudflare" | "cloudflare/proxy" | "aws")) {
        reading.facts.marks.push(crate::reading::bench::SERVERLESS);
    }
}

/// Bknd limits nothing by itself: what stands in front of it has to.
fn limits(reading: &mut Reading<'_>, app: &App) {
    let place = reading.place_of(&app.root);
    let stated = |value| reading.stated(Kind::Bool(value), place);
    let resource = reading
        .resource(rate_limit::KIND, "api", place)
        .set(rate_limit::installed, stated(false))
        .set(rate_limit::offered, stated(false))
        .set(rate_limit::serves_requests, stated(true));
    reading.add(resource);
}

fn cross_origin(reading: &mut Reading<'_>, app: &App) {
    let place = reading.place_of(&app.root);
    // From 0.19 on `*` echoes the caller's origin; before, it is sent as it is and browsers refuse it with credentials.
    let effect = if reading.facts.at_least(0, 19) == Some(false) { "literal" } else { "reflected" };
    let resource = reading
        .table(cors::KIND, "server", tables::CORS, &app.root)
        .set(cors::wildcard_effect, reading.word(effect, place));
    reading.add(resource);
}

fn mcp(reading: &mut Reading<'_>, app: &App) {
    let place = reading.place_of(&app.root);
    let resource = reading.table(mcp_server::KIND, "mcp", tables::MCP, &app.root);
    let guarded = app.guard_on.join(&app.auth_on, &|guard, auth| match (guard, auth) {
        (Kind::Bool(true), Kind::Bool(true)) => Kind::Bool(true),
        (Kind::Bool(false), _) | (_, Kind::Bool(false)) => Kind::Bool(false),
        (Kind::Unknown(unknown), _) | (_, Kind::Unknown(unknown)) => Kind::Unknown(unknown.clone()),
        _ => Kind::Unknown(Because::Undecided.into()),
    });
    let open_role = holds_mcp(&app.root);
    let authentication = guarded.each(&mut |guarded| match guarded.kind {
        Kind::Bool(true) if !open_role => Value::new(Kind::Text(Text::new("some")), &guarded.trail),
        Kind::Bool(_) => Value::new(Kind::Text(Text::new("none")), &guarded.trail),
        _ => guarded.clone(),
    });
    let resource = resource.set(mcp_server::listens, reading.stated(Kind::Bool(true), place)).set_at(
        mcp_server::authentication,
        authentication,
        "config.auth.guard.enabled",
    );
    reading.add(resource);
}

/// Whether the default role may use MCP.
fn holds_mcp(root: &Value) -> bool {
    root.path("config.auth.roles").fields().iter().any(|(_, role)| {
        let is_default = role.field("is_default").as_bool() == Some(true);
        let all = role.field("implicit_allow").as_bool() == Some(true);
        let permissions = role.field("permissions");
        let named = permissions.as_list().unwrap_or_default().iter().any(|entry| {
            let name = if let Kind::Object { .. } = entry.kind { entry.field("permission") } else { entry.clone() };
            name.as_text().is_some_and(|text| text.is("system.mcp"))
        });
        is_default && (all || named)
    })
}

fn media(reading: &mut Reading<'_>, app: &App) {
    let media = app.root.path("config.media");
    let enabled = media.field("enabled").or_default(&|_| {
        Value::new(Kind::Bool(false), &Step::after(app.root.trail.place, How::Default, &app.root.trail))
    });
    let shown = if media.is_absent() { &app.root } else { &media };
    let place = reading.place_of(shown);
    let limit = Reader::Bytes.apply(&media.path("storage.body_max_size").or_default(&|_| media.field("body_max_size")));
    // Zero is no limit.
    let limit = limit.each(&mut |limit| match limit.kind {
        Kind::Number(number) if number <= 0.0 => Value::new(Kind::Absent, &limit.trail),
        Kind::Absent => Value::new(Kind::Absent, &shown.trail),
        _ => limit.clone(),
    });
    let resource = reading
        .resource(upload::KIND, "media", place)
        .set_at(upload::enabled, enabled.clone(), "config.media.enabled")
        .set_at(upload::max_size, limit, "config.media.storage.body_max_size")
        .written_at(upload::max_size, &app.root, "config.media.storage.body_max_size");
    reading.add(resource);
    let adapter = media.field("adapter");
    if adapter.is_absent() {
        return;
    }
    let kind = adapter.each(&mut |adapter| match adapter_type(adapter) {
        Some(word) => Value::new(Kind::Text(Text::new(word)), &adapter.trail),
        None if adapter.is_unknown() => adapter.clone(),
        None => Value::unknown(Because::Undecided, &adapter.trail),
    });
    let resource = reading
        .resource(storage::KIND, "media", reading.place_of(&adapter))
        .set_at(storage::kind, kind, "config.media.adapter")
        .set_at(storage::enabled, enabled, "config.media.enabled");
    reading.add(resource);
}

/// `{type: "local"}`, or what `registerLocalMediaAdapter()` gave, called with its options.
fn adapter_type(adapter: &Value) -> Option<&'static str> {
    if let Some(text) = adapter.field("type").as_text() {
        return Some(if text.is("local") { "local" } else { "cloud" });
    }
    match adapter.as_call()?.origin()?.1 {
        "registerLocalMediaAdapter" | "local" => Some("local"),
        "registerMedia" | "r2" | "s3" | "cloudinary" => Some("cloud"),
        _ => None,
    }
}

/// The adapters of Bknd that the app's entry imports, types included: they tell what it is deployed on.
fn adapters(reading: &Reading<'_>) -> Vec<Arc<str>> {
    let module = reading.found.entry.and_then(|entry| reading.documents.module_of(entry));
    let imports = module.iter().flat_map(|module| &module.body).filter_map(|statement| match statement {
        Statement::Import(import) => import.module.strip_prefix("bknd/adapter/").map(Arc::from),
        _ => None,
    });
    imports.collect()
}

fn connection(reading: &mut Reading<'_>, app: &App) {
    let written = app.root.field("connection");
    let binding = adapters(reading).iter().any(|adapter| adapter.starts_with("cloudflare"));
    let kind = written.each(&mut |connection| match &connection.kind {
        Kind::Absent | Kind::Null => {
            let word = match reading.facts.at_least(0, 19) {
                _ if binding => "server",
                Some(false) => "memory",
                _ => "local_file",
            };
            Value::new(Kind::Text(Text::new(word)), &Step::after(app.root.trail.place, How::Default, &app.root.trail))
        }
        _ => database_kind(connection),
    });
    let place = if written.is_absent() { reading.place_of(&app.root) } else { reading.place_of(&written) };
    let resource = reading.resource(database::KIND, "connection", place).set_at(database::kind, kind, "connection");
    reading.add(resource);
    let token = url_argument(&written).field("authToken");
    if !token.is_absent() && matches!(url_argument(&written).kind, Kind::Object { .. }) {
        reading.secret("connection.authToken", &token, SecretFacts::of("datastore"));
    }
    token_of_nobody(reading, &written);
}

/// On Node and Bun a plain connection opens SQLite of the runtime, which takes an address alone (`adapter/sqlite/node.ts`,
/// `adapter/sqlite/bun.ts`).
fn token_of_nobody(reading: &mut Reading<'_>, connection: &Value) {
    let adapters = adapters(reading);
    let is_native = |adapter: &Arc<str>| ["bun", "node"].contains(&&**adapter);
    if adapters.is_empty() || !adapters.iter().all(is_native) || connection.as_call().is_some() {
        return;
    }
    if let Some(token) = connection.written_at("authToken") {
        let instead = Some("libsql({ url, authToken })");
        reading.written_key("connection.authToken", &token, crate::reading::table::Effect::Ignored, instead);
    }
}

/// The object that holds the address: the connection itself, or the first argument of what made it, be it a client.
fn url_argument(connection: &Value) -> Value {
    let Some(call) = connection.as_call() else { return connection.clone() };
    let argument = call.argument(0, &connection.trail);
    match argument.as_call() {
        Some(client) if client.origin().is_some_and(|(_, path)| CLIENTS.contains(&path)) => {
            client.argument(0, &argument.trail)
        }
        _ => argument,
    }
}

/// Makers of database clients that a connection takes instead of an address.
const CLIENTS: &[&str] = &["createClient", "Client", "Pool"];

fn database_kind(connection: &Value) -> Value {
    let word = |word: &str, at: &Value| Value::new(Kind::Text(Text::new(word)), &at.trail);
    if let Some(call) = connection.as_call() {
        let name = call.origin().map_or("", |(_, path)| path.rsplit('.').next().unwrap_or(path));
        match name {
            "d1Sqlite"
            | "d1"
            | "postgres"
            | "pg"
            | "postgresJs"
            | "createCustomPostgresConnection"
            | "neon"
            | "xata"
            | "doSqlite" => return word("server", connection),
            "sqlite" | "nodeSqlite" | "bunSqlite" | "sqlocal" if call.arguments.is_empty() => {
                return word("memory", connection);
            }
            "sqlite" | "nodeSqlite" | "bunSqlite" | "libsql" => {}
            _ => return Value::unknown(crate::eval::call_reason(call), &connection.trail),
        }
    }
    let options = url_argument(connection);
    let url = if let Kind::Object { .. } = options.kind { options.field("url") } else { options };
    url.each(&mut |url| match &url.kind {
        // A blank text stands in for a variable that the host sets.
        Kind::Text(text) if text.is_blank() => Value::unknown(Because::Undecided, &url.trail),
        Kind::Text(text) => word(text_kind(text), url),
        Kind::Absent => Value::unknown(Because::Undecided, &connection.trail),
        _ => url.clone(),
    })
}

fn text_kind(url: &Text) -> &'static str {
    if url.test(|url| url == ":memory:" || url == "file::memory:" || url.contains("mode=memory")) {
        "memory"
    } else if url.test(|url| url.contains("://") && !url.starts_with("file:")) {
        "server"
    } else {
        "local_file"
    }
}
