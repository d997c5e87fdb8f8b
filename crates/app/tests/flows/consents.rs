//! Both sides are asked: two invitations, two answers, one introduction; and what looking and answering twice do.

use app::{AppError, Conflict, ConsentState, page_path};
use domain::letters::{DeliveryState, LetterKind};
use domain::links::LinkPurpose;
use domain::matches::{Answer, DeclineReason, MatchState, Side};
use store::Slice;

use super::dump::dump;
use super::letters::{of, only, summary};
use super::town::{approve, consent_token, on_both};

#[test]
fn an_approved_proposal_asks_both_sides_with_a_link_of_their_own() {
    on_both(async |town| {
        let (coordinator, couple) = (town.coordinator().await, town.couple().await);
        let seen = town
            .app
            .review_match(&coordinator.viewer, couple.found, approve())
            .await
            .unwrap();
        assert_eq!(seen.found.state, MatchState::Invited);
        assert_eq!(
            seen.found.reviewed_by,
            coordinator.viewer.member().map(|member| member.id)
        );
        let letters = town.mail().await;
        let expected = [
            format!("invitation to {}", couple.asker.email),
            format!("invitation to {}", couple.giver.email),
        ];
        assert_eq!(summary(&letters), expected);
        let to_asker = only(&letters, LetterKind::Invitation, &couple.asker.email);
        let to_giver = only(&letters, LetterKind::Invitation, &couple.giver.email);
        assert_ne!(consent_token(to_asker), consent_token(to_giver));
        for (letter, other) in [(to_asker, &couple.giver), (to_giver, &couple.asker)] {
            assert!(
                letter.text.contains("Dezelfde gemeente") || letter.text.contains("gemeente"),
                "{}",
                letter.text
            );
            assert!(
                !letter.text.contains(&other.email) && !letter.html.contains(&other.email),
                "{}",
                letter.text
            );
            assert!(
                !letter
                    .text
                    .contains(other.viewer.member().unwrap().name.as_str()),
                "{}",
                letter.text
            );
            assert_eq!(letter.token(page_path(LinkPurpose::Settings)).len(), 43);
        }
        assert_eq!(
            summary(&town.day(1).await),
            Vec::<String>::new(),
            "nobody is asked twice"
        );
    });
}

#[test]
fn two_yeses_introduce_both_in_one_letter() {
    on_both(async |town| {
        let (coordinator, couple) = (town.coordinator().await, town.couple().await);
        let asked = town.invite(&coordinator, &couple).await;
        let page = town.app.consent(&asked.asker).await.unwrap();
        assert_eq!((page.side, page.state), (Side::Request, ConsentState::Open));
        assert_eq!(page.other_organisation, "Dorpshuis");
        assert!(!page.reasons.is_empty());

        let page = town
            .app
            .answer_consent(&asked.asker, Answer::Yes, DeclineReason::Other)
            .await
            .unwrap();
        assert_eq!(page.state, ConsentState::Waiting);
        assert_eq!(summary(&town.mail().await), Vec::<String>::new());
        let page = town
            .app
            .answer_consent(&asked.giver, Answer::Yes, DeclineReason::Other)
            .await
            .unwrap();
        assert_eq!(page.state, ConsentState::Introduced);
        assert_eq!(
            town.app.consent(&asked.asker).await.unwrap().state,
            ConsentState::Introduced
        );

        let letters = town.mail().await;
        let [letter] = letters.as_slice() else {
            panic!("one letter, not {:?}", summary(&letters));
        };
        let both = [couple.asker.email.clone(), couple.giver.email.clone()];
        assert_eq!(letter.kind, LetterKind::Introduction);
        assert_eq!(
            (letter.to.as_slice(), letter.reply_to.as_slice()),
            (both.as_slice(), both.as_slice())
        );
        for phrase in [
            "Apeldoorn",
            "Buurtkeuken Jansen",
            "Dorpshuis Jansen",
            "Waarom u bij elkaar past:\n- ",
        ] {
            assert!(letter.text.contains(phrase), "{phrase} in {}", letter.text);
        }
        let reasons = town
            .app
            .find_match(&couple.asker.viewer, couple.found)
            .await
            .unwrap()
            .found
            .explanation;
        assert!(reasons.score >= town.config.matching.weights.proposal_threshold);
        let page = town
            .app
            .list_outbox(&coordinator.viewer, None, Slice::first(50))
            .await
            .unwrap();
        let copies: Vec<_> = page
            .items
            .iter()
            .filter(|listed| listed.kind == LetterKind::Introduction)
            .collect();
        assert_eq!(copies.len(), 2, "one copy for each reader");
        assert!(
            copies
                .iter()
                .all(|listed| listed.delivery.state == DeliveryState::Sent)
        );
        assert_ne!(copies[0].delivery.recipient, copies[1].delivery.recipient);
        assert_eq!(town.carried(couple.offer).await, 1);
    });
}

