//! How the market in memory keeps up with the database: one feed of committed changes, whoever made them.
//!
//! Nothing else puts posts into the market or takes them out. A change of this process is taken in right after its
//! commit, because whoever made it follows the feed then; a change of another instance or of a command is taken in at
//! the next look. What a line of the feed names is read as it is now, so it does not matter how often it is taken in.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{OfferId, RequestId};
use domain::posts::{PostId, PostState};
use matching::{ALGORITHM, Demand, Frozen, Index, Standing, Supply, Weights};
use store::changes::{self, News, Place, Subject};
use store::{Conn, StoreError, matches, offers, posts, requests};
use tokio::time::{MissedTickBehavior, interval};

use super::{demand, supply};
use crate::App;
use crate::error::AppError;

/// Days over which an offer's introductions count as lately.
const LATELY_DAYS: i64 = 28;

/// Changes that are taken in one by one at most; for more, reading everything again is less work.
const MAX_CHANGES: usize = 5_000;

/// What a change comes to for the market in memory.
enum Fact {
    Asked(Demand),
    NotAsked(RequestId),
    Offered(Supply),
    NotOffered(OfferId),
    /// The pair has or had a match. One that lapsed comes back when everything is read again, at the next rematch.
    Met(RequestId, OfferId),
}

/// What following the feed found.
enum Found {
    Facts(Vec<Fact>, Place),
    /// Only reading everything again helps, or is quicker.
    Reload,
}

impl App {
    /// Takes in every change that was committed before this call, by this process or another.
    pub(crate) async fn follow_market(&self) -> Result<(), AppError> {
        let mut place = self.0.market_place.lock().await;
        let found = match place.clone() {
            None => Found::Reload,
            Some(from) => {
                let since = self.lately();
                self.db().read(move |conn| look(conn, &from, since)).await?
            }
        };
        *place = Some(match found {
            Found::Facts(facts, next) => {
                if !facts.is_empty() {
                    self.change_market(|market| {
                        for fact in facts {
                            take(market, fact);
                        }
                    })
                    .await?;
                }
                next
            }
            Found::Reload => self.load_market().await?,
        });
        Ok(())
    }

    /// Reads every open post again, and what may be proposed once more.
    pub(crate) async fn reload_market(&self) -> Result<(), AppError> {
        *self.0.market_place.lock().await = Some(self.load_market().await?);
        Ok(())
    }

    /// Follows the feed for ever. A fault is logged and tried again at the next look: nothing is skipped, because the
    /// place in the feed moves on only after its changes are taken in.
    pub(crate) async fn keep_following(&self) {
        let mut looks = interval(Duration::from_millis(
            self.config().jobs.follow_milliseconds,
        ));
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            if let Err(error) = self.follow_market().await {
                tracing::error!(%error, "the market in memory could not follow the database");
            }
        }
    }

    /// Fills the market from the database; the place in the feed is taken first, so that what changes while the posts
    /// are read is taken in after.
    async fn load_market(&self) -> Result<Place, AppError> {
        let (weights, since) = (self.config().matching.weights.clone(), self.lately());
        let (place, index) = self
            .db()
            .read(move |conn| {
                Ok::<_, AppError>((changes::here(conn)?, read(conn, weights, since)?))
            })
            .await?;
        self.change_market(|market| *market = index).await?;
        Ok(place)
    }

    pub(super) fn lately(&self) -> DateTime<Utc> {
        self.now() - TimeDelta::days(LATELY_DAYS)
    }
}

/// The whole market as the database has it now.
fn read(conn: &mut Conn, weights: Weights, since: DateTime<Utc>) -> Result<Index, AppError> {
    let rows = freeze(conn, since)?;
    let mut index = Index::new(weights);
    for demand in rows.demands {
        index.put_demand(demand);
    }
    for supply in rows.supplies {
        index.put_supply(supply);
    }
    for (request, offer) in rows.met {
        index.decline(&request.to_string(), &offer.to_string());
    }
    Ok(index)
}

/// Everything that ranking depends on, as the database has it.
pub(super) struct Rows {
    demands: Vec<Demand>,
    supplies: Vec<Supply>,
    /// Pairs that are not proposed again, also of posts that are not open now.
    met: Vec<(RequestId, OfferId)>,
}

