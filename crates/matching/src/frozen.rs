//! A full match run as data: everything it looks at, so that it can be done again later and give the same.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::region::Municipality;
use serde::{Deserialize, Serialize};

use crate::gates::{History, Refusal, gate};
use crate::index::{Index, Proposal};
use crate::posts::{Demand, Supply};
use crate::weights::Weights;

/// The inputs of a full match run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Frozen {
    /// The version of the engine, [`crate::ALGORITHM`].
    pub algorithm: String,
    /// The moment that tells how long requests wait.
    pub at: DateTime<Utc>,
    /// How many offers a request is proposed at most.
    pub limit: usize,
    /// The weights.
    pub weights: Weights,
    /// The requests, in the order in which they are ranked.
    pub demands: Vec<Demand>,
    /// The offers.
    pub supplies: Vec<Supply>,
    /// Pairs of a request and an offer that are not proposed again.
    pub declined: Vec<(String, String)>,
}

/// How many pairs of a run were let through, and how many each gate refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gated {
    /// Pairs that passed every gate.
    pub passed: u64,
    /// Pairs that were refused, by the code of the gate; a gate that refused none is not in it.
    pub refused: BTreeMap<String, u64>,
}

impl Frozen {
    /// The market as it was.
    pub fn index(&self) -> Index {
        let mut index = Index::new(self.weights.clone());
        for demand in &self.demands {
            index.put_demand(demand.clone());
        }
        for supply in &self.supplies {
            index.put_supply(supply.clone());
        }
        for (demand, supply) in &self.declined {
            index.decline(demand, supply);
        }
        index
    }

    /// The proposals for each request, in the order of the requests; all of them are what the run proposed.
    pub fn proposals(&self) -> Vec<Proposal> {
        let index = self.index();
        let ranked = self.demands.iter();
        ranked
            .flat_map(|demand| proposals(&index, &demand.key, self.at, self.limit))
            .collect()
    }

    /// Asks the gates about every pair of a request and an offer.
    ///
    /// A gate looks at a request's place, organisation and history only, so the requests of one municipality are asked
    /// about as one, and the few pairs of one organisation or with a history are put right after: ten thousand posts on
    /// each side take a moment.
    pub fn gated(&self) -> Gated {
        let mut count = BTreeMap::<Option<Refusal>, u64>::new();
        let mut of_place = BTreeMap::<Option<Municipality>, Vec<&Demand>>::new();
        for demand in &self.demands {
            of_place
                .entry(demand.municipality)
                .or_default()
                .push(demand);
        }
        for demands in of_place.values() {
            let many = u64::try_from(demands.len()).unwrap_or(u64::MAX);
            let Some(first) = demands.first() else {
                continue;
            };
            let somebody = nobody_s(first);
            for supply in &self.supplies {
                let verdict = gate(&somebody, supply, History::Open).err();
                *count.entry(verdict).or_default() += many;
            }
        }
        for (demand, supply, history) in self.exceptions() {
            let usual = gate(&nobody_s(demand), supply, History::Open).err();
            let own = gate(demand, supply, history).err();
            if let Some(many) = count.get_mut(&usual) {
                *many -= 1;
            }
            *count.entry(own).or_default() += 1;
        }
        let passed = count.remove(&None).unwrap_or_default();
        let refused = count
            .into_iter()
            .filter(|(_, many)| *many > 0)
            .filter_map(|(refusal, many)| Some((refusal?.code().to_owned(), many)))
            .collect();
        Gated { passed, refused }
    }

    /// The pairs about which a gate needs to know more than a place: of one organisation, declined before, or with a
    /// request that may not be matched at all. Each pair once.
    fn exceptions(&self) -> Vec<(&Demand, &Supply, History)> {
        let declined: BTreeSet<(&str, &str)> = self
            .declined
            .iter()
            .map(|(demand, supply)| (demand.as_str(), supply.as_str()))
            .collect();
        let mut of_owner = BTreeMap::<&str, Vec<&Supply>>::new();
        let mut by_key = BTreeMap::<&str, &Supply>::new();
        for supply in &self.supplies {
            of_owner
                .entry(&supply.organisation)
                .or_default()
                .push(supply);
            by_key.insert(&supply.key, supply);
        }
        let mut found = Vec::new();
        for demand in &self.demands {
            let own = of_owner.get(demand.organisation.as_str());
            let mut special: BTreeMap<&str, &Supply> = own
                .into_iter()
                .flatten()
                .filter(|_| !demand.organisation.is_empty())
                .map(|supply| (supply.key.as_str(), *supply))
                .collect();
            let from = (demand.key.as_str(), "");
            let said_no = declined
                .range(from..)
                .take_while(|(key, _)| *key == demand.key);
            special.extend(said_no.filter_map(|(_, key)| Some((*key, *by_key.get(key)?))));
            for (key, supply) in special {
                let history = if declined.contains(&(demand.key.as_str(), key)) {
                    History::Declined
                } else {
                    History::Open
                };
                found.push((demand, supply, history));
            }
        }
        found
    }
}

