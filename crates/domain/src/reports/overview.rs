//! The overview: a funnel from posts to matches that came to something, and how long each step waited.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Cell, Facts, MatchFact};
use crate::matches::{MatchOrigin, MatchState};

pub(super) const COLUMNS: &[&str] = &[
    "requests",
    "offers",
    "proposed",
    "approved",
    "invited",
    "introduced",
    "succeeded",
    "failed",
    "unknown",
    "rejected",
    "declined",
    "expired",
    "lapsed",
    "hours_to_proposal",
    "hours_to_review",
    "hours_to_introduction",
];

/// The one row of the overview. A match counts in every step it reached, and in the state it ended in.
pub(super) fn rows(facts: &Facts) -> Vec<Vec<Cell>> {
    let matches = &facts.matches;
    let reached = |step: fn(&MatchFact) -> bool| {
        Cell::count(matches.iter().filter(|found| step(found)).count())
    };
    let ended = |state: MatchState| {
        Cell::count(matches.iter().filter(|found| found.state == state).count())
    };
    let waited = |span: fn(&MatchFact) -> Option<[DateTime<Utc>; 2]>| {
        median(matches.iter().filter_map(span).map(|[from, to]| to - from))
    };
    vec![vec![
        Cell::count(facts.requests.len()),
        Cell::count(facts.offers.len()),
        Cell::count(matches.len()),
        reached(MatchFact::was_approved),
        reached(MatchFact::was_invited),
        reached(MatchFact::was_introduced),
        ended(MatchState::Succeeded),
        ended(MatchState::Failed),
        ended(MatchState::Unknown),
        ended(MatchState::Rejected),
        ended(MatchState::Declined),
        ended(MatchState::Expired),
        ended(MatchState::Lapsed),
        waited(|found| Some([found.waited_since?, found.made_at])),
        // Who matches by hand or lets the dial decide waits for nobody's review.
        waited(|found| {
            (found.origin == MatchOrigin::Engine)
                .then_some(found.reviewed_at)
                .flatten()
                .map(|reviewed| [found.made_at, reviewed])
        }),
        waited(|found| Some([found.invited_at?, found.introduced_at?])),
    ]]
}

/// The median of waiting times: the middle one, or the mean of the two in the middle.
fn median(times: impl Iterator<Item = TimeDelta>) -> Cell {
    let mut hours: Vec<f64> = times
        .map(|time| time.max(TimeDelta::zero()).as_seconds_f64() / 3_600.0)
        .collect();
    hours.sort_by(f64::total_cmp);
    let (low, high) = (hours.len().saturating_sub(1) / 2, hours.len() / 2);
    match (hours.get(low), hours.get(high)) {
        (Some(low), Some(high)) => Cell::Wait {
            hours: low.midpoint(*high),
            of: super::counted(hours.len()),
        },
        _ => Cell::Missing,
    }
}
