//! Who gets in: the mode, anonymous access, logins, tokens and the clients that get them.

use crate::eval::{Because, Kind, Value};
use crate::frameworks::frontmcp::words::{both, is_there, never, word, yes_no};
use crate::frameworks::frontmcp::{
    dialect,
    keys::{dead, is_written, table},
    scope::Scope,
    tables,
};
use crate::reading::bench::Reading;
use crate::reading::bench::SecretFacts;
use crate::reading::table::Effect;
use crate::settings::{anonymous_access, auth, endpoint, jwt, login, oauth, refresh_token, token_verifier};
use crate::text::Text;

pub(super) fn read(reading: &mut Reading<'_>, scope: &Scope) {
    misfit(reading, scope);
    mode(reading, scope);
    anonymous(reading, scope);
    logins(reading, scope);
    crate::frameworks::frontmcp::stores::of_scope(reading, scope);
    tokens(reading, scope);
    clients(reading, scope);
    verifiers(reading, scope);
    addresses(reading, scope);
    secrets(reading, scope);
}

/// A mode that the installed version has no name for: the server does not start.
fn misfit(reading: &mut Reading<'_>, scope: &Scope) {
    let written = scope.options.path("auth.mode");
    let Kind::Text(text) = &written.kind else { return };
    let version = reading.found.version.clone();
    if reading.found.beyond().is_some() || dialect::knows(version.as_ref(), text) {
        return;
    }
    let key = crate::frameworks::frontmcp::words::named("auth.mode", &scope.label);
    let modes = dialect::modes(version.as_ref());
    let (last, before) = modes.split_last().unwrap_or((&"public", &[]));
    reading.refused_key(&key, &written, &format!("{} or {last}", before.join(", ")));
}

fn mode(reading: &mut Reading<'_>, scope: &Scope) {
    let mode = scope.mode.read(&|mode| match mode.as_text() {
        Some(text) => Kind::Text(Text::new(if text.is("public") { "public" } else { "guarded" })),
        None => Kind::Unknown(Because::WrongType.into()),
    });
    let place = reading.place_of(&scope.mode);
    let resource = reading
        .resource(auth::KIND, &*scope.label, place)
        .set_at(auth::mode, mode, "auth.mode")
        .with_fix(auth::mode, "Set {key} to `\"local\"`, `\"remote\"` or `\"transparent\"`.")
        .set(auth::scope, word(scope.reach, &scope.mode))
        .set(auth::listens, scope.listens.clone());
    reading.add(resource);
}

fn anonymous(reading: &mut Reading<'_>, scope: &Scope) {
    for (rows, modes, name) in [
        (tables::ANONYMOUS, &["transparent"][..], "allowAnonymous"),
        (tables::DEFAULT_PUBLIC, &["local", "remote"], "allowDefaultPublic"),
    ] {
        let present = both(&scope.is(modes), &scope.listens);
        if never(&present) {
            continue;
        }
        let name = format!("{} ({name})", scope.label);
        let resource = table(reading, anonymous_access::KIND, &name, rows, &scope.options, &scope.label)
            .set(anonymous_access::scope, word("server", &scope.mode))
            .only_if(present);
        reading.add(resource);
    }
}

/// The login of a server that knows its users itself: a verifier or providers of the project, else the built-in page,
/// which gives anybody a token.
fn logins(reading: &mut Reading<'_>, scope: &Scope) {
    let present = both(&scope.is(&["local"]), &scope.listens);
    if never(&present) {
        return;
    }
    let block = scope.options.field("auth");
    let verifier = block.field("authenticate");
    let verifies = verifies(reading, &verifier);
    let has_providers = is_there(&block.field("providers").or_default(&|_| block.path("local.providers")));
    let verifies = crate::frameworks::frontmcp::words::either(&verifies, &has_providers);
    // The built-in login is nowhere written: its place is that of the mode.
    let verifies = verifies.each(&mut |verifies| match verifies.kind {
        Kind::Bool(false) if verifier.is_absent() => yes_no(false, &scope.mode),
        _ => verifies.clone(),
    });
    let place = reading.place_of(&scope.mode);
    let name = if verifier.is_absent() { "the built-in sign-in page" } else { "`authenticate`" };
    let name = if &*scope.label == "server" { name.to_owned() } else { format!("{name} of {}", scope.label) };
    let resource = reading
        .resource(login::KIND, name, place)
        .set_at(login::verifies_identity, verifies, "auth.authenticate")
        .set(login::runs, word("on_request", &scope.mode))
        .only_if(present);
    reading.add(resource);
    compared(reading, &verifier, scope);
}

