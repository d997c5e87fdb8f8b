//! The values of the signals put together: the score, and the explanation that adds up to it.

use chrono::{DateTime, Utc};

use domain::explanation::{Explanation, Part, Signal};

use crate::ALGORITHM;
use crate::signals::{Pair, Values, fairness, freshness, phase, region, support, text, theme};
use crate::weights::Weights;

/// What each signal adds to the score, in the order of [`Signal`].
struct Contributions([(Signal, f64); 7]);

impl Contributions {
    /// The formula of the crate's documentation.
    fn of(values: &Values, weights: &Weights) -> Self {
        let shares = &weights.shares;
        // Freshness adds to what the fit leaves room for, so that the sum never passes 1.
        let room = (1.0 - weights.freshness) / shares.total();
        let together = |other: f64| 1.0 - weights.interaction * (1.0 - other);
        let region = room * shares.region * values.region;
        let theme = room * shares.theme * values.theme * together(values.support);
        let phase = room * shares.phase * values.phase;
        let support = room * shares.support * values.support * together(values.theme);
        let text = room * shares.text * values.text;
        let freshness = weights.freshness * values.freshness;
        let before_yielding = region + theme + phase + support + text + freshness;
        Self([
            (Signal::Region, region),
            (Signal::Theme, theme),
            (Signal::Phase, phase),
            (Signal::Support, support),
            (Signal::Text, text),
            (Signal::Freshness, freshness),
            // Written as a difference so that nothing to yield is 0 and not -0.
            (
                Signal::Fairness,
                0.0 - weights.fairness * (1.0 - values.fairness) * before_yielding,
            ),
        ])
    }

    /// All of them together. The bounds only take off what rounding may add.
    fn score(&self) -> f64 {
        let sum: f64 = self.0.iter().map(|(_, added)| added).sum();
        sum.clamp(0.0, 1.0)
    }
}

/// The score of a pair that passed the gates.
pub(crate) fn score(pair: Pair<'_>, weights: &Weights, now: DateTime<Utc>) -> f64 {
    Contributions::of(&Values::of(pair, weights, now), weights).score()
}

/// The same score, taken apart with reasons.
pub(crate) fn explain(pair: Pair<'_>, weights: &Weights, now: DateTime<Utc>) -> Explanation {
    let values = Values::of(pair, weights, now);
    let contributions = Contributions::of(&values, weights);
    let parts = contributions.0.iter().map(|&(signal, contribution)| {
        let (value, reason) = match signal {
            Signal::Region => (values.region, region::reason(pair)),
            Signal::Theme => (values.theme, theme::reason(pair)),
            Signal::Phase => (values.phase, phase::reason(pair)),
            Signal::Support => (values.support, support::reason(pair)),
            Signal::Text => (values.text, text::reason(pair)),
            Signal::Freshness => (values.freshness, freshness::reason(pair, now)),
            Signal::Fairness => (values.fairness, fairness::reason(pair)),
        };
        Part {
            signal,
            value,
            contribution,
            reason,
        }
    });
    Explanation {
        score: contributions.score(),
        parts: parts.collect(),
        algorithm: ALGORITHM.to_owned(),
    }
}
