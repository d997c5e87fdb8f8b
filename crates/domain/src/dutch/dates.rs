//! Dates and times as Dutch readers write them, in Dutch local time.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Europe::Amsterdam;

const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];

/// `14 april 2026`, the day it is in the Netherlands at `instant`.
pub fn day(instant: DateTime<Utc>) -> String {
    date(instant.with_timezone(&Amsterdam).date_naive())
}

/// `14 april 2026`.
pub fn date(date: NaiveDate) -> String {
    let month = MONTHS
        .get(date.month0() as usize)
        .copied()
        .unwrap_or_default();
    format!("{} {month} {}", date.day(), date.year())
}

/// `14 april 2026, 13.05 uur` in the Netherlands.
pub fn moment(instant: DateTime<Utc>) -> String {
    let local = instant.with_timezone(&Amsterdam);
    format!(
        "{}, {} uur",
        date(local.date_naive()),
        local.format("%H.%M")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summer_time_moves_the_day() {
        let late: DateTime<Utc> = "2026-07-13T22:30:00Z".parse().unwrap();
        assert_eq!(day(late), "14 juli 2026");
        assert_eq!(moment(late), "14 juli 2026, 00.30 uur");
        let winter: DateTime<Utc> = "2026-01-13T22:30:00Z".parse().unwrap();
        assert_eq!(moment(winter), "13 januari 2026, 23.30 uur");
    }
}
