//! The kinds of help asked and given: the share of what is asked that is given.

use domain::explanation::Reason;
use domain::support::Support;

use super::Pair;
use crate::profile::{self, SUPPORTS, both, named};
use crate::weights::{SupportValues, partly, share_worth};

/// What an offer of these kinds is worth for each kind that can be asked: 1 for what it gives, else 0.
pub(crate) fn worths(given: &[Support], values: &SupportValues) -> [f32; SUPPORTS] {
    // Held back so that `value` makes `unknown` of it.
    let unknown = share_worth(values.some, values.unknown);
    if given.is_empty() {
        return profile::worths(unknown, Support::all(), |_| unknown);
    }
    profile::worths(unknown, Support::all(), |kind| {
        if given.contains(&kind) { 1.0 } else { 0.0 }
    })
}

/// 0 for nothing of what is asked, 1 for all of it.
pub(super) fn value(pair: Pair<'_>, values: &SupportValues) -> f64 {
    partly(
        values.some,
        pair.wants.support.answered(&pair.gives.support),
    )
}

/// Which kinds are asked and given, and which are missing.
pub(crate) fn reason(pair: Pair<'_>) -> Reason {
    let (asked, asked_by) = named(&pair.demand.support, &pair.wants.spoken.support);
    let (given, given_by) = named(&pair.supply.support, &pair.gives.spoken.support);
    if asked.is_empty() || given.is_empty() {
        return Reason::SupportUnknown;
    }
    let (support, missing): (Vec<Support>, Vec<Support>) =
        asked.iter().partition(|kind| given.contains(kind));
    if support.is_empty() {
        return Reason::OtherSupport {
            asked: asked.to_vec(),
            given: given.to_vec(),
        };
    }
    Reason::SameSupport {
        support,
        missing,
        source: both(asked_by, given_by),
    }
}
