//! Registration at Better Auth, and how it keeps passwords.

use crate::eval::{Because, How, Kind, Step, Value};
use crate::reading::bench::Reading;
use crate::reading::table::{Plain, Preset, Reader, Row, at};
use crate::settings::{password_policy, registration};
use crate::syntax::code::{Expr, ExprKind, visit};
use crate::text::Text;

const PASSWORDS: &[Row] = &[Row {
    setting: password_policy::min_length,
    places: &[at("emailAndPassword.minPasswordLength")],
    reader: Reader::AsIs,
    default: Preset::Default(Plain::Number(8.0)),
    reference: "https://www.better-auth.com/docs/authentication/email-password",
}];

/// What to do about a hash of one's own: without one the library uses scrypt.
const OWN_HASHING: &str = "Remove `password.hash` and `password.verify`: Better Auth then hashes with scrypt. \
                           Passwords that are stored today have to be set anew.";

/// An address that has to be proven needs a mail that proves it.
const PROVEN_ADDRESS: &str =
    "Give `emailVerification` a `sendVerificationEmail` that sends the link, then set {set true}.";

pub(super) fn registrations(reading: &mut Reading<'_>, options: &Value) {
    let passwords = options.field("emailAndPassword");
    if passwords.is_absent() || matches!(passwords.field("enabled").kind, Kind::Bool(false)) {
        return;
    }
    let mut resource = reading.table(password_policy::KIND, "better-auth", PASSWORDS, options);
    let hash = passwords.path("password.hash");
    if !hash.is_absent() {
        resource = resource
            .set_at(password_policy::hashing, hashing(reading, &hash), "emailAndPassword.password.hash")
            .with_fix(password_policy::hashing, OWN_HASHING);
    }
    reading.add(resource);
    let place = reading.place_of(&passwords);
    let open = passwords.field("disableSignUp").each(&mut |off| match off.kind {
        Kind::Bool(off_) => Value::new(Kind::Bool(!off_), &off.trail),
        Kind::Absent => reading.stated(Kind::Bool(true), place),
        _ => off.clone(),
    });
    let verified = passwords
        .field("requireEmailVerification")
        .or_default(&|_| Value::new(Kind::Bool(false), &Step::start(place, How::Default)));
    let resource = reading
        .resource(registration::KIND, "better-auth", place)
        .set_at(registration::open, open, "emailAndPassword.disableSignUp")
        .set_at(registration::email_verified, verified, "emailAndPassword.requireEmailVerification")
        .written_at(registration::email_verified, options, "emailAndPassword.requireEmailVerification")
        .with_fix(registration::email_verified, PROVEN_ADDRESS);
    reading.add(resource);
}

/// The algorithm of a function of one's own that hashes passwords.
fn hashing(reading: &Reading<'_>, hash: &Value) -> Value {
    hash.each(&mut |hash| match algorithm(reading, hash, 2) {
        Some(word) => Value::new(Kind::Text(Text::new(word)), &hash.trail),
        None => Value::unknown(Because::Undecided, &hash.trail),
    })
}

/// The word of the first hash that a function, or one that it calls, makes.
fn algorithm(reading: &Reading<'_>, function: &Value, depth: usize) -> Option<&'static str> {
    let by_name = |name: &str| {
        let name = name.to_ascii_lowercase();
        ["argon2", "bcrypt", "scrypt", "pbkdf2"].into_iter().find(|known| name.contains(known))
    };
    let closure = match &function.kind {
        Kind::Function(closure) => closure,
        Kind::External { module, path } => return by_name(module).or_else(|| by_name(path)),
        _ => return None,
    };
    let mut found = None;
    let mut called: Vec<&Expr> = Vec::new();
    visit(&closure.function.body, &mut |expr, _| {
        let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
        let name = match &callee.kind {
            ExprKind::Name(name) | ExprKind::Member { property: name, .. } => name,
            _ => return,
        };
        if matches!(&**name, "createHash" | "createHmac" | "digest") {
            let first =
                arguments.first().map(|argument| reading.evaluator.expression_at(closure.file, &argument.value));
            found = found.or_else(|| first.as_ref().and_then(Value::as_text).and_then(digest));
        }
        called.push(callee);
    });
    let depth = depth.checked_sub(1)?;
    let inner = |callee: &Expr| algorithm(reading, &reading.evaluator.expression_at(closure.file, callee), depth);
    found.or_else(|| called.iter().take(20).find_map(|callee| inner(callee)))
}

/// A digest's name as a word.
fn digest(name: &Text) -> Option<&'static str> {
    ["md5", "sha1", "sha256", "sha512"]
        .into_iter()
        .find(|word| name.test(|name| name.to_ascii_lowercase().replace('-', "") == *word))
}
