//! What coordinators decide: they reject, and they make matches by hand.

use app::{AppError, Conflict};
use domain::letters::LetterKind;
use domain::matches::{Answer, MatchOrigin, MatchState};
use domain::offers::OfferFields;
use domain::posts::{CloseReason, PostId};
use domain::requests::RequestFields;

use super::letters::{of, summary};
use super::town::{Person, Town, approve, consent_token, offer, on_both, reject, request};

#[test]
fn a_rejected_proposal_is_kept_with_its_reason_and_never_comes_back() {
    on_both(async |town| {
        let (coordinator, couple) = (town.coordinator().await, town.couple().await);
        let seen = town
            .app
            .review_match(&coordinator.viewer, couple.found, reject())
            .await
            .unwrap();
        assert_eq!(
            (seen.found.state, seen.found.reason.as_str()),
            (MatchState::Rejected, "already_in_touch")
        );
        assert_eq!(seen.found.note, "Zij spraken elkaar gisteren.");
        let again = town
            .app
            .review_match(&coordinator.viewer, couple.found, approve())
            .await;
        let Err(AppError::Conflict(Conflict::Match {
            state: MatchState::Rejected,
        })) = again
        else {
            panic!("{again:?}");
        };
        assert_eq!(town.app.rematch(|_, _| {}).await.unwrap().proposed, 0);
        assert_eq!(
            summary(&town.day(40).await),
            Vec::<String>::new(),
            "nobody hears of it"
        );
    });
}

#[test]
fn an_approved_proposal_cannot_be_approved_again() {
    on_both(async |town| {
        let (coordinator, couple) = (town.coordinator().await, town.couple().await);
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let (app, viewer, id) =
                    (town.app.clone(), coordinator.viewer.clone(), couple.found);
                tokio::spawn(async move { app.review_match(&viewer, id, approve()).await.is_ok() })
            })
            .collect();
        let mut taken = 0;
        for task in tasks {
            taken += usize::from(task.await.unwrap());
        }
        assert_eq!(taken, 1);
        assert_eq!(town.mail().await.len(), 2);
    });
}

