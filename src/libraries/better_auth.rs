//! Better Auth, as apps of several frameworks configure it: `betterAuth({ … })`.
//!
//! <https://www.better-auth.com/docs/reference/options>

use crate::eval::{Because, How, Kind, Step, Value};
use crate::reading::bench::Reading;
use crate::reading::bench::SecretFacts;
use crate::reading::table::at;
use crate::reading::table::{Plain, Preset, Reader, Row};
use crate::reading::uses;
use crate::settings::{auth, cookie, cors, csrf, endpoint, oauth, password_policy, rate_limit, registration, session};
use crate::syntax::FileId;
use crate::syntax::code::{Expr, ExprKind, visit};
use crate::text::Text;
use std::sync::Arc;

const OPTIONS: &str = "https://www.better-auth.com/docs/reference/options";

const SESSION: &[Row] = &[Row {
    setting: session::fresh_age,
    places: &[at("session.freshAge")],
    reader: Reader::AsIs,
    default: Preset::Default(Plain::Number(86_400.0)),
    reference: OPTIONS,
}];

const COOKIE: &[Row] = &[
    Row {
        setting: cookie::http_only,
        places: &[at("advanced.defaultCookieAttributes.httpOnly")],
        reader: Reader::Truthy,
        default: Preset::Default(Plain::Bool(true)),
        reference: OPTIONS,
    },
    Row {
        setting: cookie::same_site,
        places: &[at("advanced.defaultCookieAttributes.sameSite")],
        reader: Reader::Words(&[("strict", "strict"), ("lax", "lax"), ("none", "none")]),
        default: Preset::Default(Plain::Text("lax")),
        reference: OPTIONS,
    },
    Row {
        setting: cookie::max_age,
        places: &[at("session.expiresIn")],
        reader: Reader::Seconds,
        default: Preset::Default(Plain::Number(604_800.0)),
        reference: OPTIONS,
    },
    Row {
        setting: cookie::domain_wide,
        places: &[at("advanced.crossSubDomainCookies.enabled")],
        reader: Reader::Truthy,
        default: Preset::Default(Plain::Bool(false)),
        reference: OPTIONS,
    },
];

const PASSWORDS: &[Row] = &[Row {
    setting: password_policy::min_length,
    places: &[at("emailAndPassword.minPasswordLength")],
    reader: Reader::AsIs,
    default: Preset::Default(Plain::Number(8.0)),
    reference: "https://www.better-auth.com/docs/authentication/email-password",
}];

/// What to do about a hash of one's own: without one the library uses scrypt.
const OWN_HASHING: &str = "Remove `password.hash` and `password.verify`: Better Auth then hashes with scrypt. \
                           Passwords that are stored today have to be set anew.";

/// An address that has to be proven needs a mail that proves it.
const PROVEN_ADDRESS: &str =
    "Give `emailVerification` a `sendVerificationEmail` that sends the link, then set {set true}.";

/// What other parts of an adapter need of an app that signs users in with cookies.
pub(crate) struct SignsIn {
    /// The same-site mode of the session's cookie.
    pub(crate) same_site: Value,
}

/// Reads each configuration of Better Auth in some files; none where there is none.
pub(crate) fn read(reading: &mut Reading<'_>, files: &[FileId]) -> Option<SignsIn> {
    let mut calls = uses::calls_of(reading, files, &["better-auth"]);
    calls.retain(|call| &*call.export == "betterAuth");
    let mut first = None;
    for call in &calls {
        let mut options = call.argument(0);
        // A place for what the options leave out.
        options = options.each(&mut |options| match &options.kind {
            Kind::Object { .. } => Value::new(options.kind.clone(), &Step::start(call.place, How::Written)),
            _ => options.clone(),
        });
        let signs_in = one(reading, &options);
        first.get_or_insert(signs_in);
    }
    first
}

