//! Providers: the variables that each reads by itself, whether it is handed to the server, where files and counters
//! lie, and loops that providers start.

use crate::eval::{Because, How, Kind, Place, Step, Use, Value};
use crate::frameworks::beignet::app::App;
use crate::reading::bench::SecretFacts;
use crate::reading::bench::{Needed, Reading};
use crate::reading::uses;
use crate::settings::{background_loop, provider, storage};
use crate::syntax::Span;
use crate::syntax::code::Statement;
use crate::text::Text;
use std::sync::Arc;

/// A first-party provider package.
struct Package {
    /// Its name without the scope.
    name: &'static str,
    /// The variables that it cannot do without, each with the options that give the value instead.
    needs: &'static [(&'static str, &'static [&'static str])],
    /// Where files or counters lie, for those that keep some.
    keeps: Option<(Keeps, bool)>,
}

/// What a provider keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keeps {
    Files,
    Counters,
}

/// As each provider's README says.
const PACKAGES: &[Package] = &[
    Package { name: "provider-auth-better-auth", needs: &[], keeps: None },
    Package { name: "provider-db-drizzle", needs: &[], keeps: None },
    Package { name: "provider-redis", needs: &[("REDIS_URL", &["url", "client"])], keeps: None },
    Package {
        name: "provider-rate-limit-upstash",
        needs: &[
            ("UPSTASH_REDIS_REST_URL", &["url", "redis", "client"]),
            ("UPSTASH_REDIS_REST_TOKEN", &["token", "redis", "client"]),
        ],
        keeps: Some((Keeps::Counters, false)),
    },
    Package { name: "provider-rate-limit-redis", needs: &[], keeps: Some((Keeps::Counters, false)) },
    Package { name: "provider-rate-limit-memory", needs: &[], keeps: Some((Keeps::Counters, true)) },
    Package {
        name: "provider-storage-s3",
        needs: &[("STORAGE_S3_BUCKET", &["bucket"])],
        keeps: Some((Keeps::Files, false)),
    },
    Package {
        name: "provider-storage-vercel-blob",
        needs: &[("BLOB_READ_WRITE_TOKEN", &["token"])],
        keeps: Some((Keeps::Files, false)),
    },
    Package { name: "provider-storage-local", needs: &[], keeps: Some((Keeps::Files, true)) },
    Package {
        name: "provider-mail-resend",
        needs: &[("RESEND_API_KEY", &["apiKey"]), ("RESEND_FROM", &["from"])],
        keeps: None,
    },
    Package {
        name: "provider-mail-smtp",
        needs: &[
            ("MAIL_HOST", &["host", "transport"]),
            ("MAIL_PORT", &["port", "transport"]),
            ("MAIL_USER", &["user", "auth", "transport"]),
            ("MAIL_PASS", &["pass", "password", "auth", "transport"]),
            ("MAIL_FROM", &["from"]),
        ],
        keeps: None,
    },
    Package { name: "provider-inngest", needs: &[("INNGEST_EVENT_KEY", &["eventKey", "client"])], keeps: None },
    Package {
        name: "provider-payments-stripe",
        needs: &[
            ("STRIPE_SECRET_KEY", &["secretKey", "apiKey", "client"]),
            ("STRIPE_WEBHOOK_SECRET", &["webhookSecret"]),
        ],
        keeps: None,
    },
];

/// The database provider's variables hang on the dialect that is imported.
const DATABASES: &[(&str, &str, &[&str])] =
    &[("@beignet/provider-db-drizzle/sqlite", "SQLITE_DB_URL", &["client", "url", "databaseUrl", "db"])];

