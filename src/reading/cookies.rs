//! What a cookie's name and options say of it, whoever sets it.

use crate::eval::Value;
use crate::text::Text;

/// Words of names under which a sign-in that is under way remembers what it asked the other side: worth minutes.
const UNDER_WAY: &[&str] = &["state", "nonce", "verifier", "pkce"];

/// Words of names under which a page remembers how somebody likes to look at it: whoever learns it can do nothing with it.
#[rustfmt::skip]
const LIKED: &[&str] = &[
    "banner", "collapsed", "color", "colour", "consent", "currency", "dark", "dismissed", "expanded", "font", "i18n", "i18next",
    "lang", "language", "layout", "locale", "order", "pref", "preference", "preferences", "preferred", "prefs", "seen",
    "show", "sidebar", "sort", "theme", "timezone", "tour", "tz",
];

/// What a cookie of this name carries.
pub(crate) fn purpose(name: &str) -> &'static str {
    let words = words(name);
    let has = |among: &[&str]| words.iter().any(|word| among.contains(&&**word));
    let name = name.to_ascii_lowercase();
    if has(UNDER_WAY) && !name.contains("sess") {
        return "handshake";
    }
    if name.contains("csrf") || name.contains("xsrf") {
        "csrf"
    } else if name.contains("sess") || name == "sid" || name.contains("auth") {
        "session"
    } else if name.contains("token") || name.contains("jwt") {
        "token"
    } else if name.contains("admin") {
        "admin"
    } else if has(LIKED) {
        "preference"
    } else {
        "other"
    }
}

/// The words of a name, each in small letters: `preferredTeam`, `i18n_redirected`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last = None;
    for letter in name.chars() {
        let begins = letter.is_ascii_uppercase() && last.is_some_and(|last: char| last.is_ascii_lowercase());
        if begins || last.is_none_or(|last| !last.is_ascii_alphanumeric()) {
            words.push(String::new());
        }
        if letter.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(letter.to_ascii_lowercase());
        }
        last = Some(letter);
    }
    words
}

/// A cookie that is emptied or already over.
pub(crate) fn is_removal(options: &Value) -> bool {
    let over = options.field("maxAge").as_number().is_some_and(|age| age <= 0.0);
    over || options.field("value").as_text().is_some_and(Text::is_empty)
}

#[cfg(test)]
mod tests {
    use super::purpose;

    #[test]
    fn a_name_tells_what_a_cookie_carries() {
        for (name, carries) in [
            ("sid", "session"),
            ("authorized", "session"),
            ("access_token", "token"),
            ("XSRF-TOKEN", "csrf"),
            ("admin_area", "admin"),
            ("theme", "preference"),
            ("preferredTeam", "preference"),
            ("i18n_redirected", "preference"),
            ("prefsHttp", "preference"),
            ("theme_session", "session"),
            ("oauth_state", "handshake"),
            ("pkce.verifier", "handshake"),
            ("session_state", "session"),
            ("voter_id", "other"),
            ("showcase", "other"),
        ] {
            assert_eq!(purpose(name), carries, "{name}");
        }
    }
}
