//! Deliveries in the database: claimed by one worker at a time, and changed only by whoever holds the claim.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::ids::DeliveryId;
use domain::letters::{Delivery, DeliveryState, LetterKind};

use crate::connection::Conn;
use crate::dialect;
use crate::error::StoreError;
use crate::lists::{instant, stored, value};
use crate::page::{Page, Slice};
use crate::schema::deliveries::{self, table};
use crate::schema::letters;

#[derive(Queryable, Insertable)]
#[diesel(table_name = deliveries, treat_none_as_default_value = false)]
struct Row {
    id: String,
    letter_id: String,
    recipient: String,
    state: String,
    epoch: i32,
    owner: String,
    attempts: i32,
    due_at: NaiveDateTime,
    last_error: String,
    sent_at: Option<NaiveDateTime>,
    created_at: NaiveDateTime,
}

impl TryFrom<Row> for Delivery {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: value(&row.id)?,
            letter: value(&row.letter_id)?,
            recipient: value(&row.recipient)?,
            state: value(&row.state)?,
            epoch: row.epoch,
            owner: row.owner,
            attempts: row.attempts,
            due_at: instant(row.due_at),
            last_error: row.last_error,
            sent_at: row.sent_at.map(instant),
            created_at: instant(row.created_at),
        })
    }
}

pub(crate) fn insert(conn: &mut Conn, delivery: &Delivery) -> Result<(), StoreError> {
    let row = Row {
        id: delivery.id.to_string(),
        letter_id: delivery.letter.to_string(),
        recipient: delivery.recipient.to_string(),
        state: delivery.state.to_string(),
        epoch: delivery.epoch,
        owner: delivery.owner.clone(),
        attempts: delivery.attempts,
        due_at: stored(delivery.due_at),
        last_error: delivery.last_error.clone(),
        sent_at: delivery.sent_at.map(stored),
        created_at: stored(delivery.created_at),
    };
    diesel::insert_into(table).values(row).execute(conn)?;
    Ok(())
}

/// Claims the delivery that waits longest; `None` when none is due. A worker that finds its candidate taken by another
/// tries the next one.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn claim(
    conn: &mut Conn,
    owner: &str,
    now: DateTime<Utc>,
) -> Result<Option<Delivery>, StoreError> {
    loop {
        let candidate: Option<Row> = table
            .filter(deliveries::state.eq(DeliveryState::Ready.code()))
            .filter(deliveries::due_at.le(stored(now)))
            .order((deliveries::due_at, deliveries::id))
            .first(conn)
            .optional()?;
        let Some(row) = candidate else {
            return Ok(None);
        };
        let mut delivery = Delivery::try_from(row)?;
        let untouched = table
            .find(delivery.id.to_string())
            .filter(deliveries::state.eq(DeliveryState::Ready.code()))
            .filter(deliveries::epoch.eq(delivery.epoch));
        let taken = diesel::update(untouched)
            .set((
                deliveries::state.eq(DeliveryState::Leased.code()),
                deliveries::owner.eq(owner),
                deliveries::epoch.eq(delivery.epoch + 1),
            ))
            .execute(conn)?;
        if taken == 1 {
            delivery.state = DeliveryState::Leased;
            owner.clone_into(&mut delivery.owner);
            delivery.epoch += 1;
            return Ok(Some(delivery));
        }
    }
}

/// Stores what became of a claimed delivery: its state, attempts, next moment and last error.
///
/// # Errors
/// [`StoreError::Stale`] when the claim was lost: then nothing may be sent for it any more.
pub fn settle(conn: &mut Conn, delivery: &Delivery) -> Result<(), StoreError> {
    let letter = delivery.letter.to_string();
    dialect::hold_letter(conn, &letter)?;
    let claimed = table
        .find(delivery.id.to_string())
        .filter(deliveries::owner.eq(&delivery.owner))
        .filter(deliveries::epoch.eq(delivery.epoch))
        .filter(
            deliveries::state.eq_any([DeliveryState::Leased.code(), DeliveryState::InData.code()]),
        );
    let changed = diesel::update(claimed)
        .set((
            deliveries::state.eq(delivery.state.code()),
            deliveries::attempts.eq(delivery.attempts),
            deliveries::due_at.eq(stored(delivery.due_at)),
            deliveries::last_error.eq(&delivery.last_error),
            deliveries::sent_at.eq(delivery.sent_at.map(stored)),
        ))
        .execute(conn)?;
    if changed == 0 {
        return Err(StoreError::Stale);
    }
    scrub_when_done(conn, &letter)
}