fn one(reading: &mut Reading<'_>, options: &Value) -> SignsIn {
    secret(reading, options);
    let base_url = base_url(reading, options);
    sessions(reading, options);
    limiter(reading, options);
    let same_site = cookies(reading, options, &base_url);
    let origins = trusted_origins(reading, options);
    checks(reading, options, &same_site, origins);
    registrations(reading, options);
    clients(reading, options);
    client_secrets(reading, options);
    providers(reading, options);
    SignsIn { same_site }
}

fn is_on(value: &Value) -> bool {
    matches!(value.kind, Kind::Bool(true) | Kind::Object { .. })
}

fn secret(reading: &mut Reading<'_>, options: &Value) {
    let place = reading.place_of(options);
    // Several that are told apart by a version: the first one signs.
    let listed = options.field("secrets");
    let first = listed.as_list().and_then(<[Value]>::first).map(|first| first.field("value"));
    let written = options.field("secret").or_default(&|absent| match (&first, &listed.kind) {
        (Some(first), _) => first.clone(),
        (None, Kind::Unknown(_)) => listed.clone(),
        _ => told_by_version(reading, absent),
    });
    let secret = written.or_default(&|_| {
        ["BETTER_AUTH_SECRET", "AUTH_SECRET"]
            .iter()
            .map(|name| reading.evaluator.variable(name, place))
            .find(|value| !value.is_absent())
            .unwrap_or_else(|| reading.evaluator.variable("BETTER_AUTH_SECRET", place))
    });
    let facts = SecretFacts { required: Some(true), ..SecretFacts::of("session") };
    reading.secret("betterAuth({ secret })", &secret, facts);
}

/// `BETTER_AUTH_SECRETS`, `2:new,1:old`, where something that can be read sets it.
fn told_by_version(reading: &Reading<'_>, absent: &Value) -> Value {
    let told = reading.evaluator.variable("BETTER_AUTH_SECRETS", reading.place_of(absent));
    match told.as_text() {
        Some(text) if !text.is_blank() => {
            let first = text.map(|text| {
                let first = text.split(',').next().unwrap_or(text);
                first.split_once(':').map_or(first, |(_, secret)| secret).trim().to_owned()
            });
            Value::new(Kind::Text(first), &told.trail)
        }
        _ => absent.clone(),
    }
}

/// The app's own address, as it is written or as the library reads it from the environment.
fn base_url(reading: &mut Reading<'_>, options: &Value) -> Value {
    let place = reading.place_of(options);
    let url = options.field("baseURL").or_default(&|_| reading.evaluator.variable("BETTER_AUTH_URL", place));
    if has_address(&url) {
        let resource = reading
            .resource(endpoint::KIND, "auth base URL", reading.place_of(&url))
            .set(endpoint::role, reading.word("own_public_url", place))
            .set_at(endpoint::url, url.clone(), "baseURL");
        reading.add(resource);
    }
    url
}

/// Whether some way leads to an address that is no localhost one: of the others no file tells anything.
fn has_address(url: &Value) -> bool {
    match &url.kind {
        Kind::Text(text) => !text.test(|text| text.contains("://localhost") || text.contains("://127.0.0.1")),
        Kind::Choice(_, arms) => arms.iter().any(has_address),
        _ => false,
    }
}

fn sessions(reading: &mut Reading<'_>, options: &Value) {
    let cache = options.path("session.cookieCache");
    let delay = cache.field("enabled").each(&mut |enabled| match &enabled.kind {
        Kind::Bool(true) => cache.field("maxAge").or_default(&|absent| {
            Value::new(Kind::Number(300.0), &Step::after(absent.trail.place, How::Default, &absent.trail))
        }),
        Kind::Unknown(_) => enabled.clone(),
        _ => Value::new(Kind::Number(0.0), &Step::after(enabled.trail.place, How::Default, &enabled.trail)),
    });
    let sensitive = ["user.deleteUser.enabled", "user.changeEmail.enabled"].map(|path| options.path(path));
    let on = sensitive.iter().find(|value| is_on(value));
    let undecided = sensitive.iter().find(|value| value.is_unknown());
    let sensitive = match (on, undecided) {
        (Some(on), _) => on.clone(),
        (None, Some(unknown)) => unknown.clone(),
        (None, None) => reading.stated(Kind::Bool(false), reading.place_of(options)),
    };
    let resource = reading
        .table(session::KIND, "better-auth", SESSION, options)
        .set_at(session::revocation_delay, delay, "session.cookieCache.maxAge")
        .set(session::sensitive_actions, sensitive);
    reading.add(resource);
}

