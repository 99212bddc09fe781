//! What the SDK itself reads from the environment: keys, its public address, whom it trusts, its mode.

use crate::environment::{Role, Variable};
use crate::eval::{Because, Kind, Value, Variables};
use crate::frameworks::frontmcp::shapes::{Server, at};
use crate::frameworks::frontmcp::words::{both, either, never, word, yes_no};
use crate::frameworks::frontmcp::{keys::dead, scope::Scope, tables};
use crate::habits::env_files;
use crate::project::GitState;
use crate::reading::bench::Reading;
use crate::reading::bench::SecretFacts;
use crate::reading::secret_text::secret_value;
use crate::settings::{debug, endpoint, proxy, runtime, signing_key, tenancy};
use crate::syntax::FileId;
use crate::text::Text;

/// A variable that the framework reads by itself: no read of the project's code.
pub(super) fn variable(reading: &Reading<'_>, name: &str) -> Value {
    reading.environment.read(name, reading.place())
}

pub(super) fn read(reading: &mut Reading<'_>, servers: &[Server], scopes: &[Scope]) {
    let listens = any(reading, servers.iter().map(|server| server.listens.clone()));
    signing_keys(reading, scopes);
    own_secrets(reading);
    kept_keys(reading);
    session_secret(reading, &listens);
    public_url(reading, &listens);
    process(reading);
}

/// Whether one of some booleans holds.
fn any(reading: &Reading<'_>, all: impl Iterator<Item = Value>) -> Value {
    let none = reading.stated(Kind::Bool(false), reading.place());
    all.fold(none, |any, one| either(&any, &one))
}

/// The scopes that need something, and whether they do.
fn needs(scopes: &[Scope], question: impl Fn(&Scope) -> Value) -> Vec<(&Scope, Value)> {
    let asked = scopes.iter().map(|scope| (scope, question(scope)));
    asked.filter(|(_, needed)| !never(needed)).collect()
}

/// `JWT_SECRET` signs the tokens of `local` and `remote` mode, and the anonymous ones of public mode; without it each
/// process makes a key of its own. Nothing in the options replaces it.
fn signing_keys(reading: &mut Reading<'_>, scopes: &[Scope]) {
    let tokens = needs(scopes, |scope| both(&scope.signs(), &scope.listens));
    let anonymous = needs(scopes, |scope| both(&scope.is(&["public"]), &scope.listens));
    // One key signs both: what is said of tokens is not said again of anonymous ones.
    let certain = tokens.iter().any(|(_, needed)| needed.as_bool() == Some(true));
    for (name, needed, signs) in [("tokens", tokens, "tokens"), ("anonymous tokens", anonymous, "anonymous")] {
        let Some((first, _)) = needed.first() else { continue };
        if signs == "anonymous" && certain {
            continue;
        }
        // One key for all: it is wanted where the first of them asks for it.
        let place = reading.place_of(&first.mode);
        let key = reading.environment.read("JWT_SECRET", place);
        let source = key.each(&mut |key| match &key.kind {
            Kind::Text(text) if !text.is_blank() => word("configured", key),
            Kind::Absent | Kind::Null | Kind::Text(_) => word("absent", key),
            Kind::Unknown(unknown) if unknown.present => word("configured", key),
            Kind::Unknown(_) => key.clone(),
            _ => Value::unknown(Because::WrongType, &key.trail),
        });
        // Whether callers without a login keep theirs over a restart is not worth a question to the host.
        if signs == "anonymous" && source.is_unknown() {
            continue;
        }
        let none = reading.stated(Kind::Bool(false), place);
        let needed = needed.iter().fold(none, |any, (_, one)| either(&any, one));
        let resource = reading
            .resource(signing_key::KIND, name, place)
            .set_at(signing_key::source, source, "JWT_SECRET")
            .set(signing_key::needed, needed)
            .set(signing_key::signs, reading.word(signs, place))
            .set(signing_key::persisted, reading.stated(Kind::Bool(false), place));
        reading.add(resource);
    }
    seen_key(reading);
    for scope in scopes {
        dead(reading, tables::ROTATION, &scope.options, &scope.label);
    }
}

/// `JWT_SECRET` in a file of which nobody knows whether production loads it: what is seen there is judged, and nothing is
/// asked of what is not.
fn seen_key(reading: &mut Reading<'_>) {
    let key = variable(reading, "JWT_SECRET");
    if let Kind::Choice(..) = key.kind {
        let seen = key.each(&mut |key| match key.kind {
            Kind::Text(_) => key.clone(),
            _ => Value::new(Kind::Absent, &key.trail),
        });
        reading.secret("JWT_SECRET", &seen, SecretFacts::of("signing"));
    }
}

/// Secrets that an operator chooses and whose names do not say what they are for.
const OWN_SECRETS: &[(&str, &str)] = &[("FRONTMCP_METRICS_TOKEN", "agent"), ("REMEMBER_SECRET", "encryption")];

