//! The pause of the post: while there is one, no letter is claimed by anybody who works on this database.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use crate::connection::Conn;
use crate::dialect::Portable;
use crate::error::StoreError;
use crate::lists::{instant, stored};
use crate::schema::pauses::{self, table};

/// There is one pause at most; this is its name.
const MAIL: &str = "mail";

#[derive(Queryable, Insertable)]
#[diesel(table_name = pauses)]
struct Row {
    id: String,
    reason: String,
    since: NaiveDateTime,
}

/// Why and since when no letter goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// Why, in Dutch, for who looks.
    pub reason: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// Stops all letters; a pause that is there already stays as it is.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn begin(conn: &mut Conn, reason: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let row = Row {
        id: MAIL.to_owned(),
        reason: reason.to_owned(),
        since: stored(now),
    };
    Portable(
        diesel::insert_into(table)
            .values(row)
            .on_conflict_do_nothing(),
    )
    .execute(conn)?;
    Ok(())
}

/// Lets letters go again; answers the pause that was there.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn end(conn: &mut Conn) -> Result<Option<Pause>, StoreError> {
    let found = find(conn)?;
    diesel::delete(table).execute(conn)?;
    Ok(found)
}

/// The pause, when there is one.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn find(conn: &mut Conn) -> Result<Option<Pause>, StoreError> {
    let row: Option<Row> = table.find(MAIL).first(conn).optional()?;
    Ok(row.map(|row| Pause {
        reason: row.reason,
        since: instant(row.since),
    }))
}
