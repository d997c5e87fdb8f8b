//! Letters and their deliveries: what the outbox holds.

use chrono::{DateTime, Utc};

use crate::codes::codes;
use crate::email_address::EmailAddress;
use crate::ids::{DeliveryId, LetterId};

codes!(
    /// What a letter is for.
    LetterKind in "kind" {
        /// Asks somebody to confirm their address.
        Confirmation = "confirmation",
        /// Brings a link to log in with.
        LoginLink = "login_link",
        /// Tells somebody who registers again that they are known already.
        AlreadyKnown = "already_known",
        /// Asks somebody to act for an organisation, and to confirm their address.
        MemberInvitation = "member_invitation",
        /// Tells what a coordinator decided about an organisation.
        Verification = "verification",
        /// Asks whether somebody may be introduced.
        Invitation = "invitation",
        /// Asks it again.
        InvitationReminder = "invitation_reminder",
        /// Introduces both sides to each other.
        Introduction = "introduction",
        /// Tells that an introduction goes by.
        NoIntroduction = "no_introduction",
        /// Asks what came of an introduction.
        OutcomeQuestion = "outcome_question",
        /// Asks whether a post is still right.
        ExpiryReminder = "expiry_reminder",
        /// Tells coordinators that proposals wait.
        ReviewWaiting = "review_waiting",
        /// Tells a subscriber what is new.
        Digest = "digest",
    }
);

codes!(
    /// Where one letter to one address is.
    ///
    /// ```text
    /// ready ─claim→ leased ─relay takes content→ in_data ─250→ sent ─report→ bounced
    ///   ↑             │ 4xx, no relay, worker gone     │ 4xx → ready, 5xx → failed
    ///   └─────────────┘                                └ no clear answer, worker gone → ambiguous
    /// ambiguous ─relay says it has it→ sent; ─it has not→ ready; ─nobody to ask, an hour later→ ready, once
    /// ```
    DeliveryState in "state" {
        /// Waits for its moment.
        Ready = "ready",
        /// A worker has it; anybody may take it back, no content was sent.
        Leased = "leased",
        /// The relay is being given the content.
        InData = "in_data",
        /// The relay took it.
        Sent = "sent",
        /// The relay may have taken it: held until the relay can be asked, or until its one repeat.
        Ambiguous = "ambiguous",
        /// The relay refused the address or the letter for good.
        Failed = "failed",
        /// All attempts are used.
        Dead = "dead",
        /// It must not go any more: what it asks was answered or ended.
        Withdrawn = "withdrawn",
        /// It did not go in time, and is of no use any more.
        Expired = "expired",
        /// Nothing is sent to this address any more.
        Suppressed = "suppressed",
        /// The relay took it and reported later that it cannot be delivered.
        Bounced = "bounced",
    }
);

codes!(
    /// How one transmission of a delivery ended, or what was found out about it later.
    TransmissionResult in "result" {
        /// The relay answered 250 to the content.
        Taken = "taken",
        /// The relay refused for good.
        Refused = "refused",
        /// The relay put it off: a 4xx reply.
        PutOff = "put_off",
        /// The relay was not there, or would not talk to us; no fault of the letter.
        Unreached = "unreached",
        /// The content may have been taken; written down before anything is repeated.
        Uncertain = "uncertain",
        /// The relay was asked after an uncertain end, and has the letter.
        FoundTaken = "found_taken",
        /// The relay was asked after an uncertain end, and does not have the letter.
        FoundMissing = "found_missing",
    }
);

codes!(
    /// Why nothing is sent to an address any more.
    SuppressionReason in "reason" {
        /// A letter could not be delivered for good.
        Bounce = "bounce",
        /// Somebody called a letter unwanted.
        Complaint = "complaint",
        /// A coordinator said so.
        ByHand = "by_hand",
    }
);

impl LetterKind {
    /// Whether it also goes to an address that nothing is sent to any more: somebody asked for it a moment ago.
    pub fn passes_suppression(self) -> bool {
        matches!(self, Self::Confirmation | Self::LoginLink)
    }
}

/// A letter with its frozen bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredLetter {
    /// Its id, also in its Message-ID.
    pub id: LetterId,
    /// What it is for.
    pub kind: LetterKind,
    /// The id of the match, post, member, organisation or subscription it is about: what is asked again before it goes.
    pub about: String,
    /// The subject line.
    pub subject: String,
    /// The whole message as it goes over the wire; emptied after it went, when it held a link.
    pub mime: Vec<u8>,
    /// When it is of no use any more.
    pub not_after: Option<DateTime<Utc>>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// One letter on its way to one address.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// The letter.
    pub letter: LetterId,
    /// The address.
    pub recipient: EmailAddress,
    /// Where it is.
    pub state: DeliveryState,
    /// Counts the claims: a worker that lost its claim can change nothing.
    pub epoch: i32,
    /// The worker that has it; empty when none has.
    pub owner: String,
    /// Tries that reached the relay and were answered with a 4xx: not yet, try again later.
    pub attempts: i32,
    /// How often it was sent again after an uncertain end.
    pub repeats: i32,
    /// When it may go, or when an uncertain one is looked at again.
    pub due_at: DateTime<Utc>,
    /// When the last worker got it.
    pub claimed_at: Option<DateTime<Utc>>,
    /// Since when nobody knows whether the relay has it.
    pub uncertain_since: Option<DateTime<Utc>>,
    /// What the relay or the network last said; without addresses.
    pub last_error: String,
    /// When the relay took it.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it was stored.
    pub created_at: DateTime<Utc>,
}
