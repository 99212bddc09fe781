//! Next.js around a framework: what `next.config`, `vercel.json` and a middleware send and publish.

use crate::eval::{Because, How, Kind, Place, Step, Value};
use crate::libraries::routes::file_named;
use crate::libraries::web;
use crate::platforms::pipelines;
use crate::project::inside;
use crate::reading::bench::Reading;
use crate::reading::protections::HEADERS;
use crate::reading::table::Reader;
use crate::settings::build;
use crate::syntax::FileId;
use crate::syntax::data::Format;
use crate::text::Text;

/// The names of the configuration, in the order in which they are looked for.
pub(crate) const CONFIGS: &[&str] =
    &["next.config.ts", "next.config.mjs", "next.config.js", "next.config.mts", "next.config.cjs"];

/// What the build publishes and lets pass, and the CORS headers of its rules.
pub(crate) fn read(reading: &mut Reading<'_>) {
    for (index, rule) in header_rules(reading).as_list().unwrap_or_default().iter().enumerate() {
        let name = if index == 0 { "header rules".to_owned() } else { format!("header rules {}", index + 1) };
        web::cors::rule(reading, &name, &rule.field("source"), &rule.field("headers"));
    }
    let Some(file) = file_named(reading, CONFIGS) else { return };
    let config = config(reading, file);
    let mut resource = reading.resource(build::KIND, "next build", Place::File(file, Default::default()));
    let maps = config.field("productionBrowserSourceMaps");
    let ignores = config.path("typescript.ignoreBuildErrors");
    resource = resource
        .set_at(build::public_source_maps, or_off(&Reader::Truthy.apply(&maps)), "productionBrowserSourceMaps")
        .set_at(build::ignores_type_errors, or_off(&Reader::Truthy.apply(&ignores)), "typescript.ignoreBuildErrors");
    let checked = reading.stated(Kind::Bool(checks_types(reading)), Place::File(file, Default::default()));
    resource = resource.set(build::types_checked_elsewhere, checked);
    resource = resource.written_at(build::public_source_maps, &config, "productionBrowserSourceMaps").written_at(
        build::ignores_type_errors,
        &config,
        "typescript.ignoreBuildErrors",
    );
    reading.add(resource);
}

/// Whether a pipeline checks the types beside the build.
fn checks_types(reading: &Reading<'_>) -> bool {
    let project = reading.documents.project;
    let words = ["tsc ", "tsc\n", "typecheck", "type-check", "check-types", "types:check"];
    project.of_kind(&pipelines::KIND).iter().any(|file| project.mentions(*file, &words))
}

/// The limits to the size of a request's body that are written in `next.config`.
const BODY_LIMITS: &[&str] = &[
    "experimental.serverActions.bodySizeLimit",
    "experimental.middlewareClientMaxBodySize",
    "experimental.proxyClientMaxBodySize",
    "serverActions.bodySizeLimit",
];

/// The smallest known limit to the size of a request's body on its way into the app: written in `next.config`, or
/// its host's for every function where `through_functions` says that bodies take that way.
pub(crate) fn body_limit(reading: &Reading<'_>, through_functions: bool) -> Option<Value> {
    let config = file_named(reading, CONFIGS).map(|file| config(reading, file));
    let written = BODY_LIMITS.iter().filter_map(|key| Some(Reader::Bytes.apply(&config.as_ref()?.path(key))));
    let target = reading.environment.target.as_ref();
    let host = target.filter(|_| through_functions).and_then(|target| {
        let place = Place::File(target.file, Default::default());
        Some(Value::new(Kind::Number(target.nature.body_limit?), &Step::start(place, How::Fixed)))
    });
    let known = written.chain(host).filter(|limit| matches!(limit.kind, Kind::Number(_)));
    known.min_by(|a, b| a.as_number().partial_cmp(&b.as_number()).unwrap_or(std::cmp::Ordering::Equal))
}

fn or_off(value: &Value) -> Value {
    value.or_default(&|absent| {
        Value::new(Kind::Bool(false), &Step::after(absent.trail.place, How::Default, &absent.trail))
    })
}

/// The configuration of the app, where it has one.
pub(crate) fn configuration(reading: &Reading<'_>) -> Option<Value> {
    file_named(reading, CONFIGS).map(|file| config(reading, file))
}

/// Functions and wrappers of plugins around each other that are looked through.
const MOST_WRAPPERS: usize = 6;

/// The exported configuration; what a plugin's wrapper makes of it is taken as it was handed to the wrapper.
fn config(reading: &Reading<'_>, file: FileId) -> Value {
    unwrapped(reading, file, &reading.evaluator.export(file, "default"), MOST_WRAPPERS)
}

