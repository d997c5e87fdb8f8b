//! The feed of what changed for the market, in this process and in others: whoever ranks posts in memory follows it.
//!
//! Each function of this crate that writes what ranking depends on adds a line in the same transaction, so a change and
//! its line are both kept or both not. A line only names what changed; who follows reads how it is now.

use std::collections::BTreeSet;

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use domain::ids::{MatchId, OrganisationId};
use domain::posts::PostId;

use crate::connection::Conn;
use crate::dialect::{self, Horizon};
use crate::error::StoreError;
use crate::schema::market_changes::{self, table};

/// Hours a line is kept at least.
const KEPT_HOURS: i64 = 24;

/// Hours after which somebody who did not read may have missed lines. A line has the time at which its transaction
/// began, so this leaves half a day for the longest transaction.
const MAX_PAUSE_HOURS: i64 = 12;

/// What a line of the feed names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A request or an offer: what it says, its life, or what it carries.
    Post(PostId),
    /// A match that was made or moved.
    Match(MatchId),
    /// An organisation, which may be verified now, or not any more.
    Organisation(OrganisationId),
}

impl std::fmt::Display for Subject {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Post(id) => write!(out, "{id}"),
            Self::Match(id) => write!(out, "{id}"),
            Self::Organisation(id) => write!(out, "{id}"),
        }
    }
}

/// How far somebody has read the feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    horizon: Horizon,
    /// The lines from the horizon on that were read already.
    read: BTreeSet<i64>,
}

/// What came since a [`Place`].
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// What changed, each once, and where to read on.
    Changed(BTreeSet<Subject>, Place),
    /// Lines may have gone unread: they are kept no longer, or the database was put back to an earlier time. Only
    /// reading everything again helps.
    Lost,
}

/// Adds a line, in the transaction of the change it is about.
pub(crate) fn add(conn: &mut Conn, subject: Subject) -> Result<(), StoreError> {
    diesel::insert_into(table)
        .values(market_changes::subject.eq(subject.to_string()))
        .execute(conn)?;
    Ok(())
}

/// Where to read on from, for somebody who reads the whole market after this: what is visible now counts as read.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn here(conn: &mut Conn) -> Result<Place, StoreError> {
    let horizon = dialect::horizon(conn)?;
    let lines = dialect::changes_from(conn, horizon.position)?;
    Ok(Place {
        horizon,
        read: lines.into_iter().map(|(id, _)| id).collect(),
    })
}

/// What was committed since `place`. Each line comes once; a subject may come again, so what is done with it must bear
/// being done twice.
///
/// No line is missed, although on PostgreSQL a lower number may become visible later than a higher one. The horizon is
/// asked before the lines are read, and every transaction below it has ended by then, so its lines are among those that
/// are read now. Only transactions from the horizon on can still bring lines, and the next reading starts there: it sees
/// the lines again that were read now, and knows them by their ids.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn since(conn: &mut Conn, place: &Place) -> Result<News, StoreError> {
    let horizon = dialect::horizon(conn)?;
    let pause = horizon.asked_at - place.horizon.asked_at;
    if horizon.position < place.horizon.position || pause > TimeDelta::hours(MAX_PAUSE_HOURS) {
        return Ok(News::Lost);
    }
    let lines = dialect::changes_from(conn, place.horizon.position)?;
    let changed = lines
        .iter()
        .filter(|(id, _)| !place.read.contains(id))
        .filter_map(|(_, text)| subject(text))
        .collect();
    let read = lines.into_iter().map(|(id, _)| id).collect();
    Ok(News::Changed(changed, Place { horizon, read }))
}

/// A kind of subject that a newer program added is nothing this one ranks.
fn subject(text: &str) -> Option<Subject> {
    let post = text.parse().map(Subject::Post);
    post.or_else(|_| text.parse().map(Subject::Match))
        .or_else(|_| text.parse().map(Subject::Organisation))
        .ok()
}

/// Takes out lines that everybody has read by now.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn prune(conn: &mut Conn) -> Result<usize, StoreError> {
    let oldest: NaiveDateTime = dialect::horizon(conn)?.asked_at - TimeDelta::hours(KEPT_HOURS);
    let old = table.filter(market_changes::at.lt(oldest));
    Ok(diesel::delete(old).execute(conn)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::{Access, open};
    use crate::fresh::on_each;
    use crate::migrate;

    #[test]
    fn who_paused_for_too_long_or_is_ahead_of_the_database_may_have_missed_lines() {
        on_each(|fresh| {
            let mut conn = open(&fresh.url.parse().unwrap(), Access::Write).unwrap();
            migrate::up(&mut conn).unwrap();
            let place = here(&mut conn).unwrap();
            let mut paused = place.clone();
            paused.horizon.asked_at -= TimeDelta::hours(MAX_PAUSE_HOURS);
            paused.horizon.asked_at -= TimeDelta::minutes(1);
            assert_eq!(since(&mut conn, &paused).unwrap(), News::Lost);
            let mut ahead = place.clone();
            ahead.horizon.position += 1_000_000;
            assert_eq!(since(&mut conn, &ahead).unwrap(), News::Lost);
            assert!(matches!(
                since(&mut conn, &place).unwrap(),
                News::Changed(changed, _) if changed.is_empty()
            ));
        });
    }
}
