//! Who sees which posts: everybody the open ones, owners also their own in any state, coordinators all.

use domain::members::Viewer;
use domain::posts::{PostFilter, PostState};
use store::{Db, Slice, offers, requests};

use super::kept::{is_absent, keep, on_both, read};
use super::market::{Party, coordinator, in_state, offer, party, request};

/// The states a viewer should see of posts that are, or are not, their own.
fn visible(viewer: &Viewer, owner: &Party) -> Vec<PostState> {
    let all = viewer.coordinates() || viewer.acts_for(owner.organisation.id);
    PostState::ALL
        .iter()
        .copied()
        .filter(|state| all || *state == PostState::Open)
        .collect()
}

async fn viewers(db: &Db, owner: &Party) -> Vec<(&'static str, Viewer)> {
    vec![
        ("anyone", Viewer::Anyone),
        ("its owner", owner.viewer()),
        ("another member", party(db, "jan").await.viewer()),
        ("a coordinator", coordinator(db).await.viewer()),
    ]
}

#[test]
fn requests_show_to_whom_they_may() {
    on_both(async |db| {
        let owner = party(&db, "ria").await;
        let mut stored = Vec::new();
        for (minutes, state) in (1..).zip(PostState::ALL) {
            let mut asked = request(&owner, minutes);
            asked.life = in_state(&asked.life, *state);
            keep(&db, &asked).await;
            stored.push(asked);
        }
        for (name, viewer) in viewers(&db, &owner).await {
            let expected = visible(&viewer, &owner);
            for asked in &stored {
                let (id, state, eye) = (asked.id, asked.life.state, viewer.clone());
                let hidden = is_absent(&db, move |conn| requests::find(conn, id, &eye)).await;
                assert_eq!(
                    !hidden,
                    expected.contains(&state),
                    "{name} finds what is {state}"
                );
            }
            let filter = PostFilter::default();
            let page = read(&db, move |conn| {
                requests::page(conn, &filter, &viewer, &Slice::first(50))
            })
            .await;
            let mut listed: Vec<_> = page
                .items
                .iter()
                .map(|found| found.post.life.state)
                .collect();
            listed.reverse();
            assert_eq!(listed, expected, "{name} lists");
        }
    });
}

#[test]
fn offers_show_to_whom_they_may() {
    on_both(async |db| {
        let owner = party(&db, "ria").await;
        let mut stored = Vec::new();
        for (minutes, state) in (1..).zip(PostState::ALL) {
            let mut offered = offer(&owner, minutes);
            offered.life = in_state(&offered.life, *state);
            keep(&db, &offered).await;
            stored.push(offered);
        }
        for (name, viewer) in viewers(&db, &owner).await {
            let expected = visible(&viewer, &owner);
            for offered in &stored {
                let (id, state, eye) = (offered.id, offered.life.state, viewer.clone());
                let hidden = is_absent(&db, move |conn| offers::find(conn, id, &eye)).await;
                assert_eq!(
                    !hidden,
                    expected.contains(&state),
                    "{name} finds what is {state}"
                );
            }
            let filter = PostFilter::default();
            let page = read(&db, move |conn| {
                offers::page(conn, &filter, &viewer, &Slice::first(50))
            })
            .await;
            let mut listed: Vec<_> = page
                .items
                .iter()
                .map(|found| found.post.life.state)
                .collect();
            listed.reverse();
            assert_eq!(listed, expected, "{name} lists");
        }
    });
}

#[test]
fn a_filter_shows_nobody_more_than_they_may_see() {
    on_both(async |db| {
        let (ria, jan) = (party(&db, "ria").await, party(&db, "jan").await);
        let mut hidden = request(&ria, 1);
        hidden.life = in_state(&hidden.life, PostState::Hidden);
        keep(&db, &hidden).await;
        for (viewer, expected) in [(Viewer::Anyone, 0), (jan.viewer(), 0), (ria.viewer(), 1)] {
            let filter = PostFilter {
                words: "ruimte".to_owned(),
                areas: vec!["GM0200".parse().unwrap()],
                states: PostState::ALL.to_vec(),
                organisation: Some(ria.organisation.id),
                ..PostFilter::default()
            };
            let page = read(&db, move |conn| {
                requests::page(conn, &filter, &viewer, &Slice::first(50))
            })
            .await;
            assert_eq!(page.items.len(), expected);
        }
    });
}
