//! Both sides of the market, prepared for ranking: what the service keeps in memory and the command line fills once.
//!
//! # How it is fast
//!
//! It answers exactly what [`crate::rank()`] answers, and looks closely at a few posts in a thousand.
//!
//! Codes decide most of a score, and they are few. So each offer is a row of bytes, how much it gives for each theme,
//! kind of help and phase, and stands on the shelf of every area it serves (`shelves`). A request looks at its own
//! four shelves only. There it sums the columns it asks for, many offers at once (`shelf`), and the formula of the
//! score, in whole numbers that are rounded up, makes of the sums what each offer could score at most (`question`).
//!
//! Words come on top. On a long shelf each word knows who says it (`postings`): what the request says raises the
//! bounds of those who answer it. On a short one every bound counts a text that fits fully. On a very long one the
//! offers stand by theme as well (`by_theme`), and a request looks at a few of them, in rounds (`rounds`).
//!
//! Then the walk begins at the highest bound (`walk`). The offers it meets are asked the gates and scored by the very
//! function that `rank` uses. Each good one raises the floor, and when no bound that is left reaches the floor,
//! nothing better can follow. Ties are broken by key, as everywhere (`best`).
//!
//! An offer that looks for requests does the same with the sides swapped: requests stand on the shelf of their
//! municipality, as rows of what they want.
//!
//! A post that opens, changes or closes touches its own words, its own rows, and the last row of each shelf it leaves.
//! Nothing is rebuilt but the words of a shelf that becomes a long one, and no answer depends on the order in which
//! posts came.

mod alike;
mod best;
mod by_theme;
mod columns;
mod fill;
mod followed;
mod keyed;
mod kin;
mod lengths;
mod offers;
mod postings;
mod prepared;
mod question;
mod requests;
mod rounds;
mod row;
mod shelf;
mod shelves;
mod text_points;
mod walk;
mod wide;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::explanation::Explanation;
use domain::region::{Municipality, Region};
use serde::{Deserialize, Serialize};

use crate::gates::{History, gate};
use crate::posts::{Demand, Supply};
use crate::score::Scorer;
use crate::signals::Pair;
use crate::text::collection::Collection;
use crate::text::kept::Given;
use crate::weights::Weights;

pub use self::alike::MAX_ALIKE;
use self::followed::Followed;
use self::keyed::Keyed;
pub use self::lengths::Lengths;
use self::postings::TOO_LONG;
use self::prepared::{Giver, NewDemand, NewSupply, Place, Seeker};
use self::question::Scoring;
use self::row::Row;
use self::shelf::Shelf;
use self::shelves::{Shelves, home, stands};

/// A pair the engine found, and why it fits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Proposal {
    /// The key of the request.
    pub demand: String,
    /// The key of the offer.
    pub supply: String,
    /// Whether the score reaches the proposal threshold.
    pub proposed: bool,
    /// The score taken apart.
    pub explanation: Explanation,
}

/// Both sides of the market, prepared for ranking.
///
/// Reading and stemming happen once per post. What it answers depends on what is in it alone, never on the order in
/// which that came, and equals [`crate::rank()`] over the same offers, to the last bit. Questions take `&self`, so many
/// threads may ask at once; changes take `&mut self`, so that behind a lock every answer is of one state of the market.
#[derive(Debug)]
pub struct Index {
    weights: Weights,
    scoring: Scoring,
    demands: Keyed<Seeker>,
    supplies: Keyed<Box<Giver>>,
    /// The requests by municipality.
    seeking: Shelves<Option<Municipality>>,
    /// The offers by area.
    giving: Shelves<Region>,
    /// The words of both; counts those of `supplies`.
    collection: Collection,
    /// The long shelves of offers.
    followed: BTreeMap<Region, Followed>,
    lengths: Lengths,
    /// The offers that may not be proposed again, for each request.
    declined: BTreeMap<String, BTreeSet<String>>,
}

impl Index {
    /// An empty market; [`Weights::check`] says whether the weights can be used.
    pub fn new(weights: Weights) -> Self {
        Self::with_lengths(weights, Lengths::default())
    }

