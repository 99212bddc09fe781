//! Servers that are made with the Python SDK or with FastMCP: where they listen, and which headers they check.

use super::states::{NONE, both, checks_by_host, either, is, reaches_beyond};
use crate::eval::{Because, How, Kind, Place, Step, Trail, Use, Value, Way};
use crate::facts;
use crate::platforms::{self, Served};
use crate::project::Version;
use crate::reading::bench::{Reading, SecretFacts};
use crate::settings::{debug, errors, mcp_server};
use crate::syntax::FileId;
use crate::syntax::code::{Expr, ExprKind, visit};
use crate::text::Text;

/// Methods that run a server, and the transport that each takes by itself.
const RUNS: &[(&str, Option<&str>)] = &[
    ("run", None),
    ("run_async", None),
    ("run_http_async", Some("http")),
    ("run_streamable_http_async", Some("streamable-http")),
    ("run_sse_async", Some("sse")),
    ("run_stdio_async", Some("stdio")),
];

/// Methods that make an app for a web server.
const APPS: &[&str] = &["streamable_http_app", "http_app", "sse_app"];

/// The words that make a switch true.
const TRUE: &[&str] = &["1", "true", "t", "yes", "y", "on"];

/// Headers that carry credentials, as code names them.
const CREDENTIALS: &[&str] = &["authorization", "x-api-key", "api-key", "bearer"];

/// Middleware that asks callers who they are, as code names it.
const ASKS: &[&str] = &["AuthenticationMiddleware", "RequireAuthMiddleware", "BearerAuthBackend", "AuthMiddleware"];

/// What a lower layer of the SDK makes for a web server.
const MANAGERS: &[&str] = &["StreamableHTTPSessionManager", "SseServerTransport"];

/// One server.
struct Server {
    /// Its place among the resources.
    index: usize,
    /// The call that makes it.
    place: Place,
    /// What the call is given.
    made: Use,
    /// Whether it is FastMCP, and not the SDK.
    is_fastmcp: bool,
    /// The package's version.
    version: Option<Version>,
}

/// What one way to run a server means.
struct Running {
    /// Whether other machines reach it.
    listens: Value,
    /// Whether Host headers are checked.
    host_check: Value,
}

/// Completes the servers that the facts found.
pub(super) fn read(reading: &mut Reading<'_>) {
    let uses = uses(reading);
    let servers = servers(reading, &uses);
    if servers.is_empty() {
        return;
    }
    let served = platforms::served(reading);
    let looks = looks_at_credentials(reading);
    for server in servers {
        let trail = Step::start(server.place, How::Written);
        let asker = Asker { reading, uses: &uses, served: served.as_ref(), server: &server, trail };
        let running = asker.running();
        let (masks, debugs) = (asker.unmasked(), asker.debugs());
        let audience = asker.audience();
        let (by_variable, key) = (asker.asks_by_variable(), asker.shared_key());
        let trail = asker.trail.clone();
        let resource = &mut reading.model.resources[server.index];
        let mut authentication = resource.value(mcp_server::authentication).cloned();
        if by_variable {
            authentication = Some(super::states::word(super::states::SOME, &trail));
        }
        if looks && let Some(none) = authentication.as_ref().filter(|word| is(word, NONE)) {
            // Something in the app looks at what callers bring; whether it refuses them is not followed.
            authentication = Some(Value::unknown(Because::Undecided, &none.trail));
        }
        let enabled = Value::new(Kind::Bool(true), &trail);
        let mut completed = resource.clone().set_at(mcp_server::enabled, enabled, resource.name.clone());
        completed.put(mcp_server::listens, running.listens.clone());
        if let Some(authentication) = authentication {
            // A page in somebody's browser has no token to send.
            let asks = authentication.each(&mut |word| match word.as_text() {
                Some(text) => Value::new(Kind::Bool(!text.is(NONE)), &trail),
                None => Value::new(word.kind.clone(), &word.trail),
            });
            let key = if server.is_fastmcp { "host_origin_protection" } else { "transport_security" };
            completed = completed.set_at(mcp_server::host_check, either(&running.host_check, &asks), key);
            completed.put(mcp_server::authentication, authentication);
        }
        if let Some((audience, required)) = audience {
            completed = completed.set_at(mcp_server::audience, audience, "audience").set_at(
                mcp_server::audience_required,
                required,
                "audience",
            );
        }
        let name = completed.name.clone();
        *resource = completed;
        if let Some(key) = key {
            let facts = SecretFacts { required: Some(true), ..SecretFacts::of("signing") };
            reading.secret("JWTVerifier.public_key", &key, facts);
        }
        if let Some(masks) = masks {
            let resource = reading.resource(errors::KIND, name.clone(), server.place);
            let resource = resource.set_at(errors::exposes_internals, masks, "mask_error_details");
            reading.add(resource.only_if(running.listens.clone()));
        }
        let resource = reading.resource(debug::KIND, name, server.place).set_at(debug::enabled, debugs, "debug");
        let effect = reading.word("application", server.place);
        reading.add(resource.set(debug::effect, effect).only_if(running.listens));
    }
}

