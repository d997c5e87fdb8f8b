//! A standing consent is a yes given in advance: who gave it is not asked, and not told of what they never heard of.

use domain::letters::LetterKind;
use domain::matches::{Answer, MatchState};
use domain::offers::OfferFields;
use domain::posts::{CloseReason, PostId};
use domain::requests::RequestFields;

use super::letters::summary;
use super::town::{Town, approve, consent_token, offer, on_both, request};

fn standing_request() -> RequestFields {
    RequestFields {
        consent: "standing".to_owned(),
        ..request()
    }
}

fn standing_offer() -> OfferFields {
    OfferFields {
        consent: "standing".to_owned(),
        ..offer()
    }
}

/// A couple of which only the asker is asked, with the asker's token.
async fn half_standing(town: &Town) -> (super::town::Couple, String) {
    let coordinator = town.coordinator().await;
    let couple = town.couple_of(request(), standing_offer()).await;
    town.app
        .review_match(&coordinator.viewer, couple.found, approve())
        .await
        .unwrap();
    let letters = town.mail().await;
    assert_eq!(
        summary(&letters),
        [format!("invitation to {}", couple.asker.email)]
    );
    let token = consent_token(&letters[0]);
    (couple, token)
}

#[test]
fn with_one_standing_consent_one_side_is_asked() {
    on_both(async |town| {
        let (couple, token) = half_standing(&town).await;
        let found = town.found(couple.found).await;
        assert_eq!(
            (found.giver.answer, found.asker.answer),
            (Some(Answer::Yes), None)
        );
        town.say(&token, Answer::Yes).await;
        let letters = town.mail().await;
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].kind, LetterKind::Introduction);
        assert_eq!(letters[0].to, [couple.asker.email, couple.giver.email]);
    });
}

#[test]
fn with_two_standing_consents_both_are_introduced_at_once() {
    on_both(async |town| {
        let coordinator = town.coordinator().await;
        let couple = town.couple_of(standing_request(), standing_offer()).await;
        let seen = town
            .app
            .review_match(&coordinator.viewer, couple.found, approve())
            .await
            .unwrap();
        assert_eq!(seen.found.state, MatchState::Introduced);
        let letters = town.mail().await;
        let both = format!(
            "introduction to {} and {}",
            couple.asker.email, couple.giver.email
        );
        assert_eq!(summary(&letters), [both]);
    });
}

#[test]
fn who_was_never_asked_is_not_told_that_it_goes_by() {
    for end in ["declined", "expired", "lapsed"] {
        on_both(async |town| {
            let (couple, token) = half_standing(&town).await;
            let letters = match end {
                "declined" => {
                    town.say(&token, Answer::No).await;
                    town.mail().await
                }
                "expired" => {
                    assert_eq!(town.day(4).await.len(), 1);
                    town.day(10).await
                }
                _ => {
                    let post = PostId::Request(couple.request);
                    town.app
                        .close_post(&couple.asker.viewer, post, CloseReason::Duplicate)
                        .await
                        .unwrap();
                    town.mail().await
                }
            };
            assert_eq!(town.found(couple.found).await.state.code(), end);
            assert_eq!(summary(&letters), Vec::<String>::new(), "{end}");
        });
    }
}

#[test]
fn a_standing_offer_that_is_full_tells_only_who_was_asked() {
    on_both(async |town| {
        let coordinator = town.coordinator().await;
        let giver = town.member("Biedt").await;
        let offered = OfferFields {
            capacity: "1".to_owned(),
            ..standing_offer()
        };
        town.give(&giver, offered).await;
        let mut askers = Vec::new();
        for number in 0..2 {
            let asker = town.member(&format!("Vraagt {number}")).await;
            town.ask(&asker, request()).await;
            askers.push(asker);
        }
        for found in town.matches().await {
            town.app
                .review_match(&coordinator.viewer, found.id, approve())
                .await
                .unwrap();
        }
        let letters = town.mail().await;
        let first = letters
            .iter()
            .find(|letter| letter.is_to(&askers[0].email))
            .unwrap();
        town.say(&consent_token(first), Answer::Yes).await;
        assert_eq!(
            town.states().await,
            [MatchState::Introduced, MatchState::Lapsed]
        );
        let expected = [
            format!("introduction to {} and {}", askers[0].email, giver.email),
            format!("no_introduction to {}", askers[1].email),
        ];
        assert_eq!(summary(&town.mail().await), expected);
    });
}
