//! What happened to whom, by whom: only added to.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::dsl::max;
use diesel::prelude::*;
use domain::ids::EventId;

use crate::connection::Conn;
use crate::error::StoreError;
use crate::lists::{instant, stored};
use crate::schema::history::{self, table};

/// Lines of one subject that are read at once.
const MAX_LINES: i64 = 500;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The id of what it happened to.
    pub subject: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it: the id of a member, `itself`, or `administrator` for who runs the program.
    pub actor: String,
    /// What: a state or a verb.
    pub action: String,
    /// A code of a reason; never personal data.
    pub detail: String,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = history)]
struct Row {
    id: String,
    subject: String,
    at: NaiveDateTime,
    actor: String,
    action: String,
    detail: String,
}

/// Adds a line. One step often brings another in the same moment, so a line that comes within a millisecond of another
/// of its subject is stored a microsecond after it: they read back in the order they were added.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn add(conn: &mut Conn, event: &Event) -> Result<(), StoreError> {
    let at = stored(event.at);
    let same_moment: Option<NaiveDateTime> = table
        .filter(history::subject.eq(&event.subject))
        .filter(history::at.between(at, at + TimeDelta::milliseconds(1)))
        .select(max(history::at))
        .first(conn)?;
    let row = Row {
        id: EventId::new(event.at).to_string(),
        subject: event.subject.clone(),
        at: same_moment.map_or(at, |last| last + TimeDelta::microseconds(1)),
        actor: event.actor.clone(),
        action: event.action.clone(),
        detail: event.detail.clone(),
    };
    diesel::insert_into(table).values(row).execute(conn)?;
    Ok(())
}

/// What happened to `subject`, the earliest first.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn of(conn: &mut Conn, subject: &str) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<Row> = table
        .filter(history::subject.eq(subject))
        .order((history::at, history::id))
        .limit(MAX_LINES)
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|row| Event {
            subject: row.subject,
            at: instant(row.at),
            actor: row.actor,
            action: row.action,
            detail: row.detail,
        })
        .collect())
}
