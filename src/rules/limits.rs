//! The one table of thresholds, by the profile of the environment.

use super::condition::{Bound, Condition, Predicate};
use super::load::{Fields, Node, RuleError};
use super::quantity::{Quantity, Unit};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// How strict an environment is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// A developer's machine.
    Development,
    /// A rehearsal of production.
    Staging,
    /// What users reach.
    #[default]
    Production,
    /// Production with the strictest thresholds.
    HighSecurity,
}

/// The profiles by name, in the order of a row's values.
const PROFILES: [(&str, Profile); 4] = [
    ("development", Profile::Development),
    ("staging", Profile::Staging),
    ("production", Profile::Production),
    ("high-security", Profile::HighSecurity),
];

impl Profile {
    /// The profile of this name.
    pub fn named(name: &str) -> Option<Profile> {
        PROFILES.iter().find(|(known, _)| *known == name).map(|(_, profile)| *profile)
    }

    /// The names of all profiles.
    pub fn names() -> impl Iterator<Item = &'static str> {
        PROFILES.iter().map(|(name, _)| *name)
    }
}

/// One threshold.
#[derive(Clone, Debug)]
pub struct Row {
    /// What its numbers count.
    pub unit: Unit,
    /// One line of meaning.
    pub meaning: Arc<str>,
    /// Where it was taken from.
    pub source: Arc<str>,
    values: [f64; 4],
}

impl Row {
    /// The threshold in a profile.
    pub fn value(&self, profile: Profile) -> Quantity {
        Quantity { amount: self.values[profile as usize], unit: self.unit }
    }
}

/// The thresholds of one environment.
#[derive(Clone, Debug)]
pub struct Limits {
    rows: BTreeMap<Arc<str>, Row>,
    /// The environment's profile.
    pub profile: Profile,
}

static BUILTIN: LazyLock<BTreeMap<Arc<str>, Row>> = LazyLock::new(|| {
    let table = postcard::from_bytes(include_bytes!(concat!(env!("OUT_DIR"), "/limits.postcard")))
        .expect("internal error: the table of limits that was embedded is not one");
    read(&table).unwrap_or_else(|error| panic!("internal error: rules/limits.toml: {}", error.message))
});

impl Limits {
    /// The built-in table in a profile.
    pub fn builtin(profile: Profile) -> Limits {
        Limits { rows: BUILTIN.clone(), profile }
    }

    /// Replaces a threshold by what a project wrote: a quantity (`"30m"`) or a plain number. The error names what would do.
    pub fn replace(&mut self, name: &str, value: &str) -> Result<(), String> {
        let Some(row) = self.rows.get_mut(name) else {
            let known: Vec<_> = self.rows.keys().map(|name| &**name).collect();
            return Err(format!("no limit `{name}`; there are {}", known.join(", ")));
        };
        let read = match row.unit {
            Unit::Plain => value.parse().ok().filter(|number: &f64| number.is_finite()),
            unit => Quantity::parse(value).filter(|read| read.unit == unit).map(|read| read.amount),
        };
        let Some(amount) = read else {
            let example = match row.unit {
                Unit::Seconds => "a duration such as \"30m\"",
                Unit::Bytes => "a size such as \"10MiB\"",
                Unit::Plain => "a number",
            };
            return Err(format!("limit `{name}` is {example}"));
        };
        row.values = [amount; 4];
        Ok(())
    }

    /// Whether one number is stricter than another, as the built-in profiles get stricter; none where they are all alike.
    pub fn is_stricter(&self, name: &str, number: f64, than: f64) -> Option<bool> {
        let values = &self.rows.get(name)?.values;
        let (gentle, strict) = (values[Profile::Development as usize], values[Profile::HighSecurity as usize]);
        (gentle != strict).then_some(if strict < gentle { number < than } else { number > than })
    }

    /// The same of what a file says.
    pub fn is_stricter_text(&self, name: &str, text: &str, than: &str) -> Option<bool> {
        let number = |text: &str| {
            let mut own = self.clone();
            own.replace(name, text).ok()?;
            own.get(name, None).map(|quantity| quantity.amount)
        };
        self.is_stricter(name, number(text)?, number(than)?)
    }

