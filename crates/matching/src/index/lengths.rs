//! How many offers make a shelf so long that it is kept in a quicker form.

/// How many offers make a shelf long, and very long. Only speed depends on it, never an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lengths {
    /// From so many offers on, each word of a shelf knows who says it. Where fewer stand, it is cheaper to look at a
    /// few more of them.
    pub long: usize,
    /// From so many on, and not before it is long, the offers of a shelf stand by theme as well.
    pub very_long: usize,
}

impl Default for Lengths {
    /// What was measured to be quickest.
    fn default() -> Self {
        Self {
            long: 256,
            very_long: 3_600,
        }
    }
}
