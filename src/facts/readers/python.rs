//! Readers of options as libraries of Python take them.

use super::starlette::{matches_all, star};
use crate::eval::{Because, Kind, Value};
use crate::reading::origins::nobody;
use crate::reading::shapes;
use crate::text::Text;

/// Signs by which Flask-CORS takes a text for a regular expression.
const SIGNS: &[char] = &['*', '\\', ']', '?', '$', '^', '[', '(', ')'];

fn is_pattern(value: &Value) -> bool {
    match &value.kind {
        Kind::Pattern { .. } => true,
        Kind::Text(text) => !is_everything(value) && text.test(|text| text.contains(SIGNS)),
        _ => false,
    }
}

/// `*` stands for `.*`, which every origin matches.
fn is_everything(value: &Value) -> bool {
    value.as_text().is_some_and(|text| text.test(|text| text == "*" || matches_all(text)))
}

/// The origins of Flask-CORS that are compared as they are written.
pub(super) fn flask_origins(value: &Value) -> Value {
    each_list(value, &|item| match item {
        item if is_everything(item) => Some(Value::new(Kind::Text(Text::new("*")), &item.trail)),
        item => (!is_pattern(item)).then(|| item.clone()),
    })
}

/// The origins of Flask-CORS that are regular expressions, matched from the start of an origin on.
pub(super) fn flask_patterns(value: &Value) -> Value {
    each_list(value, &|item| {
        let begun = |text: &Text| Kind::Text(text.map(|text| format!("^{}", text.trim_start_matches('^'))));
        match &item.kind {
            Kind::Text(text) | Kind::Pattern { source: text, .. } if is_pattern(item) => {
                Some(Value::new(begun(text), &item.trail))
            }
            _ => None,
        }
    })
}

/// Regular expressions that an origin is matched with from its start on.
pub(super) fn begun_patterns(value: &Value) -> Value {
    shapes::list(&value.each(&mut |list| match &list.kind {
        Kind::List { .. } | Kind::Text(_) | Kind::Pattern { .. } | Kind::Call(_) => each_list(list, &|item| {
            let begun = |text: &Text| Kind::Text(text.map(|text| format!("^{}", text.trim_start_matches('^'))));
            match &item.kind {
                Kind::Text(text) | Kind::Pattern { source: text, .. } => Some(Value::new(begun(text), &item.trail)),
                // `re.compile(r"…")`
                Kind::Call(call) => Some(match call.arguments.first().and_then(Value::as_text) {
                    Some(text) => Value::new(begun(text), &item.trail),
                    None => Value::unknown(Because::Undecided, &item.trail),
                }),
                _ => Some(item.clone()),
            }
        }),
        _ => list.clone(),
    }))
}

/// The switch of django-cors-headers that lets everybody in, or the list that it takes without it: any text is on.
pub(super) fn cors_headers_origins(value: &Value) -> Value {
    value.each(&mut |value| match &value.kind {
        Kind::Bool(true) => star(value),
        Kind::Text(text) if !text.is_empty() => star(value),
        Kind::Number(number) if *number != 0.0 => star(value),
        Kind::Bool(false) | Kind::Null | Kind::Text(_) | Kind::Number(_) => nobody(value),
        _ => value.clone(),
    })
}

/// Classes of REST framework that let callers without a login in, and what those may do then.
const PERMISSIONS: &[(&str, &str)] = &[
    ("AllowAny", "write"),
    ("IsAuthenticatedOrReadOnly", "read_filtered"),
    ("DjangoModelPermissionsOrAnonReadOnly", "read_filtered"),
    ("IsAuthenticated", "none"),
    ("IsAdminUser", "none"),
    ("DjangoModelPermissions", "none"),
    ("DjangoObjectPermissions", "none"),
];

/// What callers without a login may do: each class of the list has to agree, so the strictest decides.
pub(super) fn rest_permissions(value: &Value) -> Value {
    let level = |item: &Value| {
        let text = item.as_text()?;
        let known = |name: &str| text.test(|text| text.rsplit('.').next() == Some(name));
        PERMISSIONS.iter().find(|(name, _)| known(name)).map(|(_, level)| *level)
    };
    value.each(&mut |list| {
        let Kind::List { items, open } = &list.kind else { return list.clone() };
        let levels: Vec<Option<&str>> = items.iter().map(level).collect();
        let word = |word: &str| Value::new(Kind::Text(Text::new(word)), &list.trail);
        if levels.contains(&Some("none")) {
            return word("none");
        }
        if open.is_some() || levels.contains(&None) {
            return Value::unknown(Because::Undecided, &list.trail);
        }
        word(if levels.contains(&Some("read_filtered")) { "read_filtered" } else { "write" })
    })
}

