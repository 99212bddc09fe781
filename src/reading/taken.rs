//! Objects of options whose keys are all known: what else is written in one is passed over without a word.

use crate::eval::Value;
use crate::reading::bench::Reading;
use crate::reading::table::Effect;
use crate::settings::config_key;

/// An object of options by its path (empty: the options themselves), and every key that is taken there.
pub(crate) type Taken = (&'static str, &'static [&'static str]);

/// What options for protection are usually called, in small letters and without marks: who writes one believes to be protected.
const PROTECTIONS: &[&str] = &[
    "alloworigins",
    "cookie",
    "cookies",
    "cors",
    "corsorigins",
    "csrf",
    "headers",
    "helmet",
    "mfa",
    "ratelimit",
    "ratelimiter",
    "ratelimiting",
    "secretkey",
    "security",
    "securityheaders",
    "throttle",
    "trustedhosts",
    "twofactor",
];

/// Whether a key is called as options for protection are.
pub(crate) fn is_a_protection(key: &str) -> bool {
    let bare: String = key.chars().filter(char::is_ascii_alphanumeric).map(|one| one.to_ascii_lowercase()).collect();
    PROTECTIONS.contains(&bare.as_str())
}

/// What an object has beside the keys that it takes: each with its whole path.
pub(crate) fn beside(root: &Value, at: &str, taken: &[&[&str]]) -> Vec<(String, Value)> {
    let object = if at.is_empty() { root.clone() } else { root.path(at) };
    let is_taken = |key: &str| taken.iter().any(|keys| keys.contains(&key));
    let whole = |key: &str| if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") };
    let others = object.fields().iter().filter(|(key, value)| !is_taken(key) && !value.is_absent());
    others.map(|(key, value)| (whole(key), value.clone())).collect()
}

impl Reading<'_> {
    /// Reports what objects have beside the keys that they take, each under the name that `named` gives its path.
    pub(crate) fn passed_over(&mut self, root: &Value, objects: &[Taken], named: &dyn Fn(&str) -> String) {
        for (at, taken) in objects {
            for (key, value) in beside(root, at, &[taken]) {
                self.dropped_key(&named(&key), &value, None);
            }
        }
    }

    /// A written key that is dropped, unless it was told already or says no to what is not there.
    pub(crate) fn dropped_key(&mut self, name: &str, value: &Value, instead: Option<&str>) {
        // Who says no to what is not there is not mistaken.
        let says_no = value.as_bool() == Some(false) || value.field("enabled").as_bool() == Some(false);
        if !says_no && !self.has_told(name) {
            self.written_key(name, value, Effect::Ignored, instead);
        }
    }

    /// Whether something was told of a key, or of one that lies in it.
    fn has_told(&self, name: &str) -> bool {
        self.model
            .of(self.app, config_key::KIND)
            .any(|own| *own.name == *name || own.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
    }
}

#[cfg(test)]
mod tests {
    use super::is_a_protection;

    #[test]
    fn a_protection_is_known_in_every_spelling() {
        assert!(
            ["rateLimit", "rate_limit", "CORS", "cors_origins", "security-headers"]
                .iter()
                .all(|key| is_a_protection(key))
        );
        assert!(!is_a_protection("corset") && !is_a_protection("port"));
    }
}
