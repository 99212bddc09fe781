//! Traefik, as labels of compose services configure it: where TLS ends, what its middlewares limit and add, who reaches
//! its dashboard. <https://doc.traefik.io/traefik/reference/routing-configuration/other-providers/docker/>

use crate::environment::target::{Beside, Target};
use crate::eval::{Kind, Place, Value};
use crate::platforms::compose::hosting::image_name;
use crate::platforms::compose::ports;
use crate::platforms::edge::{Edge, Headers, headers_of};
use crate::reading::bench::Reading;
use crate::settings::{devtools, proxy, response_headers};
use crate::syntax::data::{Node, NodeKind};
use crate::text::Text;
use hashbrown::{HashMap, HashSet};

/// Chains of middlewares are followed this deep.
const MOST_CHAINS: usize = 4;

/// Routers of one service beyond this are not looked at, so that nothing is vouched for.
const MOST_ROUTERS: usize = 200;

/// One label or one argument: its name in small letters, its value.
struct Label {
    name: String,
    value: Text,
    place: Place,
}

/// What Traefik does in front of the service; none where no label of it speaks of Traefik.
pub(crate) fn read(reading: &mut Reading<'_>, target: &Target) -> Option<Edge> {
    let own = target.services.iter().find(|service| target.name.ends_with(&format!(":{}", service.name)))?;
    let traefik = target.services.iter().find(|service| image_name(service).is_some_and(|name| name == "traefik"));
    let arguments = traefik.map(arguments).unwrap_or_default();
    if let Some(traefik) = traefik {
        dashboard(reading, traefik, &arguments);
    }
    let everywhere: Vec<Label> = target.services.iter().flat_map(labels).collect();
    guarded_dashboard(reading, &everywhere);
    let own = labels(own);
    let routers = routers(&own);
    let place = routers.first()?.place;
    let all = Middlewares::new(&everywhere, &arguments);
    // Without its entry points Traefik is configured somewhere else, and so are middlewares that no label defines.
    let here = arguments.iter().any(|own| own.name.starts_with("entrypoints."));
    let named = routers.iter().flat_map(|router| &router.middlewares).all(|name| all.defines(name));
    let known = named && routers.len() < MOST_ROUTERS;
    let mut edge = Edge { visible: here && known, ..Edge::default() };
    let by_default = arguments.iter().find(|own| own.name.contains(".http.tls")).map(|own| own.place);
    edge.tls = routers.iter().find_map(|router| router.tls).or(by_default);
    if here && known {
        redirect(reading, target, &routers, &all, edge.tls);
    }
    let serving: Vec<&Router> = routers.iter().filter(|router| !all.redirects(router)).collect();
    let limit = |router: &&Router| all.of(router).into_iter().find(|own| own.name.ends_with(".ratelimit.average"));
    if serving.iter().all(|router| limit(router).is_some()) {
        edge.rate_limits = serving.first().and_then(limit).map(|own| own.place);
    }
    let trusts = arguments.iter().find(|own| own.name.ends_with(".forwardedheaders.insecure") && own.value.is("true"));
    edge.rewrites_client_ip = here.then(|| (trusts.is_none(), trusts.map_or(place, |own| own.place)));
    for router in &serving {
        let own = all.of(router);
        let sizes = own.iter().find(|own| own.name.ends_with(".buffering.maxrequestbodybytes"));
        if let Some((size, own)) = sizes.and_then(|own| Some((own.value.number(|text| text.parse().ok())?, own))) {
            edge.body_limit.get_or_insert((size, own.place));
        }
        let headers = headers(&own);
        let name = format!("{} {}", target.name, router.name);
        headers_of(reading, &name, &headers, Some(&mut edge));
        promise(reading, &name, &headers);
    }
    Some(edge)
}

/// The labels of a service, those for its tasks among them.
fn labels(service: &Beside) -> Vec<Label> {
    let mut all = Vec::new();
    for part in &service.parts {
        for node in [part.node.get("labels"), part.node.at(&["deploy", "labels"])].into_iter().flatten() {
            for entry in node.entries() {
                if let Some(value) = scalar(&entry.value) {
                    let place = Place::File(part.file, entry.value.span);
                    all.push(Label { name: entry.key.to_ascii_lowercase(), value, place });
                }
            }
            let item = |item: &Node| Some(written(item.text()?, Place::File(part.file, item.span)));
            all.extend(node.items().iter().filter_map(item));
        }
    }
    all.retain(|label| label.name.starts_with("traefik."));
    all
}

/// The arguments that Traefik itself is started with.
fn arguments(service: &Beside) -> Vec<Label> {
    let Some((file, node)) = service.get("command") else { return Vec::new() };
    let at = Place::File(file, node.span);
    match &node.kind {
        NodeKind::Text(text) => text.split(" ").iter().map(|word| written(word, at)).collect(),
        _ => {
            let written = |item: &Node| Some(written(item.text()?, Place::File(file, item.span)));
            node.items().iter().filter_map(written).collect()
        }
    }
}

