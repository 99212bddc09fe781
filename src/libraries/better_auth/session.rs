//! Sessions of Better Auth, their cookie, and the app's own address, whose scheme decides about the cookie.

use super::switch::is_on;
use crate::eval::{How, Kind, Step, Value};
use crate::reading::bench::Reading;
use crate::reading::table::{Plain, Preset, Reader, Row, at};
use crate::settings::{cookie, endpoint, session};

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

/// The app's own address, as it is written or as the library reads it from the environment.
pub(super) fn base_url(reading: &mut Reading<'_>, options: &Value) -> Value {
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

pub(super) fn sessions(reading: &mut Reading<'_>, options: &Value) {
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

pub(super) fn cookies(reading: &mut Reading<'_>, options: &Value, base_url: &Value) -> Value {
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
