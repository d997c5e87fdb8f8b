//! A match with everything around it, and the steps that change it: asking both sides, introducing them, ending it.
//!
//! Whoever steps holds the offer first ([`Pair::hold`]), so that steps about one offer never cross.

use chrono::{DateTime, Utc};
use domain::dutch::mail as words;
use domain::dutch::reasons::{self, Reader};
use domain::ids::{MatchId, MemberId};
use domain::letters::LetterKind;
use domain::links::LinkPurpose;
use domain::matches::{Answer, LapseReason, Match, MatchState, Side};
use domain::members::{Member, Viewer};
use domain::offers::Offer;
use domain::posts::{Consent, PostId, Posted};
use domain::requests::Request;
use mail::{Introduction, Invitation, Letter, NoIntroduction, Party};
use regions::Regions;
use store::history::{self, Event};
use store::offers::Carried;
use store::{Conn, matches, members, offers, requests};

use crate::error::{AppError, Conflict};
use crate::letters::{Desk, about_side};
use crate::links::Purpose;

/// The letters that ask a side whether it may be introduced.
const INVITATIONS: [LetterKind; 2] = [LetterKind::Invitation, LetterKind::InvitationReminder];

/// Who makes a match step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Actor {
    /// A member.
    Member(MemberId),
    /// The engine or a deadline.
    Itself,
}

impl From<MemberId> for Actor {
    fn from(id: MemberId) -> Self {
        Self::Member(id)
    }
}

impl std::fmt::Display for Actor {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Member(id) => write!(out, "{id}"),
            Self::Itself => out.write_str("itself"),
        }
    }
}

/// A match with its two posts and the two people who speak for them.
pub(crate) struct Pair {
    pub(crate) found: Match,
    pub(crate) request: Posted<Request>,
    pub(crate) offer: Posted<Offer>,
    pub(crate) asker: Member,
    pub(crate) giver: Member,
    /// The version the match was read at.
    read_at: i32,
}

impl Pair {
    /// Holds the offer of a match until the transaction ends, then reads the match and what is around it.
    pub(crate) fn hold(conn: &mut Conn, id: MatchId) -> Result<Self, AppError> {
        let offer = matches::offer_of(conn, id)?;
        offers::hold(conn, offer)?;
        Self::read(conn, id)
    }

    /// Reads a match and what is around it, to look only.
    pub(crate) fn read(conn: &mut Conn, id: MatchId) -> Result<Self, AppError> {
        let found = matches::find(conn, id)?;
        let request = requests::any(conn, found.request)?;
        let offer = offers::any(conn, found.offer)?;
        Ok(Self {
            asker: members::find(conn, request.post.author)?,
            giver: members::find(conn, offer.post.author)?,
            read_at: found.version,
            found,
            request,
            offer,
        })
    }

    /// The person who speaks for a side.
    pub(crate) fn speaker(&self, side: Side) -> &Member {
        match side {
            Side::Request => &self.asker,
            Side::Offer => &self.giver,
        }
    }

    /// The side a viewer is on, if any.
    pub(crate) fn side_of(&self, viewer: &Viewer) -> Option<Side> {
        if viewer.acts_for(self.request.post.organisation) {
            Some(Side::Request)
        } else if viewer.acts_for(self.offer.post.organisation) {
            Some(Side::Offer)
        } else {
            None
        }
    }

    /// Moves the match on, or says that it cannot.
    pub(crate) fn step(&mut self, next: Option<Match>) -> Result<(), AppError> {
        self.found = next.ok_or(AppError::Conflict(Conflict::Match {
            state: self.found.state,
        }))?;
        Ok(())
    }

    /// Stores the match as it is now, with a line of history.
    pub(crate) fn keep(
        &mut self,
        conn: &mut Conn,
        by: Actor,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        matches::save(conn, &self.found, self.read_at)?;
        self.read_at = self.found.version;
        let event = Event {
            subject: self.found.id.to_string(),
            at: now,
            actor: by.to_string(),
            action: self.found.state.to_string(),
            detail: self.found.reason.clone(),
        };
        Ok(history::add(conn, &event)?)
    }

    /// Why the two fit, in phrases for one reader.
    pub(crate) fn reasons(&self, reader: Reader) -> Vec<String> {
        reasons::phrases(&self.found.explanation, reader, |region| {
            Regions::shipped().label(region)
        })
    }

