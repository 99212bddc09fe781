//! Settings that join several resources: what the app says and what stands in front of it says, taken together.

use crate::eval::{How, Kind, Place, Step, Value};
use crate::platforms::edge::Edge;
use crate::platforms::{Hosting, is_of_proxy};
use crate::reading::bench::Reading;
use crate::reading::refused::is_refused;
use crate::settings::{
    Key, Resource, ResourceKind, State, cookie, cors, endpoint, proxy, response_headers, secret, upload,
};
use crate::syntax::code::SourceKind;
use std::sync::Arc;

/// Fills the derived settings in, after everything else was read.
pub(crate) fn read(reading: &mut Reading<'_>, hosting: &Hosting) {
    let edge = &hosting.edge;
    body_limits(reading, edge);
    headers(reading, edge);
    tells_scheme(reading, edge);
    promised(reading, edge);
    cors_twice(reading, edge);
    scheme(reading, edge);
    redirects(reading);
    stand_ins(reading);
}

/// Takes the secrets out whose value is a stand-in that the app's own code refuses, wherever they were read.
fn stand_ins(reading: &mut Reading<'_>) {
    let told = |resource: &Resource| {
        let written_in = resource.value(secret::written_in)?.as_text()?;
        written_in.one_of(&["env_file"])?;
        resource.value(secret::value)?.as_text().cloned()
    };
    let refused: Vec<bool> = reading
        .model
        .resources
        .iter()
        .map(|resource| {
            resource.kind.name == secret::KIND.name && told(resource).is_some_and(|text| is_refused(reading, &text))
        })
        .collect();
    let mut refused = refused.into_iter();
    reading.model.resources.retain(|_| !refused.next().unwrap_or_default());
}

/// The app's own resources of a kind: those of the edge have places in its files and are told by its adapter.
fn own<'m>(reading: &'m mut Reading<'_>, kind: &'static ResourceKind) -> impl Iterator<Item = &'m mut Resource> {
    reading.model.resources.iter_mut().filter(move |resource| resource.kind.name == kind.name)
}

/// The smallest limit on the way to an upload.
fn body_limits(reading: &mut Reading<'_>, edge: &Edge) {
    let Some((limit, place)) = edge.body_limit else { return };
    let found = Value::written(Kind::Number(limit), place);
    for resource in own(reading, upload::KIND) {
        let app = resource.value(upload::host_body_limit).and_then(Value::as_number);
        // Zero is no limit.
        let smaller = limit > 0.0 && app.is_none_or(|app| app <= 0.0 || limit < app);
        if smaller {
            resource.put(upload::host_body_limit, found.clone());
        }
    }
}

/// The headers that the edge adds to what the app sends.
fn headers(reading: &mut Reading<'_>, edge: &Edge) {
    if edge.headers.present.is_empty() {
        return;
    }
    let project = reading.documents.project;
    let in_proxy = |resource: &Resource| {
        resource
            .place
            .in_file()
            .is_some_and(|(file, _)| is_of_proxy(&project.file(file).kind) || edge_files(edge).contains(&file))
    };
    for resource in own(reading, response_headers::KIND) {
        if in_proxy(resource) {
            continue;
        }
        let place = resource.place;
        if let Some(present) = resource.value(response_headers::present_headers).cloned() {
            let joined = present.each(&mut |value| with_items(value, edge, place));
            resource.put(response_headers::present_headers, joined);
        }
        let age = edge.headers.promise(place);
        let missing = |resource: &Resource, key: Key| match resource.state(key) {
            None | Some(State::NotHere) => true,
            // A framework's zero is no promise of anybody's.
            Some(State::Value(value)) => {
                let is_nothing = value.as_number() == Some(0.0) && value.trail.is_default();
                value.is_absent() || value.is_unknown() || is_nothing
            }
        };
        if !age.is_absent() && missing(resource, response_headers::hsts_max_age) {
            resource.put(response_headers::hsts_max_age, age);
            // Of a header in a proxy nobody asks whether it holds for subdomains.
            resource.decline(response_headers::hsts_subdomains);
        }
    }
}

fn with_items(value: &Value, edge: &Edge, place: Place) -> Value {
    let added = edge.headers.list(place);
    let added = added.as_list().unwrap_or_default().to_vec();
    match &value.kind {
        Kind::List { items, open } => {
            let items: Arc<[Value]> = items.iter().cloned().chain(added).collect();
            Value::new(Kind::List { items, open: open.clone() }, &value.trail)
        }
        Kind::Absent => edge.headers.list(place),
        _ => value.clone(),
    }
}

fn edge_files(edge: &Edge) -> Vec<crate::syntax::FileId> {
    edge.headers.present.iter().filter_map(|(_, place)| Some(place.in_file()?.0)).collect()
}

