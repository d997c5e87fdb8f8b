//! Links that go out by mail: each lets its holder do one thing, once, for a while.

use chrono::{DateTime, Utc};

use crate::codes::codes;
use crate::ids::{LinkId, MemberId};
use crate::matches::Side;

codes!(
    /// What a link lets its holder do.
    LinkPurpose in "purpose" {
        /// Confirm that an address is theirs.
        Confirm = "confirm",
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
    }
);

impl LinkPurpose {
    /// Days the link works.
    pub fn days(self) -> i64 {
        match self {
            Self::Confirm => 7,
            Self::Consent => crate::matches::INVITATION_DAYS,
            Self::Outcome => 60,
            Self::Renew | Self::Close => 75,
            Self::Settings => 365,
        }
    }

    /// Whether using it once ends it; the others may be used again, because doing the same again changes nothing.
    pub fn is_single_use(self) -> bool {
        matches!(self, Self::Confirm | Self::Consent)
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
    /// The id of the match, post or member it is about.
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
