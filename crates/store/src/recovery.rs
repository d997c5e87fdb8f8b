//! What becomes of deliveries whose worker is gone or sleeps, and of those that nobody knows the end of.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use diesel::dsl::count_star;
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

/// Whether there is anything of theirs to take back.
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

/// Until when a delivery is held that only a person lets go: for ever, to all who look at clocks.
const HELD_UNTIL: DateTime<Utc> = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => NaiveDateTime::new(day, NaiveTime::MIN).and_utc(),
    None => DateTime::<Utc>::MAX_UTC,
};

/// Holds every delivery that is open, for a database that was made from a copy of `since`: the letters may have gone
/// after that, so they are uncertain, and none goes before a person says so. Gives how many there are.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn hold_open(conn: &mut Conn, since: DateTime<Utc>) -> Result<usize, StoreError> {
    let open = [
        DeliveryState::Ready,
        DeliveryState::Leased,
        DeliveryState::InData,
        DeliveryState::Ambiguous,
    ];
    let open = || table.filter(deliveries::state.eq_any(open.map(DeliveryState::code)));
    diesel::update(open().filter(deliveries::uncertain_since.is_null()))
        .set((
            deliveries::uncertain_since.eq(stored(since)),
            deliveries::last_error.eq("may have gone after the backup was made"),
        ))
        .execute(conn)?;
    let held = diesel::update(open())
        .set((
            deliveries::state.eq(DeliveryState::Ambiguous.code()),
            deliveries::due_at.eq(stored(HELD_UNTIL)),
        ))
        .execute(conn)?;
    Ok(held)
}

/// How many deliveries are held until a person lets them go.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn count_held(conn: &mut Conn) -> Result<i64, StoreError> {
    Ok(held().select(count_star()).first(conn)?)
}

/// Lets every delivery go that was held, once. Gives how many there were.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn release_held(conn: &mut Conn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let released = diesel::update(held())
        .set((
            deliveries::state.eq(DeliveryState::Ready.code()),
            deliveries::attempts.eq(0),
            deliveries::repeats.eq(deliveries::repeats + 1),
            deliveries::due_at.eq(stored(now)),
            deliveries::uncertain_since.eq(None::<NaiveDateTime>),
        ))
        .execute(conn)?;
    Ok(released)
}

#[diesel::dsl::auto_type]
fn held() -> _ {
    let state: &'static str = DeliveryState::Ambiguous.code();
    let until: NaiveDateTime = stored(HELD_UNTIL);
    table
        .filter(deliveries::state.eq(state))
        .filter(deliveries::due_at.eq(until))
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
