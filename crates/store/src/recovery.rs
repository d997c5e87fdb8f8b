//! What becomes of deliveries whose worker is gone or sleeps, and of those that nobody knows the end of.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::letters::{Delivery, DeliveryState, TransmissionResult};

use crate::connection::Conn;
use crate::deliveries::{Row, change};
use crate::error::StoreError;
use crate::lists::stored;
use crate::schema::deliveries::{self, table};
use crate::transmissions;

/// Whose claims are taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Everything of a worker that is gone.
    Gone(String),
    /// What anybody has had for too long.
    Late {
        /// Claims from before this moment, of which no content was announced.
        leased_before: DateTime<Utc>,
        /// Claims from before this moment, of which content was announced.
        in_data_before: DateTime<Utc>,
    },
}

/// What was taken back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TakenBack {
    /// Waits again: certainly not taken by the relay.
    pub leased: usize,
    /// Became ambiguous: perhaps taken.
    pub in_data: usize,
}

impl TakenBack {
    /// Whether there was nothing to take back.
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

/// Everybody who has claims now.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn owners(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    Ok(table
        .filter(deliveries::state.eq_any(CLAIMED.map(DeliveryState::code)))
        .select(deliveries::owner)
        .distinct()
        .order(deliveries::owner)
        .load(conn)?)
}

/// Whether anybody has had a claim for too long, and how long that is.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn any(conn: &mut Conn, whose: &Whose) -> Result<bool, StoreError> {
    Ok(!found(conn, whose)?.is_empty())
}

/// Takes claims back: what was leased waits again; what was announced cannot be known, so that is written down, and it
/// is looked at again at `look_at`.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn take_back(
    conn: &mut Conn,
    whose: &Whose,
    now: DateTime<Utc>,
    look_at: DateTime<Utc>,
) -> Result<TakenBack, StoreError> {
    let mut taken = TakenBack::default();
    for row in found(conn, whose)? {
        let mut delivery = Delivery::try_from(row)?;
        let before = delivery.state;
        if before == DeliveryState::InData {
            delivery.state = DeliveryState::Ambiguous;
            delivery.uncertain_since = Some(now);
            delivery.due_at = look_at;
            "the worker was gone before the relay answered".clone_into(&mut delivery.last_error);
        } else {
            delivery.state = DeliveryState::Ready;
        }
        match change(conn, &delivery, &[before]) {
            Ok(()) => {}
            // Its worker settled it, or another took it back, since it was read.
            Err(StoreError::Stale) => continue,
            Err(other) => return Err(other),
        }
        if before == DeliveryState::InData {
            transmissions::add(conn, &delivery, TransmissionResult::Uncertain, now)?;
            taken.in_data += 1;
        } else {
            taken.leased += 1;
        }
    }
    Ok(taken)
}

/// Deliveries of which nobody knows the end, and whose time to look again has come; the longest first.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn uncertain(
    conn: &mut Conn,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Delivery>, StoreError> {
    table
        .filter(deliveries::state.eq(DeliveryState::Ambiguous.code()))
        .filter(deliveries::due_at.le(stored(now)))
        .order((deliveries::due_at, deliveries::id))
        .limit(limit)
        .load::<Row>(conn)?
        .into_iter()
        .map(Delivery::try_from)
        .collect()
}

/// Stores what was found out, or decided, about an uncertain delivery.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else was first.
pub fn resolve(
    conn: &mut Conn,
    delivery: &Delivery,
    found: Option<TransmissionResult>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    change(conn, delivery, &[DeliveryState::Ambiguous])?;
    match found {
        Some(result) => transmissions::add(conn, delivery, result, now),
        None => Ok(()),
    }
}

const CLAIMED: [DeliveryState; 2] = [DeliveryState::Leased, DeliveryState::InData];

fn found(conn: &mut Conn, whose: &Whose) -> Result<Vec<Row>, StoreError> {
    let [leased, in_data] = CLAIMED.map(|state| deliveries::state.eq(state.code()));
    Ok(match whose {
        Whose::Gone(owner) => table
            .filter(deliveries::state.eq_any(CLAIMED.map(DeliveryState::code)))
            .filter(deliveries::owner.eq(owner))
            .order(deliveries::id)
            .load(conn)?,
        Whose::Late {
            leased_before,
            in_data_before,
        } => table
            .filter(
                leased
                    .and(deliveries::claimed_at.lt(stored(*leased_before)))
                    .or(in_data.and(deliveries::claimed_at.lt(stored(*in_data_before)))),
            )
            .order(deliveries::id)
            .load(conn)?,
    })
}
