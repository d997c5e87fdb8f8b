//! Fits weights on judged pairs, and says on requests it did not see whether that helped.

use super::{Judged, Quality};
use crate::weights::Weights;

/// The parts the requests are cut into: each is measured with weights that were fitted on the others.
const FOLDS: usize = 5;
/// What a weight is moved by, first far, then near.
const STEPS: [f64; 3] = [0.1, 0.04, 0.015];
/// What a move has to gain. Less is noise, and somebody has to understand every weight that moved.
const WORTHWHILE: f64 = 0.001;
/// What no judgment tells: how long a request waits and how often an offer was introduced.
const NOT_TUNED: [&str; 2] = ["freshness", "fairness"];

/// What came of tuning.
#[derive(Debug, Clone, PartialEq)]
pub struct Tuned {
    /// The weights fitted on everything.
    pub weights: Weights,
    /// What the weights it began with give.
    pub before: Quality,
    /// What the fitted weights give on the very pairs they were fitted on: too good to be true.
    pub fitted: Quality,
    /// What fitting gives on requests it did not see: the mean over the folds. This is what to expect.
    pub unseen: Quality,
    /// What the weights it began with give, averaged over the same folds, to compare with `unseen`.
    pub before_by_fold: Quality,
}

/// Fits weights by moving one at a time while it helps; `progress` hears how many of how many fits are done.
///
/// The same input gives the same weights. Weights that fail [`Weights::check`] are never tried, so what comes out
/// can be used; nothing uses it before a person puts it in the configuration.
pub fn tune(judged: &Judged, start: &Weights, mut progress: impl FnMut(usize, usize)) -> Tuned {
    let folds = FOLDS.min(judged.requests()).max(1);
    let (mut unseen, mut before_by_fold) = (Vec::new(), Vec::new());
    for fold in 0..folds {
        progress(fold, folds + 1);
        let seen = |place: usize| folds == 1 || place % folds != fold;
        let fitted = climb(judged, start, seen);
        let held_out = |place: usize| place % folds == fold;
        unseen.push(judged.measure(&fitted, held_out));
        before_by_fold.push(judged.measure(start, held_out));
    }
    progress(folds, folds + 1);
    let weights = climb(judged, start, |_| true);
    progress(folds + 1, folds + 1);
    Tuned {
        before: judged.measure(start, |_| true),
        fitted: judged.measure(&weights, |_| true),
        unseen: Quality::mean(&unseen),
        before_by_fold: Quality::mean(&before_by_fold),
        weights,
    }
}

/// Moves one weight after the other, keeping what helps by enough.
fn climb(judged: &Judged, start: &Weights, seen: impl Fn(usize) -> bool) -> Weights {
    let mut best = start.clone();
    let mut aim = judged.measure(&best, &seen).aim();
    for step in STEPS {
        for (field, _) in start.fields() {
            if NOT_TUNED.contains(&field) {
                continue;
            }
            for step in [step, -step] {
                while let Some(moved) = best.moved(field, step) {
                    let found = judged.measure(&moved, &seen).aim();
                    if found < aim + WORTHWHILE {
                        break;
                    }
                    (best, aim) = (moved, found);
                }
            }
        }
    }
    best
}
