//! The ten risks of the OWASP API Security Top 10 of 2023.

/// The title of a risk, and the name of its page.
pub(super) fn risk(number: u16) -> Option<(&'static str, &'static str)> {
    RISKS.get(usize::from(number.checked_sub(1)?)).copied()
}

const RISKS: [(&str, &str); 10] = [
    ("Broken Object Level Authorization", "0xa1-broken-object-level-authorization"),
    ("Broken Authentication", "0xa2-broken-authentication"),
    ("Broken Object Property Level Authorization", "0xa3-broken-object-property-level-authorization"),
    ("Unrestricted Resource Consumption", "0xa4-unrestricted-resource-consumption"),
    ("Broken Function Level Authorization", "0xa5-broken-function-level-authorization"),
    ("Unrestricted Access to Sensitive Business Flows", "0xa6-unrestricted-access-to-sensitive-business-flows"),
    ("Server Side Request Forgery", "0xa7-server-side-request-forgery"),
    ("Security Misconfiguration", "0xa8-security-misconfiguration"),
    ("Improper Inventory Management", "0xa9-improper-inventory-management"),
    ("Unsafe Consumption of APIs", "0xaa-unsafe-consumption-of-apis"),
];
