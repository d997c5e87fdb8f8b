//! What owners and coordinators do to posts: edits, pauses, and places that may mean several things.

use app::{AppError, Conflict};
use domain::matches::MatchState;
use domain::members::Viewer;
use domain::offers::OfferFields;
use domain::posts::{PostFilter, PostState};
use domain::requests::RequestFields;
use store::Slice;

use super::dump::dump;
use super::town::{Town, offer, on_both, request};

#[test]
fn an_ambiguous_place_gives_choices_and_nothing_is_kept() {
    on_both(async |town| {
        let asker = town.member("Vraagt").await;
        let before = dump(&town.url);
        let vague = RequestFields {
            place: "Zuidwolde".to_owned(),
            title: "Kort".to_owned(),
            ..request()
        };
        let Err(AppError::Invalid(problems)) = town.app.place_request(&asker.viewer, vague).await
        else {
            panic!("it must be refused");
        };
        let fields: Vec<&str> = problems
            .iter()
            .map(|problem| problem.field.as_str())
            .collect();
        assert_eq!(fields, ["place", "title"]);
        assert!(problems[0].choices.len() > 1, "{problems:?}");
        let wrong = OfferFields {
            reach: vec!["Atlantis".to_owned()],
            capacity: "0".to_owned(),
            ..offer()
        };
        let Err(AppError::Invalid(problems)) = town.app.place_offer(&asker.viewer, wrong).await
        else {
            panic!("it must be refused");
        };
        let fields: Vec<&str> = problems
            .iter()
            .map(|problem| problem.field.as_str())
            .collect();
        assert_eq!(fields, ["reach", "capacity"]);
        assert_eq!(dump(&town.url), before);
    });
}

#[test]
fn places_are_understood_as_people_write_them() {
    on_both(async |town| {
        let asker = town.member("Vraagt").await;
        for (typed, code) in [
            ("Den Haag", "GM0518"),
            ("7311 AB", "GM0200"),
            ("gem. Voorst", "GM0285"),
        ] {
            let fields = RequestFields {
                place: typed.to_owned(),
                ..request()
            };
            let id = town.ask(&asker, fields).await;
            let kept = town
                .app
                .find_request(&Viewer::Anyone, id)
                .await
                .unwrap()
                .post
                .content;
            assert_eq!(
                (kept.municipality.to_string().as_str(), kept.place.as_str()),
                (code, typed)
            );
        }
    });
}

#[test]
fn an_edit_counts_for_the_version_it_was_made_of() {
    on_both(async |town| {
        let couple = town.couple().await;
        let owner = &couple.asker.viewer;
        let rename =
            |to: &'static str| move |fields: &mut RequestFields| to.clone_into(&mut fields.title);
        let edited = town
            .app
            .edit_request(owner, couple.request, Some(1), rename("Zaal gezocht"))
            .await
            .unwrap();
        assert_eq!(
            (edited.post.life.version, edited.post.content.title.as_str()),
            (2, "Zaal gezocht")
        );
        let before = dump(&town.url);
        let stale = town
            .app
            .edit_request(owner, couple.request, Some(1), rename("Andere zaal"))
            .await;
        assert!(matches!(stale, Err(AppError::Stale)), "{stale:?}");
        let wrong = town
            .app
            .edit_request(owner, couple.request, Some(2), rename("Nee"))
            .await;
        assert!(matches!(wrong, Err(AppError::Invalid(_))), "{wrong:?}");
        let stale = town
            .app
            .edit_offer(&couple.giver.viewer, couple.offer, Some(9), |_| {})
            .await;
        assert!(matches!(stale, Err(AppError::Stale)), "{stale:?}");
        assert_eq!(dump(&town.url), before);
    });
}

#[test]
fn of_many_edits_of_one_version_one_is_kept() {
    on_both(async |town| {
        let couple = town.couple().await;
        let tasks: Vec<_> = (0..8)
            .map(|number| {
                let (app, viewer, id) =
                    (town.app.clone(), couple.giver.viewer.clone(), couple.offer);
                tokio::spawn(async move {
                    app.edit_offer(&viewer, id, Some(1), move |fields| {
                        fields.title = format!("Zaal nummer {number}");
                    })
                    .await
                })
            })
            .collect();
        let mut kept = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(_) => kept += 1,
                Err(error) => assert!(matches!(error, AppError::Stale), "{error:?}"),
            }
        }
        assert_eq!(kept, 1);
    });
}