/// Providers whose variable no documentation names: the module, what its name ends in, the usual name, and the options
/// that give the value instead.
const UNNAMED: &[(&str, &[&str], &str, &[&str])] = &[
    (
        "@beignet/provider-db-drizzle/postgres",
        &["DATABASE_URL", "DB_URL", "POSTGRES_URL"],
        "DATABASE_URL",
        &["client", "url", "databaseUrl", "connectionString", "db", "pool"],
    ),
    (
        "@beignet/provider-db-drizzle/mysql",
        &["DATABASE_URL", "DB_URL", "MYSQL_URL"],
        "DATABASE_URL",
        &["client", "url", "databaseUrl", "connectionString", "db", "pool"],
    ),
    ("@beignet/provider-broadcast-redis", &["REDIS_URL"], "REDIS_URL", &["url", "client", "redis"]),
    (
        "@beignet/provider-webhooks-stripe",
        &["WEBHOOK_SECRET"],
        "STRIPE_WEBHOOK_SECRET",
        &["secret", "webhookSecret", "signingSecret"],
    ),
];

pub(super) fn read(reading: &mut Reading<'_>, app: &App) {
    registrations(reading, app);
    kept_files(reading, app);
    own_providers(reading, app);
    credentials(reading, app);
}

/// Options of a provider's factory whose names say that they are secrets.
fn credentials(reading: &mut Reading<'_>, app: &App) {
    let mut found: Vec<(String, Value, &'static str)> = Vec::new();
    for call in app.calls.iter().filter(|call| call.module.contains("/provider-")) {
        for argument in &call.given.arguments {
            secret_fields(argument, &call.export, 3, &mut found);
        }
    }
    if let Some(server) = &app.server {
        secret_fields(&server.argument(0).field("providerConfig"), "providerConfig", 3, &mut found);
    }
    for (key, value, purpose) in found {
        reading.secret(&key, &value, SecretFacts::of(purpose));
    }
}

fn secret_fields(options: &Value, name: &str, depth: usize, found: &mut Vec<(String, Value, &'static str)>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    for (key, value) in options.fields() {
        let key_name = format!("{name}.{key}");
        match &value.kind {
            Kind::Object { .. } => secret_fields(value, &key_name, depth, found),
            Kind::Text(_) | Kind::Choice(..) if crate::secrets::is_secret_name(key) => {
                found.push((key_name, value.clone(), crate::secrets::purpose(key)));
            }
            _ => {}
        }
    }
}

/// Whether a file of the app that is no test imports from a package.
pub(super) fn is_imported(reading: &Reading<'_>, app: &App, package: &str) -> bool {
    import_of(reading, app, package).is_some()
}

fn import_of(reading: &Reading<'_>, app: &App, package: &str) -> Option<Place> {
    reading.documents.project.mentioning(&app.files, &[package]).into_iter().find_map(|file| {
        let module = reading.documents.module_of(file)?;
        module.body.iter().find_map(|statement| match statement {
            Statement::Import(import) if uses::is_of(&import.module, package) => Some(Place::File(file, import.span)),
            _ => None,
        })
    })
}

/// The place of a dependency in the manifest.
fn dependency(reading: &Reading<'_>, package: &str) -> Option<Place> {
    let manifest = reading.documents.project.package(reading.found.package?);
    let dependency = manifest.dependencies.get(package)?;
    Some(Place::File(dependency.file, dependency.span))
}

fn registrations(reading: &mut Reading<'_>, app: &App) {
    let depends: Vec<Arc<str>> = reading.found.package.map_or_else(Vec::new, |id| {
        let manifest = reading.documents.project.package(id);
        manifest.dependencies.keys().filter(|name| name.starts_with("@beignet/provider-")).cloned().collect()
    });
    for package in depends {
        let Some(place) = dependency(reading, &package) else { continue };
        let import = import_of(reading, app, &package);
        let resource = reading
            .resource(provider::KIND, package.clone(), place)
            .set(provider::dependency, reading.stated(Kind::Bool(true), place))
            .set_at(provider::registered, reading.stated(Kind::Bool(import.is_some()), place), "providers");
        reading.add(resource);
        if let Some(import) = import {
            needs(reading, app, &package, import);
            unnamed_needs(reading, app, &package);
        }
    }
}

/// Notes the variables that a registered provider reads by itself.
fn needs(reading: &mut Reading<'_>, app: &App, package: &Arc<str>, import: Place) {
    let short = package.trim_start_matches(crate::frameworks::beignet::app::SCOPE);
    let known = PACKAGES.iter().find(|known| known.name == short).map_or(&[][..], |known| known.needs);
    let databases = DATABASES
        .iter()
        .filter(|(module, ..)| uses::is_of(module, package) && is_imported(reading, app, module))
        .map(|(_, variable, options)| (*variable, *options));
    let mut all: Vec<(&str, &[&str])> = known.iter().copied().chain(databases).collect();
    // A hosted database asks for a token, a file does not.
    let hosted = reading.evaluator.variable("SQLITE_DB_URL", import);
    let is_hosted = hosted.as_text().is_some_and(|text| text.test(|text| text.starts_with("libsql://")));
    if all.iter().any(|(variable, _)| *variable == "SQLITE_DB_URL") && is_hosted {
        all.push(("SQLITE_DB_AUTH_TOKEN", &["authToken", "client", "db"]));
    }
    let made: Vec<Use> = app.calls.iter().filter(|call| uses::is_of(&call.module, package)).cloned().collect();
    let configured = app.option(reading, "providerConfig");
    for (variable, options) in all {
        let place = made.first().map_or(import, |call| call.place);
        let mut given = reading.stated(Kind::Bool(false), place);
        for call in &made {
            for argument in &call.given.arguments {
                let written = options.iter().map(|key| argument.field(key)).find(|value| !value.is_absent());
                if let Some(written) = written {
                    given = if written.is_unknown() && argument.is_unknown() {
                        Value::unknown(Because::Undecided, &written.trail)
                    } else {
                        Value::new(Kind::Bool(true), &written.trail)
                    };
                }
            }
        }
        let by_config = configured.fields().iter().any(|(_, config)| {
            options.iter().any(|key| !config.field(key).is_absent())
                || config.fields().iter().any(|(key, _)| variable.ends_with(&**key))
        });
        if by_config || !app.option(reading, "providerEnv").is_absent() && app.server.is_some() {
            given = Value::new(Kind::Bool(true), &configured.trail);
        }
        reading.needed.push(Needed { variable: variable.into(), by: package.clone(), given_in_code: given, place });
    }
}

/// Notes the variables that documentation does not name: any that is called so will do, and where there is none,
/// nobody knows whether one is missing.
fn unnamed_needs(reading: &mut Reading<'_>, app: &App, package: &Arc<str>) {
    for (module, endings, usual, options) in UNNAMED.iter().filter(|(module, ..)| uses::is_of(module, package)) {
        let Some(import) = import_of(reading, app, module) else { continue };
        let declared = reading.evaluator.declared_variables();
        let read = reading.evaluator.variables_read();
        let names = declared.iter().map(|known| &known.variable).chain(read.iter().map(|known| &known.variable));
        let is_there = names.into_iter().any(|name| endings.iter().any(|ending| name.ends_with(ending)));
        let calls = app.calls.iter().filter(|call| uses::is_of(&call.module, module));
        let given = calls
            .flat_map(|call| &call.given.arguments)
            .any(|argument| argument.is_unknown() || options.iter().any(|key| !argument.field(key).is_absent()));
        let configured = !app.option(reading, "providerConfig").is_absent() && app.server.is_some();
        if !(is_there || given || configured) {
            let trail = reading.stated(Kind::Absent, import).trail;
            let given_in_code = Value::unknown(Because::UndocumentedDefault, &trail);
            reading.needed.push(Needed {
                variable: (*usual).into(),
                by: package.clone(),
                given_in_code,
                place: import,
            });
        }
    }
}

/// What the server's list of providers holds; unknown where there is no such list to be seen.
fn listed(reading: &Reading<'_>, app: &App) -> Vec<Value> {
    let mut found = Vec::new();
    if let Some(list) = app.option(reading, "providers").as_list() {
        found.extend(list.iter().cloned());
    }
    for call in app.calls_of("defineProviders").chain(app.calls_of("createProviders")) {
        found.extend(call.argument(0).as_list().unwrap_or_default().iter().cloned());
    }
    found
}

/// Where a provider's files or counters lie, as a choice where a condition decides between providers.
fn kept(provider: &Value, wanted: Keeps, here: &str, elsewhere: &str) -> Option<Value> {
    let mut seen = false;
    let value = provider.each(&mut |provider| {
        let package = source_of(provider).and_then(|(module, name)| kept_by(&module, &name));
        let package = package.filter(|(keeps, _)| *keeps == wanted);
        // The entry of the list, not the import of its name.
        let trail = Step::start(provider.trail.place, How::Written);
        match package {
            Some((_, in_process)) => {
                seen = true;
                Value::new(Kind::Text(Text::new(if in_process { here } else { elsewhere })), &trail)
            }
            None => Value::new(Kind::Absent, &provider.trail),
        }
    });
    seen.then_some(value)
}

/// What a provider keeps, and whether in the process or on its disk: by its package, or by a name that says so.
fn kept_by(module: &str, name: &str) -> Option<(Keeps, bool)> {
    let is_own =
        |known: &&Package| uses::is_of(module, &format!("{}{}", crate::frameworks::beignet::app::SCOPE, known.name));
    if let Some(known) = PACKAGES.iter().find(is_own) {
        return known.keeps;
    }
    let name = name.to_ascii_lowercase();
    let is_limiter = name.contains("ratelimit");
    (module.starts_with(crate::frameworks::beignet::app::SCOPE) && is_limiter)
        .then(|| (Keeps::Counters, name.contains("memory")))
}

/// The module and the name that a provider comes from.
fn source_of(provider: &Value) -> Option<(Arc<str>, Arc<str>)> {
    match &provider.kind {
        Kind::External { module, path } => Some((module.clone(), path.clone())),
        Kind::Call(call) => source_of(&call.callee),
        _ => None,
    }
}

/// Whether each store of files that is seen lies on the app's own disk.
pub(super) fn keeps_locally(reading: &Reading<'_>, app: &App) -> bool {
    let listed = listed(reading, app);
    let mut kinds = listed.iter().filter_map(|provider| kept(provider, Keeps::Files, "local", "cloud")).peekable();
    kinds.peek().is_some() && kinds.all(|kind| kind.as_text().is_some_and(|text| text.is("local")))
}

/// One store for the files of uploads.
fn kept_files(reading: &mut Reading<'_>, app: &App) {
    let listed = listed(reading, app);
    let mut stores: Vec<Value> =
        listed.iter().filter_map(|provider| kept(provider, Keeps::Files, "local", "cloud")).collect();
    if stores.is_empty() {
        // The list is not seen: a factory that is called somewhere stands for its entry.
        let calls = app.calls.iter().filter(|call| call.module.contains("provider-storage-")).filter_map(|call| {
            let local = call.module.contains("provider-storage-local");
            let is_factory = call.export.starts_with("create") && call.export.ends_with("Provider");
            is_factory.then(|| reading.word(if local { "local" } else { "cloud" }, call.place))
        });
        stores = calls.take(1).collect();
    }
    for (index, kind) in stores.iter().enumerate() {
        let place = match kind.trail.place {
            Place::File(..) => kind.trail.place,
            _ => reading.place_of(kind),
        };
        let name = if index == 0 { "files".to_owned() } else { format!("files {}", index + 1) };
        let mut resource = reading
            .resource(storage::KIND, name, place)
            .set_at(storage::kind, kind.clone(), "providers")
            .set(storage::enabled, reading.stated(Kind::Bool(true), place));
        if let Some((key, public)) = public(reading, app) {
            resource = resource.set_at(storage::public, public, key);
        }
        reading.add(resource);
    }
}

/// A public address or access rule of the store, while uploads are to be private.
fn public(reading: &Reading<'_>, app: &App) -> Option<(&'static str, Value)> {
    let private = app
        .calls_of("defineUpload")
        .any(|call| call.argument(1).path("file.visibility").as_text().is_none_or(|text| text.is("private")));
    let calls: Vec<&Use> = app.calls.iter().filter(|call| call.module.contains("provider-storage-")).collect();
    let acl = calls.iter().flat_map(|call| ["acl", "access"].map(|key| call.argument(0).field(key)));
    if let Some(acl) =
        acl.into_iter().find(|acl| acl.as_text().is_some_and(|text| text.test(|text| text.starts_with("public"))))
    {
        return Some(("acl", Value::new(Kind::Bool(true), &acl.trail)));
    }
    let written = calls.iter().map(|call| call.argument(0).field("publicBaseUrl")).find(|url| !url.is_absent());
    let s3 = calls.iter().any(|call| call.module.contains("provider-storage-s3"));
    let url =
        written.or_else(|| s3.then(|| reading.evaluator.variable("STORAGE_S3_PUBLIC_BASE_URL", reading.place())))?;
    (private && url.as_text().is_some_and(|text| !text.is_blank()))
        .then(|| ("publicBaseUrl", Value::new(Kind::Bool(true), &url.trail)))
}

/// Where the limiter's counters lie, where that can be told.
pub(super) fn limiter_store(reading: &Reading<'_>, app: &App) -> Option<Value> {
    let listed = listed(reading, app);
    let by_provider = listed.iter().find_map(|provider| kept(provider, Keeps::Counters, "memory", "shared"));
    by_provider.or_else(|| {
        let memory = app.calls.iter().find(|call| {
            let name = call.export.to_ascii_lowercase();
            name.contains("memory") && name.contains("ratelimit")
        });
        memory.map(|call| reading.word("memory", call.place))
    })
}

/// Providers that the app makes itself: the variables of their schemas, and loops that they start.
fn own_providers(reading: &mut Reading<'_>, app: &App) {
    let made: Vec<Use> = app.calls_of("createProvider").cloned().collect();
    for call in &made {
        let options = call.argument(0);
        let name: Arc<str> = options.field("name").as_text().map_or_else(|| "a provider".into(), Text::as_name);
        own_variables(reading, call, &options, &name);
        let start = ["setup", "start", "boot", "onStart"]
            .iter()
            .find_map(|key| reading.evaluator.starts_loop(&options.field(key)));
        let Some(place) = start else { continue };
        let resource = reading.resource(background_loop::KIND, name.clone(), place).set_at(
            background_loop::started_in,
            reading.word("provider", place),
            "setup",
        );
        reading.add(resource);
    }
}

/// `config: { schema, envPrefix }`: each key that must be there, under the prefix.
fn own_variables(reading: &mut Reading<'_>, call: &Use, options: &Value, name: &Arc<str>) {
    let schema = options.path("config.schema");
    let Kind::Schema(schema) = &schema.kind else { return };
    let prefix = options.path("config.envPrefix").as_text().map(Text::as_name).unwrap_or_default();
    for (key, field) in schema.fields().unwrap_or_default() {
        let missing = Value::written(Kind::Absent, call.place);
        let required = match &field.kind {
            Kind::Schema(field) => {
                matches!(&reading.evaluator.parsed(field, &missing).kind, Kind::Unknown(unknown) if unknown.present)
            }
            _ => false,
        };
        if required {
            let place = field.trail.primary().map_or(call.place, |(file, span): (_, Span)| Place::File(file, span));
            let given_in_code = reading.stated(Kind::Bool(false), place);
            reading.needed.push(Needed {
                variable: format!("{prefix}{key}").into(),
                by: name.clone(),
                given_in_code,
                place,
            });
        }
    }
}
