//! The codes of a match: its states, its sides, and what is said about it.

use crate::codes::codes;

codes!(
    /// Where a match is.
    MatchState in "state" {
        /// The engine or a coordinator thinks it fits; waits for review.
        Proposed = "proposed",
        /// Reviewed; the invitations are about to be stored.
        Approved = "approved",
        /// Asked by mail; waits for two answers.
        Invited = "invited",
        /// Both said yes and were introduced.
        Introduced = "introduced",
        /// It came to something.
        Succeeded = "succeeded",
        /// It came to nothing.
        Failed = "failed",
        /// Nobody told.
        Unknown = "unknown",
        /// A coordinator said no.
        Rejected = "rejected",
        /// One side said no.
        Declined = "declined",
        /// Nobody answered in time.
        Expired = "expired",
        /// A post ended or filled first.
        Lapsed = "lapsed",
    }
);

codes!(
    /// One of the two parties of a match.
    Side in "side" {
        /// Who asks.
        Request = "request",
        /// Who offers.
        Offer = "offer",
    }
);

impl Side {
    /// The other party.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Request => Self::Offer,
            Self::Offer => Self::Request,
        }
    }
}

codes!(
    /// What a party says when asked whether they may be introduced.
    Answer in "answer" {
        /// Introduce us.
        Yes = "yes",
        /// Do not.
        No = "no",
    }
);

codes!(
    /// What a party says came of an introduction.
    Outcome in "outcome" {
        /// It came to something.
        Succeeded = "succeeded",
        /// It came to nothing.
        Failed = "failed",
        /// They are still at it: ask again later.
        Busy = "busy",
    }
);

codes!(
    /// What a coordinator decides about a proposal.
    Decision in "decision" {
        /// Ask both sides.
        Approve = "approve",
        /// Do not.
        Reject = "reject",
    }
);

codes!(
    /// Why a coordinator decided so.
    ReviewReason in "reason" {
        /// It fits well.
        GoodFit = "good_fit",
        /// It does not fit.
        NoFit = "no_fit",
        /// The help does not reach there after all.
        WrongRegion = "wrong_region",
        /// The help is for another phase.
        WrongPhase = "wrong_phase",
        /// Another kind of help is asked.
        WrongSupport = "wrong_support",
        /// They know each other already.
        AlreadyInTouch = "already_in_touch",
        /// Something else; the note says what.
        Other = "other",
    }
);

codes!(
    /// Why a party said no.
    DeclineReason in "reason" {
        /// No time now.
        NotNow = "not_now",
        /// It is solved already.
        Solved = "solved",
        /// It does not fit.
        NoFit = "no_fit",
        /// Something else, or not said.
        Other = "other",
    }
);

codes!(
    /// Why a match went by without anybody's no.
    LapseReason in "reason" {
        /// The request was closed, hidden, paused or expired.
        RequestEnded = "request_ended",
        /// The offer was closed, hidden, paused or expired.
        OfferEnded = "offer_ended",
        /// The offer carries as many introductions as it can.
        OfferFull = "offer_full",
        /// Nobody could be asked.
        Unreachable = "unreachable",
    }
);

codes!(
    /// How a match came to be.
    MatchOrigin in "origin" {
        /// The engine proposed it.
        Engine = "engine",
        /// A coordinator made it by hand.
        Manual = "manual",
    }
);

codes!(
    /// What the parties were last reminded of or asked about.
    Prompt in "prompt" {
        /// The invitation, again.
        Reminder = "reminder",
        /// What came of it, after a week.
        FirstOutcome = "first_outcome",
        /// What came of it, after a month.
        SecondOutcome = "second_outcome",
    }
);
