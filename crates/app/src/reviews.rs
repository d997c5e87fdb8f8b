//! Review: the queue in order of what it is worth, claims, and decisions one by one or many at once.

use std::cmp::Ordering;

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{MatchId, MemberId};
use domain::matches::{Decision, MatchState, ReviewReason};
use domain::members::Viewer;
use domain::reviews::{CLAIM_MINUTES, queue_rank};
use domain::text::Note;
use store::match_claims;
use store::matches::{self, Queue, Waiting};
use store::{Conn, Page, Slice};

use crate::App;
use crate::coordination::check_region;
use crate::error::{AppError, Conflict};
use crate::introductions::{Actor, Pair};
use crate::letters::Desk;
use crate::matches::{MatchView, municipality_of, view};
use crate::tokens::coordinator;

pub use store::match_claims::Claim;

/// What a coordinator decides about a proposal.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewFields {
    /// Ask both sides, or do not.
    pub decision: Decision,
    /// Why.
    pub reason: ReviewReason,
    /// In their own words.
    pub note: Note,
}

/// A proposal to decide about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reviewing {
    /// The match.
    pub id: MatchId,
    /// The version the coordinator saw; `None` when any will do.
    pub version: Option<i32>,
}

impl From<MatchId> for Reviewing {
    fn from(id: MatchId) -> Self {
        Self { id, version: None }
    }
}

impl App {
    /// Takes a proposal for half an hour, or for another half hour.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who does not coordinate, [`AppError::NotFound`] outside their regions,
    /// [`Conflict::Match`] when it does not wait for review, [`Conflict::Claimed`] while another has it.
    pub async fn claim_match(&self, viewer: &Viewer, id: MatchId) -> Result<MatchView, AppError> {
        let by = coordinator(viewer)?.id;
        let (viewer, now) = (viewer.clone(), self.now());
        self.db()
            .write(move |conn| {
                let pair = Pair::hold(conn, id)?;
                check_region(&viewer, municipality_of(&pair))?;
                if pair.found.state != MatchState::Proposed {
                    let state = pair.found.state;
                    return Err(AppError::Conflict(Conflict::Match { state }));
                }
                refuse_claimed(conn, id, by, now)?;
                match_claims::put(conn, id, by, now + TimeDelta::minutes(CLAIM_MINUTES))?;
                let claimed = with_claims(conn, vec![view(pair, &viewer)?], &viewer, now)?;
                claimed.into_iter().next().ok_or(AppError::NotFound)
            })
            .await
    }

    /// Reviews a proposal; an approved one is asked to both sides in the same transaction. A claim on it ends.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who does not coordinate, [`AppError::NotFound`] outside their regions,
    /// [`AppError::Stale`] when it has another version, [`Conflict::Match`] when it does not wait for review,
    /// [`Conflict::Claimed`] while another coordinator has it.
    pub async fn review_match(
        &self,
        viewer: &Viewer,
        reviewing: impl Into<Reviewing>,
        review: ReviewFields,
    ) -> Result<MatchView, AppError> {
        let reviewing = reviewing.into();
        let by = coordinator(viewer)?.id;
        let (viewer, desk) = (viewer.clone(), self.desk());
        self.db()
            .write(move |conn| decide(conn, &desk, (&viewer, by), reviewing, &review))
            .await
    }

    /// Reviews many proposals alike, each in a transaction of its own: one that cannot be decided does not hold up the
    /// others. Answers what became of each, in their order.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`] or [`AppError::Forbidden`] for who does not coordinate.
    pub async fn review_matches(
        &self,
        viewer: &Viewer,
        all: &[Reviewing],
        review: &ReviewFields,
    ) -> Result<Vec<Result<MatchState, AppError>>, AppError> {
        coordinator(viewer)?;
        let mut results = Vec::new();
        for each in all {
            let result = self.review_match(viewer, *each, review.clone()).await;
            results.push(result.map(|seen| seen.found.state));
        }
        Ok(results)
    }
}

