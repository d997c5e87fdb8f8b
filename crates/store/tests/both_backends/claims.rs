//! Each delivery is one worker's at a time, and only its worker changes it.

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use domain::ids::DeliveryId;
use domain::letters::{Delivery, DeliveryState, LetterKind, TransmissionResult};
use store::deliveries::{claim, settle};
use store::letters::enqueue;
use store::outbox::{count_by_state, page};
use store::recovery::{self, TakenBack, Whose};
use store::{Db, Rates, Slice, StoreError, deliveries, pauses, transmissions};

use super::kept::{on_both, read, refused, write};
use super::market::{letter, minute};

/// How long a worker that left may seem to be there.
const PATIENCE: Duration = Duration::from_secs(20);

/// Stores letters, a minute after each other, to so many addresses each.
pub(crate) async fn outbox(db: &Db, kind: LetterKind, letters: i64, addresses: usize) {
    write(db, move |conn| {
        let recipients: Vec<_> = (0..addresses)
            .map(|number| format!("lid{number}@voorbeeld.nl").parse().unwrap())
            .collect();
        (0..letters)
            .try_for_each(|number| enqueue(conn, &letter(kind, "mat_1", number), &recipients))
    })
    .await;
}

/// The delivery that a worker gets at the end of the day.
pub(crate) async fn claimed(db: &Db, owner: &'static str) -> Option<Delivery> {
    write(db, move |conn| {
        claim(conn, owner, minute(1_000), &Rates::default())
    })
    .await
}

/// The delivery as it is now.
pub(crate) async fn now(db: &Db, id: DeliveryId) -> Delivery {
    let page = read(db, |conn| page(conn, None, &Slice::first(100))).await;
    page.items
        .into_iter()
        .map(|listed| listed.delivery)
        .find(|found| found.id == id)
        .unwrap()
}

/// The same delivery in another state.
pub(crate) fn into(delivery: &Delivery, state: DeliveryState) -> Delivery {
    Delivery {
        state,
        ..delivery.clone()
    }
}

/// Takes back everything of a worker that is gone, in minute 20; what is uncertain is looked at an hour later.
async fn take_back(db: &Db, owner: &str) -> TakenBack {
    let whose = Whose::Gone(owner.to_owned());
    write(db, move |conn| {
        recovery::take_back(conn, &whose, minute(20), minute(80))
    })
    .await
}

#[test]
fn the_delivery_that_waits_longest_is_claimed_first_and_none_before_its_time() {
    on_both(async |db| {
        outbox(&db, LetterKind::Invitation, 3, 1).await;
        let at = async |minutes| {
            write(&db, move |conn| {
                claim(conn, "worker", minute(minutes), &Rates::default())
            })
            .await
        };
        for expected in 0..2 {
            let found = at(1).await.unwrap();
            assert_eq!(found.due_at, minute(expected));
            assert_eq!((found.state, found.epoch), (DeliveryState::Leased, 1));
            assert_eq!(found, now(&db, found.id).await);
        }
        assert_eq!(at(1).await, None);
        assert_eq!(at(2).await.unwrap().due_at, minute(2));
    });
}

#[test]
fn eight_workers_claim_two_hundred_deliveries_once_each() {
    on_both(async |db| {
        outbox(&db, LetterKind::ReviewWaiting, 20, 10).await;
        let workers = ["a", "b", "c", "d", "e", "f", "g", "h"].map(|owner| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut mine = Vec::new();
                while let Some(delivery) = claimed(&db, owner).await {
                    assert_eq!((delivery.owner.as_str(), delivery.epoch), (owner, 1));
                    mine.push(delivery.id);
                }
                mine
            })
        });
        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.await.unwrap());
        }
        assert_eq!(all.len(), 200);
        assert_eq!(all.into_iter().collect::<BTreeSet<_>>().len(), 200);
        let counts = read(&db, count_by_state).await;
        assert_eq!(
            counts.into_iter().collect::<Vec<_>>(),
            [(DeliveryState::Leased, 200)]
        );
    });
}

