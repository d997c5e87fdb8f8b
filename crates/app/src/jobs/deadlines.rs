//! The deadlines of matches: every live state has one, so nothing waits for ever.

use domain::ids::MatchId;
use domain::matches::{LapseReason, MatchState, Side, Step};
use store::{Conn, matches};

use super::{MAX_BATCH, silent};
use crate::App;
use crate::error::AppError;
use crate::introductions::{Actor, Pair};
use crate::letters::Desk;
use crate::outcomes;

impl App {
    /// Does the steps of matches that are due; answers how many. A match that cannot step is logged and does not hold
    /// up the others.
    pub(crate) async fn meet_deadlines(&self) -> Result<usize, AppError> {
        let now = self.now();
        let due = self
            .db()
            .read(move |conn| matches::due(conn, now, MAX_BATCH))
            .await?;
        let mut done = 0;
        for id in due {
            let desk = self.desk();
            match self.db().write(move |conn| step(conn, &desk, id)).await {
                Ok(Stepped::Yes) => done += 1,
                Ok(Stepped::Already) => {}
                Err(error) => tracing::error!(%error, match_id = %id, "a match could not step"),
            }
        }
        Ok(done)
    }
}

/// Whether a match stepped.
enum Stepped {
    Yes,
    /// Another worker was first.
    Already,
}

/// Does what is due for one match.
fn step(conn: &mut Conn, desk: &Desk, id: MatchId) -> Result<Stepped, AppError> {
    let mut pair = Pair::hold(conn, id)?;
    let Some(due) = pair.found.due(desk.now) else {
        return Ok(Stepped::Already);
    };
    match due {
        Step::Invite => pair.invite(conn, desk, Actor::Itself)?,
        Step::Tell(prompt) => {
            if pair.found.state == MatchState::Invited {
                pair.remind(conn, desk)?;
            } else {
                outcomes::ask(conn, desk, &pair, prompt)?;
            }
            pair.found.told = Some(prompt);
            pair.found.version += 1;
            pair.keep(conn, Actor::Itself, desk.now)?;
        }
        Step::End(MatchState::Lapsed) => pair.lapse(conn, desk, LapseReason::Unreachable)?,
        Step::End(silent_end) => end(conn, desk, &mut pair, silent_end)?,
    }
    Ok(Stepped::Yes)
}

/// Ends a match by silence; a side that said yes and waited is told.
fn end(conn: &mut Conn, desk: &Desk, pair: &mut Pair, state: MatchState) -> Result<(), AppError> {
    let before = pair.found.state;
    pair.step(pair.found.moved(pair.found.ending(state), desk.now))?;
    pair.keep(conn, Actor::Itself, desk.now)?;
    outcomes::leave(conn, before, &pair.found)?;
    if before == MatchState::Invited {
        pair.withdraw_invitations(conn)?;
        for side in Side::ALL.iter().copied() {
            if pair.found.voice(side).answer.is_some() {
                pair.say_goodbye(conn, desk, side, silent())?;
            }
        }
    }
    Ok(())
}