/// The items of a list, or of one, that something is made of.
fn each_list(value: &Value, made: &dyn Fn(&Value) -> Option<Value>) -> Value {
    shapes::list(value).each(&mut |list| match &list.kind {
        Kind::List { items, open } => {
            Value::new(Kind::List { items: items.iter().filter_map(made).collect(), open: open.clone() }, &list.trail)
        }
        _ => list.clone(),
    })
}

/// Where the counters of a limiter live, as the address of its store says.
pub(super) fn limits_store(value: &Value) -> Value {
    value.read(&|value| match &value.kind {
        Kind::Text(text) if text.test(|text| text.starts_with("memory")) => Kind::Text(Text::new("memory")),
        Kind::Text(_) => Kind::Text(Text::new("shared")),
        _ => Kind::Unknown(Because::Undecided.into()),
    })
}

/// Names of passlib's schemes, and the algorithms that they begin with.
const SCHEMES: &[(&str, &str)] = &[
    ("bcrypt", "bcrypt"),
    ("argon2", "argon2"),
    ("scrypt", "scrypt"),
    ("pbkdf2", "pbkdf2"),
    ("django_pbkdf2", "pbkdf2"),
    ("django_bcrypt", "bcrypt"),
    ("django_argon2", "argon2"),
    ("md5", "md5"),
    ("hex_md5", "md5"),
    ("hex_sha1", "sha1"),
    ("hex_sha256", "sha256"),
    ("hex_sha512", "sha512"),
    ("plaintext", "plain"),
];

/// The algorithm of the first of passlib's schemes, by which new passwords are hashed.
pub(super) fn first_scheme(value: &Value) -> Value {
    value.each(&mut |value| {
        let first = match &value.kind {
            Kind::List { items, .. } => items.first().cloned().unwrap_or_else(|| nobody(value)),
            _ => value.clone(),
        };
        first.read(&|first| match &first.kind {
            Kind::Text(text) => SCHEMES
                .iter()
                .find(|(scheme, _)| text.test(|text| text.starts_with(scheme)))
                .map_or(Kind::Text(Text::new("other")), |(_, word)| Kind::Text(Text::new(*word))),
            _ => Kind::Unknown(Because::Undecided.into()),
        })
    })
}

/// Where a database lies, by the address that SQLAlchemy takes.
pub(super) fn database_address(value: &Value) -> Value {
    value.read(&|value| match &value.kind {
        Kind::Text(text) => {
            let is_file = text.test(|text| text.starts_with("sqlite"));
            let is_memory = text.test(|text| text.contains(":memory:") || text.ends_with("://"));
            let word = match (is_file, is_memory) {
                (true, true) => "memory",
                (true, false) => "local_file",
                _ => "server",
            };
            Kind::Text(Text::new(word))
        }
        // The path of a file that only the machine knows: `"sqlite:///" + os.path.join(here, "app.db")`.
        Kind::Unknown(unknown)
            if unknown.prefix.as_ref().is_some_and(|text| text.test(|text| text.starts_with("sqlite:///"))) =>
        {
            Kind::Text(Text::new("local_file"))
        }
        other => other.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::starlette::{full_patterns, starlette_origins};
    use super::*;
    use crate::eval::Place;

    fn text(text: &str) -> Value {
        Value::written(Kind::Text(Text::new(text)), Place::Process)
    }

    fn texts(value: &Value) -> Vec<String> {
        let items = value.as_list().expect("a list");
        items.iter().filter_map(|item| Some(item.as_text()?.as_name().to_string())).collect()
    }

    #[test]
    fn a_text_of_flask_cors_is_a_regular_expression_by_its_signs() {
        assert_eq!(texts(&flask_origins(&text("https://app.example.com"))), ["https://app.example.com"]);
        assert_eq!(texts(&flask_origins(&text(".*"))), ["*"]);
        assert_eq!(texts(&flask_patterns(&text(r"https://.*\.example\.com$"))), [r"^https://.*\.example\.com$"]);
        assert!(texts(&flask_origins(&text(r"https://.*\.example\.com$"))).is_empty());
    }

    #[test]
    fn starlette_finds_a_star_in_a_text() {
        assert_eq!(texts(&starlette_origins(&text("https://*"))), ["*"]);
        assert_eq!(texts(&full_patterns(&text("^https://a$"))), ["^https://a$"]);
        assert_eq!(texts(&full_patterns(&text(".*"))), [".*"]);
    }

    #[test]
    fn the_first_scheme_of_passlib_hashes() {
        let read = |name: &str| first_scheme(&text(name)).as_text().map(|word| word.as_name().to_string());
        assert_eq!(read("bcrypt_sha256").as_deref(), Some("bcrypt"));
        assert_eq!(read("sha512_crypt").as_deref(), Some("other"));
    }
}
