//! Addresses that nothing is sent to any more.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::email_address::EmailAddress;
use domain::ids::DeliveryId;
use domain::letters::SuppressionReason;

use crate::connection::Conn;
use crate::dialect::Portable;
use crate::error::StoreError;
use crate::lists::{instant, optional, stored, value};
use crate::schema::suppressions::{self, table};

#[derive(Queryable, Insertable)]
#[diesel(table_name = suppressions, treat_none_as_default_value = false)]
struct Row {
    address: String,
    reason: String,
    delivery_id: Option<String>,
    since: NaiveDateTime,
}

/// An address that nothing is sent to any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// The address, in lower case.
    pub address: EmailAddress,
    /// Why.
    pub reason: SuppressionReason,
    /// The delivery that showed it.
    pub delivery: Option<DeliveryId>,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// Stops letters to an address; what was known before stays.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn add(
    conn: &mut Conn,
    address: &EmailAddress,
    reason: SuppressionReason,
    delivery: Option<DeliveryId>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = Row {
        address: address.key(),
        reason: reason.to_string(),
        delivery_id: delivery.map(|id| id.to_string()),
        since: stored(now),
    };
    Portable(
        diesel::insert_into(table)
            .values(row)
            .on_conflict_do_nothing(),
    )
    .execute(conn)?;
    Ok(())
}

/// Lets letters go to an address again.
///
/// # Errors
/// [`StoreError::NotFound`] when they were not stopped.
pub fn lift(conn: &mut Conn, address: &EmailAddress) -> Result<(), StoreError> {
    match diesel::delete(table.find(address.key())).execute(conn)? {
        0 => Err(StoreError::NotFound),
        _ => Ok(()),
    }
}

/// Whether letters to an address are stopped.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn holds(conn: &mut Conn, address: &EmailAddress) -> Result<bool, StoreError> {
    let found = table.find(address.key());
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(conn)?)
}

/// Every address that nothing is sent to, the latest first.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn all(conn: &mut Conn) -> Result<Vec<Suppression>, StoreError> {
    let rows: Vec<Row> = table
        .order((suppressions::since.desc(), suppressions::address))
        .load(conn)?;
    rows.into_iter()
        .map(|row| {
            Ok(Suppression {
                address: value(&row.address)?,
                reason: value(&row.reason)?,
                delivery: optional(row.delivery_id.as_deref())?,
                since: instant(row.since),
            })
        })
        .collect()
}
