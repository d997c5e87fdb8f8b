//! Lists of matches: for coordinators what waits, for members their own.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{count_star, min};
use diesel::prelude::*;
use domain::ids::{MatchId, OrganisationId};
use domain::matches::{Match, MatchState};

use super::Row;
use crate::connection::{Conn, MultiBackend};
use crate::error::StoreError;
use crate::lists::{instant, value};
use crate::page::{Page, Slice};
use crate::schema::matches::{self, table};
use crate::schema::{posts, requests};

/// Which matches a queue shows; an empty field does not narrow it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Queue {
    /// States of which a match must be in one.
    pub states: Vec<MatchState>,
    /// Codes of municipalities of which the request must lie in one; `None` is anywhere.
    pub municipalities: Option<Vec<String>>,
    /// The organisation that must own the request or the offer; `None` is any.
    pub party: Option<OrganisationId>,
}

/// What decides when a match is reviewed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Waiting {
    /// Its id.
    pub id: MatchId,
    /// Its score.
    pub score: f64,
    /// Since when it is in its state.
    pub since: DateTime<Utc>,
}

/// How much is in a queue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    /// How many matches.
    pub count: i64,
    /// Since when the one that is longest in its state is in it; `None` when there is none.
    pub oldest: Option<DateTime<Utc>>,
}

impl Queue {
    /// The query for the matches this queue shows.
    fn query(&self) -> matches::BoxedQuery<'static, MultiBackend> {
        let mut query = table.into_boxed();
        if !self.states.is_empty() {
            let codes: Vec<&str> = self.states.iter().map(|state| state.code()).collect();
            query = query.filter(matches::state.eq_any(codes));
        }
        if let Some(municipalities) = &self.municipalities {
            query = query.filter(
                matches::request_id.eq_any(
                    requests::table
                        .filter(requests::municipality.eq_any(municipalities.clone()))
                        .select(requests::id),
                ),
            );
        }
        if let Some(party) = self.party {
            let own = || {
                posts::table
                    .filter(posts::organisation_id.eq(party.to_string()))
                    .select(posts::id)
            };
            query = query.filter(
                matches::request_id
                    .eq_any(own())
                    .or(matches::offer_id.eq_any(own())),
            );
        }
        query
    }
}

/// A page of matches, newest first.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn page(conn: &mut Conn, queue: &Queue, slice: &Slice) -> Result<Page<Match>, StoreError> {
    let mut query = queue.query();
    if let Some(after) = &slice.after {
        query = query.filter(matches::id.lt(after.clone()));
    }
    let rows: Vec<Row> = query
        .order(matches::id.desc())
        .limit(slice.limit())
        .load(conn)?;
    Page::from_rows(rows, slice, |row| row.id.clone()).read(Match::try_from)
}

/// Everything in a queue, without texts and in no order: there are few months of proposals at most, because each ends
/// by itself.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn waiting(conn: &mut Conn, queue: &Queue) -> Result<Vec<Waiting>, StoreError> {
    let rows: Vec<(String, f64, NaiveDateTime)> = queue
        .query()
        .select((matches::id, matches::score, matches::since))
        .load(conn)?;
    rows.into_iter()
        .map(|(id, score, since)| {
            Ok(Waiting {
                id: value(&id)?,
                score,
                since: instant(since),
            })
        })
        .collect()
}

/// How many matches are in a queue, and since when the oldest.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn extent(conn: &mut Conn, queue: &Queue) -> Result<Extent, StoreError> {
    let (count, oldest): (i64, Option<NaiveDateTime>) = queue
        .query()
        .select((count_star(), min(matches::since)))
        .first(conn)?;
    Ok(Extent {
        count,
        oldest: oldest.map(instant),
    })
}
