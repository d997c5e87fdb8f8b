//! How far the initiative has come, against the phases the offer is made for.

use domain::explanation::Reason;
use domain::phase::Phase;

use super::Pair;
use crate::profile::{self, PHASES};
use crate::weights::PhaseValues;

/// How an offer's phases lie to that of the initiative.
enum Fit {
    /// The offer is for any phase.
    Any,
    /// The request does not say its phase.
    Unknown,
    /// So many steps to the nearest phase the offer is made for.
    Apart {
        steps: usize,
        phase: Phase,
        offered: Phase,
    },
}

fn fit(pair: Pair<'_>) -> Fit {
    if pair.supply.phases.is_empty() {
        return Fit::Any;
    }
    let Some(phase) = pair.demand.phase else {
        return Fit::Unknown;
    };
    nearest(phase, &pair.supply.phases).map_or(Fit::Any, |(steps, offered)| Fit::Apart {
        steps,
        phase,
        offered,
    })
}

/// The offered phase nearest to that of the initiative, with the steps to it; of two equally near, the earlier.
fn nearest(phase: Phase, offered: &[Phase]) -> Option<(usize, Phase)> {
    offered
        .iter()
        .map(|offer| (phase.index().abs_diff(offer.index()), *offer))
        .min()
}

/// What an offer for these phases is worth for each phase an initiative can be in: 1 for the same, falling with each
/// step to the nearest.
pub(crate) fn worths(offered: &[Phase], values: &PhaseValues) -> [f32; PHASES] {
    if offered.is_empty() {
        return profile::worths(values.any, Phase::all(), |_| values.any);
    }
    profile::worths(values.unknown, Phase::all(), |phase| {
        match nearest(phase, offered) {
            Some((0, _)) => 1.0,
            Some((1, _)) => values.one_step,
            Some((2, _)) => values.two_steps,
            _ => 0.0,
        }
    })
}

/// How well the offer is made for how far the initiative has come.
pub(super) fn value(pair: Pair<'_>) -> f64 {
    pair.wants.phase.answered(&pair.gives.phases)
}

/// Which phases were compared.
pub(crate) fn reason(pair: Pair<'_>) -> Reason {
    match fit(pair) {
        Fit::Any => Reason::AnyPhase,
        Fit::Unknown => Reason::PhaseUnknown,
        Fit::Apart {
            steps: 0, phase, ..
        } => Reason::SamePhase { phase },
        Fit::Apart {
            steps: 1,
            phase,
            offered,
        } => Reason::NearPhase { phase, offered },
        Fit::Apart { phase, offered, .. } => Reason::OtherPhase { phase, offered },
    }
}
