//! The score from which proposing pays best, found from graded rankings; used by tuning.

use super::quality::{PROPOSED, count};
use super::{GOOD_GRADE, Judged, Ranking};

impl Judged {
    /// The threshold with the best F1 of what is proposed: about halfway between the last pair it lets in and the first
    /// it leaves out, in thousandths. `None` where no pair is good.
    pub(super) fn best_threshold(&self, rankings: &[(usize, Ranking)]) -> Option<f64> {
        let is_good = |pair: (usize, usize)| {
            let grade = self.grades.get(&pair);
            grade.is_some_and(|grade| *grade >= GOOD_GRADE)
        };
        let (mut pairs, mut all_good) = (Vec::new(), 0);
        for (asks, ranking) in rankings {
            let supplies = 0..self.supplies.len();
            all_good += supplies.filter(|gives| is_good((*asks, *gives))).count();
            let proposed = ranking.iter().take(PROPOSED);
            pairs.extend(proposed.map(|(gives, score)| (*score, is_good((*asks, *gives)))));
        }
        pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
        let next = pairs.iter().skip(1).map(|(score, _)| *score).chain([0.0]);
        let (mut good, mut best) = (0, None);
        for (place, ((score, is_good), next)) in pairs.iter().zip(next).enumerate() {
            good += usize::from(*is_good);
            // Half of F1, the harmonic mean of precision and coverage.
            let worth = count(good) / (count(place + 1) + count(all_good));
            let between = ((score + next) * 500.0).round() / 1000.0;
            let fits = (next..=*score).contains(&between) && between > next;
            if good > 0 && fits && best.is_none_or(|(_, most)| worth > most) {
                best = Some((between, worth));
            }
        }
        best.map(|(threshold, _)| threshold)
    }
}
