//! Review at few hours a week: which proposal comes first, and for how long one coordinator has it.

use chrono::{DateTime, Utc};

/// Minutes for which a coordinator who takes a proposal has it to themselves.
pub const CLAIM_MINUTES: i64 = 30;

/// Proposals that are reviewed at once, at most.
pub const MAX_BULK: usize = 100;

/// Days of waiting that are worth as much as a score twice as high.
const DOUBLING_DAYS: f64 = 14.0;

/// Seconds of a day.
const DAY_SECONDS: f64 = 86_400.0;

/// What a proposal of this score is worth to review at `now`: `score · 2^(days waited / 14)`.
///
/// Good fits come first, and a fit half as good comes level after two weeks, well before its thirty days are over.
pub fn expected_value(score: f64, since: DateTime<Utc>, now: DateTime<Utc>) -> f64 {
    score * ((now - since).as_seconds_f64() / DAY_SECONDS / DOUBLING_DAYS).exp2()
}

/// The place of a proposal in the queue: of two, the one with the higher rank has the higher [`expected_value`], at any
/// moment. It is the logarithm of that value without the moment, so nobody is overtaken by the mere passing of time, and
/// a list can be continued tomorrow where it was left today.
pub fn queue_rank(score: f64, since: DateTime<Utc>) -> f64 {
    let begun = since - DateTime::UNIX_EPOCH;
    score.log2() * DOUBLING_DAYS - begun.as_seconds_f64() / DAY_SECONDS
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn waiting_two_weeks_doubles_and_the_rank_orders_as_the_value_does() {
        let now: DateTime<Utc> = "2026-03-01T09:00:00Z".parse().unwrap();
        let ago = |days| now - TimeDelta::days(days);
        assert!((expected_value(0.4, now, now) - 0.4).abs() < 1e-12);
        assert!((expected_value(0.4, ago(14), now) - 0.8).abs() < 1e-12);
        let mut proposals = Vec::new();
        for score in [0.31, 0.5, 0.62, 0.99] {
            for days in [0, 3, 10, 29] {
                proposals.push((score, ago(days)));
            }
        }
        type Found = (f64, DateTime<Utc>);
        let order = |value: &dyn Fn(&Found) -> f64| {
            let mut sorted = proposals.clone();
            sorted.sort_by(|a, b| value(b).total_cmp(&value(a)));
            sorted
        };
        let by_rank = order(&|found| queue_rank(found.0, found.1));
        for later in [0, 5, 400] {
            let moment = now + TimeDelta::days(later);
            let by_value = order(&|found| expected_value(found.0, found.1, moment));
            assert_eq!(by_value, by_rank, "{later} days later");
        }
        assert!(queue_rank(0.0, now) < queue_rank(1e-9, now));
    }
}
