//! What `next.config` says of the image proxy and of server actions.

use crate::eval::{Because, How, Kind, Step, Value};
use crate::libraries::next;
use crate::reading::bench::Reading;
use crate::reading::table::Reader;
use crate::settings::{csrf, images};
use crate::text::Text;

pub(super) fn read(reading: &mut Reading<'_>) {
    let Some(config) = next::configuration(reading) else { return };
    let images = config.field("images");
    if !images.is_absent() {
        image_proxy(reading, &images);
    }
    let actions = config.path("experimental.serverActions.allowedOrigins");
    let actions = actions.or_default(&|_| config.path("serverActions.allowedOrigins"));
    if !actions.is_absent() {
        server_actions(reading, &actions);
    }
}

/// The proxy that fetches and resizes images: from where, and whether it shows SVG.
fn image_proxy(reading: &mut Reading<'_>, options: &Value) {
    let place = reading.place_of(options);
    let hosts = lists(&options.field("remotePatterns"), &options.field("domains"));
    let default = |kind| Value::new(kind, &Step::start(place, How::Default));
    let svg = Reader::Truthy.apply(&options.field("dangerouslyAllowSVG")).or_default(&|_| default(Kind::Bool(false)));
    // Until 15.0 images were shown inline.
    let inline = reading.facts.at_least(15, 0) == Some(false);
    let shown = options
        .field("contentDispositionType")
        .or_default(&|_| default(Kind::Text(Text::new(if inline { "inline" } else { "attachment" }))));
    let policy = options.field("contentSecurityPolicy");
    let guarded = shown.each(&mut |shown| match &shown.kind {
        Kind::Text(text) if !text.is("inline") => Value::new(Kind::Bool(true), &shown.trail),
        Kind::Text(_) => policy.each(&mut |policy| {
            let kind = match &policy.kind {
                Kind::Absent => Kind::Bool(true),
                Kind::Text(text) => Kind::Bool(text.test(stops_scripts)),
                Kind::Unknown(unknown) => Kind::Unknown(unknown.clone()),
                _ => Kind::Unknown(Because::Undecided.into()),
            };
            let trail = if policy.is_absent() { &shown.trail } else { &policy.trail };
            Value::new(kind, trail)
        }),
        Kind::Unknown(unknown) => Value::new(Kind::Unknown(unknown.clone()), &shown.trail),
        _ => Value::unknown(Because::Undecided, &shown.trail),
    });
    // Without a proxy nothing is fetched: images are loaded from where they are.
    let unused = Reader::Truthy.apply(&options.field("unoptimized"));
    let elsewhere = [options.field("loader"), options.field("loaderFile")];
    let is_elsewhere =
        elsewhere.iter().any(|loader| !loader.is_absent() && !loader.as_text().is_some_and(|text| text.is("default")));
    let proxied = unused.or_default(&|_| default(Kind::Bool(false))).each(&mut |unused| match unused.as_bool() {
        Some(unused_) => Value::new(Kind::Bool(!unused_ && !is_elsewhere), &unused.trail),
        None => unused.clone(),
    });
    let resource = reading
        .resource(images::KIND, "the image proxy", place)
        .set_at(images::remote_hosts, hosts, "images.remotePatterns")
        .set_at(images::svg_allowed, svg, "images.dangerouslyAllowSVG")
        .set_at(images::svg_guarded, guarded, "images.contentDispositionType")
        .only_if(proxied);
    reading.add(resource);
}

/// Whether a policy keeps the scripts of a document from running.
fn stops_scripts(policy: &str) -> bool {
    let mut parts = policy.split(';').map(str::trim);
    parts.any(|part| {
        part == "sandbox" || part.starts_with("script-src 'none'") || part.starts_with("default-src 'none'")
    })
}

