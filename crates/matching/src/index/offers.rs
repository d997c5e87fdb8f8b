//! The offers that fit a request.

use std::hint::black_box;

use chrono::{DateTime, Utc};
use smallvec::SmallVec;

use crate::score::Scorer;
use crate::signals::{freshness, text};
use crate::text::asked::Asked;

use super::best::Best;
use super::followed::Followed;
use super::postings::words;
use super::prepared::Seeker;
use super::question::Question;
use super::rounds::Rounds;
use super::shelves::{areas_around, home};
use super::text_points::TextPoints;
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
        let text = question.text();
        let words = words(asked, text);
        let mut bounds = Bounds::new();
        let mut rounds: SmallVec<[Rounds<'_>; 1]> = SmallVec::new();
        for area in areas_around(home(&demand.post)) {
            let Some(shelf) = self.giving.shelf(area) else {
                continue;
            };
            let (Some(followed), Some(words)) = (self.followed.get(&area), &words) else {
                bounds.add(shelf, None, &question, (text.most, Text::Full));
                continue;
            };
            let Followed {
                postings, by_theme, ..
            } = followed;
            if let Some(by_theme) = by_theme {
                let wanted = &demand.wants.themes;
                rounds.push(Rounds::of(
                    (shelf, by_theme),
                    wanted,
                    postings,
                    words,
                    text.most,
                ));
            } else {
                let said = postings.said(words, shelf.len());
                let base = said.rest.min(text.most);
                let added = bounds.add(shelf, None, &question, (base, Text::Compared));
                said.raise(added.as_flattened_mut());
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
        loop {
            let mut are_left = false;
            for rounds in &mut rounds {
                are_left |= rounds.ask(&mut bounds, &question, offers.floor());
            }
            if bounds.is_empty() && !are_left {
                break;
            }
            bounds.walk(&mut offers);
            bounds.clear();
        }
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
