//! Puts the outbox right: takes back what workers left behind that are gone or sleep, and finds out about uncertain
//! deliveries by asking the relay, or repeats them once when nobody can be asked.

use domain::letters::{Delivery, DeliveryState, TransmissionResult};
use store::recovery::{self, Whose};
use store::{Presence, StoreError, letters};

use super::MAX_BATCH;
use crate::App;
use crate::error::AppError;
use crate::inquiry::Word;

impl App {
    /// Takes back claims that nobody works on, and settles uncertain deliveries whose time has come; gives the name
    /// under which this process may claim.
    pub(super) async fn recover_outbox(&self) -> Result<String, AppError> {
        let presence = self.presence().await?;
        let owners = self.db().read(recovery::owners).await?;
        for owner in presence.gone(owners).await? {
            self.take_back(Whose::Gone(owner)).await?;
        }
        let (now, outbox) = (self.now(), &self.config().outbox);
        let late = Whose::Late {
            leased_before: now - outbox.lease(),
            in_data_before: now - outbox.lease() - self.config().mail.longest_content(),
        };
        let looked_at = late.clone();
        if self
            .db()
            .read(move |conn| recovery::any(conn, &looked_at))
            .await?
        {
            self.take_back(late).await?;
        }
        self.settle_uncertain().await?;
        Ok(presence.owner().to_owned())
    }

    /// The lock that shows others that this process is there.
    async fn presence(&self) -> Result<&Presence, AppError> {
        Ok(self
            .0
            .presence
            .get_or_try_init(|| self.db().enter())
            .await?)
    }

    async fn take_back(&self, whose: Whose) -> Result<(), AppError> {
        let now = self.now();
        let look_at = now + self.config().outbox.look_again();
        let named = format!("{whose:?}");
        let taken = self
            .db()
            .write(move |conn| recovery::take_back(conn, &whose, now, look_at))
            .await?;
        if !taken.is_nothing() {
            tracing::warn!(
                leased = taken.leased,
                in_data = taken.in_data,
                whose = named,
                "took back deliveries that nobody worked on"
            );
        }
        Ok(())
    }

    /// Asks the relay about uncertain deliveries; without an answer each is repeated once, after it was held long
    /// enough, and then left to a person.
    async fn settle_uncertain(&self) -> Result<(), AppError> {
        let now = self.now();
        let due = self
            .db()
            .read(move |conn| recovery::uncertain(conn, now, MAX_BATCH))
            .await?;
        for delivery in due {
            let (after, found) = self.judge(delivery).await?;
            let stored = self
                .db()
                .write(move |conn| recovery::resolve(conn, &after, found, now))
                .await;
            match stored {
                // Another instance was first.
                Ok(()) | Err(StoreError::Stale) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Ok(())
    }

    /// What is to become of an uncertain delivery.
    async fn judge(
        &self,
        mut delivery: Delivery,
    ) -> Result<(Delivery, Option<TransmissionResult>), AppError> {
        let (now, outbox, id) = (self.now(), &self.config().outbox, delivery.letter);
        let word = if outbox.ask_command.is_empty() {
            Word::None
        } else {
            let letter = self.db().read(move |conn| letters::find(conn, id)).await?;
            crate::inquiry::ask(&outbox.ask_command, &letter.mime, &delivery.recipient).await
        };
        let held_enough = delivery
            .uncertain_since
            .is_none_or(|since| since + outbox.hold() <= now);
        Ok(match word {
            Word::Taken => {
                delivery.state = DeliveryState::Sent;
                delivery.sent_at = Some(now);
                (delivery, Some(TransmissionResult::FoundTaken))
            }
            Word::Missing => {
                delivery.state = DeliveryState::Ready;
                delivery.due_at = now;
                (delivery, Some(TransmissionResult::FoundMissing))
            }
            Word::None if delivery.repeats == 0 && held_enough => {
                tracing::warn!(delivery_id = %delivery.id, "an uncertain letter goes once more");
                delivery.state = DeliveryState::Ready;
                delivery.due_at = now;
                delivery.repeats += 1;
                (delivery, None)
            }
            Word::None => {
                delivery.due_at = now + outbox.look_again();
                (delivery, None)
            }
        })
    }
}
