//! Breaks one write on purpose, so that tests can show that the next start repairs whatever is left.
//!
//! `SAMENSPEL_FAULT=7:crash_after` breaks the seventh transaction that writes: `error` undoes it and answers that the
//! database is busy, `crash_before` ends the program before its commit, and `crash_after` ends it when the commit is
//! durable, before whoever asked hears of it. Whoever tries 1, 2, 3 and so on has tried every step that is kept.

use std::process::abort;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::StoreError;

/// What names the write and the fault; without it nothing is broken.
const VARIABLE: &str = "SAMENSPEL_FAULT";

/// What is done to a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing.
    None,
    /// It is undone.
    Error,
    /// The program ends before its commit.
    CrashBefore,
    /// The program ends after its commit.
    CrashAfter,
}

/// The fault for the write that begins now.
pub(crate) fn of_this_write() -> Fault {
    static PLANNED: OnceLock<Option<(u64, Fault)>> = OnceLock::new();
    static BEGUN: AtomicU64 = AtomicU64::new(0);
    let planned = PLANNED.get_or_init(|| plan(&std::env::var(VARIABLE).ok()?));
    match planned {
        Some((number, fault)) if BEGUN.fetch_add(1, Ordering::Relaxed) + 1 == *number => *fault,
        _ => Fault::None,
    }
}

fn plan(text: &str) -> Option<(u64, Fault)> {
    let (number, fault) = text.split_once(':')?;
    let fault = match fault {
        "error" => Fault::Error,
        "crash_before" => Fault::CrashBefore,
        "crash_after" => Fault::CrashAfter,
        _ => return None,
    };
    Some((number.parse().ok()?, fault))
}

impl Fault {
    /// Called when everything is written and nothing is committed.
    pub(crate) fn before_commit(self) -> Result<(), StoreError> {
        match self {
            Self::Error => {
                tracing::error!("this write is undone on purpose");
                Err(StoreError::Busy)
            }
            Self::CrashBefore => {
                tracing::error!("the program ends on purpose before a commit");
                abort()
            }
            Self::CrashAfter | Self::None => Ok(()),
        }
    }

    /// Called when the commit is durable.
    pub(crate) fn after_commit(self) {
        if self == Self::CrashAfter {
            tracing::error!("the program ends on purpose after a commit");
            abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_number_and_a_known_fault_make_a_plan() {
        assert_eq!(plan("7:crash_after"), Some((7, Fault::CrashAfter)));
        assert_eq!(plan("1:error"), Some((1, Fault::Error)));
        for wrong in ["", "7", "x:error", "7:", "7:stroke"] {
            assert_eq!(plan(wrong), None, "{wrong}");
        }
    }
}
