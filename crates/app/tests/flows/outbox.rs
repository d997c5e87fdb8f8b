//! Letters on their way: taken back when they are of no use, kept when the relay is down, and never sent twice.

use app::ListedDelivery;
use app::config::MailTransport;
use app::jobs::Delivered;
use domain::letters::{DeliveryState, LetterKind};
use domain::matches::{Answer, MatchState};
use domain::posts::{CloseReason, PostId};
use store::Slice;

use super::letters::{only, summary};
use super::town::{Person, Town, approve, consent_token, on_both, on_both_with, request};

async fn outbox(
    town: &Town,
    coordinator: &Person,
    state: Option<DeliveryState>,
) -> Vec<ListedDelivery> {
    town.app
        .list_outbox(&coordinator.viewer, state, Slice::first(100))
        .await
        .unwrap()
        .items
}

/// A port of this machine where nobody listens.
fn closed_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

#[test]
fn an_invitation_that_did_not_go_is_taken_back_and_nobody_hears_of_it() {
    on_both(async |town| {
        let (coordinator, couple) = (town.coordinator().await, town.couple().await);
        town.app
            .review_match(&coordinator.viewer, couple.found, approve())
            .await
            .unwrap();
        let post = PostId::Request(couple.request);
        town.app
            .close_post(&couple.asker.viewer, post, CloseReason::NoLongerNeeded)
            .await
            .unwrap();
        assert_eq!(summary(&town.mail().await), Vec::<String>::new());
        let withdrawn = outbox(&town, &coordinator, Some(DeliveryState::Withdrawn)).await;
        assert_eq!(withdrawn.len(), 2);
        assert_eq!(
            outbox(&town, &coordinator, None).await.len(),
            2,
            "no goodbye without an invitation"
        );
        assert_eq!(town.states().await, [MatchState::Lapsed]);
    });
}

#[test]
fn a_reminder_that_waits_does_not_go_after_the_answer() {
    on_both(async |town| {
        let (coordinator, couple) = (town.coordinator().await, town.couple().await);
        let asked = town.invite(&coordinator, &couple).await;
        town.set_day(4);
        // Another process writes the reminders, and its relay is down.
        let port = closed_port();
        let other = town
            .process_with(|config| {
                config.mail.transport = MailTransport::Smtp;
                config.mail.port = port;
            })
            .await;
        let done = other.run_once().await.unwrap();
        assert_eq!(
            (
                done.match_steps,
                done.delivered.sent,
                done.delivered.waiting
            ),
            (1, 0, 1)
        );
        town.say(&asked.asker, Answer::Yes).await;
        town.set_day(5);
        let letters = town.mail().await;
        assert_eq!(
            summary(&letters),
            [format!("invitation_reminder to {}", couple.giver.email)]
        );
        let withdrawn = outbox(&town, &coordinator, Some(DeliveryState::Withdrawn)).await;
        assert_eq!(withdrawn.len(), 1);
        assert_eq!(withdrawn[0].delivery.recipient.as_str(), couple.asker.email);
    });
}

#[test]
fn a_confirmation_nobody_needs_any_more_does_not_go() {
    let down = |config: &mut app::config::Config| {
        config.mail.transport = MailTransport::Smtp;
        config.mail.port = closed_port();
    };
    on_both_with(down, async |town| {
        let coordinator = town.coordinator().await;
        let fields = app::RegistrationFields {
            organisation: "Buurtkeuken".to_owned(),
            kind: "initiative".to_owned(),
            name: "Ria de Vries".to_owned(),
            email: "ria@voorbeeld.nl".to_owned(),
            ..app::RegistrationFields::default()
        };
        town.app.register(fields).await.unwrap();
        assert_eq!(town.app.deliver_due().await.unwrap().waiting, 1);
        town.set_day(7);
        assert_eq!(
            town.app.deliver_due().await.unwrap(),
            Delivered {
                expired: 1,
                ..Delivered::default()
            }
        );
        assert_eq!(
            outbox(&town, &coordinator, None).await[0].delivery.state,
            DeliveryState::Expired
        );
    });
}

