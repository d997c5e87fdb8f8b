//! The offers that fit a request.

use chrono::{DateTime, Utc};

use crate::score::score;
use crate::signals::{Pair, freshness, text};
use crate::text::asked::Asked;

use super::best::Best;
use super::prepared::{Giver, Seeker};
use super::question::Question;
use super::shelves::{areas_around, home};
use super::walk::{Bounds, Judge};
use super::{Index, Proposal};

impl Index {
    /// The best offers for a request, best first, at most `limit`.
    pub(super) fn offers(
        &self,
        demand: &Seeker,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Vec<Proposal> {
        let waits = freshness::of(&demand.post, now);
        let question = Question::of_request(&demand.wants, &self.scoring, waits);
        let mut bounds = Bounds::new();
        for area in areas_around(home(&demand.post)) {
            if let Some(shelf) = self.giving.shelf(area) {
                bounds.add(shelf, &question, 0);
            }
        }
        let asked = self.collection.weigh(&demand.wording);
        let mut offers = Offers {
            index: self,
            demand,
            asked,
            question,
            now,
            best: Best::of(limit),
        };
        bounds.walk(&mut offers);
        offers
            .best
            .numbers()
            .filter_map(|number| self.supplies.get(number))
            .map(|supply| self.proposal(offers.pair(supply), now))
            .collect()
    }
}

/// A request that looks at offers.
struct Offers<'a> {
    index: &'a Index,
    demand: &'a Seeker,
    asked: Asked<'a>,
    question: Question,
    now: DateTime<Utc>,
    best: Best<'a>,
}

impl<'a> Offers<'a> {
    fn pair<'p>(&'p self, supply: &'a Giver) -> Pair<'p> {
        self.demand.beside(&self.asked, supply)
    }
}

impl Judge for Offers<'_> {
    fn floor(&self) -> u16 {
        self.best.floor()
    }

    fn fetch_words(&self, number: u32) {
        self.index.prints.of(number).fetch();
    }

    fn refine(&self, number: u32, bound: u16) -> u16 {
        let answered = self.asked.answered_at_most(self.index.prints.of(number));
        let most = text::worth(answered, &self.index.weights.text);
        self.question.with_text(bound, most)
    }

    fn fetch_post(&self, number: u32) {
        if let Some(supply) = self.index.supplies.get(number) {
            supply.fetch();
        }
    }

    fn judge(&mut self, number: u32) {
        if let Some(supply) = self.index.supplies.get(number) {
            let pair = self.pair(supply);
            if self.index.may_match(pair) {
                let score = score(pair, &self.index.weights, self.now);
                self.best.put(score, &supply.post.key, number);
            }
        }
    }
}
