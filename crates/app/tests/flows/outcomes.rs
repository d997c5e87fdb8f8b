//! What came of an introduction: asked after a week and a month, told by link or by a member, unknown after six weeks.

use app::{AppError, Conflict};
use domain::letters::LetterKind;
use domain::matches::{MatchState, Outcome};

use super::letters::{Received, of, only, summary};
use super::town::{Couple, Town, on_both};

/// The tokens of the questions to asker and giver.
fn tokens(letters: &[Received], couple: &Couple) -> [String; 2] {
    [&couple.asker, &couple.giver]
        .map(|person| only(letters, LetterKind::OutcomeQuestion, &person.email).token("/uitkomst"))
}

async fn state(town: &Town, couple: &Couple) -> MatchState {
    town.found(couple.found).await.state
}

#[test]
fn both_are_asked_after_a_week_and_after_a_month_and_then_it_is_unknown() {
    on_both(async |town| {
        let couple = town.introduced().await;
        let mut asked = Vec::new();
        for day in 0..=60 {
            let letters = town.day(day).await;
            for person in [&couple.asker, &couple.giver] {
                asked.extend(
                    of(&letters, LetterKind::OutcomeQuestion, &person.email)
                        .iter()
                        .map(|_| day),
                );
            }
            let expected = if day < 44 {
                MatchState::Introduced
            } else {
                MatchState::Unknown
            };
            assert_eq!(state(&town, &couple).await, expected, "day {day}");
            assert_eq!(
                town.carried(couple.offer).await,
                u32::from(day < 44),
                "day {day}"
            );
        }
        assert_eq!(asked, [7, 7, 30, 30]);
    });
}

#[test]
fn one_side_says_by_link_that_it_succeeded() {
    on_both(async |town| {
        let couple = town.introduced().await;
        let [asker, giver] = tokens(&town.day(7).await, &couple);
        let page = town.app.outcome(&asker).await.unwrap();
        assert_eq!(
            (page.said, page.other_organisation.as_str()),
            (None, "Dorpshuis")
        );
        let page = town
            .app
            .tell_outcome_by_link(&asker, Outcome::Succeeded)
            .await
            .unwrap();
        assert_eq!(
            (page.state, page.said),
            (MatchState::Succeeded, Some(Outcome::Succeeded))
        );
        assert_eq!(
            town.carried(couple.offer).await,
            0,
            "the place is free again"
        );
        let late = town.app.tell_outcome_by_link(&giver, Outcome::Failed).await;
        let Err(AppError::Conflict(Conflict::Match {
            state: MatchState::Succeeded,
        })) = late
        else {
            panic!("{late:?}");
        };
        assert_eq!(
            summary(&town.day(30).await),
            Vec::<String>::new(),
            "nobody is asked again"
        );
    });
}

#[test]
fn both_sides_say_that_it_failed() {
    on_both(async |town| {
        let couple = town.introduced().await;
        let [asker, _] = tokens(&town.day(7).await, &couple);
        town.app
            .tell_outcome_by_link(&asker, Outcome::Failed)
            .await
            .unwrap();
        assert_eq!(state(&town, &couple).await, MatchState::Introduced);
        assert_eq!(town.carried(couple.offer).await, 1);
        let letters = town.day(30).await;
        assert_eq!(
            summary(&letters),
            [format!("outcome_question to {}", couple.giver.email)]
        );
        let found = town
            .app
            .tell_outcome(&couple.giver.viewer, couple.found, Outcome::Failed)
            .await
            .unwrap();
        assert_eq!(found.state, MatchState::Failed);
        assert_eq!(town.carried(couple.offer).await, 0);
    });
}

#[test]
fn one_failure_and_silence_is_a_failure() {
    on_both(async |town| {
        let couple = town.introduced().await;
        town.app
            .tell_outcome(&couple.giver.viewer, couple.found, Outcome::Failed)
            .await
            .unwrap();
        for day in [7, 30, 43] {
            town.day(day).await;
            assert_eq!(
                state(&town, &couple).await,
                MatchState::Introduced,
                "day {day}"
            );
        }
        town.day(44).await;
        assert_eq!(state(&town, &couple).await, MatchState::Failed);
        assert_eq!(town.carried(couple.offer).await, 0);
    });
}