#[test]
fn a_capacity_under_what_is_carried_is_refused() {
    on_both(async |town| {
        let couple = town.introduced().await;
        let owner = &couple.giver.viewer;
        let second = town.member("Tweede").await;
        town.ask(&second, request()).await;
        let set =
            |to: &'static str| move |fields: &mut OfferFields| to.clone_into(&mut fields.capacity);
        let edited = town
            .app
            .edit_offer(owner, couple.offer, None, set("1"))
            .await
            .unwrap();
        assert_eq!((edited.post.content.capacity, edited.post.carried), (1, 1));
        let db = town.db();
        let id = couple.offer;
        db.write(move |conn| {
            let mut stored = store::offers::any(conn, id)?.post;
            stored.content.capacity = 3;
            stored.life.version += 1;
            store::offers::save(conn, &stored)?;
            store::offers::carry(conn, id)
        })
        .await
        .unwrap();
        let Err(AppError::Invalid(problems)) = town
            .app
            .edit_offer(owner, couple.offer, None, set("1"))
            .await
        else {
            panic!("it carries two");
        };
        assert_eq!(problems[0].field, "capacity");
        assert_eq!(town.carried(couple.offer).await, 2);
    });
}

#[test]
fn a_pause_takes_a_post_out_and_reopening_brings_it_back() {
    on_both(async |town| {
        let couple = town.couple().await;
        let offered = couple.posts()[1];
        town.app
            .pause_post(&couple.giver.viewer, offered)
            .await
            .unwrap();
        assert_eq!(town.states().await, [MatchState::Lapsed]);
        let seen = town
            .app
            .list_offers(&Viewer::Anyone, PostFilter::default(), Slice::first(10))
            .await
            .unwrap();
        assert_eq!(seen.items, []);
        let other = town.member("Tweede").await;
        town.ask(&other, request()).await;
        assert_eq!(
            town.matches().await.len(),
            1,
            "a paused offer is not matched"
        );
        let again = town.app.pause_post(&couple.giver.viewer, offered).await;
        let Err(AppError::Conflict(Conflict::Post {
            state: PostState::Paused,
        })) = again
        else {
            panic!("{again:?}");
        };
        town.app
            .reopen_post(&couple.giver.viewer, offered)
            .await
            .unwrap();
        assert_eq!(
            town.states().await,
            [MatchState::Proposed, MatchState::Lapsed]
        );
    });
}

/// Hides a request and tries to open it again as its owner.
async fn hidden(
    town: &Town,
) -> (
    super::town::Couple,
    Vec<Result<domain::posts::Post, AppError>>,
) {
    let (coordinator, couple) = (town.coordinator().await, town.couple().await);
    let post = couple.posts()[0];
    let hidden = town
        .app
        .hide_post(&coordinator.viewer, post, "Reclame.".parse().unwrap())
        .await
        .unwrap();
    assert_eq!(
        (hidden.life.state, hidden.life.reason.as_str()),
        (PostState::Hidden, "Reclame.")
    );
    let tries = vec![
        town.app.reopen_post(&couple.asker.viewer, post).await,
        town.app.renew_post(&couple.asker.viewer, post).await,
        town.app.pause_post(&couple.asker.viewer, post).await,
    ];
    (couple, tries)
}

#[test]
fn a_hidden_post_stays_hidden_whatever_its_owner_tries() {
    on_both(async |town| {
        let (couple, tries) = hidden(&town).await;
        for tried in tries {
            let Err(AppError::Conflict(Conflict::Post {
                state: PostState::Hidden,
            })) = tried
            else {
                panic!("{tried:?}");
            };
        }
        let seen = town
            .app
            .list_requests(&Viewer::Anyone, PostFilter::default(), Slice::first(10))
            .await
            .unwrap();
        assert_eq!(seen.items, []);
        assert_eq!(
            town.app
                .find_request(&couple.asker.viewer, couple.request)
                .await
                .unwrap()
                .post
                .id,
            couple.request
        );
        let shown = town
            .app
            .reopen_post(&town.app.administrator(), couple.posts()[0])
            .await
            .unwrap();
        assert_eq!(shown.life.state, PostState::Open, "who hid it can show it");
    });
}