/// Whether a verifier checks anything: one that says yes whatever comes in does not.
fn verifies(reading: &Reading<'_>, verifier: &Value) -> Value {
    verifier.each(&mut |verifier| match &verifier.kind {
        Kind::Absent | Kind::Null => yes_no(false, verifier),
        Kind::Function(_) => {
            let input = Value::unknown(Because::Call("its caller".into()), &verifier.trail);
            let result = reading.evaluator.call(verifier, vec![input]);
            let always = result.field("ok").as_bool() == Some(true);
            let at = if always { &result } else { verifier };
            yes_no(!always, at)
        }
        _ => yes_no(true, verifier),
    })
}

/// Credentials in the code of a verifier: what it compares its input with, and what it hands to the session.
fn compared(reading: &mut Reading<'_>, verifier: &Value, scope: &Scope) {
    let Kind::Function(function) = &verifier.kind else { return };
    let expected = reading.evaluator.compared(function);
    let mut seen: Vec<Value> = Vec::new();
    for value in expected {
        let is_text = value.as_text().is_some_and(|text| !text.is_blank() && text.chars() >= 6);
        if is_text && !seen.iter().any(|other| other.trail.primary() == value.trail.primary()) {
            let name = crate::frameworks::frontmcp::words::named(
                &format!("auth.authenticate: credential {}", seen.len() + 1),
                &scope.label,
            );
            reading.secret(&name, &value, SecretFacts::of("password"));
            seen.push(value);
        }
    }
    let input = Value::unknown(Because::Call("its caller".into()), &verifier.trail);
    let result = reading.evaluator.call(verifier, vec![input]);
    let mut handed: Vec<Value> = Vec::new();
    result.each(&mut |result| {
        for item in result.field("credentials").as_list().unwrap_or_default() {
            handed.push(item.field("secret"));
        }
        result.clone()
    });
    for value in handed {
        if value.as_text().is_some() && !seen.iter().any(|other| other.trail.primary() == value.trail.primary()) {
            let name = crate::frameworks::frontmcp::words::named(
                &format!("auth.authenticate: secret {}", seen.len() + 1),
                &scope.label,
            );
            reading.secret(&name, &value, SecretFacts::of("api_key"));
            seen.push(value);
        }
    }
}

fn tokens(reading: &mut Reading<'_>, scope: &Scope) {
    let local = scope.signs();
    if !never(&local) {
        for rows in [tables::ACCESS_TOKEN, tables::REFRESH_TOKEN] {
            dead(reading, rows, &scope.options, &scope.label);
        }
        let resource = table(reading, refresh_token::KIND, &scope.label, tables::REFRESH, &scope.options, &scope.label)
            .only_if(local);
        reading.add(resource);
    }
    let public = scope.is(&["public"]);
    if !never(&public) {
        let name = format!("{} (anonymous sessions)", scope.label);
        let resource = table(reading, jwt::KIND, &name, tables::ANONYMOUS_TOKEN, &scope.options, &scope.label)
            .set(jwt::kind, word("anonymous", &scope.mode))
            .only_if(public);
        reading.add(resource);
    }
}

