//! The ways a match ends without an introduction: silence, and posts that leave the market.

use domain::letters::LetterKind;
use domain::matches::{Answer, MatchState};
use domain::members::Viewer;
use domain::posts::{CloseReason, PostId, PostState};

use super::letters::{only, summary};
use super::town::{Couple, Person, Town, consent_token, on_both};

#[test]
fn who_is_silent_is_reminded_and_who_said_yes_hears_that_it_ended() {
    on_both(async |town| {
        let (coordinator, couple) = (town.coordinator().await, town.couple().await);
        let asked = town.invite(&coordinator, &couple).await;
        town.say(&asked.giver, Answer::Yes).await;
        assert_eq!(summary(&town.day(3).await), Vec::<String>::new());
        let letters = town.day(4).await;
        assert_eq!(
            summary(&letters),
            [format!("invitation_reminder to {}", couple.asker.email)]
        );
        assert!(letters[0].answers.is_some() && letters[0].subject.starts_with("Herinnering"));
        assert!(
            letters[0].text.contains("nog 6 dagen"),
            "{}",
            letters[0].text
        );
        for day in 5..10 {
            assert_eq!(
                summary(&town.day(day).await),
                Vec::<String>::new(),
                "day {day}"
            );
        }
        let letters = town.day(10).await;
        assert_eq!(
            summary(&letters),
            [format!("no_introduction to {}", couple.giver.email)]
        );
        assert!(
            letters[0].text.contains("niet op tijd gereageerd"),
            "{}",
            letters[0].text
        );
        assert_eq!(town.found(couple.found).await.state, MatchState::Expired);
        assert_eq!(summary(&town.day(20).await), Vec::<String>::new());
    });
}

#[test]
fn the_link_of_a_reminder_works_as_well() {
    on_both(async |town| {
        let (coordinator, couple) = (town.coordinator().await, town.couple().await);
        let asked = town.invite(&coordinator, &couple).await;
        let letters = town.day(4).await;
        let again = consent_token(only(
            &letters,
            LetterKind::InvitationReminder,
            &couple.asker.email,
        ));
        assert_ne!(again, asked.asker);
        town.say(&again, Answer::Yes).await;
        town.say(&asked.giver, Answer::Yes).await;
        assert_eq!(town.found(couple.found).await.state, MatchState::Introduced);
        let late = town.app.consent(&asked.asker).await.unwrap();
        assert_eq!(
            late.state.code(),
            "introduced",
            "the first link tells how it went"
        );
    });
}

/// Ways a post leaves the market.
#[derive(Debug, Clone, Copy)]
enum Leaves {
    Closed,
    Paused,
    Hidden,
    Expired,
}

const WAYS: [Leaves; 4] = [
    Leaves::Closed,
    Leaves::Paused,
    Leaves::Hidden,
    Leaves::Expired,
];

async fn leave(town: &Town, way: Leaves, post: PostId, owner: &Viewer, coordinator: &Viewer) {
    match way {
        Leaves::Closed => drop(
            town.app
                .close_post(owner, post, CloseReason::FulfilledElsewhere)
                .await
                .unwrap(),
        ),
        Leaves::Paused => drop(town.app.pause_post(owner, post).await.unwrap()),
        Leaves::Hidden => {
            drop(
                town.app
                    .hide_post(coordinator, post, "Hoort hier niet.".parse().unwrap())
                    .await
                    .unwrap(),
            );
        }
        Leaves::Expired => {
            let db = town.db();
            let now = town.app.now();
            let end = db.write(move |conn| {
                let mut life = store::posts::find(conn, post)?.life;
                life.expires_at = now;
                life.version += 1;
                store::posts::save_life(conn, post, &life)
            });
            end.await.unwrap();
            town.app.run_once().await.unwrap();
        }
    }
}

