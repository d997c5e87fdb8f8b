//! The requests that fit an offer.

use chrono::{DateTime, Utc};

use crate::score::Scorer;
use crate::signals::region::serving;
use crate::signals::text;
use crate::text::asked::Spoken;

use super::best::Best;
use super::prepared::Giver;
use super::question::Question;
use super::text_points::TextPoints;
use super::walk::{Bound, Bounds, Judge, Text};
use super::{Index, Proposal};

impl Index {
    /// The best requests for an offer, best first, at most `limit`.
    pub(super) fn requests(
        &self,
        supply: &Giver,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Vec<Proposal> {
        let question = Question::of_offer(&supply.gives, &self.scoring);
        let mut bounds = Bounds::new();
        for (home, shelf) in self.seeking.iter() {
            if let Some(served) = serving(home, &supply.post) {
                let worth = served.worth(&self.weights.region);
                let base = Question::region(&self.scoring, worth) + question.text().most;
                bounds.add(shelf, None, &question, (base, Text::Full));
            }
        }
        let spoken = self.collection.spoken(&supply.given);
        let mut requests = Requests {
            index: self,
            supply,
            spoken,
            text: question.text(),
            scorer: Scorer::of(&self.weights, now),
            best: Best::of(limit),
        };
        bounds.walk(&mut requests);
        requests
            .best
            .numbers()
            .filter_map(|number| self.demands.get(number))
            .map(|demand| {
                // Weighed again for the few that are kept: keeping the weights of all would take far more memory.
                let asked = self.collection.weigh(&demand.wording);
                self.proposal(demand.beside(&asked, supply), now)
            })
            .collect()
    }
}

/// An offer that looks at requests.
struct Requests<'a> {
    index: &'a Index,
    supply: &'a Giver,
    spoken: Spoken<'a>,
    text: TextPoints,
    scorer: Scorer<'a>,
    best: Best<'a>,
}

impl Judge for Requests<'_> {
    fn floor(&self) -> u16 {
        self.best.floor()
    }

    fn fetch(&self, posts: &[Option<(u32, Text)>]) {
        for (number, _) in posts.iter().flatten() {
            if let Some(demand) = self.index.demands.get(*number) {
                demand.wording.fetch();
            }
        }
    }

    fn judge(&mut self, number: u32, bound: Bound) {
        let Some(demand) = self.index.demands.get(number) else {
            return;
        };
        // To weigh all words of a request takes longer than to see how many the offer says.
        let answered = self.spoken.answers(&demand.wording);
        let worth = text::worth(answered, &self.index.weights.text);
        if self.text.lowered(bound.points, worth) < self.best.floor() {
            return;
        }
        let asked = self.index.collection.weigh(&demand.wording);
        let pair = demand.beside(&asked, self.supply);
        let score = self.scorer.score(pair);
        // The gates are asked last: they look at more of the posts than the score does.
        if self.best.may_take(score) && self.index.may_match(pair) {
            self.best.put(score, &demand.post.key, number);
        }
    }
}
