//! The headers that Django's middleware sends. Without `SecurityMiddleware` all that is said of them has no effect.

use super::front::is_operators;
use super::middleware::{SECURITY, has_middleware};
use crate::eval::{Because, How, Kind, Place, Step, Value};
use crate::reading::bench::Reading;
use crate::reading::table::Reader;
use crate::settings::response_headers;
use crate::text::Text;

/// What the group of the app's answers is called.
const NAME: &str = "the app's own routes";

/// The middleware that keeps the app out of other sites' frames.
const FRAMES: &str = "django.middleware.clickjacking.XFrameOptionsMiddleware";

/// Middleware that sends a content policy: Django's own since 6.0, and the package that was used before.
const POLICIES: &[(&str, &[&str])] = &[
    ("django.middleware.csp.ContentSecurityPolicyMiddleware", &["SECURE_CSP"]),
    ("csp.middleware.CSPMiddleware", &["CONTENT_SECURITY_POLICY", "CSP_DEFAULT_SRC", "CSP_FRAME_ANCESTORS"]),
];

pub(super) fn read(reading: &mut Reading<'_>, config: &Value) {
    let place = reading.place_of(config);
    let sends = has_middleware(config, SECURITY);
    let frames = has_middleware(config, FRAMES);
    let nosniff = and(&sends, &switch(config, "SECURE_CONTENT_TYPE_NOSNIFF"));
    let referrer = and(&sends, &switch(config, "SECURE_REFERRER_POLICY"));
    let policy = policy(config);
    let protections =
        [("nosniff", nosniff), ("frame_protection", frames), ("referrer_policy", referrer), ("content_policy", policy)];
    let present = present(config, place, &protections);
    let (age, subdomains) = (config.field("SECURE_HSTS_SECONDS"), config.field("SECURE_HSTS_INCLUDE_SUBDOMAINS"));
    // Zero by default: the promise is the app's to make, and its own checks ask for it.
    let none = |from: &Value| {
        let trail = Step::of(Place::Framework("SECURE_HSTS_SECONDS"), How::Default, vec![from.trail.clone()]);
        Value::new(Kind::Number(0.0), &trail)
    };
    let age = age.or_default(&|absent| none(absent));
    let age = sends.each(&mut |sends| match sends.kind {
        Kind::Bool(true) => age.clone(),
        Kind::Bool(false) => none(sends),
        _ => sends.clone(),
    });
    let subdomains = Reader::Truthy.apply(&subdomains);
    let subdomains = subdomains.or_default(&|absent| Value::new(Kind::Bool(false), &absent.trail));
    let disabled = reading.stated(Kind::Bool(false), place);
    let by_operator = reading.stated(Kind::Bool(is_operators(reading, "SECURE_HSTS_SECONDS")), place);
    let resource = reading
        .resource(response_headers::KIND, NAME, place)
        .set_at(response_headers::present_headers, present, "MIDDLEWARE")
        .set(response_headers::disabled, disabled)
        .set(response_headers::fronted_by_operator, by_operator)
        .set_at(response_headers::hsts_max_age, age, "SECURE_HSTS_SECONDS")
        .set_at(response_headers::hsts_subdomains, subdomains, "SECURE_HSTS_INCLUDE_SUBDOMAINS")
        .written_at(response_headers::hsts_subdomains, config, "SECURE_HSTS_INCLUDE_SUBDOMAINS")
        .with_fix(
            response_headers::hsts_max_age,
            "Set `SECURE_HSTS_SECONDS` to 3600 at first, and to 31536000 once every page works over https, or send the header from the server that ends TLS.",
        );
    reading.add(resource);
}

/// A setting that is on where nothing is written.
fn switch(config: &Value, key: &str) -> Value {
    Reader::Truthy.apply(&config.field(key)).or_default(&|absent| Value::new(Kind::Bool(true), &absent.trail))
}

fn and(sends: &Value, switched: &Value) -> Value {
    sends.each(&mut |sends| match sends.kind {
        Kind::Bool(true) => switched.clone(),
        _ => sends.clone(),
    })
}

/// Whether a content policy is sent.
fn policy(config: &Value) -> Value {
    let no = Value::new(Kind::Bool(false), &config.trail);
    for (path, keys) in POLICIES {
        let has = has_middleware(config, path);
        if has.as_bool() == Some(false) {
            continue;
        }
        let is_written = keys.iter().any(|key| !config.field(key).is_absent());
        return if is_written { has } else { no };
    }
    no
}

/// The list of protections. That there is none but what Django sends by itself nobody wrote, so that is a default.
fn present(config: &Value, place: Place, protections: &[(&'static str, Value)]) -> Value {
    let is_off = |word: &str| protections.iter().any(|(own, value)| *own == word && value.as_bool() == Some(false));
    let how = if is_off("nosniff") || is_off("frame_protection") { How::Written } else { How::Default };
    let middleware = config.field("MIDDLEWARE");
    let trail = match how {
        How::Written => match middleware.is_absent() {
            true => Step::start(place, how),
            false => middleware.trail,
        },
        how => Step::of(Place::Framework("MIDDLEWARE"), how, vec![Step::start(place, How::Written)]),
    };
    let mut open = None;
    let mut items = Vec::new();
    for (word, value) in protections {
        match value.as_bool() {
            Some(true) => items.push(Value::new(Kind::Text(Text::new(*word)), &trail)),
            Some(false) => {}
            None => open = Some(Because::Undecided.into()),
        }
    }
    Value::new(Kind::List { items: items.into(), open }, &trail)
}
