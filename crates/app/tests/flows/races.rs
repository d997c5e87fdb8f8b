//! Things that happen at the same moment: nothing is lost, nothing stays behind, nobody waits for each other for ever.

use app::{App, AppError};
use domain::ids::{MatchId, RequestId};
use domain::matches::MatchState;
use domain::offers::OfferFields;
use domain::posts::{CloseReason, PostId};
use domain::requests::RequestFields;

use super::town::{Person, Town, offer, on_both, on_both_with, request};

/// Themes of one family: posts of both fit, those of the same theme best.
const THEMES: [&str; 2] = ["dorpshuis", "buurthuis-in-zelfbeheer"];

/// Matches that wait although one of their posts is not open.
async fn left_behind(town: &Town) -> Vec<MatchId> {
    town.left_behind(&town.matches().await).await
}

async fn givers(town: &Town, count: usize) -> Vec<Person> {
    let mut found = Vec::new();
    for number in 0..count {
        found.push(town.member(&format!("Biedt {number}")).await);
    }
    found
}

#[test]
fn many_who_ask_at_once_are_all_matched() {
    on_both(async |town| {
        for (number, giver) in givers(&town, 4).await.iter().enumerate() {
            town.give(
                giver,
                OfferFields {
                    themes: vec![THEMES[number % 2].to_owned()],
                    ..offer()
                },
            )
            .await;
        }
        let mut tasks = Vec::new();
        for number in 0..16 {
            let asker = town.member(&format!("Vraagt {number}")).await;
            let app = town.app.clone();
            // Another theme makes another order of the same offers.
            let fields = RequestFields {
                themes: vec![THEMES[number % 2].to_owned()],
                ..request()
            };
            tasks.push(tokio::spawn(async move {
                app.place_request(&asker.viewer, fields).await.map(drop)
            }));
        }
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!(town.matches().await.len(), 4 * 16);
    });
}

#[test]
fn offers_that_come_at_once_do_not_overfill_a_request() {
    on_both_with(
        |config| config.matching.max_proposals = 3,
        async |town| {
            let asker = town.member("Vraagt").await;
            town.ask(&asker, request()).await;
            let mut tasks = Vec::new();
            for giver in givers(&town, 12).await {
                let app = town.app.clone();
                tasks.push(tokio::spawn(async move {
                    app.place_offer(&giver.viewer, offer()).await.map(drop)
                }));
            }
            for task in tasks {
                task.await.unwrap().unwrap();
            }
            assert_eq!(town.states().await, [MatchState::Proposed; 3]);
        },
    );
}

/// Closes a request while another process matches it.
async fn close_while_matching(
    town: &Town,
    asker: &Person,
    giver: &Person,
    other: &App,
) -> Result<(), AppError> {
    let id: RequestId = town.ask(asker, request()).await;
    let (app, viewer) = (town.app.clone(), asker.viewer.clone());
    let closing = tokio::spawn(async move {
        app.close_post(&viewer, PostId::Request(id), CloseReason::NoLongerNeeded)
            .await
            .map(drop)
    });
    let (app, viewer) = (other.clone(), giver.viewer.clone());
    let giving = tokio::spawn(async move { app.place_offer(&viewer, offer()).await });
    closing.await.unwrap()?;
    let given = giving.await.unwrap()?.post.id;
    town.app
        .close_post(&giver.viewer, PostId::Offer(given), CloseReason::Duplicate)
        .await
        .map(drop)
}

#[test]
fn a_post_that_closes_while_it_is_matched_leaves_nothing_behind() {
    on_both(async |town| {
        let (asker, giver) = (town.member("Vraagt").await, town.member("Biedt").await);
        for _ in 0..25 {
            close_while_matching(&town, &asker, &giver, &town.app)
                .await
                .unwrap();
            assert_eq!(left_behind(&town).await, []);
        }
    });
}

#[test]
fn posts_that_close_pause_and_match_at_once_neither_hang_nor_stay_behind() {
    on_both(async |town| {
        let askers = [town.member("Vraagt 1").await, town.member("Vraagt 2").await];
        let givers = givers(&town, 3).await;
        let mut requests = Vec::new();
        for asker in &askers {
            requests.push((asker, town.ask(asker, request()).await));
        }
        let mut offers = Vec::new();
        for giver in &givers {
            offers.push((giver, town.give(giver, offer()).await));
        }
        for _ in 0..6 {
            let mut tasks = Vec::new();
            for (asker, id) in &requests {
                let (app, viewer, id) = (town.app.clone(), asker.viewer.clone(), *id);
                tasks.push(tokio::spawn(async move {
                    app.pause_post(&viewer, PostId::Request(id))
                        .await
                        .map(drop)?;
                    app.reopen_post(&viewer, PostId::Request(id))
                        .await
                        .map(drop)
                }));
            }
            for (giver, id) in &offers {
                let (app, viewer, id) = (town.app.clone(), giver.viewer.clone(), *id);
                tasks.push(tokio::spawn(async move {
                    app.edit_offer(&viewer, id, None, |fields: &mut OfferFields| {
                        fields.body.push('.');
                    })
                    .await
                    .map(drop)?;
                    app.pause_post(&viewer, PostId::Offer(id)).await.map(drop)?;
                    app.reopen_post(&viewer, PostId::Offer(id)).await.map(drop)
                }));
            }
            let (app, asker) = (town.app.clone(), askers[0].viewer.clone());
            tasks.push(tokio::spawn(async move {
                let new = app.place_request(&asker, request()).await?;
                app.close_post(&asker, PostId::Request(new.post.id), CloseReason::Duplicate)
                    .await
                    .map(drop)
            }));
            for task in tasks {
                task.await.unwrap().unwrap();
            }
            assert_eq!(left_behind(&town).await, []);
        }
    });
}
