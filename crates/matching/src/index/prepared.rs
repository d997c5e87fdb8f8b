//! A post on its way into the index, and in it.
//!
//! Reading a post takes nearly all the time it costs and needs nothing but the post, so several threads may read
//! ([`NewDemand`], [`NewSupply`]); taking in what was read is quick ([`Seeker`], [`Giver`]). The texts are dropped: what
//! the score and its reasons need of them is in the profiles and the words.

use std::hint::black_box;

use domain::region::{Municipality, Region};

use crate::posts::{Demand, Supply};
use crate::profile::{Gives, Wants};
use crate::reading::{Side, Text};
use crate::signals::Pair;
use crate::text::asked::Asked;
use crate::text::kept::{Given, Wording};
use crate::text::words::Words;
use crate::weights::Weights;

use super::shelves::{areas_around, home};

/// A request that was read.
#[derive(Debug)]
pub(super) struct NewDemand {
    pub(super) post: Demand,
    pub(super) wants: Wants,
    pub(super) words: Words,
}

impl NewDemand {
    /// Reads a request.
    pub(super) fn read(mut post: Demand, weights: &Weights) -> Self {
        let text = Text::of(&post.title, &post.body);
        (post.title, post.body) = (String::new(), String::new());
        Self {
            wants: Wants::read(&post, &text.evidence(Side::Request), weights),
            words: text.words,
            post,
        }
    }
}

/// An offer that was read.
#[derive(Debug)]
pub(super) struct NewSupply {
    pub(super) post: Supply,
    pub(super) gives: Gives,
    pub(super) words: Words,
}

impl NewSupply {
    /// Reads an offer.
    pub(super) fn read(mut post: Supply, weights: &Weights) -> Self {
        let text = Text::of(&post.title, &post.body);
        (post.title, post.body) = (String::new(), String::new());
        Self {
            gives: Gives::read(&post, &text.evidence(Side::Offer), weights),
            words: text.words,
            post,
        }
    }
}

/// A request in the index.
#[derive(Debug)]
pub(super) struct Seeker {
    pub(super) post: Demand,
    pub(super) wants: Wants,
    pub(super) wording: Wording,
    /// Where it stands on the shelf of its municipality.
    pub(super) place: usize,
}

/// An offer in the index, in one piece: what is needed to score it lies close together in memory.
#[derive(Debug)]
pub(super) struct Giver {
    pub(super) post: Supply,
    pub(super) gives: Gives,
    pub(super) given: Given,
    /// Where it stands.
    pub(super) places: Box<[Place]>,
}

/// A place on the shelf of an area.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) area: Region,
    pub(super) place: usize,
}

impl Seeker {
    /// Its areas, the widest first, and its main theme: requests for which these are alike meet the same offers.
    pub(super) fn neighbourhood(&self) -> (Option<Region>, Option<Municipality>, Option<usize>) {
        let home = home(&self.post);
        let province = areas_around(home).into_iter().nth_back(1);
        let themes = self.wants.themes.iter();
        let main = themes.max_by(|one, other| one.1.total_cmp(&other.1));
        (province, home, main.map(|(column, _)| column))
    }

    /// The request beside an offer.
    pub(super) fn beside<'a>(&'a self, asked: &'a Asked<'a>, supply: &'a Giver) -> Pair<'a> {
        Pair {
            demand: &self.post,
            wants: &self.wants,
            asked,
            supply: &supply.post,
            gives: &supply.gives,
            given: &supply.given,
        }
    }
}

impl Giver {
    /// Asks for the memory it lies in, all but its words, so that it has come when it is scored.
    pub(super) fn fetch(&self) {
        /// Worths to a cache line.
        const APART: usize = 16;
        black_box((
            self.post.standing,
            self.post.capacity_left,
            self.post.reach.first().copied(),
            self.post.organisation.as_bytes().first().copied(),
        ));
        for worth in self
            .gives
            .themes
            .iter()
            .chain(&self.gives.support)
            .step_by(APART)
        {
            black_box(*worth);
        }
    }

    /// Notes that its row on a shelf moved.
    pub(super) fn stands_now_at(&mut self, place: Place) {
        for known in &mut self.places {
            if known.area == place.area {
                *known = place;
            }
        }
    }
}
