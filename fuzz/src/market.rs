//! Whatever comes into an index and goes out of it again, what it answers equals the plain definition.

use std::collections::{BTreeMap, BTreeSet};

use arbitrary::{Result, Unstructured};
use domain::explanation::Explanation;
use matching::{Demand, Index, Lengths, Proposal, Supply, Weights, rank};

use super::made_up::{demand, now, supply};

/// Keys of each side: few, so that posts are replaced and leave.
const KEYS: u8 = 4;
/// The most that happens before the index is asked.
const MAX_STEPS: usize = 16;
/// How far sums of floating-point numbers may differ.
const NEARLY: f64 = 1e-9;

/// A key of either side with what was found there.
type Found = (String, Explanation);

/// The market twice: as an index, and as what is in it.
struct Market {
    index: Index,
    weights: Weights,
    demands: BTreeMap<String, Demand>,
    supplies: BTreeMap<String, Supply>,
    declined: BTreeSet<(String, String)>,
}

/// Shelves that are kept as if many offers stood on them: half of all markets have these.
const LONG: Lengths = Lengths {
    long: 1,
    very_long: 2,
};

/// Does to a market what the bytes say, then asks for everything that is in it.
pub fn market(data: &[u8]) {
    let lengths = if data.len().is_multiple_of(2) {
        LONG
    } else {
        Lengths::default()
    };
    let mut market = Market {
        index: Index::with_lengths(Weights::default(), lengths),
        weights: Weights::default(),
        demands: BTreeMap::new(),
        supplies: BTreeMap::new(),
        declined: BTreeSet::new(),
    };
    let mut bytes = Unstructured::new(data);
    for _ in 0..MAX_STEPS {
        if bytes.is_empty() || market.step(&mut bytes).is_err() {
            break;
        }
    }
    market.check();
}

impl Market {
    /// Something happens to one post or to one pair.
    fn step(&mut self, bytes: &mut Unstructured<'_>) -> Result<()> {
        let what = bytes.int_in_range(0..=9_u8)?;
        let number = bytes.int_in_range(0..=KEYS - 1)?;
        let (asks, gives) = (format!("req_{number}"), format!("off_{number}"));
        match what {
            0..=2 => {
                let made = demand(asks, bytes)?;
                self.index.put_demand(made.clone());
                self.demands.insert(made.key.clone(), made);
            }
            3..=6 => {
                let made = supply(gives, bytes)?;
                self.index.put_supply(made.clone());
                self.supplies.insert(made.key.clone(), made);
            }
            7 => {
                self.index.remove_demand(&asks);
                self.demands.remove(&asks);
            }
            8 => {
                self.index.remove_supply(&gives);
                self.supplies.remove(&gives);
            }
            _ => {
                let other = bytes.int_in_range(0..=KEYS - 1)?;
                let gives = format!("off_{other}");
                self.index.decline(&asks, &gives);
                self.declined.insert((asks, gives));
            }
        }
        Ok(())
    }

    fn check(&self) {
        assert!(self.index.demands().eq(self.demands.keys()), "requests");
        assert!(self.index.supplies().eq(self.supplies.keys()), "offers");
        let supplies: Vec<Supply> = self.supplies.values().cloned().collect();
        let mut by_supply: BTreeMap<&str, Vec<Found>> = BTreeMap::new();
        for (key, asked) in &self.demands {
            let mut expected = Vec::new();
            for ranked in rank(asked, &supplies, &self.weights, now()) {
                let Some(given) = supplies.get(ranked.supply) else {
                    panic!("{ranked:?} is no place among {}", supplies.len());
                };
                self.check_score(&ranked.explanation);
                if self.declined.contains(&(key.clone(), given.key.clone())) {
                    continue;
                }
                let found = (key.clone(), ranked.explanation.clone());
                by_supply.entry(&given.key).or_default().push(found);
                expected.push((given.key.clone(), ranked.explanation));
            }
            let limit = supplies.len();
            let answer = self.index.offers_for(key, now(), limit);
            assert!(self.of_demand(answer, key) == expected, "offers for {key}");
            let draft = self.index.offers_for_draft(asked, now(), limit);
            assert!(
                self.of_demand(draft, key) == expected,
                "offers for {key}, as a draft"
            );
        }
        for given in &supplies {
            let mut expected = by_supply.remove(given.key.as_str()).unwrap_or_default();
            expected.sort_by(|(one, a), (other, b)| {
                b.score.total_cmp(&a.score).then_with(|| one.cmp(other))
            });
            let answer = self
                .index
                .requests_for(&given.key, now(), self.demands.len());
            let found: Vec<Found> = answer
                .into_iter()
                .map(|proposal| (proposal.demand, proposal.explanation))
                .collect();
            assert!(found == expected, "requests for {}", given.key);
        }
    }

    /// Scores and values are from 0 to 1, and the parts add up.
    fn check_score(&self, explanation: &Explanation) {
        let whole = 0.0..=1.0;
        assert!(whole.contains(&explanation.score), "{explanation:?}");
        let sum: f64 = explanation.parts.iter().map(|part| part.contribution).sum();
        assert!((sum - explanation.score).abs() < NEARLY, "{explanation:?}");
        for part in &explanation.parts {
            assert!(whole.contains(&part.value), "{part:?}");
        }
    }

    /// The offers of an answer, which must be for this request and say rightly whether they are proposed.
    fn of_demand(&self, answer: Vec<Proposal>, key: &str) -> Vec<Found> {
        let threshold = self.weights.proposal_threshold;
        let offer = |proposal: Proposal| {
            assert!(proposal.demand == key, "{proposal:?} is not for {key}");
            let reached = proposal.explanation.score >= threshold;
            assert!(proposal.proposed == reached, "{proposal:?}");
            (proposal.supply, proposal.explanation)
        };
        answer.into_iter().map(offer).collect()
    }
}
