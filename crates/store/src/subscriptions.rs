//! Subscriptions in the database.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::ids::{MemberId, OrganisationId, SubscriptionId};
use domain::organisations::OrganisationState;
use domain::subscriptions::{Frequency, Subscription, SubscriptionContent};

use crate::connection::Conn;
use crate::dialect;
use crate::error::StoreError;
use crate::lists::{instant, joined, split, stored, value};
use crate::page::{Page, Slice};
use crate::schema::subscriptions::{self, table};
use crate::schema::{members, organisations};

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = subscriptions, treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    id: String,
    member_id: String,
    kinds: String,
    regions: String,
    themes: String,
    phases: String,
    support: String,
    minimum_score: f64,
    frequency: String,
    news_from: Option<NaiveDateTime>,
    due_at: NaiveDateTime,
    created_at: NaiveDateTime,
    version: i32,
}

impl From<&Subscription> for Row {
    fn from(subscription: &Subscription) -> Self {
        let content = &subscription.content;
        Self {
            id: subscription.id.to_string(),
            member_id: subscription.member.to_string(),
            kinds: joined(&content.kinds),
            regions: joined(&content.regions),
            themes: joined(&content.themes),
            phases: joined(&content.phases),
            support: joined(&content.support),
            minimum_score: content.minimum_score,
            frequency: content.frequency.to_string(),
            news_from: subscription.news_from.map(stored),
            due_at: stored(subscription.due_at),
            created_at: stored(subscription.created_at),
            version: subscription.version,
        }
    }
}

impl TryFrom<Row> for Subscription {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: value(&row.id)?,
            member: value(&row.member_id)?,
            content: SubscriptionContent {
                kinds: split(&row.kinds)?,
                regions: split(&row.regions)?,
                themes: split(&row.themes)?,
                phases: split(&row.phases)?,
                support: split(&row.support)?,
                minimum_score: row.minimum_score,
                frequency: value(&row.frequency)?,
            },
            news_from: row.news_from.map(instant),
            due_at: instant(row.due_at),
            created_at: instant(row.created_at),
            version: row.version,
        })
    }
}

/// Stores a new subscription.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn insert(conn: &mut Conn, subscription: &Subscription) -> Result<(), StoreError> {
    diesel::insert_into(table)
        .values(Row::from(subscription))
        .execute(conn)?;
    Ok(())
}

/// Stores the subscription as it is now; its version must be one more than the stored one.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else changed or ended it first.
pub fn save(conn: &mut Conn, subscription: &Subscription) -> Result<(), StoreError> {
    let row = Row::from(subscription);
    let before = table
        .find(row.id.clone())
        .filter(subscriptions::version.eq(row.version - 1));
    match diesel::update(before).set(row).execute(conn)? {
        0 => Err(StoreError::Stale),
        _ => Ok(()),
    }
}

/// Stores when the next letter of a subscription is due. That is no change its owner made, so its version stays.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn put_off(
    conn: &mut Conn,
    id: SubscriptionId,
    until: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::update(table.find(id.to_string()))
        .set(subscriptions::due_at.eq(stored(until)))
        .execute(conn)?;
    Ok(())
}

/// Ends a subscription: nothing is kept of it. Answers whether it was still there.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn remove(conn: &mut Conn, id: SubscriptionId) -> Result<bool, StoreError> {
    Ok(diesel::delete(table.find(id.to_string())).execute(conn)? > 0)
}

/// The subscription with this id.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub fn find(conn: &mut Conn, id: SubscriptionId) -> Result<Subscription, StoreError> {
    table.find(id.to_string()).first::<Row>(conn)?.try_into()
}

/// Holds everything a member follows and was told, until the transaction ends: whoever changes a subscription or writes
/// its letter holds its member first.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn hold_of(conn: &mut Conn, member: MemberId) -> Result<(), StoreError> {
    Ok(dialect::hold_member(conn, &member.to_string())?)
}

/// A page of the subscriptions of a member, newest first.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn page(
    conn: &mut Conn,
    member: MemberId,
    slice: &Slice,
) -> Result<Page<Subscription>, StoreError> {
    let mut query = table
        .filter(subscriptions::member_id.eq(member.to_string()))
        .into_boxed();
    if let Some(after) = &slice.after {
        query = query.filter(subscriptions::id.lt(after.clone()));
    }
    let rows: Vec<Row> = query
        .order(subscriptions::id.desc())
        .limit(slice.limit())
        .load(conn)?;
    Page::from_rows(rows, slice, |row| row.id.clone()).read(Subscription::try_from)
}

/// How many subscriptions a member has.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn count_of(conn: &mut Conn, member: MemberId) -> Result<i64, StoreError> {
    Ok(table
        .filter(subscriptions::member_id.eq(member.to_string()))
        .select(count_star())
        .first(conn)?)
}

/// Whether a subscription is there, of a member of a verified organisation: asked again before each letter goes.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn is_served(conn: &mut Conn, id: SubscriptionId) -> Result<bool, StoreError> {
    let found = table
        .inner_join(members::table.inner_join(organisations::table))
        .filter(subscriptions::id.eq(id.to_string()))
        .filter(organisations::state.eq(OrganisationState::Verified.code()));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(conn)?)
}

/// Subscriptions whose letter is due and whose organisation is verified, each with that organisation, in the order of
/// their ids, from the one after `after` on; only those that are told this often.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn due(
    conn: &mut Conn,
    now: DateTime<Utc>,
    frequencies: &[Frequency],
    after: Option<SubscriptionId>,
    limit: i64,
) -> Result<Vec<(Subscription, OrganisationId)>, StoreError> {
    let codes: Vec<&str> = frequencies.iter().map(|often| often.code()).collect();
    let after = after.map(String::from).unwrap_or_default();
    let rows: Vec<(Row, String)> = table
        .inner_join(members::table.inner_join(organisations::table))
        .filter(organisations::state.eq(OrganisationState::Verified.code()))
        .filter(subscriptions::due_at.le(stored(now)))
        .filter(subscriptions::frequency.eq_any(codes))
        .filter(subscriptions::id.gt(after))
        .order(subscriptions::id)
        .limit(limit)
        .select((subscriptions::all_columns, organisations::id))
        .load(conn)?;
    rows.into_iter()
        .map(|(row, organisation)| Ok((row.try_into()?, value(&organisation)?)))
        .collect()
}
