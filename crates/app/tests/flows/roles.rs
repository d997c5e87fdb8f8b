//! Each may do what is theirs: members, coordinators of some regions, and nobody in particular.

use app::{AppError, Fit, MatchFilter};
use domain::matches::{Decision, MatchState, Outcome};
use domain::members::Viewer;
use domain::posts::{CloseReason, PostId};
use store::Slice;

use super::letters::summary;
use super::town::{approve, offer, on_both, request};

fn is_forbidden<T>(answer: Result<T, AppError>) -> bool {
    matches!(answer, Err(AppError::Forbidden))
}

fn is_absent<T>(answer: Result<T, AppError>) -> bool {
    matches!(answer, Err(AppError::NotFound))
}

fn is_unknown<T>(answer: Result<T, AppError>) -> bool {
    matches!(answer, Err(AppError::NotSignedIn))
}

#[test]
fn a_member_does_not_coordinate() {
    on_both(async |town| {
        let couple = town.couple().await;
        let (app, member) = (&town.app, &couple.asker.viewer);
        let organisation = couple.giver.viewer.member().unwrap().organisation;
        assert!(is_forbidden(
            app.review_match(member, couple.found, approve()).await
        ));
        assert!(is_forbidden(
            app.match_by_hand(member, couple.request, couple.offer)
                .await
        ));
        assert!(is_forbidden(
            app.hide_post(member, PostId::Offer(couple.offer), "x".parse().unwrap())
                .await
        ));
        let verdict =
            app.verify_organisation(member, organisation, Decision::Reject, "".parse().unwrap());
        assert!(is_forbidden(verdict.await));
        assert!(is_forbidden(
            app.list_outbox(member, None, Slice::first(10)).await
        ));
        assert_eq!(town.states().await, [MatchState::Proposed]);
        assert_eq!(summary(&town.mail().await), Vec::<String>::new());
    });
}

#[test]
fn what_is_of_another_is_not_there() {
    on_both(async |town| {
        let couple = town.introduced().await;
        let stranger = town.member("Vreemde").await;
        let (app, stranger) = (&town.app, &stranger.viewer);
        let post = PostId::Request(couple.request);
        assert!(is_absent(app.find_match(stranger, couple.found).await));
        assert!(is_absent(app.fits_of_post(stranger, post).await));
        assert!(is_absent(app.pause_post(stranger, post).await));
        assert!(is_absent(app.renew_post(stranger, post).await));
        assert!(is_absent(
            app.close_post(stranger, post, CloseReason::Duplicate).await
        ));
        assert!(is_absent(
            app.edit_request(stranger, couple.request, None, |_| {})
                .await
        ));
        assert!(is_absent(
            app.edit_offer(stranger, couple.offer, None, |_| {}).await
        ));
        assert!(is_absent(
            app.tell_outcome(stranger, couple.found, Outcome::Failed)
                .await
        ));
        let seen = app
            .list_matches(stranger, MatchFilter::default(), Slice::first(10))
            .await
            .unwrap();
        assert_eq!(seen.items, []);

        app.pause_post(&couple.asker.viewer, post).await.unwrap();
        assert!(is_absent(app.find_request(stranger, couple.request).await));
        assert!(
            app.find_request(&couple.asker.viewer, couple.request)
                .await
                .is_ok()
        );
    });
}

#[test]
fn nobody_in_particular_must_sign_in() {
    on_both(async |town| {
        let couple = town.couple().await;
        let (app, anyone) = (&town.app, &Viewer::Anyone);
        assert!(is_unknown(app.place_request(anyone, request()).await));
        assert!(is_unknown(app.place_offer(anyone, offer()).await));
        assert!(is_unknown(app.find_match(anyone, couple.found).await));
        assert!(is_unknown(
            app.review_match(anyone, couple.found, approve()).await
        ));
        assert!(is_unknown(
            app.tell_outcome(anyone, couple.found, Outcome::Failed)
                .await
        ));
        assert!(app.find_request(anyone, couple.request).await.is_ok());
        assert!(is_unknown(app.viewer(Some("geen.echt.token")).await));
    });
}

