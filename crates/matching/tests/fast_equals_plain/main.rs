//! The index answers exactly what the plain definition answers: [`rank`] over all pairs, on random markets that change.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed step should fail the test"
)]

#[path = "../made_up/mod.rs"]
mod made_up;
mod weights;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::Index as Pick;

use made_up::{demand, now, supply, words};
use matching::{Demand, Index, Lengths, MAX_MATCHES, Proposal, Supply, Weights, rank};
use weights::weights;

/// Something that happens to a market.
#[derive(Debug, Clone)]
enum Change {
    PutDemand(Pick, Demand),
    /// Under several keys at once: equal posts.
    PutSupply(Vec<Pick>, Supply),
    RemoveDemand(Pick),
    RemoveSupply(Pick),
    Decline(Pick, Pick),
}

fn change() -> impl Strategy<Value = Change> {
    let key = any::<Pick>;
    prop_oneof![
        3 => (key(), demand()).prop_map(|(key, demand)| Change::PutDemand(key, demand)),
        12 => (prop::collection::vec(key(), 1..2), supply()).prop_map(|(keys, supply)| Change::PutSupply(keys, supply)),
        1 => (prop::collection::vec(key(), 2..6), supply()).prop_map(|(keys, supply)| Change::PutSupply(keys, supply)),
        1 => key().prop_map(Change::RemoveDemand),
        3 => key().prop_map(Change::RemoveSupply),
        2 => (key(), key()).prop_map(|(demand, supply)| Change::Decline(demand, supply)),
    ]
}

/// Shelves in every form: as short and long ones are kept in use, and with short ones kept as if they were long.
fn lengths() -> impl Strategy<Value = Lengths> {
    let any = (1..12_usize, 1..16_usize);
    prop_oneof![
        Just(Lengths::default()),
        any.prop_map(|(long, very_long)| Lengths { long, very_long }),
    ]
}

/// A market as plain lists, with the index that should answer the same.
struct Market {
    index: Index,
    demands: BTreeMap<String, Demand>,
    supplies: BTreeMap<String, Supply>,
    declined: BTreeSet<(String, String)>,
    /// How many keys there are for each side.
    keys: (usize, usize),
}

impl Market {
    fn new(weights: &Weights, lengths: Lengths, keys: (usize, usize)) -> Self {
        Self {
            index: Index::with_lengths(weights.clone(), lengths),
            demands: BTreeMap::new(),
            supplies: BTreeMap::new(),
            declined: BTreeSet::new(),
            keys,
        }
    }

    fn demand_key(&self, pick: Pick) -> String {
        format!("req_{}", pick.index(self.keys.0))
    }

    fn supply_key(&self, pick: Pick) -> String {
        format!("off_{}", pick.index(self.keys.1))
    }

    fn make(&mut self, change: Change) {
        match change {
            Change::PutDemand(key, demand) => {
                let demand = Demand {
                    key: self.demand_key(key),
                    ..demand
                };
                self.index.put_demand(demand.clone());
                self.demands.insert(demand.key.clone(), demand);
            }
            Change::PutSupply(keys, supply) => {
                for key in keys {
                    let supply = Supply {
                        key: self.supply_key(key),
                        ..supply.clone()
                    };
                    self.index.put_supply(supply.clone());
                    self.supplies.insert(supply.key.clone(), supply);
                }
            }
            Change::RemoveDemand(key) => {
                let key = self.demand_key(key);
                self.index.remove_demand(&key);
                self.demands.remove(&key);
            }
            Change::RemoveSupply(key) => {
                let key = self.supply_key(key);
                self.index.remove_supply(&key);
                self.supplies.remove(&key);
            }
            Change::Decline(demand, supply) => {
                let pair = (self.demand_key(demand), self.supply_key(supply));
                self.index.decline(&pair.0, &pair.1);
                self.declined.insert(pair);
            }
        }
    }

    /// What the plain definition finds for a request. It must not be cut short, or what was declined would be missed.
    fn plain(&self, demand: &Demand) -> Vec<Proposal> {
        let supplies: Vec<Supply> = self.supplies.values().cloned().collect();
        assert!(supplies.len() <= MAX_MATCHES);
        let weights = self.index.weights();
        rank(demand, &supplies, weights, now())
            .into_iter()
            .map(|found| Proposal {
                demand: demand.key.clone(),
                supply: supplies[found.supply].key.clone(),
                proposed: found.explanation.score >= weights.proposal_threshold,
                explanation: found.explanation,
            })
            .filter(|found| {
                !self
                    .declined
                    .contains(&(found.demand.clone(), found.supply.clone()))
            })
            .collect()
    }

