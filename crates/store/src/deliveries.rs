//! Deliveries in the database: claimed by one worker at a time, and changed only by whoever holds the claim.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::ids::DeliveryId;
use domain::letters::{Delivery, DeliveryState, LetterKind, TransmissionResult};

use crate::connection::Conn;
use crate::error::StoreError;
use crate::lists::{instant, stored, value};
use crate::rates::{self, Rates, Room};
use crate::schema::deliveries::{self, table};
use crate::schema::letters;
use crate::{dialect, pauses, transmissions};

#[derive(Queryable, Insertable)]
#[diesel(table_name = deliveries, treat_none_as_default_value = false)]
pub(crate) struct Row {
    pub(crate) id: String,
    letter_id: String,
    recipient: String,
    site: String,
    state: String,
    epoch: i32,
    owner: String,
    attempts: i32,
    repeats: i32,
    due_at: NaiveDateTime,
    claimed_at: Option<NaiveDateTime>,
    uncertain_since: Option<NaiveDateTime>,
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
            repeats: row.repeats,
            due_at: instant(row.due_at),
            claimed_at: row.claimed_at.map(instant),
            uncertain_since: row.uncertain_since.map(instant),
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
        site: delivery.recipient.site(),
        state: delivery.state.to_string(),
        epoch: delivery.epoch,
        owner: delivery.owner.clone(),
        attempts: delivery.attempts,
        repeats: delivery.repeats,
        due_at: stored(delivery.due_at),
        claimed_at: delivery.claimed_at.map(stored),
        uncertain_since: delivery.uncertain_since.map(stored),
        last_error: delivery.last_error.clone(),
        sent_at: delivery.sent_at.map(stored),
        created_at: stored(delivery.created_at),
    };
    diesel::insert_into(table).values(row).execute(conn)?;
    Ok(())
}

/// Claims the delivery that waits longest, of a site that there is room for; `None` when there is none or the post is
/// paused. Rows that others are claiming are passed over.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn claim(
    conn: &mut Conn,
    owner: &str,
    now: DateTime<Utc>,
    rates: &Rates,
) -> Result<Option<Delivery>, StoreError> {
    if pauses::find(conn)?.is_some() {
        return Ok(None);
    }
    let mut full_sites = Vec::new();
    while let Some(id) = dialect::due_delivery(conn, stored(now), &full_sites)? {
        let mut delivery = find(conn, &id)?;
        let site = delivery.recipient.site();
        match rates::take(conn, rates, &site, now)? {
            Room::Taken => {}
            Room::SiteIsFull => {
                full_sites.push(site);
                continue;
            }
            Room::AllIsFull => return Ok(None),
        }
        delivery.state = DeliveryState::Leased;
        owner.clone_into(&mut delivery.owner);
        delivery.epoch += 1;
        delivery.claimed_at = Some(instant(stored(now)));
        diesel::update(table.find(&id))
            .set((
                deliveries::state.eq(delivery.state.code()),
                deliveries::owner.eq(owner),
                deliveries::epoch.eq(delivery.epoch),
                deliveries::claimed_at.eq(delivery.claimed_at.map(stored)),
            ))
            .execute(conn)?;
        return Ok(Some(delivery));
    }
    Ok(None)
}

/// Ends a delivery that was claimed and may not go any more; it takes no part of the rate.
///
/// # Errors
/// [`StoreError::Stale`] when the claim was lost.
pub fn decline(
    conn: &mut Conn,
    delivery: &Delivery,
    state: DeliveryState,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let ended = Delivery {
        state,
        ..delivery.clone()
    };
    settle(conn, &ended)?;
    rates::give_back(conn, &delivery.recipient.site(), now)
}

/// The delivery with this id.
pub(crate) fn find(conn: &mut Conn, id: &str) -> Result<Delivery, StoreError> {
    table.find(id).first::<Row>(conn)?.try_into()
}

/// Stores what became of a claimed delivery: its state, attempts, next moment and last error.
///
/// # Errors
/// [`StoreError::Stale`] when the claim was lost: then nothing may be sent for it any more.
pub fn settle(conn: &mut Conn, delivery: &Delivery) -> Result<(), StoreError> {
    // Content is announced once for each claim: who finds it announced already has slept through something.
    let before: &[DeliveryState] = match delivery.state {
        DeliveryState::InData => &[DeliveryState::Leased],
        _ => &[DeliveryState::Leased, DeliveryState::InData],
    };
    change(conn, delivery, before)
}

/// Stores what became of a claimed delivery after a transmission, and how that ended.
///
/// # Errors
/// [`StoreError::Stale`] when the claim was lost.
pub fn finish(
    conn: &mut Conn,
    delivery: &Delivery,
    result: TransmissionResult,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    settle(conn, delivery)?;
    transmissions::add(conn, delivery, result, now)
}

/// Changes a delivery if its owner, its claim and its state are still what they were: the only way a state changes
/// after a claim.
pub(crate) fn change(
    conn: &mut Conn,
    delivery: &Delivery,
    before: &[DeliveryState],
) -> Result<(), StoreError> {
    let letter = delivery.letter.to_string();
    dialect::hold_letter(conn, &letter)?;
    let before: Vec<&str> = before.iter().map(|state| state.code()).collect();
    let unchanged = table
        .find(delivery.id.to_string())
        .filter(deliveries::owner.eq(&delivery.owner))
        .filter(deliveries::epoch.eq(delivery.epoch))
        .filter(deliveries::state.eq_any(before));
    let changed = diesel::update(unchanged)
        .set((
            deliveries::state.eq(delivery.state.code()),
            deliveries::attempts.eq(delivery.attempts),
            deliveries::repeats.eq(delivery.repeats),
            deliveries::due_at.eq(stored(delivery.due_at)),
            deliveries::uncertain_since.eq(delivery.uncertain_since.map(stored)),
            deliveries::last_error.eq(&delivery.last_error),
            deliveries::sent_at.eq(delivery.sent_at.map(stored)),
        ))
        .execute(conn)?;
    if changed == 0 {
        return Err(StoreError::Stale);
    }
    scrub_when_done(conn, &letter)
}

/// Notes that a delivery which the relay took came back after all; gives it, or `None` when it was not sent or came
/// back before.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn bounce(conn: &mut Conn, id: DeliveryId, said: &str) -> Result<Option<Delivery>, StoreError> {
    let sent = table
        .find(id.to_string())
        .filter(deliveries::state.eq(DeliveryState::Sent.code()));
    let changed = diesel::update(sent)
        .set((
            deliveries::state.eq(DeliveryState::Bounced.code()),
            deliveries::last_error.eq(said),
        ))
        .execute(conn)?;
    match changed {
        0 => Ok(None),
        _ => find(conn, &id.to_string()).map(Some),
    }
}

/// The delivery with this id, if the relay took it.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn find_sent(conn: &mut Conn, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
    let went = [DeliveryState::Sent, DeliveryState::Bounced];
    table
        .find(id.to_string())
        .filter(deliveries::state.eq_any(went.map(DeliveryState::code)))
        .first::<Row>(conn)
        .optional()?
        .map(Delivery::try_from)
        .transpose()
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
            deliveries::uncertain_since.eq(None::<NaiveDateTime>),
        ))
        .execute(conn)?;
    if changed == 0 {
        Err(StoreError::NotFound)
    } else {
        Ok(())
    }
}
