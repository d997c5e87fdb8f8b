//! The market in memory: every open post, ranked as it changes, and the proposals that come of it.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use chrono::TimeDelta;
use domain::ids::{MatchId, OfferId, RequestId};
use domain::matches::{Match, MatchOrigin, MatchState, Voice};
use domain::offers::Offer;
use domain::posts::{PostId, PostState, Posted};
use domain::requests::Request;
use matching::{Demand, History, Index, Neighbours, Proposal, Standing, Supply, gate};
use store::matches::Inserted;
use store::{Conn, matches, offers, posts, requests};

use crate::App;
use crate::error::AppError;
use crate::introductions::{Actor, Pair};
use crate::letters::Desk;

/// Days over which an offer's introductions count as lately.
const LATELY_DAYS: i64 = 28;

/// Requests one new offer is held against the best of.
const MAX_REQUESTS: usize = 50;

/// What a full rematch did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rematched {
    /// Open requests that were ranked.
    pub requests: usize,
    /// Open offers they were ranked against.
    pub offers: usize,
    /// Proposals that are new.
    pub proposed: usize,
}

impl App {
    /// Reads every open post again: at the start, and when another process may have changed something.
    pub(crate) async fn reload_market(&self) -> Result<(), AppError> {
        let (weights, since) = (
            self.config().matching.weights.clone(),
            self.now() - TimeDelta::days(LATELY_DAYS),
        );
        let index = self
            .db()
            .read(move |conn| {
                let lately = matches::introductions_since(conn, since)?;
                let mut index = Index::new(weights);
                for request in requests::open(conn)? {
                    index.put_demand(demand(&request));
                }
                for offer in offers::open(conn)? {
                    let times = lately.get(&offer.post.id).copied().unwrap_or_default();
                    index.put_supply(supply(&offer, times));
                }
                for (request, offer) in matches::pairs(conn)? {
                    index.decline(&request.to_string(), &offer.to_string());
                }
                Ok::<_, AppError>(index)
            })
            .await?;
        *self
            .0
            .market
            .write()
            .unwrap_or_else(PoisonError::into_inner) = index;
        Ok(())
    }

    /// Takes a post as it is now into the market, or out of it, and proposes what fits.
    pub(crate) async fn market_post_changed(&self, post: PostId) -> Result<usize, AppError> {
        match post {
            PostId::Request(id) => {
                let found = self.db().read(move |conn| requests::any(conn, id)).await?;
                let mut market = self
                    .0
                    .market
                    .write()
                    .unwrap_or_else(PoisonError::into_inner);
                if found.post.life.state == PostState::Open && found.owner.is_verified() {
                    market.put_demand(demand(&found));
                } else {
                    market.remove_demand(&id.to_string());
                }
            }
            PostId::Offer(id) => self.market_offer_changed(id).await?,
        }
        self.propose(post).await
    }

    /// Takes an offer as it is now into the market, or out of it.
    pub(crate) async fn market_offer_changed(&self, id: OfferId) -> Result<(), AppError> {
        let since = self.now() - TimeDelta::days(LATELY_DAYS);
        let (found, times) = self
            .db()
            .read(move |conn| {
                let lately = matches::introductions_since(conn, since)?;
                Ok::<_, AppError>((
                    offers::any(conn, id)?,
                    lately.get(&id).copied().unwrap_or_default(),
                ))
            })
            .await?;
        let mut market = self
            .0
            .market
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if found.post.life.state == PostState::Open && found.owner.is_verified() {
            market.put_supply(supply(&found, times));
        } else {
            market.remove_supply(&id.to_string());
        }
        Ok(())
    }

    /// Notes that a pair had its match, so that the engine does not propose it again.
    pub(crate) async fn market_pair_changed(
        &self,
        request: RequestId,
        offer: OfferId,
    ) -> Result<(), AppError> {
        self.market_offer_changed(offer).await?;
        let mut market = self
            .0
            .market
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        market.decline(&request.to_string(), &offer.to_string());
        Ok(())
    }

    /// Ranks one post against the other side and stores what reaches the threshold; answers how many are new.
    pub(crate) async fn propose(&self, post: PostId) -> Result<usize, AppError> {
        let found: Vec<Proposal> = {
            let market = self.0.market.read().unwrap_or_else(PoisonError::into_inner);
            let (key, now) = (post.to_string(), self.now());
            match post {
                PostId::Request(_) => {
                    market.offers_for(&key, now, self.config().matching.max_proposals)
                }
                PostId::Offer(_) => market.requests_for(&key, now, MAX_REQUESTS),
            }
        };
        let found: Vec<Proposal> = found
            .into_iter()
            .filter(|proposal| proposal.proposed)
            .collect();
        if found.is_empty() {
            return Ok(0);
        }
        let desk = self.desk();
        let stored = self
            .db()
            .write(move |conn| {
                hold_all(conn, &found)?;
                let mut stored = Vec::new();
                for proposal in &found {
                    if keep(conn, &desk, proposal)? == Inserted::Yes {
                        stored.push((proposal.demand.clone(), proposal.supply.clone()));
                    }
                }
                Ok::<_, AppError>(stored)
            })
            .await?;
        let mut market = self
            .0
            .market
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        for (demand, supply) in &stored {
            market.decline(demand, supply);
        }
        Ok(stored.len())
    }

    /// Ranks every open request against every open offer again; `progress` hears how many of how many are done.
    ///
    /// # Errors
    /// [`AppError::Broken`] when the database cannot answer.
    pub async fn rematch(
        &self,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<Rematched, AppError> {
        self.reload_market().await?;
        let (demands, offers) = {
            let market = self.0.market.read().unwrap_or_else(PoisonError::into_inner);
            let demands: Vec<RequestId> = market
                .demands()
                .filter_map(|key| key.parse().ok())
                .collect();
            (demands, market.supplies().len())
        };
        let mut done = Rematched {
            requests: demands.len(),
            offers,
            proposed: 0,
        };
        for (index, id) in demands.iter().enumerate() {
            done.proposed += self.propose(PostId::Request(*id)).await?;
            progress(index + 1, demands.len());
        }
        Ok(done)
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
/// goes on by itself where the review dial says so.
fn keep(conn: &mut Conn, desk: &Desk, proposal: &Proposal) -> Result<Inserted, AppError> {
    let (request, offer): (RequestId, OfferId) =
        (proposal.demand.parse()?, proposal.supply.parse()?);
    let (asked, given) = (requests::any(conn, request)?, offers::any(conn, offer)?);
    if gate(&demand(&asked), &supply(&given, 0), History::Open).is_err() {
        return Ok(Inserted::Already);
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
        return Ok(Inserted::Already);
    }
    let found = Match {
        round: next_round(&earlier),
        ..new_match(desk, request, offer, proposal)?
    };
    if matches::insert(conn, &found)? == Inserted::Already {
        return Ok(Inserted::Already);
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
    Ok(Inserted::Yes)
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
