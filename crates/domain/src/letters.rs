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
    }
);

codes!(
    /// Where one letter to one address is.
    ///
    /// ```text
    /// ready ─claim→ leased ─relay takes content→ in_data ─250→ sent
    ///   ↑             └ answered 4xx → ready             └ no clear answer → ambiguous
    ///   └ at start: what a dead worker leased
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
        /// The relay may have taken it; nobody can know.
        Ambiguous = "ambiguous",
        /// The relay refused the address or the letter for good.
        Failed = "failed",
        /// All attempts are used.
        Dead = "dead",
        /// It must not go any more: what it asks was answered or ended.
        Withdrawn = "withdrawn",
    }
);

/// A letter with its frozen bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredLetter {
    /// Its id, also in its Message-ID.
    pub id: LetterId,
    /// What it is for.
    pub kind: LetterKind,
    /// The id of the match, post, member or organisation it is about: what is asked again before it goes.
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
    /// When it may go.
    pub due_at: DateTime<Utc>,
    /// What the relay or the network last said; without addresses.
    pub last_error: String,
    /// When the relay took it.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it was stored.
    pub created_at: DateTime<Utc>,
}
