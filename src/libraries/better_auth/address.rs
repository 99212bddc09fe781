//! The app's own address, as it is written for Better Auth or as the library reads it from the environment.

use crate::eval::{Kind, Value};
use crate::machines::leads_here;
use crate::reading::bench::Reading;
use crate::settings::endpoint;

pub(super) fn read(reading: &mut Reading<'_>, options: &Value) {
    let place = reading.place_of(options);
    let url = options.field("baseURL").or_default(&|_| reading.evaluator.variable("BETTER_AUTH_URL", place));
    if has_address(&url) {
        let resource = reading
            .resource(endpoint::KIND, "of Better Auth", reading.place_of(&url))
            .set(endpoint::role, reading.word("own_public_url", place))
            .set_at(endpoint::url, url.clone(), "baseURL");
        reading.add(resource);
    }
}

/// Whether some way leads to an address that is no localhost one: of the others no file tells anything.
fn has_address(url: &Value) -> bool {
    match &url.kind {
        Kind::Text(text) => !text.test(leads_here),
        Kind::Choice(_, arms) => arms.iter().any(has_address),
        _ => false,
    }
}