    /// The threshold of a row, or of the row below it that a word chooses.
    pub fn get(&self, name: &str, word: Option<&str>) -> Option<Quantity> {
        let row = match word {
            Some(word) => self.rows.get(format!("{name}.{word}").as_str()),
            None => self.rows.get(name),
        };
        row.map(|row| row.value(self.profile))
    }

    /// The first number that a condition holds a setting against, where no setting chooses it.
    pub(super) fn first_in(&self, condition: &Condition) -> Option<Quantity> {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => parts.iter().find_map(|part| self.first_in(part)),
            Condition::Not(inner) | Condition::Known(inner) | Condition::Some(_, inner) => self.first_in(inner),
            Condition::Test(_, Predicate::Below(bound) | Predicate::Above(bound)) => match bound {
                Bound::Fixed(amount, unit) => Some(Quantity { amount: *amount, unit: *unit }),
                Bound::Limit { name, by: None } => self.get(name, None),
                _ => None,
            },
            Condition::Test(..) => None,
        }
    }

    /// Every row by name.
    pub fn rows(&self) -> impl Iterator<Item = (&str, &Row)> {
        self.rows.iter().map(|(name, row)| (&**name, row))
    }

    pub(super) fn builtin_row(name: &str) -> Option<&'static Row> {
        BUILTIN.get(name)
    }

    pub(super) fn builtin_names() -> Vec<&'static str> {
        BUILTIN.keys().map(|name| &**name).collect()
    }
}

/// Reads the table: a row is a table with a `unit`, else a group of rows.
fn read(table: &Node<'_>) -> Result<BTreeMap<Arc<str>, Row>, RuleError> {
    let mut rows = BTreeMap::new();
    for entry in Fields::of(table, "the table of limits")?.rest() {
        let name = &entry.key;
        let mut fields = Fields::of(&entry.node, "a limit")?;
        if fields.has("unit") {
            rows.insert(name.as_ref().into(), row(fields)?);
            continue;
        }
        for word in fields.rest() {
            rows.insert(format!("{name}.{}", word.key).into(), row(Fields::of(&word.node, "a limit")?)?);
        }
    }
    Ok(rows)
}

fn row(mut fields: Fields<'_>) -> Result<Row, RuleError> {
    let unit = match fields.need("unit")?.text()? {
        "seconds" => Unit::Seconds,
        "bytes" => Unit::Bytes,
        _ => Unit::Plain,
    };
    let meaning = fields.need("meaning")?.text()?.into();
    let source = fields.need("source")?.text()?.into();
    let mut values = [0.0; 4];
    for (index, (name, _)) in PROFILES.iter().enumerate() {
        values[index] = fields.need(name)?.amount(unit)?;
    }
    fields.finish()?;
    Ok(Row { unit, meaning, source, values })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_table_differs_by_profile() {
        let access = |profile| Limits::builtin(profile).get("token_lifetime", Some("access")).map(|found| found.amount);
        assert_eq!(access(Profile::Production), Some(900.0));
        assert_eq!(access(Profile::HighSecurity), Some(300.0));
        assert_eq!(
            Limits::builtin(Profile::Production).get("secret_length", None).map(|found| found.amount),
            Some(32.0)
        );
    }

    #[test]
    fn a_project_replaces_a_limit_in_its_own_unit() {
        let mut limits = Limits::builtin(Profile::Production);
        assert_eq!(limits.replace("token_lifetime.access", "1h"), Ok(()));
        assert_eq!(limits.get("token_lifetime", Some("access")).map(|found| found.amount), Some(3600.0));
        assert_eq!(
            limits.replace("token_lifetime.access", "10MiB"),
            Err("limit `token_lifetime.access` is a duration such as \"30m\"".into())
        );
        let unknown = limits.replace("secret_lenght", "32").expect_err("a typo");
        assert!(unknown.starts_with("no limit `secret_lenght`; there are ") && unknown.contains("secret_length"));
    }
}
