//! What fits a post now, best first: the matches that are going, and what else the market has.
//!
//! The market in memory finds what fits and may be half a second behind; every post that is named is read again from
//! the database first, so what was closed or hidden meanwhile, also on another instance, is never named.

use std::collections::BTreeSet;

use domain::explanation::Explanation;
use domain::ids::{OfferId, RequestId};
use domain::matches::{MatchState, Side};
use domain::members::Viewer;
use domain::offers::Offer;
use domain::posts::{PostId, Posted};
use domain::requests::Request;
use matching::{History, Proposal, Standing, gate};
use store::{Conn, matches, offers, requests};

use crate::App;
use crate::coordination::{Whereabouts, check_managed, check_region};
use crate::error::AppError;
use crate::introductions::Pair;
use crate::market::{best, demand, supply};
use crate::matches::{MatchView, view};
use crate::tokens::signed_in;

/// Fits a list is filled up to.
pub const MAX_FITS: usize = 10;

/// Ranked counterparts that are looked at to fill the list: some may have closed meanwhile, or lie outside the regions
/// of a coordinator.
const MAX_RANKED: usize = 50;

/// Something that fits a post.
#[derive(Debug, Clone, PartialEq)]
pub enum Fit {
    /// A match that is going.
    Match(Box<MatchView>),
    /// A pair without a match that could have one.
    Candidate(Box<Candidate>),
}

/// A request and an offer that fit and have no match.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The request.
    pub request: Posted<Request>,
    /// The offer.
    pub offer: Posted<Offer>,
    /// Why they fit.
    pub explanation: Explanation,
    /// The side the viewer is on; `None` for a coordinator.
    pub side: Option<Side>,
}

impl Fit {
    /// How well the two fit, 0 to 1.
    pub fn score(&self) -> f64 {
        match self {
            Self::Match(seen) => seen.found.explanation.score,
            Self::Candidate(seen) => seen.explanation.score,
        }
    }
}

impl App {
    /// What fits a post now, best first, for its owner and for coordinators: every match that is going, filled up to
    /// [`MAX_FITS`] with pairs that could have one. Both posts of each are open at the moment of this call.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for everybody else.
    pub async fn fits_of_post(&self, viewer: &Viewer, post: PostId) -> Result<Vec<Fit>, AppError> {
        signed_in(viewer)?;
        let find = move |conn: &mut Conn| Whereabouts::of_post(conn, post);
        check_managed(viewer, self.db().read(find).await?)?;
        let now = self.now();
        let ranked = self
            .ask_market(move |market| best(market, post, now, MAX_RANKED))
            .await?;
        let viewer = viewer.clone();
        self.db()
            .read(move |conn| {
                let (mut fits, had) = going(conn, post, &viewer)?;
                for proposal in ranked {
                    if fits.len() >= MAX_FITS {
                        break;
                    }
                    fits.extend(candidate(conn, proposal, &had, &viewer)?);
                }
                fits.sort_by(|one, other| other.score().total_cmp(&one.score()));
                Ok(fits)
            })
            .await
    }
}

/// Pairs that had their match.
type Had = BTreeSet<(RequestId, OfferId)>;

/// The matches of a post that are going between open posts, and every pair of it that had its match.
fn going(conn: &mut Conn, post: PostId, viewer: &Viewer) -> Result<(Vec<Fit>, Had), AppError> {
    let lasting: Vec<MatchState> = MatchState::ALL
        .iter()
        .copied()
        .filter(|state| *state != MatchState::Lapsed)
        .collect();
    let (mut fits, mut had) = (Vec::new(), Had::new());
    for found in matches::of_post(conn, post, &lasting)? {
        had.insert((found.request, found.offer));
        if !found.state.is_live() {
            continue;
        }
        let pair = Pair::read(conn, found.id)?;
        let standings = [
            demand(&pair.request).standing,
            supply(&pair.offer, 0).standing,
        ];
        if !pair.found.state.is_live() || standings != [Standing::Live; 2] {
            continue;
        }
        match view(pair, viewer) {
            // A coordinator of some regions sees the matches of the others not at all.
            Err(AppError::NotFound) => {}
            seen => fits.push(Fit::Match(Box::new(seen?))),
        }
    }
    Ok((fits, had))
}

/// A ranked pair as the database has it now, if the gates still let it through and the viewer may see it.
fn candidate(
    conn: &mut Conn,
    proposal: Proposal,
    had: &Had,
    viewer: &Viewer,
) -> Result<Option<Fit>, AppError> {
    let pair: (RequestId, OfferId) = (proposal.demand.parse()?, proposal.supply.parse()?);
    if had.contains(&pair) {
        return Ok(None);
    }
    let (request, offer) = (requests::any(conn, pair.0)?, offers::any(conn, pair.1)?);
    if gate(&demand(&request), &supply(&offer, 0), History::Open).is_err() {
        return Ok(None);
    }
    let side = if viewer.acts_for(request.post.organisation) {
        Some(Side::Request)
    } else if viewer.acts_for(offer.post.organisation) {
        Some(Side::Offer)
    } else {
        None
    };
    if side.is_none() && check_region(viewer, request.post.content.municipality).is_err() {
        return Ok(None);
    }
    Ok(Some(Fit::Candidate(Box::new(Candidate {
        explanation: proposal.explanation,
        side,
        request,
        offer,
    }))))
}