/// Whether an app that reads the scheme which a proxy tells is told it. Where nobody sees what ends TLS, and where the app's
/// server believes the proxy by itself, that is no question.
fn tells_scheme(reading: &mut Reading<'_>, edge: &Edge) {
    for resource in own(reading, proxy::KIND) {
        let Some(reads) = resource.value(proxy::reads_scheme).and_then(Value::as_bool) else { continue };
        // An app that sends nobody on does not send them on for ever.
        let stays = resource.value(proxy::redirects_to_https).and_then(Value::as_bool) == Some(false);
        match edge.hides_scheme {
            _ if edge.tls.is_none() || stays => resource.decline(proxy::reads_scheme),
            Some(place) => {
                let trail = Step::start(place, How::Written);
                resource.put(proxy::reads_scheme, Value::new(Kind::Bool(false), &trail));
            }
            None if edge.is_believed && !reads => resource.decline(proxy::reads_scheme),
            None => {}
        }
    }
}

/// An app that promises https by itself does so through the servers in front of it, where it knows that visitors come over
/// https.
fn promised(reading: &mut Reading<'_>, edge: &Edge) {
    if edge.hides_scheme.is_some() {
        return;
    }
    let blind = own(reading, proxy::KIND)
        .any(|resource| resource.value(proxy::reads_scheme).and_then(Value::as_bool) == Some(false));
    let project = reading.documents.project;
    let is_proxy =
        |resource: &Resource| resource.place.in_file().is_none_or(|(file, _)| is_of_proxy(&project.file(file).kind));
    let promise = own(reading, response_headers::KIND).filter(|resource| !is_proxy(resource)).find_map(|resource| {
        let age = resource.value(response_headers::hsts_max_age)?;
        age.as_number().is_some_and(|seconds| seconds > 0.0).then(|| age.clone())
    });
    let Some(promise) = promise.filter(|_| !blind) else { return };
    for resource in own(reading, response_headers::KIND).filter(|resource| edge.leads.contains(&resource.place)) {
        if resource.value(response_headers::hsts_max_age).is_some_and(Value::is_absent) {
            resource.put(response_headers::hsts_max_age, promise.clone());
        }
    }
}

/// CORS headers by the app and by the edge: browsers refuse answers with two of them.
fn cors_twice(reading: &mut Reading<'_>, edge: &Edge) {
    let Some(place) = edge.cors else { return };
    let twice = reading.stated(Kind::Bool(true), place);
    for resource in own(reading, cors::KIND) {
        let at_edge = resource.place.in_file().map(|(file, _)| file) == place.in_file().map(|(file, _)| file);
        let sends = resource.value(cors::origins).is_some_and(|origins| {
            !origins.is_absent() && !origins.is_unknown() && origins.as_list().is_none_or(|items| !items.is_empty())
        });
        if !at_edge && sends {
            resource.put(cors::also_set_at_edge, twice.clone());
        }
    }
}

/// An app that sends nobody on to https by itself stands behind whatever does, or does not.
fn redirects(reading: &mut Reading<'_>) {
    let project = reading.documents.project;
    let is_code = |resource: &Resource| {
        resource.place.in_file().is_some_and(|(file, _)| SourceKind::from_path(&project.file(file).path).is_some())
    };
    let in_front = reading.model.resources.iter().find_map(|resource| {
        let is_edge = resource.kind.name == proxy::KIND.name && !is_code(resource);
        let ends_tls = resource.value(proxy::serves_tls).and_then(Value::as_bool) == Some(true);
        resource.value(proxy::redirects_to_https).filter(|_| is_edge && ends_tls).cloned()
    });
    let Some(in_front) = in_front else { return };
    for resource in reading.model.resources.iter_mut().filter(|resource| resource.kind.name == proxy::KIND.name) {
        let own = resource.value(proxy::redirects_to_https).and_then(Value::as_bool);
        if is_code(resource) && own == Some(false) {
            resource.put(proxy::redirects_to_https, in_front.clone());
        }
    }
}

/// A proxy that keeps the scheme from an app that decides by it.
fn scheme(reading: &mut Reading<'_>, edge: &Edge) {
    let Some(place) = edge.hides_scheme else { return };
    let secure = reading.model.resources.iter().any(|resource| {
        resource.kind.name == cookie::KIND.name && resource.value(cookie::secure).and_then(Value::as_bool) == Some(true)
    });
    let builds = reading.model.resources.iter().any(|resource| {
        let is = |word: &str| resource.value(endpoint::role).and_then(Value::as_text).is_some_and(|text| text.is(word));
        let unset = resource.value(endpoint::url).is_some_and(Value::is_absent);
        resource.kind.name == endpoint::KIND.name && is("own_public_url") && unset
    });
    if !secure && !builds {
        return;
    }
    let hidden = Value::new(Kind::Bool(false), &Step::start(place, How::Written));
    let resource = reading
        .resource(proxy::KIND, "the way to the app", place)
        .set_at(proxy::forwards_scheme, hidden, "X-Forwarded-Proto")
        .set(proxy::app_needs_scheme, reading.stated(Kind::Bool(true), place));
    reading.add(resource);
}
