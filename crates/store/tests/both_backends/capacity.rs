//! An offer never carries more introductions than it can, however many are settled at once.

use domain::ids::OfferId;
use domain::members::Viewer;
use domain::offers::Offer;
use store::history::{self, Event};
use store::offers::{Carried, carry, find, hold, put_down};
use store::{Db, StoreError};

use super::kept::{at_once, keep, on_both, read, refused, write};
use super::market::{offer, opening, party};

async fn stored(db: &Db, capacity: u32) -> Offer {
    let party = party(db, "ria").await;
    let mut stored = offer(&party, 1);
    stored.content.capacity = capacity;
    keep(db, &stored).await;
    stored
}

async fn carried(db: &Db, id: OfferId) -> u32 {
    read(db, move |conn| find(conn, id, &Viewer::Anyone))
        .await
        .post
        .carried
}

#[test]
fn an_offer_fills_up_and_empties_again() {
    on_both(async |db| {
        let id = stored(&db, 2).await.id;
        assert_eq!(
            write(&db, move |conn| carry(conn, id)).await,
            Carried::Yes { left: 1 }
        );
        assert_eq!(
            write(&db, move |conn| carry(conn, id)).await,
            Carried::Yes { left: 0 }
        );
        assert_eq!(write(&db, move |conn| carry(conn, id)).await, Carried::Full);
        assert_eq!(carried(&db, id).await, 2);
        write(&db, move |conn| put_down(conn, id)).await;
        assert_eq!(
            write(&db, move |conn| carry(conn, id)).await,
            Carried::Yes { left: 0 }
        );
        for _ in 0..3 {
            write(&db, move |conn| put_down(conn, id)).await;
        }
        assert_eq!(carried(&db, id).await, 0);
    });
}

#[test]
fn an_offer_that_is_not_there_carries_nothing() {
    on_both(async |db| {
        let party = party(&db, "ria").await;
        let id = offer(&party, 1).id;
        let answer = refused(&db, move |conn| carry(conn, id).map(drop)).await;
        assert!(matches!(answer, StoreError::NotFound), "{answer:?}");
    });
}

#[test]
fn of_fifty_at_once_one_gets_the_last_place() {
    on_both(async |db| {
        let id = stored(&db, 1).await.id;
        let answers = at_once(&db, 50, move |conn, _| carry(conn, id)).await;
        let outcomes: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
        let places = outcomes
            .iter()
            .filter(|outcome| **outcome == Carried::Yes { left: 0 })
            .count();
        let full = outcomes
            .iter()
            .filter(|outcome| **outcome == Carried::Full)
            .count();
        assert_eq!((places, full), (1, 49));
        assert_eq!(carried(&db, id).await, 1);
    });
}

#[test]
fn what_is_carried_and_put_down_at_once_adds_up() {
    on_both(async |db| {
        let id = stored(&db, 5).await.id;
        let answers = at_once(&db, 60, move |conn, number| {
            let outcome = carry(conn, id)?;
            if number % 2 == 0 && outcome != Carried::Full {
                put_down(conn, id)?;
                return Ok(Carried::Full);
            }
            Ok(outcome)
        })
        .await;
        let outcomes: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
        let kept = outcomes
            .iter()
            .filter(|outcome| **outcome != Carried::Full)
            .count();
        assert_eq!(usize::try_from(carried(&db, id).await).unwrap(), kept);
        assert_eq!(kept, 5);
    });
}

#[test]
fn decisions_about_one_offer_are_taken_one_by_one() {
    on_both(async |db| {
        let id = stored(&db, 1).await.id;
        let answers = at_once(&db, 20, move |conn, _| {
            hold(conn, id)?;
            let before = history::of(conn, &id.to_string())?.len();
            let event = Event {
                subject: id.to_string(),
                at: opening(),
                actor: "engine".to_owned(),
                action: "seen".to_owned(),
                detail: before.to_string(),
            };
            history::add(conn, &event)?;
            Ok(before)
        })
        .await;
        let mut seen: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..20).collect::<Vec<_>>());
    });
}
