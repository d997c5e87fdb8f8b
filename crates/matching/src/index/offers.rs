//! The offers that fit a request.

use std::hint::black_box;

use chrono::{DateTime, Utc};

use crate::score::Scorer;
use crate::signals::{freshness, text};
use crate::text::asked::Asked;

use super::best::Best;
use super::postings::words;
use super::prepared::Seeker;
use super::question::{Question, TextPoints};
use super::shelves::{areas_around, home};
use super::walk::{Bound, Bounds, Judge, Text};
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
        let words = words(asked, text);
        for area in areas_around(home(&demand.post)) {
            let Some(shelf) = self.giving.shelf(area) else {
                continue;
            };
            match (self.postings.get(&area), &words) {
                (Some(postings), Some(words)) => {
                    let said = postings.said(words, shelf.len());
                    let base = said.rest.min(text.most);
                    said.raise(bounds.add(shelf, &question, (base, Text::Compared)));
                }
                _ => drop(bounds.add(shelf, &question, (text.most, Text::Full))),
            }
        }
        let mut offers = Offers {
            index: self,
            demand,
            asked,
            text,
            scorer: Scorer::of(&self.weights, now),
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
    text: TextPoints,
    scorer: Scorer<'a>,
    best: Best<'a>,
}

impl Judge for Offers<'_, '_> {
    fn floor(&self) -> u16 {
        self.best.floor()
    }

    fn fetch(&self, posts: &[Option<(u32, Text)>]) {
        let supplies = || {
            let posts = posts.iter().flatten();
            posts.filter_map(|(number, text)| Some((self.index.supplies.get(*number)?, *text)))
        };
        // Each step uses what the step before it asked for, so that all posts are waited for at once.
        for (supply, _) in supplies() {
            black_box(supply);
        }
        for (supply, text) in supplies() {
            if text == Text::Compared {
                supply.fetch();
            }
        }
        for (supply, _) in supplies() {
            supply.given.fetch();
        }
    }

    fn judge(&mut self, number: u32, bound: Bound) {
        let Some(supply) = self.index.supplies.get(number) else {
            return;
        };
        let weights = &self.index.weights;
        if bound.text == Text::Full {
            let worth = text::worth(self.asked.answered(&supply.given), &weights.text);
            if self.text.lowered(bound.points, worth) < self.best.floor() {
                return;
            }
        }
        let pair = self.demand.beside(self.asked, supply);
        let score = self.scorer.score(pair);
        // The gates are asked last: they look at more of the posts than the score does.
        if self.best.may_take(score) && self.index.may_match(pair) {
            self.best.put(score, &supply.post.key, number);
        }
    }
}
