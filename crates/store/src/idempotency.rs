//! Requests that are sent twice and done once: the key a client chose is kept in the same transaction as the first thing
//! that is written for it, so that there is never the one without the other.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use tokio::task::futures::TaskLocalFuture;

use crate::connection::Conn;
use crate::error::StoreError;
use crate::lists::{instant, stored};
use crate::schema::idempotency_keys::{self, table};

/// What makes a request the same as another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Whose key it is: the id of a member, or a word for whoever did not sign in.
    pub caller: String,
    /// What the client chose.
    pub key: String,
    /// A hash of the method, the address and the body.
    pub fingerprint: String,
}

/// An answer that is given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// The header `Location`; may be empty.
    pub location: String,
    /// The header `ETag`; may be empty.
    pub tag: String,
    /// The body.
    pub body: String,
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// When it was first used.
    pub since: DateTime<Utc>,
    /// The hash of the request it was used for.
    pub fingerprint: String,
    /// What was answered; nothing when it is still being done, or when the program ended before it answered.
    pub answered: Option<Answered>,
}

/// A request that is done under a key; clones are the same request.
#[derive(Debug, Clone)]
pub struct Attempt(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    key: Key,
    now: DateTime<Utc>,
    is_kept: AtomicBool,
    is_taken: AtomicBool,
}

tokio::task_local! {
    static ATTEMPT: Attempt;
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false)]
struct Row {
    caller: String,
    key: String,
    fingerprint: String,
    status: Option<i32>,
    location: String,
    tag: String,
    body: String,
    created_at: NaiveDateTime,
}

impl Attempt {
    /// A request that begins now.
    pub fn new(key: Key, now: DateTime<Utc>) -> Self {
        Self(Arc::new(Inner {
            key,
            now,
            is_kept: AtomicBool::new(false),
            is_taken: AtomicBool::new(false),
        }))
    }

    /// The key it is done under.
    pub fn key(&self) -> &Key {
        &self.0.key
    }

    /// Does the work of the request; its first transaction keeps the key.
    pub fn run<F: Future>(&self, work: F) -> TaskLocalFuture<Self, F> {
        ATTEMPT.scope(self.clone(), work)
    }

    /// Whether something was written, and the key with it.
    pub fn is_kept(&self) -> bool {
        self.0.is_kept.load(Ordering::Acquire)
    }

    /// Whether nothing was written because somebody else had used the key.
    pub fn is_taken(&self) -> bool {
        self.0.is_taken.load(Ordering::Acquire)
    }

    /// Takes the key in the transaction that begins.
    fn take(&self, conn: &mut Conn) -> Result<(), StoreError> {
        if self.is_kept() {
            return Ok(());
        }
        let Key {
            caller,
            key,
            fingerprint,
        } = self.0.key.clone();
        let row = Row {
            caller,
            key,
            fingerprint,
            status: None,
            location: String::new(),
            tag: String::new(),
            body: String::new(),
            created_at: stored(self.0.now),
        };
        let taken = diesel::insert_into(table).values(row).execute(conn);
        let taken = taken.map(drop).map_err(StoreError::from);
        if matches!(taken, Err(StoreError::Taken(_))) {
            self.0.is_taken.store(true, Ordering::Release);
        }
        taken
    }
}

/// The key of the request that a transaction is part of, if it has one.
#[derive(Clone)]
pub(crate) struct Claim(Option<Attempt>);

/// The claim of the transaction that begins now.
pub(crate) fn of_this_write() -> Claim {
    Claim(ATTEMPT.try_with(Clone::clone).ok())
}

impl Claim {
    /// Called before anything is written: what was done before is not done again.
    pub(crate) fn take(&self, conn: &mut Conn) -> Result<(), StoreError> {
        self.0.as_ref().map_or(Ok(()), |attempt| attempt.take(conn))
    }

    /// Called when the commit is durable.
    pub(crate) fn committed(&self) {
        if let Some(attempt) = &self.0 {
            attempt.0.is_kept.store(true, Ordering::Release);
        }
    }
}

/// What is known of a key of a caller.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn find(conn: &mut Conn, caller: &str, key: &str) -> Result<Option<Known>, StoreError> {
    let row: Option<Row> = table.find((caller, key)).first(conn).optional()?;
    Ok(row.map(|row| Known {
        since: instant(row.created_at),
        fingerprint: row.fingerprint,
        answered: row.status.map(|status| Answered {
            status: u16::try_from(status).unwrap_or_default(),
            location: row.location,
            tag: row.tag,
            body: row.body,
        }),
    }))
}

/// Keeps what was answered, for as long as the key is kept.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn answer(conn: &mut Conn, key: &Key, answered: &Answered) -> Result<(), StoreError> {
    diesel::update(table.find((&key.caller, &key.key)))
        .set((
            idempotency_keys::status.eq(Some(i32::from(answered.status))),
            idempotency_keys::location.eq(&answered.location),
            idempotency_keys::tag.eq(&answered.tag),
            idempotency_keys::body.eq(&answered.body),
        ))
        .execute(conn)?;
    Ok(())
}

/// Forgets the keys from before a moment; how many there were.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn forget_before(conn: &mut Conn, moment: DateTime<Utc>) -> Result<usize, StoreError> {
    let old = table.filter(idempotency_keys::created_at.lt(stored(moment)));
    Ok(diesel::delete(old).execute(conn)?)
}
