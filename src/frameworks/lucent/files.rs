//! Where uploaded files go, how large they can be, and for how long links to them work.

use crate::eval::{Kind, Value};
use crate::frameworks::lucent::tables;
use crate::libraries::elysia;
use crate::reading::bench::Reading;
use crate::settings::{endpoint, storage, upload};
use crate::text::Text;

/// The two names of the block.
const BLOCKS: &[&str] = &["upload", "storage"];

pub(super) fn read(reading: &mut Reading<'_>, root: &Value) {
    let Some(block) = BLOCKS.iter().map(|key| root.field(key)).find(|block| !block.is_absent()) else { return };
    let place = reading.place_of(&block);
    let on = reading.stated(Kind::Bool(true), place);
    let mut uploads = reading.table(upload::KIND, "files", tables::UPLOAD, root).set(upload::enabled, on.clone());
    if let Some(limit) = elysia::body_limit(reading) {
        uploads = uploads.set(upload::host_body_limit, limit);
    }
    uploads.place = place;
    reading.add(uploads);
    stores(reading, root, &block, on);
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

fn stores(reading: &mut Reading<'_>, root: &Value, block: &Value, on: Value) {
    let place = reading.place_of(block);
    let mut resource = reading.table(storage::KIND, "files", tables::STORAGE, root).set(storage::enabled, on);
    resource.place = place;
    let provider = root.path("upload.provider").or_default(&|_| root.path("storage.provider"));
    let mut kind = resource.value(storage::kind).cloned().unwrap_or_else(|| block.clone());
    if provider.is_absent() {
        // Only what is written under its own name tells where the files go.
        let has = |key: &str| matches!(block.field(key).kind, Kind::Object { .. } | Kind::Text(_));
        let word = if has("s3") || has("googleDrive") { Some("cloud") } else { has("dir").then_some("local") };
        if let Some(word) = word {
            kind = Value::new(Kind::Text(Text::new(word)), &block.trail);
        }
    }
    let is_local = kind.as_text().is_some_and(|text| text.is("local"));
    let drive = provider.as_text().is_some_and(|text| text.is("googleDrive"));
    resource = resource.set_at(storage::kind, kind, provider_key(root));
    if is_local || drive {
        resource = resource.not_here(storage::signed_url_lifetime);
    }
    for name in BLOCKS {
        // No such key is documented; where it is written, S3 has one meaning for it.
        for key in ["s3.acl", "acl", "s3.public", "public"] {
            let key = format!("{name}.{key}");
            let written = root.path(&key);
            if !written.is_absent() {
                let public = |value: &Value| match &value.kind {
                    Kind::Bool(public) => Kind::Bool(*public),
                    Kind::Text(text) => Kind::Bool(text.test(|text| text.starts_with("public-"))),
                    _ => Kind::Unknown(crate::eval::Because::WrongType.into()),
                };
                let writable =
                    |value: &Value| Kind::Bool(value.as_text().is_some_and(|text| text.is("public-read-write")));
                resource = resource.set_at(storage::public, written.read(&public), key.clone()).set_at(
                    storage::public_write,
                    written.read(&writable),
                    key,
                );
            }
        }
    }
    reading.add(resource);
}

fn provider_key(root: &Value) -> &'static str {
    if root.field("upload").is_absent() { "storage.provider" } else { "upload.provider" }
}
