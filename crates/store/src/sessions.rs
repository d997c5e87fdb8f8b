//! Sessions and their refresh tokens in the database.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::ids::{MemberId, SessionId};
use domain::members::Member;
use domain::sessions::{RefreshToken, Session, SessionEnd};

use crate::connection::Conn;
use crate::error::StoreError;
use crate::lists::{instant, stored, value};
use crate::members;
use crate::schema::sessions::{self, table};
use crate::schema::{members as member_rows, refresh_tokens};

#[derive(Queryable, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
struct Row {
    id: String,
    member_id: String,
    expires_at: NaiveDateTime,
    ended_at: Option<NaiveDateTime>,
    reason: String,
    created_at: NaiveDateTime,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = refresh_tokens, treat_none_as_default_value = false)]
struct TokenRow {
    token_hash: String,
    session_id: String,
    used_at: Option<NaiveDateTime>,
    created_at: NaiveDateTime,
}

/// Stores a new session.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn insert(conn: &mut Conn, session: &Session) -> Result<(), StoreError> {
    let row = Row {
        id: session.id.to_string(),
        member_id: session.member.to_string(),
        expires_at: stored(session.expires_at),
        ended_at: session.ended.map(|(at, _)| stored(at)),
        reason: session
            .ended
            .map_or_else(String::new, |(_, why)| why.to_string()),
        created_at: stored(session.created_at),
    };
    diesel::insert_into(table).values(row).execute(conn)?;
    Ok(())
}

/// The session with this id.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub fn find(conn: &mut Conn, id: SessionId) -> Result<Session, StoreError> {
    let row: Row = table.find(id.to_string()).first(conn)?;
    Ok(Session {
        id: value(&row.id)?,
        member: value(&row.member_id)?,
        expires_at: instant(row.expires_at),
        ended: match row.ended_at {
            None => None,
            Some(at) => Some((instant(at), value(&row.reason)?)),
        },
        created_at: instant(row.created_at),
    })
}

/// The member who is signed in by this session, in one query.
///
/// # Errors
/// [`StoreError::NotFound`] when the session is not theirs, or does not go on any more.
pub fn member_of(
    conn: &mut Conn,
    id: SessionId,
    member: MemberId,
    now: DateTime<Utc>,
) -> Result<Member, StoreError> {
    let row = table
        .find(id.to_string())
        .inner_join(member_rows::table)
        .filter(sessions::member_id.eq(member.to_string()))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(stored(now)))
        .select(member_rows::all_columns)
        .first::<members::Row>(conn)?;
    row.try_into()
}

/// Ends a session; one that ended before stays as it was.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn end(
    conn: &mut Conn,
    id: SessionId,
    why: SessionEnd,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let going = table
        .find(id.to_string())
        .filter(sessions::ended_at.is_null());
    diesel::update(going)
        .set((
            sessions::ended_at.eq(stored(now)),
            sessions::reason.eq(why.code()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Signs everybody out; how many sessions went on.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub(crate) fn end_all(conn: &mut Conn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let going = table.filter(sessions::ended_at.is_null());
    Ok(diesel::update(going)
        .set((
            sessions::ended_at.eq(stored(now)),
            sessions::reason.eq(SessionEnd::Logout.code()),
        ))
        .execute(conn)?)
}

/// Forgets sessions that ended, by themselves or before, and their refresh tokens; how many that were.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub(crate) fn forget_ended(conn: &mut Conn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    let over = sessions::expires_at
        .lt(stored(before))
        .or(sessions::ended_at
            .is_not_null()
            .and(sessions::ended_at.assume_not_null().lt(stored(before))));
    let tokens = refresh_tokens::table
        .filter(refresh_tokens::session_id.eq_any(table.filter(over).select(sessions::id)));
    diesel::delete(tokens).execute(conn)?;
    Ok(diesel::delete(table.filter(over)).execute(conn)?)
}

/// Stores a new refresh token.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn insert_token(conn: &mut Conn, token: &RefreshToken) -> Result<(), StoreError> {
    let row = TokenRow {
        token_hash: token.token_hash.clone(),
        session_id: token.session.to_string(),
        used_at: token.used_at.map(stored),
        created_at: stored(token.created_at),
    };
    diesel::insert_into(refresh_tokens::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// The refresh token with this hash, used or not.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub fn find_token(conn: &mut Conn, token_hash: &str) -> Result<RefreshToken, StoreError> {
    let row: TokenRow = refresh_tokens::table.find(token_hash).first(conn)?;
    Ok(RefreshToken {
        token_hash: row.token_hash,
        session: value(&row.session_id)?,
        used_at: row.used_at.map(instant),
        created_at: instant(row.created_at),
    })
}

/// Marks a refresh token as used; of many who use it at once, one is in time.
///
/// # Errors
/// [`StoreError::Stale`] when it was used before, or is not there.
pub fn use_token(conn: &mut Conn, token_hash: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let unused = refresh_tokens::table
        .find(token_hash)
        .filter(refresh_tokens::used_at.is_null());
    match diesel::update(unused)
        .set(refresh_tokens::used_at.eq(stored(now)))
        .execute(conn)?
    {
        0 => Err(StoreError::Stale),
        _ => Ok(()),
    }
}
