//! Response headers, and the protection that each of them is.

/// Their names in small letters, and words of `response_headers.present_headers`.
pub(crate) const HEADERS: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "frame_protection"),
    ("content-security-policy", "content_policy"),
    ("referrer-policy", "referrer_policy"),
    ("permissions-policy", "permissions_policy"),
    ("strict-transport-security", "hsts"),
];
