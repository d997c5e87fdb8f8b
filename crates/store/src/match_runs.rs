//! Full match runs in the database: what they looked at, what came of them, and who signed them off.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::ids::{MatchId, MemberId, RunId};

use crate::connection::Conn;
use crate::error::StoreError;
use crate::lists::{instant, joined, optional, split, stored, value};
use crate::page::{Page, Slice};
use crate::schema::match_runs::{self, table};
use crate::schema::matches;

/// A run without the large texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// The id of the member who began it, or `itself`.
    pub begun_by: String,
    /// When it looked.
    pub at: DateTime<Utc>,
    /// The version of the engine.
    pub algorithm: String,
    /// The weights, as JSON.
    pub weights: String,
    /// Requests that were ranked.
    pub requests: u32,
    /// Offers they were ranked against.
    pub offers: u32,
    /// When it was done; `None` while it is going, or when it was interrupted.
    pub finished_at: Option<DateTime<Utc>>,
    /// Pairs it proposed.
    pub proposed: u32,
    /// What the gates said, as JSON; empty until it is done.
    pub gated: String,
    /// The matches that came of it.
    pub kept: Vec<MatchId>,
    /// The coordinator who signed it off, and when.
    pub signed: Option<(MemberId, DateTime<Utc>)>,
    /// What they wrote.
    pub note: String,
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// When it was done.
    pub finished_at: DateTime<Utc>,
    /// Pairs it proposed.
    pub proposed: usize,
    /// What it proposed, as JSON.
    pub proposals: String,
    /// What the gates said, as JSON.
    pub gated: String,
    /// The matches that came of it.
    pub kept: Vec<MatchId>,
}

/// The large texts of a run, as they are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Everything it looked at, as JSON.
    pub inputs: String,
    /// What it proposed, as JSON.
    pub proposals: String,
}

/// What is kept of a match that came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The request.
    pub request: String,
    /// The offer.
    pub offer: String,
    /// Why it fits, as JSON, to the byte.
    pub explanation: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = match_runs)]
struct Row {
    id: String,
    begun_by: String,
    at: NaiveDateTime,
    algorithm: String,
    weights: String,
    requests: i32,
    offers: i32,
    finished_at: Option<NaiveDateTime>,
    proposed: i32,
    gated: String,
    kept: String,
    signed_by: Option<String>,
    signed_at: Option<NaiveDateTime>,
    note: String,
}

impl TryFrom<Row> for Run {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let signer: Option<MemberId> = optional(row.signed_by.as_deref())?;
        Ok(Self {
            id: value(&row.id)?,
            begun_by: row.begun_by,
            at: instant(row.at),
            algorithm: row.algorithm,
            weights: row.weights,
            requests: row.requests.unsigned_abs(),
            offers: row.offers.unsigned_abs(),
            finished_at: row.finished_at.map(instant),
            proposed: row.proposed.unsigned_abs(),
            gated: row.gated,
            kept: split(&row.kept)?,
            signed: signer.zip(row.signed_at.map(instant)),
            note: row.note,
        })
    }
}

/// Stores a run that begins, with everything it looks at.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn insert(conn: &mut Conn, run: &Run, inputs: &str) -> Result<(), StoreError> {
    diesel::insert_into(table)
        .values((
            match_runs::id.eq(run.id.to_string()),
            match_runs::begun_by.eq(&run.begun_by),
            match_runs::at.eq(stored(run.at)),
            match_runs::algorithm.eq(&run.algorithm),
            match_runs::weights.eq(&run.weights),
            match_runs::inputs.eq(inputs),
            match_runs::requests.eq(run.requests.cast_signed()),
            match_runs::offers.eq(run.offers.cast_signed()),
            match_runs::proposed.eq(0),
            match_runs::proposals.eq(""),
            match_runs::gated.eq(&run.gated),
            match_runs::kept.eq(""),
            match_runs::note.eq(&run.note),
        ))
        .execute(conn)?;
    Ok(())
}

