//! How proposals come: by themselves, after review or without it, and no more than a request can have.

use app::config::Review;
use domain::explanation::Signal;
use domain::letters::LetterKind;
use domain::matches::{MatchOrigin, MatchState};
use domain::offers::OfferFields;
use domain::posts::PostId;
use domain::requests::RequestFields;

use super::letters::{of, summary};
use super::town::{offer, on_both, on_both_with, request};

#[test]
fn posts_that_fit_are_proposed_whichever_comes_first() {
    on_both(async |town| {
        let (asker, giver) = (town.member("Vraagt").await, town.member("Biedt").await);
        town.ask(&asker, request()).await;
        town.give(&giver, offer()).await;
        town.ask(&asker, request()).await;
        assert_eq!(town.states().await, [MatchState::Proposed; 2]);
        for found in town.matches().await {
            assert_eq!((found.origin, found.round), (MatchOrigin::Engine, 1));
            let parts: f64 = found
                .explanation
                .parts
                .iter()
                .map(|part| part.contribution)
                .sum();
            assert!(
                (parts - found.explanation.score).abs() < 1e-9,
                "the parts add up to the score"
            );
            assert!(found.explanation.part(Signal::Region).is_some());
            assert!(
                found.weights.contains("proposal_threshold"),
                "{}",
                found.weights
            );
        }
        assert_eq!(
            summary(&town.mail().await),
            Vec::<String>::new(),
            "nobody is asked before the review"
        );
    });
}

#[test]
fn what_does_not_fit_is_not_proposed() {
    on_both(async |town| {
        let (asker, giver) = (town.member("Vraagt").await, town.member("Biedt").await);
        town.give(&asker, offer()).await;
        town.ask(&asker, request()).await;
        town.give(
            &giver,
            OfferFields {
                reach: vec!["GM0014".to_owned()],
                ..offer()
            },
        )
        .await;
        town.give(
            &giver,
            OfferFields {
                title: "Zonnepanelen voor daken".to_owned(),
                body: "Wij rekenen uit wat zonnepanelen op uw dak opbrengen.".to_owned(),
                themes: vec!["energiecooperatie".to_owned()],
                phases: vec!["vernieuwing".to_owned()],
                support: vec!["kennis".to_owned()],
                ..offer()
            },
        )
        .await;
        assert_eq!(town.matches().await, []);
        assert_eq!(town.app.rematch(|_, _| {}).await.unwrap().proposed, 0);
    });
}

#[test]
fn a_request_has_no_more_proposals_than_the_setting_and_the_rematch_fills_it_up() {
    on_both_with(
        |config| config.matching.max_proposals = 2,
        async |town| {
            let coordinator = town.coordinator().await;
            let asker = town.member("Vraagt").await;
            town.ask(&asker, request()).await;
            for number in 0..4 {
                let giver = town.member(&format!("Biedt {number}")).await;
                town.give(&giver, offer()).await;
            }
            assert_eq!(town.states().await, [MatchState::Proposed; 2]);
            let first = town.matches().await[0].id;
            town.app
                .review_match(&coordinator.viewer, first, super::town::reject())
                .await
                .unwrap();
            let mut heard = Vec::new();
            let done = town
                .app
                .rematch(|at, of| heard.push((at, of)))
                .await
                .unwrap();
            assert_eq!((done.requests, done.offers, done.proposed), (1, 4, 1));
            assert_eq!(heard, [(1, 1)]);
            assert_eq!(
                town.states().await,
                [
                    MatchState::Proposed,
                    MatchState::Proposed,
                    MatchState::Rejected
                ]
            );
        },
    );
}

#[test]
fn a_region_may_go_without_review() {
    let dial = |config: &mut app::config::Config| {
        config.matching.review = Review::All;
        config.matching.review_in = [("PV22".parse().unwrap(), Review::None)].into();
    };
    on_both_with(dial, async |town| {
        let giver = town.member("Landelijk").await;
        town.give(
            &giver,
            OfferFields {
                reach: vec!["NL".to_owned()],
                ..offer()
            },
        )
        .await;
        let (here, there) = (town.member("Apeldoorn").await, town.member("Assen").await);
        town.ask(&here, request()).await;
        assert_eq!(town.states().await, [MatchState::Proposed]);
        town.ask(
            &there,
            RequestFields {
                place: "Assen".to_owned(),
                ..request()
            },
        )
        .await;
        assert_eq!(
            town.states().await,
            [MatchState::Proposed, MatchState::Invited]
        );
        let letters = town.mail().await;
        assert_eq!(of(&letters, LetterKind::Invitation, &there.email).len(), 1);
        assert_eq!(of(&letters, LetterKind::Invitation, &giver.email).len(), 1);
        assert_eq!(letters.len(), 2, "{:?}", summary(&letters));
    });
}

#[test]
fn high_scores_may_go_without_review() {
    for (threshold, expected) in [(0.6, MatchState::Invited), (1.0, MatchState::Proposed)] {
        let dial = |config: &mut app::config::Config| {
            config.matching.review = Review::BelowThreshold;
            config.matching.skip_review_at = threshold;
        };
        on_both_with(dial, async |town| {
            let couple = town.couple().await;
            let score = town.found(couple.found).await.explanation.score;
            assert!((0.6..1.0).contains(&score), "{score}");
            assert_eq!(town.states().await, [expected], "{threshold}");
        });
    }
}

#[test]
fn a_full_offer_is_not_proposed_although_nothing_is_reviewed() {
    on_both_with(
        |config| config.matching.review = Review::None,
        async |town| {
            let giver = town.member("Biedt").await;
            for number in 0..3 {
                let asker = town.member(&format!("Vraagt {number}")).await;
                town.ask(
                    &asker,
                    RequestFields {
                        consent: "standing".to_owned(),
                        ..request()
                    },
                )
                .await;
            }
            let offered = OfferFields {
                consent: "standing".to_owned(),
                capacity: "1".to_owned(),
                ..offer()
            };
            let id = town.give(&giver, offered).await;
            assert_eq!(
                town.states().await,
                [MatchState::Introduced],
                "one fits, and nobody else is bothered"
            );
            assert_eq!(town.carried(id).await, 1);
            assert_eq!(town.mail().await.len(), 1);
            let all = town
                .app
                .fits_of_post(&giver.viewer, PostId::Offer(id))
                .await
                .unwrap();
            assert_eq!(all.len(), 1);
        },
    );
}