#[test]
fn a_relay_that_is_down_costs_no_attempt_and_the_queue_waits() {
    on_both(async |town| {
        let (coordinator, couple) = (town.coordinator().await, town.couple().await);
        town.app
            .review_match(&coordinator.viewer, couple.found, approve())
            .await
            .unwrap();
        let port = closed_port();
        let down = town
            .process_with(|config| {
                config.mail.transport = MailTransport::Smtp;
                config.mail.port = port;
            })
            .await;
        let one_waits = Delivered {
            waiting: 1,
            ..Delivered::default()
        };
        assert_eq!(
            down.deliver_due().await.unwrap(),
            one_waits,
            "after the first failure the relay is left alone"
        );
        let ready = outbox(&town, &coordinator, Some(DeliveryState::Ready)).await;
        let later: Vec<_> = ready
            .iter()
            .filter(|listed| listed.delivery.due_at > town.app.now())
            .collect();
        assert_eq!((ready.len(), later.len()), (2, 1));
        let wait = later[0].delivery.due_at - town.app.now();
        let usual = 1_000 * i64::from(town.config.outbox.relay_down_seconds);
        let wait = wait.num_milliseconds();
        assert!(wait >= usual * 4 / 5 && wait <= usual * 6 / 5, "{wait} ms");
        assert_eq!(later[0].delivery.attempts, 0);
        assert!(
            later[0].delivery.last_error.contains("Connect"),
            "{}",
            later[0].delivery.last_error
        );

        town.set_day(1);
        for _ in 0..30 {
            assert_eq!(down.deliver_due().await.unwrap().failed, 0);
            town.clock
                .set(town.app.now() + chrono::TimeDelta::minutes(6));
        }
        assert!(
            outbox(&town, &coordinator, None)
                .await
                .iter()
                .all(|listed| listed.delivery.attempts == 0)
        );
        let letters = town.mail().await;
        assert_eq!(
            letters.len(),
            2,
            "both go when a relay is there: {:?}",
            summary(&letters)
        );
        let token = consent_token(only(&letters, LetterKind::Invitation, &couple.asker.email));
        town.say(&token, Answer::Yes).await;
    });
}

#[test]
fn a_worker_that_was_killed_leaves_nothing_lost_and_nothing_twice() {
    on_both(async |town| {
        let (coordinator, couple) = (town.coordinator().await, town.couple().await);
        town.app
            .review_match(&coordinator.viewer, couple.found, approve())
            .await
            .unwrap();
        let now = town.app.now();
        let db = town.db();
        let gone = db.write(move |conn| {
            let leased =
                store::deliveries::claim(conn, "gone", now, &store::Rates::default())?.unwrap();
            let mut going =
                store::deliveries::claim(conn, "gone", now, &store::Rates::default())?.unwrap();
            going.state = DeliveryState::InData;
            store::deliveries::settle(conn, &going)?;
            Ok::<_, store::StoreError>((leased, going))
        });
        let (leased, going) = gone.await.unwrap();
        let letters = town.mail().await;
        assert_eq!(
            summary(&letters),
            [format!("invitation to {}", leased.recipient)]
        );
        let unclear = outbox(&town, &coordinator, Some(DeliveryState::Ambiguous)).await;
        assert_eq!(
            unclear
                .iter()
                .map(|listed| listed.delivery.id)
                .collect::<Vec<_>>(),
            [going.id]
        );
        town.app
            .retry_delivery(&coordinator.viewer, going.id)
            .await
            .unwrap();
        assert_eq!(
            summary(&town.mail().await),
            [format!("invitation to {}", going.recipient)]
        );
        let twice = town.app.retry_delivery(&coordinator.viewer, going.id).await;
        assert!(
            matches!(twice, Err(app::AppError::Conflict(app::Conflict::Gone))),
            "what went is not sent again: {twice:?}"
        );
    });
}

#[test]
fn two_workers_send_each_letter_once() {
    on_both(async |town| {
        let coordinator = town.coordinator().await;
        let giver = town.member("Biedt").await;
        town.give(&giver, super::town::offer()).await;
        for number in 0..10 {
            let asker = town.member(&format!("Vraagt {number}")).await;
            town.ask(&asker, request()).await;
        }
        for found in town.matches().await {
            town.app
                .review_match(&coordinator.viewer, found.id, approve())
                .await
                .unwrap();
        }
        let (first, second) = (town.app.clone(), town.second_process().await);
        let both = (
            tokio::spawn(async move { first.deliver_due().await }),
            tokio::spawn(async move { second.deliver_due().await }),
        );
        let sent = both.0.await.unwrap().unwrap().sent + both.1.await.unwrap().unwrap().sent;
        assert_eq!(sent, 20);
        let all = outbox(&town, &coordinator, None).await;
        assert!(all.iter().all(
            |listed| listed.delivery.state == DeliveryState::Sent && listed.delivery.epoch == 1
        ));
    });
}

#[test]
fn a_letter_that_went_is_kept_without_its_links() {
    on_both(async |town| {
        let (coordinator, couple) = (town.coordinator().await, town.couple().await);
        let asked = town.invite(&coordinator, &couple).await;
        let stored = super::dump::dump(&town.url).join("\n");
        let in_hexadecimal: String = asked
            .asker
            .bytes()
            .map(|byte| format!("{byte:02X}"))
            .collect();
        assert!(!stored.contains(&asked.asker));
        assert!(!stored.to_uppercase().contains(&in_hexadecimal));
    });
}
