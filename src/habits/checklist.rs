//! The items of the checklist that a framework leaves to the team, one resource each.

use crate::eval::Kind;
use crate::reading::bench::Reading;
use crate::settings::attestation;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Which items an app of each framework is asked to attest.
static ITEMS: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    toml::from_str(include_str!("checklists.toml")).expect("internal error: the list of checklists is valid")
});

/// The ids of the rules that an app of a framework is asked to attest.
pub(crate) fn items(framework: &str) -> &'static [String] {
    ITEMS.get(framework).map_or(&[], Vec::as_slice)
}

/// One item for each id; nobody has attested any of them yet.
pub(crate) fn read(reading: &mut Reading<'_>) {
    let place = reading.place();
    for id in items(reading.found.framework_name()) {
        let resource = reading
            .resource(attestation::KIND, id.as_str(), place)
            .set(attestation::attested, reading.stated(Kind::Bool(false), place));
        reading.add(resource);
    }
}
