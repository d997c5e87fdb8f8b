//! Offers read back as they were stored, and change one at a time.

use domain::members::Viewer;
use domain::offers::{MAX_CAPACITY, Offer, OfferContent};
use domain::posts::{Consent, Life, PostState, Posted};
use domain::region::{Municipality, Region};
use store::StoreError;
use store::offers::{any, carry, find, open, save};

use super::kept::{is_absent, keep, keep_refused, on_both, read, refused, write};
use super::market::{ODD, in_state, offer, party};

fn full(bare: Offer) -> Offer {
    let everywhere =
        (1..=400).map(|number| Region::Municipality(Municipality::from_number(number)));
    Offer {
        reference: Some(ODD.to_owned()),
        content: OfferContent {
            title: ODD.parse().unwrap(),
            body: format!("{ODD}\n{ODD}").parse().unwrap(),
            reach: everywhere.collect(),
            neighbours: true,
            themes: ["wonen", "dorpshuis"]
                .map(|code| code.parse().unwrap())
                .to_vec(),
            phases: ["start", "idee"].map(|code| code.parse().unwrap()).to_vec(),
            support: vec!["netwerk".parse().unwrap()],
            capacity: MAX_CAPACITY,
            evergreen: true,
            consent: Consent::Standing,
        },
        carried: MAX_CAPACITY,
        life: Life {
            state: PostState::Hidden,
            reason: ODD.to_owned(),
            ..bare.life
        },
        ..bare
    }
}

#[test]
fn an_offer_reads_back_as_it_was_stored_with_its_owner() {
    on_both(async |db| {
        let party = party(&db, "ria").await;
        for stored in [offer(&party, 1), full(offer(&party, 2))] {
            keep(&db, &stored).await;
            let (id, viewer) = (stored.id, party.viewer());
            let found = read(&db, move |conn| find(conn, id, &viewer)).await;
            let owner = party.organisation.clone();
            assert_eq!(
                found,
                Posted {
                    post: stored,
                    owner
                }
            );
        }
    });
}

#[test]
fn an_offer_that_is_full_from_the_start_or_carries_too_much_is_told_apart() {
    on_both(async |db| {
        let party = party(&db, "ria").await;
        let mut overfull = offer(&party, 1);
        overfull.carried = overfull.content.capacity + 1;
        let answer = keep_refused(&db, &overfull).await;
        assert!(matches!(answer, StoreError::Broken(_)), "{answer:?}");
        let viewer = party.viewer();
        assert!(is_absent(&db, move |conn| find(conn, overfull.id, &viewer)).await);
    });
}

#[test]
fn of_two_changes_at_once_the_second_is_stale_and_changes_nothing() {
    on_both(async |db| {
        let party = party(&db, "ria").await;
        let before = offer(&party, 1);
        keep(&db, &before).await;
        let mut first = before.clone();
        first.content.neighbours = true;
        first.life.version = 2;
        let mut second = before.clone();
        second.content.title = "Te laat veranderd".parse().unwrap();
        second.life.version = 2;
        let kept = first.clone();
        write(&db, move |conn| save(conn, &kept)).await;
        let answer = refused(&db, move |conn| save(conn, &second)).await;
        assert!(matches!(answer, StoreError::Stale), "{answer:?}");
        assert_eq!(
            read(&db, move |conn| find(conn, before.id, &Viewer::Anyone))
                .await
                .post,
            first
        );
    });
}

#[test]
fn a_change_that_would_forget_an_introduction_is_stale_and_changes_nothing() {
    on_both(async |db| {
        let party = party(&db, "ria").await;
        let before = offer(&party, 1);
        keep(&db, &before).await;
        write(&db, move |conn| carry(conn, before.id)).await;
        let mut unaware = before.clone();
        unaware.content.title = "Zaal en keuken".parse().unwrap();
        unaware.life.version = 2;
        let answer = refused(&db, move |conn| save(conn, &unaware)).await;
        assert!(matches!(answer, StoreError::Stale), "{answer:?}");

        let kept = read(&db, move |conn| find(conn, before.id, &Viewer::Anyone))
            .await
            .post;
        assert_eq!(
            kept,
            Offer {
                carried: 1,
                ..before
            }
        );
    });
}

#[test]
fn the_engine_finds_every_offer_and_lists_the_open_ones_the_oldest_first() {
    on_both(async |db| {
        let party = party(&db, "ria").await;
        let mut open_ones = Vec::new();
        for (minutes, state) in (1..).zip(PostState::ALL.iter().chain([&PostState::Open])) {
            let mut stored = offer(&party, minutes);
            stored.life = in_state(&stored.life, *state);
            keep(&db, &stored).await;
            let (id, found) = (stored.id, stored.clone());
            assert_eq!(read(&db, move |conn| any(conn, id)).await.post, found);
            if *state == PostState::Open {
                open_ones.push(stored.id);
            }
        }
        let found = read(&db, open).await;
        assert_eq!(
            found.iter().map(|found| found.post.id).collect::<Vec<_>>(),
            open_ones
        );
        assert_eq!(open_ones.len(), 2);
    });
}
