//! Apps of a server, and what their plugins, adapters and agents are given.

use crate::eval::{Kind, Value};
use crate::frameworks::frontmcp::scope::AppScope;
use crate::frameworks::frontmcp::shapes::{Server, decorated, is_ours};
use crate::frameworks::frontmcp::stores;
use crate::frameworks::frontmcp::words::{as_written, both, default, is_seen, negated, word, yes_no};
use crate::reading::bench::Reading;
use crate::reading::bench::SecretFacts;
use crate::secrets::is_secret_name;
use crate::settings::{debug, devtools, endpoint, mcp_server, outbound, plugin, storage};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The apps that were read already: several servers can serve one app.
#[derive(Default)]
pub(super) struct Apps {
    seen: BTreeSet<(FileId, Span)>,
    names: BTreeSet<String>,
}

/// Reads the plugins of a server and of its apps; gives the apps.
pub(super) fn read(reading: &mut Reading<'_>, server: &Server, apps: &mut Apps) -> Vec<AppScope> {
    parts(reading, &server.label, &server.options, apps);
    let mut scopes = Vec::new();
    let list = server.options.field("apps");
    if list.is_unknown() {
        reading.source(&format!("apps of {}", server.label), &list, true);
    }
    let mut classes: Vec<Value> = Vec::new();
    list.each(&mut |list| {
        for item in list.as_list().unwrap_or_default() {
            item.each(&mut |item| {
                classes.push(item.clone());
                item.clone()
            });
        }
        list.clone()
    });
    for item in classes {
        match &item.kind {
            Kind::Class(class) => {
                let Some(options) = decorated(reading.evaluator, class, "App") else { continue };
                let name = options.field("id").or_default(&|_| options.field("name"));
                let shown = name.as_text().map(Text::as_name).or_else(|| class.class.name.clone());
                let label: Arc<str> = format!("app {}", shown.as_deref().unwrap_or("without a name")).into();
                if apps.seen.insert((class.file, class.class.span)) {
                    parts(reading, &label, &options, apps);
                    scopes.push(AppScope { label, options });
                }
            }
            Kind::Object { .. } => remote_app(reading, &item, apps),
            Kind::Call(call) => part(reading, &server.label, &item, call.external(), apps),
            _ => {}
        }
    }
    scopes
}

/// An app that another server serves: its address, and what it is called with.
fn remote_app(reading: &mut Reading<'_>, options: &Value, apps: &mut Apps) {
    let url = options.field("url");
    if url.is_absent() {
        return;
    }
    let shown = options.field("name").as_text().map_or_else(|| "remote app".into(), |text| text.as_name());
    let name = apps.unique(&format!("remote app {shown}"));
    upstream(reading, &name, &url, "apps[].url");
    for holder in ["remoteAuth", "headers"] {
        literal_secrets(reading, &format!("{name}: {holder}"), &options.field(holder), true);
    }
}

fn upstream(reading: &mut Reading<'_>, name: &str, url: &Value, key: &str) {
    let place = reading.place_of(url);
    let resource = reading.resource(endpoint::KIND, name, place).set(endpoint::role, word("upstream", url)).set_at(
        endpoint::url,
        as_written(url),
        key,
    );
    reading.add(resource);
}

impl Apps {
    fn unique(&mut self, name: &str) -> String {
        let mut own = name.to_owned();
        let mut count = 2;
        while !self.names.insert(own.clone()) {
            own = format!("{name} #{count}");
            count += 1;
        }
        own
    }
}

/// Plugins, adapters and agents of a server or an app.
fn parts(reading: &mut Reading<'_>, label: &str, options: &Value, apps: &mut Apps) {
    for list in ["plugins", "adapters"] {
        let items: Vec<Value> = options.field(list).as_list().unwrap_or_default().to_vec();
        for item in items {
            if let Kind::Call(call) = &item.kind {
                part(reading, label, &item, call.external(), apps);
            }
        }
    }
    let agents: Vec<Value> = options.field("agents").as_list().unwrap_or_default().to_vec();
    for agent in agents {
        let options = match &agent.kind {
            Kind::Class(class) => decorated(reading.evaluator, class, "Agent"),
            Kind::Call(call) => Some(call.argument(0, &agent.trail)),
            _ => None,
        };
        let Some(options) = options else { continue };
        let key = options.path("llm.apiKey");
        // `{ env: "NAME" }` names a variable.
        if is_seen(&key) {
            let shown = options.field("name").as_text().map_or_else(|| "agent".into(), |text| text.as_name());
            let name = apps.unique(&format!("agent {shown}"));
            reading.secret(&format!("{name}: llm.apiKey"), &key, SecretFacts::of("api_key"));
        }
    }
}

