//! What a digest says: chosen from what there is, and put into words that name nobody.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use domain::digests::{Item, MATCH_NEWS_DAYS, MatchFacts, PostFacts, Watch, Written};
use domain::dutch::{pages, subscriptions as words};
use domain::ids::{MatchId, OrganisationId};
use domain::posts::{PostFilter, PostId, PostKind};
use domain::region::Region;
use domain::subscriptions::{NewsKind, Subscription};
use domain::theme::Theme;
use mail::{DigestItem, DigestSection};
use regions::Regions;
use store::{Conn, StoreError, digests};

use crate::letters::Desk;
use crate::links::list_path;
use crate::places;

/// How many areas of an offer a letter names.
const AREAS_IN_LETTER: usize = 3;

/// Everything there is to tell, read once for all subscribers.
pub(crate) struct News {
    now: DateTime<Utc>,
    posts: BTreeMap<PostId, PostFacts>,
    /// Their ids, the last opened first.
    newest: Vec<PostId>,
    matches: BTreeMap<MatchId, MatchFacts>,
}

impl News {
    /// Reads what there is now.
    pub(crate) fn read(conn: &mut Conn, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let posts = digests::open_posts(conn)?;
        let met = digests::met(conn, now - TimeDelta::days(MATCH_NEWS_DAYS))?;
        let mut newest: Vec<_> = posts.iter().map(|post| (post.opened_at, post.id)).collect();
        newest.sort_by_key(|opened| Reverse(*opened));
        Ok(Self {
            now,
            newest: newest.into_iter().map(|(_, id)| id).collect(),
            posts: posts.into_iter().map(|post| (post.id, post)).collect(),
            matches: met.into_iter().map(|found| (found.id, found)).collect(),
        })
    }

    /// What is for a subscriber who was told `told`: matches first, then the newest posts.
    pub(crate) fn items_for(&self, watch: &Watch, told: &BTreeSet<Item>) -> Vec<Item> {
        let met = self.matches.values().rev();
        let met = met
            .filter(|found| watch.is_for_match(found))
            .map(|found| Item::Match(found.id));
        let posts = self.newest.iter().filter_map(|id| self.posts.get(id));
        let posts = posts.filter_map(|post| watch.news_of_post(post, self.now));
        met.chain(posts)
            .filter(|item| !told.contains(item))
            .collect()
    }

    /// The posts that must still be open for these items to be told in full.
    pub(crate) fn posts_of(&self, items: &[Item]) -> BTreeSet<PostId> {
        let mut found = BTreeSet::new();
        for item in items {
            match item {
                Item::Post(id) | Item::Gap(id) => {
                    found.insert(*id);
                }
                Item::Match(id) => {
                    found.extend(self.matches.get(id).map(|met| met.posts).iter().flatten());
                }
            }
        }
        found
    }

    /// An item in words, under the kind it belongs to; nothing when its post is not open any more.
    pub(crate) fn worded(
        &self,
        desk: &Desk,
        item: Item,
        titles: &BTreeMap<PostId, String>,
    ) -> Option<(NewsKind, DigestItem)> {
        match item {
            Item::Match(id) => Some((NewsKind::Matches, met(desk, self.matches.get(&id)?, titles))),
            Item::Post(id) | Item::Gap(id) => {
                let (post, title) = (self.posts.get(&id)?, titles.get(&id)?);
                let (kind, called) = match (item, id.kind()) {
                    (Item::Gap(_), kind) => (NewsKind::Gaps, words::post(kind)),
                    (_, PostKind::Request) => (NewsKind::Requests, ""),
                    (_, PostKind::Offer) => (NewsKind::Offers, ""),
                };
                let areas: Vec<String> = post.areas.iter().copied().map(label).collect();
                let place = pages::reach(&areas, AREAS_IN_LETTER);
                let worded = DigestItem {
                    title: title.into(),
                    about: about(called, place, &post.themes).into(),
                    link: Some(page(desk, id)),
                };
                Some((kind, worded))
            }
        }
    }
}

/// Two parties that met: where and about what, with the titles that everyone may still read.
fn met(desk: &Desk, found: &MatchFacts, titles: &BTreeMap<PostId, String>) -> DigestItem {
    let [request, offer] = found.posts;
    let title = |id| titles.get(&id).map(String::as_str);
    let place = label(Region::Municipality(found.municipality));
    DigestItem {
        title: words::pair(title(request), title(offer)).into(),
        about: about("", place, &found.themes).into(),
        link: titles.contains_key(&request).then(|| page(desk, request)),
    }
}

fn about(called: &str, place: String, themes: &[Theme]) -> String {
    let mut parts = vec![called.to_owned(), place];
    parts.extend(themes.iter().map(|theme| theme.lower().to_owned()));
    words::about(&parts)
}

fn label(region: Region) -> String {
    Regions::shipped().label(region)
}

fn page(desk: &Desk, id: PostId) -> String {
    desk.address(&format!("{}/{id}", list_path(id.kind())))
}

/// Items under their kinds, in the order of the kinds.
pub(crate) fn sections(worded: Vec<(NewsKind, DigestItem)>) -> Vec<DigestSection> {
    let mut by_kind: BTreeMap<NewsKind, Vec<DigestItem>> = BTreeMap::new();
    for (kind, item) in worded {
        by_kind.entry(kind).or_default().push(item);
    }
    by_kind
        .into_iter()
        .map(|(kind, items)| DigestSection { kind, items })
        .collect()
}

/// A subscription made ready, with its areas and themes written out as the public lists do.
pub(crate) fn watch(subscription: Subscription, organisation: OrganisationId) -> Watch {
    let content = &subscription.content;
    let written = |kind| {
        let filter = PostFilter {
            areas: content.regions.clone(),
            themes: content.themes.clone(),
            ..PostFilter::default()
        };
        let wide = places::widened(filter, kind);
        Written {
            areas: wide.areas.into_iter().collect(),
            themes: wide.themes.into_iter().collect(),
        }
    };
    Watch {
        of_requests: written(PostKind::Request),
        of_offers: written(PostKind::Offer),
        organisation,
        subscription,
    }
}