/// The library's own limiter: on in production, its counters in memory unless they are put elsewhere.
fn limiter(reading: &mut Reading<'_>, options: &Value) {
    let limit = options.field("rateLimit");
    let place = reading.place_of(if limit.is_absent() { options } else { &limit });
    let default = |value: Kind| Value::new(value, &Step::start(place, How::Default));
    let enabled = limit.field("enabled").or_default(&|_| default(Kind::Bool(true)));
    // Who is not told apart by an address is not counted at all.
    let untracked = options.path("advanced.ipAddress.disableIpTracking");
    let enabled = match untracked.as_bool() {
        Some(true) => Value::new(Kind::Bool(false), &untracked.trail),
        _ => enabled,
    };
    let word = |word: &str, at: &Value| Value::new(Kind::Text(Text::new(word)), &at.trail);
    let stored = [options.field("secondaryStorage"), limit.field("customStorage"), limit.field("customStore")];
    let store = match stored.iter().find(|value| !value.is_absent()) {
        Some(store) => store.each(&mut |store| match store.kind {
            Kind::Absent | Kind::Null => word("memory", store),
            Kind::Unknown(_) => store.clone(),
            _ => word("shared", store),
        }),
        None => limit.field("storage").each(&mut |storage| match &storage.kind {
            Kind::Text(text) if text.is("memory") => word("memory", storage),
            Kind::Text(_) => word("shared", storage),
            Kind::Absent => default(Kind::Text(Text::new("memory"))),
            _ => storage.clone(),
        }),
    };
    // Where the limiter is off, where its counters lie means nothing.
    let store = enabled.each(&mut |enabled| match enabled.kind {
        Kind::Bool(false) => word("shared", enabled),
        _ => store.clone(),
    });
    let resource = reading
        .resource(rate_limit::KIND, "better-auth", place)
        .set_at(rate_limit::enabled, enabled, "rateLimit.enabled")
        .set_at(rate_limit::store, store, "rateLimit.storage")
        .written_at(rate_limit::enabled, options, "rateLimit.enabled");
    reading.add(resource);
}

fn cookies(reading: &mut Reading<'_>, options: &Value, base_url: &Value) -> Value {
    let advanced = options.field("advanced");
    let place = reading.place_of(options);
    // Without a word the scheme of the address decides; a localhost address is no address of production.
    let by_scheme = base_url.each(&mut |url| {
        let plain = url.as_text().is_some_and(|text| {
            text.test(|text| {
                text.starts_with("http://")
                    && !["localhost", "127.0.0.1", "[::1]"].iter().any(|host| text.contains(host))
            })
        });
        let trail = if plain { url.trail.clone() } else { Step::start(place, How::Default) };
        Value::new(Kind::Bool(!plain), &trail)
    });
    let named = advanced.field("useSecureCookies").or_default(&|_| by_scheme.clone());
    // A name that says `__Secure-` keeps the flag, whatever the attributes are.
    let secure = named.each(&mut |named| match named.as_bool() {
        Some(false) => advanced.path("defaultCookieAttributes.secure").each(&mut |written| match written.kind {
            Kind::Bool(true) | Kind::Unknown(_) => written.clone(),
            _ => named.clone(),
        }),
        _ => named.clone(),
    });
    let resource = reading
        .table(cookie::KIND, "better-auth session", COOKIE, options)
        .set_at(cookie::secure, secure, "advanced.useSecureCookies")
        .written_at(cookie::secure, options, "advanced.useSecureCookies")
        .set(cookie::purpose, reading.word("session", place));
    let same_site = resource.value(cookie::same_site).cloned().unwrap_or_else(|| reading.word("lax", place));
    reading.add(resource);
    same_site
}

