//! Whether somebody may be introduced: the page a mailed link leads to, and the answer.

use domain::dutch::mail as words;
use domain::dutch::reasons::Reader;
use domain::links::{Link, LinkPurpose};
use domain::matches::{Answer, DeclineReason, MatchState, Side};

use crate::App;
use crate::error::{AppError, Conflict};
use crate::introductions::{Actor, Pair};
use crate::links::find;

/// What a consent link asks, with what its holder may know now.
#[derive(Debug, Clone, PartialEq)]
pub struct ConsentPage {
    /// The side its holder is on.
    pub side: Side,
    /// The title of their own post.
    pub own_title: String,
    /// The organisation on the other side.
    pub other_organisation: String,
    /// The title of the other post.
    pub other_title: String,
    /// Where the other post is about.
    pub other_place: String,
    /// What the other post says in public.
    pub other_body: String,
    /// Why they fit, in phrases.
    pub reasons: Vec<String>,
    /// Whether there is still something to answer.
    pub state: ConsentState,
}

/// Where the question stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentState {
    /// Waits for this answer.
    Open,
    /// They said yes; the other side has not answered.
    Waiting,
    /// Both said yes and were introduced.
    Introduced,
    /// They said no.
    Declined,
    /// It ended for another reason, or the time is over.
    Over,
}

impl ConsentState {
    /// The code on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Waiting => "waiting",
            Self::Introduced => "introduced",
            Self::Declined => "declined",
            Self::Over => "over",
        }
    }
}

impl App {
    /// What a consent link asks; looking changes nothing.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a token nobody was given.
    pub async fn consent(&self, token: &str) -> Result<ConsentPage, AppError> {
        let (token, now) = (token.to_owned(), self.now());
        self.db()
            .read(move |conn| {
                let link = find(conn, &token, LinkPurpose::Consent)?;
                let side = side_of(&link)?;
                let pair = Pair::read(conn, link.subject.parse()?)?;
                Ok(page(&pair, side, &link, now))
            })
            .await
    }

    /// Stores an answer. The second yes introduces both, in the same transaction; a no ends the match and tells the
    /// other side, politely.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a token nobody was given; [`Conflict::Answered`] when this side answered before;
    /// [`Conflict::LinkOver`] when the time is over or the match ended.
    pub async fn answer_consent(
        &self,
        token: &str,
        answer: Answer,
        reason: DeclineReason,
    ) -> Result<ConsentPage, AppError> {
        let (token, desk) = (token.to_owned(), self.desk());
        let now = desk.now;
        self.db()
            .write(move |conn| {
                let link = find(conn, &token, LinkPurpose::Consent)?;
                let side = side_of(&link)?;
                let mut pair = Pair::hold(conn, link.subject.parse()?)?;
                if pair.found.voice(side).answer.is_some() {
                    return Err(AppError::Conflict(Conflict::Answered));
                }
                if link.used_at.is_some()
                    || link.expires_at <= now
                    || pair.found.state != MatchState::Invited
                {
                    return Err(AppError::Conflict(Conflict::LinkOver));
                }
                store::links::mark_used(conn, link.id, now)?;
                pair.step(pair.found.answered(side, answer, link.member, now))?;
                if answer == Answer::No {
                    pair.found.reason = reason.to_string();
                }
                pair.keep(conn, link.member.into(), now)?;
                match answer {
                    Answer::Yes if pair.found.both_agree() => {
                        pair.introduce(conn, &desk, Actor::Member(link.member))?;
                    }
                    Answer::Yes => {}
                    Answer::No => {
                        pair.withdraw_invitations(conn)?;
                        pair.say_goodbye(conn, &desk, side.other(), words::other_side_declined())?;
                    }
                }
                Ok(page(&pair, side, &link, now))
            })
            .await
    }
}

fn side_of(link: &Link) -> Result<Side, AppError> {
    link.side
        .ok_or_else(|| AppError::Broken(anyhow::anyhow!("consent link {} has no side", link.id)))
}

fn page(pair: &Pair, side: Side, link: &Link, now: chrono::DateTime<chrono::Utc>) -> ConsentPage {
    let (own_title, other_title) = pair.titles(side);
    let (reader, owner, body) = match side {
        Side::Request => (
            Reader::Asker,
            &pair.offer.owner,
            &pair.offer.post.content.body,
        ),
        Side::Offer => (
            Reader::Giver,
            &pair.request.owner,
            &pair.request.post.content.body,
        ),
    };
    let state = match (pair.found.state, pair.found.voice(side).answer) {
        (MatchState::Invited, None) if link.expires_at > now => ConsentState::Open,
        (MatchState::Invited, Some(Answer::Yes)) => ConsentState::Waiting,
        (MatchState::Declined, Some(Answer::No)) => ConsentState::Declined,
        (
            MatchState::Introduced
            | MatchState::Succeeded
            | MatchState::Failed
            | MatchState::Unknown,
            _,
        ) => ConsentState::Introduced,
        _ => ConsentState::Over,
    };
    ConsentPage {
        side,
        own_title: own_title.to_owned(),
        other_organisation: owner.name.to_string(),
        other_title: other_title.to_owned(),
        other_place: pair.place(side.other()),
        other_body: body.to_string(),
        reasons: pair.reasons(reader),
        state,
    }
}
