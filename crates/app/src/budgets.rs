//! How often somebody may ask for what costs a letter: for each network address that asks, and for each mail address
//! that is asked for. Each process counts for itself, and forgets when it ends.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use chrono::DateTime;
use domain::email_address::EmailAddress;
use governor::clock::Clock as Ticking;
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::App;
use crate::clock::Clock;
use crate::config::Auth;
use crate::error::AppError;

/// Questions after which those who are back at their full budget are forgotten.
const TIDY_EVERY: u32 = 1_000;

/// The bits of an IPv6 address that one customer has at least: the rest they choose themselves (RFC 6177).
const NETWORK_OF_SIX: u128 = !(u64::MAX as u128);

/// The budgets of this process.
pub(crate) struct Budgets {
    networks: Budget<IpAddr>,
    addresses: Budget<String>,
}

impl Budgets {
    pub(crate) fn new(auth: &Auth, clock: &Clock) -> Self {
        let ticks = Ticks::of(clock);
        Self {
            networks: Budget::new(Quota::per_hour(auth.asks_per_hour), ticks.clone()),
            addresses: Budget::new(Quota::per_hour(auth.letters_per_hour), ticks),
        }
    }

    /// Whether one more letter may go to an address because somebody asked for it.
    pub(crate) fn has_letter_for(&self, address: &EmailAddress) -> bool {
        self.addresses.take(&address.key()).is_ok()
    }
}

impl App {
    /// Counts a question that may cost a letter against the budget of the network address it comes from; how many more
    /// may follow at once.
    ///
    /// # Errors
    /// [`AppError::TooOften`] when that is used up, with the seconds until the next may come.
    pub fn admit(&self, from: IpAddr) -> Result<u32, AppError> {
        self.0
            .budgets
            .networks
            .take(&network(from))
            .map_err(|wait| AppError::TooOften {
                seconds: wait.as_secs().saturating_add(1),
            })
    }
}

/// The budget of each of many.
struct Budget<K: Hash + Eq + Clone> {
    limiter: RateLimiter<K, HashMapStateStore<K>, Ticks, StateInformationMiddleware>,
    asked: AtomicU32,
}

impl<K: Hash + Eq + Clone> Budget<K> {
    fn new(quota: Quota, ticks: Ticks) -> Self {
        Self {
            limiter: RateLimiter::new(quota, HashMapStateStore::default(), ticks),
            asked: AtomicU32::new(0),
        }
    }

    /// Takes one from the budget of `key` and says how many are left, or how long to wait.
    fn take(&self, key: &K) -> Result<u32, Duration> {
        let asked = self.asked.fetch_add(1, Ordering::Relaxed);
        if asked.is_multiple_of(TIDY_EVERY) {
            self.limiter.retain_recent();
        }
        let now = self.limiter.clock().now();
        self.limiter
            .check_key(key)
            .map(|state| state.remaining_burst_capacity())
            .map_err(|until| until.wait_time_from(now))
    }
}

/// The time that has passed: a clock that people set back gives nobody their budget back, nor takes it for long.
#[derive(Clone)]
enum Ticks {
    /// Since the process began.
    Since(Instant),
    /// On a clock that tests move.
    Moved(Clock),
}

impl Ticks {
    fn of(clock: &Clock) -> Self {
        match clock {
            Clock::System => Self::Since(Instant::now()),
            Clock::Manual(_) | Clock::File(_) => Self::Moved(clock.clone()),
        }
    }
}

impl Ticking for Ticks {
    type Instant = Duration;

    fn now(&self) -> Duration {
        match self {
            Self::Since(start) => start.elapsed(),
            Self::Moved(clock) => (clock.now() - DateTime::UNIX_EPOCH)
                .to_std()
                .unwrap_or_default(),
        }
    }
}

/// Who has this address may have each address with the same start.
fn network(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V6(six) => IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() & NETWORK_OF_SIX)),
        four @ IpAddr::V4(_) => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use std::num::NonZeroU32;

    #[test]
    fn a_budget_is_used_up_and_comes_back_with_time() {
        let start = "2026-12-01T09:00:00Z".parse().unwrap();
        let clock = Clock::manual(start);
        let quota = Quota::per_hour(NonZeroU32::new(4).unwrap());
        let budget = Budget::new(quota, Ticks::of(&clock));
        for left in (0..4).rev() {
            assert_eq!(budget.take(&"ria"), Ok(left));
        }
        let wait = budget.take(&"ria").unwrap_err();
        assert_eq!(wait, Duration::from_secs(15 * 60));
        budget.take(&"jan").unwrap();
        clock.set(start + TimeDelta::minutes(15));
        budget.take(&"ria").unwrap();
        budget.take(&"ria").unwrap_err();
        clock.set(start + TimeDelta::minutes(14));
        budget.take(&"ria").unwrap_err();
    }

    #[test]
    fn who_is_back_at_the_full_budget_is_forgotten() {
        let start = "2026-12-01T09:00:00Z".parse().unwrap();
        let clock = Clock::manual(start);
        let quota = Quota::per_hour(NonZeroU32::new(4).unwrap());
        let budget = Budget::new(quota, Ticks::of(&clock));
        for number in 0..TIDY_EVERY {
            budget.take(&number).unwrap();
        }
        assert_eq!(budget.limiter.len(), 1_000);
        clock.set(start + TimeDelta::hours(2));
        budget.take(&0).unwrap();
        assert_eq!(budget.limiter.len(), 1);
    }

    #[test]
    fn a_network_is_one_address_or_what_one_customer_has() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
