//! The best found so far.

use crate::rank::MAX_MATCHES;

use super::question::points_below;

/// The highest scores, equal scores in the order of their keys: as [`crate::rank()`] orders them.
#[derive(Debug)]
pub(super) struct Best<'a> {
    limit: usize,
    /// Score, key and number of each post, the best first.
    found: Vec<(f64, &'a str, u32)>,
}

impl<'a> Best<'a> {
    /// Keeps at most `limit` and [`MAX_MATCHES`].
    pub(super) fn of(limit: usize) -> Self {
        Self {
            limit: limit.min(MAX_MATCHES),
            found: Vec::new(),
        }
    }

    /// Whether a post with this score may come among them; equal scores may still win by key.
    pub(super) fn may_take(&self, score: f64) -> bool {
        self.found.len() < self.limit || self.found.last().is_some_and(|(last, ..)| score >= *last)
    }

    /// Offers a post; nothing happens when it is here already, or not good enough.
    pub(super) fn put(&mut self, score: f64, key: &'a str, number: u32) {
        let place = self.found.partition_point(|(other, other_key, _)| {
            // Keys lie elsewhere: they are read for equal scores only.
            let by_key = || key.cmp(other_key);
            other.total_cmp(&score).then_with(by_key).is_gt()
        });
        let known = self
            .found
            .get(place)
            .is_some_and(|(.., known)| *known == number);
        if place < self.limit && !known {
            self.found.insert(place, (score, key, number));
            self.found.truncate(self.limit);
        }
    }

    /// The bound that a post needs to come among them; equal scores may still win by key.
    pub(super) fn floor(&self) -> u16 {
        if self.found.len() < self.limit {
            return 0;
        }
        self.found
            .last()
            .map_or(u16::MAX, |(score, ..)| points_below(*score))
    }

    /// Their keys and scores, the best first.
    pub(super) fn scores(&self) -> impl Iterator<Item = (&'a str, f64)> {
        self.found.iter().map(|(score, key, _)| (*key, *score))
    }

    /// Their numbers, the best first.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> {
        self.found.iter().map(|(.., number)| *number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_scores_stand_in_the_order_of_their_keys() {
        let mut best = Best::of(3);
        for (score, key, number) in [
            (0.5, "c", 1),
            (0.7, "d", 2),
            (0.5, "b", 3),
            (0.5, "b", 3),
            (0.5, "a", 4),
        ] {
            best.put(score, key, number);
        }
        assert_eq!(best.numbers().collect::<Vec<_>>(), [2, 4, 3]);
        assert_eq!(best.floor(), points_below(0.5));
    }

    #[test]
    fn who_wants_nothing_gets_nothing() {
        let mut best = Best::of(0);
        best.put(0.5, "a", 1);
        assert_eq!((best.numbers().count(), best.floor()), (0, u16::MAX));
    }
}
