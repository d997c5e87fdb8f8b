//! Matches: one request and one offer on their way to an introduction, and what came of it.
//!
//! ```text
//! proposed ─review→ approved ─mail→ invited ─both yes→ introduced ─outcome→ succeeded | failed | unknown
//!    └→ rejected                        ├→ declined                 any live state ─a post ends or fills→ lapsed
//!    └→ expired                         └→ expired
//! ```

use chrono::{DateTime, TimeDelta, Utc};

use crate::explanation::Explanation;
use crate::ids::{MatchId, MemberId, OfferId, RequestId};

mod codes;

pub use codes::{
    Answer, Decision, DeclineReason, LapseReason, MatchOrigin, MatchState, Outcome, Prompt,
    ReviewReason, Side,
};

/// Days a proposal waits for review.
pub const REVIEW_DAYS: i64 = 30;
/// Days an approved match may wait for somebody who can be asked.
pub const APPROVAL_DAYS: i64 = 7;
/// Days after which a silent party is reminded.
pub const REMINDER_DAYS: i64 = 4;
/// Days after which silence ends an invitation.
pub const INVITATION_DAYS: i64 = 10;
/// Days after an introduction when its outcome is first asked.
pub const FIRST_OUTCOME_DAYS: i64 = 7;
/// Days after an introduction when its outcome is asked again.
pub const SECOND_OUTCOME_DAYS: i64 = 30;
/// Days after an introduction when its outcome stays unknown.
pub const CONCLUSION_DAYS: i64 = 44;

/// What must be done to a match by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Store the invitations.
    Invite,
    /// Remind who has not answered, or ask what came of it.
    Tell(Prompt),
    /// Move to this state, because its time is over.
    End(MatchState),
}

/// What one party said.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Voice {
    /// Whether they may be introduced.
    pub answer: Option<Answer>,
    /// When they said so.
    pub answered_at: Option<DateTime<Utc>>,
    /// Who said so: the member whose link was used, or who gave consent in advance.
    pub answered_by: Option<MemberId>,
    /// What came of it.
    pub outcome: Option<Outcome>,
}

/// A match and everything that was decided about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// Its id.
    pub id: MatchId,
    /// The request.
    pub request: RequestId,
    /// The offer.
    pub offer: OfferId,
    /// Counts the tries of this pair, from 1.
    pub round: i32,
    /// How it came to be.
    pub origin: MatchOrigin,
    /// Where it is.
    pub state: MatchState,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The signals as they were when it was made.
    pub explanation: Explanation,
    /// The weights that made the score, as JSON.
    pub weights: String,
    /// What the asking party said.
    pub asker: Voice,
    /// What the offering party said.
    pub giver: Voice,
    /// The code of the reason it was reviewed, declined or lapsed as it was; empty else.
    pub reason: String,
    /// What the coordinator or party added.
    pub note: String,
    /// Who said no.
    pub declined_by: Option<Side>,
    /// The coordinator who reviewed it.
    pub reviewed_by: Option<MemberId>,
    /// What the parties were last told in this state.
    pub told: Option<Prompt>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Counts its changes, from 1.
    pub version: i32,
}

impl MatchState {
    /// The states that can follow; empty for an end.
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Proposed => &[Self::Approved, Self::Rejected, Self::Expired, Self::Lapsed],
            Self::Approved => &[Self::Invited, Self::Lapsed],
            Self::Invited => &[
                Self::Introduced,
                Self::Declined,
                Self::Expired,
                Self::Lapsed,
            ],
            Self::Introduced => &[Self::Succeeded, Self::Failed, Self::Unknown],
            Self::Unknown => &[Self::Succeeded, Self::Failed],
            Self::Succeeded
            | Self::Failed
            | Self::Rejected
            | Self::Declined
            | Self::Expired
            | Self::Lapsed => &[],
        }
    }

    /// Whether it still leads somewhere by itself.
    pub fn is_live(self) -> bool {
        matches!(
            self,
            Self::Proposed | Self::Approved | Self::Invited | Self::Introduced
        )
    }

    /// Whether it ends when a post ends: everything that lives and is not yet an introduction.
    pub fn lapses(self) -> bool {
        self.is_live() && self != Self::Introduced
    }

    /// What happens by itself in this state, with the days after it began; the last is the way out.
    pub fn schedule(self) -> &'static [(i64, Step)] {
        match self {
            Self::Proposed => &[(REVIEW_DAYS, Step::End(Self::Expired))],
            Self::Approved => &[(0, Step::Invite), (APPROVAL_DAYS, Step::End(Self::Lapsed))],
            Self::Invited => &[
                (REMINDER_DAYS, Step::Tell(Prompt::Reminder)),
                (INVITATION_DAYS, Step::End(Self::Expired)),
            ],
            Self::Introduced => &[
                (FIRST_OUTCOME_DAYS, Step::Tell(Prompt::FirstOutcome)),
                (SECOND_OUTCOME_DAYS, Step::Tell(Prompt::SecondOutcome)),
                (CONCLUSION_DAYS, Step::End(Self::Unknown)),
            ],
            _ => &[],
        }
    }
}

