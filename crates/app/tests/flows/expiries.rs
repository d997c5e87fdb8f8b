//! The end of posts: reminders in time, an end by itself, and none of it twice.

use domain::letters::LetterKind;
use domain::matches::MatchState;
use domain::offers::OfferFields;
use domain::posts::{PostAction, PostId, PostState};
use store::history;

use super::letters::{Received, of, summary};
use super::town::{Town, offer, on_both, request};

/// The days, of those in `days`, on which somebody got a reminder about a post.
async fn reminded(town: &Town, days: std::ops::RangeInclusive<i64>, email: &str) -> Vec<i64> {
    let mut on = Vec::new();
    for day in days {
        let letters = town.day(day).await;
        let about: Vec<&Received> = of(&letters, LetterKind::ExpiryReminder, email);
        on.extend(about.iter().map(|_| day));
    }
    on
}

#[test]
fn a_request_ends_after_twelve_weeks_with_four_letters() {
    on_both(async |town| {
        let asker = town.member("Vraagt").await;
        let post = PostId::Request(town.ask(&asker, request()).await);
        assert_eq!(reminded(&town, 60..=83, &asker.email).await, [70, 81]);
        assert_eq!(town.state_of(post).await, PostState::Open);
        assert_eq!(reminded(&town, 84..=84, &asker.email).await, [84]);
        assert_eq!(town.state_of(post).await, PostState::Expired);
        assert_eq!(reminded(&town, 85..=130, &asker.email).await, [114]);
        assert_eq!(town.state_of(post).await, PostState::Expired);
    });
}

#[test]
fn an_offer_ends_after_half_a_year_and_an_evergreen_one_a_month_later() {
    on_both(async |town| {
        let (once, always) = (town.member("Eenmalig").await, town.member("Altijd").await);
        let first = PostId::Offer(town.give(&once, offer()).await);
        let evergreen = OfferFields {
            evergreen: true,
            ..offer()
        };
        let second = PostId::Offer(town.give(&always, evergreen).await);
        let mut to = (Vec::new(), Vec::new());
        for day in 160..=240 {
            let letters = town.day(day).await;
            to.0.extend(
                of(&letters, LetterKind::ExpiryReminder, &once.email)
                    .iter()
                    .map(|_| day),
            );
            to.1.extend(
                of(&letters, LetterKind::ExpiryReminder, &always.email)
                    .iter()
                    .map(|_| day),
            );
            let expected = |last| {
                if day < last {
                    PostState::Open
                } else {
                    PostState::Expired
                }
            };
            assert_eq!(town.state_of(first).await, expected(182), "day {day}");
            assert_eq!(town.state_of(second).await, expected(212), "day {day}");
        }
        assert_eq!(to, (vec![168, 179, 182, 212], vec![168, 179, 182, 212]));
    });
}

#[test]
fn a_hidden_evergreen_offer_ends_with_one_letter() {
    on_both(async |town| {
        let (coordinator, giver) = (town.coordinator().await, town.member("Biedt").await);
        let evergreen = OfferFields {
            evergreen: true,
            ..offer()
        };
        let post = PostId::Offer(town.give(&giver, evergreen).await);
        town.app
            .hide_post(&coordinator.viewer, post, "Reclame.".parse().unwrap())
            .await
            .unwrap();
        let on = reminded(&town, 175..=190, &giver.email).await;
        assert_eq!(town.state_of(post).await, PostState::Expired);
        assert!(on.len() <= 1, "letters on days {on:?}");
    });
}

#[test]
fn who_was_away_for_months_gets_one_letter_not_four() {
    on_both(async |town| {
        let asker = town.member("Vraagt").await;
        let post = PostId::Request(town.ask(&asker, request()).await);
        assert_eq!(
            summary(&town.day(90).await),
            [format!("expiry_reminder to {}", asker.email)]
        );
        assert_eq!(town.state_of(post).await, PostState::Expired);
        assert_eq!(summary(&town.day(91).await), Vec::<String>::new());
    });
}

