//! Works through the outbox: the only place that hands letters to a transport.
//!
//! A delivery is claimed, offered to the relay without its content, marked as going, and only then transmitted. So a
//! worker that dies before the mark loses nothing, and one that dies after it leaves a delivery that is known to be
//! ambiguous instead of a second copy.

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::DeliveryId;
use domain::letters::{Delivery, DeliveryState, LetterKind, StoredLetter};
use domain::matches::MatchState;
use domain::members::Viewer;
use mail::{Failure, Parcel, Verdict};
use store::{Conn, Page, Slice, StoreError, deliveries, letters, matches};

use crate::App;
use crate::error::AppError;
use crate::letters::side_of;

/// What became of the deliveries that were due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Taken by the relay.
    pub sent: usize,
    /// To be tried again later.
    pub waiting: usize,
    /// Refused for good, or out of attempts.
    pub failed: usize,
    /// Perhaps taken; nobody can know.
    pub ambiguous: usize,
    /// Not sent because what they ask is over.
    pub withdrawn: usize,
}

impl App {
    /// Delivers every letter that is due, one after the other; stops when the relay cannot be reached.
    ///
    /// # Errors
    /// [`AppError::Busy`] or [`AppError::Broken`] from the database.
    pub async fn deliver_due(&self) -> Result<Delivered, AppError> {
        let mut done = Delivered::default();
        let now = self.now();
        while let Some((delivery, letter)) = self.claim(now).await? {
            let Some(letter) = letter else {
                self.settle(&delivery, DeliveryState::Withdrawn, "").await?;
                done.withdrawn += 1;
                continue;
            };
            match self.hand_over(&delivery, &letter).await? {
                Handed::Sent => done.sent += 1,
                Handed::Lost => {}
                Handed::Failed(failure) => {
                    self.after_failure(delivery, &failure, &mut done).await?;
                    if failure.verdict == Verdict::RelayDown {
                        break;
                    }
                }
            }
        }
        Ok(done)
    }

    /// Claims what waits longest, with its letter if that may still go.
    async fn claim(
        &self,
        now: DateTime<Utc>,
    ) -> Result<Option<(Delivery, Option<StoredLetter>)>, AppError> {
        let worker = self.0.worker.clone();
        self.db()
            .write(move |conn| {
                let Some(delivery) = deliveries::claim(conn, &worker, now)? else {
                    return Ok(None);
                };
                let letter = letters::find(conn, delivery.letter)?;
                let goes = may_go(conn, &letter, now)?;
                Ok(Some((delivery, goes.then_some(letter))))
            })
            .await
    }

    async fn hand_over(
        &self,
        delivery: &Delivery,
        letter: &StoredLetter,
    ) -> Result<Handed, AppError> {
        let parcel = Parcel {
            letter: letter.id,
            kind: letter.kind,
            written_at: letter.created_at,
            recipient: delivery.recipient.clone(),
            return_path: self.config().mail.return_path.clone(),
            mime: letter.mime.clone(),
        };
        let ready = match self.0.transport.open_session().await {
            Ok(session) => session.offer(&parcel).await,
            Err(failure) => Err(failure),
        };
        let ready = match ready {
            Ok(ready) => ready,
            Err(failure) => return Ok(Handed::Failed(failure)),
        };
        if self.settle(delivery, DeliveryState::InData, "").await? == Settled::Lost {
            return Ok(Handed::Lost);
        }
        match ready.content().await {
            Ok((receipt, session)) => {
                session.close().await;
                self.settle(delivery, DeliveryState::Sent, &receipt.text)
                    .await?;
                Ok(Handed::Sent)
            }
            Err(failure) => Ok(Handed::Failed(failure)),
        }
    }

