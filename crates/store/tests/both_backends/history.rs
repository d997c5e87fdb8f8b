//! What happened is read back in the order it happened.

use chrono::{DateTime, TimeDelta, Utc};
use store::history::{Event, of};

use super::kept::{keep, on_both, read};
use super::market::{ODD, minute, opening};

fn event(number: i64, at: DateTime<Utc>) -> Event {
    Event {
        subject: "req_1".to_owned(),
        at,
        actor: "engine".to_owned(),
        action: format!("step {number}"),
        detail: ODD.to_owned(),
    }
}

#[test]
fn what_happened_is_read_in_the_order_of_time() {
    on_both(async |db| {
        for number in [7, 2, 9, 0, 4, 1, 8, 3, 6, 5] {
            keep(&db, &event(number, minute(number))).await;
        }
        let elsewhere = Event {
            subject: "req_2".to_owned(),
            ..event(3, minute(3))
        };
        keep(&db, &elsewhere).await;
        let expected: Vec<_> = (0..10)
            .map(|number| event(number, minute(number)))
            .collect();
        assert_eq!(read(&db, |conn| of(conn, "req_1")).await, expected);
        assert_eq!(read(&db, |conn| of(conn, "req_2")).await, [elsewhere]);
        assert_eq!(read(&db, |conn| of(conn, "req_3")).await, []);
    });
}

#[test]
fn what_happened_in_one_moment_is_read_in_the_order_it_was_added() {
    on_both(async |db| {
        keep(&db, &event(99, opening() + TimeDelta::seconds(1))).await;
        for number in 0..10 {
            keep(&db, &event(number, opening())).await;
        }
        let mut expected: Vec<_> = (0..10)
            .map(|number| event(number, opening() + TimeDelta::microseconds(number)))
            .collect();
        expected.push(event(99, opening() + TimeDelta::seconds(1)));
        assert_eq!(read(&db, |conn| of(conn, "req_1")).await, expected);
    });
}
