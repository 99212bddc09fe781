//! The web server that a start command starts, and the address that it listens at.

use super::command::{Line, Step, steps};
use super::hosting::Hosting;
use crate::eval::{Because, Kind, Place, Value, data_value};
use crate::project::inside;
use crate::reading::bench::Reading;
use crate::syntax::data::Format;
use crate::text::Text;

/// Programs that serve apps of Python: by which options they take their address, and where they listen without one.
const SERVERS: &[(&str, &[&str], &str)] = &[
    ("uvicorn", &["--host"], "127.0.0.1"),
    ("hypercorn", &["--bind", "-b"], "127.0.0.1"),
    ("gunicorn", &["--bind", "-b"], "127.0.0.1"),
    ("granian", &["--host"], "127.0.0.1"),
    ("daphne", &["--bind", "-b"], "127.0.0.1"),
    ("fastapi", &["--host"], "0.0.0.0"),
];

/// What a start command serves.
#[derive(Clone, Debug)]
pub(crate) struct Served {
    /// The program: `uvicorn`, `fastmcp`.
    pub(crate) program: String,
    /// The host that it binds; absent where nothing is said.
    pub(crate) host: Value,
    /// The transport that it is told to take; absent where nothing is said.
    pub(crate) transport: Value,
}

/// The server that a target's start command starts, if it is one that is known.
pub(super) fn of_target(reading: &Reading<'_>, hosting: &Hosting) -> Option<Served> {
    let line: &Line = hosting.start.as_ref()?;
    steps(reading, line, &reading.found.root).iter().find_map(|step| Some(with_file(reading, step, of_step(step)?)))
}

/// FastMCP's own file, which `fastmcp run` reads where it is named or lies in the folder and no server file is named.
/// <https://gofastmcp.com/deployment/server-configuration>
const FASTMCP_FILE: &str = "fastmcp.json";

/// What a server of FastMCP takes from its file where the command does not say it.
fn with_file(reading: &Reading<'_>, step: &Step, served: Served) -> Served {
    if served.program != "fastmcp" {
        return served;
    }
    let project = reading.documents.project;
    let named =
        step.operands().filter(|word| *word != "run").find(|word| word.ends_with(".json") || word.contains(".py"));
    let name = named.map_or(FASTMCP_FILE, |name| name.trim_start_matches("./"));
    let file = project.find(&inside(&reading.found.root, name)).filter(|_| name.ends_with(".json"));
    let Some((file, document)) = file.and_then(|file| Some((file, reading.documents.data_of(file, Format::Json)?)))
    else {
        return served;
    };
    let said = |key: &str, own: Value| {
        own.or_default(&|absent| match document.root().at(&["deployment", key]) {
            Some(node) => data_value(node, file),
            None => absent.clone(),
        })
    };
    Served { host: said("host", served.host), transport: said("transport", served.transport), ..served }
}

fn of_step(step: &Step) -> Option<Served> {
    let absent = || Value::written(Kind::Absent, step.place);
    let named = |program: &str| step.program() == program || step.program().starts_with("python") && step.has(program);
    if named("fastmcp") && step.says("run") {
        let value = |names: &[&str]| step.option(names).map_or_else(absent, |text| of_text(text, step.place));
        return Some(Served {
            program: "fastmcp".into(),
            host: value(&["--host"]),
            transport: value(&["--transport", "-t"]),
        });
    }
    let (program, options, otherwise) = SERVERS.iter().find(|(program, ..)| named(program))?;
    let host =
        step.option(options).map_or_else(|| of_text(otherwise, step.place), |text| of_text(host(text), step.place));
    Some(Served { program: (*program).into(), host, transport: absent() })
}

/// The host of an address: `0.0.0.0:8000`, `[::]:80`, `:8000`.
fn host(address: &str) -> &str {
    match address.rsplit_once(':') {
        Some(("", _)) => "0.0.0.0",
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !host.ends_with(':') => host,
        Some((host, port)) if port.starts_with('$') => host,
        _ => address,
    }
}

/// A word of a command line; what a shell puts in is not known.
fn of_text(text: &str, place: Place) -> Value {
    let kind = match text.contains('$') {
        true => Kind::Unknown(Because::Undecided.into()),
        false => Kind::Text(Text::new(text)),
    };
    Value::written(kind, place)
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn an_address_is_a_host_and_perhaps_a_port() {
        let hosts = ["0.0.0.0", "0.0.0.0:8000", ":8000", "127.0.0.1:$PORT", "[::]:80", "::"].map(host);
        assert_eq!(hosts, ["0.0.0.0", "0.0.0.0", "0.0.0.0", "127.0.0.1", "[::]", "::"]);
    }
}
