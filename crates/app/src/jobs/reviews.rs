//! Letters to coordinators about proposals that wait for them.

use chrono::TimeDelta;
use domain::matches::MatchState;
use domain::members::Member;
use mail::{Letter, ReviewWaiting};
use store::matches::{self, Queue};
use store::{Conn, letters, members};

use crate::App;
use crate::coordination::municipalities;
use crate::error::AppError;
use crate::letters::Desk;

/// Days between letters to one coordinator about proposals that wait.
const REVIEW_LETTER_DAYS: i64 = 7;

/// Days a proposal waits before coordinators are written to.
const REVIEW_PATIENCE_DAYS: i64 = 3;

impl App {
    /// Writes to each coordinator, once a week at most, when a proposal in their regions has waited for days; answers
    /// how many letters that were.
    pub(super) async fn write_to_coordinators(&self) -> Result<usize, AppError> {
        let desk = self.desk();
        self.db()
            .write(move |conn| {
                let since = desk.now - TimeDelta::days(REVIEW_LETTER_DAYS);
                let mut written = 0;
                for coordinator in members::coordinators(conn)? {
                    let Some(letter) = letter_for(conn, &desk, &coordinator)? else {
                        continue;
                    };
                    let about = coordinator.id.to_string();
                    if !letters::written_since(conn, &about, letter.kind(), since)? {
                        desk.send(conn, &letter, &about, &[&coordinator])?;
                        written += 1;
                    }
                }
                Ok(written)
            })
            .await
    }
}

/// The letter about what waits in the regions of a coordinator; nothing when none of it has waited long.
fn letter_for(
    conn: &mut Conn,
    desk: &Desk,
    coordinator: &Member,
) -> Result<Option<Letter>, AppError> {
    let queue = Queue {
        states: vec![MatchState::Proposed],
        municipalities: municipalities(coordinator, None)
            .map(|codes| codes.into_iter().map(String::from).collect()),
        party: None,
    };
    let waiting = matches::extent(conn, &queue)?;
    let days = waiting
        .oldest
        .map(|since| (desk.now - since).num_days())
        .filter(|days| *days >= REVIEW_PATIENCE_DAYS);
    Ok(days.map(|days| {
        Letter::ReviewWaiting(ReviewWaiting {
            count: u32::try_from(waiting.count).unwrap_or(u32::MAX),
            oldest_days: u32::try_from(days).unwrap_or(u32::MAX),
            link: desk.address("/"),
        })
    }))
}
