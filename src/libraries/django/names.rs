//! Which names are settings.

/// Django reads the names of the settings module that are written in capitals.
pub(super) fn is_setting(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase()) && !name.chars().any(char::is_lowercase)
}
