//! What keeps strangers from a route: middleware of known packages, and functions of the app that are tried.

use super::states::{NONE, SOME, is, stronger, word};
use crate::eval::{Answer, Because, Call, Guard, Guarded, Kind, Trail, Value};
use crate::reading::bench::Reading;
use std::sync::Arc;

/// Packages whose middleware asks callers who they are.
const GATES: &[&str] = &[
    "@auth0/",
    "@clerk/",
    "@descope/",
    "@fastify/basic-auth",
    "@fastify/bearer-auth",
    "@hono/clerk-auth",
    "@scalekit-sdk/",
    "better-auth",
    "express-basic-auth",
    "express-jwt",
    "express-oauth2-jwt-bearer",
    "express-openid-connect",
    "hono/basic-auth",
    "hono/bearer-auth",
    "hono/jwk",
    "hono/jwt",
    "mcp-auth",
    "mcp-handler",
    "passport",
];

/// Words in the names of what asks callers who they are.
const WORDS: &[&str] =
    &["auth", "bearer", "jwt", "protect", "guard", "verif", "apikey", "api_key", "token", "identity"];

/// Ends of names that have such a word and stand before nothing: the endpoints of an authorization server, what prepares a login.
const NO_GATES: &[&str] = &["router", "handler", "metadata", "initialize", "session", "routes", "metadataroute"];

/// What is known of one thing that stands before a route.
#[derive(Clone, Debug)]
pub(super) struct Protection {
    /// A word of `mcp_server.authentication`.
    pub(super) authentication: Value,
    /// The text that opens it, where one is compared with what the caller sends.
    pub(super) token: Option<Value>,
    /// It refuses foreign Host headers.
    pub(super) checks_host: bool,
}

impl Protection {
    /// Nothing at all.
    pub(super) fn nothing(trail: &Trail) -> Protection {
        Protection::of(word(NONE, trail))
    }

    fn of(authentication: Value) -> Protection {
        Protection { authentication, token: None, checks_host: false }
    }

    /// This and another in a row.
    pub(super) fn and(self, other: Protection) -> Protection {
        // A guard that lets everybody through tells more than that there is none.
        let tells = other.token.is_some() && is(&other.authentication, NONE) && is(&self.authentication, NONE);
        let both =
            if tells { other.authentication.clone() } else { stronger(&self.authentication, &other.authentication) };
        Protection {
            authentication: both,
            token: self.token.or(other.token),
            checks_host: self.checks_host || other.checks_host,
        }
    }

    /// This one where it is there at all.
    pub(super) fn where_present(self, present: &Value) -> Protection {
        let authentication = present.each(&mut |present| match present.as_bool() {
            Some(true) => self.authentication.clone(),
            Some(false) => word(NONE, &present.trail),
            None if is(&self.authentication, NONE) => self.authentication.clone(),
            None => present.clone(),
        });
        let checks_host = self.checks_host && present.as_bool() == Some(true);
        Protection { authentication, token: self.token, checks_host }
    }
}

/// What a value that is put before a route does with strangers.
pub(super) fn of(reading: &Reading<'_>, value: &Value) -> Protection {
    match &value.kind {
        Kind::List { items, open } => {
            let all = items.iter().map(|item| of(reading, item)).reduce(Protection::and);
            let all = all.unwrap_or_else(|| Protection::nothing(&value.trail));
            match open {
                Some(_) => all.and(Protection::of(Value::unknown(Because::Undecided, &value.trail))),
                None => all,
            }
        }
        Kind::Choice(question, arms) => {
            let arms: Vec<Protection> = arms.iter().map(|arm| of(reading, arm)).collect();
            let words = arms.iter().map(|arm| arm.authentication.clone()).collect();
            Protection {
                authentication: Value::choice(question.clone(), words, &value.trail),
                checks_host: arms.iter().all(|arm| arm.checks_host),
                token: arms.into_iter().find_map(|arm| arm.token),
            }
        }
        Kind::Call(call) => match call.origin() {
            Some((module, path)) => of_package(reading, (module, path), Some(call), value),
            None => Protection::nothing(&value.trail),
        },
        Kind::External { module, path } => of_package(reading, (module, path), None, value),
        Kind::Function(_) => of_function(reading, value, Answer::Response, &["request", "response", "next"]),
        Kind::Unknown(unknown) => Protection::of(Value::new(Kind::Unknown(unknown.clone()), &value.trail)),
        _ => Protection::nothing(&value.trail),
    }
}