/// One plugin or adapter, by the name of what made it.
fn part(reading: &mut Reading<'_>, label: &str, item: &Value, external: Option<(&str, &str)>, apps: &mut Apps) {
    let Some((module, path)) = external else { return };
    if !is_ours(module) {
        return;
    }
    let Some(call) = item.as_call() else { return };
    let options = call.argument(0, &item.trail);
    let own = path
        .split('.')
        .find(|name| !matches!(*name, "default" | "init" | "create"))
        .unwrap_or_else(|| plugin_of(module));
    let name = apps.unique(&format!("{label}: {own}"));
    match own {
        "CachePlugin" => cache(reading, &name, &options),
        "RememberPlugin" => remember(reading, &name, &options),
        "CodeCallPlugin" => sandbox(reading, &name, &options),
        "SkilledOpenApiPlugin" => bundles(reading, &name, &options),
        "OpenapiAdapter" | "OpenApiAdapter" => api(reading, &name, &options),
        "DashboardPlugin" | "DashboardApp" => dashboard(reading, &name, item, &options),
        _ => {}
    }
}

/// The plugin that a package exports as its default.
fn plugin_of(module: &str) -> &'static str {
    match module.rsplit('/').next().unwrap_or(module) {
        "plugin-cache" => "CachePlugin",
        "plugin-remember" => "RememberPlugin",
        "plugin-codecall" => "CodeCallPlugin",
        "plugin-skilled-openapi" => "SkilledOpenApiPlugin",
        "plugin-dashboard" => "DashboardPlugin",
        _ => "plugin",
    }
}

fn cache(reading: &mut Reading<'_>, name: &str, options: &Value) {
    let always = yes_no(true, options);
    stores::connection_of(reading, &format!("{name} config"), &options.field("config"), "cache", &always);
}

fn remember(reading: &mut Reading<'_>, name: &str, options: &Value) {
    let always = yes_no(true, options);
    stores::connection_of(reading, &format!("{name} config"), &options.field("config"), "other", &always);
    let encrypted =
        options.path("encryption.enabled").or_default(&|_| default(Kind::Bool(true), "encryption.enabled", options));
    let resource = reading
        .resource(storage::KIND, name, reading.place_of(&encrypted))
        .set_at(storage::encrypted, encrypted, "encryption.enabled")
        .set(storage::holds_sensitive, yes_no(true, options))
        .written_at(storage::encrypted, options, "encryption.enabled");
    reading.add(resource);
    let key = options.path("encryption.customKey");
    if is_seen(&key) {
        reading.secret(&format!("{name}: encryption.customKey"), &key, SecretFacts::of("encryption"));
    }
}

fn sandbox(reading: &mut Reading<'_>, name: &str, options: &Value) {
    let preset = options.path("vm.preset").or_default(&|_| default(Kind::Text("secure".into()), "vm.preset", options));
    let preset = preset.read(&|value| match value.as_text() {
        Some(text) if text.is("locked_down") => Kind::Text("secure".into()),
        _ => value.kind.clone(),
    });
    let resource = reading
        .resource(mcp_server::KIND, name, reading.place_of(&preset))
        .set_at(mcp_server::code_sandbox, preset, "vm.preset")
        .written_at(mcp_server::code_sandbox, options, "vm.preset");
    reading.add(resource);
}

/// A plugin that loads bundles of operations.
fn bundles(reading: &mut Reading<'_>, name: &str, options: &Value) {
    let place = reading.place_of(options);
    let dev = options.field("dev").or_default(&|_| default(Kind::Bool(false), "dev", options));
    let required =
        options.field("requireSignature").or_default(&|_| default(Kind::Bool(true), "requireSignature", options));
    let resource = reading
        .resource(plugin::KIND, name, place)
        .set_at(plugin::signature_required, both(&required, &negated(&dev)), "requireSignature")
        .written_at(plugin::signature_required, options, "requireSignature");
    reading.add(resource);
    let resource = reading
        .resource(debug::KIND, format!("{name} dev"), reading.place_of(&dev))
        .set_at(debug::enabled, dev, "dev")
        .set(debug::effect, word("plugin", options))
        .written_at(debug::enabled, options, "dev");
    reading.add(resource);
    let outgoing = options.field("outbound");
    let switch = |key: &'static str| outgoing.field(key).or_default(&|_| default(Kind::Bool(false), key, options));
    let resource = reading
        .resource(outbound::KIND, name, reading.place_of(if outgoing.is_absent() { options } else { &outgoing }))
        .set_at(outbound::private_addresses, switch("allowPrivateNetworks"), "outbound.allowPrivateNetworks")
        .set_at(outbound::insecure_http, switch("allowHttp"), "outbound.allowHttp")
        .written_at(outbound::private_addresses, options, "outbound.allowPrivateNetworks");
    reading.add(resource);
    literal_secrets(reading, &format!("{name}: credentials"), &options.field("credentials"), false);
}

