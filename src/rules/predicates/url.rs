//! Questions about addresses and origins.

use super::super::truth::Truth;
use super::list;
use crate::eval::Kind;
use crate::machines;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether every origin is accepted: `true`, a pattern that matches all, or a scheme with a wildcard for the host.
/// The text `*` is not meant: it is asked for by its name.
pub(super) fn any_origin(kind: &Kind) -> Truth {
    match kind {
        Kind::Bool(any) => (*any).into(),
        Kind::Text(text) => text.test(|text| matches!(text, "http://*" | "https://*" | "*://*")).into(),
        Kind::Pattern { source, .. } => source.test(matches_all).into(),
        Kind::List { .. } => list::any_item(kind, &|item| any_origin(&item.kind)),
        Kind::Unknown(_) | Kind::Call(_) | Kind::Choice(..) | Kind::Function(_) => Truth::Unknown,
        _ => Truth::False,
    }
}

fn matches_all(pattern: &str) -> bool {
    let body = pattern.trim_start_matches('^').trim_end_matches('$');
    matches!(
        body,
        "" | "." | ".*" | ".+" | "(.*)" | "(.+)" | "[\\s\\S]*" | "https?://.*" | "https?:\\/\\/.*" | "https?:\\/\\/.+"
    )
}

/// Whether a text is an http address of a host that is neither loopback nor in a private network.
pub(super) fn plain_http(text: &str) -> bool {
    let Some(rest) = strip_scheme(text.trim(), "http://") else { return false };
    match machines::host_of(rest) {
        "" => false,
        // A name without a dot is one of the compose or cluster network.
        name if !name.contains('.') && !name.contains(':') => false,
        name => !machines::is_own(name) && !is_private(name) && !is_internal_name(name),
    }
}

/// Whether a text leads to this very machine: loopback, localhost, or a file.
pub(super) fn local_host(text: &str) -> bool {
    let text = text.trim();
    if strip_scheme(text, "file:").is_some() || strip_scheme(text, "sqlite:").is_some() || text == ":memory:" {
        return true;
    }
    machines::leads_here(text)
}

fn strip_scheme<'t>(text: &'t str, scheme: &str) -> Option<&'t str> {
    text.get(..scheme.len()).filter(|head| head.eq_ignore_ascii_case(scheme)).map(|_| &text[scheme.len()..])
}

fn is_private(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => address.is_private() || address.is_link_local() || is_shared(address),
        Ok(IpAddr::V6(address)) => is_unique_local(address),
        Err(_) => false,
    }
}

/// 100.64.0.0/10: addresses behind a carrier's or an overlay network's translation.
fn is_shared(address: Ipv4Addr) -> bool {
    let [a, b, ..] = address.octets();
    a == 100 && (64..128).contains(&b)
}

fn is_unique_local(address: Ipv6Addr) -> bool {
    address.is_unique_local() || address.is_unicast_link_local()
}

/// Names that no public resolver knows.
fn is_internal_name(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    [".internal", ".local", ".cluster.local", ".svc", ".lan", ".test", ".example"].iter().any(|end| host.ends_with(end))
        || host.contains(".svc.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_means_a_public_host_without_tls() {
        for plain in ["http://shop.example.com", "HTTP://1.2.3.4:8080/x", "http://user:pw@api.acme.dev/path"] {
            assert!(plain_http(plain), "{plain}");
        }
        for other in [
            "https://shop.example.com",
            "http://localhost:3000",
            "http://127.0.0.1",
            "http://[::1]:80",
            "http://10.1.2.3",
            "http://api:8080",
            "http://api.default.svc.cluster.local",
            "http://redis.railway.internal",
            "*",
            "",
            "http://",
        ] {
            assert!(!plain_http(other), "{other}");
        }
    }

    #[test]
    fn local_host_means_this_very_machine() {
        for local in [
            "http://localhost:3000",
            "localhost",
            "127.0.0.1:6379",
            "redis://:pw@localhost:6379/0",
            "file:./dev.db",
            "http://0.0.0.0:3000",
            "[::1]:80",
            "::1",
            "http://app.localhost",
            ":memory:",
            "postgres://u:p@127.0.0.1/db",
        ] {
            assert!(local_host(local), "{local}");
        }
        for remote in ["https://example.com", "db", "http://localhost.example.com", "https://example.com/localhost", ""]
        {
            assert!(!local_host(remote), "{remote}");
        }
    }
}
