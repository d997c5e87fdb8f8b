//! How each transmission ended; lines are only ever added, and nobody reads them but people and tests.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::ids::DeliveryId;
use domain::letters::{Delivery, TransmissionResult};

use crate::connection::Conn;
use crate::dialect::Portable;
use crate::error::StoreError;
use crate::lists::{instant, stored, value};
use crate::schema::transmissions::{self, table};

#[derive(Queryable, Insertable)]
#[diesel(table_name = transmissions)]
struct Row {
    delivery_id: String,
    epoch: i32,
    result: String,
    at: NaiveDateTime,
    reply: String,
}

/// One transmission of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transmission {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Its claim.
    pub epoch: i32,
    /// How it ended.
    pub result: TransmissionResult,
    /// When.
    pub at: DateTime<Utc>,
    /// What the relay or the network said; without addresses.
    pub reply: String,
}

/// Writes down how the transmission of a delivery's present claim ended; once for each claim and result.
pub(crate) fn add(
    conn: &mut Conn,
    delivery: &Delivery,
    result: TransmissionResult,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = Row {
        delivery_id: delivery.id.to_string(),
        epoch: delivery.epoch,
        result: result.to_string(),
        at: stored(at),
        reply: delivery.last_error.clone(),
    };
    Portable(
        diesel::insert_into(table)
            .values(row)
            .on_conflict_do_nothing(),
    )
    .execute(conn)?;
    Ok(())
}

/// How often nobody knew the end of these deliveries; those that never were uncertain are left out.
pub(crate) fn times_uncertain(
    conn: &mut Conn,
    deliveries: &[&str],
) -> Result<BTreeMap<String, usize>, StoreError> {
    let found: Vec<String> = table
        .filter(transmissions::result.eq(TransmissionResult::Uncertain.code()))
        .filter(transmissions::delivery_id.eq_any(deliveries.to_vec()))
        .order(transmissions::delivery_id)
        .select(transmissions::delivery_id)
        .load(conn)?;
    let mut times = BTreeMap::new();
    for delivery in found {
        *times.entry(delivery).or_default() += 1;
    }
    Ok(times)
}

/// Every transmission of a delivery, in order.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn of_delivery(conn: &mut Conn, id: DeliveryId) -> Result<Vec<Transmission>, StoreError> {
    let rows: Vec<Row> = table
        .filter(transmissions::delivery_id.eq(id.to_string()))
        .order((
            transmissions::epoch,
            transmissions::at,
            transmissions::result,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|row| {
            Ok(Transmission {
                delivery: value(&row.delivery_id)?,
                epoch: row.epoch,
                result: value(&row.result)?,
                at: instant(row.at),
                reply: row.reply,
            })
        })
        .collect()
}
