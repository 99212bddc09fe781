//! Which machine an address leads to: the one that asks, or another one.

use std::net::IpAddr;

/// The host of an address, with or without a scheme: without credentials, port and path, and without brackets.
pub(crate) fn host_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit('@').next().unwrap_or_default();
    if let Some(bracketed) = authority.strip_prefix('[') {
        return bracketed.split(']').next().unwrap_or_default();
    }
    // More than one colon without brackets is a bare IPv6 address.
    if authority.matches(':').count() > 1 { authority } else { authority.split(':').next().unwrap_or_default() }
}

/// Whether a host is reached from this machine alone: `localhost`, `127.0.0.1`, `::1`.
pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse::<IpAddr>() {
        return address.is_loopback();
    }
    let name = bare.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost") || name.starts_with("127.")
}

/// Whether a host is the machine that asks: one that only it reaches, or whatever address it has.
pub(crate) fn is_own(host: &str) -> bool {
    is_loopback(host) || host.parse::<IpAddr>().is_ok_and(|address| address.is_unspecified())
}

/// Whether an address, with or without a scheme, leads to the machine that asks.
pub(crate) fn leads_here(address: &str) -> bool {
    is_own(host_of(address))
}

/// Whether an address leads to the machine of a developer: the one that asks, or the one around its container.
pub(crate) fn leads_to_a_developer(address: &str) -> bool {
    leads_here(address) || host_of(address) == "host.docker.internal"
}

#[cfg(test)]
mod tests {
    use super::{host_of, is_loopback, leads_here, leads_to_a_developer};

    #[test]
    fn the_own_machine_is_told_by_the_host_alone() {
        for own in [
            "http://localhost",
            "https://elastic:x@localhost:9200/a",
            "127.0.0.1",
            "127.8.0.1:80",
            "http://[::1]:3000",
            "::1",
            "http://app.localhost",
            "http://0.0.0.0:3000",
        ] {
            assert!(leads_here(own) && leads_to_a_developer(own), "{own}");
        }
        for other in
            ["http://localhost.example.com", "http://shop.example.com/?to=localhost", "HTTP://10.0.0.4", "db", ""]
        {
            assert!(!leads_here(other), "{other}");
        }
        assert!(leads_to_a_developer("postgres://app@host.docker.internal:5432/app"));
    }

    #[test]
    fn who_listens_everywhere_is_reached_from_elsewhere() {
        assert!(["localhost", "127.0.0.1", "127.8.8.8", "::1", "[::1]"].iter().all(|host| is_loopback(host)));
        assert!(["0.0.0.0", "::", "mcp.example.com"].iter().all(|host| !is_loopback(host)));
    }

    #[test]
    fn a_host_has_no_credentials_port_or_path() {
        assert_eq!(host_of("redis://:pw@cache.example.com:6379/0"), "cache.example.com");
        assert_eq!(host_of("http://[fd00::1]:80/a"), "fd00::1");
        assert_eq!(host_of("fd00::1"), "fd00::1");
    }
}
