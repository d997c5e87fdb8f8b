//! Digests: when a subscriber is told something, and which posts and matches are news to them.
//!
//! An item is told once to one person, whatever subscriptions they have; [`Item`] is what is remembered of it. Who was
//! told that a post waits in vain is not told of it as new any more; who was told of it as new is told later, once, that
//! it waits in vain.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveTime, TimeDelta, Timelike, Utc, Weekday};
use chrono_tz::Europe::Amsterdam;

use crate::ids::{MatchId, OrganisationId, SubscriptionId, as_text};
use crate::invalid::Invalid;
use crate::phase::Phase;
use crate::posts::{PostId, PostKind};
use crate::region::{Municipality, Region};
use crate::subscriptions::{Frequency, NewsKind, Subscription};
use crate::support::Support;
use crate::theme::Theme;

/// Days a post is open without a match before it is missing something.
pub const GAP_DAYS: i64 = 14;

/// Days an introduction is news.
pub const MATCH_NEWS_DAYS: i64 = 28;

/// The most items one letter names, so that mail programs show it whole; what is left stands in the next letter.
pub const MAX_ITEMS: usize = 400;

/// The hour in the Netherlands at which daily and weekly letters are written.
const LETTER_HOUR: u32 = 8;

/// The first hour in the Netherlands at which nobody is told at once, and the first at which they are again.
const QUIET_FROM: u32 = 21;
const QUIET_UNTIL: u32 = 7;

/// Whether it is evening or night in the Netherlands: then nobody is told at once.
pub fn is_quiet(now: DateTime<Utc>) -> bool {
    !(QUIET_UNTIL..QUIET_FROM).contains(&now.with_timezone(&Amsterdam).hour())
}

/// When the next letter of a subscription is due that was made, changed or served at `now`: at once, or at the next
/// morning of its frequency, in Dutch local time.
pub fn next_due(frequency: Frequency, now: DateTime<Utc>) -> DateTime<Utc> {
    let is_day = |day: Weekday| frequency == Frequency::Daily || day == Weekday::Mon;
    if frequency == Frequency::Immediate {
        return now;
    }
    let today = now.with_timezone(&Amsterdam).date_naive();
    (0..=7)
        .filter_map(|days| today.checked_add_days(Days::new(days)))
        .filter(|day| is_day(day.weekday()))
        .filter_map(|day| {
            let morning = day.and_time(NaiveTime::from_hms_opt(LETTER_HOUR, 0, 0)?);
            Some(morning.and_local_timezone(Amsterdam).earliest()?.to_utc())
        })
        .find(|morning| *morning > now)
        .unwrap_or(now + TimeDelta::days(1))
}

/// From when on something is news for a subscription of this frequency that was made or changed at `now`. Who is told at
/// once hears what comes from now on; an overview begins with what there is.
pub fn news_from(frequency: Frequency, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (frequency == Frequency::Immediate).then_some(now)
}

/// What is remembered of something that was told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// A post is open.
    Post(PostId),
    /// A post waits in vain.
    Gap(PostId),
    /// Two parties met.
    Match(MatchId),
}

/// What a gap begins with, before the id of its post.
const GAP: &str = "gap_";

impl std::str::FromStr for Item {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text.strip_prefix(GAP) {
            Some(post) => post.parse().map(Self::Gap),
            None => text
                .parse()
                .map(Self::Post)
                .or_else(|_not_a_post: Invalid| text.parse().map(Self::Match)),
        }
    }
}

as_text!(Item, |this| match this {
    Item::Post(id) => id.to_string(),
    Item::Gap(id) => format!("{GAP}{id}"),
    Item::Match(id) => id.to_string(),
});

/// An open post of a verified organisation, as far as filters look at it.
#[derive(Debug, Clone, PartialEq)]
pub struct PostFacts {
    /// Its id.
    pub id: PostId,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Since when it is open.
    pub opened_at: DateTime<Utc>,
    /// The municipality of a request, or the reach of an offer.
    pub areas: Vec<Region>,
    /// What it is about.
    pub themes: Vec<Theme>,
    /// The phase of a request, or the phases an offer is made for.
    pub phases: Vec<Phase>,
    /// The help that is asked or given.
    pub support: Vec<Support>,
    /// The best score of any match it ever had; `None` when it had none.
    pub best_score: Option<f64>,
}

