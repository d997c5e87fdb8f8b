//! An organisation comes in: it registers, confirms its address, waits for a coordinator and may then take part.

use app::{AppError, Conflict, Registered, RegistrationFields, page_path};
use domain::letters::LetterKind;
use domain::links::LinkPurpose;
use domain::matches::{Decision, MatchState};
use domain::members::Viewer;
use domain::organisations::OrganisationState;
use domain::posts::{PostFilter, PostId, PostState};
use store::Slice;

use super::letters::{only, summary};
use super::town::{Town, offer, on_both, request};

fn fields() -> RegistrationFields {
    RegistrationFields {
        organisation: "Buurtkeuken Zuid".to_owned(),
        kind: "initiative".to_owned(),
        place: "Apeldoorn".to_owned(),
        website: "https://buurtkeuken.example".to_owned(),
        name: "Ria de Vries".to_owned(),
        email: "ria@voorbeeld.nl".to_owned(),
    }
}

/// Registers and gives the token of the letter that asks to confirm.
async fn registered(town: &Town) -> (Registered, String) {
    let registered = town.app.register(fields()).await.unwrap();
    let letters = town.mail().await;
    let token = only(&letters, LetterKind::Confirmation, "ria@voorbeeld.nl")
        .token(page_path(LinkPurpose::Confirm));
    (registered, token)
}

#[test]
fn who_registers_confirms_waits_and_is_let_in() {
    on_both(async |town| {
        let (registered, token) = registered(&town).await;
        let organisation = registered.organisation.id;
        assert_eq!(registered.organisation.state, OrganisationState::Unverified);
        assert_eq!(
            town.app.confirmation(&token).await.unwrap().confirmed_at,
            None
        );
        assert!(
            town.app
                .confirm(&token)
                .await
                .unwrap()
                .confirmed_at
                .is_some()
        );

        let (coordinator, giver) = (town.coordinator().await, town.member("Dorpshuis").await);
        town.give(&giver, offer()).await;
        let ria = town.who("ria@voorbeeld.nl").await;
        let post = town.ask(&ria, request()).await;
        assert_eq!(
            town.state_of(PostId::Request(post)).await,
            PostState::Pending
        );
        assert_eq!(town.matches().await, [], "a pending post is not matched");
        let seen = async |viewer: &Viewer| {
            let page = town
                .app
                .list_requests(viewer, PostFilter::default(), Slice::first(10))
                .await
                .unwrap();
            page.items.len()
        };
        assert_eq!(
            (seen(&Viewer::Anyone).await, seen(&ria.viewer).await),
            (0, 1)
        );

        let verdict = town.app.verify_organisation(
            &coordinator.viewer,
            organisation,
            Decision::Approve,
            "".parse().unwrap(),
        );
        assert_eq!(verdict.await.unwrap().state, OrganisationState::Verified);
        assert_eq!(town.state_of(PostId::Request(post)).await, PostState::Open);
        assert_eq!(town.states().await, [MatchState::Proposed]);
        assert_eq!(seen(&Viewer::Anyone).await, 1);
        let letters = town.mail().await;
        assert!(
            only(&letters, LetterKind::Verification, &ria.email)
                .subject
                .contains("kan meedoen")
        );
    });
}

#[test]
fn a_confirmation_link_works_once_and_for_a_week() {
    on_both(async |town| {
        let (_, token) = registered(&town).await;
        town.set_day(6);
        town.app.confirm(&token).await.unwrap();
        for again in [
            town.app.confirm(&token).await,
            town.app.confirmation(&token).await,
        ] {
            assert!(
                matches!(again, Err(AppError::Conflict(Conflict::LinkOver))),
                "{again:?}"
            );
        }
        let unknown = town.app.confirm("iets-anders").await;
        assert!(matches!(unknown, Err(AppError::NotFound)), "{unknown:?}");

        let late = RegistrationFields {
            email: "jan@voorbeeld.nl".to_owned(),
            ..fields()
        };
        town.app.register(late).await.unwrap();
        let letters = town.mail().await;
        let token =
            only(&letters, LetterKind::Confirmation, "jan@voorbeeld.nl").token("/bevestigen");
        town.set_day(13);
        let over = town.app.confirm(&token).await;
        assert!(
            matches!(over, Err(AppError::Conflict(Conflict::LinkOver))),
            "{over:?}"
        );
    });
}

