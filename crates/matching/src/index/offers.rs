//! The offers that fit a request.

use chrono::{DateTime, Utc};

use crate::score::score;
use crate::signals::freshness;
use crate::text::asked::Asked;

use super::best::Best;
use super::prepared::Seeker;
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
        let asked = self.collection.weigh(&demand.wording);
        self.best_offers(demand, &asked, now, limit)
            .numbers()
            .filter_map(|number| self.supplies.get(number))
            .map(|supply| self.proposal(demand.beside(&asked, supply), now))
            .collect()
    }

    /// The same offers, without reasons.
    pub(super) fn best_offers(
        &self,
        demand: &Seeker,
        asked: &Asked<'_>,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Best<'_> {
        let waits = freshness::of(&demand.post, now);
        let question = Question::of_request(&demand.wants, &self.scoring, waits);
        let mut bounds = Bounds::new();
        let text = question.text();
        for area in areas_around(home(&demand.post)) {
            let Some(shelf) = self.giving.shelf(area) else {
                continue;
            };
            match self.postings.get(&area) {
                None => drop(bounds.add(shelf, &question, text.most)),
                Some(postings) => {
                    let said = postings.said(asked, shelf.len(), text);
                    said.raise(bounds.add(shelf, &question, said.rest.min(text.most)));
                }
            }
        }
        let mut offers = Offers {
            index: self,
            demand,
            asked,
            now,
            best: Best::of(limit),
        };
        bounds.walk(&mut offers);
        offers.best
    }
}

/// A request that looks at offers.
struct Offers<'a, 'q> {
    index: &'a Index,
    demand: &'q Seeker,
    asked: &'q Asked<'q>,
    now: DateTime<Utc>,
    best: Best<'a>,
}

impl Judge for Offers<'_, '_> {
    fn floor(&self) -> u16 {
        self.best.floor()
    }

    fn fetch(&self, number: u32) {
        if let Some(supply) = self.index.supplies.get(number) {
            supply.fetch();
        }
    }

    fn judge(&mut self, number: u32, _bound: u16) {
        if let Some(supply) = self.index.supplies.get(number) {
            let pair = self.demand.beside(self.asked, supply);
            let score = score(pair, &self.index.weights, self.now);
            // The gates are asked last: they look at more of the posts than the score does.
            if self.best.may_take(score) && self.index.may_match(pair) {
                self.best.put(score, &supply.post.key, number);
            }
        }
    }
}
