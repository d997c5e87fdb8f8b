//! How many letters may go in a minute, in all and to one site; shared by everything that works on one database.

use std::num::NonZeroU32;

use chrono::{DateTime, NaiveDateTime, Timelike, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text, Timestamp};

use crate::connection::Conn;
use crate::error::StoreError;
use crate::lists::stored;
use crate::schema::rates::{self, table};

/// The site that stands for all sites together; no address has it.
const ALL: &str = "*";

/// How many letters may be begun in a minute of the clock. `None` is any number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rates {
    /// In all.
    pub in_all: Option<NonZeroU32>,
    /// To the addresses of one site.
    pub to_site: Option<NonZeroU32>,
}

/// Whether there is room for one more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    /// There was, and it is taken now.
    Taken,
    /// Not to this site before the next minute.
    SiteIsFull,
    /// Not to anybody before the next minute.
    AllIsFull,
}

/// Takes room for one letter to a site in this minute. What was taken in a transaction that fails is given back with it.
pub(crate) fn take(
    conn: &mut Conn,
    limits: &Rates,
    site: &str,
    now: DateTime<Utc>,
) -> Result<Room, StoreError> {
    if !one(conn, site, limits.to_site, now)? {
        return Ok(Room::SiteIsFull);
    }
    if !one(conn, ALL, limits.in_all, now)? {
        put_back(conn, &[site], now)?;
        return Ok(Room::AllIsFull);
    }
    Ok(Room::Taken)
}

/// Gives back what was taken for a letter that does not go after all.
pub(crate) fn give_back(conn: &mut Conn, site: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    put_back(conn, &[site, ALL], now)
}

fn put_back(conn: &mut Conn, sites: &[&str], now: DateTime<Utc>) -> Result<(), StoreError> {
    let taken = table
        .filter(rates::site.eq_any(sites.to_vec()))
        .filter(rates::minute.eq(minute(now)))
        .filter(rates::used.gt(0));
    diesel::update(taken)
        .set(rates::used.eq(rates::used - 1))
        .execute(conn)?;
    Ok(())
}

/// The minute of the clock that a moment is in.
fn minute(now: DateTime<Utc>) -> NaiveDateTime {
    let start = now.with_second(0).and_then(|at| at.with_nanosecond(0));
    stored(start.unwrap_or(now))
}

/// Counts one more for a site unless that is too many: one statement, so that two workers never both take the last.
fn one(
    conn: &mut Conn,
    site: &str,
    limit: Option<NonZeroU32>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let Some(limit) = limit else {
        return Ok(true);
    };
    let counted = diesel::sql_query(
        "INSERT INTO rates (site, minute, used) VALUES ($1, $2, 1)
         ON CONFLICT (site) DO UPDATE
         SET minute = excluded.minute,
             used = CASE WHEN rates.minute = excluded.minute THEN rates.used + 1 ELSE 1 END
         WHERE rates.minute <> excluded.minute OR rates.used < $3",
    )
    .bind::<Text, _>(site)
    .bind::<Timestamp, _>(minute(now))
    .bind::<Integer, _>(i32::try_from(limit.get()).unwrap_or(i32::MAX))
    .execute(conn)?;
    Ok(counted == 1)
}
