//! Leaves a relay alone that does not work, and tries it with one letter before all workers go on.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// What is known of the relay; starts in doubt.
#[derive(Debug)]
pub(crate) struct Breaker {
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It took a letter last time.
    Works,
    /// It was not tried yet, or failed so many times in a row, and is left alone until then.
    Doubtful {
        failures: u32,
        until: Option<DateTime<Utc>>,
    },
}

impl Default for Breaker {
    fn default() -> Self {
        let untried = State::Doubtful {
            failures: 0,
            until: None,
        };
        Self {
            state: Mutex::new(untried),
        }
    }
}

impl Breaker {
    /// Whether the relay may be tried now.
    pub(crate) fn allows(&self, now: DateTime<Utc>) -> bool {
        match self.get() {
            State::Works => true,
            State::Doubtful { until, .. } => until.is_none_or(|until| until <= now),
        }
    }

    /// Whether one letter should show first that the relay works.
    pub(crate) fn is_in_doubt(&self) -> bool {
        self.get() != State::Works
    }

    /// Whether the relay failed the last time it was tried.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.get(), State::Doubtful { failures: 1.., .. })
    }

    /// The relay answered to a letter, whatever it said.
    pub(crate) fn worked(&self) {
        self.set(State::Works);
    }

    /// The relay did not work; gives how long it is left alone: `first`, twice as long after each failure in a row, at
    /// most `longest`; a fifth more or less by chance, so that instances do not come back together.
    pub(crate) fn failed(
        &self,
        now: DateTime<Utc>,
        first: TimeDelta,
        longest: TimeDelta,
    ) -> TimeDelta {
        let failures = match self.get() {
            State::Doubtful { failures, .. } => failures,
            State::Works => 0,
        };
        let doublings = failures.min(16);
        let wait = first
            .checked_mul(1 << doublings)
            .map_or(longest, |wait| wait.min(longest));
        let wait = jittered(wait);
        self.set(State::Doubtful {
            failures: failures.saturating_add(1),
            until: Some(now + wait),
        });
        wait
    }

    fn get(&self) -> State {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }
}

/// A wait that is up to a fifth longer or shorter, so that what failed together is not tried again together.
pub(crate) fn jittered(wait: TimeDelta) -> TimeDelta {
    let spread = wait.num_milliseconds() / 5;
    wait + TimeDelta::milliseconds(rand::random_range(-spread..=spread))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> DateTime<Utc> {
        "2026-03-02T09:30:00Z".parse().unwrap()
    }

    #[test]
    fn a_relay_that_fails_is_left_alone_longer_each_time() {
        let (first, longest) = (TimeDelta::seconds(5), TimeDelta::seconds(300));
        let breaker = Breaker::default();
        assert!(breaker.allows(start()) && breaker.is_in_doubt() && !breaker.is_open());
        for usual in [5, 10, 20, 40, 80, 160, 300, 300, 300] {
            let wait = breaker.failed(start(), first, longest);
            let usual = TimeDelta::seconds(usual);
            assert!(wait >= usual * 4 / 5 && wait <= usual * 6 / 5, "{wait}");
            assert!(breaker.is_open() && breaker.is_in_doubt());
            assert!(!breaker.allows(start() + wait - TimeDelta::milliseconds(1)));
            assert!(breaker.allows(start() + wait));
        }
        breaker.worked();
        assert!(breaker.allows(start()) && !breaker.is_in_doubt() && !breaker.is_open());
        let wait = breaker.failed(start(), first, longest);
        assert!(wait <= TimeDelta::seconds(6), "it begins anew: {wait}");
    }
}
