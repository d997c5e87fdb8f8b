//! What requests and offers share: their lives, when they are due, and what an organisation imported before.

use chrono::TimeDelta;
use domain::posts::{ExpiryStage, Life, Post, PostId, PostKind, PostState};
use store::StoreError;
use store::posts::{count_open, due, find, has_reference, of_organisation, save_life};

use super::kept::{is_absent, keep, on_both, read, refused, write};
use super::market::{in_state, offer, opening, party, request};

#[test]
fn what_is_common_is_found_for_both_kinds() {
    on_both(async |db| {
        let party = party(&db, "ria").await;
        let asked = request(&party, 1);
        let mut lasting = offer(&party, 2);
        lasting.content.evergreen = true;
        keep(&db, &asked).await;
        keep(&db, &lasting).await;
        let of_request = Post {
            id: PostId::Request(asked.id),
            organisation: asked.organisation,
            author: asked.author,
            title: asked.content.title.clone(),
            lasting: false,
            life: asked.life.clone(),
        };
        let of_offer = Post {
            id: PostId::Offer(lasting.id),
            organisation: lasting.organisation,
            author: lasting.author,
            title: lasting.content.title.clone(),
            lasting: true,
            life: lasting.life.clone(),
        };
        for post in [of_request, of_offer] {
            let id = post.id;
            assert_eq!(read(&db, move |conn| find(conn, id)).await, post);
        }
        let unknown = PostId::Request(request(&party, 3).id);
        assert!(is_absent(&db, move |conn| find(conn, unknown)).await);
    });
}

#[test]
fn every_life_is_kept_and_a_stale_one_is_not() {
    on_both(async |db| {
        let party = party(&db, "ria").await;
        let asked = request(&party, 1);
        keep(&db, &asked).await;
        let id = PostId::Request(asked.id);
        let mut life = asked.life.clone();
        let stages = ExpiryStage::ALL.iter().copied().map(Some).chain([None]);
        for (state, told) in PostState::ALL.iter().copied().zip(stages.cycle()) {
            life = Life {
                state,
                told,
                reason: format!("om {state}"),
                opened_at: told.map(|_| life.expires_at),
                expires_at: life.expires_at + TimeDelta::microseconds(1),
                version: life.version + 1,
                ..life
            };
            let next = life.clone();
            write(&db, move |conn| save_life(conn, id, &next)).await;
            assert_eq!(read(&db, move |conn| find(conn, id)).await.life, life);
        }
        let stale = in_state(&life, PostState::Open);
        let answer = refused(&db, move |conn| save_life(conn, id, &stale)).await;
        assert!(matches!(answer, StoreError::Stale), "{answer:?}");
        assert_eq!(read(&db, move |conn| find(conn, id)).await.life, life);
    });
}

#[test]
fn posts_are_due_the_longest_first_and_as_many_as_asked() {
    on_both(async |db| {
        let party = party(&db, "ria").await;
        let mut ids = Vec::new();
        for days in [3, 1, 4, 2] {
            let mut asked = request(&party, days);
            asked.life.told = Some(ExpiryStage::ThreeDays);
            asked.life.expires_at = opening() + TimeDelta::days(days);
            ids.push((days, PostId::Request(asked.id)));
            keep(&db, &asked).await;
        }
        let mut ended = request(&party, 9);
        ended.life = in_state(&ended.life, PostState::Closed);
        ended.life.expires_at = opening();
        keep(&db, &ended).await;
        ids.sort_unstable();
        let ids: Vec<_> = ids.into_iter().map(|(_, id)| id).collect();

        let found = async |now, limit| -> Vec<_> {
            let found = read(&db, move |conn| due(conn, now, limit)).await;
            found.into_iter().map(|post| post.id).collect()
        };
        let third = opening() + TimeDelta::days(3);
        assert_eq!(found(third, 10).await, ids[..3]);
        assert_eq!(found(third, 2).await, ids[..2]);
        assert_eq!(
            found(third - TimeDelta::microseconds(1), 10).await,
            ids[..2]
        );
        assert_eq!(found(opening(), 10).await, []);
    });
}

#[test]
fn posts_of_an_organisation_are_found_by_state_and_open_ones_are_counted() {
    on_both(async |db| {
        let (ria, jan) = (party(&db, "ria").await, party(&db, "jan").await);
        let (asked, offered) = (request(&ria, 1), offer(&ria, 2));
        let mut paused = request(&ria, 3);
        paused.life = in_state(&paused.life, PostState::Paused);
        keep(&db, &asked).await;
        keep(&db, &offered).await;
        keep(&db, &paused).await;
        keep(&db, &request(&jan, 4)).await;

        let owner = ria.organisation.id;
        let of = async |state| -> Vec<_> {
            let found = read(&db, move |conn| of_organisation(conn, owner, state)).await;
            found.into_iter().map(|post| post.id).collect()
        };
        let mut open = of(PostState::Open).await;
        open.sort_unstable();
        assert_eq!(open, [PostId::Request(asked.id), PostId::Offer(offered.id)]);
        assert_eq!(of(PostState::Paused).await, [PostId::Request(paused.id)]);
        assert_eq!(of(PostState::Closed).await, []);
        assert_eq!(
            read(&db, |conn| count_open(conn, PostKind::Request)).await,
            2
        );
        assert_eq!(read(&db, |conn| count_open(conn, PostKind::Offer)).await, 1);
    });
}

#[test]
fn what_was_imported_before_is_known_by_reference_and_by_id() {
    on_both(async |db| {
        let (ria, jan) = (party(&db, "ria").await, party(&db, "jan").await);
        let mut asked = request(&ria, 1);
        asked.reference = Some("R-1".to_owned());
        keep(&db, &asked).await;
        let id: &'static str = asked.id.to_string().leak();
        let (of_ria, of_jan) = (ria.organisation.id, jan.organisation.id);
        let known = async |owner, kind, reference: &'static str| {
            read(&db, move |conn| has_reference(conn, owner, kind, reference)).await
        };
        assert!(known(of_ria, PostKind::Request, "R-1").await);
        assert!(known(of_ria, PostKind::Request, id).await);
        assert!(!known(of_ria, PostKind::Request, "R-2").await);
        assert!(!known(of_ria, PostKind::Offer, "R-1").await);
        assert!(!known(of_jan, PostKind::Request, "R-1").await);
        assert!(!known(of_jan, PostKind::Request, id).await);
    });
}