fn unwrapped(reading: &Reading<'_>, file: FileId, config: &Value, depth: usize) -> Value {
    let Some(depth) = depth.checked_sub(1) else { return config.clone() };
    // A wrapper can hang on a condition: `if (process.env.ANALYZE) config = withAnalyzer(config)`.
    config.each(&mut |config| match &config.kind {
        Kind::Function(_) => unwrapped(reading, file, &reading.evaluator.call(config, given(file)), depth),
        Kind::Call(call) => {
            let handed_on = match &call.callee.kind {
                Kind::Call(inner) => inner.arguments.as_slice(),
                _ => &[],
            };
            let mut handed = call.arguments.iter().chain(handed_on);
            // What nobody can tell may be the configuration: what comes behind it is the wrapper's own.
            match handed.find(|value| can_be_config(value) || value.is_unknown()) {
                Some(inner) if inner.is_unknown() => inner.clone(),
                Some(inner) => unwrapped(reading, file, inner, depth),
                None => Value::unknown(crate::eval::call_reason(call), &config.trail),
            }
        }
        _ => config.clone(),
    })
}

fn can_be_config(value: &Value) -> bool {
    match &value.kind {
        Kind::Object { .. } | Kind::Call(_) | Kind::Function(_) => true,
        Kind::Choice(_, arms) => arms.iter().all(can_be_config),
        _ => false,
    }
}

/// What a configuration that is a function is given: the phase, and the defaults.
fn given(file: FileId) -> Vec<Value> {
    let written = |kind| Value::written(kind, Place::File(file, Default::default()));
    let defaults = written(Kind::Object { fields: [].into(), open: Some(Because::Undecided.into()) });
    let context = Kind::Object { fields: [("defaultConfig".into(), defaults)].into(), open: None };
    vec![written(Kind::Text(Text::new("phase-production-server"))), written(context)]
}

/// The protections that are sent for all routes from outside of the framework's own hooks: an empty list where nothing
/// is written, unknown where it cannot be read.
pub(crate) fn headers(reading: &Reading<'_>) -> Value {
    let nothing =
        || Value::new(Kind::List { items: [].into(), open: None }, &Step::start(reading.place(), How::Derived));
    let mut words: Vec<Value> = Vec::new();
    let rules = header_rules(reading);
    match rules.as_list() {
        Some(rules) => rules.iter().for_each(|rule| collect(&rule.field("headers"), &mut words)),
        None => return rules,
    }
    words.extend(by_middleware(reading));
    match words.first() {
        Some(first) => {
            let trail = Step::after(first.trail.place, How::Derived, &first.trail);
            Value::new(Kind::List { items: words.into(), open: None }, &trail)
        }
        None => nothing(),
    }
}

/// The protections whose headers a middleware names.
pub(crate) fn by_middleware(reading: &Reading<'_>) -> Vec<Value> {
    let project = reading.documents.project;
    let Some(file) = crate::libraries::middleware::file(reading) else { return Vec::new() };
    let Ok(text) = project.text(file) else { return Vec::new() };
    let text = text.to_ascii_lowercase();
    let trail = Step::start(Place::File(file, Default::default()), How::Derived);
    let sent = HEADERS.iter().filter(|(name, _)| text.contains(name));
    sent.map(|(_, word)| Value::new(Kind::Text(Text::new(*word)), &trail)).collect()
}

/// The rules by which `next.config` and `vercel.json` send headers, as a list; unknown where they cannot be read.
pub(crate) fn header_rules(reading: &Reading<'_>) -> Value {
    let mut all = Vec::new();
    if let Some(file) = file_named(reading, CONFIGS) {
        let made = config(reading, file).field("headers");
        if let Kind::Function(_) = made.kind {
            let rules = reading.evaluator.call(&made, Vec::new());
            match rules.as_list() {
                Some(rules) => all.extend(rules.iter().cloned()),
                None => return Value::unknown(Because::Undecided, &made.trail),
            }
        } else if made.is_unknown() {
            return made.without_question();
        } else if matches!(made.kind, Kind::External { .. } | Kind::Call(_)) {
            return Value::unknown(Because::Undecided, &made.trail);
        }
    }
    if let Some(file) = reading.documents.project.find(&inside(&reading.found.root, "vercel.json"))
        && let Some(document) = reading.documents.data_of(file, Format::Json)
        && let Some(rules) = document.root().get("headers")
    {
        let rules = crate::eval::data_value(rules, file);
        all.extend(rules.as_list().unwrap_or_default().iter().cloned());
    }
    reading.stated(Kind::List { items: all.into(), open: None }, reading.place())
}

/// Pairs of `key` and `value`.
pub(crate) fn collect(headers: &Value, into: &mut Vec<Value>) {
    for header in headers.as_list().unwrap_or_default() {
        let (key, value) = (header.field("key"), header.field("value"));
        let Some(name) = key.as_text() else { continue };
        let Some((name, word)) = HEADERS.iter().find(|(known, _)| name.test(|name| name.eq_ignore_ascii_case(known)))
        else {
            continue;
        };
        into.push(Value::new(Kind::Text(Text::new(*word)), &key.trail));
        // A content policy can name who may show the page in a frame.
        let frames = value.as_text().is_some_and(|text| text.test(|text| text.contains("frame-ancestors")));
        if *name == "content-security-policy" && frames {
            into.push(Value::new(Kind::Text(Text::new("frame_protection")), &key.trail));
        }
    }
}