async fn refused_gate(
    town: &Town,
    coordinator: &Person,
    request: domain::ids::RequestId,
    offer: domain::ids::OfferId,
) -> &'static str {
    let before = town.matches().await.len();
    let refused = town
        .app
        .match_by_hand(&coordinator.viewer, request, offer)
        .await;
    assert_eq!(
        town.matches().await.len(),
        before,
        "a refused match is not kept"
    );
    match refused {
        Err(AppError::Conflict(Conflict::Refused { gate })) => gate,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_match_by_hand_needs_no_score_but_passes_the_gates() {
    on_both(async |town| {
        let coordinator = town.coordinator().await;
        let (asker, giver) = (town.member("Vraagt").await, town.member("Biedt").await);
        let asked = town.ask(&asker, request()).await;
        let unlike = OfferFields {
            title: "Zonnepanelen voor daken".to_owned(),
            body: "Wij rekenen uit wat zonnepanelen op uw dak opbrengen.".to_owned(),
            themes: vec!["energiecooperatie".to_owned()],
            support: vec!["kennis".to_owned()],
            ..offer()
        };
        let unlike_id = town.give(&giver, unlike.clone()).await;
        assert_eq!(town.matches().await, []);
        let made = town
            .app
            .match_by_hand(&coordinator.viewer, asked, unlike_id)
            .await
            .unwrap();
        assert_eq!(
            (made.found.state, made.found.origin),
            (MatchState::Invited, MatchOrigin::Manual)
        );
        assert!(made.found.explanation.score < town.config.matching.weights.proposal_threshold);
        let letters = town.mail().await;
        assert_eq!(letters.len(), 2, "{:?}", summary(&letters));
        let again = town
            .app
            .match_by_hand(&coordinator.viewer, asked, unlike_id)
            .await;
        assert!(
            matches!(again, Err(AppError::Conflict(Conflict::MatchGoing))),
            "{again:?}"
        );

        let far = OfferFields {
            reach: vec!["GM0014".to_owned()],
            ..unlike.clone()
        };
        let far = town.give(&giver, far).await;
        assert_eq!(
            refused_gate(&town, &coordinator, asked, far).await,
            "outOfReach"
        );
        let own = town.give(&asker, unlike.clone()).await;
        assert_eq!(
            refused_gate(&town, &coordinator, asked, own).await,
            "sameOrganisation"
        );
        let closed = town.give(&giver, unlike).await;
        town.app
            .close_post(&giver.viewer, PostId::Offer(closed), CloseReason::Duplicate)
            .await
            .unwrap();
        assert_eq!(
            refused_gate(&town, &coordinator, asked, closed).await,
            "supplyNotOpen"
        );
        town.app
            .pause_post(&asker.viewer, PostId::Request(asked))
            .await
            .unwrap();
        assert_eq!(
            refused_gate(&town, &coordinator, asked, unlike_id).await,
            "demandNotOpen"
        );
    });
}

#[test]
fn a_neighbour_is_matched_by_hand_only_when_the_offer_says_so() {
    on_both(async |town| {
        let coordinator = town.coordinator().await;
        let (asker, giver) = (town.member("Vraagt").await, town.member("Biedt").await);
        let in_epe = RequestFields {
            place: "Epe".to_owned(),
            ..request()
        };
        let asked = town.ask(&asker, in_epe).await;
        let strict = town.give(&giver, offer()).await;
        assert_eq!(
            refused_gate(&town, &coordinator, asked, strict).await,
            "outOfReach"
        );
        let open = town
            .give(
                &giver,
                OfferFields {
                    neighbours: true,
                    ..offer()
                },
            )
            .await;
        assert!(town.matches().await.iter().all(|found| found.offer == open));
        town.app
            .edit_offer(&giver.viewer, strict, None, |fields| {
                fields.neighbours = true;
            })
            .await
            .unwrap();
        assert!(
            town.matches()
                .await
                .iter()
                .any(|found| found.offer == strict),
            "an edit is matched at once"
        );
    });
}

#[test]
fn after_a_no_only_a_coordinator_can_try_again() {
    on_both(async |town| {
        let (coordinator, couple) = (town.coordinator().await, town.couple().await);
        let asked = town.invite(&coordinator, &couple).await;
        let going = town
            .app
            .match_by_hand(&coordinator.viewer, couple.request, couple.offer)
            .await;
        assert!(
            matches!(going, Err(AppError::Conflict(Conflict::MatchGoing))),
            "{going:?}"
        );
        town.say(&asked.giver, Answer::No).await;
        town.mail().await;
        assert_eq!(town.app.rematch(|_, _| {}).await.unwrap().proposed, 0);

        let made = town
            .app
            .match_by_hand(&coordinator.viewer, couple.request, couple.offer)
            .await
            .unwrap();
        assert_eq!(
            (made.found.round, made.found.state),
            (2, MatchState::Invited)
        );
        let letters = town.mail().await;
        for person in [&couple.asker, &couple.giver] {
            let token = consent_token(of(&letters, LetterKind::Invitation, &person.email)[0]);
            town.say(&token, Answer::Yes).await;
        }
        assert_eq!(
            town.found(made.found.id).await.state,
            MatchState::Introduced
        );
        assert_eq!(
            town.states().await,
            [MatchState::Introduced, MatchState::Declined]
        );
        let full = town
            .app
            .match_by_hand(&coordinator.viewer, couple.request, couple.offer)
            .await;
        assert!(
            matches!(full, Err(AppError::Conflict(Conflict::MatchGoing))),
            "{full:?}"
        );
    });
}

#[test]
fn of_two_coordinators_who_make_the_same_match_one_is_in_time() {
    on_both(async |town| {
        let coordinator = town.coordinator().await;
        let (asker, giver) = (town.member("Vraagt").await, town.member("Biedt").await);
        let asked = town
            .ask(
                &asker,
                RequestFields {
                    support: Vec::new(),
                    themes: Vec::new(),
                    phase: String::new(),
                    ..request()
                },
            )
            .await;
        // Neither says what the other does, so that the engine proposes nothing.
        let unlike = OfferFields {
            title: "Les over statuten".to_owned(),
            body: "Wij leggen uit wat er in de statuten van een vereniging hoort te staan."
                .to_owned(),
            themes: vec!["wonen".to_owned()],
            phases: vec!["vernieuwing".to_owned()],
            support: vec!["juridisch".to_owned()],
            ..offer()
        };
        let offered = town.give(&giver, unlike).await;
        let earlier = town.matches().await.len();
        assert_eq!(earlier, 0);
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let (app, viewer) = (town.app.clone(), coordinator.viewer.clone());
                tokio::spawn(
                    async move { app.match_by_hand(&viewer, asked, offered).await.is_ok() },
                )
            })
            .collect();
        let mut made = 0;
        for task in tasks {
            made += usize::from(task.await.unwrap());
        }
        assert_eq!((made, town.matches().await.len()), (1, 1));
    });
}