fn clients(reading: &mut Reading<'_>, scope: &Scope) {
    let known = reading.version_known(reading.place_of(&scope.options));
    let issues = scope.signs();
    if !never(&issues) {
        // The schema of a local server alone has the block (`localAuthSchema` in `orchestrated.schema.ts`).
        let options = match never(&scope.is(&["local"])) {
            true => without(&scope.options, &["auth", "dcr"]),
            false => scope.options.clone(),
        };
        let dcr = options.path("auth.dcr");
        let gate = crate::frameworks::frontmcp::words::either(
            &is_there(&dcr.field("initialAccessToken")),
            &is_there(&dcr.field("allowedRedirectUris")),
        );
        let resource = table(reading, oauth::KIND, &scope.label, tables::OAUTH, &options, &scope.label)
            .set(oauth::issues_tokens, yes_no(true, &scope.mode))
            .set_at(oauth::registration_gated, gate, "auth.dcr.initialAccessToken")
            .set(oauth::version_known, known)
            .only_if(issues);
        reading.add(resource);
    }
    let scopes = format!("{} (anonymous scopes)", scope.label);
    let resource = table(reading, oauth::KIND, &scopes, tables::SCOPES, &scope.options, &scope.label);
    reading.add(resource);
    let transparent = scope.is(&["transparent"]);
    if !never(&transparent) {
        let name = format!("{} (required scopes)", scope.label);
        let resource = table(reading, oauth::KIND, &name, tables::REQUIRED_SCOPES, &scope.options, &scope.label)
            .only_if(transparent);
        reading.add(resource);
    }
    let upstream = scope.is(&["transparent", "remote"]);
    // A server without an identity provider has nowhere to register itself.
    let registers = scope.options.written_at("auth.dcrEnabled").filter(|own| own.as_bool() != Some(false));
    if let Some(value) = registers.filter(|_| never(&upstream)) {
        let key = crate::frameworks::frontmcp::words::named("auth.dcrEnabled", &scope.label);
        reading.written_key(&key, &value, Effect::Ignored, Some("auth.dcr.enabled"));
    }
    if !never(&upstream) {
        let name = format!("{} (at its identity provider)", scope.label);
        let resource = table(reading, oauth::KIND, &name, tables::UPSTREAM, &scope.options, &scope.label)
            .set(oauth::registration_gated, yes_no(true, &scope.mode))
            .only_if(upstream.clone());
        reading.add(resource);
        let name = format!("{} (requested scopes)", scope.label);
        let resource = table(reading, oauth::KIND, &name, tables::REQUESTED_SCOPES, &scope.options, &scope.label)
            .only_if(upstream);
        reading.add(resource);
    }
    if is_written(tables::SESSION, &scope.options) {
        let resource =
            table(reading, crate::settings::session::KIND, &scope.label, tables::SESSION, &scope.options, &scope.label);
        reading.add(resource);
    }
}

/// An object without what stands under a path.
fn without(object: &Value, path: &[&str]) -> Value {
    let Some((first, rest)) = path.split_first() else { return object.clone() };
    object.each(&mut |object| {
        let Kind::Object { fields, open } = &object.kind else { return object.clone() };
        let kept = fields.iter().filter(|(key, _)| !rest.is_empty() || &**key != *first);
        let kept = kept.map(|(key, value)| match &**key == *first {
            true => (key.clone(), without(value, rest)),
            false => (key.clone(), value.clone()),
        });
        Value::new(Kind::Object { fields: kept.collect(), open: open.clone() }, &object.trail)
    })
}

fn verifiers(reading: &mut Reading<'_>, scope: &Scope) {
    let transparent = scope.is(&["transparent"]);
    if !never(&transparent) {
        let resource =
            table(reading, token_verifier::KIND, &scope.label, tables::VERIFIER, &scope.options, &scope.label);
        let written = resource.value(token_verifier::audience).cloned().unwrap_or_else(|| transparent.clone());
        let pinned = crate::frameworks::frontmcp::environment::variable(reading, "FRONTMCP_PUBLIC_URL");
        let at = anchor(scope);
        let audience = written.each(&mut |audience| match (&audience.kind, &pinned.kind) {
            (Kind::Absent, Kind::Text(text)) if !text.is_blank() => {
                Value::new(Kind::List { items: [pinned.clone()].into(), open: None }, &pinned.trail)
            }
            (Kind::Absent, _) if audience.trail.primary() == scope.options.trail.primary() => {
                Value::new(Kind::Absent, &at.trail)
            }
            _ => audience.clone(),
        });
        // The place where fallbacks meet, not the literal that the provider's address comes from as well.
        let audience = crate::frameworks::frontmcp::words::anchored(&audience, written.trail.place);
        let from = source_of_audience(&written, &provider(scope), matches!(pinned.kind, Kind::Text(_)));
        let resource = resource
            .set_at(token_verifier::audience, audience, "auth.expectedAudience")
            .set_at(
                token_verifier::audience_from,
                crate::frameworks::frontmcp::words::anchored(&from, written.trail.place),
                "auth.expectedAudience",
            )
            .set(token_verifier::key_source, word("remote", &scope.mode))
            .only_if(transparent);
        reading.add(resource);
    }
    let upstream = scope.is(&["transparent", "remote"]);
    if !never(&upstream) {
        let name = format!("{} (issuer)", scope.label);
        let resource = table(reading, token_verifier::KIND, &name, tables::ISSUER, &scope.options, &scope.label)
            .set(token_verifier::key_source, word("remote", &scope.mode))
            .only_if(upstream);
        reading.add(resource);
    }
}

