//! What happened is read back in the order it happened.

use chrono::TimeDelta;
use store::history::{Event, of};

use super::kept::{keep, on_both, read};
use super::market::{ODD, opening};

fn event(number: i64) -> Event {
    Event {
        subject: "req_1".to_owned(),
        at: opening() + TimeDelta::microseconds(number),
        actor: "engine".to_owned(),
        action: format!("step {number}"),
        detail: ODD.to_owned(),
    }
}

#[test]
fn what_happened_in_one_millisecond_is_read_in_its_order() {
    on_both(async |db| {
        for number in [7, 2, 9, 0, 4, 1, 8, 3, 6, 5] {
            keep(&db, &event(number)).await;
        }
        let elsewhere = Event {
            subject: "req_2".to_owned(),
            ..event(3)
        };
        keep(&db, &elsewhere).await;
        let lines = read(&db, |conn| of(conn, "req_1")).await;
        assert_eq!(lines, (0..10).map(event).collect::<Vec<_>>());
        assert_eq!(read(&db, |conn| of(conn, "req_2")).await, [elsewhere]);
        assert_eq!(read(&db, |conn| of(conn, "req_3")).await, []);
    });
}
