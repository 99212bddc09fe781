//! Datastores and consoles that services run as other people's images: what they ask of whoever reaches them.
//!
//! What an image does where nothing is said is read in the documentation of the image and in its own entry script.

use super::hosting::{image_name, image_tag};
use crate::environment::target::Beside;
use crate::eval::{Because, Place, Value};
use crate::reading::bench::Reading;
use crate::syntax::data::{Node, NodeKind};
use crate::text::Text;

/// What whoever reaches a store is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    /// A password that somebody chose; or it does not start without one.
    Own,
    /// The password that every copy of the image has.
    Known,
    /// Nothing.
    Nothing,
}

/// One kind of store or console.
struct Store {
    /// Last words of the names of its images.
    images: &'static [&'static str],
    /// What it asks where nothing is said.
    asks: Asks,
    /// Variables, or beginnings of them, that set a password; what they hold is asked for.
    set_by: &'static [&'static str],
    /// Words of a command that do so.
    flags: &'static [&'static str],
    /// Variables that take the login away, with the text that does; an empty one stands for any text.
    opened_by: &'static [(&'static str, &'static str)],
    /// It answers people and programs over HTTP, and is often opened to them on purpose.
    answers_http: bool,
}

const fn store(images: &'static [&'static str], asks: Asks) -> Store {
    Store { images, asks, set_by: &[], flags: &[], opened_by: &[], answers_http: false }
}

/// The kinds that are known. Images of Bitnami take `ALLOW_EMPTY_PASSWORD` in all of them.
static STORES: &[Store] = &[
    Store {
        opened_by: &[("POSTGRES_HOST_AUTH_METHOD", "trust")],
        ..store(&["postgres", "postgresql", "postgis", "pgvector", "timescaledb", "timescaledb-ha"], Asks::Own)
    },
    Store {
        opened_by: &[("MYSQL_ALLOW_EMPTY_PASSWORD", ""), ("MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "")],
        ..store(&["mysql", "mysql-server", "mariadb", "percona"], Asks::Own)
    },
    Store {
        set_by: &["MONGO_INITDB_ROOT_", "MONGODB_ROOT_PASSWORD"],
        flags: &["--auth", "--keyFile", "--config", "-f"],
        ..store(&["mongo", "mongodb"], Asks::Nothing)
    },
    Store { opened_by: &[("xpack.security.enabled", "false")], ..store(&["elasticsearch"], Asks::Own) },
    Store {
        opened_by: &[("DISABLE_SECURITY_PLUGIN", "true"), ("plugins.security.disabled", "true")],
        ..store(&["opensearch"], Asks::Own)
    },
    Store { flags: &["-S", "--enable-sasl"], ..store(&["memcached"], Asks::Nothing) },
    Store { opened_by: &[("NEO4J_AUTH", "none")], ..store(&["neo4j"], Asks::Own) },
    Store { set_by: &["QDRANT__SERVICE__API_KEY"], answers_http: true, ..store(&["qdrant"], Asks::Nothing) },
    Store {
        set_by: &["MEILI_MASTER_KEY"],
        flags: &["--master-key"],
        answers_http: true,
        ..store(&["meilisearch"], Asks::Nothing)
    },
    Store { set_by: &["SQLD_AUTH_", "SQLD_HTTP_AUTH"], ..store(&["libsql-server", "sqld"], Asks::Nothing) },
    Store {
        set_by: &["MINIO_ROOT_PASSWORD", "MINIO_SECRET_KEY"],
        answers_http: true,
        ..store(&["minio"], Asks::Known)
    },
    Store {
        set_by: &["ME_CONFIG_BASICAUTH_PASSWORD"],
        opened_by: &[("ME_CONFIG_BASICAUTH", "false")],
        answers_http: true,
        ..store(&["mongo-express"], Asks::Known)
    },
    Store { set_by: &["HTTP_PASSWORD"], answers_http: true, ..store(&["redis-commander"], Asks::Nothing) },
    Store { set_by: &["AUTH_TYPE"], answers_http: true, ..store(&["kafka-ui"], Asks::Nothing) },
    Store { opened_by: &[("PMA_PASSWORD", "")], ..store(&["phpmyadmin"], Asks::Own) },
    store(&["adminer"], Asks::Own),
    store(&["ollama", "redisinsight"], Asks::Nothing),
];

/// Endings of files that can say who may come in.
const CONFIGURATION: &[&str] = &[".conf", ".cnf", ".yml", ".yaml", ".json", ".toml", ".ini", ".properties", ".sh"];

/// Whether an image of this name is one of them.
pub(super) fn is_known(name: &str) -> bool {
    STORES.iter().any(|store| store.images.contains(&name))
}

/// Whether a service answers over HTTP, as something that is opened to people on purpose does.
pub(super) fn answers_http(service: &Beside) -> bool {
    let name = image_name(service);
    name.is_some_and(|name| STORES.iter().any(|store| store.answers_http && store.images.contains(&&*name)))
}

/// What a service asks of whoever reaches it, in words of `datastore.login`; none where it is no known store.
pub(super) fn login(reading: &Reading<'_>, service: &Beside) -> Option<Value> {
    let name = image_name(service)?;
    let known = STORES.iter().find(|store| store.images.contains(&&*name))?;
    let (file, image) = service.get("image")?;
    let place = Place::File(file, image.span);
    if let Some(opened) = opened(service, known) {
        return Some(reading.word("none", opened));
    }
    let asks = match known.asks {
        // Security is on by itself since 8.
        Asks::Own if name == "elasticsearch" && is_before_eight(service) => {
            match variable(service, "xpack.security.enabled") {
                Some(_) => Asks::Own,
                None => Asks::Nothing,
            }
        }
        asks => asks,
    };
    let is_set = service.variables.iter().any(|own| known.set_by.iter().any(|name| own.name.starts_with(name)));
    Some(match asks {
        Asks::Own => reading.word("own", place),
        _ if is_set || runs_with(service, known.flags) => reading.word("own", place),
        _ if is_configured(service) => Value::unknown(Because::Undecided, &reading.word("own", place).trail),
        Asks::Known => reading.word("known", place),
        Asks::Nothing => reading.word("none", place),
    })
}

/// Where a variable takes the login away.
fn opened(service: &Beside, known: &Store) -> Option<Place> {
    let all =
        known.opened_by.iter().copied().chain([("ALLOW_EMPTY_PASSWORD", "yes"), ("ALLOW_EMPTY_PASSWORD", "true")]);
    all.into_iter().find_map(|(name, wanted)| {
        let own = service.variables.iter().find(|own| &*own.name == name)?;
        let text = own.value.as_text()?;
        let opens =
            text.test(|text| if wanted.is_empty() { !text.is_empty() } else { text.eq_ignore_ascii_case(wanted) });
        opens.then_some(own.value.trail.primary().map_or(own.place, |(file, span)| Place::File(file, span)))
    })
}

fn variable<'s>(service: &'s Beside, name: &str) -> Option<&'s Value> {
    service.variables.iter().find(|own| &*own.name == name).map(|own| &own.value)
}

