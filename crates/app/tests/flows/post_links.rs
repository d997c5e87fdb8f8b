//! Links in reminders that renew or close a post with one click.

use app::{AppError, Conflict};
use domain::letters::LetterKind;
use domain::links::LinkPurpose;
use domain::posts::{CloseReason, PostId, PostState};

use super::letters::only;
use super::town::{Town, on_both, request};

/// A request whose owner was reminded two weeks before its end: the post, and the tokens to renew and to close it.
async fn reminded(town: &Town) -> (PostId, String, String) {
    let asker = town.member("Vraagt").await;
    let post = PostId::Request(town.ask(&asker, request()).await);
    let letters = town.day(70).await;
    let letter = only(&letters, LetterKind::ExpiryReminder, &asker.email);
    assert!(
        letter.text.contains("staat nog open tot"),
        "{}",
        letter.text
    );
    (post, letter.token("/verlengen"), letter.token("/sluiten"))
}

#[test]
fn one_click_renews_and_may_be_repeated() {
    on_both(async |town| {
        let (post, renew, _) = reminded(&town).await;
        assert!(
            town.app
                .asked_of_post(&renew, LinkPurpose::Renew)
                .await
                .unwrap()
                .possible
        );
        for _ in 0..2 {
            let renewed = town.app.renew_by_link(&renew).await.unwrap();
            assert_eq!(
                renewed.life.expires_at,
                town.app.now() + chrono::TimeDelta::weeks(12)
            );
        }
        for day in [81, 84, 100, 139] {
            assert_eq!(town.day(day).await.len(), 0, "day {day}");
        }
        assert_eq!(
            town.day(140).await.len(),
            1,
            "twelve weeks later it is asked again"
        );
        assert_eq!(town.state_of(post).await, PostState::Open);
    });
}

#[test]
fn an_expired_post_comes_back_with_one_click() {
    on_both(async |town| {
        let (post, renew, _) = reminded(&town).await;
        town.day(90).await;
        assert_eq!(town.state_of(post).await, PostState::Expired);
        assert_eq!(
            town.app.renew_by_link(&renew).await.unwrap().life.state,
            PostState::Open
        );
        let giver = town.member("Biedt").await;
        town.give(&giver, super::town::offer()).await;
        assert_eq!(town.matches().await.len(), 1, "it is matched again");
    });
}

#[test]
fn one_click_closes_with_a_reason_and_then_there_is_nothing_to_renew() {
    on_both(async |town| {
        let (post, renew, close) = reminded(&town).await;
        let closed = town
            .app
            .close_by_link(&close, CloseReason::NoResponse)
            .await
            .unwrap();
        assert_eq!(
            (closed.life.state, closed.life.reason.as_str()),
            (PostState::Closed, "no_response")
        );
        for purpose in [LinkPurpose::Renew, LinkPurpose::Close] {
            let token = if purpose == LinkPurpose::Renew {
                &renew
            } else {
                &close
            };
            assert!(
                !town
                    .app
                    .asked_of_post(token, purpose)
                    .await
                    .unwrap()
                    .possible
            );
        }
        for again in [
            town.app.renew_by_link(&renew).await,
            town.app.close_by_link(&close, CloseReason::Duplicate).await,
        ] {
            let Err(AppError::Conflict(Conflict::Post {
                state: PostState::Closed,
            })) = again
            else {
                panic!("{again:?}");
            };
        }
        assert_eq!(town.state_of(post).await, PostState::Closed);
    });
}

#[test]
fn a_link_is_for_one_thing_and_not_for_ever() {
    on_both(async |town| {
        let (_, renew, close) = reminded(&town).await;
        for wrong in [
            town.app.asked_of_post(&renew, LinkPurpose::Close).await,
            town.app.asked_of_post(&close, LinkPurpose::Renew).await,
            town.app.asked_of_post("onbekend", LinkPurpose::Renew).await,
        ] {
            assert!(matches!(wrong, Err(AppError::NotFound)), "{wrong:?}");
        }
        town.set_day(145);
        let late = town.app.renew_by_link(&renew).await;
        assert!(
            matches!(late, Err(AppError::Conflict(Conflict::LinkOver))),
            "{late:?}"
        );
    });
}
