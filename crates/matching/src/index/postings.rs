//! The words on a long shelf of offers: for each word who says it, so that what a request says raises the bounds of
//! the offers that answer it, and of no others.
//!
//! Words that many say are not followed: what they may add is little, and every bound is raised by it.

use std::hint::black_box;

use smallvec::SmallVec;

use crate::lookup::Lookup;
use crate::text::asked::Asked;
use crate::text::kept::Given;

use super::text_points::{TextPoints, WordPoints};

/// A word is followed when at most one in so many offers on the shelf says it.
const FOLLOWED: usize = 8;
/// Bits of a [`Saying`] for how much an offer is about a word.
const AMOUNT_BITS: u32 = 12;
/// The largest such amount.
pub(super) const MOST_AMOUNT: u32 = (1 << AMOUNT_BITS) - 1;
/// The units in such an amount, which is rounded up: no offer is about a word for more than 2.2, far below what fits.
const UNITS: u32 = 4;
/// Sayings in a cache line.
const SAYINGS_TO_A_LINE: usize = 16;
/// How many offers are too many to follow: their places would not fit in the other bits.
pub(super) const TOO_LONG: usize = 1 << (u32::BITS - AMOUNT_BITS);

/// For each word the offers on a shelf that say it.
#[derive(Debug, Default)]
pub(super) struct Postings(Lookup<u32, Sayers>);

/// The offers that say a word.
#[derive(Debug, Default)]
struct Sayers {
    /// Most words are said by a few.
    sayings: SmallVec<[Saying; 4]>,
    /// The most that any was about it, as an amount.
    most: u32,
}

/// Where an offer stands and how much it is about a word, in one number, because many are read for each question.
#[derive(Debug, Clone, Copy)]
struct Saying(u32);

impl Saying {
    fn of(place: usize, amount: u32) -> Self {
        Self(u32::try_from(place).unwrap_or(u32::MAX) << AMOUNT_BITS | amount)
    }

    fn place(self) -> usize {
        usize::try_from(self.0 >> AMOUNT_BITS).unwrap_or(usize::MAX)
    }

    fn amount(self) -> u32 {
        self.0 & MOST_AMOUNT
    }
}

impl Postings {
    /// Adds an offer; its place is below [`TOO_LONG`].
    pub(super) fn put(&mut self, place: usize, given: &Given) {
        for (word, units) in given.iter() {
            let amount = amount(units);
            let sayers = self.0.get_or_default(word);
            sayers.sayings.push(Saying::of(place, amount));
            sayers.most = sayers.most.max(amount);
        }
    }

    /// Takes an offer out.
    pub(super) fn take(&mut self, place: usize, given: &Given) {
        for (word, _) in given.iter() {
            let Some(sayers) = self.0.get_mut(&word) else {
                continue;
            };
            if let Some(found) = sayers.find(place) {
                sayers.sayings.swap_remove(found);
            }
            if sayers.sayings.is_empty() {
                self.0.take(&word);
            }
        }
    }

    /// Notes that an offer moved.
    pub(super) fn moved(&mut self, from: usize, to: usize, given: &Given) {
        for (word, _) in given.iter() {
            if let Some(sayers) = self.0.get_mut(&word)
                && let Some(found) = sayers.find(from)
                && let Some(saying) = sayers.sayings.get_mut(found)
            {
                *saying = Saying::of(to, saying.amount());
            }
        }
    }

    /// The words that more than so many say, in order.
    pub(super) fn common(&self, count: usize) -> Vec<u32> {
        let all = self.0.in_order();
        let common = all.filter(|(_, sayers)| sayers.sayings.len() > count);
        common.map(|(word, _)| *word).collect()
    }

    /// The most that any was ever about a word, as an amount.
    pub(super) fn most(&self, word: u32) -> u32 {
        self.0.get(&word).map_or(0, |sayers| sayers.most)
    }

    /// What the offers on a shelf of `count` say of the words that are asked for.
    pub(super) fn said(&self, words: &[(u32, WordPoints)], count: usize) -> Said<'_> {
        let mut said = Said {
            followed: Vec::with_capacity(words.len()),
            rest: 0,
        };
        // Looking all of them up before any is used lets the processor wait for all of them at once.
        let known: Vec<(&Sayers, WordPoints)> = words
            .iter()
            .filter_map(|(word, points)| Some((self.0.get(word)?, *points)))
            .collect();
        for (sayers, points) in known {
            if sayers.sayings.len() * FOLLOWED > count {
                said.rest = said.rest.saturating_add(points.of(sayers.most));
            } else {
                // Asks for the memory of all lists at once; waiting for one after the other takes far longer.
                for saying in sayers.sayings.iter().step_by(SAYINGS_TO_A_LINE) {
                    black_box(*saying);
                }
                said.followed.push((&sayers.sayings, points));
            }
        }
        said
    }
}

/// The points that the words of a request bring for an amount of 1; `None` where one of them brings more than can be
/// counted, as in a request of a single word.
pub(super) fn words(asked: &Asked<'_>, text: TextPoints) -> Option<Vec<(u32, WordPoints)>> {
    let words = asked.words();
    words
        .map(|(word, worth)| Some((word, text.of_word(worth * f64::from(UNITS))?)))
        .collect()
}

impl Sayers {
    fn find(&self, place: usize) -> Option<usize> {
        // Those who leave or move are mostly the latest, who came last.
        let mut sayings = self.sayings.iter();
        sayings.rposition(|saying| saying.place() == place)
    }
}

/// How much an offer is about a word, as an amount.
pub(super) fn amount(units: u32) -> u32 {
    units.div_ceil(UNITS)
}

/// What the offers on a shelf say of what a request asks.
#[derive(Debug)]
pub(super) struct Said<'a> {
    /// Who says each word that is followed, and the points that brings.
    followed: Vec<(&'a [Saying], WordPoints)>,
    /// The points that the other words bring at most.
    pub(super) rest: u16,
}

impl Said<'_> {
    /// Raises the bounds of the offers that say what is asked; bounds are given by their places.
    pub(super) fn raise(&self, bounds: &mut [u16]) {
        for (sayings, points) in &self.followed {
            let mut raise = |saying: &Saying| {
                if let Some(bound) = bounds.get_mut(saying.place()) {
                    *bound = bound.saturating_add(points.of(saying.amount()));
                }
            };
            let (fours, rest) = sayings.as_chunks::<4>();
            for [one, two, three, four] in fours {
                raise(one);
                raise(two);
                raise(three);
                raise(four);
            }
            rest.iter().for_each(raise);
        }
    }
}