/// What the app does with servers of the protocol, and with the server that it hands them to.
fn uses(reading: &Reading<'_>) -> Vec<Use> {
    let project = reading.documents.project;
    let files = facts::files_of(project, reading.found);
    let mut importing = project.mentioning(&files, &["mcp", "uvicorn"]);
    importing.retain(|file| project.file(*file).kind.is_python());
    if project.mentioning(&importing, &["mcp"]).is_empty() {
        return Vec::new();
    }
    let is_meant = |module: &str| ["mcp", "fastmcp", "uvicorn"].contains(&module.split('.').next().unwrap_or(module));
    reading.evaluator.uses(&importing, &files, &is_meant)
}

fn servers(reading: &Reading<'_>, uses: &[Use]) -> Vec<Server> {
    let is_python = |file: FileId| reading.documents.project.file(file).kind.is_python();
    let all = reading.model.resources.iter().enumerate();
    let own = all.filter(|(_, resource)| resource.kind.name == mcp_server::KIND.name && resource.app == reading.app);
    own.filter(|(_, resource)| resource.place.in_file().is_some_and(|(file, _)| is_python(file)))
        .filter_map(|(index, resource)| {
            let made = uses.iter().find(|one| one.place == resource.place && matches!(one.way, Way::Called))?.clone();
            let package = made.module.split('.').next().unwrap_or_default();
            let resolved = |package: &str| {
                let id = reading.found.package?;
                reading.documents.project.resolved_version(id, package).version().cloned()
            };
            let version = resolved(package);
            Some(Server { index, place: resource.place, is_fastmcp: package == "fastmcp", version, made })
        })
        .collect()
}

/// Whether code of the app names a header that carries credentials.
fn looks_at_credentials(reading: &Reading<'_>) -> bool {
    let project = reading.documents.project;
    let files = facts::files_of(project, reading.found);
    let mut own = files.iter().copied().filter(|file| project.file(*file).kind.is_python());
    if own.any(|file| project.mentions(file, ASKS)) {
        return true;
    }
    let words: Vec<String> = CREDENTIALS.iter().flat_map(|word| [(*word).to_owned(), titled(word)]).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    project.mentioning(&files, &words).into_iter().filter(|file| project.file(*file).kind.is_python()).any(|file| {
        let Some(module) = reading.documents.module_of(file) else { return false };
        let mut found = false;
        visit(&module.body, &mut |expr, _| {
            if let ExprKind::Text(text) = &expr.kind {
                let is_header = |word: &str| text.test(|text| text.trim().eq_ignore_ascii_case(word));
                found |= CREDENTIALS.iter().any(|word| is_header(word));
            }
        });
        found
    })
}

/// `X-Api-Key`.
fn titled(header: &str) -> String {
    let part = |part: &str| part[..1].to_ascii_uppercase() + &part[1..];
    header.split('-').map(part).collect::<Vec<_>>().join("-")
}

/// What is asked about one server.
struct Asker<'r, 'a> {
    reading: &'r Reading<'a>,
    uses: &'r [Use],
    served: Option<&'r Served>,
    server: &'r Server,
    trail: Trail,
}

