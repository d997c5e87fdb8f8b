//! How telling a word is: the fewer offers use it, the more. Kept by the index, made by `rank` from its input.

use std::collections::BTreeMap;

use super::words::{Term, Word, Words};

/// Offers that are taken to exist besides those in the collection, none of which has the word: in a market of a few
/// offers a word they share would otherwise seem common.
const BACKGROUND: f64 = 100.0;

/// The rarity of a word that one in twenty offers uses: a more common one says too little to name it as a reason.
const TELLING: f64 = 3.0;

/// How many offers there are and how many of them use each word.
#[derive(Debug, Clone, Default)]
pub(crate) struct Collection {
    posts: u32,
    using: BTreeMap<Term, u32>,
}

impl Collection {
    /// Counts an offer's words.
    pub(crate) fn add(&mut self, words: &Words) {
        self.posts = self.posts.saturating_add(1);
        for word in words.iter() {
            let count = self.using.entry(word.term).or_default();
            *count = count.saturating_add(1);
        }
    }

    /// Takes back what [`Self::add`] counted for the same words.
    pub(crate) fn remove(&mut self, words: &Words) {
        self.posts = self.posts.saturating_sub(1);
        for word in words.iter() {
            match self.using.get_mut(&word.term) {
                Some(count) if *count > 1 => *count -= 1,
                _ => {
                    self.using.remove(&word.term);
                }
            }
        }
    }

    /// Weighs the words of a request.
    pub(crate) fn weigh<'a>(&self, words: &'a Words) -> Asked<'a> {
        let weighed: Vec<(f64, &Word)> = words
            .iter()
            .map(|word| (self.rarity(word.term), word))
            .collect();
        Asked {
            total: weighed.iter().map(|(rarity, _)| rarity).sum(),
            weighed,
        }
    }

    /// Inverse document frequency as BM25 has it (Robertson and Zaragoza 2009, §3.1), with one added inside the
    /// logarithm so that it is never negative.
    fn rarity(&self, term: Term) -> f64 {
        let using = f64::from(self.using.get(&term).copied().unwrap_or_default());
        let without = f64::from(self.posts) + BACKGROUND - using;
        (1.0 + (without + 0.5) / (using + 0.5)).ln()
    }
}

/// The words of a request with how telling each is in a collection.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    /// Rarity and word, in the order of their terms.
    weighed: Vec<(f64, &'a Word)>,
    /// All rarities together.
    total: f64,
}

impl Asked<'_> {
    /// The share of the request's word weight that an offer answers, 0 or more; it passes 1 only where an offer
    /// repeats the words of the request. Longer offers answer no more than shorter ones that say the same.
    pub(crate) fn answered(&self, given: &Words) -> f64 {
        if self.total <= 0.0 {
            return 0.0;
        }
        let shared: f64 = self
            .shared(given)
            .map(|(rarity, said, _)| rarity * said)
            .sum();
        shared / self.total
    }

    /// The words both have that are rare enough to name, as the request writes them, with how much each adds; in the
    /// order of their terms.
    pub(crate) fn telling(&self, given: &Words) -> impl Iterator<Item = (f64, &str)> {
        self.shared(given)
            .filter(|(rarity, ..)| *rarity >= TELLING)
            .map(|(rarity, said, word)| (rarity * said, &*word.written))
    }

    /// The words both have: how rare, how much the offer says it, and the request's word; in the order of their terms.
    fn shared(&self, given: &Words) -> impl Iterator<Item = (f64, f64, &Word)> {
        let mut rest = given.iter().peekable();
        self.weighed.iter().filter_map(move |(rarity, word)| {
            while rest.next_if(|other| other.term < word.term).is_some() {}
            rest.peek()
                .filter(|other| other.term == word.term)
                .map(|other| (*rarity, other.said, *word))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rare_word_tells_more() {
        let offers = ["tuin schuur", "tuin kas", "tuin"].map(|text| Words::read("", text));
        let mut collection = Collection::default();
        for offer in &offers {
            collection.add(offer);
        }
        let asked = Words::read("", "tuin schuur");
        let asked = collection.weigh(&asked);
        let shed = asked.answered(&Words::read("", "schuur"));
        let garden = asked.answered(&Words::read("", "tuin"));
        assert!(shed > garden && garden > 0.0, "{shed} {garden}");
    }

    #[test]
    fn a_word_of_every_post_is_not_named() {
        let mut collection = Collection::default();
        (0..50).for_each(|_| collection.add(&Words::read("", "tuin")));
        collection.add(&Words::read("", "schuur"));
        let asked = Words::read("", "tuin schuur");
        let asked = collection.weigh(&asked);
        let given = Words::read("", "tuin schuur");
        let named: Vec<&str> = asked.telling(&given).map(|(_, word)| word).collect();
        assert_eq!(named, ["schuur"]);
    }

    #[test]
    fn removing_undoes_adding() {
        let (kept, gone) = (Words::read("", "tuin schuur"), Words::read("", "tuin kas"));
        let mut collection = Collection::default();
        collection.add(&kept);
        collection.add(&gone);
        collection.remove(&gone);
        assert_eq!(collection.posts, 1);
        assert_eq!(collection.using.len(), 2);
        assert!(collection.using.values().all(|count| *count == 1));
    }
}
