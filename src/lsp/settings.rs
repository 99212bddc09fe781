//! What the client decides: the environment to judge for, and what is shown.

use crate::rules::Profile;
use serde::Deserialize;
use serde_json::Value;

/// The settings of the client, at the start and whenever they change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Settings {
    /// None is what `prodcheck.toml` says, else production.
    pub(super) environment: Option<Profile>,
    /// Whether what could not be checked is shown.
    pub(super) unverified: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { environment: None, unverified: true }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Given {
    environment: Option<String>,
    unverified: Option<bool>,
}

impl Settings {
    /// Reads settings, alone or under the key `prodcheck`; an error says what is wrong with them.
    pub(super) fn of(value: &Value) -> Result<Settings, String> {
        let value = value.get("prodcheck").unwrap_or(value);
        if value.is_null() {
            return Ok(Settings::default());
        }
        let given: Given = Deserialize::deserialize(value).map_err(|_| "the settings cannot be read".to_owned())?;
        let environment = match given.environment.as_deref().filter(|name| !name.is_empty()) {
            None => None,
            Some(name) => Some(Profile::named(name).ok_or_else(|| {
                let names: Vec<&str> = Profile::names().collect();
                format!("the setting environment is one of {}", names.join(", "))
            })?),
        };
        Ok(Settings { environment, unverified: given.unverified.unwrap_or(true) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn settings_stand_alone_or_under_their_name() {
        let staging = Settings { environment: Some(Profile::Staging), unverified: false };
        let given = json!({ "environment": "staging", "unverified": false });
        assert_eq!(Settings::of(&given), Ok(staging.clone()));
        assert_eq!(Settings::of(&json!({ "prodcheck": given })), Ok(staging));
        for nothing in [json!(null), json!({}), json!({ "prodcheck": null }), json!({ "environment": "" })] {
            assert_eq!(Settings::of(&nothing), Ok(Settings::default()), "{nothing}");
        }
        assert!(Settings::of(&json!({ "environment": "moon" })).unwrap_err().contains("staging"));
        assert!(Settings::of(&json!({ "environment": 3 })).is_err());
    }
}
