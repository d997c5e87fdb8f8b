//! How far the initiative has come, against the phases the offer is made for.

use domain::explanation::Reason;
use domain::phase::Phase;

use super::Pair;
use crate::profile::{self, PHASES, both, named};
use crate::weights::PhaseValues;

/// What an offer for these phases is worth for each phase an initiative can be in: 1 for the same, less for the next,
/// and least for one that was left behind.
pub(crate) fn worths(offered: &[Phase], values: &PhaseValues) -> [f32; PHASES] {
    if offered.is_empty() {
        return profile::worths(values.any, Phase::all(), |_| values.any);
    }
    let step = |phase: Phase, offer: Phase| match phase.index().abs_diff(offer.index()) {
        0 => 1.0,
        1 if offer > phase => values.next,
        1 => values.previous,
        2 => values.two_steps,
        _ => 0.0,
    };
    profile::worths(values.unknown, Phase::all(), |phase| {
        offered
            .iter()
            .map(|offer| step(phase, *offer))
            .fold(0.0, f64::max)
    })
}

/// How well the offer is made for how far the initiative has come.
pub(super) fn value(pair: Pair<'_>) -> f64 {
    pair.wants.phase.answered(&pair.gives.phases)
}

/// Which phases were compared.
pub(crate) fn reason(pair: Pair<'_>) -> Reason {
    let filled = pair.demand.phase.as_slice();
    let (phase, known_by) = named(filled, &pair.wants.spoken.phases);
    let (offered, offered_by) = named(&pair.supply.phases, &pair.gives.spoken.phases);
    let source = both(known_by, offered_by);
    // Of two phases equally near, the earlier, whatever their order in the list.
    let nearest = phase.first().and_then(|phase| {
        let apart = |offer: &Phase| (phase.index().abs_diff(offer.index()), *offer);
        offered
            .iter()
            .map(apart)
            .min()
            .map(|(steps, offered)| (*phase, steps, offered))
    });
    match nearest {
        _ if offered.is_empty() => Reason::AnyPhase,
        None => Reason::PhaseUnknown,
        Some((phase, 0, _)) => Reason::SamePhase { phase, source },
        Some((phase, 1, offered)) => Reason::NearPhase {
            phase,
            offered,
            source,
        },
        // What an offer's text speaks of does not bind it: it may still be for any phase.
        Some(_) if pair.supply.phases.is_empty() => Reason::AnyPhase,
        Some((phase, _, offered)) => Reason::OtherPhase { phase, offered },
    }
}
