//! An offer never carries more introductions than it can, however many say yes at the same moment.

use app::{AppError, Conflict};
use domain::ids::OfferId;
use domain::letters::LetterKind;
use domain::matches::{Answer, DeclineReason, MatchState};
use domain::offers::OfferFields;

use super::letters::{of, only, summary};
use super::town::{Person, Town, approve, consent_token, offer, on_both, request};

/// Askers who were all invited to one offer, which already said yes to each of them.
struct Crowd {
    giver: Person,
    offer: OfferId,
    /// The askers, with the tokens of their invitations.
    askers: Vec<(Person, String)>,
}

async fn crowd(town: &Town, size: usize, capacity: u32) -> Crowd {
    let (coordinator, giver) = (town.coordinator().await, town.member("Biedt").await);
    let offered = OfferFields {
        capacity: capacity.to_string(),
        ..offer()
    };
    let offer = town.give(&giver, offered).await;
    let mut askers = Vec::new();
    for number in 0..size {
        let asker = town.member(&format!("Vraagt {number:02}")).await;
        town.ask(&asker, request()).await;
        askers.push(asker);
    }
    let matches = town.matches().await;
    assert_eq!(matches.len(), size);
    for found in &matches {
        town.app
            .review_match(&coordinator.viewer, found.id, approve())
            .await
            .unwrap();
    }
    let letters = town.mail().await;
    for letter in of(&letters, LetterKind::Invitation, &giver.email) {
        town.say(&consent_token(letter), Answer::Yes).await;
    }
    let tokens = askers.into_iter().map(|asker| {
        let token = consent_token(only(&letters, LetterKind::Invitation, &asker.email));
        (asker, token)
    });
    Crowd {
        askers: tokens.collect(),
        giver,
        offer,
    }
}

/// Lets all say yes at once; gives who was introduced.
async fn rush(town: &Town, crowd: &Crowd) -> Vec<String> {
    let tasks: Vec<_> = crowd
        .askers
        .iter()
        .map(|(asker, token)| {
            let (app, token, email) = (town.app.clone(), token.clone(), asker.email.clone());
            let answer = async move {
                (
                    email,
                    app.answer_consent(&token, Answer::Yes, DeclineReason::Other)
                        .await,
                )
            };
            tokio::spawn(answer)
        })
        .collect();
    let mut introduced = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            (email, Ok(page)) => {
                assert_eq!(page.state.code(), "introduced");
                introduced.push(email);
            }
            (_, Err(AppError::Conflict(Conflict::LinkOver))) => {}
            (email, Err(other)) => panic!("{email}: {other:?}"),
        }
    }
    introduced
}

fn of_fifty_as_many_as_fit(capacity: u32) {
    on_both(async |town| {
        let crowd = crowd(&town, 50, capacity).await;
        let introduced = rush(&town, &crowd).await;
        let fit = usize::try_from(capacity).unwrap();
        assert_eq!(introduced.len(), fit);
        assert_eq!(town.carried(crowd.offer).await, capacity);
        let states = town.states().await;
        assert_eq!(states[..fit], vec![MatchState::Introduced; fit]);
        assert_eq!(
            states[fit..],
            vec![MatchState::Lapsed; 50 - fit],
            "nobody else waits"
        );

        let letters = town.mail().await;
        for (asker, _) in &crowd.askers {
            let kinds: Vec<LetterKind> = letters
                .iter()
                .filter(|letter| letter.is_to(&asker.email))
                .map(|letter| letter.kind)
                .collect();
            let expected = if introduced.contains(&asker.email) {
                LetterKind::Introduction
            } else {
                LetterKind::NoIntroduction
            };
            assert_eq!(kinds, [expected], "{}", asker.email);
        }
        let goodbyes = of(&letters, LetterKind::NoIntroduction, &crowd.giver.email);
        assert_eq!(
            goodbyes.len(),
            50 - fit,
            "the giver said yes to each of them and hears how it ended"
        );
        assert!(
            goodbyes[0]
                .text
                .contains("Het aanbod is op dit moment vol."),
            "{}",
            goodbyes[0].text
        );
        assert_eq!(
            letters.len(),
            fit + 2 * (50 - fit),
            "{:?}",
            summary(&letters)
        );
    });
}

#[test]
fn of_fifty_who_say_yes_at_once_one_gets_the_only_place() {
    of_fifty_as_many_as_fit(1);
}

#[test]
fn of_fifty_who_say_yes_at_once_three_get_the_three_places() {
    of_fifty_as_many_as_fit(3);
}

#[test]
fn a_place_that_comes_free_is_offered_again() {
    on_both(async |town| {
        let crowd = crowd(&town, 2, 1).await;
        town.say(&crowd.askers[0].1, Answer::Yes).await;
        assert_eq!(
            town.states().await,
            [MatchState::Introduced, MatchState::Lapsed]
        );
        let third = town.member("Derde").await;
        town.ask(&third, request()).await;
        assert_eq!(
            town.matches().await.len(),
            2,
            "a full offer is not proposed"
        );
        let met = town
            .matches()
            .await
            .into_iter()
            .find(|found| found.state == MatchState::Introduced)
            .unwrap();
        let asker = &crowd.askers[0].0;
        town.app
            .tell_outcome(&asker.viewer, met.id, domain::matches::Outcome::Succeeded)
            .await
            .unwrap();
        assert_eq!(town.carried(crowd.offer).await, 0);
        let again = town.app.rematch(|_, _| {}).await.unwrap();
        assert_eq!(again.proposed, 2, "who came too late and who came later");
    });
}
