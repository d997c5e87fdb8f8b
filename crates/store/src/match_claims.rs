//! Which coordinator is looking at which match, for a while.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::ids::{MatchId, MemberId};

use crate::connection::Conn;
use crate::error::StoreError;
use crate::lists::{instant, stored, value};
use crate::schema::match_claims::{self, table};
use crate::schema::members;

/// A claim that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Who is looking.
    pub by: MemberId,
    /// What they are called.
    pub name: String,
    /// Until when.
    pub until: DateTime<Utc>,
}

/// Stores a claim in the place of any other on the match; whoever calls it holds the match and looked at [`of`].
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn put(
    conn: &mut Conn,
    id: MatchId,
    by: MemberId,
    until: DateTime<Utc>,
) -> Result<(), StoreError> {
    end(conn, id)?;
    diesel::insert_into(table)
        .values((
            match_claims::match_id.eq(id.to_string()),
            match_claims::member_id.eq(by.to_string()),
            match_claims::until.eq(stored(until)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Ends the claim on a match, if there is one.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn end(conn: &mut Conn, id: MatchId) -> Result<(), StoreError> {
    diesel::delete(table.find(id.to_string())).execute(conn)?;
    Ok(())
}

/// Removes claims that are over.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn prune(conn: &mut Conn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let over = table.filter(match_claims::until.le(stored(now)));
    Ok(diesel::delete(over).execute(conn)?)
}

/// The claims on these matches that hold at `now`.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn of(
    conn: &mut Conn,
    ids: &[MatchId],
    now: DateTime<Utc>,
) -> Result<BTreeMap<MatchId, Claim>, StoreError> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows: Vec<(String, String, String, NaiveDateTime)> = table
        .inner_join(members::table)
        .filter(match_claims::match_id.eq_any(ids))
        .filter(match_claims::until.gt(stored(now)))
        .select((
            match_claims::match_id,
            match_claims::member_id,
            members::name,
            match_claims::until,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(id, by, name, until)| {
            let claim = Claim {
                by: value(&by)?,
                name,
                until: instant(until),
            };
            Ok((value(&id)?, claim))
        })
        .collect()
}
