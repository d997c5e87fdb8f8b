//! The outbox as people see it: lists and counts.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{count_star, min};
use diesel::prelude::*;
use domain::ids::DeliveryId;
use domain::letters::{Delivery, DeliveryState, LetterKind};

use crate::connection::Conn;
use crate::deliveries::Row;
use crate::error::StoreError;
use crate::lists::{instant, stored, value};
use crate::page::{Page, Slice};
use crate::schema::deliveries::{self, table};
use crate::schema::letters;
use crate::transmissions;

/// A delivery with the letter it carries, for a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The delivery.
    pub delivery: Delivery,
    /// What the letter is for.
    pub kind: LetterKind,
    /// What it is about.
    pub about: String,
    /// Its subject line.
    pub subject: String,
    /// How often nobody knew whether the relay had it.
    pub times_uncertain: usize,
}

/// A page of deliveries, newest first.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn page(
    conn: &mut Conn,
    state: Option<DeliveryState>,
    slice: &Slice,
) -> Result<Page<Listed>, StoreError> {
    load(conn, state, None, slice)
}

/// A delivery.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none with this id.
pub fn find(conn: &mut Conn, id: DeliveryId) -> Result<Listed, StoreError> {
    let mut found = load(conn, None, Some(id), &Slice::first(1))?;
    found.items.pop().ok_or(StoreError::NotFound)
}

fn load(
    conn: &mut Conn,
    state: Option<DeliveryState>,
    only: Option<DeliveryId>,
    slice: &Slice,
) -> Result<Page<Listed>, StoreError> {
    let mut query = table
        .inner_join(letters::table)
        .select((
            deliveries::all_columns,
            letters::kind,
            letters::about,
            letters::subject,
        ))
        .into_boxed();
    if let Some(state) = state {
        query = query.filter(deliveries::state.eq(state.code()));
    }
    if let Some(only) = only {
        query = query.filter(deliveries::id.eq(only.to_string()));
    }
    if let Some(after) = &slice.after {
        query = query.filter(deliveries::id.lt(after.clone()));
    }
    let rows: Vec<(Row, String, String, String)> = query
        .order(deliveries::id.desc())
        .limit(slice.limit())
        .load(conn)?;
    let ids: Vec<&str> = rows.iter().map(|(row, ..)| row.id.as_str()).collect();
    let uncertain = transmissions::times_uncertain(conn, &ids)?;
    Page::from_rows(rows, slice, |(row, ..)| row.id.clone()).read(|(row, kind, about, subject)| {
        Ok(Listed {
            times_uncertain: uncertain.get(&row.id).copied().unwrap_or(0),
            delivery: row.try_into()?,
            kind: value(&kind)?,
            about,
            subject,
        })
    })
}

/// How many deliveries are in each state.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn count_by_state(conn: &mut Conn) -> Result<BTreeMap<DeliveryState, i64>, StoreError> {
    let rows: Vec<(String, i64)> = table
        .group_by(deliveries::state)
        .select((deliveries::state, count_star()))
        .load(conn)?;
    rows.iter()
        .map(|(state, count)| Ok((value(state)?, *count)))
        .collect()
}

/// How many deliveries wait for a moment that has come.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn count_due(conn: &mut Conn, now: DateTime<Utc>) -> Result<i64, StoreError> {
    Ok(table
        .filter(deliveries::state.eq(DeliveryState::Ready.code()))
        .filter(deliveries::due_at.le(stored(now)))
        .select(count_star())
        .first(conn)?)
}

/// Since when the delivery that waits longest could have gone; `None` when none waits.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn oldest_ready(conn: &mut Conn) -> Result<Option<DateTime<Utc>>, StoreError> {
    let found: Option<NaiveDateTime> = table
        .filter(deliveries::state.eq(DeliveryState::Ready.code()))
        .select(min(deliveries::due_at))
        .first(conn)?;
    Ok(found.map(instant))
}
