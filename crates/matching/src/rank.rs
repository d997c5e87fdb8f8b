//! One request against a list of offers: gated, scored, sorted, cut.
//!
//! This is the plain definition of what the engine answers; the index gives the same answers faster.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use domain::explanation::Explanation;

use crate::gates::{History, gate};
use crate::posts::{Demand, Supply};
use crate::profile::{Gives, Wants};
use crate::reading::{Side, Text};
use crate::score::Scorer;
use crate::signals::Pair;
use crate::text::collection::Collection;
use crate::text::kept::Given;
use crate::weights::Weights;

/// The most matches one question answers: more than anyone reads, few enough to explain each.
pub const MAX_MATCHES: usize = 100;

/// An offer that fits, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    /// Its place in the slice that was ranked.
    pub supply: usize,
    /// The score taken apart.
    pub explanation: Explanation,
}

/// Ranks `supplies` for `demand`: best first, at most [`MAX_MATCHES`], only what passes the gates.
///
/// The same input always gives the same output, and the order of `supplies` does not matter: ties are broken by key.
/// How telling a word is, is taken from all of `supplies`. `now` only tells how long the request waits.
pub fn rank(
    demand: &Demand,
    supplies: &[Supply],
    weights: &Weights,
    now: DateTime<Utc>,
) -> Vec<Ranked> {
    let mut collection = Collection::default();
    let given: Vec<(Gives, Given)> = supplies
        .iter()
        .map(|supply| {
            let text = Text::of(&supply.title, &supply.body);
            let gives = Gives::read(supply, &text.evidence(Side::Offer), weights);
            (gives, collection.add(&text.words))
        })
        .collect();
    let text = Text::of(&demand.title, &demand.body);
    let wants = Wants::read(demand, &text.evidence(Side::Request), weights);
    let wording = collection.look_up(&text.words);
    let asked = collection.weigh(&wording);
    let scorer = Scorer::of(weights, now);

    let scored = supplies
        .iter()
        .zip(&given)
        .enumerate()
        .filter(|(_, (supply, _))| gate(demand, supply, History::Open).is_ok())
        .map(|(place, (supply, (gives, given)))| {
            let pair = Pair {
                demand,
                wants: &wants,
                asked: &asked,
                supply,
                gives,
                given,
            };
            let value = scorer.score(pair);
            (value, supply.key.as_str(), (place, pair))
        });
    best(scored, MAX_MATCHES)
        .map(|(place, pair)| Ranked {
            supply: place,
            explanation: scorer.explain(pair),
        })
        .collect()
}

/// Takes the highest scores, equal scores in the order of their keys; never more than [`MAX_MATCHES`].
fn best<'k, T>(
    scored: impl Iterator<Item = (f64, &'k str, T)>,
    limit: usize,
) -> impl Iterator<Item = T> {
    let mut scored: Vec<(f64, &str, T)> = scored.collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored
        .into_iter()
        .take(limit.min(MAX_MATCHES))
        .map(|(_, _, found)| found)
}