    /// An empty market that keeps its shelves in quicker forms from other lengths on: it answers the same.
    pub fn with_lengths(weights: Weights, lengths: Lengths) -> Self {
        Self {
            scoring: Scoring::of(&weights),
            weights,
            demands: Keyed::default(),
            supplies: Keyed::default(),
            seeking: Shelves::default(),
            giving: Shelves::default(),
            collection: Collection::default(),
            followed: BTreeMap::new(),
            lengths,
            declined: BTreeMap::new(),
        }
    }

    /// Adds a request, or replaces the one with its key.
    pub fn put_demand(&mut self, demand: Demand) {
        self.take_in_demand(NewDemand::read(demand, &self.weights));
    }

    /// Adds an offer, or replaces the one with its key.
    pub fn put_supply(&mut self, supply: Supply) {
        self.take_in_supply(NewSupply::read(supply, &self.weights));
    }

    /// Takes a request out; nothing happens when it is not there. What was declined stays declined.
    pub fn remove_demand(&mut self, key: &str) {
        let Some((_, gone)) = self.demands.remove(key) else {
            return;
        };
        self.collection.remove_request(&gone.wording);
        let moved = self.seeking.take(home(&gone.post), gone.place);
        if let Some(moved) = moved.and_then(|moved| self.demands.get_mut(moved)) {
            moved.place = gone.place;
        }
    }

    /// Takes an offer out; nothing happens when it is not there. What was declined stays declined.
    pub fn remove_supply(&mut self, key: &str) {
        let Some((_, gone)) = self.supplies.remove(key) else {
            return;
        };
        self.collection.remove(&gone.given);
        for place in &gone.places {
            self.leave(*place, &gone.given);
        }
    }

    /// Remembers that someone said no to a pair: it is never proposed again. Neither post needs to be in the index.
    pub fn decline(&mut self, demand_key: &str, supply_key: &str) {
        self.declined
            .entry(demand_key.to_owned())
            .or_default()
            .insert(supply_key.to_owned());
    }

    /// The offers that fit a request in the index, best first, at most `limit` and [`crate::MAX_MATCHES`]; none for a
    /// key that is not there.
    pub fn offers_for(&self, demand_key: &str, now: DateTime<Utc>, limit: usize) -> Vec<Proposal> {
        self.demands
            .find(demand_key)
            .map(|demand| self.offers(demand, now, limit))
            .unwrap_or_default()
    }

