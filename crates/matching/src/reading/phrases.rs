//! Forms of several words, kept by how they begin.

use super::entries::Entry;
use crate::text::term::{ByTerm, Term};

/// A form of several words.
#[derive(Debug)]
pub(super) struct Phrase {
    /// What follows its first word.
    pub(super) rest: Vec<Next>,
    pub(super) entry: Entry,
}

/// What may come next in a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// This word.
    Word(Term),
    /// Up to two words that do not matter.
    Gap,
}

/// The phrases that begin with one word, by their second: "we" alone begins hundreds.
#[derive(Debug, Default)]
pub(super) struct Starts {
    pub(super) then: ByTerm<Vec<Phrase>>,
    /// Those whose first word is followed by a gap.
    pub(super) gap: Vec<Phrase>,
}

impl Starts {
    /// The phrases whose second word may be any of some, and those that do not say their second.
    pub(super) fn going_on(&self, second: &[Term]) -> impl Iterator<Item = &Phrase> {
        second
            .iter()
            .filter_map(|term| self.then.get(term))
            .flatten()
            .chain(&self.gap)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Phrase> {
        self.then
            .in_order()
            .flat_map(|(_, phrases)| phrases)
            .chain(&self.gap)
    }
}

impl Phrase {
    /// Whether some words begin with what follows the first word, without gaps.
    pub(super) fn is_start_of(&self, words: &[Vec<Term>]) -> bool {
        self.rest.len() <= words.len()
            && self.rest.iter().zip(words).all(|(next, word)| match next {
                Next::Word(term) => word.contains(term),
                Next::Gap => false,
            })
    }
}
