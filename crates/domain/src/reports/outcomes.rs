//! The outcomes: what came of introductions, and why matches ended before there was one.

use std::collections::BTreeMap;

use super::{Cell, Facts};
use crate::matches::MatchState;

pub(super) const COLUMNS: &[&str] = &["outcome", "reason", "matches", "share"];

/// The states after an introduction that ended.
const ENDED: [MatchState; 3] = [
    MatchState::Succeeded,
    MatchState::Failed,
    MatchState::Unknown,
];

/// The states in which a match ends without an introduction.
const MISSED: [MatchState; 4] = [
    MatchState::Rejected,
    MatchState::Declined,
    MatchState::Expired,
    MatchState::Lapsed,
];

/// First the realised rate: the share of ended introductions that came to something, where "nobody told" counts as
/// ended. Then each end of an introduction as a share of those, and each end without one, with its reason, as a share of
/// all that ended without one.
pub(super) fn rows(facts: &Facts) -> Vec<Vec<Cell>> {
    let mut counts: BTreeMap<(MatchState, &str), usize> = BTreeMap::new();
    for found in &facts.matches {
        // An introduction keeps the reason it was approved for, which says nothing about what came of it.
        let reason = match found.state {
            MatchState::Rejected | MatchState::Declined | MatchState::Lapsed => &found.reason,
            _ => "",
        };
        *counts.entry((found.state, reason)).or_default() += 1;
    }
    let all_of = |states: &[MatchState]| -> usize {
        let own = counts
            .iter()
            .filter(|((state, _), _)| states.contains(state));
        own.map(|(_, count)| count).sum()
    };
    let (ended, missed) = (all_of(&ENDED), all_of(&MISSED));
    let succeeded = all_of(&[MatchState::Succeeded]);
    let mut rows = vec![row("realised", "", succeeded, ended)];
    for state in ENDED {
        rows.push(row(state.code(), "", all_of(&[state]), ended));
    }
    for ((state, reason), count) in &counts {
        if MISSED.contains(state) {
            rows.push(row(state.code(), reason, *count, missed));
        }
    }
    rows
}

fn row(outcome: &str, reason: &str, part: usize, whole: usize) -> Vec<Cell> {
    vec![
        Cell::text(outcome),
        Cell::text(reason),
        Cell::count(part),
        Cell::share(part, whole),
    ]
}