/// What reaches the threshold for one request of a market, best first, at most `limit`.
pub fn proposals(index: &Index, demand: &str, at: DateTime<Utc>, limit: usize) -> Vec<Proposal> {
    let mut found = index.offers_for(demand, at, limit);
    found.retain(|proposal| proposal.proposed);
    found
}

/// The request as if nobody's.
fn nobody_s(demand: &Demand) -> Demand {
    Demand {
        organisation: String::new(),
        title: String::new(),
        body: String::new(),
        ..demand.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posts::{Neighbours, Standing};

    fn demand(number: usize) -> Demand {
        let places = ["GM0200", "GM0344", "GM0285"];
        Demand {
            key: format!("req_{number}"),
            organisation: format!("org_{}", number % 4),
            title: "Zaal gezocht voor onze buurtmaaltijd".to_owned(),
            body: "Wij koken elke week voor veertig buren.".to_owned(),
            municipality: places[number % 3].parse().ok(),
            themes: vec!["ontmoeten".parse().unwrap()],
            phase: "start".parse().ok(),
            support: vec!["ruimte".parse().unwrap()],
            opened_at: "2026-03-01T09:00:00.123456Z".parse().ok(),
            standing: Standing::Live,
        }
    }

    fn supply(number: usize) -> Supply {
        let reaches = ["GM0200", "NL", "PV31", "PV25"];
        Supply {
            key: format!("off_{number}"),
            organisation: format!("org_{}", number % 5),
            title: "Zaal met keuken".to_owned(),
            body: "Voor groepen die samen koken.".to_owned(),
            reach: vec![reaches[number % 4].parse().unwrap()],
            neighbours: if number.is_multiple_of(2) {
                Neighbours::Included
            } else {
                Neighbours::Excluded
            },
            themes: vec!["ontmoeten".parse().unwrap()],
            phases: vec![],
            support: vec!["ruimte".parse().unwrap()],
            capacity_left: u32::try_from(number % 3).unwrap(),
            introduced_lately: 0,
            standing: Standing::Live,
        }
    }

    fn frozen() -> Frozen {
        Frozen {
            algorithm: crate::ALGORITHM.to_owned(),
            at: "2026-03-08T09:00:00Z".parse().unwrap(),
            limit: 3,
            weights: Weights::default(),
            demands: (0..20).map(demand).collect(),
            supplies: (0..20).map(supply).collect(),
            declined: vec![
                ("req_0".to_owned(), "off_1".to_owned()),
                ("req_0".to_owned(), "off_0".to_owned()),
                ("req_3".to_owned(), "off_5".to_owned()),
                ("req_3".to_owned(), "off_gone".to_owned()),
            ],
        }
    }

    #[test]
    fn what_the_gates_say_is_counted_pair_by_pair() {
        let frozen = frozen();
        let mut plain = Gated::default();
        for demand in &frozen.demands {
            for supply in &frozen.supplies {
                let pair = (demand.key.clone(), supply.key.clone());
                let history = if frozen.declined.contains(&pair) {
                    History::Declined
                } else {
                    History::Open
                };
                match gate(demand, supply, history) {
                    Ok(()) => plain.passed += 1,
                    Err(why) => *plain.refused.entry(why.code().to_owned()).or_default() += 1,
                }
            }
        }
        assert_eq!(frozen.gated(), plain);
        assert!(plain.passed > 0 && plain.refused.len() == 4, "{plain:?}");
    }

    #[test]
    fn a_run_that_was_written_down_gives_the_same_to_the_last_byte() {
        let frozen = frozen();
        let first = serde_json::to_string(&frozen.proposals()).unwrap();
        assert!(first.contains("req_1"));
        let kept = serde_json::to_string(&frozen).unwrap();
        let again: Frozen = serde_json::from_str(&kept).unwrap();
        assert_eq!(again, frozen);
        assert_eq!(serde_json::to_string(&again.proposals()).unwrap(), first);
    }
}
