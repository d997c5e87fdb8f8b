//! The values of the signals put together: the score, and the explanation that adds up to it.

use chrono::{DateTime, Utc};

use domain::explanation::{Explanation, Part, Signal};

use crate::ALGORITHM;
use crate::signals::{Pair, Values, fairness, freshness, phase, region, support, text, theme};
use crate::weights::Weights;

/// How much each value of a pair counts: the formula of the crate's documentation, worked out of [`Weights`].
///
/// The score and the bounds of the index are both made of these. All are 0 to 1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Coefficients {
    pub(crate) region: f64,
    /// Before the interaction with the kinds of help.
    pub(crate) theme: f64,
    pub(crate) phase: f64,
    /// Before the interaction with the themes.
    pub(crate) support: f64,
    pub(crate) text: f64,
    /// The share of theme and support that counts only as far as the other fits as well.
    pub(crate) interaction: f64,
    pub(crate) freshness: f64,
    /// The most that is taken off what the others add up to.
    pub(crate) fairness: f64,
}

impl Coefficients {
    /// Works them out.
    pub(crate) fn of(weights: &Weights) -> Self {
        let shares = &weights.shares;
        // Freshness adds to what the fit leaves room for, so that the sum never passes 1.
        let room = (1.0 - weights.freshness) / shares.total();
        Self {
            region: room * shares.region,
            theme: room * shares.theme,
            phase: room * shares.phase,
            support: room * shares.support,
            text: room * shares.text,
            interaction: weights.interaction,
            freshness: weights.freshness,
            fairness: weights.fairness,
        }
    }
}

/// What each signal adds to the score, in the order of [`Signal`].
struct Contributions([(Signal, f64); 7]);

/// How pairs are scored at one moment: the weights, worked out once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scorer<'a> {
    weights: &'a Weights,
    count: Coefficients,
    now: DateTime<Utc>,
}

impl<'a> Scorer<'a> {
    /// Works the weights out; `now` only tells how long a request waits.
    pub(crate) fn of(weights: &'a Weights, now: DateTime<Utc>) -> Self {
        Self {
            weights,
            count: Coefficients::of(weights),
            now,
        }
    }

    /// The score of a pair that passed the gates.
    pub(crate) fn score(&self, pair: Pair<'_>) -> f64 {
        Contributions::of(&self.values(pair), &self.count).score()
    }

    /// The same score, taken apart with reasons.
    pub(crate) fn explain(&self, pair: Pair<'_>) -> Explanation {
        let values = self.values(pair);
        let contributions = Contributions::of(&values, &self.count);
        let parts = contributions.0.iter().map(|&(signal, contribution)| {
            let (value, reason) = match signal {
                Signal::Region => (values.region, region::reason(pair)),
                Signal::Theme => (values.theme, theme::reason(pair)),
                Signal::Phase => (values.phase, phase::reason(pair)),
                Signal::Support => (values.support, support::reason(pair)),
                Signal::Text => (values.text, text::reason(pair)),
                Signal::Freshness => (values.freshness, freshness::reason(pair, self.now)),
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

    fn values(&self, pair: Pair<'_>) -> Values {
        Values::of(pair, self.weights, self.now)
    }
}

impl Contributions {
    fn of(values: &Values, count: &Coefficients) -> Self {
        let together = |other: f64| 1.0 - count.interaction * (1.0 - other);
        let region = count.region * values.region;
        let theme = count.theme * values.theme * together(values.support);
        let phase = count.phase * values.phase;
        let support = count.support * values.support * together(values.theme);
        let text = count.text * values.text;
        let freshness = count.freshness * values.freshness;
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
                0.0 - count.fairness * (1.0 - values.fairness) * before_yielding,
            ),
        ])
    }

    /// All of them together. The bounds only take off what rounding may add.
    fn score(&self) -> f64 {
        let sum: f64 = self.0.iter().map(|(_, added)| added).sum();
        sum.clamp(0.0, 1.0)
    }
}
