//! How much of what a request says an offer answers, word by word.
//!
//! Both sides of the market ask: a request that looks for offers weighs its words once and meets many offers
//! ([`Asked`]); an offer that looks for requests lays out its words once and meets many requests ([`Spoken`]).

use super::collection::{Collection, RARITY_UNITS};
use super::kept::{Given, NOBODYS, SAID_UNITS, Wording};
use super::numbered::Numbered;

/// The rarity of a word that one in twenty offers uses: a more common one says too little to name it as a reason.
const TELLING: f64 = 3.0;

/// The words of a request with how telling each is in a collection.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    wording: &'a Wording,
    /// How rare each word is.
    rarities: Vec<u32>,
    /// All rarities together.
    total: u64,
    /// The place in `rarities` of each word.
    places: Numbered,
}

impl<'a> Asked<'a> {
    /// Weighs the words of a request by their rarity.
    pub(super) fn of(wording: &'a Wording, rarity: impl Fn(u32) -> u32) -> Self {
        let rarities: Vec<u32> = wording.iter().map(rarity).collect();
        let places = wording.iter().zip(0..);
        Self {
            total: rarities.iter().copied().map(u64::from).sum(),
            places: Numbered::of(places.filter(|(word, _)| *word != NOBODYS), rarities.len()),
            rarities,
            wording,
        }
    }

    /// The share of the request's word weight that an offer answers, 0 or more; it passes 1 only where an offer
    /// repeats the words of the request. Longer offers answer no more than shorter ones that say the same.
    pub(crate) fn answered(&self, given: &Given) -> f64 {
        let amounts = self
            .shared(given)
            .map(|(rarity, units, _)| u64::from(rarity) * u64::from(units));
        share(amounts.sum(), self.total)
    }

    /// Each word that somebody uses, with what an offer answers by saying a unit of it.
    pub(crate) fn words(&self) -> impl Iterator<Item = (u32, f64)> {
        let words = self.wording.iter().zip(&self.rarities);
        words
            .filter(|(word, _)| *word != NOBODYS)
            .map(|(word, rarity)| (word, share(u64::from(*rarity), self.total)))
    }

    /// The words both have that are rare enough to name, as the request writes them, with how much each adds.
    pub(crate) fn telling(&self, given: &Given) -> impl Iterator<Item = (f64, &str)> {
        let mut telling: Vec<(usize, f64)> = self
            .shared(given)
            .filter(|(rarity, ..)| f64::from(*rarity) >= TELLING * RARITY_UNITS)
            .map(|(rarity, units, place)| (place, f64::from(rarity) * f64::from(units)))
            .collect();
        telling.sort_unstable_by_key(|(place, _)| *place);
        let mut written = self.wording.written().enumerate();
        telling.into_iter().filter_map(move |(place, adds)| {
            let (_, word) = written.find(|(other, _)| *other == place)?;
            Some((adds, word))
        })
    }

    /// The words both have: how rare, how much the offer says it, and its place in the request.
    fn shared(&self, given: &Given) -> impl Iterator<Item = (u32, u32, usize)> {
        given.iter().filter_map(|(word, units)| {
            let place = usize::try_from(self.places.get(word)?).ok()?;
            Some((*self.rarities.get(place)?, units, place))
        })
    }
}

/// The words of an offer, to be held against many requests.
#[derive(Debug)]
pub(crate) struct Spoken<'a> {
    collection: &'a Collection,
    /// How much the offer says of each word.
    said: Numbered,
}

impl<'a> Spoken<'a> {
    /// Lays out the words of an offer.
    pub(super) fn of(given: &Given, collection: &'a Collection) -> Self {
        Self {
            collection,
            said: Numbered::of(given.iter(), given.iter().len()),
        }
    }

    /// The same share as [`Asked::answered`].
    pub(crate) fn answers(&self, wording: &Wording) -> f64 {
        let (mut shared, mut total) = (0, 0);
        for word in wording.iter() {
            let rarity = u64::from(self.collection.rarity(word));
            total += rarity;
            if let Some(units) = self.said.get(word) {
                shared += rarity * u64::from(units);
            }
        }
        share(shared, total)
    }
}

/// The share of a request's word weight that is answered.
fn share(shared: u64, total: u64) -> f64 {
    if total == 0 {
        0.0
    } else {
        shared as f64 / (total as f64 * SAID_UNITS)
    }
}
