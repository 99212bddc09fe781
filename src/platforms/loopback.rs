//! Servers that listen on loopback inside a container, where nobody outside reaches them.

use super::command::{Line, Step, steps};
use super::image::Image;
use crate::eval::{Kind, Value};
use crate::reading::addresses::is_of_own_machine;
use crate::reading::bench::Reading;
use crate::text::Text;

/// A server that a command starts.
struct Server {
    /// The words that start it.
    says: &'static str,
    /// The options that name the address.
    options: &'static [&'static str],
    /// The variable that does, too.
    variable: Option<&'static str>,
    /// Where it listens without a word; none where something else can say so.
    default: Option<&'static str>,
}

/// Uvicorn 0.32 `main.py`, Hypercorn 0.17 `config.py`, Daphne 4.1 `cli.py`, Granian 1.6 `cli.py`, Flask 3.1 `cli.py`, Vite 7
/// `preview.ts`, Gunicorn 23 `config.py` (which also asks `PORT` and its file), Next.js 15 `next-start.ts`.
const SERVERS: &[Server] = &[
    Server { says: "uvicorn", options: &["--host"], variable: Some("UVICORN_HOST"), default: Some("127.0.0.1") },
    Server { says: "hypercorn", options: &["-b", "--bind"], variable: None, default: Some("127.0.0.1") },
    Server { says: "daphne", options: &["-b", "--bind"], variable: None, default: Some("127.0.0.1") },
    Server { says: "granian", options: &["--host"], variable: Some("GRANIAN_HOST"), default: Some("127.0.0.1") },
    Server {
        says: "flask run",
        options: &["-h", "--host"],
        variable: Some("FLASK_RUN_HOST"),
        default: Some("127.0.0.1"),
    },
    Server { says: "vite preview", options: &["--host"], variable: None, default: Some("localhost") },
    Server { says: "gunicorn", options: &["-b", "--bind"], variable: None, default: None },
    Server { says: "next start", options: &["-H", "--hostname"], variable: Some("HOSTNAME"), default: None },
];

/// Options by which a server listens elsewhere: on a socket of the file system, as a file says.
const ELSEWHERE: &[&str] = &["--uds", "--fd", "-u", "--unix-socket", "-c", "--config", "-e", "--endpoint"];

/// Programs that take requests in the same container and hand them on.
const IN_FRONT: &[&str] = &["nginx", "caddy", "haproxy", "envoy", "traefik", "supervisord", "s6-svscan", "/init"];

/// The loopback address on which the server of a start line listens; none where it listens to others, or nobody can tell.
pub(super) fn bound(reading: &Reading<'_>, line: &Line, image: &Image, folder: &str) -> Option<Value> {
    let steps = steps(reading, line, folder);
    if steps.iter().any(|step| IN_FRONT.contains(&step.program())) || image.mentions(reading, IN_FRONT) {
        return None;
    }
    let mut servers = steps.iter().filter_map(|step| Some((step, SERVERS.iter().find(|own| step.says(own.says))?)));
    let (step, server) = servers.next()?;
    if servers.next().is_some() || !step.certain {
        return None;
    }
    let address = address(reading, step, server)?;
    let host = address.strip_prefix("http://").unwrap_or(&address);
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    (is_of_own_machine(host) && host != "0.0.0.0").then(|| Value::written(Kind::Text(Text::new(host)), line.place))
}

fn address(reading: &Reading<'_>, step: &Step, server: &Server) -> Option<String> {
    if let Some(told) = step.option(server.options) {
        return Some(told.to_owned());
    }
    let is_elsewhere =
        ELSEWHERE.iter().any(|option| step.has(option)) || server.options.iter().any(|own| step.begins(own));
    let by_variable = server.variable.is_some_and(|name| reading.environment.is_set(name) == Some(true));
    if is_elsewhere || by_variable {
        return None;
    }
    server.default.map(str::to_owned)
}