/// Stores what a run came to.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn finish(conn: &mut Conn, id: RunId, result: &Outcome) -> Result<(), StoreError> {
    diesel::update(table.find(id.to_string()))
        .set((
            match_runs::finished_at.eq(stored(result.finished_at)),
            match_runs::proposed.eq(i32::try_from(result.proposed).unwrap_or(i32::MAX)),
            match_runs::proposals.eq(&result.proposals),
            match_runs::gated.eq(&result.gated),
            match_runs::kept.eq(joined(&result.kept)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Signs a finished run off, unless somebody did.
///
/// # Errors
/// [`StoreError::Stale`] when it is not finished or was signed before.
pub fn sign(
    conn: &mut Conn,
    id: RunId,
    (by, at): (MemberId, DateTime<Utc>),
    note: &str,
) -> Result<(), StoreError> {
    let unsigned = table
        .find(id.to_string())
        .filter(match_runs::finished_at.is_not_null())
        .filter(match_runs::signed_by.is_null());
    let signed = diesel::update(unsigned).set((
        match_runs::signed_by.eq(by.to_string()),
        match_runs::signed_at.eq(stored(at)),
        match_runs::note.eq(note),
    ));
    match signed.execute(conn)? {
        0 => Err(StoreError::Stale),
        _ => Ok(()),
    }
}

/// The run with this id.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub fn find(conn: &mut Conn, id: RunId) -> Result<Run, StoreError> {
    table
        .find(id.to_string())
        .select(Row::as_select())
        .first::<Row>(conn)?
        .try_into()
}

/// The large texts of a run.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub fn record(conn: &mut Conn, id: RunId) -> Result<Record, StoreError> {
    let (inputs, proposals) = table
        .find(id.to_string())
        .select((match_runs::inputs, match_runs::proposals))
        .first(conn)?;
    Ok(Record { inputs, proposals })
}

/// What is kept of some matches, by their ids.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn made(conn: &mut Conn, ids: &[MatchId]) -> Result<Vec<Made>, StoreError> {
    let mut found = Vec::new();
    // A statement takes so many values at most.
    for some in ids.chunks(MAX_VALUES) {
        let some: Vec<String> = some.iter().map(ToString::to_string).collect();
        let rows: Vec<(String, String, String)> = matches::table
            .filter(matches::id.eq_any(some))
            .select((matches::request_id, matches::offer_id, matches::explanation))
            .load(conn)?;
        found.extend(rows.into_iter().map(|(request, offer, explanation)| Made {
            request,
            offer,
            explanation,
        }));
    }
    Ok(found)
}

/// Values in one statement.
const MAX_VALUES: usize = 500;

/// A page of runs, the latest first.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn page(conn: &mut Conn, slice: &Slice) -> Result<Page<Run>, StoreError> {
    let mut query = table.select(Row::as_select()).into_boxed();
    if let Some(after) = &slice.after {
        query = query.filter(match_runs::id.lt(after.clone()));
    }
    let rows: Vec<Row> = query
        .order(match_runs::id.desc())
        .limit(slice.limit())
        .load(conn)?;
    Page::from_rows(rows, slice, |row| row.id.clone()).read(Run::try_from)
}

/// The runs that began after `since` and are not finished.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn going(conn: &mut Conn, since: DateTime<Utc>) -> Result<Vec<RunId>, StoreError> {
    let ids: Vec<String> = table
        .filter(match_runs::finished_at.is_null())
        .filter(match_runs::at.gt(stored(since)))
        .select(match_runs::id)
        .load(conn)?;
    ids.iter().map(|id| value(id)).collect()
}

/// Removes runs that were not signed off and are from before `unsigned`, and any from before `signed`.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn prune(
    conn: &mut Conn,
    unsigned: DateTime<Utc>,
    signed: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let old = match_runs::signed_by
        .is_null()
        .and(match_runs::at.lt(stored(unsigned)));
    let too_old = match_runs::at.lt(stored(signed));
    Ok(diesel::delete(table.filter(old.or(too_old))).execute(conn)?)
}