/// A match whose parties met, as far as filters look at it: it passes them as its request does.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchFacts {
    /// Its id.
    pub id: MatchId,
    /// Whose posts these are: who asks and who offers.
    pub organisations: [OrganisationId; 2],
    /// The request and the offer.
    pub posts: [PostId; 2],
    /// Since when it is what it is.
    pub since: DateTime<Utc>,
    /// Its score, 0 to 1.
    pub score: f64,
    /// The municipality of the request.
    pub municipality: Municipality,
    /// What the request is about.
    pub themes: Vec<Theme>,
    /// The phase of the request.
    pub phase: Option<Phase>,
    /// The help that is asked.
    pub support: Vec<Support>,
}

/// What posts of one kind must name to pass a filter, with areas and themes written out as posts name them. An empty
/// list lets everything pass.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Written {
    /// Areas.
    pub areas: BTreeSet<Region>,
    /// Themes, with their sub-themes.
    pub themes: BTreeSet<Theme>,
}

/// A subscription that is ready to be compared with what there is.
#[derive(Debug, Clone, PartialEq)]
pub struct Watch {
    /// The subscription.
    pub subscription: Subscription,
    /// Whose own posts are no news to them.
    pub organisation: OrganisationId,
    /// What requests must name.
    pub of_requests: Written,
    /// What offers must name.
    pub of_offers: Written,
}

/// What a filter looks at.
struct Named<'a> {
    kind: PostKind,
    areas: &'a [Region],
    themes: &'a [Theme],
    phases: &'a [Phase],
    support: &'a [Support],
}

impl Watch {
    /// The subscription.
    pub fn id(&self) -> SubscriptionId {
        self.subscription.id
    }

    /// What this post is to the subscriber at `now`; nothing when it is not for them. That it waits in vain is said
    /// instead of that it is there.
    pub fn news_of_post(&self, post: &PostFacts, now: DateTime<Utc>) -> Option<Item> {
        let named = Named {
            kind: post.id.kind(),
            areas: &post.areas,
            themes: &post.themes,
            phases: &post.phases,
            support: &post.support,
        };
        if post.organisation == self.organisation || !self.passes(&named) {
            return None;
        }
        let gap_since = post.opened_at + TimeDelta::days(GAP_DAYS);
        let unmatched = post
            .best_score
            .is_none_or(|score| score < self.subscription.content.minimum_score);
        if self.follows(NewsKind::Gaps) && unmatched && gap_since <= now && self.is_new(gap_since) {
            return Some(Item::Gap(post.id));
        }
        let kind = match post.id.kind() {
            PostKind::Request => NewsKind::Requests,
            PostKind::Offer => NewsKind::Offers,
        };
        (self.follows(kind) && self.is_new(post.opened_at)).then_some(Item::Post(post.id))
    }

    /// Whether this match is for the subscriber.
    pub fn is_for_match(&self, found: &MatchFacts) -> bool {
        let named = Named {
            kind: PostKind::Request,
            areas: &[Region::Municipality(found.municipality)],
            themes: &found.themes,
            phases: found.phase.as_slice(),
            support: &found.support,
        };
        self.follows(NewsKind::Matches)
            && !found.organisations.contains(&self.organisation)
            && found.score >= self.subscription.content.minimum_score
            && self.is_new(found.since)
            && self.passes(&named)
    }

    fn follows(&self, kind: NewsKind) -> bool {
        self.subscription.content.kinds.contains(&kind)
    }

    fn is_new(&self, at: DateTime<Utc>) -> bool {
        self.subscription.news_from.is_none_or(|from| at >= from)
    }

    /// The same answer as the filters of the public lists give.
    fn passes(&self, named: &Named<'_>) -> bool {
        let (content, written) = (&self.subscription.content, self.written(named.kind));
        // An offer without phases is made for all of them.
        let any_phase = named.kind == PostKind::Offer && named.phases.is_empty();
        meets(&written.areas, named.areas)
            && meets(&written.themes, named.themes)
            && (any_phase || one_of(&content.phases, named.phases))
            && one_of(&content.support, named.support)
    }

    fn written(&self, kind: PostKind) -> &Written {
        match kind {
            PostKind::Request => &self.of_requests,
            PostKind::Offer => &self.of_offers,
        }
    }
}

impl Item {
    /// What is remembered when this is told: who hears that a post waits in vain, knows that it is there.
    pub fn remembered(self) -> Vec<Self> {
        match self {
            Self::Gap(id) => vec![self, Self::Post(id)],
            Self::Post(_) | Self::Match(_) => vec![self],
        }
    }
}

fn meets<T: Ord>(wanted: &BTreeSet<T>, named: &[T]) -> bool {
    wanted.is_empty() || named.iter().any(|each| wanted.contains(each))
}

fn one_of<T: PartialEq>(wanted: &[T], named: &[T]) -> bool {
    wanted.is_empty() || named.iter().any(|each| wanted.contains(each))
}

#[cfg(test)]
mod tests;
