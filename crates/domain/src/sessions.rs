//! Sessions: from a login until it ends. Each is a chain of refresh tokens, of which only the last still works.

use chrono::{DateTime, TimeDelta, Utc};

use crate::codes::codes;
use crate::ids::{MemberId, SessionId};

codes!(
    /// Why a session ended before its time.
    SessionEnd in "reason" {
        /// Its member logged out.
        Logout = "logout",
        /// One of its refresh tokens came a second time: somebody else may have it.
        Reuse = "reuse",
    }
);

/// How long a refresh token that was used may come again and only be refused: a program that asks twice at one moment,
/// or asks again because the answer was lost, is no thief. After that its session ends (RFC 9700 §4.14.2).
pub const REUSE_GRACE: TimeDelta = TimeDelta::seconds(10);

/// A session as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id, also in the bearer tokens that were given out for it.
    pub id: SessionId,
    /// Who signed in.
    pub member: MemberId,
    /// When it ends by itself, however often it is refreshed.
    pub expires_at: DateTime<Utc>,
    /// When it ended before that, and why.
    pub ended: Option<(DateTime<Utc>, SessionEnd)>,
    /// When they signed in.
    pub created_at: DateTime<Utc>,
}

impl Session {
    /// Whether it still goes on.
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.ended.is_none() && now < self.expires_at
    }
}

/// A refresh token as it is kept: never the token, only its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// SHA-256 of the token, in hexadecimal.
    pub token_hash: String,
    /// The session it continues.
    pub session: SessionId,
    /// When the next one was given for it.
    pub used_at: Option<DateTime<Utc>>,
    /// When it was given out.
    pub created_at: DateTime<Utc>,
}

impl RefreshToken {
    /// Whether a token that comes at `now` was used so long ago that somebody else may have it.
    pub fn betrays_theft(&self, now: DateTime<Utc>) -> bool {
        self.used_at.is_some_and(|used| used + REUSE_GRACE < now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_comes_again_at_once_betrays_nothing_and_later_it_does() {
        let used: DateTime<Utc> = "2026-12-01T09:00:00Z".parse().unwrap();
        let token = RefreshToken {
            token_hash: "aa".to_owned(),
            session: SessionId::new(used),
            used_at: Some(used),
            created_at: used,
        };
        assert!(!token.betrays_theft(used));
        assert!(!token.betrays_theft(used + REUSE_GRACE));
        assert!(token.betrays_theft(used + REUSE_GRACE + TimeDelta::microseconds(1)));
        let unused = RefreshToken {
            used_at: None,
            ..token
        };
        assert!(!unused.betrays_theft(used + TimeDelta::days(1)));
    }

    #[test]
    fn a_session_goes_on_until_it_is_ended_or_its_time_is_over() {
        let start: DateTime<Utc> = "2026-12-01T09:00:00Z".parse().unwrap();
        let end = start + TimeDelta::days(30);
        let session = Session {
            id: SessionId::new(start),
            member: MemberId::new(start),
            expires_at: end,
            ended: None,
            created_at: start,
        };
        assert!(session.is_live(start) && !session.is_live(end));
        let ended = Session {
            ended: Some((start, SessionEnd::Logout)),
            ..session
        };
        assert!(!ended.is_live(start));
    }
}
