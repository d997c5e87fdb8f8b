//! Pairs that people judged, and how well the engine agrees with them: what weights are tuned and measured with.
//!
//! A grade is 0 (no), 1 (marginal), 2 (good) or 3 (excellent). A pair without a grade is a 0 where people looked at
//! every pair, as in the benchmark, and says nothing where they only saw what was proposed, as in a market.

mod quality;
mod threshold;
mod tuning;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

pub use self::quality::Quality;
pub use self::tuning::{Move, Tuned, moves, tune};
use crate::gates::{History, gate};
use crate::posts::{Demand, Supply};
use crate::profile::{Gives, Wants};
use crate::reading::{Reading, Side, Step};
use crate::score::Scorer;
use crate::signals::Pair;
use crate::text::collection::Collection;
use crate::text::kept::{Given, Wording};
use crate::text::words::Words;
use crate::weights::Weights;

/// The highest grade.
pub const MAX_GRADE: u8 = 3;
/// From this grade on a pair is one to introduce.
pub const GOOD_GRADE: u8 = 2;

/// Both sides of a market with the grades of its pairs, read once and ranked as often as weights are tried.
#[derive(Debug)]
pub struct Judged {
    demands: Vec<Prepared<Demand, Wording>>,
    supplies: Vec<Prepared<Supply, Given>>,
    collection: Collection,
    /// The grade of each judged pair, by the places of both.
    grades: BTreeMap<(usize, usize), u8>,
    /// What it says of a pair that it has no grade.
    ungraded: Ungraded,
    /// When the ranking is made; tells only how long a request waits.
    now: DateTime<Utc>,
}

/// A post with what its text tells, which no weight changes.
#[derive(Debug)]
struct Prepared<P, W> {
    post: P,
    reading: Reading,
    words: W,
}

/// What it says of a pair that it has no grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ungraded {
    /// Somebody looked at it and did not think it worth a grade.
    No,
    /// Nobody looked at it.
    Unknown,
}

/// A request's offers with their scores, best first, as places in [`Judged`].
type Ranking = Vec<(usize, f64)>;

impl Judged {
    /// Reads both sides; `grade` answers the grade of a pair by the keys of its request and its offer. A pair without
    /// one counts as a 0.
    ///
    /// `without` leaves out steps of the analysis, to see what each is worth.
    pub fn new(
        demands: Vec<Demand>,
        supplies: Vec<Supply>,
        grade: impl Fn(&str, &str) -> Option<u8>,
        without: &[Step],
        now: DateTime<Utc>,
    ) -> Self {
        let mut grades = BTreeMap::new();
        for (asks, demand) in demands.iter().enumerate() {
            for (gives, supply) in supplies.iter().enumerate() {
                if let Some(grade) = grade(&demand.key, &supply.key) {
                    grades.insert((asks, gives), grade);
                }
            }
        }
        let mut collection = Collection::default();
        let supplies: Vec<_> = supplies
            .into_iter()
            .map(|post| Prepared {
                reading: Reading::without(without, &post.title, &post.body, Side::Offer),
                words: collection.add(&Words::read(&post.title, &post.body)),
                post,
            })
            .collect();
        let demands: Vec<_> = demands
            .into_iter()
            .map(|post| Prepared {
                reading: Reading::without(without, &post.title, &post.body, Side::Request),
                words: collection.add_request(&Words::read(&post.title, &post.body)),
                post,
            })
            .collect();
        Self {
            demands,
            supplies,
            collection,
            grades,
            ungraded: Ungraded::No,
            now,
        }
    }

    /// The same with only the pairs that have a grade in each ranking, because nobody looked at the others (condensed
    /// lists, Sakai 2007).
    #[must_use]
    pub fn among_graded(self) -> Self {
        Self {
            ungraded: Ungraded::Unknown,
            ..self
        }
    }

    /// How many requests there are.
    pub fn requests(&self) -> usize {
        self.demands.len()
    }

    /// How many pairs have a grade.
    pub fn pairs(&self) -> usize {
        self.grades.len()
    }

    /// How well these weights agree with the grades, over the requests that `include` lets in by their place.
    pub fn measure(&self, weights: &Weights, include: impl Fn(usize) -> bool) -> Quality {
        let rankings = self.rankings(weights, include);
        self.quality(&rankings, weights.proposal_threshold)
    }

    /// The rankings of these requests, by their places.
    fn rankings(
        &self,
        weights: &Weights,
        include: impl Fn(usize) -> bool,
    ) -> Vec<(usize, Ranking)> {
        let gives: Vec<Gives> = self
            .supplies
            .iter()
            .map(|supply| Gives::read(&supply.post, &supply.reading, weights))
            .collect();
        self.demands
            .iter()
            .enumerate()
            .filter(|(place, _)| include(*place))
            .map(|(place, demand)| (place, self.ranking(place, demand, &gives, weights)))
            .collect()
    }

    /// How well rankings agree with the grades, when pairs from this score on are proposed.
    fn quality(&self, rankings: &[(usize, Ranking)], threshold: f64) -> Quality {
        let mut sums = quality::Sums::default();
        for (asks, ranking) in rankings {
            let grade = |gives| self.grades.get(&(*asks, gives)).copied();
            let grades: Vec<u8> = (0..self.supplies.len()).filter_map(grade).collect();
            sums.add(ranking, grade, &grades, threshold);
        }
        sums.into()
    }

    fn ranking(
        &self,
        asks: usize,
        demand: &Prepared<Demand, Wording>,
        gives: &[Gives],
        weights: &Weights,
    ) -> Ranking {
        let wants = Wants::read(&demand.post, &demand.reading, weights);
        let asked = self.collection.weigh(&demand.words);
        let scorer = Scorer::of(weights, self.now);
        let mut ranking: Ranking = self
            .supplies
            .iter()
            .zip(gives)
            .enumerate()
            .filter(|(gives, _)| {
                self.ungraded == Ungraded::No || self.grades.contains_key(&(asks, *gives))
            })
            .filter(|(_, (supply, _))| gate(&demand.post, &supply.post, History::Open).is_ok())
            .map(|(place, (supply, gives))| {
                let pair = Pair {
                    demand: &demand.post,
                    wants: &wants,
                    asked: &asked,
                    supply: &supply.post,
                    gives,
                    given: &supply.words,
                };
                (place, scorer.score(pair))
            })
            .collect();
        ranking.sort_by(|a, b| {
            let key = |place: usize| self.supplies.get(place).map(|supply| &supply.post.key);
            b.1.total_cmp(&a.1).then_with(|| key(a.0).cmp(&key(b.0)))
        });
        ranking
    }
}

#[cfg(test)]
mod tests;