#[test]
fn a_worker_settles_what_it_claimed() {
    on_both(async |db| {
        outbox(&db, LetterKind::Introduction, 1, 1).await;
        let mut mine = claimed(&db, "worker").await.unwrap();
        mine.state = DeliveryState::InData;
        let steps = [
            mine.clone(),
            Delivery {
                state: DeliveryState::Sent,
                attempts: 3,
                due_at: minute(40),
                last_error: "451 'straks'; nog eens".to_owned(),
                sent_at: Some(minute(41)),
                ..mine
            },
        ];
        for step in steps {
            let kept = step.clone();
            write(&db, move |conn| settle(conn, &kept)).await;
            assert_eq!(now(&db, step.id).await, step);
        }
    });
}

#[test]
fn a_worker_that_lost_its_claim_changes_nothing() {
    on_both(async |db| {
        outbox(&db, LetterKind::Introduction, 1, 1).await;
        let lost = claimed(&db, "slow").await.unwrap();
        take_back(&db, "slow").await;
        let waiting = now(&db, lost.id).await;
        let sent = into(&lost, DeliveryState::Sent);
        let refuse = async |delivery: Delivery| {
            let answer = refused(&db, move |conn| settle(conn, &delivery)).await;
            assert!(matches!(answer, StoreError::Stale), "{answer:?}");
        };
        refuse(sent.clone()).await;
        assert_eq!(now(&db, lost.id).await, waiting);

        // The same worker, started again, has another claim on it.
        let again = claimed(&db, "slow").await.unwrap();
        assert_eq!(again.epoch, 2);
        refuse(sent.clone()).await;
        assert_eq!(now(&db, lost.id).await, again);

        let other = Delivery {
            owner: "other".to_owned(),
            ..into(&again, DeliveryState::Sent)
        };
        refuse(other).await;
        let done = into(&again, DeliveryState::Failed);
        let kept = done.clone();
        write(&db, move |conn| settle(conn, &kept)).await;
        refuse(again).await;
        assert_eq!(now(&db, lost.id).await, done);
    });
}

#[test]
fn what_workers_that_are_gone_had_goes_back_unless_it_may_have_gone() {
    on_both(async |db| {
        outbox(&db, LetterKind::Introduction, 5, 1).await;
        let leased = claimed(&db, "gone").await.unwrap();
        let in_data = into(&claimed(&db, "gone").await.unwrap(), DeliveryState::InData);
        let sent = into(&claimed(&db, "gone").await.unwrap(), DeliveryState::Sent);
        let of_other = claimed(&db, "other").await.unwrap();
        let settled = [in_data.clone(), sent.clone()];
        write(&db, move |conn| {
            settled
                .iter()
                .try_for_each(|delivery| settle(conn, delivery))
        })
        .await;

        let owners = read(&db, recovery::owners).await;
        assert_eq!(owners, ["gone", "other"]);
        let taken = TakenBack {
            leased: 1,
            in_data: 1,
        };
        assert_eq!(take_back(&db, "gone").await, taken);
        assert_eq!(now(&db, leased.id).await.state, DeliveryState::Ready);
        assert_eq!(now(&db, of_other.id).await, of_other);
        assert_eq!(now(&db, sent.id).await, sent);
        let unclear = now(&db, in_data.id).await;
        assert_eq!(unclear.state, DeliveryState::Ambiguous);
        assert_eq!(
            (unclear.uncertain_since, unclear.due_at),
            (Some(minute(20)), minute(80))
        );
        let id = in_data.id;
        let written = read(&db, move |conn| transmissions::of_delivery(conn, id)).await;
        assert_eq!(written.len(), 1);
        assert_eq!(
            (written[0].result, written[0].at, written[0].epoch),
            (TransmissionResult::Uncertain, minute(20), in_data.epoch)
        );
        assert!(take_back(&db, "gone").await.is_nothing());
    });
}

