//! What requests and offers share: the states of a post, how long it lives, and when its owner is asked about it.

use chrono::{DateTime, TimeDelta, Utc};

use crate::codes::codes;
use crate::dutch::problems;
use crate::ids::{MemberId, OfferId, OrganisationId, RequestId, as_text};
use crate::invalid::Invalid;
use crate::organisations::Organisation;
use crate::phase::Phase;
use crate::region::Region;
use crate::support::Support;
use crate::text::Title;
use crate::theme::Theme;

codes!(
    /// Whether a post is a request or an offer.
    PostKind in "kind" {
        /// A request (vraag).
        Request = "request",
        /// An offer (aanbod).
        Offer = "offer",
    }
);

codes!(
    /// Where a post is in its life.
    PostState in "state" {
        /// Saved, not sent in.
        Draft = "draft",
        /// Waits until its organisation is verified.
        Pending = "pending",
        /// Listed and matched.
        Open = "open",
        /// Taken out for a while by its owner.
        Paused = "paused",
        /// Taken out by a coordinator, with a reason.
        Hidden = "hidden",
        /// Ended by its owner, with a reason.
        Closed = "closed",
        /// Ended by itself.
        Expired = "expired",
    }
);

codes!(
    /// Why an owner closed a post.
    CloseReason in "reason" {
        /// The help was found here.
        FulfilledHere = "fulfilled_here",
        /// The help was found somewhere else.
        FulfilledElsewhere = "fulfilled_elsewhere",
        /// It is not needed any more.
        NoLongerNeeded = "no_longer_needed",
        /// Nobody answered.
        NoResponse = "no_response",
        /// It does not belong on this marketplace.
        OutOfScope = "out_of_scope",
        /// It stands here twice.
        Duplicate = "duplicate",
    }
);

codes!(
    /// How an owner consents to introductions.
    Consent in "consent" {
        /// Asked each time.
        Ask = "ask",
        /// A yes given in advance.
        Standing = "standing",
    }
);

codes!(
    /// What can be done to a post.
    PostAction in "action" {
        /// A coordinator lets it in: its organisation was verified, or it need not be hidden any more.
        Admit = "admit",
        /// Its owner takes it out for a while.
        Pause = "pause",
        /// Its owner brings it back after a pause, an end or an expiry.
        Reopen = "reopen",
        /// Its owner says it is still right.
        Renew = "renew",
        /// Its owner ends it.
        Close = "close",
        /// A coordinator takes it out.
        Hide = "hide",
        /// Its time is over.
        Expire = "expire",
        /// Its organisation is not verified any more: it waits again.
        Withdraw = "withdraw",
    }
);

/// The id of a request or an offer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PostId {
    /// Of a request.
    Request(RequestId),
    /// Of an offer.
    Offer(OfferId),
}

impl PostId {
    /// Which of the two it is.
    pub fn kind(self) -> PostKind {
        match self {
            Self::Request(_) => PostKind::Request,
            Self::Offer(_) => PostKind::Offer,
        }
    }
}

impl std::str::FromStr for PostId {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        text.parse()
            .map(Self::Request)
            .or_else(|_not_a_request: Invalid| text.parse().map(Self::Offer))
            .map_err(|_neither: Invalid| problems::malformed_id(text, "req_/off_"))
    }
}

as_text!(PostId, |this| match this {
    PostId::Request(id) => id.to_string(),
    PostId::Offer(id) => id.to_string(),
});

/// What requests and offers share: whose it is, what it is called and its life.
#[derive(Debug, Clone, PartialEq)]
pub struct Post {
    /// Its id.
    pub id: PostId,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Who wrote it.
    pub author: MemberId,
    /// One line.
    pub title: Title,
    /// Whether it stays until somebody ends it: an evergreen offer.
    pub lasting: bool,
    /// Where it is in its life.
    pub life: Life,
}

/// A request or offer with the organisation it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct Posted<T> {
    /// The request or offer.
    pub post: T,
    /// Whose it is.
    pub owner: Organisation,
}

/// Which posts a list shows; an empty field does not narrow it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PostFilter {
    /// Words that must stand in the title or the body.
    pub words: String,
    /// Areas of which a post must serve or lie in one.
    pub areas: Vec<Region>,
    /// Themes of which a post must name one.
    pub themes: Vec<Theme>,
    /// The phase a request is in or an offer is made for.
    pub phase: Option<Phase>,
    /// A kind of help.
    pub support: Option<Support>,
    /// States of which a post must be in one.
    pub states: Vec<PostState>,
    /// Whose posts.
    pub organisation: Option<OrganisationId>,
    /// The areas outside which who looks sees what everybody sees, as posts name them: those of a coordinator.
    pub bounds: Vec<Region>,
}

/// Weeks a request stays open without word of its owner.
pub const REQUEST_WEEKS: i64 = 12;

/// Weeks an offer stays open without word of its owner.
pub const OFFER_WEEKS: i64 = 26;

