//! How often the offer was introduced lately: it yields a little, so that of two near-equal offers the other has a turn.

use domain::explanation::Reason;

use super::Pair;

/// Introductions after which an offer has yielded half.
const HALF_AT: f64 = 3.0;

/// 1 for an offer that was not introduced lately, falling towards 0.
pub(super) fn value(pair: Pair<'_>) -> f64 {
    HALF_AT / (HALF_AT + f64::from(pair.supply.introduced_lately))
}

/// How often it was introduced.
pub(crate) fn reason(pair: Pair<'_>) -> Reason {
    Reason::IntroducedLately {
        times: pair.supply.introduced_lately,
    }
}