#[test]
fn a_token_holds_for_an_hour() {
    on_both(async |town| {
        town.member("Buurtkeuken").await;
        let (token, end) = town
            .app
            .issue_token("Buurtkeuken@voorbeeld.nl")
            .await
            .unwrap();
        assert_eq!(end, town.app.now() + chrono::TimeDelta::hours(1));
        assert!(
            town.app
                .viewer(Some(&token))
                .await
                .unwrap()
                .member()
                .is_some()
        );
        town.set_day(1);
        assert!(is_unknown(town.app.viewer(Some(&token)).await));
        assert!(is_absent(
            town.app.issue_token("niemand@voorbeeld.nl").await
        ));
    });
}

#[test]
fn contacts_are_shown_after_an_introduction_and_only_to_the_parties() {
    on_both(async |town| {
        let couple = town.couple().await;
        let before = town
            .app
            .find_match(&couple.asker.viewer, couple.found)
            .await
            .unwrap();
        assert!(before.contacts.is_none());
        let coordinator = town.coordinator().await;
        let asked = town.invite(&coordinator, &couple).await;
        town.say(&asked.asker, domain::matches::Answer::Yes).await;
        assert!(
            town.app
                .find_match(&couple.asker.viewer, couple.found)
                .await
                .unwrap()
                .contacts
                .is_none()
        );
        town.say(&asked.giver, domain::matches::Answer::Yes).await;
        for person in [&couple.asker, &couple.giver] {
            let seen = town
                .app
                .find_match(&person.viewer, couple.found)
                .await
                .unwrap();
            let addresses = seen
                .contacts
                .unwrap()
                .map(|member| member.email.to_string());
            assert_eq!(
                addresses,
                [couple.asker.email.clone(), couple.giver.email.clone()]
            );
        }
        let seen = town
            .app
            .find_match(&coordinator.viewer, couple.found)
            .await
            .unwrap();
        assert!(seen.contacts.is_none() && seen.side.is_none());
    });
}

#[test]
fn a_coordinator_of_a_region_sees_and_decides_there_only() {
    on_both(async |town| {
        let here = town
            .person("Gelderland", "coordinator", &["Gelderland"])
            .await;
        let elsewhere = town.person("Drenthe", "coordinator", &["PV22"]).await;
        let giver = town.member("Landelijk").await;
        let wide = domain::offers::OfferFields {
            reach: vec!["NL".to_owned()],
            ..offer()
        };
        let given = town.give(&giver, wide).await;
        let in_apeldoorn = town.member("Buurt Apeldoorn").await;
        town.ask(&in_apeldoorn, request()).await;
        let in_assen = town.member("Buurt Assen").await;
        let there = domain::requests::RequestFields {
            place: "Assen".to_owned(),
            ..request()
        };
        let asked_there = town.ask(&in_assen, there).await;
        assert_eq!(
            town.states().await,
            [MatchState::Proposed, MatchState::Proposed]
        );

        let (mine, theirs) = (town.queue(&here).await, town.queue(&elsewhere).await);
        assert_eq!((mine.len(), theirs.len()), (1, 1));
        assert_eq!(
            mine[0].request.post.content.municipality.to_string(),
            "GM0200"
        );
        assert_eq!(theirs[0].request.post.id, asked_there);
        let far = theirs[0].found.id;
        assert!(is_absent(town.app.find_match(&here.viewer, far).await));
        assert!(is_absent(
            town.app.review_match(&here.viewer, far, approve()).await
        ));
        assert!(is_absent(
            town.app
                .match_by_hand(&here.viewer, asked_there, given)
                .await
        ));
        let in_everywhere = town
            .app
            .fits_of_post(&giver.viewer, PostId::Offer(given))
            .await
            .unwrap();
        assert_eq!(in_everywhere.len(), 2, "the owner sees all of them");
        let seen = town
            .app
            .fits_of_post(&here.viewer, PostId::Offer(given))
            .await
            .unwrap();
        let [Fit::Match(only)] = &seen[..] else {
            panic!("the coordinator sees what lies in their region: {seen:?}");
        };
        assert_eq!(only.found.id, mine[0].found.id);
        town.app
            .review_match(&here.viewer, mine[0].found.id, approve())
            .await
            .unwrap();
        let admin = town.person("Beheer", "admin", &[]).await;
        assert_eq!(town.queue(&admin).await.len(), 2);
    });
}
