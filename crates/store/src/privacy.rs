//! What is held about a person: given when they ask, erased when they ask, and forgotten when it is old.

mod rules;

use chrono::{DateTime, Months, TimeDelta, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::Text;
use domain::ids::{MemberId, OrganisationId};
use domain::letters::DeliveryState;
use domain::members::Member;
use domain::organisations::OrganisationState;
use domain::posts::PostState;
use serde_json::Value;

use crate::connection::Conn;
use crate::dialect;
use crate::error::StoreError;
use crate::lists::{folded, stored, value};
use crate::schema::{
    deliveries, erasures, history, letters, links, members, organisations, posts, requests,
    told_items, transmissions,
};
use crate::sessions;

use rules::{Erasure, RULES};

/// Days the bytes of a letter are kept.
const LETTER_DAYS: i64 = 90;
/// Days a link is kept after it ended, so that whoever comes late is told that it is over.
const LINK_DAYS: i64 = 730;
/// Days a session is kept after it ended, so that who asks about a stolen token can be answered.
const SESSION_DAYS: i64 = 30;
/// Months a line of the history is kept, and what somebody was told in a digest: that is long over by then.
const HISTORY_MONTHS: u32 = 24;
/// Months the texts of a post are kept after the last thing that happened to it.
const POST_MONTHS: u32 = 12;
/// Days an organisation has to be verified, or a member to confirm their address.
const REGISTRATION_DAYS: i64 = 7;
/// Registrations that are erased at once; the others wait for the next look.
const MAX_REGISTRATIONS: i64 = 100;
/// Posts whose texts go at once.
const MAX_POSTS: i64 = 500;
/// A delivery that may still go.
const OPEN: [DeliveryState; 4] = [
    DeliveryState::Ready,
    DeliveryState::Leased,
    DeliveryState::InData,
    DeliveryState::Ambiguous,
];
/// A post that is over.
const OVER: [PostState; 3] = [PostState::Closed, PostState::Expired, PostState::Hidden];

/// A row as JSON.
#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// What was forgotten because it was old.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Letters whose bytes went.
    pub letters: usize,
    /// Links that had ended.
    pub links: usize,
    /// Sessions that had ended.
    pub sessions: usize,
    /// Lines of the history.
    pub history: usize,
    /// What somebody was told in a digest.
    pub told: usize,
    /// Posts whose texts went.
    pub posts: usize,
}

/// Everything held about a member: the name of each table with its rows.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn told(
    conn: &mut Conn,
    member: &Member,
) -> Result<Vec<(&'static str, Vec<Value>)>, StoreError> {
    let mut tables = Vec::new();
    for rule in RULES {
        let Some(whose) = rule.whose else { continue };
        let columns = dialect::json_of(conn, rule.told);
        let question = format!(
            "SELECT {columns} AS line FROM {} WHERE $1 <> '' AND $2 <> '' AND ({whose})",
            rule.table
        );
        let lines: Vec<Line> = diesel::sql_query(question)
            .bind::<Text, _>(member.id.to_string())
            .bind::<Text, _>(member.email.key())
            .load(conn)?;
        let rows = lines.iter().map(|line| {
            serde_json::from_str(&line.line)
                .map_err(|error| StoreError::Corrupt(format!("a row of {}: {error}", rule.table)))
        });
        tables.push((rule.table, rows.collect::<Result<_, _>>()?));
    }
    Ok(tables)
}