/// A couple whose `side` leaves in this way; with the other side's person.
async fn leaving(
    town: &Town,
    coordinator: &Person,
    couple: &Couple,
    way: Leaves,
    post: PostId,
) -> Person {
    let (owner, other) = match post {
        PostId::Request(_) => (&couple.asker, &couple.giver),
        PostId::Offer(_) => (&couple.giver, &couple.asker),
    };
    leave(town, way, post, &owner.viewer, &coordinator.viewer).await;
    assert_ne!(town.state_of(post).await, PostState::Open, "{way:?}");
    other.clone()
}

#[test]
fn a_post_that_leaves_takes_its_matches_along_and_tells_who_was_asked() {
    for way in WAYS {
        for side in 0..2 {
            on_both(async |town| {
                let (coordinator, couple) = (town.coordinator().await, town.couple().await);
                let asked = town.invite(&coordinator, &couple).await;
                town.say(&asked.asker, Answer::Yes).await;
                let other = leaving(&town, &coordinator, &couple, way, couple.posts()[side]).await;
                let found = town.found(couple.found).await;
                let reason = ["request_ended", "offer_ended"][side];
                assert_eq!(
                    (found.state, found.reason.as_str()),
                    (MatchState::Lapsed, reason),
                    "{way:?}"
                );
                let letters = town.mail().await;
                let told: Vec<_> = letters
                    .iter()
                    .filter(|letter| letter.kind != LetterKind::ExpiryReminder)
                    .cloned()
                    .collect();
                assert_eq!(
                    summary(&told),
                    [format!("no_introduction to {}", other.email)],
                    "{way:?}"
                );
                let late = town.app.consent(&asked.giver).await.unwrap();
                assert_eq!(late.state.code(), "over");
            });
        }
    }
}

#[test]
fn a_proposal_nobody_knows_of_lapses_in_silence() {
    for way in WAYS {
        on_both(async |town| {
            let (coordinator, couple) = (town.coordinator().await, town.couple().await);
            leaving(&town, &coordinator, &couple, way, couple.posts()[0]).await;
            assert_eq!(town.states().await, [MatchState::Lapsed], "{way:?}");
            let letters = town.mail().await;
            let told = letters
                .iter()
                .filter(|letter| letter.kind != LetterKind::ExpiryReminder)
                .count();
            assert_eq!(told, 0, "{way:?}: {:?}", summary(&letters));
        });
    }
}

#[test]
fn an_introduction_survives_the_end_of_a_post() {
    for way in WAYS {
        on_both(async |town| {
            let couple = town.introduced().await;
            let coordinator = town.who("coalitie@voorbeeld.nl").await;
            for post in couple.posts() {
                leaving(&town, &coordinator, &couple, way, post).await;
            }
            assert_eq!(town.states().await, [MatchState::Introduced], "{way:?}");
            assert_eq!(town.carried(couple.offer).await, 1);
            let letters = town.day(7).await;
            let asked = letters
                .iter()
                .filter(|letter| letter.kind == LetterKind::OutcomeQuestion)
                .count();
            assert_eq!(asked, 2, "both are still asked how it went");
        });
    }
}

#[test]
fn a_proposal_nobody_reviews_expires_after_a_month_and_coordinators_are_reminded() {
    on_both(async |town| {
        let (coordinator, couple) = (town.coordinator().await, town.couple().await);
        let mut written = Vec::new();
        for day in 0..=35 {
            let letters = town.day(day).await;
            for letter in letters {
                assert_eq!(
                    summary(&[letter]),
                    [format!("review_waiting to {}", coordinator.email)],
                    "day {day}"
                );
                written.push(day);
            }
            let expected = if day < 30 {
                MatchState::Proposed
            } else {
                MatchState::Expired
            };
            assert_eq!(town.found(couple.found).await.state, expected, "day {day}");
        }
        assert_eq!(
            written,
            [3, 11, 19, 27],
            "after three days, then once a week at most, until it ends"
        );
    });
}