/// `name=value`; a name alone is a switch that is on.
fn written(text: &Text, place: Place) -> Label {
    let (name, value) = text.split_once("=").unwrap_or_else(|| (text.clone(), "true".into()));
    let name = name.as_name().trim().trim_start_matches("--").to_ascii_lowercase();
    Label { name, value: value.map(|value| value.trim().to_owned()), place }
}

fn scalar(node: &Node) -> Option<Text> {
    match &node.kind {
        NodeKind::Text(text) | NodeKind::Number(_, text) => Some(text.clone()),
        NodeKind::Bool(value) => Some(if *value { "true" } else { "false" }.into()),
        _ => None,
    }
}

/// One way in: for which entry points, with TLS or without, through which middlewares.
struct Router {
    name: String,
    place: Place,
    entry_points: Vec<String>,
    tls: Option<Place>,
    middlewares: Vec<String>,
}

fn routers(labels: &[Label]) -> Vec<Router> {
    let mut all: Vec<Router> = Vec::new();
    for label in labels {
        let Some(rest) = label.name.strip_prefix("traefik.http.routers.") else { continue };
        let Some((name, option)) = rest.split_once('.') else { continue };
        let at = all.iter().position(|router| router.name == name).unwrap_or(all.len());
        if at == MOST_ROUTERS {
            continue;
        }
        if at == all.len() {
            all.push(Router {
                name: name.to_owned(),
                place: label.place,
                entry_points: Vec::new(),
                tls: None,
                middlewares: Vec::new(),
            });
        }
        let router = &mut all[at];
        match option {
            "entrypoints" => router.entry_points = words(&label.value),
            "middlewares" => router.middlewares = words(&label.value),
            _ if (option == "tls" && label.value.is("true")) || option.starts_with("tls.") => {
                router.tls.get_or_insert(label.place);
            }
            _ => {}
        }
    }
    all
}

/// Names between commas, without the provider that has them.
fn words(text: &Text) -> Vec<String> {
    let mut all = Vec::new();
    text.test(|text| {
        let words = text.split(',').map(|word| word.split('@').next().unwrap_or(word).trim().to_ascii_lowercase());
        all = words.filter(|word| !word.is_empty()).collect();
        true
    });
    all
}

/// Every middleware of the file, and the entry points that add some by themselves.
struct Middlewares<'l> {
    /// The labels of each middleware.
    labels: HashMap<&'l str, Vec<&'l Label>>,
    arguments: &'l [Label],
}

impl<'l> Middlewares<'l> {
    fn new(labels: &'l [Label], arguments: &'l [Label]) -> Self {
        let mut by_name: HashMap<&str, Vec<&Label>> = HashMap::new();
        for label in labels {
            let rest = label.name.strip_prefix("traefik.http.middlewares.");
            if let Some((name, _)) = rest.and_then(|rest| rest.split_once('.')) {
                by_name.entry(name).or_default().push(label);
            }
        }
        Middlewares { labels: by_name, arguments }
    }

    /// What the middlewares of a router are told.
    fn of(&self, router: &Router) -> Vec<&'l Label> {
        let by_entry_point = self.arguments.iter().filter(|own| {
            let point = own.name.strip_prefix("entrypoints.").and_then(|name| name.strip_suffix(".http.middlewares"));
            point.is_some_and(|point| {
                router.entry_points.is_empty() || router.entry_points.iter().any(|own| own == point)
            })
        });
        let mut names = router.middlewares.clone();
        names.extend(by_entry_point.flat_map(|own| words(&own.value)));
        let mut all = Vec::new();
        self.told(names, MOST_CHAINS, &mut HashSet::new(), &mut all);
        all
    }

    /// Adds what middlewares are told, each once.
    fn told(&self, names: Vec<String>, depth: usize, seen: &mut HashSet<String>, all: &mut Vec<&'l Label>) {
        for name in names {
            let Some(labels) = self.labels.get(&*name).filter(|_| seen.insert(name.clone())) else { continue };
            for label in labels {
                if depth > 0 && label.name.ends_with(".chain.middlewares") {
                    self.told(words(&label.value), depth - 1, seen, all);
                } else {
                    all.push(label);
                }
            }
        }
    }

    /// Whether a label defines a middleware.
    fn defines(&self, name: &str) -> bool {
        self.labels.contains_key(name)
    }

    /// Whether a router only sends on to https.
    fn redirects(&self, router: &Router) -> bool {
        let to_https = |own: &&Label| own.name.ends_with(".redirectscheme.scheme") && own.value.is("https");
        self.of(router).iter().any(to_https) && router.tls.is_none()
    }

    /// Where an entry point sends everything on to another one.
    fn redirects_all(&self) -> Option<Place> {
        let found = self.arguments.iter().find(|own| own.name.contains(".http.redirections.entrypoint.to"));
        found.map(|own| own.place)
    }
}

