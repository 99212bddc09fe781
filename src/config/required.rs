//! `required-version`: the versions of prodcheck that a project lets judge it.

use super::mistake::Mistake;
use super::place::span;
use toml::de::{DeTable, DeValue};

/// The key.
const KEY: &str = "required-version";

/// A version as far as it is written; what is not is zero.
type Number = [u64; 3];

/// A mistake where this prodcheck is none of the versions that the file demands. It is looked for before the rest is read: a
/// file for a newer version may have keys that this one does not know.
pub(super) fn check(text: &str) -> Result<(), Mistake> {
    check_for(text, env!("CARGO_PKG_VERSION"))
}

fn check_for(text: &str, own: &str) -> Result<(), Mistake> {
    // What is no TOML is told by who reads all of it.
    let Ok(table) = DeTable::parse(text) else { return Ok(()) };
    let Some((_, value)) = table.get_ref().iter().find(|(key, _)| key.get_ref() == KEY) else { return Ok(()) };
    let DeValue::String(demand) = value.get_ref() else { return Ok(()) };
    let at = span(&value.span());
    match number(own).and_then(|own| fits(own, demand)) {
        Some(true) => Ok(()),
        Some(false) => Err(Mistake::new(at, format!("this is prodcheck {own}, and the project wants {demand}")).help(
            "install a version that fits, or change the line once you have looked at what the newer one reports",
        )),
        None => Err(Mistake::new(at, "this is no demand on a version")
            .help(format!("write bounds, {KEY} = \">=0.1, <0.2\", or one version, {KEY} = \"0.1.0\""))),
    }
}

/// Whether a version fulfils every part of a demand; none where it is not one.
fn fits(own: Number, demand: &str) -> Option<bool> {
    let parts = demand.split(',').map(|part| {
        let part = part.trim();
        let at = part.find(|c: char| c.is_ascii_digit()).unwrap_or(part.len());
        let (sign, version) = part.split_at(at);
        let version = number(version)?;
        match sign.trim() {
            ">=" => Some(own >= version),
            ">" => Some(own > version),
            "<=" => Some(own <= version),
            "<" => Some(own < version),
            "" | "=" | "==" => Some(own == version),
            _ => None,
        }
    });
    parts.collect::<Option<Vec<bool>>>().map(|parts| parts.into_iter().all(|fits| fits))
}

fn number(text: &str) -> Option<Number> {
    let mut number = [0; 3];
    let mut parts = text.split('.');
    for place in &mut number {
        let Some(part) = parts.next() else { return Some(number) };
        *place = part.parse().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()))?;
    }
    parts.next().is_none().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(demand: &str) -> Option<String> {
        let text = format!("required-version = \"{demand}\"\nfrom_the_future = true\n");
        check_for(&text, "0.3.1").err().map(|mistake| mistake.message)
    }

    #[test]
    fn a_version_that_fits_may_run() {
        for demand in ["0.3.1", ">=0.3", ">=0.1, <0.4", "<=0.3.1", "==0.3.1", ">0.3.0, <1"] {
            assert_eq!(told(demand), None, "{demand}");
        }
    }

    #[test]
    fn one_that_does_not_is_refused_before_its_keys_are_read() {
        for demand in ["0.3.0", ">=0.4", "<0.3.1", ">=0.1, <0.3"] {
            assert_eq!(told(demand), Some(format!("this is prodcheck 0.3.1, and the project wants {demand}")));
        }
    }

    #[test]
    fn what_is_no_demand_is_told() {
        for demand in ["", "newest", ">=", "~=0.3", "0.3.x", "0.3.1.2", "0.-1", ">=0.1,"] {
            assert_eq!(told(demand).as_deref(), Some("this is no demand on a version"), "{demand}");
        }
        assert_eq!(check_for("not = toml = at all", "0.3.1"), Ok(()));
    }
}
