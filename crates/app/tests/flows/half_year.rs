//! A virtual half-year of a small market, day by day: nothing outlives its deadline, nobody is written to twice.

use std::collections::{BTreeMap, BTreeSet};

use app::AppError;
use chrono::TimeDelta;
use domain::letters::LetterKind;
use domain::matches::{Answer, DeclineReason, MatchState, Outcome};
use domain::offers::OfferFields;
use domain::posts::{PostId, PostState};
use domain::requests::RequestFields;

use super::letters::Received;
use super::town::{Person, Town, approve, consent_token, offer, on_both, reject, request};

/// Days the market runs: an evergreen offer ends a month after its half year.
const DAYS: i64 = 215;

const THEMES: [&str; 3] = ["dorpshuis", "buurttuin", "energiecooperatie"];

/// Places what the market starts with: nine requests, three offers of which one is evergreen.
async fn fill(town: &Town) -> Vec<PostId> {
    let mut posts = Vec::new();
    for (number, theme) in THEMES.iter().enumerate() {
        let giver = town.member(&format!("Biedt {number}")).await;
        let fields = OfferFields {
            themes: vec![(*theme).to_owned()],
            evergreen: number == 0,
            capacity: "2".to_owned(),
            ..offer()
        };
        posts.push(PostId::Offer(town.give(&giver, fields).await));
    }
    for number in 0..9 {
        let asker = town.member(&format!("Vraagt {number}")).await;
        let fields = RequestFields {
            themes: vec![THEMES[number % 3].to_owned()],
            ..request()
        };
        posts.push(PostId::Request(town.ask(&asker, fields).await));
    }
    posts
}

/// Answers letters as people do: most say yes, some say no, some are silent.
async fn answer(town: &Town, letters: &[Received], day: i64) {
    for (number, letter) in letters.iter().enumerate() {
        let mood = (usize::try_from(day).unwrap() + number) % 5;
        match letter.kind {
            LetterKind::Invitation | LetterKind::InvitationReminder if mood < 4 => {
                let answer = if mood == 3 { Answer::No } else { Answer::Yes };
                let answered = town
                    .app
                    .answer_consent(&consent_token(letter), answer, DeclineReason::NotNow)
                    .await;
                // It may have ended by an answer to another letter of the same day.
                assert!(
                    matches!(answered, Ok(_) | Err(AppError::Conflict(_))),
                    "{answered:?}"
                );
            }
            LetterKind::OutcomeQuestion if mood < 3 => {
                let outcome = [Outcome::Succeeded, Outcome::Failed, Outcome::Busy][mood];
                let told = town
                    .app
                    .tell_outcome_by_link(&letter.token("/uitkomst"), outcome)
                    .await;
                assert!(
                    matches!(told, Ok(_) | Err(AppError::Conflict(_))),
                    "{told:?}"
                );
            }
            _ => {}
        }
    }
}

/// Nothing waits past its deadline, and nothing waits for a post that is not open.
async fn check(town: &Town, day: i64) {
    let now = town.app.now();
    let matches = town.matches().await;
    for found in &matches {
        if let Some((last, _)) = found.state.schedule().last() {
            let end = found.since + TimeDelta::days(*last);
            assert!(
                end > now,
                "day {day}: {} is {} since {}",
                found.id,
                found.state,
                found.since
            );
        }
        assert!(
            found.due_at().is_none_or(|due| due > now),
            "day {day}: {} is overdue",
            found.id
        );
    }
    let left = town.left_behind(&matches).await;
    assert!(
        left.is_empty(),
        "day {day}: {left:?} wait for a post that is not open"
    );
}

/// Reviews what waits: most is approved.
async fn review(town: &Town, coordinator: &Person) {
    let waiting = town
        .queue(coordinator)
        .await
        .into_iter()
        .filter(|view| view.found.state == MatchState::Proposed);
    for (number, view) in waiting.enumerate() {
        let review = if number % 4 == 3 { reject() } else { approve() };
        let reviewed = town
            .app
            .review_match(&coordinator.viewer, view.found.id, review)
            .await;
        // An offer that filled up a moment ago took its other proposals along.
        assert!(
            matches!(reviewed, Ok(_) | Err(AppError::Conflict(_))),
            "{reviewed:?}"
        );
    }
}

#[test]
fn nothing_outlives_half_a_year_without_its_owner() {
    on_both(async |town| {
        let coordinator = town.coordinator().await;
        let posts = fill(&town).await;
        let mut seen = BTreeSet::new();
        let mut written: BTreeMap<LetterKind, usize> = BTreeMap::new();
        let mut yesterday = Vec::new();
        for day in 0..=DAYS {
            let mut letters = town.day(day).await;
            letters.append(&mut yesterday);
            for letter in &letters {
                assert!(
                    seen.insert(letter.message_id.clone()),
                    "day {day}: {} came twice",
                    letter.subject
                );
                *written.entry(letter.kind).or_default() += 1;
            }
            answer(&town, &letters, day).await;
            if day % 3 == 0 {
                review(&town, &coordinator).await;
            }
            if day % 7 == 0 {
                town.app.rematch(|_, _| {}).await.unwrap();
            }
            yesterday = town.mail().await;
            check(&town, day).await;
        }
        for post in posts {
            assert_eq!(town.state_of(post).await, PostState::Expired, "{post}");
            if let PostId::Offer(offer) = post {
                assert_eq!(town.carried(offer).await, 0, "{post}");
            }
        }
        let states = town.states().await;
        assert!(states.iter().all(|state| !state.is_live()), "{states:?}");
        assert!(
            states.contains(&MatchState::Succeeded),
            "the market did something: {states:?}"
        );
        assert!(states.len() >= 9, "{states:?}");
        for kind in [
            LetterKind::Introduction,
            LetterKind::OutcomeQuestion,
            LetterKind::ExpiryReminder,
        ] {
            assert!(written.contains_key(&kind), "{kind} among {written:?}");
        }
    });
}
