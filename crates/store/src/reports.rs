//! What reports are counted from: narrow rows of posts and matches, and when each match took its steps.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::min;
use diesel::prelude::*;
use domain::ids::{MatchId, OfferId, OrganisationId, RequestId};
use domain::matches::{MatchOrigin, MatchState};
use domain::phase::Phase;
use domain::posts::PostState;
use domain::region::{Municipality, Region};
use domain::support::Support;
use domain::theme::Theme;

use crate::connection::Conn;
use crate::error::StoreError;
use crate::lists::{instant, optional, split, value};
use crate::schema::{history, matches, offers, organisations, posts, requests};

/// What a request and an offer both have.
#[derive(Debug, Clone, PartialEq)]
pub struct Post {
    /// Whose it is.
    pub organisation: OrganisationId,
    /// What it is about.
    pub themes: Vec<Theme>,
    /// The kinds of support.
    pub support: Vec<Support>,
    /// Where it is now.
    pub state: PostState,
    /// The code of the reason it was closed or hidden; empty else.
    pub reason: String,
    /// When it was placed.
    pub created_at: DateTime<Utc>,
    /// When it opened last; `None` where it never did.
    pub opened_at: Option<DateTime<Utc>>,
}

/// A request without its texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// What it shares with offers.
    pub post: Post,
    /// Where help is needed.
    pub municipality: Municipality,
    /// How far the initiative has come.
    pub phase: Option<Phase>,
}

/// An offer without its texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// What it shares with requests.
    pub post: Post,
    /// The areas it serves.
    pub reach: Vec<Region>,
    /// The phases it is made for; empty is any.
    pub phases: Vec<Phase>,
}

/// A match without its texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// Its id.
    pub id: MatchId,
    /// The request.
    pub request: RequestId,
    /// The offer.
    pub offer: OfferId,
    /// How it came to be.
    pub origin: MatchOrigin,
    /// Where it is now.
    pub state: MatchState,
    /// The code of the reason it ended.
    pub reason: String,
    /// Whether a person reviewed it.
    pub review: Review,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// Who decided about a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Review {
    /// A coordinator.
    ByPerson,
    /// Nobody, or nobody yet.
    None,
}

/// When a match first came into a state.
pub type Steps = BTreeMap<(MatchId, MatchState), DateTime<Utc>>;

/// The states of which the moment counts in a report.
const STEPS: [MatchState; 4] = [
    MatchState::Approved,
    MatchState::Rejected,
    MatchState::Invited,
    MatchState::Introduced,
];

/// The columns every post has here.
type PostRow = (
    String,
    String,
    String,
    String,
    String,
    String,
    NaiveDateTime,
    Option<NaiveDateTime>,
);

/// Those columns in a query.
type PostColumns = (
    posts::id,
    posts::organisation_id,
    posts::themes,
    posts::support,
    posts::state,
    posts::reason,
    posts::created_at,
    posts::opened_at,
);

const POST: PostColumns = (
    posts::id,
    posts::organisation_id,
    posts::themes,
    posts::support,
    posts::state,
    posts::reason,
    posts::created_at,
    posts::opened_at,
);

fn post(row: &PostRow) -> Result<Post, StoreError> {
    let (_, organisation, themes, support, state, reason, created_at, opened_at) = row;
    Ok(Post {
        organisation: value(organisation)?,
        themes: split(themes)?,
        support: split(support)?,
        state: value(state)?,
        reason: reason.clone(),
        created_at: instant(*created_at),
        opened_at: opened_at.map(instant),
    })
}

/// Every request there is.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn requests(conn: &mut Conn) -> Result<BTreeMap<RequestId, Request>, StoreError> {
    let rows: Vec<(PostRow, String, Option<String>)> = requests::table
        .inner_join(posts::table)
        .select((POST, requests::municipality, requests::phase))
        .load(conn)?;
    rows.iter()
        .map(|(row, municipality, phase)| {
            let found = Request {
                post: post(row)?,
                municipality: value(municipality)?,
                phase: optional(phase.as_deref())?,
            };
            Ok((value(&row.0)?, found))
        })
        .collect()
}

/// Every offer there is.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn offers(conn: &mut Conn) -> Result<BTreeMap<OfferId, Offer>, StoreError> {
    let rows: Vec<(PostRow, String, String)> = offers::table
        .inner_join(posts::table)
        .select((POST, offers::reach, offers::phases))
        .load(conn)?;
    rows.iter()
        .map(|(row, reach, phases)| {
            let found = Offer {
                post: post(row)?,
                reach: split(reach)?,
                phases: split(phases)?,
            };
            Ok((value(&row.0)?, found))
        })
        .collect()
}

/// The columns of a match that count.
type MatchRow = (
    String,
    String,
    String,
    String,
    String,
    String,
    Option<String>,
    NaiveDateTime,
);

/// Every match there is, the earliest first.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn matches(conn: &mut Conn) -> Result<Vec<Match>, StoreError> {
    let rows: Vec<MatchRow> = matches::table
        .order((matches::created_at, matches::id))
        .select((
            matches::id,
            matches::request_id,
            matches::offer_id,
            matches::origin,
            matches::state,
            matches::reason,
            matches::reviewed_by,
            matches::created_at,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(
            |(id, request, offer, origin, state, reason, reviewer, created_at)| {
                Ok(Match {
                    id: value(&id)?,
                    request: value(&request)?,
                    offer: value(&offer)?,
                    origin: value(&origin)?,
                    state: value(&state)?,
                    reason,
                    review: reviewer.map_or(Review::None, |_| Review::ByPerson),
                    created_at: instant(created_at),
                })
            },
        )
        .collect()
}

/// When matches were approved, rejected, invited and introduced, as far as history knows.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn steps(conn: &mut Conn) -> Result<Steps, StoreError> {
    let rows: Vec<(String, String, Option<NaiveDateTime>)> = history::table
        .filter(
            history::subject
                .like(format!("{}%", MatchId::PREFIX.replace('_', "\\_")))
                .escape('\\'),
        )
        .filter(history::action.eq_any(STEPS.map(MatchState::code)))
        .group_by((history::subject, history::action))
        .select((history::subject, history::action, min(history::at)))
        .load(conn)?;
    rows.iter()
        .filter_map(|(subject, action, at)| Some((subject, action, (*at)?)))
        .map(|(subject, action, at)| Ok(((value(subject)?, value(action)?), instant(at))))
        .collect()
}

/// The name of every organisation.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn names(conn: &mut Conn) -> Result<BTreeMap<OrganisationId, String>, StoreError> {
    let rows: Vec<(String, String)> = organisations::table
        .select((organisations::id, organisations::name))
        .load(conn)?;
    rows.into_iter()
        .map(|(id, name)| Ok((value(&id)?, name)))
        .collect()
}
