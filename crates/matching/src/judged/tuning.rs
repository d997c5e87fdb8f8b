//! Fits weights on judged pairs, and says on requests it did not see whether that helped.

use super::{Judged, Quality};
use crate::weights::Weights;

/// The parts the requests are cut into: each is measured with weights that were fitted on the others.
const FOLDS: usize = 5;
/// What a weight is moved by, first far, then near.
const STEPS: [f64; 4] = [0.3, 0.1, 0.04, 0.015];
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

/// A weight that is another number than it was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Move {
    /// Its name in the configuration, such as `theme.any`.
    pub field: &'static str,
    /// What it was.
    pub was: f64,
    /// What it becomes.
    pub becomes: f64,
}

/// The weights that differ, in the order of the configuration.
pub fn moves(from: &Weights, to: &Weights) -> Vec<Move> {
    from.fields()
        .into_iter()
        .zip(to.fields())
        .map(|((field, was), (_, becomes))| Move {
            field,
            was,
            becomes,
        })
        .filter(|one| one.was.total_cmp(&one.becomes).is_ne())
        .collect()
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

/// Weights and what they give.
struct Tried {
    weights: Weights,
    aim: f64,
}

/// Moves one weight after the other, keeping what helps by enough.
fn climb(judged: &Judged, start: &Weights, seen: impl Fn(usize) -> bool) -> Weights {
    let mut best = try_out(judged, start.clone(), &seen);
    for step in STEPS {
        for (field, _) in start.fields() {
            if NOT_TUNED.contains(&field) {
                continue;
            }
            for step in [step, -step] {
                while let Some(moved) = best.weights.moved(field, step) {
                    let found = try_out(judged, moved, &seen);
                    if found.aim < best.aim + WORTHWHILE {
                        break;
                    }
                    best = found;
                }
            }
        }
    }
    best.weights
}

/// What weights give at the threshold that suits them best: otherwise a weight that merely lifts all scores alike
/// would seem to help.
fn try_out(judged: &Judged, weights: Weights, seen: impl Fn(usize) -> bool) -> Tried {
    let rankings = judged.rankings(&weights, seen);
    let usual = weights.proposal_threshold;
    let aim = |threshold| judged.quality(&rankings, threshold).aim();
    let fitted = judged.best_threshold(&rankings).unwrap_or(usual);
    let (stay, go) = (aim(usual), aim(fitted));
    if go < stay + WORTHWHILE {
        return Tried { weights, aim: stay };
    }
    let weights = Weights {
        proposal_threshold: fitted,
        ..weights
    };
    Tried { weights, aim: go }
}