/// The block in which a key of `auth` belongs.
fn anchor(scope: &Scope) -> Value {
    let block = scope.options.field("auth");
    if block.is_absent() { scope.options.clone() } else { block }
}

/// The address of the identity provider, in each dialect.
fn provider(scope: &Scope) -> Value {
    let block = scope.options.field("auth");
    block.field("provider").or_default(&|_| block.path("remote.provider")).or_default(&|_| block.field("baseUrl"))
}

/// Whether the audience says more than the identity provider's own address.
fn source_of_audience(audience: &Value, provider: &Value, pinned: bool) -> Value {
    audience.each(&mut |audience| {
        if audience.is_absent() {
            return word(if pinned { "public_url" } else { "configured" }, audience);
        }
        let items = match &audience.kind {
            Kind::List { items, .. } => items.to_vec(),
            _ => vec![audience.clone()],
        };
        provider.each(&mut |provider| {
            let same = !items.is_empty() && items.iter().all(|item| item.same_as(provider) == Some(true));
            word(if same { "issuer" } else { "configured" }, audience)
        })
    })
}

/// Addresses of the identity provider and of the server itself.
fn addresses(reading: &mut Reading<'_>, scope: &Scope) {
    let block = scope.options.field("auth");
    let upstream = scope.is(&["transparent", "remote"]);
    let mut found: Vec<(String, Value, &str, Value)> = Vec::new();
    if !never(&upstream) {
        let key = if block.field("provider").is_absent() && !block.path("remote.provider").is_absent() {
            "auth.remote.provider"
        } else {
            "auth.provider"
        };
        found.push((key.into(), provider(scope), "auth", upstream.clone()));
        for holder in ["providerConfig", "remote"] {
            for (key, value) in block.field(holder).fields() {
                if key.ends_with("Endpoint") || &**key == "jwksUri" {
                    found.push((format!("auth.{holder}.{key}"), value.clone(), "auth", upstream.clone()));
                }
            }
        }
    }
    let transparent = scope.is(&["transparent"]);
    if !never(&transparent) {
        found.push(("auth.expectedAudience".into(), block.field("expectedAudience"), "public_url", transparent));
    }
    let signs = scope.signs();
    if !never(&signs) {
        found.push(("auth.local.issuer".into(), block.path("local.issuer"), "auth", signs));
    }
    for (key, value, role, present) in found {
        if value.is_absent() || matches!(value.kind, Kind::List { .. }) {
            continue;
        }
        let value = crate::frameworks::frontmcp::words::as_written(&value);
        let place = reading.place_of(&value);
        let resource = reading
            .resource(endpoint::KIND, crate::frameworks::frontmcp::words::named(&key, &scope.label), place)
            .set(endpoint::role, word(role, &value))
            .set_at(endpoint::url, value, key)
            .only_if(present);
        reading.add(resource);
    }
}

/// Secrets of the `auth` block.
fn secrets(reading: &mut Reading<'_>, scope: &Scope) {
    let block = scope.options.field("auth");
    let mut found: Vec<(String, Value)> = Vec::new();
    for key in ["clientSecret", "remote.clientSecret", "providerConfig.clientSecret", "dcr.initialAccessToken"] {
        found.push((format!("auth.{key}"), block.path(key)));
    }
    for (list, key) in
        [("dcr.clients", "clientSecret"), ("providers", "clientSecret"), ("local.providers", "clientSecret")]
    {
        for (index, item) in block.path(list).as_list().unwrap_or_default().iter().enumerate() {
            found.push((format!("auth.{list}[{index}].{key}"), item.field(key)));
        }
    }
    for (index, item) in block.field("tokens").as_list().unwrap_or_default().iter().enumerate() {
        let value = if let Kind::Object { .. } = item.kind {
            item.field("token").or_default(&|_| item.field("value"))
        } else {
            item.clone()
        };
        found.push((format!("auth.tokens[{index}]"), value));
    }
    // A JWK is secret where it has a private part.
    for key in ["local.signKey", "signKey"] {
        for part in ["d", "k"] {
            found.push((format!("auth.{key}.{part}"), block.path(key).field(part)));
        }
    }
    for (key, value) in found {
        if crate::frameworks::frontmcp::words::is_seen(&value) {
            reading.secret(
                &crate::frameworks::frontmcp::words::named(&key, &scope.label),
                &value,
                SecretFacts::of("api_key"),
            );
        }
    }
}
