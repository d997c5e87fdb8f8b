//! What people did with matches, as judgments to tune weights on.

use app::{AppError, Judgments};
use domain::matches::{MatchState, Outcome, ReviewReason};
use domain::posts::{CloseReason, PostId};
use matching::Standing;

use super::town::{Couple, approve, on_both, reject};

/// The grade of a couple's pair.
fn grade(found: &Judgments, couple: &Couple) -> Option<u8> {
    let pair = (couple.request.to_string(), couple.offer.to_string());
    found.grades.get(&pair).copied()
}

#[test]
fn a_review_an_answer_and_an_outcome_are_judgments() {
    on_both(async |town| {
        let coordinator = town.coordinator().await;
        let couple = town.couple().await;
        let nothing = town.app.judgments(&town.app.administrator()).await.unwrap();
        assert_eq!(nothing, Judgments::default(), "a proposal of the engine");

        let review = town
            .app
            .review_match(&coordinator.viewer, couple.found, approve());
        review.await.unwrap();
        let approved = town.app.judgments(&town.app.administrator()).await.unwrap();
        assert_eq!(grade(&approved, &couple), Some(2));
        assert_eq!((approved.demands.len(), approved.supplies.len()), (1, 1));
        assert_eq!(approved.demands[0].key, couple.request.to_string());
        assert_eq!(approved.supplies[0].key, couple.offer.to_string());
    });
}

#[test]
fn what_came_of_an_introduction_is_known_also_when_the_posts_are_closed() {
    on_both(async |town| {
        let couple = town.introduced().await;
        let met = town.app.judgments(&town.app.administrator()).await.unwrap();
        assert_eq!(grade(&met, &couple), Some(2));
        let told = town
            .app
            .tell_outcome(&couple.giver.viewer, couple.found, Outcome::Succeeded)
            .await
            .unwrap();
        assert_eq!(told.state, MatchState::Succeeded);
        let request = PostId::Request(couple.request);
        let close = town
            .app
            .close_post(&couple.asker.viewer, request, CloseReason::FulfilledHere);
        close.await.unwrap();
        let found = town.app.judgments(&town.app.administrator()).await.unwrap();
        assert_eq!(grade(&found, &couple), Some(3));
        assert_eq!(found.demands[0].standing, Standing::Live);
        assert!(found.supplies[0].capacity_left > 0);
    });
}

#[test]
fn a_refusal_is_a_judgment_only_when_it_is_about_the_fit() {
    on_both(async |town| {
        let (coordinator, couple) = (town.coordinator().await, town.couple().await);
        let mut review = reject();
        review.reason = ReviewReason::WrongSupport;
        let refused = town
            .app
            .review_match(&coordinator.viewer, couple.found, review);
        refused.await.unwrap();
        let found = town.app.judgments(&town.app.administrator()).await.unwrap();
        assert_eq!(grade(&found, &couple), Some(0));
    });
}

#[test]
fn only_who_coordinates_sees_judgments() {
    on_both(async |town| {
        let couple = town.couple().await;
        let refused = town.app.judgments(&couple.asker.viewer).await;
        assert!(matches!(refused, Err(AppError::Forbidden)), "{refused:?}");
    });
}
