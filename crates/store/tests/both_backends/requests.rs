//! Requests read back as they were stored, and change one at a time.

use chrono::NaiveDate;
use domain::members::Viewer;
use domain::posts::{Consent, ExpiryStage, Life, PostState, Posted};
use domain::requests::{Request, RequestContent};
use store::StoreError;
use store::requests::{any, find, open, save};

use super::kept::{is_absent, keep, keep_refused, on_both, read, refused, write};
use super::market::{ODD, in_state, minute, party, request};

fn full(bare: Request) -> Request {
    Request {
        reference: Some(ODD.to_owned()),
        content: RequestContent {
            title: ODD.parse().unwrap(),
            body: format!("{ODD}\n\n\t{ODD}").parse().unwrap(),
            place: ODD.to_owned(),
            themes: ["wonen", "dorpshuis"]
                .map(|code| code.parse().unwrap())
                .to_vec(),
            phase: Some("groei".parse().unwrap()),
            support: ["ruimte", "geld"]
                .map(|code| code.parse().unwrap())
                .to_vec(),
            needed_by: NaiveDate::from_ymd_opt(2026, 12, 31),
            consent: Consent::Standing,
            ..bare.content
        },
        life: Life {
            reason: ODD.to_owned(),
            told: Some(ExpiryStage::ThreeDays),
            opened_at: None,
            ..bare.life
        },
        ..bare
    }
}

#[test]
fn a_request_reads_back_as_it_was_stored_with_its_owner() {
    on_both(async |db| {
        let party = party(&db, "ria").await;
        for stored in [request(&party, 1), full(request(&party, 2))] {
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
fn everything_of_a_request_can_change_also_to_nothing() {
    on_both(async |db| {
        let party = party(&db, "ria").await;
        let mut versions = [
            full(request(&party, 1)),
            request(&party, 2),
            full(request(&party, 3)),
        ];
        let id = versions[0].id;
        for (version, stored) in (1..).zip(&mut versions) {
            stored.id = id;
            stored.life.version = version;
            let now = stored.clone();
            match version {
                1 => keep(&db, stored).await,
                _ => write(&db, move |conn| save(conn, &now)).await,
            }
            let viewer = party.viewer();
            let found = read(&db, move |conn| find(conn, id, &viewer)).await;
            assert_eq!(found.post, *stored);
        }
    });
}

#[test]
fn of_two_changes_at_once_the_second_is_stale_and_changes_nothing() {
    on_both(async |db| {
        let party = party(&db, "ria").await;
        let mut first = request(&party, 1);
        keep(&db, &first).await;
        let mut second = full(first.clone());
        first.life.version = 2;
        second.life.version = 2;
        first.content.place = "Zutphen".to_owned();
        let kept = first.clone();
        write(&db, move |conn| save(conn, &kept)).await;
        let answer = refused(&db, move |conn| save(conn, &second)).await;
        assert!(matches!(answer, StoreError::Stale), "{answer:?}");
        let id = first.id;
        assert_eq!(
            read(&db, move |conn| find(conn, id, &Viewer::Anyone))
                .await
                .post,
            first
        );
    });
}

#[test]
fn a_reference_is_imported_once_by_each_organisation() {
    on_both(async |db| {
        let (ria, jan) = (party(&db, "ria").await, party(&db, "jan").await);
        let named = |bare: Request| Request {
            reference: Some("bron-1".to_owned()),
            ..bare
        };
        keep(&db, &named(request(&ria, 1))).await;
        keep(&db, &named(request(&jan, 2))).await;
        let again = named(request(&ria, 3));
        let answer = keep_refused(&db, &again).await;
        assert!(matches!(answer, StoreError::Taken(_)), "{answer:?}");
        let viewer = ria.viewer();
        assert!(is_absent(&db, move |conn| find(conn, again.id, &viewer)).await);
    });
}

#[test]
fn a_request_of_an_organisation_that_is_not_there_is_refused() {
    on_both(async |db| {
        let (ria, jan) = (party(&db, "ria").await, party(&db, "jan").await);
        let mut lost = request(&ria, 1);
        lost.author = jan.member.id;
        keep(&db, &lost).await;
        lost = request(&ria, 2);
        lost.organisation = super::market::organisation("Weg", minute(9)).id;
        let answer = keep_refused(&db, &lost).await;
        assert!(matches!(answer, StoreError::Broken(_)), "{answer:?}");
    });
}

#[test]
fn the_engine_finds_every_request_and_lists_the_open_ones_the_oldest_first() {
    on_both(async |db| {
        let party = party(&db, "ria").await;
        let mut open_ones = Vec::new();
        for (minutes, state) in (1..).zip(PostState::ALL.iter().chain([&PostState::Open])) {
            let mut stored = request(&party, minutes);
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
