//! How far the initiative has come, against the phases the offer is made for.

use domain::explanation::Reason;
use domain::phase::Phase;

use super::Pair;
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
    let steps_from = |phase: Phase, offered: Phase| phase.index().abs_diff(offered.index());
    if pair.supply.phases.is_empty() {
        return Fit::Any;
    }
    let Some(phase) = pair.demand.phase else {
        return Fit::Unknown;
    };
    // Of two phases equally near, the earlier, whatever their order in the list.
    let nearest = pair
        .supply
        .phases
        .iter()
        .copied()
        .min_by_key(|offered| (steps_from(phase, *offered), *offered));
    nearest.map_or(Fit::Any, |offered| Fit::Apart {
        steps: steps_from(phase, offered),
        phase,
        offered,
    })
}

/// 1 for the same phase, falling with each step between them.
pub(super) fn value(pair: Pair<'_>, values: &PhaseValues) -> f64 {
    match fit(pair) {
        Fit::Any => values.any,
        Fit::Unknown => values.unknown,
        Fit::Apart { steps: 0, .. } => 1.0,
        Fit::Apart { steps: 1, .. } => values.one_step,
        Fit::Apart { steps: 2, .. } => values.two_steps,
        Fit::Apart { .. } => 0.0,
    }
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
