//! Uploads: each definition with its limits, who may use it, and where its files lie.

use crate::eval::{Because, How, Kind, Place, Step, Use, Value};
use crate::frameworks::beignet::{app::App, authorize::authorize_of, providers};
use crate::libraries::next;
use crate::reading::bench::Reading;
use crate::reading::table::at;
use crate::reading::table::{Preset, Reader, Row};
use crate::reading::uses;
use crate::settings::{storage, upload};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::sync::Arc;

const DOCUMENTS: &str = "https://beignetjs.com/docs/uploads";

/// The options of a definition.
pub(super) static UPLOAD: &[Row] = &[
    Row {
        setting: upload::max_size,
        places: &[at("file.maxSizeBytes")],
        reader: Reader::Bytes,
        default: Preset::Absent,
        reference: DOCUMENTS,
    },
    Row {
        setting: upload::content_types,
        places: &[at("file.contentTypes")],
        reader: Reader::AsIs,
        default: Preset::Absent,
        reference: DOCUMENTS,
    },
    Row {
        setting: upload::visibility,
        places: &[at("file.visibility")],
        reader: Reader::AsIs,
        default: Preset::Absent,
        reference: DOCUMENTS,
    },
];

/// Parts of names that say whose a file is.
const OWNERS: &[&str] = &[
    "user",
    "tenant",
    "owner",
    "org",
    "organization",
    "account",
    "workspace",
    "team",
    "actor",
    "member",
    "session",
    "customer",
    "project",
    "principal",
];

pub(super) fn read(reading: &mut Reading<'_>, app: &App) {
    let mut names: Vec<Arc<str>> = Vec::new();
    // What goes to the local disk passes through the app; cloud stores can take files from browsers themselves.
    let limit = next::body_limit(reading, providers::keeps_locally(reading, app));
    let sites: Vec<Use> = app.calls_of("defineUpload").cloned().collect();
    let registries: Vec<Use> = ["defineUploads", "createUploadRouter", "createUploadRoute", "uploadsFromRegistry"]
        .iter()
        .flat_map(|name| app.calls_of(name).cloned())
        .collect();
    let registered: Vec<Value> = registries
        .iter()
        .flat_map(|registry| &registry.given.arguments)
        .flat_map(|argument| uses::inside(argument, "defineUpload", 8))
        .collect();
    // Inside a helper that hands its own parameters on, the definitions are where the helper is called.
    let of_sites = sites.iter().map(|site| Definition {
        name: site.argument(0),
        options: site.argument(1),
        whole: site.place.in_file(),
        site: Some(site),
    });
    let of_registries = registered.iter().filter_map(|found| {
        let call = found.as_call()?;
        let (name, options) = (call.argument(0, &found.trail), call.argument(1, &found.trail));
        Some(Definition { name, options, whole: found.trail.primary(), site: None })
    });
    let all: Vec<Definition<'_>> = of_sites.chain(of_registries).collect();
    for one in &all {
        let Some(name) = one.name.as_text().map(Text::as_name) else { continue };
        if one.site.is_some() || !names.contains(&name) {
            names.push(name.clone());
            let caller = one.handed_in().filter(|_| one.is_left_to_callers(&all));
            definition(reading, &name, one, (limit.as_ref(), caller));
        }
    }
    if names.len() < sites.len() {
        reading.unseen(upload::KIND, Because::Undecided);
    }
    expiries(reading, sites.iter().chain(&registries));
}

/// One definition, wherever it is made.
struct Definition<'u> {
    name: Value,
    options: Value,
    /// The call that makes it.
    whole: Option<(FileId, Span)>,
    site: Option<&'u Use>,
}

impl Definition<'_> {
    /// Where a helper that makes it is handed its name, or the call whose options a helper makes: whoever calls it leaves out
    /// what is missing.
    fn handed_in(&self) -> Option<Place> {
        let (file, whole) = self.whole?;
        let outside = |place: &Place| place.in_file().is_some_and(|(own, span)| own != file || !whole.holds(span));
        let places = self.name.trail.walk(16).into_iter().map(|step| step.place);
        let name = places.filter(|place| place.is_text()).find(outside);
        let is_made_elsewhere = self.options.trail.primary_place().is_some_and(|place| outside(&place));
        name.or_else(|| is_made_elsewhere.then_some(Place::File(file, whole)))
    }

    /// Whether a helper takes the limit from its callers: it writes what they give, or some of them have one.
    fn is_left_to_callers(&self, all: &[Definition<'_>]) -> bool {
        let is_named = self.options.field("file").fields().iter().any(|(key, _)| &**key == "maxSizeBytes");
        let of_helper = |other: &&Definition<'_>| other.whole == self.whole;
        is_named || all.iter().filter(of_helper).any(|other| !other.options.path("file.maxSizeBytes").is_absent())
    }
}