impl Match {
    /// What one party said.
    pub fn voice(&self, side: Side) -> &Voice {
        match side {
            Side::Request => &self.asker,
            Side::Offer => &self.giver,
        }
    }

    fn voice_mut(&mut self, side: Side) -> &mut Voice {
        match side {
            Side::Request => &mut self.asker,
            Side::Offer => &mut self.giver,
        }
    }

    /// Whether both said yes.
    pub fn both_agree(&self) -> bool {
        [&self.asker, &self.giver]
            .iter()
            .all(|voice| voice.answer == Some(Answer::Yes))
    }

    /// The match in another state; `None` where that state cannot follow.
    #[must_use]
    pub fn moved(&self, to: MatchState, now: DateTime<Utc>) -> Option<Self> {
        self.state.next().contains(&to).then(|| Self {
            state: to,
            since: now,
            told: None,
            version: self.version + 1,
            ..self.clone()
        })
    }

    /// The match after one party answered; a no ends it. `None` where nobody is asked any more or they answered before.
    #[must_use]
    pub fn answered(
        &self,
        side: Side,
        answer: Answer,
        by: MemberId,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let asked = self.state == MatchState::Invited && self.voice(side).answer.is_none();
        let mut next = match answer {
            _ if !asked => return None,
            Answer::Yes => Self {
                version: self.version + 1,
                ..self.clone()
            },
            Answer::No => Self {
                declined_by: Some(side),
                ..self.moved(MatchState::Declined, now)?
            },
        };
        let voice = next.voice_mut(side);
        voice.answer = Some(answer);
        voice.answered_at = Some(now);
        voice.answered_by = Some(by);
        Some(next)
    }

    /// The match after one party told what came of it. It succeeded as soon as one side says so, and failed when both
    /// say so; a later word replaces an earlier one until then. `None` where there was no introduction to tell of.
    #[must_use]
    pub fn told_outcome(&self, side: Side, outcome: Outcome, now: DateTime<Utc>) -> Option<Self> {
        if !matches!(self.state, MatchState::Introduced | MatchState::Unknown) {
            return None;
        }
        let mut next = Self {
            version: self.version + 1,
            ..self.clone()
        };
        next.voice_mut(side).outcome = Some(outcome);
        let said = [next.asker.outcome, next.giver.outcome];
        let verdict = if said.contains(&Some(Outcome::Succeeded)) {
            Some(MatchState::Succeeded)
        } else if said == [Some(Outcome::Failed); 2] {
            Some(MatchState::Failed)
        } else {
            None
        };
        match verdict {
            Some(state) => {
                next.version = self.version;
                next.moved(state, now)
            }
            None => Some(next),
        }
    }

    /// What must be done by itself at `now`, and what is still to come: the latest step that is due and not done.
    pub fn due(&self, now: DateTime<Utc>) -> Option<Step> {
        self.to_do()
            .take_while(|(at, _)| *at <= now)
            .map(|(_, step)| step)
            .last()
    }

    /// When the next step comes; `None` at an end.
    pub fn due_at(&self) -> Option<DateTime<Utc>> {
        self.to_do().next().map(|(at, _)| at)
    }

    /// The state silence leads to once `due` says that the time is over: one side's word still counts.
    pub fn ending(&self, silent: MatchState) -> MatchState {
        let said_failed = [self.asker.outcome, self.giver.outcome].contains(&Some(Outcome::Failed));
        if silent == MatchState::Unknown && said_failed {
            MatchState::Failed
        } else {
            silent
        }
    }

    fn to_do(&self) -> impl Iterator<Item = (DateTime<Utc>, Step)> + '_ {
        let done = |step: &Step| match (step, self.told) {
            (Step::Tell(prompt), Some(told)) => *prompt <= told,
            _ => false,
        };
        self.state
            .schedule()
            .iter()
            .filter(move |(_, step)| !done(step))
            .map(|(days, step)| (self.since + TimeDelta::days(*days), *step))
    }
}

#[cfg(test)]
mod tests;
