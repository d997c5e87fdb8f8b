//! How long the request waits: it gains a little, so that of two near-equal requests the one that waits longer goes first.

use chrono::{DateTime, Utc};

use domain::explanation::Reason;

use super::Pair;
use crate::posts::Demand;

/// Days of waiting that are nothing special.
const PATIENT_DAYS: u32 = 14;
/// Days after which a request gains no more: the twelve weeks a request lives.
const LONGEST_DAYS: u32 = 84;

/// Whole days since the request opened; 0 when unknown or in the future.
fn days_waiting(demand: &Demand, now: DateTime<Utc>) -> u32 {
    demand
        .opened_at
        .and_then(|opened| u32::try_from((now - opened).num_days()).ok())
        .unwrap_or_default()
}

/// 0 for the first two weeks, then rising to 1 at twelve weeks.
pub(crate) fn of(demand: &Demand, now: DateTime<Utc>) -> f64 {
    let beyond = days_waiting(demand, now)
        .min(LONGEST_DAYS)
        .saturating_sub(PATIENT_DAYS);
    f64::from(beyond) / f64::from(LONGEST_DAYS - PATIENT_DAYS)
}

/// How much longer than usual the request of a pair waits.
pub(super) fn value(pair: Pair<'_>, now: DateTime<Utc>) -> f64 {
    of(pair.demand, now)
}

/// How long it waits.
pub(crate) fn reason(pair: Pair<'_>, now: DateTime<Utc>) -> Reason {
    Reason::Waiting {
        days: days_waiting(pair.demand, now),
    }
}