fn is_before_eight(service: &Beside) -> bool {
    let tag = image_tag(service);
    let major = tag.as_deref().and_then(|tag| tag.split('.').next()?.parse::<u32>().ok());
    major.is_some_and(|major| major < 8)
}

/// Whether the command has one of some words.
fn runs_with(service: &Beside, flags: &[&str]) -> bool {
    let says = |text: &Text| {
        text.test(|text| text.split_whitespace().any(|word| flags.contains(&word.split('=').next().unwrap_or(word))))
    };
    let mut commands = ["command", "args"].iter().filter_map(|key| service.get(key));
    commands.any(|(_, node)| match &node.kind {
        NodeKind::Text(text) => says(text),
        _ => node.items().iter().filter_map(Node::text).any(says),
    })
}

/// Whether something else than its variables can say who may come in: a mounted file, a start of its own.
fn is_configured(service: &Beside) -> bool {
    let keys = ["volumes", "volumeMounts"];
    let parts = service.parts.iter().flat_map(|part| keys.map(|key| part.node.get(key)));
    let mounts = parts.flatten().flat_map(Node::items);
    let is_file = |volume: &Node| {
        let named = volume.get("target").or_else(|| volume.get("mountPath"));
        let text = named.and_then(Node::text).or_else(|| volume.text());
        text.is_some_and(|text| {
            text.test(|text| {
                let path = text.trim_end_matches(":ro").trim_end_matches(":rw");
                CONFIGURATION.iter().any(|ending| path.ends_with(ending))
            })
        })
    };
    ["entrypoint", "configs", "secrets", "env_file", "envFrom"].iter().any(|key| service.get(key).is_some())
        || mounts.into_iter().any(is_file)
}

/// Whether the socket by which a machine's containers are controlled is mounted, and where.
pub(super) fn docker_socket(volumes: &[Node]) -> Option<&Node> {
    let is_socket = |node: &&Node| {
        let text = node.get("source").and_then(Node::text).or_else(|| node.text());
        text.is_some_and(|text| {
            text.test(|text| text.split(':').next().is_some_and(|path| path.ends_with("/docker.sock")))
        })
    };
    volumes.iter().find(is_socket)
}

/// Whether a node says yes.
pub(super) fn says_yes(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Bool(true)) || matches!(&node.kind, NodeKind::Text(text) if text.is("true"))
}