#[test]
fn who_is_busy_is_asked_again_and_may_change_their_mind() {
    on_both(async |town| {
        let couple = town.introduced().await;
        let [asker, giver] = tokens(&town.day(7).await, &couple);
        town.app
            .tell_outcome_by_link(&asker, Outcome::Busy)
            .await
            .unwrap();
        town.app
            .tell_outcome_by_link(&giver, Outcome::Failed)
            .await
            .unwrap();
        town.app
            .tell_outcome_by_link(&giver, Outcome::Busy)
            .await
            .unwrap();
        assert_eq!(town.day(30).await.len(), 2, "both are still at it");
        town.app
            .tell_outcome_by_link(&giver, Outcome::Succeeded)
            .await
            .unwrap();
        assert_eq!(state(&town, &couple).await, MatchState::Succeeded);
    });
}

#[test]
fn a_late_word_replaces_unknown_and_frees_nothing_twice() {
    on_both(async |town| {
        let couple = town.introduced().await;
        let letters = town.day(30).await;
        let token =
            only(&letters, LetterKind::OutcomeQuestion, &couple.asker.email).token("/uitkomst");
        town.day(44).await;
        assert_eq!(state(&town, &couple).await, MatchState::Unknown);
        let db = town.db();
        let offer = couple.offer;
        db.write(move |conn| store::offers::carry(conn, offer))
            .await
            .unwrap();
        town.app
            .tell_outcome_by_link(&token, Outcome::Succeeded)
            .await
            .unwrap();
        assert_eq!(state(&town, &couple).await, MatchState::Succeeded);
        assert_eq!(
            town.carried(couple.offer).await,
            1,
            "another introduction keeps its place"
        );
        town.set_day(30 + 60);
        let late = town.app.outcome(&token).await;
        assert!(
            matches!(late, Err(AppError::Conflict(Conflict::LinkOver))),
            "{late:?}"
        );
        assert!(matches!(
            town.app.outcome("onbekend").await,
            Err(AppError::NotFound)
        ));
    });
}

#[test]
fn there_is_nothing_to_tell_before_an_introduction() {
    on_both(async |town| {
        let couple = town.couple().await;
        let early = town
            .app
            .tell_outcome(&couple.asker.viewer, couple.found, Outcome::Succeeded)
            .await;
        let Err(AppError::Conflict(Conflict::Match {
            state: MatchState::Proposed,
        })) = early
        else {
            panic!("{early:?}");
        };
        let coordinator = town.coordinator().await;
        let foreign = town
            .app
            .tell_outcome(&coordinator.viewer, couple.found, Outcome::Succeeded)
            .await;
        assert!(
            matches!(foreign, Err(AppError::NotFound)),
            "a coordinator does not speak for a party: {foreign:?}"
        );
    });
}

#[test]
fn two_who_tell_at_once_free_one_place() {
    on_both(async |town| {
        let couple = town.introduced().await;
        let db = town.db();
        let offer = couple.offer;
        db.write(move |conn| store::offers::carry(conn, offer))
            .await
            .unwrap();
        let tasks: Vec<_> = [&couple.asker, &couple.giver, &couple.asker, &couple.giver]
            .into_iter()
            .map(|person| {
                let (app, viewer, id) = (town.app.clone(), person.viewer.clone(), couple.found);
                tokio::spawn(async move {
                    app.tell_outcome(&viewer, id, Outcome::Succeeded)
                        .await
                        .is_ok()
                })
            })
            .collect();
        let mut told = 0;
        for task in tasks {
            told += usize::from(task.await.unwrap());
        }
        assert_eq!((told, town.carried(couple.offer).await), (1, 1));
    });
}
