//! Letters with their frozen bytes, stored with a delivery for each recipient.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::email_address::EmailAddress;
use domain::ids::{DeliveryId, LetterId};
use domain::letters::{Delivery, DeliveryState, LetterKind, StoredLetter};

use crate::connection::Conn;
use crate::deliveries;
use crate::error::StoreError;
use crate::lists::{instant, stored, value};
use crate::schema::letters::{self, table};

#[derive(Queryable, Insertable)]
#[diesel(table_name = letters, treat_none_as_default_value = false)]
struct Row {
    id: String,
    kind: String,
    about: String,
    subject: String,
    mime: Vec<u8>,
    not_after: Option<NaiveDateTime>,
    created_at: NaiveDateTime,
}

/// Puts a letter in the outbox: in the same transaction as the fact that causes it.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn enqueue(
    conn: &mut Conn,
    letter: &StoredLetter,
    recipients: &[EmailAddress],
) -> Result<(), StoreError> {
    let row = Row {
        id: letter.id.to_string(),
        kind: letter.kind.to_string(),
        about: letter.about.clone(),
        subject: letter.subject.clone(),
        mime: letter.mime.clone(),
        not_after: letter.not_after.map(stored),
        created_at: stored(letter.created_at),
    };
    diesel::insert_into(table).values(row).execute(conn)?;
    for recipient in recipients {
        let delivery = Delivery {
            id: DeliveryId::new(letter.created_at),
            letter: letter.id,
            recipient: recipient.clone(),
            state: DeliveryState::Ready,
            epoch: 0,
            owner: String::new(),
            attempts: 0,
            repeats: 0,
            due_at: letter.created_at,
            claimed_at: None,
            uncertain_since: None,
            last_error: String::new(),
            sent_at: None,
            created_at: letter.created_at,
        };
        deliveries::insert(conn, &delivery)?;
    }
    Ok(())
}

/// The letter with this id.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub fn find(conn: &mut Conn, id: LetterId) -> Result<StoredLetter, StoreError> {
    let row: Row = table.find(id.to_string()).first(conn)?;
    Ok(StoredLetter {
        id: value(&row.id)?,
        kind: value(&row.kind)?,
        about: row.about,
        subject: row.subject,
        mime: row.mime,
        not_after: row.not_after.map(instant),
        created_at: instant(row.created_at),
    })
}

/// The first letter of a kind about something: what later letters about it answer to.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn first_about(
    conn: &mut Conn,
    about: &str,
    kind: LetterKind,
) -> Result<Option<LetterId>, StoreError> {
    table
        .filter(letters::about.eq(about))
        .filter(letters::kind.eq(kind.code()))
        .order(letters::id)
        .select(letters::id)
        .first::<String>(conn)
        .optional()?
        .map(|id| value(&id))
        .transpose()
}

/// Whether a letter of a kind about something was written since `since`.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn written_since(
    conn: &mut Conn,
    about: &str,
    kind: LetterKind,
    since: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let found = table
        .filter(letters::about.eq(about))
        .filter(letters::kind.eq(kind.code()))
        .filter(letters::created_at.ge(stored(since)));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(conn)?)
}

/// Empties the bytes of a letter that need not go again, because they hold links that are otherwise kept as hashes only.
pub(crate) fn scrub(conn: &mut Conn, id: &str) -> Result<(), StoreError> {
    diesel::update(table.find(id))
        .set(letters::mime.eq(Vec::<u8>::new()))
        .execute(conn)?;
    Ok(())
}
