//! How telling a word is: the fewer offers use it, the more. Kept by the index, made by `rank` from its input.
//!
//! Words are numbered as they come in, so that the words of a post are a short row of numbers, and forgotten with the
//! last post that uses them. Rarities and amounts are whole numbers of small units: whole numbers add up to the same
//! sum in any order, so that a score does not depend, not even in its last bit, on how the words were numbered.

use std::sync::OnceLock;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::asked::{Asked, Spoken};
use super::kept::{Given, NOBODYS, Wording, units};
use super::likeness::Likeness;
use super::term::Term;
use super::words::Words;

/// Posts that are taken to exist besides those in the collection, none of which has the word: in a market of a few
/// posts a word they share would otherwise seem common.
const BACKGROUND: f64 = 100.0;

/// Units in a rarity of 1. The rarity of a word is at most 23, so 2,000 words stay far below what an `f64` holds.
pub(super) const RARITY_UNITS: f64 = 65_536.0;

/// Rarities that are remembered: words in fewer posts than this.
const REMEMBERED: u32 = 1_024;

/// The words of all posts, how many offers and requests there are, and how many of them use each word.
#[derive(Debug, Default)]
pub(crate) struct Collection {
    offers: u32,
    requests: u32,
    /// The numbers in use, by the terms that `uses` has for them.
    numbers: HashTable<u32>,
    /// By the number of the word.
    uses: Vec<Uses>,
    /// Numbers of words that are forgotten.
    free: Vec<u32>,
    /// The rarity of a word among the offers; made when asked for after `offers` changed.
    rarities: OnceLock<Rarities>,
}

/// The posts that use a word.
#[derive(Debug, Clone, Copy, Default)]
struct Uses {
    term: Term,
    offers: u32,
    requests: u32,
}

impl Collection {
    /// Numbers and counts an offer's words.
    pub(crate) fn add(&mut self, words: &Words) -> Given {
        self.offers = self.offers.saturating_add(1);
        self.rarities = OnceLock::new();
        Given::of(words, |term| {
            self.learn(term, |uses| uses.offers = uses.offers.saturating_add(1))
        })
    }

    /// Takes back what [`Self::add`] counted.
    pub(crate) fn remove(&mut self, given: &Given) {
        self.offers = self.offers.saturating_sub(1);
        self.rarities = OnceLock::new();
        for (word, _) in given.iter() {
            self.forget(word, |uses| uses.offers = uses.offers.saturating_sub(1));
        }
    }

    /// Numbers a request's words, for as long as the request stays.
    pub(crate) fn add_request(&mut self, words: &Words) -> Wording {
        self.requests = self.requests.saturating_add(1);
        Wording::of(words, |term| {
            self.learn(term, |uses| uses.requests = uses.requests.saturating_add(1))
        })
    }

    /// Takes back what [`Self::add_request`] counted.
    pub(crate) fn remove_request(&mut self, wording: &Wording) {
        self.requests = self.requests.saturating_sub(1);
        for word in wording.iter() {
            self.forget(word, |uses| uses.requests = uses.requests.saturating_sub(1));
        }
    }

    /// The words of a request that is only asked for once; nothing is remembered of it.
    pub(crate) fn look_up(&self, words: &Words) -> Wording {
        Wording::of(words, |term| {
            let number = self
                .numbers
                .find(term.number(), |number| term_of(&self.uses, *number) == term);
            number.copied().unwrap_or(NOBODYS)
        })
    }

    /// Weighs the words of a request.
    pub(crate) fn weigh<'a>(&self, wording: &'a Wording) -> Asked<'a> {
        Asked::of(wording, |word| self.rarity(word))
    }

    /// The words of an offer made ready to be held against many requests.
    pub(crate) fn spoken(&self, given: &Given) -> Spoken<'_> {
        Spoken::of(given, self)
    }

    /// The words of a post made ready to be held against many posts of its own kind.
    pub(crate) fn likeness(&self, words: &Words) -> Likeness<'_> {
        Likeness::of(self, &self.look_up(words))
    }

    /// How rare a word is among the offers, in `RARITY_UNITS`.
    pub(super) fn rarity(&self, number: u32) -> u32 {
        let using = self.uses.get(place(number)).map_or(0, |uses| uses.offers);
        let rarities = self.rarities.get_or_init(|| Rarities::among(self.offers));
        rarities.of(using)
    }

    /// The rarity of a word among all posts, by how many use it.
    pub(super) fn rarities_in_all(&self) -> Rarities {
        Rarities::among(self.offers.saturating_add(self.requests))
    }

    /// How many posts of either kind use a word.
    pub(super) fn using(&self, number: u32) -> u32 {
        let uses = self.uses.get(place(number)).copied().unwrap_or_default();
        uses.offers.saturating_add(uses.requests)
    }

    fn learn(&mut self, term: Term, count: impl FnOnce(&mut Uses)) -> u32 {
        let uses = &mut self.uses;
        let entry = self.numbers.entry(
            term.number(),
            |number| term_of(uses, *number) == term,
            |number| term_of(uses, *number).number(),
        );
        let number = match entry {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(free) => {
                let number = self.free.pop().unwrap_or_else(|| {
                    uses.push(Uses::default());
                    u32::try_from(uses.len() - 1).unwrap_or(NOBODYS)
                });
                free.insert(number);
                number
            }
        };
        if let Some(uses) = uses.get_mut(place(number)) {
            uses.term = term;
            count(uses);
        }
        number
    }

    fn forget(&mut self, number: u32, count: impl FnOnce(&mut Uses)) {
        let Some(uses) = self.uses.get_mut(place(number)) else {
            return;
        };
        count(uses);
        if uses.offers > 0 || uses.requests > 0 {
            return;
        }
        let known = self
            .numbers
            .find_entry(uses.term.number(), |known| *known == number);
        if let Ok(known) = known {
            known.remove();
            self.free.push(number);
        }
    }
}

