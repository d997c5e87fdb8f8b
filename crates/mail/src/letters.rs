//! The letters Samenspel writes and what each of them says; written by `app`, worded in `templates/nl/<kind>/`.
//!
//! Links come in ready to use (`https://…`), dates as Dutch text. The link in a letter opens a page that asks; only
//! the button on that page does something, because mail scanners open links.

use domain::email_address::EmailAddress;
use domain::letters::LetterKind;
use domain::matches::Side;
use domain::posts::{ExpiryStage, PostKind};
use domain::subscriptions::{Frequency, NewsKind};

use crate::words::{Line, Passage};

/// One letter.
#[derive(Debug, Clone, PartialEq)]
pub enum Letter {
    /// Asks somebody who registered to confirm their address.
    Confirmation(Confirmation),
    /// Brings a link to log in with.
    LoginLink(LoginLink),
    /// Tells somebody who registers again that they are known already.
    AlreadyKnown(AlreadyKnown),
    /// Asks somebody to act for an organisation.
    MemberInvitation(MemberInvitation),
    /// Tells that an organisation may take part.
    Verified(Verified),
    /// Tells that an organisation may not take part, and why.
    NotVerified(NotVerified),
    /// Asks whether we may introduce somebody.
    Invitation(Invitation),
    /// Asks it once more; sent in the thread of the invitation.
    InvitationReminder(Invitation),
    /// Introduces both sides; one letter to both.
    Introduction(Introduction),
    /// Tells somebody who was asked that the introduction does not go on, without blame.
    NoIntroduction(NoIntroduction),
    /// Asks what came of an introduction.
    OutcomeQuestion(OutcomeQuestion),
    /// Asks whether a post is still right.
    ExpiryReminder(ExpiryReminder),
    /// Tells coordinators that proposals wait.
    ReviewWaiting(ReviewWaiting),
    /// Tells a subscriber what is new.
    Digest(Digest),
}

impl Letter {
    /// What the letter is for, as the outbox keeps it.
    pub fn kind(&self) -> LetterKind {
        match self {
            Self::Confirmation(_) => LetterKind::Confirmation,
            Self::LoginLink(_) => LetterKind::LoginLink,
            Self::AlreadyKnown(_) => LetterKind::AlreadyKnown,
            Self::MemberInvitation(_) => LetterKind::MemberInvitation,
            Self::Verified(_) | Self::NotVerified(_) => LetterKind::Verification,
            Self::Invitation(_) => LetterKind::Invitation,
            Self::InvitationReminder(_) => LetterKind::InvitationReminder,
            Self::Introduction(_) => LetterKind::Introduction,
            Self::NoIntroduction(_) => LetterKind::NoIntroduction,
            Self::OutcomeQuestion(_) => LetterKind::OutcomeQuestion,
            Self::ExpiryReminder(_) => LetterKind::ExpiryReminder,
            Self::ReviewWaiting(_) => LetterKind::ReviewWaiting,
            Self::Digest(_) => LetterKind::Digest,
        }
    }
}

/// Confirm your address.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirmation {
    /// Who registered.
    pub name: Line,
    /// The organisation they registered.
    pub organisation: Line,
    /// The page with the button.
    pub link: String,
    /// Days the link works.
    pub days: u32,
}

/// Log in.
#[derive(Debug, Clone, PartialEq)]
pub struct LoginLink {
    /// The reader.
    pub name: Line,
    /// The page with the button.
    pub link: String,
    /// Minutes the link works.
    pub minutes: u64,
}

/// You are known already.
#[derive(Debug, Clone, PartialEq)]
pub struct AlreadyKnown {
    /// The reader.
    pub name: Line,
}

/// Will you act for this organisation?
#[derive(Debug, Clone, PartialEq)]
pub struct MemberInvitation {
    /// The reader.
    pub name: Line,
    /// Who asks.
    pub inviter: Line,
    /// The organisation.
    pub organisation: Line,
    /// The page with the button.
    pub link: String,
    /// Days the link works.
    pub days: u32,
}

/// Your organisation may take part.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified {
    /// The reader.
    pub name: Line,
    /// Their organisation.
    pub organisation: Line,
}

/// Your organisation may not take part.
#[derive(Debug, Clone, PartialEq)]
pub struct NotVerified {
    /// The reader.
    pub name: Line,
    /// Their organisation.
    pub organisation: Line,
    /// Why not, in the coordinator's words: whole sentences.
    pub reason: Line,
}