/// The hosts of both lists.
fn lists(patterns: &Value, domains: &Value) -> Value {
    let mut items: Vec<Value> = Vec::new();
    let mut open = None;
    for list in [patterns, domains] {
        match &list.kind {
            Kind::List { items: own, open: unseen } => {
                open = open.or_else(|| unseen.clone());
                items.extend(own.iter().filter_map(host));
            }
            Kind::Absent | Kind::Null => {}
            Kind::Unknown(unknown) => open = Some(unknown.clone()),
            _ => open = Some(Because::Undecided.into()),
        }
    }
    let written = if patterns.is_absent() { domains } else { patterns };
    Value::new(Kind::List { items: items.into(), open }, &written.trail)
}

/// The host of a pattern: its `hostname`, that of `new URL(..)`, or a text.
fn host(pattern: &Value) -> Option<Value> {
    match &pattern.kind {
        Kind::Object { .. } => Some(pattern.field("hostname")),
        Kind::Text(_) => Some(pattern.clone()),
        Kind::Call(call) => {
            let address = call.arguments.first()?;
            let name = |text: &Text| {
                text.map(|text| {
                    let behind = text.split_once("://").map_or(text, |(_, rest)| rest);
                    behind.split(['/', ':', '?']).next().unwrap_or(behind).to_owned()
                })
            };
            Some(address.read(&|address| match address.as_text() {
                Some(text) => Kind::Text(name(text)),
                None => Kind::Unknown(Because::Undecided.into()),
            }))
        }
        _ => Some(Value::unknown(Because::Undecided, &pattern.trail)),
    }
}

/// Origins beside the app's own that may call its server actions.
fn server_actions(reading: &mut Reading<'_>, origins: &Value) {
    let place = reading.place_of(origins);
    let trusted = origins.each(&mut |origins| match &origins.kind {
        Kind::List { items, open } => {
            let items = items.iter().filter_map(trusted).collect();
            Value::new(Kind::List { items, open: open.clone() }, &origins.trail)
        }
        _ => origins.clone(),
    });
    let stated = |value| reading.stated(Kind::Bool(value), place);
    let resource = reading
        .resource(csrf::KIND, "server actions", place)
        .set(csrf::protection, stated(true))
        .set(csrf::switched_off, stated(false))
        .set_at(csrf::trusted_origins, trusted, "serverActions.allowedOrigins")
        .with_fix(csrf::trusted_origins, "List the host names of your own sites in {key}, without https://.");
    reading.add(resource);
}

/// What a pattern lets in: a lone star nobody, stars for every part, or for all but the last, everybody.
fn trusted(pattern: &Value) -> Option<Value> {
    let Some(text) = pattern.as_text() else { return Some(pattern.clone()) };
    if text.test(|text| matches!(text, "*" | "**" | "")) {
        return None;
    }
    match text.test(lets_everybody_in) {
        true => Some(Value::new(Kind::Text(Text::new("*")), &pattern.trail)),
        false => Some(pattern.clone()),
    }
}

/// `*.*`, `**.com`: hosts that anybody can have.
fn lets_everybody_in(pattern: &str) -> bool {
    let parts: Vec<&str> = pattern.split('.').collect();
    let is_star = |part: &&str| matches!(*part, "*" | "**");
    parts.len() == 2 && is_star(&parts[0]) || parts.len() > 1 && parts.iter().all(is_star)
}

#[cfg(test)]
mod tests {
    use super::{lets_everybody_in, stops_scripts};

    #[test]
    fn stars_for_all_but_a_top_level_domain_are_everybody() {
        assert!(["*.*", "**.com", "*.com", "**.*", "*.*.*"].iter().all(|pattern| lets_everybody_in(pattern)));
        assert!(
            ["app.example.com", "*.example.com", "**.example.co.uk"].iter().all(|pattern| !lets_everybody_in(pattern))
        );
    }

    #[test]
    fn a_policy_has_to_stop_scripts() {
        assert!(stops_scripts("default-src 'self'; script-src 'none'; sandbox;"));
        assert!(!stops_scripts("") && !stops_scripts("default-src 'self'"));
    }
}
