//! What the script of the three roles did, written down while it does it; the figures are counted from nothing else.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::posts::{Draft, Kind};

/// When something is done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moment {
    pub(super) at: DateTime<Utc>,
    /// The day it is then in the Netherlands.
    pub(super) day: &'static str,
}

/// A post that was placed.
#[derive(Debug)]
pub(super) struct Post {
    pub(super) draft: &'static Draft,
    pub(super) id: String,
    /// The name of its organisation.
    pub(super) owner: &'static str,
    pub(super) placed: Moment,
    /// When it opened; nothing where its organisation was never verified.
    pub(super) opened: Option<DateTime<Utc>>,
    /// Why it was closed; nothing where it was not.
    pub(super) closed: Option<&'static str>,
}

/// A pair that was proposed, or made by hand.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) request: &'static str,
    pub(super) offer: &'static str,
    pub(super) origin: Origin,
    pub(super) made: Moment,
    pub(super) reviewed: Option<DateTime<Utc>>,
    pub(super) invited: Option<DateTime<Utc>>,
    pub(super) introduced: Option<DateTime<Utc>>,
    pub(super) state: &'static str,
    /// Why it ended so.
    pub(super) reason: &'static str,
}

/// Who brought a pair together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Engine,
    ByHand,
}

/// Everything that was done.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// The ids of the organisations, by their name.
    pub(super) organisations: BTreeMap<&'static str, String>,
    pub(super) posts: Vec<Post>,
    /// In the order in which they were made.
    pub(super) pairs: Vec<Pair>,
}

impl Tally {
    /// A post by its title.
    #[track_caller]
    pub(super) fn post(&self, title: &str) -> &Post {
        let found = self.posts.iter().find(|post| post.draft.title == title);
        found.unwrap_or_else(|| panic!("{title} was not placed"))
    }

    /// A post by its title, to change it.
    #[track_caller]
    pub(super) fn post_mut(&mut self, title: &str) -> &mut Post {
        let found = self.posts.iter_mut().find(|post| post.draft.title == title);
        found.unwrap_or_else(|| panic!("{title} was not placed"))
    }

    /// A pair by its titles.
    #[track_caller]
    pub(super) fn pair_mut(&mut self, of: [&str; 2]) -> &mut Pair {
        let found = self.pairs.iter_mut().find(|pair| pair.titles() == of);
        found.unwrap_or_else(|| panic!("{of:?} was not proposed"))
    }

    /// Writes down that a pair came to be.
    pub(super) fn paired(&mut self, of: [&'static str; 2], origin: Origin, made: Moment) {
        let by_hand = (origin == Origin::ByHand).then_some(made.at);
        self.pairs.push(Pair {
            request: of[0],
            offer: of[1],
            origin,
            made,
            reviewed: by_hand,
            invited: by_hand,
            introduced: None,
            state: if by_hand.is_some() {
                "invited"
            } else {
                "proposed"
            },
            reason: "",
        });
    }

    /// Whether a post was introduced at any time.
    pub(super) fn was_introduced(&self, post: &Post) -> bool {
        let title = post.draft.title;
        let mut own = self.pairs.iter().filter(|pair| pair.is_of(title));
        own.any(|pair| pair.introduced.is_some())
    }

    /// The open posts of a kind.
    pub(super) fn open(&self, kind: Kind) -> Vec<&Post> {
        let is_open = |post: &&Post| post.opened.is_some() && post.closed.is_none();
        let own = self.posts.iter().filter(|post| post.draft.kind == kind);
        own.filter(is_open).collect()
    }

    /// Which gate refuses a pair of open posts, in the order in which the gates are tried; `None` when it passes.
    pub(super) fn gate(&self, request: &Post, offer: &Post) -> Option<&'static str> {
        let (asked, given) = (request.draft, offer.draft);
        let of_offer = self.pairs.iter().filter(|pair| pair.offer == given.title);
        let carried = of_offer.filter(|pair| pair.state == "introduced").count();
        let pair = [asked.title, given.title];
        let mut tried = self.pairs.iter().filter(|found| found.titles() == pair);
        let reaches = |place: &&str| {
            ["NL", place]
                .iter()
                .any(|code| given.place.holds.contains(code))
        };
        if request.owner == offer.owner {
            Some("sameOrganisation")
        } else if carried == given.capacity {
            Some("noCapacity")
        } else if tried.any(|found| found.state != "lapsed") {
            Some("declinedBefore")
        } else if !asked.place.holds.iter().all(reaches) {
            Some("outOfReach")
        } else {
            None
        }
    }

    /// Every pair with its state, as a coordinator should see it.
    pub(super) fn states(&self) -> Vec<[String; 3]> {
        let told = |pair: &Pair| [pair.request, pair.offer, pair.state].map(str::to_owned);
        let mut states: Vec<_> = self.pairs.iter().map(told).collect();
        states.sort();
        states
    }
}

impl Pair {
    /// The request and the offer.
    pub(super) fn titles(&self) -> [&'static str; 2] {
        [self.request, self.offer]
    }

    pub(super) fn is_of(&self, title: &str) -> bool {
        self.titles().contains(&title)
    }

    /// The pair is in another state.
    pub(super) fn becomes(&mut self, state: &'static str) {
        self.state = state;
    }

    /// The pair ended, and why.
    pub(super) fn ends(&mut self, state: &'static str, reason: &'static str) {
        self.state = state;
        self.reason = reason;
    }
}
