//! What becomes of letters: withdrawn, tried again, and emptied when they need not go again.

use domain::ids::{DeliveryId, LetterId};
use domain::letters::{Delivery, DeliveryState, LetterKind};
use store::deliveries::{claim, retry, settle, withdraw};
use store::letters::{enqueue, find};
use store::outbox::{Listed, page};
use store::{Db, Rates, Slice, StoreError};

use super::claims::{claimed, into, now, outbox};
use super::kept::{at_once, on_both, read, refused, write};
use super::market::{letter, minute};

async fn settled(db: &Db, delivery: &Delivery, state: DeliveryState) {
    let kept = into(delivery, state);
    write(db, move |conn| settle(conn, &kept)).await;
}

async fn is_emptied(db: &Db, letter: LetterId) -> bool {
    read(db, move |conn| find(conn, letter))
        .await
        .mime
        .is_empty()
}

/// Why a delivery cannot be tried again.
async fn retry_refused(db: &Db, id: DeliveryId) -> StoreError {
    refused(db, move |conn| retry(conn, id, minute(1))).await
}

#[test]
fn a_letter_is_emptied_after_its_last_delivery() {
    on_both(async |db| {
        outbox(&db, LetterKind::Invitation, 1, 3).await;
        let ends = [
            DeliveryState::Sent,
            DeliveryState::Failed,
            DeliveryState::Withdrawn,
        ];
        for (left, end) in [2, 1, 0].into_iter().zip(ends) {
            let mine = claimed(&db, "worker").await.unwrap();
            settled(&db, &mine, DeliveryState::InData).await;
            assert!(!is_emptied(&db, mine.letter).await);
            settled(&db, &mine, end).await;
            assert_eq!(
                is_emptied(&db, mine.letter).await,
                left == 0,
                "{left} left after {end}"
            );
        }
    });
}

#[test]
fn a_letter_that_may_have_to_go_again_keeps_its_bytes() {
    on_both(async |db| {
        for state in [
            DeliveryState::Ambiguous,
            DeliveryState::Dead,
            DeliveryState::Ready,
        ] {
            outbox(&db, LetterKind::Invitation, 1, 1).await;
            let mine = claimed(&db, "worker").await.unwrap();
            settled(&db, &mine, state).await;
            assert!(!is_emptied(&db, mine.letter).await, "{state}");
            let id = mine.id;
            write(&db, move |conn| retry(conn, id, minute(0))).await;
            settled(
                &db,
                &claimed(&db, "worker").await.unwrap(),
                DeliveryState::Sent,
            )
            .await;
            assert!(is_emptied(&db, mine.letter).await, "{state}");
        }
    });
}

#[test]
fn an_introduction_keeps_its_bytes() {
    on_both(async |db| {
        outbox(&db, LetterKind::Introduction, 1, 1).await;
        let mine = claimed(&db, "worker").await.unwrap();
        settled(&db, &mine, DeliveryState::Sent).await;
        assert!(!is_emptied(&db, mine.letter).await);
    });
}

#[test]
fn letters_whose_last_two_deliveries_end_at_once_are_emptied() {
    on_both(async |db| {
        outbox(&db, LetterKind::Invitation, 60, 2).await;
        let mut mine = Vec::new();
        while let Some(delivery) = claimed(&db, "worker").await {
            mine.push(into(&delivery, DeliveryState::Sent));
        }
        let letters: Vec<_> = mine.iter().map(|delivery| delivery.letter).collect();
        for answer in at_once(&db, mine.len(), move |conn, number| {
            settle(conn, &mine[number])
        })
        .await
        {
            answer.unwrap();
        }
        for letter in letters {
            assert!(is_emptied(&db, letter).await);
        }
    });
}

