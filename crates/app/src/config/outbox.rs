//! Settings of the outbox.

use chrono::TimeDelta;
use serde::Deserialize;

use super::unless;

/// How the outbox is worked through.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outbox {
    /// Seconds to wait after each refused attempt; after the last the delivery is dead.
    pub retry_seconds: Vec<u32>,
    /// Seconds the queue waits when the relay cannot be reached.
    pub relay_down_seconds: u32,
    /// Seconds between looks at an empty queue.
    pub poll_seconds: u32,
}

impl Outbox {
    /// How long to wait after this many refused attempts; `None` when that was the last.
    pub fn wait_after(&self, attempts: i32) -> Option<TimeDelta> {
        let index = usize::try_from(attempts).ok()?.checked_sub(1)?;
        self.retry_seconds
            .get(index)
            .map(|seconds| TimeDelta::seconds(i64::from(*seconds)))
    }

    pub(super) fn problems(&self) -> Vec<String> {
        [
            unless(
                !self.retry_seconds.is_empty(),
                "outbox.retry_seconds",
                "Geef minstens een wachttijd.",
            ),
            unless(
                self.relay_down_seconds > 0,
                "outbox.relay_down_seconds",
                "Kies 1 of meer.",
            ),
            unless(
                self.poll_seconds > 0,
                "outbox.poll_seconds",
                "Kies 1 of meer.",
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
