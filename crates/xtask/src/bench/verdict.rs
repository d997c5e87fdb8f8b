//! Whether a bench reached what was asked of it; used by the tables of every bench.

use std::fmt;

/// Whether what was asked was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It was.
    Met,
    /// It was not.
    Missed,
}

impl Verdict {
    /// `Met` when something holds.
    pub(super) fn when(holds: impl FnOnce() -> bool) -> Self {
        if holds() { Self::Met } else { Self::Missed }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Met => "met",
            Self::Missed => "MISSED",
        })
    }
}
