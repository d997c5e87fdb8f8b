//! The words both use: how much of the request's telling words the offer answers.

use domain::explanation::Reason;

use super::Pair;
use crate::reading::is_bland;
use crate::weights::TextValues;

/// The most words a reason names.
const MAX_NAMED_WORDS: usize = 3;

/// The share of the request's word weight that the offer answers, full at `full_at`.
pub(crate) fn value(pair: Pair<'_>, values: &TextValues) -> f64 {
    worth(pair.asked.answered(pair.given), values)
}

/// What an answered share of the word weight is worth.
pub(crate) fn worth(answered: f64, values: &TextValues) -> f64 {
    (answered / values.full_at).min(1.0)
}

/// The shared words that add most, as the request writes them; none when those they share are used
/// everywhere or say nothing.
pub(crate) fn reason(pair: Pair<'_>) -> Reason {
    let mut shared: Vec<(f64, &str)> = pair
        .asked
        .telling(pair.given)
        .filter(|(_, word)| !is_bland(word))
        .collect();
    if shared.is_empty() {
        return Reason::NoSharedWords;
    }
    shared.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    Reason::SharedWords {
        words: shared
            .into_iter()
            .take(MAX_NAMED_WORDS)
            .map(|(_, word)| word.to_owned())
            .collect(),
    }
}
