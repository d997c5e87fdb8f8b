//! The days a report is about, as they are in the Netherlands.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::Amsterdam;

use crate::dutch::problems;
use crate::fields::Gather;
use crate::invalid::Invalid;

/// The years a day may lie in: what is outside is a slip, and no clock knows it.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2999;

/// From one day to another, both included; an end that is left out is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Period {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

impl Period {
    /// The period of two typed days, such as `2026-04-14`; an empty one is open. Problems are reported under the names
    /// of the fields with `prefix` before them.
    ///
    /// # Errors
    /// A text that is no day, or an end before the beginning.
    pub fn parse(prefix: &str, from: &str, to: &str) -> Result<Self, Vec<Invalid>> {
        let mut problems = Gather::default();
        let (from_field, to_field) = (format!("{prefix}from"), format!("{prefix}to"));
        let from = problems.keep(day(&from_field, from));
        let to = problems.keep(day(&to_field, to));
        if let (Some(Some(from)), Some(Some(to))) = (from, to)
            && to < from
        {
            problems.keep::<()>(Err(problems::ends_before(&to_field, from)));
        }
        problems.done(|| {
            Some(Self {
                from: from?,
                to: to?,
            })
        })
    }

    /// The first day; `None` is from the beginning.
    pub fn from(&self) -> Option<NaiveDate> {
        self.from
    }

    /// The last day; `None` is until now.
    pub fn to(&self) -> Option<NaiveDate> {
        self.to
    }

    /// Whether a moment lies on one of its days in the Netherlands.
    pub fn holds(&self, moment: DateTime<Utc>) -> bool {
        let begun = self.from.and_then(midnight).is_none_or(|at| at <= moment);
        let end = self.to.and_then(|day| day.succ_opt());
        begun && end.and_then(midnight).is_none_or(|at| moment < at)
    }

    /// Whether it is made of whole months.
    pub fn is_whole_months(&self) -> bool {
        let begins = self.from.is_none_or(|day| day.day() == 1);
        let next = self.to.map(|day| day.succ_opt());
        begins && next.is_none_or(|next| next.is_some_and(|day| day.day() == 1))
    }
}

/// When a day begins in the Netherlands; the clock is never moved at midnight there.
fn midnight(day: NaiveDate) -> Option<DateTime<Utc>> {
    let local = day.and_time(NaiveTime::MIN);
    Amsterdam
        .from_local_datetime(&local)
        .earliest()
        .map(|moment| moment.to_utc())
}

fn day(field: &str, typed: &str) -> Result<Option<NaiveDate>, Invalid> {
    match typed.trim() {
        "" => Ok(None),
        text => NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .ok()
            .filter(|day| YEARS.contains(&day.year()))
            .map(Some)
            .ok_or_else(|| problems::not_a_day(field, text)),
    }
}