#[test]
fn no_more_letters_go_in_a_minute_than_the_rates_allow() {
    on_both(async |db| {
        // Three letters to each of four addresses at one site, and one to another.
        outbox(&db, LetterKind::Introduction, 3, 4).await;
        write(&db, |conn| {
            let elsewhere = ["ria@elders.example".parse().unwrap()];
            enqueue(
                conn,
                &letter(LetterKind::Introduction, "mat_2", 9),
                &elsewhere,
            )
        })
        .await;
        let claimed_in = async |at: i64, in_all: u32, to_site: u32| {
            let rates = Rates {
                in_all: NonZeroU32::new(in_all),
                to_site: NonZeroU32::new(to_site),
            };
            let mut sites = Vec::new();
            while let Some(mine) =
                write(&db, move |conn| claim(conn, "worker", minute(at), &rates)).await
            {
                sites.push(mine.recipient.site());
            }
            sites
        };
        let full = claimed_in(20, 0, 3).await;
        assert_eq!(
            full,
            [
                "voorbeeld.nl",
                "voorbeeld.nl",
                "voorbeeld.nl",
                "elders.example"
            ],
            "a site that is full does not hold up another"
        );
        assert_eq!(claimed_in(20, 0, 3).await.len(), 0);
        assert_eq!(claimed_in(21, 2, 3).await.len(), 2);
        assert_eq!(
            claimed_in(21, 3, 3).await.len(),
            1,
            "what was refused by one rate takes nothing of the other"
        );
        // One that may not go any more takes nothing.
        let rates = Rates {
            in_all: NonZeroU32::new(1),
            to_site: NonZeroU32::new(1),
        };
        write(&db, move |conn| {
            let mine = claim(conn, "worker", minute(22), &rates)?.unwrap();
            deliveries::decline(conn, &mine, DeliveryState::Expired, minute(22))
        })
        .await;
        assert_eq!(claimed_in(22, 1, 1).await.len(), 1);
        assert_eq!(claimed_in(23, 0, 0).await.len(), 4);
    });
}

#[test]
fn nothing_is_claimed_while_the_post_is_paused() {
    on_both(async |db| {
        outbox(&db, LetterKind::Introduction, 1, 1).await;
        write(&db, |conn| pauses::begin(conn, "teruggezet", minute(1))).await;
        write(&db, |conn| pauses::begin(conn, "nog eens", minute(2))).await;
        assert_eq!(claimed(&db, "worker").await, None);
        let ended = write(&db, pauses::end).await.unwrap();
        assert_eq!(
            (ended.reason.as_str(), ended.since),
            ("teruggezet", minute(1))
        );
        assert!(claimed(&db, "worker").await.is_some());
        assert_eq!(write(&db, pauses::end).await, None);
    });
}

#[test]
fn a_claim_that_hangs_goes_back_by_its_age() {
    on_both(async |db| {
        outbox(&db, LetterKind::Introduction, 2, 1).await;
        let leased = claimed(&db, "sleeper").await.unwrap();
        let in_data = into(
            &claimed(&db, "sleeper").await.unwrap(),
            DeliveryState::InData,
        );
        let kept = in_data.clone();
        write(&db, move |conn| settle(conn, &kept)).await;
        // Both were claimed in minute 1,000.
        let late = async |leased_before: i64, in_data_before: i64| {
            let whose = Whose::Late {
                leased_before: minute(leased_before),
                in_data_before: minute(in_data_before),
            };
            write(&db, move |conn| {
                recovery::take_back(conn, &whose, minute(1_010), minute(1_070))
            })
            .await
        };
        assert!(late(1_000, 1_000).await.is_nothing());
        assert_eq!(late(1_001, 1_000).await.leased, 1);
        assert_eq!(now(&db, leased.id).await.state, DeliveryState::Ready);
        assert_eq!(late(1_001, 1_001).await.in_data, 1);
        assert_eq!(now(&db, in_data.id).await.state, DeliveryState::Ambiguous);
        let sent = into(&in_data, DeliveryState::Sent);
        let woken = refused(&db, move |conn| settle(conn, &sent)).await;
        assert!(matches!(woken, StoreError::Stale), "{woken:?}");
    });
}

#[test]
fn a_worker_is_there_until_it_is_gone() {
    on_both(async |db| {
        let (one, other) = (db.enter().await.unwrap(), db.enter().await.unwrap());
        let name = other.owner().to_owned();
        let all = || vec![one.owner().to_owned(), name.clone(), "w123".to_owned()];
        assert_eq!(one.gone(all()).await.unwrap(), ["w123"]);
        drop(other);
        // PostgreSQL sees a moment later that a session ended; each look waits for its answer.
        let began = Instant::now();
        while one.gone(all()).await.unwrap() != [name.clone(), "w123".to_owned()] {
            assert!(began.elapsed() < PATIENCE, "{name} is never gone");
        }
        assert_eq!(
            one.gone(vec![one.owner().to_owned()]).await.unwrap(),
            Vec::<String>::new()
        );
    });
}
