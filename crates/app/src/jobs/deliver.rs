//! Works through the outbox: the only place that hands letters to a transport.
//!
//! A delivery is claimed, offered to the relay without its content, marked as going, and only then transmitted. So a
//! worker that dies before the mark loses nothing, and one that dies after it leaves a delivery that is known to be
//! ambiguous instead of a second copy.

use std::ops::AddAssign;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use chrono::TimeDelta;
use domain::letters::{Delivery, DeliveryState, StoredLetter, TransmissionResult};
use futures_util::FutureExt;
use futures_util::future::join_all;
use mail::{Failure, Parcel, Ready, Session, Verdict, return_path};
use store::{StoreError, deliveries, letters};
use tokio::time::sleep;

use super::breaker::jittered;
use super::recheck::end_of;
use crate::App;
use crate::error::AppError;

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
    /// Not sent because it is too late for them.
    pub expired: usize,
    /// Not sent because nothing is sent to their address any more.
    pub suppressed: usize,
}

impl Delivered {
    fn count(&mut self, state: DeliveryState) {
        match state {
            DeliveryState::Sent => self.sent += 1,
            DeliveryState::Ready => self.waiting += 1,
            DeliveryState::Ambiguous => self.ambiguous += 1,
            DeliveryState::Withdrawn => self.withdrawn += 1,
            DeliveryState::Expired => self.expired += 1,
            DeliveryState::Suppressed => self.suppressed += 1,
            _ => self.failed += 1,
        }
    }
}

impl AddAssign for Delivered {
    fn add_assign(&mut self, other: Self) {
        self.sent += other.sent;
        self.waiting += other.waiting;
        self.failed += other.failed;
        self.ambiguous += other.ambiguous;
        self.withdrawn += other.withdrawn;
        self.expired += other.expired;
        self.suppressed += other.suppressed;
    }
}

/// Times that the outcome of a transmission is stored again when the database does not answer.
const MAX_TELLINGS: u32 = 60;

/// Between those.
const TELLING_PAUSE: Duration = Duration::from_secs(1);

impl App {
    /// Delivers every letter that is due, by several workers; first takes back what workers that are gone left behind.
    /// Stops when the relay cannot be reached, and leaves it alone for a while.
    ///
    /// # Errors
    /// [`AppError::Busy`] or [`AppError::Broken`] from the database.
    pub async fn deliver_due(&self) -> Result<Delivered, AppError> {
        let owner = self.recover_outbox().await?;
        let mut done = Delivered::default();
        let breaker = &self.0.breaker;
        if !breaker.allows(self.now()) {
            return Ok(done);
        }
        if breaker.is_in_doubt() {
            let mut probe = Worker::new(self, &owner);
            while breaker.is_in_doubt() && probe.next().await? == Next::More {}
            done += probe.end().await;
            if breaker.is_in_doubt() {
                return Ok(done);
            }
        }
        let workers = (0..self.config().outbox.workers).map(|_| async {
            let mut worker = Worker::new(self, &owner);
            let mut next = Ok(Next::More);
            while matches!(next, Ok(Next::More)) {
                next = worker.next().await;
            }
            (worker.end().await, next)
        });
        for (by_one, ended) in join_all(workers).await {
            ended?;
            done += by_one;
        }
        Ok(done)
    }
}

/// One of those who deliver: has one letter in hand at a time, and keeps its session with the relay for the next.
struct Worker<'a> {
    app: &'a App,
    owner: &'a str,
    session: Option<Session>,
    done: Delivered,
}

/// Whether there may be more to do.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    More,
    /// Nothing is due, the relay is left alone, or the program stops.
    Nothing,
}

/// What a claim gave.
enum Claimed {
    /// A letter that may go.
    Goes(Box<(Delivery, StoredLetter)>),
    /// One that may not go any more; it ended so.
    Ended(DeliveryState),
    Nothing,
}

impl<'a> Worker<'a> {
    fn new(app: &'a App, owner: &'a str) -> Self {
        Self {
            app,
            owner,
            session: None,
            done: Delivered::default(),
        }
    }

    /// Delivers the next letter.
    async fn next(&mut self) -> Result<Next, AppError> {
        if self.app.is_stopping() || !self.app.0.breaker.allows(self.app.now()) {
            return Ok(Next::Nothing);
        }
        match self.claim().await? {
            Claimed::Nothing => return Ok(Next::Nothing),
            Claimed::Ended(state) => self.done.count(state),
            Claimed::Goes(claimed) => {
                let (delivery, letter) = *claimed;
                let handed = AssertUnwindSafe(self.hand_over(&delivery, &letter)).catch_unwind();
                match handed.await {
                    Ok(handed) => self.after(delivery, handed?).await?,
                    // One letter that breaks something must not hold up the others.
                    Err(_panic) => {
                        tracing::error!(delivery_id = %delivery.id, "a worker panicked");
                        let said = "the program failed on this letter".to_owned();
                        self.store(delivery, DeliveryState::Dead, said, None)
                            .await?;
                    }
                }
            }
        }
        Ok(Next::More)
    }

    async fn end(self) -> Delivered {
        if let Some(session) = self.session {
            session.close().await;
        }
        self.done
    }

    /// Claims what waits longest; what may not go any more ends in the same transaction.
    async fn claim(&self) -> Result<Claimed, AppError> {
        let (owner, now) = (self.owner.to_owned(), self.app.now());
        let rates = self.app.config().outbox.rates();
        self.app
            .db()
            .write(move |conn| {
                let Some(delivery) = deliveries::claim(conn, &owner, now, &rates)? else {
                    return Ok(Claimed::Nothing);
                };
                let letter = letters::find(conn, delivery.letter)?;
                match end_of(conn, &delivery, &letter, now)? {
                    None => Ok(Claimed::Goes(Box::new((delivery, letter)))),
                    Some(state) => {
                        deliveries::decline(conn, &delivery, state, now)?;
                        Ok(Claimed::Ended(state))
                    }
                }
            })
            .await
    }

