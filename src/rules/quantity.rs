//! Durations and sizes as people write them: `30d`, `10MiB`.

use std::fmt;

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Bytes.
    Bytes,
    /// Anything else: characters, rounds, instances.
    Plain,
}

/// A number with its unit; shown as people write it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantity {
    /// How many.
    pub amount: f64,
    /// Of what.
    pub unit: Unit,
}

/// The suffixes, longest first where one ends another, with what one of them is.
const SUFFIXES: &[(&str, f64, Unit)] = &[
    ("KiB", 1024.0, Unit::Bytes),
    ("MiB", 1_048_576.0, Unit::Bytes),
    ("GiB", 1_073_741_824.0, Unit::Bytes),
    ("TiB", 1_099_511_627_776.0, Unit::Bytes),
    ("TB", 1e12, Unit::Bytes),
    ("KB", 1e3, Unit::Bytes),
    ("MB", 1e6, Unit::Bytes),
    ("GB", 1e9, Unit::Bytes),
    ("B", 1.0, Unit::Bytes),
    ("seconds", 1.0, Unit::Seconds),
    ("second", 1.0, Unit::Seconds),
    ("minutes", 60.0, Unit::Seconds),
    ("minute", 60.0, Unit::Seconds),
    ("hours", 3600.0, Unit::Seconds),
    ("hour", 3600.0, Unit::Seconds),
    ("days", 86_400.0, Unit::Seconds),
    ("day", 86_400.0, Unit::Seconds),
    ("ms", 0.001, Unit::Seconds),
    ("s", 1.0, Unit::Seconds),
    ("m", 60.0, Unit::Seconds),
    ("h", 3600.0, Unit::Seconds),
    ("d", 86_400.0, Unit::Seconds),
    ("w", 604_800.0, Unit::Seconds),
];

impl Quantity {
    /// Reads `30d` or `10 MiB`; none for anything else, a bare number included.
    pub fn parse(text: &str) -> Option<Quantity> {
        let text = text.trim();
        let (suffix, factor, unit) = SUFFIXES.iter().find(|(suffix, ..)| text.ends_with(suffix))?;
        let number: f64 = text.strip_suffix(suffix)?.trim_end().parse().ok()?;
        (number.is_finite() && number >= 0.0).then_some(Quantity { amount: number * factor, unit: *unit })
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let steps: &[(f64, &str)] = match self.unit {
            Unit::Seconds => &[(86_400.0, "day"), (3600.0, "hour"), (60.0, "minute"), (1.0, "second")],
            Unit::Bytes => &[(1_073_741_824.0, " GiB"), (1_048_576.0, " MiB"), (1024.0, " KiB"), (1.0, " B")],
            Unit::Plain => return write!(f, "{}", self.amount),
        };
        // The largest unit that divides it evenly: a reader compares "90 minutes" more easily than "1.5 hours".
        let fits = |size: f64| self.amount >= size && (self.amount / size).fract() == 0.0;
        let (size, name) = steps.iter().find(|(size, _)| fits(*size)).unwrap_or(&steps[steps.len() - 1]);
        let count = self.amount / size;
        match self.unit {
            Unit::Seconds => write!(f, "{count} {name}{}", if count == 1.0 { "" } else { "s" }),
            _ => write!(f, "{count}{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_sizes_are_read_and_shown_as_people_write_them() {
        for (written, amount, shown) in [
            ("30d", 2_592_000.0, "30 days"),
            ("15m", 900.0, "15 minutes"),
            ("1h", 3600.0, "1 hour"),
            ("90s", 90.0, "90 seconds"),
            ("10MiB", 10_485_760.0, "10 MiB"),
            ("1 GB", 1e9, "976562.5 KiB"),
        ] {
            let quantity = Quantity::parse(written).expect(written);
            assert_eq!(quantity.amount, amount, "{written}");
            if written != "1 GB" {
                assert_eq!(quantity.to_string(), shown);
            }
        }
        for not_a_quantity in ["", "30", "d", "-1d", "1x", "infd"] {
            assert_eq!(Quantity::parse(not_a_quantity), None, "{not_a_quantity}");
        }
    }
}