impl PostState {
    /// The state after `action`, or `None` where it cannot be done from here.
    pub fn after(self, action: PostAction) -> Option<Self> {
        use PostAction as Do;
        match (self, action) {
            (Self::Pending | Self::Hidden, Do::Admit)
            | (Self::Paused | Self::Closed | Self::Expired, Do::Reopen)
            | (Self::Open | Self::Expired, Do::Renew) => Some(Self::Open),
            (Self::Pending | Self::Paused, Do::Renew) => Some(self),
            (Self::Open, Do::Pause) => Some(Self::Paused),
            (Self::Open, Do::Withdraw) => Some(Self::Pending),
            (Self::Draft | Self::Pending | Self::Open | Self::Paused, Do::Close) => {
                Some(Self::Closed)
            }
            (Self::Pending | Self::Open | Self::Paused, Do::Hide) => Some(Self::Hidden),
            (
                Self::Draft | Self::Pending | Self::Open | Self::Paused | Self::Hidden,
                Do::Expire,
            ) => Some(Self::Expired),
            _ => None,
        }
    }

    /// Whether the post ended; it can still be reopened.
    pub fn is_ended(self) -> bool {
        matches!(self, Self::Closed | Self::Expired)
    }
}

codes!(
    /// When the owner is asked whether a post is still right.
    ExpiryStage in "stage" {
        /// Two weeks before it ends.
        TwoWeeks = "two_weeks",
        /// Three days before it ends.
        ThreeDays = "three_days",
        /// The moment it ends.
        Ended = "ended",
        /// A month after it ended.
        AMonthAfter = "a_month_after",
    }
);

impl ExpiryStage {
    /// When the stage comes for a post that ends at `expires_at`.
    pub fn at(self, expires_at: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::TwoWeeks => expires_at - TimeDelta::days(14),
            Self::ThreeDays => expires_at - TimeDelta::days(3),
            Self::Ended => expires_at,
            Self::AMonthAfter => expires_at + TimeDelta::days(30),
        }
    }

    /// The latest stage that has come by `now`.
    pub fn reached(expires_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<Self> {
        Self::ALL
            .iter()
            .rev()
            .copied()
            .find(|stage| stage.at(expires_at) <= now)
    }

    /// The stage that comes after this one; `None` after the last.
    pub fn next(self) -> Option<Self> {
        Self::ALL.iter().copied().find(|stage| *stage > self)
    }
}

/// The life of a post: its state, since when, until when.
#[derive(Debug, Clone, PartialEq)]
pub struct Life {
    /// Where it is.
    pub state: PostState,
    /// Why it was closed or hidden; may be empty.
    pub reason: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was last opened: what a request's waiting time counts from.
    pub opened_at: Option<DateTime<Utc>>,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
    /// The expiry stage its owner was last told about.
    pub told: Option<ExpiryStage>,
    /// Counts its changes, from 1.
    pub version: i32,
}

impl Life {
    /// The life of a post that is sent in now: open when its organisation is verified, else pending.
    pub fn begin(kind: PostKind, first: PostState, now: DateTime<Utc>) -> Self {
        Self {
            state: first,
            reason: String::new(),
            created_at: now,
            opened_at: (first == PostState::Open).then_some(now),
            expires_at: now + lifetime(kind),
            told: None,
            version: 1,
        }
    }

    /// Does `action`; `None` leaves everything as it was, because the action cannot be done from this state.
    #[must_use]
    pub fn after(&self, action: PostAction, kind: PostKind, now: DateTime<Utc>) -> Option<Self> {
        let state = self.state.after(action)?;
        if self.was_hidden() && matches!(action, PostAction::Reopen | PostAction::Renew) {
            return None;
        }
        let mut next = Self {
            state,
            version: self.version + 1,
            ..self.clone()
        };
        if state == PostState::Open && self.state != PostState::Open {
            next.opened_at = Some(now);
            next.reason = String::new();
        }
        if matches!(
            action,
            PostAction::Renew | PostAction::Reopen | PostAction::Admit
        ) {
            next.expires_at = now + lifetime(kind);
            next.told = None;
        }
        Some(next)
    }

    /// Whether it ended while a coordinator had it hidden: then its owner cannot bring it back.
    fn was_hidden(&self) -> bool {
        self.state == PostState::Expired && !self.reason.is_empty()
    }

    /// When somebody must look at the post again by itself: its next expiry stage; `None` when all are past.
    pub fn due_at(&self) -> Option<DateTime<Utc>> {
        let stage = match (self.state, self.told) {
            (PostState::Closed, _) => return None,
            (PostState::Draft | PostState::Hidden, _) => ExpiryStage::Ended,
            (_, None) => ExpiryStage::TwoWeeks,
            (_, Some(told)) => told.next()?,
        };
        (self.state != PostState::Expired || stage == ExpiryStage::AMonthAfter)
            .then(|| stage.at(self.expires_at))
    }
}

fn lifetime(kind: PostKind) -> TimeDelta {
    match kind {
        PostKind::Request => TimeDelta::weeks(REQUEST_WEEKS),
        PostKind::Offer => TimeDelta::weeks(OFFER_WEEKS),
    }
}

#[cfg(test)]
mod tests;