/// The checks of Origin headers and of redirect targets, and whom they let in.
fn checks(reading: &mut Reading<'_>, options: &Value, same_site: &Value, origins: Option<Value>) {
    let [by_token, by_origin] = ["advanced.disableCSRFCheck", "advanced.disableOriginCheck"];
    // Without the check of origins that of tokens does nothing either.
    let (key, check) = match options.path(by_token) {
        check if is_on(&check) => (by_token, check),
        _ => (by_origin, options.path(by_origin)),
    };
    let off = is_on(&check);
    if off || origins.is_some() {
        let place = reading.place_of(if off { &check } else { options });
        let stated = |kind| reading.stated(kind, place);
        let mut resource = reading
            .resource(csrf::KIND, "better-auth", place)
            .set(csrf::switched_off, stated(Kind::Bool(off)))
            .set(csrf::needed, stated(Kind::Bool(true)))
            .set(csrf::same_site, same_site.clone());
        resource = match off {
            true => {
                let none = Value::new(Kind::Bool(false), &check.trail);
                resource.set_at(csrf::protection, none, key).read_at(csrf::protection, options, key, negated)
            }
            false => resource.set(csrf::protection, stated(Kind::Bool(true))),
        };
        if let Some(origins) = origins {
            resource = resource.set_at(csrf::trusted_origins, origins, "trustedOrigins");
        }
        reading.add(resource);
    }
    let redirects = options.path(by_origin);
    if is_on(&redirects) || redirects.is_unknown() {
        let checked = negated(&redirects);
        let resource = reading.resource(auth::KIND, "better-auth", reading.place_of(&redirects));
        reading.add(resource.set_at(auth::redirect_check, checked, by_origin));
    }
}

/// The switch of a check that is on unless it is switched off.
fn negated(value: &Value) -> Value {
    value.read(&|value| match value.kind {
        Kind::Bool(value) => Kind::Bool(!value),
        _ => Kind::Unknown(Because::Undecided.into()),
    })
}

/// Origins that may call and redirect beside the app's own: those of the options, and of a variable that is added to them.
fn trusted_origins(reading: &mut Reading<'_>, options: &Value) -> Option<Value> {
    let place = reading.place_of(options);
    let told = reading.evaluator.variable("BETTER_AUTH_TRUSTED_ORIGINS", place);
    let told = Reader::CommaList.apply(&told);
    let origins = match (options.field("trustedOrigins"), &told.kind) {
        (written, Kind::List { items, .. }) => match &written.kind {
            Kind::Absent => told.clone(),
            Kind::List { items: own, open } => {
                let items = own.iter().chain(items.iter()).cloned().collect();
                Value::new(Kind::List { items, open: open.clone() }, &told.trail)
            }
            _ => written,
        },
        (written, _) => written,
    };
    let origins = origins.each(&mut |origins| match &origins.kind {
        Kind::Function(_) => by_request(reading, origins),
        Kind::List { items, open: None } => {
            // An address that only the host knows is the app's own or a partner's: nothing can be said of it.
            let items = items.iter().filter(|item| !item.is_unknown()).map(|item| {
                item.each(&mut |item| {
                    if item.is_unknown() { Value::new(Kind::Absent, &item.trail) } else { item.clone() }
                })
            });
            Value::new(Kind::List { items: items.collect(), open: None }, &origins.trail)
        }
        _ => origins.clone(),
    });
    if origins.is_absent() || matches!(origins.kind, Kind::Unknown(_)) {
        return None;
    }
    // Stars say that everybody is trusted, and nothing of the scheme of anybody.
    let addresses = origins.each(&mut |origins| match &origins.kind {
        Kind::List { items, open } => {
            let is_star = |item: &Value| item.as_text().is_some_and(|text| text.test(|text| text.ends_with('*')));
            let items = items.iter().filter(|item| !is_star(item)).cloned().collect();
            Value::new(Kind::List { items, open: open.clone() }, &origins.trail)
        }
        _ => origins.clone(),
    });
    let resource = reading
        .resource(cors::KIND, "better-auth", reading.place_of(&origins))
        .set_at(cors::origins, addresses, "trustedOrigins")
        .not_here(cors::credentials);
    reading.add(resource);
    Some(origins)
}

