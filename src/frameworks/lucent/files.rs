//! Where uploaded files go, how large they can be, and for how long links to them work.

use crate::eval::{Kind, Value};
use crate::frameworks::lucent::handed::hand_on;
use crate::libraries::elysia;
use crate::reading::bench::Reading;
use crate::settings::endpoint;

/// The two names of the block.
const BLOCKS: &[&str] = &["upload", "storage"];

pub(super) fn read(reading: &mut Reading<'_>, root: &Value) {
    let Some(block) = BLOCKS.iter().map(|key| root.field(key)).find(|block| !block.is_absent()) else { return };
    let place = reading.place_of(&block);
    let limit = elysia::body_limit(reading);
    hand_on(reading, "files", place, [root.clone()].into_iter().chain(limit).collect());
    let provider = root.path("upload.provider").or_default(&|_| root.path("storage.provider"));
    let told = provider_by_names(&block).filter(|_| provider.is_absent()).map(|word| reading.word(word, place));
    let is = |value: &Value, word: &str| value.as_text().is_some_and(|text| text.is(word));
    let without_links = [Some(&provider), told.as_ref()].into_iter().flatten();
    let without_links = without_links.into_iter().any(|value| is(value, "local") || is(value, "googleDrive"));
    let store = if without_links { "folder" } else { "bucket" };
    hand_on(reading, store, place, [root.clone()].into_iter().chain(told).collect());
    for key in ["upload.s3.endpoint", "storage.s3.endpoint"] {
        let url = root.path(key);
        if !url.is_absent() {
            let place = reading.place_of(&url);
            let resource = reading
                .resource(endpoint::KIND, key, place)
                .set(endpoint::role, reading.word("upstream", place))
                .set_at(endpoint::url, url, key);
            reading.add(resource);
        }
    }
}

/// Where the files go, as far as what is written under its own name tells it.
fn provider_by_names(block: &Value) -> Option<&'static str> {
    let has = |key: &str| matches!(block.field(key).kind, Kind::Object { .. } | Kind::Text(_));
    if has("s3") || has("googleDrive") {
        return Some("cloud");
    }
    has("dir").then_some("local")
}