    /// Asks both sides by mail; a standing consent counts as a yes. Two of those introduce at once.
    pub(crate) fn invite(
        &mut self,
        conn: &mut Conn,
        desk: &Desk,
        by: Actor,
    ) -> Result<(), AppError> {
        self.step(self.found.moved(MatchState::Invited, desk.now))?;
        for (side, consent) in [
            (Side::Request, self.request.post.content.consent),
            (Side::Offer, self.offer.post.content.consent),
        ] {
            match consent {
                Consent::Standing => {
                    let speaker = self.speaker(side).id;
                    self.step(self.found.answered(side, Answer::Yes, speaker, desk.now))?;
                }
                Consent::Ask => {
                    let invitation = self.invitation(conn, desk, side)?;
                    desk.send(
                        conn,
                        &Letter::Invitation(invitation),
                        &self.about(side),
                        &[self.speaker(side)],
                    )?;
                }
            }
        }
        self.keep(conn, by, desk.now)?;
        if self.found.both_agree() {
            self.introduce(conn, desk, by)
        } else {
            Ok(())
        }
    }

    /// Reminds the sides that have not answered and want reminders.
    pub(crate) fn remind(&self, conn: &mut Conn, desk: &Desk) -> Result<(), AppError> {
        for side in Side::ALL.iter().copied() {
            if self.found.voice(side).answer.is_none() && self.speaker(side).wants_reminders {
                let invitation = self.invitation(conn, desk, side)?;
                desk.send(
                    conn,
                    &Letter::InvitationReminder(invitation),
                    &self.about(side),
                    &[self.speaker(side)],
                )?;
            }
        }
        Ok(())
    }

    /// After the second yes: the offer takes one more introduction and both are written to; a full offer lets the match
    /// lapse. An offer that fills up by it lets its other matches lapse.
    pub(crate) fn introduce(
        &mut self,
        conn: &mut Conn,
        desk: &Desk,
        by: Actor,
    ) -> Result<(), AppError> {
        let Carried::Yes { left } = offers::carry(conn, self.found.offer)? else {
            return self.lapse(conn, desk, LapseReason::OfferFull);
        };
        self.step(self.found.moved(MatchState::Introduced, desk.now))?;
        self.keep(conn, by, desk.now)?;
        let letter = Letter::Introduction(self.introduction());
        desk.send(
            conn,
            &letter,
            &self.found.id.to_string(),
            &[&self.asker, &self.giver],
        )?;
        if left == 0 {
            lapse_all(
                conn,
                desk,
                PostId::Offer(self.found.offer),
                LapseReason::OfferFull,
            )?;
        }
        Ok(())
    }

    /// Lets the match go by because a post ended or filled; who had been asked is told.
    pub(crate) fn lapse(
        &mut self,
        conn: &mut Conn,
        desk: &Desk,
        why: LapseReason,
    ) -> Result<(), AppError> {
        let was_asked = self.found.state == MatchState::Invited;
        self.step(self.found.moved(MatchState::Lapsed, desk.now))?;
        self.found.reason = why.to_string();
        self.keep(conn, Actor::Itself, desk.now)?;
        let told: &[Side] = match (was_asked, why) {
            (false, _) => &[],
            (true, LapseReason::RequestEnded) => &[Side::Offer],
            (true, LapseReason::OfferEnded) => &[Side::Request],
            (true, LapseReason::OfferFull | LapseReason::Unreachable) => Side::ALL,
        };
        self.withdraw_invitations(conn)?;
        for side in told {
            self.say_goodbye(conn, desk, *side, words::lapsed(why))?;
        }
        Ok(())
    }

    /// Tells one side that the introduction goes by: only who was asked, and wants such mail.
    pub(crate) fn say_goodbye(
        &self,
        conn: &mut Conn,
        desk: &Desk,
        side: Side,
        why: &str,
    ) -> Result<(), AppError> {
        let speaker = self.speaker(side);
        let was_asked = store::deliveries::any_went(conn, &self.about(side), &INVITATIONS)?;
        if !was_asked || !speaker.wants_reminders {
            return Ok(());
        }
        let (own, other) = self.titles(side);
        let letter = Letter::NoIntroduction(NoIntroduction {
            name: speaker.name.as_str().into(),
            own_title: own.into(),
            other_title: other.into(),
            reason: why.into(),
        });
        desk.send(conn, &letter, &self.about(side), &[speaker])
    }