fn registrations(reading: &mut Reading<'_>, options: &Value) {
    let passwords = options.field("emailAndPassword");
    if passwords.is_absent() || matches!(passwords.field("enabled").kind, Kind::Bool(false)) {
        return;
    }
    let mut resource = reading.table(password_policy::KIND, "better-auth", PASSWORDS, options);
    let hash = passwords.path("password.hash");
    if !hash.is_absent() {
        resource = resource
            .set_at(password_policy::hashing, hashing(reading, &hash), "emailAndPassword.password.hash")
            .with_fix(password_policy::hashing, OWN_HASHING);
    }
    reading.add(resource);
    let place = reading.place_of(&passwords);
    let open = passwords.field("disableSignUp").each(&mut |off| match off.kind {
        Kind::Bool(off_) => Value::new(Kind::Bool(!off_), &off.trail),
        Kind::Absent => reading.stated(Kind::Bool(true), place),
        _ => off.clone(),
    });
    let verified = passwords
        .field("requireEmailVerification")
        .or_default(&|_| Value::new(Kind::Bool(false), &Step::start(place, How::Default)));
    let resource = reading
        .resource(registration::KIND, "better-auth", place)
        .set_at(registration::open, open, "emailAndPassword.disableSignUp")
        .set_at(registration::email_verified, verified, "emailAndPassword.requireEmailVerification")
        .written_at(registration::email_verified, options, "emailAndPassword.requireEmailVerification")
        .with_fix(registration::email_verified, PROVEN_ADDRESS);
    reading.add(resource);
}

/// The origins that a function trusts: whichever asks, where its answer is made of the request's headers.
fn by_request(reading: &Reading<'_>, function: &Value) -> Value {
    let (parts, _) = reading.evaluator.result_is_made_of(function, &["request"]);
    if parts.iter().any(|part| part.contains("headers")) {
        let star = Value::new(Kind::Text(Text::new("*")), &function.trail);
        return Value::new(Kind::List { items: [star].into(), open: None }, &function.trail);
    }
    let list = reading.evaluator.call(function, Vec::new());
    match list.kind {
        Kind::List { .. } => list,
        _ => Value::unknown(Because::Undecided, &function.trail),
    }
}

/// The algorithm of a function of one's own that hashes passwords.
fn hashing(reading: &Reading<'_>, hash: &Value) -> Value {
    hash.each(&mut |hash| match algorithm(reading, hash, 2) {
        Some(word) => Value::new(Kind::Text(Text::new(word)), &hash.trail),
        None => Value::unknown(Because::Undecided, &hash.trail),
    })
}

/// The word of the first hash that a function, or one that it calls, makes.
fn algorithm(reading: &Reading<'_>, function: &Value, depth: usize) -> Option<&'static str> {
    let by_name = |name: &str| {
        let name = name.to_ascii_lowercase();
        ["argon2", "bcrypt", "scrypt", "pbkdf2"].into_iter().find(|known| name.contains(known))
    };
    let closure = match &function.kind {
        Kind::Function(closure) => closure,
        Kind::External { module, path } => return by_name(module).or_else(|| by_name(path)),
        _ => return None,
    };
    let mut found = None;
    let mut called: Vec<&Expr> = Vec::new();
    visit(&closure.function.body, &mut |expr, _| {
        let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
        let name = match &callee.kind {
            ExprKind::Name(name) | ExprKind::Member { property: name, .. } => name,
            _ => return,
        };
        if matches!(&**name, "createHash" | "createHmac" | "digest") {
            let first =
                arguments.first().map(|argument| reading.evaluator.expression_at(closure.file, &argument.value));
            found = found.or_else(|| first.as_ref().and_then(Value::as_text).and_then(digest));
        }
        called.push(callee);
    });
    let depth = depth.checked_sub(1)?;
    let inner = |callee: &Expr| algorithm(reading, &reading.evaluator.expression_at(closure.file, callee), depth);
    found.or_else(|| called.iter().take(20).find_map(|callee| inner(callee)))
}

/// A digest's name as a word.
fn digest(name: &Text) -> Option<&'static str> {
    ["md5", "sha1", "sha256", "sha512"]
        .into_iter()
        .find(|word| name.test(|name| name.to_ascii_lowercase().replace('-', "") == *word))
}

