//! Matches in the database.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::ids::{MatchId, OfferId, RequestId};
use domain::matches::{Match, MatchState, Voice};
use domain::posts::PostId;

use crate::changes::{self, Subject};
use crate::connection::Conn;
use crate::dialect::Portable;
use crate::error::StoreError;
use crate::lists::{instant, optional, stored, value};
use crate::schema::matches::{self, table};

mod queue;

pub use queue::{Extent, Queue, Waiting, extent, page, waiting};

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = matches, treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    id: String,
    request_id: String,
    offer_id: String,
    round: i32,
    origin: String,
    state: String,
    since: NaiveDateTime,
    score: f64,
    explanation: String,
    weights: String,
    asker_answer: Option<String>,
    asker_answered_at: Option<NaiveDateTime>,
    asker_answered_by: Option<String>,
    asker_outcome: Option<String>,
    giver_answer: Option<String>,
    giver_answered_at: Option<NaiveDateTime>,
    giver_answered_by: Option<String>,
    giver_outcome: Option<String>,
    reason: String,
    note: String,
    declined_by: Option<String>,
    reviewed_by: Option<String>,
    told: Option<String>,
    due_at: Option<NaiveDateTime>,
    created_at: NaiveDateTime,
    version: i32,
}

impl TryFrom<&Match> for Row {
    type Error = StoreError;

    fn try_from(found: &Match) -> Result<Self, StoreError> {
        let (asker, giver) = (&found.asker, &found.giver);
        Ok(Self {
            id: found.id.to_string(),
            request_id: found.request.to_string(),
            offer_id: found.offer.to_string(),
            round: found.round,
            origin: found.origin.to_string(),
            state: found.state.to_string(),
            since: stored(found.since),
            score: found.explanation.score,
            explanation: serde_json::to_string(&found.explanation)
                .map_err(|error| StoreError::Corrupt(error.to_string()))?,
            weights: found.weights.clone(),
            asker_answer: asker.answer.map(String::from),
            asker_answered_at: asker.answered_at.map(stored),
            asker_answered_by: asker.answered_by.map(String::from),
            asker_outcome: asker.outcome.map(String::from),
            giver_answer: giver.answer.map(String::from),
            giver_answered_at: giver.answered_at.map(stored),
            giver_answered_by: giver.answered_by.map(String::from),
            giver_outcome: giver.outcome.map(String::from),
            reason: found.reason.clone(),
            note: found.note.clone(),
            declined_by: found.declined_by.map(String::from),
            reviewed_by: found.reviewed_by.map(String::from),
            told: found.told.map(String::from),
            due_at: found.due_at().map(stored),
            created_at: stored(found.created_at),
            version: found.version,
        })
    }
}

impl TryFrom<Row> for Match {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: value(&row.id)?,
            request: value(&row.request_id)?,
            offer: value(&row.offer_id)?,
            round: row.round,
            origin: value(&row.origin)?,
            state: value(&row.state)?,
            since: instant(row.since),
            explanation: serde_json::from_str(&row.explanation)
                .map_err(|error| StoreError::Corrupt(error.to_string()))?,
            weights: row.weights,
            asker: Voice {
                answer: optional(row.asker_answer.as_deref())?,
                answered_at: row.asker_answered_at.map(instant),
                answered_by: optional(row.asker_answered_by.as_deref())?,
                outcome: optional(row.asker_outcome.as_deref())?,
            },
            giver: Voice {
                answer: optional(row.giver_answer.as_deref())?,
                answered_at: row.giver_answered_at.map(instant),
                answered_by: optional(row.giver_answered_by.as_deref())?,
                outcome: optional(row.giver_outcome.as_deref())?,
            },
            reason: row.reason,
            note: row.note,
            declined_by: optional(row.declined_by.as_deref())?,
            reviewed_by: optional(row.reviewed_by.as_deref())?,
            told: optional(row.told.as_deref())?,
            created_at: instant(row.created_at),
            version: row.version,
        })
    }
}

/// Whether a row was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inserted {
    /// It was.
    Yes,
    /// The pair has a match of this round already.
    Already,
}

/// Stores a new match, unless the pair has one of the same round.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn insert(conn: &mut Conn, found: &Match) -> Result<Inserted, StoreError> {
    let row = Row::try_from(found)?;
    let count = Portable(
        diesel::insert_into(table)
            .values(row)
            .on_conflict_do_nothing(),
    )
    .execute(conn)?;
    if count == 0 {
        return Ok(Inserted::Already);
    }
    changes::add(conn, Subject::Match(found.id))?;
    Ok(Inserted::Yes)
}

