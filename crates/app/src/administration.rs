//! What whoever runs the program may see and ask from the command line.

use std::collections::BTreeMap;

use domain::ids::{MemberId, OrganisationId};
use domain::letters::DeliveryState;
use domain::members::{Member, Role, Viewer};
use domain::posts::PostKind;
use store::{outbox, posts};

use crate::App;
use crate::error::AppError;

/// What is kept, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    /// Requests that are open.
    pub open_requests: i64,
    /// Offers that are open.
    pub open_offers: i64,
    /// Deliveries in each state that any is in.
    pub deliveries: BTreeMap<DeliveryState, i64>,
}

impl App {
    /// The viewer for who runs the program on the machine itself: sees what an administrator sees, in all regions. No
    /// member is behind it, so it reads and repairs but cannot post or review.
    pub fn administrator(&self) -> Viewer {
        let now = self.now();
        Viewer::Member(Member {
            id: MemberId::new(now),
            organisation: OrganisationId::new(now),
            name: self.config().mail.from_name.clone(),
            email: self.config().mail.from_address.clone(),
            role: Role::Admin,
            regions: Vec::new(),
            confirmed_at: Some(now),
            wants_reminders: false,
            created_at: now,
        })
    }

    /// Counts what is kept.
    ///
    /// # Errors
    /// [`AppError::Busy`] or [`AppError::Broken`].
    pub async fn inventory(&self) -> Result<Inventory, AppError> {
        self.db()
            .read(|conn| {
                Ok(Inventory {
                    open_requests: posts::count_open(conn, PostKind::Request)?,
                    open_offers: posts::count_open(conn, PostKind::Offer)?,
                    deliveries: outbox::count_by_state(conn)?,
                })
            })
            .await
    }
}