    /// Asks the index everything that can be asked.
    fn check(&self) -> Result<(), TestCaseError> {
        let mut by_supply: BTreeMap<String, Vec<Proposal>> = BTreeMap::new();
        for demand in self.demands.values() {
            let plain = self.plain(demand);
            for limit in [1, 10, MAX_MATCHES, usize::MAX] {
                let found = self.index.offers_for(&demand.key, now(), limit);
                prop_assert_eq!(&found[..], &plain[..limit.min(plain.len())]);
                let scores = self.index.scores_for(&demand.key, now(), limit);
                let expected = found
                    .iter()
                    .map(|found| (&*found.supply, found.explanation.score));
                prop_assert!(scores.into_iter().eq(expected));
            }
            let found = self.index.offers_for_draft(demand, now(), 10);
            prop_assert_eq!(&found[..], &plain[..10.min(plain.len())]);
            for found in plain {
                by_supply
                    .entry(found.supply.clone())
                    .or_default()
                    .push(found);
            }
        }
        let keys: Vec<&String> = self.demands.keys().rev().collect();
        prop_assert_eq!(
            &self.index.for_each(&keys, str::to_owned)[..],
            &keys.iter().map(|key| (*key).clone()).collect::<Vec<_>>()[..]
        );
        for key in self.supplies.keys() {
            let mut plain = by_supply.remove(key).unwrap_or_default();
            plain.sort_by(|a, b| {
                let scores = b.explanation.score.total_cmp(&a.explanation.score);
                scores.then(a.demand.cmp(&b.demand))
            });
            for limit in [1, 10, MAX_MATCHES] {
                let found = self.index.requests_for(key, now(), limit);
                prop_assert_eq!(&found[..], &plain[..limit.min(plain.len())]);
            }
        }
        prop_assert!(self.index.demands().eq(self.demands.keys()));
        prop_assert!(self.index.supplies().eq(self.supplies.keys()));
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_048))]

    #[test]
    fn on_small_markets_that_change(
        weights in weights(),
        lengths in lengths(),
        changes in prop::collection::vec(change(), 1..24),
        draft in demand(),
    ) {
        let mut market = Market::new(&weights, lengths, (3, 12));
        changes.into_iter().for_each(|change| market.make(change));
        market.check()?;
        // Drafts have words no post in the index has.
        let draft = Demand { key: "draft".to_owned(), body: format!("{} sjoelbak", draft.body), ..draft };
        let found = market.index.offers_for_draft(&draft, now(), 10);
        let plain = market.plain(&draft);
        prop_assert_eq!(&found[..], &plain[..10.min(plain.len())]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// So many offers in one area that their words are followed and they stand by theme, until so many leave that they
    /// do not.
    #[test]
    fn on_long_shelves_that_grow_and_shrink(
        weights in weights(),
        demands in prop::collection::vec(demand(), 1..4),
        offers in prop::collection::vec(supply(), 40),
        texts in prop::collection::vec(words(12), 600),
        order in Just((0..600_usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let lengths = Lengths { very_long: 300, ..Lengths::default() };
        let mut market = Market::new(&weights, lengths, (1, 1));
        // There are as many texts as offers, but few kinds of offers: making so many up would take long.
        let offer = |number: usize| Supply {
            key: format!("off_{number}"),
            body: texts[number].clone(),
            ..offers[number % offers.len()].clone()
        };
        market.index.fill(demands.clone(), (0..600).map(offer), 1);
        market.supplies.extend((0..600).map(|number| (offer(number).key, offer(number))));
        for left in [600, 400, 120, 60] {
            for number in &order[left..] {
                let key = format!("off_{number}");
                market.index.remove_supply(&key);
                market.supplies.remove(&key);
            }
            // One that comes back, and one that says something else now.
            for number in &order[left - 2..left] {
                let changed = Supply { title: texts[order[0]].clone(), ..offer(*number) };
                market.index.put_supply(changed.clone());
                market.supplies.insert(changed.key.clone(), changed);
            }
            let supplies: Vec<Supply> = market.supplies.values().cloned().collect();
            for demand in &demands {
                let plain = rank(demand, &supplies, &weights, now());
                let found = market.index.offers_for_draft(demand, now(), MAX_MATCHES);
                let few = market.index.offers_for_draft(demand, now(), 3);
                prop_assert_eq!(&few[..], &found[..3.min(found.len())]);
                let keys = plain.iter().map(|found| &supplies[found.supply].key);
                prop_assert!(found.iter().map(|found| &found.supply).eq(keys));
                let found = found.into_iter().map(|found| found.explanation);
                prop_assert!(found.eq(plain.into_iter().map(|found| found.explanation)));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// More posts than stand in one block, and more than one round of the walk visits.
    #[test]
    fn on_larger_markets_that_change(
        weights in weights(),
        lengths in lengths(),
        changes in prop::collection::vec(change(), 250..300),
    ) {
        let mut market = Market::new(&weights, lengths, (4, 100));
        changes.into_iter().for_each(|change| market.make(change));
        market.check()?;
    }

    #[test]
    fn on_markets_filled_by_several_threads(
        demands in prop::collection::vec(demand(), 1..8),
        supplies in prop::collection::vec(supply(), 1..40),
        threads in 0..4_usize,
    ) {
        let mut market = Market::new(&Weights::default(), Lengths::default(), (1, 1));
        for (number, demand) in demands.into_iter().enumerate() {
            let key = format!("req_{number}");
            market.demands.insert(key.clone(), Demand { key, ..demand });
        }
        for (number, supply) in supplies.into_iter().enumerate() {
            let key = format!("off_{number}");
            market.supplies.insert(key.clone(), Supply { key, ..supply });
        }
        let (demands, supplies) = (market.demands.clone(), market.supplies.clone());
        market.index.fill(demands.into_values(), supplies.into_values(), threads);
        market.check()?;
    }
}
