//! The kinds of help asked and given: the share of what is asked that is given.

use domain::explanation::Reason;
use domain::support::Support;

use super::{Pair, mean};
use crate::weights::SupportValues;

/// 0 for nothing of what is asked, 1 for all of it; in between it starts at `some` and grows with the share.
pub(super) fn value(pair: Pair<'_>, values: &SupportValues) -> f64 {
    let (asked, given) = (&pair.demand.support, &pair.supply.support);
    if given.is_empty() {
        return values.unknown;
    }
    let share = mean(
        asked
            .iter()
            .map(|kind| if given.contains(kind) { 1.0 } else { 0.0 }),
    );
    match share {
        None => values.unknown,
        Some(share) if share > 0.0 => values.some + (1.0 - values.some) * share,
        Some(_) => 0.0,
    }
}

/// Which kinds are asked and given, and which are missing.
pub(crate) fn reason(pair: Pair<'_>) -> Reason {
    let (asked, given) = (&pair.demand.support, &pair.supply.support);
    if asked.is_empty() || given.is_empty() {
        return Reason::SupportUnknown;
    }
    let (support, missing): (Vec<Support>, Vec<Support>) =
        asked.iter().partition(|kind| given.contains(kind));
    if support.is_empty() {
        return Reason::OtherSupport {
            asked: asked.clone(),
            given: given.clone(),
        };
    }
    Reason::SameSupport { support, missing }
}