/// Reads everything that ranking depends on, in the order of ids.
pub(super) fn freeze(conn: &mut Conn, since: DateTime<Utc>) -> Result<Rows, AppError> {
    let lately = matches::introductions_since(conn, since)?;
    let supplies = offers::open(conn)?;
    let supplies = supplies.iter().map(|offer| {
        let times = lately.get(&offer.post.id).copied().unwrap_or_default();
        supply(offer, times)
    });
    Ok(Rows {
        demands: requests::open(conn)?.iter().map(demand).collect(),
        supplies: supplies.collect(),
        met: matches::pairs(conn)?,
    })
}

impl Rows {
    /// The inputs of a run: what may be matched, without pairs of posts that are not there.
    pub(super) fn frozen(self, at: DateTime<Utc>, limit: usize, weights: Weights) -> Frozen {
        let live = |standing| standing == Standing::Live;
        let mut demands = self.demands;
        demands.retain(|demand| live(demand.standing));
        let mut supplies = self.supplies;
        supplies.retain(|supply| live(supply.standing));
        let asked: BTreeSet<&str> = demands.iter().map(|demand| demand.key.as_str()).collect();
        let given: BTreeSet<&str> = supplies.iter().map(|supply| supply.key.as_str()).collect();
        let mut declined: Vec<(String, String)> = self
            .met
            .iter()
            .map(|(request, offer)| (request.to_string(), offer.to_string()))
            .filter(|(request, offer)| {
                asked.contains(request.as_str()) && given.contains(offer.as_str())
            })
            .collect();
        declined.sort();
        Frozen {
            algorithm: ALGORITHM.to_owned(),
            at,
            limit,
            weights,
            declined,
            demands,
            supplies,
        }
    }
}

/// What changed since a place in the feed, as it is now.
fn look(conn: &mut Conn, from: &Place, since: DateTime<Utc>) -> Result<Found, AppError> {
    let (changed, next) = match changes::since(conn, from)? {
        News::Changed(changed, next) if changed.len() <= MAX_CHANGES => (changed, next),
        News::Changed(..) | News::Lost => return Ok(Found::Reload),
    };
    let (mut ids, mut facts) = (BTreeSet::new(), Vec::new());
    for subject in changed {
        match subject {
            Subject::Post(id) => {
                ids.insert(id);
            }
            Subject::Organisation(id) => {
                let open = posts::of_organisation(conn, id, PostState::Open)?;
                ids.extend(open.iter().map(|post| post.id));
            }
            Subject::Match(id) => {
                facts.extend(
                    there(matches::find(conn, id))?
                        .map(|found| Fact::Met(found.request, found.offer)),
                );
            }
        }
    }
    for id in ids {
        facts.push(now(conn, id, since)?);
    }
    Ok(Found::Facts(facts, next))
}

/// What a post is to the market now.
fn now(conn: &mut Conn, id: PostId, since: DateTime<Utc>) -> Result<Fact, StoreError> {
    let live = |standing| standing == Standing::Live;
    Ok(match id {
        PostId::Request(id) => there(requests::any(conn, id))?
            .map(|found| demand(&found))
            .filter(|found| live(found.standing))
            .map_or(Fact::NotAsked(id), Fact::Asked),
        PostId::Offer(id) => {
            let times = matches::introductions_of(conn, id, since)?;
            there(offers::any(conn, id))?
                .map(|found| supply(&found, times))
                .filter(|found| live(found.standing))
                .map_or(Fact::NotOffered(id), Fact::Offered)
        }
    })
}

/// What is not there any more must not keep the rest of the feed from being read.
fn there<T>(found: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match found {
        Err(StoreError::NotFound) => Ok(None),
        other => other.map(Some),
    }
}

fn take(market: &mut Index, fact: Fact) {
    match fact {
        Fact::Asked(demand) => market.put_demand(demand),
        Fact::NotAsked(id) => market.remove_demand(&id.to_string()),
        Fact::Offered(supply) => market.put_supply(supply),
        Fact::NotOffered(id) => market.remove_supply(&id.to_string()),
        Fact::Met(request, offer) => market.decline(&request.to_string(), &offer.to_string()),
    }
}
