//! Where the app is deployed, as far as its files tell.

use crate::eval::Kind;
use crate::frameworks::Reading;
use crate::frameworks::platforms::Hosting;
use crate::frameworks::reading::SERVERLESS;
use crate::settings::deployment;

/// The one deployment of an app. What no file tells stays unknown, and so no rule is softened or sharpened by it.
pub(super) fn read(reading: &mut Reading<'_>, hosting: Hosting) {
    let place = reading.place();
    let closed = reading.stated(Kind::Bool(reading.environment.closed), place);
    let unknown = || crate::eval::Value::unknown(crate::eval::Because::Undecided, &closed.trail);
    let by_target = reading.environment.target.as_ref().is_some_and(|target| target.kind.is_serverless());
    let serverless =
        if by_target || reading.facts.has(SERVERLESS) { reading.stated(Kind::Bool(true), place) } else { unknown() };
    let resource = reading
        .resource(deployment::KIND, "deployment", place)
        .set(deployment::serverless, serverless)
        .set(deployment::replicas, hosting.replicas.unwrap_or_else(unknown))
        .set(deployment::disk, hosting.disk.unwrap_or_else(unknown))
        .set(deployment::stops_when_idle, hosting.stops_when_idle.unwrap_or_else(unknown))
        .set(deployment::environment_closed, closed.clone());
    reading.add(resource);
}
