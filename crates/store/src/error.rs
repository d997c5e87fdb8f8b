//! What the database answered when it did not do what was asked.

use diesel::result::{DatabaseErrorKind, Error};
use thiserror::Error as ThisError;

/// Why a query or a transaction failed.
#[derive(Debug, ThisError)]
pub enum StoreError {
    /// There is no such row.
    #[error("there is no such row")]
    NotFound,
    /// A row with the same key is there already.
    #[error("{0} is taken")]
    Taken(String),
    /// The row was changed by somebody else since it was read.
    #[error("the row was changed in the meantime")]
    Stale,
    /// The database is too busy, or chose this transaction to give way; trying again helps.
    #[error("the database is busy")]
    Busy,
    /// The database cannot be reached or opened; the text says what to do.
    #[error("{0}")]
    Unreachable(String),
    /// A row holds what this program cannot read.
    #[error("a row is broken: {0}")]
    Corrupt(String),
    /// Anything else.
    #[error(transparent)]
    Broken(Error),
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match &error {
            Error::NotFound => Self::NotFound,
            Error::DatabaseError(DatabaseErrorKind::UniqueViolation, about) => Self::Taken(
                about
                    .constraint_name()
                    .map_or_else(|| about.message().to_owned(), str::to_owned),
            ),
            Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => Self::Busy,
            Error::DatabaseError(_, about) if is_busy(about.message()) => Self::Busy,
            _ => Self::Broken(error),
        }
    }
}

/// Neither database has an error kind of its own for a lock that was not to be had.
fn is_busy(message: &str) -> bool {
    [
        "database is locked",
        "deadlock detected",
        "due to lock timeout",
    ]
    .iter()
    .any(|busy| message.contains(busy))
}
