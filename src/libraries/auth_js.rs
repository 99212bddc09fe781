//! Auth.js and NextAuth, in whichever host they run: the ways to sign in, and whose Host header is believed. What the
//! configuration says of cookies, secrets and checks stands in the facts.
//!
//! <https://authjs.dev/reference/core>

use crate::eval::{Answer, Because, Guard, Kind, Place, Use, Value, Way};
use crate::facts;
use crate::reading::bench::{Needed, Reading, SecretFacts};
use crate::reading::reached;
use crate::reading::table::Reader;
use crate::settings::{auth, login, oauth};
use crate::syntax::code::{BinaryOp, Expr, ExprKind, visit};
use crate::text::Text;
use std::sync::Arc;

/// Calls that make the configuration into a server: the package, and the argument that the configuration is.
const CONFIGURED: &[(&str, &str, usize)] = &[
    ("next-auth", "default", 0),
    ("@auth/express", "ExpressAuth", 0),
    ("@auth/sveltekit", "SvelteKitAuth", 0),
    ("@auth/core", "Auth", 1),
    ("@hono/auth-js", "initAuthConfig", 0),
];

/// What its packages are called, or begin with.
const PACKAGES: &[&str] = &["next-auth", "@auth/"];

/// Variables by which the library believes the Host header without being told to.
const BELIEVES: &[&str] = &["AUTH_URL", "AUTH_TRUST_HOST", "VERCEL", "CF_PAGES"];

/// Names of what a visitor proves to be somebody with.
const PROOFS: &[&str] = &["password", "passwd", "pin", "passcode", "secret", "token", "otp"];

/// What the names of functions begin with that are made to check passwords, codes and signatures.
const VERIFIERS: &[&str] = &[
    "compare",
    "verify",
    "timingsafeequal",
    "checkpassword",
    "validatepassword",
    "signinwith",
    "authenticate",
    "bind",
    "recover",
];

/// Functions that are followed from a login to what checks it.
const MOST_STEPS: usize = 3;

/// Reads every way to sign in that the app offers.
pub(crate) fn read(reading: &mut Reading<'_>) {
    let project = reading.documents.project;
    let mut files = facts::files_of(project, reading.found);
    files.extend(reached::saying(reading, &files, PACKAGES));
    let mut importing = project.mentioning(&files, PACKAGES);
    importing.retain(|file| project.file(*file).kind.is_script());
    if importing.is_empty() {
        return;
    }
    let is_meant =
        |module: &str| module == "next-auth" || module.starts_with("next-auth/") || module.starts_with("@auth/");
    let uses = reading.evaluator.uses(&importing, &files, &is_meant);
    for one in uses.iter().filter(|one| matches!(one.way, Way::Called)) {
        if let Some(provider) = provider(&one.module).filter(|_| &*one.export == "default") {
            match provider {
                "credentials" => credentials(reading, one),
                _ => from_elsewhere(reading, one, provider),
            }
        }
        let found = CONFIGURED.iter().find(|(module, export, _)| *module == &*one.module && *export == &*one.export);
        if let Some((module, _, index)) = found {
            let options = match one.argument(*index) {
                // Asked for each request.
                asked @ Value { kind: Kind::Function(_), .. } => reading.evaluator.call(&asked, Vec::new()),
                options => options,
            };
            host(reading, one, *module == "next-auth", &options);
        }
    }
}

/// The provider of a module: `github` of `next-auth/providers/github`.
fn provider(module: &str) -> Option<&str> {
    module.split_once("/providers/").map(|(_, name)| name.trim_end_matches(".js"))
}

/// Another service that vouches for users.
fn from_elsewhere(reading: &mut Reading<'_>, one: &Use, provider: &str) {
    let options = one.argument(0);
    let secret = options.field("clientSecret");
    // A word that stands for both is there because something has to be.
    let filler = secret.as_text().is_some() && secret.as_text() == options.field("clientId").as_text();
    if !filler && matches!(secret.kind, Kind::Text(_) | Kind::Choice(..)) {
        reading.secret(&format!("{provider}.clientSecret"), &secret, SecretFacts::of("api_key"));
    }
    let linking = options.field("allowDangerousEmailAccountLinking");
    if !linking.is_absent() {
        let links = Reader::Truthy.apply(&linking);
        let resource = reading
            .resource(auth::KIND, provider, one.place)
            .set_at(auth::links_by_email, links, "allowDangerousEmailAccountLinking")
            .written_at(auth::links_by_email, &options, "allowDangerousEmailAccountLinking");
        reading.add(resource);
    }
    let checks = options.field("checks");
    if checks.is_absent() {
        return;
    }
    let pkce = checks.each(&mut |checks| {
        let kind = match &checks.kind {
            Kind::List { items, open: None } => {
                let has = |wanted: &str| items.iter().any(|item| item.as_text().is_some_and(|text| text.is(wanted)));
                Kind::Text(Text::new(if has("pkce") { "s256" } else { "none" }))
            }
            Kind::Text(text) => Kind::Text(Text::new(if text.is("pkce") { "s256" } else { "none" })),
            Kind::Unknown(unknown) => Kind::Unknown(unknown.clone()),
            _ => Kind::Unknown(Because::Undecided.into()),
        };
        Value::new(kind, &checks.trail)
    });
    // A list with `state` or `nonce` alone is what some services take: only none at all is no check.
    let is_none = checks
        .as_list()
        .is_some_and(|items| items.iter().all(|item| item.as_text().is_some_and(|text| text.is("none"))));
    let is_known = checks.as_list().is_some();
    if is_known && !is_none {
        return;
    }
    let resource = reading
        .resource(oauth::KIND, provider, one.place)
        .set_at(oauth::pkce, pkce, "checks")
        .set(oauth::client_type, reading.word("confidential", one.place));
    reading.add(resource);
}