#[test]
fn a_closed_post_is_left_alone_and_can_be_reopened() {
    on_both(async |town| {
        let couple = town.couple().await;
        let post = couple.posts()[0];
        let closed = town
            .app
            .close_post(
                &couple.asker.viewer,
                post,
                domain::posts::CloseReason::FulfilledElsewhere,
            )
            .await
            .unwrap();
        assert_eq!(
            (closed.life.state, closed.life.reason.as_str()),
            (PostState::Closed, "fulfilled_elsewhere")
        );
        assert_eq!(
            reminded(&town, 1..=125, &couple.asker.email).await,
            Vec::<i64>::new()
        );
        let open = town
            .app
            .reopen_post(&couple.asker.viewer, post)
            .await
            .unwrap();
        assert_eq!(
            (open.life.state, open.life.reason.as_str()),
            (PostState::Open, "")
        );
        assert_eq!(
            open.life.expires_at,
            town.app.now() + chrono::TimeDelta::weeks(12)
        );
        assert_eq!(reminded(&town, 126..=200, &couple.asker.email).await, [195]);
    });
}

#[test]
fn two_processes_send_each_reminder_once_and_end_a_post_once() {
    on_both(async |town| {
        let asker = town.member("Vraagt").await;
        let other = town.second_process().await;
        let mut posts = Vec::new();
        for _ in 0..5 {
            posts.push(PostId::Request(town.ask(&asker, request()).await));
        }
        let mut letters = Vec::new();
        for day in [70, 81, 84, 114] {
            town.set_day(day);
            let (app, again) = (town.app.clone(), other.clone());
            let both = (
                tokio::spawn(async move { app.run_once().await }),
                tokio::spawn(async move { again.run_once().await }),
            );
            both.0.await.unwrap().unwrap();
            both.1.await.unwrap().unwrap();
            letters.push(town.day(day).await.len());
        }
        assert_eq!(letters, [5, 5, 5, 5]);
        for post in posts {
            let lines = town
                .db()
                .read(move |conn| history::of(conn, &post.to_string()))
                .await
                .unwrap();
            let ends = lines
                .iter()
                .filter(|line| line.action == PostAction::Expire.code())
                .count();
            assert_eq!(ends, 1);
        }
    });
}

#[test]
fn who_wants_no_reminders_gets_none_and_the_post_still_ends() {
    on_both(async |town| {
        let (coordinator, couple) = (town.coordinator().await, town.couple().await);
        let asked = town
            .app
            .review_match(&coordinator.viewer, couple.found, super::town::approve())
            .await
            .unwrap();
        assert_eq!(asked.found.state, MatchState::Invited);
        let letters = town.mail().await;
        let invitation = of(&letters, LetterKind::Invitation, &couple.asker.email)[0];
        let settings = invitation.token("/instellingen");
        let member = town
            .app
            .change_settings(&settings, app::Wanted::No)
            .await
            .unwrap();
        assert!(!member.wants_reminders);
        assert!(
            !town
                .app
                .settings_of(&settings)
                .await
                .unwrap()
                .wants_reminders
        );

        let letters = town.day(4).await;
        assert_eq!(
            summary(&letters),
            [format!("invitation_reminder to {}", couple.giver.email)]
        );
        for day in [10, 70, 81, 84, 114] {
            let letters = town.day(day).await;
            assert!(
                letters
                    .iter()
                    .all(|letter| !letter.is_to(&couple.asker.email)),
                "day {day}"
            );
        }
        assert_eq!(town.state_of(couple.posts()[0]).await, PostState::Expired);
        town.set_day(10);
        assert!(
            town.app
                .change_settings(&settings, app::Wanted::Yes)
                .await
                .unwrap()
                .wants_reminders
        );
        let wrong = town.app.change_settings("onbekend", app::Wanted::No).await;
        assert!(matches!(wrong, Err(app::AppError::NotFound)), "{wrong:?}");
    });
}
