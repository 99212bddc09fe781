//! Readers of what libraries that sign users in are told.

use crate::eval::{Because, Kind, Value};
use crate::machines::leads_here;
use crate::reading::table::Reader;

/// Variables with the app's own address that such a library reads by itself.
const ADDRESSES: &[&str] = &["AUTH_URL", "NEXTAUTH_URL"];

/// Whether a cookie travels over https alone: as a switch says it, or as the scheme of the app's address does. An address
/// that only the host knows says nothing.
pub(super) fn secure_or_address(value: &Value) -> Value {
    value.each(&mut |value| match &value.kind {
        Kind::Text(text) if text.test(|text| text.contains("://")) => {
            let plain = text.test(|text| text.starts_with("http://") && !leads_here(text));
            Value::new(Kind::Bool(!plain), &value.trail)
        }
        Kind::Unknown(unknown) => match &unknown.because {
            Because::Variable(name) if ADDRESSES.contains(&&**name) => Value::new(Kind::Absent, &value.trail),
            _ => value.clone(),
        },
        _ => Reader::Truthy.apply(value),
    })
}

/// The rounds that bcrypt makes a salt with where nobody says how many.
const SALT_ROUNDS: f64 = 10.0;

/// The rounds of a hash by bcrypt: a number, or those of the salt that the library itself made before.
pub(super) fn salt_rounds(value: &Value) -> Value {
    value.each(&mut |value| {
        let Kind::Call(call) = &value.kind else { return value.clone() };
        let is_salt = call.origin().is_some_and(|(_, path)| path.rsplit('.').next().is_some_and(makes_salt));
        if !is_salt {
            return value.clone();
        }
        call.argument(0, &value.trail).each(&mut |rounds| match rounds.kind {
            Kind::Absent | Kind::Function(_) => Value::new(Kind::Number(SALT_ROUNDS), &rounds.trail),
            _ => rounds.clone(),
        })
    })
}

fn makes_salt(function: &str) -> bool {
    matches!(function, "genSalt" | "genSaltSync")
}

#[cfg(test)]
mod tests {
    use super::secure_or_address;
    use crate::eval::{Because, Kind, Place, Value};
    use crate::text::Text;

    #[test]
    fn the_scheme_of_the_address_decides() {
        let read = |kind| secure_or_address(&Value::written(kind, Place::Process));
        assert_eq!(read(Kind::Text(Text::new("http://app.example.com"))).as_bool(), Some(false));
        assert_eq!(read(Kind::Text(Text::new("https://app.example.com"))).as_bool(), Some(true));
        assert_eq!(read(Kind::Bool(false)).as_bool(), Some(false));
        assert!(read(Kind::Unknown(Because::Variable("NEXTAUTH_URL".into()).into())).is_absent());
        assert!(read(Kind::Unknown(Because::Variable("SECURE".into()).into())).is_unknown());
    }
}
