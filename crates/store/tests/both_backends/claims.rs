//! Each delivery is one worker's at a time, and only its worker changes it.

use std::collections::BTreeSet;

use domain::ids::DeliveryId;
use domain::letters::{Delivery, DeliveryState, LetterKind, TransmissionResult};
use store::deliveries::{claim, settle};
use store::letters::enqueue;
use store::outbox::{count_by_state, page};
use store::recovery::{self, TakenBack, Whose};
use store::{Db, Rates, Slice, StoreError, transmissions};

use super::kept::{on_both, read, refused, write};
use super::market::{letter, minute};

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