/// A letter all of whose deliveries ended is emptied, unless it is an introduction: that one holds no link to act with.
fn scrub_when_done(conn: &mut Conn, letter: &str) -> Result<(), StoreError> {
    let open = [
        DeliveryState::Ready,
        DeliveryState::Leased,
        DeliveryState::InData,
        DeliveryState::Ambiguous,
        DeliveryState::Dead,
    ];
    let waiting: i64 = table
        .filter(deliveries::letter_id.eq(letter))
        .filter(deliveries::state.eq_any(open.map(DeliveryState::code)))
        .select(count_star())
        .first(conn)?;
    let kind: String = letters::table
        .find(letter)
        .select(letters::kind)
        .first(conn)?;
    if waiting == 0 && kind != LetterKind::Introduction.code() {
        crate::letters::scrub(conn, letter)?;
    }
    Ok(())
}

/// Takes back what workers that are gone had claimed: what was leased waits again; what was being transmitted cannot be
/// known and becomes ambiguous. For a process that is alone, at its start. Answers how many of each.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn take_back_all(conn: &mut Conn) -> Result<(usize, usize), StoreError> {
    let of = |state: DeliveryState| table.filter(deliveries::state.eq(state.code()));
    let leased = diesel::update(of(DeliveryState::Leased))
        .set(deliveries::state.eq(DeliveryState::Ready.code()))
        .execute(conn)?;
    let in_data = diesel::update(of(DeliveryState::InData))
        .set(deliveries::state.eq(DeliveryState::Ambiguous.code()))
        .execute(conn)?;
    Ok((leased, in_data))
}

/// Withdraws the letters of some kinds about something that did not go yet. Answers how many deliveries that stops.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn withdraw(conn: &mut Conn, about: &str, kinds: &[LetterKind]) -> Result<usize, StoreError> {
    let codes: Vec<&str> = kinds.iter().map(|kind| kind.code()).collect();
    let of_those: Vec<String> = letters::table
        .filter(letters::about.eq(about))
        .filter(letters::kind.eq_any(codes))
        .order(letters::id)
        .select(letters::id)
        .load(conn)?;
    let mut stopped = 0;
    for letter in &of_those {
        dialect::hold_letter(conn, letter)?;
        let waiting = table
            .filter(deliveries::letter_id.eq(letter))
            .filter(deliveries::state.eq(DeliveryState::Ready.code()));
        let withdrawn = deliveries::state.eq(DeliveryState::Withdrawn.code());
        let count = diesel::update(waiting).set(withdrawn).execute(conn)?;
        if count > 0 {
            scrub_when_done(conn, letter)?;
        }
        stopped += count;
    }
    Ok(stopped)
}

/// Whether a letter of some kinds about something went, or may have gone.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn any_went(conn: &mut Conn, about: &str, kinds: &[LetterKind]) -> Result<bool, StoreError> {
    let codes: Vec<&str> = kinds.iter().map(|kind| kind.code()).collect();
    let gone = [
        DeliveryState::Leased,
        DeliveryState::InData,
        DeliveryState::Sent,
        DeliveryState::Ambiguous,
    ];
    let found = table
        .inner_join(letters::table)
        .filter(letters::about.eq(about))
        .filter(letters::kind.eq_any(codes))
        .filter(deliveries::state.eq_any(gone.map(DeliveryState::code)));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(conn)?)
}

/// Lets a delivery that ended without being sent try again, now.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none that can: it was sent or withdrawn, is being sent now, or its letter was
/// emptied when the last of its deliveries ended.
pub fn retry(conn: &mut Conn, id: DeliveryId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let ended = [
        DeliveryState::Dead,
        DeliveryState::Failed,
        DeliveryState::Ambiguous,
        DeliveryState::Ready,
    ];
    let letter: String = table
        .find(id.to_string())
        .select(deliveries::letter_id)
        .first(conn)?;
    dialect::hold_letter(conn, &letter)?;
    let with_bytes = letters::table
        .find(letter)
        .filter(letters::mime.ne(Vec::new()))
        .select(letters::id);
    let again = table
        .find(id.to_string())
        .filter(deliveries::state.eq_any(ended.map(DeliveryState::code)))
        .filter(deliveries::letter_id.eq_any(with_bytes));
    let changed = diesel::update(again)
        .set((
            deliveries::state.eq(DeliveryState::Ready.code()),
            deliveries::attempts.eq(0),
            deliveries::due_at.eq(stored(now)),
        ))
        .execute(conn)?;
    if changed == 0 {
        Err(StoreError::NotFound)
    } else {
        Ok(())
    }
}

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
    if let Some(after) = &slice.after {
        query = query.filter(deliveries::id.lt(after.clone()));
    }
    let rows: Vec<(Row, String, String, String)> = query
        .order(deliveries::id.desc())
        .limit(slice.limit())
        .load(conn)?;
    Page::from_rows(rows, slice, |(row, ..)| row.id.clone()).read(|(row, kind, about, subject)| {
        Ok(Listed {
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