impl Asker<'_, '_> {
    /// Where it is reached, over all ways in which it is run.
    fn running(&self) -> Running {
        let mut all: Vec<Running> = Vec::new();
        if MANAGERS.iter().any(|name| self.server.made.export.ends_with(name)) {
            // Nothing is checked here but what is written.
            let anywhere = Value::new(Kind::Text(Text::new("0.0.0.0")), &self.trail);
            let host_check = self.checks(&self.server.made, &anywhere);
            return Running { host_check, ..self.handed_over(&self.server.made) };
        }
        for one in self.uses {
            let Way::Method { name, of } = &one.way else { continue };
            if of.made != self.server.place {
                continue;
            }
            let runs = RUNS.iter().find(|(own, _)| *own == &**name);
            let running = match runs {
                Some((_, transport)) => self.by_itself(one, *transport),
                None if APPS.contains(&&**name) => self.handed_over(one),
                None => continue,
            };
            all.push(Running { listens: both(&self.present(one), &running.listens), ..running });
        }
        let first = all.into_iter().reduce(|one, other| Running {
            // A check that one way lacks is one that the server lacks.
            host_check: both(&one.host_check, &other.host_check),
            listens: either(&one.listens, &other.listens),
        });
        first.unwrap_or_else(|| self.by_command())
    }

    /// Whether a use happens. What stands behind `if __name__ == "__main__"` does where no other program imports the file.
    fn present(&self, one: &Use) -> Value {
        match one.present.is_unknown() && self.asks_for_main(&one.present) {
            true => Value::new(Kind::Bool(self.served.is_none()), &one.present.trail),
            false => one.present.clone(),
        }
    }

    fn asks_for_main(&self, present: &Value) -> bool {
        let project = self.reading.documents.project;
        present.trail.walk(16).iter().filter_map(|step| step.place.in_file()).any(|(file, span)| {
            let text = project.text(file).ok().and_then(|text| text.get(span.start as usize..span.end as usize));
            text.is_some_and(|text| text.len() < 80 && text.contains("__name__"))
        })
    }

    /// It is run by code: `mcp.run(transport="http", host="0.0.0.0")`.
    fn by_itself(&self, one: &Use, transport: Option<&str>) -> Running {
        let written = one.keyword("transport").or_default(&|_| match one.given.arguments.first() {
            Some(first) => first.clone(),
            None => Value::new(Kind::Absent, &self.trail),
        });
        let listens = match transport {
            Some(transport) => self.stated(transport != "stdio"),
            None => self.is_http(&written),
        };
        let bind = self.bind(&one.keyword("host"));
        Running {
            listens: both(&listens, &reaches_beyond(&bind, false)),
            host_check: self.checks(one, &self.host_told(&one.keyword("host"))),
        }
    }

    /// It is handed to a web server, whose address counts.
    fn handed_over(&self, one: &Use) -> Running {
        let host_check = self.checks(one, &self.host_told(&one.keyword("host")));
        let in_code = self.uses.iter().filter(|other| {
            matches!(other.way, Way::Called)
                && &*other.module == "uvicorn"
                && matches!(&*other.export, "run" | "Config")
        });
        let in_code = in_code.map(|other| both(&self.present(other), &reaches_beyond(&other.keyword("host"), false)));
        let by_code = in_code.reduce(|one, other| either(&one, &other));
        let by_command = self.served.map(|served| reaches_beyond(&served.host, false));
        let listens = by_command.or(by_code).unwrap_or_else(|| Value::unknown(Because::Undecided, &self.trail));
        Running { listens, host_check }
    }

    /// Nothing in the code runs it: a command line does.
    fn by_command(&self) -> Running {
        let unclear = || Value::unknown(Because::Undecided, &self.trail);
        let Some(served) = self.served.filter(|served| served.program == "fastmcp") else {
            return Running { listens: unclear(), host_check: unclear() };
        };
        let bind = self.bind(&served.host);
        let listens = both(&self.is_http(&served.transport), &reaches_beyond(&bind, false));
        Running { listens, host_check: self.checks(&self.server.made, &bind) }
    }

    fn stated(&self, truth: bool) -> Value {
        Value::new(Kind::Bool(truth), &self.trail)
    }

    /// Whether a transport is one over HTTP.
    fn is_http(&self, written: &Value) -> Value {
        let reads_variable = self.server.is_fastmcp && self.at_least(3, 0) != Some(false);
        let told = |absent: &Value| match reads_variable {
            true => self.variable("FASTMCP_TRANSPORT").unwrap_or_else(|| absent.clone()),
            false => absent.clone(),
        };
        written.or_default(&told).each(&mut |transport| {
            let kind = match &transport.kind {
                Kind::Text(text) => Kind::Bool(!text.is("stdio")),
                Kind::Absent | Kind::Null => Kind::Bool(false),
                Kind::Unknown(unknown) => Kind::Unknown(unknown.clone()),
                _ => Kind::Unknown(Because::Undecided.into()),
            };
            Value::new(kind, &transport.trail)
        })
    }

