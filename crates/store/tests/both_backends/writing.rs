//! Transactions: all or nothing, durable when they answer, and none in the way of another.

use diesel::connection::SimpleConnection;
use diesel::{Connection, RunQueryDsl};
use store::history::{self, Event};
use store::{Conn, Db, Location, Opening, StoreError};

use super::fresh::on_each;
use super::kept::{at_once, on_both, open, read, refused, runtime, write};
use super::market::opening;

/// Writes one line of history.
fn line(conn: &mut Conn, action: &str) -> Result<(), StoreError> {
    let event = Event {
        subject: "test".to_owned(),
        at: opening(),
        actor: "job".to_owned(),
        action: action.to_owned(),
        detail: String::new(),
    };
    history::add(conn, &event)
}

/// The lines that were kept, sorted.
async fn lines(db: &Db) -> Vec<String> {
    let kept = read(db, |conn| history::of(conn, "test")).await;
    let mut actions: Vec<_> = kept.into_iter().map(|event| event.action).collect();
    actions.sort_unstable();
    actions
}

/// Runs a test on SQLite only: what it tries cannot be had on PostgreSQL.
fn on_sqlite(body: impl AsyncFn(Db)) {
    on_each(|fresh| {
        let db = open(fresh);
        if matches!(db.location(), Location::Sqlite(_)) {
            runtime().block_on(body(db));
        }
    });
}

#[test]
fn what_ends_in_an_error_leaves_nothing() {
    on_both(async |db| {
        let answer = refused(&db, |conn| {
            line(conn, "one")?;
            line(conn, "two")?;
            Err(StoreError::Stale)
        })
        .await;
        assert!(matches!(answer, StoreError::Stale), "{answer:?}");
        write(&db, |conn| line(conn, "three")).await;
        assert_eq!(lines(&db).await, ["three"]);
    });
}

#[test]
fn what_ends_in_a_panic_leaves_nothing_and_the_next_write_works() {
    on_both(async |db| {
        for round in ["one", "two", "three"] {
            let answer = refused(&db, |conn| {
                line(conn, "lost")?;
                panic!("a panic in a write, as the test wants")
            })
            .await;
            assert!(matches!(answer, StoreError::Corrupt(_)), "{answer:?}");
            write(&db, move |conn| line(conn, round)).await;
        }
        assert_eq!(lines(&db).await, ["one", "three", "two"]);
    });
}

#[test]
fn a_panic_in_a_transaction_of_its_own_leaves_nothing_and_the_next_write_works() {
    on_both(async |db| {
        let answer = refused(&db, |conn| {
            line(conn, "outer")?;
            conn.transaction(|conn| -> Result<(), diesel::result::Error> {
                line(conn, "inner").unwrap();
                panic!("a panic in a nested transaction, as the test wants")
            })?;
            Ok(())
        })
        .await;
        assert!(matches!(answer, StoreError::Corrupt(_)), "{answer:?}");
        write(&db, |conn| line(conn, "next")).await;
        write(&db, |conn| line(conn, "after")).await;
        assert_eq!(lines(&db).await, ["after", "next"]);
        let reopened = Db::open(db.location(), Opening::Existing).unwrap();
        assert_eq!(lines(&reopened).await, ["after", "next"]);
    });
}

#[test]
fn a_panic_in_a_read_is_answered_and_the_next_read_works() {
    on_both(async |db| {
        for _ in 0..20 {
            let answer: Result<(), StoreError> = db
                .read(|_| panic!("a panic in a read, as the test wants"))
                .await;
            assert!(matches!(answer, Err(StoreError::Corrupt(_))), "{answer:?}");
        }
        db.ping().await.unwrap();
    });
}

#[test]
fn two_hundred_writes_at_once_are_all_there_after_opening_again() {
    on_both(async |db| {
        let answers = at_once(&db, 200, |conn, number| line(conn, &format!("{number:03}"))).await;
        for answer in answers {
            answer.unwrap();
        }
        let location = db.location().clone();
        drop(db);
        let reopened = Db::open(&location, Opening::Existing).unwrap();
        let expected: Vec<_> = (0..200).map(|number| format!("{number:03}")).collect();
        assert_eq!(lines(&reopened).await, expected);
    });
}

