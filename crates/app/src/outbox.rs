//! The outbox as coordinators see and repair it: deliveries, the pause, and addresses that get nothing any more.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use domain::email_address::EmailAddress;
use domain::ids::DeliveryId;
use domain::letters::{DeliveryState, SuppressionReason};
use domain::members::Viewer;
use store::outbox::{self, Listed};
use store::pauses::{self, Pause};
use store::suppressions::{self, Suppression};
use store::{Page, Slice, StoreError, deliveries, recovery};

use crate::App;
use crate::error::{AppError, Conflict};
use crate::tokens::coordinator_everywhere;

/// How the outbox is, for who watches over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxHealth {
    /// Deliveries in each state that any is in.
    pub deliveries: BTreeMap<DeliveryState, i64>,
    /// How long the delivery that waits longest could have gone already; zero when none waits.
    pub oldest_wait: TimeDelta,
    /// Why and since when no letter goes.
    pub pause: Option<Pause>,
    /// Whether this process leaves the relay alone because it does not work.
    pub relay_is_down: bool,
}

/// What becomes of deliveries that are held since a backup was put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfHeld {
    /// They stay held.
    Stay,
    /// They go, once, although they may have gone before.
    GoOnce,
}

/// What goes now that letters go again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resumed {
    /// The pause that there was.
    pub pause: Option<Pause>,
    /// Deliveries that go now.
    pub going: i64,
    /// Deliveries that are still held, because they may have gone after the backup that was put back.
    pub held: i64,
}

impl App {
    /// How the outbox is.
    ///
    /// # Errors
    /// [`AppError::Busy`] or [`AppError::Broken`].
    pub async fn outbox_health(&self) -> Result<OutboxHealth, AppError> {
        let (now, relay_is_down) = (self.now(), self.0.breaker.is_open());
        self.db()
            .read(move |conn| {
                let since = outbox::oldest_ready(conn)?;
                Ok(OutboxHealth {
                    deliveries: outbox::count_by_state(conn)?,
                    oldest_wait: since.map_or(TimeDelta::zero(), |since| {
                        (now - since).max(TimeDelta::zero())
                    }),
                    pause: pauses::find(conn)?,
                    relay_is_down,
                })
            })
            .await
    }

    /// A page of deliveries, newest first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who does not coordinate everywhere.
    pub async fn list_outbox(
        &self,
        viewer: &Viewer,
        state: Option<DeliveryState>,
        slice: Slice,
    ) -> Result<Page<Listed>, AppError> {
        coordinator_everywhere(viewer)?;
        Ok(self
            .db()
            .read(move |conn| outbox::page(conn, state, &slice))
            .await?)
    }

    /// Lets a delivery that ended without being sent try again, and tells how it is then.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who does not coordinate everywhere; [`AppError::NotFound`] when there is none; [`Conflict::Gone`]
    /// when it was sent, is being sent, need not go any more, or its letter was emptied.
    pub async fn retry_delivery(
        &self,
        viewer: &Viewer,
        id: DeliveryId,
    ) -> Result<Listed, AppError> {
        coordinator_everywhere(viewer)?;
        let now = self.now();
        self.db()
            .write(move |conn| {
                outbox::find(conn, id)?;
                match deliveries::retry(conn, id, now) {
                    Err(StoreError::NotFound) => return Err(AppError::Conflict(Conflict::Gone)),
                    retried => retried?,
                }
                Ok::<_, AppError>(outbox::find(conn, id)?)
            })
            .await
    }

    /// Stops all letters on this database, also those of other instances; what is on its way goes on.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who does not coordinate everywhere.
    pub async fn pause_outbox(&self, viewer: &Viewer, reason: String) -> Result<(), AppError> {
        coordinator_everywhere(viewer)?;
        let now = self.now();
        Ok(self
            .db()
            .write(move |conn| pauses::begin(conn, &reason, now))
            .await?)
    }

    /// Lets letters go again.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who does not coordinate everywhere.
    pub async fn resume_outbox(
        &self,
        viewer: &Viewer,
        of_held: OfHeld,
    ) -> Result<Resumed, AppError> {
        coordinator_everywhere(viewer)?;
        let now = self.now();
        self.db()
            .write(move |conn| {
                if of_held == OfHeld::GoOnce {
                    recovery::release_held(conn, now)?;
                }
                Ok(Resumed {
                    pause: pauses::end(conn)?,
                    going: outbox::count_due(conn, now)?,
                    held: recovery::count_held(conn)?,
                })
            })
            .await
    }

    /// Every address that gets nothing any more, the latest first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who does not coordinate everywhere.
    pub async fn list_suppressions(&self, viewer: &Viewer) -> Result<Vec<Suppression>, AppError> {
        coordinator_everywhere(viewer)?;
        Ok(self.db().read(suppressions::all).await?)
    }

    /// Stops letters to an address.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who does not coordinate everywhere.
    pub async fn suppress(&self, viewer: &Viewer, address: EmailAddress) -> Result<(), AppError> {
        coordinator_everywhere(viewer)?;
        let now = self.now();
        Ok(self
            .db()
            .write(move |conn| {
                suppressions::add(conn, &address, SuppressionReason::ByHand, None, now)
            })
            .await?)
    }

    /// Lets letters go to an address again.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who does not coordinate everywhere; [`AppError::NotFound`] when they were not stopped.
    pub async fn lift_suppression(
        &self,
        viewer: &Viewer,
        address: EmailAddress,
    ) -> Result<(), AppError> {
        coordinator_everywhere(viewer)?;
        Ok(self
            .db()
            .write(move |conn| suppressions::lift(conn, &address))
            .await?)
    }
}
