//! The sections of OWASP ASVS 5.0.0 with the levels of their requirements, and where each chapter is published.

/// The title of a section.
pub(super) fn section(chapter: u16, section: u16) -> Option<&'static str> {
    find(chapter, section).map(|(_, _, _, title)| *title)
}

/// From which level on a requirement is asked for; none where there is no such requirement.
pub(super) fn level(chapter: u16, section: u16, number: u16) -> Option<u8> {
    let (_, _, levels, _) = find(chapter, section)?;
    let at = usize::from(number.checked_sub(1)?);
    levels.as_bytes().get(at).map(|level| level - b'0')
}

/// The file of a chapter.
pub(super) fn file(chapter: u16) -> Option<&'static str> {
    CHAPTERS.get(usize::from(chapter.checked_sub(1)?)).copied()
}

/// How many requirements each section has.
#[cfg(test)]
pub(super) fn counts() -> impl Iterator<Item = u16> {
    SECTIONS.iter().map(|(_, _, levels, _)| u16::try_from(levels.len()).unwrap())
}

fn find(chapter: u16, section: u16) -> Option<&'static (u16, u16, &'static str, &'static str)> {
    SECTIONS.binary_search_by_key(&(chapter, section), |(a, b, _, _)| (*a, *b)).ok().map(|at| &SECTIONS[at])
}

const CHAPTERS: [&str; 17] = [
    "0x10-V1-Encoding-and-Sanitization",
    "0x11-V2-Validation-and-Business-Logic",
    "0x12-V3-Web-Frontend-Security",
    "0x13-V4-API-and-Web-Service",
    "0x14-V5-File-Handling",
    "0x15-V6-Authentication",
    "0x16-V7-Session-Management",
    "0x17-V8-Authorization",
    "0x18-V9-Self-contained-Tokens",
    "0x19-V10-OAuth-and-OIDC",
    "0x20-V11-Cryptography",
    "0x21-V12-Secure-Communication",
    "0x22-V13-Configuration",
    "0x23-V14-Data-Protection",
    "0x24-V15-Secure-Coding-and-Architecture",
    "0x25-V16-Security-Logging-and-Error-Handling",
    "0x26-V17-WebRTC",
];

/// Chapter, section, the level of each requirement, title.
const SECTIONS: &[(u16, u16, &str, &str)] = &[
    (1, 1, "22", "Encoding and Sanitization Architecture"),
    (1, 2, "1111122223", "Injection Prevention"),
    (1, 3, "112222222223", "Sanitization"),
    (1, 4, "222", "Memory, String, and Unmanaged Code"),
    (1, 5, "123", "Safe Deserialization"),
    (2, 1, "122", "Validation and Business Logic Documentation"),
    (2, 2, "112", "Input Validation"),
    (2, 3, "12223", "Business Logic Security"),
    (2, 4, "23", "Anti-automation"),
    (3, 1, "3", "Web Frontend Security Documentation"),
    (3, 2, "113", "Unintended Content Interpretation"),
    (3, 3, "12223", "Cookie Setup"),
    (3, 4, "11222233", "Browser Security Mechanism Headers"),
    (3, 5, "11122333", "Browser Origin Separation"),
    (3, 6, "3", "External Resource Integrity"),
    (3, 7, "22333", "Other Browser Security Considerations"),
    (4, 1, "12233", "Generic Web Service Security"),
    (4, 2, "23333", "HTTP Message Structure Validation"),
    (4, 3, "22", "GraphQL"),
    (4, 4, "1222", "WebSocket"),
    (5, 1, "2", "File Handling Documentation"),
    (5, 2, "112333", "File Upload and Content"),
    (5, 3, "113", "File Storage"),
    (5, 4, "222", "File Download"),
    (6, 1, "122", "Authentication Documentation"),
    (6, 2, "111111112222", "Password Security"),
    (6, 3, "11223333", "General Authentication Security"),
    (6, 4, "112233", "Authentication Factor Lifecycle and Recovery"),
    (6, 5, "22222333", "General Multi-factor authentication requirements"),
    (6, 6, "2223", "Out-of-Band authentication mechanisms"),
    (6, 7, "33", "Cryptographic authentication mechanism"),
    (6, 8, "2222", "Authentication with an Identity Provider"),
    (7, 1, "222", "Session Management Documentation"),
    (7, 2, "1111", "Fundamental Session Management Security"),
    (7, 3, "22", "Session Timeout"),
    (7, 4, "11222", "Session Termination"),
    (7, 5, "223", "Defenses Against Session Abuse"),
    (7, 6, "22", "Federated Re-authentication"),
    (8, 1, "1233", "Authorization Documentation"),
    (8, 2, "1123", "General Authorization Design"),
    (8, 3, "133", "Operation Level Authorization"),
    (8, 4, "23", "Other Authorization Considerations"),
    (9, 1, "111", "Token source and integrity"),
    (9, 2, "1222", "Token content"),
    (10, 1, "22", "Generic OAuth and OIDC Security"),
    (10, 2, "223", "OAuth Client"),
    (10, 3, "22223", "OAuth Resource Server"),
    (10, 4, "1111122222233333", "OAuth Authorization Server"),
    (10, 5, "22222", "OIDC Client"),
    (10, 6, "22", "OpenID Provider"),
    (10, 7, "222", "Consent Management"),
    (11, 1, "2233", "Cryptographic Inventory and Documentation"),
    (11, 2, "22233", "Secure Cryptography Implementation"),
    (11, 3, "11233", "Encryption Algorithms"),
    (11, 4, "1222", "Hashing and Hash-based Functions"),
    (11, 5, "23", "Random Values"),
    (11, 6, "23", "Public Key Cryptography"),
    (11, 7, "33", "In-Use Data Cryptography"),
    (12, 1, "12233", "General TLS Security Guidance"),
    (12, 2, "11", "HTTPS Communication with External Facing Services"),
    (12, 3, "22223", "General Service to Service Communication Security"),
    (13, 1, "2333", "Configuration Documentation"),
    (13, 2, "222223", "Backend Communication Configuration"),
    (13, 3, "2233", "Secret Management"),
    (13, 4, "1222233", "Unintended Information Leakage"),
    (14, 1, "22", "Data Protection Documentation"),
    (14, 2, "12223333", "General Data Protection"),
    (14, 3, "122", "Client-side Data Protection"),
    (15, 1, "12233", "Secure Coding and Architecture Documentation"),
    (15, 2, "12233", "Security Architecture and Dependencies"),
    (15, 3, "1222222", "Defensive Coding"),
    (15, 4, "3333", "Safe Concurrency"),
    (16, 1, "2", "Security Logging Documentation"),
    (16, 2, "22222", "General Logging"),
    (16, 3, "2222", "Security Events"),
    (16, 4, "222", "Log Protection"),
    (16, 5, "2223", "Error Handling"),
    (17, 1, "23", "TURN Server"),
    (17, 2, "22223333", "Media"),
    (17, 3, "22", "Signaling"),
];