    /// Takes back invitations that did not go yet.
    pub(crate) fn withdraw_invitations(&self, conn: &mut Conn) -> Result<(), AppError> {
        for side in Side::ALL {
            store::deliveries::withdraw(conn, &self.about(*side), &INVITATIONS)?;
        }
        Ok(())
    }

    /// What letters to one side are about.
    pub(crate) fn about(&self, side: Side) -> String {
        about_side(self.found.id, side)
    }

    /// The titles of a side's own post and of the other.
    pub(crate) fn titles(&self, side: Side) -> (&str, &str) {
        let request = self.request.post.content.title.as_str();
        let offer = self.offer.post.content.title.as_str();
        match side {
            Side::Request => (request, offer),
            Side::Offer => (offer, request),
        }
    }

    /// Where a side's post is about, for the other side.
    pub(crate) fn place(&self, side: Side) -> String {
        let regions = Regions::shipped();
        match side {
            Side::Request => regions.label(domain::region::Region::Municipality(
                self.request.post.content.municipality,
            )),
            Side::Offer => {
                let names: Vec<String> = self
                    .offer
                    .post
                    .content
                    .reach
                    .iter()
                    .map(|area| regions.label(*area))
                    .collect();
                reasons::list(&names)
            }
        }
    }

    fn invitation(&self, conn: &mut Conn, desk: &Desk, side: Side) -> Result<Invitation, AppError> {
        let link = desk.link(
            conn,
            Purpose {
                purpose: LinkPurpose::Consent,
                member: self.speaker(side),
                subject: self.found.id.to_string(),
                side: Some(side),
            },
        )?;
        let (own_title, other_title) = self.titles(side);
        let (reader, other_organisation, other_body) = match side {
            Side::Request => (
                Reader::Asker,
                &self.offer.owner.name,
                &self.offer.post.content.body,
            ),
            Side::Offer => (
                Reader::Giver,
                &self.request.owner.name,
                &self.request.post.content.body,
            ),
        };
        let end = self.found.since + chrono::TimeDelta::days(domain::matches::INVITATION_DAYS);
        Ok(Invitation {
            reader: side,
            name: self.speaker(side).name.as_str().into(),
            own_title: own_title.into(),
            other_organisation: other_organisation.as_str().into(),
            other_title: other_title.into(),
            other_place: self.place(side.other()).into(),
            other_body: other_body.as_str().into(),
            reasons: self.reasons(reader).iter().map(Into::into).collect(),
            link,
            days: u32::try_from((end - desk.now).num_days()).unwrap_or_default(),
        })
    }

    fn introduction(&self) -> Introduction {
        let (request, offer) = (&self.request.post.content, &self.offer.post.content);
        let party = |organisation: &str, member: &Member| Party {
            organisation: organisation.into(),
            name: member.name.as_str().into(),
            email: member.email.clone(),
        };
        Introduction {
            request_title: request.title.as_str().into(),
            request_place: self.place(Side::Request).into(),
            request_body: request.body.as_str().into(),
            asker: party(self.request.owner.name.as_str(), &self.asker),
            offer_title: offer.title.as_str().into(),
            offer_body: offer.body.as_str().into(),
            giver: party(self.offer.owner.name.as_str(), &self.giver),
            reasons: self.reasons(Reader::Other).iter().map(Into::into).collect(),
            first_step: words::first_step(self.asker.name.as_str(), self.giver.name.as_str())
                .into(),
            first_step_by: self.asker.name.as_str().into(),
        }
    }
}

/// Lets every match of a post that is not yet an introduction go by.
pub(crate) fn lapse_all(
    conn: &mut Conn,
    desk: &Desk,
    post: PostId,
    why: LapseReason,
) -> Result<(), AppError> {
    let lapsing: Vec<MatchState> = MatchState::ALL
        .iter()
        .copied()
        .filter(|state| state.lapses())
        .collect();
    let mut found = matches::of_post(conn, post, &lapsing)?;
    // Offers are held in one order by everybody, so that nobody waits for each other.
    found.sort_by_key(|each| (each.offer, each.id));
    for each in found {
        let mut pair = Pair::hold(conn, each.id)?;
        if pair.found.state.lapses() {
            pair.lapse(conn, desk, why)?;
        }
    }
    Ok(())
}