fn own_secrets(reading: &mut Reading<'_>) {
    let variables: Vec<Variable> = reading.environment.variables().collect();
    for (name, purpose) in OWN_SECRETS {
        let counts = |own: &&Variable| matches!(own.role, Role::Loaded | Role::Intent | Role::Target);
        for variable in variables.iter().filter(|own| &*own.name == *name).filter(counts) {
            if let Some(written) = secret_value(name, &variable.value) {
                reading.secret(name, &written.value, SecretFacts::of(purpose));
            }
        }
        reading.spoken_for.insert((*name).into());
    }
}

/// Keys of development that the SDK keeps in a folder of its own, which is for no repository.
fn kept_keys(reading: &mut Reading<'_>) {
    let project = reading.documents.project;
    let is_key = |file: &FileId| {
        let kept = project.file(*file).git != GitState::Ignored;
        kept && project.mentions(*file, &["\"d\"", "PRIVATE KEY"])
    };
    let files: Vec<FileId> = project.within(&at(&reading.found.root, ".frontmcp")).filter(is_key).collect();
    for file in files {
        env_files::key(reading, file);
    }
}

/// `MCP_SESSION_SECRET` encrypts session ids; from 0.8 on a production server refuses its first request without it.
fn session_secret(reading: &mut Reading<'_>, listens: &Value) {
    if never(listens) || reading.facts.at_least(0, 8) == Some(false) {
        return;
    }
    let value = variable(reading, "MCP_SESSION_SECRET");
    // A value that can be seen is judged where it stands.
    if value.as_text().is_some_and(|text| !text.is_blank()) {
        return;
    }
    let facts = SecretFacts { required: Some(true), ..SecretFacts::of("session") };
    reading.secret_if("MCP_SESSION_SECRET", &value, facts, listens.clone());
}

/// `FRONTMCP_PUBLIC_URL` pins the server's own address from 1.5 on; without it each request's Host decides.
fn public_url(reading: &mut Reading<'_>, listens: &Value) {
    let url = variable(reading, "FRONTMCP_PUBLIC_URL");
    let place = reading.place_of(&url);
    if !never(listens) && reading.facts.at_least(1, 5) != Some(false) {
        let known = reading.version_known(place);
        let url = url.each(&mut |url| match &url.kind {
            Kind::Text(text) if text.is_blank() => Value::new(Kind::Absent, &url.trail),
            _ => url.clone(),
        });
        let resource = reading
            .resource(endpoint::KIND, "public address", place)
            .set(endpoint::role, reading.word("own_public_url", place))
            .set_at(endpoint::url, url, "FRONTMCP_PUBLIC_URL")
            .set(endpoint::version_known, known)
            .only_if(listens.clone());
        reading.add(resource);
    }
    let trusts = variable(reading, "FRONTMCP_TRUST_PROXY");
    if let Some(text) = trusts.as_text() {
        let on = text.test(|text| matches!(text.trim().to_ascii_lowercase().as_str(), "1" | "true" | "yes" | "on"));
        let pinned = url.each(&mut |url| match &url.kind {
            Kind::Text(text) => yes_no(!text.is_blank(), url),
            Kind::Absent => yes_no(false, url),
            _ => url.clone(),
        });
        let resource = reading
            .resource(proxy::KIND, "forwarded headers", reading.place_of(&trusts))
            .set_at(proxy::trusts_forwarded, yes_no(on, &trusts), "FRONTMCP_TRUST_PROXY")
            .set_at(proxy::public_url_pinned, pinned, "FRONTMCP_PUBLIC_URL");
        reading.add(resource);
    }
}

/// The mode that the environment puts the process in.
fn process(reading: &mut Reading<'_>) {
    let place = reading.place();
    let environment =
        crate::frameworks::frontmcp::deployment::node_env(reading).unwrap_or_else(|| variable(reading, "NODE_ENV"));
    let resource = reading
        .resource(runtime::KIND, "app", place)
        .set_at(runtime::environment_name, environment, "NODE_ENV")
        .set_at(runtime::machine_id, variable(reading, "MACHINE_ID"), "MACHINE_ID");
    reading.add(resource);
    // FrontMCP has no tenants of its own.
    let resource = reading.resource(tenancy::KIND, "tenancy", place);
    reading.add(resource);
    let switch = variable(reading, "DEBUG");
    if let Kind::Text(text) = &switch.kind {
        let on = yes_no(!text.is_blank() && !is_off(text), &switch);
        let resource = reading
            .resource(debug::KIND, "DEBUG", reading.place_of(&switch))
            .set_at(debug::enabled, on, "DEBUG")
            .set(debug::effect, word("diagnostics", &switch));
        reading.add(resource);
    }
}

fn is_off(text: &Text) -> bool {
    text.test(|text| matches!(text.trim().to_ascii_lowercase().as_str(), "0" | "false" | "off" | "no"))
}
