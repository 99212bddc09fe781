//! Readers of what Better Auth is told and no table can say.

use crate::eval::{Because, How, Kind, Step, Value};
use crate::machines::leads_here;
use crate::reading::table::{Asking, Reader};
use crate::syntax::code::{Expr, ExprKind, visit};
use crate::text::Text;

/// Whether the session's cookie travels over https alone: as a switch says it, else as the scheme of the app's address does,
/// which stands in the options or in a variable. An address that only the host knows says nothing against it.
pub(super) fn secure_or_base_url(asking: &Asking<'_>, value: &Value) -> Value {
    value.each(&mut |value| match value.kind {
        Kind::Object { .. } => value
            .field("baseURL")
            .or_default(&|absent| match asking.evaluator {
                Some(evaluator) => evaluator.variable("BETTER_AUTH_URL", absent.trail.place),
                None => absent.clone(),
            })
            .each(&mut |url| {
                let is_plain = |url: &str| url.starts_with("http://") && !leads_here(url);
                let plain = url.as_text().is_some_and(|text| text.test(is_plain));
                Value::new(if plain { Kind::Bool(false) } else { Kind::Absent }, &url.trail)
            }),
        _ => Reader::Truthy.apply(value),
    })
}

/// The seconds for which a session lives on in its cookie after it was ended: five minutes unless they are written.
pub(super) fn cookie_cache(cache: &Value) -> Value {
    let ends_at_once =
        |at: &Value| Value::new(Kind::Number(0.0), &Step::after(at.trail.place, How::Default, &at.trail));
    let five_minutes =
        |at: &Value| Value::new(Kind::Number(300.0), &Step::after(at.trail.place, How::Default, &at.trail));
    cache.each(&mut |cache| match cache.kind {
        Kind::Absent => cache.clone(),
        _ => cache.field("enabled").each(&mut |enabled| match enabled.kind {
            Kind::Bool(true) => cache.field("maxAge").or_default(&five_minutes),
            Kind::Unknown(_) => enabled.clone(),
            _ => ends_at_once(enabled),
        }),
    })
}

/// Whether users can do what asks for a fresh session.
pub(super) fn sensitive_actions(user: &Value) -> Value {
    let is_on = |value: &Value| matches!(value.kind, Kind::Bool(true) | Kind::Object { .. });
    let switches = ["deleteUser.enabled", "changeEmail.enabled"].map(|path| user.path(path));
    let decisive = switches.iter().find(|value| is_on(value)).or(switches.iter().find(|value| value.is_unknown()));
    decisive.cloned().unwrap_or_else(|| Value::new(Kind::Absent, &user.trail))
}

/// The algorithm of a function of one's own that hashes passwords.
pub(super) fn own_hashing(asking: &Asking<'_>, hash: &Value) -> Value {
    hash.each(&mut |hash| match algorithm(asking, hash, 2) {
        _ if hash.is_absent() => hash.clone(),
        Some(word) => Value::new(Kind::Text(Text::new(word)), &hash.trail),
        None => Value::unknown(Because::Undecided, &hash.trail),
    })
}

/// The word of the first hash that a function, or one that it calls, makes.
fn algorithm(asking: &Asking<'_>, function: &Value, depth: usize) -> Option<&'static str> {
    let by_name = |name: &str| {
        let name = name.to_ascii_lowercase();
        ["argon2", "bcrypt", "scrypt", "pbkdf2"].into_iter().find(|known| name.contains(known))
    };
    let closure = match &function.kind {
        Kind::Function(closure) => closure,
        Kind::External { module, path } => return by_name(module).or_else(|| by_name(path)),
        _ => return None,
    };
    let evaluator = asking.evaluator?;
    let mut found = None;
    let mut called: Vec<&Expr> = Vec::new();
    visit(&closure.function.body, &mut |expr, _| {
        let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
        let name = match &callee.kind {
            ExprKind::Name(name) | ExprKind::Member { property: name, .. } => name,
            _ => return,
        };
        if matches!(&**name, "createHash" | "createHmac" | "digest") {
            let first = arguments.first().map(|argument| evaluator.expression_at(closure.file, &argument.value));
            found = found.or_else(|| first.as_ref().and_then(Value::as_text).and_then(digest));
        }
        called.push(callee);
    });
    let depth = depth.checked_sub(1)?;
    let inner = |callee: &Expr| algorithm(asking, &evaluator.expression_at(closure.file, callee), depth);
    found.or_else(|| called.iter().take(20).find_map(|callee| inner(callee)))
}

/// A digest's name as a word.
fn digest(name: &Text) -> Option<&'static str> {
    ["md5", "sha1", "sha256", "sha512"]
        .into_iter()
        .find(|word| name.test(|name| name.to_ascii_lowercase().replace('-', "") == *word))
}
