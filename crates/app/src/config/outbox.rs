//! Settings of the outbox.

use std::num::NonZeroU32;

use chrono::TimeDelta;
use serde::Deserialize;
use store::Rates;

use super::unless;

/// How the outbox is worked through.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outbox {
    /// Letters that are handed over at once.
    pub workers: u32,
    /// Seconds to wait after each refused attempt; after the last the delivery is dead.
    pub retry_seconds: Vec<u32>,
    /// Seconds the queue waits when the relay cannot be reached; twice as long each time it fails again.
    pub relay_down_seconds: u32,
    /// The longest it waits then.
    pub relay_down_max_seconds: u32,
    /// Seconds between looks at an empty queue.
    pub poll_seconds: u32,
    /// Letters begun in a minute of the clock, by all instances together; 0 is any number.
    pub per_minute: u32,
    /// The same to the addresses of one site.
    pub per_minute_to_site: u32,
    /// Seconds after which a letter in the hands of a worker that is there, but does nothing, goes to another.
    pub lease_seconds: u32,
    /// A command that asks the relay about one letter; empty when it cannot be asked.
    pub ask_command: Vec<String>,
    /// Seconds before an uncertain letter is asked about, and between questions.
    pub ask_seconds: u32,
    /// Minutes an uncertain letter is held before it goes once more.
    pub hold_minutes: u32,
}

impl Outbox {
    /// How long to wait after this many refused attempts; `None` when that was the last.
    pub fn wait_after(&self, attempts: i32) -> Option<TimeDelta> {
        let index = usize::try_from(attempts).ok()?.checked_sub(1)?;
        self.retry_seconds.get(index).copied().map(seconds)
    }

    /// How many letters may go in a minute.
    pub fn rates(&self) -> Rates {
        Rates {
            in_all: NonZeroU32::new(self.per_minute),
            to_site: NonZeroU32::new(self.per_minute_to_site),
        }
    }

    pub(crate) fn first_wait(&self) -> TimeDelta {
        seconds(self.relay_down_seconds)
    }

    pub(crate) fn longest_wait(&self) -> TimeDelta {
        seconds(self.relay_down_max_seconds)
    }

    pub(crate) fn lease(&self) -> TimeDelta {
        seconds(self.lease_seconds)
    }

    pub(crate) fn hold(&self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.hold_minutes))
    }

    /// How long an uncertain letter is left alone: until the relay can be asked, or until it may go once more.
    pub(crate) fn look_again(&self) -> TimeDelta {
        if self.ask_command.is_empty() {
            self.hold()
        } else {
            seconds(self.ask_seconds)
        }
    }

    pub(super) fn problems(&self) -> Vec<String> {
        let at_least_one = [
            ("outbox.relay_down_seconds", self.relay_down_seconds),
            ("outbox.poll_seconds", self.poll_seconds),
            ("outbox.lease_seconds", self.lease_seconds),
            ("outbox.ask_seconds", self.ask_seconds),
        ];
        at_least_one
            .into_iter()
            .map(|(name, value)| unless(value > 0, name, "Kies 1 of meer."))
            .chain([
                unless(
                    (1..=64).contains(&self.workers),
                    "outbox.workers",
                    "Kies 1 tot en met 64.",
                ),
                unless(
                    !self.retry_seconds.is_empty(),
                    "outbox.retry_seconds",
                    "Geef minstens een wachttijd.",
                ),
                unless(
                    self.relay_down_max_seconds >= self.relay_down_seconds,
                    "outbox.relay_down_max_seconds",
                    "Kies minstens de waarde van outbox.relay_down_seconds.",
                ),
            ])
            .flatten()
            .collect()
    }
}

fn seconds(number: u32) -> TimeDelta {
    TimeDelta::seconds(i64::from(number))
}