/// Whether plain http leads to https, where both have routers.
fn redirect(reading: &mut Reading<'_>, target: &Target, routers: &[Router], all: &Middlewares<'_>, tls: Option<Place>) {
    let plain = routers.iter().find(|router| {
        let http = router.entry_points.iter().any(|point| matches!(&**point, "web" | "http"));
        http && router.tls.is_none()
    });
    let (Some(router), Some(tls)) = (plain, tls) else { return };
    let redirected = all.redirects(router) || all.redirects_all().is_some();
    let resource = reading
        .resource(proxy::KIND, target.name.clone(), router.place)
        .set(proxy::serves_http, reading.stated(Kind::Bool(true), router.place))
        .set(proxy::serves_tls, reading.stated(Kind::Bool(true), tls))
        .set(proxy::redirects_to_https, Value::written(Kind::Bool(redirected), router.place))
        .with_fix(
            proxy::redirects_to_https,
            "Redirect the entry point of plain http: `entrypoints.web.http.redirections.entrypoint.to=websecure`.",
        );
    reading.add(resource);
}

/// The headers that middlewares add, as they are sent.
fn headers(told: &[&Label]) -> Vec<(Text, Text, Place)> {
    let mut all = Vec::new();
    let option = |name: &str| told.iter().find(|own| own.name.ends_with(name));
    let mut add = |name: &str, value: Text, place: Place| all.push((name.into(), value, place));
    let is_on = |own: &&&Label| own.value.is("true");
    if let Some(own) = option(".headers.stsseconds") {
        let subdomains = option(".headers.stsincludesubdomains").filter(is_on).is_some();
        let end = if subdomains { "; includeSubDomains" } else { "" };
        add("Strict-Transport-Security", own.value.map(|seconds| format!("max-age={seconds}{end}")), own.place);
    }
    for (name, header, value) in [
        (".headers.contenttypenosniff", "X-Content-Type-Options", "nosniff"),
        (".headers.framedeny", "X-Frame-Options", "DENY"),
        (".headers.accesscontrolallowcredentials", "Access-Control-Allow-Credentials", "true"),
    ] {
        if let Some(own) = option(name).filter(is_on) {
            add(header, value.into(), own.place);
        }
    }
    for (name, header) in [
        (".headers.customframeoptionsvalue", "X-Frame-Options"),
        (".headers.contentsecuritypolicy", "Content-Security-Policy"),
        (".headers.referrerpolicy", "Referrer-Policy"),
        (".headers.permissionspolicy", "Permissions-Policy"),
        (".headers.accesscontrolalloworiginlist", "Access-Control-Allow-Origin"),
    ] {
        if let Some(own) = option(name) {
            add(header, own.value.clone(), own.place);
        }
    }
    for own in told {
        if let Some((_, header)) = own.name.split_once(".headers.customresponseheaders.") {
            add(header, own.value.clone(), own.place);
        }
    }
    all
}

/// What browsers are told of https, where a middleware tells them anything: the app may tell them by itself.
fn promise(reading: &mut Reading<'_>, name: &str, written: &[(Text, Text, Place)]) {
    let mut sent = Headers::default();
    written.iter().for_each(|(name, value, place)| sent.add(name, Some(value), *place));
    let Some(hsts) = sent.present.iter().find(|(word, _)| *word == "hsts") else { return };
    let place = hsts.1;
    let age = sent.promise(place);
    let resource =
        reading.resource(response_headers::KIND, name, place).set_at(response_headers::hsts_max_age, age, "stsSeconds");
    reading.add(resource);
}

/// `--api.insecure`: the dashboard on a port of its own, without a question, where that port is published.
fn dashboard(reading: &mut Reading<'_>, traefik: &Beside, arguments: &[Label]) {
    let Some(own) = arguments.iter().find(|own| own.name == "api.insecure" && own.value.is("true")) else { return };
    let open = ports::published(&traefik.parts).iter().any(|port| port.inside == Some(8080) && port.open == Some(true));
    if open {
        open_dashboard(reading, own.place, "api.insecure");
    }
}

/// Routers that lead to the dashboard, and whether anything on their way asks who comes.
fn guarded_dashboard(reading: &mut Reading<'_>, everywhere: &[Label]) {
    let all = Middlewares::new(everywhere, &[]);
    for router in routers(everywhere) {
        let service = format!("traefik.http.routers.{}.service", router.name);
        let Some(own) = everywhere.iter().find(|own| own.name == service && own.value.is("api@internal")) else {
            continue;
        };
        let asks = ["basicauth", "digestauth", "forwardauth", "ipallowlist", "ipwhitelist", "plugin"];
        // A middleware of a file or of another provider is not seen, and may ask.
        let unseen = router.middlewares.iter().any(|name| !all.defines(name));
        let asked = unseen || all.of(&router).iter().any(|own| own.name.split('.').any(|part| asks.contains(&part)));
        if !asked {
            open_dashboard(reading, own.place, "api@internal");
        }
    }
}

fn open_dashboard(reading: &mut Reading<'_>, place: Place, key: &str) {
    let resource = reading
        .resource(devtools::KIND, "Traefik's dashboard", place)
        .set_at(devtools::enabled, Value::written(Kind::Bool(true), place), key)
        .set(devtools::authorized, reading.stated(Kind::Bool(false), place));
    reading.add(resource);
}
