//! The Dutch names of what has a code in English: states, kinds, signals.

use crate::explanation::Signal;

/// The name of a signal in a table or a sentence.
pub fn signal(signal: Signal) -> &'static str {
    match signal {
        Signal::Region => "regio",
        Signal::Theme => "thema",
        Signal::Phase => "fase",
        Signal::Support => "soort hulp",
        Signal::Text => "tekst",
        Signal::Freshness => "wachttijd",
        Signal::Fairness => "spreiding",
    }
}