/// A form of one's own: what it asks before it lets somebody in.
fn credentials(reading: &mut Reading<'_>, one: &Use) {
    let authorize = one.argument(0).field("authorize");
    let Kind::Function(closure) = &authorize.kind else { return };
    let guarded = reading.evaluator.guard(&|_| authorize.clone(), &["credentials", "request"], Answer::Truth);
    let place = reading.place_of(&authorize);
    let asked = one.argument(0).field("credentials");
    let asks_nothing = closure.function.params.is_empty() && asked.fields().is_empty() && !asked.is_unknown();
    let verifies = match guarded.guard {
        // Who asks for nothing makes a guest of everybody, unless somebody in particular is written there.
        Some(Guard::Nothing) if asks_nothing && !reading.evaluator.only_answers(&authorize) => {
            Value::unknown(Because::Undecided, &authorize.trail)
        }
        Some(Guard::Nothing) => reading.stated(Kind::Bool(false), place),
        Some(_) => reading.stated(Kind::Bool(true), place),
        // Something that is not followed decides: well where it holds a password against a hash, or another service asks.
        None if verifies(reading, &authorize, MOST_STEPS) => reading.stated(Kind::Bool(true), place),
        None => Value::unknown(Because::Undecided, &authorize.trail),
    };
    let written = fixed_proof(reading, closure.file, &closure.function.body);
    let known = Value::written(Kind::Bool(written.is_some()), written.unwrap_or(place));
    let resource = reading
        .resource(login::KIND, "credentials", one.place)
        .set_at(login::verifies_identity, verifies, "authorize")
        .set_at(login::known_credentials, known, "authorize")
        .set(login::runs, reading.word("on_request", place))
        .only_if(one.present.clone());
    reading.add(resource);
}

/// Whether a function, or one that it calls, hands what a visitor says to something that is made to check it.
fn verifies(reading: &Reading<'_>, function: &Value, steps: usize) -> bool {
    let (Kind::Function(closure), Some(steps)) = (&function.kind, steps.checked_sub(1)) else { return false };
    let mut called: Vec<&Expr> = Vec::new();
    visit(&closure.function.body, &mut |expr, _| {
        if let ExprKind::Call { callee, is_new: false, .. } = &expr.kind {
            called.push(callee);
        }
    });
    called.into_iter().take(40).any(|callee| {
        let name = match &callee.kind {
            ExprKind::Name(name) | ExprKind::Member { property: name, .. } => name.to_ascii_lowercase(),
            _ => return false,
        };
        VERIFIERS.iter().any(|verifier| name.starts_with(verifier))
            || steps > 0 && {
                let value = reading.evaluator.expression_at(closure.file, callee);
                matches!(value.kind, Kind::Function(_)) && verifies(reading, &value, steps)
            }
    })
}

/// Where a function holds a password against a text that is written in the code.
fn fixed_proof(
    reading: &Reading<'_>,
    file: crate::syntax::FileId,
    body: &[crate::syntax::code::Statement],
) -> Option<Place> {
    let mut found = None;
    visit(body, &mut |expr, guards| {
        let ExprKind::Binary(BinaryOp::Equal | BinaryOp::LooseEqual, left, right) = &expr.kind else { return };
        let is_written = |value: &Expr| {
            reading.evaluator.expression_at(file, value).as_text().is_some_and(|text| !text.is_empty())
                && matches!(value.kind, ExprKind::Text(_))
        };
        let holds = is_proof(left) && is_written(right) || is_proof(right) && is_written(left);
        if holds && reading.evaluator.runs(file, guards) {
            found = found.or(Some(Place::File(file, expr.span)));
        }
    });
    found
}

fn is_proof(expr: &Expr) -> bool {
    let name = match &expr.kind {
        ExprKind::Member { property: name, .. } | ExprKind::Name(name) => name,
        _ => return false,
    };
    PROOFS.iter().any(|proof| name.eq_ignore_ascii_case(proof))
}

/// Whether the library believes the Host header: it refuses every request where it does not.
fn host(reading: &mut Reading<'_>, one: &Use, is_next_auth: bool, options: &Value) {
    let version = reading
        .found
        .package
        .and_then(|package| reading.documents.project.resolved_version(package, "next-auth").version().cloned());
    // NextAuth 4 takes its address from a variable of its own.
    if is_next_auth && version.is_none_or(|version| version.major < 5) {
        return;
    }
    let name: Arc<str> = "AUTH_TRUST_HOST".into();
    let hosted = reading
        .environment
        .target
        .as_ref()
        .is_some_and(|target| ["Vercel", "Cloudflare Pages"].contains(&target.nature.name));
    // A template that names one of them means the host to set it.
    let declared = BELIEVES.iter().any(|name| !reading.environment.declared(name).is_empty());
    let told = BELIEVES.iter().map(|name| reading.evaluator.variable(name, one.place));
    let mut by_variable = told.collect::<Vec<_>>();
    by_variable.retain(|value| !value.is_absent());
    let written = Reader::Truthy.apply(&options.field("trustHost"));
    let given = match written.as_bool() {
        Some(written_) => Value::new(Kind::Bool(written_), &written.trail),
        None if !written.is_absent() => written,
        None if hosted || declared || by_variable.iter().any(|value| value.as_text().is_some()) => {
            reading.stated(Kind::Bool(true), one.place)
        }
        None if by_variable.is_empty() => reading.stated(Kind::Bool(false), one.place),
        None => Value::unknown(Because::Undecided, &reading.stated(Kind::Absent, one.place).trail),
    };
    if given.as_bool() != Some(true) {
        reading.needed.push(Needed { variable: name, by: "Auth.js".into(), given_in_code: given, place: one.place });
    }
}
