//! Both sides of the market, prepared for ranking: what the service keeps in memory and the command line fills once.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use domain::explanation::Explanation;

use crate::gates::{History, gate};
use crate::posts::{Demand, Supply};
use crate::profile::{Gives, Wants};
use crate::rank::best;
use crate::score::{explain, score};
use crate::signals::Pair;
use crate::text::collection::Collection;
use crate::text::words::Words;
use crate::weights::Weights;

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
/// which that came, and equals [`crate::rank()`] over the same offers. Questions take `&self`, so many threads may ask.
#[derive(Debug)]
pub struct Index {
    weights: Weights,
    demands: BTreeMap<String, Prepared<Demand, Wants>>,
    supplies: BTreeMap<String, Prepared<Supply, Gives>>,
    /// Counts the words of `supplies`.
    collection: Collection,
    /// The offers that may not be proposed again, for each request.
    declined: BTreeMap<String, BTreeSet<String>>,
}

/// A post with its profile and its words.
#[derive(Debug)]
struct Prepared<P, Q> {
    post: P,
    profile: Q,
    words: Words,
}

impl Index {
    /// An empty market; [`Weights::check`] says whether the weights can be used.
    pub fn new(weights: Weights) -> Self {
        Self {
            weights,
            demands: BTreeMap::new(),
            supplies: BTreeMap::new(),
            collection: Collection::default(),
            declined: BTreeMap::new(),
        }
    }

    /// Adds a request, or replaces the one with its key.
    pub fn put_demand(&mut self, demand: Demand) {
        let words = Words::read(&demand.title, &demand.body);
        self.demands.insert(
            demand.key.clone(),
            Prepared {
                profile: Wants::of(&demand, &self.weights),
                post: demand,
                words,
            },
        );
    }

    /// Adds an offer, or replaces the one with its key.
    pub fn put_supply(&mut self, supply: Supply) {
        self.remove_supply(&supply.key);
        let words = Words::read(&supply.title, &supply.body);
        self.collection.add(&words);
        self.supplies.insert(
            supply.key.clone(),
            Prepared {
                profile: Gives::of(&supply, &self.weights),
                post: supply,
                words,
            },
        );
    }

    /// Takes a request out; nothing happens when it is not there. What was declined stays declined.
    pub fn remove_demand(&mut self, key: &str) {
        self.demands.remove(key);
    }

    /// Takes an offer out; nothing happens when it is not there. What was declined stays declined.
    pub fn remove_supply(&mut self, key: &str) {
        if let Some(gone) = self.supplies.remove(key) {
            self.collection.remove(&gone.words);
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
            .get(demand_key)
            .map(|demand| self.offers(&demand.post, &demand.profile, &demand.words, now, limit))
            .unwrap_or_default()
    }

    /// The offers that fit a request that need not be in the index, such as one still being written.
    pub fn offers_for_draft(
        &self,
        demand: &Demand,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Vec<Proposal> {
        let words = Words::read(&demand.title, &demand.body);
        self.offers(
            demand,
            &Wants::of(demand, &self.weights),
            &words,
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
        let Some(supply) = self.supplies.get(supply_key) else {
            return Vec::new();
        };
        let scored = self
            .demands
            .values()
            .filter(|demand| self.may_match(&demand.post, &supply.post))
            .map(|demand| {
                let asked = self.collection.weigh(&demand.words);
                let pair = Pair {
                    demand: &demand.post,
                    wants: &demand.profile,
                    asked: &asked,
                    supply: &supply.post,
                    gives: &supply.profile,
                    given: &supply.words,
                };
                let value = score(pair, &self.weights, now);
                (value, demand.post.key.as_str(), demand)
            });
        best(scored, limit)
            .map(|demand| {
                // Weighed again for the few that are kept: keeping the weights of all would take far more memory.
                let asked = self.collection.weigh(&demand.words);
                self.proposal(
                    Pair {
                        demand: &demand.post,
                        wants: &demand.profile,
                        asked: &asked,
                        supply: &supply.post,
                        gives: &supply.profile,
                        given: &supply.words,
                    },
                    now,
                )
            })
            .collect()
    }

    /// The weights it ranks with.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The keys of the requests in it, in order; the iterator knows how many.
    pub fn demands(&self) -> impl ExactSizeIterator<Item = &str> {
        self.demands.keys().map(String::as_str)
    }

    /// The keys of the offers in it, in order; the iterator knows how many.
    pub fn supplies(&self) -> impl ExactSizeIterator<Item = &str> {
        self.supplies.keys().map(String::as_str)
    }

    fn offers(
        &self,
        demand: &Demand,
        wants: &Wants,
        words: &Words,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Vec<Proposal> {
        let asked = self.collection.weigh(words);
        let scored = self
            .supplies
            .values()
            .filter(|supply| self.may_match(demand, &supply.post))
            .map(|supply| {
                let pair = Pair {
                    demand,
                    wants,
                    asked: &asked,
                    supply: &supply.post,
                    gives: &supply.profile,
                    given: &supply.words,
                };
                let value = score(pair, &self.weights, now);
                (value, supply.post.key.as_str(), pair)
            });
        best(scored, limit)
            .map(|pair| self.proposal(pair, now))
            .collect()
    }

    fn may_match(&self, demand: &Demand, supply: &Supply) -> bool {
        let declined = self
            .declined
            .get(&demand.key)
            .is_some_and(|supplies| supplies.contains(&supply.key));
        let history = if declined {
            History::Declined
        } else {
            History::Open
        };
        gate(demand, supply, history).is_ok()
    }

    fn proposal(&self, pair: Pair<'_>, now: DateTime<Utc>) -> Proposal {
        let explanation = explain(pair, &self.weights, now);
        Proposal {
            demand: pair.demand.key.clone(),
            supply: pair.supply.key.clone(),
            proposed: explanation.score >= self.weights.proposal_threshold,
            explanation,
        }
    }
}