/// Stores the match as it is now; its version must be higher than `before`, the version it was read at.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else changed it first.
pub fn save(conn: &mut Conn, found: &Match, before: i32) -> Result<(), StoreError> {
    let row = Row::try_from(found)?;
    let unchanged = table
        .find(row.id.clone())
        .filter(matches::version.eq(before));
    match diesel::update(unchanged).set(row).execute(conn)? {
        0 => Err(StoreError::Stale),
        _ => changes::add(conn, Subject::Match(found.id)),
    }
}

/// The match with this id.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub fn find(conn: &mut Conn, id: MatchId) -> Result<Match, StoreError> {
    table.find(id.to_string()).first::<Row>(conn)?.try_into()
}

/// The offer of a match: what must be held before the match is decided about.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such match.
pub fn offer_of(conn: &mut Conn, id: MatchId) -> Result<OfferId, StoreError> {
    value(
        &table
            .find(id.to_string())
            .select(matches::offer_id)
            .first::<String>(conn)?,
    )
}

/// The matches of a request or an offer that are in one of these states, best first.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn of_post(
    conn: &mut Conn,
    post: PostId,
    states: &[MatchState],
) -> Result<Vec<Match>, StoreError> {
    let mut query = table.into_boxed();
    query = match post {
        PostId::Request(id) => query.filter(matches::request_id.eq(id.to_string())),
        PostId::Offer(id) => query.filter(matches::offer_id.eq(id.to_string())),
    };
    let codes: Vec<&str> = states.iter().map(|state| state.code()).collect();
    let rows: Vec<Row> = query
        .filter(matches::state.eq_any(codes))
        .order((matches::score.desc(), matches::id))
        .load(conn)?;
    rows.into_iter().map(Match::try_from).collect()
}

/// The matches this pair ever had, the latest first.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn of_pair(
    conn: &mut Conn,
    request: RequestId,
    offer: OfferId,
) -> Result<Vec<Match>, StoreError> {
    let rows: Vec<Row> = table
        .filter(matches::request_id.eq(request.to_string()))
        .filter(matches::offer_id.eq(offer.to_string()))
        .order(matches::round.desc())
        .load(conn)?;
    rows.into_iter().map(Match::try_from).collect()
}

/// Every pair the engine does not propose again: it had a match that did not merely lapse because a post was away.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn pairs(conn: &mut Conn) -> Result<Vec<(RequestId, OfferId)>, StoreError> {
    let rows: Vec<(String, String)> = table
        .filter(matches::state.ne(MatchState::Lapsed.code()))
        .select((matches::request_id, matches::offer_id))
        .distinct()
        .load(conn)?;
    rows.iter()
        .map(|(request, offer)| Ok((value(request)?, value(offer)?)))
        .collect()
}

/// The states of a match after an introduction.
const MET: [MatchState; 4] = [
    MatchState::Introduced,
    MatchState::Succeeded,
    MatchState::Failed,
    MatchState::Unknown,
];

/// How often each offer was introduced since `since`.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn introductions_since(
    conn: &mut Conn,
    since: DateTime<Utc>,
) -> Result<BTreeMap<OfferId, u32>, StoreError> {
    let rows: Vec<(String, i64)> = table
        .filter(matches::state.eq_any(MET.map(MatchState::code)))
        .filter(matches::since.ge(stored(since)))
        .group_by(matches::offer_id)
        .select((matches::offer_id, count_star()))
        .load(conn)?;
    rows.iter()
        .map(|(offer, count)| Ok((value(offer)?, u32::try_from(*count).unwrap_or(u32::MAX))))
        .collect()
}

/// How often one offer was introduced since `since`.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn introductions_of(
    conn: &mut Conn,
    offer: OfferId,
    since: DateTime<Utc>,
) -> Result<u32, StoreError> {
    let count: i64 = table
        .filter(matches::offer_id.eq(offer.to_string()))
        .filter(matches::state.eq_any(MET.map(MatchState::code)))
        .filter(matches::since.ge(stored(since)))
        .select(count_star())
        .first(conn)?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Matches for which something must be done by itself, the longest due first.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn due(conn: &mut Conn, now: DateTime<Utc>, limit: i64) -> Result<Vec<MatchId>, StoreError> {
    let ids: Vec<String> = table
        .filter(matches::due_at.le(stored(now)))
        .order((matches::due_at, matches::id))
        .select(matches::id)
        .limit(limit)
        .load(conn)?;
    ids.iter().map(|id| value(id)).collect()
}

/// How many matches are in each state.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn count_by_state(conn: &mut Conn) -> Result<BTreeMap<MatchState, i64>, StoreError> {
    let rows: Vec<(String, i64)> = table
        .group_by(matches::state)
        .select((matches::state, count_star()))
        .load(conn)?;
    rows.iter()
        .map(|(state, count)| Ok((value(state)?, *count)))
        .collect()
}
