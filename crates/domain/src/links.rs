//! Links that go out by mail: each lets its holder do one thing, once, for a while.

use chrono::{DateTime, TimeDelta, Utc};

use crate::codes::codes;
use crate::ids::{LinkId, MemberId};
use crate::matches::Side;

codes!(
    /// What a link lets its holder do.
    LinkPurpose in "purpose" {
        /// Confirm that an address is theirs.
        Confirm = "confirm",
        /// Log in.
        Login = "login",
        /// Answer whether they may be introduced.
        Consent = "consent",
        /// Tell what came of an introduction.
        Outcome = "outcome",
        /// Renew a post.
        Renew = "renew",
        /// Close a post.
        Close = "close",
        /// Choose which mail they want, and end it.
        Settings = "settings",
        /// End a subscription.
        Unsubscribe = "unsubscribe",
    }
);

impl LinkPurpose {
    /// How long the link works.
    pub fn lifetime(self) -> TimeDelta {
        match self {
            Self::Confirm => TimeDelta::days(7),
            Self::Login => TimeDelta::minutes(15),
            Self::Consent => TimeDelta::days(crate::matches::INVITATION_DAYS),
            Self::Outcome => TimeDelta::days(60),
            Self::Renew | Self::Close => TimeDelta::days(75),
            Self::Settings | Self::Unsubscribe => TimeDelta::days(365),
        }
    }

    /// Whole days the link works.
    pub fn days(self) -> i64 {
        self.lifetime().num_days()
    }

    /// Whether using it once ends it; the others may be used again, because doing the same again changes nothing.
    pub fn is_single_use(self) -> bool {
        matches!(self, Self::Confirm | Self::Login | Self::Consent)
    }
}

/// A link as it is kept: never with its token, only with the token's hash.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// SHA-256 of the token, in hexadecimal.
    pub token_hash: String,
    /// What it lets its holder do.
    pub purpose: LinkPurpose,
    /// Whose it is.
    pub member: MemberId,
    /// The id of the match, post, member or subscription it is about.
    pub subject: String,
    /// The side its holder is on, for a match.
    pub side: Option<Side>,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}
