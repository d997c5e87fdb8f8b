//! Links that go out by mail, in the database.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::ids::LinkId;
use domain::links::{Link, LinkPurpose};

use crate::connection::Conn;
use crate::error::StoreError;
use crate::lists::{instant, optional, stored, value};
use crate::schema::links::{self, table};

#[derive(Queryable, Insertable)]
#[diesel(table_name = links, treat_none_as_default_value = false)]
struct Row {
    id: String,
    token_hash: String,
    purpose: String,
    member_id: String,
    subject: String,
    side: Option<String>,
    expires_at: NaiveDateTime,
    used_at: Option<NaiveDateTime>,
    created_at: NaiveDateTime,
}

/// Stores a new link.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn insert(conn: &mut Conn, link: &Link) -> Result<(), StoreError> {
    let row = Row {
        id: link.id.to_string(),
        token_hash: link.token_hash.clone(),
        purpose: link.purpose.to_string(),
        member_id: link.member.to_string(),
        subject: link.subject.clone(),
        side: link.side.map(String::from),
        expires_at: stored(link.expires_at),
        used_at: link.used_at.map(stored),
        created_at: stored(link.created_at),
    };
    diesel::insert_into(table).values(row).execute(conn)?;
    Ok(())
}

/// The link with this hash, for this purpose.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub fn find(conn: &mut Conn, token_hash: &str, purpose: LinkPurpose) -> Result<Link, StoreError> {
    let row: Row = table
        .filter(links::token_hash.eq(token_hash))
        .filter(links::purpose.eq(purpose.code()))
        .first(conn)?;
    Ok(Link {
        id: value(&row.id)?,
        token_hash: row.token_hash,
        purpose: value(&row.purpose)?,
        member: value(&row.member_id)?,
        subject: row.subject,
        side: optional(row.side.as_deref())?,
        expires_at: instant(row.expires_at),
        used_at: row.used_at.map(instant),
        created_at: instant(row.created_at),
    })
}

/// Marks a link as used; of two who use it at once, one is too late.
///
/// # Errors
/// [`StoreError::Stale`] when it was used before.
pub fn mark_used(conn: &mut Conn, id: LinkId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let unused = table.find(id.to_string()).filter(links::used_at.is_null());
    match diesel::update(unused)
        .set(links::used_at.eq(stored(now)))
        .execute(conn)?
    {
        0 => Err(StoreError::Stale),
        _ => Ok(()),
    }
}