#[test]
fn of_ten_who_confirm_at_once_one_is_in_time() {
    on_both(async |town| {
        let (_, token) = registered(&town).await;
        let tasks: Vec<_> = (0..10)
            .map(|_| {
                let (app, token) = (town.app.clone(), token.clone());
                tokio::spawn(async move { app.confirm(&token).await.is_ok() })
            })
            .collect();
        let mut confirmed = 0;
        for task in tasks {
            confirmed += usize::from(task.await.unwrap());
        }
        assert_eq!(confirmed, 1);
    });
}

#[test]
fn of_a_known_address_nothing_more_is_kept() {
    on_both(async |town| {
        registered(&town).await;
        let again = RegistrationFields {
            organisation: "Buurtkeuken Noord".to_owned(),
            email: "RIA@voorbeeld.nl".to_owned(),
            ..fields()
        };
        town.app.register(again).await.unwrap();
        let admin = town.person("Beheer", "admin", &[]).await;
        let known = town.app.export_organisations(&admin.viewer).await.unwrap();
        let names: Vec<_> = known.iter().map(|found| found.name.to_string()).collect();
        assert!(
            !names.contains(&"Buurtkeuken Noord".to_owned()),
            "{names:?}"
        );
    });
}

#[test]
fn every_wrong_field_is_named_at_once() {
    on_both(async |town| {
        let wrong = RegistrationFields {
            kind: "bedrijf".to_owned(),
            place: "Zuidwolde".to_owned(),
            website: "buurtkeuken".to_owned(),
            email: "ria".to_owned(),
            ..RegistrationFields::default()
        };
        let Err(AppError::Invalid(problems)) = town.app.register(wrong).await else {
            panic!("it must be refused");
        };
        let named: Vec<&str> = problems
            .iter()
            .map(|problem| problem.field.as_str())
            .collect();
        let expected = [
            "organisation.name",
            "organisation.kind",
            "organisation.place",
            "organisation.website",
            "member.name",
            "member.email",
        ];
        assert_eq!(named, expected);
        assert!(
            problems[2].choices.len() > 1,
            "an ambiguous place gives its choices: {problems:?}"
        );
    });
}

#[test]
fn who_is_refused_leaves_the_market_and_may_come_back() {
    on_both(async |town| {
        let coordinator = town.coordinator().await;
        let couple = town.couple().await;
        let asked = town.invite(&coordinator, &couple).await;
        let organisation = couple.giver.viewer.member().unwrap().organisation;
        let judge = async |decision, reason: &str| {
            let reason = reason.parse().unwrap();
            town.app
                .verify_organisation(&coordinator.viewer, organisation, decision, reason)
                .await
                .unwrap()
        };
        judge(Decision::Reject, "Wij kennen u niet.").await;
        assert_eq!(town.states().await, [MatchState::Lapsed]);
        let letters = town.mail().await;
        let told = [
            format!("no_introduction to {}", couple.asker.email),
            format!("verification to {}", couple.giver.email),
        ];
        assert_eq!(summary(&letters), told);
        assert!(
            only(&letters, LetterKind::Verification, &couple.giver.email)
                .text
                .contains("Wij kennen u niet.")
        );
        let late = town.app.consent(&asked.asker).await.unwrap();
        assert_eq!(late.state.code(), "over");
        let other = town.member("Andere buurt").await;
        town.ask(&other, request()).await;
        assert_eq!(
            town.matches().await.len(),
            1,
            "a refused organisation is not matched"
        );

        judge(Decision::Approve, "").await;
        let third = town.member("Derde buurt").await;
        town.ask(&third, request()).await;
        let new = town
            .matches()
            .await
            .iter()
            .filter(|found| found.state == MatchState::Proposed)
            .count();
        assert_eq!(
            new, 2,
            "its open offer is matched again with both who asked since"
        );
    });
}
