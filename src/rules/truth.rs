//! Three-valued logic: what holds, what does not, and what cannot be known.

/// The answer of a condition in one world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// It cannot be known.
    Unknown,
}

impl Truth {
    /// The opposite; unknown stays unknown.
    pub(super) fn not(self) -> Truth {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        }
    }

    /// True as soon as one is true, else unknown as soon as one is unknown.
    pub(super) fn any(all: impl IntoIterator<Item = Truth>) -> Truth {
        let mut answer = Truth::False;
        for truth in all {
            match truth {
                Truth::True => return Truth::True,
                Truth::Unknown => answer = Truth::Unknown,
                Truth::False => {}
            }
        }
        answer
    }
}

impl From<bool> for Truth {
    fn from(known: bool) -> Self {
        if known { Truth::True } else { Truth::False }
    }
}

impl From<Option<bool>> for Truth {
    fn from(known: Option<bool>) -> Self {
        known.map_or(Truth::Unknown, Truth::from)
    }
}