    async fn after_failure(
        &self,
        mut delivery: Delivery,
        failure: &Failure,
        done: &mut Delivered,
    ) -> Result<(), AppError> {
        let outbox = &self.config().outbox;
        let state = match failure.verdict {
            Verdict::RelayDown => {
                delivery.due_at =
                    self.now() + TimeDelta::seconds(i64::from(outbox.relay_down_seconds));
                DeliveryState::Ready
            }
            Verdict::Retry => {
                delivery.attempts += 1;
                match outbox.wait_after(delivery.attempts) {
                    Some(wait) => {
                        delivery.due_at = self.now() + wait;
                        DeliveryState::Ready
                    }
                    None => DeliveryState::Dead,
                }
            }
            Verdict::RefusedRecipient | Verdict::RefusedMessage => DeliveryState::Failed,
            Verdict::Ambiguous => DeliveryState::Ambiguous,
        };
        match state {
            DeliveryState::Ready => done.waiting += 1,
            DeliveryState::Ambiguous => done.ambiguous += 1,
            _ => done.failed += 1,
        }
        tracing::warn!(
            delivery_id = %delivery.id,
            phase = ?failure.phase,
            code = failure.code,
            state = %state,
            "a letter was not taken"
        );
        self.settle(&delivery, state, &failure.to_string()).await?;
        Ok(())
    }

    /// Stores what became of a claimed delivery; says whether the claim still held.
    async fn settle(
        &self,
        delivery: &Delivery,
        state: DeliveryState,
        said: &str,
    ) -> Result<Settled, AppError> {
        let now = self.now();
        let after = Delivery {
            state,
            last_error: said.to_owned(),
            sent_at: (state == DeliveryState::Sent).then_some(now),
            ..delivery.clone()
        };
        match self
            .db()
            .write(move |conn| deliveries::settle(conn, &after))
            .await
        {
            Ok(()) => Ok(Settled::Kept),
            Err(StoreError::Stale) => Ok(Settled::Lost),
            Err(other) => Err(other.into()),
        }
    }

    /// Takes back what this worker had claimed before it was restarted.
    ///
    /// # Errors
    /// [`AppError::Busy`] or [`AppError::Broken`].
    pub async fn recover_outbox(&self) -> Result<(), AppError> {
        let (leased, in_data) = self.db().write(deliveries::take_back_all).await?;
        if leased + in_data > 0 {
            tracing::warn!(
                leased,
                in_data,
                "took back deliveries of a worker that is gone"
            );
        }
        Ok(())
    }

    /// A page of deliveries, newest first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who does not coordinate.
    pub async fn list_outbox(
        &self,
        viewer: &Viewer,
        state: Option<DeliveryState>,
        slice: Slice,
    ) -> Result<Page<deliveries::Listed>, AppError> {
        crate::tokens::coordinator(viewer)?;
        Ok(self
            .db()
            .read(move |conn| deliveries::page(conn, state, &slice))
            .await?)
    }

    /// Lets a delivery that ended without being sent try again.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who does not coordinate; [`AppError::NotFound`] when there is none that can.
    pub async fn retry_delivery(&self, viewer: &Viewer, id: DeliveryId) -> Result<(), AppError> {
        crate::tokens::coordinator(viewer)?;
        let now = self.now();
        Ok(self
            .db()
            .write(move |conn| deliveries::retry(conn, id, now))
            .await?)
    }
}

/// What handing a letter over came to.
enum Handed {
    Sent,
    /// Another worker has the claim now; nothing was sent.
    Lost,
    Failed(Failure),
}

/// Whether a change to a claimed delivery was stored.
#[derive(PartialEq, Eq)]
enum Settled {
    Kept,
    Lost,
}

/// Whether a letter is still of use: its time is not over, and what it asks was not answered or ended meanwhile.
fn may_go(conn: &mut Conn, letter: &StoredLetter, now: DateTime<Utc>) -> Result<bool, AppError> {
    if letter.not_after.is_some_and(|end| end <= now) || letter.mime.is_empty() {
        return Ok(false);
    }
    let asks = matches!(
        letter.kind,
        LetterKind::Invitation | LetterKind::InvitationReminder
    );
    match side_of(&letter.about).filter(|_| asks) {
        None => Ok(true),
        Some((id, side)) => {
            let found = matches::find(conn, id)?;
            Ok(found.state == MatchState::Invited && found.voice(side).answer.is_none())
        }
    }
}