    async fn hand_over(
        &mut self,
        delivery: &Delivery,
        letter: &StoredLetter,
    ) -> Result<Handed, AppError> {
        let parcel = Parcel {
            letter: letter.id,
            kind: letter.kind,
            written_at: letter.created_at,
            recipient: delivery.recipient.clone(),
            return_path: return_path(&self.app.config().mail.return_path, delivery.id)?,
            mime: letter.mime.clone(),
        };
        let ready = match self.offer(&parcel).await {
            Ok(ready) => ready,
            Err(failure) => return Ok(Handed::Failed(failure)),
        };
        let going = Delivery {
            state: DeliveryState::InData,
            ..delivery.clone()
        };
        let marked = self
            .app
            .db()
            .write(move |conn| deliveries::settle(conn, &going))
            .await;
        match marked {
            Ok(()) => {}
            Err(StoreError::Stale) => return Ok(Handed::Lost),
            Err(other) => return Err(other.into()),
        }
        Ok(match ready.content().await {
            Ok((receipt, session)) => {
                self.session = Some(session);
                Handed::Sent(receipt.text)
            }
            Err(failure) => Handed::Failed(failure),
        })
    }

    /// Offers a parcel on the session of the last one; a relay that tired of it gets the parcel on a new session.
    async fn offer<'p>(&mut self, parcel: &'p Parcel) -> Result<Ready<'p>, Failure> {
        if let Some(session) = self.session.take() {
            if session.is_spent() {
                session.close().await;
            } else {
                match session.offer(parcel).await {
                    Err(failure) if failure.verdict == Verdict::RelayDown => {}
                    answered => return answered,
                }
            }
        }
        let session = self.app.0.transport.open_session().await?;
        session.offer(parcel).await
    }

    async fn after(&mut self, mut delivery: Delivery, handed: Handed) -> Result<(), AppError> {
        let now = self.app.now();
        let failure = match handed {
            Handed::Lost => return Ok(()),
            Handed::Sent(said) => {
                self.app.0.breaker.worked();
                delivery.sent_at = Some(now);
                let taken = Some(TransmissionResult::Taken);
                return self.store(delivery, DeliveryState::Sent, said, taken).await;
            }
            Handed::Failed(failure) => failure,
        };
        let outbox = &self.app.config().outbox;
        let (state, result) = match failure.verdict {
            Verdict::RelayDown => {
                delivery.due_at = now + self.leave_alone();
                (DeliveryState::Ready, TransmissionResult::Unreached)
            }
            Verdict::Retry => {
                delivery.attempts += 1;
                let state = match outbox.wait_after(delivery.attempts) {
                    Some(wait) => {
                        delivery.due_at = now + jittered(wait);
                        DeliveryState::Ready
                    }
                    None => DeliveryState::Dead,
                };
                (state, TransmissionResult::PutOff)
            }
            Verdict::RefusedRecipient | Verdict::RefusedMessage => {
                (DeliveryState::Failed, TransmissionResult::Refused)
            }
            Verdict::Ambiguous => {
                // A relay that goes away after the content would make each letter uncertain, one after the other.
                self.leave_alone();
                delivery.uncertain_since = Some(now);
                delivery.due_at = now + outbox.look_again();
                (DeliveryState::Ambiguous, TransmissionResult::Uncertain)
            }
        };
        if !matches!(failure.verdict, Verdict::RelayDown | Verdict::Ambiguous) {
            self.app.0.breaker.worked();
        }
        tracing::warn!(
            delivery_id = %delivery.id,
            phase = ?failure.phase,
            code = failure.code,
            state = %state,
            "a letter was not taken"
        );
        self.store(delivery, state, failure.to_string(), Some(result))
            .await
    }

    /// Leaves the relay alone for a while; gives how long.
    fn leave_alone(&self) -> TimeDelta {
        let outbox = &self.app.config().outbox;
        let (first, longest) = (outbox.first_wait(), outbox.longest_wait());
        self.app.0.breaker.failed(self.app.now(), first, longest)
    }

    /// Stores what became of a letter. The relay's word is known only here, so a database that does not answer is told
    /// again and again.
    async fn store(
        &mut self,
        mut delivery: Delivery,
        state: DeliveryState,
        said: String,
        result: Option<TransmissionResult>,
    ) -> Result<(), AppError> {
        delivery.state = state;
        delivery.last_error = said;
        let now = self.app.now();
        for tellings_left in (0..MAX_TELLINGS).rev() {
            let after = delivery.clone();
            let told = self
                .app
                .db()
                .write(move |conn| match result {
                    Some(result) => deliveries::finish(conn, &after, result, now),
                    None => deliveries::settle(conn, &after),
                })
                .await;
            match told {
                Ok(()) => {
                    self.done.count(state);
                    return Ok(());
                }
                Err(StoreError::Stale) => {
                    tracing::warn!(delivery_id = %delivery.id, "the claim was lost meanwhile");
                    return Ok(());
                }
                Err(error) if tellings_left == 0 => return Err(error.into()),
                Err(error) => {
                    tracing::error!(%error, delivery_id = %delivery.id, "an outcome waits for the database");
                    sleep(TELLING_PAUSE).await;
                }
            }
        }
        Ok(())
    }
}

/// What handing a letter over came to.
enum Handed {
    /// The relay took it, and said this.
    Sent(String),
    /// Another worker has the claim now; nothing was sent.
    Lost,
    Failed(Failure),
}
