//! How a use case can end other than well. `web` maps these to status codes, the command line to sentences.

use chrono::{DateTime, Utc};
use domain::invalid::Invalid;
use domain::matches::MatchState;
use domain::posts::PostState;
use store::StoreError;
use thiserror::Error;

/// Why a use case did nothing.
#[derive(Debug, Error)]
pub enum AppError {
    /// Fields that cannot be accepted, all of them.
    #[error("{} field(s) cannot be accepted", .0.len())]
    Invalid(Vec<Invalid>),
    /// Nobody signed in, or their token does not hold.
    #[error("not signed in")]
    NotSignedIn,
    /// A login link or a refresh token that does not work, whatever the cause.
    #[error("token refused")]
    TokenRefused,
    /// They may not do this.
    #[error("not allowed")]
    Forbidden,
    /// It is not there, or not theirs to see: the same answer, so that nobody learns what exists.
    #[error("not found")]
    NotFound,
    /// It cannot be done now.
    #[error("{0:?}")]
    Conflict(Conflict),
    /// It was changed by somebody else since it was read.
    #[error("changed in the meantime")]
    Stale,
    /// They ask more often than they may.
    #[error("too often")]
    TooOften {
        /// Seconds until they may ask again.
        seconds: u64,
    },
    /// Too much at once; trying again helps.
    #[error("busy")]
    Busy,
    /// A fault of ours; the cause is for the log only.
    #[error(transparent)]
    Broken(anyhow::Error),
}

/// Why something cannot be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conflict {
    /// Somebody has this address, or something has this name, already.
    Taken {
        /// The field that holds it.
        field: &'static str,
    },
    /// The post is in a state from which this cannot be done.
    Post {
        /// That state.
        state: PostState,
    },
    /// The match is in a state from which this cannot be done.
    Match {
        /// That state.
        state: MatchState,
    },
    /// This party answered before.
    Answered,
    /// The pair has a match that is still going.
    MatchGoing,
    /// The pair cannot be matched; the code of the gate that refused.
    Refused {
        /// The code of the gate.
        gate: &'static str,
    },
    /// The link is too old, or was used.
    LinkOver,
    /// The delivery cannot go again.
    Gone,
    /// They have as many subscriptions as one may have.
    TooManySubscriptions,
    /// A match run is going on.
    RunGoing,
    /// The match run is not finished.
    RunUnfinished,
    /// The match run was signed off before.
    RunSigned,
    /// Another coordinator is looking at the match.
    Claimed {
        /// What they are called.
        by: String,
        /// Until when it is theirs.
        until: DateTime<Utc>,
    },
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::Taken(what) if what.contains("email") => {
                Self::Conflict(Conflict::Taken { field: "email" })
            }
            StoreError::Taken(_) => Self::Conflict(Conflict::Taken { field: "id" }),
            StoreError::Stale => Self::Stale,
            StoreError::Busy => Self::Busy,
            other => Self::Broken(other.into()),
        }
    }
}

impl From<tokio::task::JoinError> for AppError {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::Broken(error.into())
    }
}

impl From<Vec<Invalid>> for AppError {
    fn from(problems: Vec<Invalid>) -> Self {
        Self::Invalid(problems)
    }
}

impl From<Invalid> for AppError {
    fn from(problem: Invalid) -> Self {
        Self::Invalid(vec![problem])
    }
}

impl From<mail::Unbuildable> for AppError {
    fn from(error: mail::Unbuildable) -> Self {
        Self::Broken(error.into())
    }
}
