//! What came of an introduction: asked after a week and after a month, answered with one click by each side.

use chrono::{DateTime, Utc};
use domain::dutch::dates;
use domain::ids::MatchId;
use domain::links::LinkPurpose;
use domain::matches::{Match, MatchState, Outcome, Prompt, Side};
use domain::members::Viewer;
use mail::{Letter, OutcomeQuestion, Round};
use store::Conn;

use crate::App;
use crate::error::AppError;
use crate::introductions::{Actor, Pair};
use crate::letters::Desk;
use crate::links::{Purpose, find_open};
use crate::tokens::signed_in;

/// What an outcome link asks.
#[derive(Debug, Clone, PartialEq)]
pub struct OutcomePage {
    /// The title of the holder's own post.
    pub own_title: String,
    /// Whom they were introduced to.
    pub other_organisation: String,
    /// What they said before.
    pub said: Option<Outcome>,
    /// Where the match is.
    pub state: MatchState,
}

impl App {
    /// What an outcome link asks; looking changes nothing.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a token nobody was given; [`crate::Conflict::LinkOver`] when it is too old.
    pub async fn outcome(&self, token: &str) -> Result<OutcomePage, AppError> {
        let (token, now) = (token.to_owned(), self.now());
        self.db()
            .read(move |conn| {
                let link = find_open(conn, &token, LinkPurpose::Outcome, now)?;
                let pair = Pair::read(conn, link.subject.parse()?)?;
                Ok(page(&pair, link.side.unwrap_or(Side::Request)))
            })
            .await
    }

    /// Stores what the holder of a link says came of it; a later word replaces an earlier one.
    ///
    /// # Errors
    /// As [`Self::outcome`]; [`crate::Conflict::Match`] when it is settled.
    pub async fn tell_outcome_by_link(
        &self,
        token: &str,
        outcome: Outcome,
    ) -> Result<OutcomePage, AppError> {
        let (token, desk) = (token.to_owned(), self.desk());
        self.db()
            .write(move |conn| {
                let link = find_open(conn, &token, LinkPurpose::Outcome, desk.now)?;
                let side = link.side.unwrap_or(Side::Request);
                let mut pair = Pair::hold(conn, link.subject.parse()?)?;
                let told = pair.found.told_outcome(side, outcome, desk.now);
                tell(conn, &mut pair, told, link.member.into(), desk.now)?;
                Ok(page(&pair, side))
            })
            .await
    }

    /// Stores what a party of the match says came of it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the viewer is no party; [`crate::Conflict::Match`] when it is settled or was never
    /// an introduction.
    pub async fn tell_outcome(
        &self,
        viewer: &Viewer,
        id: MatchId,
        outcome: Outcome,
    ) -> Result<Match, AppError> {
        let member = signed_in(viewer)?.id;
        let (viewer, desk) = (viewer.clone(), self.desk());
        self.db()
            .write(move |conn| {
                let mut pair = Pair::hold(conn, id)?;
                let side = pair.side_of(&viewer).ok_or(AppError::NotFound)?;
                let told = pair.found.told_outcome(side, outcome, desk.now);
                tell(conn, &mut pair, told, member.into(), desk.now)?;
                Ok(pair.found)
            })
            .await
    }
}

/// Stores the match after a party told what came of it.
fn tell(
    conn: &mut Conn,
    pair: &mut Pair,
    told: Option<Match>,
    by: Actor,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let before = pair.found.state;
    pair.step(told)?;
    pair.keep(conn, by, now)?;
    leave(conn, before, &pair.found)
}

/// An introduction that is over does not weigh on the offer any more.
pub(crate) fn leave(conn: &mut Conn, before: MatchState, found: &Match) -> Result<(), AppError> {
    if before == MatchState::Introduced && found.state != MatchState::Introduced {
        store::offers::put_down(conn, found.offer)?;
    }
    Ok(())
}

/// Asks both sides what came of it, as far as they have not said.
pub(crate) fn ask(
    conn: &mut Conn,
    desk: &Desk,
    pair: &Pair,
    prompt: Prompt,
) -> Result<(), AppError> {
    for side in Side::ALL.iter().copied() {
        let said = pair.found.voice(side).outcome;
        if matches!(said, Some(Outcome::Succeeded | Outcome::Failed)) {
            continue;
        }
        let speaker = pair.speaker(side);
        let link = desk.link(
            conn,
            Purpose {
                purpose: LinkPurpose::Outcome,
                member: speaker,
                subject: pair.found.id.to_string(),
                side: Some(side),
            },
        )?;
        let other = match side {
            Side::Request => &pair.offer.owner,
            Side::Offer => &pair.request.owner,
        };
        let letter = Letter::OutcomeQuestion(OutcomeQuestion {
            name: speaker.name.as_str().into(),
            other_organisation: other.name.as_str().into(),
            title: pair.titles(side).0.into(),
            link,
            introduced_on: dates::day(pair.found.since).into(),
            round: if prompt == Prompt::FirstOutcome {
                Round::First
            } else {
                Round::Second
            },
        });
        desk.send(conn, &letter, &pair.about(side), &[speaker])?;
    }
    Ok(())
}

fn page(pair: &Pair, side: Side) -> OutcomePage {
    let other = match side {
        Side::Request => &pair.offer.owner,
        Side::Offer => &pair.request.owner,
    };
    OutcomePage {
        own_title: pair.titles(side).0.to_owned(),
        other_organisation: other.name.to_string(),
        said: pair.found.voice(side).outcome,
        state: pair.found.state,
    }
}