    /// The address that it binds: of the call that runs it, of the one that made it where that is read, of a variable.
    fn bind(&self, written: &Value) -> Value {
        let here = |absent: &Value| self.set_later().unwrap_or_else(|| self.by_constructor(absent));
        written.or_default(&here)
    }

    fn by_constructor(&self, absent: &Value) -> Value {
        let reads_host = if self.server.is_fastmcp { self.at_least(3, 0) } else { self.at_least(2, 0) };
        let made = match reads_host {
            Some(true) => absent.clone(),
            _ => self.server.made.keyword("host"),
        };
        made.or_default(&|absent| match self.server.is_fastmcp {
            true => self.variable("FASTMCP_HOST").unwrap_or_else(|| absent.clone()),
            false => absent.clone(),
        })
    }

    /// The host that its Host check goes by: what is assigned later is not seen by it.
    fn host_told(&self, written: &Value) -> Value {
        written.or_default(&|absent| self.by_constructor(absent))
    }

    /// `mcp.settings.host = "0.0.0.0"`, which counts for what it binds.
    fn set_later(&self) -> Option<Value> {
        let (file, _) = self.server.place.in_file()?;
        let module = self.reading.documents.module_of(file)?;
        let mut found = None;
        visit(&module.body, &mut |expr, guards| {
            let ExprKind::Assign { target, value, op: None } = &expr.kind else { return };
            if is_host_setting(target) && self.reading.evaluator.runs(file, guards) {
                found = Some(self.reading.evaluator.expression_at(file, value));
            }
        });
        found
    }

    /// Whether Host and Origin headers are checked where it is run by a call.
    fn checks(&self, one: &Use, host: &Value) -> Value {
        if self.server.is_fastmcp {
            let told = one.keyword("host_origin_protection");
            let told = told.or_default(&|absent| {
                self.variable("FASTMCP_HTTP_HOST_ORIGIN_PROTECTION").unwrap_or_else(|| absent.clone())
            });
            return told.each(&mut |told| {
                let kind = match &told.kind {
                    Kind::Bool(on) => Kind::Bool(*on),
                    Kind::Text(text) => Kind::Bool(is_true(text)),
                    Kind::Absent | Kind::Null => Kind::Bool(false),
                    other => Kind::Unknown(match other {
                        Kind::Unknown(unknown) => unknown.clone(),
                        _ => Because::Undecided.into(),
                    }),
                };
                Value::new(kind, &told.trail)
            });
        }
        let security = one.keyword("transport_security").or_default(&|_| one.keyword("security_settings"));
        let security = security.or_default(&|_| self.server.made.keyword("transport_security"));
        security.each(&mut |security| match &security.kind {
            Kind::Absent | Kind::Null => self.by_default(host),
            Kind::Call(call) => {
                let on = call.keywords.iter().find(|(name, _)| &**name == "enable_dns_rebinding_protection");
                on.map_or_else(|| Value::new(Kind::Bool(true), &security.trail), |(_, on)| on.clone())
            }
            Kind::Unknown(unknown) => Value::new(Kind::Unknown(unknown.clone()), &security.trail),
            _ => Value::unknown(Because::Undecided, &security.trail),
        })
    }

    /// Since 1.23 the SDK checks Host headers by itself where it is told to stay on this machine.
    fn by_default(&self, host: &Value) -> Value {
        match self.at_least(1, 23) {
            Some(true) => checks_by_host(host),
            Some(false) => self.stated(false),
            None => Value::unknown(Because::UnknownVersion, &self.trail),
        }
    }

    /// `FASTMCP_SERVER_AUTH`, which version 2 reads and later ones do not.
    fn asks_by_variable(&self) -> bool {
        let named = self.variable("FASTMCP_SERVER_AUTH").filter(|_| self.server.is_fastmcp);
        self.at_least(3, 0) == Some(false)
            && named.is_some_and(|named| named.as_text().is_some_and(|text| !text.is_empty()))
    }

