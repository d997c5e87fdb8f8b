//! A request that a client sends twice under one key is done once, and answered twice (the draft of the HTTP API working
//! group of the IETF, "The Idempotency-Key HTTP Header Field").

use chrono::{DateTime, TimeDelta, Utc};
use domain::members::Viewer;
use sha2::{Digest, Sha256};
use store::idempotency::{self, Answered, Attempt, Key};
use store::{Conn, StoreError};

use crate::App;
use crate::error::AppError;

/// How long a key is remembered.
const HOURS: i64 = 24;

/// How long a request may take; after that its program ended before it answered.
const PATIENCE_SECONDS: i64 = 60;

/// A request as it came, with the key its client chose.
#[derive(Debug, Clone, Copy)]
pub struct SentRequest<'a> {
    /// The key.
    pub key: &'a str,
    /// The method.
    pub method: &'a str,
    /// The path, and the query if there is one.
    pub address: &'a str,
    /// The body.
    pub body: &'a [u8],
}

/// What is to be done with a request.
#[derive(Debug)]
pub enum Attempted {
    /// It is new: it can be done.
    New(Attempt),
    /// It was done, and answered so.
    Done(Answered),
    /// Its key was used for another request.
    OtherRequest,
    /// It is being done.
    InFlight,
    /// It was done, and the program ended before it answered.
    AnswerLost,
}

impl App {
    /// What is to be done with a request of this viewer.
    ///
    /// # Errors
    /// [`AppError::Busy`] or [`AppError::Broken`] when it cannot be looked up.
    pub async fn attempt(
        &self,
        viewer: &Viewer,
        sent: SentRequest<'_>,
    ) -> Result<Attempted, AppError> {
        let key = key(viewer, sent);
        let (caller, text) = (key.caller.clone(), key.key.clone());
        let known = self
            .db()
            .read(move |conn| idempotency::find(conn, &caller, &text))
            .await?;
        let Some(known) = known else {
            return Ok(Attempted::New(Attempt::new(key, self.now())));
        };
        if known.fingerprint != key.fingerprint {
            return Ok(Attempted::OtherRequest);
        }
        let patience = TimeDelta::seconds(PATIENCE_SECONDS);
        Ok(match known.answered {
            Some(answered) => Attempted::Done(answered),
            None if known.since + patience < self.now() => Attempted::AnswerLost,
            None => Attempted::InFlight,
        })
    }

    /// Keeps what was answered to a request that was done.
    ///
    /// # Errors
    /// [`AppError::Busy`] or [`AppError::Broken`] when it cannot be kept.
    pub async fn keep_answer(&self, attempt: &Attempt, answered: Answered) -> Result<(), AppError> {
        let key = attempt.key().clone();
        Ok(self
            .db()
            .write(move |conn| idempotency::answer(conn, &key, &answered))
            .await?)
    }
}

/// Forgets keys that were used more than a day ago.
pub(crate) fn prune(conn: &mut Conn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    idempotency::forget_before(conn, now - TimeDelta::hours(HOURS))
}

fn key(viewer: &Viewer, sent: SentRequest<'_>) -> Key {
    let caller = viewer
        .member()
        .map_or_else(|| "anyone".to_owned(), |member| member.id.to_string());
    let mut hash = Sha256::new();
    for part in [sent.method.as_bytes(), sent.address.as_bytes(), sent.body] {
        // With its length before it no part can run over into the next.
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    Key {
        caller,
        key: sent.key.to_owned(),
        fingerprint: crate::tokens::hexadecimal(&hash.finalize()),
    }
}