#[test]
fn writes_that_fail_among_many_undo_only_themselves() {
    on_both(async |db| {
        let answers = at_once(&db, 90, |conn, number| {
            line(conn, &format!("{number:02}"))?;
            match number % 3 {
                0 => Ok(()),
                1 => Err(StoreError::Stale),
                _ => panic!("a panic among many, as the test wants"),
            }
        })
        .await;
        for (number, answer) in answers.iter().enumerate() {
            let right = match number % 3 {
                0 => answer.is_ok(),
                1 => matches!(answer, Err(StoreError::Stale)),
                _ => matches!(answer, Err(StoreError::Corrupt(_))),
            };
            assert!(right, "{number}: {answer:?}");
        }
        let expected: Vec<_> = (0..90)
            .step_by(3)
            .map(|number| format!("{number:02}"))
            .collect();
        assert_eq!(lines(&db).await, expected);
    });
}

#[test]
fn a_commit_that_fails_is_answered_and_the_next_write_works() {
    on_sqlite(async |db| {
        let answer = refused(&db, |conn| {
            conn.batch_execute(
                "PRAGMA defer_foreign_keys=ON; INSERT INTO requests (id, place, municipality) VALUES ('req_1', '', '')",
            )?;
            line(conn, "lost")
        })
        .await;
        assert!(matches!(answer, StoreError::Unreachable(_)), "{answer:?}");
        write(&db, |conn| line(conn, "next")).await;
        assert_eq!(lines(&db).await, ["next"]);
    });
}

#[test]
fn a_transaction_the_database_ended_by_itself_is_answered_and_the_next_write_works() {
    on_sqlite(async |db| {
        for _ in 0..2 {
            let answer = refused(&db, |conn| {
                line(conn, "lost")?;
                Ok(conn.batch_execute("ROLLBACK")?)
            })
            .await;
            assert!(matches!(answer, StoreError::Unreachable(_)), "{answer:?}");
        }
        write(&db, |conn| line(conn, "next")).await;
        assert_eq!(lines(&db).await, ["next"]);
    });
}

#[test]
fn a_full_disk_is_answered_and_the_next_write_works() {
    on_sqlite(async |db| {
        write(&db, |conn| {
            Ok(conn.batch_execute("PRAGMA max_page_count=1")?)
        })
        .await;
        let answer = refused(&db, |conn| {
            line(conn, "lost")?;
            let long = "x".repeat(1_000_000);
            line(conn, &long)
        })
        .await;
        assert!(matches!(answer, StoreError::Broken(_)), "{answer:?}");
        write(&db, |conn| {
            Ok(conn.batch_execute("PRAGMA max_page_count=100000")?)
        })
        .await;
        write(&db, |conn| line(conn, "next")).await;
        assert_eq!(lines(&db).await, ["next"]);
    });
}

#[test]
fn who_asked_to_read_cannot_write() {
    on_sqlite(async |db| {
        let answer = db.read(|conn| line(conn, "forbidden")).await;
        assert!(matches!(answer, Err(StoreError::Broken(_))), "{answer:?}");
        assert_eq!(lines(&db).await, Vec::<String>::new());
    });
}

#[test]
fn readers_do_not_wait_for_a_writer() {
    on_both(async |db| {
        write(&db, |conn| line(conn, "before")).await;
        let reader = db.clone();
        let handle = tokio::runtime::Handle::current();
        write(&db, move |conn| {
            line(conn, "during")?;
            assert_eq!(handle.block_on(lines(&reader)), ["before"]);
            Ok(())
        })
        .await;
        assert_eq!(lines(&db).await, ["before", "during"]);
    });
}

#[test]
fn writes_run_at_the_strength_that_survives_a_power_cut() {
    on_sqlite(async |db| {
        let settings = write(&db, |conn| {
            let asked = ["journal_mode", "synchronous", "foreign_keys"].map(|name| {
                diesel::sql_query(format!(
                    "SELECT CAST({name} AS TEXT) AS value FROM pragma_{name}"
                ))
                .get_result::<Setting>(conn)
                .map(|setting| setting.value)
            });
            Ok(asked.into_iter().collect::<Result<Vec<_>, _>>()?)
        })
        .await;
        assert_eq!(settings, ["wal", "2", "1"]);
    });
}

#[derive(diesel::QueryableByName)]
struct Setting {
    #[diesel(sql_type = diesel::sql_types::Text)]
    value: String,
}