/// One definition; with the host's limit for bodies, and where a helper is told to make it.
fn definition(
    reading: &mut Reading<'_>,
    name: &str,
    one: &Definition<'_>,
    (host_limit, made_for): (Option<&Value>, Option<Place>),
) {
    let options = &one.options;
    let mut resource = reading.table(upload::KIND, name, UPLOAD, options);
    if let (Some(caller), Some(Kind::Absent)) = (made_for, resource.value(upload::max_size).map(|limit| &limit.kind)) {
        resource.put(upload::max_size, Value::new(Kind::Absent, &Step::start(caller, How::Written)));
    }
    if let Some(Value { kind: Kind::Absent, .. }) = resource.value(upload::visibility) {
        resource = resource.not_here(upload::visibility);
    }
    let place = resource.place;
    let authorized = authorized(reading, options, one.site);
    let scoped = key_scoped(reading, options);
    let mut resource = resource.set(upload::enabled, reading.stated(Kind::Bool(true), place)).set_at(
        upload::authorized,
        authorized,
        "authorize",
    );
    if let Some(limit) = host_limit {
        resource = resource.set(upload::host_body_limit, limit.clone());
    }
    if !scoped.is_absent() {
        resource = resource.set_at(upload::key_scoped, scoped, "key");
    }
    reading.add(resource);
}

/// Whether somebody decides for each user: a check that is not there, or always true, decides nothing.
fn authorized(reading: &Reading<'_>, options: &Value, site: Option<&Use>) -> Value {
    let authorize = options.field("authorize");
    authorize.each(&mut |authorize| {
        let kind = match &authorize.kind {
            Kind::Absent | Kind::Null => Kind::Bool(false),
            Kind::Function(_) => {
                let known = authorize.clone();
                let everybody = match site {
                    Some(site) => {
                        let find = authorize_of(site);
                        reading.evaluator.lets_everybody_through(&find, &["input"])
                    }
                    None => reading.evaluator.lets_everybody_through(&|_| known.clone(), &["input"]),
                };
                Kind::Bool(everybody != Some(true))
            }
            Kind::Unknown(unknown) => Kind::Unknown(unknown.clone()),
            _ => Kind::Unknown(Because::Undecided.into()),
        };
        let trail = if authorize.is_absent() { &options.trail } else { &authorize.trail };
        Value::new(kind, trail)
    })
}

/// Whether the owner or the tenant is a part of the key.
fn key_scoped(reading: &Reading<'_>, options: &Value) -> Value {
    let key = options.field("key");
    key.each(&mut |key| {
        let Kind::Function(_) = key.kind else {
            let kind = if key.is_absent() { Kind::Absent } else { Kind::Unknown(Because::Undecided.into()) };
            return Value::new(kind, &key.trail);
        };
        let (parts, followed) = reading.evaluator.result_is_made_of(key, &["input"]);
        let kind = if parts.iter().any(|part| says_whose(part)) {
            Kind::Bool(true)
        } else if followed {
            Kind::Bool(false)
        } else {
            Kind::Unknown(Because::Undecided.into())
        };
        Value::new(kind, &key.trail)
    })
}

/// Whether a part of the input says whose it is: all that the context has does, of the rest what is named so.
fn says_whose(part: &str) -> bool {
    let Some(part) = part.strip_prefix("input.") else { return false };
    if part.starts_with("ctx.") || part.starts_with("context.") {
        return true;
    }
    let name = part.rsplit('.').next().unwrap_or(part).to_ascii_lowercase();
    !part.starts_with("file.") && OWNERS.iter().any(|owner| name.contains(owner))
}

/// How long the addresses for direct uploads are valid, where that is written.
fn expiries<'c>(reading: &mut Reading<'_>, calls: impl Iterator<Item = &'c Use>) {
    let mut found: Vec<(Arc<str>, Value)> = Vec::new();
    for call in calls {
        for argument in &call.given.arguments {
            for options in [argument.clone(), argument.field("file"), argument.field("directUpload")] {
                let fields = options.fields().iter().filter(|(key, _)| key.to_ascii_lowercase().contains("expires"));
                found.extend(fields.cloned());
            }
        }
    }
    for (key, value) in found {
        let lifetime = value.read(&|value| match &value.kind {
            // No direct upload lives longer than a day: what is more is counted in milliseconds.
            Kind::Number(number) if *number >= 100_000.0 => Kind::Number(number / 1000.0),
            other => other.clone(),
        });
        let resource = reading
            .resource(storage::KIND, format!("direct uploads ({key})"), reading.place_of(&value))
            .set_at(storage::signed_url_lifetime, lifetime, key);
        reading.add(resource);
    }
}