    /// The key of a verifier that signs with a secret of its own, where it is one.
    fn shared_key(&self) -> Option<Value> {
        let auth = self.server.made.keyword("auth");
        let call = auth.as_call()?;
        let keyword = |wanted: &str| call.keywords.iter().find(|(name, _)| &**name == wanted).map(|(_, value)| value);
        let is_shared = keyword("algorithm")?.as_text()?.test(|text| text.starts_with("HS"));
        keyword("public_key").filter(|_| is_shared).cloned()
    }

    fn at_least(&self, major: u64, minor: u64) -> Option<bool> {
        self.server.version.as_ref().map(|version| *version >= Version::new(major, minor, 0))
    }

    /// A variable that FastMCP reads by itself; none where nothing that can be read sets it: nobody wrote that it counts.
    fn variable(&self, name: &str) -> Option<Value> {
        let value = self.reading.evaluator.variable(name, self.server.place);
        (!matches!(value.kind, Kind::Unknown(_) | Kind::Absent)).then_some(value)
    }

    /// Whether messages of errors reach clients, where there is a switch for that.
    fn unmasked(&self) -> Option<Value> {
        if !self.server.is_fastmcp {
            return None;
        }
        let written = self.switch("mask_error_details", "FASTMCP_MASK_ERROR_DETAILS");
        Some(written.each(&mut |masks| match masks.as_bool() {
            Some(masked) => Value::new(Kind::Bool(!masked), &masks.trail),
            None => masks.clone(),
        }))
    }

    fn debugs(&self) -> Value {
        let variable = if self.server.is_fastmcp { "FASTMCP_DEBUG" } else { "" };
        self.switch("debug", variable)
    }

    /// A switch that is off by default.
    fn switch(&self, keyword: &str, variable: &str) -> Value {
        let written = self.server.made.keyword(keyword).each(&mut |written| match written.kind {
            Kind::Null => Value::new(Kind::Absent, &written.trail),
            _ => written.clone(),
        });
        let told = |absent: &Value| match variable.is_empty() {
            true => absent.clone(),
            false => self.variable(variable).unwrap_or_else(|| absent.clone()),
        };
        written.or_default(&told).each(&mut |value| {
            let kind = match &value.kind {
                Kind::Absent => Kind::Bool(false),
                Kind::Text(text) => Kind::Bool(is_true(text)),
                Kind::Bool(on) => Kind::Bool(*on),
                Kind::Unknown(unknown) => Kind::Unknown(unknown.clone()),
                _ => Kind::Unknown(Because::Undecided.into()),
            };
            Value::new(kind, &value.trail)
        })
    }

    /// For whom tokens have to be made, where a verifier of FastMCP checks them; and whether it asks.
    fn audience(&self) -> Option<(Value, Value)> {
        let auth = self.server.made.keyword("auth");
        let call = auth.as_call()?;
        let (_, path) = call.external()?;
        if !matches!(path.rsplit('.').next(), Some("JWTVerifier" | "BearerAuthProvider")) {
            return None;
        }
        let written = call.keywords.iter().find(|(name, _)| &**name == "audience");
        let written = written.map_or_else(|| Value::new(Kind::Absent, &auth.trail), |(_, value)| value.clone());
        let one = written.each(&mut |audience| match &audience.kind {
            Kind::List { items, .. } => {
                items.first().cloned().unwrap_or_else(|| Value::new(Kind::Absent, &audience.trail))
            }
            Kind::Null => Value::new(Kind::Absent, &audience.trail),
            _ => audience.clone(),
        });
        let asks = one.each(&mut |audience| {
            let kind = match &audience.kind {
                Kind::Absent => Kind::Bool(false),
                Kind::Unknown(unknown) => Kind::Unknown(unknown.clone()),
                _ => Kind::Bool(true),
            };
            Value::new(kind, &audience.trail)
        });
        Some((one, asks))
    }
}

fn is_true(text: &Text) -> bool {
    text.test(|text| TRUE.iter().any(|word| text.eq_ignore_ascii_case(word)))
}

/// `mcp.settings.host`.
fn is_host_setting(target: &Expr) -> bool {
    let ExprKind::Member { object, property, .. } = &target.kind else { return false };
    &**property == "host" && matches!(&object.kind, ExprKind::Member { property, .. } if &**property == "settings")
}
