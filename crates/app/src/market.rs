//! The market in memory: every open post, ranked as it changes, and the proposals that come of it.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use chrono::{DateTime, Utc};
use domain::ids::{MatchId, OfferId, RequestId};
use domain::matches::{Match, MatchOrigin, MatchState, Voice};
use domain::offers::Offer;
use domain::posts::{PostId, PostState, Posted};
use domain::requests::Request;
use matching::{Demand, History, Index, Neighbours, Proposal, Standing, Supply, gate};
use store::matches::Inserted;
use store::{Conn, matches, offers, posts, requests};
use tokio::task::spawn_blocking;

use crate::App;
use crate::error::AppError;
use crate::introductions::{Actor, Pair};
use crate::letters::Desk;

mod following;
mod rematching;

pub use rematching::Rematched;

/// Requests one new offer is held against the best of.
const MAX_REQUESTS: usize = 50;

impl App {
    /// Asks the market in memory something, on a thread where computing may take a while.
    pub(crate) async fn ask_market<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Index) -> T + Send + 'static,
    ) -> Result<T, AppError> {
        let app = self.clone();
        let answer = spawn_blocking(move || {
            question(&app.0.market.read().unwrap_or_else(PoisonError::into_inner))
        });
        Ok(answer.await?)
    }

    /// Changes the market in memory, on a thread where waiting for those who read it is allowed.
    async fn change_market(
        &self,
        change: impl FnOnce(&mut Index) + Send + 'static,
    ) -> Result<(), AppError> {
        let app = self.clone();
        let answer = spawn_blocking(move || {
            change(&mut app.0.market.write().unwrap_or_else(PoisonError::into_inner));
        });
        Ok(answer.await?)
    }

    /// Takes in a post that this process changed, and proposes what fits; answers how many proposals are new.
    ///
    /// Only who changed a post proposes for it. Of two who change at once, in whatever processes, the last to commit
    /// finds the other's post in the feed, so no pair is overlooked; and a pair that both find is stored once.
    pub(crate) async fn market_post_changed(&self, post: PostId) -> Result<usize, AppError> {
        self.follow_market().await?;
        let (now, limit) = (self.now(), self.config().matching.max_proposals);
        let limit = match post {
            PostId::Request(_) => limit,
            PostId::Offer(_) => MAX_REQUESTS,
        };
        let found = self
            .ask_market(move |market| ranked(market, post, now, limit))
            .await?;
        Ok(self.store_proposals(found).await?.len())
    }

    /// Stores those of a post's proposals that may still be; answers the new ones.
    async fn store_proposals(&self, found: Vec<Proposal>) -> Result<Vec<MatchId>, AppError> {
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let desk = self.desk();
        self.db()
            .write(move |conn| {
                hold_all(conn, &found)?;
                let mut stored = Vec::new();
                for proposal in &found {
                    stored.extend(keep(conn, &desk, proposal)?);
                }
                Ok(stored)
            })
            .await
    }
}

/// What reaches the threshold for one post, best first, at most `limit`.
fn ranked(market: &Index, post: PostId, now: DateTime<Utc>, limit: usize) -> Vec<Proposal> {
    let mut found = best(market, post, now, limit);
    found.retain(|proposal| proposal.proposed);
    found
}

/// What passes the gates for one post, best first, at most `limit`; nothing for a post that is not in the market.
pub(crate) fn best(
    market: &Index,
    post: PostId,
    now: DateTime<Utc>,
    limit: usize,
) -> Vec<Proposal> {
    match post {
        PostId::Request(id) => market.offers_for(&id.to_string(), now, limit),
        PostId::Offer(id) => market.requests_for(&id.to_string(), now, limit),
    }
}

/// Holds every post of these proposals, in the one order in which posts are held.
fn hold_all(conn: &mut Conn, found: &[Proposal]) -> Result<(), AppError> {
    let mut ids = BTreeSet::new();
    for proposal in found {
        ids.insert(proposal.demand.parse::<PostId>()?);
        ids.insert(proposal.supply.parse::<PostId>()?);
    }
    for id in ids {
        posts::hold(conn, id)?;
    }
    Ok(())
}