#[test]
fn a_no_ends_it_and_the_other_side_is_told_once() {
    on_both(async |town| {
        let (coordinator, couple) = (town.coordinator().await, town.couple().await);
        let asked = town.invite(&coordinator, &couple).await;
        town.say(&asked.asker, Answer::Yes).await;
        let page = town
            .app
            .answer_consent(&asked.giver, Answer::No, DeclineReason::Solved)
            .await
            .unwrap();
        assert_eq!(page.state, ConsentState::Declined);
        let found = town.found(couple.found).await;
        assert_eq!(found.state, MatchState::Declined);
        assert_eq!(
            (found.declined_by, found.reason.as_str()),
            (Some(Side::Offer), "solved")
        );
        assert_eq!(
            town.app.consent(&asked.asker).await.unwrap().state,
            ConsentState::Over
        );

        let letters = town.mail().await;
        assert_eq!(
            summary(&letters),
            [format!("no_introduction to {}", couple.asker.email)]
        );
        let goodbye = &letters[0];
        assert!(
            goodbye.text.contains("ziet op dit moment geen vervolg"),
            "{}",
            goodbye.text
        );
        assert!(
            !goodbye.text.contains("solved") && !goodbye.text.contains("opgelost"),
            "the reason stays with us"
        );
        assert!(goodbye.answers.is_some(), "it stands under the invitation");

        let again = town.app.rematch(|_, _| {}).await.unwrap();
        assert_eq!((again.requests, again.offers, again.proposed), (1, 1, 0));
        town.app
            .edit_request(&couple.asker.viewer, couple.request, None, |fields| {
                fields.body.push('!');
            })
            .await
            .unwrap();
        let restarted = town.second_process().await;
        assert_eq!(restarted.rematch(|_, _| {}).await.unwrap().proposed, 0);
        assert_eq!(
            town.states().await,
            [MatchState::Declined],
            "the pair is not proposed again"
        );
        for day in [1, 5, 11, 40] {
            let letters = town.day(day).await;
            assert!(
                of(&letters, LetterKind::NoIntroduction, &couple.asker.email).is_empty(),
                "day {day}"
            );
        }
    });
}

#[test]
fn who_answers_twice_is_told_so_and_nothing_changes() {
    on_both(async |town| {
        let (coordinator, couple) = (town.coordinator().await, town.couple().await);
        let asked = town.invite(&coordinator, &couple).await;
        town.say(&asked.asker, Answer::Yes).await;
        let before = dump(&town.url);
        for answer in [Answer::Yes, Answer::No] {
            let again = town
                .app
                .answer_consent(&asked.asker, answer, DeclineReason::NotNow)
                .await;
            assert!(
                matches!(again, Err(AppError::Conflict(Conflict::Answered))),
                "{again:?}"
            );
        }
        assert_eq!(dump(&town.url), before);
        let unknown = town
            .app
            .answer_consent("onbekend", Answer::Yes, DeclineReason::NotNow)
            .await;
        assert!(matches!(unknown, Err(AppError::NotFound)), "{unknown:?}");
        assert!(matches!(
            town.app.consent("onbekend").await,
            Err(AppError::NotFound)
        ));
        let other_page = town.app.outcome(&asked.asker).await;
        assert!(
            matches!(other_page, Err(AppError::NotFound)),
            "a link is for one purpose: {other_page:?}"
        );
    });
}

