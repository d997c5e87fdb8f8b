//! What fits a post: what is going, filled up with what else the market has, and never what is not open.

use std::collections::BTreeSet;

use app::{App, Fit, MAX_FITS};
use domain::matches::MatchState;
use domain::offers::OfferFields;
use domain::posts::{CloseReason, PostId};
use domain::requests::RequestFields;

use super::town::{Person, Town, offer, on_both, on_both_with, reject, request};

/// What fits a post, to somebody.
async fn fits(app: &App, who: &Person, post: PostId) -> Vec<Fit> {
    app.fits_of_post(&who.viewer, post).await.unwrap()
}

/// The other side of what fits a request or an offer, and the state of the match if there is one.
fn named(post: PostId, fits: &[Fit]) -> Vec<(PostId, Option<MatchState>)> {
    let other = |request, offer| match post {
        PostId::Request(_) => PostId::Offer(offer),
        PostId::Offer(_) => PostId::Request(request),
    };
    let each = |fit: &Fit| match fit {
        Fit::Match(seen) => (
            other(seen.request.post.id, seen.offer.post.id),
            Some(seen.found.state),
        ),
        Fit::Candidate(seen) => (other(seen.request.post.id, seen.offer.post.id), None),
    };
    fits.iter().map(each).collect()
}

/// A request with more offers that fit than a list shows.
async fn crowd(town: &Town, offers: usize) -> (Person, PostId, Vec<(Person, PostId)>) {
    let asker = town.member("Vraagt").await;
    let request = PostId::Request(town.ask(&asker, request()).await);
    let mut given = Vec::new();
    for number in 0..offers {
        let giver = town.member(&format!("Biedt {number}")).await;
        let id = PostId::Offer(town.give(&giver, offer()).await);
        given.push((giver, id));
    }
    (asker, request, given)
}

#[test]
fn what_is_going_is_filled_up_to_ten_best_first_and_nothing_comes_twice() {
    on_both_with(
        |config| config.matching.max_proposals = 2,
        async |town| {
            let (asker, request, given) = crowd(&town, MAX_FITS + 2).await;
            let found = fits(&town.app, &asker, request).await;
            assert_eq!(found.len(), MAX_FITS);
            let scores: Vec<f64> = found.iter().map(Fit::score).collect();
            assert!(
                scores.windows(2).all(|pair| pair[0] >= pair[1]),
                "{scores:?}"
            );
            let mut named = named(request, &found);
            let proposed = named
                .iter()
                .filter(|(_, state)| *state == Some(MatchState::Proposed))
                .count();
            assert_eq!(proposed, 2);
            named.sort();
            named.dedup_by_key(|(id, _)| *id);
            assert_eq!(named.len(), MAX_FITS);
            assert!(
                named
                    .iter()
                    .all(|(id, _)| given.iter().any(|(_, given)| given == id))
            );
        },
    );
}

#[test]
fn a_pair_that_had_its_chance_does_not_fit_any_more() {
    on_both(async |town| {
        let coordinator = town.coordinator().await;
        let couple = town.couple().await;
        let [request, offer] = couple.posts();
        assert_eq!(
            named(request, &fits(&town.app, &couple.asker, request).await),
            [(offer, Some(MatchState::Proposed))]
        );
        assert_eq!(
            named(offer, &fits(&town.app, &couple.giver, offer).await),
            [(request, Some(MatchState::Proposed))]
        );
        town.app
            .review_match(&coordinator.viewer, couple.found, reject())
            .await
            .unwrap();
        for (who, post) in [(&couple.asker, request), (&couple.giver, offer)] {
            assert_eq!(fits(&town.app, who, post).await, []);
        }
    });
}

/// The second process never follows the feed here: what it has in memory is as old as can be.
#[test]
fn what_another_process_took_out_a_moment_ago_is_not_named() {
    on_both_with(
        |config| config.matching.max_proposals = 1,
        async |town| {
            let coordinator = town.coordinator().await;
            let (asker, request, given) = crowd(&town, 5).await;
            let other = town.second_process().await;
            assert_eq!(fits(&other, &asker, request).await.len(), 5);
            for (number, (giver, offer)) in given.iter().enumerate() {
                match number {
                    0 => town.app.pause_post(&giver.viewer, *offer).await,
                    1 => {
                        let why = "Er staat een adres in.".parse().unwrap();
                        town.app.hide_post(&coordinator.viewer, *offer, why).await
                    }
                    _ => {
                        let why = CloseReason::NoLongerNeeded;
                        town.app.close_post(&giver.viewer, *offer, why).await
                    }
                }
                .unwrap();
                let left = given[number + 1..].iter().map(|(_, id)| *id);
                let left: BTreeSet<PostId> = left.collect();
                let found = named(request, &fits(&other, &asker, request).await);
                let seen = found.iter().map(|(id, _)| *id).collect();
                assert_eq!(left, seen);
            }
        },
    );
}

#[test]
fn nothing_fits_a_post_that_is_not_open_itself() {
    on_both(async |town| {
        let couple = town.couple().await;
        let [request, _] = couple.posts();
        let other = town.second_process().await;
        town.app
            .pause_post(&couple.asker.viewer, request)
            .await
            .unwrap();
        for app in [&town.app, &other] {
            assert_eq!(fits(app, &couple.asker, request).await, []);
        }
    });
}

#[test]
fn a_coordinator_of_some_regions_sees_candidates_from_those_only() {
    on_both_with(
        |config| config.matching.weights.proposal_threshold = 1.0,
        async |town| {
            let giver = town.member("Landelijk").await;
            let wide = OfferFields {
                reach: vec!["NL".to_owned()],
                ..offer()
            };
            let offer = PostId::Offer(town.give(&giver, wide).await);
            let (near, far) = (town.member("Apeldoorn").await, town.member("Assen").await);
            let near = PostId::Request(town.ask(&near, request()).await);
            let in_assen = RequestFields {
                place: "Assen".to_owned(),
                ..request()
            };
            let far = PostId::Request(town.ask(&far, in_assen).await);
            assert_eq!(town.matches().await, [], "nothing reaches the threshold");
            let here = town.person("Regio", "coordinator", &["PV25"]).await;
            assert_eq!(
                named(offer, &fits(&town.app, &here, offer).await),
                [(near, None)]
            );
            let all = named(offer, &fits(&town.app, &giver, offer).await);
            assert_eq!(BTreeSet::from_iter(all), [(near, None), (far, None)].into());
        },
    );
}
