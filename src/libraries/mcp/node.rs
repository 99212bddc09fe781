//! Servers that are made with the TypeScript SDK.

use super::doors;
use super::exported;
use super::guards::Protection;
use super::routes;
use super::states::{NONE, both, checks_by_host, either};
use crate::eval::{Because, How, Kind, Place, Step, Use, Value, Way};
use crate::facts;
use crate::reading::bench::Reading;
use crate::settings::mcp_server;
use crate::syntax::FileId;

/// Modules of servers that carry the protocol, beside those of the SDK.
const SERVERS: &[&str] =
    &["express", "fastify", "hono", "@hono/node-server", "http", "https", "node:http", "node:https"];

/// What the SDK's modules begin with.
const SDK: &str = "@modelcontextprotocol/";

/// Modules whose things stand before routes.
const GUARDS: &[&str] = &["@fastify/bearer-auth", "@fastify/basic-auth"];

/// Completes the endpoints whose transports the facts found.
pub(super) fn read(reading: &mut Reading<'_>) {
    let made: Vec<(usize, Place)> = endpoints(reading);
    if made.is_empty() {
        return;
    }
    let uses = uses(reading);
    let is_next = is_next(reading);
    let beyond = match is_next {
        true => reading.stated(Kind::Bool(true), reading.place()),
        false => doors::beyond(reading, &uses),
    };
    let helper = helper_checks(&uses);
    for (index, place) in made {
        let trail = Step::start(place, How::Written);
        let unclear = Value::unknown(Because::Undecided, &trail);
        let exported = || is_next.then(|| exported::protection(reading, place)).flatten();
        let protection = exported().or_else(|| routes::protection(reading, &uses, place));
        let protection =
            protection.unwrap_or_else(|| Protection { authentication: unclear, ..Protection::nothing(&trail) });
        let resource = &mut reading.model.resources[index];
        let own = resource.value(mcp_server::host_check).cloned();
        let own = own.filter(|own| !own.is_absent()).unwrap_or_else(|| Value::new(Kind::Bool(false), &trail));
        let mut checked = Value::new(own.kind.clone(), &trail);
        if let Some(helper) = &helper {
            checked = either(&checked, helper);
        }
        if protection.checks_host {
            checked = Value::new(Kind::Bool(true), &trail);
        }
        // A page in somebody's browser has no token to send.
        let asks = protection.authentication.each(&mut |word| match word.as_text().map(|text| text.is(NONE)) {
            Some(is_none) => Value::new(Kind::Bool(!is_none), &trail),
            None => Value::new(word.kind.clone(), &word.trail),
        });
        let checked = either(&checked, &asks);
        let name = resource.name.clone();
        let enabled = Value::new(Kind::Bool(true), &trail);
        *resource =
            resource.clone().set_at(mcp_server::enabled, enabled, name).spot_at(mcp_server::host_check, "allowedHosts");
        *resource = resource.clone().with_fix(mcp_server::host_check, CHECK_HOSTS);
        resource.put(mcp_server::listens, beyond.clone());
        resource.put(mcp_server::authentication, protection.authentication);
        // Whoever serves a route of Next.js to the world answers for its own names alone.
        if !is_next {
            resource.put(mcp_server::host_check, checked);
        }
        if let Some(token) = protection.token {
            resource.put(mcp_server::agent_token, token);
            *resource = resource.clone().with_fix(mcp_server::agent_token, OWN_TOKEN);
        }
    }
}

/// Where a token of one's own belongs.
const OWN_TOKEN: &str =
    "Read the token from a variable, and set that on the host to a random value (openssl rand -hex 32).";

/// How the transports of the SDK check where a request comes from.
const CHECK_HOSTS: &str = "Set `enableDnsRebindingProtection` to `true`, with your host names in `allowedHosts` and your sites in `allowedOrigins`.";

fn is_next(reading: &Reading<'_>) -> bool {
    reading.found.framework_name() == "next"
}

/// The endpoints of scripts.
fn endpoints(reading: &Reading<'_>) -> Vec<(usize, Place)> {
    let is_script = |file: FileId| reading.documents.project.file(file).kind.is_script();
    let all = reading.model.resources.iter().enumerate();
    all.filter(|(_, resource)| resource.kind.name == mcp_server::KIND.name && resource.app == reading.app)
        .filter(|(_, resource)| resource.place.in_file().is_some_and(|(file, _)| is_script(file)))
        .map(|(index, resource)| (index, resource.place))
        .collect()
}

fn is_meant(module: &str) -> bool {
    let of = |known: &str| module == known || module.strip_prefix(known).is_some_and(|rest| rest.starts_with('/'));
    module.starts_with(SDK) || SERVERS.iter().chain(GUARDS).any(|known| of(known))
}

/// Everything that the app does with its servers.
fn uses(reading: &Reading<'_>) -> Vec<Use> {
    let project = reading.documents.project;
    let files = facts::files_of(project, reading.found);
    let spelled = |module: &&str| ['"', '\'', '`'].map(|quote| format!("{quote}{module}"));
    let words: Vec<String> = SERVERS.iter().chain(GUARDS).chain([&SDK]).flat_map(spelled).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut importing = project.mentioning(&files, &words);
    importing.retain(|file| project.file(*file).kind.is_script());
    reading.evaluator.uses(&importing, &files, &is_meant)
}

/// Whether the SDK's helper that makes the app checks Host headers; none where nobody calls it.
fn helper_checks(uses: &[Use]) -> Option<Value> {
    let is_helper = |one: &&Use| {
        matches!(one.way, Way::Called) && one.export.starts_with("createMcp") && one.export.ends_with("App")
    };
    uses.iter().filter(is_helper).map(checks).reduce(|one, other| both(&one, &other))
}

/// A list of hosts, or of this machine's own names where it is told to stay on it.
fn checks(one: &Use) -> Value {
    let options = one.argument(0);
    options.field("allowedHosts").each(&mut |hosts| match &hosts.kind {
        Kind::Absent | Kind::Null => checks_by_host(&options.field("host")),
        Kind::Unknown(unknown) => Value::new(Kind::Unknown(unknown.clone()), &hosts.trail),
        _ => Value::new(Kind::Bool(true), &hosts.trail),
    })
}