#[test]
fn an_answer_after_the_end_comes_too_late() {
    on_both(async |town| {
        let (coordinator, couple) = (town.coordinator().await, town.couple().await);
        let asked = town.invite(&coordinator, &couple).await;
        // The deadline counts even when no job has run.
        town.set_day(10);
        assert_eq!(
            town.app.consent(&asked.asker).await.unwrap().state,
            ConsentState::Over
        );
        let late = town
            .app
            .answer_consent(&asked.asker, Answer::Yes, DeclineReason::NotNow)
            .await;
        assert!(
            matches!(late, Err(AppError::Conflict(Conflict::LinkOver))),
            "{late:?}"
        );
        town.day(10).await;
        assert_eq!(town.found(couple.found).await.state, MatchState::Expired);
        let late = town
            .app
            .answer_consent(&asked.giver, Answer::No, DeclineReason::NotNow)
            .await;
        assert!(
            matches!(late, Err(AppError::Conflict(Conflict::LinkOver))),
            "{late:?}"
        );
    });
}

#[test]
fn both_answer_at_the_same_moment_and_are_introduced_once() {
    on_both(async |town| {
        let (coordinator, couple) = (town.coordinator().await, town.couple().await);
        let asked = town.invite(&coordinator, &couple).await;
        let tasks: Vec<_> = [&asked.asker, &asked.giver, &asked.asker, &asked.giver]
            .into_iter()
            .map(|token| {
                let (app, token) = (town.app.clone(), token.clone());
                tokio::spawn(async move {
                    app.answer_consent(&token, Answer::Yes, DeclineReason::Other)
                        .await
                })
            })
            .collect();
        let mut answers = Vec::new();
        for task in tasks {
            answers.push(task.await.unwrap());
        }
        let taken = answers.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(taken, 2, "{answers:?}");
        let letters = town.mail().await;
        assert_eq!(letters.len(), 1, "{:?}", summary(&letters));
        assert_eq!(town.found(couple.found).await.state, MatchState::Introduced);
        assert_eq!(town.carried(couple.offer).await, 1);
    });
}

#[test]
fn looking_changes_nothing() {
    on_both(async |town| {
        let (coordinator, couple) = (town.coordinator().await, town.couple().await);
        let asked = town.invite(&coordinator, &couple).await;
        town.say(&asked.asker, Answer::Yes).await;
        town.say(&asked.giver, Answer::Yes).await;
        let letters = town.day(7).await;
        let outcome =
            only(&letters, LetterKind::OutcomeQuestion, &couple.asker.email).token("/uitkomst");
        let letters = town.day(80).await;
        let reminder = only(&letters, LetterKind::ExpiryReminder, &couple.asker.email);
        let (renew, close) = (reminder.token("/verlengen"), reminder.token("/sluiten"));
        let settings = reminder.token("/instellingen");
        town.set_day(5);
        town.app
            .register(app::RegistrationFields {
                organisation: "Nieuw".to_owned(),
                kind: "partner".to_owned(),
                name: "Ans Bos".to_owned(),
                email: "ans@voorbeeld.nl".to_owned(),
                ..app::RegistrationFields::default()
            })
            .await
            .unwrap();
        let letters = town.mail().await;
        let confirm =
            only(&letters, LetterKind::Confirmation, "ans@voorbeeld.nl").token("/bevestigen");

        let before = dump(&town.url);
        for _ in 0..100 {
            town.app.confirmation(&confirm).await.unwrap();
            town.app.consent(&asked.asker).await.unwrap();
            town.app.outcome(&outcome).await.unwrap();
            town.app
                .asked_of_post(&renew, LinkPurpose::Renew)
                .await
                .unwrap();
            town.app
                .asked_of_post(&close, LinkPurpose::Close)
                .await
                .unwrap();
            town.app.settings_of(&settings).await.unwrap();
        }
        assert_eq!(dump(&town.url), before);
    });
}