#[test]
fn what_need_not_go_any_more_is_withdrawn_and_emptied() {
    on_both(async |db| {
        let asks = [LetterKind::Invitation, LetterKind::InvitationReminder];
        let stored = [
            letter(LetterKind::Invitation, "mat_1", 1),
            letter(LetterKind::InvitationReminder, "mat_1", 2),
            letter(LetterKind::Introduction, "mat_1", 3),
            letter(LetterKind::Invitation, "mat_2", 4),
        ];
        let ids = stored.clone().map(|letter| letter.id);
        let recipients =
            ["ria@voorbeeld.nl", "jan@voorbeeld.nl"].map(|address| address.parse().unwrap());
        write(&db, move |conn| {
            stored
                .iter()
                .try_for_each(|letter| enqueue(conn, letter, &recipients))
        })
        .await;
        // One invitation is on its way already: it is not stopped any more.
        let on_its_way = claimed(&db, "worker").await.unwrap();
        assert_eq!(on_its_way.letter, ids[0]);

        assert_eq!(
            write(&db, move |conn| withdraw(conn, "mat_1", &asks)).await,
            3
        );
        assert_eq!(
            write(&db, move |conn| withdraw(conn, "mat_1", &asks)).await,
            0
        );
        assert_eq!(now(&db, on_its_way.id).await, on_its_way);
        let mut emptied = Vec::new();
        for id in ids {
            emptied.push(is_emptied(&db, id).await);
        }
        assert_eq!(emptied, [false, true, false, false]);
        settled(&db, &on_its_way, DeliveryState::Sent).await;
        assert!(is_emptied(&db, ids[0]).await);

        let mut left = Vec::new();
        while let Some(delivery) = claimed(&db, "worker").await {
            left.push(delivery.letter);
        }
        assert_eq!(left, [ids[2], ids[2], ids[3], ids[3]]);
    });
}

#[test]
fn what_did_not_go_can_be_tried_again() {
    on_both(async |db| {
        for state in [
            DeliveryState::Dead,
            DeliveryState::Ambiguous,
            DeliveryState::Failed,
        ] {
            outbox(&db, LetterKind::Introduction, 1, 1).await;
            let mine = Delivery {
                attempts: 9,
                due_at: minute(500),
                last_error: "550".to_owned(),
                ..claimed(&db, "worker").await.unwrap()
            };
            settled(&db, &mine, state).await;
            let id = mine.id;
            write(&db, move |conn| retry(conn, id, minute(70))).await;
            let again = now(&db, id).await;
            assert_eq!(
                (again.state, again.attempts, again.due_at),
                (DeliveryState::Ready, 0, minute(70))
            );
            assert_eq!(
                write(&db, |conn| claim(
                    conn,
                    "worker",
                    minute(69),
                    &Rates::default()
                ))
                .await,
                None
            );
            let mine = claimed(&db, "worker").await.unwrap();
            assert_eq!((mine.id, mine.epoch), (id, 2));
            assert!(
                matches!(retry_refused(&db, id).await, StoreError::NotFound),
                "leased after {state}"
            );
            settled(&db, &mine, DeliveryState::Sent).await;
            assert!(
                matches!(retry_refused(&db, id).await, StoreError::NotFound),
                "sent after {state}"
            );
        }
    });
}

#[test]
fn a_letter_that_was_emptied_never_goes_again() {
    on_both(async |db| {
        outbox(&db, LetterKind::Invitation, 1, 1).await;
        let mine = claimed(&db, "worker").await.unwrap();
        settled(&db, &mine, DeliveryState::Failed).await;
        assert!(is_emptied(&db, mine.letter).await);
        let answer = retry_refused(&db, mine.id).await;
        assert!(matches!(answer, StoreError::NotFound), "{answer:?}");
        assert_eq!(claimed(&db, "worker").await, None);
    });
}

#[test]
fn deliveries_are_listed_with_their_letter() {
    on_both(async |db| {
        outbox(&db, LetterKind::Invitation, 2, 1).await;
        let first = claimed(&db, "worker").await.unwrap();
        let listed = async |state| {
            read(&db, move |conn| page(conn, state, &Slice::first(10)))
                .await
                .items
        };
        let expected = Listed {
            delivery: first,
            kind: LetterKind::Invitation,
            about: "mat_1".to_owned(),
            subject: "Een vraag die bij uw aanbod past".to_owned(),
            times_uncertain: 0,
        };
        assert_eq!(listed(Some(DeliveryState::Leased)).await, [expected]);
        assert_eq!(listed(Some(DeliveryState::Ready)).await.len(), 1);
        assert_eq!(listed(Some(DeliveryState::Sent)).await, []);
        assert_eq!(listed(None).await.len(), 2);
    });
}