/// May we introduce you?
#[derive(Debug, Clone, PartialEq)]
pub struct Invitation {
    /// Whether the reader asks ([`Side::Request`]) or offers ([`Side::Offer`]).
    pub reader: Side,
    /// The reader.
    pub name: Line,
    /// The title of their own post.
    pub own_title: Line,
    /// The organisation on the other side; no person of it is named.
    pub other_organisation: Line,
    /// The title of the other post.
    pub other_title: Line,
    /// Where the other post is about: a municipality, or the areas an offer reaches.
    pub other_place: Line,
    /// What the other post says in public.
    pub other_body: Passage,
    /// Why they fit, as phrases.
    pub reasons: Vec<Line>,
    /// The page that asks yes or no.
    pub link: String,
    /// Days left to answer.
    pub days: u32,
}

/// One side of an introduction, with what the other side may now know.
#[derive(Debug, Clone, PartialEq)]
pub struct Party {
    /// The organisation.
    pub organisation: Line,
    /// The person to speak to.
    pub name: Line,
    /// Their address.
    pub email: EmailAddress,
}

/// Meet each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Introduction {
    /// What is asked.
    pub request_title: Line,
    /// The municipality it is asked in.
    pub request_place: Line,
    /// What is asked, at length.
    pub request_body: Passage,
    /// Who asks.
    pub asker: Party,
    /// What is offered.
    pub offer_title: Line,
    /// What is offered, at length.
    pub offer_body: Passage,
    /// Who offers.
    pub giver: Party,
    /// Why they fit, as phrases.
    pub reasons: Vec<Line>,
    /// What to do first: a whole sentence.
    pub first_step: Line,
    /// Who does it: a name.
    pub first_step_by: Line,
}

/// The introduction does not go on.
#[derive(Debug, Clone, PartialEq)]
pub struct NoIntroduction {
    /// The reader.
    pub name: Line,
    /// The title of their own post.
    pub own_title: Line,
    /// The title of the other post.
    pub other_title: Line,
    /// Why, as a whole sentence; `domain::dutch::mail` has them.
    pub reason: Line,
}

/// Whether it is asked for the first or the last time what came of an introduction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Round {
    /// After a week.
    First,
    /// After a month.
    Second,
}

/// What came of it?
#[derive(Debug, Clone, PartialEq)]
pub struct OutcomeQuestion {
    /// The reader.
    pub name: Line,
    /// Whom they were introduced to.
    pub other_organisation: Line,
    /// The title of the reader's own post.
    pub title: Line,
    /// The page with the choices.
    pub link: String,
    /// The day of the introduction.
    pub introduced_on: Line,
    /// Which time this is.
    pub round: Round,
}

/// Is your post still right?
#[derive(Debug, Clone, PartialEq)]
pub struct ExpiryReminder {
    /// Whether the post is a request or an offer.
    pub kind: PostKind,
    /// The reader.
    pub name: Line,
    /// The title of their post.
    pub title: Line,
    /// The day it ends or ended.
    pub expires_on: Line,
    /// How near the end is.
    pub stage: ExpiryStage,
    /// The page that renews it.
    pub renew_link: String,
    /// The page that closes it.
    pub close_link: String,
}

/// Proposals wait for a coordinator.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewWaiting {
    /// How many wait.
    pub count: u32,
    /// Days the oldest has waited.
    pub oldest_days: u32,
    /// The page with the proposals.
    pub link: String,
}

/// What is new for a subscriber.
#[derive(Debug, Clone, PartialEq)]
pub struct Digest {
    /// How often the reader asked to be told.
    pub frequency: Frequency,
    /// The reader.
    pub name: Line,
    /// What is new, by kind; no section is empty.
    pub sections: Vec<DigestSection>,
    /// How many items are kept for the next letter.
    pub left: usize,
    /// The page that ends this subscription, which also ends it on one POST (RFC 8058).
    pub unsubscribe_link: String,
}

impl Digest {
    /// How many items it names.
    pub fn count(&self) -> usize {
        self.sections.iter().map(|part| part.items.len()).sum()
    }
}

/// What is new of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct DigestSection {
    /// The kind.
    pub kind: NewsKind,
    /// What is new.
    pub items: Vec<DigestItem>,
}

/// One thing that is new; never with who can be reached, or how.
#[derive(Debug, Clone, PartialEq)]
pub struct DigestItem {
    /// What it is called.
    pub title: Line,
    /// Where and what it is about.
    pub about: Line,
    /// The page that everyone may read about it, where there is one.
    pub link: Option<String>,
}
