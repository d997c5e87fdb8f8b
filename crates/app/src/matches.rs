//! Matches: the coordinators' queue, matches made by hand, and what a party sees of its own.

use domain::ids::{MatchId, OfferId, RequestId};
use domain::matches::{Match, MatchOrigin, MatchState, Side};
use domain::members::{Member, Viewer};
use domain::offers::Offer;
use domain::posts::{PostId, Posted};
use domain::region::{Municipality, Region};
use domain::requests::Request;
use matching::{History, Proposal, gate, rank};
use store::matches::{Inserted, Queue};
use store::{Conn, Page, Slice, matches, offers, requests};

use crate::App;
use crate::coordination::{check_region, municipalities};
use crate::error::{AppError, Conflict};
use crate::introductions::{Actor, Pair};
use crate::market::{demand, new_match, next_round, supply};
use crate::reviews::{Claim, by_value, with_claims};
use crate::tokens::{coordinator, signed_in};

/// A match with its two posts, as a party or a coordinator may see it.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchView {
    /// The match.
    pub found: Match,
    /// The request.
    pub request: Posted<Request>,
    /// The offer.
    pub offer: Posted<Offer>,
    /// The people to speak to, asker first: only after both were introduced, and only for the two parties.
    pub contacts: Option<[Member; 2]>,
    /// The side the viewer is on; `None` for a coordinator.
    pub side: Option<Side>,
    /// Which coordinator is looking at it now; only for coordinators, and only where it is listed or claimed.
    pub claim: Option<Claim>,
}

/// Which matches a list shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MatchFilter {
    /// States of which a match must be in one; empty is any.
    pub states: Vec<MatchState>,
    /// The area the request must lie in.
    pub region: Option<Region>,
}

impl App {
    /// A page of matches: for a coordinator those in their regions, for a member those of their organisation; newest
    /// first, but what waits for review in the order of what it is worth.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`] for anyone.
    pub async fn list_matches(
        &self,
        viewer: &Viewer,
        filter: MatchFilter,
        slice: Slice,
    ) -> Result<Page<MatchView>, AppError> {
        let member = signed_in(viewer)?.clone();
        let viewer = viewer.clone();
        let queue = Queue {
            states: filter.states,
            municipalities: municipalities(&member, filter.region)
                .map(|codes| codes.into_iter().map(String::from).collect()),
            party: (!member.coordinates()).then_some(member.organisation),
        };
        let now = self.now();
        let is_queue = member.coordinates() && queue.states == [MatchState::Proposed];
        self.db()
            .read(move |conn| {
                let page = if is_queue {
                    by_value(conn, &queue, &slice)?
                } else {
                    matches::page(conn, &queue, &slice)?.map(|found| found.id)
                };
                let mut items = Vec::new();
                for id in page.items {
                    items.push(view(Pair::read(conn, id)?, &viewer)?);
                }
                Ok(Page {
                    items: with_claims(conn, items, &viewer, now)?,
                    next: page.next,
                })
            })
            .await
    }

    /// One match, for its parties and for coordinators.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for everybody else.
    pub async fn find_match(&self, viewer: &Viewer, id: MatchId) -> Result<MatchView, AppError> {
        signed_in(viewer)?;
        let (viewer, now) = (viewer.clone(), self.now());
        self.db()
            .read(move |conn| {
                let seen = view(Pair::read(conn, id)?, &viewer)?;
                let claimed = with_claims(conn, vec![seen], &viewer, now)?;
                claimed.into_iter().next().ok_or(AppError::NotFound)
            })
            .await
    }

    /// Makes a match by hand; it starts approved, so both sides are asked at once.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who does not coordinate; [`Conflict::MatchGoing`] when the pair has a live match;
    /// [`Conflict::Refused`] when a gate refuses the pair, except that an earlier no does not bind a coordinator.
    pub async fn match_by_hand(
        &self,
        viewer: &Viewer,
        request: RequestId,
        offer: OfferId,
    ) -> Result<MatchView, AppError> {
        let by = coordinator(viewer)?.id;
        let (viewer, desk) = (viewer.clone(), self.desk());
        self.db()
            .write(move |conn| {
                for post in [PostId::Request(request), PostId::Offer(offer)] {
                    store::posts::hold(conn, post)?;
                }
                check_region(
                    &viewer,
                    requests::any(conn, request)?.post.content.municipality,
                )?;
                let proposal = judge(conn, &desk, request, offer)?;
                let earlier = matches::of_pair(conn, request, offer)?;
                if earlier.iter().any(|found| found.state.is_live()) {
                    return Err(AppError::Conflict(Conflict::MatchGoing));
                }
                let found = Match {
                    round: next_round(&earlier),
                    origin: MatchOrigin::Manual,
                    reviewed_by: Some(by),
                    ..new_match(&desk, request, offer, &proposal)?
                };
                if matches::insert(conn, &found)? == Inserted::Already {
                    return Err(AppError::Conflict(Conflict::MatchGoing));
                }
                let mut pair = Pair::hold(conn, found.id)?;
                pair.step(pair.found.moved(MatchState::Approved, desk.now))?;
                pair.keep(conn, Actor::Member(by), desk.now)?;
                pair.invite(conn, &desk, Actor::Member(by))?;
                view(pair, &viewer)
            })
            .await
    }
}

/// What the engine makes of a pair a coordinator chose.
fn judge(
    conn: &mut Conn,
    desk: &crate::letters::Desk,
    request: RequestId,
    offer: OfferId,
) -> Result<Proposal, AppError> {
    let demand = demand(&requests::any(conn, request)?);
    let supply = supply(&offers::any(conn, offer)?, 0);
    gate(&demand, &supply, History::Open).map_err(|refusal| {
        AppError::Conflict(Conflict::Refused {
            gate: refusal.code(),
        })
    })?;
    let ranked = rank(
        &demand,
        &[supply],
        &desk.config().matching.weights,
        desk.now,
    );
    let explanation = ranked
        .into_iter()
        .next()
        .map(|best| best.explanation)
        .ok_or_else(|| {
            AppError::Broken(anyhow::anyhow!(
                "a pair that passed the gates was not ranked"
            ))
        })?;
    Ok(Proposal {
        demand: request.to_string(),
        supply: offer.to_string(),
        proposed: true,
        explanation,
    })
}

/// What a viewer may see of a match: a member only those of their organisation, and contacts only after an
/// introduction they are part of.
pub(crate) fn view(pair: Pair, viewer: &Viewer) -> Result<MatchView, AppError> {
    let side = pair.side_of(viewer);
    if side.is_none() {
        check_region(viewer, municipality_of(&pair))?;
    }
    let met = matches!(
        pair.found.state,
        MatchState::Introduced | MatchState::Succeeded | MatchState::Failed | MatchState::Unknown
    );
    Ok(MatchView {
        contacts: (met && side.is_some()).then_some([pair.asker, pair.giver]),
        found: pair.found,
        request: pair.request,
        offer: pair.offer,
        side,
        claim: None,
    })
}

/// Where a match is about.
pub(crate) fn municipality_of(pair: &Pair) -> Municipality {
    pair.request.post.content.municipality
}
