//! What time it is: asked here and nowhere else, so that tests and the demo can move it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, SubsecRound, Utc};

/// A source of time, in whole microseconds, as the databases keep it.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's.
    System,
    /// One that is moved by hand.
    Manual(Arc<Mutex<DateTime<Utc>>>),
    /// The time written in a file: how a test moves the time of another process.
    File(PathBuf),
}

impl Clock {
    /// A clock that stands still at `start` until it is moved.
    pub fn manual(start: DateTime<Utc>) -> Self {
        Self::Manual(Arc::new(Mutex::new(start)))
    }

    /// The machine's clock, or in a debug build the file that `SAMENSPEL_CLOCK_FILE` names.
    pub fn from_environment() -> Self {
        match std::env::var_os("SAMENSPEL_CLOCK_FILE") {
            Some(path) if cfg!(debug_assertions) => Self::File(path.into()),
            _ => Self::System,
        }
    }

    /// The time now.
    pub fn now(&self) -> DateTime<Utc> {
        let now = match self {
            Self::System => Utc::now(),
            Self::Manual(time) => *time.lock().unwrap_or_else(PoisonError::into_inner),
            Self::File(path) => std::fs::read_to_string(path)
                .ok()
                .and_then(|text| text.trim().parse().ok())
                .unwrap_or_else(Utc::now),
        };
        now.trunc_subsecs(6)
    }

    /// Moves a manual clock; the others go by themselves.
    pub fn set(&self, to: DateTime<Utc>) {
        if let Self::Manual(time) = self {
            *time.lock().unwrap_or_else(PoisonError::into_inner) = to;
        }
    }
}