/// Stores a proposal of posts that are held, if the gates still let it through and the request has room for one more;
/// goes on by itself where the review dial says so. Nothing when it may not be stored.
fn keep(conn: &mut Conn, desk: &Desk, proposal: &Proposal) -> Result<Option<MatchId>, AppError> {
    let (request, offer): (RequestId, OfferId) =
        (proposal.demand.parse()?, proposal.supply.parse()?);
    let (asked, given) = (requests::any(conn, request)?, offers::any(conn, offer)?);
    if gate(&demand(&asked), &supply(&given, 0), History::Open).is_err() {
        return Ok(None);
    }
    let live: Vec<MatchState> = MatchState::ALL
        .iter()
        .copied()
        .filter(|state| state.lapses())
        .collect();
    let going = matches::of_post(conn, PostId::Request(request), &live)?.len();
    let earlier = matches::of_pair(conn, request, offer)?;
    let had_its_chance = earlier
        .iter()
        .any(|found| found.state != MatchState::Lapsed);
    if going >= desk.config().matching.max_proposals || had_its_chance {
        return Ok(None);
    }
    let found = Match {
        round: next_round(&earlier),
        ..new_match(desk, request, offer, proposal)?
    };
    if matches::insert(conn, &found)? == Inserted::Already {
        return Ok(None);
    }
    let municipality = asked.post.content.municipality;
    if desk
        .config()
        .matching
        .skips_review(municipality, found.explanation.score)
    {
        let mut pair = Pair::hold(conn, found.id)?;
        pair.step(pair.found.moved(MatchState::Approved, desk.now))?;
        pair.keep(conn, Actor::Itself, desk.now)?;
        pair.invite(conn, desk, Actor::Itself)?;
    }
    Ok(Some(found.id))
}

/// The round of a pair's next match, from its earlier ones, the latest first.
pub(crate) fn next_round(earlier: &[Match]) -> i32 {
    earlier.first().map_or(1, |last| last.round + 1)
}

/// A match as it begins, with everything that made its score.
pub(crate) fn new_match(
    desk: &Desk,
    request: RequestId,
    offer: OfferId,
    proposal: &Proposal,
) -> Result<Match, AppError> {
    Ok(Match {
        id: MatchId::new(desk.now),
        request,
        offer,
        round: 1,
        origin: MatchOrigin::Engine,
        state: MatchState::Proposed,
        since: desk.now,
        explanation: proposal.explanation.clone(),
        weights: serde_json::to_string(&desk.config().matching.weights)
            .map_err(|error| AppError::Broken(error.into()))?,
        asker: Voice::default(),
        giver: Voice::default(),
        reason: String::new(),
        note: String::new(),
        declined_by: None,
        reviewed_by: None,
        told: None,
        created_at: desk.now,
        version: 1,
    })
}

fn standing(state: PostState, verified: bool) -> Standing {
    match (state, verified) {
        (PostState::Open, true) => Standing::Live,
        (_, false) => Standing::NotVerified,
        _ => Standing::NotOpen,
    }
}

/// What the engine knows of a request.
pub(crate) fn demand(found: &Posted<Request>) -> Demand {
    let content = &found.post.content;
    Demand {
        key: found.post.id.to_string(),
        organisation: found.post.organisation.to_string(),
        title: content.title.to_string(),
        body: content.body.to_string(),
        municipality: Some(content.municipality),
        themes: content.themes.clone(),
        phase: content.phase,
        support: content.support.clone(),
        opened_at: found.post.life.opened_at,
        standing: standing(found.post.life.state, found.owner.is_verified()),
    }
}

/// What the engine knows of an offer that was introduced this often lately.
pub(crate) fn supply(found: &Posted<Offer>, introduced_lately: u32) -> Supply {
    let content = &found.post.content;
    Supply {
        key: found.post.id.to_string(),
        organisation: found.post.organisation.to_string(),
        title: content.title.to_string(),
        body: content.body.to_string(),
        reach: content.reach.clone(),
        neighbours: if content.neighbours {
            Neighbours::Included
        } else {
            Neighbours::Excluded
        },
        themes: content.themes.clone(),
        phases: content.phases.clone(),
        support: content.support.clone(),
        capacity_left: found.post.capacity_left(),
        introduced_lately,
        standing: standing(found.post.life.state, found.owner.is_verified()),
    }
}
