//! Lays what the program says of its letters beside what the relay took, and finds what does not agree.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::program::Ground;
use crate::relay::{Relay, Taken};

/// What was found; only the first three may be more than nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Deliveries.
    pub letters: usize,
    /// Deliveries of which nobody knew the end at some time, written down before they were repeated.
    pub uncertain: usize,
    /// Copies more than one.
    pub copies: usize,
    /// Deliveries that the relay never took.
    pub lost: usize,
    /// Deliveries marked as sent that the relay never took.
    pub sent_in_name_only: usize,
    /// Copies more than one of a delivery that was never written down as uncertain often enough.
    pub unannounced: usize,
    /// Letters whose copies differ.
    pub different: usize,
    /// Deliveries that are not at an end.
    pub unfinished: usize,
    /// Letters that the relay took and the program does not know.
    pub unknown: usize,
}

impl Ledger {
    /// Looks at every delivery of the ground and every letter of the relay.
    ///
    /// # Errors
    /// When the program does not tell its deliveries.
    pub fn of(ground: &Ground, relay: &Relay) -> Result<Self> {
        let taken: BTreeMap<(String, String), _> = relay
            .taken()
            .into_iter()
            .map(|each| {
                let (id, _host) = each.message_id.split_once('@').unwrap_or_default();
                ((id.to_owned(), each.recipient.to_lowercase()), each)
            })
            .collect();
        let mut ledger = Self::default();
        let mut known = 0;
        for delivery in ground.outbox()? {
            let text = |name: &str| {
                let found = delivery.get(name).and_then(Value::as_str);
                found.with_context(|| format!("a delivery without {name}"))
            };
            let key = (
                text("letterId")?.to_owned(),
                text("recipient")?.to_lowercase(),
            );
            let times = delivery.get("timesUncertain").and_then(Value::as_u64);
            let times = usize::try_from(times.context("a delivery without timesUncertain")?)?;
            let letter = taken.get(&key);
            let copies = letter.map_or(0, Taken::copies);
            known += usize::from(copies > 0);
            ledger.letters += 1;
            ledger.uncertain += times;
            ledger.copies += copies.saturating_sub(1);
            ledger.lost += usize::from(copies == 0);
            ledger.sent_in_name_only += usize::from(copies == 0 && text("state")? == "sent");
            ledger.unannounced += copies.saturating_sub(1 + times);
            ledger.different += usize::from(letter.is_some_and(|letter| !letter.is_identical()));
            ledger.unfinished += usize::from(text("state")? != "sent");
        }
        ledger.unknown = taken.len() - known;
        Ok(ledger)
    }

    /// What should not be; empty when all is well.
    pub fn wrong(&self) -> Vec<String> {
        [
            (self.lost, "deliveries never arrived"),
            (
                self.sent_in_name_only,
                "deliveries are marked sent and never arrived",
            ),
            (
                self.unannounced,
                "copies were not known to be possible beforehand",
            ),
            (self.different, "letters have copies that differ"),
            (self.unfinished, "deliveries are not at an end"),
            (
                self.unknown,
                "letters arrived that the program does not know",
            ),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect()
    }
}