/// Tools made of an API description.
fn api(reading: &mut Reading<'_>, name: &str, options: &Value) {
    let in_input = options
        .path("generateOptions.includeSecurityInInput")
        .or_default(&|_| default(Kind::Bool(false), "generateOptions.includeSecurityInInput", options));
    let resource = reading
        .resource(mcp_server::KIND, name, reading.place_of(&in_input))
        .set_at(mcp_server::credentials_in_input, in_input, "generateOptions.includeSecurityInInput")
        .written_at(mcp_server::credentials_in_input, options, "generateOptions.includeSecurityInInput");
    reading.add(resource);
    let internal = options
        .path("loadOptions.refResolution.allowInternalIPs")
        .or_default(&|_| options.path("polling.allowInternalIPs"))
        .or_default(&|_| default(Kind::Bool(false), "loadOptions.refResolution.allowInternalIPs", options));
    let resource = reading
        .resource(outbound::KIND, name, reading.place_of(&internal))
        .set_at(outbound::private_addresses, internal, "loadOptions.refResolution.allowInternalIPs")
        .written_at(outbound::private_addresses, options, "loadOptions.refResolution.allowInternalIPs");
    reading.add(resource);
    for key in ["url", "baseUrl"] {
        let url = options.field(key);
        if !url.is_absent() {
            upstream(reading, &format!("{name} {key}"), &url, key);
        }
    }
    literal_secrets(reading, &format!("{name}: staticAuth"), &options.field("staticAuth"), true);
    literal_secrets(reading, &format!("{name}: additionalHeaders"), &options.field("additionalHeaders"), false);
}

/// The dashboard switches itself off in production; one that is switched on has no login, whatever `auth` says.
fn dashboard(reading: &mut Reading<'_>, name: &str, item: &Value, options: &Value) {
    let enabled = options.field("enabled").each(&mut |enabled| match &enabled.kind {
        Kind::Absent => default(Kind::Bool(false), "enabled", item),
        Kind::Text(text) if text.is("auto") => yes_no(false, enabled),
        _ => enabled.clone(),
    });
    let resource = reading
        .resource(devtools::KIND, name, reading.place_of(&enabled))
        .set_at(devtools::enabled, enabled, "enabled")
        .set_at(devtools::authorized, yes_no(false, item), "auth")
        .written_at(devtools::enabled, options, "enabled");
    reading.add(resource);
    let token = options.path("auth.token");
    if is_seen(&token) {
        reading.secret(&format!("{name}: auth.token"), &token, SecretFacts::of("api_key"));
    }
}

/// Texts in a block of credentials; with `all`, whatever their key is, except those that only name or place them.
fn literal_secrets(reading: &mut Reading<'_>, name: &str, block: &Value, all: bool) {
    for (key, value) in block.fields() {
        let key_name = format!("{name}.{key}");
        match &value.kind {
            Kind::Object { .. } => literal_secrets(reading, &key_name, value, all),
            Kind::List { items, .. } => {
                for (index, item) in items.iter().enumerate() {
                    literal_secrets(reading, &format!("{key_name}[{index}]"), item, all);
                }
            }
            _ if is_seen(value) => {
                let described = matches!(
                    &**key,
                    "type"
                        | "mode"
                        | "kind"
                        | "in"
                        | "name"
                        | "header"
                        | "headerName"
                        | "scheme"
                        | "env"
                        | "username"
                        | "url"
                        | "id"
                );
                let names_secret =
                    is_secret_name(key) || matches!(&**key, "jwt" | "bearer" | "Authorization" | "authorization");
                if names_secret || (all && !described) {
                    reading.secret(&key_name, value, SecretFacts::of("api_key"));
                }
            }
            _ => {}
        }
    }
}
