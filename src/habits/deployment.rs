//! Where the app is deployed, as far as its files tell.

use crate::eval::{Because, Kind, Place, Value};
use crate::platforms::edge::Edge;
use crate::platforms::{self, Hosting};
use crate::reading::bench::Reading;
use crate::reading::bench::SERVERLESS;
use crate::settings::{deployment, edge};

/// The one deployment of an app. What no file tells stays unknown, and so no rule is softened or sharpened by it.
pub(crate) fn read(reading: &mut Reading<'_>, hosting: &Hosting) {
    let place = reading.place();
    let closed = reading.stated(Kind::Bool(reading.environment.closed), place);
    let unknown = || Value::unknown(Because::Undecided, &closed.trail);
    let by_target = reading.environment.target.as_ref().is_some_and(|target| target.nature.serverless);
    let serverless =
        if by_target || reading.facts.has(SERVERLESS) { reading.stated(Kind::Bool(true), place) } else { unknown() };
    let resource = reading
        .resource(deployment::KIND, "deployment", place)
        .set(deployment::serverless, serverless)
        .set(deployment::replicas, hosting.replicas.clone().unwrap_or_else(unknown))
        .set(deployment::processes, platforms::processes(reading, hosting).unwrap_or_else(unknown))
        .set(deployment::disk, hosting.disk.clone().unwrap_or_else(unknown))
        .set(deployment::stops_when_idle, hosting.stops_when_idle.clone().unwrap_or_else(unknown))
        .set(deployment::environment_closed, closed.clone());
    reading.add(resource);
    in_front(reading, &hosting.edge);
}

/// The one edge of an app. Where no file of a proxy is in the tree, what it does is not known.
fn in_front(reading: &mut Reading<'_>, seen: &Edge) {
    let place = reading.place();
    let stated = |value, place: Place| reading.stated(Kind::Bool(value), place);
    let unknown = || Value::unknown(Because::Undecided, &stated(false, place).trail);
    let known = |at: Option<Place>| match at {
        Some(at) => stated(true, at),
        None => unknown(),
    };
    let limits =
        if seen.visible && seen.rate_limits.is_none() { stated(false, place) } else { known(seen.rate_limits) };
    let resource = reading
        .resource(edge::KIND, edge::KIND.name, place)
        .set(edge::visible, stated(seen.visible, place))
        .set(edge::tls, known(seen.tls))
        .set(edge::rate_limits, limits)
        .set(
            edge::rewrites_client_ip,
            seen.rewrites_client_ip.map_or_else(unknown, |(rewrites, at)| stated(rewrites, at)),
        );
    reading.add(resource);
}
