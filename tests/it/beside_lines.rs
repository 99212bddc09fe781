//! What no line of a fixture can state: open items of the checklist, and the further places of a finding.

use crate::support::{lay_out, scan};
use serde_json::Value;
use std::path::Path;

fn report(fixture: &str) -> Value {
    let folder = lay_out(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture));
    scan(folder.path(), &[])
}

fn is_open(report: &Value, rule: &str) -> bool {
    report["checklist"].as_array().into_iter().flatten().any(|item| item["rule"] == rule)
}

#[test]
fn an_app_that_describes_its_api_is_asked_whether_it_may() {
    assert!(is_open(&report("aksara/everything-wrong"), "openapi/exposed"));
    assert!(!is_open(&report("aksara/hardened"), "openapi/exposed"));
}

#[test]
fn headers_are_asked_for_where_no_proxy_is_seen() {
    let alone = report("frontmcp/hardened");
    let behind_a_proxy = report("frontmcp/proxied");
    for rule in ["transport/no-hsts", "transport/missing-security-headers"] {
        assert!(is_open(&alone, rule), "{rule}");
        assert!(!is_open(&behind_a_proxy, rule), "{rule}");
    }
}

#[test]
fn only_fields_that_an_agent_can_write_are_pointed_at() {
    let report = report("aksara/tenants-in-code");
    let findings = report["findings"].as_array().expect("findings");
    let finding = findings.iter().find(|finding| finding["rule"] == "ai/fields-writable").expect("the finding");
    let places = finding["also"].as_array().expect("further places").iter().map(|own| &own["location"]);
    let lines: Vec<u64> =
        places.filter(|place| place["file"] == "app/models.py").filter_map(|place| place["line"].as_u64()).collect();
    // Neither what is sensitive or sets itself, nor what is hidden by its model or by its view set.
    assert_eq!(lines, [7]);
}
