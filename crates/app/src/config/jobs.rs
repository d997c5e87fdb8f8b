//! Settings of what happens by itself.

use serde::Deserialize;

use super::unless;

/// What happens by itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jobs {
    /// Seconds between looks for what is due.
    pub every_seconds: u64,
    /// Hours between full rematches.
    pub rematch_hours: u64,
    /// Milliseconds between looks for what other instances and commands changed.
    pub follow_milliseconds: u64,
}

impl Jobs {
    pub(super) fn problems(&self) -> Vec<String> {
        [
            unless(
                (1..=86_400).contains(&self.every_seconds),
                "jobs.every_seconds",
                "Kies 1 tot en met 86400.",
            ),
            unless(
                (1..=720).contains(&self.rematch_hours),
                "jobs.rematch_hours",
                "Kies 1 tot en met 720.",
            ),
            unless(
                (50..=60_000).contains(&self.follow_milliseconds),
                "jobs.follow_milliseconds",
                "Kies 50 tot en met 60000.",
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
