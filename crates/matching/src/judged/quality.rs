//! How good a ranking is, in the measures of information retrieval.

use super::{GOOD_GRADE, Ranking};

/// Offers a person looks at.
const SHOWN: usize = 10;
/// Offers a person looks at first.
const FIRST: usize = 5;
/// Of a request, as many offers are proposed.
pub(super) const PROPOSED: usize = 10;

/// How well a ranking agrees with the grades; each 0 to 1, 1 is perfect.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Quality {
    /// Normalized discounted cumulative gain of the first ten, gain 2^grade − 1 (Burges et al. 2005).
    pub ndcg: f64,
    /// The share of the good offers that stand in the first five, of at most five.
    pub recall: f64,
    /// One divided by the place of the first good offer (mean reciprocal rank).
    pub reciprocal_rank: f64,
    /// The share of requests whose first offer is good.
    pub first_good: f64,
    /// The share of proposed pairs that are good.
    pub precision: f64,
    /// The share of good pairs that are proposed.
    pub coverage: f64,
}

impl Quality {
    /// The harmonic mean of precision and coverage.
    pub fn f1(&self) -> f64 {
        let sum = self.precision + self.coverage;
        if sum > 0.0 {
            2.0 * self.precision * self.coverage / sum
        } else {
            0.0
        }
    }

    /// The mean of some measurements; zeros for none.
    pub(super) fn mean(of: &[Self]) -> Self {
        let mean = |field: fn(&Self) -> f64| {
            let sum: f64 = of.iter().map(field).sum();
            if of.is_empty() {
                0.0
            } else {
                sum / count(of.len())
            }
        };
        Self {
            ndcg: mean(|one| one.ndcg),
            recall: mean(|one| one.recall),
            reciprocal_rank: mean(|one| one.reciprocal_rank),
            first_good: mean(|one| one.first_good),
            precision: mean(|one| one.precision),
            coverage: mean(|one| one.coverage),
        }
    }

    /// What tuning makes as large as it can: the order and the proposals count alike.
    pub fn aim(&self) -> f64 {
        (self.ndcg + self.f1()) / 2.0
    }
}

/// Adds up the measures of many requests.
#[derive(Debug, Default)]
pub(super) struct Sums {
    /// Requests with an offer of any grade, and the sum of their gains.
    judged: f64,
    ndcg: f64,
    /// Requests with a good offer, and the sums of theirs.
    answerable: f64,
    recall: f64,
    reciprocal_rank: f64,
    first_good: f64,
    /// Pairs.
    good: f64,
    proposed: f64,
    both: f64,
}

impl Sums {
    /// Adds a request: its ranking, the grade of a place, and all grades it has.
    pub(super) fn add(
        &mut self,
        ranking: &Ranking,
        grade: impl Fn(usize) -> Option<u8>,
        grades: &[u8],
        threshold: f64,
    ) {
        let shown: Vec<u8> = ranking
            .iter()
            .take(SHOWN)
            .map(|(place, _)| grade(*place).unwrap_or_default())
            .collect();
        let mut ideal = grades.to_vec();
        ideal.sort_unstable_by(|a, b| b.cmp(a));
        if gain(&ideal) > 0.0 {
            self.judged += 1.0;
            self.ndcg += gain(&shown) / gain(&ideal);
        }
        let is_good = |grade: &u8| *grade >= GOOD_GRADE;
        let good = grades.iter().filter(|grade| is_good(grade)).count();
        if good > 0 {
            let found = shown.iter().take(FIRST).filter(|grade| is_good(grade));
            self.answerable += 1.0;
            self.recall += count(found.count()) / count(good.min(FIRST));
            if let Some(first) = shown.iter().position(is_good) {
                self.reciprocal_rank += 1.0 / count(first + 1);
                self.first_good += if first == 0 { 1.0 } else { 0.0 };
            }
        }
        self.good += count(good);
        for (place, _) in ranking
            .iter()
            .take(PROPOSED)
            .filter(|(_, score)| *score >= threshold)
        {
            self.proposed += 1.0;
            if grade(*place).as_ref().is_some_and(is_good) {
                self.both += 1.0;
            }
        }
    }
}

impl From<Sums> for Quality {
    fn from(sums: Sums) -> Self {
        let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        Self {
            ndcg: share(sums.ndcg, sums.judged),
            recall: share(sums.recall, sums.answerable),
            reciprocal_rank: share(sums.reciprocal_rank, sums.answerable),
            first_good: share(sums.first_good, sums.answerable),
            precision: share(sums.both, sums.proposed),
            coverage: share(sums.both, sums.good),
        }
    }
}

/// The discounted gain of the first ten grades.
fn gain(grades: &[u8]) -> f64 {
    grades
        .iter()
        .take(SHOWN)
        .zip(1..)
        .map(|(grade, place)| (f64::from(*grade).exp2() - 1.0) / (f64::from(place) + 1.0).log2())
        .sum()
}

/// A number of things as a number to reckon with.
pub(super) fn count(things: usize) -> f64 {
    u32::try_from(things).map_or(f64::INFINITY, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quality(ranked: &[(usize, f64)], grades: &[u8]) -> Quality {
        let mut sums = Sums::default();
        let grade = |place: usize| grades.get(place).copied();
        sums.add(&ranked.to_vec(), grade, grades, 0.5);
        sums.into()
    }

    #[test]
    fn the_ideal_order_is_worth_one() {
        let perfect = quality(&[(0, 0.9), (1, 0.8), (2, 0.1)], &[3, 2, 0]);
        assert!((perfect.ndcg - 1.0).abs() < 1e-9 && (perfect.f1() - 1.0).abs() < 1e-9);
        assert!((perfect.first_good - 1.0).abs() < 1e-9);
    }

    #[test]
    fn measures_follow_their_definitions() {
        // The excellent offer stands second, the good one is missing, and one of two proposals is good.
        let found = quality(&[(2, 0.9), (0, 0.8)], &[3, 2, 0]);
        let expected = (7.0 / 3_f64.log2()) / (7.0 + 3.0 / 3_f64.log2());
        assert!((found.ndcg - expected).abs() < 1e-9);
        assert!((found.reciprocal_rank - 0.5).abs() < 1e-9);
        assert!((found.recall - 0.5).abs() < 1e-9);
        assert!((found.precision - 0.5).abs() < 1e-9 && (found.coverage - 0.5).abs() < 1e-9);
        assert!(found.first_good.abs() < 1e-9);
    }
}