    /// The keys of the same offers with their scores, for who needs no reasons: that takes a fraction of the time.
    pub fn scores_for(
        &self,
        demand_key: &str,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Vec<(&str, f64)> {
        let Some(demand) = self.demands.find(demand_key) else {
            return Vec::new();
        };
        let asked = self.collection.weigh(&demand.wording);
        let best = self.best_offers(demand, &asked, now, limit);
        best.scores().collect()
    }

    /// Asks something about each of some requests, and answers in their order; `ask` is [`Self::offers_for`] or the
    /// like.
    ///
    /// It asks about requests of one area and theme one after the other: much of what the processor has just read for
    /// one it needs for the next, which makes a thousand at once about a quarter quicker than one by one.
    pub fn for_each<K: AsRef<str>, T>(&self, keys: &[K], mut ask: impl FnMut(&str) -> T) -> Vec<T> {
        let mut order: Vec<_> = (0..)
            .zip(keys)
            .map(|(place, key)| {
                let demand = self.demands.find(key.as_ref());
                (demand.map(Seeker::neighbourhood), place, key.as_ref())
            })
            .collect();
        order.sort_unstable();
        let mut answers: Vec<(usize, T)> = order
            .into_iter()
            .map(|(_, place, key)| (place, ask(key)))
            .collect();
        answers.sort_unstable_by_key(|(place, _)| *place);
        answers.into_iter().map(|(_, answer)| answer).collect()
    }

    /// The offers that fit a request that need not be in the index, such as one still being written.
    pub fn offers_for_draft(
        &self,
        demand: &Demand,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Vec<Proposal> {
        let read = NewDemand::read(demand.clone(), &self.weights);
        let wording = self.collection.look_up(&read.words);
        self.offers(
            &Seeker {
                post: read.post,
                wants: read.wants,
                wording,
                place: 0,
            },
            now,
            limit,
        )
    }

    /// The requests that fit an offer in the index, best first, at most `limit` and [`crate::MAX_MATCHES`]; none for a
    /// key that is not there. A pair has the same score here as in [`Self::offers_for`].
    pub fn requests_for(
        &self,
        supply_key: &str,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Vec<Proposal> {
        self.supplies
            .find(supply_key)
            .map(|supply| self.requests(supply, now, limit))
            .unwrap_or_default()
    }

    /// The weights it ranks with.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The keys of the requests in it, in order; the iterator knows how many.
    pub fn demands(&self) -> impl ExactSizeIterator<Item = &str> {
        self.demands.keys()
    }

    /// The keys of the offers in it, in order; the iterator knows how many.
    pub fn supplies(&self) -> impl ExactSizeIterator<Item = &str> {
        self.supplies.keys()
    }

    fn take_in_demand(&mut self, new: NewDemand) {
        self.remove_demand(&new.post.key);
        let (number, row) = (self.demands.next(), Row::of_request(&new.wants));
        let place = self.seeking.put(home(&new.post), number, &row);
        let wording = self.collection.add_request(&new.words);
        let key = new.post.key.clone();
        self.demands.put(
            &key,
            Seeker {
                post: new.post,
                wants: new.wants,
                wording,
                place,
            },
        );
    }

    fn take_in_supply(&mut self, new: NewSupply) {
        self.remove_supply(&new.post.key);
        let number = self.supplies.next();
        let given = self.collection.add(&new.words);
        let places: Box<[Place]> = stands(&new.post, &self.weights.region)
            .into_iter()
            .map(|(area, worth)| {
                let row = Row::of_offer(&new.gives, worth);
                Place {
                    area,
                    place: self.giving.put(area, number, &row),
                }
            })
            .collect();
        let key = new.post.key.clone();
        let giver = Giver {
            post: new.post,
            gives: new.gives,
            given,
            places: places.clone(),
        };
        self.supplies.put(&key, Box::new(giver));
        for place in places {
            self.follow(place.area);
        }
    }

    /// Follows the offer that came last on the shelf of an area, when that is a long one.
    fn follow(&mut self, area: Region) {
        let Some(shelf) = self.giving.shelf(area) else {
            return;
        };
        let given = |owner| self.supplies.get(owner).map(|offer| &offer.given);
        match (shelf.len(), self.followed.get_mut(&area)) {
            (TOO_LONG.., _) => drop(self.followed.remove(&area)),
            (_, Some(followed)) => followed.push(shelf, given),
            (length, None) if length >= self.lengths.long => {
                let followed = Followed::of(shelf, self.lengths.very_long, given);
                self.followed.insert(area, followed);
            }
            (_, None) => {}
        }
    }

    /// Takes an offer that is gone off a shelf; the last one there takes its place.
    fn leave(&mut self, Place { area, place }: Place, given: &Given) {
        let moved = self.giving.take(area, place);
        let left = self.giving.shelf(area).map_or(0, Shelf::len);
        let moved = moved.and_then(|moved| self.supplies.get_mut(moved));
        if let Some(followed) = self.followed.get_mut(&area) {
            let moved = moved.as_ref().map(|moved| &moved.given);
            followed.swap_remove((place, left), given, moved);
            // Somewhat shorter still counts as long, so that no shelf changes back and forth.
            if left < self.lengths.long / 2 {
                self.followed.remove(&area);
            }
        }
        if let Some(moved) = moved {
            moved.stands_now_at(Place { area, place });
        }
    }

    fn may_match(&self, pair: Pair<'_>) -> bool {
        let declined = self
            .declined
            .get(&pair.demand.key)
            .is_some_and(|supplies| supplies.contains(&pair.supply.key));
        let history = if declined {
            History::Declined
        } else {
            History::Open
        };
        gate(pair.demand, pair.supply, history).is_ok()
    }

    fn proposal(&self, pair: Pair<'_>, now: DateTime<Utc>) -> Proposal {
        let explanation = Scorer::of(&self.weights, now).explain(pair);
        Proposal {
            demand: pair.demand.key.clone(),
            supply: pair.supply.key.clone(),
            proposed: explanation.score >= self.weights.proposal_threshold,
            explanation,
        }
    }
}