/// Secrets of other services that stand in the code.
fn client_secrets(reading: &mut Reading<'_>, options: &Value) {
    for (name, provider) in options.field("socialProviders").fields() {
        let secret = provider.field("clientSecret");
        if matches!(secret.kind, Kind::Text(_)) {
            reading.secret(&format!("{name}.clientSecret"), &secret, SecretFacts::of("api_key"));
        }
    }
}

/// Providers of the generic OAuth plugin, which proves the exchange of codes only where it is told to.
/// <https://www.better-auth.com/docs/plugins/generic-oauth>
fn providers(reading: &mut Reading<'_>, options: &Value) {
    for plugin in uses::inside(&options.field("plugins"), "genericOAuth", 4) {
        let Some(call) = plugin.as_call() else { continue };
        let Some(options) = call.arguments.first() else { continue };
        for provider in options.field("config").as_list().unwrap_or_default() {
            if !matches!(provider.kind, Kind::Object { .. }) {
                continue;
            }
            let place = reading.place_of(provider);
            let pkce = provider
                .field("pkce")
                .or_default(&|_| Value::new(Kind::Bool(false), &Step::start(place, How::Default)));
            let pkce = pkce.each(&mut |pkce| match pkce.kind {
                Kind::Bool(on) => Value::new(Kind::Text(Text::new(if on { "s256" } else { "none" })), &pkce.trail),
                _ => pkce.clone(),
            });
            let client = provider.field("clientSecret");
            let client = if client.is_absent() { "public" } else { "confidential" };
            let id = provider.field("providerId").as_text().map_or("a provider".into(), Text::as_name);
            let resource = reading
                .resource(oauth::KIND, format!("genericOAuth {id}"), place)
                .set_at(oauth::pkce, pkce, "pkce")
                .set(oauth::client_type, reading.word(client, place));
            reading.add(resource);
        }
    }
}

/// Plugins in which clients or hosts register themselves.
fn clients(reading: &mut Reading<'_>, options: &Value) {
    let plugins = options.field("plugins");
    let mut found: Vec<(Arc<str>, Value)> = Vec::new();
    for plugin in plugins.as_list().unwrap_or_default() {
        plugin.each(&mut |plugin| {
            if let Some(call) = plugin.as_call() {
                call.arguments.iter().for_each(|argument| switches(argument, 3, &mut found));
            }
            plugin.clone()
        });
    }
    for (key, value) in found {
        let resource = reading.resource(oauth::KIND, format!("plugin ({key})"), reading.place_of(&value)).set_at(
            oauth::dynamic_registration,
            value,
            key,
        );
        reading.add(resource);
    }
}

fn switches(options: &Value, depth: usize, found: &mut Vec<(Arc<str>, Value)>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    for (key, value) in options.fields() {
        let name = key.to_ascii_lowercase();
        let is_switch = name.contains("dynamic") && name.contains("registration");
        match &value.kind {
            _ if is_switch => {
                let value = value.read(&|value| match value.kind {
                    Kind::Bool(on) => Kind::Bool(on),
                    Kind::Object { .. } => Kind::Bool(true),
                    _ => Kind::Unknown(Because::Undecided.into()),
                });
                found.push((key.clone(), value));
            }
            Kind::Object { .. } => switches(value, depth, found),
            _ => {}
        }
    }
}
