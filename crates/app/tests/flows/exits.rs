//! Every state something waits in is left by itself, on a real database: a state without an exit fails here.

use domain::ids::{OfferId, RequestId};
use domain::matches::{Answer, DeclineReason, Match, MatchState, Prompt};
use domain::members::Member;
use domain::offers::Offer;
use domain::posts::{Life, PostAction, PostId, PostKind, PostState};

use super::town::{Couple, Town, approve, consent_token, offer, on_both, request};

/// Days after which nothing may wait any more: the longest schedule, twice over.
const PATIENCE_DAYS: i64 = 120;

/// Brings the couple's match into a state as the product would.
async fn bring(town: &Town, couple: &Couple, state: MatchState) {
    let coordinator = town.coordinator().await;
    match state {
        MatchState::Proposed => {}
        MatchState::Approved => {
            // The product never leaves a match here; a process that dies half-way in a later version might.
            let (id, now) = (couple.found, town.app.now());
            let db = town.db();
            let stored = db.write(move |conn| {
                let found: Match = store::matches::find(conn, id)?;
                let next = found.moved(MatchState::Approved, now).unwrap();
                store::matches::save(conn, &next, found.version)
            });
            stored.await.unwrap();
        }
        MatchState::Invited | MatchState::Introduced => {
            town.app
                .review_match(&coordinator.viewer, couple.found, approve())
                .await
                .unwrap();
            let letters = town.mail().await;
            for letter in letters.iter().filter(|_| state == MatchState::Introduced) {
                town.app
                    .answer_consent(&consent_token(letter), Answer::Yes, DeclineReason::Other)
                    .await
                    .unwrap();
            }
        }
        other => panic!("{other} is live, and no test brings a match there"),
    }
    assert_eq!(town.found(couple.found).await.state, state);
}

#[test]
fn every_live_state_of_a_match_is_left_by_itself() {
    for state in MatchState::ALL
        .iter()
        .copied()
        .filter(|state| state.is_live())
    {
        on_both(async |town| {
            let couple = town.couple().await;
            bring(&town, &couple, state).await;
            let mut left = None;
            for day in 0..=PATIENCE_DAYS {
                // The posts live on, so that the match must find its own way out.
                for (viewer, post) in [&couple.asker.viewer, &couple.giver.viewer]
                    .into_iter()
                    .zip(couple.posts())
                {
                    town.app.renew_post(viewer, post).await.unwrap();
                }
                town.day(day).await;
                let now = town.found(couple.found).await.state;
                if left.is_none() && now != state {
                    left = Some((day, now));
                }
            }
            let (day, next) = left.unwrap_or_else(|| panic!("a match stays {state} for ever"));
            assert!(
                state.next().contains(&next),
                "{state} became {next} on day {day}"
            );
            let end = town.found(couple.found).await;
            assert!(
                !end.state.is_live() && end.due_at().is_none(),
                "{state} ended as {}",
                end.state
            );
        });
    }
}

#[test]
fn an_approved_match_whose_sides_cannot_be_asked_lapses() {
    on_both(async |town| {
        let couple = town.couple().await;
        bring(&town, &couple, MatchState::Approved).await;
        let letters = town.day(8).await;
        assert_eq!(letters.len(), 0);
        let found = town.found(couple.found).await;
        assert_eq!(
            (found.state, found.reason.as_str()),
            (MatchState::Lapsed, "unreachable")
        );
    });
}

#[test]
fn a_reminder_is_stored_so_that_it_is_sent_once() {
    on_both(async |town| {
        let couple = town.couple().await;
        bring(&town, &couple, MatchState::Invited).await;
        assert_eq!(town.day(4).await.len(), 2);
        assert_eq!(town.found(couple.found).await.told, Some(Prompt::Reminder));
        assert_eq!(town.day(4).await.len(), 0);
    });
}

/// Stores posts that begin in a state, as no person can; gives the request and the offers, plain and evergreen.
async fn begin(town: &Town, author: &Member, state: PostState) -> Vec<PostId> {
    let asker = town.member("Voorbeeld").await;
    let request_id = town.ask(&asker, request()).await;
    let plain = town.give(&asker, offer()).await;
    let lasting = town
        .give(
            &asker,
            domain::offers::OfferFields {
                evergreen: true,
                ..offer()
            },
        )
        .await;
    let (author, now) = (author.clone(), town.app.now());
    town.db()
        .write(move |conn| {
            let asked = store::requests::any(conn, request_id)?.post;
            let asked = domain::requests::Request {
                id: RequestId::new(now),
                organisation: author.organisation,
                author: author.id,
                life: Life::begin(PostKind::Request, state, now),
                ..asked
            };
            store::requests::insert(conn, &asked)?;
            let mut ids = vec![PostId::Request(asked.id)];
            for sample in [plain, lasting] {
                let offered = store::offers::any(conn, sample)?.post;
                let offered = Offer {
                    id: OfferId::new(now),
                    organisation: author.organisation,
                    author: author.id,
                    life: Life::begin(PostKind::Offer, state, now),
                    ..offered
                };
                store::offers::insert(conn, &offered)?;
                ids.push(PostId::Offer(offered.id));
            }
            Ok::<_, store::StoreError>(ids)
        })
        .await
        .unwrap()
}

#[test]
fn every_live_state_of_a_post_is_left_by_itself() {
    for state in PostState::ALL
        .iter()
        .copied()
        .filter(|state| !state.is_ended())
    {
        on_both(async |town| {
            let author = town.member("Maakt").await;
            let posts = begin(&town, author.viewer.member().unwrap(), state).await;
            let mut letters = 0;
            for day in 0..=260 {
                letters += town
                    .day(day)
                    .await
                    .iter()
                    .filter(|letter| letter.is_to(&author.email))
                    .count();
            }
            for post in posts {
                assert_eq!(
                    town.state_of(post).await,
                    PostState::Expired,
                    "{post} began as {state}"
                );
                let stored = town
                    .db()
                    .read(move |conn| store::posts::find(conn, post))
                    .await
                    .unwrap();
                assert_eq!(stored.life.due_at(), None, "{post} began as {state}");
            }
            assert!(
                letters <= 12,
                "three posts that began as {state} gave {letters} letters"
            );
        });
    }
}

#[test]
fn every_ended_post_can_come_back() {
    for state in PostState::ALL
        .iter()
        .copied()
        .filter(|state| state.is_ended())
    {
        on_both(async |town| {
            let author = town.member("Maakt").await;
            for post in begin(&town, author.viewer.member().unwrap(), state).await {
                assert_eq!(state.after(PostAction::Reopen), Some(PostState::Open));
                assert_eq!(
                    town.app
                        .reopen_post(&author.viewer, post)
                        .await
                        .unwrap()
                        .life
                        .state,
                    PostState::Open
                );
            }
        });
    }
}
