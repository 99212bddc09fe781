//! What Django keeps of its users: how passwords are hashed, and how short they may be.

use crate::eval::{Because, How, Kind, Place, Step, Value};
use crate::reading::bench::Reading;
use crate::settings::password_policy;
use crate::text::Text;

/// The part of Django that has users with passwords.
const AUTH: &str = "django.contrib.auth";

/// Classes of hashers and the algorithms that they are.
const HASHERS: &[(&str, &str)] = &[
    ("PBKDF2", "pbkdf2"),
    ("Argon2", "argon2"),
    ("BCrypt", "bcrypt"),
    ("Scrypt", "scrypt"),
    ("UnsaltedMD5", "md5"),
    ("MD5", "md5"),
    ("UnsaltedSHA1", "sha1"),
    ("SHA1", "sha1"),
    ("Crypt", "other"),
];

/// The validator that asks for a length, and what it asks for where nothing is said.
const LENGTH: (&str, f64) = ("django.contrib.auth.password_validation.MinimumLengthValidator", 8.0);

/// The first hasher hashes; a password in an older form is hashed again when its user signs in.
const HASH_AGAIN: &str = "Put \"django.contrib.auth.hashers.PBKDF2PasswordHasher\" first in {key}: each password is \
                          hashed again at its user's next login.";

/// The switch of allauth by which people sign in with accounts of others alone, so that nobody chooses a password here.
const ELSEWHERE: &str = "SOCIALACCOUNT_ONLY";

/// Where the length is asked for.
const ASK_FOR_LENGTH: &str = "Give `MinimumLengthValidator` in {key} the option `min_length` with {limit} or more.";

pub(super) fn read(reading: &mut Reading<'_>, config: &Value) {
    let is_elsewhere = config.field(ELSEWHERE).as_bool() == Some(true);
    if is_elsewhere || !reading.facts.named.iter().any(|name| **name == *AUTH) {
        return;
    }
    let hashers = config.field("PASSWORD_HASHERS");
    let first = hashers.each(&mut |list| match &list.kind {
        Kind::List { items, .. } => items.first().cloned().unwrap_or_else(|| Value::new(Kind::Absent, &list.trail)),
        _ => list.clone(),
    });
    let hashing = first.read(&|first| match &first.kind {
        Kind::Text(text) => Kind::Text(Text::new(algorithm(text))),
        _ => Kind::Unknown(Because::Undecided.into()),
    });
    let place = reading.place_of(config);
    let by_default = |key: &'static str, kind: Kind| {
        Value::new(kind, &Step::of(Place::Framework(key), How::Default, vec![config.trail.clone()]))
    };
    let hashing = hashing.or_default(&|_| by_default("PASSWORD_HASHERS", Kind::Text(Text::new("pbkdf2"))));
    let resource = reading
        .resource(password_policy::KIND, "passwords of users", place)
        .set_at(password_policy::hashing, hashing, "PASSWORD_HASHERS")
        .set_at(password_policy::min_length, shortest(config), "AUTH_PASSWORD_VALIDATORS")
        .with_fix(password_policy::hashing, HASH_AGAIN)
        .with_fix(password_policy::min_length, ASK_FOR_LENGTH);
    reading.add(resource);
}

fn algorithm(class: &Text) -> &'static str {
    let is = |name: &str| class.test(|class| class.rsplit('.').next().is_some_and(|class| class.starts_with(name)));
    HASHERS.iter().find(|(name, _)| is(name)).map_or("other", |(_, algorithm)| algorithm)
}

/// The least length of a password; absent where no validator asks for one. What a validator of the project's own asks for,
/// whose name speaks of a length, is not known.
fn shortest(config: &Value) -> Value {
    config.field("AUTH_PASSWORD_VALIDATORS").each(&mut |list| {
        let Kind::List { items, open } = &list.kind else { return list.clone() };
        let is_length = |item: &&Value| item.field("NAME").as_text().is_some_and(|text| text.is(LENGTH.0));
        match items.iter().find(is_length) {
            Some(item) => {
                item.path("OPTIONS.min_length").or_default(&|_| Value::new(Kind::Number(LENGTH.1), &item.trail))
            }
            None if open.is_some() || items.iter().any(|item| item.is_unknown() || asks_itself(item)) => {
                Value::unknown(Because::Undecided, &list.trail)
            }
            None => Value::new(Kind::Absent, &list.trail),
        }
    })
}

/// Whether a validator is the project's own and speaks of a length by its name: `users.validators.LengthValidator`.
fn asks_itself(item: &Value) -> bool {
    let says = |name: &str| !name.starts_with("django.") && name.to_ascii_lowercase().contains("length");
    let is_least = |name: &str| !name.to_ascii_lowercase().contains("max");
    item.field("NAME").as_text().is_some_and(|name| name.test(says) && name.test(is_least))
}