/// Something of a package.
fn of_package(
    reading: &Reading<'_>,
    (module, path): (&str, &str),
    call: Option<&Arc<Call>>,
    value: &Value,
) -> Protection {
    let name = path.rsplit('.').next().unwrap_or(path).to_ascii_lowercase();
    if name.ends_with("hostheadervalidation") || name.ends_with("localhosthostvalidation") {
        return Protection { checks_host: true, ..Protection::nothing(&value.trail) };
    }
    let ends_no_gate = NO_GATES.iter().any(|end| name.ends_with(end));
    if ends_no_gate || matches!(module, "global" | "the caller") {
        return Protection::nothing(&value.trail);
    }
    if name == "requirebearerauth" {
        return by_verifier(reading, call, value);
    }
    if (module, &*name) == ("hono/bearer-auth", "bearerauth") {
        return by_bearer(reading, call, value);
    }
    if GATES.iter().any(|gate| module == *gate || module.starts_with(gate) && gate.ends_with('/')) {
        return Protection::of(word(SOME, &value.trail));
    }
    if WORDS.iter().any(|word| name.contains(word)) || WORDS.iter().any(|word| module.contains(word)) {
        return Protection::of(Value::unknown(Because::Call(path.into()), &value.trail));
    }
    Protection::nothing(&value.trail)
}

/// A bearer guard: as good as the verifier that it asks.
fn by_verifier(reading: &Reading<'_>, call: Option<&Arc<Call>>, value: &Value) -> Protection {
    let Some(call) = call else { return Protection::of(word(SOME, &value.trail)) };
    let verifier = call.argument(0, &value.trail).field("verifier");
    let verify = reading.evaluator.field(&verifier, "verifyAccessToken");
    Protection::of(by_token(reading, &verify, &["token"]))
}

/// What a function says to strangers that checks tokens: nothing of one that takes whatever it is given. One that cannot be
/// followed does its work.
pub(super) fn by_token(reading: &Reading<'_>, verify: &Value, arguments: &[&str]) -> Value {
    if !matches!(verify.kind, Kind::Function(_)) {
        return word(SOME, &verify.trail);
    }
    match reading.evaluator.guard(&|_| verify.clone(), arguments, Answer::Truth) {
        Guarded { guard: Some(Guard::Nothing), decided_elsewhere: false, .. } => word(NONE, &verify.trail),
        _ => word(SOME, &verify.trail),
    }
}

/// The guard of `hono/bearer-auth`: a token, or a function that checks them. One that is not set lets nobody in, unless a
/// text is made of it: `Bearer undefined`.
fn by_bearer(reading: &Reading<'_>, call: Option<&Arc<Call>>, value: &Value) -> Protection {
    let some = Protection::of(word(SOME, &value.trail));
    let Some(call) = call else { return some };
    let options = call.argument(0, &value.trail);
    let verify = options.field("verifyToken");
    if !verify.is_absent() {
        return Protection::of(by_token(reading, &verify, &["token"]));
    }
    let token = options.field("token");
    let authentication = token.each(&mut |token| match &token.kind {
        Kind::Text(text) if text.is("undefined") || text.is("null") => word(NONE, &token.trail),
        _ => word(SOME, &token.trail),
    });
    let token = Some(token).filter(|token| matches!(token.kind, Kind::Text(_) | Kind::Choice(..)));
    Protection { authentication, token, checks_host: false }
}

/// A function of the app, tried with what strangers send.
pub(super) fn of_function(reading: &Reading<'_>, function: &Value, answer: Answer, arguments: &[&str]) -> Protection {
    let guarded = reading.evaluator.guard(&|_| function.clone(), arguments, answer);
    let trail = &function.trail;
    let token = guarded.compared.iter().find_map(|compared| reading.variable_of(compared));
    let token = token.map(|variable| reading.evaluator.variable(&variable, trail.place));
    let authentication = match guarded.guard {
        Some(Guard::Nothing) => word(NONE, trail),
        Some(Guard::Compares) => word(SOME, trail),
        Some(Guard::FailsOpen) => match &token {
            Some(token) => where_set(token),
            None => Value::unknown(Because::Undecided, trail),
        },
        None => Value::unknown(Because::Undecided, trail),
    };
    Protection { authentication, token, checks_host: false }
}

/// A comparison that strangers pass as soon as its text is not set.
fn where_set(token: &Value) -> Value {
    token.each(&mut |token| match &token.kind {
        Kind::Absent | Kind::Null => word(NONE, &token.trail),
        Kind::Text(text) if text.is_empty() => word(NONE, &token.trail),
        Kind::Unknown(unknown) => Value::new(Kind::Unknown(unknown.clone()), &token.trail),
        _ => word(SOME, &token.trail),
    })
}