fn decide(
    conn: &mut Conn,
    desk: &Desk,
    (viewer, by): (&Viewer, MemberId),
    reviewing: Reviewing,
    review: &ReviewFields,
) -> Result<MatchView, AppError> {
    let mut pair = Pair::hold(conn, reviewing.id)?;
    check_region(viewer, municipality_of(&pair))?;
    refuse_claimed(conn, reviewing.id, by, desk.now)?;
    if reviewing
        .version
        .is_some_and(|version| version != pair.found.version)
    {
        return Err(AppError::Stale);
    }
    let to = match review.decision {
        Decision::Approve => MatchState::Approved,
        Decision::Reject => MatchState::Rejected,
    };
    pair.step(pair.found.moved(to, desk.now))?;
    pair.found.reviewed_by = Some(by);
    pair.found.reason = review.reason.to_string();
    pair.found.note = review.note.to_string();
    pair.keep(conn, Actor::Member(by), desk.now)?;
    match_claims::end(conn, reviewing.id)?;
    if review.decision == Decision::Approve {
        pair.invite(conn, desk, Actor::Member(by))?;
    }
    view(pair, viewer)
}

/// Refuses while another coordinator has the match, which must be held.
fn refuse_claimed(
    conn: &mut Conn,
    id: MatchId,
    by: MemberId,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    match match_claims::of(conn, &[id], now)?.remove(&id) {
        Some(claim) if claim.by != by => Err(AppError::Conflict(Conflict::Claimed {
            by: claim.name,
            until: claim.until,
        })),
        _ => Ok(()),
    }
}

/// Adds to matches who is looking at them, for a coordinator.
pub(crate) fn with_claims(
    conn: &mut Conn,
    mut seen: Vec<MatchView>,
    viewer: &Viewer,
    now: DateTime<Utc>,
) -> Result<Vec<MatchView>, AppError> {
    if !viewer.coordinates() {
        return Ok(seen);
    }
    let ids: Vec<MatchId> = seen.iter().map(|seen| seen.found.id).collect();
    let mut claims = match_claims::of(conn, &ids, now)?;
    for each in &mut seen {
        each.claim = claims.remove(&each.found.id);
    }
    Ok(seen)
}

/// The ids of a page of proposals, those worth most to review first, as [`queue_rank`] has it; equal ones newest first.
pub(crate) fn by_value(
    conn: &mut Conn,
    queue: &Queue,
    slice: &Slice,
) -> Result<Page<MatchId>, AppError> {
    let mut waiting: Vec<Place> = matches::waiting(conn, queue)?
        .into_iter()
        .map(Place::of)
        .collect();
    waiting.sort_by(Place::order);
    if let Some(left) = slice.after.as_deref().and_then(Place::read) {
        waiting.retain(|place| place.order(&left) == Ordering::Greater);
    }
    let size = slice.size.clamp(1, store::MAX_PAGE);
    let is_more = waiting.len() > size;
    waiting.truncate(size);
    let next = waiting.last().filter(|_| is_more).map(Place::written);
    Ok(Page {
        items: waiting.into_iter().map(|place| place.id).collect(),
        next,
    })
}

/// Where a proposal stands in the queue. It stays there while others come and go, so a cursor is a place.
struct Place {
    rank: f64,
    id: MatchId,
}

impl Place {
    fn of(waiting: Waiting) -> Self {
        Self {
            rank: queue_rank(waiting.score, waiting.since),
            id: waiting.id,
        }
    }

    fn order(&self, other: &Self) -> Ordering {
        let by_rank = other.rank.total_cmp(&self.rank);
        by_rank.then_with(|| other.id.cmp(&self.id))
    }

    /// As a cursor has it: the rank to the bit, and the id.
    fn written(&self) -> String {
        format!("{:016x}~{}", self.rank.to_bits(), self.id)
    }

    fn read(cursor: &str) -> Option<Self> {
        let (rank, id) = cursor.split_once('~')?;
        Some(Self {
            rank: f64::from_bits(u64::from_str_radix(rank, 16).ok()?),
            id: id.parse().ok()?,
        })
    }
}