/// Erases a member: what leads to them goes, what they took part in stays.
///
/// # Errors
/// [`StoreError::Taken`] when they were erased before.
pub fn erase(conn: &mut Conn, member: &Member, now: DateTime<Utc>) -> Result<(), StoreError> {
    let run = |conn: &mut Conn, statement: String| {
        diesel::sql_query(statement)
            .bind::<Text, _>(member.id.to_string())
            .bind::<Text, _>(member.email.key())
            .execute(conn)
    };
    // A letter that waits would go without its words.
    let waiting = DeliveryState::Ready.code();
    let withdrawn = DeliveryState::Withdrawn.code();
    run(
        conn,
        format!(
            "UPDATE deliveries SET state = '{withdrawn}' WHERE $1 <> '' AND state = '{waiting}'
             AND letter_id IN (SELECT letter_id FROM deliveries WHERE lower(recipient) = $2)"
        ),
    )?;
    for rule in RULES {
        let Some(whose) = rule.whose else { continue };
        let condition = format!("WHERE $1 <> '' AND $2 <> '' AND ({whose})");
        match rule.erasure {
            Erasure::Keep => {}
            Erasure::Delete => {
                run(conn, format!("DELETE FROM {} {condition}", rule.table))?;
            }
            Erasure::Blank(values) => {
                let values = dialect::with_bytes(conn, values);
                run(
                    conn,
                    format!("UPDATE {} SET {values} {condition}", rule.table),
                )?;
            }
        }
    }
    diesel::insert_into(erasures::table)
        .values((
            erasures::member_id.eq(member.id.to_string()),
            erasures::at.eq(stored(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Blanks the texts of every post of an organisation, and what tells who it was.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn blank_organisation(
    conn: &mut Conn,
    id: OrganisationId,
    texts: Texts<'_>,
) -> Result<(), StoreError> {
    let of_it = posts::table
        .filter(posts::organisation_id.eq(id.to_string()))
        .select(posts::id)
        .load(conn)?;
    blank_posts(conn, &of_it, texts)?;
    diesel::update(organisations::table.find(id.to_string()))
        .set((
            organisations::name.eq(texts.organisation),
            organisations::name_key.eq(folded(texts.organisation)),
            organisations::place.eq(""),
            organisations::website.eq(""),
            organisations::reason.eq(""),
            organisations::reference.eq(None::<String>),
        ))
        .execute(conn)?;
    Ok(())
}

/// What is put in the place of texts that go.
#[derive(Debug, Clone, Copy)]
pub struct Texts<'a> {
    /// Of the name of an organisation.
    pub organisation: &'a str,
    /// Of a title.
    pub title: &'a str,
    /// Of a body.
    pub body: &'a str,
}

fn blank_posts(conn: &mut Conn, ids: &[String], texts: Texts<'_>) -> Result<(), StoreError> {
    diesel::update(posts::table.filter(posts::id.eq_any(ids)))
        .set((
            posts::title.eq(texts.title),
            posts::body.eq(texts.body),
            posts::search.eq(""),
            posts::reference.eq(None::<String>),
        ))
        .execute(conn)?;
    diesel::update(requests::table.filter(requests::id.eq_any(ids)))
        .set(requests::place.eq(""))
        .execute(conn)?;
    Ok(())
}

/// Members who did not confirm their address in time: who registered an organisation that nobody verified, and who was
/// invited by others to act for theirs.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn overdue_registrations(
    conn: &mut Conn,
    now: DateTime<Utc>,
) -> Result<Vec<MemberId>, StoreError> {
    let before = stored(now - TimeDelta::days(REGISTRATION_DAYS));
    let first = diesel::alias!(members as first);
    let of_theirs = first.field(members::organisation_id);
    let others_were_first = first
        .filter(of_theirs.eq(members::organisation_id))
        .filter(first.field(members::created_at).lt(members::created_at));
    let is_verified = OrganisationState::Verified.code();
    let ids: Vec<String> = members::table
        .inner_join(organisations::table)
        .filter(members::confirmed_at.is_null())
        .filter(members::created_at.lt(before))
        .filter(
            organisations::state
                .ne(is_verified)
                .or(exists(others_were_first)),
        )
        .filter(members::id.ne_all(erasures::table.select(erasures::member_id)))
        .order(members::id)
        .select(members::id)
        .limit(MAX_REGISTRATIONS)
        .load(conn)?;
    ids.iter().map(|id| value(id)).collect()
}

/// Forgets what is too old to be of use to anybody.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn forget_old(
    conn: &mut Conn,
    now: DateTime<Utc>,
    texts: Texts<'_>,
) -> Result<Forgotten, StoreError> {
    let days_ago = |days| stored(now - TimeDelta::days(days));
    let months_ago = |months| stored(now.checked_sub_months(Months::new(months)).unwrap_or(now));
    let on_their_way = deliveries::table
        .filter(deliveries::state.eq_any(OPEN.map(DeliveryState::code)))
        .select(deliveries::letter_id);
    let letters = letters::table
        .filter(letters::created_at.lt(days_ago(LETTER_DAYS)))
        .filter(letters::mime.ne(Vec::new()))
        .filter(letters::id.ne_all(on_their_way));
    let letters = diesel::update(letters)
        .set(letters::mime.eq(Vec::<u8>::new()))
        .execute(conn)?;
    let replies = transmissions::table.filter(transmissions::at.lt(days_ago(LETTER_DAYS)));
    diesel::update(replies.filter(transmissions::reply.ne("")))
        .set(transmissions::reply.eq(""))
        .execute(conn)?;
    let links = links::table.filter(links::expires_at.lt(days_ago(LINK_DAYS)));
    let links = diesel::delete(links).execute(conn)?;
    let lately = history::table
        .filter(history::at.ge(months_ago(POST_MONTHS)))
        .select(history::subject);
    let posts: Vec<String> = posts::table
        .filter(posts::state.eq_any(OVER.map(PostState::code)))
        .filter(posts::title.ne(texts.title))
        .filter(posts::id.ne_all(lately))
        .select(posts::id)
        .limit(MAX_POSTS)
        .load(conn)?;
    blank_posts(conn, &posts, texts)?;
    let history = history::table.filter(history::at.lt(months_ago(HISTORY_MONTHS)));
    let history = diesel::delete(history).execute(conn)?;
    let told = told_items::table.filter(told_items::told_at.lt(months_ago(HISTORY_MONTHS)));
    let told = diesel::delete(told).execute(conn)?;
    Ok(Forgotten {
        letters,
        links,
        sessions: sessions::forget_ended(conn, now - TimeDelta::days(SESSION_DAYS))?,
        history,
        told,
        posts: posts.len(),
    })
}

/// Every column there is an answer for, with its table: for the test that none was forgotten.
pub fn columns() -> Vec<(&'static str, &'static str)> {
    let of = |rule: &'static rules::Rule| {
        let columns = rule.told.iter().chain(rule.inner);
        columns.map(|column| (rule.table, *column))
    };
    RULES.iter().flat_map(of).collect()
}