/// How rare a word is by how many of so many posts use it, in `RARITY_UNITS`.
#[derive(Debug)]
pub(super) struct Rarities {
    posts: u32,
    remembered: Vec<u32>,
}

impl Rarities {
    fn among(posts: u32) -> Self {
        Self {
            posts,
            remembered: (0..REMEMBERED).map(|using| rarity(posts, using)).collect(),
        }
    }

    /// The rarity of a word that so many posts use.
    pub(super) fn of(&self, using: u32) -> u32 {
        let known = self.remembered.get(place(using));
        known.copied().unwrap_or_else(|| rarity(self.posts, using))
    }
}

/// The term of the word with a number.
fn term_of(uses: &[Uses], number: u32) -> Term {
    uses.get(place(number)).map_or(Term::NONE, |uses| uses.term)
}

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Inverse document frequency as BM25 has it (Robertson and Zaragoza 2009, §3.1), with one added inside the
/// logarithm so that it is never negative; in `RARITY_UNITS`.
fn rarity(posts: u32, using: u32) -> u32 {
    let (posts, using) = (f64::from(posts), f64::from(using));
    let without = posts + BACKGROUND - using;
    units((1.0 + (without + 0.5) / (using + 0.5)).ln() * RARITY_UNITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rare_word_tells_more() {
        let mut collection = Collection::default();
        let [_, shed, garden] =
            ["tuin kas", "schuur", "tuin"].map(|text| collection.add(&Words::read("", text)));
        let wording = collection.look_up(&Words::read("", "tuin schuur"));
        let asked = collection.weigh(&wording);
        let (shed, garden) = (asked.answered(&shed), asked.answered(&garden));
        assert!(shed > garden && garden > 0.0, "{shed} {garden}");
    }

    #[test]
    fn a_word_of_every_post_is_not_named() {
        let mut collection = Collection::default();
        (0..50).for_each(|_| drop(collection.add(&Words::read("", "tuin"))));
        collection.add(&Words::read("", "schuur"));
        let given = collection.add(&Words::read("", "tuin schuur"));
        let wording = collection.look_up(&Words::read("", "tuin schuur"));
        let asked = collection.weigh(&wording);
        let named: Vec<&str> = asked.telling(&given).map(|(_, word)| word).collect();
        assert_eq!(named, ["schuur"]);
    }

    #[test]
    fn both_sides_see_the_same_share() {
        let mut collection = Collection::default();
        let given = collection.add(&Words::read("", "tuin schuur zaal zaal"));
        let wording = collection.add_request(&Words::read("", "schuur zaal koor"));
        let asked = collection.weigh(&wording).answered(&given);
        assert!(asked > 0.0);
        assert_eq!(
            asked.to_bits(),
            collection.spoken(&given).answers(&wording).to_bits()
        );
    }

    #[test]
    fn removing_undoes_adding() {
        let mut collection = Collection::default();
        let kept = collection.add(&Words::read("", "tuin schuur"));
        let gone = collection.add(&Words::read("", "tuin kas"));
        let request = collection.add_request(&Words::read("", "kas zaal"));
        collection.remove(&gone);
        assert_eq!(collection.numbers.len(), 4);
        collection.remove_request(&request);
        let left = (collection.offers, collection.requests);
        assert_eq!((left, collection.numbers.len()), ((1, 0), 2));
        let offers = |word| collection.uses[word as usize].offers;
        assert!(kept.iter().all(|(word, _)| offers(word) == 1));
        // The room of what is forgotten is used again.
        collection.add(&Words::read("", "koor fluit"));
        assert_eq!(collection.uses.len(), 4);
    }
}
